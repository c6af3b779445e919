//! `run --bless`: outcomes as they are seen, and nothing else.

use super::program::{Folder, ipcscript};
use ipcscript::syntax::ast::{Item, Statement};
use ipcscript::syntax::{parse, print};
use ipcscript::text::Source;

/// Bodies of scenarios, each wrong in some outcomes: all that a script can have there.
const DIVERGING: [(&str, &str, &str); 10] = [
    ("errno", "a: open(\"/none\", O_RDONLY)   -> EACCES  # why", "a: open(\"/none\", O_RDONLY)   -> ENOENT  # why"),
    ("missing", "a: close(77)", "a: close(77) -> EBADF"),
    (
        "success",
        "a: f = open(\"/proc/self/stat\", O_RDONLY)\na: close(f) -> EBADF",
        "a: f = open(\"/proc/self/stat\", O_RDONLY)\na: close(f) -> ok",
    ),
    (
        "blocks",
        "a: [r, w] = pipe()\na: read(r, 1) -> EAGAIN or \"\"\na: stays blocked",
        "a: [r, w] = pipe()\na: read(r, 1) -> blocks\na: stays blocked",
    ),
    (
        "several",
        "a: [r, w] = pipe()\na: write(w, \"a\\n\\\"\") -> 5\na: read(r, 9)    -> contains \"b\"\na: write(w, \"\")  -> > 0",
        "a: [r, w] = pipe()\na: write(w, \"a\\n\\\"\") -> 3\na: read(r, 9)    -> \"a\\n\\\"\"\na: write(w, \"\")  -> 0",
    ),
    (
        "record",
        "a: q = msgget(IPC_PRIVATE, 0o600)\na: msgsnd(q, {7, \"text\"})\na: msgrcv(q, 9) -> {\n    mtype: > 3, # kept\n    mtext: \"tex\",\n}",
        "a: q = msgget(IPC_PRIVATE, 0o600)\na: msgsnd(q, {7, \"text\"})\na: msgrcv(q, 9) -> {\n    mtype: > 3, # kept\n    mtext: \"text\",\n}",
    ),
    ("list", "a: mkdir(\"x\", 0o755)\na: ls(\".\") -> [\"y\", ..]", "a: mkdir(\"x\", 0o755)\na: ls(\".\") -> [\"x\"]"),
    (
        "end",
        "a: c = fork()\nc: abort() -> exits 0\na: waitpid(c)\n    -> {pid: c, status: exited(0)}",
        "a: c = fork()\nc: abort() -> dies SIGABRT\na: waitpid(c)\n    -> killed(SIGABRT)",
    ),
    (
        "resumption",
        "a: [r, w] = pipe()\na: c = fork()\nc: read(r, 9) -> blocks\na: write(w, \"x\")\nc: resumes -> \"y\"",
        "a: [r, w] = pipe()\na: c = fork()\nc: read(r, 9) -> blocks\na: write(w, \"x\")\nc: resumes -> \"x\"",
    ),
    (
        "expectation",
        "each n in [1, 2]\na: s = stat(\"/proc\")\nexpect s.st_nlink > 0 and n > 0\nexpect len(\"ab\" * 2) -> 5\na: stat(\"/proc\") -> {st_mode: S_IFREG | 0o555, st_ino: > 0}",
        "each n in [1, 2]\na: s = stat(\"/proc\")\nexpect s.st_nlink > 0 and n > 0\nexpect len(\"ab\" * 2) -> 4\na: stat(\"/proc\") -> {st_mode: 0o40555, st_ino: > 0}",
    ),
];

fn script(name: &str, body: &str) -> String {
    let (first, rest) = if body.starts_with("each ") { body.split_once('\n').expect("two lines") } else { ("", body) };
    format!("# About {name}.\n\nscenario \"{name}\" {{\n{first}\nactor a\n{rest}\n}}\n")
}

/// What a script says without its outcomes.
fn calls(text: &str) -> String {
    let (mut file, _) = parse(&Source::new("script", text), 0);
    for item in &mut file.items {
        let Item::Scenario(scenario) = item else { continue };
        for statement in &mut scenario.body {
            match statement {
                Statement::Step(step) => step.outcome = None,
                Statement::Expect(expect) => expect.outcome = None,
                _ => {}
            }
        }
    }
    print(&file)
}

