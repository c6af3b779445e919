//! What the kernel keeps of a file, asked for in parts; see statx(2).

use super::argument::{Fd, Id, Mode};
use super::entry::{call, constants, structure};
use super::file::DirectoryFd;
use super::{Family, kernel};
use std::ffi::CString;

/// What the kernel keeps of a file, in parts.
pub static FAMILY: Family = Family {
    name: "statx",
    title: "What the kernel keeps of a file, in parts",
    summary: "`statx` says which parts of the status are wanted, and `stx_mask` says which are there. It tells more than `stat`: when a file came \
        into being, its attributes, its mount.",
    calls: &[&STATX],
    constants: &[&StatxFlags::GROUP, &StatxMask::GROUP, &StatxAttributes::GROUP, &DirectoryFd::GROUP],
    structs: &[&Statx::STRUCTURE, &StatxTimestamp::STRUCTURE],
};

constants! {
    /// flags of statx
    flags StatxFlags(i32) {
        AT_EMPTY_PATH, "an empty path is the descriptor itself";
        AT_NO_AUTOMOUNT, "do not mount what is mounted when it is visited";
        AT_SYMLINK_NOFOLLOW, "of a symbolic link itself";
        AT_STATX_SYNC_AS_STAT, "as fresh as stat has it";
        AT_STATX_FORCE_SYNC, "ask the server of a network file system";
        AT_STATX_DONT_SYNC, "do not ask it";
    }
    /// parts of the status
    flags StatxMask(u32) {
        STATX_TYPE, "the type in stx_mode";
        STATX_MODE, "the permissions in stx_mode";
        STATX_NLINK, "stx_nlink";
        STATX_UID, "stx_uid";
        STATX_GID, "stx_gid";
        STATX_ATIME, "stx_atime";
        STATX_MTIME, "stx_mtime";
        STATX_CTIME, "stx_ctime";
        STATX_INO, "stx_ino";
        STATX_SIZE, "stx_size";
        STATX_BLOCKS, "stx_blocks";
        STATX_BASIC_STATS, "all of these, which stat has too";
        STATX_BTIME, "stx_btime";
        STATX_ALL, "the basic ones and STATX_BTIME; of old, everything";
        STATX_MNT_ID, "stx_mnt_id";
        STATX_DIOALIGN, "stx_dio_mem_align and stx_dio_offset_align";
        STATX_MNT_ID_UNIQUE, "stx_mnt_id as the number that is never used again";
        STATX_SUBVOL, "stx_subvol";
        STATX_WRITE_ATOMIC, "the sizes of atomic writes";
        STATX_DIO_READ_ALIGN, "stx_dio_read_offset_align";
    }
    /// attributes of a file
    flags StatxAttributes(u64) {
        STATX_ATTR_COMPRESSED, "the file system compresses it";
        STATX_ATTR_IMMUTABLE, "nobody changes it";
        STATX_ATTR_APPEND, "it is written at its end only";
        STATX_ATTR_NODUMP, "dump(8) passes it over";
        STATX_ATTR_ENCRYPTED, "a key is needed to read it";
        STATX_ATTR_AUTOMOUNT, "visiting it mounts something";
        STATX_ATTR_MOUNT_ROOT, "it is the root of a mount";
        STATX_ATTR_VERITY, "fs-verity protects it";
        STATX_ATTR_DAX, "it is mapped without the page cache";
        STATX_ATTR_WRITE_ATOMIC, "it knows atomic writes";
    }
}

structure! {
    /// Seconds and nanoseconds of a time of statx.
    StatxTimestamp = "statx_timestamp" { tv_sec: i64, tv_nsec: u32 }
    /// What the kernel keeps of a file, and which parts of it are there.
    Statx = "statx" {
        stx_mask: StatxMask, stx_blksize: u32, stx_attributes: StatxAttributes, stx_nlink: u32, stx_uid: Id, stx_gid: Id,
        stx_mode: Mode, stx_ino: u64, stx_size: u64, stx_blocks: u64, stx_attributes_mask: StatxAttributes,
        stx_atime: StatxTimestamp, stx_btime: StatxTimestamp, stx_ctime: StatxTimestamp, stx_mtime: StatxTimestamp,
        stx_rdev_major: u32, stx_rdev_minor: u32, stx_dev_major: u32, stx_dev_minor: u32, stx_mnt_id: u64,
        stx_dio_mem_align: u32, stx_dio_offset_align: u32, stx_subvol: u64, stx_atomic_write_unit_min: u32,
        stx_atomic_write_unit_max: u32, stx_atomic_write_segments_max: u32, stx_dio_read_offset_align: u32
    }
}

call! {
    /// Gives what the kernel keeps of a file, from the directory `dirfd` on, the parts in `mask` and what is at hand.
    fn statx(dirfd: Fd, pathname: CString, flags: StatxFlags, mask: StatxMask) -> Statx {
        let mut bytes = [0u8; 256];
        let (path, at) = (pathname.as_ptr(), bytes.as_mut_ptr());
        // SAFETY: statx(2) reads the path and fills a struct statx, which is 256 bytes long; both outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_statx, dirfd.0, path, flags.0, mask.0, at) })?;
        Ok(read(&bytes))
    }
    const STATX: "statx(2)";
    since: "4.11";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist, or the path is empty and AT_EMPTY_PATH is not set",
        EACCES: "the mode of a directory on the way does not allow to pass",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EINVAL: "an unknown flag, or a reserved bit of the mask",
        ELOOP: "too many symbolic links on the way",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: write_file(\"note\", \"12345\")
a: statx(AT_FDCWD, \"note\", 0, STATX_SIZE | STATX_MODE) -> {stx_size: 5, stx_mode: 0o100644}
a: statx(AT_FDCWD, \"/proc\", 0, STATX_BASIC_STATS)      -> {stx_mode: S_IFDIR | 0o555}
a: statx(AT_FDCWD, \"missing\", 0, STATX_SIZE)           -> ENOENT";
}

/// The struct at the offsets of linux/stat.h.
fn read(bytes: &[u8; 256]) -> Statx {
    let short = |at: usize| bytes.get(at..at + 2).and_then(|part| part.try_into().ok()).map_or(0, u16::from_ne_bytes);
    let word = |at: usize| bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_ne_bytes);
    let wide = |at: usize| bytes.get(at..at + 8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_ne_bytes);
    let time = |at: usize| StatxTimestamp { tv_sec: wide(at).cast_signed(), tv_nsec: word(at + 8) };
    let id = |at: usize| Id(i64::from(word(at)));
    Statx {
        stx_mask: StatxMask(word(0)),
        stx_blksize: word(4),
        stx_attributes: StatxAttributes(wide(8)),
        stx_nlink: word(16),
        stx_uid: id(20),
        stx_gid: id(24),
        stx_mode: Mode(u32::from(short(28))),
        stx_ino: wide(32),
        stx_size: wide(40),
        stx_blocks: wide(48),
        stx_attributes_mask: StatxAttributes(wide(56)),
        stx_atime: time(64),
        stx_btime: time(80),
        stx_ctime: time(96),
        stx_mtime: time(112),
        stx_rdev_major: word(128),
        stx_rdev_minor: word(132),
        stx_dev_major: word(136),
        stx_dev_minor: word(140),
        stx_mnt_id: wide(144),
        stx_dio_mem_align: word(152),
        stx_dio_offset_align: word(156),
        stx_subvol: wide(160),
        stx_atomic_write_unit_min: word(168),
        stx_atomic_write_unit_max: word(172),
        stx_atomic_write_segments_max: word(176),
        stx_dio_read_offset_align: word(180),
    }
}
