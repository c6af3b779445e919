//! What a world leaves on the host unless somebody puts it right: files that it was allowed to change, what it made in folders, cgroups.

mod state;

use super::world::cgroup::{Hierarchy, PREFIX};
use state::{Content, State};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Something of the host, and how it was.
#[derive(Debug, Clone)]
pub enum Trace {
    /// A file.
    File(PathBuf, State),
    /// A folder, with all that was below it, and itself.
    Folder(PathBuf, BTreeMap<PathBuf, State>),
    /// A cgroup that was made for a world.
    Cgroup(PathBuf),
}

/// Bytes of files in a folder that are remembered. Whoever names a larger folder does not mean that all of it may be changed.
const MOST: usize = 64 << 20;

/// Looks how a path of the host is, before a scenario may change it.
///
/// # Errors
///
/// As stat(2), read(2) and getdents(2); EFBIG, in words, for a folder that holds too much to be put right.
pub fn remember(path: &str) -> io::Result<Trace> {
    let path = PathBuf::from(path);
    if fs::symlink_metadata(&path)?.is_dir() {
        let content = if is_kernels(&path) { Content::Left } else { Content::Kept };
        let mut known = BTreeMap::new();
        let mut size = 0;
        for path in std::iter::once(path.clone()).chain(below(&path)?) {
            let state = match State::of(&path, content) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && content == Content::Left => continue,
                state => state?,
            };
            size += state.size();
            if size > MOST {
                return Err(io::Error::other(
                    "it holds more than 64 MiB, which nobody could put right; name what is to be changed",
                ));
            }
            known.insert(path, state);
        }
        return Ok(Trace::Folder(path, known));
    }
    let state = State::of(&path, Content::Kept)?;
    Ok(Trace::File(path, state))
}

