//! Processes that share with their parent, or start where nobody else is; see clone(2), vfork(2).

mod birth;

use super::argument::{Address, Fd, Pid};
use super::entry::{call, structure};
use super::namespace::CloneFlags;
use super::process::born;
use super::{Failure, Family};
use crate::value::Signal;
use birth::{Birth, Newborn};

/// Processes that share.
pub static FAMILY: Family = Family {
    name: "clone",
    title: "Processes that share",
    summary: "To the kernel, `fork` is `clone` without flags: the child gets a copy of everything. Each flag replaces one copy: CLONE_FILES by the \
        parent's own table of descriptors, CLONE_FS by its working directory and umask, CLONE_SYSVSEM by its list of SEM_UNDO values, \
        CLONE_VM by its memory; the CLONE_NEW… flags by something fresh. A thread is the child that shares all of it, and the pid as well.",
    calls: &[&CLONE, &CLONE3, &VFORK],
    constants: &[&CloneFlags::GROUP],
    structs: &[&CloneArgs::STRUCTURE],
};

structure! {
    /// What clone3 makes. A script gives no stack and no thread-local storage: a child that needs its own gets it.
    CloneArgs = "clone_args" {
        flags: CloneFlags, pidfd: Address, child_tid: Address, parent_tid: Address, exit_signal: Signal, set_tid: Vec<Pid>, cgroup: Fd,
    }
}

