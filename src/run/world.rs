//! The world of a scenario: namespaces and a root of its own, in two layers.
//!
//! The outer layer is built once a worker: a user and a mount namespace that hold the read-only root, and a pid namespace whose
//! end takes everything along. The inner layer is fresh for each scenario: with one layer alone a script could undo the world,
//! for it may remount and unmount what its own user namespace has mounted (mount_namespaces(7), on locked mounts).

use crate::value::Errno;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::Path;

/// What a world maps and shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The script's folder, absolute.
    pub folder: CString,
    /// Ids beside 0 that the script may take, as ranges from first to last.
    pub ids: Vec<(u32, u32)>,
}

/// Which step of building a world failed.
#[derive(Debug)]
pub struct WorldError {
    /// What was tried: `mount proc`; nothing where the source says it all.
    pub step: String,
    /// What the kernel said.
    pub source: io::Error,
}

/// Flags of clone(2) for the outer layer.
pub const OUTER: i32 = libc::CLONE_NEWUSER | libc::CLONE_NEWNS | libc::CLONE_NEWPID;
/// Flags of clone(2) for the inner layer; the network namespace, by far the dearest, only where a script can reach it.
pub const INNER: i32 = OUTER | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | libc::CLONE_NEWCGROUP;

/// Where the root is put together, over a directory that every machine has.
const STAGE: &CStr = c"/tmp";
/// Devices of the world.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];
/// Folders of the host that the world shows, read-only.
const SHOWN: [&str; 8] = ["usr", "etc", "bin", "sbin", "lib", "lib32", "lib64", "libx32"];
/// The first of the host's ids that stand for those of a world of root: they own nothing.
const FIRST_ID: u32 = 2_000_000_000;

/// Makes an error of a failed step.
pub fn failed(step: impl Into<String>) -> impl FnOnce(io::Error) -> WorldError {
    let step = step.into();
    move |source| WorldError { step, source }
}

/// A process born by clone(2) with namespaces: 0 in the child. The calling process must have one thread.
///
/// # Errors
///
/// As clone(2): EPERM where user namespaces are forbidden, ENOSPC at their limit.
pub fn born(flags: i32) -> io::Result<i32> {
    // SAFETY: without CLONE_VM and without a new stack, clone(2) returns twice like fork(2).
    let pid = unsafe { libc::syscall(libc::SYS_clone, libc::c_long::from(flags | libc::SIGCHLD), 0, 0, 0, 0) };
    if pid < 0 { Err(io::Error::last_os_error()) } else { Ok(i32::try_from(pid).unwrap_or(i32::MAX)) }
}

/// Writes the id maps of the outer layer for process `pid`, from outside. Root maps 0 to an id that owns nothing, so that the
/// host's root is never inside; anybody else can map only their own id.
///
/// # Errors
///
/// When the kernel refuses a map; see user_namespaces(7).
pub fn map_outer(pid: i32, plan: &Plan) -> Result<(), WorldError> {
    let proc = open_path(c"/proc").map_err(failed("open /proc"))?;
    // SAFETY: geteuid(2) only reads.
    let uid = unsafe { libc::geteuid() };
    // SAFETY: getegid(2) only reads.
    let gid = unsafe { libc::getegid() };
    let top = plan.ids.iter().map(|&(_, last)| last).max().unwrap_or(0);
    let map = |own: u32, file: &str| match unowned(file, top).filter(|_| uid == 0) {
        Some(first) => lines(plan, first),
        None => format!("0 {own} 1\n"),
    };
    write_maps(&proc, &pid.to_string(), &map(uid, "/proc/self/uid_map"), &map(gid, "/proc/self/gid_map"), plan)
}

/// Whether this process may map the ids up to `top` into a world.
pub fn can_map(top: u32) -> bool {
    // SAFETY: geteuid(2) only reads.
    let root = unsafe { libc::geteuid() } == 0;
    root && unowned("/proc/self/uid_map", top).is_some() && unowned("/proc/self/gid_map", top).is_some()
}

/// The first of as many ids as a world of root needs that own nothing: far up where all ids are to be had, at the end of the range
/// where only a container's are, `None` where root has no id but its own.
fn unowned(file: &str, top: u32) -> Option<u32> {
    let text = std::fs::read_to_string(file).ok()?;
    let ranges = text.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(|word| word.parse::<u64>().ok());
        Some((numbers.next()??, numbers.nth(1)??))
    });
    let (first, count) = ranges.max_by_key(|&(_, count)| count)?;
    let needed = u64::from(top) + 1;
    let far = u64::from(FIRST_ID);
    if first <= far && far + needed <= first + count {
        return Some(FIRST_ID);
    }
    let last = (first + count).checked_sub(needed).filter(|&last| last > first)?;
    u32::try_from(last).ok()
}

/// Writes the id maps of the inner layer: the same ids as in the outer one. `process` is a name below `proc`, a /proc.
///
/// # Errors
///
/// When the kernel refuses a map.
pub fn map_inner(proc: &OwnedFd, process: &str, plan: &Plan) -> Result<(), WorldError> {
    let lines = lines(plan, 0);
    write_maps(proc, process, &lines, &lines, plan)
}

