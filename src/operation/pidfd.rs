//! Descriptors that refer to processes; see pidfd_open(2).

use super::argument::{Fd, Pid};
use super::entry::{call, constants};
use super::siginfo::{SiCode, Siginfo};
use super::{Family, kernel};
use crate::value::Signal;
use std::ptr::{from_ref, null};

/// Descriptors of processes.
pub static FAMILY: Family = Family {
    name: "pidfd",
    title: "Descriptors of processes",
    summary: "A pid is a number that another process may have tomorrow. A pidfd refers to one process for good: it can be waited for \
        (`waitid` with P_PIDFD), signalled, entered (`setns`), polled (it is readable once the process has ended), and handed over a \
        socket like any other descriptor.",
    calls: &[&PIDFD_OPEN, &PIDFD_SEND_SIGNAL, &PIDFD_GETFD],
    constants: &[&PidfdFlags::GROUP, &PidfdSignalFlags::GROUP, &SiCode::GROUP],
    structs: &[&Siginfo::STRUCTURE],
};

constants! {
    /// flags of pidfd_open
    flags PidfdFlags(u32) {
        PIDFD_NONBLOCK, "waitid on it does not wait";
        PIDFD_THREAD, "a thread that does not lead its process will do";
    }
    /// flags of pidfd_send_signal
    flags PidfdSignalFlags(u32) {
        PIDFD_SIGNAL_THREAD, "to the thread alone; Linux 6.9";
        PIDFD_SIGNAL_THREAD_GROUP, "to the process; Linux 6.9";
        PIDFD_SIGNAL_PROCESS_GROUP, "to the process group that it leads; Linux 6.9";
    }
}

call! {
    /// Gives a descriptor that refers to a process; it is readable when the process has ended.
    fn pidfd_open(pid: Pid, flags: PidfdFlags = 0) -> Fd {
        // SAFETY: pidfd_open(2) takes integers only.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_pidfd_open, pid.0, flags.0) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(i32::MAX)))
    }
    const PIDFD_OPEN: "pidfd_open(2)";
    since: "5.3";
    traits: [Local];
    blocks: "never";
    errors: {
        EINVAL: "unknown flags, or a pid that is not above 0",
        ENOENT: "the pid is that of a thread which does not lead its process, on newer kernels",
        ESRCH: "no such process in the caller's pid namespace",
        EMFILE: "the process has no room for another descriptor",
    };
    example: "a: child = fork()
a: p = pidfd_open(child)
a: waitid(P_PIDFD, p, WEXITED | WNOHANG) -> {si_pid: 0}
child: exit(0)
a: waitid(P_PIDFD, p, WEXITED)           -> {si_pid: child, si_code: CLD_EXITED}";
}

call! {
    /// Sends a signal to the process that a pidfd refers to; no other can have taken its pid meanwhile.
    ///
    /// With `info` the receiver gets what is written there, as with `rt_sigqueueinfo`.
    fn pidfd_send_signal(pidfd: Fd, sig: Signal, info: Option<Siginfo> = 0, flags: PidfdSignalFlags = 0) -> () {
        let info = info.map(|info| info.written());
        let info = info.as_ref().map_or(null(), from_ref);
        // SAFETY: pidfd_send_signal(2) reads a siginfo that outlives the call, or none.
        kernel(|| unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.0, sig.0, info, flags.0) })?;
        Ok(())
    }
    const PIDFD_SEND_SIGNAL: "pidfd_send_signal(2)";
    since: "5.1";
    traits: [];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EBADF: "the descriptor is no pidfd",
        EINVAL: "no such signal, unknown flags, si_signo is not the signal, or the process is not in the caller's pid namespace",
        EPERM: "the caller may not signal it; or to another process, with an si_code that only the kernel, or kill and tgkill, may give",
        ESRCH: "the process has ended and its status was taken",
    };
    example: "a: child = fork()
a: p = pidfd_open(child)
a: pidfd_send_signal(p, SIGKILL)
child: dies SIGKILL
a: waitpid(child)                -> killed(SIGKILL)
a: pidfd_send_signal(p, SIGKILL) -> ESRCH";
}

call! {
    /// Gives a copy of a descriptor of another process: both refer to one open file description.
    ///
    /// The caller needs the right to trace the process. The copy has FD_CLOEXEC set.
    fn pidfd_getfd(pidfd: Fd, targetfd: i32, flags: u32 = 0) -> Fd {
        // SAFETY: pidfd_getfd(2) takes integers only.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_pidfd_getfd, pidfd.0, targetfd, flags) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(i32::MAX)))
    }
    const PIDFD_GETFD: "pidfd_getfd(2)";
    since: "5.6";
    traits: [Local];
    blocks: "never";
    errors: {
        EBADF: "the first is no pidfd, or the process has no such descriptor",
        EINVAL: "flags is not 0",
        EMFILE: "the caller has no room for another descriptor",
        ENFILE: "the system has no room for another open file",
        EPERM: "the caller may not trace the process; see ptrace(2)",
        ESRCH: "the process has ended",
    };
    example: "actor b
b: [r, w] = pipe()
a: p = pidfd_open(b)
a: copy = pidfd_getfd(p, w)
a: write(copy, \"from outside\")
b: read(r, 64)          -> \"from outside\"
a: pidfd_getfd(p, 99)   -> EBADF";
}
