//! The actors of one scenario as the coordinator drives them: each is idle, pending in a call, or gone.
//!
//! Here stands the settle rule: after a step, every actor is looked at until the kernel says that it is parked, asleep in its
//! call, or gone. No time-out is evidence; see `process` for what is.

mod ending;
mod kin;
mod limit;
mod player;
mod restart;
mod usage;

use self::ending::Memory;
use self::player::Player;
pub use self::player::{Condition, Wait};
use super::alarms::Alarms;
use super::channel::{Channels, Command};
use super::loopback::Loopback;
use super::output::Outputs;
use super::process::{Doing, ProcFs, Process};
use super::pulse::Pulse;
use super::terminals;
use crate::operation::{self, Operation, Trait};
use crate::scenario::{ActorId, Scenario};
use crate::value::{Outcome, Status, Value};
use std::cell::Cell;
use std::io;

/// Everybody on stage.
#[derive(Debug)]
pub struct Stage {
    channels: Channels,
    procfs: ProcFs,
    actors: Vec<Player>,
    scheduling: Scheduling,
    programs: bool,
    timers: bool,
    /// Whether something may happen by itself in this scenario: timers run out, programs go on.
    clockwork: bool,
    /// Whether a process may have several threads.
    threads: bool,
    /// Whether a worker of the kernel may have something to carry from one actor to another.
    terminals: bool,
    /// What must be remembered of the actors, on kernels that forget how who is reaped has ended.
    memory: Memory,
    /// The most processes that were seen at one time while programs ran: some may have been refused, and gone when that is asked.
    crowd: Cell<u64>,
    /// What a step did to others that their processes do not show any more.
    noted: Vec<Change>,
    pulse: Pulse,
    /// Behind what is sent through the network; there when a step has made a socket of the Internet's.
    loopback: Option<Loopback>,
    /// Where output goes.
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
    /// A thread that does not lead its process has become a program, and with that the whole of its process.
    TookOver(Process),
}

/// Nanoseconds between two looks at an actor that is still busy. They decide nothing; the look does.
const FIRST_LOOK: u32 = 20_000;
const LAST_LOOK: u32 = 2_000_000;

impl Stage {
    /// A stage for `scenario`, nobody on it yet.
    pub fn new(scenario: &Scenario, channels: Channels, procfs: ProcFs, scheduling: Scheduling, pulse: Pulse) -> Self {
        let actors = scenario.actors.iter().map(|_| Player::unborn()).collect();
        let programs = uses(scenario, Trait::Programs) || uses(scenario, Trait::Becomes);
        let (timers, threads) = (uses(scenario, Trait::Arms), uses(scenario, Trait::Threads));
        let clockwork = programs || timers || uses(scenario, Trait::Alarms);
        Self {
            channels,
            procfs,
            actors,
            scheduling,
            programs,
            timers,
            clockwork,
            threads,
            terminals: uses(scenario, Trait::Carries),
            memory: Memory::of(scenario),
            crowd: Cell::new(0),
            noted: Vec::new(),
            pulse,
            loopback: None,
            outputs: None,
        }
    }

    /// Takes in a declared actor, whose process is `pid`, and waits until it is parked.
    ///
    /// # Errors
    ///
    /// When it has ended already.
    pub fn enter(&mut self, actor: ActorId, pid: i32) -> io::Result<()> {
        let process = self.procfs.watch_child(pid)?;
        let player = self.player(actor);
        *player = Player { process: Some(process), condition: Condition::Idle, pid, group: pid, ..Player::unborn() };
        self.remember_place(actor);
        match self.await_answer(actor, false) {
            Seen::Answered => Ok(()),
            _ => Err(io::Error::other("an actor ended before it began")),
        }
    }

    /// What an actor is.
    pub fn condition(&self, actor: ActorId) -> Condition {
        self.actors.get(usize::from(actor)).map_or(Condition::Unborn, |player| player.condition)
    }

