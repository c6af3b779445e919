//! Seccomp: a process gives up system calls for good; see seccomp(2).

use super::argument::integer;
use super::entry::{call, constants};
use super::{Failure, Family, Refusal, kernel, strict, syscall_numbers};
use crate::value::Value;

/// Seccomp filters.
pub static FAMILY: Family = Family {
    name: "seccomp",
    title: "Seccomp filters",
    summary: "A filter judges each system call before the kernel makes it: lets it through, makes it fail, or ends the caller. It cannot be \
        taken away, is inherited by children and programs, and a later one only adds to it: the strictest answer counts. A filter names \
        system calls, not functions of the C library: `fork()` is `clone`, `open()` is `openat`, `semop()` is `semtimedop`.",
    calls: &[&SECCOMP],
    constants: &[&SeccompOperation::GROUP, &SeccompFlags::GROUP, &SeccompAction::GROUP],
    structs: &[],
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
}

call! {
    /// Installs a filter, or asks what the kernel offers.
    ///
    /// A filter is a record of actions: `default`, and names of system calls. SECCOMP_GET_ACTION_AVAIL takes an action;
    /// SECCOMP_GET_NOTIF_SIZES gives a record.
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
                let mut program = filter(&args, kernel::gate_address())?;
                let len = u16::try_from(program.len()).map_err(|_| Refusal("the filter is too long".into()))?;
                let mut program = libc::sock_fprog { len, filter: program.as_mut_ptr() };
                keep_memory();
                make((&raw mut program).cast())?
            }
            libc::SECCOMP_GET_ACTION_AVAIL => {
                let mut action: u32 = integer(&args)?;
                make((&raw mut action).cast())?
            }
            libc::SECCOMP_GET_NOTIF_SIZES => {
                let mut sizes = [0u16; 3];
                make(sizes.as_mut_ptr().cast())?;
                let [notif, resp, data] = sizes.map(Value::from);
                return Ok(Value::record([("seccomp_notif", notif), ("seccomp_notif_resp", resp), ("seccomp_data", data)]));
            }
            _ => make(std::ptr::null_mut())?,
        };
        Ok(Value::from(given))
    }
    const SECCOMP: "seccomp(2)";
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
    example: "a: prctl(PR_SET_NO_NEW_PRIVS, 1)
a: seccomp(SECCOMP_GET_ACTION_AVAIL, 0, SECCOMP_RET_ERRNO)
a: seccomp(SECCOMP_SET_MODE_FILTER, 0, {default: SECCOMP_RET_ALLOW, sethostname: SECCOMP_RET_ERRNO | EPERM})
a: sethostname(\"x\")        -> EPERM
a: child = fork()
child: sethostname(\"x\")    -> EPERM";
}

/// The program that does what `rules` say and lets through the engine's own calls, which come from the instruction before `gate`.
fn filter(rules: &Value, gate: u64) -> Result<Vec<libc::sock_filter>, Failure> {
    let Value::Record(rules) = rules else {
        return Err(
            Refusal::wanted("a filter such as {default: SECCOMP_RET_ALLOW, mount: SECCOMP_RET_ERRNO | EPERM}", rules).into()
        );
    };
    let mut default = None;
    let mut program = vec![
        // What comes by another architecture's entry has other numbers: nothing of it can be judged.
        load(ARCH),
        jump_unless_equal(AUDIT_ARCH, 1),
        jump(1),
        answer(libc::SECCOMP_RET_KILL_PROCESS),
        load(INSTRUCTION_POINTER),
        jump_unless_equal(gate as u32, 3),
        load(INSTRUCTION_POINTER + 4),
        jump_unless_equal((gate >> 32) as u32, 1),
        answer(libc::SECCOMP_RET_ALLOW),
        load(NUMBER),
    ];
    for (name, action) in rules {
        let action = integer(action).map_err(|refusal| Refusal(format!("the action of `{name}`: {}", refusal.0)))?;
        if name == "default" {
            default = Some(action);
            continue;
        }
        let number = syscall_numbers::number(name).ok_or_else(|| super::syscall::unknown(name))?;
        program.extend([jump_unless_equal(number, 1), answer(action)]);
    }
    let default = default.ok_or_else(|| Refusal("the filter has no `default`: add `default: SECCOMP_RET_ALLOW`".into()))?;
    program.push(answer(default));
    Ok(program)
}

// Where the kernel keeps what a filter judges; see struct seccomp_data in seccomp(2).
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const INSTRUCTION_POINTER: u32 = 8;

#[cfg(target_arch = "x86_64")]
const AUDIT_ARCH: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const AUDIT_ARCH: u32 = 0xc000_00b7;

fn load(offset: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16, jt: 0, jf: 0, k: offset }
}

fn jump_unless_equal(value: u32, over: u8) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16, jt: 0, jf: over, k: value }
}

fn jump(over: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_JMP | libc::BPF_JA) as u16, jt: 0, jf: 0, k: over }
}

fn answer(action: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: action }
}

/// Gives the process memory of its own to go on with: a filter may forbid brk and mmap, and the steps to come still need some.
fn keep_memory() {
    // SAFETY: mallopt(3) takes integers; with these, memory once given stays with the process.
    unsafe { libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX) };
    // SAFETY: as above; large pieces come from the same heap.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20) };
    drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 20)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the program answers; the few instructions that [`filter`] uses.
    fn judge(program: &[libc::sock_filter], number: u32, arch: u32, pointer: u64) -> u32 {
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            match u32::from(step.code) {
                0x20 => accumulator = [number, arch, pointer as u32, (pointer >> 32) as u32][step.k as usize / 4],
                0x15 => at += usize::from(if accumulator == step.k { step.jt } else { step.jf }),
                0x05 => at += step.k as usize,
                0x06 => return step.k,
                code => panic!("unknown instruction {code:#x}"),
            }
        }
    }

    #[test]
    fn a_filter_answers_by_name_and_lets_the_engine_through() {
        let gate = 0x5555_0000_1234_u64;
        let rules = Value::record([
            ("mount", Value::from(libc::SECCOMP_RET_ERRNO | 1)),
            ("default", Value::from(libc::SECCOMP_RET_ALLOW)),
            ("getppid", Value::from(libc::SECCOMP_RET_KILL_PROCESS)),
        ]);
        let program = filter(&rules, gate).expect("a good filter");
        let ask = |number: i64, pointer| judge(&program, number as u32, AUDIT_ARCH, pointer);
        assert_eq!(ask(libc::SYS_mount, 0), libc::SECCOMP_RET_ERRNO | 1);
        assert_eq!(ask(libc::SYS_getppid, gate ^ 1 << 40), libc::SECCOMP_RET_KILL_PROCESS);
        assert_eq!(ask(libc::SYS_getppid, gate + 1), libc::SECCOMP_RET_KILL_PROCESS);
        assert_eq!(ask(libc::SYS_getppid, gate), libc::SECCOMP_RET_ALLOW);
        assert_eq!(ask(libc::SYS_getpid, 0), libc::SECCOMP_RET_ALLOW);
        assert_eq!(judge(&program, 0, AUDIT_ARCH ^ 1, gate), libc::SECCOMP_RET_KILL_PROCESS);
    }

    #[test]
    fn a_filter_with_an_unknown_name_or_without_default_is_refused() {
        let unknown = Value::record([("default", Value::Int(0)), ("mout", Value::Int(0))]);
        let Err(Failure::Refused(message)) = filter(&unknown, 0) else { panic!("it was taken") };
        assert!(message.contains("`mount`"), "{message}");
        assert!(filter(&Value::record([("mount", Value::Int(0))]), 0).is_err());
    }
}
