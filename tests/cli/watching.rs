//! `run --watch`: again after each change, until a signal comes.

use super::program::Folder;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

/// The program, watching.
struct Watching {
    child: Child,
    errors: BufReader<ChildStderr>,
    output: Option<ChildStdout>,
}

impl Watching {
    fn start(folder: &Folder, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
        command.args(args).current_dir(folder.place()).env("LC_ALL", "C.UTF-8");
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let errors = BufReader::new(child.stderr.take().expect("it has a standard error"));
        let output = child.stdout.take();
        Self { child, errors, output }
    }

    /// What it says on standard error until it waits for the next change, that line included.
    fn until_it_waits(&mut self) -> String {
        let mut said = String::new();
        while !said.lines().last().is_some_and(|line| line.starts_with("watching ")) {
            assert_ne!(self.errors.read_line(&mut said).expect("it writes UTF-8"), 0, "it ended: {said}");
        }
        said
    }

    /// Ends it as Ctrl-C does, and gives its standard output.
    fn interrupt(mut self) -> String {
        kill(Pid::from_raw(i32::try_from(self.child.id()).expect("a pid")), Signal::SIGINT).expect("it is there");
        let status = self.child.wait().expect("it ends");
        assert_eq!(status.signal(), Some(libc::SIGINT), "{status:?}");
        let mut output = String::new();
        self.output.take().expect("it has a standard output").read_to_string(&mut output).expect("UTF-8");
        output
    }
}

fn script(outcome: &str) -> String {
    format!("scenario \"x\" {{\n    actor a\n    a: close(77) -> {outcome}\n}}\n")
}

fn changes_are_run(how: &str) {
    let folder = Folder::with(&[("a.ipcs", &script("EINVAL")), ("b/c.ipcs", &script("EBADF"))]);
    let mut watching = Watching::start(&folder, &["run", how, "a.ipcs", "b"]);
    assert_eq!(watching.until_it_waits(), "watching 2 files\n");
    // A mistake: what diverged before it stays in view.
    folder.write("a.ipcs", b"scenario \"x\" {\n    a: close(\n}\n");
    let said = watching.until_it_waits();
    assert!(said.contains("unclosed-bracket") && said.contains("before that, this diverged:\n"), "{said}");
    assert!(said.contains("`close` failed with `EBADF` where `EINVAL` was expected"), "{said}");
    // As editors write: another file that takes the name.
    folder.write("new", script("EBADF").as_bytes());
    std::fs::rename(folder.place().join("new"), folder.place().join("a.ipcs")).expect("it is renamed");
    assert_eq!(watching.until_it_waits(), "watching 2 files\n");
    // A new script in a folder that is watched.
    folder.write("b/d.ipcs", script("EBADF").as_bytes());
    assert_eq!(watching.until_it_waits(), "watching 3 files\n");
    let output = watching.interrupt();
    let sums: Vec<&str> = output
        .lines()
        .filter_map(|line| line.split_once(" in ").map(|(sums, _)| sums))
        .filter(|sums| sums.ends_with("diverged"))
        .collect();
    assert_eq!(
        sums,
        ["1 passed, 0 skipped, 1 diverged", "2 passed, 0 skipped, 0 diverged", "3 passed, 0 skipped, 0 diverged"],
        "{output}"
    );
    assert!(!output.contains('\x1b'), "only a terminal is cleared: {output}");
}

#[test]
fn changes_that_the_kernel_tells_of_are_run() {
    changes_are_run("--watch");
}

#[test]
fn changes_that_only_the_time_of_a_file_shows_are_run() {
    changes_are_run("--watch=poll");
}

#[test]
fn an_included_file_is_watched_too() {
    let text = "include \"../shared/values.ipcs\"\nscenario \"x\" {\n    actor a\n    a: close(FD) -> EBADF\n}\n";
    let folder = Folder::with(&[("in/a.ipcs", text), ("shared/values.ipcs", "const FD = 77\n")]);
    let mut watching = Watching::start(&folder, &["run", "--watch", "in/a.ipcs", "--filter", "x"]);
    assert_eq!(watching.until_it_waits(), "watching 2 files\n");
    folder.write("shared/values.ipcs", b"const FD = 78 + 0\n");
    assert_eq!(watching.until_it_waits(), "watching 2 files\n");
    assert_eq!(watching.interrupt().matches("1 passed").count(), 2);
}

#[test]
fn standard_input_cannot_be_watched() {
    let out = super::program::ipcscript(&["run", "--watch", "-"]).run();
    assert_eq!(out.code, 2);
    assert!(out.stderr.contains("standard input cannot be watched"), "{}", out.stderr);
}
