//! POSIX shared memory: files of memory that processes open by name, or pass on as descriptors; see shm_overview(7).

use super::argument::{Fd, Mode};
use super::entry::{call, constants};
use super::posix_name::IpcOpenFlags;
use super::{Family, kernel};
use std::ffi::CString;

/// POSIX shared memory.
pub static FAMILY: Family = Family {
    name: "posix_shm",
    title: "POSIX shared memory",
    summary: "`shm_open` finds or creates a file of memory, `/dev/shm/NAME`; `ftruncate` gives it a size, `mmap` with `MAP_SHARED` makes it part \
        of the caller's memory. No IPC namespace knows of it: only a mount namespace with another `/dev/shm` keeps a name apart. \
        `shm_unlink` takes the name away; the memory goes with the last descriptor and mapping. `memfd_create` gives such a file without \
        any name.",
    calls: &[&SHM_OPEN, &SHM_UNLINK, &MEMFD_CREATE, &MEMFD_SECRET],
    constants: &[&IpcOpenFlags::GROUP, &MemfdFlags::GROUP, &SecretFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of memfd_create
    flags MemfdFlags(u32) {
        MFD_CLOEXEC, "close the descriptor at execve";
        MFD_ALLOW_SEALING, "let fcntl(F_ADD_SEALS) forbid changes for good";
        MFD_HUGETLB, "use huge pages, which the administrator has set aside";
        MFD_NOEXEC_SEAL, "not executable, and sealed so for good";
        MFD_EXEC, "executable";
        MFD_HUGE_SHIFT, "where the logarithm of the huge page's size stands among the flags";
        MFD_HUGE_MASK, "the bits of that logarithm, before they are shifted";
        MFD_HUGE_16KB = 14 << 26, "with MFD_HUGETLB: pages of 16 KiB";
        MFD_HUGE_64KB, "with MFD_HUGETLB: pages of 64 KiB";
        MFD_HUGE_512KB, "with MFD_HUGETLB: pages of 512 KiB";
        MFD_HUGE_1MB, "with MFD_HUGETLB: pages of 1 MiB";
        MFD_HUGE_2MB, "with MFD_HUGETLB: pages of 2 MiB";
        MFD_HUGE_8MB, "with MFD_HUGETLB: pages of 8 MiB";
        MFD_HUGE_16MB, "with MFD_HUGETLB: pages of 16 MiB";
        MFD_HUGE_32MB, "with MFD_HUGETLB: pages of 32 MiB";
        MFD_HUGE_256MB, "with MFD_HUGETLB: pages of 256 MiB";
        MFD_HUGE_512MB, "with MFD_HUGETLB: pages of 512 MiB";
        MFD_HUGE_1GB, "with MFD_HUGETLB: pages of 1 GiB";
        MFD_HUGE_2GB, "with MFD_HUGETLB: pages of 2 GiB";
        MFD_HUGE_16GB, "with MFD_HUGETLB: pages of 16 GiB";
    }
}

constants! {
    /// flags of memfd_secret
    flags SecretFlags(u32) {
        O_CLOEXEC, "close the descriptor at execve; the manual page has FD_CLOEXEC, which the kernel refuses";
    }
}

call! {
    /// Opens the shared memory object with this name, or creates it with 0 bytes, and gives a descriptor.
    ///
    /// It is the file `/dev/shm/NAME`; the mode is cut by the umask.
    fn shm_open(name: CString, oflag: IpcOpenFlags, mode: Mode = 0) -> Fd {
        // SAFETY: shm_open(3) reads the name, which outlives the call.
        Ok(kernel(|| unsafe { libc::shm_open(name.as_ptr(), oflag.0, mode.0) }).map(Fd)?)
    }
    const SHM_OPEN: "shm_open(3)";
    traits: [];
    touches: [writes files, writes memory];
    blocks: "never";
    errors: {
        ENOENT: "no object has this name and O_CREAT is not set, or there is no /dev/shm",
        EEXIST: "the name exists, and both O_CREAT and O_EXCL are set",
        EINVAL: "the name is empty, longer than 255 bytes, or holds a slash after the first character",
        EACCES: "the mode of the object does not allow what oflag asks for",
        EMFILE: "no descriptor is left to the process (RLIMIT_NOFILE)",
        ENFILE: "the system has no room for another open file",
    };
    example: "a: fd = shm_open(\"/board\", O_CREAT | O_EXCL | O_RDWR, 0o600)
a: shm_open(\"/board\", O_CREAT | O_EXCL | O_RDWR, 0o600) -> EEXIST
a: shm_open(\"/others\", O_RDWR)                          -> ENOENT
a: ftruncate(fd, 4096)
a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd)
a: store(p, \"shared\")
actor b
b: rd = shm_open(\"/board\", O_RDONLY)
b: q = mmap(NULL, 4096, PROT_READ, MAP_SHARED, rd)
b: load(q, 6)                                           -> \"shared\"";
}

call! {
    /// Removes a name at once; the memory stays for those who have it open or mapped.
    fn shm_unlink(name: CString) -> () {
        // SAFETY: shm_unlink(3) reads the name, which outlives the call.
        kernel(|| unsafe { libc::shm_unlink(name.as_ptr()) })?;
        Ok(())
    }
    const SHM_UNLINK: "shm_unlink(3)";
    traits: [];
    touches: [writes names];
    blocks: "never";
    errors: {
        ENOENT: "no object has this name, or none could have it",
        EACCES: "the caller does not own the object, and /dev/shm is sticky",
    };
    example: "a: fd = shm_open(\"/board\", O_CREAT | O_RDWR, 0o600)
a: shm_unlink(\"/board\")
a: shm_unlink(\"/board\") -> ENOENT
a: ftruncate(fd, 4096)";
}

call! {
    /// Creates a file of memory that has no name, and gives a descriptor.
    ///
    /// `name` only shows in /proc/PID/fd, and need not be unique.
    fn memfd_create(name: CString, flags: MemfdFlags = 0) -> Fd {
        // SAFETY: memfd_create(2) reads the name, which outlives the call.
        Ok(kernel(|| unsafe { libc::memfd_create(name.as_ptr(), flags.0) }).map(Fd)?)
    }
    const MEMFD_CREATE: "memfd_create(2)";
    since: "3.17";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "a bad flag, or a name longer than 249 bytes",
        EACCES: "/proc/sys/vm/memfd_noexec is 2, and MFD_NOEXEC_SEAL is not set",
        EMFILE: "no descriptor is left to the process (RLIMIT_NOFILE)",
        ENFILE: "the system has no room for another open file",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
        EPERM: "MFD_HUGETLB without CAP_IPC_LOCK, by somebody outside the group in vm.hugetlb_shm_group",
    };
    example: "a: fd = memfd_create(\"scratch\")
a: ftruncate(fd, 4096)
a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd)
a: child = fork()
child: store(p, u32, 42)
a: load(p, u32) -> 42";
}

call! {
    /// Makes a file of memory that the kernel itself cannot read, nor any other process through it; gives its descriptor.
    ///
    /// It is used by `mmap` alone, and counts as locked memory.
    fn memfd_secret(flags: SecretFlags = 0) -> Fd {
        // SAFETY: memfd_secret(2) takes an integer.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_memfd_secret, flags.0) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(-1)))
    }
    const MEMFD_SECRET: "memfd_secret(2)";
    since: "5.14";
    traits: [Local];
    blocks: "never";
    errors: {
        EINVAL: "a bad flag",
        EMFILE: "no descriptor is left to the process (RLIMIT_NOFILE)",
        ENFILE: "the system has no room for another open file",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
        ENOSYS: "the kernel has it not, or it was not switched on at boot (secretmem.enable)",
    };
    example: "a: memfd_secret() -> ok or ENOSYS";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Failure;
    use crate::value::Errno;
    use std::fs::File;
    use std::os::fd::FromRawFd;

    #[test]
    fn a_name_is_one_object_until_it_is_unlinked() {
        let name = CString::new(format!("/ipcscript-{}", std::process::id())).expect("no NUL");
        let create = IpcOpenFlags(libc::O_CREAT | libc::O_EXCL | libc::O_RDWR);
        let first = shm_open(name.clone(), create, Mode(0o600)).expect("created");
        assert_eq!(shm_open(name.clone(), create, Mode(0o600)), Err(Failure::Errno(Errno::EEXIST)));
        shm_unlink(name.clone()).expect("unlinked");
        assert_eq!(shm_open(name, IpcOpenFlags(libc::O_RDWR), Mode(0)), Err(Failure::Errno(Errno::ENOENT)));
        // SAFETY: the descriptor was opened above, and nobody else has it.
        let file = unsafe { File::from_raw_fd(first.0) };
        assert_eq!(file.metadata().map(|data| data.len()).ok(), Some(0));
    }
}
