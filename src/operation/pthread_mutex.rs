//! Mutexes of POSIX threads, which processes can share; see pthread_mutex_init(3), pthread_mutexattr_setrobust(3).

use super::argument::{Address, Timeout};
use super::entry::{call, constants, structure};
use super::thread::by_number;
use super::{Failure, Family};
use crate::value::Errno;
use std::ptr::{from_ref, null, with_exposed_provenance_mut};

/// Mutexes.
pub static FAMILY: Family = Family {
    name: "pthread_mutex",
    title: "Mutexes",
    summary: "A mutex is 40 bytes of memory that know their owner: one thread locks it, the same unlocks it, and who comes meanwhile waits \
        in the kernel, by a futex. With `pshared`, and in shared memory, it works between processes. A semaphore stays taken when its \
        taker ends; of a *robust* mutex the kernel knows: each thread has a list of those that it holds, and at its end the next in line \
        gets the mutex with EOWNERDEAD.",
    calls: &[
        &PTHREAD_MUTEX_INIT,
        &PTHREAD_MUTEX_LOCK,
        &PTHREAD_MUTEX_TRYLOCK,
        &PTHREAD_MUTEX_TIMEDLOCK,
        &PTHREAD_MUTEX_UNLOCK,
        &PTHREAD_MUTEX_CONSISTENT,
        &PTHREAD_MUTEX_DESTROY,
    ],
    constants: &[&MutexType::GROUP, &ProcessShared::GROUP, &Robustness::GROUP, &Protocol::GROUP],
    structs: &[&MutexAttributes::STRUCTURE],
};

constants! {
    /// types of mutexes
    choice MutexType(i32) {
        PTHREAD_MUTEX_NORMAL, "who locks it twice waits for ever";
        PTHREAD_MUTEX_RECURSIVE, "its owner may lock it several times, and unlocks it as often";
        PTHREAD_MUTEX_ERRORCHECK, "who locks it twice gets EDEADLK, who unlocks another's EPERM";
        PTHREAD_MUTEX_DEFAULT, "as PTHREAD_MUTEX_NORMAL";
        PTHREAD_MUTEX_ADAPTIVE_NP = 3, "like PTHREAD_MUTEX_NORMAL, and tries for a moment before it waits";
    }
    /// who may use it
    choice ProcessShared(i32) {
        PTHREAD_PROCESS_PRIVATE, "threads of one process";
        PTHREAD_PROCESS_SHARED, "all processes that have the memory";
    }
    /// what the end of an owner means
    choice Robustness(i32) {
        PTHREAD_MUTEX_STALLED, "nothing: it stays locked";
        PTHREAD_MUTEX_ROBUST, "the next owner gets it with EOWNERDEAD";
    }
    /// priorities of owners
    choice Protocol(i32) {
        PTHREAD_PRIO_NONE, "as ever";
        PTHREAD_PRIO_INHERIT, "the owner has the priority of the most urgent waiter: the kernel knows the owner";
        PTHREAD_PRIO_PROTECT, "the owner has the priority `prioceiling`";
    }
}

structure! {
    /// Attributes of a mutex; what is left out is as with NULL.
    MutexAttributes = "pthread_mutexattr_t" {
        pshared: ProcessShared, robust: Robustness, r#type: MutexType, protocol: Protocol, prioceiling: i32,
    }
}

