//! A sandbox: the outer world of a worker, as the worker sees it.

use super::keeper::{Ground, keep};
use super::limits::{Hit, Limits};
use super::processor::{offer, pin, prefer};
use super::pulse::Pulse;
use super::stage::Scheduling;
use super::watch::{Seen, Watch};
use super::worker::Work;
use super::world::cgroup::Doors;
use super::world::{self, Plan, WorldError};
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

/// The process that is pid 1 of an outer world, and the line to it.
pub struct Sandbox {
    /// What it was built for.
    pub plan: Plan,
    pid: i32,
    line: UnixStream,
}

/// What the outer world says of a scenario.
pub enum Report {
    /// It has written everything down; whether it diverged.
    Done(bool),
    /// The inner world could not be made.
    Failed(String),
}

/// Why a scenario was ended from outside.
pub enum Ended {
    /// It has come up to a limit.
    Limit(Hit),
    /// Its sandbox is gone, or had to go.
    Lost(String),
}

/// The last of the runs that a sandbox has played in a row.
pub struct Played {
    /// Its number.
    pub run: usize,
    /// How it went.
    pub result: Result<Report, Ended>,
    /// The run that the sandbox has drawn, and that is not for its world.
    pub next: Option<usize>,
}

/// What the outer world says when a run is over.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer {
    /// Whether the scenario diverged.
    pub diverged: bool,
    /// The run that it has drawn then, if it has.
    pub next: Option<usize>,
    /// Whether it goes on with that by itself.
    pub goes_on: bool,
}

/// The first byte of an answer that tells of a failure.
pub const FAILED: u8 = 4;

impl Answer {
    fn read(kind: u8, next: [u8; 4]) -> Self {
        let next = Some(u32::from_le_bytes(next)).filter(|&next| next != u32::MAX);
        Self { diverged: kind & 1 != 0, next: next.map(|next| next as usize), goes_on: kind & 2 != 0 }
    }

    /// Its bytes on the line.
    pub fn write(self) -> Vec<u8> {
        let mut bytes = vec![u8::from(self.diverged) | u8::from(self.goes_on) << 1];
        bytes.extend(self.next.map_or(u32::MAX, number).to_le_bytes());
        bytes
    }
}

fn number(run: usize) -> u32 {
    u32::try_from(run).unwrap_or(u32::MAX)
}

/// Milliseconds between two looks at a world and its coordinator's sign of life: at first, while what programs do to each other may be over
/// soon, and later.
const LOOK: (i32, i32) = (10, 50);
/// How many looks are the first.
const FIRST_LOOKS: u32 = 30;

impl Sandbox {
    /// Starts the process that is pid 1 of the outer world.
    ///
    /// # Errors
    ///
    /// The first step that failed.
    pub fn start(
        work: &Work<'_>,
        plan: Plan,
        doors: Doors,
        pipe: &OwnedFd,
        pulse: Pulse,
        processor: Option<usize>,
    ) -> Result<Self, WorldError> {
        let (mut ours, theirs) = UnixStream::pair().map_err(world::failed("make a socket pair"))?;
        // A cgroup of processors may refuse tasks with real-time priority, and a frozen one would keep others waiting.
        let scheduling = if plan.hierarchies.is_empty() { work.scheduling } else { Scheduling::Normal };
        let work = &Work { scheduling, ..*work };
        // One network for all scenarios that have no socket: /proc/net would show the machine's, and netlink its addresses. Where
        // there may be none, such scenarios have the machine's, and still no socket in it.
        let layer = plan.namespaces(world::OUTER);
        let network = if plan.real.is_some() { 0 } else { libc::CLONE_NEWNET };
        let pid =
            world::born(layer | network).or_else(|_| world::born(layer)).map_err(world::failed("create a user namespace"))?;
        if pid == 0 {
            drop(ours);
            if let Some(processor) = processor {
                pin(processor);
            }
            keep(*work, &Ground { plan: &plan, doors: &doors, pipe, pulse }, theirs);
        }
        drop(theirs);
        prefer(pid, work.scheduling);
        offer(pid);
        let mapped = if plan.real.is_some() { Ok(()) } else { world::map_outer(pid, &plan) };
        let mut sandbox = Self { plan, pid, line: ours.try_clone().map_err(world::failed("copy a socket"))? };
        mapped?;
        ours.write_all(&[1]).map_err(world::failed("start the outer world"))?;
        match sandbox.answer() {
            Some(Ok(_)) => Ok(sandbox),
            Some(Err(error)) => Err(error),
            None => Err(WorldError { step: "build the outer world".into(), source: io::Error::other("its process ended") }),
        }
    }

