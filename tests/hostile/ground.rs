//! A folder with the hostile scripts and with baits: what they could reach if the world let them.

use super::delegated::Delegated;
use libtest_mimic::Failed;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

/// Who runs the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Whoever runs the tests.
    Own,
    /// `nobody`, which only root can become.
    Ordinary,
    /// `nobody`, started in a cgroup that belongs to it.
    Delegated,
}

const NOBODY: u32 = 65534;

impl User {
    /// Everybody whom these tests can be.
    pub fn all() -> Vec<Self> {
        let maps = ["/proc/self/uid_map", "/proc/self/gid_map"];
        let all_ids = maps.iter().all(|map| fs::read_to_string(map).is_ok_and(|text| text.contains("4294967295")));
        if nix::unistd::geteuid().is_root() && all_ids {
            vec![Self::Own, Self::Ordinary, Self::Delegated]
        } else {
            vec![Self::Own]
        }
    }

    /// What a test's name says of its user.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::Ordinary => " (ordinary user)",
            Self::Delegated => " (ordinary user with a cgroup)",
        }
    }
}

/// The folder, and somebody of the host at the other end of each bait.
pub struct Ground {
    /// Who runs the program here.
    pub user: User,
    folder: tempfile::TempDir,
    _listener: UnixListener,
    _abstract: Option<UnixListener>,
    _reader: fs::File,
    delegated: Option<Delegated>,
}

