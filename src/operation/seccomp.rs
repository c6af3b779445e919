//! Seccomp: a process gives up system calls for good; see seccomp(2).

use super::argument::Fd;
use super::entry::{call, constants, structure};
use super::seccomp_filter::{Filter, Masked, Rule};
use super::seccomp_notify::{AddFlags, AddedFd, Notification, NotifyFlags, Response, ResponseFlags, SeccompData};
use super::{Argument, Failure, Family, Refusal, Returned, kernel, strict, syscall_numbers};
use crate::value::Value;

/// Seccomp filters.
pub static FAMILY: Family = Family {
    name: "seccomp",
    title: "Seccomp filters",
    summary: "A filter judges each system call before the kernel makes it: lets it through, makes it fail, or ends the caller. It cannot be \
        taken away, is inherited by children and programs, and a later one only adds to it: the strictest answer counts, and among equals that \
        of the newest. A filter names system calls, not functions of the C library: `fork()` is `clone`, `open()` is `openat`, `semop()` is \
        `semtimedop`. In a script it is a record: `{default: SECCOMP_RET_ALLOW, mount: SECCOMP_RET_ERRNO | EPERM}`. Where the arguments \
        count, a rule stands there, or a list of them of which the first that fits answers: `socket: {action: SECCOMP_RET_ERRNO | EPERM, \
        arg0: AF_INET}`; what no rule fits is answered by `default`. A filter sees numbers only: the bytes behind a pointer it cannot judge. \
        Under SECCOMP_RET_USER_NOTIF the call waits until a supervisor, who holds the descriptor that SECCOMP_FILTER_FLAG_NEW_LISTENER gave, \
        has answered it by `ioctl`.",
    calls: &[&SECCOMP],
    constants: &[
        &SeccompOperation::GROUP,
        &SeccompFlags::GROUP,
        &SeccompAction::GROUP,
        &SeccompMasks::GROUP,
        &ResponseFlags::GROUP,
        &AddFlags::GROUP,
        &NotifyFlags::GROUP,
        &syscall_numbers::GROUP,
    ],
    structs: &[
        &Rule::STRUCTURE,
        &Masked::STRUCTURE,
        &NotifSizes::STRUCTURE,
        &Notification::STRUCTURE,
        &SeccompData::STRUCTURE,
        &Response::STRUCTURE,
        &AddedFd::STRUCTURE,
    ],
};

constants! {
    /// operations of seccomp
    choice SeccompOperation(u32) {
        SECCOMP_SET_MODE_STRICT, "read, write, _exit and the return from handlers, and nothing else";
        SECCOMP_SET_MODE_FILTER, "as a filter says";
        SECCOMP_GET_ACTION_AVAIL, "whether the kernel knows an action";
        SECCOMP_GET_NOTIF_SIZES, "how large the structures of notifications are";
    }
    /// flags of seccomp
    flags SeccompFlags(u32) {
        SECCOMP_FILTER_FLAG_TSYNC, "for all threads of the process";
        SECCOMP_FILTER_FLAG_LOG, "log all but SECCOMP_RET_ALLOW";
        SECCOMP_FILTER_FLAG_SPEC_ALLOW, "leave speculative stores as they are";
        SECCOMP_FILTER_FLAG_NEW_LISTENER, "give a descriptor that hears of SECCOMP_RET_USER_NOTIF";
        SECCOMP_FILTER_FLAG_TSYNC_ESRCH, "with TSYNC: fail with ESRCH when a thread cannot follow";
        SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, "only fatal signals interrupt a call whose notification was received";
    }
    /// actions of a seccomp filter
    flags SeccompAction(u32) {
        SECCOMP_RET_KILL_PROCESS, "the process ends as if killed by SIGSYS";
        SECCOMP_RET_KILL_THREAD, "the thread ends as if killed by SIGSYS";
        SECCOMP_RET_KILL, "the older name of SECCOMP_RET_KILL_THREAD";
        SECCOMP_RET_TRAP, "the call is not made, and the caller gets SIGSYS";
        SECCOMP_RET_ERRNO, "the call fails with the error number joined by |";
        SECCOMP_RET_USER_NOTIF, "whoever holds the listener decides; without one ENOSYS";
        SECCOMP_RET_TRACE, "the tracer decides; without one ENOSYS";
        SECCOMP_RET_LOG, "the call is made, and logged";
        SECCOMP_RET_ALLOW, "the call is made";
    }
    /// parts of what a filter answers
    flags SeccompMasks(u32) {
        SECCOMP_RET_ACTION_FULL, "the bits of the action";
        SECCOMP_RET_ACTION, "the bits of the action, without that of SECCOMP_RET_KILL_PROCESS";
        SECCOMP_RET_DATA, "the bits that go with it: the error number, or si_errno of SIGSYS";
    }
}

