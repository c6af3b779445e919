//! The processes that come of one: who they are, and how to wait until none is left.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A process that descends from another.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its pid.
    pub pid: i32,
    /// What it is in a run.
    pub role: Role,
}

/// What a process is in a run, by its distance from the runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// What was started.
    Runner,
    /// Its child.
    Worker,
    /// Pid 1 of the outer world.
    Keeper,
    /// Beside it, outside of every world: it puts right what a world leaves on the host.
    Caretaker,
    /// Pid 1 of a scenario's world.
    Coordinator,
    /// Below it.
    Actor,
    /// An actor's program, or one that it started.
    Program,
}

/// The runner `pid` and everything below it, as far as /proc shows it at one moment.
pub fn members(pid: i32) -> Vec<Member> {
    let all = everybody();
    let namespace = |pid: i32| std::fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
    let program = |pid: i32| std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
    let own: PathBuf = program(pid);
    let mut found = vec![Member { pid, role: Role::Runner }];
    let mut at = 0;
    while let Some(parent) = found.get(at).cloned() {
        for &(child, _) in all.iter().filter(|(_, of)| *of == parent.pid) {
            let role = match parent.role {
                Role::Runner => Role::Worker,
                Role::Worker if namespace(child) == namespace(parent.pid) => Role::Caretaker,
                Role::Worker => Role::Keeper,
                Role::Keeper => Role::Coordinator,
                _ if program(child) != own => Role::Program,
                _ => Role::Actor,
            };
            found.push(Member { pid: child, role });
        }
        at += 1;
    }
    found
}

/// Waits until the calling process has no descendants but `spared` and what comes of them; gives those that are left at the end
/// of `patience`. Orphans come to the calling process, which must be a subreaper, and are reaped.
pub fn await_none(spared: &[i32], patience: Duration) -> Vec<i32> {
    let own = i32::try_from(std::process::id()).unwrap();
    let end = Instant::now() + patience;
    loop {
        let all = everybody();
        let mut left: Vec<i32> = vec![own];
        let mut at = 0;
        while let Some(&parent) = left.get(at) {
            left.extend(all.iter().filter(|(child, of)| *of == parent && !spared.contains(child)).map(|(child, _)| *child));
            at += 1;
        }
        left.remove(0);
        // An end is readable on a pidfd; what is gone already has none.
        let pidfds: Vec<(i32, OwnedFd)> = left.iter().filter_map(|&pid| Some((pid, pidfd(pid)?))).collect();
        let remaining = end.saturating_duration_since(Instant::now());
        if left.is_empty() || remaining.is_zero() {
            return left;
        }
        let mut polls: Vec<libc::pollfd> =
            pidfds.iter().map(|(_, fd)| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 }).collect();
        let limit = i32::try_from(remaining.as_millis()).unwrap().max(1);
        // SAFETY: poll(2) reads and fills as many entries as it is told.
        unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, limit) };
        for (pid, _) in pidfds {
            let mut status = 0;
            // SAFETY: waitpid(2) fills a local variable. One that is no child of ours gives ECHILD, which is no matter.
            unsafe { libc::waitpid(pid, &raw mut status, libc::WNOHANG) };
        }
    }
}

/// Has orphans below the calling process come to it, so that none can hide.
pub fn adopt_orphans() {
    // SAFETY: this prctl(2) takes integers only.
    let done = unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
    assert_eq!(done, 0);
}

/// A pidfd of a process that is still there.
pub fn pidfd(pid: i32) -> Option<OwnedFd> {
    // SAFETY: pidfd_open(2) takes integers only.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let fd = i32::try_from(fd).ok().filter(|fd| *fd >= 0)?;
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Kills the process of a pidfd, which cannot hit another that has its pid by now.
pub fn kill(pidfd: &OwnedFd) -> bool {
    let no_info = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: pidfd_send_signal(2) takes integers, and no siginfo.
    let sent = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.as_raw_fd(), libc::SIGKILL, no_info, 0) };
    sent == 0
}

/// Every process with its parent.
fn everybody() -> Vec<(i32, i32)> {
    let parent = |pid: i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.get(stat.rfind(')')? + 2..)?.split(' ').nth(1)?.parse().ok()
    };
    let names = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    names.filter_map(|pid| Some((pid, parent(pid)?))).collect()
}
