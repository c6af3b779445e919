//! The families of calls that can block: for each, a turn that must be found blocked and one that must not.

/// One family. In its lines, `#` stands for the number of the turn within its loop, so that each turn binds names of its own.
pub struct Family {
    /// What the table calls it.
    pub name: &'static str,
    /// Steps before the first turn, the declaration of the actors among them.
    pub opening: &'static str,
    /// A turn in which somebody blocks and is woken.
    pub blocking: &'static str,
    /// A turn with the same calls in an order in which nobody blocks.
    pub free: &'static str,
    /// Turns in one scenario: few where each brings processes into the world.
    pub turns: usize,
}

/// Where a turn leaves nothing behind.
pub const MANY: usize = 1_200;
/// Where it brings processes or ports.
pub const FEW: usize = 120;

/// Every family.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "semop",
        opening: "actor a, b
            a: s = semget(IPC_PRIVATE, 1, 0o600)",
        blocking: "a: semop(s, [{0, -1, 0}]) -> blocks
            b: semop(s, [{0, +1, 0}])
            a: resumes",
        free: "b: semop(s, [{0, +1, 0}])
            a: semop(s, [{0, -1, 0}])",
        turns: MANY,
    },
    Family {
        name: "semop, wait for zero",
        opening: "actor a, b
            a: s = semget(IPC_PRIVATE, 1, 0o600)",
        blocking: "b: semop(s, [{0, +1, 0}])
            a: semop(s, [{0, 0, 0}]) -> blocks
            b: semop(s, [{0, -1, 0}])
            a: resumes",
        free: "b: semop(s, [{0, +1, 0}])
            b: semop(s, [{0, -1, 0}])
            a: semop(s, [{0, 0, 0}])",
        turns: MANY,
    },
    Family {
        name: "semop, three waiters",
        opening: "actor a, b, c, d
            a: s = semget(IPC_PRIVATE, 1, 0o600)",
        blocking: "a, c, d: semop(s, [{0, -1, 0}]) -> blocks
            b: semop(s, [{0, +2, 0}])
            a, c: resumes
            d: stays blocked
            b: semop(s, [{0, +1, 0}])
            d: resumes",
        free: "b: semop(s, [{0, +3, 0}])
            a, c, d: semop(s, [{0, -1, 0}])",
        turns: MANY / 2,
    },
    Family {
        name: "msgrcv",
        opening: "actor a, b
            a: q = msgget(IPC_PRIVATE, 0o600)",
        blocking: r#"a: msgrcv(q, 8) -> blocks
            b: msgsnd(q, {1, "x"})
            a: resumes -> {mtype: 1, mtext: "x"}"#,
        free: r#"b: msgsnd(q, {2, "y"})
            a: msgrcv(q, 8) -> {mtype: 2, mtext: "y"}"#,
        turns: MANY,
    },
    Family {
        name: "msgsnd, full queue",
        opening: r#"actor a, b
            a: q = msgget(IPC_PRIVATE, 0o600)
            a: msgctl(q, IPC_SET, {msg_qbytes: 8})
            a: msgsnd(q, {1, "12345678"})"#,
        blocking: r#"a: msgsnd(q, {1, "12345678"}) -> blocks
            b: msgrcv(q, 8) -> {mtext: "12345678"}
            a: resumes"#,
        free: r#"b: msgrcv(q, 8) -> {mtext: "12345678"}
            a: msgsnd(q, {1, "12345678"})"#,
        turns: MANY,
    },
    Family {
        name: "mq_receive, empty queue",
        opening: r#"actor a, b
            a: q = mq_open("/q", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 8})
            b: p = mq_open("/q", O_RDWR)"#,
        blocking: r#"a: mq_receive(q) -> blocks
            b: mq_send(p, "x", 3)
            a: resumes -> {msg: "x", prio: 3}"#,
        free: r#"b: mq_send(p, "y", 4)
            a: mq_receive(q) -> {msg: "y", prio: 4}"#,
        turns: MANY,
    },
    Family {
        name: "mq_send, full queue",
        opening: r#"actor a, b
            a: q = mq_open("/q", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 8})
            b: p = mq_open("/q", O_RDWR)
            a: mq_send(q, "x")"#,
        blocking: r#"a: mq_send(q, "x") -> blocks
            b: mq_receive(p) -> {msg: "x"}
            a: resumes"#,
        free: r#"b: mq_receive(p) -> {msg: "x"}
            a: mq_send(q, "x")"#,
        turns: MANY,
    },
    Family {
        name: "sem_wait",
        opening: r#"actor a, b
            a: s = sem_open("/s", O_CREAT, 0o600, 0)
            b: t = sem_open("/s", 0)"#,
        blocking: "a: sem_wait(s) -> blocks
            b: sem_post(t)
            a: resumes",
        free: "b: sem_post(t)
            a: sem_wait(s)",
        turns: MANY,
    },
    Family {
        name: "pipe, read",
        opening: "actor a
            a: [r, w] = pipe()
            a: b = fork()",
        blocking: r#"a: read(r, 8) -> blocks
            b: write(w, "x")
            a: resumes -> "x""#,
        free: r#"b: write(w, "y")
            a: read(r, 8) -> "y""#,
        turns: MANY,
    },
    Family {
        name: "pipe, write",
        opening: r#"actor a
            a: [r, w] = pipe()
            a: fcntl(w, F_SETPIPE_SZ, 4096)
            a: b = fork()
            a: write(w, "x" * 4096)"#,
        blocking: r#"a: write(w, "x" * 4096) -> blocks
            b: read(r, 4096)
            a: resumes -> 4096"#,
        free: r#"b: read(r, 4096)
            a: write(w, "x" * 4096) -> 4096"#,
        turns: MANY,
    },
    Family {
        name: "pipe, end of its writer",
        opening: "actor a",
        blocking: r#"a: [r#, w#] = pipe()
            a: c# = fork()
            a: close(w#)
            a: read(r#, 8) -> blocks
            c#: exit(0)
            a: resumes -> ""
            a: waitpid(c#) -> exited(0)
            a: close(r#)"#,
        free: r#"a: [r#, w#] = pipe()
            a: c# = fork()
            a: close(w#)
            c#: exit(0)
            a: read(r#, 8) -> ""
            a: waitpid(c#) -> exited(0)
            a: close(r#)"#,
        turns: FEW,
    },
    Family {
        name: "FIFO, open for reading",
        opening: r#"actor a, b
            a: mkfifo("fifo", 0o600)"#,
        blocking: r#"a: r# = open("fifo", O_RDONLY) -> blocks
            b: w# = open("fifo", O_WRONLY)
            a: resumes
            a: close(r#)
            b: close(w#)"#,
        free: r#"b: w# = open("fifo", O_RDWR)
            a: r# = open("fifo", O_RDONLY)
            a: close(r#)
            b: close(w#)"#,
        turns: MANY,
    },
    Family {
        name: "FIFO, open for writing",
        opening: r#"actor a, b
            a: mkfifo("fifo", 0o600)"#,
        blocking: r#"a: w# = open("fifo", O_WRONLY) -> blocks
            b: r# = open("fifo", O_RDONLY)
            a: resumes
            a: close(w#)
            b: close(r#)"#,
        free: r#"b: r# = open("fifo", O_RDONLY | O_NONBLOCK)
            a: w# = open("fifo", O_WRONLY)
            a: close(w#)
            b: close(r#)"#,
        turns: MANY,
    },
    Family {
        name: "FIFO, end of file",
        opening: r#"actor a, b
            a: mkfifo("fifo", 0o600)
            a: r = open("fifo", O_RDONLY | O_NONBLOCK)
            a: fcntl(r, F_SETFL, 0)"#,
        blocking: r#"b: w# = open("fifo", O_WRONLY)
            a: read(r, 8) -> blocks
            b: close(w#)
            a: resumes -> """#,
        free: r#"b: w# = open("fifo", O_WRONLY)
            b: close(w#)
            a: read(r, 8) -> """#,
        turns: MANY,
    },
    Family {
        name: "Unix socket pair, stream",
        opening: "actor a
            a: [r, w] = socketpair(AF_UNIX, SOCK_STREAM)
            a: b = fork()",
        blocking: r#"a: read(r, 8) -> blocks
            b: write(w, "x")
            a: resumes -> "x""#,
        free: r#"b: write(w, "y")
            a: read(r, 8) -> "y""#,
        turns: MANY,
    },
    Family {
        name: "Unix socket pair, packets",
        opening: "actor a
            a: [r, w] = socketpair(AF_UNIX, SOCK_SEQPACKET)
            a: b = fork()",
        blocking: r#"b: read(w, 8) -> blocks
            a: write(r, "x")
            b: resumes -> "x""#,
        free: r#"a: write(r, "y")
            b: read(w, 8) -> "y""#,
        turns: MANY,
    },
    Family {
        name: "flock",
        opening: r#"actor a, b
            a: x = open("lock", O_CREAT | O_RDWR, 0o600)
            b: y = open("lock", O_RDWR)"#,
        blocking: "b: flock(y, LOCK_EX)
            a: flock(x, LOCK_EX) -> blocks
            b: flock(y, LOCK_UN)
            a: resumes
            a: flock(x, LOCK_UN)",
        free: "b: flock(y, LOCK_EX)
            b: flock(y, LOCK_UN)
            a: flock(x, LOCK_EX)
            a: flock(x, LOCK_UN)",
        turns: MANY,
    },
    Family {
        name: "fcntl, record lock",
        opening: r#"actor a, b
            a: x = open("lock", O_CREAT | O_RDWR, 0o600)
            b: y = open("lock", O_RDWR)"#,
        blocking: "b: fcntl(y, F_SETLK, {F_WRLCK, SEEK_SET, 0, 1})
            a: fcntl(x, F_SETLKW, {F_WRLCK, SEEK_SET, 0, 1}) -> blocks
            b: fcntl(y, F_SETLK, {F_UNLCK, SEEK_SET, 0, 1})
            a: resumes
            a: fcntl(x, F_SETLK, {F_UNLCK, SEEK_SET, 0, 1})",
        free: "b: fcntl(y, F_SETLK, {F_WRLCK, SEEK_SET, 0, 1})
            b: fcntl(y, F_SETLK, {F_UNLCK, SEEK_SET, 0, 1})
            a: fcntl(x, F_SETLKW, {F_WRLCK, SEEK_SET, 0, 1})
            a: fcntl(x, F_SETLK, {F_UNLCK, SEEK_SET, 0, 1})",
        turns: MANY,
    },
    Family {
        name: "waitpid",
        opening: "actor a",
        blocking: "a: c# = fork()
            a: waitpid(c#) -> blocks
            c#: exit(3)
            a: resumes -> exited(3)",
        free: "a: c# = fork()
            c#: exit(4)
            a: waitpid(c#) -> exited(4)",
        turns: FEW,
    },
    Family {
        name: "pause, end by a signal",
        opening: "actor a",
        blocking: "a: c# = fork()
            c#: pause() -> blocks
            a: kill(c#, SIGKILL)
            c#: dies SIGKILL
            a: waitpid(c#) -> killed(SIGKILL)",
        free: "a: c# = fork()
            a: kill(c#, SIGTERM)
            c#: dies SIGTERM
            a: waitpid(c#) -> killed(SIGTERM)",
        turns: FEW,
    },
    Family {
        name: "sigsuspend",
        opening: "actor a, b
            a: sigaction(SIGUSR1, {sa_handler: do { }})
            a: sigprocmask(SIG_BLOCK, [SIGUSR1])",
        blocking: "a: sigsuspend([]) -> blocks
            b: kill(a, SIGUSR1)
            a: resumes -> EINTR",
        free: "b: kill(a, SIGUSR1)
            a: sigsuspend([]) -> EINTR",
        turns: MANY,
    },
    Family {
        name: "unshare with SEM_UNDO",
        opening: r#"actor a, b
            a: home = open("/proc/self/ns/ipc", O_RDONLY)
            a: s = semget(IPC_PRIVATE, 1, 0o600)
            a: semop(s, [{0, +1, 0}])"#,
        blocking: "a: semop(s, [{0, -1, SEM_UNDO}])
            b: semop(s, [{0, -1, 0}]) -> blocks
            a: unshare(CLONE_NEWIPC)
            b: resumes
            b: semop(s, [{0, +1, 0}])
            a: setns(home, CLONE_NEWIPC)",
        free: "a: semop(s, [{0, -1, SEM_UNDO}])
            a: unshare(CLONE_NEWIPC)
            b: semop(s, [{0, -1, 0}])
            b: semop(s, [{0, +1, 0}])
            a: setns(home, CLONE_NEWIPC)",
        turns: MANY / 2,
    },
];
