//! Where the standard output and standard error of actors go: files of a filesystem in memory that has a size and no place in any
//! tree of mounts. A pipe would block who writes; a file without bounds would take all memory.

use super::sight::Sight;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::rc::Rc;

/// The filesystem, which goes when the last of its files is closed; none where nobody writes.
#[derive(Debug, Clone)]
pub struct Outputs(Option<Rc<OwnedFd>>);

impl Outputs {
    /// Makes the filesystem, which takes `bytes` at most. The calling process must be root of its user namespace.
    ///
    /// # Errors
    ///
    /// As fsopen(2), fsconfig(2) and fsmount(2).
    pub fn new(bytes: u64, sight: Sight) -> io::Result<Self> {
        if sight == Sight::Nothing {
            return Ok(Self(None));
        }
        const FSCONFIG_SET_STRING: u32 = 1;
        const FSCONFIG_CMD_CREATE: u32 = 6;
        // SAFETY: fsopen(2) reads a constant string.
        let context = own(unsafe { libc::syscall(libc::SYS_fsopen, c"tmpfs".as_ptr(), 1) })?;
        let size = CString::new(bytes.to_string())?;
        let configure = |command: u32, key: *const libc::c_char, value: *const libc::c_char| {
            // SAFETY: fsconfig(2) reads two strings that outlive the call, or nothing where they are null.
            let done = unsafe { libc::syscall(libc::SYS_fsconfig, context.as_raw_fd(), command, key, value, 0) };
            if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
        };
        configure(FSCONFIG_SET_STRING, c"size".as_ptr(), size.as_ptr())?;
        configure(FSCONFIG_CMD_CREATE, std::ptr::null(), std::ptr::null())?;
        // SAFETY: fsmount(2) takes integers only.
        own(unsafe { libc::syscall(libc::SYS_fsmount, context.as_raw_fd(), 1, 0) }).map(|folder| Self(Some(Rc::new(folder))))
    }

    /// A file without a name that takes what is written at its end; where nobody writes, one that stays empty.
    ///
    /// # Errors
    ///
    /// As openat(2).
    pub fn file(&self) -> io::Result<OwnedFd> {
        let (folder, name, kind) = match &self.0 {
            Some(folder) => (folder.as_raw_fd(), c".", libc::O_TMPFILE),
            None => (libc::AT_FDCWD, c"/dev/null", 0),
        };
        let flags = kind | libc::O_RDWR | libc::O_APPEND | libc::O_CLOEXEC;
        // SAFETY: openat(2) reads a constant string.
        own(libc::c_long::from(unsafe { libc::openat(folder, name.as_ptr(), flags, 0o600) }))
    }

    /// Whether nothing more can be written.
    pub fn is_full(&self) -> bool {
        let Some(folder) = &self.0 else { return false };
        // SAFETY: statfs is plain data, for which zero is a value.
        let mut state: libc::statfs = unsafe { std::mem::zeroed() };
        // SAFETY: fstatfs(2) fills a local variable.
        let done = unsafe { libc::fstatfs(folder.as_raw_fd(), &raw mut state) };
        done == 0 && state.f_bfree == 0
    }
}

fn own(fd: libc::c_long) -> io::Result<OwnedFd> {
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    let fd = i32::try_from(fd).map_err(io::Error::other)?;
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
