//! Files: open, close, change their size; see open(2).

use super::argument::{Fd, Mode};
use super::entry::{call, constants};
use super::{Family, kernel};
use std::ffi::CString;

/// Files.
pub static FAMILY: Family = Family {
    name: "file",
    title: "Files",
    summary: "`open` gives the lowest free descriptor. It names an open file description, which holds the offset and the status flags; \
        `dup` and `fork` make further descriptors of the same description, another `open` makes another description. Permissions are \
        checked by `open` alone: a descriptor stays good when the file is removed or its mode changes.",
    calls: &[&OPEN, &OPENAT, &CREAT, &CLOSE, &TRUNCATE, &FTRUNCATE, &FSYNC],
    constants: &[&OpenFlags::GROUP, &DirectoryFd::GROUP],
    structs: &[],
};

constants! {
    /// flags of open
    flags OpenFlags(i32) {
        O_RDONLY, "for reading only";
        O_WRONLY, "for writing only";
        O_RDWR, "for reading and writing";
        O_ACCMODE, "the part of the flags that F_GETFL gives for reading and writing";
        O_CREAT, "create the file unless it exists, with the mode given, less the umask";
        O_EXCL, "with O_CREAT: fail with EEXIST when it exists, be it a symbolic link";
        O_TRUNC, "cut a regular file to length 0";
        O_APPEND, "each write goes to the end of the file";
        O_NONBLOCK, "neither open nor read nor write waits";
        O_NDELAY, "the old name of O_NONBLOCK";
        O_CLOEXEC, "execve closes the descriptor";
        O_TMPFILE, "a regular file without a name in the directory given";
        O_DIRECTORY, "fail with ENOTDIR unless it is a directory";
        O_NOFOLLOW, "fail with ELOOP when the last part is a symbolic link";
        O_PATH, "a place in the tree only: neither reads nor writes, and needs no permission of the file itself";
        O_NOCTTY, "a terminal does not become the controlling one";
        O_SYNC, "each write waits for the medium, with all that describes the file";
        O_DSYNC, "each write waits for the medium";
        O_FSYNC = libc::O_SYNC, "another name of O_SYNC";
        O_RSYNC, "on Linux the same as O_SYNC";
        O_DIRECT, "around the page cache; for a pipe: packets";
        O_ASYNC, "SIGIO when reading or writing becomes possible";
        O_NOATIME, "reading does not change st_atim";
        O_LARGEFILE = LARGE_FILE, "what a 64-bit kernel sets by itself and F_GETFL shows";
    }
    /// directory of the calls that end in `at`
    choice DirectoryFd(i32) {
        AT_FDCWD, "paths that do not begin with / start at the working directory";
    }
}

// The C library defines it as 0 for 64-bit programs; F_GETFL shows the bit of the kernel.
const LARGE_FILE: i32 = if cfg!(target_arch = "aarch64") { 0o400_000 } else { 0o100_000 };

