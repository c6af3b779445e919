//! Words that are no man page: what a shell user would look at, each in the errno of the call that fails.

mod mountinfo;
mod table;

use super::argument::Bytes;
use super::entry::{call, structure};
use super::{Family, kernel};
use crate::value::{Errno, Value};
use std::ffi::{CStr, CString};

/// Looking around.
pub static FAMILY: Family = Family {
    name: "inspect",
    title: "Looking around",
    summary: "These few words are no calls of the C library. Each opens a path, reads or writes, and closes it again; its error is that of the first \
        call that failed. They see what the actor sees: its root, its mounts, its permissions.",
    calls: &[&LS, &CAT, &WRITE_FILE, &TABLE, &MOUNTINFO],
    constants: &[],
    structs: &[&Mount::STRUCTURE],
};

structure! {
    /// A mount, as mountinfo gives it.
    Mount = "mount" { fstype: Bytes, source: Bytes, options: Bytes, super_options: Bytes, propagation: Bytes }
}

/// The most that is read of a file: 1 MiB.
const READ: usize = 1 << 20;

call! {
    /// Gives the names in a directory, sorted, without `.` and `..`.
    fn ls(path: CString) -> Vec<Bytes> {
        let mut names = Vec::new();
        opened(&path, libc::O_RDONLY | libc::O_DIRECTORY, |fd| {
            let mut buffer = vec![0u8; 32 << 10];
            loop {
                let at = buffer.as_mut_ptr();
                // SAFETY: getdents64(2) fills at most the length of `buffer`, which outlives the call.
                let length = kernel(|| unsafe { libc::syscall(libc::SYS_getdents64, fd, at, buffer.len()) })?;
                let filled = usize::try_from(length).unwrap_or(0);
                if filled == 0 {
                    return Ok(());
                }
                names.extend(entries(buffer.get(..filled).unwrap_or_default()));
            }
        })?;
        names.retain(|name| !matches!(name.as_slice(), b"." | b".."));
        names.sort();
        Ok(names.into_iter().map(Bytes).collect())
    }
    const LS: "ls(1)";
    traits: [Wakes, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist",
        ENOTDIR: "it is no directory, or a part of the path is none",
        EACCES: "the mode of the directory does not allow to read it, or that of one on the way to pass",
        ELOOP: "too many symbolic links on the way",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: mkdir(\"box\", 0o755)
a: write_file(\"box/two\", \"\")
a: write_file(\"box/one\", \"\")
a: ls(\"box\")     -> [\"one\", \"two\"]
a: ls(\"missing\") -> ENOENT";
}

call! {
    /// Gives what is in a file, the first MiB of it.
    fn cat(path: CString) -> Bytes {
        Ok(contents(&path).map(Bytes)?)
    }
    const CAT: "cat(1)";
    traits: [Wakes, ReadOnly];
    blocks: "a FIFO, like open and read";
    errors: {
        ENOENT: "it does not exist",
        EACCES: "the mode of the file does not allow to read it, or that of a directory on the way to pass",
        EISDIR: "it is a directory",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        EINVAL: "a file of the kernel that cannot be read",
        EIO: "a file of the kernel whose subject is gone",
        ESRCH: "a file in /proc/PID, and the process has ended",
        EPERM: "a file in /proc/PID, and the caller may not look at that process",
        EINTR: "a handler ran while the caller waited",
    };
    example: "a: write_file(\"note\", \"hello\\n\")
a: cat(\"note\") -> \"hello\\n\"
a: cat(\"/proc/self/comm\") -> _
a: cat(\"/tmp\") -> EISDIR";
}

call! {
    /// Opens a file with O_WRONLY | O_CREAT | O_TRUNC and mode 0666, and writes a string once: what `echo text > path` does.
    fn write_file(path: CString, text: Bytes) -> isize {
        let mut written = 0;
        opened(&path, libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC, |fd| {
            // SAFETY: write(2) reads the length given from `text`, which outlives the call.
            written = kernel(|| unsafe { libc::write(fd, text.0.as_ptr().cast(), text.0.len()) })?;
            Ok(())
        })?;
        Ok(written)
    }
    const WRITE_FILE: "echo(1)";
    traits: [];
    blocks: "a FIFO, like open and write";
    errors: {
        EACCES: "the mode of the file, or of its directory, does not allow it; timens_offsets: a process is in the time namespace already",
        ENOENT: "a directory on the way does not exist; in /proc and /sys: no such file, and none can be created",
        EINVAL: "a file of the kernel that does not take this value; uid_map and gid_map: a line that is not three numbers, an empty range, or \
            ranges that overlap",
        ERANGE: "a number that the file of the kernel does not take; timens_offsets: a clock would show less than nothing, or too much",
        EPERM: "a file of the kernel that the caller may not set; uid_map and gid_map: the map is written already, the writer lacks CAP_SETUID or \
            CAP_SETGID where the namespace was made and maps more than its own id (for gid_map with setgroups allowed, even that), or a range lies not \
            within one line of the map above; setgroups: gid_map is written already, or `deny` would be taken back",
        EISDIR: "it is a directory",
        ENOTDIR: "a part of the path is no directory",
        EROFS: "the mount is read-only",
        ETXTBSY: "it is a program that is being executed",
        EBUSY: "a file of the kernel, and what it would change is in use",
        EIO: "a file of the kernel that failed to do it",
        ESRCH: "a file of the kernel that wants a process, and there is none such",
        ENOSPC: "no room",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        EPIPE: "a FIFO whose reader went away, and SIGPIPE is ignored or handled",
        EINTR: "a handler ran while the caller waited",
    };
    example: "a: write_file(\"note\", \"hello\") -> 5
a: cat(\"note\")                 -> \"hello\"
a: write_file(\"/proc/none\", \"\") -> ENOENT or EACCES";
}

call! {
    /// Gives a table of the kernel, whose first line names its columns, as a list of records.
    ///
    /// Decimal numbers become integers; `perms`, which the kernel prints in octal, is read as octal. Everything else stays a string.
    fn table(path: CString) -> Value {
        Ok(table::parse(&contents(&path)?))
    }
    const TABLE: "cat(1)";
    traits: [Wakes, ReadOnly];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist",
        EACCES: "the mode of the file does not allow to read it",
        EISDIR: "it is a directory",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: set = semget(0x12345, 2, IPC_CREAT | 0o640)
a: table(\"/proc/sysvipc/sem\") -> [{key: 0x12345, semid: set, perms: 0o640, nsems: 2}]
a: table(\"/proc/sysvipc/msg\") -> []";
}

call! {
    /// Gives the mounts exactly at a path, from bottom to top, as the caller's mount namespace has them.
    ///
    /// `propagation` is `private`, `shared`, `master` (a slave), `shared,master` or `unbindable`.
    fn mountinfo(path: CString) -> Vec<Mount> {
        Ok(mountinfo::at(&contents(c"/proc/thread-self/mountinfo")?, path.as_bytes()))
    }
    const MOUNTINFO: "proc_pid_mountinfo(5)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        ENOENT: "no proc is mounted on the caller's /proc",
        EACCES: "/proc cannot be read",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: mountinfo(\"/dev/mqueue\") -> [{fstype: \"mqueue\"}]
a: mountinfo(\"/nowhere\")    -> []";
}

/// Opens `path`, works with the descriptor and closes it, however the work went; the first failure counts.
fn opened(path: &CStr, flags: i32, work: impl FnOnce(i32) -> Result<(), Errno>) -> Result<(), Errno> {
    // SAFETY: open(2) reads the path, which outlives the call.
    let fd = kernel(|| unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, 0o666) })?;
    let done = work(fd);
    // SAFETY: the descriptor was opened above and is closed here only.
    let closed = kernel(|| unsafe { libc::close(fd) });
    done.and(closed.map(drop))
}

fn contents(path: &CStr) -> Result<Vec<u8>, Errno> {
    let mut bytes = Vec::new();
    opened(path, libc::O_RDONLY, |fd| {
        let mut buffer = vec![0u8; 64 << 10];
        while bytes.len() < READ {
            let at = buffer.as_mut_ptr().cast();
            // SAFETY: read(2) fills at most the length of `buffer`, which outlives the call.
            let length = kernel(|| unsafe { libc::read(fd, at, buffer.len()) })?.unsigned_abs();
            if length == 0 {
                break;
            }
            bytes.extend_from_slice(buffer.get(..length).unwrap_or_default());
        }
        bytes.truncate(READ);
        Ok(())
    })?;
    Ok(bytes)
}

/// The names in what getdents64(2) gave: each entry has its length at byte 16 and its name from byte 19 on, ended by NUL.
fn entries(mut rest: &[u8]) -> Vec<Vec<u8>> {
    let mut names = Vec::new();
    while let Some(&[low, high]) = rest.get(16..18) {
        let length = usize::from(u16::from_ne_bytes([low, high]));
        let name = rest.get(19..length).unwrap_or_default();
        names.push(name.split(|&byte| byte == 0).next().unwrap_or_default().to_vec());
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    names
}
