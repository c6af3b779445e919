//! What the kernel tells of a signal, for `waitid` and `sigwaitinfo`; see siginfo in sigaction(2).

use super::argument::{Address, Fd, Id, Pid};
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
        SEGV_MAPERR = 1, "SIGSEGV: nothing is mapped at the address";
        SEGV_ACCERR = 2, "SIGSEGV: the mapping does not allow this access";
        BUS_ADRALN = 1, "SIGBUS: the address is not aligned";
        BUS_ADRERR = 2, "SIGBUS: nothing is behind the address, as beyond the end of a mapped file";
        ILL_ILLOPN = 2, "SIGILL: an illegal operand";
        FPE_INTDIV = 1, "SIGFPE: an integer was divided by 0";
        FPE_INTOVF = 2, "SIGFPE: an integer became too large";
        FPE_FLTDIV = 3, "SIGFPE: a floating-point number was divided by 0";
        FPE_FLTOVF = 4, "SIGFPE: a floating-point number became too large";
        FPE_FLTUND = 5, "SIGFPE: a floating-point number became too small";
        FPE_FLTRES = 6, "SIGFPE: a floating-point result is not exact";
        FPE_FLTINV = 7, "SIGFPE: an operation that floating-point numbers do not have";
        FPE_FLTSUB = 8, "SIGFPE: an index out of range";
        FPE_FLTUNK = 14, "SIGFPE: nobody knows which";
        FPE_CONDTRAP = 15, "SIGFPE: a trap on a condition";
        ILL_ILLOPC = 1, "SIGILL: an illegal instruction";
        ILL_ILLADR = 3, "SIGILL: an illegal way to address";
        ILL_ILLTRP = 4, "SIGILL: an illegal trap";
        ILL_PRVOPC = 5, "SIGILL: an instruction for the kernel alone";
        ILL_PRVREG = 6, "SIGILL: a register for the kernel alone";
        ILL_COPROC = 7, "SIGILL: an error of a coprocessor";
        ILL_BADSTK = 8, "SIGILL: an error of the stack inside";
        ILL_BADIADDR = 9, "SIGILL: no instruction at the address";
        SEGV_BNDERR = 3, "SIGSEGV: a bound was not kept";
        SEGV_PKUERR = 4, "SIGSEGV: the protection key of the memory forbids it";
        SEGV_ACCADI = 5, "SIGSEGV: ADI is not switched on there (SPARC)";
        SEGV_ADIDERR = 6, "SIGSEGV: an ADI mismatch, told late (SPARC)";
        SEGV_ADIPERR = 7, "SIGSEGV: an ADI mismatch, told at once (SPARC)";
        SEGV_MTEAERR = 8, "SIGSEGV: a memory tag does not fit, told late (ARM)";
        SEGV_MTESERR = 9, "SIGSEGV: a memory tag does not fit, told at once (ARM)";
        BUS_OBJERR = 3, "SIGBUS: an error of the hardware behind the mapping";
        BUS_MCEERR_AR = 4, "SIGBUS: broken memory was used";
        BUS_MCEERR_AO = 5, "SIGBUS: broken memory was found, and not used";
        TRAP_TRACE = 2, "SIGTRAP: one step was taken";
        TRAP_BRANCH = 3, "SIGTRAP: a branch was taken";
        TRAP_HWBKPT = 4, "SIGTRAP: a breakpoint or watchpoint of the hardware";
        TRAP_UNK = 5, "SIGTRAP: nobody knows which";
        SI_DETHREAD = -7, "execve, to the other threads";
        SI_ASYNCNL = -60, "a name was looked up: getaddrinfo_a";
        TRAP_BRKPT = 1, "SIGTRAP: a breakpoint";
        SYS_SECCOMP = 1, "SIGSYS: a seccomp filter said SECCOMP_RET_TRAP";
        POLL_IN = 1, "SIGIO: there is something to read";
        POLL_OUT = 2, "SIGIO: there is room to write";
        POLL_MSG = 3, "SIGIO: a message has come";
        POLL_ERR = 4, "SIGIO: an error";
        POLL_PRI = 5, "SIGIO: urgent data has come";
        POLL_HUP = 6, "SIGIO: the other end has closed";
    }
}

