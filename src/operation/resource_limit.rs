//! How much of something a process may use: soft and hard limits; see getrlimit(2).

use super::argument::Pid;
use super::entry::{call, constants, structure};
use super::{Family, Refusal, kernel};
use crate::operation::{Argument, Returned};
use crate::value::{Type, Value};
use std::ptr::{from_ref, null};

/// Resource limits.
pub static FAMILY: Family = Family {
    name: "resource_limit",
    title: "Resource limits",
    summary: "Every resource has a soft limit, which the kernel enforces, and a hard one, up to which a process may raise the soft one again. \
        A hard limit that was lowered stays so: CAP_SYS_RESOURCE counts in the initial user namespace alone, and in the world nobody has it. \
        Limits are inherited by children and kept by programs. Most bind one process; RLIMIT_NPROC, RLIMIT_MSGQUEUE, RLIMIT_SIGPENDING and \
        RLIMIT_MEMLOCK count what all processes of a user have in one user namespace. What a limit does is the affair of the call that meets it: \
        EMFILE of `open` and `pipe`, EAGAIN of `fork`, ENOMEM of `mmap`, or a signal.",
    calls: &[&GETRLIMIT, &SETRLIMIT, &PRLIMIT],
    constants: &[&Resource::GROUP, &LimitValue::GROUP],
    structs: &[&Rlimit::STRUCTURE],
};

constants! {
    /// resources
    choice Resource(u32) {
        RLIMIT_AS, "bytes of address space: brk, mmap and mremap fail with ENOMEM, the stack does not grow: SIGSEGV";
        RLIMIT_CORE, "bytes of a core file; 0 for none";
        RLIMIT_CPU, "seconds of processor time: SIGXCPU each second from the soft one on, SIGKILL at the hard one";
        RLIMIT_DATA, "bytes of data, of the heap and of private writable mappings: brk and mmap fail with ENOMEM";
        RLIMIT_FSIZE, "bytes of a file: writing beyond gives SIGXFSZ, and EFBIG where that is ignored or caught";
        RLIMIT_LOCKS, "file locks; not looked at since Linux 2.4.25";
        RLIMIT_MEMLOCK, "bytes of locked memory: mlock, and mmap with MAP_LOCKED, and SHM_LOCK for a user's segments";
        RLIMIT_MSGQUEUE, "bytes of all POSIX message queues of the user: mq_open fails with EMFILE";
        RLIMIT_NICE, "how far nice may be lowered: to 20 minus this";
        RLIMIT_NOFILE, "one more than the highest descriptor: open, pipe, dup fail with EMFILE";
        RLIMIT_OFILE = libc::RLIMIT_NOFILE, "another name of RLIMIT_NOFILE";
        RLIMIT_NPROC, "processes and threads of the real user: fork fails with EAGAIN";
        RLIMIT_RSS, "pages in memory; not looked at since Linux 2.4.30";
        RLIMIT_RTPRIO, "the highest real-time priority that sched_setscheduler gives";
        RLIMIT_RTTIME, "microseconds of processor time under a real-time policy without a blocking call: SIGXCPU, then SIGKILL";
        RLIMIT_SIGPENDING, "signals that wait for the processes of the user: sigqueue fails with EAGAIN";
        RLIMIT_STACK, "bytes of the stack: SIGSEGV beyond; a fourth of it bounds arguments and environment of execve";
    }
    /// values of a limit
    choice LimitValue(u64) {
        RLIM_INFINITY, "no limit";
        RLIM_SAVED_CUR = u64::MAX, "the same, in POSIX for what does not fit";
        RLIM_SAVED_MAX = u64::MAX, "the same, in POSIX for what does not fit";
    }
}

/// A limit: a number, or RLIM_INFINITY, which C programmers also write as -1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound(pub u64);

impl Argument for Bound {
    const TYPE: Type = Type::Int;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value.int() {
            Some(-1) => Ok(Self(libc::RLIM_INFINITY)),
            _ => super::argument::integer(value).map(Self),
        }
    }
}

impl Returned for Bound {
    const TYPE: Type = Type::Constants(&LimitValue::GROUP);
    fn give(self) -> Value {
        Value::from(self.0)
    }
}

