//! What actors do when a signal comes: the one C handler, the calls that it makes, and the list of what it took.
//!
//! A handler runs only inside [`kernel`](super::kernel) or while its actor is parked, so it never finds memory half changed.

use super::kernel::{guard_from_now_on, in_handler};
use super::prepared::Later;
use super::siginfo::Siginfo;
use super::{Failure, kernel};
use crate::value::{Errno, Signal};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// Signals are numbered from 1 to this; see signal(7).
pub const LAST: i32 = 64;

/// What a signal brings about.
#[derive(Debug, Clone, PartialEq)]
pub enum Disposition {
    /// `SIG_DFL`
    Default,
    /// `SIG_IGN`
    Ignore,
    /// These calls.
    Calls(Later),
}

/// What a signal brings about, with the mask and the flags of sigaction(2).
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// What.
    pub disposition: Disposition,
    /// The signals that are held back meanwhile, one bit each.
    pub mask: u64,
    /// SA_RESTART and so on.
    pub flags: u32,
}

/// Gives what `signal` brings about.
pub fn installed(signal: Signal) -> Result<Installed, Failure> {
    // SAFETY: sigaction is plain integers and pointers, for which zero is a value.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: sigaction(2) fills `action`, which outlives the call.
    kernel(|| unsafe { libc::sigaction(signal.0, std::ptr::null(), &raw mut action) })?;
    // SAFETY: sigset_t is longer than eight bytes and aligned for them.
    let mask = unsafe { (&raw const action.sa_mask).cast::<u64>().read() };
    let place = usize::try_from(signal.0).ok();
    let written = place.and_then(|at| FLAGS.get(at)).map_or(0, |flags| flags.load(Ordering::Relaxed));
    let (disposition, hidden) = match action.sa_sigaction {
        libc::SIG_IGN => (Disposition::Ignore, SA_RESTORER),
        handler if handler == take_signal as *const () as usize => {
            let calls = place.and_then(|at| CALLS.get().get(at)).map_or(null_mut(), |place| place.load(Ordering::Acquire));
            // SAFETY: what `install` has put there is never freed.
            let calls = unsafe { calls.as_ref() }.cloned();
            // The one handler takes a siginfo always, which the script need not have asked for.
            let own = if written & libc::SA_SIGINFO.cast_unsigned() == 0 { libc::SA_SIGINFO.cast_unsigned() } else { 0 };
            (Disposition::Calls(calls.unwrap_or(Later(Vec::new()))), SA_RESTORER | own)
        }
        _ => (Disposition::Default, SA_RESTORER),
    };
    Ok(Installed { disposition, mask, flags: action.sa_flags.cast_unsigned() & !hidden })
}

/// Installs `disposition` for `signal`, with the mask and flags of sigaction(2).
pub fn install(signal: Signal, disposition: Disposition, mask: u64, flags: u32) -> Result<(), Failure> {
    // SAFETY: sigaction is plain integers and pointers, for which zero is a value.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // The C library keeps a wider set than the kernel; its first word is the kernel's.
    // SAFETY: sigset_t is longer than eight bytes and aligned for them.
    unsafe { (&raw mut action.sa_mask).cast::<u64>().write(mask) };
    action.sa_flags = flags.cast_signed();
    match disposition {
        Disposition::Default => action.sa_sigaction = libc::SIG_DFL,
        Disposition::Ignore => action.sa_sigaction = libc::SIG_IGN,
        Disposition::Calls(calls) => {
            guard_from_now_on();
            if let Some((place, own)) = usize::try_from(signal.0).ok().and_then(|at| CALLS.get().get(at).zip(FLAGS.get(at))) {
                // The old ones are never freed: a handler may just be making them.
                place.store(Box::into_raw(Box::new(calls)), Ordering::Release);
                own.store(flags, Ordering::Relaxed);
            }
            action.sa_sigaction = take_signal as *const () as usize;
            action.sa_flags |= libc::SA_SIGINFO;
        }
    }
    // SAFETY: sigaction(2) reads `action`, which outlives the call; the handler is safe to run where signals are let in.
    kernel(|| unsafe { libc::sigaction(signal.0, &raw const action, null_mut()) })?;
    Ok(())
}

/// The signals that handlers took since it was last asked, in the order in which the handlers began.
pub fn take_caught() -> Vec<Signal> {
    TAKEN_HERE.with(|taken| {
        let end = taken.count.get();
        let begin = taken.asked.replace(end);
        // Of more than the ring holds, the first are gone.
        let begin = begin.max(end.saturating_sub(taken.ring.len()));
        (begin..end).map(|at| Signal(taken.ring[at % taken.ring.len()].get())).collect()
    })
}

