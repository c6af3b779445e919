//! Which process runs when, and on which processor; see sched(7).

use super::argument::Pid;
use super::entry::{call, constants, structure};
use super::time::Timespec;
use super::{Family, Refusal, kernel};

/// Scheduling.
pub static FAMILY: Family = Family {
    name: "schedule",
    title: "Scheduling",
    summary: "SCHED_FIFO, SCHED_RR and SCHED_DEADLINE are for real time: who has one of them runs before all others, and needs CAP_SYS_NICE in \
        the initial user namespace, which nobody in a world has. SCHED_OTHER, SCHED_BATCH and SCHED_IDLE are for the rest. The \
        actors of a scenario keep to one processor; which one differs from run to run, so ask first.",
    calls: &[
        &SCHED_YIELD,
        &SCHED_SETSCHEDULER,
        &SCHED_GETSCHEDULER,
        &SCHED_SETPARAM,
        &SCHED_GETPARAM,
        &SCHED_SETATTR,
        &SCHED_GETATTR,
        &SCHED_GET_PRIORITY_MAX,
        &SCHED_GET_PRIORITY_MIN,
        &SCHED_RR_GET_INTERVAL,
        &SCHED_SETAFFINITY,
        &SCHED_GETAFFINITY,
        &SCHED_GETCPU,
    ],
    constants: &[&Policy::GROUP, &SchedFlags::GROUP],
    structs: &[&SchedParam::STRUCTURE, &SchedAttr::STRUCTURE, &Timespec::STRUCTURE],
};

constants! {
    /// scheduling policies
    flags Policy(i32) {
        SCHED_OTHER, "fair shares, weighed by niceness; the kernel calls it SCHED_NORMAL";
        SCHED_FIFO, "real time: runs until it blocks, or one of a higher priority can run";
        SCHED_RR, "like SCHED_FIFO, in turns with others of its priority";
        SCHED_BATCH, "like SCHED_OTHER, for work that nobody waits for";
        SCHED_IDLE, "only when nobody else wants the processor";
        SCHED_DEADLINE, "real time: so much in each period, by a deadline; with sched_setattr";
        SCHED_RESET_ON_FORK, "joined with a policy: children start with SCHED_OTHER";
    }
    /// sched_flags of a sched_attr
    flags SchedFlags(u64) {
        SCHED_FLAG_RESET_ON_FORK, "children start with SCHED_OTHER";
        SCHED_FLAG_RECLAIM, "SCHED_DEADLINE: take over what others leave";
        SCHED_FLAG_DL_OVERRUN, "SCHED_DEADLINE: SIGXCPU when more was used than asked for";
        SCHED_FLAG_KEEP_POLICY, "leave the policy as it is";
        SCHED_FLAG_KEEP_PARAMS, "leave priority and niceness as they are";
        SCHED_FLAG_UTIL_CLAMP_MIN, "sched_util_min holds";
        SCHED_FLAG_UTIL_CLAMP_MAX, "sched_util_max holds";
        SCHED_FLAG_KEEP_ALL = 0x18, "SCHED_FLAG_KEEP_POLICY and SCHED_FLAG_KEEP_PARAMS";
        SCHED_FLAG_UTIL_CLAMP = 0x60, "SCHED_FLAG_UTIL_CLAMP_MIN and SCHED_FLAG_UTIL_CLAMP_MAX";
        SCHED_FLAG_ALL = 0x7f, "all of them";
    }
}

structure! {
    /// The priority of a real-time policy, 1 to 99; 0 for the others.
    SchedParam = "sched_param" { sched_priority: i32 }
    /// A policy with all that belongs to it. `size` may be left out; times are nanoseconds.
    SchedAttr = "sched_attr" {
        size: u32, sched_policy: Policy, sched_flags: SchedFlags, sched_nice: i32, sched_priority: u32, sched_runtime: u64,
        sched_deadline: u64, sched_period: u64, sched_util_min: u32, sched_util_max: u32
    }
}

call! {
    /// Lets others run first.
    fn sched_yield() -> () {
        // SAFETY: sched_yield(2) takes nothing. The system call is made directly, so that what a filter answers is seen.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_yield) })?;
        Ok(())
    }
    const SCHED_YIELD: "sched_yield(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: sched_yield()";
}

