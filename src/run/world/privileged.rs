//! The world of a scenario that needs real root: the same namespaces but for the user namespace, so that privileges are real.
//!
//! No mount of such a world is locked, for that takes a user namespace: with CAP_SYS_ADMIN a script that means to can undo what stands
//! here. `--privileged` therefore says that a script is trusted, and all of this keeps a mistake in one from reaching the host.

use super::mounts::{READ_ONLY, bind, mount, set_attributes};
use super::{WorldError, failed};
use crate::operation;
use std::ffi::CString;
use std::fs;
use std::io;
use std::path::Path;

/// What a scenario with real root may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Real {
    /// The capabilities of its actors, a bit each.
    pub capabilities: u64,
    /// The paths of the host that it may change.
    pub paths: Vec<String>,
}

/// What `needs CAP_…` alone leaves beside the capabilities that it names: what a world of its own takes for granted of root, and what
/// reaches nothing outside of it.
const BASIC: [&str; 13] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW",
    "CAP_SYS_CHROOT",
    "CAP_AUDIT_WRITE",
    "CAP_SETFCAP",
];
/// What `needs privileged` does not give unless it is named as well: power over the whole machine that no namespace confines.
const WITHHELD: [&str; 14] = [
    "CAP_DAC_READ_SEARCH",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_PACCT",
    "CAP_SYS_BOOT",
    "CAP_SYS_TIME",
    "CAP_AUDIT_CONTROL",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_BPF",
];
/// What of /proc/sys belongs to namespaces that the world has of its own, and stays writable there.
const NAMESPACED: [&str; 17] = [
    "fs/mqueue",
    "net",
    "kernel/hostname",
    "kernel/domainname",
    "kernel/sem",
    "kernel/sem_next_id",
    "kernel/shmall",
    "kernel/shmmax",
    "kernel/shmmni",
    "kernel/shm_next_id",
    "kernel/shm_rmid_forced",
    "kernel/msgmax",
    "kernel/msgmnb",
    "kernel/msgmni",
    "kernel/msg_next_id",
    "kernel/auto_msgmni",
    "kernel/ns_last_pid",
];
/// What else of /proc is the machine's.
const SHARED: [&str; 8] = ["sys", "sysrq-trigger", "irq", "bus", "acpi", "scsi", "fs", "driver"];
/// What of /proc shows the machine's memory and messages.
const SECRET: [&str; 4] = ["kcore", "kmsg", "keys", "vmcore"];

/// The capabilities of actors: of those that there are, what `needs privileged` gives or the basic ones, and those that are named.
pub fn capabilities(privileged: bool, named: &[&str]) -> u64 {
    let start = if privileged { u64::MAX & !set(&WITHHELD) } else { set(&BASIC) };
    start | set(named)
}

/// The bit of a capability.
pub fn bit(name: &str) -> u64 {
    operation::constant(name).and_then(|number| u32::try_from(number).ok()).map_or(0, |number| 1 << number)
}

fn set(names: &[&str]) -> u64 {
    names.iter().fold(0, |bits, name| bits | bit(name))
}

/// Shows the paths of the host that the scenario may change in the new root, at the same place. Those in /proc are a matter of the
/// world's own /proc.
pub fn show_paths(real: &Real) -> Result<(), WorldError> {
    for path in real.paths.iter().filter(|path| !path.starts_with("/proc/")) {
        let target = path.trim_start_matches('/');
        let tried = || format!("show {path}");
        let found = fs::symlink_metadata(path).map_err(failed(tried()))?;
        if !Path::new(target).exists() {
            make_place(target, found.is_dir()).map_err(failed(tried()))?;
        }
        let target = CString::new(target).unwrap_or_default();
        bind(&CString::new(path.as_str()).unwrap_or_default(), &target)?;
        set_attributes(&target, 0, READ_ONLY)?;
    }
    Ok(())
}

/// Makes a mount point below the new root, which is read-only by now.
fn make_place(target: &str, folder: bool) -> io::Result<()> {
    mount(None, c".", None, libc::MS_REMOUNT | libc::MS_BIND, None)?;
    let path = Path::new(target);
    let made = if folder {
        fs::create_dir_all(path)
    } else {
        path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, ""))
    };
    mount(None, c".", None, libc::MS_REMOUNT | libc::MS_BIND | libc::MS_RDONLY | libc::MS_NOSUID, None)?;
    made
}

/// Makes the machine's part of the world's /proc read-only, but for the paths that the scenario may change.
pub fn protect_proc(real: &Real) -> Result<(), WorldError> {
    let place = |path: &str| CString::new(path).unwrap_or_default();
    for name in SHARED.iter().map(|name| format!("/proc/{name}")).filter(|path| Path::new(path).exists()) {
        let path = place(&name);
        bind(&path, &path)?;
        set_attributes(&path, READ_ONLY, 0)?;
    }
    for name in SECRET.iter().map(|name| format!("/proc/{name}")).filter(|path| Path::new(path).exists()) {
        bind(c"/dev/null", &place(&name))?;
    }
    let namespaced = NAMESPACED.iter().map(|name| format!("/proc/sys/{name}")).filter(|path| Path::new(path).exists());
    let named = real.paths.iter().filter(|path| path.starts_with("/proc/")).cloned();
    for name in namespaced.chain(named) {
        let path = place(&name);
        bind(&path, &path)?;
        set_attributes(&path, 0, READ_ONLY)?;
    }
    Ok(())
}

/// Keeps of the capabilities of this process those in `keep`, for good: out of the bounding set no program gets them back.
pub fn confine(keep: u64) {
    for number in 0..63u32 {
        if keep & (1 << number) == 0 {
            // SAFETY: this prctl(2) takes integers only. Beyond the last capability it fails, and nothing is lost.
            unsafe { libc::prctl(libc::PR_CAPBSET_DROP, libc::c_ulong::from(number), 0, 0, 0) };
        }
    }
    #[repr(C)]
    struct Header {
        version: u32,
        pid: i32,
    }
    /// _LINUX_CAPABILITY_VERSION_3: two words of 32 bits for each set.
    const VERSION: u32 = 0x2008_0522;
    let mut header = Header { version: VERSION, pid: 0 };
    // Effective, permitted, inheritable: the low words, then the high ones.
    let mut sets = [[0u32; 3]; 2];
    // SAFETY: capget(2) fills the words of its version. Of the calling process it cannot fail.
    unsafe { libc::syscall(libc::SYS_capget, &raw mut header, sets.as_mut_ptr()) };
    let [a, b, c, d, e, f, g, h] = keep.to_le_bytes();
    for (set, keep) in sets.iter_mut().zip([u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]) {
        let [effective, permitted, inheritable] = set;
        *permitted &= keep;
        *effective = *permitted;
        *inheritable = 0;
    }
    // SAFETY: capset(2) reads the words of its version. To drop capabilities is always allowed.
    unsafe { libc::syscall(libc::SYS_capset, &raw mut header, sets.as_ptr()) };
}
