//! Signals by their names; see signal(7).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A signal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Signal(pub i32);

macro_rules! signals {
    ($($name:ident),* $(,)?) => {
        const NAMES: &[(&str, i32)] = &[$((stringify!($name), libc::$name)),*];
    };
}

signals!(
    SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM,
    SIGTERM, SIGSTKFLT, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF,
    SIGWINCH, SIGIO, SIGPWR, SIGSYS,
);

/// The first real-time signal that the C library leaves to programs.
const RTMIN: i32 = 34;
/// The last real-time signal.
const RTMAX: i32 = 64;

impl Signal {
    /// Every named signal with its number; real-time signals are `SIGRTMIN` and `SIGRTMAX`.
    pub fn all() -> impl Iterator<Item = (&'static str, Signal)> {
        let aliases = [("SIGPOLL", libc::SIGIO), ("SIGIOT", libc::SIGABRT), ("SIGRTMIN", RTMIN), ("SIGRTMAX", RTMAX)];
        NAMES.iter().copied().chain(aliases).map(|(name, number)| (name, Signal(number)))
    }

    /// The signal called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|&(known, _)| known == name).map(|(_, signal)| signal)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|&&(_, number)| number == self.0) {
            Some((name, _)) => out.write_str(name),
            None if self.0 == RTMIN => out.write_str("SIGRTMIN"),
            None if (RTMIN..=RTMAX).contains(&self.0) => write!(out, "SIGRTMIN + {}", self.0 - RTMIN),
            None => write!(out, "signal {}", self.0),
        }
    }
}
