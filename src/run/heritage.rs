//! What a process has from the one that started the runner, and a world must not show: environment, signals, core files.

/// Gives all of that up, for the calling process and everything that it will fork.
///
/// It happens once a worker and not once an actor: a hundred system calls in each actor would be the dearest part of its birth.
pub fn give_up() {
    environment();
    signals();
    core_files();
}

/// The environment of every actor, and of the programs that they start: nothing of the host's.
fn environment() {
    // SAFETY: this process has one thread, and nothing else holds a pointer into the environment.
    unsafe { libc::clearenv() };
    for (name, value) in
        [(c"PATH", c"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), (c"HOME", c"/home"), (c"LC_ALL", c"C")]
    {
        // SAFETY: setenv(3) copies two constant strings.
        unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) };
    }
}

/// Default dispositions and an empty mask: shells ignore some signals for what they start, and so does Rust's start-up for us.
fn signals() {
    for signal in 1..=64 {
        // SAFETY: signal(2) with SIG_DFL installs no code. SIGKILL, SIGSTOP and the C library's own refuse, which is right.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: sigset_t is plain bits, for which zero is a value.
    let mut none: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: sigemptyset(3) fills a local set.
    unsafe { libc::sigemptyset(&raw mut none) };
    // SAFETY: sigprocmask(2) reads a local set; the old one is not asked for.
    unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()) };
    // Rust's start-up has given this process an alternate stack, for its own message on an overflow.
    let stack = libc::stack_t { ss_sp: std::ptr::null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
    // SAFETY: sigaltstack(2) reads a local variable; no handler runs on the old one, for all are gone.
    unsafe { libc::sigaltstack(&raw const stack, std::ptr::null_mut()) };
}

/// A crash must leave neither a core file nor the core flag in a status; 1 also keeps a core pattern from piping it out.
fn core_files() {
    let core = libc::rlimit { rlim_cur: 1, rlim_max: 1 };
    // SAFETY: setrlimit(2) reads a local variable.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const core) };
}
