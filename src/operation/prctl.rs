//! Properties of a process that have no call of their own; see prctl(2).

use super::entry::{call, constants};
use super::syscall::Register;
use super::{Argument, Failure, Family, Refusal, kernel, strict};
use crate::value::Value;
use std::ffi::CString;

/// Properties of a process.
pub static FAMILY: Family = Family {
    name: "prctl",
    title: "Properties of a process",
    summary: "Whether a process may gain privileges, what becomes of it when its parent ends, which capabilities its children can have: \
        `prctl` reads and changes it, mostly for the caller alone, and mostly handed down at fork.",
    calls: &[&PRCTL],
    constants: &[&PrctlOption::GROUP, &PrctlChoice::GROUP, &SecureBits::GROUP],
    structs: &[],
};

constants! {
    /// options of prctl
    choice PrctlOption(i32) {
        PR_SET_PDEATHSIG, "sets the signal that the caller gets when its parent ends, 0 for none; not handed down";
        PR_GET_PDEATHSIG, "gives it";
        PR_SET_DUMPABLE, "sets whether the process may dump core and be looked into; 0 makes /proc/PID belong to root";
        PR_GET_DUMPABLE, "gives it";
        PR_SET_KEEPCAPS, "keep the permitted capabilities when the last uid 0 is given up";
        PR_GET_KEEPCAPS, "gives it";
        PR_SET_TIMING, "how time is accounted; only PR_TIMING_STATISTICAL";
        PR_GET_TIMING, "gives it";
        PR_SET_NAME, "sets the name of the thread, 15 bytes at most";
        PR_GET_NAME, "gives the name of the thread, a string";
        PR_SET_SECCOMP, "with SECCOMP_MODE_STRICT, puts the caller into strict mode";
        PR_GET_SECCOMP, "gives whether a seccomp filter is in force: 2";
        PR_CAPBSET_READ, "gives whether a capability is in the bounding set";
        PR_CAPBSET_DROP, "takes a capability out of the bounding set, for good";
        PR_SET_TSC, "whether the time stamp counter can be read";
        PR_GET_TSC, "gives it";
        PR_SET_SECUREBITS, "sets how uid 0 and capabilities belong together";
        PR_GET_SECUREBITS, "gives it";
        PR_SET_TIMERSLACK, "sets by how many nanoseconds timers may be late";
        PR_GET_TIMERSLACK, "gives it";
        PR_TASK_PERF_EVENTS_DISABLE, "stops the performance counters of the process";
        PR_TASK_PERF_EVENTS_ENABLE, "starts them";
        PR_MCE_KILL, "sets what a memory error does to the process";
        PR_MCE_KILL_GET, "gives it";
        PR_SET_CHILD_SUBREAPER, "makes the caller the new parent of its orphaned descendants";
        PR_GET_CHILD_SUBREAPER, "gives whether it is";
        PR_SET_NO_NEW_PRIVS, "no program that is executed gains privileges; cannot be taken back";
        PR_GET_NO_NEW_PRIVS, "gives it";
        PR_SET_THP_DISABLE, "no huge pages for the process";
        PR_GET_THP_DISABLE, "gives it";
        PR_CAP_AMBIENT, "reads or changes the ambient capabilities, which survive the execution of a program";
        PR_GET_SPECULATION_CTRL, "gives how a kind of speculation is handled";
        PR_SET_SPECULATION_CTRL, "sets it";
        PR_SET_IO_FLUSHER = 57, "the process writes back memory; needs CAP_SYS_RESOURCE";
        PR_GET_IO_FLUSHER = 58, "gives it";
        PR_SET_PTRACER, "names the process that may trace the caller, for the Yama module";
        PR_SET_MDWE, "no memory may be written and executed";
        PR_GET_MDWE, "gives it";
        PR_SET_MEMORY_MERGE, "equal pages of the process may be merged";
        PR_GET_MEMORY_MERGE, "gives it";
    }
    /// arguments of prctl
    choice PrctlChoice(u64) {
        SECCOMP_MODE_STRICT, "PR_SET_SECCOMP: read, write, _exit and the return from handlers, and nothing else";
        PR_CAP_AMBIENT_IS_SET, "PR_CAP_AMBIENT: gives whether a capability is in the set";
        PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT: adds a capability that is permitted and inheritable";
        PR_CAP_AMBIENT_LOWER, "PR_CAP_AMBIENT: takes a capability out";
        PR_CAP_AMBIENT_CLEAR_ALL, "PR_CAP_AMBIENT: takes all out";
        PR_TIMING_STATISTICAL, "PR_SET_TIMING: by samples";
        PR_TIMING_TIMESTAMP, "PR_SET_TIMING: exactly; not supported";
        PR_TSC_ENABLE, "PR_SET_TSC: can be read";
        PR_TSC_SIGSEGV, "PR_SET_TSC: reading it gives SIGSEGV";
        PR_MCE_KILL_CLEAR, "PR_MCE_KILL: as the system says";
        PR_MCE_KILL_SET, "PR_MCE_KILL: as the next argument says";
        PR_MCE_KILL_LATE, "PR_MCE_KILL: when the memory is used";
        PR_MCE_KILL_EARLY, "PR_MCE_KILL: at once";
        PR_MCE_KILL_DEFAULT, "PR_MCE_KILL: as the system says";
        PR_SPEC_STORE_BYPASS, "PR_SET_SPECULATION_CTRL: speculative store bypass";
        PR_SPEC_INDIRECT_BRANCH, "PR_SET_SPECULATION_CTRL: indirect branches";
        PR_SPEC_L1D_FLUSH = 2, "PR_SET_SPECULATION_CTRL: flush the data cache when the process is switched out";
        PR_SPEC_ENABLE, "PR_SET_SPECULATION_CTRL: speculation is on";
        PR_SPEC_DISABLE, "PR_SET_SPECULATION_CTRL: speculation is off";
        PR_SPEC_FORCE_DISABLE, "PR_SET_SPECULATION_CTRL: off, for good";
        PR_SPEC_DISABLE_NOEXEC, "PR_SET_SPECULATION_CTRL: off until a program is executed";
        PR_SET_PTRACER_ANY, "PR_SET_PTRACER: any process";
        PR_MDWE_REFUSE_EXEC_GAIN, "PR_SET_MDWE: memory cannot become executable";
        PR_MDWE_NO_INHERIT, "PR_SET_MDWE: children are free of it";
    }
    /// bits of PR_SET_SECUREBITS
    flags SecureBits(u64) {
        SECBIT_NOROOT = 1, "uid 0 gets no capabilities when it executes a program";
        SECBIT_NOROOT_LOCKED = 2, "and this stays so";
        SECBIT_NO_SETUID_FIXUP = 4, "capabilities stay as they are when user ids change";
        SECBIT_NO_SETUID_FIXUP_LOCKED = 8, "and this stays so";
        SECBIT_KEEP_CAPS = 16, "as PR_SET_KEEPCAPS";
        SECBIT_KEEP_CAPS_LOCKED = 32, "and this stays so";
        SECBIT_NO_CAP_AMBIENT_RAISE = 64, "no ambient capabilities can be added";
        SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED = 128, "and this stays so";
    }
}

