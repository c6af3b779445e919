//! Mappings: files and fresh memory as parts of a process's address space; see mmap(2).

use super::argument::{Address, Fd};
use super::entry::{call, constants};
use super::{Family, kernel};
use std::ptr::with_exposed_provenance_mut;

/// Mappings.
pub static FAMILY: Family = Family {
    name: "mapping",
    title: "Memory mappings",
    summary: "`mmap` puts a file, or fresh memory under `MAP_ANONYMOUS`, into the caller's memory and gives the address. What is written to a \
        `MAP_SHARED` mapping is seen by every process that maps the same file, and by a child that inherited the mapping; what is written to a \
        `MAP_PRIVATE` one by nobody else. A mapping outlives the descriptor it was made from. Lengths are rounded up to whole pages.",
    calls: &[&MMAP, &MUNMAP, &MPROTECT, &MSYNC],
    constants: &[&Protection::GROUP, &MapFlags::GROUP, &SyncFlags::GROUP],
    structs: &[],
};

constants! {
    /// what may be done with mapped memory
    flags Protection(i32) {
        PROT_NONE, "nothing: every access ends the process with SIGSEGV";
        PROT_READ, "it may be read";
        PROT_WRITE, "it may be written";
        PROT_EXEC, "it may be executed";
        PROT_SEM = 0x8, "it may hold atomic numbers; nothing on Linux";
        PROT_GROWSDOWN, "mprotect: down to the start of a mapping that grows downwards";
        PROT_GROWSUP, "mprotect: up to the end of a mapping that grows upwards";
    }
    /// flags of mmap: one of MAP_SHARED, MAP_PRIVATE and MAP_SHARED_VALIDATE, and others
    flags MapFlags(i32) {
        MAP_SHARED, "what is written is seen by all who map the same";
        MAP_PRIVATE, "what is written is the caller's own";
        MAP_SHARED_VALIDATE, "like MAP_SHARED, and fails with EOPNOTSUPP on flags that the kernel does not know";
        MAP_TYPE, "the bits of the three before";
        MAP_ANONYMOUS, "fresh memory with zeros instead of a file";
        MAP_ANON, "another name of MAP_ANONYMOUS";
        MAP_FILE, "nothing; of old, the opposite of MAP_ANONYMOUS";
        MAP_FIXED, "exactly at addr, in place of what is mapped there";
        MAP_FIXED_NOREPLACE, "exactly at addr; fails with EEXIST when something is mapped there";
        MAP_32BIT = 0x40, "within the first 2 GiB; x86-64 alone knows it";
        MAP_GROWSDOWN, "the mapping grows downwards, as a stack does";
        MAP_ABOVE4G = 0x80, "above 4 GiB; x86-64 alone knows it";
        MAP_DROPPABLE = 0x08, "private fresh memory that the kernel may drop instead of swapping it out; it then reads as zeros";
        MAP_DENYWRITE, "nothing any more";
        MAP_EXECUTABLE, "nothing any more";
        MAP_LOCKED, "the pages are not swapped out";
        MAP_NORESERVE, "reserve no swap space";
        MAP_POPULATE, "fetch all pages now";
        MAP_NONBLOCK, "with MAP_POPULATE: read nothing ahead";
        MAP_STACK, "nothing on Linux; says that it is a stack";
        MAP_HUGETLB, "use huge pages, which the administrator has set aside";
        MAP_UNINITIALIZED = 0x0400_0000, "do not fill with zeros; for machines without memory protection";
        MAP_SYNC, "with MAP_SHARED_VALIDATE: writes reach persistent memory at once";
        MAP_HUGE_SHIFT, "where the logarithm of the huge page's size stands among the flags";
        MAP_HUGE_MASK, "the bits of that logarithm, before they are shifted";
        MAP_HUGE_16KB = 14 << 26, "with MAP_HUGETLB: pages of 16 KiB";
        MAP_HUGE_64KB, "with MAP_HUGETLB: pages of 64 KiB";
        MAP_HUGE_512KB, "with MAP_HUGETLB: pages of 512 KiB";
        MAP_HUGE_1MB, "with MAP_HUGETLB: pages of 1 MiB";
        MAP_HUGE_2MB, "with MAP_HUGETLB: pages of 2 MiB";
        MAP_HUGE_8MB, "with MAP_HUGETLB: pages of 8 MiB";
        MAP_HUGE_16MB, "with MAP_HUGETLB: pages of 16 MiB";
        MAP_HUGE_32MB, "with MAP_HUGETLB: pages of 32 MiB";
        MAP_HUGE_256MB, "with MAP_HUGETLB: pages of 256 MiB";
        MAP_HUGE_512MB, "with MAP_HUGETLB: pages of 512 MiB";
        MAP_HUGE_1GB, "with MAP_HUGETLB: pages of 1 GiB";
        MAP_HUGE_2GB, "with MAP_HUGETLB: pages of 2 GiB";
        MAP_HUGE_16GB, "with MAP_HUGETLB: pages of 16 GiB";
    }
    /// flags of msync
    flags SyncFlags(i32) {
        MS_SYNC, "write back, and wait until it is done";
        MS_ASYNC, "have it written back some time";
        MS_INVALIDATE, "fail with EBUSY when a part is locked in memory";
    }
}

