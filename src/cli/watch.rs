//! `ipcscript run --watch`: the same run again whenever a script is saved.
//!
//! What tells of changes has a thread, and who runs scenarios may have none: so each run is a process of its own.

use super::load::load;
use super::output::{counted, say, show_failure};
use super::path::{STDIN, scripts};
use super::{Exit, terminal};
use crate::journal::{Event, Mismatch};
use crate::report::mismatch;
use nix::sys::memfd::{MFdFlags, memfd_create};
use notify::{RecursiveMode, Watcher, recommended_watcher};
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::str::FromStr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How often the times of files are looked at where nothing tells of changes.
const LOOKS: Duration = Duration::from_millis(500);
/// An editor may write a file in several steps; so long must all be quiet.
const QUIET: Duration = Duration::from_millis(30);
/// Homes the cursor and clears the screen; what was on it can still be scrolled back to.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The kernel tells, as inotify(7); where it has no more room for that, as [`How::Poll`].
    Tell,
    /// By the files' times of modification.
    Poll,
}

impl FromStr for How {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "tell" => Ok(Self::Tell),
            "poll" => Ok(Self::Poll),
            _ => Err(format!("`{text}` is no way to watch; write `--watch`, or `--watch=poll`")),
        }
    }
}

/// Runs the scripts below `paths`, and again after each change, until a signal ends it.
pub(super) fn watch(paths: &[PathBuf], is_reported: bool, how: How) -> Exit {
    if paths.iter().any(|path| path == Path::new(STDIN)) {
        show_failure("not-watched", "standard input cannot be watched", Some("give the path of a script or of a folder"));
        return Exit::Mistaken;
    }
    let mut scout = Scout::new(how);
    let mut last = None;
    loop {
        // Noted before the run, so that a change in the midst of it is not lost.
        let files = match files(paths) {
            Ok(files) => files,
            Err(exit) => return exit,
        };
        scout.cover(paths, &files);
        let seen = stamps(paths, &files);
        if terminal::can_erase(&io::stdout()) {
            // Nobody to tell when even that fails; the run will.
            let _ = super::output::print(CLEAR);
        }
        match run(is_reported) {
            Ok(Ended { diverged: Some(mismatch), .. }) => last = Some(mismatch),
            // A script with a mistake has not shown that the divergence is mended.
            Ok(Ended { mistaken: true, .. }) => remind(last.as_ref()),
            Ok(_) => last = None,
            Err(error) => {
                show_failure("not-watched", &format!("the run could not be started: {error}"), None);
                return Exit::Failed;
            }
        }
        let ends = if io::stdin().is_terminal() { "; Ctrl-C ends this" } else { "" };
        say(&format!("watching {}{ends}\n", counted(files.len(), "file")));
        while stamps(paths, &files) == seen {
            scout.wait();
        }
    }
}

/// Shows what diverged last, while the scripts have a mistake.
fn remind(last: Option<&Mismatch>) {
    if let Some(last) = last {
        say(&format!("\nbefore that, this diverged:\n\n{}", mismatch(last, terminal::style(&io::stderr()))));
    }
}

/// What came of a run.
struct Ended {
    /// The last divergence.
    diverged: Option<Mismatch>,
    /// Whether nothing was run for a mistake in a script.
    mistaken: bool,
}

/// Runs what this process was started to watch, once. `is_reported` says that the command line asks for reports.
fn run(is_reported: bool) -> io::Result<Ended> {
    let mut journal = File::from(memfd_create(c"journal", MFdFlags::MFD_CLOEXEC)?);
    let path = format!("json=/proc/{}/fd/{}", process::id(), journal.as_raw_fd());
    let mut command = Command::new("/proc/self/exe");
    command.args(words(env::args_os().skip(1)));
    if !is_reported {
        command.args(["--report", "human"]);
    }
    let status = command.args(["--report", &path]).stdin(Stdio::null()).status()?;
    let mut text = String::new();
    journal.seek(SeekFrom::Start(0))?;
    journal.read_to_string(&mut text)?;
    let divergence = |line: &str| match serde_json::from_str(line) {
        Ok(Event::Divergence(mismatch)) => Some(mismatch),
        _ => None,
    };
    let mistaken = status.code() == Some(Exit::Mistaken as i32);
    Ok(Ended { diverged: text.lines().rev().find_map(divergence), mistaken })
}

