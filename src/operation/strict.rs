//! Strict seccomp: a thread that can read, write and end, and nothing else; see seccomp(2).
//!
//! It is still to be driven. Reading is allowed, so it waits for its commands in a read from a pipe that it opened, far up among its
//! descriptors, just before it went strict.

use super::Failure;
use super::kernel::{admit_signals, gate, guarded};
use crate::value::Errno;
use std::cell::Cell;

/// Makes the call that puts the calling thread into strict mode.
///
/// # Errors
///
/// What the call gives, or what opening the pipe gives.
pub fn enter(call: impl FnOnce() -> i64) -> Result<(), Failure> {
    let ends = pipe()?;
    // Whoever drives this thread reaches the pipe through /proc/PID/fd, which a process that is not dumpable would refuse. Nothing that
    // is left to do for this one tells the difference.
    gate(libc::SYS_prctl, [libc::PR_SET_DUMPABLE as usize, 1, 0, 0, 0, 0]);
    // Neither brk nor mmap is left, and the steps to come need some memory.
    super::seccomp::keep_memory();
    if guarded() {
        // For good: there is no system call left to hold them back.
        admit_signals();
    }
    let result = call();
    let errno = Errno::last();
    if result == 0 {
        DOOR.set(ends.first().copied());
        return Ok(());
    }
    for end in ends {
        gate(libc::SYS_close, [end, 0, 0, 0, 0, 0]);
    }
    Err(Failure::Errno(errno))
}

/// The descriptor from which a strict thread reads while it waits for a command.
pub fn door() -> Option<usize> {
    DOOR.get()
}

thread_local! {
    static DOOR: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Both ends of a pipe, with high numbers. Both stay open, so that a read waits and never finds the end.
fn pipe() -> Result<[usize; 2], Failure> {
    let mut ends = [0i32; 2];
    checked(gate(libc::SYS_pipe2, [(&raw mut ends).expose_provenance(), libc::O_CLOEXEC as usize, 0, 0, 0, 0]))?;
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let at = (&raw mut limit).expose_provenance();
    gate(libc::SYS_prlimit64, [0, libc::RLIMIT_NOFILE as usize, 0, at, 0, 0]);
    let lowest = usize::try_from(limit.rlim_cur).unwrap_or(HIGH).min(HIGH).saturating_sub(2);
    let low = ends.map(|end| usize::try_from(end).unwrap_or(0));
    let moved = low.map(|end| checked(gate(libc::SYS_fcntl, [end, libc::F_DUPFD_CLOEXEC as usize, lowest, 0, 0, 0])));
    for end in low {
        gate(libc::SYS_close, [end, 0, 0, 0, 0, 0]);
    }
    let [reader, writer] = moved;
    Ok([reader?, writer?])
}

/// Descriptors up to here need no larger table than most processes have.
const HIGH: usize = 1000;

fn checked(result: i64) -> Result<usize, Failure> {
    usize::try_from(result).map_err(|_| Failure::Errno(Errno(i32::try_from(-result).unwrap_or(libc::EIO))))
}
