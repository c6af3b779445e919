//! Signals by their names; see signal(7).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A signal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Signal(pub i32);

macro_rules! signals {
    ($(($name:ident, $text:literal)),* $(,)?) => {
        const NAMES: &[(&str, i32, &str)] = &[$((stringify!($name), libc::$name, $text)),*];
    };
}

signals! {
    (SIGHUP, "the controlling terminal hung up, or its process ended; ends the process"),
    (SIGINT, "Ctrl-C at the terminal; ends the process"),
    (SIGQUIT, "Ctrl-\\ at the terminal; ends the process with a core dump"),
    (SIGILL, "an instruction that the processor does not know; ends the process with a core dump"),
    (SIGTRAP, "a breakpoint or a step of a tracer; ends the process with a core dump"),
    (SIGABRT, "the process called abort; ends it with a core dump"),
    (SIGBUS, "an access to memory that nothing stands behind, such as a mapping past the end of its file; ends the process with a core dump"),
    (SIGFPE, "an impossible operation of arithmetic; ends the process with a core dump"),
    (SIGKILL, "ends the process; cannot be handled, blocked or ignored"),
    (SIGUSR1, "free for programs; ends the process"),
    (SIGSEGV, "an access to memory that is not mapped or not allowed; ends the process with a core dump"),
    (SIGUSR2, "free for programs; ends the process"),
    (SIGPIPE, "a write into a pipe or socket that nobody reads; ends the process"),
    (SIGALRM, "a timer of alarm or setitimer ran out; ends the process"),
    (SIGTERM, "a request to end; ends the process"),
    (SIGSTKFLT, "unused by the kernel; ends the process"),
    (SIGCHLD, "a child ended, stopped or went on; ignored"),
    (SIGCONT, "a stopped process goes on; otherwise ignored"),
    (SIGSTOP, "stops the process; cannot be handled, blocked or ignored"),
    (SIGTSTP, "Ctrl-Z at the terminal; stops the process"),
    (SIGTTIN, "a background process reads from the terminal; stops it"),
    (SIGTTOU, "a background process writes to the terminal; stops it"),
    (SIGURG, "urgent data on a socket; ignored"),
    (SIGXCPU, "the limit of processor time is reached; ends the process with a core dump"),
    (SIGXFSZ, "the limit of a file's size is reached; ends the process with a core dump"),
    (SIGVTALRM, "a timer of the process's own processor time ran out; ends the process"),
    (SIGPROF, "a profiling timer ran out; ends the process"),
    (SIGWINCH, "the terminal changed its size; ignored"),
    (SIGIO, "a descriptor is ready for reading or writing; ends the process"),
    (SIGPWR, "the power fails; ends the process"),
    (SIGSYS, "a system call that does not exist or that a seccomp filter forbids; ends the process with a core dump"),
}

/// The first real-time signal that the C library leaves to programs.
const RTMIN: i32 = 34;
/// The last real-time signal.
const RTMAX: i32 = 64;

impl Signal {
    /// Every named signal with its number; real-time signals are `SIGRTMIN` and `SIGRTMAX`.
    pub fn all() -> impl Iterator<Item = (&'static str, Signal)> {
        let aliases = [("SIGPOLL", libc::SIGIO), ("SIGIOT", libc::SIGABRT), ("SIGRTMIN", RTMIN), ("SIGRTMAX", RTMAX)];
        NAMES.iter().map(|&(name, number, _)| (name, number)).chain(aliases).map(|(name, number)| (name, Signal(number)))
    }

    /// The signal called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|&(known, _)| known == name).map(|(_, signal)| signal)
    }
}

impl Signal {
    /// What it means, and what it does to a process that neither handles nor ignores it; see signal(7).
    pub fn text(self) -> &'static str {
        let real_time = "a real-time signal: queued with its value, the lowest number first; ends the process";
        NAMES.iter().find(|row| row.1 == self.0).map_or(real_time, |row| row.2)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|row| row.1 == self.0) {
            Some((name, ..)) => out.write_str(name),
            None if self.0 == RTMIN => out.write_str("SIGRTMIN"),
            None if (RTMIN..=RTMAX).contains(&self.0) => write!(out, "SIGRTMIN + {}", self.0 - RTMIN),
            None => write!(out, "signal {}", self.0),
        }
    }
}
