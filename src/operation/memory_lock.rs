//! Memory that stays where it is: not swapped out, not changed any more; see mlock(2), mseal(2).

use super::argument::Address;
use super::entry::{call, constants};
use super::{Family, kernel};
use std::ptr::with_exposed_provenance_mut;

/// Memory that stays.
pub static FAMILY: Family = Family {
    name: "memory_lock",
    title: "Memory that stays",
    summary: "Locked memory is not swapped out, so that touching it never waits for a disk and a secret never reaches one. Without CAP_IPC_LOCK in the \
        initial user namespace, RLIMIT_MEMLOCK bounds it. A child inherits no locks. Sealed memory keeps its mappings and their protection until the process ends.",
    calls: &[&MLOCK, &MLOCK2, &MUNLOCK, &MLOCKALL, &MUNLOCKALL, &MSEAL],
    constants: &[&LockFlags::GROUP, &LockAllFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of mlock2
    flags LockFlags(u32) {
        MLOCK_ONFAULT, "lock each page when it is touched first";
    }
    /// flags of mlockall
    flags LockAllFlags(i32) {
        MCL_CURRENT, "what is mapped now";
        MCL_FUTURE, "what is mapped from now on";
        MCL_ONFAULT, "each page when it is touched first";
    }
}

call! {
    /// Locks the pages of a part of the caller's memory.
    fn mlock(addr: Address, length: usize) -> () {
        let at = with_exposed_provenance_mut::<libc::c_void>(addr.0);
        // SAFETY: mlock(2) changes no memory.
        kernel(|| unsafe { libc::mlock(at, length) })?;
        Ok(())
    }
    const MLOCK: "mlock(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        ENOMEM: "a part is not mapped, or more than RLIMIT_MEMLOCK would be locked, or there are too many mappings",
        EPERM: "RLIMIT_MEMLOCK is 0, and the caller has no CAP_IPC_LOCK",
        EAGAIN: "some pages could not be locked",
        EINVAL: "address and length together pass the end of the address space",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: mlock(p, 4096)
a: munlock(p, 4096)
a: munmap(p, 4096)
a: mlock(p, 4096)   -> ENOMEM";
}

call! {
    /// Like `mlock`, with flags.
    fn mlock2(addr: Address, length: usize, flags: LockFlags = 0) -> () {
        let at = with_exposed_provenance_mut::<libc::c_void>(addr.0);
        // SAFETY: mlock2(2) changes no memory.
        kernel(|| unsafe { libc::syscall(libc::SYS_mlock2, at, length, flags.0) })?;
        Ok(())
    }
    const MLOCK2: "mlock2(2)";
    since: "4.4";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        ENOMEM: "a part is not mapped, or more than RLIMIT_MEMLOCK would be locked, or there are too many mappings",
        EPERM: "RLIMIT_MEMLOCK is 0, and the caller has no CAP_IPC_LOCK",
        EAGAIN: "some pages could not be locked",
        EINVAL: "a flag that is another call's, or that this kernel does not know",
    };
    example: "a: p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: mlock2(p, 8192, MLOCK_ONFAULT)
a: mincore(p, 8192) -> [0, 0]
a: store(p, u8, 1)
a: mincore(p, 8192) -> [1, 0]";
}

call! {
    /// Unlocks the pages of a part of the caller's memory.
    fn munlock(addr: Address, length: usize) -> () {
        let at = with_exposed_provenance_mut::<libc::c_void>(addr.0);
        // SAFETY: munlock(2) changes no memory.
        kernel(|| unsafe { libc::munlock(at, length) })?;
        Ok(())
    }
    const MUNLOCK: "munlock(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        ENOMEM: "a part is not mapped",
        EINVAL: "address and length together pass the end of the address space",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED)
a: munlock(p, 4096)";
}

call! {
    /// Locks all of the caller's memory.
    fn mlockall(flags: LockAllFlags) -> () {
        // SAFETY: mlockall(2) takes an integer.
        kernel(|| unsafe { libc::mlockall(flags.0) })?;
        Ok(())
    }
    const MLOCKALL: "mlockall(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "no flag, an unknown one, or MCL_ONFAULT alone",
        ENOMEM: "the process has more memory than RLIMIT_MEMLOCK allows to lock",
        EPERM: "RLIMIT_MEMLOCK is 0, and the caller has no CAP_IPC_LOCK",
        EAGAIN: "some pages could not be locked",
    };
    example: "a: mlockall(0)                         -> EINVAL
a: mlockall(MCL_CURRENT | MCL_ONFAULT) -> ok or ENOMEM or EPERM
a: munlockall()";
}

call! {
    /// Unlocks all of the caller's memory.
    fn munlockall() -> () {
        // SAFETY: munlockall(2) takes nothing.
        kernel(|| unsafe { libc::munlockall() })?;
        Ok(())
    }
    const MUNLOCKALL: "munlockall(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINTR: "a signal came that ends the process",
    };
    example: "a: munlockall()";
}

call! {
    /// Seals a part of the caller's memory: what is mapped there stays, with its protection, until the process ends or becomes a program.
    fn mseal(addr: Address, length: usize, flags: u64 = 0) -> () {
        // The crate does not name it; every architecture has the same number.
        const SYS_MSEAL: libc::c_long = 462;
        // SAFETY: mseal(2) changes no memory.
        kernel(|| unsafe { libc::syscall(SYS_MSEAL, addr.0, length, flags) })?;
        Ok(())
    }
    const MSEAL: "mseal(2)";
    since: "6.10";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "a flag, or an address that is no multiple of the page size",
        ENOMEM: "a part is not mapped",
        EPERM: "a 32-bit machine",
        ENOSYS: "the kernel is older than 6.10",
    };
    example: "needs kernel >= 6.10
a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: mseal(p, 4096)
a: munmap(p, 4096)              -> EPERM
a: mprotect(p, 4096, PROT_READ) -> EPERM";
}