/// The lines of a map: 0 and the ranges of the plan, each to the same number above `first`.
fn lines(plan: &Plan, first: u32) -> String {
    let ranges = std::iter::once((0, 0)).chain(plan.ids.iter().copied());
    ranges.map(|(low, high)| format!("{low} {} {}\n", first + low, high - low + 1)).collect()
}

/// Where only one id is mapped, setgroups(2) is given up first: the kernel demands it of who has no privilege over the groups,
/// and all worlds are to behave alike.
fn write_maps(proc: &OwnedFd, process: &str, uids: &str, gids: &str, plan: &Plan) -> Result<(), WorldError> {
    let write = |file: &str, text: &str| {
        let path = format!("{process}/{file}");
        write_at(proc, &path, text).map_err(failed(format!("write {file}")))
    };
    if plan.ids.is_empty() {
        write("setgroups", "deny")?;
    }
    write("uid_map", uids)?;
    write("gid_map", gids)
}

fn write_at(directory: &OwnedFd, path: &str, text: &str) -> io::Result<()> {
    let path = CString::new(path)?;
    // SAFETY: openat(2) reads a string that outlives the call.
    let fd = unsafe { libc::openat(directory.as_raw_fd(), path.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC) };
    let file = own(fd)?;
    io::Write::write_all(&mut std::fs::File::from(file), text.as_bytes())
}

/// Builds the outer layer in a process that was born with [`OUTER`] and whose maps are written: afterwards `/` is the world's root.
/// Gives a /proc of this layer.
///
/// # Errors
///
/// The first step that failed.
pub fn build_outer(plan: &Plan) -> Result<OwnedFd, WorldError> {
    let folder = open_path(&plan.folder).map_err(failed("open the script's folder"))?;
    become_root_of_the_world()?;
    mount(None, c"/", None, libc::MS_REC | libc::MS_PRIVATE, None).map_err(failed("make all mounts private"))?;
    mount(Some(c"root"), STAGE, Some(c"tmpfs"), 0, Some(c"mode=755,size=4m")).map_err(failed("mount a tmpfs"))?;
    std::env::set_current_dir("/tmp").map_err(failed("enter the new root"))?;
    for name in SHOWN {
        show(name)?;
    }
    for name in ["proc", "dev", "dev/shm", "dev/mqueue", "tmp", "run", "run/hidden", "home", "scenario", "sys", "root", "mnt"] {
        std::fs::create_dir(name).map_err(failed(format!("create /{name}")))?;
    }
    super::folder::show(&folder)?;
    devices()?;
    read_only(c".")?;
    mount(Some(c"proc"), c"run/hidden", Some(c"proc"), 0, None).map_err(failed("mount proc"))?;
    enter_root()?;
    // The kernel gives the inner layer a /proc only where one is fully visible already; this one is kept for that, under a
    // mount that the inner layer cannot take away.
    let hidden = open_path(c"/run/hidden").map_err(failed("open the hidden /proc"))?;
    mount(Some(c"run"), c"/run", Some(c"tmpfs"), libc::MS_RDONLY, Some(c"mode=755,size=4k")).map_err(failed("cover /run"))?;
    Ok(hidden)
}

/// Builds the inner layer in a process that was born with [`INNER`] by the outer one and whose maps are written: everything that a
/// script can write to.
///
/// # Errors
///
/// The first step that failed.
pub fn build_inner() -> Result<(), WorldError> {
    // Private, not slave: what a script mounts must not depend on the layer below.
    mount(None, c"/", None, libc::MS_REC | libc::MS_PRIVATE, None).map_err(failed("make all mounts private"))?;
    let tmpfs = |at: &CStr, options: &CStr| {
        mount(Some(c"tmpfs"), at, Some(c"tmpfs"), libc::MS_NOSUID | libc::MS_NODEV, Some(options))
            .map_err(failed(format!("mount a tmpfs on {}", at.to_string_lossy())))
    };
    mount(Some(c"proc"), c"/proc", Some(c"proc"), 0, None).map_err(failed("mount /proc"))?;
    tmpfs(c"/dev/shm", c"mode=1777,size=64m")?;
    mount(Some(c"mqueue"), c"/dev/mqueue", Some(c"mqueue"), 0, None).map_err(failed("mount /dev/mqueue"))?;
    tmpfs(c"/tmp", c"mode=1777,size=64m")?;
    tmpfs(c"/run", c"mode=755,size=64m")?;
    tmpfs(c"/home", c"mode=755,size=64m")?;
    std::env::set_current_dir("/home").map_err(failed("enter the working directory"))?;
    nix::unistd::sethostname("world").map_err(|errno| failed("set the host name")(errno.into()))?;
    // SAFETY: umask(2) takes an integer and cannot fail.
    unsafe { libc::umask(0o022) };
    Ok(())
}

