//! Namespaces: how a process leaves one, enters one, and names the one it is in; see namespaces(7).

use super::argument::{Fd, number};
use super::entry::{call, constants};
use super::{Argument, Failure, Family, Refusal, kernel};
use crate::value::{Type, Value};
use std::path::Path;

/// Namespaces.
pub static FAMILY: Family = Family {
    name: "namespace",
    title: "Namespaces",
    summary: "A namespace holds what its members share and nobody else sees: IPC objects, the host name, mounts, process ids, network \
        devices, cgroup paths, users, clocks. `unshare` gives the caller fresh ones, `setns` brings it into one that exists, `clone` \
        starts a child in fresh ones. A namespace lives as long as a process is in it or a descriptor or a mount holds it.",
    calls: &[&UNSHARE, &SETNS, &NS],
    constants: &[&CloneFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of clone, unshare and setns
    flags CloneFlags(u64) {
        CLONE_NEWNS, "a new mount namespace: a copy of the mounts";
        CLONE_NEWCGROUP, "a new cgroup namespace: the caller's cgroups become its roots";
        CLONE_NEWUTS, "a new UTS namespace: a copy of host and domain name";
        CLONE_NEWIPC, "a new IPC namespace, empty";
        CLONE_NEWUSER, "a new user namespace: the caller has all capabilities in it";
        CLONE_NEWPID, "a new pid namespace; unshare and setns change it for children only";
        CLONE_NEWNET, "a new network namespace, with a loopback that is down";
        CLONE_NEWTIME, "a new time namespace, for children only";
        CLONE_FS, "root, working directory and umask are shared; unshare: no longer";
        CLONE_FILES, "the table of descriptors is shared; unshare: no longer";
        CLONE_SYSVSEM, "the list of SEM_UNDO values is shared; unshare: no longer";
        CLONE_PARENT, "the child gets the caller's parent as its own";
        CLONE_IO = 0x8000_0000_u64, "the I/O context is shared";
        CLONE_PTRACE, "whoever traces the caller traces the child";
        CLONE_UNTRACED, "whoever traces the caller does not trace the child";
        CLONE_VM, "memory is shared";
        CLONE_VFORK, "the parent waits until the child executes a program or ends";
        CLONE_SIGHAND, "the table of handlers is shared; needs CLONE_VM";
        CLONE_THREAD, "the child is a thread of the caller; needs CLONE_SIGHAND";
        CLONE_PIDFD, "C gets a pidfd of the child";
        CLONE_SETTLS, "the child's thread-local storage is given";
        CLONE_PARENT_SETTID, "the child's thread id is stored in the parent";
        CLONE_CHILD_SETTID, "the child's thread id is stored in the child";
        CLONE_CHILD_CLEARTID, "the child's thread id is cleared at its end, with a futex wake";
        CLONE_DETACHED, "has no meaning any more";
        CLONE_CLEAR_SIGHAND = 0x1_0000_0000_u64, "clone3: handlers become default actions";
        CLONE_INTO_CGROUP = 0x2_0000_0000_u64, "clone3: the child starts in a given cgroup";
    }
}

number! {
    /// An actor, by its pid.
    ActorPid(i32): Type::Actor;
}

/// The kinds of namespaces, as the files under /proc/PID/ns are called.
const KINDS: &[&str] = &["cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"];

/// A kind of namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind(pub String);

impl Argument for Kind {
    const TYPE: Type = Type::Word(KINDS);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(word) if KINDS.contains(&word.as_str()) => Ok(Self(word.clone())),
            other => Err(Refusal::wanted(&format!("one of {}", KINDS.join(", ")), other)),
        }
    }
}