call! {
    /// Reads or changes a property of the caller: a number, or a string for PR_SET_NAME and PR_GET_NAME.
    fn prctl(option: PrctlOption, arg2: Value = 0, arg3: Register = 0, arg4: Register = 0, arg5: Register = 0) -> Value {
        let make = |arg2: usize| {
            // SAFETY: with the options let through below, prctl(2) takes integers, or the address of a variable of the caller.
            kernel(|| unsafe { libc::prctl(option.0, arg2, arg3.0, arg4.0, arg5.0) })
        };
        match option.0 {
            libc::PR_SET_NAME => {
                let name = CString::take(&arg2)?;
                Ok(Value::from(make(name.as_ptr().expose_provenance())?))
            }
            libc::PR_GET_NAME => {
                let mut name = [0u8; 16];
                make((&raw mut name).expose_provenance())?;
                Ok(Value::text(name.split(|&byte| byte == 0).next().unwrap_or_default()))
            }
            libc::PR_GET_PDEATHSIG | libc::PR_GET_CHILD_SUBREAPER | libc::PR_GET_TSC => {
                let mut number = 0i32;
                make((&raw mut number).expose_provenance())?;
                Ok(Value::from(number))
            }
            libc::PR_SET_SECCOMP if arg2.int() == Some(i128::from(libc::SECCOMP_MODE_STRICT)) => {
                // SAFETY: with this mode, prctl(2) takes integers only.
                strict::enter(|| i64::from(unsafe { libc::prctl(option.0, libc::SECCOMP_MODE_STRICT, 0, 0, 0) }))?;
                Ok(Value::Int(0))
            }
            libc::PR_SET_SECCOMP => Err(refused("PR_SET_SECCOMP", "filters are installed with seccomp(SECCOMP_SET_MODE_FILTER, 0, {…})")),
            libc::PR_SET_MM | libc::PR_SET_VMA => Err(refused("PR_SET_MM and PR_SET_VMA", "a script knows no addresses of its process")),
            libc::PR_GET_TID_ADDRESS => Err(refused("PR_GET_TID_ADDRESS", "a script knows no addresses of its process")),
            SYSCALL_USER_DISPATCH => Err(refused("PR_SET_SYSCALL_USER_DISPATCH", "a script knows no addresses of its process")),
            libc::PR_SCHED_CORE => Err(refused("PR_SCHED_CORE", "it writes through a pointer")),
            AUXV => Err(refused("PR_GET_AUXV", "it writes through a pointer")),
            _ => Ok(Value::from(make(Register::take(&arg2)?.0)?)),
        }
    }
    const PRCTL: "prctl(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EINVAL: "an option that the kernel does not know, or an argument that it does not allow: those not used must be 0",
        EPERM: "a capability is missing: CAP_SETPCAP for PR_CAPBSET_DROP and PR_SET_SECUREBITS; an ambient one that is not both \
            permitted and inheritable",
        EFAULT: "an address that is none",
        ENODEV: "the processor does not offer it",
        ENXIO: "this kind of speculation cannot be controlled for one process",
        ERANGE: "an unknown way to handle speculation",
    };
    example: "a: prctl(PR_GET_NO_NEW_PRIVS)    -> 0
a: prctl(PR_SET_NO_NEW_PRIVS, 1)
a: prctl(PR_GET_NO_NEW_PRIVS)    -> 1
a: prctl(PR_SET_NAME, \"worker\")
a: prctl(PR_GET_NAME)            -> \"worker\"
a: prctl(PR_CAPBSET_READ, CAP_KILL) -> 1
a: prctl(PR_CAPBSET_DROP, CAP_KILL)
a: prctl(PR_CAPBSET_READ, CAP_KILL) -> 0";
}

// Not in the headers that the libc crate follows.
const SYSCALL_USER_DISPATCH: i32 = 59;
const AUXV: i32 = 0x4155_5856;

fn refused(option: &str, why: &str) -> Failure {
    Refusal(format!("`prctl` cannot take {option}: {why}")).into()
}
