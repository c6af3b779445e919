//! What of the host a run could leave something in, at one moment.

use std::collections::BTreeMap;
use std::path::Path;

/// Lines by place. Two moments are alike when nothing was left behind in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(BTreeMap<String, Vec<String>>);

impl Host {
    /// Looks at the tables of System V objects, at the folders of POSIX objects, at mounts and cgroups, and at `folders`.
    pub fn look(folders: &[&Path]) -> Self {
        let mut places = BTreeMap::new();
        for table in ["msg", "sem", "shm"] {
            let path = format!("/proc/sysvipc/{table}");
            // The times and pids of last use in a line are no objects; key and id are.
            let lines = std::fs::read_to_string(&path).unwrap_or_default();
            let objects = lines.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
            places.insert(path.clone(), objects.collect());
        }
        for folder in ["/dev/shm", "/dev/mqueue"].map(Path::new).iter().chain(folders) {
            places.insert(folder.display().to_string(), names(folder));
        }
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").expect("the mounts");
        places.insert("mounts".into(), mounts.lines().map(str::to_owned).collect());
        let mut cgroups = Vec::new();
        folders_below(Path::new("/sys/fs/cgroup"), &mut cgroups);
        cgroups.retain(|path| is_of_a_dead_run(path));
        cgroups.sort();
        places.insert("cgroups".into(), cgroups);
        Self(places)
    }

    /// What differs, in words; empty when nothing does.
    pub fn differences(&self, later: &Self) -> String {
        let mut text = String::new();
        for (place, before) in &self.0 {
            let after = later.0.get(place).expect("the same places");
            let new = after.iter().filter(|line| !before.contains(line)).map(|line| format!("{place}: new: {line}\n"));
            // What an earlier run of somebody has left behind, the next one removes.
            let swept = place == "cgroups";
            let lost =
                before.iter().filter(|line| !swept && !after.contains(line)).map(|line| format!("{place}: lost: {line}\n"));
            text.extend(new.chain(lost));
        }
        text
    }
}

/// Whether a cgroup is one of a run whose worker, the second number in its name, is no more. Others are not ours, or still in use.
fn is_of_a_dead_run(path: &str) -> bool {
    let name = path.split('/').find_map(|name| name.strip_prefix("ipcscript-"));
    let worker = name.and_then(|name| name.split('-').nth(1));
    worker.is_some_and(|pid| !Path::new("/proc").join(pid).exists())
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    names.sort();
    names
}

fn folders_below(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        found.push(entry.path().display().to_string());
        folders_below(&entry.path(), found);
    }
}
