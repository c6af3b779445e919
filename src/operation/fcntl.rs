//! What one call does with an open file: flags, locks, leases, seals, the size of a pipe; see fcntl(2).

use super::argument::{Argument, Fd, Id, Pid, Returned, integer};
use super::entry::{call, constants, structure};
use super::file::OpenFlags;
use super::{Failure, Family, kernel};
use crate::value::{Signal, Value};

/// Control of open files.
pub static FAMILY: Family = Family {
    name: "fcntl",
    title: "Control of open files",
    summary: "F_GETFL and F_SETFL are about the open file description, F_GETFD and F_SETFD about the descriptor. Record locks \
        (F_SETLK) belong to the process and go when it closes any descriptor of the file; those of F_OFD_SETLK belong to the open file \
        description, as those of `flock` do. The kernel finds deadlocks among the former, and among the latter none.",
    calls: &[&FCNTL],
    constants: &[
        &Command::GROUP,
        &DescriptorFlags::GROUP,
        &OpenFlags::GROUP,
        &super::transfer::Whence::GROUP,
        &LockType::GROUP,
        &Seals::GROUP,
        &Notify::GROUP,
        &OwnerType::GROUP,
        &WriteHint::GROUP,
    ],
    structs: &[&Flock::STRUCTURE, &Owner::STRUCTURE],
};

constants! {
    /// commands of fcntl
    choice Command(i32) {
        F_DUPFD, "gives the lowest free descriptor from the number given on";
        F_DUPFD_CLOEXEC, "the same, with FD_CLOEXEC set";
        F_DUPFD_QUERY = 1027, "gives 1 where the descriptor given names the same open file description, and else 0";
        F_CREATED_QUERY = 1028, "gives 1 where open created the file, and else 0";
        F_GETFD, "gives the flags of the descriptor";
        F_SETFD, "sets the flags of the descriptor";
        F_GETFL, "gives access mode and status flags";
        F_SETFL, "sets O_APPEND, O_ASYNC, O_DIRECT, O_NOATIME and O_NONBLOCK as given; the rest stays";
        F_GETLK, "gives the lock that stands in the way of the one given, or the one given with F_UNLCK";
        F_SETLK, "takes or releases a lock of the process, or fails";
        F_SETLKW, "the same, and waits";
        F_OFD_GETLK, "like F_GETLK, for locks of open file descriptions";
        F_OFD_SETLK, "takes or releases a lock of the open file description, or fails";
        F_OFD_SETLKW, "the same, and waits";
        F_GETOWN, "gives who gets SIGIO and SIGURG: a process, or less than 0 a group";
        F_SETOWN, "sets who gets SIGIO and SIGURG";
        F_GETOWN_EX = 16, "gives who gets SIGIO and SIGURG, as an f_owner_ex";
        F_SETOWN_EX = 15, "sets who gets SIGIO and SIGURG: a thread, a process or a group";
        F_GETOWNER_UIDS = 17, "gives real and effective user of who set the owner";
        F_GETSIG = 11, "gives the signal that is sent when reading or writing becomes possible; 0 is SIGIO";
        F_SETSIG = 10, "sets it";
        F_SETLEASE, "takes or gives up a lease: word before others open or cut the file";
        F_GETLEASE, "gives the lease of the open file description";
        F_NOTIFY, "signals of changes in a directory";
        F_SETPIPE_SZ, "sets what a pipe holds, rounded up to pages and a power of two, and gives it";
        F_GETPIPE_SZ, "gives what a pipe holds, in bytes";
        F_ADD_SEALS, "forbids changes of a memfd for good";
        F_GET_SEALS, "gives what is forbidden";
        F_GET_RW_HINT = 1035, "gives how long what is written to the file is expected to live";
        F_SET_RW_HINT = 1036, "sets it";
        F_GET_FILE_RW_HINT = 1037, "gives it for the open file description";
        F_SET_FILE_RW_HINT = 1038, "sets it for the open file description";
    }
    /// flags of a descriptor
    flags DescriptorFlags(i32) {
        FD_CLOEXEC, "execve closes it";
    }
    /// types of record locks and leases
    choice LockType(i16) {
        F_RDLCK, "shared; needs a descriptor open for reading";
        F_WRLCK, "exclusive; needs a descriptor open for writing";
        F_UNLCK, "none";
    }
    /// seals of a memfd
    flags Seals(i32) {
        F_SEAL_SEAL, "no further seals";
        F_SEAL_SHRINK, "it cannot become shorter";
        F_SEAL_GROW, "it cannot become longer";
        F_SEAL_WRITE, "nobody writes; fails with EBUSY while it is mapped for writing";
        F_SEAL_FUTURE_WRITE, "nobody writes but through the mappings that exist";
        F_SEAL_EXEC = 0x20, "its execute permissions stay as they are";
    }
    /// changes in a directory
    flags Notify(u32) {
        DN_ACCESS = 1, "a file was read";
        DN_MODIFY = 2, "a file was written or cut";
        DN_CREATE = 4, "a file was created";
        DN_DELETE = 8, "a file was removed";
        DN_RENAME = 16, "a file got another name in the directory";
        DN_ATTRIB = 32, "mode, owner or times of a file changed";
        DN_MULTISHOT = 0x8000_0000_u32, "go on after the first signal";
    }
    /// who gets SIGIO and SIGURG
    choice OwnerType(i32) {
        F_OWNER_TID = 0, "a thread";
        F_OWNER_PID = 1, "a process";
        F_OWNER_PGRP = 2, "a process group";
        F_OWNER_GID = 2, "another name of F_OWNER_PGRP";
    }
    /// how long what is written is expected to live
    choice WriteHint(u64) {
        RWH_WRITE_LIFE_NOT_SET = 0, "nothing said";
        RWH_WRITE_LIFE_NONE = 1, "no expectation";
        RWH_WRITE_LIFE_SHORT = 2, "short";
        RWH_WRITE_LIFE_MEDIUM = 3, "medium";
        RWH_WRITE_LIFE_LONG = 4, "long";
        RWH_WRITE_LIFE_EXTREME = 5, "very long";
    }
}

