//! Moving data between descriptors without bringing it into the process; see splice(2), sendfile(2), copy_file_range(2).

use super::argument::{Address, Argument, Fd, Refusal, integer};
use super::entry::{call, constants, structure};
use super::{Family, kernel};
use crate::value::{Type, Value};
use std::ptr::{from_mut, null_mut};

/// Moving data between descriptors.
pub static FAMILY: Family = Family {
    name: "splice",
    title: "Moving data between descriptors",
    summary: "A pipe is a ring of pages. `splice` moves pages between a pipe and something else, `tee` makes two pipes hold the same pages, and `vmsplice` makes \
        a pipe hold pages of the caller: nothing is copied into the process and out again. `sendfile` and `copy_file_range` do so without a pipe in \
        between. An offset that is given is used instead of the offset of the file, which stays; NULL uses and moves that.",
    calls: &[&SPLICE, &TEE, &VMSPLICE, &SENDFILE, &COPY_FILE_RANGE],
    constants: &[&SpliceFlags::GROUP],
    structs: &[&Iovec::STRUCTURE],
};

constants! {
    /// flags of splice, tee and vmsplice
    flags SpliceFlags(u32) {
        SPLICE_F_MOVE, "move pages where it can be done; today nothing";
        SPLICE_F_NONBLOCK, "do not wait for the pipe";
        SPLICE_F_MORE, "more will follow: a socket may wait with sending";
        SPLICE_F_GIFT, "vmsplice: the pages are a gift, and are not written any more";
    }
}

/// An offset of its own, also 0; `NULL` takes and moves the one of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset(Option<i64>);

impl Argument for Offset {
    const TYPE: Type = Type::Optional(&Type::Int);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Null => Ok(Self(None)),
            other => integer(other).map(|offset| Self(Some(offset))),
        }
    }
}

impl Offset {
    /// Where it stands in memory; NULL where none is given.
    fn place(&mut self) -> *mut i64 {
        self.0.as_mut().map_or(null_mut(), from_mut)
    }
}

structure! {
    /// A part of the caller's memory.
    Iovec = "iovec" { iov_base: Address, iov_len: usize }
}

