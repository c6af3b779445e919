//! A folder that everybody can read, with the binary and the scripts in it, and the ways to start a run there.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The ids of `nobody`.
const NOBODY: u32 = 65534;

/// The folder; it goes when this is dropped.
pub struct Ground(tempfile::TempDir);

/// As whom a run is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Whoever runs the tests.
    Own,
    /// An ordinary user; only root can start something as somebody else.
    Nobody,
}

impl Ground {
    /// Copies the binary, `scenarios/`, and the crowd.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = |path: &Path| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        open(folder.path());
        std::fs::copy(env!("CARGO_BIN_EXE_ipcscript"), folder.path().join("ipcscript")).unwrap();
        open(&folder.path().join("ipcscript"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&root.join("scenarios"), &folder.path().join("scenarios"));
        copy(&root.join("tests/robust"), &folder.path().join("robust"));
        std::fs::create_dir(folder.path().join("temporary")).unwrap();
        std::fs::set_permissions(folder.path().join("temporary"), std::fs::Permissions::from_mode(0o777)).unwrap();
        Self(folder)
    }

    /// The folder itself, and the one that runs are given for temporary files.
    pub fn folders(&self) -> [PathBuf; 2] {
        [self.0.path().to_owned(), self.0.path().join("temporary")]
    }

    /// A run of `words`, in the folder, with its JSON report on a pipe.
    pub fn command(&self, user: User, words: &[&str]) -> Command {
        let mut command = Command::new(self.0.path().join("ipcscript"));
        command.arg("run").args(words).args(["--report", "json"]).current_dir(self.0.path());
        command.env("TMPDIR", self.0.path().join("temporary")).stdin(Stdio::null()).stderr(Stdio::inherit());
        if user == User::Nobody {
            // The standard library gives up the supplementary groups with it.
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// The JSON report of a whole run.
    pub fn journal(&self, user: User, words: &[&str]) -> String {
        let output = self.command(user, words).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Whether runs can be started as an ordinary user.
pub fn can_be_nobody() -> bool {
    // SAFETY: geteuid(2) only reads.
    let root = unsafe { libc::geteuid() } == 0;
    let says = |path: &str, forbidden: &str| std::fs::read_to_string(path).is_ok_and(|text| text.trim() == forbidden);
    let forbidden = says("/proc/sys/kernel/unprivileged_userns_clone", "0")
        || says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")
        || says("/proc/sys/user/max_user_namespaces", "0");
    root && !forbidden
}

/// Processes that use all the time they get, until this is dropped.
pub struct Load(Vec<Child>);

impl Load {
    /// Starts `count` of them. Each ends by itself when this process is gone.
    pub fn start(count: usize) -> Self {
        let turn = "while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";
        Self((0..count).map(|_| Command::new("/bin/sh").args(["-c", turn]).stdin(Stdio::null()).spawn().unwrap()).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o755)).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().extension().is_some_and(|extension| extension == "ipcs") {
            std::fs::copy(entry.path(), &target).unwrap();
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
}
