//! The actors of one scenario as the coordinator drives them: each is idle, pending in a call, or gone.
//!
//! Here stands the settle rule: after a step, every actor is looked at until the kernel says that it is parked, asleep in its
//! call, or gone. No time-out is evidence; see `process` for what is.

use super::channel::{Channels, Command};
use super::descriptors::{Descriptor, descriptors};
use super::output::Outputs;
use super::process::{Doing, ProcFs, Process};
use super::pulse::Pulse;
use crate::operation::{self, Operation, Trait};
use crate::scenario::{ActorId, Scenario};
use crate::value::{Outcome, Status, Value};
use std::io;

/// Everybody on stage.
#[derive(Debug)]
pub struct Stage {
    channels: Channels,
    procfs: ProcFs,
    actors: Vec<Player>,
    scheduling: Scheduling,
    programs: bool,
    pulse: Pulse,
    /// Where the actors' output goes, to see whether it is full.
    pub outputs: Option<Outputs>,
}

/// How the actors are scheduled against the coordinator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduling {
    /// Actors come before the coordinator on the same processor: when a command's wake returns, they have replied or sleep.
    Fifo,
    /// The ordinary scheduler: the coordinator yields, and asks the kernel.
    Normal,
}

/// One actor.
#[derive(Debug)]
struct Player {
    process: Option<Process>,
    condition: Condition,
    /// The pid that the script sees.
    pid: i32,
    /// The time limit of its latest call that has one, in nanoseconds.
    limit: u64,
}

/// What an actor is, as far as the script is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Its fork has not happened.
    Unborn,
    /// It waits for its next step.
    Idle,
    /// Its call has not returned.
    Pending(Wait),
    /// It has ended, like this if that is known.
    Gone(Option<Status>),
}

/// Why a call has not returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Only others can end it.
    Blocked,
    /// A time limit of its own ends it.
    Sleeping,
    /// A signal has stopped its process.
    Stopped,
    /// The actor has become a program that has not ended.
    Program,
}

/// What happened to an actor other than by its own step.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// To whom.
    pub actor: ActorId,
    /// Its pending call returned, or it ended.
    pub outcome: Outcome,
}

/// What was seen of an actor that was waited for.
enum Seen {
    Answered,
    Asleep(Wait),
    Ended(Option<Status>),
}

/// Nanoseconds between two looks at an actor that is still busy. They decide nothing; the look does.
const FIRST_LOOK: u32 = 20_000;
const LAST_LOOK: u32 = 2_000_000;

impl Stage {
    /// A stage for `scenario`, nobody on it yet.
    pub fn new(scenario: &Scenario, channels: Channels, procfs: ProcFs, scheduling: Scheduling, pulse: Pulse) -> Self {
        let player = || Player { process: None, condition: Condition::Unborn, pid: 0, limit: 0 };
        let actors = scenario.actors.iter().map(|_| player()).collect();
        let programs = uses(scenario, Trait::Programs) || uses(scenario, Trait::Becomes);
        Self { channels, procfs, actors, scheduling, programs, pulse, outputs: None }
    }

    /// Takes in a declared actor, whose process is `pid`, and waits until it is parked.
    ///
    /// # Errors
    ///
    /// When it has ended already.
    pub fn enter(&mut self, actor: ActorId, pid: i32) -> io::Result<()> {
        let process = self.procfs.watch(pid)?;
        let player = self.player(actor);
        *player = Player { process: Some(process), condition: Condition::Idle, pid, limit: 0 };
        match self.await_answer(actor, false) {
            Seen::Answered => Ok(()),
            _ => Err(io::Error::other("an actor ended before it began")),
        }
    }

    /// Whether the actors have written as much as they may.
    pub fn output_is_full(&self) -> bool {
        self.outputs.as_ref().is_some_and(Outputs::is_full)
    }

    /// Processes and threads of the world.
    pub fn tasks(&self) -> u64 {
        let threads = |pid: i32| self.procfs.read(&format!("{pid}/status")).ok().and_then(|text| number_after(&text, "Threads:"));
        self.procfs.pids().unwrap_or_default().into_iter().map(|pid| threads(pid).unwrap_or(1).max(1)).sum()
    }

    /// As many files as an actor may have open.
    pub fn open_files_limit(&self, actor: ActorId) -> Option<u64> {
        let pid = self.actors.get(usize::from(actor))?.process.as_ref()?.pid;
        number_after(&self.procfs.read(&format!("{pid}/limits")).ok()?, "Max open files")
    }

    /// Whether an actor has this descriptor open.
    pub fn is_open(&self, actor: ActorId, fd: u64) -> bool {
        let process = self.actors.get(usize::from(actor)).and_then(|player| player.process.as_ref());
        process.is_some_and(|process| self.procfs.link(&format!("{}/fd/{fd}", process.pid)).is_ok())
    }