structure! {
    /// A record lock: a type and a range of bytes; a length of 0 goes on to the end.
    Flock = "flock" { l_type: LockType, l_whence: super::transfer::Whence, l_start: i64, l_len: i64, l_pid: Pid }
    /// Who gets SIGIO and SIGURG.
    Owner = "f_owner_ex" { r#type: OwnerType, pid: Pid }
}

call! {
    /// Does with an open file what the command says.
    ///
    /// The commands about locks take a struct flock, and F_GETLK and F_OFD_GETLK give one; F_SETOWN_EX takes and F_GETOWN_EX gives an
    /// f_owner_ex; F_GETOWNER_UIDS gives a list of two. All others take a number, and give one.
    fn fcntl(fd: Fd, cmd: Command, arg: Value = 0) -> Value {
        control(fd.0, cmd.0, &arg)
    }
    const FCNTL: "fcntl(2)";
    traits: [Wakes];
    touches by cmd: {
        F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_SETFD => [],
        F_GETFL F_GETPIPE_SZ F_GET_SEALS => [reads descriptor(fd)],
        F_SETFL => [writes descriptor(fd)],
        F_GETLK F_OFD_GETLK => [reads files],
        F_SETLK F_SETLKW F_OFD_SETLK F_OFD_SETLKW => [writes files],
        F_SETOWN F_SETOWN_EX F_SETSIG F_SETLEASE F_NOTIFY => [writes beyond],
    };
    blocks: "while somebody else holds a lock that does not go together with the one asked for: F_SETLKW and F_OFD_SETLKW alone";
    errors: {
        EAGAIN: "F_SETLK or F_OFD_SETLK: somebody else holds a lock that does not go together with it; F_SETLEASE: the file is open elsewhere",
        EBADF: "not a descriptor of this process; or a lock for reading or writing that the descriptor is not open for",
        EINVAL: "a number that the command does not take, or a command that this kind of file, or this kernel, does not know",
        EDEADLK: "F_SETLKW: the holder waits, directly or not, for the caller",
        EINTR: "a handler ran while the caller waited",
        EMFILE: "F_DUPFD: no free descriptor from that number on",
        EBUSY: "F_SETPIPE_SZ: the pipe holds more than that now; F_ADD_SEALS: F_SEAL_WRITE while it is mapped for writing",
        EPERM: "F_SETPIPE_SZ above fs.pipe-max-size without CAP_SYS_RESOURCE; F_ADD_SEALS on what is sealed against seals or not open for writing; \
            F_SETFL that takes O_APPEND from an append-only file",
        EACCES: "F_SETLEASE on a file of another owner without CAP_LEASE",
        ENOLCK: "no room for another lock",
        ENOTDIR: "F_NOTIFY on what is no directory",
        ESRCH: "F_SETOWN: no such process or group",
    };
    by: cmd {
        F_DUPFD F_DUPFD_CLOEXEC(arg: Fd) => Fd,
        F_DUPFD_QUERY(arg: Fd) => i32,
        F_CREATED_QUERY => i32,
        F_GETFD => DescriptorFlags,
        F_SETFD(arg: DescriptorFlags) => (),
        F_GETFL => OpenFlags,
        F_SETFL(arg: OpenFlags) => (),
        F_GETLK F_OFD_GETLK(arg: Flock) => Flock,
        F_SETLK F_SETLKW F_OFD_SETLK F_OFD_SETLKW(arg: Flock) => (),
        F_GETOWN => Pid,
        F_SETOWN(arg: Pid) => (),
        F_GETOWN_EX => Owner,
        F_SETOWN_EX(arg: Owner) => (),
        F_GETOWNER_UIDS => Vec<Id>,
        F_GETSIG => Signal,
        F_SETSIG(arg: Signal) => (),
        F_GETLEASE => LockType,
        F_SETLEASE(arg: LockType) => (),
        F_NOTIFY(arg: Notify) => (),
        F_GETPIPE_SZ => i32,
        F_SETPIPE_SZ(arg: i32) => i32,
        F_GET_SEALS => Seals,
        F_ADD_SEALS(arg: Seals) => (),
        F_GET_RW_HINT F_GET_FILE_RW_HINT => WriteHint,
        F_SET_RW_HINT F_SET_FILE_RW_HINT(arg: WriteHint) => (),
    };
    example: "actor b
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
b: g = open(\"note\", O_RDWR)
a: fcntl(f, F_SETLK, {F_WRLCK, SEEK_SET, 0, 10})
b: fcntl(g, F_SETLK, {F_RDLCK, SEEK_SET, 5, 1})  -> EAGAIN
b: fcntl(g, F_GETLK, {F_RDLCK, SEEK_SET, 5, 1})  -> {l_type: F_WRLCK, l_start: 0, l_len: 10, l_pid: a}
b: fcntl(g, F_SETLKW, {F_RDLCK, SEEK_SET, 5, 1}) -> blocks
a: fcntl(f, F_SETLK, {F_UNLCK, SEEK_SET, 0, 0})
b: resumes";
}

fn control(fd: i32, cmd: i32, arg: &Value) -> Result<Value, Failure> {
    match cmd {
        libc::F_GETLK | libc::F_OFD_GETLK => {
            let mut lock = raw_lock(&Flock::take(arg)?);
            by_pointer(fd, cmd, &raw mut lock)?;
            Ok(Flock {
                l_type: LockType(lock.l_type),
                l_whence: super::transfer::Whence(i32::from(lock.l_whence)),
                l_start: lock.l_start,
                l_len: lock.l_len,
                l_pid: Pid(lock.l_pid),
            }
            .give())
        }
        libc::F_SETLK | libc::F_SETLKW | libc::F_OFD_SETLK | libc::F_OFD_SETLKW => {
            let mut lock = raw_lock(&Flock::take(arg)?);
            Ok(by_pointer(fd, cmd, &raw mut lock)?.give())
        }
        SET_OWNER => {
            let owner = Owner::take(arg)?;
            let mut pair = [owner.r#type.0, owner.pid.0];
            Ok(by_pointer(fd, cmd, pair.as_mut_ptr())?.give())
        }
        GET_OWNER => {
            let mut pair = [0i32; 2];
            by_pointer(fd, cmd, pair.as_mut_ptr())?;
            let [kind, pid] = pair;
            Ok(Owner { r#type: OwnerType(kind), pid: Pid(pid) }.give())
        }
        GET_OWNER_UIDS => {
            let mut uids = [0u32; 2];
            by_pointer(fd, cmd, uids.as_mut_ptr())?;
            Ok(uids.to_vec().give())
        }
        GET_HINT | GET_FILE_HINT => {
            let mut hint = 0u64;
            by_pointer(fd, cmd, &raw mut hint)?;
            Ok(WriteHint(hint).give())
        }
        SET_HINT | SET_FILE_HINT => {
            let mut hint = WriteHint::take(arg)?.0;
            Ok(by_pointer(fd, cmd, &raw mut hint)?.give())
        }
        _ => {
            let number: i64 = integer(arg)?;
            // SAFETY: the remaining commands of fcntl(2) take a number.
            Ok(kernel(|| unsafe { libc::fcntl(fd, cmd, number) })?.give())
        }
    }
}

const SET_OWNER: i32 = 15;
const GET_OWNER: i32 = 16;
const GET_OWNER_UIDS: i32 = 17;
const GET_HINT: i32 = 1035;
const SET_HINT: i32 = 1036;
const GET_FILE_HINT: i32 = 1037;
const SET_FILE_HINT: i32 = 1038;

fn by_pointer<T>(fd: i32, cmd: i32, at: *mut T) -> Result<i32, Failure> {
    // SAFETY: the caller passes the address of what this command of fcntl(2) reads or fills.
    Ok(kernel(|| unsafe { libc::fcntl(fd, cmd, at) })?)
}

fn raw_lock(lock: &Flock) -> libc::flock {
    libc::flock {
        l_type: lock.l_type.0,
        // The kernel answers EINVAL to what is none of the three, cut off or not.
        l_whence: i16::try_from(lock.l_whence.0).unwrap_or(-1),
        l_start: lock.l_start,
        l_len: lock.l_len,
        l_pid: lock.l_pid.0,
    }
}
