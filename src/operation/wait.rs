//! How a parent learns what became of its children; see wait(2).

use super::argument::{Pid, number};
use super::entry::{call, constants};
use super::siginfo::{SiCode, Siginfo};
use super::time::Timeval;
use super::usage::{self, Rusage};
use super::{Family, Returned, kernel};
use crate::value::{Signal, Status, Type, Value};

/// Waiting for children.
pub static FAMILY: Family = Family {
    name: "wait",
    title: "Waiting for children",
    summary: "A process that has ended stays a zombie, a pid with a status and nothing else, until its parent has asked for the status. \
        Children whose parent has ended belong to pid 1 of their pid namespace, or to the nearest ancestor that has made itself a \
        subreaper. A parent that ignores SIGCHLD gets no statuses: its children leave at once.",
    calls: &[&WAITPID, &WAIT, &WAITID, &WAIT4, &WAIT3],
    constants: &[&WaitOptions::GROUP, &IdType::GROUP, &SiCode::GROUP],
    structs: &[&Siginfo::STRUCTURE, &Rusage::STRUCTURE, &Timeval::STRUCTURE],
};

constants! {
    /// options of waitpid and waitid
    flags WaitOptions(u32) {
        WNOHANG, "give 0 instead of waiting";
        WUNTRACED, "tell of stopped children, too";
        WCONTINUED, "tell of children that go on after a stop, too";
        WEXITED, "waitid: tell of children that have ended";
        WSTOPPED, "waitid: tell of stopped children";
        WNOWAIT, "waitid: leave the child as it is, so that it can be asked again";
        __WALL, "wait for all children, whatever signal they send at their end";
        __WCLONE = 0x8000_0000_u32, "wait only for children that send no SIGCHLD at their end";
        __WNOTHREAD, "not for children of other threads";
    }
    /// what the id of waitid means
    choice IdType(u32) {
        P_ALL, "any child; the id is ignored";
        P_PID, "the child with this pid";
        P_PGID, "any child of this process group, 0 for the caller's own";
        P_PIDFD, "the child that this pidfd refers to";
    }
}

number! {
    /// What waitid waits for.
    Waited(u32): Type::Either(&[Type::Pid, Type::Handle("fd")]);
}

call! {
    /// Waits until a child has ended, and gives its status: `exited(n)` or `killed(SIG)`; with options also `stopped(SIG)` or `continued`.
    ///
    /// With a pid above 0 it gives the status alone; -1 stands for any child, 0 for any of the caller's process group, -pgid for any
    /// of that group: then it gives `{pid, status}`. Under WNOHANG, 0 says that no child has changed.
    fn waitpid(pid: Pid, options: WaitOptions = 0) -> Value {
        let mut status = 0;
        // SAFETY: waitpid(2) fills `status`, which outlives the call.
        let found = kernel(|| unsafe { libc::waitpid(pid.0, &raw mut status, options.0.cast_signed()) })?;
        Ok(match found {
            0 => Value::Int(0),
            _ if pid.0 > 0 => Value::Status(decode(status)),
            found => Value::record([("pid", Value::from(found)), ("status", Value::Status(decode(status)))]),
        })
    }
    const WAITPID: "waitpid(2)";
    traits: [Wakes];
    blocks: "while there is such a child and none has changed state";
    errors: {
        ECHILD: "no such child: it is not the caller's, its status was taken already, or SIGCHLD is ignored",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EINVAL: "options that are another call's, such as WEXITED for waitpid",
        ESRCH: "the pid is the smallest number of its type",
    };
    example: "a: child = fork()
a: waitpid(child, WNOHANG) -> 0
child: exit(3)
a: waitpid(-1)             -> {pid: child, status: exited(3)}
a: waitpid(child)          -> ECHILD";
}

call! {
    /// Waits until any child has ended, and gives `{pid, status}`.
    fn wait() -> Value {
        waitpid(Pid(-1), WaitOptions(0))
    }
    const WAIT: "wait(2)";
    traits: [Wakes];
    blocks: "while there is a child and none has ended";
    errors: {
        ECHILD: "the caller has no children left to wait for",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
    };
    example: "a: child = fork()
a: wait()      -> blocks
child: exit(0)
a: resumes     -> {pid: child, status: exited(0)}
a: wait()      -> ECHILD";
}

