//! The outer layer: the root that a world shows, read-only.

use super::maps::become_root_of_the_world;
use super::mounts::{NO_DEVICES, NO_SUID, READ_ONLY, all_private, bind, enter_root, mount, open_path, set_attributes};
use super::{Plan, WorldError, failed, folder, privileged};
use std::ffi::{CStr, CString};
use std::os::fd::OwnedFd;
use std::path::Path;

/// Where the root is put together, over a directory that every machine has.
const STAGE: &CStr = c"/tmp";
/// Devices of the world.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];
/// Folders of the host that the world shows, read-only.
pub const SHOWN: [&str; 8] = ["usr", "etc", "bin", "sbin", "lib", "lib32", "lib64", "libx32"];
/// Folders of the world's own: mount points, most of them.
const OWN: [&str; 15] = [
    "proc",
    "dev",
    "dev/shm",
    "dev/mqueue",
    "dev/pts",
    "tmp",
    "run",
    "run/hidden",
    "home",
    "scenario",
    "sys",
    "sys/fs",
    "sys/fs/cgroup",
    "root",
    "mnt",
];

/// Builds the outer layer in a process that was born with [`super::OUTER`] and whose maps are written: afterwards `/` is the world's root.
/// Gives a /proc of this layer.
///
/// # Errors
///
/// The first step that failed.
pub fn build_outer(plan: &Plan) -> Result<OwnedFd, WorldError> {
    let shown = open_path(&plan.folder).map_err(failed("open the script's folder"))?;
    if plan.real.is_none() {
        become_root_of_the_world()?;
    }
    all_private()?;
    mount(Some(c"root"), STAGE, Some(c"tmpfs"), 0, Some(c"mode=755,size=4m")).map_err(failed("mount a tmpfs"))?;
    std::env::set_current_dir("/tmp").map_err(failed("enter the new root"))?;
    for name in SHOWN {
        show(name)?;
    }
    for name in OWN {
        std::fs::create_dir(name).map_err(failed(format!("create /{name}")))?;
    }
    folder::show(&shown)?;
    devices()?;
    if plan.real.is_some() {
        // Devices of the world itself must go on working; those of the host are none of its business.
        for name in SHOWN.into_iter().filter(|name| Path::new(name).is_dir() && !Path::new(name).is_symlink()) {
            set_attributes(&CString::new(name).unwrap_or_default(), NO_DEVICES, 0)?;
        }
        set_attributes(c"scenario", NO_DEVICES, 0)?;
    }
    set_attributes(c".", READ_ONLY | if plan.real.is_some() { NO_SUID } else { 0 }, 0)?;
    if let Some(real) = &plan.real {
        privileged::show_paths(real)?;
    }
    mount(Some(c"proc"), c"run/hidden", Some(c"proc"), 0, None).map_err(failed("mount proc"))?;
    enter_root()?;
    // The kernel gives the inner layer a /proc only where one is fully visible already; this one is kept for that, under a
    // mount that the inner layer cannot take away.
    let hidden = open_path(c"/run/hidden").map_err(failed("open the hidden /proc"))?;
    mount(Some(c"run"), c"/run", Some(c"tmpfs"), libc::MS_RDONLY, Some(c"mode=755,size=4k")).map_err(failed("cover /run"))?;
    Ok(hidden)
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
    for (name, target) in [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ] {
        std::os::unix::fs::symlink(target, format!("dev/{name}")).map_err(failed(format!("link /dev/{name}")))?;
    }
    Ok(())
}
