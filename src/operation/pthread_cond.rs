//! Condition variables and barriers of POSIX threads; see pthread_cond_wait(3), pthread_barrier_wait(3).

use super::Family;
use super::argument::{Address, Timeout};
use super::entry::{call, constants, structure};
use super::pthread_mutex::{ProcessShared, checked, mutex_at};
use super::thread::by_number;
use std::ptr::{from_ref, null, with_exposed_provenance_mut};

/// Condition variables and barriers.
pub static FAMILY: Family = Family {
    name: "pthread_cond",
    title: "Condition variables and barriers",
    summary: "A condition variable keeps no state: a signal that nobody waits for is lost, other than the value of a semaphore. Who waits \
        gives up the mutex at the same moment, and has it again when the call returns. A barrier holds back those who come until as many are \
        there as it was made for.",
    calls: &[
        &PTHREAD_COND_INIT,
        &PTHREAD_COND_WAIT,
        &PTHREAD_COND_TIMEDWAIT,
        &PTHREAD_COND_SIGNAL,
        &PTHREAD_COND_BROADCAST,
        &PTHREAD_COND_DESTROY,
        &PTHREAD_BARRIER_INIT,
        &PTHREAD_BARRIER_WAIT,
        &PTHREAD_BARRIER_DESTROY,
    ],
    constants: &[&ProcessShared::GROUP, &BarrierResult::GROUP],
    structs: &[&CondAttributes::STRUCTURE, &BarrierAttributes::STRUCTURE],
};

constants! {
    /// results of pthread_barrier_wait
    choice BarrierResult(i32) {
        PTHREAD_BARRIER_SERIAL_THREAD = -1, "for one of those who waited, whichever; 0 for the others";
    }
}

structure! {
    /// Attributes of a condition variable; what is left out is as with NULL.
    CondAttributes = "pthread_condattr_t" { pshared: ProcessShared }
    /// Attributes of a barrier; what is left out is as with NULL.
    BarrierAttributes = "pthread_barrierattr_t" { pshared: ProcessShared }
}

call! {
    /// Makes a condition variable of the 48 bytes at an address.
    fn pthread_cond_init(cond: Address, attr: Option<CondAttributes> = 0) -> () {
        let at = cond_at(cond);
        // SAFETY: attributes are plain bytes, and the next call sets them all.
        let mut attributes: libc::pthread_condattr_t = unsafe { std::mem::zeroed() };
        // SAFETY: pthread_condattr_init(3) fills a local variable.
        unsafe { libc::pthread_condattr_init(&raw mut attributes) };
        let shared = attr.map_or(libc::PTHREAD_PROCESS_PRIVATE, |attr| attr.pshared.0);
        // SAFETY: pthread_condattr_setpshared(3) changes a local variable.
        checked(unsafe { libc::pthread_condattr_setpshared(&raw mut attributes, shared) })?;
        // SAFETY: pthread_cond_init(3) writes to the address that the script names; a bad one ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_cond_init(at, &raw const attributes) })?;
        Ok(())
    }
    const PTHREAD_COND_INIT: "pthread_cond_init(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EINVAL: "an attribute that there is not" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_cond_init(p, {pshared: PTHREAD_PROCESS_SHARED})
a: pthread_cond_signal(p)       # nobody waits: nothing happens";
}

call! {
    /// Unlocks the mutex and waits for a signal, both at once; afterwards the mutex is locked again.
    ///
    /// C programs ask for their condition again in a loop: a wait may end without a signal.
    fn pthread_cond_wait(cond: Address, mutex: Address) -> () {
        let (cond, mutex) = (cond_at(cond), mutex_at(mutex));
        // SAFETY: pthread_cond_wait(3) works on what the script names; a bad address ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_cond_wait(cond, mutex) })?;
        Ok(())
    }
    const PTHREAD_COND_WAIT: "pthread_cond_wait(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "until somebody signals it and the mutex is free";
    errors: {
        EPERM: "an error-checking or robust mutex that the caller does not own",
        EOWNERDEAD: "a robust mutex whose owner has ended meanwhile",
        ENOTRECOVERABLE: "a robust mutex that nobody can make whole any more",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p, {pshared: PTHREAD_PROCESS_SHARED})
a: pthread_cond_init(p + 64, {pshared: PTHREAD_PROCESS_SHARED})
a: child = fork()
child: pthread_mutex_lock(p)
child: pthread_cond_wait(p + 64, p) -> blocks
a: pthread_mutex_lock(p)            # free: who waits has given it up
a: pthread_cond_signal(p + 64)
a: pthread_mutex_unlock(p)
child: resumes";
}

call! {
    /// Like `pthread_cond_wait`, and waits for a signal no longer than `abstime`.
    ///
    /// C takes the time of day here; write how long from now.
    fn pthread_cond_timedwait(cond: Address, mutex: Address, abstime: Timeout) -> () {
        let (cond, mutex) = (cond_at(cond), mutex_at(mutex));
        let deadline = abstime.deadline(libc::CLOCK_REALTIME);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        // SAFETY: as for pthread_cond_wait; the deadline outlives the call.
        by_number(|| unsafe { libc::pthread_cond_timedwait(cond, mutex, deadline) })?;
        Ok(())
    }
    const PTHREAD_COND_TIMEDWAIT: "pthread_cond_timedwait(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "until somebody signals it and the mutex is free, or the time is over";
    errors: {
        ETIMEDOUT: "the time was over before somebody signalled; the mutex is locked all the same",
        EPERM: "an error-checking or robust mutex that the caller does not own",
        EOWNERDEAD: "a robust mutex whose owner has ended meanwhile",
        ENOTRECOVERABLE: "a robust mutex that nobody can make whole any more",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p)
a: pthread_cond_init(p + 64)
a: pthread_mutex_lock(p)
a: pthread_cond_timedwait(p + 64, p, 10ms) -> ETIMEDOUT
a: pthread_mutex_unlock(p)";
}

