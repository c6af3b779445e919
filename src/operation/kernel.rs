//! The one door to the kernel: signals may interrupt an actor here and while it is parked, and nowhere else.

use crate::value::Errno;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many handlers the actor's process has installed; without one, no signal needs to be held back.
static HANDLERS: AtomicU32 = AtomicU32::new(0);

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
    if guarded() {
        admit_signals();
    }
    let result = call();
    let errno = Errno::last();
    // Asked again: while this thread was in its call, another one of the process may have installed the first handler.
    if guarded() {
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

/// Runs `body` as the inside of a handler: the mask that the kernel has put in force for the handler is the one that the script
/// sees there, and between the calls of `body` signals are held back as everywhere else.
///
/// The mask is taken from the kernel, not computed: only the kernel knows whether `sigsuspend` had swapped it.
pub fn in_handler(body: impl FnOnce()) {
    let inside = swap_mask(u64::MAX);
    let outside = MASK.replace(inside);
    body();
    // The kernel restores its own when the handler returns.
    MASK.set(outside);
}

/// Whether signals are held back outside of calls.
pub fn guarded() -> bool {
    HANDLERS.load(Ordering::Relaxed) > 0
}

thread_local! {
    /// The mask that the script has set, as the kernel keeps it: one bit a signal, and one mask a thread.
    static MASK: Cell<u64> = const { Cell::new(0) };
}

/// The mask that the script sees.
pub fn mask() -> u64 {
    MASK.get()
}

/// Sets the mask that the script sees; it holds in the kernel at once where no handler is installed, and else from the next call or park on.
pub fn set_mask(mask: u64) {
    MASK.set(mask);
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
    // rt_sigprocmask(2) reads eight bytes from a local variable; it cannot fail with these arguments.
    let set = (&raw const mask).expose_provenance();
    gate(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as usize, set, 0, size_of::<u64>(), 0, 0]);
}

/// Sets the kernel's mask, and gives the one that was in force.
fn swap_mask(mask: u64) -> u64 {
    let mut old = 0u64;
    // rt_sigprocmask(2) reads and fills eight bytes of local variables; it cannot fail with these arguments.
    let set = (&raw const mask).expose_provenance();
    let was = (&raw mut old).expose_provenance();
    gate(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as usize, set, was, size_of::<u64>(), 0, 0]);
    old
}

// The engine's own system calls (its futex, its signal masks) go through one instruction, so that a script's seccomp filter can
// be given a prefix that lets exactly this one pass. The arguments are moved to where the kernel expects them.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".hidden ipcscript_gate",
    ".global ipcscript_gate",
    ".type ipcscript_gate,@function",
    "ipcscript_gate:",
    "mov rax, rdi",
    "mov rdi, rsi",
    "mov rsi, rdx",
    "mov rdx, rcx",
    "mov r10, r8",
    "mov r8, r9",
    "mov r9, [rsp + 8]",
    "syscall",
    ".hidden ipcscript_gate_passed",
    ".global ipcscript_gate_passed",
    "ipcscript_gate_passed:",
    "ret",
);

#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".hidden ipcscript_gate",
    ".global ipcscript_gate",
    ".type ipcscript_gate,%function",
    "ipcscript_gate:",
    "mov x8, x0",
    "mov x0, x1",
    "mov x1, x2",
    "mov x2, x3",
    "mov x3, x4",
    "mov x4, x5",
    "mov x5, x6",
    "svc #0",
    ".hidden ipcscript_gate_passed",
    ".global ipcscript_gate_passed",
    "ipcscript_gate_passed:",
    "ret",
);

unsafe extern "C" {
    fn ipcscript_gate(number: libc::c_long, a: usize, b: usize, c: usize, d: usize, e: usize, f: usize) -> libc::c_long;
    static ipcscript_gate_passed: u8;
}

/// A system call of the engine itself, through the gate; gives what the kernel gives, errors as negative numbers.
pub fn gate(number: libc::c_long, arguments: [usize; 6]) -> libc::c_long {
    let allowed = matches!(number, libc::SYS_read | libc::SYS_write | libc::SYS_exit);
    if super::strict::door().is_some() && !allowed {
        // It would be the end of the thread; what it does not do, nobody expects of one in strict mode.
        return 0;
    }
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: the callers in the engine pass what their system call takes; the gate itself touches no memory.
    unsafe { ipcscript_gate(number, a, b, c, d, e, f) }
}

/// The instruction pointer that the kernel sees for calls through the gate: that of the instruction after.
pub fn gate_address() -> u64 {
    (&raw const ipcscript_gate_passed).addr() as u64
}
