//! What the kernel keeps of a file and of its file system; see stat(2), inode(7) and statfs(2).

use super::argument::{Fd, Id, Mode};
use super::entry::{call, constants, structure};
use super::{Family, kernel};
use crate::value::Errno;
use std::ffi::CString;

/// What the kernel keeps of a file.
pub static FAMILY: Family = Family {
    name: "file_status",
    title: "What the kernel keeps of a file",
    summary: "`stat` gives type, mode, owner, size and times of a file: `{st_mode: 0o100644}` is a regular file (0o100000) with mode 0644. \
        st_dev and st_ino together tell files apart; two descriptors of the same namespace or of the same pipe agree in both. \
        `statfs` tells what kind of file system holds it.",
    calls: &[&STAT, &LSTAT, &FSTAT, &FSTATAT, &STATFS, &FSTATFS, &MAJOR, &MINOR, &MAKEDEV],
    constants: &[&FileType::GROUP, &StatFlags::GROUP, &FileSystem::GROUP, &MountFlags::GROUP],
    structs: &[&Stat::STRUCTURE, &Statfs::STRUCTURE, &Timespec::STRUCTURE],
};

constants! {
    /// types of files, as part of st_mode
    choice FileType(u32) {
        S_IFREG, "a regular file";
        S_IFDIR, "a directory";
        S_IFLNK, "a symbolic link";
        S_IFIFO, "a pipe or FIFO";
        S_IFSOCK, "a socket";
        S_IFCHR, "a character device";
        S_IFBLK, "a block device";
        S_IFMT, "the part of st_mode that tells the type";
    }
    /// flags of fstatat
    flags StatFlags(i32) {
        AT_SYMLINK_NOFOLLOW, "of a symbolic link itself";
        AT_EMPTY_PATH, "an empty path is the descriptor itself";
        AT_NO_AUTOMOUNT, "do not mount what is mounted when it is visited";
    }
    /// kinds of file systems, in f_type
    choice FileSystem(i64) {
        TMPFS_MAGIC = 0x0102_1994, "tmpfs: /tmp, /dev/shm";
        PROC_SUPER_MAGIC = 0x9fa0, "proc";
        NSFS_MAGIC = 0x6e73_6673, "the files in /proc/PID/ns";
        MQUEUE_MAGIC = 0x1980_0202, "mqueue: POSIX message queues";
        OVERLAYFS_SUPER_MAGIC = 0x794c_7630, "overlay";
        SYSFS_MAGIC = 0x6265_6572, "sysfs";
        CGROUP_SUPER_MAGIC = 0x0027_e0eb, "cgroup, version 1";
        CGROUP2_SUPER_MAGIC = 0x6367_7270, "cgroup, version 2";
        PIPEFS_MAGIC = 0x5049_5045, "pipes";
        SOCKFS_MAGIC = 0x534f_434b, "sockets";
        ANON_INODE_FS_MAGIC = 0x0904_1934, "eventfd, epoll and the like";
        DEVPTS_SUPER_MAGIC = 0x1cd1, "devpts: pseudoterminals";
        RAMFS_MAGIC = 0x8584_58f6, "ramfs";
        HUGETLBFS_MAGIC = 0x9584_58f6, "hugetlbfs";
        EXT4_SUPER_MAGIC = 0xef53, "ext2, ext3 or ext4";
        XFS_SUPER_MAGIC = 0x5846_5342, "xfs";
        BTRFS_SUPER_MAGIC = 0x9123_683e, "btrfs";
        SQUASHFS_MAGIC = 0x7371_7368, "squashfs";
        EROFS_SUPER_MAGIC_V1 = 0xe0f5_e1e2, "erofs";
        FUSE_SUPER_MAGIC = 0x6573_5546, "fuse";
        NFS_SUPER_MAGIC = 0x6969, "nfs";
        V9FS_MAGIC = 0x0102_1997, "9p";
        BPF_FS_MAGIC = 0xcafe_4a11, "bpf";
        TRACEFS_MAGIC = 0x7472_6163, "tracefs";
        DEBUGFS_MAGIC = 0x6462_6720, "debugfs";
        SECURITYFS_MAGIC = 0x7363_6673, "securityfs";
        BINFMTFS_MAGIC = 0x4249_4e4d, "binfmt_misc";
        SECRETMEM_MAGIC = 0x5345_434d, "memfd_secret";
        PID_FS_MAGIC = 0x5049_4446, "pidfd: processes";
        ISOFS_SUPER_MAGIC = 0x9660, "iso9660";
        MSDOS_SUPER_MAGIC = 0x4d44, "vfat";
        F2FS_SUPER_MAGIC = 0xf2f5_2010, "f2fs";
        ECRYPTFS_SUPER_MAGIC = 0xf15f, "ecryptfs";
        EFIVARFS_MAGIC = 0xde5e_81e4, "efivarfs";
        PSTOREFS_MAGIC = 0x6165_676c, "pstore";
        SELINUX_MAGIC = 0xf97c_ff8c, "selinuxfs";
        SMACK_MAGIC = 0x4341_5d53, "smackfs";
        AAFS_MAGIC = 0x5a3c_69f0, "apparmorfs";
        AUTOFS_SUPER_MAGIC = 0x0187, "autofs";
        SMB_SUPER_MAGIC = 0x517b, "smb";
        CIFS_SUPER_MAGIC = 0xff53_4d42, "cifs";
        CEPH_SUPER_MAGIC = 0x00c3_6400, "ceph";
        DMA_BUF_MAGIC = 0x444d_4142, "buffers of devices";
        DEVMEM_MAGIC = 0x454d_444d, "memory of devices";
        BDEVFS_MAGIC = 0x6264_6576, "block devices";
        BINDERFS_SUPER_MAGIC = 0x6c6f_6f70, "binder";
        USBDEVICE_SUPER_MAGIC = 0x9fa2, "usbfs";
        FUSE_CTL_SUPER_MAGIC = 0x6573_5543, "fusectl";
    }
    /// flags of a mount, in f_flags
    flags MountFlags(i64) {
        ST_RDONLY, "read-only";
        ST_NOSUID, "set-user-id and file capabilities do not count";
        ST_NODEV, "device files cannot be opened";
        ST_NOEXEC, "programs cannot be executed";
        ST_SYNCHRONOUS, "each write waits for the medium";
        ST_VALID = 0x20, "the kernel has filled f_flags";
        ST_MANDLOCK, "mandatory locks";
        ST_NOATIME, "reading does not change st_atim";
        ST_NODIRATIME, "nor does reading a directory";
        ST_RELATIME, "reading changes st_atim where it is older than the last change";
        ST_NOSYMFOLLOW = 0x2000, "symbolic links are not followed";
    }
}

