//! Files that no student writes, and that a program meets all the same: each gets a clear error, exit code 2, and no second of silence.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// No answer takes longer, on a slow machine under load and without optimisation either.
const PATIENCE: Duration = Duration::from_secs(20);
/// No answer is longer, in bytes.
const MOST: usize = 200_000;

/// A folder with `bytes` in `bad.ipcs`.
fn folder(bytes: impl AsRef<[u8]>) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("bad.ipcs"), bytes).expect("a file");
    folder
}

/// Runs the program in `folder`, held to its time.
fn program(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    command.args(args).current_dir(folder).env("LC_ALL", "C.UTF-8").env_remove("COLUMNS").stdin(Stdio::null());
    let began = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    let (told, ended) = std::sync::mpsc::channel::<()>();
    // It is ended when it overstays, so that a hang is a failure and no hang.
    let guard = std::thread::spawn(move || {
        if ended.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
        }
    });
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut errors = child.stderr.take().expect("standard error");
    let reader = std::thread::spawn(move || std::io::Read::read_to_end(&mut errors, &mut stderr).map(|_| stderr));
    std::io::Read::read_to_end(&mut child.stdout.take().expect("standard output"), &mut stdout).expect("it can be read");
    let stderr = reader.join().expect("the reader ends").expect("it can be read");
    let status = child.wait().expect("it ends");
    let _ = told.send(());
    guard.join().expect("the guard ends");
    assert!(began.elapsed() < PATIENCE, "{args:?} took {:?}", began.elapsed());
    Output { status, stdout, stderr }
}

/// Runs `check` on a script of `bytes`, and asserts an error with each of `words` in what is said.
fn refused(bytes: impl AsRef<[u8]>, words: &[&str]) -> String {
    refused_in(folder(bytes).path(), "bad.ipcs", words)
}

fn refused_in(folder: &Path, path: &str, words: &[&str]) -> String {
    let mut all = String::new();
    for command in ["check", "run", "list"] {
        let output = program(folder, &[command, path]);
        let said = String::from_utf8(output.stderr).expect("what is said is UTF-8");
        assert_eq!(output.status.code(), Some(2), "{command} {path}: {}", &said[..said.len().min(2000)]);
        for word in words {
            assert!(said.contains(word), "no `{word}` in what {command} says: {}", &said[..said.len().min(4000)]);
        }
        assert!(said.len() < MOST, "{command} says {} bytes", said.len());
        assert!(!said.contains('\0'), "a control character reaches the terminal");
        assert!(!said.contains("panicked"), "{said}");
        all = said;
    }
    all
}

