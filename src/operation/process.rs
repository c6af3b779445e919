//! Processes: how they begin, and by which ids they and their groups are known; see fork(2), credentials(7).

use super::argument::Pid;
use super::entry::call;
use super::{Failure, Family, handler, kernel, thread};

/// Processes.
pub static FAMILY: Family = Family {
    name: "process",
    title: "Processes",
    summary: "`fork` makes a copy of its caller: the copy has its own memory, descriptors, namespaces and credentials, the same as its \
        parent's at that moment, and its own from then on. Each process belongs to a process group, and each group to a session; both \
        are inherited, and known by the pid of their leader.",
    calls: &[&FORK, &GETPID, &GETPPID, &GETTID, &GETPGRP, &GETPGID, &SETPGID, &SETPGRP, &GETSID, &SETSID],
    constants: &[],
    structs: &[],
};

call! {
    /// Makes a child: a copy of the calling process.
    ///
    /// In a script the result is a new actor: `father: child = fork()`. As a value it is the pid that the parent got.
    fn fork() -> Pid {
        // SAFETY: other threads of the process are parked or in a system call, so that the child's copy of its memory is whole.
        born(kernel(|| unsafe { libc::fork() })?)
    }
    const FORK: "fork(2)";
    traits: [Forks];
    blocks: "never";
    errors: {
        EAGAIN: "RLIMIT_NPROC, or a pids cgroup, allows no further process",
        ENOMEM: "no memory, or the init process of the pid namespace for children has ended",
        ENOSYS: "not supported on this machine",
    };
    example: "a: child = fork()
child: getppid()   -> a
child: exit(3)
a: waitpid(child)  -> exited(3)";
}

/// Getters of ids that differ in name only. The system call is made directly: the C library takes it for one that cannot fail, and
/// loses what a seccomp filter answers.
macro_rules! pid_call {
    ($entry:ident $name:ident $call:expr, $man:literal $summary:literal $example:literal) => {
        call! {
            #[doc = $summary]
            fn $name() -> Pid {
                // SAFETY: the call takes nothing but, for one of them, an integer.
                let id = kernel(|| unsafe { libc::syscall($call, 0) })?;
                Ok(Pid(i32::try_from(id).unwrap_or(i32::MAX)))
            }
            const $entry: $man;
            traits: [Local, ReadOnly];
            touches: [];
            blocks: "never";
            errors: {};
            example: $example;
        }
    };
}

pid_call!(GETPID getpid libc::SYS_getpid, "getpid(2)"
    " Gives the caller's pid, as its own pid namespace counts."
    "a: getpid() -> a");
pid_call!(GETPPID getppid libc::SYS_getppid, "getppid(2)"
    " Gives the pid of the caller's parent; 0 when the parent stands outside the caller's pid namespace."
    "a: child = fork()
child: getppid() -> a");
pid_call!(GETTID gettid libc::SYS_gettid, "gettid(2)"
    " Gives the caller's thread id; that of the first thread is the pid."
    "a: gettid() -> a");
pid_call!(GETPGRP getpgrp GETPGRP_CALL, "getpgrp(2)"
    " Gives the caller's process group."
    "a: child = fork()
child: setpgid(0, 0)
child: getpgrp() -> child");

call! {
    /// Gives the process group of a process; 0 stands for the caller.
    fn getpgid(pid: Pid = 0) -> Pid {
        // SAFETY: getpgid(2) takes an integer.
        Ok(kernel(|| unsafe { libc::getpgid(pid.0) }).map(Pid)?)
    }
    const GETPGID: "getpgid(2)";
    traits: [Local, ReadOnly];
    touches: [reads process(pid)];
    blocks: "never";
    errors: { ESRCH: "no such process in the caller's pid namespace" };
    example: "a: child = fork()
a: setpgid(child, child)
a: getpgid(child) -> child";
}

call! {
    /// Moves a process into a process group, or makes it the leader of a new one: 0 stands for the caller, and for its own pid.
    fn setpgid(pid: Pid = 0, pgid: Pid = 0) -> () {
        // SAFETY: setpgid(2) takes integers only.
        kernel(|| unsafe { libc::setpgid(pid.0, pgid.0) })?;
        Ok(())
    }
    const SETPGID: "setpgid(2)";
    traits: [Local];
    touches: [writes process];
    blocks: "never";
    errors: {
        EACCES: "the child has executed a program already",
        EINVAL: "pgid is negative",
        EPERM: "the process leads a session, or the group is in another session",
        ESRCH: "the process is neither the caller nor a child of it",
    };
    example: "a: child = fork()
child: setpgid(0, 0)
child: getpgid(0) -> child";
}

call! {
    /// Makes the caller the leader of a group of its own: `setpgid(0, 0)`.
    fn setpgrp() -> () {
        setpgid(Pid(0), Pid(0))
    }
    const SETPGRP: "setpgrp(2)";
    traits: [Local];
    touches: [writes process];
    blocks: "never";
    errors: { EPERM: "the caller leads a session" };
    example: "a: child = fork()
child: setpgrp()
child: getpgrp()    -> child";
}

call! {
    /// Gives the session of a process; 0 stands for the caller.
    fn getsid(pid: Pid = 0) -> Pid {
        // SAFETY: getsid(2) takes an integer.
        Ok(kernel(|| unsafe { libc::getsid(pid.0) }).map(Pid)?)
    }
    const GETSID: "getsid(2)";
    traits: [Local, ReadOnly];
    touches: [reads process(pid)];
    blocks: "never";
    errors: { ESRCH: "no such process in the caller's pid namespace" };
    example: "a: child = fork()
child: setsid()
a: getsid(child) -> child";
}

call! {
    /// Makes a new session and a new process group in it; the caller leads both, and has no terminal.
    fn setsid() -> Pid {
        // SAFETY: setsid(2) takes nothing.
        Ok(kernel(|| unsafe { libc::setsid() }).map(Pid)?)
    }
    const SETSID: "setsid(2)";
    traits: [Local];
    touches: [writes process];
    blocks: "never";
    errors: { EPERM: "the caller leads a process group already" };
    example: "a: child = fork()
child: setsid() -> child
child: setsid() -> EPERM";
}

// Newer architectures have getpgid alone.
#[cfg(target_arch = "x86_64")]
const GETPGRP_CALL: libc::c_long = libc::SYS_getpgrp;
#[cfg(not(target_arch = "x86_64"))]
const GETPGRP_CALL: libc::c_long = libc::SYS_getpgid;

/// The two sides of a fork: in the child, nothing that happened to its parent counts as its own.
pub(super) fn born(pid: i32) -> Result<Pid, Failure> {
    if pid == 0 {
        handler::forget_caught();
        thread::forget_all();
    }
    Ok(Pid(pid))
}
