//! Machines that forbid what a world is made of: the program says what is missing, why, and what to do, and exits with 3.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const SCRIPT: &str = "scenario \"nothing much\" {\n    actor a\n    a: getpid() -> a\n}\n";

/// Runs a script in namespaces of unshare(1) after `prepare`, a line of shell.
fn run_after(namespaces: &[&str], prepare: &str) -> std::io::Result<Output> {
    play_after(namespaces, prepare, "run -")
}

/// Starts the program with `words` in namespaces of unshare(1) after `prepare`.
fn play_after(namespaces: &[&str], prepare: &str, words: &str) -> std::io::Result<Output> {
    let shell = format!("{prepare} && exec \"$0\" {words}");
    let mut child = Command::new("unshare")
        .args(namespaces)
        .args(["sh", "-c", &shell, env!("CARGO_BIN_EXE_ipcscript")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(SCRIPT.as_bytes())?;
    }
    child.wait_with_output()
}

fn is_refused(output: &Output, cause: &str, remedy: &str) {
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(text.contains(cause), "no `{cause}` in: {text}");
    assert!(text.contains(remedy), "no `{remedy}` in: {text}");
    assert!(text.contains("1 failed"), "{text}");
}

#[test]
fn no_user_namespace_is_left() -> std::io::Result<()> {
    let output = run_after(&["-U", "-r"], "echo 0 > /proc/sys/user/max_user_namespaces")?;
    is_refused(&output, "user.max_user_namespaces is 0", "sysctl user.max_user_namespaces=");
    Ok(())
}

#[test]
fn a_masked_proc_allows_no_fresh_one() -> std::io::Result<()> {
    let mask = "mount -t proc proc /proc && mount -t tmpfs tmpfs /proc/sys/kernel";
    let output = run_after(&["-U", "-r", "-m", "-p", "-f"], mask)?;
    is_refused(&output, "mount proc: EPERM", "systempaths=unconfined");
    Ok(())
}

#[test]
fn root_of_a_user_namespace_with_one_id_is_enough() -> std::io::Result<()> {
    let output = run_after(&["-U", "-r"], "true")?;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    Ok(())
}

#[test]
fn doctor_tells_what_forbids_a_world_and_what_to_do() -> std::io::Result<()> {
    let output = play_after(&["-U", "-r"], "echo 0 > /proc/sys/user/max_user_namespaces", "doctor")?;
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(text.contains("user namespace: clone(2): ENOSPC"), "{text}");
    assert!(text.contains("`sysctl user.max_user_namespaces=10000`"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    Ok(())
}
