//! Requests to files and their file systems; see ioctl_iflags(2), ioctl_ficlonerange(2).

use super::Table;
use crate::operation::argument::{Argument, Fd, Returned};
use crate::operation::entry::{constants, structure};
use crate::operation::{Failure, kernel};
use crate::value::Value;

/// Their table.
pub(super) const TABLE: Table = Table { group: &FileRequest::GROUP, make };

constants! {
    /// requests to files
    choice FileRequest(u64) {
        FIGETBSZ = 2, "gives the size of a block of the file system";
        FIBMAP = 1, "gives the block of the medium behind a block of the file; needs CAP_SYS_RAWIO";
        FS_IOC_GETFLAGS = libc::FS_IOC_GETFLAGS, "gives the flags of a file, those of chattr(1)";
        FS_IOC_SETFLAGS = libc::FS_IOC_SETFLAGS, "sets them; immutable and append-only need CAP_LINUX_IMMUTABLE";
        FS_IOC_GETVERSION = libc::FS_IOC_GETVERSION, "gives the generation of a file: another one when its inode number is used again";
        FICLONE = 0x4004_9409, "makes the file share all blocks of the file given";
        FICLONERANGE = 0x4020_940d, "makes a part of the file share blocks of the file given, as a struct file_clone_range";
    }
    /// flags of a file
    flags FileFlags(i32) {
        FS_SECRM_FL = 0x1, "overwrite when it is removed; nothing on Linux";
        FS_UNRM_FL = 0x2, "keep for undeletion; nothing on Linux";
        FS_COMPR_FL = 0x4, "compress it";
        FS_SYNC_FL = 0x8, "each write waits for the medium";
        FS_IMMUTABLE_FL = 0x10, "nobody changes it";
        FS_APPEND_FL = 0x20, "it is written at its end only";
        FS_NODUMP_FL = 0x40, "dump(8) passes it over";
        FS_NOATIME_FL = 0x80, "reading does not change st_atim";
        FS_NOCOMP_FL = 0x400, "do not compress it";
        FS_ENCRYPT_FL = 0x800, "it is encrypted";
        FS_INDEX_FL = 0x1000, "the directory has an index";
        FS_JOURNAL_DATA_FL = 0x4000, "its data goes through the journal";
        FS_NOTAIL_FL = 0x8000, "its end does not share a block";
        FS_DIRSYNC_FL = 0x1_0000, "changes of the directory wait for the medium";
        FS_TOPDIR_FL = 0x2_0000, "a directory whose parts need not be near each other";
        FS_EXTENT_FL = 0x8_0000, "it is kept in extents";
        FS_VERITY_FL = 0x10_0000, "fs-verity protects it";
        FS_NOCOW_FL = 0x80_0000, "it is written in place";
        FS_DAX_FL = 0x200_0000, "it is mapped without the page cache";
        FS_INLINE_DATA_FL = 0x1000_0000, "its data stands in the inode";
        FS_PROJINHERIT_FL = 0x2000_0000, "what is created in the directory gets its project";
        FS_CASEFOLD_FL = 0x4000_0000, "names in the directory are equal whatever their case";
    }
}

structure! {
    /// A part of a file to share: from which descriptor, where, how long, and where to.
    CloneRange = "file_clone_range" { src_fd: Fd, src_offset: u64, src_length: u64, dest_offset: u64 }
}

const CLONE: u64 = 0x4004_9409;
const CLONE_RANGE: u64 = 0x4020_940d;

fn make(fd: i32, request: u64, argument: &Value) -> Result<Value, Failure> {
    match request {
        CLONE => {
            let source = Fd::take(argument)?.0;
            // SAFETY: FICLONE takes a descriptor.
            Ok(kernel(|| unsafe { libc::ioctl(fd, CLONE, source) }).map(Value::from)?)
        }
        CLONE_RANGE => {
            let range = CloneRange::take(argument)?;
            let raw = [i64::from(range.src_fd.0).cast_unsigned(), range.src_offset, range.src_length, range.dest_offset];
            // SAFETY: FICLONERANGE reads a struct file_clone_range of four numbers of eight bytes, which outlives the call.
            Ok(kernel(|| unsafe { libc::ioctl(fd, CLONE_RANGE, raw.as_ptr()) }).map(Value::from)?)
        }
        _ => {
            // The requests about flags have a long in their number, and an int in the kernel.
            let mut number = FileFlags::take(argument)?.0;
            // SAFETY: the other requests read or fill an int, which outlives the call.
            kernel(|| unsafe { libc::ioctl(fd, request, &raw mut number) })?;
            Ok(if request == libc::FS_IOC_SETFLAGS { Value::Int(0) } else { number.give() })
        }
    }
}
