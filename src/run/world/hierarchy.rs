//! The hierarchies of cgroups that this machine has, and where in them this process may make a directory.

use super::cgroup::{Hierarchy, Shown};
use std::ffi::CString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What a scenario asks for: controllers of version 1, of version 2, and whether it wants version 2 at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Controllers of version 1.
    pub first: Vec<String>,
    /// Controllers of version 2; none with `needs cgroup` alone.
    pub second: Option<Vec<String>>,
}

/// A mounted hierarchy, as this process sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounted {
    /// Version 1: its controllers, joined. Version 2: nothing.
    pub name: Option<String>,
    /// Where it is mounted.
    pub top: PathBuf,
    /// The directory of this process.
    pub own: PathBuf,
}

/// Every mounted hierarchy that has controllers, and that of version 2.
pub fn mounted() -> Vec<Mounted> {
    all().into_iter().filter(|hierarchy| !hierarchy.name.as_ref().is_some_and(|name| name.starts_with("name="))).collect()
}

/// Every mounted hierarchy, those without controllers too.
fn all() -> Vec<Mounted> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    parse(&mounts, &own)
}

/// What the cgroups of this process have to fear from one that has its user id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exposed {
    /// Hierarchies in which this process may make a directory of its own, and keep the other in there.
    pub sheltered: Vec<Hierarchy>,
    /// Whether there is one in which it owns its directory, and yet cannot.
    pub bare: bool,
}

/// The hierarchies in which this process owns its directory, as users of systemd do: whoever has the same id, and sees it, may
/// leave directories in there, freeze it, or kill all that is in it. `asked` are safe already.
pub fn exposed(asked: &[Hierarchy]) -> Exposed {
    let mut exposed = Exposed::default();
    for Mounted { name, own: parent, .. } in all() {
        if asked.iter().any(|known| known.name == name) || may_write(&parent, "").is_err() {
            continue;
        }
        if may_write(&parent.join("cgroup.procs"), "").is_ok() {
            exposed.sheltered.push(Hierarchy { name, asked: Vec::new(), parent, shown: Shown::Nowhere });
        } else {
            exposed.bare = true;
        }
    }
    exposed
}

/// The hierarchies for what is asked, with a place for a directory in each.
///
/// # Errors
///
/// What is missing, and the command that mends it where there is one.
pub fn find(asked: &Asked) -> Result<Vec<Hierarchy>, String> {
    let mounted = mounted();
    let mut found: Vec<Hierarchy> = Vec::new();
    for controller in &asked.first {
        let hierarchy = first(&mounted, controller)?;
        match found.iter_mut().find(|known| known.name == hierarchy.name) {
            Some(known) => known.asked.push(controller.clone()),
            None => found.push(hierarchy),
        }
    }
    if let Some(controllers) = &asked.second {
        let shown = if found.is_empty() { Shown::Alone } else { Shown::Beside };
        found.push(Hierarchy { shown, ..second(&mounted, controllers)? });
    }
    Ok(found)
}

/// A controller of version 1.
fn first(mounted: &[Mounted], controller: &str) -> Result<Hierarchy, String> {
    let names = |name: &Option<String>| name.as_ref().is_some_and(|name| name.split(',').any(|name| name == controller));
    let Some(hierarchy) = mounted.iter().find(|hierarchy| names(&hierarchy.name)) else {
        let known: Vec<&str> = mounted.iter().filter_map(|hierarchy| hierarchy.name.as_deref()).collect();
        let elsewhere =
            if offered(mounted).iter().any(|name| name == controller) { "; version 2 has it: `needs cgroup`" } else { "" };
        return Err(match known.as_slice() {
            [] => format!("no cgroup v1 hierarchy is mounted here{elsewhere}"),
            known => format!("cgroup v1 has {} here, and not {controller}{elsewhere}", known.join(", ")),
        });
    };
    let parent = hierarchy.own.clone();
    may_write(&parent, "run it as root")?;
    Ok(Hierarchy { name: hierarchy.name.clone(), asked: vec![controller.to_owned()], parent, shown: Shown::Alone })
}