/// What came of a run.
pub struct Ended {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// The runs that are under way: children of this process that are no orphans.
static RUNS: LazyLock<Mutex<HashSet<u32>>> = LazyLock::new(|| {
    // Whoever loses its parent comes to this process, and is found here.
    // SAFETY: this prctl(2) takes integers only.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
    Mutex::default()
});

impl Ground {
    /// Copies the program and the scripts, and lays the baits.
    pub fn new(user: User) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let own = |path: &Path| {
            if user != User::Own {
                std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("root gives files away");
            }
        };
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("everybody may read it");
        fs::copy(env!("CARGO_BIN_EXE_ipcscript"), folder.path().join("ipcscript")).expect("a copy of the program");
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
        for entry in fs::read_dir(scripts).expect("the scripts").map(|entry| entry.expect("an entry")) {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
        }
        let socket = folder.path().join("socket");
        let listener = UnixListener::bind(&socket).expect("a socket");
        fs::set_permissions(&socket, Permissions::from_mode(0o777)).expect("everybody may connect");
        let fifo = folder.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::from_bits_truncate(0o666)).expect("a FIFO");
        fs::set_permissions(&fifo, Permissions::from_mode(0o666)).expect("everybody may write");
        let reader = fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&fifo).expect("a reader");
        std::os::unix::fs::symlink("/var/lib/dpkg/status", folder.path().join("link")).expect("a link");
        // Of two grounds only one has the name; that is enough for both.
        let name = SocketAddr::from_abstract_name("ipcscript-hostile").expect("a short name");
        let by_name = UnixListener::bind_addr(&name).ok();
        own(folder.path());
        let delegated = if user == User::Delegated { Delegated::make(NOBODY) } else { None };
        RUNS.lock().expect("nobody panics with it").extend(delegated.as_ref().map(Delegated::sibling));
        Self { user, folder, _listener: listener, _abstract: by_name, _reader: reader, delegated }
    }

    /// The command `ipcscript WORDS` as this ground's user.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.folder.path().join("ipcscript"));
        command.args(words).current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
        if let Some(delegated) = &self.delegated {
            delegated.enter(&mut command).expect("root opens every file");
        }
        if self.user != User::Own {
            // The standard library gives up the supplementary groups with it.
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// Runs the program to its end.
    ///
    /// # Errors
    ///
    /// When it does not end in time.
    pub fn play(&self, words: &[&str], patience: Duration) -> Result<Ended, Failed> {
        self.play_with(words, patience, &mut |_| ())
    }

    /// Runs the program to its end, and has `meanwhile` do something from time to time; it is given the pid of the program.
    ///
    /// # Errors
    ///
    /// When it does not end in time.
    pub fn play_with(&self, words: &[&str], patience: Duration, meanwhile: &mut dyn FnMut(u32)) -> Result<Ended, Failed> {
        let mut child = {
            let mut runs = RUNS.lock().expect("nobody panics with it");
            let child = self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
            runs.insert(child.id());
            child
        };
        let (stdout, stderr) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        let [stdout, stderr] = [OwnedFd::from(stdout), OwnedFd::from(stderr)].map(|pipe| {
            std::thread::spawn(move || {
                let mut text = Vec::new();
                fs::File::from(pipe).read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
            })
        });
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if began.elapsed() > patience {
                child.kill()?;
                child.wait()?;
                RUNS.lock().expect("nobody panics with it").remove(&child.id());
                return Err(format!("it did not end within {} s", patience.as_secs()).into());
            }
            meanwhile(child.id());
            std::thread::sleep(Duration::from_millis(5));
        };
        RUNS.lock().expect("nobody panics with it").remove(&child.id());
        let text = |thread: std::thread::JoinHandle<std::io::Result<String>>| thread.join().expect("it only reads");
        Ok(Ended { code: status.code(), stdout: text(stdout)?, stderr: text(stderr)? })
    }

    /// Waits until nothing is left of any run but those that are under way.
    ///
    /// # Errors
    ///
    /// When something stays.
    pub fn await_no_orphan(&self, patience: Duration) -> Result<(), Failed> {
        let began = Instant::now();
        loop {
            let runs = RUNS.lock().expect("nobody panics with it");
            let orphans: Vec<(u32, String)> = children().into_iter().filter(|(pid, _)| !runs.contains(pid)).collect();
            drop(runs);
            let alive: Vec<&(u32, String)> = orphans.iter().filter(|(_, stat)| !stat.contains(") Z ")).collect();
            for (pid, _) in orphans.iter().filter(|(_, stat)| stat.contains(") Z ")) {
                let mut status = 0;
                // SAFETY: waitpid(2) fills a local variable; this child is no run, so nobody else waits for it.
                unsafe { libc::waitpid(i32::try_from(*pid).unwrap_or(0), &raw mut status, libc::WNOHANG) };
            }
            if alive.is_empty() {
                return Ok(());
            }
            if began.elapsed() > patience {
                return Err(format!("still there: {alive:?}").into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether there is what this user stands for.
    pub fn is_there(&self) -> bool {
        self.user != User::Delegated || self.delegated.is_some()
    }

    /// What was done to others of this user, if anything.
    pub fn harm(&self) -> Option<String> {
        self.delegated.as_ref().and_then(Delegated::harm)
    }

    /// The files of the folder, with what could have been done to them.
    pub fn files(&self) -> BTreeMap<PathBuf, (u32, u64, i64)> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder").map(|entry| entry.expect("an entry").path());
        let known = |path: PathBuf| {
            let data = fs::symlink_metadata(&path).expect("it is there");
            (path, (data.mode(), data.size(), data.mtime()))
        };
        entries.map(known).collect()
    }
}

/// The children of this process, with their lines of proc_pid_stat(5).
fn children() -> Vec<(u32, String)> {
    let own = format!(" {} ", std::process::id());
    let entries = fs::read_dir("/proc").expect("/proc is mounted").filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let stat = |pid: u32| Some((pid, String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/stat")).ok()?).into_owned()));
    // Behind the name, in parentheses, stand the state, one letter, and the parent.
    pids.filter_map(stat)
        .filter(|(_, text)| {
            text.rsplit_once(')').is_some_and(|(_, rest)| rest.get(2..).is_some_and(|rest| rest.starts_with(&own)))
        })
        .collect()
}
