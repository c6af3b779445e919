//! The program as people and machines meet it: arguments in, text and exit codes out. Everything goes through the binary.

mod cli {
    mod beginning;
    mod blessing;
    pub mod program;
    mod report {
        mod figures;
        mod github;
        mod journals;
        mod junit;
        mod ktap;
        mod runs;
        mod tap;
        mod timings;
        mod tool;
        mod xsd;
    }
    pub mod schema;
    mod style;
    mod watching;
}

use cli::program::{Folder, ipcscript};
use cli::schema::{journal_schema, violations};
use ipcscript::journal::{
    Begun, Bound, Choice, Effects, End, Entry, Event, Kind, Mend, Mismatch, Object, Order, Orders, Place, Script, Status,
    Summary, Taken, Verdict,
};

const GOOD: &str = "\
## A pipe gives back what was put in.
scenario \"a pipe carries bytes\" {
    actor a

    a: [r, w] = pipe()
    a: write(w, \"hi\")   -> 2
    a: read(r, 2)       -> \"hi\"
}

scenario \"an empty pipe blocks its reader\" {
    actor a

    a: [r, w] = pipe()
    a: read(r, 1)       -> blocks
    a: stays blocked
}
";
const BROKEN: &str = "scenario \"broken\" {\n    actor a\n    a: pipe(\n}\n";

#[test]
fn usage_errors_exit_2_and_say_what_is_wrong() {
    let cases: [(&[&str], &str); 14] = [
        (&[], "Usage:"),
        (&["rnu"], "unrecognized subcommand 'rnu'"),
        (&["run", "--no-such"], "unexpected argument '--no-such'"),
        (&["run", "--shard", "0/3", "."], "parts are counted from 1"),
        (&["run", "--shard", "4/3", "."], "there are only 3 parts"),
        (&["run", "--jobs", "0", "."], "--jobs"),
        (&["run", "--repeat", "0", "."], "--repeat"),
        (&["run", "--report", "jsn", "."], "did you mean `json`?"),
        (&["run", "--report", "json=", "."], "the name of a file is missing"),
        (&["run", "--report", "jnit", "."], "did you mean `junit`?"),
        (&["run", "--report", "xml", "."], "there are `human`, `json`, `junit`, `tap`, `ktap`, `github`"),
        (&["report"], "<JOURNAL>..."),
        (&["report", "--report", "ktp", "a.json"], "did you mean `ktap`?"),
        (&["check"], "<PATH>..."),
    ];
    for (args, message) in cases {
        let out = ipcscript(args).run();
        assert_eq!(out.code, 2, "{args:?}: {out:?}");
        assert!(out.stderr.contains(message), "{args:?}: {}", out.stderr);
        assert_eq!(out.stdout, "", "{args:?}");
    }
}

#[test]
fn help_and_version_are_no_mistake() {
    for args in [&["--help"][..], &["--version"], &["run", "--help"], &["help", "list"]] {
        let out = ipcscript(args).run();
        assert_eq!((out.code, out.stderr.as_str()), (0, ""), "{args:?}");
        assert!(out.stdout.lines().all(|line| line.chars().count() <= 80), "{}", out.stdout);
    }
}

#[test]
fn two_reports_cannot_share_standard_output() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["run", "good.ipcs", "--report", "human", "--report", "json"]).inside(&folder).run();
    assert_eq!(out.code, 2, "{out:?}");
    assert!(out.stderr.contains("two reports cannot both go to standard output"), "{}", out.stderr);
}

#[test]
fn a_missing_file_is_named_with_the_one_that_was_meant() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    for command in ["run", "check", "list"] {
        let out = ipcscript(&[command, "god.ipcs", "nothing/like/it"]).inside(&folder).run();
        assert_eq!(out.code, 2, "{out:?}");
        assert!(out.stderr.contains("`god.ipcs` does not exist"), "{}", out.stderr);
        assert!(out.stderr.contains("did you mean `good.ipcs`?"), "{}", out.stderr);
        assert!(out.stderr.contains("`nothing/like/it` does not exist"), "{}", out.stderr);
        assert!(out.stderr.ends_with("2 errors\n"), "{}", out.stderr);
    }
}