/// The same with their causes, of as many as a smaller ring holds.
pub fn take_causes() -> Vec<Siginfo> {
    TAKEN_HERE.with(|taken| {
        let end = taken.count.get();
        let begin = taken.asked.replace(end);
        let begin = begin.max(end.saturating_sub(taken.causes.len()));
        (begin..end).map(|at| Siginfo::read(&taken.causes[at % taken.causes.len()].get())).collect()
    })
}

/// Makes the list empty: for a child, to which none of it happened.
pub fn forget_caught() {
    take_caught();
}

/// The table of the caller's process.
pub fn table() -> Table {
    CALLS.get()
}

/// A copy of it, for a process in the same memory that has handlers of its own.
pub fn copied_table() -> Table {
    let copy = table().each_ref().map(|place| AtomicPtr::new(place.load(Ordering::Acquire)));
    Box::leak(Box::new(copy))
}

/// Makes `table` that of the calling thread.
pub fn share(table: Table) {
    CALLS.set(table);
}

/// The bits of a set, as the kernel keeps it.
pub fn bits(signals: &[Signal]) -> Result<u64, Failure> {
    signals.iter().try_fold(0, |set, signal| match signal.0 {
        1..=LAST => Ok(set | 1 << (signal.0 - 1)),
        _ => Err(Failure::Errno(Errno::EINVAL)),
    })
}

/// The signals of a set, in the order of their numbers.
pub fn signals(bits: u64) -> Vec<Signal> {
    (1..=LAST).filter(|number| bits >> (number - 1) & 1 == 1).map(Signal).collect()
}

/// The flags of sigaction(2) as the script wrote them.
static FLAGS: [AtomicU32; LAST as usize + 1] = [const { AtomicU32::new(0) }; LAST as usize + 1];
/// The C library adds this flag for its own sake.
const SA_RESTORER: u32 = 0x0400_0000;

/// For each signal, what its handler does; null before there is one.
pub type Table = &'static [AtomicPtr<Later>; LAST as usize + 1];

static FIRST: [AtomicPtr<Later>; LAST as usize + 1] = [const { AtomicPtr::new(null_mut()) }; LAST as usize + 1];

/// What handlers took in one thread, which is one actor.
struct Taken {
    /// The signals.
    ring: [Cell<i32>; 1024],
    /// What the kernel told of the last of them.
    causes: [Cell<libc::siginfo_t>; 64],
    /// How many handlers have begun.
    count: Cell<usize>,
    /// How many of them `caught` has told of.
    asked: Cell<usize>,
}

thread_local! {
    /// The table of this thread's process: processes may share a memory, and yet have handlers of their own.
    static CALLS: Cell<Table> = const { Cell::new(&FIRST) };
    static TAKEN_HERE: Taken =
        const { Taken { ring: [const { Cell::new(0) }; 1024], causes: [const { Cell::new(NO_CAUSE) }; 64], count: Cell::new(0), asked: Cell::new(0) } };
}

// SAFETY: siginfo_t is plain integers and pointers, for which zero is a value.
const NO_CAUSE: libc::siginfo_t = unsafe { std::mem::zeroed() };

extern "C" fn take_signal(signal: i32, info: *mut libc::siginfo_t, _context: *mut c_void) {
    // SAFETY: the address of the calling thread's errno is always good.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above; the interrupted call's errno is kept for it.
    let kept = unsafe { errno.read() };
    in_handler(|| {
        TAKEN_HERE.with(|taken| {
            let count = taken.count.get();
            taken.ring[count % taken.ring.len()].set(signal);
            // SAFETY: the kernel gives a handler under SA_SIGINFO a siginfo_t that lives as long as the handler runs.
            if let Some(info) = unsafe { info.as_ref() } {
                taken.causes[count % taken.causes.len()].set(*info);
            }
            taken.count.set(count + 1);
        });
        let calls = usize::try_from(signal)
            .ok()
            .and_then(|at| CALLS.get().get(at))
            .map_or(null_mut(), |place| place.load(Ordering::Acquire));
        // SAFETY: what `install` has put there is never freed.
        if let Some(calls) = unsafe { calls.as_ref() } {
            calls.make();
        }
    });
    // SAFETY: as above.
    unsafe { errno.write(kept) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_signals_keeps_its_members() {
        let set = [Signal(libc::SIGHUP), Signal(libc::SIGUSR1), Signal(LAST)];
        let bits = bits(&set).expect("these signals exist");
        assert_eq!(bits, 1 | 1 << (libc::SIGUSR1 - 1) | 1 << 63);
        assert_eq!(signals(bits), set);
        assert_eq!(super::bits(&[Signal(0)]), Err(Failure::Errno(Errno::EINVAL)));
        assert_eq!(super::bits(&[Signal(65)]), Err(Failure::Errno(Errno::EINVAL)));
    }
}
