//! What the kernel tells of a signal, for `waitid` and `sigwaitinfo`; see siginfo in sigaction(2).

use super::argument::{Id, Pid};
use super::entry::{constants, structure};
use crate::value::Signal;

constants! {
    /// why a signal was sent
    choice SiCode(i32) {
        CLD_EXITED, "a child ended by itself";
        CLD_KILLED, "a child was killed by a signal";
        CLD_DUMPED, "a child was killed by a signal, and left a core";
        CLD_TRAPPED, "a traced child has trapped";
        CLD_STOPPED, "a child was stopped";
        CLD_CONTINUED, "a stopped child goes on";
        SI_USER, "kill";
        SI_KERNEL, "the kernel";
        SI_QUEUE, "sigqueue";
        SI_TIMER, "a POSIX timer";
        SI_MESGQ, "a message came to an empty POSIX queue: mq_notify";
        SI_ASYNCIO, "asynchronous input or output is done";
        SI_SIGIO, "a descriptor is ready: O_ASYNC";
        SI_TKILL, "tgkill or raise";
    }
}

structure! {
    /// A signal with its cause. `si_status` is the exit status or the signal of a child, `si_value` what `sigqueue` was given.
    Siginfo = "siginfo_t" { si_signo: Signal, si_errno: i32, si_code: SiCode, si_pid: Pid, si_uid: Id, si_status: i32, si_value: i32 }
}

impl Siginfo {
    /// As the kernel fills it; which fields of the union hold something depends on the code.
    pub fn read(info: &libc::siginfo_t) -> Self {
        let (si_status, si_value) = match info.si_code {
            // SAFETY: the kernel has filled these fields for the codes of SIGCHLD.
            libc::CLD_EXITED..=libc::CLD_CONTINUED if info.si_signo == libc::SIGCHLD => (unsafe { info.si_status() }, 0),
            libc::SI_QUEUE | libc::SI_MESGQ | libc::SI_TIMER => {
                // SAFETY: the kernel has filled the value for these codes.
                let value = unsafe { info.si_value() };
                // In C the value is a union of an int and a pointer; its low half is the int on the machines supported here.
                (0, value.sival_ptr.addr() as u32 as i32)
            }
            _ => (0, 0),
        };
        // SAFETY: where the kernel fills no pid, the field is zero in a structure that was zeroed before.
        let pid = unsafe { info.si_pid() };
        // SAFETY: as above, for the user id.
        let uid = unsafe { info.si_uid() };
        Self {
            si_signo: Signal(info.si_signo),
            si_errno: info.si_errno,
            si_code: SiCode(info.si_code),
            si_pid: Pid(pid),
            si_uid: Id(i64::from(uid)),
            si_status,
            si_value,
        }
    }

    /// A structure for the kernel to fill.
    pub fn blank() -> libc::siginfo_t {
        // SAFETY: siginfo_t is plain integers and pointers, for which zero is a value.
        unsafe { std::mem::zeroed() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_ended_carries_its_status_and_no_value() {
        let mut info = Siginfo::blank();
        info.si_signo = libc::SIGCHLD;
        info.si_code = libc::CLD_EXITED;
        // The union of the kernel stands at byte 16: pid, uid, then status or value.
        let words = (&raw mut info).cast::<i32>();
        for (at, word) in [(4, 7), (5, 1000), (6, 3)] {
            // SAFETY: siginfo_t is 128 bytes, so word 6 is inside.
            let place = unsafe { words.add(at) };
            // SAFETY: the place is inside `info`, and aligned for an int.
            unsafe { place.write(word) };
        }
        let read = Siginfo::read(&info);
        assert_eq!((read.si_pid, read.si_uid, read.si_status, read.si_value), (Pid(7), Id(1000), 3, 0));
        info.si_signo = libc::SIGUSR1;
        info.si_code = libc::SI_QUEUE;
        let read = Siginfo::read(&info);
        assert_eq!((read.si_status, read.si_value), (0, 3));
    }
}
