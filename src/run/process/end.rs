//! Whether a process has ended, and how; see waitid(2), pidfd_open(2).

use super::{EXITING, Process, parse_stat, read_at_start};
use crate::run::sight::Sight;
use crate::value::{Errno, Signal, Status};

impl Process {
    /// Whether it has ended. Of a process all threads must have: the pidfd tells, and one waitid is the barrier behind which the end
    /// is complete. A thread is nowhere to be found when its end is complete.
    pub fn ended(&self) -> bool {
        if !self.leads() {
            let mut buffer = [0u8; 8];
            return self.stat(&mut buffer).is_none();
        }
        let mut poll = libc::pollfd { fd: self.pidfd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: poll(2) reads and fills one pollfd.
        let ready = unsafe { libc::poll(&raw mut poll, 1, 0) };
        if ready != 1 {
            return false;
        }
        // SAFETY: siginfo_t is plain data, for which zero is a value.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        let id = self.pidfd().cast_unsigned();
        // SAFETY: waitid(2) fills a local siginfo_t. A process that is no child of ours gives ECHILD, which is no matter.
        unsafe { libc::waitid(libc::P_PIDFD, id, &raw mut info, options) };
        true
    }

    /// How it ended: as a child's end is told to its parent; else from its zombie; else, when somebody reaped it, from what the kernel
    /// keeps with the pidfd. A zombie that was not dumpable shows 0 for a status, so the order matters.
    pub fn status(&self) -> Option<Status> {
        if !self.leads() {
            return self.kept_status();
        }
        let mut buffer = [0u8; 1024];
        let hidden = || {
            let mut buffer = [0u8; 8];
            let refused = |file| read_at_start(file, &mut buffer).is_none() && Errno::last() == Errno::EPERM;
            let hides = || self.files().is_none_or(|files| files.syscall.as_ref().is_none_or(refused));
            // Where files are opened late, that of a zombie's call is refused, too.
            self.sight == Sight::Files && hides()
        };
        let zombie = || self.stat(&mut buffer).and_then(|text| text.rsplit(' ').next()?.trim().parse::<i32>().ok());
        let known = self.childs_status().or_else(|| self.kept_status());
        let known = known.or_else(|| (!hidden()).then(zombie)?.map(decode));
        // Its parent may have reaped it just after the pidfd was asked: then the zombie is gone, and the pidfd knows.
        known.or_else(|| self.kept_status())
    }

    /// Whether it has ended, or is about to.
    pub fn leaves(&self) -> bool {
        let mut buffer = [0u8; 512];
        let flags = self.stat(&mut buffer).and_then(parse_stat).map(|(_, flags)| flags);
        flags.is_none_or(|flags| flags & EXITING != 0)
    }

    /// waitid(2), which leaves the zombie where it is.
    fn childs_status(&self) -> Option<Status> {
        // SAFETY: siginfo_t is plain data, for which zero is a value.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        let id = self.pidfd().cast_unsigned();
        // SAFETY: waitid(2) fills a local siginfo_t.
        let done = unsafe { libc::waitid(libc::P_PIDFD, id, &raw mut info, options) };
        if done != 0 || info.si_signo != libc::SIGCHLD {
            return None;
        }
        // SAFETY: the kernel has filled the fields of a SIGCHLD.
        let status = unsafe { info.si_status() };
        Some(if info.si_code == libc::CLD_EXITED { Status::Exited(status) } else { Status::Killed(Signal(status)) })
    }

    /// Asks the pidfd; Linux 6.15 and later know.
    fn kept_status(&self) -> Option<Status> {
        /// `struct pidfd_info` of linux/pidfd.h, first version.
        #[repr(C)]
        #[derive(Default)]
        struct PidfdInfo {
            mask: u64,
            cgroupid: u64,
            ids: [u32; 11],
            exit_code: i32,
        }
        const PIDFD_INFO_EXIT: u64 = 1 << 3;
        /// `_IOWR(0xFF, 11, struct pidfd_info)`
        const PIDFD_GET_INFO: libc::c_ulong = 0xc000_ff0b | ((size_of::<PidfdInfo>() as libc::c_ulong) << 16);
        let mut info = PidfdInfo { mask: PIDFD_INFO_EXIT, ..PidfdInfo::default() };
        // SAFETY: the ioctl fills a structure whose size its number tells.
        let done = unsafe { libc::ioctl(self.pidfd(), PIDFD_GET_INFO, &raw mut info) };
        (done == 0 && info.mask & PIDFD_INFO_EXIT != 0).then(|| decode(info.exit_code))
    }
}

/// A wait status word; see wait(2).
fn decode(word: i32) -> Status {
    if libc::WIFSIGNALED(word) { Status::Killed(Signal(libc::WTERMSIG(word))) } else { Status::Exited(libc::WEXITSTATUS(word)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_word_says_how_somebody_ended() {
        assert_eq!(decode(9), Status::Killed(Signal(9)));
        assert_eq!(decode(3 << 8), Status::Exited(3));
    }
}
