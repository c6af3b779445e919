//! Whether a process that sleeps in a call waits for a timer that a descriptor holds: then time alone wakes it.
//!
//! The kernel tells in /proc/PID/fdinfo; see proc_pid_fdinfo(5), timerfd_create(2), epoll(7).

use super::process::ProcFs;

/// How deep instances of epoll that watch each other are looked into; the kernel allows five.
const DEEPEST: u32 = 5;

/// The longest time, in nanoseconds, until an armed timer among `fds` of `pid` runs out, or among those that they watch; `None` without one.
pub fn armed(procfs: &ProcFs, pid: i32, fds: &[i32]) -> Option<u64> {
    fds.iter().filter_map(|&fd| armed_behind(procfs, pid, fd, 0)).max()
}

fn armed_behind(procfs: &ProcFs, pid: i32, fd: i32, depth: u32) -> Option<u64> {
    let info = procfs.read(&format!("{pid}/fdinfo/{fd}")).ok()?;
    if depth >= DEEPEST {
        return left(&info);
    }
    let watched = watched(&info).into_iter().filter_map(|fd| armed_behind(procfs, pid, fd, depth + 1)).max();
    left(&info).max(watched)
}

/// The line of a timer that is armed: `it_value: (1, 999999999)`.
fn left(info: &str) -> Option<u64> {
    let value = info.lines().find_map(|line| line.strip_prefix("it_value:"))?;
    let (seconds, nanoseconds) = value.trim().strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
    let seconds: u64 = seconds.trim().parse().ok()?;
    let nanoseconds: u64 = nanoseconds.trim().parse().ok()?;
    Some(seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)).filter(|&left| left > 0)
}

/// The lines of an instance of epoll: `tfd:        5 events: …`.
fn watched(info: &str) -> Vec<i32> {
    let fds = info.lines().filter_map(|line| line.strip_prefix("tfd:")?.split_whitespace().next()?.parse().ok());
    fds.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_fdinfo_says() {
        let timer = "pos:\t0\nflags:\t02\nclockid: 1\nticks: 0\nsettime flags: 00\nit_value: (1, 5)\nit_interval: (0, 0)\n";
        assert_eq!(left(timer), Some(1_000_000_005));
        assert_eq!(left(&timer.replace("(1, 5)", "(0, 0)")), None);
        assert_eq!(left("pos:\t0\n"), None);
        assert_eq!(watched("pos:\t0\ntfd:        4 events:       19 data: 7  pos:0\ntfd: 12 events: 1\n"), [4, 12]);
    }
}
