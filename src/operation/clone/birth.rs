//! How a child comes to its stack and its thread-local storage, whatever it shares with its parent.
//!
//! A child with a memory of its own goes on with a copy of its parent's stack, like that of a fork. One in its parent's memory must
//! not run on its parent's stack nor use its parent's `errno`: it gets a stack, and the thread-local storage of a thread that was
//! started for nothing else and has ended. Under CLONE_VFORK the parent sleeps meanwhile, so that both can use the same storage.

use super::super::handler;
use super::super::kernel::{gate, mask, set_mask};
use super::super::thread;
use super::Failure;
use crate::value::Errno;
use std::ffi::c_void;
use std::ptr::{null_mut, with_exposed_provenance_mut};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The system call that is to be made.
#[derive(Debug, Clone, Copy)]
pub enum Birth<'a> {
    /// clone(2)
    Clone {
        /// With the signal.
        flags: u64,
        /// Where the child's id goes in the parent's memory.
        parent_tid: usize,
        /// Where it goes in the child's.
        child_tid: usize,
    },
    /// clone3(2)
    Clone3 {
        /// Without a signal.
        flags: u64,
        /// Of pidfd, child_tid and parent_tid.
        addresses: [usize; 3],
        /// Sent to the parent at the child's end.
        exit_signal: i32,
        /// Pids, innermost namespace first.
        set_tid: &'a [i32],
        /// A descriptor.
        cgroup: i32,
    },
}

/// On which side of a birth one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newborn {
    /// This is the child, with a copy of its parent's memory.
    Child,
    /// This is the parent, and the child has this pid. A child in the same memory does not come back from here.
    Parent(i32),
}

/// Makes the child.
pub fn give(birth: Birth<'_>) -> Result<Newborn, Failure> {
    let flags = birth.flags();
    let both = (libc::CLONE_VM | libc::CLONE_VFORK) as u64;
    if flags & libc::CLONE_VM as u64 == 0 {
        apart(birth)
    } else if flags & both == both {
        instead(birth)
    } else {
        beside(birth)
    }
}

/// A child with a memory of its own, as by fork.
fn apart(birth: Birth<'_>) -> Result<Newborn, Failure> {
    let identity = Identity::own();
    let handed = birth.registers(None);
    match success(handed.call())? {
        0 => {
            identity.adopt(flags_keep_tid_address(birth.flags()));
            Ok(Newborn::Child)
        }
        pid => Ok(Newborn::Parent(pid)),
    }
}

/// A child in the same memory while its parent waits for it.
fn instead(birth: Birth<'_>) -> Result<Newborn, Failure> {
    let newcomer = newcomer(birth.flags())?;
    newcomer.released.store(true, Ordering::Release);
    let stack = Stack::map(&newcomer)?;
    let mask = mask();
    let result = success(birth.registers(Some(&stack)).call());
    // The child has left its stack, and what it did to the storage that both used must not stay.
    set_mask(mask);
    if result.is_err() {
        stack.take_back();
    }
    stack.unmap();
    result.map(Newborn::Parent)
}

/// A child in the same memory that runs at the same time.
fn beside(birth: Birth<'_>) -> Result<Newborn, Failure> {
    let newcomer = newcomer(birth.flags())?;
    let stack = Stack::map(&newcomer)?;
    let midwife = Midwife { registers: birth.registers(Some(&stack)), outcome: AtomicI64::new(UNKNOWN), newcomer, mask: mask() };
    let midwife = Arc::new(midwife);
    let given = Arc::into_raw(Arc::clone(&midwife)).cast_mut().cast();
    let mut handle = 0;
    // SAFETY: pthread_create(3) fills `handle`; `deliver` takes over the count of `given` that it is passed.
    let failed = unsafe { libc::pthread_create(&raw mut handle, std::ptr::null(), deliver, given) };
    if failed != 0 {
        // SAFETY: no thread has begun, so that the count passed to it is still ours.
        drop(unsafe { Arc::from_raw(given.cast::<Midwife>().cast_const()) });
        stack.take_back();
        stack.unmap();
        return Err(Failure::Errno(Errno(failed)));
    }
    while midwife.outcome.load(Ordering::Acquire) == UNKNOWN {
        gate(libc::SYS_sched_yield, [0; 6]);
    }
    // The child begins when nothing is left of the thread whose storage it takes over: what is told by its id being unknown.
    let midwife_id = midwife.newcomer.midwife.load(Ordering::Acquire);
    let own = usize::try_from(gate(libc::SYS_getpid, [0; 6])).unwrap_or(0);
    while gate(libc::SYS_tgkill, [own, midwife_id, 0, 0, 0, 0]) == 0 {
        gate(libc::SYS_sched_yield, [0; 6]);
    }
    midwife.newcomer.released.store(true, Ordering::Release);
    let result = success(midwife.outcome.load(Ordering::Acquire));
    if result.is_err() {
        stack.take_back();
        stack.unmap();
    }
    result.map(Newborn::Parent)
}