    /// The pid of an actor as the script sees it; `None` before its fork.
    pub fn pid(&self, actor: ActorId) -> Option<i32> {
        self.actors.get(usize::from(actor)).filter(|player| player.condition != Condition::Unborn).map(|player| player.pid)
    }

    /// Makes an idle actor take a call, and gives what came of it: for a call with a time limit, its end, unless `sleeps` says that
    /// the script wants to go on meanwhile.
    pub fn perform(&mut self, actor: ActorId, operation: &Operation, command: Command, patience: Patience) -> Outcome {
        let mut timed = operation.timed(&command.args);
        let signal = self.begin_limits(actor, operation, &command.args);
        let alarm = Alarms::set_by(operation, &command.args);
        self.begin_restart(actor, operation, &command.args);
        let child = command.child;
        let before = child.map(|_| self.before_birth(actor, operation));
        self.player(actor).child = child;
        self.remember_call(actor, operation, &command.args);
        self.watch_network(operation, &command.args);
        let channel = self.channels.at(usize::from(actor));
        if channel.send(&command).is_none() {
            return Outcome::Refused("the arguments are longer than a step can carry".into());
        }
        if let Some(door) = channel.door()
            && let Some(process) = self.process(actor)
            && let Err(error) = self.procfs.knock(process, door)
        {
            return Outcome::Refused(format!("an actor in strict mode cannot be reached: {error}"));
        }
        let mut drained = false;
        let seen = loop {
            // Asked ahead of the look: who sleeps on behind the moment was not woken by the signal.
            let by_signal = signal.is_some_and(|last| !last.is_over());
            let seen = self.await_answer_or_timer(actor, operation.is(Trait::Becomes));
            if matches!(seen, Seen::Asleep(Wait::Blocked)) && !std::mem::replace(&mut drained, true) && self.drain_network() {
                continue;
            }
            if matches!(seen, Seen::Asleep(Wait::Blocked)) && !timed && channel.limit() > 0 {
                timed = true;
                self.limit(actor, channel.limit());
            }
            let timed = timed || by_signal || matches!(seen, Seen::Asleep(Wait::Sleeping));
            match seen {
                Seen::Asleep(Wait::Blocked | Wait::Sleeping) if timed && patience == Patience::UntilItsEnd => {
                    channel.wait(LAST_LOOK)
                }
                Seen::Asleep(Wait::Blocked) if timed => break Seen::Asleep(Wait::Sleeping),
                Seen::Asleep(Wait::Blocked) if operation.is(Trait::Becomes) => break Seen::Asleep(Wait::Program),
                Seen::TookOver(process) => self.take_over(actor, process),
                seen => break seen,
            }
        };
        match seen {
            Seen::Answered => {
                let outcome = channel.outcome();
                if let (Some(alarm), Outcome::Returned(_)) = (alarm, &outcome) {
                    self.player(actor).alarms.note(alarm);
                }
                match (child.zip(before), &outcome) {
                    (Some((child, before)), Outcome::Returned(value)) => {
                        self.born(actor, child, value, &before).unwrap_or(outcome)
                    }
                    _ => outcome,
                }
            }
            Seen::Asleep(wait) => {
                self.player(actor).condition = Condition::Pending(wait);
                let begun = |(child, _): &(u16, _)| self.channels.at(usize::from(*child)).begun();
                if let Some((child, before)) = child.zip(before).filter(begun) {
                    // The parent learns the pid only when it goes on.
                    self.born(actor, child, &Value::Null, &before);
                }
                match wait {
                    Wait::Sleeping => Outcome::Sleeping,
                    Wait::Stopped => Outcome::Stopped,
                    Wait::Blocked | Wait::Program => Outcome::Blocked,
                }
            }
            Seen::Ended(status) => self.gone(actor, status),
            Seen::TookOver(_) => Outcome::Blocked,
        }
    }

