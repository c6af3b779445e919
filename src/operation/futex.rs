//! Futexes: waiting for a word of memory to change, the ground of all locks of the C library; see futex(2), futex(7).

use super::argument::{Address, Limit, Timeout};
use super::entry::{call, constants};
use super::{Failure, Family, Refusal, kernel};
use std::ptr::from_ref;

/// Futexes.
pub static FAMILY: Family = Family {
    name: "futex",
    title: "Futexes",
    summary: "A futex is 4 bytes of memory, aligned, and a queue in the kernel that exists only while somebody waits there. FUTEX_WAIT sleeps if the \
        word still has the value that the caller has seen, both at once, so that no wake-up is lost; FUTEX_WAKE wakes those who sleep. The \
        word itself changes in user space, where the kernel has no part in it: a lock that nobody wants costs no system call.",
    calls: &[&FUTEX],
    constants: &[&FutexOperation::GROUP, &FutexBits::GROUP],
    structs: &[],
};

constants! {
    /// operations of futex
    flags FutexOperation(i32) {
        FUTEX_WAIT, "sleep if the word is `val`; `timeout` counts from now";
        FUTEX_WAKE, "wake at most `val` of those who sleep; gives how many";
        FUTEX_FD, "of no use any more: ENOSYS";
        FUTEX_REQUEUE, "wake `val`, and let at most `val2` of the others sleep on `uaddr2`";
        FUTEX_CMP_REQUEUE, "the same, if the word is `val3`; gives how many were woken or moved";
        FUTEX_WAKE_OP, "change the word at `uaddr2` as `val3` says, wake `val` here, and `val2` there if its old value was as `val3` says";
        FUTEX_LOCK_PI, "lock: the word becomes the caller's thread id; the owner inherits the priority of who waits";
        FUTEX_UNLOCK_PI, "unlock";
        FUTEX_TRYLOCK_PI, "lock, or fail with EAGAIN";
        FUTEX_WAIT_BITSET, "as FUTEX_WAIT, for wakes whose bits meet those of `val3`; `timeout` is a deadline";
        FUTEX_WAKE_BITSET, "wake those whose bits meet those of `val3`";
        FUTEX_WAIT_REQUEUE_PI, "sleep on a plain futex, to be moved to the lock at `uaddr2`";
        FUTEX_CMP_REQUEUE_PI, "wake one and move the others to the lock at `uaddr2`";
        FUTEX_LOCK_PI2 = 13, "as FUTEX_LOCK_PI, with a deadline by the monotonic clock";
        FUTEX_WAIT_PRIVATE = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, "FUTEX_WAIT, threads of one process only";
        FUTEX_WAKE_PRIVATE = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, "FUTEX_WAKE, threads of one process only";
        FUTEX_REQUEUE_PRIVATE = libc::FUTEX_REQUEUE | libc::FUTEX_PRIVATE_FLAG, "FUTEX_REQUEUE, threads of one process only";
        FUTEX_CMP_REQUEUE_PRIVATE = libc::FUTEX_CMP_REQUEUE | libc::FUTEX_PRIVATE_FLAG, "FUTEX_CMP_REQUEUE, threads of one process only";
        FUTEX_WAKE_OP_PRIVATE = libc::FUTEX_WAKE_OP | libc::FUTEX_PRIVATE_FLAG, "FUTEX_WAKE_OP, threads of one process only";
        FUTEX_LOCK_PI_PRIVATE = libc::FUTEX_LOCK_PI | libc::FUTEX_PRIVATE_FLAG, "FUTEX_LOCK_PI, threads of one process only";
        FUTEX_LOCK_PI2_PRIVATE = 13 | libc::FUTEX_PRIVATE_FLAG, "FUTEX_LOCK_PI2, threads of one process only";
        FUTEX_UNLOCK_PI_PRIVATE = libc::FUTEX_UNLOCK_PI | libc::FUTEX_PRIVATE_FLAG, "FUTEX_UNLOCK_PI, threads of one process only";
        FUTEX_TRYLOCK_PI_PRIVATE = libc::FUTEX_TRYLOCK_PI | libc::FUTEX_PRIVATE_FLAG, "FUTEX_TRYLOCK_PI, threads of one process only";
        FUTEX_WAIT_BITSET_PRIVATE = libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG, "FUTEX_WAIT_BITSET, threads of one process only";
        FUTEX_WAKE_BITSET_PRIVATE = libc::FUTEX_WAKE_BITSET | libc::FUTEX_PRIVATE_FLAG, "FUTEX_WAKE_BITSET, threads of one process only";
        FUTEX_WAIT_REQUEUE_PI_PRIVATE = libc::FUTEX_WAIT_REQUEUE_PI | libc::FUTEX_PRIVATE_FLAG, "FUTEX_WAIT_REQUEUE_PI, threads of one process only";
        FUTEX_CMP_REQUEUE_PI_PRIVATE = libc::FUTEX_CMP_REQUEUE_PI | libc::FUTEX_PRIVATE_FLAG, "FUTEX_CMP_REQUEUE_PI, threads of one process only";
        FUTEX_PRIVATE_FLAG, "threads of one process only";
        FUTEX_CLOCK_REALTIME, "the deadline is by the time of day";
    }
    /// bits of futex words and of val3
    flags FutexBits(u32) {
        FUTEX_WAITERS, "in the word of a lock: somebody waits in the kernel";
        FUTEX_OWNER_DIED, "in the word of a lock: its owner has ended";
        FUTEX_TID_MASK, "in the word of a lock: the thread id of its owner";
        FUTEX_BITSET_MATCH_ANY = 0xffff_ffff_u32, "all bits";
    }
}

