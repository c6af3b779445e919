//! Times of files; see utimensat(2).

use super::argument::{Argument, Fd, Refusal, Returned, integer};
use super::entry::{call, constants, structure};
use super::file::DirectoryFd;
use super::{Family, kernel};
use crate::value::{Type, Value};
use std::ffi::CString;
use std::ptr::{from_ref, null};

/// Times of files.
pub static FAMILY: Family = Family {
    name: "file_times",
    title: "Times of files",
    summary: "A file keeps when it was last read (st_atim), when its content was last changed (st_mtim) and when anything of it last changed (st_ctim). The \
        first two can be set; the third is the kernel's own, and says when they were. No times at all are the time of now.",
    calls: &[&UTIMENSAT, &FUTIMENS],
    constants: &[&TimeFlags::GROUP, &SpecialTime::GROUP, &DirectoryFd::GROUP],
    structs: &[&FileTime::STRUCTURE],
};

constants! {
    /// flags of utimensat
    flags TimeFlags(i32) {
        AT_SYMLINK_NOFOLLOW, "of a symbolic link itself";
        AT_EMPTY_PATH, "an empty path is the descriptor itself";
    }
    /// times that are none, in tv_nsec
    choice SpecialTime(i64) {
        UTIME_NOW, "the time of now";
        UTIME_OMIT, "leave it as it is";
    }
}

/// Nanoseconds, or one of the special times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nanoseconds(pub i64);

impl Argument for Nanoseconds {
    const TYPE: Type = Type::Either(&[Type::Int, Type::Constants(&SpecialTime::GROUP)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Self)
    }
}

impl Returned for Nanoseconds {
    const TYPE: Type = Type::Int;
    fn give(self) -> Value {
        Value::from(self.0)
    }
}

structure! {
    /// A time to set: seconds since 1970 and nanoseconds, or one of the special times.
    FileTime = "timespec" { tv_sec: i64, tv_nsec: Nanoseconds }
}

call! {
    /// Sets the times of a file: a list of two, when it was last read and when it was last changed; NULL is now for both.
    fn utimensat(dirfd: Fd, path: Option<CString>, times: Vec<FileTime> = 0, flags: TimeFlags = 0) -> () {
        let times = pair(&times)?;
        let path = path.as_ref().map_or(null(), |path| path.as_ptr());
        let at = times.as_ref().map_or(null(), from_ref);
        // SAFETY: utimensat(2) reads the path and two struct timespec, both of which may be NULL; they outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_utimensat, dirfd.0, path, at, flags.0) })?;
        Ok(())
    }
    const UTIMENSAT: "utimensat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EACCES: "times are now, and the caller neither owns the file nor may write it",
        EPERM: "times are given, and the caller does not own the file; or it is immutable or append-only",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EINVAL: "nanoseconds out of range, or an unknown flag",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        ELOOP: "too many symbolic links on the way",
        EROFS: "the mount is read-only",
        EFAULT: "no path, and dirfd is AT_FDCWD",
    };
    example: "a: write_file(\"note\", \"\")
a: utimensat(AT_FDCWD, \"note\", [{0, UTIME_OMIT}, {1000000000, 5}])
a: stat(\"note\") -> {st_mtim: {tv_sec: 1000000000, tv_nsec: 5}}
a: utimensat(AT_FDCWD, \"note\", [{0, UTIME_OMIT}, {0, UTIME_NOW}])
a: stat(\"note\") -> {st_mtim: {tv_sec: > 1000000000}}
a: utimensat(AT_FDCWD, \"note\", [{0, -1}, {0, 0}]) -> EINVAL";
}

call! {
    /// Sets the times of an open file.
    fn futimens(fd: Fd, times: Vec<FileTime> = 0) -> () {
        let times = pair(&times)?;
        let at = times.as_ref().map_or(null(), from_ref).cast();
        // SAFETY: futimens(3) reads two struct timespec, which outlive the call, or NULL.
        kernel(|| unsafe { libc::futimens(fd.0, at) })?;
        Ok(())
    }
    const FUTIMENS: "futimens(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EACCES: "times are now, and the caller neither owns the file nor may write it",
        EPERM: "times are given, and the caller does not own the file; or it is immutable or append-only",
        EBADF: "not a descriptor of this process",
        EINVAL: "nanoseconds out of range",
        EROFS: "the mount is read-only",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: futimens(f, [{1, 2}, {3, 4}])
a: fstat(f) -> {st_atim: {tv_sec: 1, tv_nsec: 2}, st_mtim: {tv_sec: 3, tv_nsec: 4}}
a: futimens(f)";
}

/// Both times; none for now.
fn pair(times: &[FileTime]) -> Result<Option<[libc::timespec; 2]>, Refusal> {
    let raw = |time: &FileTime| libc::timespec { tv_sec: time.tv_sec, tv_nsec: time.tv_nsec.0 };
    match times {
        [] => Ok(None),
        [read, changed] => Ok(Some([raw(read), raw(changed)])),
        others => Err(Refusal(format!("`times` are two, when it was read and when it was changed, and not {}", others.len()))),
    }
}
