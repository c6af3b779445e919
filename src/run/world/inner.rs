//! The inner layer: everything that a script can write to, fresh for each scenario.

use super::super::sight::Sight;
use super::mounts::{all_private, mount, tmpfs};
use super::{Plan, WorldError, cgroup, failed, privileged};

/// Builds the inner layer in a process that was born with [`super::INNER`] by the outer one and whose maps are written; without what
/// nobody in it can see.
///
/// # Errors
///
/// The first step that failed.
pub fn build_inner(plan: &Plan, sight: Sight) -> Result<(), WorldError> {
    // Private, not slave: what a script mounts must not depend on the layer below.
    all_private()?;
    mount(Some(c"proc"), c"/proc", Some(c"proc"), 0, None).map_err(failed("mount /proc"))?;
    if let Some(real) = &plan.real {
        privileged::protect_proc(real)?;
    }
    if sight == Sight::Files {
        tmpfs(c"/dev/shm", c"mode=1777,size=64m")?;
        mount(Some(c"mqueue"), c"/dev/mqueue", Some(c"mqueue"), 0, None).map_err(failed("mount /dev/mqueue"))?;
        // Terminals of the world's own: numbers begin at 0, and none of the host's can be reached through them.
        mount(Some(c"devpts"), c"/dev/pts", Some(c"devpts"), 0, Some(c"newinstance,ptmxmode=0666,mode=0620,max=64"))
            .map_err(failed("mount /dev/pts"))?;
        tmpfs(c"/tmp", c"mode=1777,size=64m")?;
        tmpfs(c"/run", c"mode=755,size=64m")?;
        tmpfs(c"/home", c"mode=755,size=64m")?;
    }
    cgroup::mount_all(&plan.hierarchies)?;
    std::env::set_current_dir("/home").map_err(failed("enter the working directory"))?;
    nix::unistd::sethostname("world").map_err(|errno| failed("set the host name")(errno.into()))?;
    // SAFETY: umask(2) takes an integer and cannot fail.
    unsafe { libc::umask(0o022) };
    Ok(())
}
