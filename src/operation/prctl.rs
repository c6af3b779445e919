//! Properties of a process that have no call of their own; see prctl(2).

use super::argument::{Address, Bytes};
use super::capability::Capability;
use super::entry::call;
use super::prctl_option::{
    Ambient, Dumpable, MceKill, MceWhen, Mdwe, MemoryPlace, PrctlOption, SchedCore, SchedCoreScope, SeccompMode, SecureBits,
    Speculation, SpeculationState, Timing, Tracer, Tsc, VmaAttribute,
};
use super::seccomp_filter::Filter;
use super::syscall::Register;
use super::{Argument, Failure, Family, Refusal, Returned, kernel, seccomp, strict};
use crate::value::{Errno, Signal, Value};
use std::ffi::CString;

/// Properties of a process.
pub static FAMILY: Family = Family {
    name: "prctl",
    title: "Properties of a process",
    summary: "Whether a process may gain privileges, what becomes of it when its parent ends, which capabilities its children can have: \
        `prctl` reads and changes it, mostly for the caller alone, and mostly handed down at fork. What a program gets that is executed \
        is decided by its file, the bounding set, the inheritable and the ambient capabilities, and the secure bits; see capabilities(7).",
    calls: &[&PRCTL],
    constants: &[
        &PrctlOption::GROUP,
        &Ambient::GROUP,
        &SecureBits::GROUP,
        &Capability::GROUP,
        &Dumpable::GROUP,
        &SeccompMode::GROUP,
        &Mdwe::GROUP,
        &Tracer::GROUP,
        &Tsc::GROUP,
        &Timing::GROUP,
        &MceKill::GROUP,
        &MceWhen::GROUP,
        &Speculation::GROUP,
        &SpeculationState::GROUP,
        &VmaAttribute::GROUP,
        &SchedCore::GROUP,
        &SchedCoreScope::GROUP,
        &MemoryPlace::GROUP,
    ],
    structs: &[],
};