call! {
    /// Sets policy and priority of a process; 0 stands for the caller.
    fn sched_setscheduler(pid: Pid, policy: Policy, param: SchedParam) -> () {
        let param = libc::sched_param { sched_priority: param.sched_priority };
        // SAFETY: sched_setscheduler(2) reads `param`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_setscheduler, pid.0, policy.0, &raw const param) })?;
        Ok(())
    }
    const SCHED_SETSCHEDULER: "sched_setscheduler(2)";
    traits: [Local, Schedules];
    blocks: "never";
    errors: {
        EINVAL: "an unknown policy, or a priority that the policy does not have",
        EPERM: "a real-time policy without CAP_SYS_NICE in the initial user namespace, or another user's process",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: sched_setscheduler(0, SCHED_BATCH, {0})
a: sched_getscheduler(0)                  -> SCHED_BATCH
a: sched_setscheduler(0, SCHED_BATCH, {1}) -> EINVAL
a: sched_setscheduler(0, SCHED_FIFO, {1}) -> EPERM";
}

call! {
    /// Gives the policy of a process; 0 stands for the caller.
    fn sched_getscheduler(pid: Pid = 0) -> Policy {
        // SAFETY: sched_getscheduler(2) takes an integer.
        let policy = kernel(|| unsafe { libc::syscall(libc::SYS_sched_getscheduler, pid.0) })?;
        Ok(Policy(i32::try_from(policy).unwrap_or(i32::MAX)))
    }
    const SCHED_GETSCHEDULER: "sched_getscheduler(2)";
    traits: [Local, ReadOnly, Schedules];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "a negative pid",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: sched_getscheduler()   -> SCHED_OTHER
a: sched_getscheduler(-1) -> EINVAL";
}

call! {
    /// Sets the priority of a process within its policy; 0 stands for the caller.
    fn sched_setparam(pid: Pid, param: SchedParam) -> () {
        let param = libc::sched_param { sched_priority: param.sched_priority };
        // SAFETY: sched_setparam(2) reads `param`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_setparam, pid.0, &raw const param) })?;
        Ok(())
    }
    const SCHED_SETPARAM: "sched_setparam(2)";
    traits: [Local, Schedules];
    blocks: "never";
    errors: {
        EINVAL: "a priority that the policy does not have",
        EPERM: "a higher one without CAP_SYS_NICE in the initial user namespace, or another user's process",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: sched_setparam(0, {0})
a: sched_setparam(0, {1}) -> EINVAL";
}

call! {
    /// Gives the priority of a process within its policy; 0 stands for the caller.
    fn sched_getparam(pid: Pid = 0) -> SchedParam {
        let mut param = libc::sched_param { sched_priority: 0 };
        // SAFETY: sched_getparam(2) fills `param`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_getparam, pid.0, &raw mut param) })?;
        Ok(SchedParam { sched_priority: param.sched_priority })
    }
    const SCHED_GETPARAM: "sched_getparam(2)";
    traits: [Local, ReadOnly, Schedules];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "a negative pid",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: sched_getparam() -> {sched_priority: 0}";
}

call! {
    /// Sets policy, niceness, priority and times of a process; 0 stands for the caller.
    fn sched_setattr(pid: Pid, attr: SchedAttr, flags: u32 = 0) -> () {
        // SAFETY: sched_attr is plain integers, for which zero is a value.
        let mut raw: libc::sched_attr = unsafe { std::mem::zeroed() };
        raw.size = if attr.size == 0 { size_of::<libc::sched_attr>() as u32 } else { attr.size };
        raw.sched_policy = attr.sched_policy.0.cast_unsigned();
        raw.sched_flags = attr.sched_flags.0;
        raw.sched_nice = attr.sched_nice;
        raw.sched_priority = attr.sched_priority;
        raw.sched_runtime = attr.sched_runtime;
        raw.sched_deadline = attr.sched_deadline;
        raw.sched_period = attr.sched_period;
        if raw.size as usize > size_of::<libc::sched_attr>() {
            return Err(Refusal("`size` is that of a struct sched_attr, or is left out".into()).into());
        }
        // SAFETY: sched_setattr(2) reads as much of `raw` as its size says, which is not more than there is.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_setattr, pid.0, &raw const raw, flags) })?;
        Ok(())
    }
    const SCHED_SETATTR: "sched_setattr(2)";
    traits: [Local, Schedules];
    blocks: "never";
    errors: {
        EINVAL: "an unknown policy or flag, or a priority or times that the policy does not have",
        EPERM: "a real-time policy, or less niceness, without CAP_SYS_NICE in the initial user namespace",
        EBUSY: "SCHED_DEADLINE, and the processors have not so much time to promise",
        E2BIG: "the size is not one that the kernel knows",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: sched_setattr(0, {sched_policy: SCHED_OTHER, sched_nice: 7})
a: getpriority(PRIO_PROCESS)  -> 7
a: sched_setattr(0, {sched_policy: SCHED_RR, sched_priority: 1}) -> EPERM";
}

call! {
    /// Gives policy, niceness, priority and times of a process; 0 stands for the caller.
    fn sched_getattr(pid: Pid = 0, flags: u32 = 0) -> SchedAttr {
        // SAFETY: sched_attr is plain integers, for which zero is a value.
        let mut raw: libc::sched_attr = unsafe { std::mem::zeroed() };
        let size = size_of::<libc::sched_attr>();
        // SAFETY: sched_getattr(2) fills `raw`, whose size it is told.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_getattr, pid.0, &raw mut raw, size, flags) })?;
        Ok(SchedAttr {
            size: raw.size,
            sched_policy: Policy(raw.sched_policy.cast_signed()),
            sched_flags: SchedFlags(raw.sched_flags),
            sched_nice: raw.sched_nice,
            sched_priority: raw.sched_priority,
            sched_runtime: raw.sched_runtime,
            sched_deadline: raw.sched_deadline,
            sched_period: raw.sched_period,
            sched_util_min: 0,
            sched_util_max: 0,
        })
    }
    const SCHED_GETATTR: "sched_getattr(2)";
    traits: [Local, ReadOnly, Schedules];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "flags is not 0, or a negative pid",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: nice(3)
a: sched_getattr() -> {sched_policy: SCHED_OTHER, sched_nice: 3, sched_priority: 0}";
}

/// The two bounds of a policy's priorities differ in name only.
macro_rules! priority_bound {
    ($entry:ident $name:ident $call:expr, $man:literal $summary:literal $example:literal) => {
        call! {
            #[doc = $summary]
            fn $name(policy: Policy) -> i64 {
                // SAFETY: the call takes an integer.
                Ok(kernel(|| unsafe { libc::syscall($call, policy.0) })?)
            }
            const $entry: $man;
            traits: [Local, ReadOnly];
            blocks: "never";
            errors: { EINVAL: "an unknown policy" };
            example: $example;
        }
    };
}

priority_bound!(SCHED_GET_PRIORITY_MAX sched_get_priority_max libc::SYS_sched_get_priority_max, "sched_get_priority_max(2)"
    " Gives the highest priority of a policy."
    "a: sched_get_priority_max(SCHED_FIFO)  -> 99
a: sched_get_priority_max(SCHED_OTHER) -> 0
a: sched_get_priority_max(99)          -> EINVAL");
priority_bound!(SCHED_GET_PRIORITY_MIN sched_get_priority_min libc::SYS_sched_get_priority_min, "sched_get_priority_min(2)"
    " Gives the lowest priority of a policy."
    "a: sched_get_priority_min(SCHED_RR)   -> 1
a: sched_get_priority_min(SCHED_IDLE) -> 0");

call! {
    /// Gives how long the turn of a process is: under SCHED_RR, a constant of the system; under SCHED_FIFO 0, for it has no turns.
    fn sched_rr_get_interval(pid: Pid = 0) -> Timespec {
        let mut turn = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: sched_rr_get_interval(2) fills `turn`, which outlives the call.
        kernel(|| unsafe { libc::sched_rr_get_interval(pid.0, &raw mut turn) })?;
        Ok(Timespec::read(turn))
    }
    const SCHED_RR_GET_INTERVAL: "sched_rr_get_interval(2)";
    traits: [Local, ReadOnly, Schedules];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "a negative pid",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: sched_rr_get_interval()   -> {tv_sec: 0}
a: sched_rr_get_interval(-1) -> EINVAL";
}

/// As many processors as the kernel can be asked for here, in bits.
const PROCESSORS: usize = 8192;

call! {
    /// Says on which processors a process may run, as a list of their numbers; 0 stands for the caller.
    fn sched_setaffinity(pid: Pid, mask: Vec<usize>) -> () {
        let mut set = [0u64; PROCESSORS / 64];
        for processor in mask {
            match set.get_mut(processor / 64) {
                Some(word) => *word |= 1 << (processor % 64),
                None => return Err(Refusal(format!("processors are numbered from 0, and {processor} is too high")).into()),
            }
        }
        // SAFETY: sched_setaffinity(2) reads `set`, whose size it is told.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_setaffinity, pid.0, size_of_val(&set), &raw const set) })?;
        Ok(())
    }
    const SCHED_SETAFFINITY: "sched_setaffinity(2)";
    traits: [Local, Schedules];
    blocks: "never";
    errors: {
        EINVAL: "none of the processors exists, or none is in the caller's cpuset",
        EPERM: "another user's process",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: here = sched_getaffinity()
a: sched_setaffinity(0, [here[0]])
a: sched_getcpu()           -> here[0]
a: sched_setaffinity(0, []) -> EINVAL";
}

call! {
    /// Gives the numbers of the processors on which a process may run; 0 stands for the caller.
    fn sched_getaffinity(pid: Pid = 0) -> Vec<usize> {
        let mut set = [0u64; PROCESSORS / 64];
        // SAFETY: sched_getaffinity(2) fills `set`, whose size it is told.
        kernel(|| unsafe { libc::syscall(libc::SYS_sched_getaffinity, pid.0, size_of_val(&set), &raw mut set) })?;
        let member = |processor: &usize| set.get(processor / 64).is_some_and(|word| word >> (processor % 64) & 1 == 1);
        Ok((0..PROCESSORS).filter(member).collect())
    }
    const SCHED_GETAFFINITY: "sched_getaffinity(2)";
    traits: [Local, ReadOnly, Schedules];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "the system has more processors than the set has bits",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: here = sched_getaffinity()
a: child = fork()
child: sched_getaffinity()  -> here";
}

call! {
    /// Gives the number of the processor on which the caller runs.
    fn sched_getcpu() -> i32 {
        // SAFETY: sched_getcpu(3) takes nothing.
        Ok(kernel(|| unsafe { libc::sched_getcpu() })?)
    }
    const SCHED_GETCPU: "sched_getcpu(3)";
    traits: [Local, ReadOnly, Schedules];
    touches: [];
    blocks: "never";
    errors: { ENOSYS: "not supported on this machine" };
    example: "a: sched_getcpu() -> >= 0";
}
