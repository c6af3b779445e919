//! Families of calls beyond IPC in the narrow sense: threads and their locks, descriptors that wait, networks, supervisors.

use super::family::{FEW, Family, MANY};

/// Every one of them.
pub const MODERN: &[Family] = &[
    Family {
        name: "pthread_join",
        opening: "actor a",
        blocking: "a: t# = thread()
            a: pthread_join(t#) -> blocks
            t#: pthread_exit(7)
            a: resumes -> 7",
        free: "a: t# = thread()
            t#: pthread_exit(8)
            a: pthread_join(t#) -> 8",
        turns: FEW,
    },
    Family {
        name: "pthread_mutex_lock",
        opening: "actor a
            a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
            a: pthread_mutex_init(p, {pshared: PTHREAD_PROCESS_SHARED})
            a: b = fork()",
        blocking: "b: pthread_mutex_lock(p)
            a: pthread_mutex_lock(p) -> blocks
            b: pthread_mutex_unlock(p)
            a: resumes
            a: pthread_mutex_unlock(p)",
        free: "b: pthread_mutex_lock(p)
            b: pthread_mutex_unlock(p)
            a: pthread_mutex_lock(p)
            a: pthread_mutex_unlock(p)",
        turns: MANY,
    },
    Family {
        name: "pthread_mutex_lock, thread",
        opening: "actor a
            a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
            a: pthread_mutex_init(p)
            a: t = thread()",
        blocking: "t: pthread_mutex_lock(p)
            a: pthread_mutex_lock(p) -> blocks
            t: pthread_mutex_unlock(p)
            a: resumes
            a: pthread_mutex_unlock(p)",
        free: "t: pthread_mutex_lock(p)
            t: pthread_mutex_unlock(p)
            a: pthread_mutex_lock(p)
            a: pthread_mutex_unlock(p)",
        turns: MANY / 2,
    },
    Family {
        name: "eventfd",
        opening: "actor a
            a: e = eventfd(0)
            a: b = fork()",
        blocking: "a: read(e, u64) -> blocks
            b: write(e, u64, 3)
            a: resumes -> 3",
        free: "b: write(e, u64, 4)
            a: read(e, u64) -> 4",
        turns: MANY,
    },
    Family {
        name: "epoll_wait",
        opening: "actor a
            a: [r, w] = pipe()
            a: ep = epoll_create1()
            a: epoll_ctl(ep, EPOLL_CTL_ADD, r, {EPOLLIN, 1})
            a: b = fork()",
        blocking: r#"a: epoll_wait(ep, 8, -1) -> blocks
            b: write(w, "x")
            a: resumes -> [{events: EPOLLIN, data: 1}]
            a: read(r, 8) -> "x""#,
        free: r#"b: write(w, "y")
            a: epoll_wait(ep, 8, -1) -> [{events: EPOLLIN, data: 1}]
            a: read(r, 8) -> "y""#,
        turns: MANY,
    },
    Family {
        name: "signalfd",
        opening: "actor a, b
            a: sigprocmask(SIG_BLOCK, [SIGUSR1])
            a: s = signalfd(-1, [SIGUSR1])",
        blocking: "a: read(s, signalfd_siginfo) -> blocks
            b: kill(a, SIGUSR1)
            a: resumes -> {ssi_signo: SIGUSR1, ssi_pid: b}",
        free: "b: kill(a, SIGUSR1)
            a: read(s, signalfd_siginfo) -> {ssi_signo: SIGUSR1, ssi_pid: b}",
        turns: MANY,
    },
    Family {
        name: "TCP, accept and recv",
        opening: r#"actor a, b
            a: lo = socket(AF_INET, SOCK_DGRAM)
            a: ioctl(lo, SIOCSIFFLAGS, {ifr_name: "lo", ifr_flags: IFF_UP})
            a: l = socket(AF_INET, SOCK_STREAM)
            a: bind(l, {AF_INET, 7777, "127.0.0.1"})
            a: listen(l, 5)"#,
        blocking: r#"a: k# = accept(l) -> blocks
            b: c# = socket(AF_INET, SOCK_STREAM)
            b: connect(c#, {AF_INET, 7777, "127.0.0.1"})
            a: resumes
            a: recv(k#, 10) -> blocks
            b: send(c#, "ping")
            a: resumes -> "ping"
            b: close(c#)
            a: close(k#)"#,
        free: r#"b: c# = socket(AF_INET, SOCK_STREAM)
            b: connect(c#, {AF_INET, 7777, "127.0.0.1"})
            a: k# = accept(l)
            b: send(c#, "pong")
            a: recv(k#, 10) -> "pong"
            b: close(c#)
            a: close(k#)"#,
        turns: FEW,
    },
    Family {
        name: "SO_RCVTIMEO",
        opening: "actor a
            a: [r, w] = socketpair(AF_UNIX, SOCK_STREAM)
            a: b = fork()",
        blocking: r#"a: setsockopt(r, SOL_SOCKET, SO_RCVTIMEO, 20s)
            a: recv(r, 8) -> sleeps
            b: send(w, "x")
            a: resumes -> "x""#,
        free: r#"a: setsockopt(r, SOL_SOCKET, SO_RCVTIMEO, 5ms)
            a: recv(r, 8) -> EAGAIN
            b: send(w, "y")
            a: recv(r, 8) -> "y""#,
        turns: FEW,
    },
    Family {
        name: "inotify, read",
        opening: r#"actor a
            a: watch = inotify_init1(0)
            a: mkdir("box", 0o755)
            a: wd = inotify_add_watch(watch, "box", IN_CREATE)
            a: b = fork()"#,
        blocking: r#"a: read(watch, inotify_event) -> blocks
            b: mkdir("box/x", 0o755)
            a: resumes -> [{mask: IN_CREATE | IN_ISDIR, name: "x"}]
            b: rmdir("box/x")"#,
        free: r#"b: mkdir("box/y", 0o755)
            a: read(watch, inotify_event) -> [{mask: IN_CREATE | IN_ISDIR, name: "y"}]
            b: rmdir("box/y")"#,
        turns: MANY / 2,
    },
    Family {
        name: "waitid, P_PIDFD",
        opening: "actor a",
        blocking: "a: c# = fork()
            a: p# = pidfd_open(c#, 0)
            a: waitid(P_PIDFD, p#, WEXITED) -> blocks
            c#: exit(3)
            a: resumes -> {si_code: CLD_EXITED, si_status: 3}
            a: close(p#)",
        free: "a: c# = fork()
            a: p# = pidfd_open(c#, 0)
            c#: exit(4)
            a: waitid(P_PIDFD, p#, WEXITED) -> {si_code: CLD_EXITED, si_status: 4}
            a: close(p#)",
        turns: FEW,
    },
    Family {
        name: "seccomp, a supervisor",
        opening: "actor a
            a: l = seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, \
            {default: SECCOMP_RET_ALLOW, sethostname: SECCOMP_RET_USER_NOTIF})
            a: b = fork()",
        blocking: r#"b: sethostname("x") -> blocks
            a: n# = ioctl(l, SECCOMP_IOCTL_NOTIF_RECV)
            a: ioctl(l, SECCOMP_IOCTL_NOTIF_SEND, {id: n#.id, error: -EPERM})
            b: resumes -> EPERM"#,
        free: r#"a: n# = ioctl(l, SECCOMP_IOCTL_NOTIF_RECV) -> blocks
            b: sethostname("y") -> blocks
            a: resumes
            a: ioctl(l, SECCOMP_IOCTL_NOTIF_SEND, {id: n#.id, val: 0})
            b: resumes"#,
        turns: MANY / 2,
    },
];
