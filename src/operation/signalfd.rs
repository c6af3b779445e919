//! Signals read from a descriptor; see signalfd(2).

use super::argument::{Fd, Id, Pid, Signals};
use super::entry::{call, constants, structure};
use super::siginfo::SiCode;
use super::{Family, handler, kernel};
use crate::value::Signal;

/// Signals read from a descriptor.
pub static FAMILY: Family = Family {
    name: "signalfd",
    title: "Signals read from a descriptor",
    summary: "A signal that is blocked stays pending until it is let in; a signalfd takes pending signals of a set away, and gives each as a record: \
        `read(fd, signalfd_siginfo)`. Without `sigprocmask` first, the signal does what it always does, and the descriptor stays empty. \
        It shows the signals of whoever reads it, not of whoever made it.",
    calls: &[&SIGNALFD],
    constants: &[&SignalfdFlags::GROUP, &SiCode::GROUP],
    structs: &[&SignalfdSiginfo::STRUCTURE],
};

constants! {
    /// flags of signalfd
    flags SignalfdFlags(i32) {
        SFD_CLOEXEC, "execve closes the descriptor";
        SFD_NONBLOCK, "reading does not wait";
    }
}

structure! {
    /// A signal that was taken, with its cause; which fields hold something depends on the code, as in siginfo_t.
    SignalfdSiginfo = "signalfd_siginfo" {
        ssi_signo: Signal, ssi_errno: i32, ssi_code: SiCode, ssi_pid: Pid, ssi_uid: Id, ssi_fd: Fd, ssi_tid: u32, ssi_band: u32,
        ssi_overrun: u32, ssi_trapno: u32, ssi_status: i32, ssi_int: i32, ssi_ptr: u64, ssi_utime: u64, ssi_stime: u64,
        ssi_addr: u64, ssi_addr_lsb: u16, ssi_syscall: i32, ssi_call_addr: u64, ssi_arch: u32
    }
}

call! {
    /// Makes a descriptor that gives the signals of a set, or with `fd` changes the set of one.
    ///
    /// `fd` -1 makes a new one. SIGKILL and SIGSTOP in the set are passed over.
    fn signalfd(fd: Fd, mask: Signals, flags: SignalfdFlags = 0) -> Fd {
        let mask = handler::bits(&mask.0)?;
        let set = &raw const mask;
        // SAFETY: signalfd4(2) reads a set of eight bytes, which outlives the call.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_signalfd4, fd.0, set, size_of::<u64>(), flags.0) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(-1)))
    }
    const SIGNALFD: "signalfd(2)";
    traits: [Local];
    blocks: "never; reading it does while none of its signals is pending";
    errors: {
        EBADF: "fd is not a descriptor of this process",
        EINVAL: "fd is no signalfd, or an unknown flag, or no such signal",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENODEV: "the kernel could not mount its anonymous file system",
        ENOMEM: "no memory for another one",
    };
    example: "actor b
a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: s = signalfd(-1, [SIGUSR1])
a: read(s, signalfd_siginfo) -> blocks
b: kill(a, SIGUSR1)
a: resumes                   -> {ssi_signo: SIGUSR1, ssi_code: SI_USER, ssi_pid: b}";
}

/// The record in what read(2) gave; `None` where it is not whole. The offsets are those of struct signalfd_siginfo.
pub fn record(bytes: &[u8]) -> Option<SignalfdSiginfo> {
    if bytes.len() < size_of::<libc::signalfd_siginfo>() {
        return None;
    }
    let short = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes);
    let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    let wide = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_ne_bytes);
    let int = |at: usize| word(at).map(u32::cast_signed);
    Some(SignalfdSiginfo {
        ssi_signo: Signal(int(0)?),
        ssi_errno: int(4)?,
        ssi_code: SiCode(int(8)?),
        ssi_pid: Pid(int(12)?),
        ssi_uid: Id(i64::from(word(16)?)),
        ssi_fd: Fd(int(20)?),
        ssi_tid: word(24)?,
        ssi_band: word(28)?,
        ssi_overrun: word(32)?,
        ssi_trapno: word(36)?,
        ssi_status: int(40)?,
        ssi_int: int(44)?,
        ssi_ptr: wide(48)?,
        ssi_utime: wide(56)?,
        ssi_stime: wide(64)?,
        ssi_addr: wide(72)?,
        ssi_addr_lsb: short(80)?,
        ssi_syscall: int(84)?,
        ssi_call_addr: wide(88)?,
        ssi_arch: word(96)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_where_the_kernel_put_it() {
        let mut bytes = [0u8; 128];
        bytes[..4].copy_from_slice(&10u32.to_ne_bytes());
        bytes[12..16].copy_from_slice(&7u32.to_ne_bytes());
        bytes[44..48].copy_from_slice(&(-3i32).to_ne_bytes());
        bytes[96..100].copy_from_slice(&62u32.to_ne_bytes());
        let read = record(&bytes).expect("whole");
        assert_eq!((read.ssi_signo, read.ssi_pid, read.ssi_int, read.ssi_arch), (Signal(10), Pid(7), -3, 62));
        assert_eq!(record(&bytes[..100]), None);
    }
}
