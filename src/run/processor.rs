//! Processors: which one a worker and its worlds keep to, and how they are scheduled there.

use super::stage::Scheduling;

/// The processor that worker `number` keeps to: a sandbox's processes belong on one, sandboxes side by side on different ones.
pub fn own_processor(number: usize) -> Option<usize> {
    // SAFETY: cpu_set_t is plain bits, for which zero is a value.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: sched_getaffinity(2) fills a local set, whose size it is told.
    if unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) } != 0 {
        return None;
    }
    // SAFETY: CPU_ISSET reads a bit of the set, for numbers below its size.
    let allowed: Vec<usize> = (0..libc::CPU_SETSIZE as usize).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) }).collect();
    allowed.get(number.checked_rem(allowed.len())?).copied()
}

/// Keeps the calling process, and what it forks, to one processor.
pub fn pin(processor: usize) {
    // SAFETY: as in `own_processor`.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `processor` came out of such a set.
    unsafe { libc::CPU_SET(processor, &mut set) };
    // SAFETY: sched_setaffinity(2) reads a local set, whose size it is told. Where it is refused, all still works, only slower.
    unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) };
}

/// Gives the outer world, and all that comes of it, precedence on its processor, where that is allowed.
pub fn prefer(pid: i32, scheduling: Scheduling) {
    if scheduling == Scheduling::Fifo {
        let parameters = libc::sched_param { sched_priority: 2 };
        // SAFETY: sched_setscheduler(2) reads a local variable. A refusal is no matter: there is a way without.
        unsafe { libc::sched_setscheduler(pid, libc::SCHED_FIFO, &raw const parameters) };
    }
}
