//! One run that has everything that a report may have to say, live and from its journal.

use crate::cli::program::{Ended, Folder, ipcscript};
use ipcscript::journal::{Begun, Event, Mismatch, Place, Status, Summary, Verdict};

/// What passes, diverges and is skipped, with titles that mean something to those who read reports.
const SCRIPTS: [(&str, &str); 3] = [
    (
        "odd & \"odd\"/titles.ipcs",
        r#"
scenario "ok 7 - # SKIP <b>nothing</b> & more" {
    each undo in [0, SEM_UNDO]
    actor a

    a: [r, w] = pipe()
    a: write(w, "hi")   -> 2
}

scenario "--- \\ ... 100% `code` | ::error::é 語" {
    actor a

    a: [r, w] = pipe()
    a: write(w, "]]> & <x>")            # 語
    a: read(r, 64)      -> "]]> & <y>"
}
"#,
    ),
    ("skips.ipcs", "scenario \"late\" {\n    needs kernel >= 99\n    actor a\n    a: getpid()\n}\n"),
    (
        "waits.ipcs",
        "scenario \"waits # for ever\" {\n    actor a\n    a: pause()\n}\n\nscenario \"fine\" {\n    actor a\n    a: getpid()\n}\n",
    ),
];
/// How many scenarios they are, and how they end.
pub const SUMS: Summary = Summary { passed: 3, diverged: 2, skipped: 1, failed: 0 };

/// A folder with the scripts.
pub fn folder() -> Folder {
    Folder::with(&SCRIPTS)
}

/// The report of a run in this format; the one of its journal is the same, byte for byte, and so is the exit code.
pub fn live_and_replayed(format: &str) -> String {
    let folder = folder();
    let run = ipcscript(&["run", ".", "--report", &format!("{format}=live"), "--report", "json=journal"]).inside(&folder).run();
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{run:?}");
    let live = folder.read("live");
    for journal in ["journal", "-"] {
        let replayed = ipcscript(&["report", journal, "--report", format]).reading(&folder.read("journal")).inside(&folder).run();
        assert_eq!((replayed.code, replayed.stderr.as_str()), (1, ""), "{replayed:?}");
        assert_eq!(replayed.stdout, live, "{journal}");
    }
    live
}

/// The report of these events.
pub fn replayed(format: &str, events: &[Event]) -> Ended {
    ipcscript(&["report", "-", "--report", format]).reading(&text(events)).run()
}

/// Events as a journal holds them.
pub fn text(events: &[Event]) -> String {
    events.iter().map(|event| serde_json::to_string(event).expect("events are JSON") + "\n").collect()
}

/// A scenario of a journal made by hand.
pub struct Made<'a> {
    pub path: &'a str,
    pub title: &'a str,
    pub line: usize,
    pub status: Status,
    pub reason: &'a str,
}

/// A journal made by hand: of runs that no kernel gives on demand.
pub fn journal(scenarios: &[Made]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut summary = Summary::default();
    for Made { path, title, line, status, reason } in scenarios {
        let id = format!("{path}::{title}");
        events.push(Event::Scenario(Begun { id: id.clone(), title: (*title).into(), path: (*path).into(), line: *line }));
        if *status == Status::Diverged {
            events.push(Event::Divergence(mismatch(path, *line, reason)));
        }
        summary.count(*status);
        let reason = (!reason.is_empty()).then(|| (*reason).to_owned());
        events.push(Event::Verdict(Verdict { id, status: *status, reason }));
    }
    events.push(Event::Summary(summary));
    events
}

fn mismatch(path: &str, line: usize, message: &str) -> Mismatch {
    let script = "\n".repeat(line - 1) + "a: pause()   -> EPERM\n";
    let start = script.find("EPERM").expect("it is there");
    Mismatch {
        code: "wrong-errno".into(),
        message: message.into(),
        expected: "EPERM".into(),
        seen: "EINTR".into(),
        labels: vec![Place { start, end: start + 5, text: "saw `EINTR`".into() }],
        why: None,
        help: None,
        path: path.into(),
        line,
        script,
        mend: None,
        order: None,
    }
}
