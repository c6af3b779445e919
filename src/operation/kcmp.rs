//! Whether two processes share something; see kcmp(2).

use super::argument::{Argument, Fd, Pid};
use super::entry::{call, constants, structure};
use super::syscall::Register;
use super::{Failure, Family, kernel};
use crate::value::Value;

/// What two processes share.
pub static FAMILY: Family = Family {
    name: "kcmp",
    title: "What two processes share",
    summary: "After a fork, parent and child have copies of most things, and share open file descriptions. With flags of `clone` they \
        share more. `kcmp` says whether what two processes have is the same object of the kernel or only looks alike.",
    calls: &[&KCMP],
    constants: &[&KcmpType::GROUP],
    structs: &[&EpollSlot::STRUCTURE],
};

constants! {
    /// what kcmp compares
    choice KcmpType(i32) {
        KCMP_FILE = 0, "the open file descriptions behind the descriptors idx1 of the first and idx2 of the second process";
        KCMP_VM = 1, "the memory: CLONE_VM";
        KCMP_FILES = 2, "the tables of descriptors: CLONE_FILES";
        KCMP_FS = 3, "root, working directory and umask: CLONE_FS";
        KCMP_SIGHAND = 4, "the tables of handlers: CLONE_SIGHAND";
        KCMP_IO = 5, "the I/O contexts: CLONE_IO";
        KCMP_SYSVSEM = 6, "the lists of SEM_UNDO values: CLONE_SYSVSEM";
        KCMP_EPOLL_TFD = 7, "the descriptor idx1 of the first with one that an epoll of the second watches: idx2 is a kcmp_epoll_slot";
    }
}

structure! {
    /// A descriptor that an epoll watches: the epoll, the number under which it was added, and which of those with this number.
    EpollSlot = "kcmp_epoll_slot" { efd: Fd, tfd: Fd, toff: u32 }
}

call! {
    /// Compares what two processes have: 0 says that it is the same.
    ///
    /// Else 1 or 2 say which of the two comes first in an order of the kernel's own, 3 that it has none to tell. The order lets a program sort many of them; it says nothing else, and differs from one start of the machine to the next. A process
    /// that has no I/O context or no list of SEM_UNDO values has the same as any other that has none.
    fn kcmp(pid1: Pid, pid2: Pid, r#type: KcmpType, idx1: Register = 0, idx2: Value = 0) -> i64 {
        let compare = |idx2: usize| {
            // SAFETY: kcmp(2) takes integers, and the address of a structure that outlives the call.
            kernel(|| unsafe { libc::syscall(libc::SYS_kcmp, pid1.0, pid2.0, r#type.0, idx1.0, idx2) })
        };
        match &idx2 {
            Value::Record(_) => {
                let slot = EpollSlot::take(&idx2)?;
                let raw = [slot.efd.0.cast_unsigned(), slot.tfd.0.cast_unsigned(), slot.toff];
                Ok(compare(raw.as_ptr().expose_provenance())?)
            }
            _ if r#type.0 == EPOLL_TFD => {
                Err(Failure::Refused("KCMP_EPOLL_TFD takes a kcmp_epoll_slot: `kcmp(a, a, KCMP_EPOLL_TFD, fd, {efd, fd})`".into()))
            }
            number => Ok(compare(Register::take(number)?.0)?),
        }
    }
    const KCMP: "kcmp(2)";
    traits: [Local, ReadOnly];
    touches: [writes process(pid1), writes process(pid2)];
    blocks: "never";
    errors: {
        EBADF: "KCMP_FILE or KCMP_EPOLL_TFD, and a descriptor is not open",
        EINVAL: "an unknown type",
        ENOENT: "KCMP_EPOLL_TFD, and the epoll does not watch such a descriptor",
        EPERM: "the caller may not look into one of the processes; see ptrace(2)",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
        ENOSYS: "a kernel without CONFIG_KCMP",
    };
    example: "a: [r, w] = pipe()
a: child = fork()
a: kcmp(a, child, KCMP_FILE, r, r)  -> 0     # one open file description
a: kcmp(a, child, KCMP_FILES)       -> != 0  # in two tables
a: e = epoll_create1(0)
a: epoll_ctl(e, EPOLL_CTL_ADD, r, {EPOLLIN})
a: kcmp(a, a, KCMP_EPOLL_TFD, r, {e, r}) -> 0
a: kcmp(a, a, KCMP_FILE, r, 99)     -> EBADF";
}

const EPOLL_TFD: i32 = 7;
