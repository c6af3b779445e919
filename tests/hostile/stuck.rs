//! A coordinator that stops for a reason of its own: that is no divergence of the script, and a run must not wait for it for ever.

use super::ground::{Ended, Ground};
use libtest_mimic::Failed;
use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// Stops the coordinator from outside, as no script can, while it looks after an actor that only computes.
pub fn is_the_engines_fault(ground: &Ground, patience: Duration) -> Result<(), Failed> {
    let words = ["run", "--report", "json", "stuck.ipcs", "--limit", "step=2500"];
    let mut stopped = false;
    let Ended { code, stdout, .. } = ground.play_with(&words, patience, &mut |run| {
        if !stopped && let Some(coordinator) = coordinator(run) {
            // SAFETY: kill(2) takes integers; the process is a descendant of our child, which waits for it.
            stopped = unsafe { libc::kill(coordinator, libc::SIGSTOP) } == 0;
        }
    })?;
    ground.await_no_orphan(patience)?;
    if stopped && code == Some(3) && stdout.contains("the coordinator") && !stdout.contains(r#""code":"limit-time""#) {
        return Ok(());
    }
    Err(format!("the coordinator was {}stopped; exit code {code:?}\n{stdout}", if stopped { "" } else { "not " }).into())
}

/// The process that conducts: below runner, worker and keeper. It does so when its actor has become a program's parent.
fn coordinator(run: u32) -> Option<i32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").ok()?.filter_map(Result::ok) {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        children.entry(parent.unwrap_or(0)).or_default().push(pid);
    }
    let below = |pid: u32| children.get(&pid).into_iter().flatten().copied();
    let coordinators = below(run).flat_map(below).flat_map(below);
    let mut busy = coordinators.filter(|&coordinator| below(coordinator).flat_map(below).next().is_some());
    busy.next().and_then(|pid| i32::try_from(pid).ok())
}
