//! Why a call may fail: for each call and error number, the causes to look for in a run, the likeliest first.
//!
//! An entry of the catalogue says in words what an error number means; here stands what of that a run can prove. Who reads the table looks,
//! in order, which suspect has left a trace in the steps so far, and names the first that has.

use crate::value::{Errno, Signal};

/// What may be behind an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspect {
    /// A seccomp filter of the caller answers so.
    Filter,
    /// A handle among the arguments was removed or closed, is of another namespace, or was never the caller's.
    Stale,
    /// The process that the call names has ended, or somebody has taken its status.
    Gone,
    /// The caller has not this capability where it counts.
    Lacks(&'static str),
    /// The resource limit of this name was set, and is reached.
    Reached(&'static str),
    /// The sysctl of this name holds it down.
    Full(&'static str),
    /// An argument is above a limit of the kernel.
    Above(Bound),
    /// Mode bits do not allow it to the caller.
    Mode,
    /// A mount on the way to the path is read-only.
    ReadOnly,
    /// Nobody has made what the key, the name or the path stands for, or not where the caller looks, or it is gone again.
    NeverMade,
    /// Somebody has made it before.
    MadeBefore,
    /// The call would have to wait, and a flag says not to.
    NotToWait,
    /// The semaphore's number is beyond the last of its set.
    BeyondSet,
    /// More is asked for than the object had when it was made.
    Outgrown,
    /// What is sent, or the room to receive it, does not fit the object.
    Misfit,
    /// The name of a POSIX object is not one slash with a name behind it.
    Slash,
    /// The descriptor was opened for the other direction.
    Direction,
    /// A handler ran while the caller waited.
    Handler,
    /// Nobody has the reading end open any more, or yet.
    NoReader,
    /// No socket listens at the address.
    NoListener,
    /// A socket has the address already.
    AddressTaken,
    /// The caller has no such child.
    Childless,
    /// The lock is held, by somebody or by the caller.
    Locked,
    /// The value would pass what a semaphore can hold.
    Overflow,
    /// The directory is not empty.
    NotEmpty,
}

/// An argument that a sysctl bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The parameter, and a field of it behind a dot: of bytes and lists, the length counts.
    pub what: &'static str,
    /// `kernel.msgmax`
    pub sysctl: &'static str,
    /// Which of its numbers, from 0.
    pub column: usize,
    /// What the manual calls it: `MSGMAX`.
    pub name: &'static str,
}

/// For which calls, all where none is named, and which error: what to look for.
type Rule = (&'static [&'static str], Errno, &'static [Suspect]);

const fn above(what: &'static str, sysctl: &'static str, column: usize, name: &'static str) -> Suspect {
    Suspect::Above(Bound { what, sysctl, column, name })
}

/// The operations on the objects of System V, by identifier.
const BY_ID: &[&str] = &["semop", "semtimedop", "semctl", "msgsnd", "msgrcv", "msgctl", "shmat", "shmctl"];
const BY_KEY: &[&str] = &["semget", "msgget", "shmget"];
const BY_NAME: &[&str] = &["mq_open", "sem_open", "shm_open"];
const MOUNTS: &[&str] = &[
    "mount",
    "umount",
    "umount2",
    "unshare",
    "setns",
    "pivot_root",
    "sethostname",
    "setdomainname",
    "fsopen",
    "fsmount",
    "open_tree",
    "move_mount",
    "mount_setattr",
    "clone",
    "clone3",
];

/// Rules for single calls come ahead of those for all.
const RULES: &[Rule] = &[
    (&["semop", "semtimedop"], Errno::EFBIG, &[Suspect::BeyondSet]),
    (&["semop", "semtimedop"], Errno::ERANGE, &[Suspect::Overflow]),
    (&["semop", "semtimedop"], Errno::E2BIG, &[above("sops", "kernel.sem", 2, "SEMOPM")]),
    (&["semctl"], Errno::EINVAL, &[Suspect::Stale, Suspect::BeyondSet]),
    (&["semctl"], Errno::ERANGE, &[Suspect::Overflow]),
    (&["semget"], Errno::EINVAL, &[Suspect::Outgrown, above("nsems", "kernel.sem", 0, "SEMMSL")]),
    (&["semget"], Errno::ENOSPC, &[Suspect::Full("kernel.sem")]),
    (&["msgget"], Errno::ENOSPC, &[Suspect::Full("kernel.msgmni")]),
    (&["shmget"], Errno::ENOSPC, &[Suspect::Full("kernel.shmmni"), Suspect::Full("kernel.shmall")]),
    (&["shmget"], Errno::EINVAL, &[Suspect::Outgrown, above("size", "kernel.shmmax", 0, "SHMMAX")]),
    (&["msgsnd"], Errno::EINVAL, &[Suspect::Stale, above("msgp.mtext", "kernel.msgmax", 0, "MSGMAX")]),
    (&["msgrcv"], Errno::E2BIG, &[Suspect::Misfit]),
    (&["mq_send", "mq_timedsend", "mq_receive", "mq_timedreceive"], Errno::EMSGSIZE, &[Suspect::Misfit]),
    (BY_KEY, Errno::ENOENT, &[Suspect::NeverMade]),
    (BY_KEY, Errno::EEXIST, &[Suspect::MadeBefore]),
    (BY_KEY, Errno::EACCES, &[Suspect::Mode]),
    (BY_ID, Errno::EACCES, &[Suspect::Mode]),
    (&["semctl", "msgctl", "shmctl"], Errno::EPERM, &[Suspect::Mode, Suspect::Lacks("CAP_SYS_ADMIN")]),
    (
        &["mq_open"],
        Errno::EINVAL,
        &[
            Suspect::Slash,
            above("attr.mq_maxmsg", "fs.mqueue.msg_max", 0, "msg_max"),
            above("attr.mq_msgsize", "fs.mqueue.msgsize_max", 0, "msgsize_max"),
        ],
    ),
    (&["mq_open"], Errno::ENOSPC, &[Suspect::Full("fs.mqueue.queues_max")]),
    (&["mq_open"], Errno::EMFILE, &[Suspect::Reached("RLIMIT_NOFILE"), Suspect::Reached("RLIMIT_MSGQUEUE")]),
    (BY_NAME, Errno::EINVAL, &[Suspect::Slash]),
    (BY_NAME, Errno::EACCES, &[Suspect::Slash, Suspect::Mode]),
    (BY_NAME, Errno::ENOENT, &[Suspect::Slash, Suspect::NeverMade]),
    (&["fork", "vfork", "clone", "clone3", "thread"], Errno::EAGAIN, &[Suspect::Reached("RLIMIT_NPROC")]),
    (&["unshare", "clone", "clone3"], Errno::ENOSPC, &[Suspect::Full("user.max_*_namespaces")]),
    (&["fcntl"], Errno::EPERM, &[above("arg", "fs.pipe-max-size", 0, "pipe-max-size")]),
    (&["fcntl"], Errno::EAGAIN, &[Suspect::Locked]),
    (&["fcntl"], Errno::EACCES, &[Suspect::Locked]),
    (&["flock"], Errno::EAGAIN, &[Suspect::Locked]),
    (&["mlock", "mlock2", "mlockall"], Errno::ENOMEM, &[Suspect::Reached("RLIMIT_MEMLOCK"), Suspect::Stale]),
    (&["mlock", "mlock2", "mlockall"], Errno::EPERM, &[Suspect::Reached("RLIMIT_MEMLOCK"), Suspect::Lacks("CAP_IPC_LOCK")]),
    (&["mmap", "mremap"], Errno::ENOMEM, &[Suspect::Reached("RLIMIT_AS"), Suspect::Stale]),
    (&["mmap", "mremap"], Errno::EACCES, &[Suspect::Direction]),
    (&["open", "openat", "openat2"], Errno::ENXIO, &[Suspect::NoReader]),
    (&["connect"], Errno::ECONNREFUSED, &[Suspect::NoListener]),
    (&["connect"], Errno::ENOENT, &[Suspect::NoListener]),
    (&["bind"], Errno::EADDRINUSE, &[Suspect::AddressTaken]),
    (&["bind"], Errno::EACCES, &[Suspect::Lacks("CAP_NET_BIND_SERVICE"), Suspect::Mode]),
    (&["socket"], Errno::EPERM, &[Suspect::Lacks("CAP_NET_RAW")]),
    (&["wait", "waitpid", "waitid", "wait3", "wait4"], Errno::ECHILD, &[Suspect::Childless]),
    (&["pthread_mutex_lock"], Errno::EDEADLK, &[Suspect::Locked]),
    (
        &["pthread_mutex_trylock", "pthread_spin_trylock", "pthread_rwlock_trywrlock", "pthread_rwlock_tryrdlock"],
        Errno::EBUSY,
        &[Suspect::Locked],
    ),
    (&["pthread_mutex_unlock"], Errno::EPERM, &[Suspect::Locked]),
    (&["pthread_mutex_destroy"], Errno::EBUSY, &[Suspect::Locked]),
    (MOUNTS, Errno::EPERM, &[Suspect::Lacks("CAP_SYS_ADMIN")]),
    (&["chown", "lchown", "fchown", "fchownat"], Errno::EPERM, &[Suspect::Lacks("CAP_CHOWN")]),
    (&["setuid", "setreuid", "setresuid", "seteuid"], Errno::EPERM, &[Suspect::Lacks("CAP_SETUID")]),
    (&["setgid", "setregid", "setresgid", "setegid", "setgroups"], Errno::EPERM, &[Suspect::Lacks("CAP_SETGID")]),
    (&["kill", "killpg", "tgkill", "tkill", "sigqueue", "pidfd_send_signal"], Errno::EPERM, &[Suspect::Lacks("CAP_KILL")]),
    (&["mknod", "mknodat"], Errno::EPERM, &[Suspect::Lacks("CAP_MKNOD")]),
    (&["chroot"], Errno::EPERM, &[Suspect::Lacks("CAP_SYS_CHROOT")]),
    (&["setrlimit", "prlimit"], Errno::EPERM, &[Suspect::Lacks("CAP_SYS_RESOURCE")]),
    (&["setpriority", "nice", "sched_setscheduler", "sched_setattr"], Errno::EPERM, &[Suspect::Lacks("CAP_SYS_NICE")]),
    (&["setpriority", "nice"], Errno::EACCES, &[Suspect::Lacks("CAP_SYS_NICE")]),
    (&["clock_settime"], Errno::EPERM, &[Suspect::Lacks("CAP_SYS_TIME")]),
    (&["chmod", "fchmod", "fchmodat", "utimensat"], Errno::EPERM, &[Suspect::Lacks("CAP_FOWNER")]),
    (&["process_vm_readv", "process_vm_writev", "kcmp"], Errno::EPERM, &[Suspect::Lacks("CAP_SYS_PTRACE")]),
    (&[], Errno::ENOENT, &[Suspect::NeverMade]),
    (&[], Errno::EEXIST, &[Suspect::MadeBefore]),
    (&[], Errno::ENOTEMPTY, &[Suspect::NotEmpty]),
    (&[], Errno::EROFS, &[Suspect::ReadOnly]),
    (&[], Errno::EACCES, &[Suspect::Mode]),
    (&[], Errno::EMFILE, &[Suspect::Reached("RLIMIT_NOFILE")]),
    (&[], Errno::EFBIG, &[Suspect::Reached("RLIMIT_FSIZE")]),
    (&[], Errno::EAGAIN, &[Suspect::NotToWait]),
    (&[], Errno::ENOMSG, &[Suspect::NotToWait]),
    (&[], Errno::EBADF, &[Suspect::Stale, Suspect::Direction]),
    (&[], Errno::EPIPE, &[Suspect::NoReader]),
    (&[], Errno::EINTR, &[Suspect::Handler]),
    (&[], Errno::ESRCH, &[Suspect::Gone]),
    (&[], Errno::ECHILD, &[Suspect::Gone]),
];

/// Errors that speak of the state of an object, not of which object it is: no handle is to blame for them.
const OF_STATE: &[Errno] =
    &[Errno::EAGAIN, Errno::EINTR, Errno::ENOMSG, Errno::ETIMEDOUT, Errno::EEXIST, Errno::EBUSY, Errno::ENOSPC, Errno::E2BIG];

/// What may be behind `errno` as the answer of `call`, in the order in which to look.
pub fn suspects(call: &str, errno: Errno) -> Vec<Suspect> {
    let rules = RULES.iter().filter(|(calls, known, _)| *known == errno && (calls.is_empty() || calls.contains(&call)));
    let named = rules.flat_map(|(_, _, suspects)| suspects.iter().copied());
    // A filter may answer anything, and a handle or a process that is no more may be behind most of it.
    let always = if OF_STATE.contains(&errno) { Vec::new() } else { vec![Suspect::Stale, Suspect::Gone] };
    let mut found = vec![Suspect::Filter];
    for suspect in named.chain(always) {
        if !found.contains(&suspect) {
            found.push(suspect);
        }
    }
    found
}

/// What may be behind the caller's end by `signal`.
pub fn suspects_of_end(signal: Signal) -> &'static [Suspect] {
    match signal.0 {
        libc::SIGSYS => &[Suspect::Filter],
        libc::SIGPIPE => &[Suspect::NoReader],
        libc::SIGSEGV | libc::SIGBUS => &[Suspect::Stale],
        libc::SIGXFSZ => &[Suspect::Reached("RLIMIT_FSIZE")],
        libc::SIGXCPU => &[Suspect::Reached("RLIMIT_CPU")],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{constant, operations};

    #[test]
    fn every_rule_is_of_calls_and_names_that_there_are() {
        let known: Vec<&str> = operations().map(|call| call.name).collect();
        for (calls, _, suspects) in RULES {
            for call in *calls {
                assert!(known.contains(call), "no call {call}");
            }
            for suspect in *suspects {
                match suspect {
                    Suspect::Lacks(name) | Suspect::Reached(name) => assert!(constant(name).is_some(), "no constant {name}"),
                    Suspect::Above(bound) => {
                        let parameter = bound.what.split('.').next();
                        let mut of = operations().filter(|call| calls.contains(&call.name));
                        assert!(of.all(|call| call.parameters.iter().any(|known| Some(known.name) == parameter)), "{bound:?}");
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_rule_for_one_call_comes_ahead_of_that_for_all() {
        assert_eq!(
            suspects("semop", Errno::EFBIG),
            [Suspect::Filter, Suspect::BeyondSet, Suspect::Reached("RLIMIT_FSIZE"), Suspect::Stale, Suspect::Gone]
        );
        assert!(!suspects("semop", Errno::EAGAIN).contains(&Suspect::Stale));
    }
}
