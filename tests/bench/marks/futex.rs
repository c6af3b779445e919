//! The floor of a step: two processes on one processor that hand a turn to each other, with futex(2) in shared memory.

use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

/// How the two are scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduling {
    /// SCHED_FIFO: the one that answers before the one that asks.
    Fifo,
    /// As everybody.
    Ordinary,
}

/// Round trips in one measurement.
const TRIPS: u32 = 10_000;

/// What the two share.
struct Page {
    asked: AtomicU32,
    answered: AtomicU32,
    nanoseconds: AtomicU64,
}

/// Seconds that one round trip takes.
pub fn round_trip(scheduling: Scheduling) -> io::Result<f64> {
    let page = shared::<Page>()?;
    in_child(|| {
        settle_down(scheduling, 1)?;
        let partner = fork()?;
        if partner == 0 {
            if settle_down(scheduling, 2).is_err() {
                std::process::exit(1);
            }
            answer(page);
        }
        for turn in 1..=TRIPS / 10 {
            ask(page, turn);
        }
        let began = Instant::now();
        for turn in TRIPS / 10 + 1..=TRIPS / 10 + TRIPS {
            ask(page, turn);
        }
        page.nanoseconds.store(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::SeqCst);
        // SAFETY: kill(2) takes integers; the partner is our child and not reaped.
        unsafe { libc::kill(partner, libc::SIGKILL) };
        wait(partner).map(|_| ())
    })?;
    Ok(page.nanoseconds.load(Ordering::SeqCst) as f64 * 1e-9 / f64::from(TRIPS))
}

fn ask(page: &Page, turn: u32) {
    page.asked.store(turn, Ordering::Release);
    futex(&page.asked, libc::FUTEX_WAKE, 1);
    loop {
        let seen = page.answered.load(Ordering::Acquire);
        if seen == turn {
            return;
        }
        futex(&page.answered, libc::FUTEX_WAIT, seen);
    }
}

fn answer(page: &Page) -> ! {
    let mut last = 0;
    loop {
        let turn = page.asked.load(Ordering::Acquire);
        if turn == last {
            futex(&page.asked, libc::FUTEX_WAIT, last);
            continue;
        }
        last = turn;
        // The call itself, which a step makes.
        // SAFETY: getpid(2) takes nothing and cannot fail.
        unsafe { libc::syscall(libc::SYS_getpid) };
        page.answered.store(turn, Ordering::Release);
        futex(&page.answered, libc::FUTEX_WAKE, 1);
    }
}

fn futex(word: &AtomicU32, operation: i32, value: u32) {
    // SAFETY: futex(2) looks at a word that outlives the call; there is no time limit.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, std::ptr::null::<libc::timespec>()) };
}

/// Whether this machine lets us use FIFO scheduling.
pub fn fifo_granted() -> bool {
    in_child(|| settle_down(Scheduling::Fifo, 1)).is_ok()
}

/// Puts the calling process on the first processor that it may use, as the engine's first worker does with a sandbox.
pub fn settle_down(scheduling: Scheduling, priority: i32) -> io::Result<()> {
    // SAFETY: cpu_set_t is plain bits, for which zero is a value.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: sched_getaffinity(2) fills a local set, whose size it is told.
    check(unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) })?;
    // SAFETY: CPU_ISSET reads a bit of the set, for numbers below its size.
    let first = (0..libc::CPU_SETSIZE as usize).find(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) });
    // SAFETY: as above.
    let mut one: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the number comes out of such a set.
    unsafe { libc::CPU_SET(first.unwrap_or(0), &mut one) };
    // SAFETY: sched_setaffinity(2) reads a local set, whose size it is told.
    check(unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const one) })?;
    if scheduling == Scheduling::Fifo {
        let parameters = libc::sched_param { sched_priority: priority };
        // SAFETY: sched_setscheduler(2) reads a local variable.
        check(unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const parameters) })?;
    }
    Ok(())
}

/// Memory for a `T` whose zero bytes are a value, shared with what is forked later.
pub fn shared<T>() -> io::Result<&'static T> {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: a new anonymous mapping replaces nothing.
    let at = unsafe { libc::mmap(std::ptr::null_mut(), size_of::<T>(), libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if at == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the mapping is as large as a page at least, aligned, zero, and never taken away.
    Ok(unsafe { &*at.cast::<T>() })
}

/// Does something in a child process, so that what it changes of itself goes with it.
pub fn in_child(what: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let child = fork()?;
    if child == 0 {
        std::process::exit(match what() {
            Ok(()) => 0,
            Err(error) => error.raw_os_error().unwrap_or(libc::EIO),
        });
    }
    match wait(child)? {
        0 => Ok(()),
        status => Err(io::Error::from_raw_os_error(libc::WEXITSTATUS(status))),
    }
}

/// fork(2); this program has one thread.
pub fn fork() -> io::Result<i32> {
    // SAFETY: with one thread, the child is a whole copy.
    let pid = unsafe { libc::fork() };
    check(pid)?;
    Ok(pid)
}

/// The wait status of a child.
pub fn wait(pid: i32) -> io::Result<i32> {
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    check(unsafe { libc::waitpid(pid, &raw mut status, 0) })?;
    Ok(status)
}

/// The error of a call that failed.
pub fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
