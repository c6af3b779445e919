//! Pairs of steps that go together, and pairs that do not.

use super::{Footprint, Surroundings};
use crate::operation::{self, Operation};
use crate::scenario::ActorId;
use crate::value::{Prepared, Value};

/// Descriptors and pids as two actors of a scenario have them.
struct Fixed;

impl Surroundings for Fixed {
    fn descriptor(&self, fd: i32) -> Option<String> {
        let link = match fd {
            3 | 4 => "pipe:[17]",
            5 | 6 => "pipe:[18]",
            7 => "/tmp/note",
            8 => "/tmp/other (deleted)",
            9 => "socket:[5]",
            10 => "socket:[6]",
            11 => "anon_inode:[eventfd]",
            12 => "/jobs",
            13 => "/jobs (deleted)",
            14 => "/dev/mqueue/jobs",
            15 => "/others",
            16 => "anon_inode:[eventpoll]",
            17 => "/proc/12/status",
            18 => "/dev/pts/0",
            19 => "/memfd:m (deleted)",
            20 => "anon_inode:[timerfd]",
            21 => "/dev/null",
            _ => return None,
        };
        Some(link.to_owned())
    }

    fn actor(&self, pid: i64) -> Option<ActorId> {
        match pid {
            100 => Some(0),
            101 => Some(1),
            102 => Some(2),
            _ => None,
        }
    }

    fn withstands(&self, actor: ActorId, signal: i32) -> bool {
        actor != 0 && matches!(signal, libc::SIGUSR1 | libc::SIGUSR2 | libc::SIGCONT | 40)
    }
}

/// A step written as `call arg arg`: numbers, constants, `'text` for strings, `[3]` for a list of descriptors to poll.
fn step(actor: ActorId, text: &str) -> Footprint {
    let (operation, args) = call(text);
    Footprint::of(operation, &args, actor, &Fixed)
}

fn call(text: &str) -> (&'static Operation, Vec<Value>) {
    let mut words = text.split_whitespace();
    let name = words.next().expect("a call");
    let (_, operation) = operation::find(name).unwrap_or_else(|| panic!("no call `{name}`"));
    (operation, words.map(value).collect())
}

fn value(word: &str) -> Value {
    if let Some(text) = word.strip_prefix('\'') {
        return Value::text(text);
    }
    if let Some(list) = word.strip_prefix('[') {
        let fields = |fd: &str| Value::Record(vec![(String::new(), value(fd)), (String::new(), Value::Int(1))]);
        return Value::List(list.trim_end_matches(']').split(',').map(fields).collect());
    }
    let signal = || crate::value::Signal::from_name(word).map(|signal| i128::from(signal.0));
    let number = word.parse().ok().or_else(|| operation::constant(word)).or_else(signal);
    number.map_or_else(|| Value::Word(word.to_owned()), Value::Int)
}

/// Both in the order given and the other one.
fn conflict(a: &str, b: &str) -> bool {
    let (a, b) = (step(0, a), step(1, b));
    assert_eq!(a.conflicts(&b), b.conflicts(&a), "asked the other way round");
    a.conflicts(&b)
}

#[test]
fn these_go_together() {
    for (a, b) in [
        ("semop 7 0", "semop 8 0"),
        ("semop 7 0", "semctl 8 0 GETVAL"),
        ("semctl 7 0 GETVAL", "semctl 7 0 GETALL"),
        ("semctl 7 0 SETVAL 1", "semctl 8 0 SETVAL 1"),
        ("semop 7 0", "msgsnd 7 0"),
        ("semop 7 0", "shmget 7"),
        ("semget 7", "msgget 7"),
        ("shmat 1", "store 4096 u8 1"),
        ("shmat 1", "semop 1 0"),
        ("shmctl 1 IPC_STAT", "shmctl 1 IPC_STAT"),
        ("openat -100 '/tmp/a 0", "semop 7 0"),
        ("fstatat 7 'a", "getpid"),
        ("ioctl 3 FIONREAD", "poll [4] 0"),
        ("prctl PR_SET_NAME 'x", "getpid"),
        ("msgsnd 1 0", "msgrcv 2 0"),
        ("load 4096 u8", "load 4096 u8"),
        ("store 4096 u8 1", "semop 7 0"),
        ("store 4096 u8 1", "write 4 'x"),
        ("write 4 'x", "read 5 1"),
        ("write 4 'x", "write 9 'x"),
        ("write 4 'x", "write 7 'x"),
        ("write 11 'x", "read 20 8"),
        ("poll [3,5] 0", "poll [3] 0"),
        ("poll [3] 0", "write 6 'x"),
        ("mq_send 12 'x", "mq_send 15 'x"),
        ("mq_send 12 'x", "mq_open '/jobs 0"),
        ("mq_send 12 'x", "mq_unlink '/jobs"),
        ("mq_getattr 12", "mq_getattr 12"),
        ("mq_send 12 'x", "store 4096 u8 1"),
        ("getpid", "store 4096 u8 1"),
        ("sigprocmask SIG_BLOCK", "umask 0"),
        ("kill 102 SIGUSR1", "getpid"),
        ("kill 102 0", "kill 102 0"),
        ("kill 102 SIGCHLD", "getpid"),
        ("kill 0 0", "getpid"),
        ("getpgid 101", "getpid"),
        ("stat '/tmp/a", "access '/tmp/a 0"),
        ("stat '/tmp/a", "semop 7 0"),
        ("unlink '/tmp/a", "write 4 'x"),
        ("gethostname", "uname"),
        ("sethostname 'x", "semop 7 0"),
        ("dup2 -1 4", "write 6 'x"),
        ("mmap 0 4096 3 33 -1 0", "write 7 'x"),
        ("fcntl 3 F_GETFD", "write 4 'x"),
        ("fcntl 3 F_GETFL", "fcntl 4 F_GETFL"),
        ("open '/dev/null 0", "semop 7 0"),
        ("nanosleep 0", "pause"),
    ] {
        assert!(!conflict(a, b), "`{a}` and `{b}` go together");
    }
}

