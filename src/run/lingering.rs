//! The end of a pid namespace that is not quite over: its init has ended, and waits to become a zombie until all others of the namespace are
//! reaped, some of them by parents outside. See pid_namespaces(7).

use super::process::{ProcFs, parse_stat};

/// Whether process `init`, which sleeps on its way out, is where the kernel has an init wait for its pid namespace, and a zombie is left there
/// that somebody must reap.
///
/// The place alone is not enough: init also sleeps there for a moment while those whom it has killed are on their way out. On a kernel that tells no places, for
/// it has no table of its symbols, nobody lingers.
pub fn waits_for_reapers(procfs: &ProcFs, init: i32) -> bool {
    let place = procfs.read(&format!("{init}/wchan")).unwrap_or_default();
    if !place.starts_with("zap_pid_ns_processes") {
        return false;
    }
    let (Some(depth), Ok(namespace)) = (depth(procfs, init), procfs.link(&format!("{init}/ns/pid"))) else { return false };
    procfs.pids().unwrap_or_default().into_iter().filter(|&pid| pid != init && is_zombie(procfs, pid)).any(|pid| {
        // One further down has a pid in init's namespace, too.
        let inside = procfs.link(&format!("{pid}/ns/pid")).is_ok_and(|other| other == namespace);
        inside || self::depth(procfs, pid).is_some_and(|deeper| deeper > depth)
    })
}

fn is_zombie(procfs: &ProcFs, pid: i32) -> bool {
    let stat = procfs.read(&format!("{pid}/stat")).unwrap_or_default();
    parse_stat(&stat).is_some_and(|(state, _)| state == 'Z')
}

/// How many pid namespaces give the process a pid, from that of /proc on down.
fn depth(procfs: &ProcFs, pid: i32) -> Option<usize> {
    pids_of(procfs, pid).map(|pids| pids.len())
}

/// The pids of a process, from that in the pid namespace of /proc down to that in its own.
pub fn pids_of(procfs: &ProcFs, pid: i32) -> Option<Vec<i32>> {
    let status = procfs.read(&format!("{pid}/status")).ok()?;
    let pids = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
    pids.split_whitespace().map(|pid| pid.parse().ok()).collect()
}
