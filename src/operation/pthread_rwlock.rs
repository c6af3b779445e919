//! Read-write locks of POSIX threads; see pthread_rwlock_rdlock(3p).

use super::Family;
use super::argument::{Address, Timeout};
use super::entry::{call, constants, structure};
use super::pthread_mutex::{ProcessShared, checked};
use super::thread::by_number;
use std::ptr::{from_ref, null, with_exposed_provenance_mut};

/// Read-write locks.
pub static FAMILY: Family = Family {
    name: "pthread_rwlock",
    title: "Read-write locks",
    summary: "Many may read at the same time, one alone may write. By default who comes to read gets in while others read, even if somebody waits to write; \
        a lock of another `kind` makes it wait behind the writer. There is no robust one: the lock of a process that ended stays locked.",
    calls: &[
        &PTHREAD_RWLOCK_INIT,
        &PTHREAD_RWLOCK_RDLOCK,
        &PTHREAD_RWLOCK_TRYRDLOCK,
        &PTHREAD_RWLOCK_TIMEDRDLOCK,
        &PTHREAD_RWLOCK_WRLOCK,
        &PTHREAD_RWLOCK_TRYWRLOCK,
        &PTHREAD_RWLOCK_TIMEDWRLOCK,
        &PTHREAD_RWLOCK_UNLOCK,
        &PTHREAD_RWLOCK_DESTROY,
    ],
    constants: &[&ProcessShared::GROUP, &RwlockKind::GROUP],
    structs: &[&RwlockAttributes::STRUCTURE],
};

constants! {
    /// kinds of read-write locks
    choice RwlockKind(i32) {
        PTHREAD_RWLOCK_PREFER_READER_NP = 0, "readers pass writers that wait";
        PTHREAD_RWLOCK_PREFER_WRITER_NP = 1, "the same, in spite of its name: a reader may hold the lock already";
        PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP = 2, "readers wait behind writers that wait";
        PTHREAD_RWLOCK_DEFAULT_NP = 0, "as PTHREAD_RWLOCK_PREFER_READER_NP";
    }
}

structure! {
    /// Attributes of a read-write lock; what is left out is as with NULL.
    RwlockAttributes = "pthread_rwlockattr_t" { pshared: ProcessShared, kind: RwlockKind }
}

call! {
    /// Makes a read-write lock of the 56 bytes at an address.
    fn pthread_rwlock_init(rwlock: Address, attr: Option<RwlockAttributes> = 0) -> () {
        let at = lock_at(rwlock);
        // SAFETY: attributes are plain bytes, and the next call sets them all.
        let mut attributes: libc::pthread_rwlockattr_t = unsafe { std::mem::zeroed() };
        let made = &raw mut attributes;
        // SAFETY: pthread_rwlockattr_init(3) fills a local variable.
        unsafe { libc::pthread_rwlockattr_init(made) };
        if let Some(attr) = attr {
            // SAFETY: pthread_rwlockattr_setpshared(3) changes a local variable.
            checked(unsafe { libc::pthread_rwlockattr_setpshared(made, attr.pshared.0) })?;
            // SAFETY: as above.
            checked(unsafe { libc::pthread_rwlockattr_setkind_np(made, attr.kind.0) })?;
        }
        // SAFETY: pthread_rwlock_init(3) writes to the address that the script names; a bad one ends the actor, as in C.
        by_number(|| unsafe { libc::pthread_rwlock_init(at, made) })?;
        Ok(())
    }
    const PTHREAD_RWLOCK_INIT: "pthread_rwlock_init(3p)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: { EINVAL: "an attribute that there is not" };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p, {pshared: PTHREAD_PROCESS_SHARED, kind: PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP})
a: pthread_rwlock_init(p, {kind: 9})    -> EINVAL";
}

