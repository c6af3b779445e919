//! Waiting for many descriptors with a list that the kernel keeps; see epoll(7).

use super::argument::{Fd, Signals, Timeout};
use super::entry::{call, constants, structure};
use super::{Failure, Family, handler, kernel};
use crate::value::Errno;
use std::ptr::{from_ref, null};

/// epoll.
pub static FAMILY: Family = Family {
    name: "epoll",
    title: "Waiting with a list that the kernel keeps",
    summary: "An epoll instance holds descriptors with the events that are of interest; `epoll_wait` gives those that have one, with the number that \
        the script gave for them in `data`. Without EPOLLET a descriptor is reported as long as it is ready, with it only when that \
        comes about anew.",
    calls: &[&EPOLL_CREATE, &EPOLL_CREATE1, &EPOLL_CTL, &EPOLL_WAIT, &EPOLL_PWAIT, &EPOLL_PWAIT2],
    constants: &[&CreateFlags::GROUP, &ControlOperation::GROUP, &EpollEvents::GROUP],
    structs: &[&EpollEvent::STRUCTURE],
};

constants! {
    /// flags of epoll_create1
    flags CreateFlags(i32) {
        EPOLL_CLOEXEC, "execve closes the descriptor";
    }
    /// operations of epoll_ctl
    choice ControlOperation(i32) {
        EPOLL_CTL_ADD, "adds the descriptor";
        EPOLL_CTL_MOD, "changes events and data";
        EPOLL_CTL_DEL, "takes the descriptor out";
    }
    /// events of epoll
    flags EpollEvents(u32) {
        EPOLLIN, "there is something to read, or the end of file";
        EPOLLPRI, "something urgent";
        EPOLLOUT, "writing would not wait";
        EPOLLERR, "an error; always reported";
        EPOLLHUP, "the other side is gone; always reported";
        EPOLLNVAL = 0x20, "unused: what is closed leaves the list";
        EPOLLRDNORM, "like EPOLLIN";
        EPOLLRDBAND, "there is priority data to read";
        EPOLLWRNORM, "like EPOLLOUT";
        EPOLLWRBAND, "priority data may be written";
        EPOLLMSG, "unused on Linux";
        EPOLLRDHUP, "the peer of a stream socket writes no more";
        EPOLL_URING_WAKE = 0x0800_0000, "set by the kernel alone: io_uring has woken it";
        EPOLLEXCLUSIVE, "of several epoll instances that wait for the same, wake one at least and not all";
        EPOLLWAKEUP, "no suspend while the event is worked on";
        EPOLLONESHOT, "report once, then only after EPOLL_CTL_MOD";
        EPOLLET = 0x8000_0000_u32, "report when it comes about, and not as long as it lasts";
    }
}

structure! {
    /// Events, and the number that the script gave for the descriptor.
    EpollEvent = "epoll_event" { events: EpollEvents, data: u64 }
}

call! {
    /// Makes an epoll instance, and gives its descriptor; `size` is of no use any more, but must be above 0.
    fn epoll_create(size: i32) -> Fd {
        // SAFETY: epoll_create(2) takes an integer.
        Ok(kernel(|| unsafe { libc::epoll_create(size) }).map(Fd)?)
    }
    const EPOLL_CREATE: "epoll_create(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "size is not above 0",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENOMEM: "no memory for another one",
    };
    example: "a: ep = epoll_create(1)
a: epoll_wait(ep, 8, 0) -> []
a: epoll_create(0)      -> EINVAL";
}

call! {
    /// Makes an epoll instance, and gives its descriptor.
    fn epoll_create1(flags: CreateFlags = 0) -> Fd {
        // SAFETY: epoll_create1(2) takes an integer.
        Ok(kernel(|| unsafe { libc::epoll_create1(flags.0) }).map(Fd)?)
    }
    const EPOLL_CREATE1: "epoll_create1(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
    };
    example: "a: ep = epoll_create1(EPOLL_CLOEXEC)
a: fcntl(ep, F_GETFD) -> FD_CLOEXEC";
}

call! {
    /// Adds a descriptor to an epoll instance, changes its events, or takes it out.
    fn epoll_ctl(epfd: Fd, op: ControlOperation, fd: Fd, event: Option<EpollEvent> = 0) -> () {
        let mut event = event.map(|event| libc::epoll_event { events: event.events.0, u64: event.data });
        let event = event.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
        // SAFETY: epoll_ctl(2) reads the event, which outlives the call, or NULL.
        kernel(|| unsafe { libc::epoll_ctl(epfd.0, op.0, fd.0, event) })?;
        Ok(())
    }
    const EPOLL_CTL: "epoll_ctl(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EBADF: "epfd or fd is not a descriptor of this process",
        EEXIST: "EPOLL_CTL_ADD of what is in it already",
        ENOENT: "EPOLL_CTL_MOD or EPOLL_CTL_DEL of what is not in it",
        EINVAL: "epfd is no epoll instance, or the same as fd; or an unknown operation; or EPOLLEXCLUSIVE where it cannot be",
        ELOOP: "epoll instances that watch each other in a ring, or too deep",
        EPERM: "a regular file or a directory is always ready, and cannot be watched",
        ENOSPC: "the user watches as many as fs.epoll.max_user_watches allows",
        EFAULT: "no event is given where one is needed",
    };
    example: "a: ep = epoll_create1()
