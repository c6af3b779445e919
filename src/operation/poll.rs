//! Waiting for several descriptors at once; see poll(2).

use super::argument::{Fd, Signals, Timeout};
use super::entry::{call, constants, structure};
use super::{Family, kernel};

/// Waiting for several descriptors.
pub static FAMILY: Family = Family {
    name: "poll",
    title: "Waiting for several descriptors",
    summary: "`poll` takes descriptors with the events that are of interest, waits until one of them has one, and gives the list back with \
        what it found in `revents`. POLLERR, POLLHUP and POLLNVAL are reported whether asked for or not. A time-out of 0 asks without waiting.",
    calls: &[&POLL, &PPOLL],
    constants: &[&PollEvents::GROUP],
    structs: &[&Pollfd::STRUCTURE],
};

constants! {
    /// events of poll
    flags PollEvents(i16) {
        POLLIN, "there is something to read, or the end of file";
        POLLPRI, "something urgent: out-of-band data, a change in a file of cgroups or mounts";
        POLLOUT, "writing would not wait";
        POLLERR, "an error; for the writing end of a pipe: no reader is left";
        POLLHUP, "the other side is gone; for the reading end of a pipe: no writer is left";
        POLLNVAL, "not a descriptor of this process";
        POLLRDNORM, "like POLLIN";
        POLLRDBAND, "there is priority data to read";
        POLLWRNORM, "like POLLOUT";
        POLLWRBAND, "priority data may be written";
        POLLMSG = 0x400, "unused on Linux";
        POLLREMOVE = 0x1000, "unused on Linux";
        POLLRDHUP, "the peer of a stream socket writes no more";
    }
}

structure! {
    /// A descriptor, the events of interest, and those that were found.
    Pollfd = "pollfd" { fd: Fd, events: PollEvents, revents: PollEvents }
}

call! {
    /// Waits until one of the descriptors has one of its events, and gives the list with what was found in `revents`.
    ///
    /// A bare number is milliseconds; -1 or NULL waits without limit. A negative descriptor is passed over.
    fn poll(fds: Vec<Pollfd>, timeout: Timeout) -> Vec<Pollfd> {
        let mut raw = raw(&fds);
        let limit = timeout.milliseconds();
        // SAFETY: poll(2) reads and fills the list, which outlives the call.
        kernel(|| unsafe { libc::poll(raw.as_mut_ptr(), raw.len() as libc::nfds_t, limit) })?;
        Ok(found(&raw))
    }
    const POLL: "poll(2)";
    traits: [Local, ReadOnly];
    touches: [reads descriptor(fds)];
    blocks: "while no descriptor has an event of interest, unless the time is 0";
    errors: {
        EINTR: "a handler ran while the caller waited; poll is never restarted",
        EINVAL: "more descriptors than RLIMIT_NOFILE allows",
        ENOMEM: "no memory for the list",
    };
    example: "a: [r, w] = pipe()
a: poll([{r, POLLIN}, {w, POLLOUT}], 0) -> [{revents: 0}, {revents: POLLOUT}]
a: write(w, \"x\")
a: poll([{r, POLLIN}], -1)              -> [{fd: r, events: POLLIN, revents: POLLIN}]
a: close(w)
a: read(r, 10)                          -> \"x\"
a: poll([{r, POLLIN}], -1)              -> [{revents: POLLHUP}]";
}

call! {
    /// Like `poll`, with a set of signals that are held back only while it waits.
    ///
    /// A bare number is seconds, and 0 or NULL waits without limit; `0ms` asks without waiting. Without `sigmask` the mask stays.
    fn ppoll(fds: Vec<Pollfd>, tmo_p: Timeout = 0, sigmask: Option<Signals> = 0) -> Vec<Pollfd> {
        let mut raw = raw(&fds);
        let mut limit = tmo_p.timespec();
        let limit = limit.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
        let mask = sigmask.map(|signals| mask(&signals));
        let mask = mask.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        let (at, count) = (raw.as_mut_ptr(), raw.len());
        // SAFETY: ppoll(2) reads and fills the list and the time, and reads a mask of eight bytes; all outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_ppoll, at, count, limit, mask, size_of::<u64>()) })?;
        Ok(found(&raw))
    }
    const PPOLL: "ppoll(2)";
    traits: [Local, ReadOnly];
    touches: [reads descriptor(fds)];
    blocks: "while no descriptor has an event of interest, until the time is over";
    errors: {
        EINTR: "a handler ran while the caller waited; ppoll is never restarted",
        EINVAL: "more descriptors than RLIMIT_NOFILE allows, or a time that is none",
        ENOMEM: "no memory for the list",
    };
    example: "a: [r, w] = pipe()
a: ppoll([{r, POLLIN}], 10ms) -> [{revents: 0}]";
}

fn raw(fds: &[Pollfd]) -> Vec<libc::pollfd> {
    fds.iter().map(|one| libc::pollfd { fd: one.fd.0, events: one.events.0, revents: one.revents.0 }).collect()
}

fn found(raw: &[libc::pollfd]) -> Vec<Pollfd> {
    let one = |one: &libc::pollfd| Pollfd { fd: Fd(one.fd), events: PollEvents(one.events), revents: PollEvents(one.revents) };
    raw.iter().map(one).collect()
}

/// As the kernel keeps it: one bit a signal, signal 1 the lowest.
fn mask(signals: &Signals) -> u64 {
    let bits = signals.0.iter().filter_map(|signal| 1u64.checked_shl(u32::try_from(signal.0.checked_sub(1)?).ok()?));
    bits.fold(0, |mask, bit| mask | bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Signal;

    #[test]
    fn signal_1_is_the_lowest_bit_of_a_mask() {
        assert_eq!(mask(&Signals(vec![Signal(1), Signal(64)])), 1 | 1 << 63);
        assert_eq!(mask(&Signals(vec![Signal(0), Signal(-1), Signal(65)])), 0);
    }
}
