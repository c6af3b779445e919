//! The calls of mount(2) and its kin with which worlds are built.

use super::{WorldError, failed};
use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Attributes of a mount, as in mount_setattr(2).
pub const READ_ONLY: u64 = 1;
/// No set-user-ID programs.
pub const NO_SUID: u64 = 2;
/// No device files.
pub const NO_DEVICES: u64 = 4;

/// Mounts; see mount(2).
pub fn mount(
    source: Option<&CStr>,
    target: &CStr,
    fstype: Option<&CStr>,
    flags: libc::c_ulong,
    options: Option<&CStr>,
) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: mount(2) reads strings that outlive the call, or nothing where the pointer is null.
    check(unsafe { libc::mount(pointer(source), target.as_ptr(), pointer(fstype), flags, pointer(options).cast()) })
}

/// Makes every mount private: what is mounted in one layer must not show in another.
pub fn all_private() -> Result<(), WorldError> {
    mount(None, c"/", None, libc::MS_REC | libc::MS_PRIVATE, None).map_err(failed("make all mounts private"))
}

/// Mounts a fresh tmpfs without devices.
pub fn tmpfs(at: &CStr, options: &CStr) -> Result<(), WorldError> {
    mount(Some(c"tmpfs"), at, Some(c"tmpfs"), libc::MS_NOSUID | libc::MS_NODEV, Some(options))
        .map_err(failed(format!("mount a tmpfs on {}", at.to_string_lossy())))
}

/// Binds with everything below, for a user namespace may not uncover what is mounted inside.
pub fn bind(source: &CStr, target: &CStr) -> Result<(), WorldError> {
    mount(Some(source), target, None, libc::MS_BIND | libc::MS_REC, None).map_err(failed(format!(
        "bind {} to /{}",
        source.to_string_lossy(),
        target.to_string_lossy().trim_start_matches('/')
    )))
}

/// Sets and clears attributes of a mount and all below it; mount_setattr(2), Linux 5.12.
pub fn set_attributes(at: &CStr, set: u64, clear: u64) -> Result<(), WorldError> {
    #[repr(C)]
    struct MountAttr {
        set: u64,
        clear: u64,
        propagation: u64,
        userns: u64,
    }
    let attributes = MountAttr { set, clear, propagation: 0, userns: 0 };
    let size = size_of::<MountAttr>();
    // SAFETY: mount_setattr(2) reads a path and a structure whose size it is told.
    let done = unsafe {
        libc::syscall(libc::SYS_mount_setattr, libc::AT_FDCWD, at.as_ptr(), libc::AT_RECURSIVE, &raw const attributes, size)
    };
    check(i32::try_from(done).unwrap_or(-1)).map_err(failed("make the root read-only"))
}

/// Makes the staged folder the root, and lets go of the host's.
pub fn enter_root() -> Result<(), WorldError> {
    // SAFETY: pivot_root(2) reads two constant strings.
    let done = unsafe { libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()) };
    check(i32::try_from(done).unwrap_or(-1)).map_err(failed("pivot_root"))?;
    // SAFETY: umount2(2) reads a constant string.
    check(unsafe { libc::umount2(c".".as_ptr(), libc::MNT_DETACH) }).map_err(failed("let go of the host's root"))?;
    std::env::set_current_dir("/").map_err(failed("enter /"))
}

/// A descriptor that names a folder.
pub fn open_path(path: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: open(2) reads a string that outlives the call.
    own(unsafe { libc::open(path.as_ptr(), libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC) })
}

/// Takes what a call gave, which is a descriptor or -1.
pub fn own(fd: i32) -> io::Result<OwnedFd> {
    check(fd)?;
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// The error behind a negative result.
pub fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// A descriptor as a path, wherever the folder is that it names.
pub fn by_descriptor(fd: &OwnedFd) -> std::ffi::CString {
    std::ffi::CString::new(format!("/proc/self/fd/{}", fd.as_raw_fd())).unwrap_or_default()
}
