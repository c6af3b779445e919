//! Reading and writing in several parts at once, with flags for one call; see readv(2).

use super::argument::{Bytes, Fd, Refusal};
use super::entry::{call, constants};
use super::shape::buffer;
use super::{Failure, Family, kernel};
use crate::value::Errno;

/// Reading and writing in parts.
pub static FAMILY: Family = Family {
    name: "vectored",
    title: "Reading and writing in parts",
    summary: "`readv` fills several buffers one after the other, `writev` writes several strings as one: into a pipe all parts together, up to \
        PIPE_BUF bytes, go at once. Buffers are written as a list of their sizes, and come back as a list of strings. `preadv2` and `pwritev2` \
        take flags that hold for one call; offset -1 is the offset of the file.",
    calls: &[&READV, &WRITEV, &PREADV, &PWRITEV, &PREADV2, &PWRITEV2],
    constants: &[&TransferFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of preadv2 and pwritev2
    flags TransferFlags(i32) {
        RWF_HIPRI, "high priority: poll the device instead of waiting for it";
        RWF_DSYNC, "as under O_DSYNC";
        RWF_SYNC, "as under O_SYNC";
        RWF_NOWAIT, "fail with EAGAIN instead of waiting";
        RWF_APPEND, "write at the end of the file, whatever the offset";
        RWF_NOAPPEND, "do not, whatever O_APPEND says";
        RWF_ATOMIC, "write all or nothing, even when the power fails";
        RWF_DONTCACHE, "do not keep the data in the page cache";
    }
}

call! {
    /// Reads into buffers of the sizes given, and gives what each then holds; what stays empty is left out.
    fn readv(fd: Fd, iov: Vec<usize>) -> Vec<Bytes> {
        // SAFETY: readv(2) fills the buffers, which outlive the call.
        filled(&iov, |parts, count| kernel(|| unsafe { libc::readv(fd.0, parts, count) }))
    }
    const READV: "readv(2)";
    traits: [Wakes, Receives];
    touches: [writes descriptor(fd)];
    blocks: "as read does";
    errors: {
        EAGAIN: "there is nothing yet, and O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for reading",
        EINTR: "a handler ran before anything was read",
        EINVAL: "more than 1024 buffers, or the object cannot be read",
        EISDIR: "it is a directory",
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello world\")
a: readv(r, [5, 1, 100]) -> [\"hello\", \" \", \"world\"]";
}

call! {
    /// Writes several strings as one, and gives how many bytes were taken.
    fn writev(fd: Fd, iov: Vec<Bytes>) -> isize {
        // SAFETY: writev(2) reads the strings, which outlive the call.
        given(&iov, |parts, count| kernel(|| unsafe { libc::writev(fd.0, parts, count) }))
    }
    const WRITEV: "writev(2)";
    traits: [Wakes, Sends];
    touches: [writes descriptor(fd)];
    blocks: "as write does";
    errors: {
        EAGAIN: "there is no room, and O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for writing",
        EPIPE: "nobody can read it any more, and SIGPIPE is ignored or handled",
        EINTR: "a handler ran before anything was written",
        EINVAL: "more than 1024 parts, or the object cannot be written",
        ENOSPC: "the medium is full",
        EPERM: "a seal forbids it",
    };
    example: "a: [r, w] = pipe2(O_DIRECT)
a: writev(w, [\"one \", \"packet\"]) -> 10
a: write(w, \"another\")
a: read(r, 100)                  -> \"one packet\"";
}

call! {
    /// Like `readv`, at an offset.
    fn preadv(fd: Fd, iov: Vec<usize>, offset: i64) -> Vec<Bytes> {
        // SAFETY: preadv(2) fills the buffers, which outlive the call.
        filled(&iov, |parts, count| kernel(|| unsafe { libc::preadv(fd.0, parts, count, offset) }))
    }
    const PREADV: "preadv(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never: what can make a reader wait has no offset";
    errors: {
        EBADF: "not a descriptor of this process, or not open for reading",
        EINVAL: "a negative offset, or more than 1024 buffers",
        EISDIR: "it is a directory",
        ESPIPE: "a pipe, FIFO or socket has no offset",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: f = open(\"note\", O_RDONLY)
a: preadv(f, [2, 2], 4) -> [\"45\", \"67\"]";
}

call! {
    /// Like `writev`, at an offset.
    fn pwritev(fd: Fd, iov: Vec<Bytes>, offset: i64) -> isize {
        // SAFETY: pwritev(2) reads the strings, which outlive the call.
        given(&iov, |parts, count| kernel(|| unsafe { libc::pwritev(fd.0, parts, count, offset) }))
    }
    const PWRITEV: "pwritev(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never: what can make a writer wait has no offset";
    errors: {
        EBADF: "not a descriptor of this process, or not open for writing",
        EINVAL: "a negative offset, or more than 1024 parts",
        ESPIPE: "a pipe, FIFO or socket has no offset",
        EFBIG: "the file would pass RLIMIT_FSIZE, and SIGXFSZ is ignored; or the largest size",
        ENOSPC: "the medium is full",
        EPERM: "a seal forbids it",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: f = open(\"note\", O_WRONLY)
a: pwritev(f, [\"a\", \"bc\"], 4) -> 3
a: cat(\"note\")                -> \"0123abc789\"";
}

call! {
    /// Like `preadv`, with flags; offset -1 reads at the offset of the file and moves it.
    fn preadv2(fd: Fd, iov: Vec<usize>, offset: i64 = -1, flags: TransferFlags = 0) -> Vec<Bytes> {
        // SAFETY: preadv2(2) fills the buffers, which outlive the call.
        filled(&iov, |parts, count| kernel(|| unsafe { libc::preadv2(fd.0, parts, count, offset, flags.0) }))
    }
    const PREADV2: "preadv2(2)";
    since: "4.6";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "as read does, unless RWF_NOWAIT is set";
    errors: {
        EAGAIN: "it would wait, and RWF_NOWAIT or O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for reading",
        EINTR: "a handler ran before anything was read",
        EINVAL: "a negative offset but -1, more than 1024 buffers, or flags that do not go together",
        EISDIR: "it is a directory",
        EOPNOTSUPP: "an unknown flag, or one that this kind of file does not know",
        ESPIPE: "an offset is given for a pipe, FIFO or socket",
    };
    example: "a: [r, w] = pipe()
a: preadv2(r, [10], -1, RWF_NOWAIT) -> EAGAIN
a: write(w, \"now\")
a: preadv2(r, [10], -1, RWF_NOWAIT) -> [\"now\"]";
}

call! {
    /// Like `pwritev`, with flags; offset -1 writes at the offset of the file and moves it.
    fn pwritev2(fd: Fd, iov: Vec<Bytes>, offset: i64 = -1, flags: TransferFlags = 0) -> isize {
        // SAFETY: pwritev2(2) reads the strings, which outlive the call.
        given(&iov, |parts, count| kernel(|| unsafe { libc::pwritev2(fd.0, parts, count, offset, flags.0) }))
    }
    const PWRITEV2: "pwritev2(2)";
    since: "4.6";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "as write does, unless RWF_NOWAIT is set";
    errors: {
        EAGAIN: "it would wait, and RWF_NOWAIT or O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for writing",
        EINTR: "a handler ran before anything was written",
        EINVAL: "a negative offset but -1, more than 1024 parts, or flags that do not go together",
        EOPNOTSUPP: "an unknown flag, or one that this kind of file does not know",
        EPIPE: "nobody can read it any more, and SIGPIPE is ignored or handled",
        ESPIPE: "an offset is given for a pipe, FIFO or socket",
        ENOSPC: "the medium is full",
        EPERM: "a seal forbids it",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: f = open(\"note\", O_WRONLY)
a: pwritev2(f, [\"end\"], 0, RWF_APPEND) -> 3
a: cat(\"note\")                         -> \"0123456789end\"";
}

type Counted = Result<isize, Errno>;

/// Makes the call with buffers of these sizes, and gives those that hold something, cut to what they hold.
fn filled(sizes: &[usize], call: impl FnOnce(*const libc::iovec, i32) -> Counted) -> Result<Vec<Bytes>, Failure> {
    // All together may not be longer than one buffer.
    drop(buffer(sizes.iter().fold(0usize, |sum, size| sum.saturating_add(*size)))?);
    let mut buffers = sizes.iter().map(|&size| buffer(size)).collect::<Result<Vec<_>, Refusal>>()?;
    let parts: Vec<libc::iovec> =
        buffers.iter_mut().map(|buffer| libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() }).collect();
    let mut left = call(parts.as_ptr(), count(parts.len())?)?.unsigned_abs();
    for buffer in &mut buffers {
        let here = left.min(buffer.len());
        buffer.truncate(here);
        left -= here;
    }
    buffers.retain(|buffer| !buffer.is_empty());
    Ok(buffers.into_iter().map(Bytes).collect())
}

fn given(strings: &[Bytes], call: impl FnOnce(*const libc::iovec, i32) -> Counted) -> Result<isize, Failure> {
    let part = |bytes: &Bytes| libc::iovec { iov_base: bytes.0.as_ptr().cast_mut().cast(), iov_len: bytes.0.len() };
    let parts: Vec<libc::iovec> = strings.iter().map(part).collect();
    Ok(call(parts.as_ptr(), count(parts.len())?)?)
}

fn count(parts: usize) -> Result<i32, Refusal> {
    i32::try_from(parts).map_err(|_| Refusal("there are more parts than C can count there".into()))
}
