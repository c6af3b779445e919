//! Ctrl-C while orders are run: what was seen so far is reported, and then the process ends of the signal as it would have at once.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// While it lives, SIGINT is taken note of and does nothing else.
#[derive(Debug)]
pub struct Guard {
    before: libc::sighandler_t,
}

impl Guard {
    /// Begins to take note, unless who has started this process wants the signal ignored.
    pub fn new() -> Self {
        let note = note as extern "C" fn(i32);
        // SAFETY: the handler stores into an atomic and does nothing else.
        let before = unsafe { libc::signal(libc::SIGINT, note as libc::sighandler_t) };
        if before == libc::SIG_IGN {
            // SAFETY: what was there before is put back.
            unsafe { libc::signal(libc::SIGINT, before) };
        }
        Self { before }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // SAFETY: what was there before is put back.
        unsafe { libc::signal(libc::SIGINT, self.before) };
    }
}

extern "C" fn note(_: i32) {
    INTERRUPTED.store(true, Ordering::Relaxed);
}

/// Whether SIGINT has come while it was taken note of.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
