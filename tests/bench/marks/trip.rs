//! The floor of a step: two processes on one processor that hand a turn to each other, with futex(2) in shared memory.

use super::bare::{Scheduling, fork, futex, in_child, settle_down, shared, wait};
use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

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
        settle_down(scheduling, 1, 0)?;
        let partner = fork()?;
        if partner == 0 {
            if settle_down(scheduling, 2, 0).is_err() {
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