call! {
    /// Waits for a word of memory, wakes those who wait, or moves them to another word.
    ///
    /// The fourth argument is `timeout` for those operations that sleep, and the number `val2` for those that move. Where C takes a
    /// deadline, write how long from now.
    fn futex(uaddr: Address, futex_op: FutexOperation, val: u32 = 0, timeout: Timeout = 0, uaddr2: Address = 0, val3: u32 = 0) -> i64 {
        let operation = futex_op.0 & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME);
        let time_of_day = futex_op.0 & libc::FUTEX_CLOCK_REALTIME != 0;
        let (limit, val2) = match operation {
            libc::FUTEX_WAIT => (timeout.timespec(), 0),
            libc::FUTEX_LOCK_PI => (timeout.deadline(libc::CLOCK_REALTIME), 0),
            libc::FUTEX_WAIT_BITSET | libc::FUTEX_WAIT_REQUEUE_PI | LOCK_PI2 => {
                (timeout.deadline(if time_of_day { libc::CLOCK_REALTIME } else { libc::CLOCK_MONOTONIC }), 0)
            }
            _ => (None, number(timeout)?),
        };
        let fourth = limit.as_ref().map_or(val2, |limit| from_ref(limit).expose_provenance());
        // SAFETY: futex(2) reads the limit, which outlives the call, and works on words that the script names; where there is none,
        // it fails.
        Ok(kernel(|| unsafe { libc::syscall(libc::SYS_futex, uaddr.0, futex_op.0, val, fourth, uaddr2.0, val3) })?)
    }
    const FUTEX: "futex(2)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "an operation that sleeps: until somebody wakes the caller, or the time is over; a lock: while it has an owner";
    errors: {
        EAGAIN: "the word is not `val` (or `val3`) any more; FUTEX_TRYLOCK_PI, and the lock has an owner",
        ETIMEDOUT: "the time was over",
        EINTR: "a signal, handled or not, ended the sleep",
        EINVAL: "the address is not a multiple of 4, bits of `val3` are all 0, or a word does not fit what sleeps there",
        EFAULT: "nothing is mapped at the address",
        EPERM: "FUTEX_UNLOCK_PI, and the caller is not the owner",
        EDEADLK: "FUTEX_LOCK_PI, and the caller is the owner, or the chain of owners leads back to it",
        ESRCH: "FUTEX_LOCK_PI, and the owner in the word is no thread",
        EACCES: "no permission to read the word",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
        ENOSYS: "no such operation, or FUTEX_CLOCK_REALTIME where it means nothing",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: child = fork()
child: futex(p, FUTEX_WAIT, 1)      -> EAGAIN
child: futex(p, FUTEX_WAIT, 0)      -> blocks
a: store(p, u32, 1)                 # the word alone wakes nobody
a: futex(p, FUTEX_WAKE, 1)          -> 1
child: resumes                      -> 0
child: futex(p, FUTEX_WAIT, 1, 10ms) -> ETIMEDOUT
a: futex(p + 4, FUTEX_LOCK_PI)
a: load(p + 4, u32)                 -> a";
}

const LOCK_PI2: i32 = 13;

/// A bare number where an operation takes one.
fn number(given: Timeout) -> Result<usize, Failure> {
    match given.0 {
        None => Ok(0),
        Some(Limit::Units(number)) => Ok(usize::try_from(number).unwrap_or(usize::MAX)),
        Some(Limit::Nanoseconds(_)) => {
            Err(Refusal("this operation of `futex` takes a number there, and does not wait".into()).into())
        }
    }
}
