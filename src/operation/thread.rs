//! Threads: several actors in one process; see pthreads(7).

use super::argument::{Pid, Timeout};
use super::entry::{call, constants};
use super::kernel::{gate, mask, set_mask};
use super::{Failure, Family, handler, kernel};
use crate::value::{Errno, Signal};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::{from_ref, null, null_mut, without_provenance_mut};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Threads.
pub static FAMILY: Family = Family {
    name: "thread",
    title: "Threads",
    summary: "To the kernel a thread is a task like any other that shares nearly everything with its siblings: memory, descriptors, \
        working directory, handlers, the list of SEM_UNDO values, the pid. Its own are the thread id, the signal mask, and, as far as the \
        kernel is concerned, credentials, namespaces and seccomp filters: the C library changes ids in all threads, `syscall` in the \
        caller alone. In a script a thread is an actor, and as a value it is its thread id: good for `tgkill`, and for \
        /proc/PID/task/TID. `exit`, `execve` and a fatal signal are the end of all threads of a process.",
    calls: &[
        &THREAD,
        &PTHREAD_EXIT,
        &PTHREAD_JOIN,
        &PTHREAD_TRYJOIN_NP,
        &PTHREAD_TIMEDJOIN_NP,
        &PTHREAD_DETACH,
        &PTHREAD_KILL,
        &PTHREAD_SIGQUEUE,
    ],
    constants: &[&JoinResult::GROUP],
    structs: &[],
};

constants! {
    /// results of threads
    choice JoinResult(i64) {
        PTHREAD_CANCELED = -1, "what pthread_join gives for a thread that was cancelled";
    }
}

call! {
    /// Starts a thread of the caller's process: `t = thread()`. It takes its steps like any other actor.
    ///
    /// This is a word of the scripts for `pthread_create`. As a value the thread is its id, as `gettid` gives it. It has the caller's
    /// mask, credentials, namespaces and seccomp filters at that moment.
    fn thread() -> Pid {
        let body = NEXT.take().ok_or_else(|| Failure::Refused("only a step of the script starts a thread".into()))?;
        let start = Arc::new(Start { body: Mutex::new(Some(body)), mask: mask(), handlers: handler::table(), id: AtomicI32::new(0) });
        let given = Arc::into_raw(Arc::clone(&start)).cast_mut().cast();
        let mut handle = 0;
        // Signals stay held back as they are between calls: a handler must not find the C library in the middle of this.
        // SAFETY: pthread_create(3) fills `handle`; `begin` takes over the count of `given` that it is passed.
        let failed = unsafe { libc::pthread_create(&raw mut handle, null(), begin, given) };
        if failed != 0 {
            // SAFETY: no thread has begun, so that the count passed to it is still ours.
            drop(unsafe { Arc::from_raw(given.cast::<Start>().cast_const()) });
            return Err(Failure::Errno(Errno(failed)));
        }
        // A wait in the kernel would look like a call that blocks.
        while start.id.load(Ordering::Acquire) == 0 {
            gate(libc::SYS_sched_yield, [0; 6]);
        }
        let id = start.id.load(Ordering::Acquire);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            // SAFETY: pthread_self(3) takes nothing.
            known.push((own_id(), unsafe { libc::pthread_self() }));
        }
        known.push((id, handle));
        Ok(Pid(id))
    }
    const THREAD: "pthread_create(3)";
    traits: [Forks, Shares, Threads];
    blocks: "never";
    errors: {
        EAGAIN: "RLIMIT_NPROC, or a pids cgroup, allows no further task",
        EINVAL: "the caller has left its pid namespace for its children: threads cannot be in two of them",
        EPERM: "a seccomp filter says so",
    };
    example: "a: t = thread()