    /// Waits for the end of a call that `sleeps`, which its time limit brings.
    pub fn await_sleeper(&mut self, actor: ActorId) -> Outcome {
        self.pulse.allow(self.actors.get(usize::from(actor)).map_or(0, |player| player.limit));
        loop {
            match self.await_answer(actor, false) {
                Seen::Answered => return self.resumed(actor),
                Seen::Ended(status) => return self.gone(actor, status),
                Seen::Asleep(_) | Seen::TookOver(_) => self.channels.at(usize::from(actor)).wait(LAST_LOOK),
            }
        }
    }

    /// Looks at everybody but `acting` after a step of `operation`, and gives what changed.
    pub fn settle(&mut self, acting: ActorId, operation: &Operation) -> Vec<Change> {
        // What ends a thread may end the others of its process.
        let alone = !self.threads || !self.has_siblings(acting);
        if operation.is(Trait::Local) && alone {
            return Vec::new();
        }
        if self.terminals {
            terminals::carry(&self.procfs, self.actors.iter().filter_map(|player| player.process.as_ref()));
        }
        // At a terminal, writing and closing send signals.
        let wakes_only = operation.is(Trait::Wakes) && alone && !self.terminals;
        let mut changes = std::mem::take(&mut self.noted);
        let mut quiet = 0;
        let mut fresh = self.condition(acting) == Condition::Pending(Wait::Blocked);
        // One that was woken may in turn wake one that was looked at before: a look at all must find nothing new. With several
        // still asleep a second look makes sure that none was woken and slept again in between. And one that a signal stops while it is
        // looked at wakes the parent that waits for it.
        while quiet < 2 {
            self.await_lingering();
            self.drain_network();
            let before = changes.len();
            let mut asleep = 0;
            for index in 0..self.actors.len() {
                let actor = ActorId::try_from(index).unwrap_or(ActorId::MAX);
                // One whose call has just been seen to block is looked at again only after others have moved.
                let just_seen = actor == acting && std::mem::take(&mut fresh);
                asleep += usize::from(just_seen || self.look(actor, acting, wakes_only, &mut changes));
            }
            quiet = if changes.len() > before {
                0
            } else if asleep == 0 || (asleep < 2 && wakes_only) {
                2
            } else {
                quiet + 1
            };
        }
        if !wakes_only {
            kin::reap();
        }
        changes
    }

    /// Looks at one actor until it has settled. Gives whether it is still asleep in its call.
    fn look(&mut self, actor: ActorId, acting: ActorId, wakes_only: bool, changes: &mut Vec<Change>) -> bool {
        match self.condition(actor) {
            Condition::Unborn | Condition::Gone(_) => false,
            // Once its own time limit may have ended it, what it returned is looked at when the script says so; what it returned before
            // that is the doing of this step. Its end always is.
            Condition::Pending(Wait::Sleeping) => {
                let seen = match self.await_answer(actor, false) {
                    Seen::Answered if actor != acting && self.is_early(actor) => {
                        let outcome = self.resumed(actor);
                        changes.push(Change { actor, outcome });
                        return false;
                    }
                    Seen::Answered => {
                        self.player(actor).due = None;
                        self.await_parked(actor)
                    }
                    seen => seen,
                };
                if let Seen::Ended(status) = seen {
                    changes.push(self.left(actor, status));
                }
                false
            }
            // It has stopped itself: that it goes on again is no news.
            Condition::Pending(Wait::Stopped) => {
                match self.await_answer(actor, false) {
                    // The call has begun anew, and waits: now its return is for the script to say.
                    Seen::Asleep(Wait::Blocked) => self.player(actor).condition = Condition::Pending(Wait::Blocked),
                    Seen::Answered => self.player(actor).condition = Condition::Idle,
                    Seen::Ended(status) => {
                        changes.push(self.left(actor, status));
                    }
                    Seen::Asleep(_) | Seen::TookOver(_) => {}
                }
                false
            }
            Condition::Pending(wait) => match self.await_answer_or_timer(actor, wait == Wait::Program) {
                Seen::Answered => {
                    let outcome = self.resumed(actor);
                    changes.push(Change { actor, outcome });
                    false
                }
                Seen::Ended(status) => {
                    changes.push(self.left(actor, status));
                    false
                }
                // Somebody may have armed the timer that it waits for.
                Seen::Asleep(Wait::Sleeping) if wait == Wait::Blocked => {
                    self.player(actor).condition = Condition::Pending(Wait::Sleeping);
                    false
                }
                Seen::Asleep(_) => true,
                Seen::TookOver(process) => {
                    self.take_over(actor, process);
                    changes.append(&mut self.noted);
                    true
                }
            },
            // A parked actor changes only by signals, and its end.
            Condition::Idle if wakes_only || actor == acting => false,
            Condition::Idle => {
                if let Seen::Ended(status) = self.await_parked(actor) {
                    changes.push(self.left(actor, status));
                }
                false
            }
        }
    }

