//! Bare processes, of which floors are made: how they are born, scheduled, waited for, and share memory.

use std::io;
use std::sync::atomic::AtomicU32;

/// How bare processes are scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduling {
    /// SCHED_FIFO: the one that answers before the one that asks.
    Fifo,
    /// As everybody.
    Ordinary,
}

/// Whether this machine lets us use FIFO scheduling.
pub fn fifo_granted() -> bool {
    in_child(|| settle_down(Scheduling::Fifo, 1, 0)).is_ok()
}

/// Puts the calling process on the processor that worker `number` of the engine would put its sandboxes on.
pub fn settle_down(scheduling: Scheduling, priority: i32, number: usize) -> io::Result<()> {
    // SAFETY: cpu_set_t is plain bits, for which zero is a value.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: sched_getaffinity(2) fills a local set, whose size it is told.
    check(unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) })?;
    // SAFETY: CPU_ISSET reads a bit of the set, for numbers below its size.
    let allowed: Vec<usize> = (0..libc::CPU_SETSIZE as usize).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) }).collect();
    let own = allowed.get(number % allowed.len().max(1));
    // SAFETY: as above.
    let mut one: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the number comes out of such a set.
    unsafe { libc::CPU_SET(own.copied().unwrap_or(0), &mut one) };
    // SAFETY: sched_setaffinity(2) reads a local set, whose size it is told.
    check(unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const one) })?;
    if scheduling == Scheduling::Fifo {
        let parameters = libc::sched_param { sched_priority: priority };
        // SAFETY: sched_setscheduler(2) reads a local variable.
        check(unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const parameters) })?;
    }
    Ok(())
}

/// Memory for a `T` whose zero bytes are a value, shared with what is forked later.
pub fn shared<T>() -> io::Result<&'static T> {
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: a new anonymous mapping replaces nothing.
    let at = unsafe { libc::mmap(std::ptr::null_mut(), size_of::<T>(), libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if at == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the mapping is as large as a page at least, aligned, zero, and never taken away.
    Ok(unsafe { &*at.cast::<T>() })
}

/// Does something in a child process, so that what it changes of itself goes with it.
pub fn in_child(what: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let child = fork()?;
    if child == 0 {
        std::process::exit(match what() {
            Ok(()) => 0,
            Err(error) => error.raw_os_error().unwrap_or(libc::EIO),
        });
    }
    match wait(child)? {
        0 => Ok(()),
        status => Err(io::Error::from_raw_os_error(libc::WEXITSTATUS(status))),
    }
}

/// The map of ids of an outer world. As the engine does: the host's root is not inside.
pub fn outer_map() -> String {
    // SAFETY: geteuid(2) only reads.
    let uid = unsafe { libc::geteuid() };
    let outside = if uid == 0 { 2_000_000_000 } else { uid };
    format!("0 {outside} 1\n")
}

/// A process born with namespaces, whose maps its parent writes before it goes on with `life`.
pub fn born(flags: i32, map: &str, life: impl FnOnce() -> io::Result<()>) -> io::Result<i32> {
    let mut pipe = [0; 2];
    // SAFETY: pipe(2) fills two integers.
    check(unsafe { libc::pipe(pipe.as_mut_ptr()) })?;
    let [read, write] = pipe;
    // SAFETY: without CLONE_VM and without a new stack, clone(2) returns twice like fork(2).
    let pid = unsafe { libc::syscall(libc::SYS_clone, libc::c_long::from(flags | libc::SIGCHLD), 0, 0, 0, 0) };
    let pid = i32::try_from(pid).unwrap_or(-1);
    check(pid)?;
    if pid == 0 {
        let mut go = [0u8; 1];
        // SAFETY: close(2) takes an integer.
        unsafe { libc::close(write) };
        // SAFETY: read(2) fills one byte.
        let told = unsafe { libc::read(read, go.as_mut_ptr().cast(), 1) };
        let lived = if told == 1 { become_root().and_then(|()| life()) } else { Err(io::Error::other("no map")) };
        let code = lived.map_or_else(|error| error.raw_os_error().unwrap_or(libc::EIO), |()| 0);
        // SAFETY: _exit(2) ends this process at once.
        unsafe { libc::_exit(code) };
    }
    // The inner layer's maps are written through the /proc that the outer one keeps.
    let proc = if std::path::Path::new("/run/hidden/self").exists() { "/run/hidden" } else { "/proc" };
    std::fs::write(format!("{proc}/{pid}/setgroups"), "deny")?;
    std::fs::write(format!("{proc}/{pid}/uid_map"), map)?;
    std::fs::write(format!("{proc}/{pid}/gid_map"), map)?;
    // SAFETY: write(2) reads one byte.
    unsafe { libc::write(write, [1u8].as_ptr().cast(), 1) };
    for end in pipe {
        // SAFETY: close(2) takes an integer.
        unsafe { libc::close(end) };
    }
    Ok(pid)
}

fn become_root() -> io::Result<()> {
    // SAFETY: setresgid(2) takes integers only.
    check(unsafe { libc::setresgid(0, 0, 0) })?;
    // SAFETY: setresuid(2) takes integers only.
    check(unsafe { libc::setresuid(0, 0, 0) })?;
    // SAFETY: this prctl(2) takes integers only.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) })
}

/// Waits for a child that ends with 0, or with an error's number.
pub fn ended_well(pid: i32) -> io::Result<()> {
    match wait(pid)? {
        0 => Ok(()),
        status => Err(io::Error::from_raw_os_error(libc::WEXITSTATUS(status))),
    }
}

/// fork(2); this program has one thread.
pub fn fork() -> io::Result<i32> {
    // SAFETY: with one thread, the child is a whole copy.
    let pid = unsafe { libc::fork() };
    check(pid)?;
    Ok(pid)
}

/// The wait status of a child.
pub fn wait(pid: i32) -> io::Result<i32> {
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    check(unsafe { libc::waitpid(pid, &raw mut status, 0) })?;
    Ok(status)
}

/// futex(2) without a time limit, on a word that processes share.
pub fn futex(word: &AtomicU32, operation: i32, value: u32) {
    // SAFETY: futex(2) looks at a word that outlives the call; there is no time limit.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, std::ptr::null::<libc::timespec>()) };
}

/// The error of a call that failed.
pub fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
