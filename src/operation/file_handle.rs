//! Names of files that no rename changes; see name_to_handle_at(2).

use super::argument::{Bytes, Fd, Refusal};
use super::entry::{call, constants, structure};
use super::file::{DirectoryFd, OpenFlags};
use super::{Family, kernel};
use std::ffi::CString;

/// Handles of files.
pub static FAMILY: Family = Family {
    name: "file_handle",
    title: "Handles of files",
    summary: "A file server must find a file again after renames and restarts. `name_to_handle_at` gives a handle that names the file itself within its \
        file system; `open_by_handle_at` opens it, and since no directory on a way is asked, that needs a capability.",
    calls: &[&NAME_TO_HANDLE_AT, &OPEN_BY_HANDLE_AT],
    constants: &[&HandleFlags::GROUP, &OpenFlags::GROUP, &DirectoryFd::GROUP],
    structs: &[&Named::STRUCTURE, &FileHandle::STRUCTURE],
};

constants! {
    /// flags of name_to_handle_at
    flags HandleFlags(i32) {
        AT_EMPTY_PATH, "an empty path is the descriptor itself";
        AT_SYMLINK_FOLLOW, "follow a symbolic link";
        AT_HANDLE_FID, "a handle for comparing alone, which more file systems have";
        AT_HANDLE_MNT_ID_UNIQUE, "the mount as the number that is never used again";
        AT_HANDLE_CONNECTABLE, "a handle that leads to a path once it is open";
    }
}

structure! {
    /// A file within its file system, as that file system writes it.
    FileHandle = "file_handle" { handle_bytes: u32, handle_type: i32, f_handle: Bytes }
    /// What name_to_handle_at gives: the handle, and the mount that the path led to.
    Named = "handle and mount_id" { handle: FileHandle, mount_id: u64 }
}

/// The longest handle; see name_to_handle_at(2).
const LONGEST: usize = 128;

/// `struct file_handle` with room for the longest.
#[repr(C, align(8))]
struct Raw {
    bytes: u32,
    kind: i32,
    handle: [u8; LONGEST],
}

call! {
    /// Gives the handle of a file, and the number of the mount it was found on.
    fn name_to_handle_at(dirfd: Fd, pathname: CString, flags: HandleFlags = 0) -> Named {
        let mut raw = Raw { bytes: LONGEST as u32, kind: 0, handle: [0; LONGEST] };
        let mut mount = 0u64;
        let (path, at, mount_at) = (pathname.as_ptr(), &raw mut raw, &raw mut mount);
        // SAFETY: name_to_handle_at(2) reads the path, and fills a struct file_handle of the length that it tells and the number of
        // a mount of four bytes, eight under AT_HANDLE_MNT_ID_UNIQUE; all outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_name_to_handle_at, dirfd.0, path, at, mount_at, flags.0) })?;
        if cfg!(target_endian = "big") && flags.0 & libc::AT_HANDLE_MNT_ID_UNIQUE == 0 {
            mount >>= 32;
        }
        let f_handle = raw.handle.iter().take(raw.bytes as usize).copied().collect();
        Ok(Named {
            handle: FileHandle { handle_bytes: raw.bytes, handle_type: raw.kind, f_handle: Bytes(f_handle) },
            mount_id: mount,
        })
    }
    const NAME_TO_HANDLE_AT: "name_to_handle_at(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        ENOENT: "it does not exist",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        ENOTDIR: "a part of the path is no directory",
        EACCES: "the mode of a directory on the way does not allow to pass",
        EOPNOTSUPP: "the file system has no handles",
        EOVERFLOW: "the handle is longer than 128 bytes",
    };
    example: "a: write_file(\"one\", \"\")
a: before = name_to_handle_at(AT_FDCWD, \"one\")
a: rename(\"one\", \"two\")
a: name_to_handle_at(AT_FDCWD, \"two\") -> before";
}

call! {
    /// Opens the file that a handle names, on the file system of `mount_fd`.
    fn open_by_handle_at(mount_fd: Fd, handle: FileHandle, flags: OpenFlags) -> Fd {
        let given = handle.f_handle.0.len();
        let mut raw = Raw { bytes: handle.handle_bytes, kind: handle.handle_type, handle: [0; LONGEST] };
        let room = raw.handle.get_mut(..given).ok_or_else(|| Refusal(format!("a handle has at most {LONGEST} bytes, not {given}")))?;
        room.copy_from_slice(&handle.f_handle.0);
        let at = &raw const raw;
        // SAFETY: open_by_handle_at(2) reads a struct file_handle with room for the longest handle that it takes.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_open_by_handle_at, mount_fd.0, at, flags.0) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(-1)))
    }
    const OPEN_BY_HANDLE_AT: "open_by_handle_at(2)";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "like open";
    errors: {
        EPERM: "no CAP_DAC_READ_SEARCH in the initial user namespace; since Linux 6.13, in the one that owns both the file system and the mount, \
            which then must not have been reached by a relative way",
        EBADF: "mount_fd is not a descriptor of this process",
        EINVAL: "handle_bytes is 0 or above 128, or a type that is none",
        ESTALE: "no such file is there any more, or the handle is of another file system",
        ELOOP: "it is a symbolic link, and O_PATH is not set",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: write_file(\"note\", \"\")
a: here = open(\".\", O_RDONLY | O_DIRECTORY)
a: named = name_to_handle_at(here, \"note\")
a: open_by_handle_at(here, named.handle, O_RDONLY)                -> ok or EPERM
a: open_by_handle_at(here, {0, 0, \"\"}, O_RDONLY)                  -> EINVAL or EPERM";
}
