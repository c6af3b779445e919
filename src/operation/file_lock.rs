//! Locks on files, whole or by ranges; see flock(2) and lockf(3).

use super::argument::Fd;
use super::entry::{call, constants};
use super::{Family, kernel};

/// Locks on files.
pub static FAMILY: Family = Family {
    name: "file_lock",
    title: "Locks on files",
    summary: "All these locks are advisory: `read` and `write` do not look at them. A lock of `flock` belongs to the open file description, \
        so that descriptors made by `dup` and `fork` share it, and goes with the last of them. `lockf` is a shorter way to the \
        record locks of `fcntl`, which belong to the process and do not see those of `flock`.",
    calls: &[&FLOCK, &LOCKF],
    constants: &[&FlockOperation::GROUP, &LockfCommand::GROUP],
    structs: &[],
};

constants! {
    /// operations of flock
    flags FlockOperation(i32) {
        LOCK_SH, "shared";
        LOCK_EX, "exclusive";
        LOCK_UN, "release it";
        LOCK_NB, "fail with EAGAIN instead of waiting";
    }
    /// commands of lockf
    choice LockfCommand(i32) {
        F_ULOCK, "release";
        F_LOCK, "an exclusive lock; wait for it";
        F_TLOCK, "an exclusive lock, or EAGAIN";
        F_TEST, "succeed where it could be locked, or EACCES";
    }
}

call! {
    /// Takes or releases the lock of an open file description on the whole file.
    ///
    /// Going from shared to exclusive releases first: another may come between.
    fn flock(fd: Fd, operation: FlockOperation) -> () {
        // SAFETY: flock(2) takes integers only.
        kernel(|| unsafe { libc::flock(fd.0, operation.0) })?;
        Ok(())
    }
    const FLOCK: "flock(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "while another open file description holds a lock that does not go together with it";
    errors: {
        EAGAIN: "it would wait, and LOCK_NB is set",
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "none of the operations",
        ENOLCK: "no room for another lock",
    };
    example: "actor b
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
b: g = open(\"note\", O_RDWR)
a: flock(f, LOCK_EX)
b: flock(g, LOCK_SH | LOCK_NB) -> EAGAIN
b: flock(g, LOCK_SH)           -> blocks
a: flock(f, LOCK_UN)
b: resumes";
}

call! {
    /// Takes, tests or releases a record lock of `len` bytes from the offset of the file on; 0 goes on to the end.
    fn lockf(fd: Fd, cmd: LockfCommand, len: i64 = 0) -> () {
        // SAFETY: lockf(3) takes integers only.
        kernel(|| unsafe { libc::lockf(fd.0, cmd.0, len) })?;
        Ok(())
    }
    const LOCKF: "lockf(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "while another process holds a record lock on one of these bytes: F_LOCK alone";
    errors: {
        EAGAIN: "F_TLOCK: another process holds a lock there",
        EACCES: "F_TEST: another process holds a lock there",
        EBADF: "not a descriptor of this process, or not open for writing",
        EDEADLK: "F_LOCK: the holder waits, directly or not, for the caller",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "an unknown command, or a file without offsets",
        ENOLCK: "no room for another lock",
    };
    example: "actor b
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
b: g = open(\"note\", O_RDWR)
a: lockf(f, F_LOCK)
b: lockf(g, F_TLOCK) -> EAGAIN
b: lockf(g, F_TEST)  -> EACCES";
}
