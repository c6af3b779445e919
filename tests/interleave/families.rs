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
pub const FAMILIES: [Family; 12] =
    [SEMAPHORES, QUEUES, MEMORY, PIPES, COUNTERS, POSIX_QUEUES, POSIX_SEMAPHORES, FILES, LOCKS, SIGNALS, SOCKETS, PROCESSES];

const SEMAPHORES: Family = Family {
    before: &["s = semget(IPC_PRIVATE, 2, 0o600)", "t = semget(IPC_PRIVATE, 1, 0o600)", "semctl(s, 0, SETVAL, 1)"],
    each: &[],
    moves: &[
        ("semop(s, [{0, -1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 99"),
        ("semop(s, [{0, +1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 99"),
        ("semop(s, [{0, 0, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 99"),
        ("semop(s, [{0, -1, IPC_NOWAIT}])", "EAGAIN or EINVAL", "{x} == 99"),
        ("semop(s, [{0, -1, 0}, {1, +1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 99"),
        ("semop(s, [{1, -1, IPC_NOWAIT}, {0, +1, 0}])", "EAGAIN or EINVAL", "{x} == 99"),
        ("semop(s, [{0, +1, SEM_UNDO}])", "EINVAL", "{x} == 99"),
        ("semop(s, [{0, -1, SEM_UNDO | IPC_NOWAIT}])", "EAGAIN or EINVAL", "{x} == 99"),
        ("semop(t, [{0, +1, 0}])", "EINVAL", "{x} == 99"),
        ("semop(t, [{0, -1, 0}])", "EIDRM or EINVAL or EINTR", "{x} == 99"),
        ("semop(t, [{0, +2, SEM_UNDO}])", "EINVAL", "{x} == 99"),
        ("semctl(s, 0, GETVAL)", "EINVAL", "{x} == 99"),
        ("semctl(s, 0, GETNCNT)", "EINVAL", "{x} == 99"),
        ("semctl(s, 0, GETZCNT)", "EINVAL", "{x} == 99"),
        ("semctl(t, 0, GETVAL)", "EINVAL", "{x} == 99"),
        ("semctl(s, 0, SETVAL, 2)", "EINVAL", "{x} == 99"),
        ("semctl(s, 0, IPC_RMID)", "EINVAL", "{x} == 99"),
        ("semget(0x77, 1, IPC_CREAT | IPC_EXCL | 0o600)", "EEXIST", "{x} == 99"),
        ("semget(0x77, 1)", "ENOENT", "{x} == 99"),
        ("semtimedop(s, [{0, -1, 0}], 700ms)", "EAGAIN or EIDRM or EINVAL or EINTR", "{x} == 99"),
    ],
    after: &[
        ("semctl(s, 0, GETVAL)", "EINVAL", "{x} == 99"),
        ("semctl(s, 1, GETVAL)", "EINVAL", "{x} == 99"),
        ("semctl(t, 0, GETVAL)", "EINVAL", "{x} == 99"),
    ],
};