#[test]
fn these_do_not() {
    for (a, b) in [
        ("semop 7 0", "semop 7 0"),
        ("semop 7 0", "semctl 7 0 GETVAL"),
        ("semop 7 0", "semctl 8 0 IPC_RMID"),
        ("semop 7 0", "semctl 3 0 SEM_INFO"),
        ("semop 7 0", "semget 7"),
        ("semget 7", "semget 8"),
        ("shmat 1", "shmat 2"),
        ("shmat 1", "shmdt 4096"),
        ("fstatat 17 'a", "getpid"),
        ("readlinkat 17 '3", "dup 3"),
        ("close 8", "mq_open '/b 64"),
        ("ioctl 3 FIONREAD", "write 4 'x"),
        ("ioctl 3 FIONREAD", "ioctl 4 FIONBIO 1"),
        ("shmat 1", "shmctl 1 IPC_STAT"),
        ("shmctl 1 IPC_STAT", "munmap 4096 4096"),
        ("msgsnd 1 0", "msgrcv 1 0"),
        ("msgsnd 1 0", "msgctl 1 IPC_STAT"),
        ("load 4096 u8", "store 8192 u8 1"),
        ("futex 4096 FUTEX_WAIT", "futex 8192 FUTEX_WAKE"),
        ("sem_wait 4096", "store 8192 u8 1"),
        ("pthread_mutex_lock 4096", "pthread_mutex_lock 8192"),
        ("write 4 'x", "read 3 1"),
        ("close 4", "read 3 1"),
        ("close 7", "lockf 8 F_LOCK"),
        ("poll [3,5] 0", "write 6 'x"),
        ("write 7 'x", "read 8 1"),
        ("write 7 'x", "stat '/tmp/a"),
        ("write 7 'x", "load 4096 u8"),
        ("ftruncate 19 0", "load 4096 u8"),
        ("open '/tmp/a 0", "unlink '/tmp/a"),
        ("open '/tmp/a 0", "write 4 'x"),
        ("fcntl 7 F_SETLKW", "fcntl 8 F_SETLKW"),
        ("send 9 'x", "recv 10 1"),
        ("write 9 'x", "read 10 1"),
        ("write 11 'x", "read 11 8"),
        ("mq_send 12 'x", "mq_receive 13"),
        ("mq_send 12 'x", "mq_receive 14"),
        ("mq_send 12 'x", "poll [14] 0"),
        ("mq_send 12 'x", "stat '/dev/mqueue/jobs"),
        ("mq_open '/jobs 0", "mq_unlink '/jobs"),
        ("mq_open '/a 64", "mq_open '/b 64"),
        ("sem_open '/a 0", "sem_unlink '/a"),
        ("sem_unlink '/a", "stat '/dev/shm/sem.a"),
        ("kill 101 SIGUSR1", "getpid"),
        ("kill 101 SIGUSR1", "semop 7 0"),
        ("kill 102 SIGTERM", "getpid"),
        ("kill 102 SIGKILL", "semop 7 0"),
        ("kill 102 SIGSTOP", "getpid"),
        ("raise SIGUSR1", "getpid"),
        ("tgkill 102 102 SIGTERM", "getpid"),
        ("kill 0 SIGUSR1", "getpid"),
        ("kill -5 SIGUSR1", "getpid"),
        ("kill 999 SIGUSR1", "getpid"),
        ("kill 102 SIGCONT", "getpid"),
        ("kill 102 40", "getpid"),
        ("kill 102 SIGUSR1", "kill 102 SIGUSR2"),
        ("kill 102 0", "kill 102 SIGUSR1"),
        ("sigqueue 102 SIGUSR1", "getpid"),
        ("prlimit 101 RLIMIT_NOFILE", "umask 0"),
        ("setpgid 0 0", "getpid"),
        ("sethostname 'x", "uname"),
        ("getpid", "fork"),
        ("getpid", "exit"),
        ("getpid", "waitpid -1"),
        ("getpid", "unshare CLONE_NEWIPC"),
        ("getpid", "read 16 1"),
        ("getpid", "read 17 1"),
        ("getpid", "write 18 'x"),
        ("getpid", "read 99 1"),
        ("getpid", "stat '/proc/self/status"),
        ("getpid", "readlink '../proc/1/fd/3"),
        ("getpid", "open '/dev/ptmx 2"),
        ("getpid", "mq_notify 12"),
        ("getpid", "semctl 7 0 4711"),
    ] {
        assert!(conflict(a, b), "`{a}` and `{b}` do not go together");
    }
}

