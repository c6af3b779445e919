//! The floor of an order: a process that is pid 1 of a world of its own takes a new IPC namespace, forks the actors, hands each its calls by
//! futex(2), kills them, and reaps them. It checks, writes down and judges nothing.

use super::bare::{Scheduling, born, check, ended_well, fork, futex, in_child, outer_map, settle_down, shared};
use super::piece::{ACTORS, Act, Piece};
use std::io;
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// Orders in one measurement, of each worker.
const ORDERS: usize = 1_000;
/// Seconds after which a measurement cannot end well any more.
const PATIENCE: u32 = 30;
const OUTER: i32 = libc::CLONE_NEWUSER | libc::CLONE_NEWNS | libc::CLONE_NEWPID;
const INNER: i32 = OUTER | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | libc::CLONE_NEWCGROUP;

/// What a worker and its actors share.
#[repr(C, align(4096))]
struct Page {
    turns: [Turn; ACTORS],
    segment: AtomicI32,
    semaphore: AtomicI32,
    address: AtomicUsize,
    forks: AtomicUsize,
}

/// The words of one actor.
#[repr(C, align(64))]
struct Turn {
    asked: AtomicU32,
    answered: AtomicU32,
    act: AtomicU32,
}

/// What the workers tell.
struct Board {
    ready: AtomicU32,
    nanoseconds: [AtomicU64; 2],
}

/// Orders a second of `workers` workers, each on its own processor.
pub fn rate(piece: Piece, scheduling: Scheduling, workers: usize) -> io::Result<f64> {
    let board = shared::<Board>()?;
    let mut children = Vec::new();
    for number in 0..workers {
        match fork()? {
            0 => std::process::exit(worker(piece, scheduling, number, workers, board).map_or_else(code, |()| 0)),
            child => children.push(child),
        }
    }
    children.into_iter().try_for_each(ended_well)?;
    let rates = board.nanoseconds.iter().take(workers).map(|time| ORDERS as f64 / (time.load(Ordering::SeqCst) as f64 * 1e-9));
    Ok(rates.sum())
}

fn code(error: io::Error) -> i32 {
    error.raw_os_error().unwrap_or(libc::EIO)
}

fn worker(piece: Piece, scheduling: Scheduling, number: usize, workers: usize, board: &Board) -> io::Result<()> {
    let page = shared::<Page>()?;
    let orders = piece.orders();
    in_child(|| {
        settle_down(scheduling, 2, number)?;
        // SAFETY: alarm(2) takes an integer. Who waits for an actor that has failed waits no longer than this.
        unsafe { libc::alarm(PATIENCE) };
        let keeper = born(OUTER, &outer_map(), || {
            // SAFETY: this prctl(2) takes integers only.
            check(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) })?;
            own_proc()?;
            let first = born(INNER, "0 0 1\n", || {
                for at in 0..ORDERS / 10 {
                    play(piece, &orders[at % orders.len()], page)?;
                }
                board.ready.fetch_add(1, Ordering::SeqCst);
                while (board.ready.load(Ordering::SeqCst) as usize) < workers {
                    std::hint::spin_loop();
                }
                let began = Instant::now();
                for at in 0..ORDERS {
                    play(piece, &orders[at % orders.len()], page)?;
                }
                let time = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
                board.nanoseconds[number].store(time, Ordering::SeqCst);
                Ok(())
            })?;
            ended_well(first)
        })?;
        ended_well(keeper)
    })
}

/// A /proc of the pid namespace at hand: the inner layer's maps are written through it.
fn own_proc() -> io::Result<()> {
    use nix::mount::{MsFlags, mount};
    let none = None::<&str>;
    mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_PRIVATE, none)?;
    Ok(mount(Some("proc"), "/proc", Some("proc"), MsFlags::empty(), none)?)
}

