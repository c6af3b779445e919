//! Sending signals; see kill(2), signal(7).

use super::argument::{Fd, Pid};
use super::entry::call;
use super::{Family, kernel};
use crate::value::Signal;

/// Sending signals.
pub static FAMILY: Family = Family {
    name: "kill",
    title: "Sending signals",
    summary: "Who has the same user id, or CAP_KILL in the user namespace of the other, may signal it. The first process of a pid namespace \
        gets from inside only what it has a handler for; from outside SIGKILL and SIGSTOP always reach it, and its end is the end of \
        all that are in the namespace.",
    calls: &[&KILL, &KILLPG, &TGKILL, &RAISE, &SIGQUEUE, &PIDFD_SEND_SIGNAL],
    constants: &[],
    structs: &[],
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
    blocks: "never";
    errors: {
        ESRCH: "no such process or group in the caller's pid namespace; a zombie still counts as one",
        EPERM: "the caller may signal none of them",
        EINVAL: "no such signal",
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
    blocks: "never";
    errors: { EINVAL: "no such signal" };
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
    blocks: "never";
    errors: {
        EAGAIN: "RLIMIT_SIGPENDING signals are waiting already",
        EINVAL: "no such signal",
        EPERM: "the caller may not signal it",
        ESRCH: "no such process",
    };
    example: "actor b
a: sigprocmask(SIG_BLOCK, [SIGRTMIN])
b: sigqueue(a, SIGRTMIN, 1)
b: sigqueue(a, SIGRTMIN, 2)
a: sigwaitinfo([SIGRTMIN]) -> {si_code: SI_QUEUE, si_pid: b, si_value: 1}
a: sigwaitinfo([SIGRTMIN]) -> {si_value: 2}";
}

call! {
    /// Sends a signal to the process that a pidfd refers to; no other can have taken its pid meanwhile.
    fn pidfd_send_signal(pidfd: Fd, sig: Signal) -> () {
        // SAFETY: without a siginfo, pidfd_send_signal(2) takes integers only.
        kernel(|| unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.0, sig.0, 0usize, 0u32) })?;
        Ok(())
    }
    const PIDFD_SEND_SIGNAL: "pidfd_send_signal(2)";
    since: "5.1";
    traits: [];
    blocks: "never";
    errors: {
        EBADF: "the descriptor is no pidfd",
        EINVAL: "no such signal, or the process is not in the caller's pid namespace",
        EPERM: "the caller may not signal it",
        ESRCH: "the process has ended and its status was taken",
    };
    example: "a: child = fork()
a: p = pidfd_open(child)
a: pidfd_send_signal(p, SIGKILL)
child: dies SIGKILL
a: waitpid(child)                -> killed(SIGKILL)
a: pidfd_send_signal(p, SIGKILL) -> ESRCH";
}