call! {
    /// Gives the caller fresh namespaces, or its own copy of what it shared.
    ///
    /// Who leaves an IPC namespace leaves its semaphores: the kernel takes back what was done under SEM_UNDO. CLONE_NEWPID and
    /// CLONE_NEWTIME do not move the caller; they are for its children from then on.
    fn unshare(flags: CloneFlags) -> () {
        // The kernel takes a long here, the C library an int: the raw call does not cut off high flags.
        // SAFETY: unshare(2) takes an integer.
        kernel(|| unsafe { libc::syscall(libc::SYS_unshare, flags.0) })?;
        Ok(())
    }
    const UNSHARE: "unshare(2)";
    traits: [Wakes];
    blocks: "never for long";
    errors: {
        EPERM: "a new namespace other than a user namespace, without CAP_SYS_ADMIN; or CLONE_NEWUSER in a chroot, or by ids that the \
            parent namespace does not map",
        EINVAL: "unknown flags, or CLONE_THREAD, CLONE_SIGHAND or CLONE_VM by a process with several threads",
        ENOSPC: "namespaces are nested too deeply, or a limit in /proc/sys/user is reached",
        EUSERS: "as ENOSPC, on kernels before 4.9",
        ENOMEM: "no memory for the copies",
    };
    example: "actor b
a: set = semget(0x12345, 1, IPC_CREAT | 0o600)
a: semctl(set, 0, GETVAL)  -> 0
a: unshare(CLONE_NEWIPC)
a: semctl(set, 0, GETVAL)  -> EINVAL
b: semctl(set, 0, GETVAL)  -> 0
expect ns(a, ipc) != ns(b, ipc)";
}

call! {
    /// Brings the caller into the namespace that the descriptor refers to.
    ///
    /// The descriptor is one of a file under /proc/PID/ns; `nstype` then is 0 or the kind that it must be. Or it is a pidfd; `nstype`
    /// then says which namespaces of that process are to be entered, joined by `|`.
    fn setns(fd: Fd, nstype: CloneFlags = 0) -> () {
        let kinds = i32::try_from(nstype.0).map_err(|_| Refusal("`nstype` holds flags that are no kind of namespace".into()))?;
        // SAFETY: setns(2) takes integers only.
        kernel(|| unsafe { libc::setns(fd.0, kinds) })?;
        Ok(())
    }
    const SETNS: "setns(2)";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "never for long";
    errors: {
        EBADF: "the descriptor is not open",
        EINVAL: "the descriptor is of another kind than nstype says, or of no namespace at all; or the caller would re-enter its own \
            user namespace, or enter a pid namespace that is not below its own; or a pidfd with nstype 0",
        EPERM: "no CAP_SYS_ADMIN in the namespace to be entered, or in the caller's own user namespace",
        ESRCH: "the process that the pidfd refers to has ended",
        EUSERS: "a mount namespace or user namespace, by a process that shares root and working directory with another",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "actor b
b: unshare(CLONE_NEWUTS)
b: sethostname(\"inside\")
a: home = open(\"/proc/self/ns/uts\", O_RDONLY)
a: there = pidfd_open(b)
a: setns(there, CLONE_NEWUTS)
a: gethostname()              -> \"inside\"
a: setns(home, CLONE_NEWIPC)  -> EINVAL
a: setns(home)
a: gethostname()              -> != \"inside\"";
}

call! {
    /// Gives the namespace in which an actor is, to be compared with another: `expect ns(a, ipc) == ns(b, ipc)`.
    ///
    /// This is a word of the scripts; it reads the link /proc/PID/ns/KIND.
    fn ns(actor: ActorPid, kind: Kind) -> Value {
        let link = format!("/proc/{}/ns/{}", actor.0, kind.0);
        let target = std::fs::read_link(Path::new(&link))
            .map_err(|error| Failure::Errno(crate::value::Errno(error.raw_os_error().unwrap_or(libc::EIO))))?;
        Ok(Value::Word(target.to_string_lossy().into_owned()))
    }
    const NS: "";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        ENOENT: "the actor has ended, or is not in the caller's pid namespace",
        EACCES: "the caller may not look into that process",
    };
    example: "actor b
a: unshare(CLONE_NEWUTS)
expect ns(a, uts) != ns(b, uts)
expect ns(a, ipc) == ns(b, ipc)";
}
