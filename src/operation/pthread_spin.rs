//! Spin locks; see pthread_spin_lock(3), pthread_spin_init(3).

use super::Family;
use super::argument::Address;
use super::entry::call;
use super::pthread_mutex::ProcessShared;
use super::thread::by_number;
use std::ptr::with_exposed_provenance_mut;

/// Spin locks.
pub static FAMILY: Family = Family {
    name: "pthread_spin",
    title: "Spin locks",
    summary: "Who finds a spin lock taken does not sleep but tries again and again: good for a few instructions on another processor, and for nothing \
        else. To the kernel such a waiter is simply busy, so that no script can say that it is blocked: ask with `pthread_spin_trylock`. One \
        that spins for good ends its scenario: nothing settles any more.",
    calls: &[&PTHREAD_SPIN_INIT, &PTHREAD_SPIN_LOCK, &PTHREAD_SPIN_TRYLOCK, &PTHREAD_SPIN_UNLOCK, &PTHREAD_SPIN_DESTROY],
    constants: &[&ProcessShared::GROUP],
    structs: &[],
};

call! {
    /// Makes a spin lock of the 4 bytes at an address.
    fn pthread_spin_init(lock: Address, pshared: ProcessShared = 0) -> () {
        let at = lock_at(lock);
        // SAFETY: pthread_spin_init(3) writes to the address that the script names; a bad one ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_spin_init(at, pshared.0) })?;
        Ok(())
    }
    const PTHREAD_SPIN_INIT: "pthread_spin_init(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EAGAIN: "the C library has no room for another: that of Linux always has" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_spin_init(p, PTHREAD_PROCESS_SHARED)
a: load(p, u32)     -> 1        # 1 is free here";
}

call! {
    /// Takes a spin lock; while somebody else has it, the caller spins.
    fn pthread_spin_lock(lock: Address) -> () {
        let at = lock_at(lock);
        // SAFETY: the call works on the lock that the script names; a bad address ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_spin_lock(at) })?;
        Ok(())
    }
    const PTHREAD_SPIN_LOCK: "pthread_spin_lock(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never: it is busy until the lock is free";
    errors: { EDEADLK: "the caller has it already, where the C library looks; that of Linux spins" };
    example: "actor b
a: fd = shm_open(\"/spin\", O_RDWR | O_CREAT, 0o600)
a: ftruncate(fd, 4096)
a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd)
a: pthread_spin_init(p, PTHREAD_PROCESS_SHARED)
a: pthread_spin_lock(p)
b: fb = shm_open(\"/spin\", O_RDWR)
b: q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fb)
b: pthread_spin_trylock(q)  -> EBUSY
a: pthread_spin_unlock(p)
b: pthread_spin_lock(q)";
}

call! {
    /// Takes a spin lock where it is free, and fails where it is not.
    fn pthread_spin_trylock(lock: Address) -> () {
        let at = lock_at(lock);
        // SAFETY: as above.
        by_number(|| unsafe { libc::pthread_spin_trylock(at) })?;
        Ok(())
    }
    const PTHREAD_SPIN_TRYLOCK: "pthread_spin_trylock(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EBUSY: "somebody has the lock, perhaps the caller" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_spin_init(p, PTHREAD_PROCESS_SHARED)
a: child = fork()
a: pthread_spin_trylock(p)
child: pthread_spin_trylock(p)  -> EBUSY";
}

call! {
    /// Gives a spin lock back. Nobody looks who took it.
    fn pthread_spin_unlock(lock: Address) -> () {
        let at = lock_at(lock);
        // SAFETY: as above.
        by_number(|| unsafe { libc::pthread_spin_unlock(at) })?;
        Ok(())
    }
    const PTHREAD_SPIN_UNLOCK: "pthread_spin_unlock(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: { EPERM: "the caller does not have it, where the C library looks; that of Linux does not" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_spin_init(p, PTHREAD_PROCESS_SHARED)
a: child = fork()
a: pthread_spin_lock(p)
child: pthread_spin_unlock(p)       # it is not its own
a: pthread_spin_trylock(p)";
}

call! {
    /// Ends the use of a spin lock. Linux has nothing to do.
    fn pthread_spin_destroy(lock: Address) -> () {
        let at = lock_at(lock);
        // SAFETY: as above.
        by_number(|| unsafe { libc::pthread_spin_destroy(at) })?;
        Ok(())
    }
    const PTHREAD_SPIN_DESTROY: "pthread_spin_destroy(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EBUSY: "somebody has the lock, where the C library looks; that of Linux does not" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: pthread_spin_init(p)
a: pthread_spin_destroy(p)";
}

fn lock_at(lock: Address) -> *mut libc::pthread_spinlock_t {
    with_exposed_provenance_mut(lock.0)
}
