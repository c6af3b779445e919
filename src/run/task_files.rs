//! The files of a task below /proc that are read again and again.

use super::sight::Sight;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// What is read of a task.
#[derive(Debug)]
pub struct Files {
    /// Absent where it may not be looked at: a zombie's is root's, and so is that of a program that is not dumpable.
    pub syscall: Option<OwnedFd>,
    /// Its state, and more.
    pub stat: OwnedFd,
    /// Absent where the kernel keeps no scheduling statistics, and where the call is told, which leaves no question to them.
    pub schedstat: Option<OwnedFd>,
}

impl Files {
    /// Opens those of task `pid` of process `group`, below a /proc. Whether a call goes on being told follows from what the script can see, and
    /// change.
    ///
    /// # Errors
    ///
    /// When there is no such task any more.
    pub fn open(proc: &OwnedFd, group: i32, pid: i32, sight: Sight) -> io::Result<Self> {
        let place = if pid == group { format!("{pid}") } else { format!("{group}/task/{pid}") };
        let file = |name: &str| open_below(proc, &format!("{place}/{name}"));
        let syscall = file("syscall").ok();
        let hides = sight == Sight::Files || syscall.is_none();
        Ok(Self { syscall, stat: file("stat")?, schedstat: if hides { file("schedstat").ok() } else { None } })
    }
}

/// Opens a file below a directory.
///
/// # Errors
///
/// As openat(2).
pub fn open_below(directory: &OwnedFd, path: &str) -> io::Result<OwnedFd> {
    let path = std::ffi::CString::new(path)?;
    // SAFETY: openat(2) reads a string that outlives the call.
    own(unsafe { libc::openat(directory.as_raw_fd(), path.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC) })
}

/// What a file holds now, from its start.
pub fn read_at_start<'a>(file: &OwnedFd, buffer: &'a mut [u8]) -> Option<&'a str> {
    // SAFETY: pread(2) fills `buffer`, whose length it is told.
    let got = unsafe { libc::pread(file.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0) };
    let got = usize::try_from(got).ok()?;
    std::str::from_utf8(buffer.get(..got)?).ok()
}

/// Takes what a call gave, which is a descriptor or -1.
///
/// # Errors
///
/// The one behind -1.
pub fn own(fd: i32) -> io::Result<OwnedFd> {
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
