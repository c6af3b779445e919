//! Names of files: links, symbolic links, renaming, removing; see link(2), symlink(2), rename(2), unlink(2).

use super::argument::{Bytes, Fd};
use super::entry::{call, constants};
use super::{Family, kernel};
use std::ffi::CString;

/// Names of files.
pub static FAMILY: Family = Family {
    name: "link",
    title: "Names of files",
    summary: "A name in a directory is a link to a file, and a file may have several. It goes when its last name is removed and nobody \
        has it open. A symbolic link is a file of its own that holds a path, which is followed anew each time.",
    calls: &[&LINK, &LINKAT, &SYMLINK, &SYMLINKAT, &READLINK, &READLINKAT, &RENAME, &RENAMEAT, &RENAMEAT2, &UNLINK, &UNLINKAT],
    constants: &[&LinkFlags::GROUP, &RenameFlags::GROUP, &UnlinkFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of linkat
    flags LinkFlags(i32) {
        AT_SYMLINK_FOLLOW, "follow a symbolic link; also one in /proc/PID/fd";
        AT_EMPTY_PATH, "an empty old path is the descriptor itself, which may be one of O_TMPFILE";
    }
    /// flags of renameat2
    flags RenameFlags(u32) {
        RENAME_NOREPLACE, "fail with EEXIST when the new name exists";
        RENAME_EXCHANGE, "both exist, and change places";
        RENAME_WHITEOUT, "leave a whiteout of an overlay at the old name";
    }
    /// flags of unlinkat
    flags UnlinkFlags(i32) {
        AT_REMOVEDIR, "remove an empty directory, as rmdir does";
    }
}

call! {
    /// Gives a file a further name; a symbolic link is not followed.
    fn link(oldpath: CString, newpath: CString) -> () {
        // SAFETY: link(2) reads both paths, which outlive the call.
        kernel(|| unsafe { libc::link(oldpath.as_ptr(), newpath.as_ptr()) })?;
        Ok(())
    }
    const LINK: "link(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "the new name exists",
        ENOENT: "the file does not exist, or a directory on the way does not",
        EXDEV: "the two are on different mounts, be they of one file system",
        EPERM: "it is a directory; or the kernel protects files of others from being linked (fs.protected_hardlinks); or it is immutable",
        EACCES: "the mode of the directory that is to hold the name does not allow it",
        EMLINK: "the file has too many names",
        ENOTDIR: "a part of a path is no directory",
        EROFS: "the mount is read-only",
        ENOSPC: "no room for another name",
    };
    example: "a: write_file(\"one\", \"same\")
a: link(\"one\", \"two\")
a: stat(\"two\") -> {st_nlink: 2}
a: link(\"/tmp\", \"three\") -> EPERM or EXDEV";
}

call! {
    /// Like `link`, from directories on, and with flags.
    fn linkat(olddirfd: Fd, oldpath: CString, newdirfd: Fd, newpath: CString, flags: LinkFlags = 0) -> () {
        let (from, to) = (oldpath.as_ptr(), newpath.as_ptr());
        // SAFETY: linkat(2) reads both paths, which outlive the call.
        kernel(|| unsafe { libc::linkat(olddirfd.0, from, newdirfd.0, to, flags.0) })?;
        Ok(())
    }
    const LINKAT: "linkat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "the new name exists",
        ENOENT: "the file does not exist, or has no name and was not made for one; AT_EMPTY_PATH without CAP_DAC_READ_SEARCH; or a directory on the way does not exist",
        EBADF: "a path is relative, and its directory is neither a descriptor nor AT_FDCWD",
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EXDEV: "the two are on different mounts, be they of one file system",
        EPERM: "it is a directory; or the kernel protects files of others from being linked (fs.protected_hardlinks); or it is immutable",
        EACCES: "the mode of the directory that is to hold the name does not allow it",
        EMLINK: "the file has too many names",
        ENOTDIR: "a part of a path is no directory",
        EROFS: "the mount is read-only",
    };
    example: "a: f = open(\".\", O_TMPFILE | O_RDWR, 0o600)
a: write(f, \"born without a name\")
a: linkat(AT_FDCWD, \"/proc/self/fd/{f}\", AT_FDCWD, \"note\", AT_SYMLINK_FOLLOW)
a: cat(\"note\") -> \"born without a name\"";
}

call! {
    /// Makes a symbolic link that holds the path `target`, which need not exist.
    fn symlink(target: CString, linkpath: CString) -> () {
        // SAFETY: symlink(2) reads both strings, which outlive the call.
        kernel(|| unsafe { libc::symlink(target.as_ptr(), linkpath.as_ptr()) })?;
        Ok(())
    }
    const SYMLINK: "symlink(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "the name of the link exists",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        ENOENT: "a directory on the way does not exist, or target is empty",
        ENOTDIR: "a part of the path is no directory",
        EPERM: "the file system has no symbolic links",
        EROFS: "the mount is read-only",
        ENOSPC: "no room for another name",
        ENAMETOOLONG: "target or the path is too long",
    };
    example: "a: symlink(\"note\", \"link\")
a: write_file(\"link\", \"through\")
a: cat(\"note\") -> \"through\"";
}

call! {
    /// Like `symlink`, from the directory `newdirfd` on.
    fn symlinkat(target: CString, newdirfd: Fd, linkpath: CString) -> () {
        // SAFETY: symlinkat(2) reads both strings, which outlive the call.
        kernel(|| unsafe { libc::symlinkat(target.as_ptr(), newdirfd.0, linkpath.as_ptr()) })?;
        Ok(())
    }
    const SYMLINKAT: "symlinkat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "the name of the link exists",
        EBADF: "the path is relative, and newdirfd is neither a descriptor nor AT_FDCWD",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        ENOENT: "a directory on the way does not exist, or target is empty",
        ENOTDIR: "a part of the path, or newdirfd, is no directory",
        EROFS: "the mount is read-only",
    };
    example: "a: mkdir(\"box\", 0o755)
a: box = open(\"box\", O_RDONLY | O_DIRECTORY)
a: symlinkat(\"nowhere\", box, \"link\")
a: readlinkat(box, \"link\") -> \"nowhere\"";
}

call! {
    /// Gives what a symbolic link holds; for those in `/proc/PID/ns` and `/proc/PID/fd`, what they stand for.
    fn readlink(path: CString) -> Bytes {
        let mut buffer = vec![0u8; 4096];
        let at = buffer.as_mut_ptr().cast();
        // SAFETY: readlink(2) reads the path and fills at most the length of `buffer`; both outlive the call.
        let length = kernel(|| unsafe { libc::readlink(path.as_ptr(), at, buffer.len()) })?;
        buffer.truncate(length.unsigned_abs());
        Ok(Bytes(buffer))
    }
    const READLINK: "readlink(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        EINVAL: "it is no symbolic link",
        ENOENT: "it does not exist",
        EACCES: "the mode of a directory on the way does not allow to pass; for those in /proc/PID: the caller may not trace that process",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: symlink(\"nowhere\", \"link\")
a: readlink(\"link\")              -> \"nowhere\"
a: readlink(\"/proc/self/ns/ipc\") -> matches \"^ipc:\"
a: readlink(\"/tmp\")              -> EINVAL";
}

call! {
    /// Like `readlink`, from the directory `dirfd` on; an empty path is the link that `dirfd` itself is, opened with O_PATH.
    fn readlinkat(dirfd: Fd, path: CString) -> Bytes {
        let mut buffer = vec![0u8; 4096];
        let at = buffer.as_mut_ptr().cast();
        // SAFETY: readlinkat(2) reads the path and fills at most the length of `buffer`; both outlive the call.
        let length = kernel(|| unsafe { libc::readlinkat(dirfd.0, path.as_ptr(), at, buffer.len()) })?;
        buffer.truncate(length.unsigned_abs());
        Ok(Bytes(buffer))
    }
    const READLINKAT: "readlinkat(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EINVAL: "it is no symbolic link",
        ENOENT: "it does not exist; or the path is empty, and dirfd is no symbolic link",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
    };
    example: "a: symlink(\"nowhere\", \"link\")
a: link = open(\"link\", O_PATH | O_NOFOLLOW)
a: readlinkat(link, \"\")           -> \"nowhere\"
a: readlinkat(AT_FDCWD, \"link\")   -> \"nowhere\"";
}

call! {
    /// Gives a file or directory another name, at once; what had the new name before is removed.
    fn rename(oldpath: CString, newpath: CString) -> () {
        // SAFETY: rename(2) reads both paths, which outlive the call.
        kernel(|| unsafe { libc::rename(oldpath.as_ptr(), newpath.as_ptr()) })?;
        Ok(())
    }
    const RENAME: "rename(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENOENT: "the file does not exist, or a directory on the way does not",
        EXDEV: "the two are on different mounts; or, on an overlay, it is a directory of a lower layer",
        EISDIR: "the new name is a directory, and the file is none",
        ENOTDIR: "the new name is no directory, and the file is one; or a part of a path is none",
        ENOTEMPTY: "the new name is a directory that holds something",
        EINVAL: "a directory cannot go into itself",
        EBUSY: "one of them is a mount point in the caller's mount namespace, or a root",
        EACCES: "the mode of a directory does not allow it",
        EPERM: "a directory is sticky, and the caller owns neither it nor the file",
        EROFS: "the mount is read-only",
    };
    example: "a: write_file(\"one\", \"1\")
a: write_file(\"two\", \"2\")
a: rename(\"one\", \"two\")
a: cat(\"two\") -> \"1\"
a: cat(\"one\") -> ENOENT";
}

call! {
    /// Like `rename`, from directories on.
    fn renameat(olddirfd: Fd, oldpath: CString, newdirfd: Fd, newpath: CString) -> () {
        let (from, to) = (oldpath.as_ptr(), newpath.as_ptr());
        // SAFETY: renameat(2) reads both paths, which outlive the call.
        kernel(|| unsafe { libc::renameat(olddirfd.0, from, newdirfd.0, to) })?;
        Ok(())
    }
    const RENAMEAT: "renameat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENOENT: "the file does not exist, or a directory on the way does not",
        EBADF: "a path is relative, and its directory is neither a descriptor nor AT_FDCWD",
        EXDEV: "the two are on different mounts",
        EISDIR: "the new name is a directory, and the file is none",
        ENOTDIR: "the new name is no directory, and the file is one; or a part of a path is none",
        ENOTEMPTY: "the new name is a directory that holds something",
        EINVAL: "a directory cannot go into itself",
        EBUSY: "one of them is a mount point in the caller's mount namespace, or a root",
        EACCES: "the mode of a directory does not allow it",
        EPERM: "a directory is sticky, and the caller owns neither it nor the file",
        EROFS: "the mount is read-only",
    };
    example: "a: mkdir(\"box\", 0o755)
a: box = open(\"box\", O_RDONLY | O_DIRECTORY)
a: write_file(\"note\", \"1\")
a: renameat(AT_FDCWD, \"note\", box, \"note\")
a: cat(\"box/note\") -> \"1\"";
}

call! {
    /// Like `rename`, from directories on, and with flags that keep or exchange what has the new name.
    fn renameat2(olddirfd: Fd, oldpath: CString, newdirfd: Fd, newpath: CString, flags: RenameFlags = 0) -> () {
        let (from, to) = (oldpath.as_ptr(), newpath.as_ptr());
        // SAFETY: renameat2(2) reads both paths, which outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_renameat2, olddirfd.0, from, newdirfd.0, to, flags.0) })?;
        Ok(())
    }
    const RENAMEAT2: "renameat2(2)";
    since: "3.15";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "the new name exists, and RENAME_NOREPLACE is set",
        ENOENT: "the file does not exist; or the new name does not, and RENAME_EXCHANGE is set",
        EINVAL: "flags that are unknown, do not go together, or are not known to the file system; or a directory into itself",
        EPERM: "RENAME_WHITEOUT without CAP_MKNOD; or a directory is sticky, and the caller owns neither it nor the file",
        EXDEV: "the two are on different mounts",
        EBADF: "a path is relative, and its directory is neither a descriptor nor AT_FDCWD",
        EISDIR: "the new name is a directory, and the file is none",
        ENOTDIR: "the new name is no directory, and the file is one",
        ENOTEMPTY: "the new name is a directory that holds something",
        EBUSY: "one of them is a mount point in the caller's mount namespace",
        EACCES: "the mode of a directory does not allow it",
        EROFS: "the mount is read-only",
    };
    example: "a: write_file(\"one\", \"1\")
a: write_file(\"two\", \"2\")
a: renameat2(AT_FDCWD, \"one\", AT_FDCWD, \"two\", RENAME_NOREPLACE) -> EEXIST
a: renameat2(AT_FDCWD, \"one\", AT_FDCWD, \"two\", RENAME_EXCHANGE)
a: cat(\"one\") -> \"2\"";
}

call! {
    /// Removes a name; the file goes with its last one, once nobody has it open.
    fn unlink(path: CString) -> () {
        // SAFETY: unlink(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::unlink(path.as_ptr()) })?;
        Ok(())
    }
    const UNLINK: "unlink(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist",
        EISDIR: "it is a directory",
        EACCES: "the mode of the directory that holds it does not allow it",
        EPERM: "the directory that holds it is sticky, and the caller owns neither; or the file is immutable",
        EBUSY: "it is a mount point in the caller's mount namespace",
        ENOTDIR: "a part of the path is no directory",
        EROFS: "the mount is read-only",
    };
    example: "a: write_file(\"note\", \"still here\")
a: f = open(\"note\", O_RDONLY)
a: unlink(\"note\")
a: open(\"note\", O_RDONLY) -> ENOENT
a: read(f, 100)           -> \"still here\"
a: fstat(f)               -> {st_nlink: 0}";
}

call! {
    /// Removes a name from the directory `dirfd` on; under AT_REMOVEDIR an empty directory.
    fn unlinkat(dirfd: Fd, path: CString, flags: UnlinkFlags = 0) -> () {
        // SAFETY: unlinkat(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::unlinkat(dirfd.0, path.as_ptr(), flags.0) })?;
        Ok(())
    }
    const UNLINKAT: "unlinkat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist",
        EISDIR: "it is a directory, and AT_REMOVEDIR is not set",
        ENOTDIR: "it is no directory, and AT_REMOVEDIR is set; or a part of the path, or dirfd, is none",
        ENOTEMPTY: "AT_REMOVEDIR, and something is in it",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EACCES: "the mode of the directory that holds it does not allow it",
        EPERM: "the directory that holds it is sticky, and the caller owns neither",
        EBUSY: "it is a mount point in the caller's mount namespace",
        EROFS: "the mount is read-only",
    };
    example: "a: mkdir(\"box\", 0o755)
a: unlinkat(AT_FDCWD, \"box\")               -> EISDIR
a: unlinkat(AT_FDCWD, \"box\", AT_REMOVEDIR)";
}