/// Puts everything right; what fails does not keep the rest from being tried.
///
/// # Errors
///
/// What could not be put right, and why.
pub fn put_right(traces: &[Trace]) -> Result<(), String> {
    let wrong: Vec<String> = traces
        .iter()
        .filter_map(|trace| {
            let (path, done) = match trace {
                Trace::File(path, state) => (path, state.restore(path)),
                Trace::Folder(path, before) => (path, remove_new(path, before).and_then(|()| restore(before))),
                Trace::Cgroup(path) => (path, remove_cgroup(path)),
            };
            done.err().map(|error| format!("{} could not be put right: {error}", path.display()))
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// Lets go on what a script has frozen with version 1: not even SIGKILL reaches it, and nobody could wait for its end.
pub fn thaw(traces: &[Trace]) {
    let cgroups = traces.iter().filter_map(|trace| match trace {
        Trace::Cgroup(path) => Some(path),
        _ => None,
    });
    for top in cgroups {
        for path in below(top).unwrap_or_default() {
            let state = path.join("freezer.state");
            if state.exists() {
                // What cannot be thawed is found when it is to be removed.
                let _ = fs::write(state, "THAWED");
            }
        }
    }
}

/// A name for the cgroups of the calling process: who made them can be found out even after its end.
pub fn cgroup_name(number: usize) -> String {
    let pid = std::process::id();
    format!("{PREFIX}{}-{pid}-{}-{number}", pid_namespace(), started(pid).unwrap_or_default())
}

/// Removes the cgroups of runs that were killed with all that belonged to them.
pub fn sweep(hierarchies: &[Hierarchy]) {
    for hierarchy in hierarchies {
        let Ok(entries) = fs::read_dir(&hierarchy.parent) else { continue };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(is_left_over) {
                // One that cannot be removed now may be by the next run.
                let _ = remove_cgroup(&entry.path());
            }
        }
    }
}

/// Whether a directory is one of ours whose maker is no more. Makers in another pid namespace are not known here.
fn is_left_over(name: &str) -> bool {
    let Some(name) = name.strip_prefix(PREFIX) else { return false };
    let mut numbers = name.split('-').map(|number| number.parse::<u64>().ok());
    let mut next = || numbers.next().flatten();
    let (Some(namespace), Some(pid), Some(start)) = (next(), next(), next()) else { return false };
    namespace == pid_namespace() && u32::try_from(pid).ok().and_then(started) != Some(start)
}

fn pid_namespace() -> u64 {
    fs::metadata("/proc/self/ns/pid").map_or(0, |found| found.ino())
}

/// When a process started that has not ended, as the kernel counts: field 22 of /proc/PID/stat. A zombie may stay for long where
/// pid 1 of a container does not reap.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?;
    (!matches!(state, "Z" | "X")).then(|| fields.nth(18)?.parse().ok())?
}

/// Whether the files below a folder are views of the kernel, which has its own mind about them: cgroups, sysfs, proc.
fn is_kernels(folder: &Path) -> bool {
    const MAGIC: [i64; 4] = [0x0027_e0eb, 0x6367_7270, 0x6265_6572, 0x9fa0];
    nix::sys::statfs::statfs(folder).is_ok_and(|found| MAGIC.contains(&found.filesystem_type().0))
}

/// Makes everything as it was, a folder before what is below it.
fn restore(before: &BTreeMap<PathBuf, State>) -> io::Result<()> {
    before.iter().try_for_each(|(path, state)| state.restore(path))
}

fn remove_new(path: &Path, before: &BTreeMap<PathBuf, State>) -> io::Result<()> {
    let mut new: Vec<PathBuf> = below(path)?.into_iter().filter(|path| !before.contains_key(path)).collect();
    // What lies deeper goes first.
    new.sort_by_key(|path| std::cmp::Reverse(path.components().count()));
    for path in new {
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        if path.join("cgroup.procs").exists() {
            remove_one_cgroup(&path)?;
        } else if found.is_dir() {
            fs::remove_dir(&path)?;
        } else if !path.parent().is_some_and(|folder| folder.join("cgroup.procs").exists()) {
            // The files of a cgroup go with it.
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn remove_cgroup(top: &Path) -> io::Result<()> {
    let mut all: Vec<PathBuf> = folders(top)?;
    all.sort_by_key(|path| std::cmp::Reverse(path.components().count()));
    all.iter().try_for_each(|path| remove_one_cgroup(path))
}

/// Removes a directory of cgroups without directories below; whoever is still in it is killed, and waited for.
fn remove_one_cgroup(path: &Path) -> io::Result<()> {
    loop {
        match fs::remove_dir(path) {
            Ok(()) => return Ok(()),
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => return Ok(()),
            Err(error) if error.raw_os_error() == Some(libc::EBUSY) => {
                let inside = fs::read_to_string(path.join("cgroup.procs")).unwrap_or_default();
                let inside: Vec<i32> = inside.lines().filter_map(|line| line.parse().ok()).filter(|&pid| pid > 0).collect();
                if inside.is_empty() {
                    // Nobody is left, and yet it is not free: something else holds it.
                    return fs::remove_dir(path);
                }
                inside.into_iter().for_each(end);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Kills a process and waits until it has ended.
fn end(pid: i32) {
    // SAFETY: pidfd_open(2) takes integers only.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let Ok(pidfd) = i32::try_from(pidfd) else { return };
    if pidfd < 0 {
        return;
    }
    // SAFETY: pidfd_send_signal(2) takes integers, and no siginfo here.
    unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd, libc::SIGKILL, 0, 0) };
    let mut poll = libc::pollfd { fd: pidfd, events: libc::POLLIN, revents: 0 };
    // SAFETY: poll(2) reads and fills one pollfd.
    unsafe { libc::poll(&raw mut poll, 1, -1) };
    // SAFETY: close(2) on a descriptor that was opened above.
    unsafe { libc::close(pidfd) };
}

/// The folders of a tree, its top among them. Links are not followed.
fn folders(top: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = vec![top.to_owned()];
    found.extend(below(top)?.into_iter().filter(|path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())));
    Ok(found)
}

/// Everything below a folder, on the same file system. What disappears meanwhile is left out.
fn below(top: &Path) -> io::Result<Vec<PathBuf>> {
    let device = fs::symlink_metadata(top).map(|found| found.dev());
    let device = match device {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        device => device?,
    };
    let mut found = Vec::new();
    let mut left = vec![top.to_owned()];
    while let Some(folder) = left.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(meta) = fs::symlink_metadata(&path) else { continue };
            if meta.is_dir() && meta.dev() == device {
                left.push(path.clone());
            }
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{cgroup_name, is_left_over, put_right, remember};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_name_tells_whether_its_maker_still_runs() {
        let ours = cgroup_name(3);
        assert!(!is_left_over(&ours), "{ours}");
        let parts: Vec<&str> = ours.split('-').collect();
        let [prefix, namespace, pid, _, number] = parts[..] else { panic!("{ours}") };
        assert!(is_left_over(&format!("{prefix}-{namespace}-{pid}-1-{number}")), "another process had the pid");
        assert!(!is_left_over(&format!("{prefix}-1-{pid}-1-{number}")), "another pid namespace");
        assert!(!is_left_over("ipcscript-notes"));
    }

    #[test]
    fn files_and_folders_are_as_before() {
        let top = std::env::temp_dir().join(format!("traces-{}", std::process::id()));
        let (file, folder) = (top.join("file"), top.join("folder"));
        fs::create_dir_all(folder.join("old")).expect("folders");
        fs::write(&file, "before").expect("a file");
        fs::write(folder.join("text"), "kept").expect("a file in the folder");
        fs::write(folder.join("victim"), "kept too").expect("another one");
        let remembered = |path: &std::path::Path| remember(path.to_str().expect("a path")).expect("it is there");
        let traces = [remembered(&file), remembered(&folder)];
        fs::write(&file, "after").expect("a change");
        fs::create_dir_all(folder.join("old/new/deep")).expect("more folders");
        fs::write(folder.join("old/new/text"), "x").expect("another file");
        let rights = |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o7777;
        let mode = (rights(&file), rights(&folder));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o4777)).expect("a set-user-ID bit");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("open to all");
        fs::remove_file(folder.join("text")).expect("a file less");
        fs::remove_file(folder.join("victim")).expect("one in the place of which a link is put");
        std::os::unix::fs::symlink(top.join("elsewhere"), folder.join("victim")).expect("a link");
        assert_eq!(put_right(&traces), Ok(()));
        assert_eq!(fs::read_to_string(&file).expect("the file"), "before");
        assert_eq!((rights(&file), rights(&folder)), mode);
        assert_eq!(fs::read_to_string(folder.join("text")).expect("it is back"), "kept");
        assert_eq!(fs::read_to_string(folder.join("victim")).expect("a file again"), "kept too");
        assert!(!top.join("elsewhere").exists(), "a link was followed");
        assert_eq!(fs::read_dir(folder.join("old")).expect("the old folder").count(), 0);
        fs::remove_dir_all(&top).expect("all gone");
    }
}
