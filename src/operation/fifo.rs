//! Pipes with a name; see mkfifo(3) and fifo(7).

use super::argument::{Fd, Mode};
use super::entry::call;
use super::{Family, kernel};
use std::ffi::CString;

/// FIFOs.
pub static FAMILY: Family = Family {
    name: "fifo",
    title: "FIFOs",
    summary: "A FIFO is a pipe that processes find by its path. Opening it is a rendezvous: who opens it for reading waits for a writer, and \
        the other way round; O_RDWR never waits. Under O_NONBLOCK the reader gets its descriptor at once, and the writer ENXIO. \
        What is in it is gone when the last descriptor is closed; the file stays until it is unlinked.",
    calls: &[&MKFIFO, &MKFIFOAT],
    constants: &[],
    structs: &[],
};

call! {
    /// Makes a FIFO, with the mode given, less the umask.
    fn mkfifo(path: CString, mode: Mode) -> () {
        // SAFETY: mkfifo(3) reads the path, which outlives the call.
        kernel(|| unsafe { libc::mkfifo(path.as_ptr(), mode.0) })?;
        Ok(())
    }
    const MKFIFO: "mkfifo(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never; opening it does";
    errors: {
        EEXIST: "the path exists, be it a symbolic link that leads nowhere",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path is no directory",
        EROFS: "the mount is read-only",
        ENOSPC: "no room for another file",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "actor b
a: mkfifo(\"fifo\", 0o600)
a: w = open(\"fifo\", O_WRONLY) -> blocks
b: r = open(\"fifo\", O_RDONLY)
a: resumes
a: write(w, \"hello\")
b: read(r, 100)               -> \"hello\"";
}

call! {
    /// Makes a FIFO, from the directory `dirfd` on.
    fn mkfifoat(dirfd: Fd, path: CString, mode: Mode) -> () {
        // SAFETY: mkfifoat(3) reads the path, which outlives the call.
        kernel(|| unsafe { libc::mkfifoat(dirfd.0, path.as_ptr(), mode.0) })?;
        Ok(())
    }
    const MKFIFOAT: "mkfifoat(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never; opening it does";
    errors: {
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EEXIST: "the path exists",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        EROFS: "the mount is read-only",
    };
    example: "a: mkdir(\"box\", 0o755)
a: box = open(\"box\", O_RDONLY | O_DIRECTORY)
a: mkfifoat(box, \"fifo\", 0o600)
a: ls(\"box\") -> [\"fifo\"]";
}