/// Takes uid and gid 0 of the new user namespace. That ends the host identity for good, and it is what makes the kernel call the
/// process non-dumpable, its files in /proc root's; it must be able to write the maps of its children.
fn become_root_of_the_world() -> Result<(), WorldError> {
    // SAFETY: setresgid(2) takes integers only.
    check(unsafe { libc::setresgid(0, 0, 0) }).map_err(failed("become group 0 of the world"))?;
    // SAFETY: setresuid(2) takes integers only.
    check(unsafe { libc::setresuid(0, 0, 0) }).map_err(failed("become user 0 of the world"))?;
    // SAFETY: this prctl(2) takes integers only.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) }).map_err(failed("stay visible in /proc"))
}

/// Shows a folder of the host in the new root: a link stays a link, a folder is bound, what is missing is left out.
fn show(name: &str) -> Result<(), WorldError> {
    let host = Path::new("/").join(name);
    let Ok(found) = std::fs::symlink_metadata(&host) else { return Ok(()) };
    if found.is_symlink() {
        let target = std::fs::read_link(&host).map_err(failed(format!("read the link /{name}")))?;
        return std::os::unix::fs::symlink(target, name).map_err(failed(format!("link /{name}")));
    }
    std::fs::create_dir(name).map_err(failed(format!("create /{name}")))?;
    let source = CString::new(format!("/{name}")).unwrap_or_default();
    let target = CString::new(name).unwrap_or_default();
    bind(&source, &target)
}

fn devices() -> Result<(), WorldError> {
    for name in DEVICES {
        let target = format!("dev/{name}");
        std::fs::write(&target, "").map_err(failed(format!("create /{target}")))?;
        let source = CString::new(format!("/dev/{name}")).unwrap_or_default();
        bind(&source, &CString::new(target).unwrap_or_default())?;
    }
    for (name, target) in
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")]
    {
        std::os::unix::fs::symlink(target, format!("dev/{name}")).map_err(failed(format!("link /dev/{name}")))?;
    }
    Ok(())
}

/// Binds with everything below, for a user namespace may not uncover what is mounted inside.
///
/// # Errors
///
/// As mount(2).
pub fn bind(source: &CStr, target: &CStr) -> Result<(), WorldError> {
    mount(Some(source), target, None, libc::MS_BIND | libc::MS_REC, None).map_err(failed(format!(
        "bind {} to /{}",
        source.to_string_lossy(),
        target.to_string_lossy()
    )))
}

/// Makes a mount and all below it read-only; mount_setattr(2), Linux 5.12.
fn read_only(at: &CStr) -> Result<(), WorldError> {
    #[repr(C)]
    struct MountAttr {
        set: u64,
        clear: u64,
        propagation: u64,
        userns: u64,
    }
    const MOUNT_ATTR_RDONLY: u64 = 1;
    let attributes = MountAttr { set: MOUNT_ATTR_RDONLY, clear: 0, propagation: 0, userns: 0 };
    let size = size_of::<MountAttr>();
    // SAFETY: mount_setattr(2) reads a path and a structure whose size it is told.
    let done = unsafe {
        libc::syscall(libc::SYS_mount_setattr, libc::AT_FDCWD, at.as_ptr(), libc::AT_RECURSIVE, &raw const attributes, size)
    };
    check(i32::try_from(done).unwrap_or(-1)).map_err(failed("make the root read-only"))
}

/// Makes the staged folder the root, and lets go of the host's.
fn enter_root() -> Result<(), WorldError> {
    // SAFETY: pivot_root(2) reads two constant strings.
    let done = unsafe { libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()) };
    check(i32::try_from(done).unwrap_or(-1)).map_err(failed("pivot_root"))?;
    // SAFETY: umount2(2) reads a constant string.
    check(unsafe { libc::umount2(c".".as_ptr(), libc::MNT_DETACH) }).map_err(failed("let go of the host's root"))?;
    std::env::set_current_dir("/").map_err(failed("enter /"))
}

fn open_path(path: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: open(2) reads a string that outlives the call.
    own(unsafe { libc::open(path.as_ptr(), libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC) })
}

fn own(fd: i32) -> io::Result<OwnedFd> {
    check(fd)?;
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// mount(2).
///
/// # Errors
///
/// As the kernel says.
pub fn mount(
    source: Option<&CStr>,
    target: &CStr,
    fstype: Option<&CStr>,
    flags: libc::c_ulong,
    options: Option<&CStr>,
) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: mount(2) reads strings that outlive the call, or nothing where the pointer is null.
    check(unsafe { libc::mount(pointer(source), target.as_ptr(), pointer(fstype), flags, pointer(options).cast()) })
}

fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

impl std::fmt::Display for WorldError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.step.is_empty() {
            return write!(out, "{}", self.source);
        }
        write!(out, "the world could not be made: {}: ", self.step)?;
        match self.source.raw_os_error().filter(|&number| number != 0) {
            Some(number) => write!(out, "{}, {}", Errno(number), Errno(number).text()),
            None => write!(out, "{}", self.source),
        }
    }
}
