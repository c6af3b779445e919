//! Room in a file, and what the kernel is told of how it will be used; see fallocate(2), posix_fadvise(2).

use super::argument::Fd;
use super::entry::{call, constants};
use super::{Failure, Family, kernel};
use crate::value::Errno;

/// Room in files.
pub static FAMILY: Family = Family {
    name: "allocation",
    title: "Room in files",
    summary: "A file may have holes, which read as zeros and take no room: `lseek` finds them with SEEK_HOLE and SEEK_DATA, `fstat` counts in \
        `st_blocks` what is there. `fallocate` makes room ahead of writing, and punches holes.",
    calls: &[&FALLOCATE, &POSIX_FALLOCATE, &POSIX_FADVISE, &READAHEAD],
    constants: &[&AllocationMode::GROUP, &Advice::GROUP],
    structs: &[],
};

constants! {
    /// modes of fallocate
    flags AllocationMode(i32) {
        FALLOC_FL_ALLOCATE_RANGE = 0, "make room, and a longer file if need be";
        FALLOC_FL_KEEP_SIZE, "leave the length as it is";
        FALLOC_FL_PUNCH_HOLE, "give the room back; goes with FALLOC_FL_KEEP_SIZE";
        FALLOC_FL_NO_HIDE_STALE = 4, "reserved";
        FALLOC_FL_COLLAPSE_RANGE, "take the part out of the file";
        FALLOC_FL_ZERO_RANGE, "make the part zeros, and room for it";
        FALLOC_FL_INSERT_RANGE, "put a hole between";
        FALLOC_FL_UNSHARE_RANGE, "give the file blocks of its own where it shares them";
        FALLOC_FL_WRITE_ZEROES = 0x80, "make the part zeros that are written to the medium";
    }
    /// advice of posix_fadvise
    choice Advice(i32) {
        POSIX_FADV_NORMAL, "nothing special";
        POSIX_FADV_SEQUENTIAL, "it is read from front to back";
        POSIX_FADV_RANDOM, "it is read here and there";
        POSIX_FADV_NOREUSE, "it is read once";
        POSIX_FADV_WILLNEED, "it is read soon";
        POSIX_FADV_DONTNEED, "it is not read soon";
    }
}

call! {
    /// Makes room in a file, or does with a part of it what the mode says.
    fn fallocate(fd: Fd, mode: AllocationMode, offset: i64, len: i64) -> () {
        // SAFETY: fallocate(2) takes integers only.
        kernel(|| unsafe { libc::fallocate(fd.0, mode.0, offset, len) })?;
        Ok(())
    }
    const FALLOCATE: "fallocate(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process, or not open for writing",
        EFBIG: "longer than files can be",
        EINTR: "a handler ran before all of the room was there",
        EINVAL: "a negative offset, a length that is not above 0, or parts that do not suit the mode",
        EIO: "the medium failed",
        ENODEV: "neither a regular file nor a directory",
        ENOSPC: "the medium is full",
        EOPNOTSUPP: "the file system does not know the mode, or the mode does not exist",
        EPERM: "a seal forbids it, or the file is immutable or append-only",
        ESPIPE: "a pipe, FIFO or socket",
        ETXTBSY: "FALLOC_FL_COLLAPSE_RANGE or FALLOC_FL_INSERT_RANGE, and it is being executed",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fallocate(f, 0, 0, 8192)
a: fstat(f)                -> {st_size: 8192, st_blocks: 16}
a: fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096)
a: fstat(f)                -> {st_size: 8192, st_blocks: 8}
a: lseek(f, 0, SEEK_HOLE)  -> 0
a: fallocate(f, 0, 0, 0)   -> EINVAL";
}

call! {
    /// Makes room in a file, also where the file system cannot: then it writes zeros.
    fn posix_fallocate(fd: Fd, offset: i64, len: i64) -> () {
        // SAFETY: posix_fallocate(3) takes integers only.
        reported(|| unsafe { libc::posix_fallocate(fd.0, offset, len) })
    }
    const POSIX_FALLOCATE: "posix_fallocate(3)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process, or not open for writing",
        EFBIG: "longer than files can be",
        EINTR: "a handler ran before all of the room was there",
        EINVAL: "a negative offset, or a length that is not above 0",
        ENODEV: "no regular file",
        ENOSPC: "the medium is full",
        EPERM: "a seal forbids it",
        ESPIPE: "a pipe or FIFO",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: posix_fallocate(f, 0, 4096)
a: fstat(f)                    -> {st_size: 4096}
a: [r, w] = pipe()
a: posix_fallocate(w, 0, 1)    -> ESPIPE or ENODEV";
}

call! {
    /// Tells the kernel how a part of a file will be read; a length of 0 goes on to the end.
    fn posix_fadvise(fd: Fd, offset: i64, len: i64, advice: Advice) -> () {
        // SAFETY: posix_fadvise(2) takes integers only.
        reported(|| unsafe { libc::posix_fadvise(fd.0, offset, len, advice.0) })
    }
    const POSIX_FADVISE: "posix_fadvise(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "an unknown advice, or a negative length",
        ESPIPE: "a pipe or FIFO",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: f = open(\"note\", O_RDONLY)
a: posix_fadvise(f, 0, 0, POSIX_FADV_SEQUENTIAL)
a: [r, w] = pipe()
a: posix_fadvise(r, 0, 0, POSIX_FADV_RANDOM)     -> ESPIPE";
}

call! {
    /// Has a part of a file read into the page cache.
    fn readahead(fd: Fd, offset: i64, count: usize) -> () {
        // SAFETY: readahead(2) takes integers only.
        kernel(|| unsafe { libc::readahead(fd.0, offset, count) })?;
        Ok(())
    }
    const READAHEAD: "readahead(2)";
    traits: [Local];
    touches: [];
    blocks: "never for long: a medium is no other process";
    errors: {
        EBADF: "not a descriptor of this process, or not open for reading",
        EINVAL: "what has no page cache, such as a pipe",
    };
    example: "a: f = open(\"/etc/passwd\", O_RDONLY)
a: readahead(f, 0, 4096)
a: [r, w] = pipe()
a: readahead(r, 0, 1)    -> EINVAL or ESPIPE";
}

/// The calls of POSIX that give their error as their result.
fn reported(call: impl FnOnce() -> i32) -> Result<(), Failure> {
    let mut error = 0;
    kernel(|| {
        error = call();
        0
    })?;
    if error == 0 { Ok(()) } else { Err(Errno(error).into()) }
}
