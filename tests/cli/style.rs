//! The one style of scripts: what it makes of each construct. That it keeps the tree of every script, `round_trip` shows.

use super::program::{Folder, ipcscript};
use ipcscript::syntax::format;
use ipcscript::text::Source;

/// A script as nobody should write it, and the same in the one style.
const UGLY: &str = include_str!("style/ugly.txt");
const FAIR: &str = include_str!("style/fair.txt");

fn formatted(text: &str) -> String {
    format(&Source::new("text.ipcs", text)).expect("a script without mistakes")
}

/// `lines` of a scenario, formatted.
fn body(lines: &str) -> String {
    let text = formatted(&format!("scenario \"x\" {{\n{lines}\n}}\n"));
    let inner = text.strip_prefix("scenario \"x\" {\n").and_then(|text| text.strip_suffix("}\n")).expect("a scenario");
    inner.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

#[test]
fn every_construct_gets_its_style() {
    assert_eq!(formatted(UGLY), FAIR);
    assert_eq!(formatted(FAIR), FAIR);
}

#[test]
fn carriage_returns_tabs_and_a_mark_go() {
    assert_eq!(
        formatted("\u{feff}const  A=1\r\n\r\n\r\n\r\nconst\tB =  \"\t\"  # why \t\r\n"),
        "const A = 1\n\nconst B = \"\t\"   # why\n"
    );
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\n\n# alone"), "# alone\n");
}

#[test]
fn signs_are_no_operators() {
    let cases = [
        ("a: kill( - 1,+ SIGTERM)", "a: kill(-1, +SIGTERM)"),
        ("a: f(1-1, ~ 0|x , 2- -1)", "a: f(1 - 1, ~0 | x, 2 - -1)"),
        ("a: f(x)->!= - 1", "a: f(x)                             -> != -1"),
        ("a: f(x) -> 1 .. len( x )-1", "a: f(x)                             -> 1..len(x) - 1"),
        ("a: f(x) -> [ 1,.. ]", "a: f(x)                             -> [1, ..]"),
        ("needs sysctl fs.pipe-max-size>=1M", "needs sysctl fs.pipe-max-size >= 1M"),
        ("needs kernel>=5.10", "needs kernel >= 5.10"),
        ("a : f( do{write(1,\"x\")} , do { } )", "a: f(do { write(1, \"x\") }, do { })"),
        ("for i in[1,2]{ }", "for i in [1, 2] { }"),
        ("if not(kernel<5.9)and(privileged) { a: f() }", "if not (kernel < 5.9) and (privileged) { a: f() }"),
    ];
    for (ugly, fair) in cases {
        assert_eq!(body(ugly), format!("{fair}\n"), "{ugly}");
    }
}

#[test]
fn one_long_line_does_not_push_the_others_away() {
    let long = format!("a: mkdir(\"{}\", 0o755) -> EEXIST", "x".repeat(60));
    let lines = format!("a: getpid() -> 1\n{long}\nbb: getpid() -> 2");
    let names = format!(
        "a:  getpid()                        -> 1\n{}\nbb: getpid()                        -> 2\n",
        long.replace("a: ", "a:  ")
    );
    assert_eq!(body(&lines), names);
}

#[test]
fn what_is_too_long_is_broken() {
    let list = (0..40).map(|number| format!("{number}")).collect::<Vec<_>>().join(", ");
    let text = body(&format!("a: writev(1, [{list}])"));
    assert!(text.lines().all(|line| line.len() <= 116), "{text}");
    assert!(text.starts_with("a: writev(1, [\n    0, 1, 2, ") && text.ends_with(", 39,\n])\n"), "{text}");
    let outcome = body(&format!("a: cat(\"{}\") -> \"{}\"", "p".repeat(50), "y".repeat(70)));
    assert_eq!(outcome, format!("a: cat(\"{}\")\n    -> \"{}\"\n", "p".repeat(50), "y".repeat(70)));
    // What cannot be broken stays whole.
    let whole = format!("a: cat(\"{}\")\n", "p".repeat(150));
    assert_eq!(body(&whole), format!("a: cat(\n    \"{}\",\n)\n", "p".repeat(150)));
}

#[test]
fn a_file_is_written_only_where_it_changes() {
    let folder = Folder::with(&[("a/ugly.ipcs", UGLY), ("a/fair.ipcs", FAIR), ("other.txt", UGLY)]);
    let check = ipcscript(&["fmt", "--check", "."]).inside(&folder).run();
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.stdout.starts_with("./a/ugly.ipcs\n--- ./a/ugly.ipcs, as it is\n"), "{}", check.stdout);
    assert!(check.stdout.contains("\n-actor   a ,b\n") && check.stdout.ends_with(" more lines)\n"), "{}", check.stdout);
    assert_eq!(check.stderr, "1 of 2 scripts would change; `ipcscript fmt` writes what the diff shows\n");
    assert_eq!(folder.read("a/ugly.ipcs"), UGLY);
    let written = ipcscript(&["fmt", "a"]).inside(&folder).run();
    assert_eq!((written.code, written.stdout.as_str(), written.stderr.as_str()), (0, "a/ugly.ipcs\n", ""));
    assert_eq!(folder.read("a/ugly.ipcs"), FAIR);
    assert_eq!(folder.read("other.txt"), UGLY);
    let again = ipcscript(&["fmt", "--check", "a"]).inside(&folder).run();
    assert_eq!((again.code, again.stdout.as_str(), again.stderr.as_str()), (0, "", ""));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let out = ipcscript(&["fmt", "-"]).reading(UGLY).run();
    assert_eq!((out.code, out.stdout.as_str(), out.stderr.as_str()), (0, FAIR, ""));
    let same = ipcscript(&["fmt", "-"]).reading(FAIR).run();
    assert_eq!((same.code, same.stdout.as_str()), (0, FAIR));
}

