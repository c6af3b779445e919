//! The memory of another process; see process_vm_readv(2).

use super::argument::{Bytes, Pid};
use super::entry::{call, structure};
use super::shape::buffer;
use super::{Failure, Family, Refusal, kernel};
use std::ptr::with_exposed_provenance_mut;

/// The memory of other processes.
pub static FAMILY: Family = Family {
    name: "process_memory",
    title: "The memory of another process",
    summary: "Who may trace a process may read and write its memory, without its help and without stopping it: in one copy, with nothing of \
        the kernel's in between.",
    calls: &[&PROCESS_VM_READV, &PROCESS_VM_WRITEV],
    constants: &[],
    structs: &[&Iovec::STRUCTURE],
};

structure! {
    /// A piece of memory: where it begins, and how many bytes it has.
    Iovec = "iovec" { iov_base: usize, iov_len: usize }
}

call! {
    /// Reads from the memory of a process, piece by piece, and gives the bytes.
    ///
    /// The pieces of `remote_iov` are at addresses of that process. What is read is less than asked for where a later piece is not mapped.
    fn process_vm_readv(pid: Pid, remote_iov: Vec<Iovec>, flags: u64 = 0) -> Bytes {
        let mut bytes = buffer(length(&remote_iov)?)?;
        let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        let remote = raw(&remote_iov);
        // SAFETY: process_vm_readv(2) fills `bytes`, whose length it is told; the other addresses are of the other process.
        let got = kernel(|| unsafe {
            libc::process_vm_readv(pid.0, &raw const local, 1, remote.as_ptr(), remote.len() as libc::c_ulong, flags)
        })?;
        bytes.truncate(usize::try_from(got).unwrap_or(0));
        Ok(Bytes(bytes))
    }
    const PROCESS_VM_READV: "process_vm_readv(2)";
    traits: [Local, ReadOnly];
    touches: [writes process(pid), reads memory];
    blocks: "never";
    errors: {
        EFAULT: "nothing is mapped at the address in that process",
        EINVAL: "flags is not 0, or there are more than 1024 pieces",
        EPERM: "the caller may not trace the process; see ptrace(2)",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
        ENOMEM: "no memory for the list of pieces",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: child = fork()
child: store(p, \"of the child\")
a: process_vm_readv(child, [{p, 2}, {p + 7, 5}]) -> \"ofchild\"
a: load(p, u8)                                   -> 0
a: process_vm_readv(child, [{8, 4}])             -> EFAULT";
}

call! {
    /// Writes into the memory of a process, and gives how many bytes.
    ///
    /// The bytes fill the pieces of `remote_iov` one after the other.
    fn process_vm_writev(pid: Pid, local_iov: Bytes, remote_iov: Vec<Iovec>, flags: u64 = 0) -> i64 {
        let mut bytes = local_iov.0;
        let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        let remote = raw(&remote_iov);
        // SAFETY: process_vm_writev(2) reads `bytes`, whose length it is told; the other addresses are of the other process.
        let put = kernel(|| unsafe {
            libc::process_vm_writev(pid.0, &raw const local, 1, remote.as_ptr(), remote.len() as libc::c_ulong, flags)
        })?;
        Ok(put as i64)
    }
    const PROCESS_VM_WRITEV: "process_vm_writev(2)";
    traits: [Local];
    touches: [writes process(pid), writes memory];
    blocks: "never";
    errors: {
        EFAULT: "nothing is mapped at the address in that process, or it is not writable there",
        EINVAL: "flags is not 0, or there are more than 1024 pieces",
        EPERM: "the caller may not trace the process; see ptrace(2)",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
        ENOMEM: "no memory for the list of pieces",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: child = fork()
a: process_vm_writev(child, \"from outside\", [{p, 12}]) -> 12
child: load(p, 12)                                      -> \"from outside\"
a: load(p, u8)                                          -> 0";
}

fn length(pieces: &[Iovec]) -> Result<usize, Failure> {
    let sum = pieces.iter().try_fold(0usize, |sum, piece| sum.checked_add(piece.iov_len));
    sum.ok_or_else(|| Refusal("the pieces are longer than any memory".into()).into())
}

fn raw(pieces: &[Iovec]) -> Vec<libc::iovec> {
    let one = |piece: &Iovec| libc::iovec { iov_base: with_exposed_provenance_mut(piece.iov_base), iov_len: piece.iov_len };
    pieces.iter().map(one).collect()
}
