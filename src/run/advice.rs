//! Why a world could not be made on this machine, and what to do about it.

use super::world::WorldError;

/// The failure with its likely cause and the way out.
pub fn explain(error: &WorldError) -> String {
    match cause(error) {
        Some(cause) => format!("{error} ({cause})"),
        None => error.to_string(),
    }
}

fn cause(error: &WorldError) -> Option<String> {
    let errno = error.source.raw_os_error()?;
    let setting = |path: &str| std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    match (error.step.as_str(), errno) {
        ("create a user namespace" | "write uid_map" | "write gid_map" | "write setgroups" | "make all mounts private", _)
            if setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").as_deref() == Some("1") =>
        {
            Some("AppArmor forbids unprivileged user namespaces here; allow them with `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or run as root".into())
        }
        ("create a user namespace", libc::EPERM)
            if setting("/proc/sys/kernel/unprivileged_userns_clone").as_deref() == Some("0") =>
        {
            Some("unprivileged user namespaces are switched off; allow them with `sysctl kernel.unprivileged_userns_clone=1`, or run as root".into())
        }
        ("create a user namespace", libc::ENOSPC | libc::EUSERS) => Some(format!(
            "user.max_user_namespaces is {}; raise it with `sysctl user.max_user_namespaces=10000`",
            setting("/proc/sys/user/max_user_namespaces").unwrap_or_else(|| "unknown".into())
        )),
        ("create a user namespace", libc::EPERM) => {
            Some("a container's seccomp filter, or a chroot, forbids it; in a container, allow it with `--security-opt seccomp=unconfined`".into())
        }
        ("mount proc" | "mount /proc", libc::EPERM) => {
            Some("the kernel gives a new /proc only where one is fully visible; a container masks parts of it: run it with `--security-opt systempaths=unconfined`".into())
        }
        ("make the root read-only", libc::ENOSYS) => Some(format!("mount_setattr needs Linux 5.12 or later, and this is {}; boot a newer kernel", super::needs::release())),
        _ => None,
    }
}
