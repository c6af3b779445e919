//! What the machine says of itself: its kernel, ids, capabilities, cgroups and programs.

use super::Finding;
use crate::operation::OLDEST_KERNEL;
use crate::run::needs;
use crate::run::needs::{capabilities, configuration, filesystem, initial_user_namespace, lacking, program, release};
use crate::run::world::Ids;
use crate::run::world::hierarchy::{self, Asked};

/// File systems that scenarios mount, or that a world does for them.
const FILESYSTEMS: [&str; 6] = ["proc", "tmpfs", "mqueue", "overlay", "cgroup", "cgroup2"];
/// Programs that scenarios call.
const PROGRAMS: [(&str, &str); 7] = [
    ("/usr/bin/ipcs", "util-linux"),
    ("/usr/bin/ipcrm", "util-linux"),
    ("/usr/bin/ipcmk", "util-linux"),
    ("/bin/sh", "dash"),
    ("/bin/cat", "coreutils"),
    ("/bin/true", "coreutils"),
    ("/bin/sleep", "coreutils"),
];

/// The kernel's age, configuration and file systems.
pub(super) fn kernel() -> Vec<Finding> {
    const TOPIC: &str = "kernel";
    let oldest: Vec<String> = OLDEST_KERNEL.iter().map(u64::to_string).collect();
    let (release, oldest) = (release(), oldest.join("."));
    let mut found = vec![if needs::kernel() >= &OLDEST_KERNEL {
        Finding::met(TOPIC, "release", format!("Linux {release}; worlds take {oldest} or later"))
    } else {
        Finding::unmet(TOPIC, "release", format!("Linux {release}; worlds take {oldest} or later"), "boot a newer kernel")
    }];
    found.push(match configuration().source() {
        Some(path) => Finding::met(TOPIC, "configuration", path),
        None => Finding::unmet(
            TOPIC,
            "configuration",
            "not to be had: `needs config` is never met",
            "`modprobe configs` gives /proc/config.gz, or install the kernel's package with /boot/config-RELEASE",
        ),
    });
    let (there, missing): (Vec<&str>, Vec<&str>) = FILESYSTEMS.iter().partition(|name| filesystem(name).is_none());
    found.push(Finding::met(TOPIC, "file systems", there.join(", ")));
    found.extend(missing.into_iter().map(|name| {
        Finding::unmet(
            TOPIC,
            format!("file system {name}"),
            "neither in /proc/filesystems nor a module",
            &format!("`modprobe {name}`, or a kernel that was built with it"),
        )
    }));
    found
}

/// Whether a world can have a second id.
pub(super) fn ids() -> Vec<Finding> {
    vec![match Ids::find(&[(1000, 1000)]) {
        Ok(ids) => {
            let outside = ids.uids.iter().find(|line| line.0 == 1000).map_or(0, |line| line.1);
            Finding::met("ids", "a second user", format!("`needs uid 1000` is user {outside} outside"))
        }
        Err(why) => Finding::told("ids", "a second user", &why),
    }]
}

/// What `--privileged` would give.
pub(super) fn root() -> Vec<Finding> {
    const TOPIC: &str = "root";
    const WHAT: &str = "real root";
    // SAFETY: geteuid(2) only reads.
    let uid = unsafe { libc::geteuid() };
    if uid != 0 {
        return vec![Finding::unmet(
            TOPIC,
            WHAT,
            format!("this is user {uid}: `--privileged` gives nothing"),
            "run it with sudo",
        )];
    }
    if !initial_user_namespace() {
        return vec![Finding::unmet(
            TOPIC,
            WHAT,
            "this is root of a user namespace: `--privileged` gives nothing",
            "run it outside of the container",
        )];
    }
    let lacking = lacking();
    let count = capabilities().count_ones();
    if lacking.is_empty() {
        return vec![Finding::met(TOPIC, WHAT, format!("all {count} capabilities"))];
    }
    let mend = "in a container: `--cap-add ALL`, or run it on the machine itself";
    vec![
        Finding::met(TOPIC, WHAT, format!("{count} capabilities")),
        Finding::unmet(TOPIC, "capabilities", format!("without {}", lacking.join(", ")), mend),
    ]
}

/// The hierarchies, and whether worlds can have directories there.
pub(super) fn cgroups() -> Vec<Finding> {
    const TOPIC: &str = "cgroups";
    let mounted = hierarchy::mounted();
    let offered = hierarchy::offered(&mounted);
    let mut found = Vec::new();
    let first: Vec<&str> =
        mounted.iter().filter_map(|hierarchy| hierarchy.name.as_deref()).flat_map(|name| name.split(',')).collect();
    let (there, refused): (Vec<&str>, Vec<&str>) = first.iter().partition(|name| ask_first(name).is_ok());
    if !there.is_empty() {
        found.push(Finding::met(TOPIC, "version 1", there.join(", ")));
    }
    if let Some(Err(why)) = refused.first().map(|name| ask_first(name)) {
        found.push(Finding::told(TOPIC, format!("version 1: {}", refused.join(", ")), &why));
    }
    let ask = |names: &[&str]| {
        let second = Some(names.iter().map(|&name| name.to_owned()).collect());
        hierarchy::find(&Asked { first: Vec::new(), second }).map(|_| ())
    };
    match ask(&[]) {
        Ok(()) => {
            found.push(Finding::met(TOPIC, "version 2", "a world can have a directory"));
            let mut told: Vec<(Vec<&str>, Option<String>)> = Vec::new();
            for name in ["cpu", "io", "memory", "pids"] {
                let why = match ask(&[name]) {
                    Ok(()) => None,
                    Err(_) if !offered.iter().any(|known| known == name) => Some(if first.contains(&name) {
                        "version 1 has it; boot with `cgroup_no_v1=all` to give all controllers to version 2".to_owned()
                    } else {
                        "this machine does not have it".to_owned()
                    }),
                    Err(why) => Some(why),
                };
                match told.iter_mut().find(|(_, known)| *known == why) {
                    Some((names, _)) => names.push(name),
                    None => told.push((vec![name], why)),
                }
            }
            found.extend(told.into_iter().map(|(names, why)| {
                let what = format!("version 2: {}", names.join(", "));
                match why {
                    None => Finding::met(TOPIC, what, "handed on"),
                    Some(why) => Finding::told(TOPIC, what, &why),
                }
            }));
            if !offered.is_empty() {
                found.push(Finding::met(TOPIC, "version 2 has", offered.join(", ")));
            }
        }
        Err(why) => found.push(Finding::told(TOPIC, "version 2", &why)),
    }
    found
}

fn ask_first(name: &str) -> Result<(), String> {
    hierarchy::find(&Asked { first: vec![name.to_owned()], second: None }).map(|_| ())
}

/// The programs that scenarios call.
pub(super) fn programs() -> Vec<Finding> {
    const TOPIC: &str = "programs";
    let (there, missing): (Vec<_>, Vec<_>) = PROGRAMS.iter().partition(|(path, _)| program(path).is_none());
    let names: Vec<&str> = there.iter().map(|(path, _)| *path).collect();
    let mut found = vec![Finding::met(TOPIC, "found", names.join(", "))];
    found.extend(
        missing.into_iter().map(|(path, package)| Finding::unmet(TOPIC, path, "not there", &format!("`apt install {package}`"))),
    );
    found
}