call! {
    /// Reads or changes a property of the caller.
    ///
    /// What an option takes and gives is a number for most, a string for PR_SET_NAME and PR_GET_NAME, and what the option writes through a
    /// pointer in C is its result.
    fn prctl(option: PrctlOption, arg2: Value = 0, arg3: Value = 0, arg4: Value = 0, arg5: Value = 0) -> Value {
        match option.0 {
            libc::PR_SET_NAME => {
                let name = CString::take(&arg2)?;
                Ok(make(option, [name.as_ptr().expose_provenance(), 0, 0, 0])?.give())
            }
            libc::PR_GET_NAME => {
                let mut name = [0u8; 16];
                make(option, [(&raw mut name).expose_provenance(), 0, 0, 0])?;
                Ok(Value::text(name.split(|&byte| byte == 0).next().unwrap_or_default()))
            }
            libc::PR_GET_PDEATHSIG
            | libc::PR_GET_CHILD_SUBREAPER
            | libc::PR_GET_TSC
            | libc::PR_GET_UNALIGN
            | libc::PR_GET_FPEMU
            | libc::PR_GET_FPEXC
            | libc::PR_GET_ENDIAN => {
                let mut number = 0i32;
                make(option, [(&raw mut number).expose_provenance(), 0, 0, 0])?;
                Ok(number.give())
            }
            libc::PR_GET_TID_ADDRESS => {
                let mut address = 0usize;
                make(option, [(&raw mut address).expose_provenance(), 0, 0, 0])?;
                Ok(address.give())
            }
            AUXV => {
                let mut vector = vec![0u8; 4096];
                let size = make(option, [vector.as_mut_ptr().expose_provenance(), vector.len(), 0, 0])?;
                vector.truncate(usize::try_from(size).unwrap_or(0));
                Ok(Value::Bytes(vector))
            }
            libc::PR_SCHED_CORE if arg2.int() == Some(i128::from(libc::PR_SCHED_CORE_GET)) => {
                let mut cookie = 0u64;
                let [_, pid, scope, _] = registers([&arg2, &arg3, &arg4, &Value::Null])?;
                make(option, [libc::PR_SCHED_CORE_GET as usize, pid, scope, (&raw mut cookie).expose_provenance()])?;
                Ok(cookie.give())
            }
            libc::PR_SET_VMA => {
                let name = <Option<CString> as Argument>::take(&arg5)?;
                let at = name.as_ref().map_or(0, |name| name.as_ptr().expose_provenance());
                let [attribute, address, size, _] = registers([&arg2, &arg3, &arg4, &Value::Null])?;
                Ok(make(option, [attribute, address, size, at])?.give())
            }
            libc::PR_SET_SECCOMP if arg2.int() == Some(i128::from(libc::SECCOMP_MODE_FILTER)) => {
                let given = seccomp::with_program(&arg3, |program| {
                    Ok(make(option, [libc::SECCOMP_MODE_FILTER as usize, program.expose_provenance(), 0, 0])?)
                });
                Ok(given?.give())
            }
            libc::PR_SET_SECCOMP if arg2.int() == Some(i128::from(libc::SECCOMP_MODE_STRICT)) => {
                // SAFETY: with this mode, prctl(2) takes integers only.
                strict::enter(|| i64::from(unsafe { libc::prctl(option.0, libc::SECCOMP_MODE_STRICT, 0, 0, 0) }))?;
                Ok(Value::Int(0))
            }
            SYSCALL_USER_DISPATCH => {
                Err(refused("PR_SET_SYSCALL_USER_DISPATCH", "the system calls of the engine itself would become signals"))
            }
            _ => Ok(make(option, registers([&arg2, &arg3, &arg4, &arg5])?)?.give()),
        }
    }
    const PRCTL: "prctl(2)";
    traits: [Local];
    touches by option: {
        PR_SET_NAME PR_GET_NAME PR_GET_PDEATHSIG PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER => [],
        PR_SET_DUMPABLE PR_GET_DUMPABLE PR_SET_NO_NEW_PRIVS PR_GET_NO_NEW_PRIVS => [],
        PR_SET_PDEATHSIG => [writes beyond],
    };
    blocks: "never";
    errors: {
        EINVAL: "an option that the kernel does not know, or an argument that it does not allow: those not used must be 0",
        EPERM: "a capability is missing: CAP_SETPCAP for PR_CAPBSET_DROP and PR_SET_SECUREBITS, CAP_SYS_RESOURCE for PR_SET_MM; a secure \
            bit that is locked; an ambient capability that is not both permitted and inheritable, or one more under SECBIT_NO_CAP_AMBIENT_RAISE",
        EACCES: "PR_SET_SECCOMP: neither CAP_SYS_ADMIN in the user namespace nor no_new_privs",
        EFAULT: "an address that is none",
        ENODEV: "the processor does not offer it",
        ENOMEM: "PR_SET_VMA: nothing is mapped there",
        EBADF: "PR_SET_VMA: the memory is not anonymous",
        ENXIO: "this kind of speculation cannot be controlled for one process",
        ERANGE: "an unknown way to handle speculation",
    };
    by: option {
        PR_SET_NAME(arg2: CString) => (),
        PR_GET_NAME => Bytes,
        PR_SET_PDEATHSIG(arg2: Signal) => (),
        PR_GET_PDEATHSIG => Signal,
        PR_SET_DUMPABLE(arg2: Dumpable) => (),
        PR_GET_DUMPABLE => Dumpable,
        PR_SET_KEEPCAPS PR_SET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS PR_SET_THP_DISABLE PR_SET_TIMERSLACK(arg2: u64) => (),
        PR_SET_IO_FLUSHER PR_SET_MEMORY_MERGE(arg2: u64) => (),
        PR_GET_KEEPCAPS PR_GET_CHILD_SUBREAPER PR_GET_NO_NEW_PRIVS PR_GET_THP_DISABLE PR_GET_TIMERSLACK => i32,
        PR_GET_IO_FLUSHER PR_GET_MEMORY_MERGE => i32,
        PR_CAPBSET_READ(arg2: Capability) => i32,
        PR_CAPBSET_DROP(arg2: Capability) => (),
        PR_CAP_AMBIENT(arg2: Ambient, arg3: Capability) => i32,
        PR_SET_SECUREBITS(arg2: SecureBits) => (),
        PR_GET_SECUREBITS => SecureBits,
        PR_SET_SECCOMP(arg2: SeccompMode, arg3: Filter) => (),
        PR_GET_SECCOMP => SeccompMode,
        PR_SET_MDWE(arg2: Mdwe) => (),
        PR_GET_MDWE => Mdwe,
        PR_SET_TSC(arg2: Tsc) => (),
        PR_GET_TSC => Tsc,
        PR_SET_TIMING(arg2: Timing) => (),
        PR_GET_TIMING => Timing,
        PR_MCE_KILL(arg2: MceKill, arg3: MceWhen) => (),
        PR_MCE_KILL_GET => MceWhen,
        PR_GET_SPECULATION_CTRL(arg2: Speculation) => SpeculationState,
        PR_SET_SPECULATION_CTRL(arg2: Speculation, arg3: SpeculationState) => (),
        PR_SET_VMA(arg2: VmaAttribute, arg3: Address, arg4: usize, arg5: Option<CString>) => (),
        PR_SCHED_CORE(arg2: SchedCore, arg4: SchedCoreScope) => u64,
        PR_SET_MM(arg2: MemoryPlace) => (),
        PR_GET_TID_ADDRESS => Address,
        PR_GET_AUXV => Bytes,
    };
    example: "a: prctl(PR_GET_NO_NEW_PRIVS)    -> 0
a: prctl(PR_SET_NO_NEW_PRIVS, 1)
a: prctl(PR_GET_NO_NEW_PRIVS)    -> 1
a: prctl(PR_SET_NAME, \"worker\")
a: prctl(PR_GET_NAME)            -> \"worker\"
a: prctl(PR_CAPBSET_READ, CAP_KILL) -> 1
a: prctl(PR_CAPBSET_DROP, CAP_KILL)
a: prctl(PR_CAPBSET_READ, CAP_KILL) -> 0
a: prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN) -> EPERM       # it is not inheritable
a: prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED)
a: prctl(PR_SET_SECUREBITS, 0)   -> EPERM
a: prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {default: SECCOMP_RET_ALLOW, getppid: SECCOMP_RET_ERRNO | EPERM})
a: getppid()                     -> EPERM
a: prctl(PR_SET_MM, PR_SET_MM_BRK, 0) -> EPERM";
}

// Not in the headers that the libc crate follows.
const SYSCALL_USER_DISPATCH: i32 = 59;
const AUXV: i32 = 0x4155_5856;

fn make(option: PrctlOption, arguments: [usize; 4]) -> Result<i32, Errno> {
    let [a, b, c, d] = arguments;
    // SAFETY: with the options let through above, prctl(2) takes integers, or the address of a variable of the caller.
    kernel(|| unsafe { libc::prctl(option.0, a, b, c, d) })
}

fn registers(arguments: [&Value; 4]) -> Result<[usize; 4], Refusal> {
    let [a, b, c, d] = arguments.map(Register::take);
    Ok([a?.0, b?.0, c?.0, d?.0])
}

fn refused(option: &str, why: &str) -> Failure {
    Refusal(format!("`prctl` cannot take {option}: {why}")).into()
}
