//! The floor of a scenario: bare processes in the same namespaces with the same mounts, made by a process that stands ready.

use super::bare::{Scheduling, born, check, ended_well, fork, in_child, outer_map, settle_down, shared};
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
        settle_down(scheduling, 2, 0)?;
        let keeper = born(OUTER, &outer_map(), || {
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

fn bind(source: &str, target: &str) -> io::Result<()> {
    let [source, target] = [source, target].map(|text| std::ffi::CString::new(text).unwrap_or_default());
    mount(&source, &target, None, libc::MS_BIND | libc::MS_REC, None)
}

fn mount(source: &CStr, target: &CStr, fstype: Option<&CStr>, flags: libc::c_ulong, options: Option<&CStr>) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: mount(2) reads strings that outlive the call, or nothing where the pointer is null.
    check(unsafe { libc::mount(source.as_ptr(), target.as_ptr(), pointer(fstype), flags, pointer(options).cast()) })
}