/// Runs `check` on a script of `bytes`, and asserts that it has no mistake.
fn accepted(bytes: impl AsRef<[u8]>) {
    let folder = folder(bytes);
    let output = program(folder.path(), &["check", "bad.ipcs"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

fn scenario(lines: &str) -> String {
    format!("scenario \"test\" {{\n    actor a\n    {lines}\n}}\n")
}

#[test]
fn ten_thousand_brackets() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        let nested = format!("a: exit({}1{})", open.repeat(10_000), close.repeat(10_000));
        refused(scenario(&nested), &["nested-too-deep", "bad.ipcs:3:"]);
        refused(scenario(&format!("a: exit({}", open.repeat(10_000))), &["bad.ipcs:3:"]);
        refused(scenario(&format!("a: exit({}", close.repeat(10_000))), &["bad.ipcs:3:"]);
    }
    refused(open_and_close("(["), &["bad.ipcs:1:"]);
    refused(
        scenario(&format!("{}a: getpid(){}", "if privileged {\n".repeat(10_000), "\n}".repeat(10_000))),
        &["nested-too-deep"],
    );
    refused(scenario(&format!("a: exit({}1)", "-".repeat(10_000))), &["too-many-operators"]);
    refused(scenario(&format!("if {}privileged {{ a: getpid() }}", "not ".repeat(10_000))), &["bad.ipcs:3:"]);
    refused(scenario(&format!("a: signal(SIGINT, {}{})", "do { ".repeat(10_000), "} ".repeat(10_000))), &["bad.ipcs:3:"]);
}

fn open_and_close(pair: &str) -> String {
    pair.repeat(5_000)
}

#[test]
fn a_line_of_a_megabyte() {
    refused("x".repeat(1 << 20), &["bad.ipcs:1:1"]);
    refused(scenario(&format!("a: write(1, \"{}\")", "x".repeat(1 << 20))), &["statement-too-long"]);
    refused(scenario(&format!("a: exit({}1)", "1 + ".repeat(60_000))), &["too-many-operators"]);
    refused(scenario(&format!("a: {}()", "n".repeat(1 << 17))), &["unknown-call"]);
    refused(scenario(&"a: f(1, ".repeat(100_000)), &["bad.ipcs:3:"]);
    refused(" ".repeat(1 << 20) + "senario", &["unknown-item"]);
    accepted(scenario(&format!("a: getpid() # {}", "x".repeat(1 << 20))));
    accepted(format!("{}\n", " ".repeat(1 << 20)) + &scenario("a: getpid()"));
}

#[test]
fn what_is_no_text() {
    refused(scenario("a: write(1, \"\0\")"), &["nul-byte", "bad.ipcs:3:18"]);
    refused("\0".repeat(1 << 16), &["nul-byte", "bad.ipcs:1:1"]);
    refused(b"scenario \"caf\xe9\" { }\n", &["not-utf8", "bad.ipcs:1:14"]);
    refused(fs::read(env!("CARGO_BIN_EXE_ipcscript")).expect("the program can be read"), &["bad.ipcs"]);
    let noise: Vec<u8> = (0u32..1 << 16).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    refused(noise, &["not-utf8"]);
    refused("scenario \"x\" {\r    actor a\r}\r", &["lone-carriage-return"]);
    refused(scenario("\u{1b}[31ma: getpid()"), &["bad.ipcs:3:"]);
}

#[test]
fn line_ends_tabs_and_a_byte_order_mark_are_fine() {
    let script = scenario("a: x = getpid()\n    expect x > 1");
    accepted(&script);
    accepted(script.replace('\n', "\r\n"));
    accepted(script.replace("    ", "\t"));
    accepted(format!("\u{feff}{script}"));
    accepted(script.trim_end());
    // The place of a mistake is the same, whatever the lines end with.
    let wrong = scenario("a: getpd()");
    for text in [wrong.clone(), wrong.replace('\n', "\r\n"), format!("\u{feff}{wrong}")] {
        refused(text, &["bad.ipcs:3:8", "did you mean `getpid`?"]);
    }
}

#[test]
fn an_empty_file_runs_nothing() {
    for text in ["", "\n\n", "# nothing\n", "\u{feff}"] {
        let folder = folder(text);
        let output = program(folder.path(), &["run", "bad.ipcs"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains("nothing was run"), "{said}");
    }
}

#[test]
fn what_is_no_regular_file() {
    let folder = folder("");
    let at = |name: &str| folder.path().join(name);
    nix::unistd::mkfifo(&at("fifo"), nix::sys::stat::Mode::from_bits_truncate(0o600)).expect("a FIFO");
    let socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    symlink("circle", at("circle")).expect("a link");
    symlink("nowhere", at("dangling")).expect("a link");
    fs::create_dir(at("folder.ipcs")).expect("a folder");
    for (path, words) in [
        ("fifo", &["not-a-file", "`fifo` is a FIFO", "`-`"][..]),
        ("socket", &["not-a-file", "a socket"]),
        ("/dev/zero", &["not-a-file", "`/dev/zero` is a device"]),
        ("/dev/full", &["not-a-file"]),
        ("circle", &["unreadable-file", "symbolic links"]),
        ("dangling", &["missing-file"]),
        ("nowhere.ipcs", &["missing-file"]),
        ("bad.ipcs/below", &["unreadable-file", "not a directory"]),
        (&"n".repeat(5_000), &["unreadable-file", "too long"]),
    ] {
        refused_in(folder.path(), path, words);
    }
    drop(socket);
    // A folder is searched, and what in it is no regular file is passed over.
    let output = program(folder.path(), &["run", "folder.ipcs"]);
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_may_not_be_read() {
    let folder = folder("");
    fs::set_permissions(folder.path().join("bad.ipcs"), fs::Permissions::from_mode(0o000)).expect("it is ours");
    // Root may read everything: only where the file is closed to us is there something to see.
    if fs::read(folder.path().join("bad.ipcs")).is_err() {
        refused_in(folder.path(), "bad.ipcs", &["unreadable-file", "may not be read", "ls -ld"]);
    }
}

#[test]
fn includes_that_lead_nowhere() {
    let include = |path: &str| folder(format!("include \"{path}\"\n\n{}", scenario("a: getpid()")));
    let said = |folder: &TempDir, words: &[&str]| refused_in(folder.path(), "bad.ipcs", words);
    said(&include("nowhere.ipcs"), &["missing-include", "bad.ipcs:1:9"]);
    said(&include("bad.ipcs"), &["include-loop", "`bad.ipcs` includes itself"]);
    said(&include("."), &["not-a-file", "a folder"]);
    said(&include("/dev/zero"), &["not-a-file", "a device", "bad.ipcs:1:9"]);
    let fifo = include("fifo");
    nix::unistd::mkfifo(&fifo.path().join("fifo"), nix::sys::stat::Mode::from_bits_truncate(0o600)).expect("a FIFO");
    said(&fifo, &["not-a-file", "a FIFO"]);
    let circle = include("b.ipcs");
    fs::write(circle.path().join("b.ipcs"), "include \"c.ipcs\"\n").expect("a file");
    fs::write(circle.path().join("c.ipcs"), "include \"./bad.ipcs\"\n").expect("a file");
    said(&circle, &["include-loop", "`bad.ipcs` includes itself through `b.ipcs`, `c.ipcs`"]);
    let binary = include("b.ipcs");
    fs::write(binary.path().join("b.ipcs"), b"\xff\xfe\x00").expect("a file");
    said(&binary, &["not-utf8", "b.ipcs"]);
}

#[test]
fn a_long_chain_of_includes() {
    let folder = folder("include \"0.ipcs\"\n\n".to_owned() + &scenario("a: getpid()"));
    for number in 0..2_000 {
        let next = if number < 1_999 { format!("include \"{}.ipcs\"\n", number + 1) } else { "const END = 1\n".into() };
        fs::write(folder.path().join(format!("{number}.ipcs")), next).expect("a file");
    }
    let output = program(folder.path(), &["check", "bad.ipcs"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 2)), "{:?}: {said}", output.status);
}

#[test]
fn a_hundred_mistakes() {
    let lines: Vec<String> = (0..100).map(|number| format!("a: semop(nobody{number}, [{{0, -1, 0}}])")).collect();
    let said = refused(scenario(&lines.join("\n    ")), &["unknown name `nobody0`", "unknown name `nobody99`", "100 errors"]);
    assert_eq!(said.matches("unknown-name").count(), 100, "each is reported");
    let lines: Vec<String> = (0..100).map(|number| format!("a: exit({number};")).collect();
    let said = refused(scenario(&lines.join("\n    ")), &["bad.ipcs:3:", "bad.ipcs:102:"]);
    assert!(said.contains("100 errors"), "{}", said.lines().last().unwrap_or_default());
}

#[test]
fn a_thousand_mistakes() {
    let lines: Vec<String> = (0..1_000).map(|number| format!("a: semop(nobody{number}, [{{0, -1, 0}}])")).collect();
    let said = refused(scenario(&lines.join("\n")), &["unknown name `nobody0`"]);
    assert!(said.contains(" more of this file"), "what is not shown is counted: {}", said.lines().last().unwrap_or_default());
}