a: [r, w] = pipe()
a: epoll_ctl(ep, EPOLL_CTL_ADD, r, {EPOLLIN, 7})
a: epoll_ctl(ep, EPOLL_CTL_ADD, r, {EPOLLIN, 7}) -> EEXIST
a: epoll_ctl(ep, EPOLL_CTL_DEL, r)
a: epoll_ctl(ep, EPOLL_CTL_DEL, r)               -> ENOENT";
}

call! {
    /// Waits until descriptors of an epoll instance have events, and gives at most `maxevents` of them.
    ///
    /// A bare number is milliseconds; -1 or NULL waits without limit. An empty list means that the time is over.
    fn epoll_wait(epfd: Fd, maxevents: u16, timeout: Timeout) -> Vec<EpollEvent> {
        let limit = timeout.milliseconds();
        // SAFETY: epoll_wait(2) fills at most `maxevents` events of the list, which outlives the call.
        found(maxevents, |events, most| kernel(|| unsafe { libc::epoll_wait(epfd.0, events, most, limit) }.into()))
    }
    const EPOLL_WAIT: "epoll_wait(2)";
    traits: [Wakes];
    blocks: "while no descriptor has an event of interest, until the time is over";
    errors: {
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited; epoll_wait is never restarted",
        EINVAL: "epfd is no epoll instance, or maxevents is 0",
    };
    example: "actor b
a: ep = epoll_create1()
a: mkfifo(\"fifo\", 0o600)
a: r = open(\"fifo\", O_RDONLY | O_NONBLOCK)
a: epoll_ctl(ep, EPOLL_CTL_ADD, r, {EPOLLIN, 7})
a: epoll_wait(ep, 8, 0)  -> []
a: epoll_wait(ep, 8, -1) -> blocks
b: w = open(\"fifo\", O_WRONLY)
b: write(w, \"x\")
a: resumes               -> [{events: EPOLLIN, data: 7}]";
}

call! {
    /// Like `epoll_wait`, with a set of signals that are held back only while it waits.
    fn epoll_pwait(epfd: Fd, maxevents: u16, timeout: Timeout, sigmask: Option<Signals> = 0) -> Vec<EpollEvent> {
        let mask = sigmask.map(|signals| handler::bits(&signals.0)).transpose()?;
        let mask = mask.as_ref().map_or(null(), from_ref);
        let limit = timeout.milliseconds();
        found(maxevents, |events, most| {
            // SAFETY: epoll_pwait(2) fills at most `maxevents` events of the list and reads a mask of eight bytes; both outlive the call.
            kernel(|| unsafe { libc::syscall(libc::SYS_epoll_pwait, epfd.0, events, most, limit, mask, size_of::<u64>()) })
        })
    }
    const EPOLL_PWAIT: "epoll_pwait(2)";
    traits: [Wakes];
    blocks: "while no descriptor has an event of interest, until the time is over";
    errors: {
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited; epoll_pwait is never restarted",
        EINVAL: "epfd is no epoll instance, or maxevents is 0",
    };
    example: "a: ep = epoll_create1()
a: signal(SIGUSR1, do { })
a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: raise(SIGUSR1)
a: epoll_pwait(ep, 8, -1, [SIGTERM]) -> EINTR
a: caught()                          -> [SIGUSR1]";
}

call! {
    /// Like `epoll_pwait`, with a time limit that counts nanoseconds.
    ///
    /// A bare number is seconds, and 0 or NULL waits without limit; `0ms` asks without waiting.
    fn epoll_pwait2(epfd: Fd, maxevents: u16, timeout: Timeout = 0, sigmask: Option<Signals> = 0) -> Vec<EpollEvent> {
        let mask = sigmask.map(|signals| handler::bits(&signals.0)).transpose()?;
        let mask = mask.as_ref().map_or(null(), from_ref);
        let limit = timeout.timespec();
        let limit = limit.as_ref().map_or(null(), from_ref);
        found(maxevents, |events, most| {
            // SAFETY: epoll_pwait2(2) fills at most `maxevents` events of the list, and reads a time and a mask; all outlive the call.
            kernel(|| unsafe { libc::syscall(libc::SYS_epoll_pwait2, epfd.0, events, most, limit, mask, size_of::<u64>()) })
        })
    }
    const EPOLL_PWAIT2: "epoll_pwait2(2)";
    since: "5.11";
    traits: [Wakes];
    blocks: "while no descriptor has an event of interest, until the time is over";
    errors: {
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited; epoll_pwait2 is never restarted",
        EINVAL: "epfd is no epoll instance, maxevents is 0, or a time that is none",
        ENOSYS: "the kernel is older than 5.11",
    };
    example: "a: ep = epoll_create1()
a: epoll_pwait2(ep, 8, 500us) -> []
a: epoll_pwait2(ep, 8, 0ms)   -> []";
}

/// Makes the call with room for `maxevents` events, and gives those that it found.
fn found(
    maxevents: u16,
    call: impl FnOnce(*mut libc::epoll_event, i32) -> Result<i64, Errno>,
) -> Result<Vec<EpollEvent>, Failure> {
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; usize::from(maxevents)];
    let count = call(events.as_mut_ptr(), i32::from(maxevents))?;
    events.truncate(usize::try_from(count).unwrap_or(0));
    Ok(events.into_iter().map(|event| EpollEvent { events: EpollEvents(event.events), data: event.u64 }).collect())
}
