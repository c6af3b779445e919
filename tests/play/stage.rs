//! The real program on real scripts: as whoever runs the tests and, where that is root, as an ordinary user too.

use ipcscript::journal::{Event, Mismatch, Status, Verdict};
use ipcscript::report::{Style, mismatch};
use libtest_mimic::{Completion, Failed};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Who runs the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Whoever runs the tests.
    Own,
    /// `nobody`, which only root can become.
    Ordinary,
}

impl User {
    /// Everybody whom these tests can be.
    pub fn all() -> Vec<Self> {
        let can_drop =
            nix::unistd::geteuid().is_root() && ["/proc/self/uid_map", "/proc/self/gid_map"].into_iter().all(has_nobody);
        if can_drop { vec![Self::Own, Self::Ordinary] } else { vec![Self::Own] }
    }

    /// What a test's name says of its user.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::Ordinary => " (ordinary user)",
        }
    }
}

/// A folder with scripts that its user can read, wherever the checkout is and whoever owns it.
pub struct Stage {
    user: User,
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Stage {
    /// The stage of `user`, with these files: their paths, and what is in them.
    pub fn with(user: User, files: &[(String, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("everybody may read it");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("folders");
            fs::write(path, text).expect("a file");
        }
        let mut program = PathBuf::from(env!("CARGO_BIN_EXE_ipcscript"));
        if user == User::Ordinary {
            let copy = folder.path().join("ipcscript");
            fs::copy(&program, &copy).expect("a copy of the program");
            program = copy;
        }
        Self { user, folder, program }
    }

    /// What the program does with `args`, in the folder of the scripts.
    pub fn run(&self, args: &[&str]) -> Ended {
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
        if self.user == User::Ordinary {
            // The standard library drops the supplementary groups of root as well.
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().expect("the program starts");
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// Plays the scripts under `path`.
    pub fn play(&self, path: &str) -> Played {
        let Ended { code, stdout, stderr } = self.run(&["run", "--report", "json", path]);
        let events: Result<Vec<Event>, _> = stdout.lines().map(serde_json::from_str).collect();
        Played { code, stderr, events: events.unwrap_or_else(|error| panic!("{path}: a line is no event: {error}")) }
    }
}

const NOBODY: u32 = 65534;

/// Whether [`NOBODY`] is in an id map; root of a user namespace often has no id but its own. See user_namespaces(7).
fn has_nobody(map: &str) -> bool {
    let text = fs::read_to_string(map).expect("/proc is mounted");
    text.lines().any(|line| {
        let numbers: Vec<u32> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        matches!(numbers[..], [first, _, count] if (first..first.saturating_add(count)).contains(&NOBODY))
    })
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

/// A run with its journal.
pub struct Played {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// What it complained of: mistakes, warnings, a machine that allows no worlds.
    pub stderr: String,
    events: Vec<Event>,
}

impl Played {
    /// The verdict on the scenario `id`, if the run came to one.
    pub fn verdict(&self, id: &str) -> Option<&Verdict> {
        self.events.iter().find_map(|event| match event {
            Event::Verdict(verdict) if verdict.id == id => Some(verdict),
            _ => None,
        })
    }

    /// The end of a test: `id` passed, or was skipped for a reason that it gives and that `may_skip` takes.
    ///
    /// # Errors
    ///
    /// Everything else, with what the program itself has to say.
    pub fn judge(&self, id: &str, may_skip: impl Fn() -> bool) -> Result<Completion, Failed> {
        let Some(verdict) = self.verdict(id) else {
            return Err(format!("no verdict on `{id}`, exit code {:?}\n{}", self.code, self.stderr).into());
        };
        let reason = verdict.reason.as_deref().unwrap_or_default();
        match verdict.status {
            Status::Passed => Ok(Completion::Completed),
            Status::Skipped if reason.is_empty() => Err("skipped without a reason".into()),
            Status::Skipped if may_skip() => Ok(Completion::ignored_with(reason)),
            Status::Skipped => Err(format!("skipped where it can run: {reason}").into()),
            Status::Diverged => Err(self.divergence(id).map_or(reason.into(), |seen| mismatch(seen, Style::PLAIN)).into()),
            Status::Failed => Err(format!("{reason}\n{}", self.stderr).into()),
        }
    }

    /// The divergence of the scenario `id`.
    fn divergence(&self, id: &str) -> Option<&Mismatch> {
        let begins = self.events.iter().position(|event| matches!(event, Event::Scenario(begun) if begun.id == id))?;
        self.events[begins..].iter().find_map(|event| match event {
            Event::Divergence(seen) => Some(seen),
            _ => None,
        })
    }
}