    /// Waits until a pending or newly commanded actor has replied, sleeps in its call, or has ended. One that has become a program
    /// and sleeps for a time is on its way, too.
    fn await_answer(&self, actor: ActorId, program: bool) -> Seen {
        let channel = self.channels.at(usize::from(actor));
        let Some(process) = self.process(actor) else {
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
            self.pulse.look();
            let doing = self.procfs.doing(process);
            // The last look, at the reply, closes the gap between the two before it.
            match doing {
                _ if channel.answered() => return Seen::Answered,
                Doing::Asleep(..) if program && doing.ends_by_itself() => {}
                Doing::Asleep(..) if self.programs && !self.others_settled(process, doing) => {}
                Doing::Asleep(..) if self.threads && !self.procfs.siblings_settled(process, doing) => {}
                Doing::Asleep(..) => return Seen::Asleep(Wait::Blocked),
                Doing::Stopped => return Seen::Asleep(Wait::Stopped),
                Doing::Gone => return self.end_or_take_over(process, program),
                Doing::Lingering => return Seen::Ended(process.status()),
                // A child that has begun was made; what its parent may still wait for is the child itself.
                Doing::Bearing if self.bore(actor) => return Seen::Asleep(Wait::Blocked),
                Doing::Busy | Doing::Bearing => {}
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
        let Some(process) = self.process(actor) else {
            return Seen::Answered;
        };
        loop {
            self.pulse.look();
            match self.procfs.doing(process) {
                Doing::Asleep(..) | Doing::Stopped => return Seen::Answered,
                Doing::Gone | Doing::Lingering => return Seen::Ended(process.status()),
                Doing::Busy | Doing::Bearing => {
                    // SAFETY: sched_yield(2) takes nothing and cannot fail on Linux.
                    unsafe { libc::sched_yield() };
                    pause(FIRST_LOOK);
                }
            }
        }
    }

    fn resumed(&mut self, actor: ActorId) -> Outcome {
        self.player(actor).condition = Condition::Idle;
        self.channels.at(usize::from(actor)).outcome()
    }

    /// The end of an actor, as a change that somebody else's step has made.
    fn left(&mut self, actor: ActorId, status: Option<Status>) -> Change {
        Change { actor, outcome: self.gone(actor, status) }
    }

    /// The process of an actor, while it has one.
    fn process(&self, actor: ActorId) -> Option<&Process> {
        self.actors.get(usize::from(actor)).and_then(|player| player.process.as_ref())
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
    scenario.calls().any(|call| operation::at(call.operation).is_some_and(|operation| operation.is(what)))
}

/// Lets others run for a moment. Nothing is concluded from it.
pub fn pause(nanoseconds: u32) {
    let limit = libc::timespec { tv_sec: 0, tv_nsec: i64::from(nanoseconds) };
    // SAFETY: nanosleep(2) reads a local variable; the remaining time is not asked for.
    unsafe { libc::nanosleep(&raw const limit, std::ptr::null_mut()) };
}
