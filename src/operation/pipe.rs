//! Pipes without a name; see pipe(2) and pipe(7).

use super::argument::Fd;
use super::entry::{call, constants};
use super::{Family, kernel};
use crate::value::Errno;

/// Pipes.
pub static FAMILY: Family = Family {
    name: "pipe",
    title: "Pipes",
    summary: "What is written into one end is read, in order, from the other. A reader of an empty pipe waits as long as anybody has the \
        writing end open, and gets the end of file after that: whoever inherited it by `fork` and did not close it keeps the reader \
        waiting. A writer without readers gets SIGPIPE. A pipe holds 64 KiB unless `fcntl(fd, F_SETPIPE_SZ, …)` says otherwise.",
    calls: &[&PIPE, &PIPE2],
    constants: &[&PipeFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of pipe2
    flags PipeFlags(i32) {
        O_CLOEXEC, "execve closes both ends";
        O_NONBLOCK, "neither reading nor writing waits";
        O_DIRECT, "packets: each read takes what one write gave";
        O_NOTIFICATION_PIPE = 0o200, "a pipe that the kernel writes messages into; needs CONFIG_WATCH_QUEUE";
    }
}

call! {
    /// Makes a pipe, and gives its ends: `[r, w] = pipe()`.
    fn pipe() -> Vec<Fd> {
        // SAFETY: pipe(2) fills an array of two descriptors, which outlives the call.
        Ok(ends(|fds| kernel(|| unsafe { libc::pipe(fds) }))?)
    }
    const PIPE: "pipe(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold, or the user's pipes hold as much as fs.pipe-user-pages-hard allows",
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\")
a: read(r, 100) -> \"hello\"
a: close(w)
a: read(r, 100) -> \"\"";
}

call! {
    /// Makes a pipe, and sets flags of both ends.
    fn pipe2(flags: PipeFlags) -> Vec<Fd> {
        // SAFETY: pipe2(2) fills an array of two descriptors, which outlives the call.
        Ok(ends(|fds| kernel(|| unsafe { libc::pipe2(fds, flags.0) }))?)
    }
    const PIPE2: "pipe2(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENOPKG: "O_NOTIFICATION_PIPE, and the kernel has no CONFIG_WATCH_QUEUE",
    };
    example: "a: [r, w] = pipe2(O_NONBLOCK | O_CLOEXEC)
a: read(r, 1)        -> EAGAIN
a: fcntl(r, F_GETFD) -> FD_CLOEXEC";
}

fn ends(call: impl FnOnce(*mut i32) -> Result<i32, Errno>) -> Result<Vec<Fd>, Errno> {
    let mut fds = [-1; 2];
    call(fds.as_mut_ptr())?;
    Ok(fds.map(Fd).to_vec())
}
