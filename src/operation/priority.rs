//! How much of the processor and of the disks a process gets; see getpriority(2), ioprio_set(2).

use super::argument::Pid;
use super::entry::{call, constants};
use super::{Family, kernel};

/// Priorities.
pub static FAMILY: Family = Family {
    name: "priority",
    title: "Niceness",
    summary: "Niceness goes from -20, the most of the processor, to 19, the least; children inherit it. Everybody may become nicer; to become \
        less nice takes CAP_SYS_NICE in the initial user namespace, which nobody in a world has, or RLIMIT_NICE.",
    calls: &[&NICE, &GETPRIORITY, &SETPRIORITY, &IOPRIO_GET, &IOPRIO_SET],
    constants: &[&PriorityWho::GROUP, &IoPrioWho::GROUP, &IoPrio::GROUP],
    structs: &[],
};

constants! {
    /// whose priority
    choice PriorityWho(i32) {
        PRIO_PROCESS = 0, "that of a process; 0 for the caller";
        PRIO_PGRP = 1, "that of all in a process group; 0 for the caller's own";
        PRIO_USER = 2, "that of all of a user; 0 for the caller's own";
    }
    /// whose I/O priority
    choice IoPrioWho(i32) {
        IOPRIO_WHO_PROCESS = 1, "that of a process or thread; 0 for the caller";
        IOPRIO_WHO_PGRP = 2, "that of all in a process group; 0 for the caller's own";
        IOPRIO_WHO_USER = 3, "that of all of a user";
    }
    /// classes of I/O priority, to be joined with a level from 0, the most, to 7
    flags IoPrio(i32) {
        IOPRIO_CLASS_NONE = 0, "as the niceness says";
        IOPRIO_CLASS_RT = 1 << 13, "before all others; needs CAP_SYS_ADMIN or CAP_SYS_NICE in the initial user namespace";
        IOPRIO_CLASS_BE = 2 << 13, "best effort; the headers have these classes without their place, 13 bits up";
        IOPRIO_CLASS_IDLE = 3 << 13, "only when nobody else wants the disk";
    }
}

call! {
    /// Adds to the caller's niceness, and gives what it is then.
    fn nice(inc: i32) -> i32 {
        let mut niceness = 0;
        kernel(|| {
            // SAFETY: the address of the calling thread's errno is always good.
            let errno = unsafe { libc::__errno_location() };
            // -1 is a niceness as well as the sign of an error.
            // SAFETY: as above.
            unsafe { errno.write(0) };
            // SAFETY: nice(2) takes an integer.
            niceness = unsafe { libc::nice(inc) };
            // SAFETY: as above.
            if niceness == -1 && unsafe { errno.read() } != 0 { -1 } else { 0 }
        })?;
        Ok(niceness)
    }
    const NICE: "nice(2)";
    traits: [Local];
    blocks: "never";
    errors: { EPERM: "less nice, without CAP_SYS_NICE in the initial user namespace" };
    example: "a: nice(5)   -> 5
a: nice(-1)  -> EPERM
a: child = fork()
child: nice(0) -> 5";
}

call! {
    /// Gives the niceness of a process; of a group or a user, that of the least nice.
    fn getpriority(which: PriorityWho, who: Pid = 0) -> i64 {
        // The system call gives 20 less the niceness, so that no error looks like one.
        // SAFETY: getpriority(2) takes integers only.
        Ok(20 - kernel(|| unsafe { libc::syscall(libc::SYS_getpriority, which.0, who.0) })?)
    }
    const GETPRIORITY: "getpriority(2)";
    traits: [Local, ReadOnly];
    touches: [reads process];
    blocks: "never";
    errors: {
        EINVAL: "which is none of PRIO_PROCESS, PRIO_PGRP and PRIO_USER",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: child = fork()
child: nice(7)
a: getpriority(PRIO_PROCESS, child) -> 7
a: getpriority(PRIO_PGRP)           -> 0
a: getpriority(9)                   -> EINVAL";
}

call! {
    /// Sets the niceness of a process, of a group, or of all processes of a user.
    fn setpriority(which: PriorityWho, who: Pid, prio: i32) -> () {
        // SAFETY: setpriority(2) takes integers only.
        kernel(|| unsafe { libc::syscall(libc::SYS_setpriority, which.0, who.0, prio) })?;
        Ok(())
    }
    const SETPRIORITY: "setpriority(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EACCES: "less nice, without CAP_SYS_NICE in the initial user namespace",
        EPERM: "the process is another user's",
        EINVAL: "which is none of PRIO_PROCESS, PRIO_PGRP and PRIO_USER",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: child = fork()
a: setpriority(PRIO_PROCESS, child, 19)
child: getpriority(PRIO_PROCESS)         -> 19
child: setpriority(PRIO_PROCESS, 0, 18)  -> EACCES";
}

call! {
    /// Gives the I/O priority of a process: a class and a level.
    fn ioprio_get(which: IoPrioWho, who: Pid = 0) -> IoPrio {
        // SAFETY: ioprio_get(2) takes integers only.
        let priority = kernel(|| unsafe { libc::syscall(libc::SYS_ioprio_get, which.0, who.0) })?;
        Ok(IoPrio(i32::try_from(priority).unwrap_or(i32::MAX)))
    }
    const IOPRIO_GET: "ioprio_get(2)";
    traits: [Local, ReadOnly];
    touches: [reads process];
    blocks: "never";
    errors: {
        EINVAL: "an unknown which",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_IDLE)
a: child = fork()
child: ioprio_get(IOPRIO_WHO_PROCESS) -> IOPRIO_CLASS_IDLE";
}

call! {
    /// Sets the I/O priority of a process: a class joined with a level.
    fn ioprio_set(which: IoPrioWho, who: Pid, ioprio: IoPrio) -> () {
        // SAFETY: ioprio_set(2) takes integers only.
        kernel(|| unsafe { libc::syscall(libc::SYS_ioprio_set, which.0, who.0, ioprio.0) })?;
        Ok(())
    }
    const IOPRIO_SET: "ioprio_set(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EINVAL: "an unknown which or class, or a level above 7",
        EPERM: "IOPRIO_CLASS_RT without CAP_SYS_ADMIN or CAP_SYS_NICE in the initial user namespace, or another user's process",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_BE | 7)
a: ioprio_get(IOPRIO_WHO_PROCESS, a)                       -> IOPRIO_CLASS_BE | 7
a: ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_RT)      -> EPERM";
}
