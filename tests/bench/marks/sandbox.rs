//! The floor of a scenario: bare processes in the same namespaces with the same mounts, made by a process that stands ready.

use super::futex::{Scheduling, check, fork, in_child, settle_down, shared, wait};
use std::ffi::CStr;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Sandboxes in one measurement.
const SANDBOXES: u32 = 60;
/// Processes in one sandbox, beside its pid 1.
const PROCESSES: u32 = 2;
const OUTER: i32 = libc::CLONE_NEWUSER | libc::CLONE_NEWNS | libc::CLONE_NEWPID;
const INNER: i32 = OUTER | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | libc::CLONE_NEWCGROUP;

/// Seconds that one sandbox takes, from its birth to its end.
pub fn bare(scheduling: Scheduling) -> io::Result<f64> {
    let time = shared::<AtomicU64>()?;
    in_child(|| {
        settle_down(scheduling, 2)?;
        // SAFETY: geteuid(2) only reads.
        let uid = unsafe { libc::geteuid() };
        // As the engine does: the host's root is not inside.
        let outside = if uid == 0 { 2_000_000_000 } else { uid };
        let keeper = born(OUTER, &format!("0 {outside} 1\n"), || {
            build_outer()?;
            for _ in 0..SANDBOXES / 10 {
                sandbox()?;
            }
            let began = Instant::now();
            for _ in 0..SANDBOXES {
                sandbox()?;
            }
            time.store(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::SeqCst);
            Ok(())
        })?;
        ended_well(keeper)
    })?;
    Ok(time.load(Ordering::SeqCst) as f64 * 1e-9 / f64::from(SANDBOXES))
}

/// One sandbox: a pid 1 that mounts what a world needs, its processes, and their end.
fn sandbox() -> io::Result<()> {
    let first = born(INNER, "0 0 1\n", || {
        mount(c"none", c"/", None, libc::MS_REC | libc::MS_PRIVATE, None)?;
        mount(c"proc", c"/proc", Some(c"proc"), 0, None)?;
        mount(c"tmpfs", c"/dev/shm", Some(c"tmpfs"), 0, Some(c"mode=1777"))?;
        mount(c"mqueue", c"/dev/mqueue", Some(c"mqueue"), 0, None)?;
        mount(c"tmpfs", c"/tmp", Some(c"tmpfs"), 0, Some(c"mode=1777"))?;
        mount(c"tmpfs", c"/run", Some(c"tmpfs"), 0, Some(c"mode=755"))?;
        mount(c"tmpfs", c"/home", Some(c"tmpfs"), 0, Some(c"mode=755"))?;
        // SAFETY: sethostname(2) reads five bytes of a constant.
        check(unsafe { libc::sethostname(c"world".as_ptr(), 5) })?;
        let mut children = Vec::new();
        for _ in 0..PROCESSES {
            match fork()? {
                // SAFETY: _exit(2) ends this process at once.
                0 => unsafe { libc::_exit(0) },
                child => children.push(child),
            }
        }
        children.into_iter().try_for_each(ended_well)
    })?;
    ended_well(first)
}

/// The outer layer: as many mounts as the engine's has, over a root of its own.
fn build_outer() -> io::Result<()> {
    mount(c"none", c"/", None, libc::MS_REC | libc::MS_PRIVATE, None)?;
    mount(c"root", c"/tmp", Some(c"tmpfs"), 0, Some(c"mode=755"))?;
    std::env::set_current_dir("/tmp")?;
    for name in ["usr", "etc"] {
        std::fs::create_dir(name)?;
        bind(&format!("/{name}"), name)?;
    }
    for name in ["bin", "sbin", "lib", "lib64"] {
        std::os::unix::fs::symlink(format!("usr/{name}"), name)?;
    }
    for name in ["proc", "dev", "dev/shm", "dev/mqueue", "tmp", "run", "run/hidden", "home", "scenario"] {
        std::fs::create_dir(name)?;
    }
    bind("/usr", "scenario")?;
    for name in ["null", "zero", "full", "random", "urandom", "tty"] {
        std::fs::write(format!("dev/{name}"), "")?;
        bind(&format!("/dev/{name}"), &format!("dev/{name}"))?;
    }
    mount(c"proc", c"run/hidden", Some(c"proc"), 0, None)?;
    // SAFETY: pivot_root(2) reads two constant strings.
    let done = unsafe { libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()) };
    check(i32::try_from(done).unwrap_or(-1))?;
    // SAFETY: umount2(2) reads a constant string.
    check(unsafe { libc::umount2(c".".as_ptr(), libc::MNT_DETACH) })?;
    std::env::set_current_dir("/")
}

/// A process born with namespaces, whose maps its parent writes before it goes on with `life`.
fn born(flags: i32, map: &str, life: impl FnOnce() -> io::Result<()>) -> io::Result<i32> {
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

fn ended_well(pid: i32) -> io::Result<()> {
    match wait(pid)? {
        0 => Ok(()),
        status => Err(io::Error::from_raw_os_error(libc::WEXITSTATUS(status))),
    }
}

fn bind(source: &str, target: &str) -> io::Result<()> {
    let [source, target] = [source, target].map(|text| std::ffi::CString::new(text).unwrap_or_default());
    mount(&source, &target, None, libc::MS_BIND | libc::MS_REC, None)
}

fn mount(source: &CStr, target: &CStr, fstype: Option<&CStr>, flags: libc::c_ulong, options: Option<&CStr>) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: mount(2) reads strings that outlive the call, or nothing where the pointer is null.
    check(unsafe { libc::mount(source.as_ptr(), target.as_ptr(), pointer(fstype), flags, pointer(options).cast()) })
}