call! {
    /// Maps a file, or fresh memory, and gives the address.
    ///
    /// With `addr` 0 the kernel chooses the address. `offset` is a multiple of the page size. Under MAP_ANONYMOUS leave out `fd`.
    fn mmap(addr: Address, length: usize, prot: Protection, flags: MapFlags, fd: Fd = -1, offset: i64 = 0) -> Address {
        let at = with_exposed_provenance_mut(addr.0);
        // SAFETY: mmap(2) reads no memory; MAP_FIXED replaces what the script names, as it would in a C program.
        let memory = kernel(|| unsafe { libc::mmap(at, length, prot.0, flags.0, fd.0, offset) })?;
        Ok(Address(memory.expose_provenance()))
    }
    const MMAP: "mmap(2)";
    traits: [Local];
    touches: [writes descriptor(fd), writes segments];
    blocks: "never";
    errors: {
        EBADF: "fd is not open, and MAP_ANONYMOUS is not set",
        EACCES: "fd is not open for reading, or not for writing with MAP_SHARED and PROT_WRITE, or is no regular file",
        EINVAL: "length is 0, addr or offset is no multiple of the page size, or none of MAP_SHARED and MAP_PRIVATE is set",
        EEXIST: "MAP_FIXED_NOREPLACE, and something is mapped there",
        ENODEV: "what fd refers to cannot be mapped",
        ENOMEM: "no memory or address space, too many mappings, or above RLIMIT_DATA",
        EPERM: "PROT_EXEC on a file system that is mounted noexec, a seal that forbids it, or an addr below vm.mmap_min_addr",
        EAGAIN: "MAP_LOCKED, and too much memory is locked already",
        EOPNOTSUPP: "MAP_SHARED_VALIDATE with a flag that is not known there",
        EOVERFLOW: "length and offset together pass what a file can hold",
        ENFILE: "the system has no room for another open file: shared fresh memory counts as one",
    };
    example: "a: shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: child = fork()
child: store(shared, u32, 1)
child: store(private, u32, 1)
a: load(shared, u32)  -> 1
a: load(private, u32) -> 0
a: mmap(NULL, 0, PROT_READ, MAP_SHARED | MAP_ANONYMOUS) -> EINVAL
a: mmap(NULL, 4096, PROT_READ, MAP_SHARED, 99)          -> EBADF";
}

call! {
    /// Takes whole pages out of the caller's memory; nothing need be mapped there.
    fn munmap(addr: Address, length: usize) -> () {
        let at = with_exposed_provenance_mut(addr.0);
        // SAFETY: munmap(2) takes away what the script names, as it would in a C program.
        kernel(|| unsafe { libc::munmap(at, length) })?;
        Ok(())
    }
    const MUNMAP: "munmap(2)";
    traits: [Local];
    touches: [writes segments];
    blocks: "never";
    errors: {
        EINVAL: "addr is no multiple of the page size, or length is 0",
        ENOMEM: "it would split a mapping, and there are too many already",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS)
a: munmap(p + 1, 4096) -> EINVAL
a: munmap(p, 4096)
a: load(p, u8)         -> dies SIGSEGV";
}

call! {
    /// Changes what may be done with whole pages of the caller's memory.
    fn mprotect(addr: Address, length: usize, prot: Protection) -> () {
        let at = with_exposed_provenance_mut(addr.0);
        // SAFETY: mprotect(2) changes what the script names, as it would in a C program.
        kernel(|| unsafe { libc::mprotect(at, length, prot.0) })?;
        Ok(())
    }
    const MPROTECT: "mprotect(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EACCES: "PROT_WRITE on a shared mapping of a descriptor that was not open for writing, or of a segment attached read-only",
        EINVAL: "addr is no multiple of the page size",
        ENOMEM: "a part is not mapped, or it would split a mapping and there are too many already",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: store(p, u8, 1)
a: mprotect(p, 4096, PROT_READ)
a: load(p, u8)     -> 1
a: store(p, u8, 2) -> dies SIGSEGV";
}

call! {
    /// Writes changes of a shared mapping back to its file.
    ///
    /// Other mappings of the file, and `read`, see them without it.
    fn msync(addr: Address, length: usize, flags: SyncFlags) -> () {
        let at = with_exposed_provenance_mut(addr.0);
        // SAFETY: msync(2) changes no memory.
        kernel(|| unsafe { libc::msync(at, length, flags.0) })?;
        Ok(())
    }
    const MSYNC: "msync(2)";
    traits: [Local];
    touches: [];
    blocks: "never; MS_SYNC may take as long as the disk";
    errors: {
        EBUSY: "MS_INVALIDATE, and a part is locked in memory",
        EINVAL: "addr is no multiple of the page size, a bad flag, or both MS_SYNC and MS_ASYNC",
        ENOMEM: "a part is not mapped",
        EIO: "the file could not be written",
    };
    example: "a: write_file(\"notes\", \"........\")
a: fd = open(\"notes\", O_RDWR)
a: p = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd)
a: store(p, \"mapped\")
a: msync(p, 8, MS_SYNC)
a: cat(\"notes\") -> \"mapped..\"
a: msync(p, 8, MS_SYNC | MS_ASYNC) -> EINVAL";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Failure;
    use crate::value::Errno;

    #[test]
    fn fresh_memory_comes_and_goes() {
        let read_write = Protection(libc::PROT_READ | libc::PROT_WRITE);
        let fresh = MapFlags(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        let at = mmap(Address(0), 4096, read_write, fresh, Fd(-1), 0).expect("mapped");
        let taken = MapFlags(fresh.0 | libc::MAP_FIXED_NOREPLACE);
        assert_eq!(mmap(at, 4096, read_write, taken, Fd(-1), 0), Err(Failure::Errno(Errno::EEXIST)));
        mprotect(at, 4096, Protection(libc::PROT_NONE)).expect("protected");
        msync(at, 4096, SyncFlags(libc::MS_ASYNC)).expect("written back");
        munmap(at, 4096).expect("unmapped");
        assert_eq!(mprotect(at, 4096, read_write), Err(Failure::Errno(Errno::ENOMEM)));
        assert_eq!(munmap(Address(at.0 + 1), 4096), Err(Failure::Errno(Errno::EINVAL)));
    }
}