structure! {
    /// A soft and a hard limit.
    Rlimit = "rlimit" { rlim_cur: Bound, rlim_max: Bound }
}

call! {
    /// Gives the soft and the hard limit of a resource.
    fn getrlimit(resource: Resource) -> Rlimit {
        Ok(limit(0, resource, None)?)
    }
    const GETRLIMIT: "getrlimit(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "no resource has this number",
    };
    example: "a: setrlimit(RLIMIT_NOFILE, {10, 20})
a: getrlimit(RLIMIT_NOFILE) -> {rlim_cur: 10, rlim_max: 20}";
}

call! {
    /// Sets the soft and the hard limit of a resource.
    fn setrlimit(resource: Resource, rlim: Rlimit) -> () {
        limit(0, resource, Some(rlim))?;
        Ok(())
    }
    const SETRLIMIT: "setrlimit(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "no such resource, or a soft limit above the hard one",
        EPERM: "the hard limit is raised without CAP_SYS_RESOURCE, which nobody has in a user namespace; or RLIMIT_NOFILE above fs.nr_open",
    };
    example: "a: setrlimit(RLIMIT_NOFILE, {3, 20})
a: pipe()                            -> EMFILE      # 0, 1 and 2 are open, and 3 is the first that is not allowed
a: setrlimit(RLIMIT_NOFILE, {20, 20})
a: pipe()                            -> [3, 4]
a: setrlimit(RLIMIT_NOFILE, {20, 21}) -> EPERM
a: setrlimit(RLIMIT_NOFILE, {21, 20}) -> EINVAL";
}

call! {
    /// Sets a limit of another process, or only gives it, and gives the limit as it was.
    ///
    /// `pid` 0 stands for the caller, `new_limit` NULL leaves the limit as it is.
    fn prlimit(pid: Pid, resource: Resource, new_limit: Option<Rlimit> = 0) -> Rlimit {
        Ok(limit(pid.0, resource, new_limit)?)
    }
    const PRLIMIT: "prlimit(2)";
    traits: [Local];
    touches: [writes process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "no such resource, or a soft limit above the hard one",
        EPERM: "the hard limit is raised without CAP_SYS_RESOURCE, or the process belongs to somebody else: real, effective and saved ids \
            must all be those of the caller, who else needs CAP_SYS_RESOURCE where the other's user namespace is",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "actor b
a: prlimit(b, RLIMIT_NOFILE, {2, 20})
b: dup(0)                                    -> EMFILE
b: prlimit(0, RLIMIT_NOFILE, {20, 20})       -> {rlim_cur: 2, rlim_max: 20}
b: dup(0)                                    -> 3
a: prlimit(b, RLIMIT_CORE, {0, RLIM_INFINITY}) -> ok or EPERM
a: prlimit(99999, RLIMIT_NOFILE)             -> ESRCH";
}

/// The limit as it was, and a new one from now on.
fn limit(pid: i32, resource: Resource, new: Option<Rlimit>) -> Result<Rlimit, crate::value::Errno> {
    let new = new.map(|new| libc::rlimit64 { rlim_cur: new.rlim_cur.0, rlim_max: new.rlim_max.0 });
    let new = new.as_ref().map_or(null(), from_ref);
    let mut old = libc::rlimit64 { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: prlimit64(2) reads one limit where one is given, and fills another; both outlive the call.
    kernel(|| unsafe { libc::syscall(libc::SYS_prlimit64, pid, resource.0, new, &raw mut old) })?;
    Ok(Rlimit { rlim_cur: Bound(old.rlim_cur), rlim_max: Bound(old.rlim_max) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_or_none() {
        let limit = Rlimit::take(&Value::Record(vec![(String::new(), Value::Int(5)), (String::new(), Value::Int(-1))]));
        assert_eq!(limit, Ok(Rlimit { rlim_cur: Bound(5), rlim_max: Bound(u64::MAX) }));
        assert!(Bound::take(&Value::Int(-2)).is_err());
    }

    #[test]
    fn what_is_asked_changes_nothing() {
        let first = getrlimit(Resource(libc::RLIMIT_NOFILE)).expect("a limit");
        assert_eq!(prlimit(Pid(0), Resource(libc::RLIMIT_NOFILE), None), Ok(first));
    }
}