call! {
    /// Opens a file, or creates it, and gives the lowest free descriptor.
    ///
    /// `mode` counts only under O_CREAT and O_TMPFILE; the umask is taken out of it.
    fn open(path: CString, flags: OpenFlags, mode: Mode = 0) -> Fd {
        // SAFETY: open(2) reads the path, which outlives the call.
        Ok(kernel(|| unsafe { libc::open(path.as_ptr(), flags.0, mode.0) }).map(Fd)?)
    }
    const OPEN: "open(2)";
    traits: [Wakes];
    touches: [writes files, writes channels, writes memory];
    blocks: "a FIFO opened for reading alone until there is a writer, for writing alone until there is a reader; a file under a lease that \
        the open breaks: until its holder gives it up";
    errors: {
        EACCES: "the mode of the file, or of a directory on the way, does not allow it; or the file is to be created where the \
            directory does not allow it; or in a sticky directory that all may write, O_CREAT finds somebody else's FIFO or file",
        EEXIST: "it exists, and both O_CREAT and O_EXCL are set",
        ENOENT: "it does not exist and O_CREAT is not set; or a directory on the way does not exist; or the path is empty",
        ENOTDIR: "a part of the path is no directory; or O_DIRECTORY is set and the file is none",
        EISDIR: "a directory cannot be opened for writing, and O_CREAT cannot make one",
        ELOOP: "too many symbolic links; or the last part is one, and O_NOFOLLOW is set",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENXIO: "a FIFO for writing only under O_NONBLOCK, and nobody has it open for reading; or a socket; or no such device",
        ENODEV: "a device file whose device is not there",
        EROFS: "the mount is read-only, and writing is asked for",
        ETXTBSY: "a program that is being executed cannot be opened for writing",
        EPERM: "O_NOATIME on a file of another owner; or the file is sealed, immutable or append-only",
        EAGAIN: "under O_NONBLOCK, somebody's lease has to be broken first",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "flags that do not go together, or that the file system does not know; some kernel files refuse a second writer so",
        ENAMETOOLONG: "the path, or a part of it, is too long",
        ENOSPC: "no room to create the file",
        EOPNOTSUPP: "the file system has no O_TMPFILE",
        EBUSY: "O_EXCL on a block device that is in use",
    };
    example: "a: open(\"note\", O_RDONLY)                        -> ENOENT
a: f = open(\"note\", O_RDWR | O_CREAT | O_EXCL, 0o600)
a: open(\"note\", O_RDWR | O_CREAT | O_EXCL, 0o600) -> EEXIST
a: close(f)";
}

call! {
    /// Like `open`; a path that does not begin with `/` starts at the directory `dirfd`.
    fn openat(dirfd: Fd, path: CString, flags: OpenFlags, mode: Mode = 0) -> Fd {
        // SAFETY: openat(2) reads the path, which outlives the call.
        Ok(kernel(|| unsafe { libc::openat(dirfd.0, path.as_ptr(), flags.0, mode.0) }).map(Fd)?)
    }
    const OPENAT: "openat(2)";
    traits: [Wakes];
    touches: [writes files, writes channels, writes memory];
    blocks: "like open";
    errors: {
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        ENOTDIR: "the path is relative, and dirfd is no directory; or a part of the path is none",
        EACCES: "the mode of the file, or of a directory on the way, does not allow it",
        EEXIST: "it exists, and both O_CREAT and O_EXCL are set",
        ENOENT: "it does not exist and O_CREAT is not set; or a directory on the way does not exist",
        EISDIR: "a directory cannot be opened for writing",
        ELOOP: "too many symbolic links; or the last part is one, and O_NOFOLLOW is set",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENXIO: "a FIFO for writing only under O_NONBLOCK, and nobody has it open for reading; or a socket",
        EROFS: "the mount is read-only, and writing is asked for",
        EINTR: "a handler ran while the caller waited",
    };
    example: "a: mkdir(\"box\", 0o755)
a: box = open(\"box\", O_RDONLY | O_DIRECTORY)
a: f = openat(box, \"note\", O_WRONLY | O_CREAT, 0o600)
a: write(f, \"inside\")
a: cat(\"box/note\") -> \"inside\"";
}

call! {
    /// Creates a file or empties it, and opens it for writing: `open` with O_WRONLY | O_CREAT | O_TRUNC.
    fn creat(path: CString, mode: Mode) -> Fd {
        // SAFETY: creat(2) reads the path, which outlives the call.
        Ok(kernel(|| unsafe { libc::creat(path.as_ptr(), mode.0) }).map(Fd)?)
    }
    const CREAT: "creat(2)";
    traits: [Wakes];
    touches: [writes files, writes channels, writes memory];
    blocks: "like open";
    errors: {
        EACCES: "the mode of the file, or of its directory, does not allow it",
        EISDIR: "it is a directory",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path is no directory",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        EROFS: "the mount is read-only",
        ETXTBSY: "it is a program that is being executed",
    };
    example: "a: f = creat(\"note\", 0o600)
a: read(f, 1) -> EBADF";
}

call! {
    /// Gives up a descriptor.
    ///
    /// With the last descriptor of an open file description go its locks and leases; with the last writer of a pipe its readers see
    /// the end of file. Record locks of the process on this file go with any descriptor of it.
    fn close(fd: Fd) -> () {
        // SAFETY: close(2) takes an integer; the descriptors of an actor are the script's own.
        kernel(|| unsafe { libc::close(fd.0) })?;
        Ok(())
    }
    const CLOSE: "close(2)";
    traits: [Wakes, Lingers];
    touches: [writes descriptor(fd)];
    blocks: "never; a TCP socket with SO_LINGER waits until all is sent and answered, or its seconds are over";
    errors: {
        EBADF: "not a descriptor of this process: never opened, or closed before",
        EIO: "writing what was held back failed",
        EINTR: "a handler ran; the descriptor is closed all the same",
        ENOSPC: "no room for what was held back",
        EDQUOT: "the quota has no room for what was held back",
    };
    example: "a: f = open(\"/dev/null\", O_RDWR)
a: close(f)
a: close(f) -> EBADF";
}

call! {
    /// Gives a file this length: cuts it off, or fills it up with zeros.
    fn truncate(path: CString, length: i64) -> () {
        // SAFETY: truncate(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::truncate(path.as_ptr(), length) })?;
        Ok(())
    }
    const TRUNCATE: "truncate(2)";
    traits: [Wakes];
    touches: [writes files, writes memory];
    blocks: "while somebody holds a lease that has to be broken";
    errors: {
        EACCES: "the mode of the file does not allow writing, or that of a directory on the way does not allow to pass",
        EFBIG: "longer than files can be",
        EINVAL: "a negative length, or neither a regular file nor a directory",
        EISDIR: "it is a directory",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path is no directory",
        EPERM: "the file is sealed, immutable or append-only",
        EROFS: "the mount is read-only",
        ETXTBSY: "it is a program that is being executed",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: truncate(\"note\", 4)
a: cat(\"note\")         -> \"0123\"
a: truncate(\"note\", 6)
a: cat(\"note\")         -> \"0123\\x00\\x00\"";
}

call! {
    /// Gives an open file, or an object of shared memory, this length.
    fn ftruncate(fd: Fd, length: i64) -> () {
        // SAFETY: ftruncate(2) takes integers only.
        kernel(|| unsafe { libc::ftruncate(fd.0, length) })?;
        Ok(())
    }
    const FTRUNCATE: "ftruncate(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "a negative length, or not open for writing, or neither a regular file nor shared memory",
        EFBIG: "longer than files can be, or than RLIMIT_FSIZE allows",
        EPERM: "a seal forbids to grow or to shrink it, or it is immutable or append-only",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: ftruncate(f, 4096)
a: fstat(f)         -> {st_size: 4096}
a: r = open(\"note\", O_RDONLY)
a: ftruncate(r, 0)  -> EINVAL";
}

call! {
    /// Waits until all that was written to a file is on its medium.
    fn fsync(fd: Fd) -> () {
        // SAFETY: fsync(2) takes an integer.
        kernel(|| unsafe { libc::fsync(fd.0) })?;
        Ok(())
    }
    const FSYNC: "fsync(2)";
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
a: fsync(f)
a: [r, w] = pipe()
a: fsync(w) -> EINVAL";
}
