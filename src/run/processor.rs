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

/// Offers the outer world, and all that comes of it, to the kernel as the first to be ended when memory runs out. Written by root, the
/// world cannot take it back; see proc_pid_oom_score_adj(5).
pub fn offer(pid: i32) {
    // Where it is refused, the largest process is chosen, which is the same in nearly all cases.
    let _ = std::fs::write(format!("/proc/{pid}/oom_score_adj"), "1000");
}

/// Gives the outer world, and all that comes of it, precedence on its processor, where that is allowed. Its first process stands above
/// the actors: to be killed it must run once more, and an actor that never sleeps would keep it from that for ever.
pub fn prefer(pid: i32, scheduling: Scheduling) {
    if scheduling == Scheduling::Fifo {
        let parameters = libc::sched_param { sched_priority: 3 };
        // SAFETY: sched_setscheduler(2) reads a local variable. A refusal is no matter: there is a way without.
        unsafe { libc::sched_setscheduler(pid, libc::SCHED_FIFO, &raw const parameters) };
    }
}