t: getpid()             -> a
t: gettid()             -> t
expect t != a
t: x = open(\"made\", O_CREAT | O_WRONLY, 0o600)
a: write(x, \"the same table of descriptors\")
t: pthread_exit()";
}

call! {
    /// Ends the calling thread; the process goes on as long as another thread does.
    ///
    /// The last thread ends the process with status 0, and what `atexit` was given is done then. `retval` is what `pthread_join`
    /// gives.
    fn pthread_exit(retval: i64 = 0) -> () {
        let value = without_provenance_mut(usize::try_from(retval.cast_unsigned()).unwrap_or(0));
        // SAFETY: the stack of this thread is left for good: no frame on it is returned to, and what the frames own is leaked.
        unsafe { ipcscript_leave(value) }
    }
    const PTHREAD_EXIT: "pthread_exit(3)";
    traits: [Ends];
    blocks: "never";
    errors: {};
    example: "a: t = thread()
t: pthread_exit(7)
a: pthread_join(t)      -> 7";
}

call! {
    /// Waits until a thread of the caller's process has ended, and gives what it gave to `pthread_exit`.
    fn pthread_join(thread: Pid) -> i64 {
        let mut value = null_mut();
        let handle = handle(thread)?;
        // SAFETY: pthread_join(3) fills `value`; the handle is that of a thread that was neither joined nor detached.
        by_number(|| unsafe { libc::pthread_join(handle, &raw mut value) })?;
        forget(thread);
        Ok(result(value))
    }
    const PTHREAD_JOIN: "pthread_join(3)";
    traits: [Wakes];
    blocks: "until the thread has ended";
    errors: {
        ESRCH: "the caller's process has no such thread, or it was joined or detached before",
        EDEADLK: "the caller itself, or a thread that waits for the caller",
        EINVAL: "another thread waits for it already",
    };
    example: "a: t = thread()
a: pthread_join(t)      -> blocks
t: pthread_exit()
a: resumes              -> 0
a: pthread_join(t)      -> ESRCH";
}

call! {
    /// Like `pthread_join`, and does not wait.
    fn pthread_tryjoin_np(thread: Pid) -> i64 {
        let mut value = null_mut();
        let handle = handle(thread)?;
        // SAFETY: as for pthread_join.
        by_number(|| unsafe { libc::pthread_tryjoin_np(handle, &raw mut value) })?;
        forget(thread);
        Ok(result(value))
    }
    const PTHREAD_TRYJOIN_NP: "pthread_tryjoin_np(3)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EBUSY: "the thread has not ended",
        ESRCH: "the caller's process has no such thread, or it was joined or detached before",
        EDEADLK: "the caller itself",
    };
    example: "a: t = thread()
a: pthread_tryjoin_np(t) -> EBUSY
t: pthread_exit(3)
a: pthread_tryjoin_np(t) -> 3";
}

call! {
    /// Like `pthread_join`, and waits no longer than `abstime`.
    ///
    /// C takes the time of day here; write how long from now.
    fn pthread_timedjoin_np(thread: Pid, abstime: Timeout) -> i64 {
        let mut value = null_mut();
        let handle = handle(thread)?;
        let deadline = abstime.deadline(libc::CLOCK_REALTIME);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        // SAFETY: as for pthread_join; the deadline outlives the call.
        by_number(|| unsafe { libc::pthread_timedjoin_np(handle, &raw mut value, deadline) })?;
        forget(thread);
        Ok(result(value))
    }
    const PTHREAD_TIMEDJOIN_NP: "pthread_timedjoin_np(3)";
    traits: [Wakes];
    blocks: "until the thread has ended, or the time is over";
    errors: {
        ETIMEDOUT: "the time was over before the thread ended",
        ESRCH: "the caller's process has no such thread, or it was joined or detached before",
        EDEADLK: "the caller itself",
    };
    example: "a: t = thread()
a: pthread_timedjoin_np(t, 10ms) -> ETIMEDOUT";
}

call! {
    /// Says that nobody will wait for a thread: at its end nothing of it is kept.
    fn pthread_detach(thread: Pid) -> () {
        let handle = handle(thread)?;
        // SAFETY: pthread_detach(3) takes the handle of a thread that was neither joined nor detached.
        by_number(|| unsafe { libc::pthread_detach(handle) })?;
        forget(thread);
        Ok(())
    }
    const PTHREAD_DETACH: "pthread_detach(3)";
    traits: [Wakes];
    blocks: "never";
    errors: { ESRCH: "the caller's process has no such thread, or it was joined or detached before" };
    example: "a: t = thread()
a: pthread_detach(t)
a: pthread_join(t)      -> ESRCH";
}

call! {
    /// Sends a signal to a thread of the caller's process. A fatal one ends the whole process all the same.
    fn pthread_kill(thread: Pid, sig: Signal) -> () {
        let handle = handle(thread)?;
        // SAFETY: pthread_kill(3) takes the handle of a thread that was neither joined nor detached.
        by_number(|| unsafe { libc::pthread_kill(handle, sig.0) })?;
        Ok(())
    }
    const PTHREAD_KILL: "pthread_kill(3)";
    traits: [];
    blocks: "never";
    errors: {
        ESRCH: "the caller's process has no such thread, or it was joined or detached",
        EINVAL: "no signal has this number: below 0, or above 64",
    };
    example: "a: signal(SIGUSR1, do { })
a: t = thread()
a: pthread_kill(t, SIGUSR1)
t: caught()             -> [SIGUSR1]
a: caught()             -> []";
}

