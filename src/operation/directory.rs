//! Directories: make, remove, go there; see mkdir(2), chdir(2), mknod(2).

use super::argument::{Fd, Mode};
use super::entry::call;
use super::{Family, kernel};
use std::ffi::CString;

/// Directories.
pub static FAMILY: Family = Family {
    name: "directory",
    title: "Directories",
    summary: "A path that does not begin with `/` starts at the working directory, which every process has for itself and hands on to \
        its children. An actor starts in an empty directory of its world that it may write.",
    calls: &[&MKDIR, &MKDIRAT, &RMDIR, &CHDIR, &FCHDIR, &GETCWD, &MKNOD, &MKNODAT],
    constants: &[],
    structs: &[],
};

call! {
    /// Makes a directory, with the mode given, less the umask.
    fn mkdir(path: CString, mode: Mode) -> () {
        // SAFETY: mkdir(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::mkdir(path.as_ptr(), mode.0) })?;
        Ok(())
    }
    const MKDIR: "mkdir(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "the path exists, be it a symbolic link that leads nowhere",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path is no directory",
        EROFS: "the mount is read-only",
        EPERM: "the file system makes no directories",
        ENOSPC: "no room for another one",
        EMLINK: "the directory that is to hold it holds too many",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: mkdir(\"box\", 0o777)
a: stat(\"box\") -> {st_mode: 0o40755}
a: mkdir(\"box\", 0o777) -> EEXIST";
}

call! {
    /// Makes a directory, from the directory `dirfd` on.
    fn mkdirat(dirfd: Fd, path: CString, mode: Mode) -> () {
        // SAFETY: mkdirat(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::mkdirat(dirfd.0, path.as_ptr(), mode.0) })?;
        Ok(())
    }
    const MKDIRAT: "mkdirat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EEXIST: "the path exists, be it a symbolic link that leads nowhere",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        EROFS: "the mount is read-only",
        ENOSPC: "no room for another one",
    };
    example: "a: mkdirat(AT_FDCWD, \"box\", 0o755)
a: box = open(\"box\", O_RDONLY | O_DIRECTORY)
a: mkdirat(box, \"inner\", 0o755)
a: ls(\"box\") -> [\"inner\"]";
}

call! {
    /// Removes an empty directory.
    fn rmdir(path: CString) -> () {
        // SAFETY: rmdir(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::rmdir(path.as_ptr()) })?;
        Ok(())
    }
    const RMDIR: "rmdir(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENOTEMPTY: "something is in it; or the last part of the path is ..",
        EBUSY: "something is mounted on it in the caller's mount namespace, or it is a root",
        EACCES: "the mode of the directory that holds it does not allow it",
        EINVAL: "the last part of the path is .",
        ENOENT: "it does not exist",
        ENOTDIR: "it is no directory, or a part of the path is none",
        EPERM: "the directory that holds it is sticky and the caller owns neither; or the file system removes no directories",
        EROFS: "the mount is read-only",
    };
    example: "a: mkdir(\"box\", 0o755)
a: write_file(\"box/note\", \"\")
a: rmdir(\"box\") -> ENOTEMPTY
a: unlink(\"box/note\")
a: rmdir(\"box\")";
}

call! {
    /// Makes a directory the working directory of the caller.
    fn chdir(path: CString) -> () {
        // SAFETY: chdir(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::chdir(path.as_ptr()) })?;
        Ok(())
    }
    const CHDIR: "chdir(2)";
    traits: [Local];
    touches: [reads files];
    blocks: "never";
    errors: {
        EACCES: "the mode of the directory, or of one on the way, does not allow to pass",
        ENOENT: "it does not exist",
        ENOTDIR: "it is no directory, or a part of the path is none",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: chdir(\"/tmp\")
a: getcwd() -> \"/tmp\"";
}

call! {
    /// Makes an open directory the working directory of the caller.
    fn fchdir(fd: Fd) -> () {
        // SAFETY: fchdir(2) takes an integer.
        kernel(|| unsafe { libc::fchdir(fd.0) })?;
        Ok(())
    }
    const FCHDIR: "fchdir(2)";
    traits: [Local];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EACCES: "the mode of the directory does not allow to pass",
        EBADF: "not a descriptor of this process",
        ENOTDIR: "it is no directory",
    };
    example: "a: tmp = open(\"/tmp\", O_RDONLY | O_DIRECTORY)
a: fchdir(tmp)
a: getcwd() -> \"/tmp\"";
}

call! {
    /// Gives the path of the working directory, from the caller's root on.
    fn getcwd() -> CString {
        let mut buffer = vec![0u8; 4096];
        let at = buffer.as_mut_ptr().cast();
        // SAFETY: getcwd(3) fills at most the length of `buffer`, which outlives the call. It tells of failure by NULL.
        kernel(|| if unsafe { libc::getcwd(at, buffer.len()) }.is_null() { -1 } else { 0 })?;
        buffer.truncate(buffer.iter().position(|&byte| byte == 0).unwrap_or(buffer.len()));
        Ok(CString::new(buffer).unwrap_or_default())
    }
    const GETCWD: "getcwd(3)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "the working directory was removed",
        EACCES: "a directory on the way cannot be read",
        ERANGE: "the path is longer than 4095 bytes",
    };
    example: "a: mkdir(\"/tmp/box\", 0o755)
a: chdir(\"/tmp/box\")
a: getcwd() -> \"/tmp/box\"
a: rmdir(\"/tmp/box\")
a: getcwd() -> ENOENT";
}

call! {
    /// Makes a file of the type that `mode` names: S_IFREG, S_IFIFO, S_IFSOCK, or a device with the number `dev`.
    fn mknod(path: CString, mode: Mode, dev: u64 = 0) -> () {
        // SAFETY: mknod(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::mknod(path.as_ptr(), mode.0, dev) })?;
        Ok(())
    }
    const MKNOD: "mknod(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EPERM: "a device, and the caller has no CAP_MKNOD in the initial user namespace; or S_IFDIR; or the file system has no such type",
        EEXIST: "the path exists, be it a symbolic link that leads nowhere",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        EINVAL: "an unknown type of file",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path is no directory",
        EROFS: "the mount is read-only",
        ENOSPC: "no room for another file",
    };
    example: "a: mknod(\"fifo\", S_IFIFO | 0o600)
a: stat(\"fifo\") -> {st_mode: S_IFIFO | 0o600}
a: dev = makedev(1, 3)
a: mknod(\"null\", S_IFCHR | 0o666, dev) -> EPERM";
}

call! {
    /// Like `mknod`, from the directory `dirfd` on.
    fn mknodat(dirfd: Fd, path: CString, mode: Mode, dev: u64 = 0) -> () {
        // SAFETY: mknodat(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::mknodat(dirfd.0, path.as_ptr(), mode.0, dev) })?;
        Ok(())
    }
    const MKNODAT: "mknodat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EPERM: "a device, and the caller has no CAP_MKNOD in the initial user namespace; or S_IFDIR; or the file system has no such type",
        EEXIST: "the path exists, be it a symbolic link that leads nowhere",
        EACCES: "the mode of the directory that is to hold it does not allow it",
        EINVAL: "an unknown type of file",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        EROFS: "the mount is read-only",
        ENOSPC: "no room for another file",
    };
    example: "a: mknodat(AT_FDCWD, \"socket\", S_IFSOCK | 0o600)
a: stat(\"socket\") -> {st_mode: S_IFSOCK | 0o600}";
}
