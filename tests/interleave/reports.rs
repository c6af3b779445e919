//! The report does not depend on how many run side by side, nor on who runs it.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is compared: the race, with a claim that is false in it, and a sample of the orders of locks taken in opposite order.
const RUNS: [&[&str]; 4] = [
    &["race.ipcs", "--filter", "two increments"],
    &["false.ipcs"],
    &["race.ipcs", "--filter", "two locks", "--max-schedules", "20", "--seed", "7", "--no-reduction"],
    &["files.ipcs"],
];
const NOBODY: u32 = 65534;

/// `REPORTS=n` makes n comparisons.
#[test]
fn the_report_is_the_same_for_any_number_of_jobs() {
    let folder = tempfile::tempdir().expect("a folder");
    let race = include_str!("race.ipcs");
    let wrong = race.replace("expect never total == 0", "expect total == 2").replace("expect sometimes deadlock", "");
    let binary = Path::new(env!("CARGO_BIN_EXE_ipcscript"));
    open(folder.path());
    std::fs::copy(binary, folder.path().join("ipcscript")).expect("a copy");
    open(&folder.path().join("ipcscript"));
    for (name, text) in [("race.ipcs", race), ("false.ipcs", &wrong), ("files.ipcs", FILES)] {
        std::fs::write(folder.path().join(name), text).expect("a file");
        open(&folder.path().join(name));
    }
    let count = std::env::var("REPORTS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let users: &[Option<u32>] = if can_be_nobody() { &[None, Some(NOBODY)] } else { &[None] };
    let first: Vec<String> = RUNS.iter().map(|words| report(folder.path(), words, "1", None)).collect();
    assert!(first.iter().all(|report| report.contains("\"event\":\"orders\"")), "{first:?}");
    for turn in 0..count {
        let place = turn % RUNS.len();
        let jobs = ["2", "3", "4", "1"][(turn / RUNS.len() + turn) % 4];
        let user = users[turn / 2 % users.len()];
        let again = report(folder.path(), RUNS[place], jobs, user);
        assert_eq!(again, first[place], "turn {turn}: {:?} with {jobs} jobs by {user:?}", RUNS[place]);
    }
}

const FILES: &str = r#"
scenario "who creates it" {
    actor a, b, c
    interleave {
        a: x = open("f", O_CREAT | O_EXCL | O_RDWR, 0o600) -> _ or EEXIST
        b: y = open("f", O_CREAT | O_EXCL | O_RDWR, 0o600) -> _ or EEXIST
        c: z = unlink("f") -> _ or ENOENT
        c: left = ls(".")
    }
    expect sometimes x == 3 and y == 3
    expect never z == 0 and left == ["f"]
}
"#;

fn report(folder: &Path, words: &[&str], jobs: &str, user: Option<u32>) -> String {
    let mut command = Command::new(folder.join("ipcscript"));
    command.arg("run").args(words).args(["--report", "json", "--jobs", jobs]).current_dir(folder).stdin(Stdio::null());
    if let Some(user) = user {
        command.uid(user).gid(user).env("TMPDIR", "/tmp");
    }
    String::from_utf8(command.output().expect("the program starts").stdout).expect("a report is text")
}

fn open(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}

/// Whether runs can be started as an ordinary user.
fn can_be_nobody() -> bool {
    // SAFETY: geteuid(2) only reads.
    let root = unsafe { libc::geteuid() } == 0;
    let says = |path: &str, forbidden: &str| std::fs::read_to_string(path).is_ok_and(|text| text.trim() == forbidden);
    let forbidden = says("/proc/sys/kernel/unprivileged_userns_clone", "0")
        || says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")
        || says("/proc/sys/user/max_user_namespaces", "0");
    root && !forbidden
}
