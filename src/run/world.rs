//! The world of a scenario: namespaces and a root of its own, in two layers.
//!
//! The outer layer is built once a worker: a user and a mount namespace that hold the read-only root, and a pid namespace whose
//! end takes everything along. The inner layer is fresh for each scenario: with one layer alone a script could undo the world,
//! for it may remount and unmount what its own user namespace has mounted (mount_namespaces(7), on locked mounts).

pub mod cgroup;
mod folder;
pub mod hierarchy;
mod inner;
pub mod maps;
mod mounts;
mod outer;
pub mod privileged;
pub mod subordinate;

pub use inner::build_inner;
pub use maps::{Ids, map_inner, map_outer};
pub use outer::{SHOWN, build_outer};

use super::confine::{Mounts, Network};
use crate::value::Errno;
use cgroup::Hierarchy;
use privileged::Real;
use std::ffi::CString;
use std::io;

/// What a world maps and shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The script's folder, absolute.
    pub folder: CString,
    /// Ids beside 0 that the script may take, as ranges from first to last.
    pub ids: Vec<(u32, u32)>,
    /// Cgroups that the script gets, and those that it is kept in.
    pub hierarchies: Vec<Hierarchy>,
    /// Whether it may mount file systems.
    pub mounts: Mounts,
    /// Real root, where the script needs it.
    pub real: Option<Real>,
    /// The network that the filter of system calls leaves; `None` for no filter.
    pub filter: Option<Network>,
}

impl Plan {
    /// Flags of clone(2) for a layer of this world.
    pub fn namespaces(&self, layer: i32) -> i32 {
        if self.real.is_some() { layer & !libc::CLONE_NEWUSER } else { layer }
    }

    /// Whether something of the host must be put right when the world is gone.
    pub fn leaves_traces(&self) -> bool {
        !self.hierarchies.is_empty() || self.real.as_ref().is_some_and(|real| !real.paths.is_empty())
    }
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

/// Makes an error of a failed step.
pub fn failed(step: impl Into<String>) -> impl FnOnce(io::Error) -> WorldError {
    let step = step.into();
    move |source| WorldError { step, source }
}

/// A world that was made, and is gone.
pub fn lost(why: impl Into<String>) -> WorldError {
    WorldError { step: String::new(), source: io::Error::other(why.into()) }
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
