//! What the kernel is told of memory, and what it tells of it; see madvise(2), mincore(2).

use super::argument::{Address, Refusal};
use super::entry::{call, constants};
use super::shape::buffer;
use super::{Family, kernel};
use std::ptr::with_exposed_provenance_mut;

/// Advice about memory.
pub static FAMILY: Family = Family {
    name: "memory_advice",
    title: "Advice about memory",
    summary: "Some advice only helps the kernel, some changes what a process sees: MADV_DONTNEED gives pages back, so that private fresh memory reads as zeros again; \
        MADV_DONTFORK and MADV_WIPEONFORK decide what a child inherits. `mincore` tells which pages are in memory.",
    calls: &[&MADVISE, &MINCORE],
    constants: &[&MemoryAdvice::GROUP],
    structs: &[],
};

constants! {
    /// advice of madvise
    choice MemoryAdvice(i32) {
        MADV_NORMAL, "nothing special";
        MADV_RANDOM, "it is touched here and there";
        MADV_SEQUENTIAL, "it is touched from front to back";
        MADV_WILLNEED, "it is touched soon";
        MADV_DONTNEED, "give the pages back: fresh memory reads as zeros, a private mapping of a file as the file";
        MADV_FREE, "the pages may be given back until they are written again";
        MADV_REMOVE, "punch a hole into the file behind a shared mapping";
        MADV_DONTFORK, "a child does not get it";
        MADV_DOFORK, "a child gets it again";
        MADV_HWPOISON, "treat the pages as broken; needs CAP_SYS_ADMIN";
        MADV_SOFT_OFFLINE, "take the pages out of use; needs CAP_SYS_ADMIN";
        MADV_MERGEABLE, "share pages that are equal";
        MADV_UNMERGEABLE, "do not";
        MADV_HUGEPAGE, "use huge pages";
        MADV_NOHUGEPAGE, "do not";
        MADV_COLLAPSE, "make huge pages of it now";
        MADV_DONTDUMP, "leave it out of a core";
        MADV_DODUMP, "do not";
        MADV_WIPEONFORK, "a child gets zeros; for private fresh memory";
        MADV_KEEPONFORK, "a child gets the content again";
        MADV_COLD, "swap it out before others";
        MADV_PAGEOUT, "swap it out now";
        MADV_POPULATE_READ, "fetch the pages as if they were read";
        MADV_POPULATE_WRITE, "fetch the pages as if they were written";
        MADV_DONTNEED_LOCKED, "like MADV_DONTNEED, of locked pages too";
        MADV_GUARD_INSTALL = 102, "make touching it a SIGSEGV, without a mapping of its own";
        MADV_GUARD_REMOVE = 103, "no more";
    }
}

call! {
    /// Tells the kernel how a part of the caller's memory will be used, or what to do with it.
    fn madvise(addr: Address, length: usize, advice: MemoryAdvice) -> () {
        let at = with_exposed_provenance_mut(addr.0);
        // SAFETY: madvise(2) does to the memory what the script names, as it would in a C program.
        kernel(|| unsafe { libc::madvise(at, length, advice.0) })?;
        Ok(())
    }
    const MADVISE: "madvise(2)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: {
        EINVAL: "an address that is no multiple of the page size, an unknown advice, or one that does not suit the mapping",
        ENOMEM: "a part is not mapped, or no memory",
        EACCES: "MADV_REMOVE on what is no writable shared mapping",
        EAGAIN: "the kernel lacks something for the moment",
        EBADF: "there is a mapping, but not of a file",
        EBUSY: "MADV_COLLAPSE: no memory of the cgroup to charge it to",
        EFAULT: "MADV_POPULATE_READ or MADV_POPULATE_WRITE: a page cannot be touched so",
        EIO: "a page could not be fetched",
        EPERM: "the caller may not give this advice, or the memory is sealed",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: store(p, u32, 7)
a: madvise(p, 4096, MADV_WIPEONFORK)
a: child = fork()
child: load(p, u32) -> 0
a: load(p, u32)     -> 7
a: madvise(p, 4096, MADV_DONTNEED)
a: load(p, u32)     -> 0";
}

call! {
    /// Gives for each page of a part of the caller's memory whether it is in memory: a list of 0 and 1.
    fn mincore(addr: Address, length: usize) -> Vec<u8> {
        // SAFETY: sysconf(3) takes an integer.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
        let pages = length.div_ceil(page);
        if pages > 65_536 {
            return Err(Refusal("the answer would be longer than 65536 pages".into()).into());
        }
        let mut resident = buffer(pages)?;
        let (at, to) = (with_exposed_provenance_mut(addr.0), resident.as_mut_ptr());
        // SAFETY: mincore(2) fills one byte a page of `resident`, which outlives the call, and reads no memory.
        kernel(|| unsafe { libc::mincore(at, length, to) })?;
        // The other bits are reserved.
        Ok(resident.into_iter().map(|page| page & 1).collect())
    }
    const MINCORE: "mincore(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EINVAL: "an address that is no multiple of the page size",
        ENOMEM: "a part is not mapped",
        EAGAIN: "the kernel lacks something for the moment",
    };
    example: "a: p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: mincore(p, 8192) -> [0, 0]
a: store(p + 4096, u8, 1)
a: mincore(p, 8192) -> [0, 1]";
}
