//! Cgroups of a world: in each hierarchy that a scenario asks for a directory of its own, delegated to root of the world; see cgroups(7).
//!
//! Two directories are made below one: `world`, where the actors live and which is the root of what the script sees, and `engine`, where the
//! coordinator retires to, so that it is neither counted nor frozen, and that version 2's rule of no inner processes does not fail
//! because of it. The doors to both are opened by the worker: since Linux 5.16 and the stable kernels of that time, the credentials of who opened
//! cgroup.procs decide about a move.

use super::mounts::{mount, tmpfs};
use super::{WorldError, failed};
use std::ffi::CString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

/// A hierarchy in which a world is to have a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// Version 1: its controllers as the kernel joins them, `cpu,cpuacct`. Version 2: nothing.
    pub name: Option<String>,
    /// The controllers that were asked for.
    pub asked: Vec<String>,
    /// The directory of the host below which the world's is made.
    pub parent: PathBuf,
    /// Where the script finds it.
    pub shown: Shown,
}

/// Where a world's hierarchy is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Version 1: beside the others below /sys/fs/cgroup. Version 2: on /sys/fs/cgroup itself.
    Alone,
    /// Version 2 where others are of version 1: beside them.
    Beside,
    /// Nowhere. The script did not ask for it, and has a directory of its own there all the same: it could mount the hierarchy
    /// by itself, and would find itself in the cgroup of who runs this, as its owner.
    Nowhere,
}

/// The ways into the cgroups of a world, open for the processes that are to move.
#[derive(Debug, Default)]
pub struct Doors {
    world: Vec<File>,
    engine: Vec<File>,
}

/// What the names of our directories begin with; then come the pid namespace, the process, when it started, and a number.
pub const PREFIX: &str = "ipcscript-";

impl Doors {
    /// Takes the calling process where the script's cgroups begin: cgroup namespaces that are made from there have it as their root.
    ///
    /// # Errors
    ///
    /// As the write to cgroup.procs.
    pub fn enter_world(&self) -> Result<(), WorldError> {
        walk(&self.world).map_err(failed("enter the cgroups of the world"))
    }

    /// Takes the calling process out of the script's sight.
    ///
    /// # Errors
    ///
    /// As the write to cgroup.procs.
    pub fn leave_world(&self) -> Result<(), WorldError> {
        walk(&self.engine).map_err(failed("leave the cgroups of the world"))
    }
}

fn walk(doors: &[File]) -> io::Result<()> {
    doors.iter().try_for_each(|mut door| door.write_all(b"0"))
}

/// The directory of a world in each of its hierarchies, whether it is made already or not; `name` is their name.
pub fn tops(hierarchies: &[Hierarchy], name: &str) -> impl Iterator<Item = PathBuf> {
    hierarchies.iter().map(move |hierarchy| hierarchy.parent.join(name))
}

/// Makes the directories of a world in all of its hierarchies; `name` is their name, `owner` who stands for root of the world.
///
/// # Errors
///
/// As mkdir(2), chown(2), and the writes to files of the kernel. What was made already stays.
pub fn make(hierarchies: &[Hierarchy], name: &str, owner: (u32, u32)) -> Result<Doors, WorldError> {
    let mut doors = Doors::default();
    for (hierarchy, top) in hierarchies.iter().zip(tops(hierarchies, name)) {
        let tried = || format!("make the cgroup {}", top.display());
        fs::create_dir(&top).map_err(failed(tried()))?;
        prepare(hierarchy, &hierarchy.parent, &top).map_err(failed(tried()))?;
        for part in ["world", "engine"] {
            let part = top.join(part);
            fs::create_dir(&part).map_err(failed(tried()))?;
            inherit_processors(hierarchy, &top, &part).map_err(failed(tried()))?;
        }
        let world = top.join("world");
        delegate(&world, owner).map_err(failed(tried()))?;
        let door = |part: &str| File::options().write(true).open(top.join(part).join("cgroup.procs")).map_err(failed(tried()));
        doors.world.push(door("world")?);
        doors.engine.push(door("engine")?);
    }
    Ok(doors)
}

/// Hands the controllers of version 2 on to what is below `top`.
fn prepare(hierarchy: &Hierarchy, parent: &Path, top: &Path) -> io::Result<()> {
    if hierarchy.name.is_some() {
        return inherit_processors(hierarchy, parent, top);
    }
    let names: Vec<String> = hierarchy.asked.iter().map(|name| format!("+{name}")).collect();
    if names.is_empty() { Ok(()) } else { fs::write(top.join("cgroup.subtree_control"), names.join(" ")) }
}

/// A cpuset of version 1 begins without processors and memory, and takes nobody in.
fn inherit_processors(hierarchy: &Hierarchy, from: &Path, to: &Path) -> io::Result<()> {
    if hierarchy.name.as_ref().is_some_and(|name| name.split(',').any(|name| name == "cpuset")) {
        for file in ["cpuset.cpus", "cpuset.mems"] {
            fs::write(to.join(file), fs::read(from.join(file))?)?;
        }
    }
    Ok(())
}

/// Gives a directory to root of the world, and of its files those that the kernel's documentation names: limits of the directory itself
/// stay with who set them.
fn delegate(world: &Path, (uid, gid): (u32, u32)) -> io::Result<()> {
    chown(world, Some(uid), Some(gid))?;
    for file in ["cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "tasks"] {
        let path = world.join(file);
        if path.exists() {
            chown(path, Some(uid), Some(gid))?;
        }
    }
    Ok(())
}

/// Mounts the hierarchies where a script looks for them, in a cgroup namespace of the world's own.
///
/// # Errors
///
/// As mount(2).
pub fn mount_all(hierarchies: &[Hierarchy]) -> Result<(), WorldError> {
    const TOP: &str = "/sys/fs/cgroup";
    let shown = || hierarchies.iter().filter(|hierarchy| hierarchy.shown != Shown::Nowhere);
    if shown().any(|hierarchy| hierarchy.name.is_some()) {
        tmpfs(c"/sys/fs/cgroup", c"mode=755,size=64k")?;
    }
    for hierarchy in shown() {
        let (fstype, at) = match &hierarchy.name {
            Some(name) => (c"cgroup", format!("{TOP}/{name}")),
            None if hierarchy.shown == Shown::Beside => (c"cgroup2", format!("{TOP}/unified")),
            None => (c"cgroup2", TOP.to_owned()),
        };
        let tried = || format!("mount {at}");
        if at != TOP {
            fs::create_dir(&at).map_err(failed(tried()))?;
        }
        let target = CString::new(at.as_str()).unwrap_or_default();
        let options = hierarchy.name.as_ref().and_then(|name| CString::new(name.as_str()).ok());
        let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
        mount(Some(fstype), &target, Some(fstype), flags, options.as_deref()).map_err(failed(tried()))?;
        let name = hierarchy.name.as_deref().unwrap_or_default();
        for controller in name.split(',').filter(|&controller| controller != name) {
            std::os::unix::fs::symlink(name, format!("{TOP}/{controller}")).map_err(failed(tried()))?;
        }
    }
    Ok(())
}