    /// What an actor is.
    pub fn condition(&self, actor: ActorId) -> Condition {
        self.actors.get(usize::from(actor)).map_or(Condition::Unborn, |player| player.condition)
    }

    /// The pid of an actor as the script sees it; `None` before its fork.
    pub fn pid(&self, actor: ActorId) -> Option<i32> {
        self.actors.get(usize::from(actor)).filter(|player| player.condition != Condition::Unborn).map(|player| player.pid)
    }

    /// The namespace of `kind` in which an actor is, as /proc names it.
    ///
    /// # Errors
    ///
    /// When the actor has no process any more, or /proc refuses.
    pub fn namespace(&self, actor: ActorId, kind: &str) -> io::Result<String> {
        let process = self.actors.get(usize::from(actor)).and_then(|player| player.process.as_ref());
        let pid = process.ok_or_else(|| io::Error::other("it has no process"))?.pid;
        self.procfs.link(&format!("{pid}/ns/{kind}"))
    }

    /// What an actor has open; nothing for one without a process.
    pub fn descriptors(&self, actor: ActorId) -> Vec<Descriptor> {
        let process = self.actors.get(usize::from(actor)).and_then(|player| player.process.as_ref());
        process.map_or_else(Vec::new, |process| descriptors(&self.procfs, process.pid))
    }

    /// Makes an idle actor take a call, and gives what came of it: for a call with a time limit, its end, unless `sleeps` says that
    /// the script wants to go on meanwhile.
    pub fn perform(&mut self, actor: ActorId, operation: &Operation, command: Command, patience: Patience) -> Outcome {
        let timed = operation.timed(&command.args);
        if timed {
            let limit = longest(&command.args);
            self.player(actor).limit = limit;
            self.pulse.allow(limit);
        }
        let child = command.child;
        let before = if child.is_some() { self.procfs.pids().unwrap_or_default() } else { Vec::new() };
        let channel = self.channels.at(usize::from(actor));
        if channel.send(&command).is_none() {
            return Outcome::Refused("the arguments are longer than a step can carry".into());
        }
        let seen = loop {
            match self.await_answer(actor, operation.is(Trait::Becomes)) {
                Seen::Asleep(Wait::Blocked) if timed && patience == Patience::UntilItsEnd => channel.wait(LAST_LOOK),
                Seen::Asleep(Wait::Blocked) if timed => break Seen::Asleep(Wait::Sleeping),
                Seen::Asleep(Wait::Blocked) if operation.is(Trait::Becomes) => break Seen::Asleep(Wait::Program),
                seen => break seen,
            }
        };
        match seen {
            Seen::Answered => {
                let outcome = channel.outcome();
                match (child, &outcome) {
                    (Some(child), Outcome::Returned(value)) => self.born(actor, child, value, &before).unwrap_or(outcome),
                    _ => outcome,
                }
            }
            Seen::Asleep(wait) => {
                self.player(actor).condition = Condition::Pending(wait);
                match wait {
                    Wait::Sleeping => Outcome::Sleeping,
                    Wait::Stopped => Outcome::Stopped,
                    Wait::Blocked | Wait::Program => Outcome::Blocked,
                }
            }
            Seen::Ended(status) => self.gone(actor, status),
        }
    }

    /// Waits for the end of a call that `sleeps`, which its time limit brings.
    pub fn await_sleeper(&mut self, actor: ActorId) -> Outcome {
        self.pulse.allow(self.actors.get(usize::from(actor)).map_or(0, |player| player.limit));
        loop {
            match self.await_answer(actor, false) {
                Seen::Answered => return self.resumed(actor),
                Seen::Ended(status) => return self.gone(actor, status),
                Seen::Asleep(_) => self.channels.at(usize::from(actor)).wait(LAST_LOOK),
            }
        }
    }

    /// Looks at everybody but `acting` after a step of `operation`, and gives what changed.
    pub fn settle(&mut self, acting: ActorId, operation: &Operation) -> Vec<Change> {
        if operation.is(Trait::Local) {
            return Vec::new();
        }
        let mut changes = Vec::new();
        let mut quiet = 0;
        let mut fresh = self.condition(acting) == Condition::Pending(Wait::Blocked);
        // One that was woken may in turn wake one that was looked at before: a look at all must find nothing new. With several
        // still asleep a second look makes sure that none was woken and slept again in between.
        while quiet < 2 {
            let before = changes.len();
            let mut asleep = 0;
            for index in 0..self.actors.len() {
                let actor = ActorId::try_from(index).unwrap_or(ActorId::MAX);
                // One whose call has just been seen to block is looked at again only after others have moved.
                let just_seen = actor == acting && std::mem::take(&mut fresh);
                asleep += usize::from(just_seen || self.look(actor, acting, operation, &mut changes));
            }
            quiet = if changes.len() > before {
                0
            } else if asleep < 2 {
                2
            } else {
                quiet + 1
            };
        }
        if !operation.is(Trait::Wakes) {
            reap();
        }
        changes
    }

