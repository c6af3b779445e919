//! The caretaker: a process beside a worker's world that puts right what is the host's when the world is gone, however it ended.
//!
//! A pid namespace takes its processes along, a mount namespace its mounts; cgroups and what a privileged scenario changes outlive
//! both. Whoever kills the runner, and the kernel with it the workers and worlds, leaves this process, which nothing but a signal of its own ends.
//! If that comes first, the worker does the same; if both are killed at once, the next run removes the cgroups.

use super::traces::{Trace, put_right};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::net::UnixStream;

/// A caretaker, as its worker sees it.
#[derive(Debug)]
pub struct Caretaker {
    pid: i32,
    line: UnixStream,
    traces: Vec<Trace>,
}

impl Caretaker {
    /// Starts the process that will put `traces` right.
    ///
    /// # Errors
    ///
    /// As socketpair(2) and fork(2).
    pub fn start(traces: Vec<Trace>) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        // SAFETY: this process has one thread; the child goes on with a copy of everything.
        match unsafe { libc::fork() } {
            0 => attend(&theirs, &traces),
            pid if pid > 0 => Ok(Self { pid, line: ours, traces }),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Says which process must be gone first: pid 1 of a world.
    ///
    /// # Errors
    ///
    /// When the caretaker is gone itself.
    pub fn watch(&mut self, world: i32) -> io::Result<()> {
        self.line.write_all(&world.to_le_bytes())?;
        // Until it holds a descriptor of that process, the number must not become somebody else's.
        self.line.read_exact(&mut [0u8; 1])
    }

    /// What it will put right.
    pub fn traces(&self) -> &[Trace] {
        &self.traces
    }

    /// Has everything put right, now that the world is gone.
    ///
    /// # Errors
    ///
    /// What could not be put right, and why.
    pub fn finish(mut self) -> Result<(), String> {
        // One that is gone is found by the wait.
        let _ = self.line.shutdown(Shutdown::Write);
        let mut why = String::new();
        let _ = self.line.read_to_string(&mut why);
        let mut status = 0;
        // SAFETY: waitpid(2) fills a local variable.
        unsafe { libc::waitpid(self.pid, &raw mut status, 0) };
        match (libc::WIFEXITED(status), why.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(why),
            (false, _) => put_right(&self.traces),
        }
    }
}

/// The caretaker itself: waits for the end of its worker's interest, then for that of the world, and does its work.
fn attend(line: &UnixStream, traces: &[Trace]) -> ! {
    // SAFETY: setsid(2) takes nothing. A terminal's interrupt is not for this process.
    unsafe { libc::setsid() };
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM, libc::SIGPIPE] {
        // SAFETY: signal(2) with SIG_IGN installs no code.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
    // SAFETY: dup2(2) takes integers only.
    let fd = unsafe { libc::dup2(line.as_raw_fd(), 0) };
    // Pipes that this process held open would keep their readers waiting.
    // SAFETY: close_range(2) takes integers only; what it closes, this process does not use any more.
    unsafe { libc::syscall(libc::SYS_close_range, 1, u32::MAX, 0) };
    // SAFETY: the descriptor was made above, and the one that it copies is closed and never dropped.
    let mut line = unsafe { UnixStream::from_raw_fd(fd) };
    let mut worlds = Vec::new();
    let mut pid = [0u8; 4];
    while line.read_exact(&mut pid).is_ok() {
        // SAFETY: pidfd_open(2) takes integers only; the worker waits for the answer before it can reap its child.
        worlds.push(unsafe { libc::syscall(libc::SYS_pidfd_open, i32::from_le_bytes(pid), 0) });
        // A worker that was killed meanwhile does not listen, and the end of its line is next.
        let _ = line.write_all(&[1]);
    }
    // Who was gone already has no descriptor; poll(2) would wait for -1 for ever.
    for world in worlds.into_iter().filter_map(|fd| i32::try_from(fd).ok()).filter(|&fd| fd >= 0) {
        let mut poll = libc::pollfd { fd: world, events: libc::POLLIN, revents: 0 };
        // SAFETY: poll(2) reads and fills one pollfd. A pidfd is readable when the process and, for a pid 1, its namespace have ended.
        unsafe { libc::poll(&raw mut poll, 1, -1) };
    }
    if let Err(why) = put_right(traces) {
        // A worker that is gone cannot be told.
        let _ = line.write_all(why.as_bytes());
    }
    // SAFETY: _exit(2) ends this process at once; what its worker set up for its own end is not run.
    unsafe { libc::_exit(0) }
}
