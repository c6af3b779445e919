//! Opening with rules for the way to the file; see openat2(2).

use super::argument::{Fd, Mode};
use super::entry::{call, constants, structure};
use super::file::OpenFlags;
use super::{Family, kernel};
use std::ffi::CString;

/// Opening with rules for the way.
pub static FAMILY: Family = Family {
    name: "openat2",
    title: "Opening with rules for the way",
    summary: "`openat2` takes a struct open_how: flags and mode as those of `open`, and `resolve`, which says how the path may lead to the file. \
        What a program has checked by hand and lost to a race (that no symbolic link leads out of a directory) the kernel does as it walks. Unknown flags, which \
        `open` passes over, are errors here.",
    calls: &[&OPENAT2],
    constants: &[&OpenFlags::GROUP, &ResolveFlags::GROUP],
    structs: &[&OpenHow::STRUCTURE],
};

constants! {
    /// how a path may lead to its file
    flags ResolveFlags(u64) {
        RESOLVE_NO_XDEV, "into no other mount, bind mounts included";
        RESOLVE_NO_MAGICLINKS, "through no link such as those in /proc/PID/fd and /proc/PID/ns";
        RESOLVE_NO_SYMLINKS, "through no symbolic link at all";
        RESOLVE_BENEATH, "never above the directory it starts at, not for a moment";
        RESOLVE_IN_ROOT, "with the directory it starts at as the root: .. at its top stays, / leads there";
        RESOLVE_CACHED, "only with what the kernel has in memory; else EAGAIN";
    }
}

structure! {
    /// How a file is opened.
    OpenHow = "open_how" { flags: OpenFlags, mode: Mode, resolve: ResolveFlags }
}

call! {
    /// Like `openat`, with rules for the way to the file.
    fn openat2(dirfd: Fd, path: CString, how: OpenHow) -> Fd {
        let raw = [u64::from(how.flags.0.cast_unsigned()), u64::from(how.mode.0), how.resolve.0];
        let (path, at) = (path.as_ptr(), raw.as_ptr());
        // SAFETY: openat2(2) reads the path and a struct open_how of three numbers; both outlive the call.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_openat2, dirfd.0, path, at, size_of_val(&raw)) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(-1)))
    }
    const OPENAT2: "openat2(2)";
    since: "5.6";
    traits: [Wakes];
    touches: [writes files, writes channels, writes memory];
    blocks: "like open";
    errors: {
        EAGAIN: "RESOLVE_IN_ROOT or RESOLVE_BENEATH, and something was renamed meanwhile; or RESOLVE_CACHED, and the kernel would have to look",
        EINVAL: "an unknown flag, a mode without O_CREAT or O_TMPFILE, or flags that do not go together",
        ELOOP: "a symbolic link, and RESOLVE_NO_SYMLINKS; or a magic one, and RESOLVE_NO_MAGICLINKS",
        EXDEV: "the way leaves the mount under RESOLVE_NO_XDEV, or the directory under RESOLVE_BENEATH",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path is no directory",
        EACCES: "the mode of the file, or of a directory on the way, does not allow it",
        EEXIST: "it exists, and both O_CREAT and O_EXCL are set",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        EINTR: "a handler ran while the caller waited",
    };
    example: "a: mkdir(\"box\", 0o755)
a: symlink(\"/etc/passwd\", \"box/out\")
a: box = open(\"box\", O_RDONLY | O_DIRECTORY)
a: openat2(box, \"../note\", {flags: O_RDONLY, resolve: RESOLVE_BENEATH})   -> EXDEV
a: openat2(box, \"out\", {flags: O_RDONLY, resolve: RESOLVE_NO_SYMLINKS})   -> ELOOP
a: openat2(box, \"out\", {flags: O_RDONLY, resolve: RESOLVE_IN_ROOT})       -> ENOENT
a: openat2(box, \"in\", {O_WRONLY | O_CREAT, 0o600, RESOLVE_BENEATH})";
}