    /// Looks at one actor until it has settled. Gives whether it is still asleep in its call.
    fn look(&mut self, actor: ActorId, acting: ActorId, operation: &Operation, changes: &mut Vec<Change>) -> bool {
        match self.condition(actor) {
            Condition::Unborn | Condition::Gone(_) => false,
            // Its own time limit may end it at any moment; what it returned is looked at when the script says so. Its end is not.
            Condition::Pending(Wait::Sleeping) => {
                let seen = match self.await_answer(actor, false) {
                    Seen::Answered => self.await_parked(actor),
                    seen => seen,
                };
                if let Seen::Ended(status) = seen {
                    let outcome = self.gone(actor, status);
                    changes.push(Change { actor, outcome });
                }
                false
            }
            // It has stopped itself: that it goes on again is no news.
            Condition::Pending(Wait::Stopped) => {
                match self.await_answer(actor, false) {
                    Seen::Answered => self.player(actor).condition = Condition::Idle,
                    Seen::Ended(status) => {
                        let outcome = self.gone(actor, status);
                        changes.push(Change { actor, outcome });
                    }
                    Seen::Asleep(_) => {}
                }
                false
            }
            Condition::Pending(wait) => match self.await_answer(actor, wait == Wait::Program) {
                Seen::Answered => {
                    let outcome = self.resumed(actor);
                    changes.push(Change { actor, outcome });
                    false
                }
                Seen::Ended(status) => {
                    let outcome = self.gone(actor, status);
                    changes.push(Change { actor, outcome });
                    false
                }
                Seen::Asleep(_) => true,
            },
            // A parked actor changes only by signals, and its end.
            Condition::Idle if operation.is(Trait::Wakes) || actor == acting => false,
            Condition::Idle => {
                if let Seen::Ended(status) = self.await_parked(actor) {
                    let outcome = self.gone(actor, status);
                    changes.push(Change { actor, outcome });
                }
                false
            }
        }
    }

    /// Waits until a pending or newly commanded actor has replied, sleeps in its call, or has ended. One that has become a program
    /// and sleeps for a time is on its way, too.
    fn await_answer(&self, actor: ActorId, program: bool) -> Seen {
        let channel = self.channels.at(usize::from(actor));
        let Some(process) = self.actors.get(usize::from(actor)).and_then(|player| player.process.as_ref()) else {
            return Seen::Ended(None);
        };
        let mut pause = FIRST_LOOK;
        let mut looks = 0;
        loop {
            if channel.answered() {
                return Seen::Answered;
            }
            if looks == 0 && self.scheduling == Scheduling::Normal {
                // SAFETY: sched_yield(2) takes nothing and cannot fail on Linux.
                unsafe { libc::sched_yield() };
                if channel.answered() {
                    return Seen::Answered;
                }
            }
            looks += 1;
            let doing = self.procfs.doing(process);
            // The last look, at the reply, closes the gap between the two before it.
            match doing {
                _ if channel.answered() => return Seen::Answered,
                Doing::Asleep(..) if program && doing.ends_by_itself() => {}
                Doing::Asleep(..) if self.programs && !self.others_settled(process, doing) => {}
                Doing::Asleep(..) => return Seen::Asleep(Wait::Blocked),
                Doing::Stopped => return Seen::Asleep(Wait::Stopped),
                Doing::Gone => return Seen::Ended(process.status()),
                Doing::Busy => {}
            }
            if looks > 1 {
                if pause == LAST_LOOK && self.output_is_full() {
                    self.pulse.fill_output();
                }
                channel.wait(pause);
                pause = (pause * 2).min(LAST_LOOK);
            } else {
                // SAFETY: sched_yield(2) takes nothing and cannot fail on Linux.
                unsafe { libc::sched_yield() };
            }
        }
    }

    /// Waits until an idle actor is parked again, with what signals did to it behind it.
    fn await_parked(&self, actor: ActorId) -> Seen {
        let Some(process) = self.actors.get(usize::from(actor)).and_then(|player| player.process.as_ref()) else {
            return Seen::Answered;
        };
        loop {
            match self.procfs.doing(process) {
                Doing::Asleep(..) | Doing::Stopped => return Seen::Answered,
                Doing::Gone => return Seen::Ended(process.status()),
                Doing::Busy => {
                    // SAFETY: sched_yield(2) takes nothing and cannot fail on Linux.
                    unsafe { libc::sched_yield() };
                    pause(FIRST_LOOK);
                }
            }
        }
    }