#[test]
fn ten_diverging_scripts_get_their_outcomes_and_pass() {
    let files: Vec<(String, String)> =
        DIVERGING.iter().map(|(name, body, _)| (format!("{name}.ipcs"), script(name, body))).collect();
    let folder = Folder::with(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    let out = ipcscript(&["run", "--bless", "."]).inside(&folder).run();
    for ((name, _, body), (path, before)) in DIVERGING.iter().zip(&files) {
        let after = folder.read(path);
        assert_eq!(after, script(name, body), "{out:?}");
        assert_eq!(calls(before), calls(&after), "{name}");
        assert!(out.stderr.contains(&format!("--- ./{path}, as it is\n")), "{}", out.stderr);
        assert!(out.stderr.contains(&format!("written into `./{path}`\n")), "{}", out.stderr);
    }
    assert_eq!(out.code, 0, "{out:?}");
    assert!(out.stdout.starts_with("11 passed, 0 skipped, 0 diverged"), "{}", out.stdout);
    let again = ipcscript(&["run", "--bless", "."]).inside(&folder).run();
    assert_eq!((again.code, again.stderr.as_str()), (0, "nothing was blessed\n"));
}

#[test]
fn what_no_outcome_mends_is_told() {
    let body = "a: [r, w] = pipe()\na: c = fork()\nc: read(r, 9) -> EAGAIN\na: write(w, \"x\") -> 2\na: close(w)";
    let folder = Folder::with(&[("a.ipcs", &script("wakes", body))]);
    let out = ipcscript(&["run", "--bless", "a.ipcs"]).inside(&folder).run();
    assert_eq!(out.code, 1, "{out:?}");
    // The line that says `resumes` is the author's to write.
    let blessed = body.replace("EAGAIN", "blocks").replace("-> 2", "-> 1");
    assert_eq!(folder.read("a.ipcs"), script("wakes", &blessed));
    assert!(out.stderr.contains("2 outcomes written into `a.ipcs`\n"), "{}", out.stderr);
    assert!(out.stderr.contains("no other outcome mends 1 divergence that is left:"), "{}", out.stderr);
    assert!(out.stdout.contains("unannounced-resume"), "{}", out.stdout);
}

#[test]
fn an_outcome_that_is_not_the_same_each_time_is_left_alone() {
    for body in [
        "for i in 1..3 {\na: write(1, \"x\" * i) -> 9\n}",
        "each n in [1, 2]\na: write(1, \"x\" * n) -> 9",
        // -1 as an outcome is a mistake: it says nothing of which error.
        "expect 0 - 1 -> 9",
    ] {
        let text = script("same", body);
        let folder = Folder::with(&[("a.ipcs", &text)]);
        let out = ipcscript(&["run", "--bless", "a.ipcs"]).inside(&folder).run();
        assert_eq!(out.code, 1, "{out:?}");
        assert_eq!(folder.read("a.ipcs"), text, "{out:?}");
        assert!(out.stderr.starts_with("nothing was blessed\n"), "{}", out.stderr);
    }
}

#[test]
fn a_filter_keeps_other_scenarios_as_they_are() {
    let text = format!("{}{}", script("one", "a: close(77)"), script("two", "a: close(78)"));
    let folder = Folder::with(&[("a.ipcs", &text)]);
    let out = ipcscript(&["run", "--bless", "a.ipcs", "--filter", "two"]).inside(&folder).run();
    assert_eq!(out.code, 0, "{out:?}");
    assert_eq!(folder.read("a.ipcs"), text.replace("close(78)", "close(78) -> EBADF"));
}

#[test]
fn what_cannot_be_blessed_is_a_mistake() {
    let broken = "scenario \"x\" {\n    a: pipe(\n}\n";
    let folder = Folder::with(&[("broken.ipcs", broken)]);
    let out = ipcscript(&["run", "--bless", "broken.ipcs"]).inside(&folder).run();
    assert_eq!((out.code, folder.read("broken.ipcs").as_str()), (2, broken));
    let input = ipcscript(&["run", "--bless", "-"]).reading(&script("x", "a: close(77)")).run();
    assert_eq!(input.code, 2);
    assert!(input.stderr.contains("standard input cannot be blessed"), "{}", input.stderr);
}