#[test]
fn an_empty_folder_runs_nothing() {
    let folder = Folder::with(&[("empty/notes.txt", "no script"), ("empty/.hidden/good.ipcs", GOOD)]);
    let out = ipcscript(&["run", "empty"]).inside(&folder).run();
    assert_eq!(out.code, 4, "{out:?}");
    assert_eq!(out.stderr, "nothing was run: there is no `.ipcs` file in `empty`\n");
    let json = ipcscript(&["run", "empty", "--report", "json"]).inside(&folder).run();
    assert_eq!(json.stdout, "{\"event\":\"summary\",\"passed\":0,\"diverged\":0,\"skipped\":0,\"failed\":0}\n");
    assert_eq!(json.code, 4);
}

#[test]
fn the_mistakes_of_all_files_are_shown() {
    let folder = Folder::with(&[("a.ipcs", BROKEN), ("b/c.ipcs", BROKEN), ("good.ipcs", GOOD)]);
    for command in ["run", "check"] {
        let out = ipcscript(&[command, "."]).inside(&folder).run();
        assert_eq!((out.code, out.stdout.as_str()), (2, ""), "{out:?}");
        assert!(out.stderr.contains("[./a.ipcs:3:12]") && out.stderr.contains("[./b/c.ipcs:3:12]"), "{}", out.stderr);
        assert!(!out.stderr.contains("good.ipcs"), "{}", out.stderr);
    }
}

#[test]
fn texts_that_are_no_scripts_are_refused_at_their_place() {
    let folder = Folder::with(&[
        ("itself.ipcs", "include \"itself.ipcs\"\n"),
        ("one.ipcs", "# one\ninclude \"sub/two.ipcs\"\n"),
        ("sub/two.ipcs", "include \"../one.ipcs\"\n"),
        ("asks.ipcs", "const A = 1\ninclude \"sub/tow.ipcs\"\n"),
        ("folder.ipcs", "include \"sub\"\n"),
    ]);
    folder.write("bytes.ipcs", b"\xef\xbb\xbf# fine\n# caf\xe9\n");
    folder.write("large.ipcs", &vec![b'#'; (16 << 20) + 1]);
    let cases = [
        ("itself.ipcs", "include-loop", "[itself.ipcs:1:9]", "includes itself"),
        ("one.ipcs", "include-loop", "[sub/two.ipcs:1:9]", "through `sub/two.ipcs`"),
        ("asks.ipcs", "missing-include", "[asks.ipcs:2:9]", "`sub/two.ipcs`"),
        ("folder.ipcs", "not-a-file", "[folder.ipcs:1:9]", "is a folder"),
        ("bytes.ipcs", "not-utf8", "[bytes.ipcs:2:6]", "byte 15 of the file, 0xe9"),
        ("large.ipcs", "too-big", "`large.ipcs`", "more than 16 MiB"),
    ];
    for (file, code, place, words) in cases {
        let out = ipcscript(&["check", file]).inside(&folder).run();
        assert_eq!(out.code, 2, "{out:?}");
        assert!(out.stderr.starts_with(&format!("{code}\n")), "{}", out.stderr);
        assert!(out.stderr.contains(place) && out.stderr.contains(words), "{}", out.stderr);
        assert!(out.stderr.ends_with("1 error\n"), "{}", out.stderr);
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["check", "good.ipcs/inside.ipcs"]).inside(&folder).run();
    assert_eq!(out.code, 2, "{out:?}");
    assert!(out.stderr.contains("`good.ipcs/inside.ipcs` cannot be read: not a directory"), "{}", out.stderr);
}