call! {
    /// Like `fork`, with new namespaces for the child or parts shared with it, as the flags say.
    ///
    /// The child sends SIGCHLD at its end, unless the flags hold another signal. The ids go to addresses where the flags ask for
    /// them: CLONE_PARENT_SETTID and CLONE_PIDFD to `parent_tid`, CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID to `child_tid`.
    fn clone(flags: CloneFlags = 0, parent_tid: Address = 0, child_tid: Address = 0) -> Pid {
        refuse("clone", flags.0)?;
        if flags.0 & libc::CLONE_NEWTIME as u64 != 0 {
            return Err(Failure::Refused(
                "`clone` cannot take CLONE_NEWTIME: its bit belongs to the signal there; `clone3` and `unshare` take it".into(),
            ));
        }
        let signal = if flags.0 & 0xff == 0 { libc::SIGCHLD as u64 } else { 0 };
        made(birth::give(Birth::Clone { flags: flags.0 | signal, parent_tid: parent_tid.0, child_tid: child_tid.0 }))
    }
    const CLONE: "clone(2)";
    traits: [Forks, Shares];
    blocks: "with CLONE_VFORK, until the child executes a program or ends";
    errors: {
        EPERM: "a new namespace other than a user namespace, without CAP_SYS_ADMIN",
        EINVAL: "flags that exclude each other: CLONE_NEWNS with CLONE_FS, CLONE_NEWIPC with CLONE_SYSVSEM, \
            CLONE_NEWPID or CLONE_NEWUSER with CLONE_PARENT, CLONE_SIGHAND without CLONE_VM",
        ENOSPC: "namespaces are nested too deeply, or a limit in /proc/sys/user is reached",
        EUSERS: "as ENOSPC, on kernels before 4.9",
        EAGAIN: "RLIMIT_NPROC, or a pids cgroup, allows no further process",
        ENOMEM: "no memory, or the init process of the pid namespace for children has ended",
    };
    example: "a: child = clone(CLONE_NEWUTS | CLONE_NEWPID)
child: getpid()             -> 1
child: sethostname(\"inside\")
child: gethostname()        -> \"inside\"
a: gethostname()            -> != \"inside\"
a: sharer = clone(CLONE_FILES | CLONE_VM)
sharer: fd = open(\"made\", O_CREAT | O_WRONLY, 0o600)
a: write(fd, \"by another\") -> 10";
}

call! {
    /// Like `clone`, with more to choose: the child's pid in each of its pid namespaces, its cgroup, handlers made default.
    ///
    /// `set_tid` lists the pids, that of the innermost namespace first. The child sends SIGCHLD at its end, unless another signal is
    /// given.
    fn clone3(cl_args: CloneArgs) -> Pid {
        let flags = cl_args.flags.0;
        refuse("clone3", flags)?;
        // The kernel wants no signal where the parent's own is inherited.
        let exit_signal = match cl_args.exit_signal.0 {
            0 if flags & libc::CLONE_PARENT as u64 == 0 => libc::SIGCHLD,
            signal => signal,
        };
        let set_tid: Vec<i32> = cl_args.set_tid.iter().map(|pid| pid.0).collect();
        made(birth::give(Birth::Clone3 {
            flags,
            addresses: [cl_args.pidfd.0, cl_args.child_tid.0, cl_args.parent_tid.0],
            exit_signal,
            set_tid: &set_tid,
            cgroup: cl_args.cgroup.0,
        }))
    }
    const CLONE3: "clone3(2)";
    since: "5.3";
    traits: [Forks, Shares];
    blocks: "with CLONE_VFORK, until the child executes a program or ends";
    errors: {
        EEXIST: "a pid of `set_tid` is taken",
        EPERM: "a new namespace without CAP_SYS_ADMIN, or `set_tid` without CAP_CHECKPOINT_RESTORE in the owner of that pid namespace",
        EINVAL: "flags that exclude each other; more pids than pid namespaces, or one that is not 1 in a new one; an exit signal with CLONE_PARENT",
        EBADF: "CLONE_INTO_CGROUP, and `cgroup` is no descriptor of a cgroup",
        EACCES: "CLONE_INTO_CGROUP, and the caller may not move processes there",
        EBUSY: "CLONE_INTO_CGROUP, and a domain controller is enabled in that cgroup",
        EOPNOTSUPP: "CLONE_INTO_CGROUP, and that cgroup is in the state `domain invalid`",
        ENOSPC: "namespaces are nested too deeply, or a limit in /proc/sys/user is reached",
        EAGAIN: "RLIMIT_NPROC, or a pids cgroup, allows no further process",
        ENOMEM: "no memory, or the init process of the pid namespace for children has ended",
    };
    example: "a: child = clone3({set_tid: [4321]})
child: getpid()             -> 4321
a: inner = clone3({flags: CLONE_NEWPID, set_tid: [1, 4322]})
inner: getpid()             -> 1
expect inner == 4322
a: clone3({set_tid: [4321]}) -> EEXIST";
}

call! {
    /// Makes a child that runs in its parent's memory, while the parent waits until the child executes a program or ends.
    ///
    /// The parent's step therefore `blocks`, and it resumes with the child's pid.
    fn vfork() -> Pid {
        let flags = (libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD) as u64;
        made(birth::give(Birth::Clone { flags, parent_tid: 0, child_tid: 0 }))
    }
    const VFORK: "vfork(2)";
    traits: [Forks, Shares];
    blocks: "until the child executes a program or ends";
    errors: {
        EAGAIN: "RLIMIT_NPROC, or a pids cgroup, allows no further process",
        ENOMEM: "no memory, or the init process of the pid namespace for children has ended",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: child = vfork()      -> blocks
child: store(p, u32, 7)
child: _exit(0)
a: resumes              -> child
a: load(p, u32)         -> 7
a: waitpid(child)       -> exited(0)";
}

/// Flags that have no meaning for an actor.
fn refuse(call: &str, flags: u64) -> Result<(), Failure> {
    let refused = [
        (libc::CLONE_THREAD, "CLONE_THREAD", "a thread is started with `t = thread()`"),
        (libc::CLONE_SETTLS, "CLONE_SETTLS", "a script has no thread-local storage to give; a child that needs its own gets it"),
    ];
    match refused.iter().find(|(flag, ..)| flags & *flag as u64 != 0) {
        Some((_, name, why)) => Err(Failure::Refused(format!("`{call}` cannot take {name}: {why}"))),
        None => Ok(()),
    }
}

/// The two sides of a birth.
fn made(newborn: Result<Newborn, Failure>) -> Result<Pid, Failure> {
    match newborn? {
        Newborn::Child => born(0),
        Newborn::Parent(pid) => Ok(Pid(pid)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn what_an_actor_cannot_be_is_refused() {
        for flag in [libc::CLONE_THREAD, libc::CLONE_SETTLS, libc::CLONE_NEWTIME] {
            assert!(matches!((CLONE.run)(&[Value::from(flag)]), Err(Failure::Refused(_))));
        }
    }
}
