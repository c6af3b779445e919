//! A cgroup that belongs to an ordinary user, as systemd gives each of its users one, with somebody else of that user in it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

/// The directory. It goes with this, unless something was left in it.
pub struct Delegated {
    top: PathBuf,
    sibling: Mutex<Child>,
}

impl Delegated {
    /// Makes the directory below the first cgroup2 that is mounted, and starts the sibling; `None` where that is impossible.
    pub fn make(owner: u32) -> Option<Self> {
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        let mounted = mounts.lines().find(|line| line.contains(" - cgroup2 "))?.split(' ').nth(4)?;
        let top = PathBuf::from(mounted).join(format!("hostile-{}", std::process::id()));
        fs::create_dir(&top).ok()?;
        let made = fs::create_dir(top.join("sibling"));
        for path in ["", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "sibling", "sibling/cgroup.procs"] {
            chown(top.join(path), Some(owner), Some(owner)).expect("root gives directories away");
        }
        made.expect("a directory below");
        let mut command = Command::new("/bin/sleep");
        command.arg("300").uid(owner).gid(owner).stdin(Stdio::null());
        start_in(&mut command, &top.join("sibling/cgroup.procs")).expect("root opens every file");
        let sibling = Mutex::new(command.spawn().expect("a sibling"));
        Some(Self { top, sibling })
    }

    /// Has a command start in the directory.
    pub fn enter(&self, command: &mut Command) -> io::Result<()> {
        start_in(command, &self.top.join("cgroup.procs"))
    }

    /// The pid of the sibling.
    pub fn sibling(&self) -> u32 {
        self.sibling.lock().expect("nobody panics with it").id()
    }

    /// What is not as it was, if anything.
    pub fn harm(&self) -> Option<String> {
        let ended = self.sibling.lock().expect("nobody panics with it").try_wait().expect("it is a child");
        if let Some(status) = ended {
            return Some(format!("another process of the user has ended: {status}"));
        }
        let frozen = |path: &str| fs::read_to_string(self.top.join(path)).is_ok_and(|text| text.trim() != "0");
        (frozen("cgroup.freeze") || frozen("sibling/cgroup.freeze")).then(|| "the user's cgroup is frozen".into())
    }
}

impl Drop for Delegated {
    fn drop(&mut self) {
        let mut sibling = self.sibling.lock().expect("nobody panics with it");
        // One that is gone was found by `harm`; what cannot be removed is seen by who compares the machine before and after.
        let _ = sibling.kill();
        let _ = sibling.wait();
        let _ = fs::remove_dir(self.top.join("sibling"));
        let _ = fs::remove_dir(&self.top);
    }
}

/// The file is opened by root: who moves has no right to leave where it is.
fn start_in(command: &mut Command, door: &std::path::Path) -> io::Result<()> {
    let door = File::options().write(true).open(door)?;
    // SAFETY: between fork and exec one system call is made.
    unsafe { command.pre_exec(move || io::Write::write_all(&mut &door, b"0")) };
    Ok(())
}