structure! {
    /// What the kernel keeps of a file.
    Stat = "stat" {
        st_dev: u64, st_ino: u64, st_mode: Mode, st_nlink: u64, st_uid: Id, st_gid: Id, st_rdev: u64, st_size: i64, st_blksize: i64,
        st_blocks: i64, st_atim: Timespec, st_mtim: Timespec, st_ctim: Timespec
    }
    /// What the kernel keeps of a file system.
    Statfs = "statfs" {
        f_type: FileSystem, f_bsize: i64, f_blocks: u64, f_bfree: u64, f_bavail: u64, f_files: u64, f_ffree: u64, f_fsid: u64,
        f_namelen: i64, f_frsize: i64, f_flags: MountFlags
    }
    /// Seconds and nanoseconds.
    Timespec = "timespec" { tv_sec: i64, tv_nsec: i64 }
}

call! {
    /// Gives what the kernel keeps of the file at the end of a path, symbolic links followed.
    fn stat(path: CString) -> Stat {
        // SAFETY: stat(2) reads the path and fills a struct stat; both outlive the call.
        Ok(filled(|stat| kernel(|| unsafe { libc::stat(path.as_ptr(), stat) }))?)
    }
    const STAT: "stat(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist, or a symbolic link leads nowhere, or the path is empty",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: write_file(\"note\", \"12345\")
a: stat(\"note\")    -> {st_mode: 0o100644, st_size: 5, st_uid: 0, st_nlink: 1}
a: stat(\"/proc\")   -> {st_mode: S_IFDIR | 0o555}
a: stat(\"missing\") -> ENOENT";
}

call! {
    /// Like `stat`, but of a symbolic link itself.
    fn lstat(path: CString) -> Stat {
        // SAFETY: lstat(2) reads the path and fills a struct stat; both outlive the call.
        Ok(filled(|stat| kernel(|| unsafe { libc::lstat(path.as_ptr(), stat) }))?)
    }
    const LSTAT: "lstat(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist, or the path is empty",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: symlink(\"nowhere\", \"link\")
a: lstat(\"link\") -> {st_mode: S_IFLNK | 0o777, st_size: 7}
a: stat(\"link\")  -> ENOENT";
}

call! {
    /// Gives what the kernel keeps of an open file.
    fn fstat(fd: Fd) -> Stat {
        // SAFETY: fstat(2) fills a struct stat, which outlives the call.
        Ok(filled(|stat| kernel(|| unsafe { libc::fstat(fd.0, stat) }))?)
    }
    const FSTAT: "fstat(2)";
    traits: [Local, ReadOnly];
    touches: [reads files, reads descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
    };
    example: "a: [r, w] = pipe()
a: one = fstat(r)
a: two = fstat(w)
expect one.st_ino == two.st_ino
expect one.st_mode -> S_IFIFO | 0o600";
}

call! {
    /// Like `stat`, from the directory `dirfd` on.
    fn fstatat(dirfd: Fd, path: CString, flags: StatFlags = 0) -> Stat {
        // SAFETY: fstatat(2) reads the path and fills a struct stat; both outlive the call.
        Ok(filled(|stat| kernel(|| unsafe { libc::fstatat(dirfd.0, path.as_ptr(), stat, flags.0) }))?)
    }
    const FSTATAT: "fstatat(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        ENOENT: "it does not exist, or the path is empty and AT_EMPTY_PATH is not set",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        ELOOP: "too many symbolic links on the way",
    };
    example: "a: symlink(\"nowhere\", \"link\")
a: fstatat(AT_FDCWD, \"link\")                     -> ENOENT
a: fstatat(AT_FDCWD, \"link\", AT_SYMLINK_NOFOLLOW) -> {st_size: 7}
a: [r, w] = pipe()
a: fstatat(r, \"\", AT_EMPTY_PATH)                 -> {st_mode: S_IFIFO | 0o600}";
}

call! {
    /// Tells about the file system that holds a path.
    fn statfs(path: CString) -> Statfs {
        // SAFETY: statfs(2) reads the path and fills a struct statfs; both outlive the call.
        Ok(filled_system(|system| kernel(|| unsafe { libc::statfs(path.as_ptr(), system) }))?)
    }
    const STATFS: "statfs(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: statfs(\"/proc\")              -> {f_type: PROC_SUPER_MAGIC}
a: statfs(\"/dev/mqueue\")        -> {f_type: MQUEUE_MAGIC}
a: statfs(\"/proc/self/ns/ipc\")  -> {f_type: NSFS_MAGIC}";
}

call! {
    /// Tells about the file system that holds an open file.
    fn fstatfs(fd: Fd) -> Statfs {
        // SAFETY: fstatfs(2) fills a struct statfs, which outlives the call.
        Ok(filled_system(|system| kernel(|| unsafe { libc::fstatfs(fd.0, system) }))?)
    }
    const FSTATFS: "fstatfs(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
    };
    example: "a: [r, w] = pipe()
a: fstatfs(r) -> {f_type: PIPEFS_MAGIC}";
}

call! {
    /// Gives the kind of a device: which driver.
    fn major(dev: u64) -> u32 {
        Ok(libc::major(dev))
    }
    const MAJOR: "major(3)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: s = stat(\"/dev/null\")
a: major(s.st_rdev)     -> 1";
}

call! {
    /// Gives which of the devices of its driver a device is.
    fn minor(dev: u64) -> u32 {
        Ok(libc::minor(dev))
    }
    const MINOR: "minor(3)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: s = stat(\"/dev/null\")
a: minor(s.st_rdev)     -> 3";
}

call! {
    /// Joins a major and a minor number into the number of a device, for `mknod` and for comparing with st_rdev.
    fn makedev(major: u32, minor: u32) -> u64 {
        Ok(libc::makedev(major, minor))
    }
    const MAKEDEV: "makedev(3)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: null = makedev(1, 3)
a: stat(\"/dev/null\") -> {st_rdev: null}";
}

fn filled(call: impl FnOnce(*mut libc::stat) -> Result<i32, Errno>) -> Result<Stat, Errno> {
    // SAFETY: struct stat is plain integers, for which zero is a value.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    call(&raw mut stat)?;
    Ok(Stat {
        st_dev: stat.st_dev,
        st_ino: stat.st_ino,
        st_mode: Mode(stat.st_mode),
        st_nlink: natural(stat.st_nlink),
        st_uid: Id(i64::from(stat.st_uid)),
        st_gid: Id(i64::from(stat.st_gid)),
        st_rdev: stat.st_rdev,
        st_size: stat.st_size,
        st_blksize: whole(stat.st_blksize),
        st_blocks: stat.st_blocks,
        st_atim: Timespec { tv_sec: stat.st_atime, tv_nsec: stat.st_atime_nsec },
        st_mtim: Timespec { tv_sec: stat.st_mtime, tv_nsec: stat.st_mtime_nsec },
        st_ctim: Timespec { tv_sec: stat.st_ctime, tv_nsec: stat.st_ctime_nsec },
    })
}

/// The struct statfs of 64-bit machines; the crate hides its flags.
type SystemWords = [u64; 15];
const _: () = assert!(size_of::<SystemWords>() == size_of::<libc::statfs>());

fn filled_system(call: impl FnOnce(*mut libc::statfs) -> Result<i32, Errno>) -> Result<Statfs, Errno> {
    let mut words: SystemWords = [0; 15];
    call((&raw mut words).cast())?;
    let [f_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid, f_namelen, f_frsize, f_flags, ..] = words;
    Ok(Statfs {
        f_type: FileSystem(f_type.cast_signed()),
        f_bsize: f_bsize.cast_signed(),
        f_blocks,
        f_bfree,
        f_bavail,
        f_files,
        f_ffree,
        f_fsid,
        f_namelen: f_namelen.cast_signed(),
        f_frsize: f_frsize.cast_signed(),
        f_flags: MountFlags(f_flags.cast_signed()),
    })
}

/// The width of this field differs between machines.
fn natural(number: impl Into<u64>) -> u64 {
    number.into()
}

/// The width of this field differs between machines.
fn whole(number: impl Into<i64>) -> i64 {
    number.into()
}