/// Controllers of version 2: the nearest directory from our own upwards that hands them all on.
fn second(mounted: &[Mounted], controllers: &[String]) -> Result<Hierarchy, String> {
    let Some(hierarchy) = mounted.iter().find(|hierarchy| hierarchy.name.is_none()) else {
        return Err("cgroup v2 is not mounted here; mount it with `mount -t cgroup2 none /sys/fs/cgroup/unified`".into());
    };
    let there = offered(mounted);
    if let Some(missing) = controllers.iter().find(|&name| !there.contains(name)) {
        let elsewhere =
            first(mounted, missing).map_or(String::new(), |_| format!("; version 1 has it: `needs cgroup1 {missing}`"));
        return Err(match there.as_slice() {
            [] => format!("cgroup v2 has no controller here{elsewhere}"),
            there => format!("cgroup v2 has {} here, and not {missing}{elsewhere}", there.join(", ")),
        });
    }
    let mut refused = None;
    for parent in hierarchy.own.ancestors().take_while(|parent| parent.starts_with(&hierarchy.top)) {
        let handed_on = words(&parent.join("cgroup.subtree_control"));
        if controllers.iter().all(|name| handed_on.contains(name)) {
            match may_write(parent, DELEGATED).and_then(|()| may_write(&parent.join("cgroup.procs"), DELEGATED)) {
                Ok(()) => {
                    let (asked, parent) = (controllers.to_vec(), parent.to_owned());
                    return Ok(Hierarchy { name: None, asked, parent, shown: Shown::Alone });
                }
                Err(why) => refused = refused.or(Some(why)),
            }
        }
    }
    Err(refused.unwrap_or_else(|| {
        let plus: Vec<String> = controllers.iter().map(|name| format!("+{name}")).collect();
        format!(
            "no cgroup from {} upwards hands {} on; let the top do so with `echo {} > {}`",
            hierarchy.own.display(),
            controllers.join(" and "),
            plus.join(" "),
            hierarchy.top.join("cgroup.subtree_control").display()
        )
    }))
}

/// The controllers that version 2 has.
pub fn offered(mounted: &[Mounted]) -> Vec<String> {
    let second = mounted.iter().find(|hierarchy| hierarchy.name.is_none());
    second.map_or_else(Vec::new, |hierarchy| words(&hierarchy.top.join("cgroup.controllers")))
}

fn words(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// How an ordinary user gets a directory of version 2; there is no such way with version 1.
const DELEGATED: &str = "run it as root, or under `systemd-run --user --scope -p Delegate=yes`";

/// Whether this process may write there; if not, why, and what to do when it is a matter of who it is.
fn may_write(path: &Path, mend: &str) -> Result<(), String> {
    let text = CString::new(path.as_os_str().as_bytes()).unwrap_or_default();
    // SAFETY: faccessat(2) reads a string that outlives the call.
    if unsafe { libc::faccessat(libc::AT_FDCWD, text.as_ptr(), libc::W_OK, libc::AT_EACCESS) } == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(match std::io::Error::last_os_error().raw_os_error() {
        Some(libc::EROFS) => format!("{path} is mounted read-only; run the container with a writable cgroup tree, or outside"),
        Some(libc::EACCES) => format!("{path} is not yours to write; {mend}"),
        _ => format!("{path} cannot be written"),
    })
}

/// Takes /proc/self/mountinfo and /proc/self/cgroup together; see proc(5) and cgroups(7).
fn parse(mounts: &str, own: &str) -> Vec<Mounted> {
    let mut found: Vec<Mounted> = Vec::new();
    for line in mounts.lines() {
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let mut fields = before.split(' ').skip(3);
        let (Some(root), Some(top)) = (fields.next(), fields.next()) else { continue };
        let mut fields = after.split(' ');
        let (version, options) = (fields.next(), fields.nth(1).unwrap_or_default());
        let of = own.lines().filter_map(|line| {
            let mut fields = line.splitn(3, ':');
            Some((fields.nth(1)?, fields.next()?))
        });
        let mine = match version {
            // The options name the controllers, in the order of the kernel.
            Some("cgroup") => of.into_iter().find(|(names, _)| {
                !names.is_empty() && names.split(',').all(|name| options.split(',').any(|option| option == name))
            }),
            Some("cgroup2") => of.into_iter().find(|(names, _)| names.is_empty()),
            _ => None,
        };
        let Some((names, path)) = mine else { continue };
        let name = (!names.is_empty()).then(|| names.to_owned());
        let below = Path::new(path).strip_prefix(root).unwrap_or(Path::new(""));
        let top = PathBuf::from(top);
        let own = if below.as_os_str().is_empty() { top.clone() } else { top.join(below) };
        if !found.iter().any(|known| known.name == name) {
            found.push(Mounted { name, top, own });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Mounted, parse};
    use std::path::PathBuf;

    #[test]
    fn hierarchies_are_found_by_their_controllers() {
        let mounts = "30 25 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro\n\
             31 30 0:27 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw,nsdelegate\n\
             32 30 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n\
             33 30 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";
        let own = "4:cpu,cpuacct:/docker/abc/x\n1:name=systemd:/\n0::/user.slice\n";
        let mounted = |name: Option<&str>, top: &str, own: &str| Mounted {
            name: name.map(str::to_owned),
            top: PathBuf::from(top),
            own: PathBuf::from(own),
        };
        assert_eq!(
            parse(mounts, own),
            [
                mounted(None, "/sys/fs/cgroup/unified", "/sys/fs/cgroup/unified/user.slice"),
                mounted(Some("name=systemd"), "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/systemd"),
                mounted(Some("cpu,cpuacct"), "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/x"),
            ]
        );
    }
}