/// The words of this command line for a run that watches nothing.
fn words(all: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let is_own = |word: &OsString| word == "--watch" || word.to_string_lossy().starts_with("--watch=");
    all.filter(|word| !is_own(word)).collect()
}

/// Every file that a run would read.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Exit> {
    let mut files: Vec<PathBuf> = load(paths, false)?.sources.iter().map(|source| PathBuf::from(&source.name)).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// What changes in a file when somebody saves it: its number, its length, and when it was written.
type Stamp = (u64, u64, i64, i64);

/// The stamps of `files`, and of the scripts that stand below `paths` by now.
fn stamps(paths: &[PathBuf], files: &[PathBuf]) -> BTreeMap<PathBuf, Option<Stamp>> {
    let here = [PathBuf::from(".")];
    let roots = if paths.is_empty() { &here[..] } else { paths };
    let found = roots.iter().filter_map(|path| scripts(path).ok()).flatten().map(|found| found.path);
    let stamp = |path: &Path| {
        let meta = fs::metadata(path).ok()?;
        Some((meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec()))
    };
    files.iter().cloned().chain(found).map(|path| (path.clone(), stamp(&path))).collect()
}

/// What notices that something below some folders changed; what exactly, the caller finds out.
struct Scout {
    watcher: Option<(notify::RecommendedWatcher, Receiver<()>)>,
    covered: Vec<(PathBuf, RecursiveMode)>,
}

impl Scout {
    fn new(how: How) -> Self {
        let (sender, receiver) = channel();
        // Our own reading of the files is no change.
        let tell = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                // The receiver goes with the whole program.
                let _ = sender.send(());
            }
        };
        let watcher = (how == How::Tell).then(|| recommended_watcher(tell).ok()).flatten();
        Self { watcher: watcher.map(|watcher| (watcher, receiver)), covered: Vec::new() }
    }

    /// Watches the folders of `paths` with all below them, and those of `files`.
    fn cover(&mut self, paths: &[PathBuf], files: &[PathBuf]) {
        let here = [PathBuf::from(".")];
        let whole = if paths.is_empty() { &here[..] } else { paths };
        let whole = whole.iter().filter(|path| path.is_dir()).map(|path| (path.clone(), RecursiveMode::Recursive));
        // Many editors write another file and give it the name: the folder is told of that, the old file is not.
        let parents = files.iter().chain(paths).map(|file| (parent(file), RecursiveMode::NonRecursive));
        for (folder, mode) in whole.chain(parents).collect::<Vec<_>>() {
            let covers = |(known, of): &(PathBuf, RecursiveMode)| match of {
                RecursiveMode::Recursive => folder.starts_with(known),
                RecursiveMode::NonRecursive => *of == mode && folder == *known,
            };
            if self.covered.iter().any(covers) {
                continue;
            }
            if let Some((watcher, _)) = &mut self.watcher
                && watcher.watch(&folder, mode).is_err()
            {
                // All watches of this user are taken, or this file system has none.
                self.watcher = None;
            }
            self.covered.push((folder, mode));
        }
    }

    /// Returns when something may have changed.
    fn wait(&self) {
        let Some((_, told)) = &self.watcher else {
            std::thread::sleep(LOOKS);
            return;
        };
        if told.recv().is_ok() {
            while told.recv_timeout(QUIET) != Err(RecvTimeoutError::Timeout) {}
        }
    }
}

fn parent(file: &Path) -> PathBuf {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::words;
    use std::ffi::OsString;

    #[test]
    fn the_run_watches_nothing() {
        let given = ["run", "--watch=poll", "a.ipcs", "--watch", "--filter", "x"].map(OsString::from);
        assert_eq!(words(given.into_iter()), ["run", "a.ipcs", "--filter", "x"]);
    }
}