/// The thread that makes the child and leaves it its thread-local storage.
extern "C" fn deliver(given: *mut c_void) -> *mut c_void {
    // SAFETY: `beside` passes one count of an `Arc<Midwife>`.
    let midwife = unsafe { Arc::from_raw(given.cast::<Midwife>().cast_const()) };
    set_mask(midwife.mask);
    handler::share(midwife.newcomer.handlers);
    if let Ok(mut identity) = midwife.newcomer.identity.lock() {
        *identity = Some(Identity::own());
    }
    midwife.newcomer.midwife.store(usize::try_from(gate(libc::SYS_gettid, [0; 6])).unwrap_or(0), Ordering::Release);
    let outcome = midwife.registers.call();
    midwife.outcome.store(outcome, Ordering::Release);
    drop(midwife);
    // Not by returning: the C library would free the storage.
    loop {
        gate(libc::SYS_exit, [0; 6]);
    }
}

/// Where a child in its parent's memory begins.
extern "C" fn begin(given: *mut c_void) -> ! {
    // SAFETY: `Stack::map` has put one count of an `Arc<Newcomer>` there.
    let newcomer = unsafe { Arc::from_raw(given.cast::<Newcomer>().cast_const()) };
    while !newcomer.released.load(Ordering::Acquire) {
        gate(libc::SYS_sched_yield, [0; 6]);
    }
    let identity = newcomer.identity.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(identity) = identity {
        identity.adopt(newcomer.keeps_tid_address);
        handler::forget_caught();
    }
    let body = newcomer.body.lock().unwrap_or_else(PoisonError::into_inner).take();
    drop(newcomer);
    if let Some(body) = body {
        body();
    }
    // SAFETY: _exit(2) ends the process.
    unsafe { libc::_exit(0) }
}

/// What a child in its parent's memory is given.
struct Newcomer {
    body: Mutex<Option<thread::Body>>,
    /// That of the thread whose storage it takes over; none where it uses its parent's.
    identity: Mutex<Option<Identity>>,
    keeps_tid_address: bool,
    handlers: handler::Table,
    midwife: AtomicUsize,
    released: AtomicBool,
}

/// What the thread that makes the child is given.
struct Midwife {
    registers: Registers,
    outcome: AtomicI64,
    newcomer: Arc<Newcomer>,
    mask: u64,
}

/// No system call gives this.
const UNKNOWN: i64 = i64::MIN;

fn newcomer(flags: u64) -> Result<Arc<Newcomer>, Failure> {
    let body = thread::prepared().ok_or_else(|| Failure::Refused("only a step of the script makes a child".into()))?;
    let shared = flags & libc::CLONE_SIGHAND as u64 != 0 || flags & libc::CLONE_VFORK as u64 != 0;
    Ok(Arc::new(Newcomer {
        body: Mutex::new(Some(body)),
        identity: Mutex::new(None),
        keeps_tid_address: flags_keep_tid_address(flags),
        handlers: if shared { handler::table() } else { handler::copied_table() },
        midwife: AtomicUsize::new(0),
        released: AtomicBool::new(false),
    }))
}

/// Whether the script has said itself what is cleared at the child's end.
fn flags_keep_tid_address(flags: u64) -> bool {
    flags & libc::CLONE_CHILD_CLEARTID as u64 != 0
}

/// What the C library keeps of a thread's identity, which the kernel does not copy or which a copy makes wrong: the thread id, by which
/// mutexes know their owners, and the list of robust mutexes.
#[derive(Debug, Clone, Copy)]
struct Identity {
    /// Where the C library keeps the id; 0 when the kernel does not tell.
    tid_at: usize,
    /// The head of the list.
    robust: usize,
}