    /// Its process, as its parent sees it.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Has everything in it end, and does not wait for that.
    pub fn kill(&self) {
        // SAFETY: kill(2) takes integers; the process is our child and not reaped, so that the pid is still its own.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
    }

    /// Has run number `run` played, and watches over it, and over those that the sandbox goes on with by itself. Gives the last of them.
    ///
    /// After an error the sandbox is gone, or came to a limit; it is good for nothing any more.
    pub fn play(&mut self, run: usize, pulse: Pulse, limits: Limits) -> Played {
        let mut played = Played { run, result: Ok(Report::Done(false)), next: None };
        if let Err(error) = self.line.write_all(&number(run).to_le_bytes()) {
            played.result = Err(Ended::Lost(format!("the sandbox is gone: {error}")));
            return played;
        }
        let mut watch = None;
        let mut begun = pulse.begun();
        let mut looks = 0;
        loop {
            if !self.says(if looks < FIRST_LOOKS { LOOK.0 } else { LOOK.1 }) {
                looks += 1;
                // Of many orders each has all the time that a scenario has.
                if std::mem::replace(&mut begun, pulse.begun()) != begun {
                    watch = None;
                    looks = 0;
                    continue;
                }
                let seen = watch.get_or_insert_with(|| Watch::new(self.pid, limits, pulse)).look(pulse);
                let ended = match seen {
                    Seen::Well => continue,
                    Seen::Hit(hit) => Ended::Limit(hit),
                    Seen::Stuck => Ended::Lost(
                        "the coordinator, which looks after the actors, has stopped; that is no fault of the script, so please report it".into(),
                    ),
                    Seen::Scarce => Ended::Lost("the machine has hardly any memory left, so the world was ended".into()),
                };
                // What was seen may be the doing of the next scenario, when this one has ended meanwhile.
                if !self.says(0) {
                    played.result = Err(ended);
                    return played;
                }
            }
            watch = None;
            looks = 0;
            match self.answer() {
                Some(Ok(Answer { next: Some(next), goes_on: true, .. })) => played.run = next,
                Some(Ok(Answer { diverged, next, .. })) => {
                    played.result = Ok(Report::Done(diverged));
                    played.next = next;
                    return played;
                }
                Some(Err(error)) => {
                    played.result = Ok(Report::Failed(super::advice::explain(&error)));
                    return played;
                }
                None => {
                    played.result = Err(Ended::Lost("the sandbox was killed".into()));
                    return played;
                }
            }
        }
    }

    /// Whether its process has said something, or is gone, within so many milliseconds.
    fn says(&self, milliseconds: i32) -> bool {
        let mut poll = libc::pollfd { fd: self.line.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: poll(2) reads and fills one pollfd.
        let ready = unsafe { libc::poll(&raw mut poll, 1, milliseconds) };
        ready > 0
    }

    /// One answer: how it went, or what failed; `None` when the process is gone.
    fn answer(&mut self) -> Option<Result<Answer, WorldError>> {
        let mut head = [0u8; 5];
        self.line.read_exact(&mut head).ok()?;
        let [kind, errno @ ..] = head;
        match kind {
            0..FAILED => Some(Ok(Answer::read(kind, errno))),
            _ => {
                let mut length = [0u8; 4];
                self.line.read_exact(&mut length).ok()?;
                let mut step = vec![0u8; u32::from_le_bytes(length).min(4096) as usize];
                self.line.read_exact(&mut step).ok()?;
                let text = String::from_utf8_lossy(&step).into_owned();
                Some(Err(match i32::from_le_bytes(errno) {
                    0 => world::lost(text),
                    errno => WorldError { step: text, source: io::Error::from_raw_os_error(errno) },
                }))
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.kill();
        let mut status = 0;
        // SAFETY: waitpid(2) fills a local variable. It returns when everything in the pid namespace is gone.
        unsafe { libc::waitpid(self.pid, &raw mut status, 0) };
    }
}
