//! What generated scenarios are made of: a few objects of each family, and calls that meet at them.

/// The calls of a family, and what stands around them.
#[derive(Debug)]
pub struct Family {
    /// Lines ahead of the actors' births.
    pub before: &'static [&'static str],
    /// Lines behind them, once for each actor.
    pub each: &'static [&'static str],
    /// What actors do inside.
    pub moves: &'static [Move],
    /// What the first actor looks at behind the block.
    pub after: &'static [Move],
}

/// A call; the errors that it may give; and what is claimed of its result `{x}`, so that it becomes a column, true or not. `{me}` is its actor and
/// `{other}` another one. Several calls of one actor that belong together are several parts, with `;` between them.
pub type Move = (&'static str, &'static str, &'static str);

/// All families.
pub const FAMILIES: [Family; 11] =
    [SEMAPHORES, QUEUES, MEMORY, PIPES, COUNTERS, POSIX_QUEUES, POSIX_SEMAPHORES, FILES, LOCKS, SIGNALS, SOCKETS];

const SEMAPHORES: Family = Family {
    before: &["s = semget(IPC_PRIVATE, 2, 0o600)", "t = semget(IPC_PRIVATE, 1, 0o600)", "semctl(s, 0, SETVAL, 1)"],
    each: &[],
    moves: &[
        ("semop(s, [{0, -1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 0"),
        ("semop(s, [{0, +1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 0"),
        ("semop(s, [{0, 0, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 0"),
        ("semop(s, [{0, -1, IPC_NOWAIT}])", "EAGAIN or EINVAL", "{x} == 0"),
        ("semop(s, [{0, -1, 0}, {1, +1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 0"),
        ("semop(s, [{1, -1, IPC_NOWAIT}, {0, +1, 0}])", "EAGAIN or EINVAL", "{x} == 0"),
        ("semop(s, [{0, +1, SEM_UNDO}])", "EINVAL", "{x} == 0"),
        ("semop(s, [{0, -1, SEM_UNDO | IPC_NOWAIT}])", "EAGAIN or EINVAL", "{x} == 0"),
        ("semop(t, [{0, +1, 0}])", "EINVAL", "{x} == 0"),
        ("semop(t, [{0, -1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 0"),
        ("semop(t, [{0, +2, SEM_UNDO}])", "EINVAL", "{x} == 0"),
        ("semctl(s, 0, GETVAL)", "EINVAL", "{x} == 0"),
        ("semctl(s, 0, GETNCNT)", "EINVAL", "{x} == 0"),
        ("semctl(s, 0, GETZCNT)", "EINVAL", "{x} == 0"),
        ("semctl(t, 0, GETVAL)", "EINVAL", "{x} == 0"),
        ("semctl(s, 0, SETVAL, 2)", "EINVAL", "{x} == 0"),
        ("semctl(s, 0, IPC_RMID)", "EINVAL", "{x} == 0"),
        ("semget(0x77, 1, IPC_CREAT | IPC_EXCL | 0o600)", "EEXIST", "{x} == 0"),
        ("semget(0x77, 1)", "ENOENT", "{x} == 0"),
        ("semtimedop(s, [{0, -1, 0}], 700ms)", "EAGAIN or EIDRM or EINVAL or EINTR", "{x} == 0"),
    ],
    after: &[
        ("semctl(s, 0, GETVAL)", "EINVAL", "{x} == 0"),
        ("semctl(s, 1, GETVAL)", "EINVAL", "{x} == 0"),
        ("semctl(t, 0, GETVAL)", "EINVAL", "{x} == 0"),
    ],
};

const QUEUES: Family = Family {
    before: &["q = msgget(IPC_PRIVATE, 0o600)", "u = msgget(IPC_PRIVATE, 0o600)", "msgctl(u, IPC_SET, {msg_qbytes: 2})"],
    each: &[],
    moves: &[
        ("msgsnd(q, {1, \"a\"})", "EINVAL or EIDRM or EINTR", "{x} == 0"),
        ("msgsnd(q, {2, \"b\"})", "EINVAL or EIDRM or EINTR", "{x} == 0"),
        ("msgsnd(q, {3, \"{me}\"})", "EINVAL or EIDRM or EINTR", "{x} == 0"),
        ("msgrcv(q, 8)", "EINVAL or EIDRM or EINTR", "{x}.mtext == \"\""),
        ("msgrcv(q, 8, 2)", "EINVAL or EIDRM or EINTR", "{x}.mtext == \"\""),
        ("msgrcv(q, 8, -2, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
        ("msgrcv(q, 8, 1, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
        ("msgrcv(q, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
        ("msgsnd(u, {1, \"cc\"})", "EINVAL or EIDRM or EINTR", "{x} == 0"),
        ("msgsnd(u, {2, \"d\"}, IPC_NOWAIT)", "EAGAIN or EINVAL", "{x} == 0"),
        ("msgrcv(u, 8)", "EINVAL or EIDRM or EINTR", "{x}.mtext == \"\""),
        ("msgrcv(u, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
        ("msgctl(q, IPC_STAT)", "EINVAL", "{x}.msg_qnum == 0"),
        ("msgctl(u, IPC_SET, {msg_qbytes: 4})", "EINVAL", "{x} == 0"),
        ("msgctl(u, IPC_RMID)", "EINVAL", "{x} == 0"),
        ("msgget(0x77, IPC_CREAT | 0o600)", "EEXIST", "{x} == 0"),
    ],
    after: &[
        ("msgrcv(q, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
        ("msgrcv(q, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
        ("msgrcv(u, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"\""),
    ],
};

const MEMORY: Family = Family {
    before: &["g = shmget(IPC_PRIVATE, 4096, 0o600)", "p = shmat(g)"],
    each: &[],
    moves: &[
        ("load(p, u32)", "", "{x} == 0"),
        ("load(p, u32); store(p, u32, {x} + 1)", "", "{x} == 0"),
        ("store(p, u32, 5)", "", ""),
        ("store(p + 8, u32, 7)", "", ""),
        ("load(p + 8, u32)", "", "{x} == 0"),
        ("futex(p + 16, FUTEX_WAIT, 0)", "EAGAIN or EINTR", "{x} == 0"),
        ("futex(p + 16, FUTEX_WAKE, 1)", "", "{x} == 0"),
        ("store(p + 16, u32, 1)", "", ""),
        ("shmctl(g, IPC_STAT)", "EINVAL", "{x}.shm_nattch == 0"),
        ("shmctl(g, IPC_RMID)", "EINVAL or EIDRM", "{x} == 0"),
        ("shmat(g)", "EINVAL or EIDRM", "{x} != 0"),
    ],
    after: &[("load(p, u32)", "", "{x} == 0"), ("load(p + 8, u32)", "", "{x} == 0")],
};

const PIPES: Family = Family {
    before: &["[r, w] = pipe()", "[v, z] = pipe2(O_NONBLOCK)", "fcntl(z, F_SETPIPE_SZ, 4096)"],
    each: &[],
    moves: &[
        ("read(r, 1)", "EAGAIN or EBADF or EINTR", "{x} == \"\""),
        ("read(r, 8)", "EAGAIN or EBADF or EINTR", "{x} == \"\""),
        ("write(w, \"{me}\")", "EAGAIN or EBADF or EINTR", "{x} == 1"),
        ("write(w, \"12\")", "EAGAIN or EBADF or EINTR", "{x} == 1"),
        ("read(v, 4096)", "EAGAIN or EBADF", "len({x}) == 0"),
        ("write(z, \"z\" * 4096)", "EAGAIN or EBADF", "{x} == 1"),
        ("write(z, \"z\" * 5000)", "EAGAIN or EBADF", "{x} == 1"),
        ("fcntl(r, F_SETFL, O_NONBLOCK)", "EBADF", "{x} == 0"),
        ("fcntl(r, F_GETFL)", "EBADF", "{x} == 0"),
        ("poll([{r, POLLIN}, {z, POLLOUT}], 0)", "", "{x}[0].revents == 0 and {x}[1].revents == 0"),
        ("close(w)", "EBADF", "{x} == 0"),
        ("dup2(w, 9); write(9, \"9\")", "EBADF or EAGAIN", "{x} == 0"),
        ("dup2(v, r)", "EBADF", "{x} == 0"),
        ("ioctl(r, FIONREAD)", "EBADF", "{x} == 0"),
    ],
    after: &[
        ("fcntl(r, F_SETFL, O_NONBLOCK)", "", ""),
        ("read(r, 16)", "EAGAIN", "{x} == \"\""),
        ("read(v, 9000)", "EAGAIN", "len({x}) == 0"),
    ],
};

const COUNTERS: Family = Family {
    before: &["e = eventfd(0, 0)", "f = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK)"],
    each: &[],
    moves: &[
        ("eventfd_read(e)", "EINTR or EAGAIN", "{x} == 0"),
        ("eventfd_write(e, 1)", "EINTR or EAGAIN", "{x} == 0"),
        ("eventfd_write(e, 3)", "EINTR or EAGAIN", "{x} == 0"),
        ("eventfd_read(f)", "EAGAIN", "{x} == 0"),
        ("eventfd_write(f, 1)", "EAGAIN", "{x} == 0"),
        ("eventfd_write(e, 0xfffffffffffffffd)", "EINTR or EAGAIN", "{x} == 0"),
        ("poll([{e, POLLIN}], 0)", "", "{x}[0].revents == 0"),
        ("poll([{e, POLLIN}, {f, POLLIN}], -1)", "EINTR", "{x}[0].revents == 0 and {x}[1].revents == 0"),
        ("fcntl(e, F_SETFL, O_NONBLOCK)", "", "{x} == 0"),
    ],
    after: &[
        ("fcntl(e, F_SETFL, O_NONBLOCK)", "", ""),
        ("eventfd_read(e)", "EAGAIN", "{x} == 0"),
        ("eventfd_read(f)", "EAGAIN", "{x} == 0"),
    ],
};

const POSIX_QUEUES: Family = Family {
    before: &[
        "m = mq_open(\"/m\", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 8})",
        "o = mq_open(\"/o\", O_CREAT | O_RDWR | O_NONBLOCK, 0o600, {mq_maxmsg: 2, mq_msgsize: 8})",
    ],
    each: &[],
    moves: &[
        ("mq_send(m, \"{me}\", 1)", "EAGAIN or EINTR or EBADF", "{x} == 0"),
        ("mq_send(m, \"h\", 3)", "EAGAIN or EINTR or EBADF", "{x} == 0"),
        ("mq_receive(m)", "EAGAIN or EINTR or EBADF", "{x}.msg == \"\""),
        ("mq_send(o, \"{me}\", 1)", "EAGAIN", "{x} == 0"),
        ("mq_send(o, \"o\", 2)", "EAGAIN", "{x} == 0"),
        ("mq_receive(o)", "EAGAIN", "{x}.msg == \"\""),
        ("mq_getattr(m)", "EBADF", "{x}.mq_curmsgs == 0"),
        ("mq_unlink(\"/m\")", "ENOENT", "{x} == 0"),
        ("mq_open(\"/m\", O_RDWR)", "ENOENT", "{x} >= 0"),
        ("mq_open(\"/m\", O_CREAT | O_EXCL | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 8})", "EEXIST", "{x} >= 0"),
        ("mq_setattr(m, {mq_flags: O_NONBLOCK})", "EBADF", "{x}.mq_flags == 0"),
        ("mq_close(m)", "EBADF", "{x} == 0"),
    ],
    after: &[
        ("mq_setattr(m, {mq_flags: O_NONBLOCK})", "", ""),
        ("mq_receive(m)", "EAGAIN", "{x}.msg == \"\""),
        ("mq_receive(o)", "EAGAIN", "{x}.msg == \"\""),
        ("mq_unlink(\"/m\")", "ENOENT", "{x} == 0"),
    ],
};

const POSIX_SEMAPHORES: Family = Family {
    before: &[
        "i = shmget(IPC_PRIVATE, 4096, 0o600)",
        "h = shmat(i)",
        "sem_init(h, 1, 1)",
        "n = sem_open(\"/n\", O_CREAT, 0o600, 0)",
    ],
    each: &[],
    moves: &[
        ("sem_wait(h)", "EINTR", "{x} == 0"),
        ("sem_post(h)", "", "{x} == 0"),
        ("sem_trywait(h)", "EAGAIN", "{x} == 0"),
        ("sem_getvalue(h)", "", "{x} == 0"),
        ("sem_post(n)", "", "{x} == 0"),
        ("sem_wait(n)", "EINTR", "{x} == 0"),
        ("sem_trywait(n)", "EAGAIN", "{x} == 0"),
        ("sem_unlink(\"/n\")", "ENOENT", "{x} == 0"),
        ("sem_open(\"/n\", 0)", "ENOENT", "{x} != 0"),
        ("sem_open(\"/n\", O_CREAT, 0o600, 2); sem_getvalue({x})", "", "{x} != 0"),
    ],
    after: &[
        ("sem_getvalue(h)", "", "{x} == 0"),
        ("sem_getvalue(n)", "", "{x} == 0"),
        ("sem_unlink(\"/n\")", "ENOENT", "{x} == 0"),
    ],
};

const FILES: Family = Family {
    before: &["write_file(\"one\", \"1\")", "d = open(\"shared\", O_CREAT | O_RDWR, 0o600)", "write(d, \"abc\")"],
    each: &[],
    moves: &[
        ("write_file(\"one\", \"{me}\")", "ENOENT or EISDIR", "{x} == 1"),
        ("write_file(\"two\", \"2\")", "ENOENT or EISDIR", "{x} == 1"),
        ("cat(\"one\")", "ENOENT or EISDIR", "{x} == \"\""),
        ("cat(\"two\")", "ENOENT or EISDIR", "{x} == \"\""),
        ("unlink(\"one\")", "ENOENT or EISDIR", "{x} == 0"),
        ("rename(\"one\", \"two\")", "ENOENT or EISDIR", "{x} == 0"),
        ("rename(\"two\", \"one\")", "ENOENT or EISDIR or ENOTDIR", "{x} == 0"),
        ("open(\"two\", O_CREAT | O_EXCL | O_RDWR, 0o600)", "EEXIST", "{x} >= 0"),
        ("open(\"one\", O_RDWR); read({x}, 8)", "ENOENT", "{x} >= 0"),
        ("link(\"one\", \"two\")", "ENOENT or EEXIST", "{x} == 0"),
        ("stat(\"one\")", "ENOENT", "{x}.st_nlink == 0 and {x}.st_size == 0"),
        ("fstat(d)", "EBADF", "{x}.st_size == 0"),
        ("mkdir(\"two\", 0o700)", "EEXIST", "{x} == 0"),
        ("symlink(\"one\", \"two\")", "EEXIST", "{x} == 0"),
        ("write(d, \"{me}\")", "EBADF", "{x} == 1"),
        ("lseek(d, 0, SEEK_SET)", "EBADF", "{x} == 0"),
        ("read(d, 2)", "EBADF", "{x} == \"\""),
        ("pwrite(d, \"P\", 0)", "EBADF", "{x} == 0"),
        ("ftruncate(d, 1)", "EBADF", "{x} == 0"),
        ("truncate(\"shared\", 2)", "EBADF", "{x} == 0"),
        ("cat(\"shared\")", "ENOENT", "{x} == \"\""),
        ("ls(\".\")", "", "len({x}) == 0"),
        ("chmod(\"one\", 0o400)", "ENOENT", "{x} == 0"),
        ("access(\"one\", F_OK)", "ENOENT", "{x} == 0"),
    ],
    after: &[
        ("ls(\".\")", "", "len({x}) == 0"),
        ("cat(\"one\")", "ENOENT or EISDIR", "{x} == \"\""),
        ("cat(\"two\")", "ENOENT or EISDIR", "{x} == \"\""),
        ("cat(\"shared\")", "", "{x} == \"\""),
    ],
};

const LOCKS: Family = Family {
    before: &["write_file(\"locked\", \"\")", "y = open(\"locked\", O_RDWR)"],
    each: &["{me}_own = open(\"locked\", O_RDWR)"],
    moves: &[
        ("flock({me}_own, LOCK_EX)", "EINTR", "{x} == 0"),
        ("flock({me}_own, LOCK_SH)", "EINTR", "{x} == 0"),
        ("flock({me}_own, LOCK_EX | LOCK_NB)", "EWOULDBLOCK", "{x} == 0"),
        ("flock({me}_own, LOCK_UN)", "", "{x} == 0"),
        ("flock(y, LOCK_EX | LOCK_NB)", "EWOULDBLOCK", "{x} == 0"),
        ("flock(y, LOCK_UN)", "", "{x} == 0"),
        ("fcntl({me}_own, F_SETLK, {l_type: F_WRLCK})", "EAGAIN or EACCES", "{x} == 0"),
        ("fcntl({me}_own, F_SETLKW, {l_type: F_RDLCK, l_len: 4})", "EINTR or EDEADLK", "{x} == 0"),
        ("fcntl(y, F_SETLK, {l_type: F_UNLCK})", "", "{x} == 0"),
        ("fcntl({me}_own, F_OFD_SETLK, {l_type: F_WRLCK, l_start: 8})", "EAGAIN", "{x} == 0"),
        ("close({me}_own)", "EBADF", "{x} == 0"),
        ("close(y)", "EBADF", "{x} == 0"),
    ],
    after: &[
        ("flock(y, LOCK_EX | LOCK_NB)", "EWOULDBLOCK", "{x} == 0"),
        ("fcntl(y, F_SETLK, {l_type: F_WRLCK})", "EAGAIN or EACCES", "{x} == 0"),
    ],
};

const SIGNALS: Family = Family {
    before: &[],
    each: &["signal(SIGUSR1, do { })", "signal(SIGUSR2, SIG_IGN)"],
    moves: &[
        ("kill({other}, SIGUSR1)", "ESRCH", "{x} == 0"),
        ("kill({other}, SIGUSR1)", "ESRCH", "{x} == 0"),
        ("kill({other}, SIGUSR2)", "ESRCH", "{x} == 0"),
        ("kill({other}, SIGTERM)", "ESRCH", "{x} == 0"),
        ("kill({other}, 0)", "ESRCH", "{x} == 0"),
        ("kill({other}, SIGSTOP)", "ESRCH", "{x} == 0"),
        ("kill({other}, SIGCONT)", "ESRCH", "{x} == 0"),
        ("pause()", "EINTR", ""),
        ("sigsuspend([])", "EINTR", ""),
        ("sigprocmask(SIG_BLOCK, [SIGUSR1])", "", ""),
        ("sigprocmask(SIG_UNBLOCK, [SIGUSR1])", "", ""),
        ("sigprocmask(SIG_BLOCK, [SIGTERM])", "", ""),
        ("sigpending()", "", "len({x}) == 0"),
        ("caught()", "", "len({x}) == 0"),
        ("signal(SIGUSR1, SIG_DFL)", "", ""),
        ("signal(SIGTERM, SIG_IGN)", "", ""),
        ("sigtimedwait([SIGUSR1], 0s)", "EAGAIN or EINTR", "{x}.si_signo == 0"),
        ("getppid()", "", "{x} == 1"),
        ("alarm(0)", "", ""),
    ],
    after: &[("waitpid(-1, WNOHANG | WUNTRACED)", "ECHILD", "{x} == 0")],
};

const SOCKETS: Family = Family {
    before: &["[j, k] = socketpair(AF_UNIX, SOCK_STREAM)"],
    each: &[],
    moves: &[
        ("write(j, \"{me}\")", "EPIPE", "{x} == 1"),
        ("read(k, 1)", "EINTR or EAGAIN", "{x} == \"\""),
        ("read(k, 4)", "EINTR or EAGAIN", "{x} == \"\""),
        ("send(k, \"k\", MSG_NOSIGNAL)", "EPIPE", "{x} == 1"),
        ("recv(j, 4, MSG_DONTWAIT)", "EAGAIN", "{x} == \"\""),
        ("shutdown(j, SHUT_WR)", "", "{x} == 0"),
        ("poll([{k, POLLIN}], 0)", "", "{x}[0].revents == 0"),
    ],
    after: &[("recv(k, 16, MSG_DONTWAIT)", "EAGAIN", "{x} == \"\""), ("recv(j, 16, MSG_DONTWAIT)", "EAGAIN", "{x} == \"\"")],
};
