//! Waiting for several descriptors, the older way; see select(2).

use super::argument::{Fd, Refusal, Signals, Timeout};
use super::entry::{call, structure};
use super::{Failure, Family, handler, kernel};
use std::ptr::{from_mut, null_mut};

/// Waiting for several descriptors, the older way.
pub static FAMILY: Family = Family {
    name: "select",
    title: "Waiting for several descriptors, the older way",
    summary: "`select` takes three sets of descriptors: those to read, those to write, those with something exceptional. It waits until one of them is \
        ready, and gives the three sets of those that are. Sets are lists, and the number `nfds` of C follows from them. A descriptor that is no \
        descriptor is an error of the whole call, where `poll` reports it as an event.",
    calls: &[&SELECT, &PSELECT],
    constants: &[],
    structs: &[&Ready::STRUCTURE],
};

structure! {
    /// The descriptors that are ready, by what they are ready for.
    Ready = "fd_sets" { readfds: Vec<Fd>, writefds: Vec<Fd>, exceptfds: Vec<Fd> }
}

call! {
    /// Waits until a descriptor is ready to be read or written or has something exceptional, and gives those that are.
    ///
    /// A bare number is seconds, and 0 or NULL waits without limit; `0ms` asks without waiting.
    fn select(readfds: Vec<Fd>, writefds: Vec<Fd> = 0, exceptfds: Vec<Fd> = 0, timeout: Timeout = 0) -> Ready {
        wait([readfds, writefds, exceptfds], timeout, None)
    }
    const SELECT: "select(2)";
    traits: [Wakes];
    touches: [reads descriptor(readfds), reads descriptor(writefds), reads descriptor(exceptfds)];
    blocks: "while no descriptor is ready, until the time is over";
    errors: {
        EBADF: "one of them is not a descriptor of this process",
        EINTR: "a handler ran while the caller waited; select is never restarted",
        EINVAL: "a negative time, or a descriptor above RLIMIT_NOFILE",
        ENOMEM: "no memory for the sets",
    };
    example: "a: [r, w] = pipe()
a: select([r], [w], [], 0ms) -> {readfds: [], writefds: [w]}
a: child = fork()
a: select([r])               -> blocks
child: write(w, \"x\")
a: resumes                   -> {readfds: [r]}
a: select([50], [], [], 0ms) -> EBADF";
}

call! {
    /// Like `select`, with a set of signals that are held back only while it waits.
    ///
    /// The system call is pselect6. Without `sigmask` the mask stays.
    fn pselect(
        readfds: Vec<Fd>,
        writefds: Vec<Fd> = 0,
        exceptfds: Vec<Fd> = 0,
        timeout: Timeout = 0,
        sigmask: Option<Signals> = 0
    ) -> Ready {
        let mask = sigmask.map(|signals| handler::bits(&signals.0)).transpose()?;
        wait([readfds, writefds, exceptfds], timeout, mask)
    }
    const PSELECT: "pselect(2)";
    traits: [Wakes];
    touches: [reads descriptor(readfds), reads descriptor(writefds), reads descriptor(exceptfds)];
    blocks: "while no descriptor is ready, until the time is over";
    errors: {
        EBADF: "one of them is not a descriptor of this process",
        EINTR: "a handler ran while the caller waited; pselect is never restarted",
        EINVAL: "a negative time, or a descriptor above RLIMIT_NOFILE",
        ENOMEM: "no memory for the sets",
    };
    example: "a: [r, w] = pipe()
a: pselect([r], [], [], 10ms)              -> {readfds: []}
a: signal(SIGUSR1, do { })
a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: raise(SIGUSR1)
a: pselect([r], [], [], NULL, [SIGTERM])   -> EINTR
a: caught()                                -> [SIGUSR1]";
}

/// What the last argument of pselect6(2) points to.
#[repr(C)]
struct Mask {
    set: *const u64,
    size: usize,
}

fn wait(sets: [Vec<Fd>; 3], timeout: Timeout, mask: Option<u64>) -> Result<Ready, Failure> {
    let largest = sets.iter().flatten().map(|fd| fd.0).max().unwrap_or(-1);
    let count = largest + 1;
    let words = usize::try_from(count).unwrap_or(0).div_ceil(64).max(1);
    let mut bits = [vec![0u64; words], vec![0u64; words], vec![0u64; words]];
    for (set, bits) in sets.iter().zip(&mut bits) {
        for fd in set {
            let place = usize::try_from(fd.0).map_err(|_| Refusal(format!("{} is no descriptor that a set can hold", fd.0)))?;
            if let Some(word) = bits.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
    }
    let mut limit = timeout.timespec();
    let limit = limit.as_mut().map_or(null_mut(), from_mut);
    let mask = Mask { set: mask.as_ref().map_or(std::ptr::null(), std::ptr::from_ref), size: size_of::<u64>() };
    let [read, write, except] = bits.each_mut().map(|bits| bits.as_mut_ptr());
    let mask_at = &raw const mask;
    // SAFETY: pselect6(2) reads and fills three sets of at least `count` bits, and reads a time and a mask; all outlive the call.
    kernel(|| unsafe { libc::syscall(libc::SYS_pselect6, count, read, write, except, limit, mask_at) })?;
    let found = |index: usize| {
        let bits = bits.get(index).map_or(&[][..], Vec::as_slice);
        let is_set = |fd: &i32| {
            let place = usize::try_from(*fd).unwrap_or(0);
            bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
        };
        (0..count).filter(is_set).map(Fd).collect()
    };
    Ok(Ready { readfds: found(0), writefds: found(1), exceptfds: found(2) })
}
