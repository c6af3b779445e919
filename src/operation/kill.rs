//! Sending signals; see kill(2), signal(7).

use super::argument::Pid;
use super::entry::call;
use super::siginfo::{SiCode, Siginfo};
use super::{Family, kernel};
use crate::value::Signal;

/// Sending signals.
pub static FAMILY: Family = Family {
    name: "kill",
    title: "Sending signals",
    summary: "Who has the same user id, or CAP_KILL in the user namespace of the other, may signal it. The first process of a pid namespace \
        gets from inside only what it has a handler for; from outside SIGKILL and SIGSTOP always reach it, and its end is the end of \
        all that are in the namespace.",
    calls: &[&KILL, &KILLPG, &TGKILL, &TKILL, &RAISE, &SIGQUEUE, &RT_SIGQUEUEINFO, &RT_TGSIGQUEUEINFO],
    constants: &[&SiCode::GROUP],
    structs: &[&Siginfo::STRUCTURE],
};

call! {
    /// Sends a signal to a process, or to several.
    ///
    /// A pid above 0 is that process; 0 the caller's process group; -1 all that the caller may signal but pid 1; -pgid that group.
    /// Signal 0 sends nothing and only asks whether it could be sent.
    fn kill(pid: Pid, sig: Signal) -> () {
        // SAFETY: kill(2) takes integers only.
        kernel(|| unsafe { libc::kill(pid.0, sig.0) })?;
        Ok(())
    }
    const KILL: "kill(2)";
    traits: [];
    touches: [writes signalled(pid)];
    blocks: "never";
    errors: {
        ESRCH: "no such process or group in the caller's pid namespace; a zombie still counts as one",
        EPERM: "the caller may signal none of them",
        EINVAL: "no signal has this number: below 0, or above 64",
    };
    example: "a: child = fork()
a: kill(child, SIGKILL)
child: dies SIGKILL
a: kill(child, 0)        # a zombie can still be signalled
a: waitpid(child)        -> killed(SIGKILL)
a: kill(child, 0)        -> ESRCH";
}

call! {
    /// Sends a signal to a process group; 0 stands for the caller's own.
    fn killpg(pgrp: Pid, sig: Signal) -> () {
        // SAFETY: killpg(3) takes integers only.
        kernel(|| unsafe { libc::killpg(pgrp.0, sig.0) })?;
        Ok(())
    }
    const KILLPG: "killpg(3)";
    traits: [];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        ESRCH: "no such process group",
        EPERM: "the caller may signal none of its members",
        EINVAL: "no such signal, or the group is negative",
    };
    example: "a: child = fork()
child: setpgid(0, 0)
a: killpg(child, SIGTERM)
child: dies SIGTERM";
}

call! {
    /// Sends a signal to one thread of a process.
    fn tgkill(tgid: Pid, tid: Pid, sig: Signal) -> () {
        // SAFETY: tgkill(2) takes integers only.
        kernel(|| unsafe { libc::syscall(libc::SYS_tgkill, tgid.0, tid.0, sig.0) })?;
        Ok(())
    }
    const TGKILL: "tgkill(2)";
    traits: [];
    touches: [writes signalled(tgid)];
    blocks: "never";
    errors: {
        ESRCH: "the process has no such thread",
        EPERM: "the caller may not signal it",
        EINVAL: "no such signal, or an id that is not above 0",
        EAGAIN: "a real-time signal, and RLIMIT_SIGPENDING is reached",
    };
    example: "a: child = fork()
a: tgkill(child, child, SIGTERM)
child: dies SIGTERM";
}

call! {
    /// Sends a signal to the thread with this id; `tgkill` also says of which process, so that no other can be hit.
    fn tkill(tid: Pid, sig: Signal) -> () {
        // SAFETY: tkill(2) takes integers only.
        kernel(|| unsafe { libc::syscall(libc::SYS_tkill, tid.0, sig.0) })?;
        Ok(())
    }
    const TKILL: "tkill(2)";
    traits: [];
    touches: [writes signalled(tid)];
    blocks: "never";
    errors: {
        ESRCH: "no such thread in the caller's pid namespace",
        EPERM: "the caller may not signal it",
        EINVAL: "no such signal, or an id that is not above 0",
        EAGAIN: "a real-time signal, and RLIMIT_SIGPENDING is reached",
    };
    example: "a: child = fork()
a: tkill(child, SIGTERM)
child: dies SIGTERM
a: tkill(0, SIGTERM)    -> EINVAL";
}

