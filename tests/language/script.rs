//! A script, what the real program made of it, and what a test says of that.

use ipcscript::journal::{Begun, Event, Mismatch, Status, Taken, Verdict};
use std::fs;
use std::process::Command;

/// What came of a script.
pub struct Ended {
    code: i32,
    stderr: String,
    events: Vec<Event>,
}

/// Runs `script`, which other files may stand beside, with further arguments.
pub fn run_with(script: &str, beside: &[(&str, &str)], args: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in beside.iter().chain(&[("test.ipcs", script)]) {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    command.args(["run", "--report", "json", "test.ipcs"]).args(args).current_dir(folder.path());
    let output = command.output().expect("the program starts");
    let lines = String::from_utf8(output.stdout).expect("a journal is UTF-8");
    Ended {
        code: output.status.code().expect("the program exits"),
        stderr: String::from_utf8(output.stderr).expect("what it says is UTF-8"),
        events: lines.lines().map(|line| serde_json::from_str(line).expect("a line is an event")).collect(),
    }
}

/// Runs `script` alone.
pub fn run(script: &str) -> Ended {
    run_with(script, &[], &[])
}

/// Runs one scenario with these lines and the actors `a` and `b`.
pub fn run_lines(lines: &str) -> Ended {
    run(&format!("scenario \"lines\" {{\nactor a, b\n{lines}\n}}\n"))
}

impl Ended {
    /// Everything passed, nothing was skipped, and there was nothing to complain of. Gives the titles with their parameters.
    #[track_caller]
    pub fn passes(&self) -> Vec<&str> {
        assert!(self.events.iter().all(|event| !matches!(event, Event::Divergence(_))), "{:#?}", self.mismatch());
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        let titles: Vec<&str> = self.verdicts().map(|verdict| title(&verdict.id)).collect();
        assert!(!titles.is_empty() && self.verdicts().all(|verdict| verdict.status == Status::Passed));
        titles
    }

    /// One scenario diverged with `code` at `line` of the script, and `seen` is in what was seen.
    #[track_caller]
    pub fn diverges(&self, code: &str, line: usize, seen: &str) {
        let mismatch = self.mismatch().unwrap_or_else(|| panic!("no divergence: {}", self.stderr));
        assert_eq!((mismatch.code.as_str(), mismatch.line), (code, line), "{mismatch:#?}");
        assert!(mismatch.seen.contains(seen), "{mismatch:#?}");
        assert_eq!(self.code, 1);
    }

    /// The script has a mistake: nothing is run, and `message` says why.
    #[track_caller]
    pub fn is_refused(&self, message: &str) {
        assert_eq!((self.code, self.events.len()), (2, 0), "{}", self.stderr);
        // Wrapped text is one text.
        let said = self.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(message), "{}", self.stderr);
    }

    /// The first divergence.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        self.events.iter().find_map(|event| if let Event::Divergence(mismatch) = event { Some(mismatch) } else { None })
    }

    /// How the scenarios ended.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.events.iter().filter_map(|event| if let Event::Verdict(verdict) = event { Some(verdict) } else { None })
    }

    /// The steps that were taken.
    pub fn steps(&self) -> impl Iterator<Item = &Taken> {
        self.events.iter().filter_map(|event| if let Event::Step(taken) = event { Some(taken) } else { None })
    }

    /// The scenarios that began.
    pub fn begun(&self) -> impl Iterator<Item = &Begun> {
        self.events.iter().filter_map(|event| if let Event::Scenario(begun) = event { Some(begun) } else { None })
    }

    /// The exit code.
    pub fn code(&self) -> i32 {
        self.code
    }
}

/// The title in an id, with the parameters behind it.
fn title(id: &str) -> &str {
    id.split_once("::").map_or(id, |(_, title)| title)
}