impl Identity {
    /// That of the calling thread.
    fn own() -> Self {
        /// How far the id lies behind the start of a thread's storage; the same in all threads.
        static DISTANCE: AtomicUsize = AtomicUsize::new(0);
        // SAFETY: pthread_self(3) takes nothing.
        let storage = unsafe { libc::pthread_self() } as usize;
        let (mut address, mut robust, mut length) = (0usize, 0usize, 0usize);
        if DISTANCE.load(Ordering::Relaxed) == 0 {
            // The C library has its threads' ids cleared at their ends, so that the kernel knows the address.
            let at = (&raw mut address).expose_provenance();
            gate(libc::SYS_prctl, [libc::PR_GET_TID_ADDRESS as usize, at, 0, 0, 0, 0]);
            DISTANCE.store(address.checked_sub(storage).filter(|distance| *distance < 1 << 16).unwrap_or(0), Ordering::Relaxed);
        }
        let distance = DISTANCE.load(Ordering::Relaxed);
        let at = (&raw mut robust).expose_provenance();
        let length_at = (&raw mut length).expose_provenance();
        gate(libc::SYS_get_robust_list, [0, at, length_at, 0, 0, 0]);
        Self { tid_at: if distance == 0 { 0 } else { storage + distance }, robust }
    }

    /// Makes it that of the calling task, as fork(3) does for its child.
    fn adopt(self, keeps_tid_address: bool) {
        let own = i32::try_from(gate(libc::SYS_gettid, [0; 6])).unwrap_or(0);
        if self.tid_at != 0 {
            // SAFETY: the C library keeps this thread's id there, and nobody else writes to it.
            unsafe { with_exposed_provenance_mut::<i32>(self.tid_at).write(own) };
            if !keeps_tid_address {
                gate(libc::SYS_set_tid_address, [self.tid_at, 0, 0, 0, 0, 0]);
            }
        }
        if self.robust != 0 {
            let head = with_exposed_provenance_mut::<usize>(self.robust);
            // SAFETY: an empty list is one whose head points to itself; the C library keeps the last element before the head.
            unsafe { head.write(self.robust) };
            let last = head.wrapping_sub(1);
            // SAFETY: as above.
            unsafe { last.write(self.robust) };
            /// `sizeof(struct robust_list_head)`
            const LENGTH: usize = 24;
            gate(libc::SYS_set_robust_list, [self.robust, LENGTH, 0, 0, 0, 0]);
        }
    }
}

/// A stack for a child in its parent's memory, with the child's beginning on top.
#[derive(Debug, Clone, Copy)]
struct Stack {
    base: usize,
}

impl Stack {
    const SIZE: usize = 2 << 20;
    /// What lies on top: where the child begins, and what it is given.
    const TOP: usize = 2 * size_of::<usize>();

    fn map(newcomer: &Arc<Newcomer>) -> Result<Self, Failure> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_STACK;
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new anonymous mapping replaces nothing.
        let base = unsafe { libc::mmap(null_mut(), Self::SIZE, protection, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return Err(Failure::Errno(Errno::last()));
        }
        let stack = Self { base: base.expose_provenance() };
        let given = Arc::into_raw(Arc::clone(newcomer)).expose_provenance();
        let words = [begin as *const () as usize, given];
        // SAFETY: the top of the mapping has room for two words.
        unsafe { with_exposed_provenance_mut::<[usize; 2]>(stack.pointer()).write(words) };
        Ok(stack)
    }

    /// Where the child's stack pointer starts.
    fn pointer(self) -> usize {
        self.base + Self::SIZE - Self::TOP
    }

    /// Takes back what lies there for a child that was not born.
    fn take_back(self) {
        // SAFETY: `map` has written two words there.
        let [_, given] = unsafe { with_exposed_provenance_mut::<[usize; 2]>(self.pointer()).read() };
        // SAFETY: the count that `map` put there was not taken.
        drop(unsafe { Arc::from_raw(std::ptr::with_exposed_provenance::<Newcomer>(given)) });
    }

    fn unmap(self) {
        gate(libc::SYS_munmap, [self.base, Self::SIZE, 0, 0, 0, 0]);
    }
}

/// A system call, ready to be made.
struct Registers {
    number: libc::c_long,
    arguments: [usize; 5],
    /// What clone3 reads; boxed, so that it does not move.
    _kept: Option<Box<(ForKernel, Vec<i32>)>>,
}

/// `struct clone_args` of linux/sched.h.
#[repr(C)]
struct ForKernel {
    flags: u64,
    pidfd: u64,
    child_tid: u64,
    parent_tid: u64,
    exit_signal: u64,
    stack: u64,
    stack_size: u64,
    tls: u64,
    set_tid: u64,
    set_tid_size: u64,
    cgroup: u64,
}

