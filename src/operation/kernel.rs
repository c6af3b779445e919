//! The one door to the kernel: signals may interrupt an actor here and while it is parked, and nowhere else.

use crate::value::Errno;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many handlers the actor's process has installed; without one, no signal needs to be held back.
static HANDLERS: AtomicU32 = AtomicU32::new(0);
/// Whether the process is inside a handler; then the mask of the handler stands.
static IN_HANDLER: AtomicU32 = AtomicU32::new(0);

/// What C calls give: a number that is -1 on failure, or a pointer that is all ones.
pub trait Raw: Copy {
    /// Whether it tells of a failure.
    fn failed(self) -> bool;
}

macro_rules! raw_integers {
    ($($integer:ty),*) => {$(
        impl Raw for $integer {
            fn failed(self) -> bool {
                self == -1
            }
        }
    )*};
}

raw_integers!(i32, i64, isize);

impl<T> Raw for *mut T {
    fn failed(self) -> bool {
        self.addr() == usize::MAX
    }
}

/// Makes a call of the C library that tells of failure by -1, and takes its errno at once.
///
/// An actor's handlers run only inside this call or while the actor is parked, so that they never find its
/// memory half changed.
pub fn kernel<T: Raw>(call: impl FnOnce() -> T) -> Result<T, Errno> {
    let guarded = HANDLERS.load(Ordering::Relaxed) > 0 && IN_HANDLER.load(Ordering::Relaxed) == 0;
    if guarded {
        admit_signals();
    }
    let result = call();
    let errno = Errno::last();
    if guarded {
        hold_signals();
    }
    if result.failed() { Err(errno) } else { Ok(result) }
}

/// Marks that the process has a handler from now on: signals are held back outside of calls.
pub fn guard_from_now_on() {
    if HANDLERS.fetch_add(1, Ordering::Relaxed) == 0 {
        hold_signals();
    }
}

/// Runs `body` as the inside of a handler.
pub fn in_handler(body: impl FnOnce()) {
    IN_HANDLER.fetch_add(1, Ordering::Relaxed);
    body();
    IN_HANDLER.fetch_sub(1, Ordering::Relaxed);
}

/// Whether signals are held back outside of calls.
pub fn guarded() -> bool {
    HANDLERS.load(Ordering::Relaxed) > 0
}

/// The mask that the script has set, as the kernel keeps it: one bit a signal.
static MASK: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// The mask that the script sees.
pub fn mask() -> u64 {
    MASK.load(Ordering::Relaxed)
}

/// Sets the mask that the script sees; it holds in the kernel at once where no handler is installed, and else from the next call or park on.
pub fn set_mask(mask: u64) {
    MASK.store(mask, Ordering::Relaxed);
    if !guarded() {
        raw_mask(mask);
    }
}

/// Lets in the signals that the script's own mask lets in.
pub fn admit_signals() {
    raw_mask(mask());
}

/// Holds back every signal.
pub fn hold_signals() {
    raw_mask(u64::MAX);
}

fn raw_mask(mask: u64) {
    // SAFETY: rt_sigprocmask(2) reads eight bytes from a local variable; it cannot fail with these arguments.
    unsafe { libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, &raw const mask, 0usize, size_of::<u64>()) };
}