/// One order, from its world to its end.
fn play(piece: Piece, order: &[usize], page: &Page) -> io::Result<()> {
    // SAFETY: unshare(2) takes an integer.
    check(unsafe { libc::unshare(libc::CLONE_NEWIPC) })?;
    for turn in &page.turns {
        turn.asked.store(0, Ordering::Relaxed);
        turn.answered.store(0, Ordering::Relaxed);
    }
    page.forks.store(0, Ordering::Relaxed);
    for actor in 0..piece.declared() {
        if fork()? == 0 {
            live(page, actor);
        }
    }
    piece.before().iter().for_each(|act| ask(page, 0, *act));
    let mut parts = piece.inside();
    for &actor in order {
        if let Some((_, part)) = parts.iter_mut().find(|(number, _)| *number == actor)
            && let Some((act, rest)) = part.split_first()
        {
            ask(page, actor, *act);
            *part = rest;
        }
    }
    piece.behind().iter().for_each(|act| ask(page, 0, *act));
    // SAFETY: kill(2) takes integers; this is pid 1, so -1 is everybody else in its pid namespace.
    check(unsafe { libc::kill(-1, libc::SIGKILL) })?;
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    while unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL) } > 0 {}
    Ok(())
}

fn ask(page: &Page, actor: usize, act: Act) {
    let turn = &page.turns[actor];
    let asked = turn.asked.load(Ordering::Relaxed) + 1;
    turn.act.store(act as u32, Ordering::Relaxed);
    turn.asked.store(asked, Ordering::Release);
    futex(&turn.asked, libc::FUTEX_WAKE, 1);
    loop {
        let seen = turn.answered.load(Ordering::Acquire);
        if seen == asked {
            return;
        }
        futex(&turn.answered, libc::FUTEX_WAIT, seen);
    }
}

/// The life of an actor; who is forked goes on as another.
fn live(page: &Page, mut actor: usize) -> ! {
    let mut last = 0;
    loop {
        let turn = &page.turns[actor];
        let asked = turn.asked.load(Ordering::Acquire);
        if asked == last {
            futex(&turn.asked, libc::FUTEX_WAIT, last);
            continue;
        }
        last = asked;
        if let Some(born) = perform(page, turn.act.load(Ordering::Relaxed)) {
            (actor, last) = (born, 0);
            continue;
        }
        turn.answered.store(asked, Ordering::Release);
        futex(&turn.answered, libc::FUTEX_WAKE, 1);
    }
}

/// Makes a call; where it returns in a new process, gives whom that plays. What fails ends the actor, and with that, in time, the measurement.
fn perform(page: &Page, act: u32) -> Option<usize> {
    let semop = |amount: i16| {
        let mut operation = libc::sembuf { sem_num: 0, sem_op: amount, sem_flg: 0 };
        // SAFETY: semop(2) reads a local variable.
        unsafe { libc::semop(page.semaphore.load(Ordering::Relaxed), &raw mut operation, 1) }
    };
    let word = || page.address.load(Ordering::Relaxed) as *mut u32;
    let done = match Act::at(act) {
        Some(Act::Segment) => {
            // SAFETY: shmget(2) takes integers only.
            let segment = unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, 0o600) };
            page.segment.store(segment, Ordering::Relaxed);
            segment
        }
        Some(Act::Attach) => {
            // SAFETY: shmat(2) chooses the address, and replaces nothing.
            let address = unsafe { libc::shmat(page.segment.load(Ordering::Relaxed), std::ptr::null(), 0) };
            page.address.store(address as usize, Ordering::Relaxed);
            if address as isize == -1 { -1 } else { 0 }
        }
        Some(Act::Semaphore) => {
            // SAFETY: semget(2) takes integers only.
            let semaphore = unsafe { libc::semget(libc::IPC_PRIVATE, 1, 0o600) };
            page.semaphore.store(semaphore, Ordering::Relaxed);
            semaphore
        }
        // SAFETY: this semctl(2) takes integers only.
        Some(Act::Set) => unsafe { libc::semctl(page.semaphore.load(Ordering::Relaxed), 0, libc::SETVAL, 8) },
        Some(Act::Fork) => {
            let child = page.forks.fetch_add(1, Ordering::Relaxed) + 1;
            match fork() {
                Ok(0) => return Some(child),
                Ok(_) => 0,
                Err(_) => -1,
            }
        }
        Some(Act::Down) => semop(-1),
        Some(Act::Up) => semop(1),
        Some(Act::Load) => {
            // SAFETY: the segment is attached at this address in every actor of the piece.
            std::hint::black_box(unsafe { std::ptr::read_volatile(word()) });
            0
        }
        Some(Act::Store) => {
            // SAFETY: as above.
            unsafe { std::ptr::write_volatile(word(), 1) };
            0
        }
        None => -1,
    };
    if done < 0 {
        std::process::abort();
    }
    None
}