#[test]
fn everything_goes_together_with_nothing() {
    let quiet = step(0, "getpid");
    assert!(Footprint::everything().conflicts(&quiet) && quiet.conflicts(&Footprint::everything()));
    assert!(!Footprint::everything().lasts());
}

#[test]
fn a_step_touches_what_it_lets_go_on() {
    let mut wakes = step(0, "write 4 'x");
    let other = step(1, "write 6 'x");
    assert!(!wakes.conflicts(&other));
    wakes.join(&step(2, "poll [3,5] 1000"));
    assert!(wakes.conflicts(&other));
    wakes.join(&Footprint::everything());
    assert_eq!(wakes, Footprint::everything());
}

#[test]
fn what_reaches_on_is_known() {
    for lasting in [
        "thread",
        "vfork",
        "clone",
        "execv 'p",
        "system 'true",
        "unshare CLONE_NEWPID",
        "setns 3",
        "mq_notify 12",
        "alarm 1",
        "killpg 5 SIGTERM",
        "vmsplice 4 0",
        "fcntl 3 F_SETOWN 5",
        "ioctl 3 FIOSETOWN 5",
        "mount 'proc '/tmp/p 'proc",
        "chdir '/proc/1",
        "symlink '/proc/self/fd/3 '/tmp/x",
    ] {
        assert!(step(0, lasting).lasts(), "`{lasting}`");
    }
    for passing in ["fork", "exit", "getpid", "chdir '/tmp", "stat '/proc/1", "unshare CLONE_NEWIPC", "fcntl 3 F_SETFD 1"] {
        assert!(!step(0, passing).lasts(), "`{passing}`");
    }
}

#[test]
fn a_handler_that_makes_calls_makes_them_anywhere() {
    let (_, signal) = operation::find("signal").expect("a call");
    let (getpid, _) = operation::find("getpid").expect("a call");
    let install = |calls: Vec<Prepared>| Footprint::of(signal, &[Value::Int(10), Value::Do(calls)], 0, &Fixed);
    let idle = install(Vec::new());
    assert!(!idle.lasts() && idle.conflicts(&step(1, "getpid")));
    assert!(install(vec![Prepared { operation: getpid, args: Vec::new() }]).lasts());
}

#[test]
fn semaphores_of_one_set_are_apart() {
    let (_, semop) = operation::find("semop").expect("a call");
    let on = |actor: ActorId, numbers: &[i128]| {
        let one = |number: &i128| Value::Record(vec![(String::new(), Value::Int(*number)), (String::new(), Value::Int(-1))]);
        Footprint::of(semop, &[Value::Int(7), Value::List(numbers.iter().map(one).collect())], actor, &Fixed)
    };
    assert!(!on(0, &[0]).conflicts(&on(1, &[1])));
    assert!(on(0, &[0, 1]).conflicts(&on(1, &[1, 2])));
    assert!(on(0, &[1]).conflicts(&step(1, "semctl 7 1 GETVAL")) && !on(0, &[1]).conflicts(&step(1, "semctl 7 0 GETVAL")));
    for whole in ["semctl 7 0 GETALL", "semctl 7 0 IPC_STAT", "semctl 3 0 SEM_INFO", "semctl 7 0 IPC_RMID", "semget 5"] {
        assert!(on(0, &[3]).conflicts(&step(1, whole)), "`{whole}`");
    }
    let named = Value::List(vec![Value::record([("sem_op", Value::Int(1)), ("sem_num", Value::Int(4))])]);
    let named = Footprint::of(semop, &[Value::Int(7), named], 0, &Fixed);
    assert!(named.conflicts(&on(1, &[4])) && !named.conflicts(&on(1, &[0])));
}

#[test]
fn an_actor_stands_for_its_pid() {
    let (_, kill) = operation::find("kill").expect("a call");
    let signal = Footprint::of(kill, &[Value::Actor(1), Value::Int(10)], 0, &Fixed);
    assert!(signal.conflicts(&step(1, "getpid")) && !signal.conflicts(&step(2, "getpid")));
}