#[test]
fn a_script_with_mistakes_is_left_alone() {
    let broken = "scenario \"x\" {\n  a: pipe(\n}\n";
    let folder = Folder::with(&[("broken.ipcs", broken), ("ugly.ipcs", "const   A = 1\n")]);
    let out = ipcscript(&["fmt", "broken.ipcs", "ugly.ipcs"]).inside(&folder).run();
    assert_eq!((out.code, out.stdout.as_str()), (2, "ugly.ipcs\n"), "{out:?}");
    assert!(out.stderr.contains("unclosed-bracket") && out.stderr.ends_with("1 error\n"), "{}", out.stderr);
    assert_eq!(folder.read("broken.ipcs"), broken);
    assert_eq!(folder.read("ugly.ipcs"), "const A = 1\n");
    let none = ipcscript(&["fmt", "-"]).reading(broken).run();
    assert_eq!((none.code, none.stdout.as_str()), (2, ""), "{none:?}");
}

#[test]
fn the_journal_of_a_formatted_script_is_the_same() {
    let folder = Folder::with(&[("ugly.ipcs", UGLY)]);
    let journal = || {
        let out = ipcscript(&["run", "ugly.ipcs", "--report", "json"]).inside(&folder).run();
        assert_eq!(out.code, 0, "{out:?}");
        let line = regex::Regex::new(r#""line":\d+"#).expect("an expression");
        // A call broken over several lines is the same call.
        let blanks = regex::Regex::new(r"(\\n|\s)+|,(\\n|\s)*([\])}])").expect("an expression");
        // The text of the script is what was to change.
        let events: String = out.stdout.lines().filter(|line| !line.starts_with("{\"event\":\"script\"")).collect();
        blanks.replace_all(&line.replace_all(&events, ""), "$3").into_owned()
    };
    let before = journal();
    assert_eq!(ipcscript(&["fmt", "ugly.ipcs"]).inside(&folder).run().code, 0);
    assert_eq!(folder.read("ugly.ipcs"), FAIR);
    assert_eq!(journal(), before);
}