const QUEUES: Family = Family {
    before: &["q = msgget(IPC_PRIVATE, 0o600)", "u = msgget(IPC_PRIVATE, 0o600)", "msgctl(u, IPC_SET, {msg_qbytes: 2})"],
    each: &[],
    moves: &[
        ("msgsnd(q, {1, \"a\"})", "EINVAL or EIDRM or EINTR", "{x} == 99"),
        ("msgsnd(q, {2, \"b\"})", "EINVAL or EIDRM or EINTR", "{x} == 99"),
        ("msgsnd(q, {3, \"{me}\"})", "EINVAL or EIDRM or EINTR", "{x} == 99"),
        ("msgrcv(q, 8)", "EINVAL or EIDRM or EINTR", "{x}.mtext == \"?\""),
        ("msgrcv(q, 8, 2)", "EINVAL or EIDRM or EINTR", "{x}.mtext == \"?\""),
        ("msgrcv(q, 8, -2, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
        ("msgrcv(q, 8, 1, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
        ("msgrcv(q, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
        ("msgsnd(u, {1, \"cc\"})", "EINVAL or EIDRM or EINTR", "{x} == 99"),
        ("msgsnd(u, {2, \"d\"}, IPC_NOWAIT)", "EAGAIN or EINVAL", "{x} == 99"),
        ("msgrcv(u, 8)", "EINVAL or EIDRM or EINTR", "{x}.mtext == \"?\""),
        ("msgrcv(u, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
        ("msgctl(q, IPC_STAT)", "EINVAL", "{x}.msg_qnum == 99"),
        ("msgctl(u, IPC_SET, {msg_qbytes: 4})", "EINVAL", "{x} == 99"),
        ("msgctl(u, IPC_RMID)", "EINVAL", "{x} == 99"),
        ("msgget(0x77, IPC_CREAT | 0o600)", "EEXIST", "{x} == 99"),
    ],
    after: &[
        ("msgrcv(q, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
        ("msgrcv(q, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
        ("msgrcv(u, 8, 0, IPC_NOWAIT)", "ENOMSG or EINVAL", "{x}.mtext == \"?\""),
    ],
};

const MEMORY: Family = Family {
    before: &["g = shmget(IPC_PRIVATE, 4096, 0o600)", "p = shmat(g)"],
    each: &[],
    moves: &[
        ("load(p, u32)", "", "{x} == 99"),
        ("load(p, u32); store(p, u32, {x} + 1)", "", "{x} == 99"),
        ("store(p, u32, 5)", "", ""),
        ("store(p + 8, u32, 7)", "", ""),
        ("load(p + 8, u32)", "", "{x} == 99"),
        ("futex(p + 16, FUTEX_WAIT, 0)", "EAGAIN or EINTR", "{x} == 99"),
        ("futex(p + 16, FUTEX_WAKE, 1)", "", "{x} == 99"),
        ("store(p + 16, u32, 1)", "", ""),
        ("shmctl(g, IPC_STAT)", "EINVAL", "{x}.shm_nattch == 99"),
        ("shmctl(g, IPC_RMID)", "EINVAL or EIDRM", "{x} == 99"),
        ("shmat(g)", "EINVAL or EIDRM", "{x} == 99"),
    ],
    after: &[("load(p, u32)", "", "{x} == 99"), ("load(p + 8, u32)", "", "{x} == 99")],
};

const PIPES: Family = Family {
    before: &["[r, w] = pipe()", "[v, z] = pipe2(O_NONBLOCK)", "fcntl(z, F_SETPIPE_SZ, 4096)"],
    each: &[],
    moves: &[
        ("read(r, 1)", "EAGAIN or EBADF or EINTR", "{x} == \"?\""),
        ("read(r, 8)", "EAGAIN or EBADF or EINTR", "{x} == \"?\""),
        ("write(w, \"{me}\")", "EAGAIN or EBADF or EINTR", "{x} == 99"),
        ("write(w, \"12\")", "EAGAIN or EBADF or EINTR", "{x} == 99"),
        ("read(v, 4096)", "EAGAIN or EBADF", "len({x}) == 99"),
        ("write(z, \"z\" * 4096)", "EAGAIN or EBADF", "{x} == 99"),
        ("write(z, \"z\" * 5000)", "EAGAIN or EBADF", "{x} == 99"),
        ("fcntl(r, F_SETFL, O_NONBLOCK)", "EBADF", "{x} == 99"),
        ("fcntl(r, F_GETFL)", "EBADF", "{x} == 99"),
        ("poll([{r, POLLIN}, {z, POLLOUT}], 0)", "", "{x}[0].revents == 99 and {x}[1].revents == 99"),
        ("close(w)", "EBADF", "{x} == 99"),
        ("dup2(w, 9); write(9, \"9\")", "EBADF or EAGAIN", "{x} == 99"),
        ("dup2(v, r)", "EBADF", "{x} == 99"),
        ("ioctl(r, FIONREAD)", "EBADF", "{x} == 99"),
    ],
    after: &[
        ("fcntl(r, F_SETFL, O_NONBLOCK)", "", ""),
        ("read(r, 16)", "EAGAIN", "{x} == \"?\""),
        ("read(v, 9000)", "EAGAIN", "len({x}) == 99"),
    ],
};

const COUNTERS: Family = Family {
    before: &["e = eventfd(0, 0)", "f = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK)"],
    each: &[],
    moves: &[
        ("eventfd_read(e)", "EINTR or EAGAIN", "{x} == 99"),
        ("eventfd_write(e, 1)", "EINTR or EAGAIN", "{x} == 99"),
        ("eventfd_write(e, 3)", "EINTR or EAGAIN", "{x} == 99"),
        ("eventfd_read(f)", "EAGAIN", "{x} == 99"),
        ("eventfd_write(f, 1)", "EAGAIN", "{x} == 99"),
        ("eventfd_write(e, 0xfffffffffffffffd)", "EINTR or EAGAIN", "{x} == 99"),
        ("poll([{e, POLLIN}], 0)", "", "{x}[0].revents == 99"),
        ("poll([{e, POLLIN}, {f, POLLIN}], -1)", "EINTR", "{x}[0].revents == 99 and {x}[1].revents == 99"),
        ("fcntl(e, F_SETFL, O_NONBLOCK)", "", "{x} == 99"),
    ],
    after: &[
        ("fcntl(e, F_SETFL, O_NONBLOCK)", "", ""),
        ("eventfd_read(e)", "EAGAIN", "{x} == 99"),
        ("eventfd_read(f)", "EAGAIN", "{x} == 99"),
    ],
};

const POSIX_QUEUES: Family = Family {
    before: &[
        "m = mq_open(\"/m\", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 8})",
        "o = mq_open(\"/o\", O_CREAT | O_RDWR | O_NONBLOCK, 0o600, {mq_maxmsg: 2, mq_msgsize: 8})",
    ],
    each: &[],
    moves: &[
        ("mq_send(m, \"{me}\", 1)", "EAGAIN or EINTR or EBADF", "{x} == 99"),
        ("mq_send(m, \"h\", 3)", "EAGAIN or EINTR or EBADF", "{x} == 99"),
        ("mq_receive(m)", "EAGAIN or EINTR or EBADF", "{x}.msg == \"?\""),
        ("mq_send(o, \"{me}\", 1)", "EAGAIN", "{x} == 99"),
        ("mq_send(o, \"o\", 2)", "EAGAIN", "{x} == 99"),
        ("mq_receive(o)", "EAGAIN", "{x}.msg == \"?\""),
        ("mq_getattr(m)", "EBADF", "{x}.mq_curmsgs == 99"),
        ("mq_unlink(\"/m\")", "ENOENT", "{x} == 99"),
        ("mq_open(\"/m\", O_RDWR)", "ENOENT", "{x} == 99"),
        ("mq_open(\"/m\", O_CREAT | O_EXCL | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 8})", "EEXIST", "{x} == 99"),
        ("mq_setattr(m, {mq_flags: O_NONBLOCK})", "EBADF", "{x}.mq_flags == 99"),
        ("mq_close(m)", "EBADF", "{x} == 99"),
    ],
    after: &[
        ("mq_setattr(m, {mq_flags: O_NONBLOCK})", "", ""),
        ("mq_receive(m)", "EAGAIN", "{x}.msg == \"?\""),
        ("mq_receive(o)", "EAGAIN", "{x}.msg == \"?\""),
        ("mq_unlink(\"/m\")", "ENOENT", "{x} == 99"),
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
        ("sem_wait(h)", "EINTR", "{x} == 99"),
        ("sem_post(h)", "", "{x} == 99"),
        ("sem_trywait(h)", "EAGAIN", "{x} == 99"),
        ("sem_getvalue(h)", "", "{x} == 99"),
        ("sem_post(n)", "", "{x} == 99"),
        ("sem_wait(n)", "EINTR", "{x} == 99"),
        ("sem_trywait(n)", "EAGAIN", "{x} == 99"),
        ("sem_unlink(\"/n\")", "ENOENT", "{x} == 99"),
        ("sem_open(\"/n\", 0)", "ENOENT", "{x} == 99"),
        ("sem_open(\"/n\", O_CREAT, 0o600, 2); sem_getvalue({x})", "", "{x} == 99"),
    ],
    after: &[
        ("sem_getvalue(h)", "", "{x} == 99"),
        ("sem_getvalue(n)", "", "{x} == 99"),
        ("sem_unlink(\"/n\")", "ENOENT", "{x} == 99"),
    ],
};

const FILES: Family = Family {
    before: &["write_file(\"one\", \"1\")", "d = open(\"shared\", O_CREAT | O_RDWR, 0o600)", "write(d, \"abc\")"],
    each: &[],
    moves: &[
        ("write_file(\"one\", \"{me}\")", "ENOENT or EISDIR", "{x} == 99"),
        ("write_file(\"two\", \"2\")", "ENOENT or EISDIR", "{x} == 99"),
        ("cat(\"one\")", "ENOENT or EISDIR", "{x} == \"?\""),
        ("cat(\"two\")", "ENOENT or EISDIR", "{x} == \"?\""),
        ("unlink(\"one\")", "ENOENT or EISDIR", "{x} == 99"),
        ("rename(\"one\", \"two\")", "ENOENT or EISDIR", "{x} == 99"),
        ("rename(\"two\", \"one\")", "ENOENT or EISDIR or ENOTDIR", "{x} == 99"),
        ("open(\"two\", O_CREAT | O_EXCL | O_RDWR, 0o600)", "EEXIST", "{x} == 99"),
        ("open(\"one\", O_RDWR); read({x}, 8)", "ENOENT", "{x} == 99"),
        ("link(\"one\", \"two\")", "ENOENT or EEXIST", "{x} == 99"),
        ("stat(\"one\")", "ENOENT", "{x}.st_nlink == 99 and {x}.st_size == 99"),
        ("fstat(d)", "EBADF", "{x}.st_size == 99"),
        ("mkdir(\"two\", 0o700)", "EEXIST", "{x} == 99"),
        ("symlink(\"one\", \"two\")", "EEXIST", "{x} == 99"),
        ("write(d, \"{me}\")", "EBADF", "{x} == 99"),
        ("lseek(d, 0, SEEK_SET)", "EBADF", "{x} == 99"),
        ("read(d, 2)", "EBADF", "{x} == \"?\""),
        ("pwrite(d, \"P\", 0)", "EBADF", "{x} == 99"),
        ("ftruncate(d, 1)", "EBADF", "{x} == 99"),
        ("truncate(\"shared\", 2)", "EBADF", "{x} == 99"),
        ("cat(\"shared\")", "ENOENT", "{x} == \"?\""),
        ("ls(\".\")", "", "len({x}) == 99"),
        ("chmod(\"one\", 0o400)", "ENOENT", "{x} == 99"),
        ("access(\"one\", F_OK)", "ENOENT", "{x} == 99"),
    ],
    after: &[
        ("ls(\".\")", "", "len({x}) == 99"),
        ("cat(\"one\")", "ENOENT or EISDIR", "{x} == \"?\""),
        ("cat(\"two\")", "ENOENT or EISDIR", "{x} == \"?\""),
        ("cat(\"shared\")", "", "{x} == \"?\""),
    ],
};

const LOCKS: Family = Family {
    before: &["write_file(\"locked\", \"\")", "y = open(\"locked\", O_RDWR)"],
    each: &["{me}_own = open(\"locked\", O_RDWR)"],
    moves: &[
        ("flock({me}_own, LOCK_EX)", "EINTR", "{x} == 99"),
        ("flock({me}_own, LOCK_SH)", "EINTR", "{x} == 99"),
        ("flock({me}_own, LOCK_EX | LOCK_NB)", "EWOULDBLOCK", "{x} == 99"),
        ("flock({me}_own, LOCK_UN)", "", "{x} == 99"),
        ("flock(y, LOCK_EX | LOCK_NB)", "EWOULDBLOCK", "{x} == 99"),
        ("flock(y, LOCK_UN)", "", "{x} == 99"),
        ("fcntl({me}_own, F_SETLK, {l_type: F_WRLCK})", "EAGAIN or EACCES", "{x} == 99"),
        ("fcntl({me}_own, F_SETLKW, {l_type: F_RDLCK, l_len: 4})", "EINTR or EDEADLK", "{x} == 99"),
        ("fcntl(y, F_SETLK, {l_type: F_UNLCK})", "", "{x} == 99"),
        ("fcntl({me}_own, F_OFD_SETLK, {l_type: F_WRLCK, l_start: 8})", "EAGAIN", "{x} == 99"),
        ("close({me}_own)", "EBADF", "{x} == 99"),
        ("close(y)", "EBADF", "{x} == 99"),
    ],
    after: &[
        ("flock(y, LOCK_EX | LOCK_NB)", "EWOULDBLOCK", "{x} == 99"),
        ("fcntl(y, F_SETLK, {l_type: F_WRLCK})", "EAGAIN or EACCES", "{x} == 99"),
    ],
};

const SIGNALS: Family = Family {
    before: &[],
    each: &["signal(SIGUSR1, do { })", "signal(SIGUSR2, SIG_IGN)"],
    moves: &[
        ("kill({other}, SIGUSR1)", "ESRCH", "{x} == 99"),
        ("kill({other}, SIGUSR1)", "ESRCH", "{x} == 99"),
        ("kill({other}, SIGUSR2)", "ESRCH", "{x} == 99"),
        ("kill({other}, SIGTERM)", "ESRCH", "{x} == 99"),
        ("kill({other}, 0)", "ESRCH", "{x} == 99"),
        ("kill({other}, SIGSTOP)", "ESRCH", "{x} == 99"),
        ("kill({other}, SIGCONT)", "ESRCH", "{x} == 99"),
        ("pause()", "EINTR", ""),
        ("sigsuspend([])", "EINTR", ""),
        ("sigprocmask(SIG_BLOCK, [SIGUSR1])", "", ""),
        ("sigprocmask(SIG_UNBLOCK, [SIGUSR1])", "", ""),
        ("sigprocmask(SIG_BLOCK, [SIGTERM])", "", ""),
        ("sigpending()", "", "len({x}) == 99"),
        ("caught()", "", "len({x}) == 99"),
        ("signal(SIGUSR1, SIG_DFL)", "", ""),
        ("signal(SIGTERM, SIG_IGN)", "", ""),
        ("sigtimedwait([SIGUSR1], 0s)", "EAGAIN or EINTR", "{x}.si_signo == 99"),
        ("getppid()", "", "{x} == 99"),
        ("alarm(0)", "", ""),
    ],
    after: &[("waitpid(-1, WNOHANG | WUNTRACED)", "ECHILD", "{x} == 99")],
};

const SOCKETS: Family = Family {
    before: &["[j, k] = socketpair(AF_UNIX, SOCK_STREAM)"],
    each: &[],
    moves: &[
        ("write(j, \"{me}\")", "EPIPE", "{x} == 99"),
        ("read(k, 1)", "EINTR or EAGAIN", "{x} == \"?\""),
        ("read(k, 4)", "EINTR or EAGAIN", "{x} == \"?\""),
        ("send(k, \"k\", MSG_NOSIGNAL)", "EPIPE", "{x} == 99"),
        ("recv(j, 4, MSG_DONTWAIT)", "EAGAIN", "{x} == \"?\""),
        ("shutdown(j, SHUT_WR)", "", "{x} == 99"),
        ("poll([{k, POLLIN}], 0)", "", "{x}[0].revents == 99"),
    ],
    after: &[("recv(k, 16, MSG_DONTWAIT)", "EAGAIN", "{x} == \"?\""), ("recv(j, 16, MSG_DONTWAIT)", "EAGAIN", "{x} == \"?\"")],
};

const PROCESSES: Family = Family {
    before: &["gethostname()"],
    each: &[],
    moves: &[
        ("nice(1)", "", "{x} == 99"),
        ("getpriority(PRIO_PROCESS, {other})", "ESRCH", "{x} == 99"),
        ("setpriority(PRIO_PROCESS, {other}, 7)", "ESRCH or EACCES or EPERM", "{x} == 99"),
        ("getpgid({other}); setpgid(0, 0)", "ESRCH or EPERM", ""),
        ("getpgid({other})", "ESRCH", "{x} == {other}"),
        ("setpgid(0, 0)", "EPERM", "{x} == 99"),
        ("setsid()", "EPERM", ""),
        ("getsid({other})", "ESRCH or EPERM", "{x} == {other}"),
        ("sethostname(\"{me}\")", "", ""),
        ("gethostname()", "", "{x} == \"?\""),
        ("write(1, \"{me}\")", "", "{x} == 99"),
        ("getppid()", "", "{x} == 99"),
    ],
    after: &[("gethostname()", "", "{x} == \"?\""), ("lseek(1, 0, SEEK_CUR)", "ESPIPE", "{x} == 99")],
};
