//! Programs of the machine that read reports. Where one is missing the test says so, and what Rust can check is checked all the same.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// What `program` says to `input`; none where the machine does not have it.
pub fn ask(program: &str, args: &[&str], input: &str) -> Option<Output> {
    let spawned = Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        eprintln!("there is no `{program}` here: it is not asked what it reads");
        return None;
    };
    let mut stdin = child.stdin.take().expect("it has a standard input");
    // A program that ends without reading closes the pipe, which is its right.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    Some(child.wait_with_output().expect("it ends"))
}