call! {
    /// Sends a signal with a number to a thread of the caller's process.
    fn pthread_sigqueue(thread: Pid, sig: Signal, value: i32 = 0) -> () {
        let handle = handle(thread)?;
        let value = libc::sigval { sival_ptr: without_provenance_mut(value.cast_unsigned() as usize) };
        // SAFETY: pthread_sigqueue(3) takes a handle as above, and a value that nobody follows as a pointer.
        by_number(|| unsafe { pthread_sigqueue_in_c(handle, sig.0, value) })?;
        Ok(())
    }
    const PTHREAD_SIGQUEUE: "pthread_sigqueue(3)";
    traits: [];
    blocks: "never";
    errors: {
        ESRCH: "the caller's process has no such thread, or it was joined or detached",
        EINVAL: "no signal has this number: below 0, or above 64",
        EAGAIN: "RLIMIT_SIGPENDING signals are waiting already",
    };
    example: "a: t = thread()
t: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: pthread_sigqueue(t, SIGUSR1, 5)
t: sigwaitinfo([SIGUSR1]) -> {si_code: SI_QUEUE, si_value: 5}";
}

/// What a new thread does, until its process ends or it leaves.
pub type Body = Box<dyn FnOnce() + Send>;

/// Says what the next thread that the calling thread starts is to do.
pub fn prepare(body: Body) {
    NEXT.set(Some(body));
}

/// Takes what was prepared.
pub(super) fn prepared() -> Option<Body> {
    NEXT.take()
}

/// In the child of a fork: the threads of its parent are none of its own.
pub(super) fn forget_all() {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// Makes a call that gives an error number, as those of POSIX threads do; the number when it is no error.
pub(super) fn by_number(call: impl FnOnce() -> i32) -> Result<i32, Errno> {
    // One of them succeeds with -1.
    match kernel(|| i64::from(call().cast_unsigned()))? {
        0 => Ok(0),
        number => match i32::try_from(number) {
            Ok(number) => Err(Errno(number)),
            Err(_) => Ok(-1),
        },
    }
}

/// What a thread gets from the one that starts it.
struct Start {
    body: Mutex<Option<Body>>,
    mask: u64,
    handlers: handler::Table,
    /// Its id, once it runs.
    id: AtomicI32,
}

thread_local! {
    static NEXT: Cell<Option<Body>> = const { Cell::new(None) };
}

/// The threads of this process that can be joined, by their ids.
static KNOWN: Mutex<Vec<(i32, libc::pthread_t)>> = Mutex::new(Vec::new());

extern "C" fn begin(given: *mut c_void) -> *mut c_void {
    // SAFETY: `thread` passes one count of an `Arc<Start>`.
    let start = unsafe { Arc::from_raw(given.cast::<Start>().cast_const()) };
    set_mask(start.mask);
    handler::share(start.handlers);
    let body = start.body.lock().unwrap_or_else(PoisonError::into_inner).take();
    start.id.store(own_id(), Ordering::Release);
    drop(start);
    if let Some(body) = body {
        body();
    }
    null_mut()
}

fn own_id() -> i32 {
    i32::try_from(gate(libc::SYS_gettid, [0; 6])).unwrap_or(0)
}

fn handle(thread: Pid) -> Result<libc::pthread_t, Errno> {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.iter().find(|(id, _)| *id == thread.0).map(|&(_, handle)| handle).ok_or(Errno::ESRCH)
}

fn forget(thread: Pid) {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).retain(|(id, _)| *id != thread.0);
}

fn result(value: *mut c_void) -> i64 {
    (value.addr() as u64).cast_signed()
}

// The C library ends a thread by unwinding its stack up to where it began. The frames in between are not of C, so they are not to
// be unwound: this stub carries no unwinding information, which the C library takes for the end of the stack.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".hidden ipcscript_leave",
    ".global ipcscript_leave",
    ".type ipcscript_leave,@function",
    "ipcscript_leave:",
    "and rsp, -16",
    "call {exit}",
    "ud2",
    exit = sym libc::pthread_exit,
);

#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".hidden ipcscript_leave",
    ".global ipcscript_leave",
    ".type ipcscript_leave,%function",
    "ipcscript_leave:",
    "bl {exit}",
    "brk #1",
    exit = sym libc::pthread_exit,
);

unsafe extern "C" {
    fn ipcscript_leave(value: *mut c_void) -> !;
    #[link_name = "pthread_sigqueue"]
    fn pthread_sigqueue_in_c(thread: libc::pthread_t, signal: i32, value: libc::sigval) -> i32;
}