/// The two ways to lock, which differ in name and in who keeps them waiting.
macro_rules! lock_calls {
    ($([$lock:ident $LOCK:ident $lock_man:literal] [$try:ident $TRY:ident $try_man:literal] [$timed:ident $TIMED:ident $timed_man:literal]
        $what:literal $while:literal $lock_example:literal $try_example:literal $timed_example:literal;)*) => {$(
        call! {
            #[doc = $what]
            fn $lock(rwlock: Address) -> () {
                let at = lock_at(rwlock);
                // SAFETY: the call works on the lock that the script names; a bad address ends the actor, as in C.
                by_number(|| unsafe { libc::$lock(at) })?;
                Ok(())
            }
            const $LOCK: $lock_man;
            traits: [Local];
            touches: [writes memory];
            blocks: $while;
            errors: {
                EDEADLK: "the caller has locked it for writing",
                EAGAIN: "to read, and too many do already",
            };
            example: $lock_example;
        }

        call! {
            #[doc = $what]
            #[doc = " Fails where it would wait."]
            fn $try(rwlock: Address) -> () {
                let at = lock_at(rwlock);
                // SAFETY: as above.
                by_number(|| unsafe { libc::$try(at) })?;
                Ok(())
            }
            const $TRY: $try_man;
            traits: [Local];
            touches: [writes memory];
            blocks: "never";
            errors: {
                EBUSY: "it would have to wait",
                EAGAIN: "to read, and too many do already",
            };
            example: $try_example;
        }

        call! {
            #[doc = $what]
            #[doc = " Waits no longer than `abstime`; C takes the time of day here, write how long from now."]
            fn $timed(rwlock: Address, abstime: Timeout) -> () {
                let at = lock_at(rwlock);
                let deadline = abstime.deadline(libc::CLOCK_REALTIME);
                let deadline = deadline.as_ref().map_or(null(), from_ref);
                // SAFETY: as above; the deadline outlives the call.
                by_number(|| unsafe { $timed::in_c(at, deadline) })?;
                Ok(())
            }
            const $TIMED: $timed_man;
            traits: [Wakes];
            touches: [writes memory];
            blocks: $while;
            errors: {
                ETIMEDOUT: "the time was over before it could be locked",
                EDEADLK: "the caller has locked it for writing",
                EAGAIN: "to read, and too many do already",
            };
            example: $timed_example;
        }

        mod $timed {
            unsafe extern "C" {
                #[link_name = stringify!($timed)]
                pub fn in_c(lock: *mut libc::pthread_rwlock_t, deadline: *const libc::timespec) -> i32;
            }
        }
    )*};
}

lock_calls! {
    [pthread_rwlock_rdlock PTHREAD_RWLOCK_RDLOCK "pthread_rwlock_rdlock(3p)"]
    [pthread_rwlock_tryrdlock PTHREAD_RWLOCK_TRYRDLOCK "pthread_rwlock_tryrdlock(3p)"]
    [pthread_rwlock_timedrdlock PTHREAD_RWLOCK_TIMEDRDLOCK "pthread_rwlock_timedrdlock(3p)"]
    " Locks for reading, which several may do at a time."
    "while somebody writes; with PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP also while somebody waits to"
    "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: t = thread()
a: pthread_rwlock_rdlock(p)
t: pthread_rwlock_rdlock(p)
t: pthread_rwlock_wrlock(p)     -> blocks
a: pthread_rwlock_unlock(p)
t: stays blocked"
    "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: pthread_rwlock_wrlock(p)
a: pthread_rwlock_tryrdlock(p)  -> EBUSY"
    "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: t = thread()
t: pthread_rwlock_wrlock(p)
a: pthread_rwlock_timedrdlock(p, 10ms) -> ETIMEDOUT";
    [pthread_rwlock_wrlock PTHREAD_RWLOCK_WRLOCK "pthread_rwlock_wrlock(3p)"]
    [pthread_rwlock_trywrlock PTHREAD_RWLOCK_TRYWRLOCK "pthread_rwlock_trywrlock(3p)"]
    [pthread_rwlock_timedwrlock PTHREAD_RWLOCK_TIMEDWRLOCK "pthread_rwlock_timedwrlock(3p)"]
    " Locks for writing, which one alone can do."
    "while somebody reads or writes"
    "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p, {pshared: PTHREAD_PROCESS_SHARED})
a: child = fork()
a: pthread_rwlock_rdlock(p)
child: pthread_rwlock_wrlock(p) -> blocks
a: pthread_rwlock_unlock(p)
child: resumes"
    "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: pthread_rwlock_rdlock(p)
a: pthread_rwlock_trywrlock(p)  -> EBUSY"
    "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: t = thread()
t: pthread_rwlock_rdlock(p)
a: pthread_rwlock_timedwrlock(p, 10ms) -> ETIMEDOUT";
}

call! {
    /// Gives up one lock, and wakes those who can have it then.
    fn pthread_rwlock_unlock(rwlock: Address) -> () {
        let at = lock_at(rwlock);
        // SAFETY: as above.
        by_number(|| unsafe { libc::pthread_rwlock_unlock(at) })?;
        Ok(())
    }
    const PTHREAD_RWLOCK_UNLOCK: "pthread_rwlock_unlock(3p)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: t = thread()
a: pthread_rwlock_wrlock(p)
t: pthread_rwlock_rdlock(p)     -> blocks
a: pthread_rwlock_unlock(p)
t: resumes";
}

call! {
    /// Ends a read-write lock; the GNU C library has nothing to do for it.
    fn pthread_rwlock_destroy(rwlock: Address) -> () {
        let at = lock_at(rwlock);
        // SAFETY: as above.
        by_number(|| unsafe { libc::pthread_rwlock_destroy(at) })?;
        Ok(())
    }
    const PTHREAD_RWLOCK_DESTROY: "pthread_rwlock_destroy(3p)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: pthread_rwlock_init(p)
a: pthread_rwlock_destroy(p)";
}

fn lock_at(at: Address) -> *mut libc::pthread_rwlock_t {
    with_exposed_provenance_mut(at.0)
}