call! {
    /// Makes a mutex of the 40 bytes at an address.
    fn pthread_mutex_init(mutex: Address, attr: Option<MutexAttributes> = 0) -> () {
        let at = mutex_at(mutex);
        let Some(wanted) = attr else {
            // SAFETY: pthread_mutex_init(3) writes to the address that the script names; a bad one ends the actor, as in C.
            by_number(|| unsafe { libc::pthread_mutex_init(at, null()) })?;
            return Ok(());
        };
        let attributes = wanted.for_c()?;
        // SAFETY: as above; the attributes outlive the call.
        by_number(|| unsafe { libc::pthread_mutex_init(at, &raw const attributes) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_INIT: "pthread_mutex_init(3)";
    traits: [Local, Schedules];
    touches: [writes memory];
    blocks: "never";
    errors: {
        EINVAL: "an attribute that there is not, or a ceiling that is no priority",
        EOPNOTSUPP: "attributes that exclude each other, such as a robust mutex with PTHREAD_PRIO_PROTECT",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p, {pshared: PTHREAD_PROCESS_SHARED})
a: pthread_mutex_init(p + 64, {type: PTHREAD_MUTEX_RECURSIVE})
a: pthread_mutex_lock(p + 64)
a: pthread_mutex_lock(p + 64)
a: pthread_mutex_init(p, {robust: 7})   -> EINVAL";
}

call! {
    /// Locks a mutex; the caller owns it from then on, with EOWNERDEAD as well.
    fn pthread_mutex_lock(mutex: Address) -> () {
        let at = mutex_at(mutex);
        // SAFETY: pthread_mutex_lock(3) works on the mutex that the script names; a bad address ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_mutex_lock(at) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_LOCK: "pthread_mutex_lock(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "while another thread owns it";
    errors: {
        EOWNERDEAD: "a robust mutex whose owner has ended: the caller owns it now, and is to make the data and then the mutex consistent",
        ENOTRECOVERABLE: "a robust mutex that was unlocked after EOWNERDEAD without pthread_mutex_consistent",
        EDEADLK: "PTHREAD_MUTEX_ERRORCHECK, and the caller owns it already",
        EAGAIN: "a recursive mutex that is locked too often",
        EINVAL: "PTHREAD_PRIO_PROTECT, and the caller's priority is above the ceiling",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p, {pshared: PTHREAD_PROCESS_SHARED, robust: PTHREAD_MUTEX_ROBUST})
a: child = fork()
child: pthread_mutex_lock(p)
a: pthread_mutex_lock(p)        -> blocks
child: exit(0)
a: resumes                      -> EOWNERDEAD
a: pthread_mutex_consistent(p)
a: pthread_mutex_unlock(p)";
}

call! {
    /// Locks a mutex, or fails where `pthread_mutex_lock` would wait.
    fn pthread_mutex_trylock(mutex: Address) -> () {
        let at = mutex_at(mutex);
        // SAFETY: as for pthread_mutex_lock.
        by_number(|| unsafe { libc::pthread_mutex_trylock(at) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_TRYLOCK: "pthread_mutex_trylock(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: {
        EBUSY: "somebody owns the mutex, perhaps the caller",
        EOWNERDEAD: "as pthread_mutex_lock",
        ENOTRECOVERABLE: "as pthread_mutex_lock",
        EAGAIN: "a recursive mutex that is locked too often",
        EINVAL: "PTHREAD_PRIO_PROTECT, and the caller's priority is above the ceiling",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p)
a: pthread_mutex_trylock(p)
a: t = thread()
t: pthread_mutex_trylock(p) -> EBUSY";
}

call! {
    /// Like `pthread_mutex_lock`, and waits no longer than `abstime`.
    ///
    /// C takes the time of day here; write how long from now.
    fn pthread_mutex_timedlock(mutex: Address, abstime: Timeout) -> () {
        let at = mutex_at(mutex);
        let deadline = abstime.deadline(libc::CLOCK_REALTIME);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        // SAFETY: as for pthread_mutex_lock; the deadline outlives the call.
        by_number(|| unsafe { libc::pthread_mutex_timedlock(at, deadline) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_TIMEDLOCK: "pthread_mutex_timedlock(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "like pthread_mutex_lock, until the time is over";
    errors: {
        ETIMEDOUT: "the time was over before the mutex was free",
        EOWNERDEAD: "as pthread_mutex_lock",
        ENOTRECOVERABLE: "as pthread_mutex_lock",
        EDEADLK: "as pthread_mutex_lock",
        EAGAIN: "a recursive mutex that is locked too often",
        EINVAL: "PTHREAD_PRIO_PROTECT, and the caller's priority is above the ceiling",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p)
a: pthread_mutex_lock(p)
a: pthread_mutex_timedlock(p, 10ms) -> ETIMEDOUT";
}

call! {
    /// Unlocks a mutex, and wakes one of those who wait for it.
    ///
    /// A normal mutex does not ask who unlocks it.
    fn pthread_mutex_unlock(mutex: Address) -> () {
        let at = mutex_at(mutex);
        // SAFETY: as for pthread_mutex_lock.
        by_number(|| unsafe { libc::pthread_mutex_unlock(at) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_UNLOCK: "pthread_mutex_unlock(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: { EPERM: "the caller does not own it: a recursive, error-checking, robust or priority-inheriting mutex" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p, {type: PTHREAD_MUTEX_ERRORCHECK})
a: pthread_mutex_unlock(p)  -> EPERM
a: pthread_mutex_lock(p)
a: pthread_mutex_lock(p)    -> EDEADLK
a: pthread_mutex_unlock(p)";
}

call! {
    /// Says that what a robust mutex guards is whole again after the end of its owner.
    fn pthread_mutex_consistent(mutex: Address) -> () {
        let at = mutex_at(mutex);
        // SAFETY: as for pthread_mutex_lock.
        by_number(|| unsafe { libc::pthread_mutex_consistent(at) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_CONSISTENT: "pthread_mutex_consistent(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EINVAL: "the mutex is not robust, or was not left behind by an owner that ended" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p, {robust: PTHREAD_MUTEX_ROBUST})
a: pthread_mutex_consistent(p)  -> EINVAL";
}

call! {
    /// Ends a mutex.
    fn pthread_mutex_destroy(mutex: Address) -> () {
        let at = mutex_at(mutex);
        // SAFETY: as for pthread_mutex_lock.
        by_number(|| unsafe { libc::pthread_mutex_destroy(at) })?;
        Ok(())
    }
    const PTHREAD_MUTEX_DESTROY: "pthread_mutex_destroy(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EBUSY: "somebody owns the mutex, perhaps the caller" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p)
a: pthread_mutex_lock(p)
a: pthread_mutex_destroy(p) -> EBUSY
a: pthread_mutex_unlock(p)
a: pthread_mutex_destroy(p)";
}

impl MutexAttributes {
    fn for_c(&self) -> Result<libc::pthread_mutexattr_t, Failure> {
        // SAFETY: attributes are plain bytes, and the next call sets them all.
        let mut made: libc::pthread_mutexattr_t = unsafe { std::mem::zeroed() };
        let at = &raw mut made;
        // SAFETY: pthread_mutexattr_init(3) fills a local variable.
        unsafe { libc::pthread_mutexattr_init(at) };
        // SAFETY: pthread_mutexattr_setpshared(3) changes a local variable.
        checked(unsafe { libc::pthread_mutexattr_setpshared(at, self.pshared.0) })?;
        // SAFETY: as above.
        checked(unsafe { libc::pthread_mutexattr_settype(at, self.r#type.0) })?;
        // SAFETY: as above.
        checked(unsafe { libc::pthread_mutexattr_setrobust(at, self.robust.0) })?;
        // SAFETY: as above.
        checked(unsafe { libc::pthread_mutexattr_setprotocol(at, self.protocol.0) })?;
        if self.prioceiling != 0 {
            // SAFETY: as above.
            checked(unsafe { pthread_mutexattr_setprioceiling(at, self.prioceiling) })?;
        }
        Ok(made)
    }
}

/// An error number as a failure.
pub(super) fn checked(number: i32) -> Result<(), Failure> {
    if number == 0 { Ok(()) } else { Err(Failure::Errno(Errno(number))) }
}

/// The mutex at an address.
pub(super) fn mutex_at(at: Address) -> *mut libc::pthread_mutex_t {
    with_exposed_provenance_mut(at.0)
}

unsafe extern "C" {
    fn pthread_mutexattr_setprioceiling(attr: *mut libc::pthread_mutexattr_t, ceiling: i32) -> i32;
}
