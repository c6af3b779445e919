//! Busy loops beside what is measured: child processes of this program, which end with it.

use std::process::{Child, Command, Stdio};

/// The first argument that makes this program a busy loop.
pub const BUSY: &str = "be-a-busy-loop";

/// Processes that use all the time they get, until this is dropped.
pub struct Load(Vec<Child>);

impl Load {
    /// Starts `count` of them.
    pub fn start(count: usize) -> std::io::Result<Self> {
        let own = std::env::current_exe()?;
        let mut load = Self(Vec::new());
        for _ in 0..count {
            load.0.push(Command::new(&own).arg(BUSY).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
        }
        Ok(load)
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

/// What a child of [`Load`] does: it turns until its parent is gone.
pub fn be_busy() {
    let parent = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == parent {
        for turn in 0..1_000_000_u64 {
            std::hint::black_box(turn);
        }
    }
}
