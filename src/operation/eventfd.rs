//! A counter behind a descriptor; see eventfd(2).

use super::argument::Fd;
use super::entry::{call, constants};
use super::{Family, kernel};

/// Counters behind descriptors.
pub static FAMILY: Family = Family {
    name: "eventfd",
    title: "Counters behind descriptors",
    summary: "An eventfd holds a number of 64 bits. `write(fd, u64, n)` adds to it, `read(fd, u64)` gives it and sets it to 0, and waits while it is 0; \
        under EFD_SEMAPHORE `read` gives 1 and takes 1 away. It can be watched by `poll` and `epoll`, and a child inherits it: the cheapest way \
        to wake another process.",
    calls: &[&EVENTFD, &EVENTFD_READ, &EVENTFD_WRITE],
    constants: &[&EventfdFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of eventfd
    flags EventfdFlags(i32) {
        EFD_CLOEXEC, "execve closes the descriptor";
        EFD_NONBLOCK, "neither reading nor writing waits";
        EFD_SEMAPHORE, "each read takes 1 instead of everything";
    }
}

call! {
    /// Makes a counter that starts at `initval`, and gives its descriptor.
    fn eventfd(initval: u32, flags: EventfdFlags = 0) -> Fd {
        // SAFETY: eventfd(2) takes integers only.
        Ok(kernel(|| unsafe { libc::eventfd(initval, flags.0) }).map(Fd)?)
    }
    const EVENTFD: "eventfd(2)";
    traits: [Local];
    touches: [];
    blocks: "never; reading it does while it is 0, writing it while it would pass 2^64 - 2";
    errors: {
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENODEV: "the kernel could not mount its anonymous file system",
        ENOMEM: "no memory for another counter",
    };
    example: "a: e = eventfd(0)
a: child = fork()
a: read(e, u64)            -> blocks
child: write(e, u64, 3)
a: resumes                 -> 3
a: s = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK)
a: read(s, u64)            -> 1
a: read(s, u64)            -> 1
a: read(s, u64)            -> EAGAIN";
}

call! {
    /// Reads a counter: `read(fd, u64)` under the name that the C library has for it.
    fn eventfd_read(fd: Fd) -> u64 {
        let mut value = 0u64;
        // SAFETY: eventfd_read(3) fills a number of 64 bits, which outlives the call.
        kernel(|| unsafe { libc::eventfd_read(fd.0, &raw mut value) })?;
        Ok(value)
    }
    const EVENTFD_READ: "eventfd(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "while the counter is 0";
    errors: {
        EAGAIN: "the counter is 0, and EFD_NONBLOCK is set",
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran before anything was there",
    };
    example: "a: e = eventfd(5)
a: eventfd_read(e) -> 5";
}

call! {
    /// Adds to a counter: `write(fd, u64, value)` under the name that the C library has for it.
    fn eventfd_write(fd: Fd, value: u64) -> () {
        // SAFETY: eventfd_write(3) takes integers only.
        kernel(|| unsafe { libc::eventfd_write(fd.0, value) })?;
        Ok(())
    }
    const EVENTFD_WRITE: "eventfd(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "while the sum would pass 2^64 - 2";
    errors: {
        EAGAIN: "the sum would pass 2^64 - 2, and EFD_NONBLOCK is set",
        EBADF: "not a descriptor of this process",
        EINVAL: "the value is 2^64 - 1, which no counter reaches",
        EINTR: "a handler ran while the caller waited",
    };
    example: "a: e = eventfd(0, EFD_NONBLOCK)
a: eventfd_write(e, 0xfffffffffffffffe)
a: eventfd_write(e, 1)                  -> EAGAIN
a: eventfd_write(e, 0xffffffffffffffff) -> EINVAL";
}
