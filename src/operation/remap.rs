//! Mappings that move and grow, and the end of the data segment; see mremap(2), sbrk(2).

use super::argument::Address;
use super::entry::{call, constants};
use super::{Family, kernel};
use std::ptr::with_exposed_provenance_mut;

/// Mappings that move and grow.
pub static FAMILY: Family = Family {
    name: "remap",
    title: "Mappings that move and grow",
    summary: "`mremap` gives a mapping another length, and moves it where it must: the pages themselves stay, so that nothing is copied and a shared mapping \
        stays shared. With an old length of 0 it maps a shared mapping a second time. `sbrk` moves the end of the data segment, from which malloc takes its memory.",
    calls: &[&MREMAP, &SBRK],
    constants: &[&RemapFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of mremap
    flags RemapFlags(i32) {
        MREMAP_MAYMOVE, "the mapping may move";
        MREMAP_FIXED, "exactly to new_address, in place of what is mapped there; with MREMAP_MAYMOVE";
        MREMAP_DONTUNMAP, "leave an empty mapping at the old address; with MREMAP_MAYMOVE";
    }
}

call! {
    /// Gives a mapping another length, or another place, and gives its address.
    fn mremap(old_address: Address, old_size: usize, new_size: usize, flags: RemapFlags = 0, new_address: Address = 0) -> Address {
        let (old, new) = (with_exposed_provenance_mut(old_address.0), with_exposed_provenance_mut::<libc::c_void>(new_address.0));
        // SAFETY: mremap(2) moves what the script names, as it would in a C program.
        let memory = kernel(|| unsafe { libc::mremap(old, old_size, new_size, flags.0, new) })?;
        Ok(Address(memory.expose_provenance()))
    }
    const MREMAP: "mremap(2)";
    traits: [Local];
    touches: [writes segments];
    blocks: "never";
    errors: {
        EFAULT: "a part of the old range is not mapped, or belongs to several mappings of different kinds",
        EINVAL: "an address that is no multiple of the page size, a new length of 0, or flags that do not go together",
        ENOMEM: "it cannot grow where it is, and MREMAP_MAYMOVE is not set; or no memory, or too many mappings",
        EAGAIN: "locked memory beyond RLIMIT_MEMLOCK",
        EPERM: "the memory is sealed",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: store(p, u32, 7)
a: q = mremap(p, 4096, 1M, MREMAP_MAYMOVE)
a: load(q, u32)           -> 7
a: mremap(q, 1M, 0)       -> EINVAL
a: m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: again = mremap(m, 0, 4096, MREMAP_MAYMOVE)
a: store(m, u32, 9)
a: load(again, u32)       -> 9";
}

call! {
    /// Moves the end of the data segment by so many bytes, and gives where it was; 0 asks.
    fn sbrk(increment: isize) -> Address {
        // SAFETY: sbrk(2) changes the end of the data segment. Allocations of the actor lie below; what a script takes away is its affair, as in C.
        let memory = kernel(|| unsafe { libc::sbrk(increment) })?;
        Ok(Address(memory.expose_provenance()))
    }
    const SBRK: "sbrk(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        ENOMEM: "no memory, or above RLIMIT_DATA, or something is mapped there",
    };
    example: "a: end = sbrk(4096)
a: store(end, u32, 7)
a: load(end, u32)     -> 7";
}