call! {
    /// Wakes one of those who wait, if there is one.
    fn pthread_cond_signal(cond: Address) -> () {
        let at = cond_at(cond);
        // SAFETY: as for pthread_cond_wait.
        by_number(|| unsafe { libc::pthread_cond_signal(at) })?;
        Ok(())
    }
    const PTHREAD_COND_SIGNAL: "pthread_cond_signal(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p)
a: pthread_cond_init(p + 64)
a: t = thread()
t: pthread_mutex_lock(p)
t: pthread_cond_wait(p + 64, p) -> blocks
a: pthread_cond_signal(p + 64)
t: resumes";
}

call! {
    /// Wakes all who wait. They get the mutex one after the other.
    fn pthread_cond_broadcast(cond: Address) -> () {
        let at = cond_at(cond);
        // SAFETY: as for pthread_cond_wait.
        by_number(|| unsafe { libc::pthread_cond_broadcast(at) })?;
        Ok(())
    }
    const PTHREAD_COND_BROADCAST: "pthread_cond_broadcast(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_mutex_init(p)
a: pthread_cond_init(p + 64)
a: t = thread()
t: pthread_mutex_lock(p)
t: pthread_cond_wait(p + 64, p) -> blocks
a: pthread_mutex_lock(p)
a: pthread_cond_broadcast(p + 64)
a: pthread_mutex_unlock(p)      # only now it can have the mutex
t: resumes";
}

call! {
    /// Ends a condition variable; waits for those who were woken and have not left it yet.
    fn pthread_cond_destroy(cond: Address) -> () {
        let at = cond_at(cond);
        // SAFETY: as for pthread_cond_wait.
        by_number(|| unsafe { libc::pthread_cond_destroy(at) })?;
        Ok(())
    }
    const PTHREAD_COND_DESTROY: "pthread_cond_destroy(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "while somebody waits for the condition";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_cond_init(p)
a: pthread_cond_destroy(p)";
}

call! {
    /// Makes a barrier of the 32 bytes at an address, for `count` threads.
    fn pthread_barrier_init(barrier: Address, attr: Option<BarrierAttributes>, count: u32) -> () {
        let at = barrier_at(barrier);
        // SAFETY: attributes are plain bytes, and the next call sets them all.
        let mut attributes: libc::pthread_barrierattr_t = unsafe { std::mem::zeroed() };
        // SAFETY: pthread_barrierattr_init(3) fills a local variable.
        unsafe { libc::pthread_barrierattr_init(&raw mut attributes) };
        let shared = attr.map_or(libc::PTHREAD_PROCESS_PRIVATE, |attr| attr.pshared.0);
        // SAFETY: pthread_barrierattr_setpshared(3) changes a local variable.
        checked(unsafe { libc::pthread_barrierattr_setpshared(&raw mut attributes, shared) })?;
        // SAFETY: pthread_barrier_init(3) writes to the address that the script names; a bad one ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_barrier_init(at, &raw const attributes, count) })?;
        Ok(())
    }
    const PTHREAD_BARRIER_INIT: "pthread_barrier_init(3p)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EINVAL: "a count of 0, or an attribute that there is not" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_barrier_init(p, NULL, 0) -> EINVAL
a: pthread_barrier_init(p, {pshared: PTHREAD_PROCESS_SHARED}, 1)
a: pthread_barrier_wait(p)          -> PTHREAD_BARRIER_SERIAL_THREAD";
}

call! {
    /// Waits until as many have come as the barrier was made for; the last one to come wakes the others.
    ///
    /// One of them gets PTHREAD_BARRIER_SERIAL_THREAD: with the GNU C library the one that came last.
    fn pthread_barrier_wait(barrier: Address) -> BarrierResult {
        let at = barrier_at(barrier);
        // SAFETY: pthread_barrier_wait(3) works on what the script names; a bad address ends the actor, as in C.
        Ok(by_number(|| unsafe { libc::pthread_barrier_wait(at) }).map(BarrierResult)?)
    }
    const PTHREAD_BARRIER_WAIT: "pthread_barrier_wait(3p)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "until enough have come";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_barrier_init(p, {pshared: PTHREAD_PROCESS_SHARED}, 2)
a: child = fork()
a: pthread_barrier_wait(p)      -> blocks
child: pthread_barrier_wait(p)  -> PTHREAD_BARRIER_SERIAL_THREAD
a: resumes                      -> 0";
}

call! {
    /// Ends a barrier.
    fn pthread_barrier_destroy(barrier: Address) -> () {
        let at = barrier_at(barrier);
        // SAFETY: as for pthread_barrier_wait.
        by_number(|| unsafe { libc::pthread_barrier_destroy(at) })?;
        Ok(())
    }
    const PTHREAD_BARRIER_DESTROY: "pthread_barrier_destroy(3p)";
    traits: [Local];
    touches: [writes memory];
    blocks: "while somebody who was woken has not left it yet";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_barrier_init(p, NULL, 2)
a: pthread_barrier_destroy(p)";
}

fn cond_at(at: Address) -> *mut libc::pthread_cond_t {
    with_exposed_provenance_mut(at.0)
}

fn barrier_at(at: Address) -> *mut libc::pthread_barrier_t {
    with_exposed_provenance_mut(at.0)
}