call! {
    /// Moves at most `len` bytes from one descriptor to another, one of which is a pipe, and gives how many; 0 is the end.
    fn splice(
        fd_in: Fd,
        off_in: Offset,
        fd_out: Fd,
        off_out: Offset,
        len: usize,
        flags: SpliceFlags = 0
    ) -> isize {
        let (mut off_in, mut off_out) = (off_in, off_out);
        let (from, to) = (off_in.place(), off_out.place());
        // SAFETY: splice(2) reads and sets the offsets that are given, which outlive the call.
        Ok(kernel(|| unsafe { libc::splice(fd_in.0, from, fd_out.0, to, len, flags.0) })?)
    }
    const SPLICE: "splice(2)";
    traits: [Wakes, Receives];
    touches: [writes beyond];
    blocks: "while the pipe to read is empty and has a writer, or the pipe to write is full, unless SPLICE_F_NONBLOCK is set";
    errors: {
        EAGAIN: "it would wait, and SPLICE_F_NONBLOCK or O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for reading or writing as needed",
        EINVAL: "neither is a pipe; or both are the same pipe; or the file is open with O_APPEND, or cannot be spliced; or an unknown flag",
        ESPIPE: "an offset is given for a pipe",
        EPIPE: "the pipe to write has no reader, and SIGPIPE is ignored or handled",
        EINTR: "a handler ran before anything was moved",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: write_file(\"note\", \"hello world\")
a: f = open(\"note\", O_RDONLY)
a: [r, w] = pipe()
a: splice(f, NULL, w, NULL, 5) -> 5
a: read(r, 100)                -> \"hello\"
a: splice(f, 0, w, NULL, 4)    -> 4
a: read(r, 100)                -> \"hell\"
a: read(f, 100)                -> \" world\"";
}

call! {
    /// Makes a second pipe hold what a first one holds, at most `len` bytes, and leaves the first as it is; gives how many.
    fn tee(fd_in: Fd, fd_out: Fd, len: usize, flags: SpliceFlags = 0) -> isize {
        // SAFETY: tee(2) takes integers only.
        Ok(kernel(|| unsafe { libc::tee(fd_in.0, fd_out.0, len, flags.0) })?)
    }
    const TEE: "tee(2)";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "while the first pipe is empty and has a writer, or the second is full, unless SPLICE_F_NONBLOCK is set";
    errors: {
        EAGAIN: "it would wait, and SPLICE_F_NONBLOCK or O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for reading or writing as needed",
        EINVAL: "one of them is no pipe, or both are the same",
        EPIPE: "the second pipe has no reader, and SIGPIPE is ignored or handled",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: [r1, w1] = pipe()
a: [r2, w2] = pipe()
a: write(w1, \"twice\")
a: tee(r1, w2, 100) -> 5
a: read(r2, 100)    -> \"twice\"
a: read(r1, 100)    -> \"twice\"";
}

call! {
    /// Makes a pipe hold pages of the caller's memory, and gives how many bytes; on the reading end it copies out of the pipe.
    ///
    /// The pages are not copied: what is written to them before the pipe is read is read from it.
    fn vmsplice(fd: Fd, iov: Vec<Iovec>, flags: SpliceFlags = 0) -> isize {
        let parts: Vec<libc::iovec> = iov
            .iter()
            .map(|part| libc::iovec { iov_base: std::ptr::with_exposed_provenance_mut(part.iov_base.0), iov_len: part.iov_len })
            .collect();
        // SAFETY: vmsplice(2) reads a list that outlives the call; the memory is what the script names, and a bad address is EFAULT.
        Ok(kernel(|| unsafe { libc::vmsplice(fd.0, parts.as_ptr(), parts.len(), flags.0) })?)
    }
    const VMSPLICE: "vmsplice(2)";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "while the pipe is full, or to be read and empty, unless SPLICE_F_NONBLOCK is set";
    errors: {
        EAGAIN: "it would wait, and SPLICE_F_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or no pipe",
        EFAULT: "nothing is mapped at an address",
        EINVAL: "no parts or too many, or SPLICE_F_GIFT with what is not whole pages, or an unknown flag",
        EPIPE: "the pipe has no reader, and SIGPIPE is ignored or handled",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: store(p, \"before\")
a: [r, w] = pipe()
a: vmsplice(w, [{p, 6}]) -> 6
a: store(p, \"after.\")
a: read(r, 100)          -> \"after.\"";
}

call! {
    /// Sends at most `count` bytes of a file to another descriptor, and gives how many.
    fn sendfile(out_fd: Fd, in_fd: Fd, offset: Offset, count: usize) -> isize {
        let mut offset = offset;
        let at = offset.place();
        // SAFETY: sendfile(2) reads and sets the offset if it is given, which outlives the call.
        Ok(kernel(|| unsafe { libc::sendfile(out_fd.0, in_fd.0, at, count) })?)
    }
    const SENDFILE: "sendfile(2)";
    traits: [Wakes, Sends];
    touches: [writes beyond];
    blocks: "while what it writes to is full";
    errors: {
        EAGAIN: "there is no room, and O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for reading or writing as needed",
        EINVAL: "in_fd cannot be mapped, or out_fd is open with O_APPEND, or count is negative",
        EIO: "reading failed",
        EOVERFLOW: "count and offset together pass what a file can hold",
        ESPIPE: "an offset is given, and in_fd has none",
        EPIPE: "nobody can read it, and SIGPIPE is ignored or handled",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: write_file(\"from\", \"0123456789\")
a: f = open(\"from\", O_RDONLY)
a: t = open(\"to\", O_WRONLY | O_CREAT, 0o600)
a: sendfile(t, f, 2, 3)      -> 3
a: sendfile(t, f, NULL, 100) -> 10
a: cat(\"to\")                 -> \"2340123456789\"";
}

call! {
    /// Copies at most `len` bytes from one file to another within the kernel, and gives how many; 0 is the end.
    fn copy_file_range(
        fd_in: Fd,
        off_in: Offset,
        fd_out: Fd,
        off_out: Offset,
        len: usize,
        flags: u32 = 0
    ) -> isize {
        let (mut off_in, mut off_out) = (off_in, off_out);
        let (from, to) = (off_in.place(), off_out.place());
        // SAFETY: copy_file_range(2) reads and sets the offsets that are given, which outlive the call.
        Ok(kernel(|| unsafe { libc::copy_file_range(fd_in.0, from, fd_out.0, to, len, flags) })?)
    }
    const COPY_FILE_RANGE: "copy_file_range(2)";
    since: "4.5";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process, not open for reading or writing as needed, or O_APPEND",
        EFBIG: "the file would pass RLIMIT_FSIZE, or the largest size",
        EINVAL: "a flag, or parts of one file that overlap, or what is no regular file",
        EISDIR: "it is a directory",
        EXDEV: "they are on file systems of different kinds",
        ETXTBSY: "a swap file",
        ENOSPC: "the medium is full",
        EOVERFLOW: "a part passes what a file can hold",
        EPERM: "the file is immutable",
        EIO: "the medium failed",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: write_file(\"from\", \"0123456789\")
a: f = open(\"from\", O_RDONLY)
a: t = open(\"to\", O_RDWR | O_CREAT, 0o600)
a: copy_file_range(f, 2, t, NULL, 4) -> 4
a: cat(\"to\")                         -> \"2345\"";
}