impl Birth<'_> {
    fn flags(self) -> u64 {
        match self {
            Self::Clone { flags, .. } | Self::Clone3 { flags, .. } => flags,
        }
    }

    fn registers(self, stack: Option<&Stack>) -> Registers {
        match self {
            Self::Clone { flags, parent_tid, child_tid } => {
                let pointer = stack.map_or(0, |stack| stack.pointer());
                let flags = usize::try_from(flags).unwrap_or(usize::MAX);
                // Two of the arguments change places between architectures; see clone(2).
                let arguments = if cfg!(target_arch = "x86_64") {
                    [flags, pointer, parent_tid, child_tid, 0]
                } else {
                    [flags, pointer, parent_tid, 0, child_tid]
                };
                Registers { number: libc::SYS_clone, arguments, _kept: None }
            }
            Self::Clone3 { flags, addresses: [pidfd, child_tid, parent_tid], exit_signal, set_tid, cgroup } => {
                let set_tid = set_tid.to_vec();
                let for_kernel = ForKernel {
                    flags,
                    pidfd: pidfd as u64,
                    child_tid: child_tid as u64,
                    parent_tid: parent_tid as u64,
                    exit_signal: u64::from(exit_signal.cast_unsigned()),
                    stack: stack.map_or(0, |stack| stack.base) as u64,
                    stack_size: stack.map_or(0, |_| Stack::SIZE - Stack::TOP) as u64,
                    tls: 0,
                    set_tid: if set_tid.is_empty() { 0 } else { set_tid.as_ptr().expose_provenance() as u64 },
                    set_tid_size: set_tid.len() as u64,
                    cgroup: if flags & CLONE_INTO_CGROUP == 0 { 0 } else { u64::from(cgroup.cast_unsigned()) },
                };
                let kept = Box::new((for_kernel, set_tid));
                let arguments = [(&raw const kept.0).expose_provenance(), size_of::<ForKernel>(), 0, 0, 0];
                Registers { number: libc::SYS_clone3, arguments, _kept: Some(kept) }
            }
        }
    }
}

const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

impl Registers {
    /// Makes the call; gives what the kernel gives, errors as negative numbers.
    fn call(&self) -> i64 {
        let [a, b, c, d, e] = self.arguments;
        // SAFETY: without a stack it returns twice like fork(2), in memories of their own; with one, the child begins on it.
        unsafe { ipcscript_spawn(self.number, a, b, c, d, e) }
    }
}

fn success(result: i64) -> Result<i32, Failure> {
    let number = i32::try_from(result).unwrap_or(i32::MAX);
    if number < 0 { Err(Failure::Errno(Errno(-number))) } else { Ok(number) }
}

// The child with a stack of its own must not return into its parent's frames: it takes its beginning from the top of that stack.
// A child without one finds the return address in its copy of the stack; which it is, the stack pointer tells.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".hidden ipcscript_spawn",
    ".global ipcscript_spawn",
    ".type ipcscript_spawn,@function",
    "ipcscript_spawn:",
    "mov rax, rdi",
    "mov rdi, rsi",
    "mov rsi, rdx",
    "mov rdx, rcx",
    "mov r10, r8",
    "mov r8, r9",
    "mov r9, rsp",
    "syscall",
    "cmp r9, rsp",
    "jne 2f",
    "ret",
    "2:",
    "xor ebp, ebp",
    "pop rax",
    "pop rdi",
    "call rax",
    "ud2",
);

#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".hidden ipcscript_spawn",
    ".global ipcscript_spawn",
    ".type ipcscript_spawn,%function",
    "ipcscript_spawn:",
    "mov x8, x0",
    "mov x0, x1",
    "mov x1, x2",
    "mov x2, x3",
    "mov x3, x4",
    "mov x4, x5",
    "mov x9, sp",
    "svc #0",
    "mov x10, sp",
    "cmp x9, x10",
    "b.ne 2f",
    "ret",
    "2:",
    "mov x29, xzr",
    "mov x30, xzr",
    "ldp x1, x0, [sp], #16",
    "blr x1",
    "brk #1",
);

unsafe extern "C" {
    fn ipcscript_spawn(number: libc::c_long, a: usize, b: usize, c: usize, d: usize, e: usize) -> i64;
}