#[test]
fn a_good_file_is_checked() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["check", "good.ipcs"]).inside(&folder).run();
    assert_eq!((out.code, out.stderr.as_str()), (0, ""));
    assert_eq!(out.stdout, "2 scenarios in 1 file: no mistake\n");
    let out = ipcscript(&["check", "-"]).reading(GOOD).run();
    assert_eq!((out.code, out.stdout.as_str()), (0, "2 scenarios in 1 file: no mistake\n"));
}

#[test]
fn scenarios_are_listed_in_the_order_of_paths_and_lines() {
    let folder = Folder::with(&[("b.ipcs", GOOD), ("a/z.ipcs", GOOD), ("lib.ipcs", "const A = 1\n")]);
    let out = ipcscript(&["list", "."]).inside(&folder).run();
    let ids = [
        "./a/z.ipcs::a pipe carries bytes",
        "./a/z.ipcs::an empty pipe blocks its reader",
        "./b.ipcs::a pipe carries bytes",
        "./b.ipcs::an empty pipe blocks its reader",
    ];
    assert_eq!(out.stdout, ids.join("\n") + "\n");
    assert_eq!(out.code, 0);
    let out = ipcscript(&["list", "--json", "b.ipcs"]).inside(&folder).run();
    let first: serde_json::Value = serde_json::from_str(out.stdout.lines().next().unwrap_or("")).expect("JSON");
    let expected = serde_json::json!({
        "id": "b.ipcs::a pipe carries bytes", "title": "a pipe carries bytes", "path": "b.ipcs", "line": 2,
        "docs": ["A pipe gives back what was put in."], "needs": [],
    });
    assert_eq!(first, expected);
}

#[test]
fn a_file_and_standard_input_run_without_a_subcommand() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["good.ipcs"]).inside(&folder).run();
    assert_eq!((out.code, out.stderr.as_str()), (0, ""), "{out:?}");
    assert!(out.stdout.starts_with("2 passed, 0 skipped, 0 diverged in "), "{}", out.stdout);
    let out = ipcscript(&["-", "--report", "json"]).reading(GOOD).run();
    assert!(out.stdout.starts_with(r#"{"event":"script","path":"-","text":"#), "{}", out.stdout);
    assert!(out.stdout.contains("\n{\"event\":\"scenario\",\"id\":\"-::a pipe carries bytes\""), "{}", out.stdout);
    let out = ipcscript(&["run"]).inside(&folder).run();
    assert_eq!(out.code, 0, "{out:?}");
}

#[test]
fn a_filter_that_nothing_meets_runs_nothing() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["run", "good.ipcs", "--filter", "no such title"]).inside(&folder).run();
    assert_eq!(out.code, 4, "{out:?}");
    assert!(out.stderr.contains("the filter `no such title` is in the id of none of 2"), "{}", out.stderr);
}