    /// Where programs run that are no actors: whether every process of the world sleeps, and has not run between two looks. One that
    /// sleeps for a time only is on its way.
    fn others_settled(&self, process: &Process, doing: Doing) -> bool {
        let actors: Vec<i32> =
            self.actors.iter().filter_map(|player| player.process.as_ref()).map(|process| process.pid).collect();
        let look = || -> Option<Vec<(i32, String)>> {
            let mut counts = Vec::new();
            for pid in self.procfs.pids().ok()?.into_iter().filter(|pid| *pid != 1 && !actors.contains(pid)) {
                // One that ended meanwhile has changed something: look again.
                let other = self.procfs.watch(pid).ok()?;
                match self.procfs.doing(&other) {
                    Doing::Gone | Doing::Stopped => {}
                    asleep @ Doing::Asleep(..) if !asleep.ends_by_itself() => {}
                    _ => return None,
                }
                counts.push((pid, self.procfs.read(&format!("{pid}/schedstat")).unwrap_or_default()));
            }
            Some(counts)
        };
        let first = look();
        first.is_some() && first == look() && self.procfs.doing(process) == doing
    }

    /// Takes in the actor that a fork brought: the one process that is new, found in /proc and not taken from the actor's word.
    fn born(&mut self, parent: ActorId, child: u16, value: &Value, before: &[i32]) -> Option<Outcome> {
        let parent_pid =
            self.actors.get(usize::from(parent)).and_then(|player| player.process.as_ref()).map(|process| process.pid);
        let new: Vec<Process> = self
            .procfs
            .pids()
            .ok()?
            .into_iter()
            .filter(|pid| !before.contains(pid))
            .filter_map(|pid| self.procfs.watch(pid).ok())
            .collect();
        let by_parent = new.iter().position(|process| process.parent() == parent_pid).unwrap_or(0);
        let process = new.into_iter().nth(by_parent)?;
        let pid = value.int().and_then(|pid| i32::try_from(pid).ok()).unwrap_or(process.pid);
        *self.player(child) = Player { process: Some(process), condition: Condition::Idle, pid, limit: 0 };
        match self.await_answer(child, false) {
            Seen::Ended(status) => Some(self.gone(child, status)),
            _ => None,
        }
    }

    fn resumed(&mut self, actor: ActorId) -> Outcome {
        self.player(actor).condition = Condition::Idle;
        self.channels.at(usize::from(actor)).outcome()
    }

    /// Notes the end of an actor. How it ended is known from its zombie; when its parent took that away at once, only Linux 6.15
    /// and later can tell.
    fn gone(&mut self, actor: ActorId, status: Option<Status>) -> Outcome {
        let player = self.player(actor);
        player.condition = Condition::Gone(status);
        // A scenario may fork without end; the descriptors of who is gone serve the next.
        player.process = None;
        match status {
            Some(Status::Killed(signal) | Status::Stopped(signal)) => Outcome::Died(signal),
            Some(Status::Exited(code)) => Outcome::Exited(code),
            Some(Status::Continued) | None => Outcome::Refused("it ended, and its parent reaped it: how is not known".into()),
        }
    }

    fn player(&mut self, actor: ActorId) -> &mut Player {
        let index = usize::from(actor);
        assert!(index < self.actors.len(), "the checker gives every actor a place");
        &mut self.actors[index]
    }
}

/// How long a call with a time limit is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Until its time limit ends it.
    UntilItsEnd,
    /// Until it sleeps: the script says `sleeps`.
    UntilItSleeps,
}

/// Whether a step of `scenario` makes a call of which the engine must know `what`.
pub fn uses(scenario: &Scenario, what: Trait) -> bool {
    super::calls(scenario).any(|call| operation::at(call.operation).is_some_and(|operation| operation.is(what)))
}

/// The number behind `name`, which begins a line.
fn number_after(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// Takes away the zombies of children that are ours: declared actors, whose end has been noted, and orphans.
fn reap() {
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    while unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG) } > 0 {}
}

/// The longest duration among arguments, in nanoseconds; a bare number may be milliseconds or seconds: the longer is taken.
fn longest(args: &[Value]) -> u64 {
    let each = args.iter().map(|arg| match arg {
        Value::Duration(nanoseconds) => *nanoseconds,
        Value::Int(number) => u64::try_from(*number).unwrap_or(0).min(100_000).saturating_mul(1_000_000),
        _ => 0,
    });
    each.max().unwrap_or(0)
}

/// Lets others run for a moment. Nothing is concluded from it.
pub fn pause(nanoseconds: u32) {
    let limit = libc::timespec { tv_sec: 0, tv_nsec: i64::from(nanoseconds) };
    // SAFETY: nanosleep(2) reads a local variable; the remaining time is not asked for.
    unsafe { libc::nanosleep(&raw const limit, std::ptr::null_mut()) };
}
