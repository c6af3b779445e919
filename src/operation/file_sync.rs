//! What was written, and its way to the medium; see fdatasync(2), sync(2), sync_file_range(2).

use super::argument::Fd;
use super::entry::{call, constants};
use super::{Family, kernel};

/// The way to the medium.
pub static FAMILY: Family = Family {
    name: "file_sync",
    title: "The way to the medium",
    summary: "What is written goes to the page cache, where every process sees it at once, and to the medium later. These calls wait until it is there; \
        between processes they change nothing.",
    calls: &[&FDATASYNC, &SYNCFS, &SYNC, &SYNC_FILE_RANGE],
    constants: &[&RangeFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of sync_file_range
    flags RangeFlags(u32) {
        SYNC_FILE_RANGE_WAIT_BEFORE, "wait for what is on its way already";
        SYNC_FILE_RANGE_WRITE, "send what is not";
        SYNC_FILE_RANGE_WAIT_AFTER, "wait for that";
        SYNC_FILE_RANGE_WRITE_AND_WAIT = 7, "all three";
    }
}

call! {
    /// Like `fsync`, without what describes the file and is not needed to read it again.
    fn fdatasync(fd: Fd) -> () {
        // SAFETY: fdatasync(2) takes an integer.
        kernel(|| unsafe { libc::fdatasync(fd.0) })?;
        Ok(())
    }
    const FDATASYNC: "fdatasync(2)";
    traits: [Local];
    touches: [];
    blocks: "never for long: a medium is no other process";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "a pipe, a FIFO or a socket has no medium",
        EROFS: "the file system cannot do it",
        EIO: "the medium failed",
        ENOSPC: "no room for what was held back",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fdatasync(f)";
}

call! {
    /// Waits until the file system that holds an open file is on its medium.
    fn syncfs(fd: Fd) -> () {
        // SAFETY: syncfs(2) takes an integer.
        kernel(|| unsafe { libc::syncfs(fd.0) })?;
        Ok(())
    }
    const SYNCFS: "syncfs(2)";
    traits: [Local];
    blocks: "never for long: a medium is no other process";
    errors: {
        EBADF: "not a descriptor of this process",
        EIO: "the medium failed since it was last asked",
        ENOSPC: "no room for what was held back",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: syncfs(f)";
}

call! {
    /// Waits until all file systems are on their media.
    fn sync() -> () {
        kernel(|| {
            // SAFETY: sync(2) takes nothing and cannot fail.
            unsafe { libc::sync() };
            0
        })?;
        Ok(())
    }
    const SYNC: "sync(2)";
    traits: [Local];
    blocks: "never for long: a medium is no other process";
    errors: {};
    example: "a: sync()";
}

call! {
    /// Sends a part of a file to the medium, or waits for it; a length of 0 goes on to the end.
    fn sync_file_range(fd: Fd, offset: i64, nbytes: i64, flags: RangeFlags) -> () {
        // SAFETY: sync_file_range(2) takes integers only.
        kernel(|| unsafe { libc::sync_file_range(fd.0, offset, nbytes, flags.0) })?;
        Ok(())
    }
    const SYNC_FILE_RANGE: "sync_file_range(2)";
    traits: [Local];
    blocks: "never for long: a medium is no other process";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "an unknown flag, or a negative offset or length",
        EIO: "the medium failed",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
        ENOSPC: "no room for what was held back",
        ESPIPE: "neither a regular file, a block device, a directory nor a symbolic link",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: sync_file_range(f, 0, 0, SYNC_FILE_RANGE_WRITE)
a: [r, w] = pipe()
a: sync_file_range(w, 0, 0, SYNC_FILE_RANGE_WRITE) -> ESPIPE";
}
