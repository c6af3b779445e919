//! Terminals: what is written to one end a worker of the kernel carries to the other, a moment later; see pty(7).
//!
//! Who asks an end whether it has input waits for that worker: so a poll(2) of every end that an actor holds makes a step whole before the
//! others are looked at. Where input that nobody has read lies there already, the kernel answers at once, and the worker may still be at work.

use super::process::{ProcFs, Process};
use std::os::fd::AsRawFd;

/// How often the ends are asked: an echo goes back to where the input came from.
const WAYS: usize = 2;

/// Waits until what was written to terminals that these processes hold has arrived, and has sent its signals.
pub fn carry<'a>(procfs: &ProcFs, processes: impl Iterator<Item = &'a Process> + Clone) {
    let is_end = |process: &Process, fd: i32| {
        procfs.link(&format!("{}/fd/{fd}", process.pid)).is_ok_and(|path| path.contains("/pts/") || path.ends_with("/ptmx"))
    };
    // The same descriptions, not new openings: the last close of a slave is something that its master sees.
    let ends: Vec<_> = processes
        .flat_map(|process| procfs.descriptors(process).into_iter().map(move |fd| (process, fd)))
        .filter(|&(process, fd)| is_end(process, fd))
        .filter_map(|(process, fd)| process.borrow(fd).ok())
        .collect();
    for _ in 0..WAYS {
        for end in &ends {
            let mut asked = libc::pollfd { fd: end.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: poll(2) reads and fills one pollfd.
            unsafe { libc::poll(&raw mut asked, 1, 0) };
        }
    }
}
