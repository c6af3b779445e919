//! Commands of a page, run by a shell as a reader would type them.

use std::path::Path;
use std::process::Command;

/// What of the environment of this run must not reach the page.
const ELSEWHERE: [&str; 5] = ["CI_NODE_INDEX", "CI_NODE_TOTAL", "JOB_COMPLETION_INDEX", "GITHUB_STEP_SUMMARY", "IFS"];

/// Whether the commands of a block are the program's, and not those that build it.
pub fn is_for_the_program(text: &str) -> bool {
    !text.starts_with("$ cargo")
}

/// A block with the outputs that its commands have now.
pub fn session(folder: &Path, text: &str) -> String {
    let commands = text.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(|command| format!("$ {command}\n{}", ran(folder, command, &[]).0)).collect()
}

/// What a command prints, and its exit code. It is the same however long a run took.
pub fn ran(folder: &Path, command: &str, environment: &[(String, String)]) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_ipcscript"));
    let path = std::env::join_paths(
        [program.parent().expect("it is in a folder").into()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(folder);
    for name in ELSEWHERE {
        shell.env_remove(name);
    }
    shell.env("PATH", path.expect("a search path")).env("LC_ALL", "C.UTF-8").envs(environment.iter().cloned());
    let output = shell.output().expect("a shell starts");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("it prints UTF-8");
    let line = |line: &str| match line.split_once(" diverged in ") {
        Some((sums, _)) => format!("{sums} diverged in 0.01 s\n"),
        None => format!("{line}\n"),
    };
    (text.lines().map(line).collect(), output.status.code().unwrap_or(-1))
}
