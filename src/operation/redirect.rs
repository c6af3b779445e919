//! Further descriptors of what is open, and many closed at once; see dup(2) and close_range(2).

use super::argument::{Fd, Refusal};
use super::entry::{call, constants};
use super::{Family, kernel};

/// Descriptors and redirection.
pub static FAMILY: Family = Family {
    name: "redirect",
    title: "Descriptors and redirection",
    summary: "A further descriptor names the same open file description: offset and status flags are shared, the close-on-exec flag is not. \
        A shell redirects with it: `dup2(file, 1)` makes standard output the file, and a descriptor kept by `dup(1)` leads back.",
    calls: &[&DUP, &DUP2, &DUP3, &CLOSE_RANGE],
    constants: &[&DupFlags::GROUP, &CloseRangeFlags::GROUP, &Standard::GROUP],
    structs: &[],
};

constants! {
    /// flags of dup3
    flags DupFlags(i32) {
        O_CLOEXEC, "execve closes the new descriptor";
    }
    /// flags of close_range
    flags CloseRangeFlags(u32) {
        CLOSE_RANGE_UNSHARE, "first get descriptors of its own, where they are shared";
        CLOSE_RANGE_CLOEXEC, "leave it to execve to close them";
    }
    /// descriptors of the standard streams
    choice Standard(i32) {
        STDIN_FILENO, "standard input";
        STDOUT_FILENO, "standard output";
        STDERR_FILENO, "standard error";
    }
}

call! {
    /// Gives the lowest free descriptor to the open file description of `oldfd`.
    fn dup(oldfd: Fd) -> Fd {
        // SAFETY: dup(2) takes an integer.
        Ok(kernel(|| unsafe { libc::dup(oldfd.0) }).map(Fd)?)
    }
    const DUP: "dup(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: g = dup(f)
a: write(f, \"one\")
a: write(g, \"two\")
a: cat(\"note\") -> \"onetwo\"";
}

call! {
    /// Makes `newfd` name the open file description of `oldfd`, and closes what it named before.
    fn dup2(oldfd: Fd, newfd: Fd) -> Fd {
        // SAFETY: dup2(2) takes integers; the descriptors of an actor are the script's own.
        Ok(kernel(|| unsafe { libc::dup2(oldfd.0, newfd.0) }).map(Fd)?)
    }
    const DUP2: "dup2(2)";
    traits: [Wakes];
    touches: [writes descriptor(newfd)];
    blocks: "never";
    errors: {
        EBADF: "oldfd is not a descriptor of this process, or newfd is negative or not below RLIMIT_NOFILE",
        EINTR: "a handler ran while the descriptor that was there was being closed",
        EBUSY: "another thread is just opening newfd",
    };
    example: "a: saved = dup(1)
a: f = open(\"note\", O_WRONLY | O_CREAT, 0o600)
a: dup2(f, 1)     -> 1
a: write(1, \"to the file\")
a: dup2(saved, 1) -> 1
a: cat(\"note\")    -> \"to the file\"";
}

call! {
    /// Like `dup2`, with flags; and equal descriptors are an error.
    fn dup3(oldfd: Fd, newfd: Fd, flags: DupFlags) -> Fd {
        // SAFETY: dup3(2) takes integers; the descriptors of an actor are the script's own.
        Ok(kernel(|| unsafe { libc::dup3(oldfd.0, newfd.0, flags.0) }).map(Fd)?)
    }
    const DUP3: "dup3(2)";
    traits: [Wakes];
    touches: [writes descriptor(newfd)];
    blocks: "never";
    errors: {
        EINVAL: "oldfd and newfd are equal, or an unknown flag",
        EBADF: "oldfd is not a descriptor of this process, or newfd is negative or not below RLIMIT_NOFILE",
        EINTR: "a handler ran while the descriptor that was there was being closed",
        EBUSY: "another thread is just opening newfd",
    };
    example: "a: dup3(1, 20, O_CLOEXEC)
a: fcntl(20, F_GETFD) -> FD_CLOEXEC
a: dup3(1, 1, 0)      -> EINVAL";
}

call! {
    /// Closes the descriptors from `first` to `last`, both included; -1 is the last there can be.
    fn close_range(first: u32, last: i64, flags: CloseRangeFlags = 0) -> () {
        let last = match last {
            -1 => u32::MAX,
            last => u32::try_from(last).map_err(|_| Refusal(format!("{last} does not fit the type that C has there")))?,
        };
        // SAFETY: close_range(2) takes integers; the descriptors of an actor are the script's own.
        kernel(|| unsafe { libc::syscall(libc::SYS_close_range, first, last, flags.0) })?;
        Ok(())
    }
    const CLOSE_RANGE: "close_range(2)";
    since: "5.9";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EINVAL: "first is above last, or an unknown flag",
        EMFILE: "CLOSE_RANGE_UNSHARE, and RLIMIT_NOFILE was lowered below what is open",
        ENOMEM: "no memory for descriptors of its own",
        ENOSYS: "the kernel is older than 5.9",
    };
    example: "a: [r, w] = pipe()
a: close_range(3, -1)
a: close(r)          -> EBADF
a: close_range(9, 8) -> EINVAL";
}