structure! {
    /// A signal with its cause; which fields hold something depends on `si_code`, the others are 0.
    ///
    /// `si_status` is the exit status or the signal of a child, `si_value` what `sigqueue` or a timer was given, `si_overrun` how often a timer
    /// ran out while its signal was pending, `si_addr` the address of a fault, `si_band` and `si_fd` tell of SIGIO, `si_syscall` of SIGSYS.
    Siginfo = "siginfo_t" {
        si_signo: Signal, si_errno: i32, si_code: SiCode, si_pid: Pid, si_uid: Id, si_status: i32, si_value: i32,
        si_overrun: i32, si_addr: Address, si_band: i64, si_fd: Fd, si_syscall: i32
    }
}

/// What the union of the struct holds; the kernel calls it the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Kill,
    Queue,
    Timer,
    Child,
    Fault,
    Poll,
    System,
}

/// A siginfo_t as 32-bit words: three of the head, a gap, then the union.
const WORDS: usize = size_of::<libc::siginfo_t>() / size_of::<i32>();

impl Siginfo {
    /// As the kernel fills it.
    pub fn read(info: &libc::siginfo_t) -> Self {
        // SAFETY: siginfo_t is as long as the words and at least as aligned; any bits are integers.
        let words: [i32; WORDS] = unsafe { std::ptr::from_ref(info).cast::<[i32; WORDS]>().read() };
        let [signal, errno, code, _, a, b, c, ..] = words;
        let long = || i64::from(b) << 32 | i64::from(a.cast_unsigned());
        let mut read = Self {
            si_signo: Signal(signal),
            si_errno: errno,
            si_code: SiCode(code),
            si_pid: Pid(0),
            si_uid: Id(0),
            si_status: 0,
            si_value: 0,
            si_overrun: 0,
            si_addr: Address(0),
            si_band: 0,
            si_fd: Fd(0),
            si_syscall: 0,
        };
        let layout = layout(signal, code);
        if matches!(layout, Layout::Kill | Layout::Queue | Layout::Child) {
            read.si_pid = Pid(a);
            read.si_uid = Id(i64::from(b.cast_unsigned()));
        }
        match layout {
            Layout::Kill => {}
            // In C the value is a union of an int and a pointer; its low half is the int on the machines supported here.
            Layout::Queue => read.si_value = c,
            Layout::Timer => (read.si_overrun, read.si_value) = (b, c),
            Layout::Child => read.si_status = c,
            Layout::Fault => read.si_addr = Address(long().cast_unsigned() as usize),
            Layout::Poll => (read.si_band, read.si_fd) = (long(), Fd(c)),
            Layout::System => read.si_syscall = c,
        }
        read
    }

    /// For a call that sends it: what `kill` and `sigqueue` would fill in.
    pub fn written(&self) -> libc::siginfo_t {
        let mut words = [0i32; WORDS];
        let uid = (self.si_uid.0 & 0xffff_ffff) as u32;
        let fields = [self.si_signo.0, self.si_errno, self.si_code.0, 0, self.si_pid.0, uid.cast_signed(), self.si_value];
        for (word, field) in words.iter_mut().zip(fields) {
            *word = field;
        }
        let mut info = Self::blank();
        // SAFETY: siginfo_t is as long as the words and at least as aligned.
        unsafe { (&raw mut info).cast::<[i32; WORDS]>().write(words) };
        info
    }

    /// A structure for the kernel to fill.
    pub fn blank() -> libc::siginfo_t {
        // SAFETY: siginfo_t is plain integers and pointers, for which zero is a value.
        unsafe { std::mem::zeroed() }
    }
}

/// As `siginfo_layout` of the kernel has it: codes above 0 belong to the signal, those below to the way of sending.
fn layout(signal: i32, code: i32) -> Layout {
    match (code, signal) {
        (libc::SI_TIMER, _) => Layout::Timer,
        (libc::SI_SIGIO, _) => Layout::Poll,
        (..0, _) => Layout::Queue,
        (libc::SI_USER | libc::SI_KERNEL, _) => Layout::Kill,
        (_, libc::SIGCHLD) => Layout::Child,
        (_, libc::SIGSEGV | libc::SIGBUS | libc::SIGILL | libc::SIGFPE | libc::SIGTRAP) => Layout::Fault,
        (_, libc::SIGSYS) => Layout::System,
        (1..=6, _) => Layout::Poll,
        _ => Layout::Kill,
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