call! {
    /// Waits for a change of a child that the options name, and gives it as a siginfo.
    ///
    /// At least one of WEXITED, WSTOPPED and WCONTINUED must be there. Under WNOHANG, a `si_pid` of 0 says that no child has changed.
    fn waitid(idtype: IdType, id: Waited, options: WaitOptions) -> Siginfo {
        let mut info = Siginfo::blank();
        // SAFETY: waitid(2) fills `info`, which outlives the call.
        kernel(|| unsafe { libc::waitid(idtype.0, id.0, &raw mut info, options.0.cast_signed()) })?;
        Ok(Siginfo::read(&info))
    }
    const WAITID: "waitid(2)";
    traits: [Wakes];
    blocks: "while there is such a child and none has changed in a way that the options name";
    errors: {
        ECHILD: "no such child: it is not the caller's, its status was taken already, or SIGCHLD is ignored",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EINVAL: "unknown options, or none of WEXITED, WSTOPPED and WCONTINUED",
        EBADF: "P_PIDFD, and the id is no pidfd",
        EAGAIN: "P_PIDFD, the pidfd has O_NONBLOCK set, and the child has not ended",
    };
    example: "a: child = fork()
child: exit(3)
a: waitid(P_PID, child, WEXITED | WNOWAIT) -> {si_signo: SIGCHLD, si_code: CLD_EXITED, si_pid: child, si_status: 3}
a: waitpid(child)                          -> exited(3)";
}

call! {
    /// Like `waitpid`, and tells what the child has used: gives `{pid, status, rusage}`, or 0 under WNOHANG.
    fn wait4(pid: Pid, options: WaitOptions = 0) -> Value {
        let mut status = 0;
        let mut used = usage::blank();
        // SAFETY: wait4(2) fills `status` and `used`, which outlive the call.
        let found = kernel(|| unsafe { libc::wait4(pid.0, &raw mut status, options.0.cast_signed(), &raw mut used) })?;
        Ok(match found {
            0 => Value::Int(0),
            found => Value::record([
                ("pid", Value::from(found)),
                ("status", Value::Status(decode(status))),
                ("rusage", Rusage::read(&used).give()),
            ]),
        })
    }
    const WAIT4: "wait4(2)";
    traits: [Wakes];
    blocks: "while there is such a child and none has changed state";
    errors: {
        ECHILD: "no such child: it is not the caller's, its status was taken already, or SIGCHLD is ignored",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EINVAL: "options that are another call's, such as WEXITED for waitpid",
        ESRCH: "the pid is the smallest number of its type",
    };
    example: "a: child = fork()
a: wait4(child, WNOHANG) -> 0
child: exit(3)
a: wait4(child)          -> {pid: child, status: exited(3), rusage: {ru_maxrss: > 0, ru_nsignals: 0}}";
}

call! {
    /// Like `wait4` for any child.
    fn wait3(options: WaitOptions = 0) -> Value {
        wait4(Pid(-1), options)
    }
    const WAIT3: "wait3(2)";
    traits: [Wakes];
    blocks: "while there is a child and none has changed state";
    errors: {
        ECHILD: "the caller has no children left to wait for",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EINVAL: "options that are another call's, such as WEXITED for waitpid",
    };
    example: "a: child = fork()
child: exit(3)
a: wait3()   -> {pid: child, status: exited(3)}
a: wait3()   -> ECHILD";
}

/// A wait status, out of the bits of wait(2).
pub fn decode(status: i32) -> Status {
    if libc::WIFEXITED(status) {
        Status::Exited(libc::WEXITSTATUS(status))
    } else if libc::WIFSIGNALED(status) {
        Status::Killed(Signal(libc::WTERMSIG(status)))
    } else if libc::WIFSTOPPED(status) {
        Status::Stopped(Signal(libc::WSTOPSIG(status)))
    } else {
        Status::Continued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_a_status_tell_how_a_process_ended() {
        assert_eq!(decode(3 << 8), Status::Exited(3));
        assert_eq!(decode(libc::SIGKILL), Status::Killed(Signal(libc::SIGKILL)));
        assert_eq!(decode(libc::SIGSEGV | 0x80), Status::Killed(Signal(libc::SIGSEGV)));
        assert_eq!(decode(libc::SIGSTOP << 8 | 0x7f), Status::Stopped(Signal(libc::SIGSTOP)));
        assert_eq!(decode(0xffff), Status::Continued);
    }
}
