//! What a process and its children have used; see getrusage(2), times(2).

use super::entry::{call, constants, structure};
use super::time::Timeval;
use super::{Family, kernel};

/// What processes have used.
pub static FAMILY: Family = Family {
    name: "usage",
    title: "What processes have used",
    summary: "The kernel counts for each process the processor time, the faults of its pages, the switches to others, and what it read and \
        wrote. What children used is added to their parent's account when it has waited for them: those that nobody waits for are \
        lost to it.",
    calls: &[&GETRUSAGE, &TIMES],
    constants: &[&UsageOf::GROUP],
    structs: &[&Rusage::STRUCTURE, &Timeval::STRUCTURE, &Tms::STRUCTURE],
};

constants! {
    /// whose usage
    choice UsageOf(i32) {
        RUSAGE_SELF, "that of the caller, all its threads";
        RUSAGE_CHILDREN, "that of the children that were waited for, and theirs";
        RUSAGE_THREAD, "that of the calling thread";
    }
}

structure! {
    /// What was used. Linux keeps `ru_ixrss`, `ru_idrss`, `ru_isrss`, `ru_nswap`, `ru_msgsnd`, `ru_msgrcv` and `ru_nsignals` at 0.
    Rusage = "rusage" {
        ru_utime: Timeval, ru_stime: Timeval, ru_maxrss: i64, ru_ixrss: i64, ru_idrss: i64, ru_isrss: i64, ru_minflt: i64, ru_majflt: i64,
        ru_nswap: i64, ru_inblock: i64, ru_oublock: i64, ru_msgsnd: i64, ru_msgrcv: i64, ru_nsignals: i64, ru_nvcsw: i64, ru_nivcsw: i64
    }
    /// Processor times in ticks of a hundredth of a second, the caller's and that of the children that it waited for.
    ///
    /// `elapsed` is what the call itself gives in C: ticks since some point in the past.
    Tms = "tms" { tms_utime: i64, tms_stime: i64, tms_cutime: i64, tms_cstime: i64, elapsed: i64 }
}

call! {
    /// Gives what the caller, or the children that it waited for, have used.
    fn getrusage(who: UsageOf) -> Rusage {
        let mut usage = blank();
        // SAFETY: getrusage(2) fills `usage`, which outlives the call.
        kernel(|| unsafe { libc::getrusage(who.0, &raw mut usage) })?;
        Ok(Rusage::read(&usage))
    }
    const GETRUSAGE: "getrusage(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "who is none of RUSAGE_SELF, RUSAGE_CHILDREN and RUSAGE_THREAD" };
    example: "a: getrusage(RUSAGE_CHILDREN) -> {ru_maxrss: 0}
a: child = fork()
child: exit(0)
a: getrusage(RUSAGE_CHILDREN) -> {ru_maxrss: 0}    # nobody has waited for it
a: waitpid(child)
a: getrusage(RUSAGE_CHILDREN) -> {ru_maxrss: > 0, ru_nsignals: 0}";
}

call! {
    /// Gives the processor times of the caller and of the children that it waited for.
    fn times() -> Tms {
        // SAFETY: tms is plain integers, for which zero is a value.
        let mut used: libc::tms = unsafe { std::mem::zeroed() };
        // SAFETY: times(2) fills `used`, which outlives the call.
        let elapsed = kernel(|| unsafe { libc::times(&raw mut used) })?;
        Ok(Tms {
            tms_utime: used.tms_utime,
            tms_stime: used.tms_stime,
            tms_cutime: used.tms_cutime,
            tms_cstime: used.tms_cstime,
            elapsed,
        })
    }
    const TIMES: "times(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: times() -> {tms_cutime: 0, tms_cstime: 0, elapsed: > 0}";
}

impl Rusage {
    /// As the kernel filled it.
    pub fn read(usage: &libc::rusage) -> Self {
        Self {
            ru_utime: Timeval::read(usage.ru_utime),
            ru_stime: Timeval::read(usage.ru_stime),
            ru_maxrss: usage.ru_maxrss,
            ru_ixrss: usage.ru_ixrss,
            ru_idrss: usage.ru_idrss,
            ru_isrss: usage.ru_isrss,
            ru_minflt: usage.ru_minflt,
            ru_majflt: usage.ru_majflt,
            ru_nswap: usage.ru_nswap,
            ru_inblock: usage.ru_inblock,
            ru_oublock: usage.ru_oublock,
            ru_msgsnd: usage.ru_msgsnd,
            ru_msgrcv: usage.ru_msgrcv,
            ru_nsignals: usage.ru_nsignals,
            ru_nvcsw: usage.ru_nvcsw,
            ru_nivcsw: usage.ru_nivcsw,
        }
    }
}

/// A structure for the kernel to fill.
pub fn blank() -> libc::rusage {
    // SAFETY: rusage is plain integers, for which zero is a value.
    unsafe { std::mem::zeroed() }
}