#[test]
fn parts_together_are_the_whole() {
    let folder = Folder::with(&[("good.ipcs", GOOD), ("more.ipcs", GOOD)]);
    let scenarios = |args: &[&str], job: &str| -> Vec<String> {
        let program = ipcscript(&[&["run", "--report", "json"], args, &["."]].concat()).with("JOB_COMPLETION_INDEX", job);
        let out = program.inside(&folder).run();
        out.stdout.lines().filter(|line| line.contains(r#""event":"scenario""#)).map(Into::into).collect()
    };
    let whole = scenarios(&[], "");
    assert_eq!(whole.len(), 4);
    let parts: Vec<String> = ["1/3", "2/3", "3/3"].iter().flat_map(|part| scenarios(&["--shard", part], "")).collect();
    assert_eq!(parts, whole);
    // The pods of a Kubernetes indexed Job are counted from 0.
    let pods: Vec<String> = ["0", "1", "2"].iter().flat_map(|job| scenarios(&["--shard", "auto/3"], job)).collect();
    assert_eq!(pods, whole);
}

#[test]
fn a_divergence_is_drawn_in_80_columns_without_colour() {
    let script = GOOD.replace("-> 2", "-> 3");
    let folder = Folder::with(&[("wrong.ipcs", &script)]);
    for (locale, frame) in [("C.UTF-8", "╭─[wrong.ipcs:6:28]"), ("C", ",-[wrong.ipcs:6:28]")] {
        let out = ipcscript(&["run", "wrong.ipcs"]).with("LC_ALL", locale).inside(&folder).run();
        assert_eq!(out.code, 1, "{out:?}");
        assert!(out.stdout.starts_with("diverged wrong.ipcs::a pipe carries bytes\n"), "{}", out.stdout);
        assert!(out.stdout.contains(frame), "{}", out.stdout);
        assert!(out.stdout.contains("\n1 passed, 0 skipped, 1 diverged in "), "{}", out.stdout);
        assert!(out.stdout.lines().all(|line| line.chars().count() <= 80), "{}", out.stdout);
        assert!(!out.stdout.contains('\x1b') && !out.stderr.contains('\x1b'), "{out:?}");
    }
}

#[test]
fn a_terminal_gets_colour_and_its_own_width_unless_it_asks_otherwise() {
    let long = format!("scenario \"broken\" {{\n    actor a\n    a: pipe(   # {}\n}}\n", "a long comment ".repeat(12));
    let folder = Folder::with(&[("broken.ipcs", &long)]);
    let check = || ipcscript(&["check", "broken.ipcs"]).inside(&folder).with("TERM", "xterm");
    for columns in [60, 100] {
        let (sent, code) = check().with("NO_COLOR", "1").run_on_terminal(columns);
        assert_eq!(code, 2, "{sent}");
        let widest = sent.lines().map(|line| line.trim_end().chars().count()).max();
        assert_eq!(widest, Some(columns.into()), "{sent}");
        assert!(!sent.contains('\x1b'), "{sent:?}");
    }
    let (sent, _) = check().run_on_terminal(80);
    assert!(sent.contains("\x1b[31m"), "{sent:?}");
    let (sent, _) = check().with("TERM", "dumb").run_on_terminal(80);
    assert!(!sent.contains('\x1b'), "{sent:?}");
}

#[test]
fn a_terminal_sees_progress_that_is_taken_back() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let run = || ipcscript(&["run", "good.ipcs"]).inside(&folder).with("NO_COLOR", "1");
    let (sent, code) = run().with("TERM", "xterm").run_on_terminal(80);
    assert_eq!(code, 0, "{sent}");
    assert!(sent.contains("\r[2/2] good.ipcs::an empty pipe blocks its reader\x1b[K"), "{sent:?}");
    let last = sent.rsplit("\r\x1b[K").next().unwrap_or("");
    assert!(last.starts_with("2 passed, 0 skipped, 0 diverged in "), "{sent:?}");
    let (sent, _) = run().with("TERM", "dumb").run_on_terminal(80);
    assert!(sent.starts_with("2 passed"), "{sent:?}");
}

#[test]
fn a_trace_shows_every_step() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["run", "--trace", "good.ipcs"]).inside(&folder).run();
    assert_eq!(out.code, 0, "{out:?}");
    let lines: Vec<&str> = out.stdout.lines().collect();
    assert_eq!(lines.first(), Some(&"good.ipcs::a pipe carries bytes"));
    assert!(lines.iter().any(|line| line.starts_with("    6  a:") && line.contains("write(w, \"hi\")")), "{}", out.stdout);
    assert!(lines.iter().any(|line| line.ends_with("-> blocks")), "{}", out.stdout);
}