structure! {
    /// How large the structures of notifications are, in bytes.
    NotifSizes = "seccomp_notif_sizes" { seccomp_notif: u16, seccomp_notif_resp: u16, seccomp_data: u16 }
}

call! {
    /// Installs a filter, or asks what the kernel offers.
    ///
    /// A filter is a record of actions: `default`, and names of system calls, each with an action or with rules on its arguments.
    /// SECCOMP_FILTER_FLAG_NEW_LISTENER gives a descriptor for the supervisor, who reads with `ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV)` and
    /// answers with `ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, {id: …, error: -EPERM})`.
    /// SECCOMP_GET_ACTION_AVAIL takes an action; SECCOMP_GET_NOTIF_SIZES gives a record.
    fn seccomp(operation: SeccompOperation, flags: SeccompFlags = 0, args: Value = 0) -> Value {
        let make = |at: *mut libc::c_void| {
            // SAFETY: each caller passes what its operation of seccomp(2) reads or fills, and keeps it until the call is over.
            kernel(|| unsafe { libc::syscall(libc::SYS_seccomp, operation.0, flags.0, at) })
        };
        let given = match operation.0 {
            libc::SECCOMP_SET_MODE_STRICT => {
                // SAFETY: for this operation, seccomp(2) takes a null pointer.
                let call = || unsafe { libc::syscall(libc::SYS_seccomp, operation.0, flags.0, 0usize) };
                strict::enter(call)?;
                return Ok(Value::Int(0));
            }
            libc::SECCOMP_SET_MODE_FILTER => {
                return with_program(&args, |program| Ok(make(program.cast())?)).map(Value::from);
            }
            libc::SECCOMP_GET_ACTION_AVAIL => {
                let mut action = SeccompAction::take(&args)?.0;
                make((&raw mut action).cast())?
            }
            libc::SECCOMP_GET_NOTIF_SIZES => {
                let mut sizes = [0u16; 3];
                make(sizes.as_mut_ptr().cast())?;
                let [seccomp_notif, seccomp_notif_resp, seccomp_data] = sizes;
                return Ok(NotifSizes { seccomp_notif, seccomp_notif_resp, seccomp_data }.give());
            }
            _ => make(std::ptr::null_mut())?,
        };
        Ok(Value::from(given))
    }
    const SECCOMP: "seccomp(2)";
    since: "3.17";
    traits: [Local];
    blocks: "never";
    errors: {
        EACCES: "neither CAP_SYS_ADMIN in the user namespace nor no_new_privs",
        EINVAL: "unknown operation or flags, or a filter while in strict mode",
        EOPNOTSUPP: "the kernel does not know the action that was asked for",
        ESRCH: "with TSYNC_ESRCH: another thread could not follow",
        EBUSY: "a second listener",
        ENOMEM: "the filters of the process are too long together",
    };
    by: operation {
        SECCOMP_SET_MODE_FILTER(args: Filter) => Fd,
        SECCOMP_GET_ACTION_AVAIL(args: SeccompAction) => (),
        SECCOMP_GET_NOTIF_SIZES => NotifSizes,
    };
    example: "a: prctl(PR_SET_NO_NEW_PRIVS, 1)
a: seccomp(SECCOMP_GET_ACTION_AVAIL, 0, SECCOMP_RET_ERRNO)
a: seccomp(SECCOMP_GET_ACTION_AVAIL, 0, 0x12340000)         -> EOPNOTSUPP
a: seccomp(SECCOMP_SET_MODE_FILTER, 0, {default: SECCOMP_RET_ALLOW, socket: {action: SECCOMP_RET_ERRNO | EAFNOSUPPORT, arg0: AF_INET}})
a: socket(AF_INET, SOCK_STREAM)                            -> EAFNOSUPPORT
a: socket(AF_UNIX, SOCK_STREAM)
a: seccomp(SECCOMP_SET_MODE_FILTER, 0, {default: SECCOMP_RET_ALLOW, sethostname: SECCOMP_RET_ERRNO | EPERM})
a: sethostname(\"x\")        -> EPERM
a: child = fork()
child: sethostname(\"x\")    -> EPERM";
}

/// Makes `call` with the program of the filter that `written` is.
pub fn with_program<T>(written: &Value, call: impl FnOnce(*mut libc::sock_fprog) -> Result<T, Failure>) -> Result<T, Failure> {
    let mut program = Filter::take(written)?.program(kernel::gate_address());
    let len = u16::try_from(program.len()).map_err(|_| Refusal("the filter is too long".into()))?;
    let mut program = libc::sock_fprog { len, filter: program.as_mut_ptr() };
    keep_memory();
    call(&raw mut program)
}

/// Gives the process memory of its own to go on with: a filter may forbid brk and mmap, and the steps to come still need some.
pub(super) fn keep_memory() {
    // SAFETY: mallopt(3) takes integers; with these, memory once given stays with the process.
    unsafe { libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX) };
    // SAFETY: as above; large pieces come from the same heap.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20) };
    drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 20)));
}