call! {
    /// Sends a signal to the caller itself, and returns when its handler has run.
    fn raise(sig: Signal) -> () {
        // SAFETY: raise(3) takes an integer.
        kernel(|| match unsafe { libc::raise(sig.0) } {
            0 => 0,
            _ => -1,
        })?;
        Ok(())
    }
    const RAISE: "raise(3)";
    traits: [];
    touches: [writes signalled, writes process];
    blocks: "never";
    errors: { EINVAL: "no signal has this number: below 0, or above 64" };
    example: "a: signal(SIGUSR1, do { write(1, \"caught\\n\") })
a: raise(SIGUSR1)
a: caught()        -> [SIGUSR1]
expect output(a) == \"caught\\n\"
a: raise(SIGTERM)  -> dies SIGTERM";
}

call! {
    /// Sends a signal with a number that `sigwaitinfo` gives as `si_value`.
    fn sigqueue(pid: Pid, sig: Signal, value: i32 = 0) -> () {
        let value = libc::sigval { sival_ptr: std::ptr::without_provenance_mut(value.cast_unsigned() as usize) };
        // SAFETY: sigqueue(3) takes integers, and a value that nobody follows as a pointer.
        kernel(|| unsafe { libc::sigqueue(pid.0, sig.0, value) })?;
        Ok(())
    }
    const SIGQUEUE: "sigqueue(3)";
    traits: [];
    touches: [writes signalled(pid), writes process];
    blocks: "never";
    errors: {
        EAGAIN: "RLIMIT_SIGPENDING signals are waiting already",
        EINVAL: "no signal has this number: below 0, or above 64",
        EPERM: "the caller may not signal it",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "actor b
a: sigprocmask(SIG_BLOCK, [SIGRTMIN])
b: sigqueue(a, SIGRTMIN, 1)
b: sigqueue(a, SIGRTMIN, 2)
a: sigwaitinfo([SIGRTMIN]) -> {si_code: SI_QUEUE, si_pid: b, si_value: 1}
a: sigwaitinfo([SIGRTMIN]) -> {si_value: 2}";
}

call! {
    /// Sends a signal with a siginfo that the caller fills in: the system call under `sigqueue`.
    ///
    /// The receiver believes `si_pid` and `si_uid`. To keep the kernel's own word apart, an `si_code` of 0 and above, or SI_TKILL, is
    /// allowed only to oneself.
    fn rt_sigqueueinfo(tgid: Pid, sig: Signal, info: Siginfo) -> () {
        let info = info.written();
        // SAFETY: rt_sigqueueinfo(2) reads `info`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_rt_sigqueueinfo, tgid.0, sig.0, &raw const info) })?;
        Ok(())
    }
    const RT_SIGQUEUEINFO: "rt_sigqueueinfo(2)";
    traits: [];
    touches: [writes signalled(tgid), writes process];
    blocks: "never";
    errors: {
        EAGAIN: "RLIMIT_SIGPENDING signals are waiting already",
        EINVAL: "no signal has this number: below 0, or above 64",
        EPERM: "the caller may not signal it; or to another process, with the si_code of the kernel, of kill or of tgkill",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "actor b
a: sigprocmask(SIG_BLOCK, [SIGUSR1])
b: rt_sigqueueinfo(a, SIGUSR1, {si_code: SI_QUEUE, si_pid: 1, si_value: 7})
a: sigwaitinfo([SIGUSR1])                        -> {si_code: SI_QUEUE, si_pid: 1, si_value: 7}
b: rt_sigqueueinfo(a, SIGUSR1, {si_code: SI_USER}) -> EPERM";
}

call! {
    /// Like `rt_sigqueueinfo`, for one thread of a process.
    fn rt_tgsigqueueinfo(tgid: Pid, tid: Pid, sig: Signal, info: Siginfo) -> () {
        let info = info.written();
        // SAFETY: rt_tgsigqueueinfo(2) reads `info`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_rt_tgsigqueueinfo, tgid.0, tid.0, sig.0, &raw const info) })?;
        Ok(())
    }
    const RT_TGSIGQUEUEINFO: "rt_tgsigqueueinfo(2)";
    traits: [];
    touches: [writes signalled(tgid), writes process];
    blocks: "never";
    errors: {
        EAGAIN: "RLIMIT_SIGPENDING signals are waiting already",
        EINVAL: "no such signal, or an id that is not above 0",
        EPERM: "the caller may not signal it; or to another process, with the si_code of the kernel, of kill or of tgkill",
        ESRCH: "the process has no such thread",
    };
    example: "actor b
a: sigprocmask(SIG_BLOCK, [SIGRTMIN])
b: rt_tgsigqueueinfo(a, a, SIGRTMIN, {si_code: SI_QUEUE, si_pid: b, si_value: 7})
a: sigwaitinfo([SIGRTMIN])  -> {si_pid: b, si_value: 7}";
}