/// Whose byte is read first depends on the order.
const ORDERS: &str = "\
scenario \"who writes first is read first\" {
    actor a
    a: [r, w] = pipe()
    a: b = fork()
    interleave {
        a: write(w, \"a\")
        a: first = read(r, 1)
        b: write(w, \"b\")
        b: second = read(r, 1)
    }
    expect always first == \"a\"
    expect sometimes second == \"a\"
}
";

#[test]
fn each_line_of_a_run_keeps_the_schema() {
    let wrong = GOOD.replace("-> \"hi\"", "-> \"ho\"");
    let folder = Folder::with(&[("good.ipcs", GOOD), ("orders.ipcs", ORDERS), ("wrong.ipcs", &wrong)]);
    let out = ipcscript(&["run", ".", "--report", "json", "--report", "human=said.txt"]).inside(&folder).run();
    assert_eq!(out.code, 1, "{out:?}");
    let schema = journal_schema();
    for line in out.stdout.lines() {
        let event = serde_json::from_str(line).expect("each line is JSON");
        assert_eq!(violations(&schema, &event), Vec::<String>::new(), "{line}");
    }
    for kind in ["script", "scenario", "step", "orders", "divergence", "verdict", "summary"] {
        assert!(out.stdout.contains(&format!("{{\"event\":\"{kind}\"")), "no {kind}: {}", out.stdout);
    }
    assert!(out.stdout.contains("\"order\":{\"schedule\":\"a1 b1 b2 a2\""), "{}", out.stdout);
    let said = folder.read("said.txt");
    for text in [
        "3 passed, 0 skipped, 2 diverged in ",
        "\n  in the order a1 b1 b2 a2 (1 preemption):",
        "      a ",
        "\n  first ",
        "\nscenario \"",
    ] {
        assert!(said.contains(text), "no {text:?}: {said}");
    }
}

#[test]
fn each_kind_of_event_keeps_the_schema_and_nothing_else_does() {
    let schema = journal_schema();
    let (id, path) = ("a.ipcs::t".to_owned(), "a.ipcs".to_owned());
    let labels = vec![Place { start: 0, end: 3, text: "here".into() }];
    let (code, message, expected, seen, script) = ("wrong-errno".into(), "m".into(), "ok".into(), "EPERM".into(), "text".into());
    let taken = |eventually| {
        let (actor, call, outcome) = ("a".into(), "pause()".into(), "ok".into());
        Taken { actor, call, line: 3, outcome, met: true, eventually, effects: None }
    };
    let step = |eventually| Event::Step(taken(eventually));
    let effects = Effects {
        binds: vec![Bound { name: "q".into(), kind: "msqid".into() }, Bound { name: "n".into(), kind: String::new() }],
        born: Some("b".into()),
        enters: vec![Entry { actor: "a".into(), namespaces: vec!["ipc#2".into()] }],
        makes: vec![Object { kind: "message queue".into(), name: "q".into(), namespace: "ipc#2".into() }],
        removes: vec![Object { kind: "semaphore".into(), name: String::new(), namespace: "mnt#1".into() }],
        uses: vec![1],
        closes: vec!["r".into()],
    };
    let steps = vec![taken(false), taken(true)];
    let order = Order { schedule: "a1 b1".into(), preemptions: 1, steps, script: "scenario".into() };
    let orders = |choice, of, end| {
        let kind = |example| Kind { values: vec![("total".into(), "2".into())], end, orders: 3, example };
        Event::Orders(Orders { run: 6, of, choice, outcomes: vec![kind(order.clone()), kind(Order::default())] })
    };
    let mut events = vec![
        Event::Scenario(Begun { id: id.clone(), title: "t".into(), path: path.clone(), line: 1 }),
        Event::Script(Script { path: path.clone(), text: "text".into() }),
        step(false),
        step(true),
        Event::Step(Taken { effects: Some(Box::new(effects)), ..taken(false) }),
        Event::Divergence(Mismatch {
            code,
            message,
            expected,
            seen,
            labels,
            why: None,
            help: None,
            path,
            line: 1,
            script,
            mend: Some(Mend { start: 40, end: 46, text: "EAGAIN".into() }),
            order: None,
        }),
        orders(Choice::All, None, End::Complete),
        orders(Choice::Reduction, Some(6), End::Deadlock),
        orders(Choice::Preemptions { most: 2 }, Some(u64::MAX), End::Diverged),
        orders(Choice::Sample { seed: 1 }, None, End::Complete),
        orders(Choice::Schedule, None, End::Complete),
        orders(Choice::Interrupted, None, End::Complete),
        Event::Verdict(Verdict { id: id.clone(), status: Status::Passed, reason: None }),
        Event::Verdict(Verdict { id, status: Status::Skipped, reason: Some("needs privileged".into()) }),
        Event::Summary(Summary::default()),
    ];
    if let Some(Event::Divergence(surprise)) = events.iter().find(|event| matches!(event, Event::Divergence(_))).cloned() {
        events.push(Event::Divergence(Mismatch { order: Some(Box::new(order.clone())), ..surprise }));
    }
    for event in events {
        let mut value = serde_json::to_value(&event).expect("events are JSON");
        assert_eq!(violations(&schema, &value), Vec::<String>::new(), "{value}");
        value["pid"] = 7.into();
        assert_ne!(violations(&schema, &value), Vec::<String>::new(), "{value}");
    }
    for wrong in [
        r#"{"event":"verdict","id":"a","status":"lost"}"#,
        r#"{"event":"summary","passed":-1}"#,
        r#"{"event":"orders","run":1,"choice":{"by":"sample"},"outcomes":[]}"#,
        "[]",
    ] {
        let value = serde_json::from_str(wrong).expect("JSON");
        assert_ne!(violations(&schema, &value), Vec::<String>::new(), "{wrong}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let many: String =
        (0..200).map(|n| GOOD.replace("carries", &format!("{n} carries")).replace("an empty", &format!("{n}"))).collect();
    let folder = Folder::with(&[("many.ipcs", &many)]);
    for args in [&["list", "many.ipcs"][..], &["run", "many.ipcs", "--report", "json"], &["run", "many.ipcs", "--trace"]] {
        let out = ipcscript(args).inside(&folder).run_unread();
        assert_eq!((out.code, out.stderr.as_str()), (141, ""), "{args:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_a_failure() {
    let folder = Folder::with(&[("good.ipcs", GOOD)]);
    let out = ipcscript(&["run", "good.ipcs", "--report", "json=no/such/folder.json"]).inside(&folder).run();
    assert_eq!(out.code, 2, "{out:?}");
    assert!(out.stderr.contains("the report `no/such/folder.json` cannot be written"), "{}", out.stderr);
    let out = ipcscript(&["run", "good.ipcs", "--report", "json=/dev/full"]).inside(&folder).run();
    assert_eq!(out.code, 3, "{out:?}");
    assert!(out.stderr.contains("a report could not be written"), "{}", out.stderr);
}

#[test]
fn doctor_lists_what_scripts_lack_for_people_and_for_programs() {
    let folder = Folder::with(&[("s.ipcs", "scenario \"s\" {\n    needs kernel >= 99\n    actor a\n    a: getpid()\n}\n")]);
    let out = ipcscript(&["doctor", "s.ipcs"]).inside(&folder).run();
    assert_eq!((out.code, out.stderr.as_str()), (0, ""), "{out:?}");
    assert!(out.stdout.contains("a world: built"), "{}", out.stdout);
    assert!(out.stdout.contains("s.ipcs::s: needs kernel >= 99: this is Linux"), "{}", out.stdout);
    let out = ipcscript(&["doctor", "--json", "s.ipcs"]).inside(&folder).run();
    let lines: Vec<serde_json::Value> = out.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().any(|line| line["event"] == "need" && line["need"] == "kernel >= 99"), "{}", out.stdout);
    assert_eq!(lines.last().map(|line| &line["worlds"]), Some(&serde_json::Value::Bool(true)), "{}", out.stdout);
}
