//! Scenarios with real root: the real program, on the real machine, which must be as before afterwards.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// One number for the whole machine, so that the tests take turns.
const LIMIT: &str = "/proc/sys/fs/pipe-max-size";
static TURN: Mutex<()> = Mutex::new(());

/// Whether this is root of the machine itself; elsewhere such scenarios are skipped, which `scenarios` tests.
fn is_root() -> bool {
    let all = fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]));
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("CapEff:")?.trim(), 16).ok());
    // Of CAP_SYS_ADMIN, number 21, a world is built.
    all && effective.is_some_and(|bits| bits & (1 << 21) != 0)
}

fn limit() -> String {
    fs::read_to_string(LIMIT).expect("/proc is mounted")
}

fn privileged(path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    command.args(["run", "--privileged"]).arg(path);
    command
}

/// A file with a scenario that changes the limit and then takes `step`.
fn changing(step: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".ipcs").tempfile().expect("a file");
    let lines = [
        "scenario \"changes a limit\" {",
        &format!("needs privileged \"{LIMIT}\""),
        "actor a",
        &format!("a: write_file(\"{LIMIT}\", \"65536\")"),
        &format!("a: cat(\"{LIMIT}\") -> \"65536\\n\""),
        step,
        "}",
    ];
    fs::write(file.path(), lines.join("\n") + "\n").expect("a script");
    file
}

#[test]
fn the_host_is_as_before_when_privileged_scenarios_have_ended() {
    let _turn = TURN.lock();
    if !is_root() {
        return;
    }
    let before = limit();
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/privileged");
    let diverging = changing("a: getpid() -> EPERM");
    for (path, code) in [(scenarios.as_path(), 0), (diverging.path(), 1)] {
        let output = privileged(path).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(limit(), before, "{}", path.display());
    }
}

#[test]
fn the_host_is_as_before_when_the_runner_was_killed() {
    let _turn = TURN.lock();
    if !is_root() {
        return;
    }
    let before = limit();
    let waiting = changing("a: sleep(60s)");
    let mut runner = privileged(waiting.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    // Each look is at the state itself; the machine decides how long it takes.
    while limit() == before {
        assert!(runner.try_wait().expect("our child").is_none(), "the runner has ended by itself");
        std::thread::yield_now();
    }
    runner.kill().expect("our child");
    runner.wait().expect("our child");
    while limit() != before {
        std::thread::yield_now();
    }
}

#[test]
fn who_is_not_root_is_told_so() {
    let script = changing("a: getpid()");
    let output =
        Command::new(env!("CARGO_BIN_EXE_ipcscript")).arg("run").arg(script.path()).output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(4), "{text}");
    assert!(text.contains("real root is refused without --privileged"), "{text}");
}
