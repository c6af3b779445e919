//! How an actor ended of whom the kernel has nothing left to show: before Linux 6.15 a pidfd does not keep the status of who was reaped.
//!
//! What is said here follows from what the kernel did, and is never a guess: a parent was told; a pid namespace went with its init; the
//! actor's own call leaves one end only. Where nothing follows, the end stays unknown.

use super::{ActorId, Condition, Doing, FIRST_LOOK, Outcome, Scenario, Seen, Stage, Status, Value, pause};
use crate::operation::{self, Operation};
use crate::run::{lingering, needs};
use crate::scenario::{Call, Expr};
use crate::value::Signal;

/// The release from which on a pidfd tells how its process ended, reaped or not.
const KEPT_SINCE: [u64; 2] = [6, 15];
/// The calls by which a parent learns of ends.
const WAITS: [&str; 5] = ["waitpid", "wait", "waitid", "wait4", "wait3"];
/// The calls that may do something else at the end of their caller.
const HOOKS: [&str; 3] = ["atexit", "on_exit", "at_quick_exit"];

/// What of the actors' lives must be remembered.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Whether the kernel forgets.
    forgetful: bool,
    /// Whether `exit` may do more than end its caller.
    hooks: bool,
    /// Whether anybody asks in which pid namespaces an actor is.
    places: bool,
}

/// What is remembered of one actor.
#[derive(Debug, Default)]
pub struct Past {
    /// Its pids, from the world's pid namespace on down.
    pids: Vec<i32>,
    /// The inodes of those pid namespaces, from its own on up.
    namespaces: Vec<u64>,
    /// Its latest call waits for children, for this one if it is above 0.
    waits_for: Option<i128>,
    /// The only end that its latest call can bring.
    leaves_by: Option<Status>,
}

impl Memory {
    /// What is to be remembered while `scenario` runs.
    pub fn of(scenario: &Scenario) -> Self {
        let forgetful = needs::kernel() < KEPT_SINCE.as_slice();
        let is_hook = |call: &Call| operation::at(call.operation).is_some_and(|call| HOOKS.contains(&call.name));
        let reboots = |call: &Call| is(call.operation, "reboot") || call.args.iter().any(|argument| makes(argument, "reboot"));
        let places = forgetful || scenario.calls().any(reboots);
        Self { forgetful, places, hooks: forgetful && scenario.calls().any(is_hook) }
    }
}

impl Stage {
    /// Tells an actor that has begun how deep in pid namespaces it is, and remembers in which.
    pub(super) fn remember_place(&mut self, actor: ActorId) {
        if !self.memory.places {
            return;
        }
        let forgetful = self.memory.forgetful;
        let Some(process) = self.process(actor) else { return };
        let pids = lingering::pids_of(&self.procfs, process.pid).unwrap_or_default();
        let namespaces = if forgetful { self.procfs.pid_namespaces(process.pid) } else { Vec::new() };
        self.channels.at(usize::from(actor)).place(u32::try_from(pids.len()).unwrap_or(0));
        self.player(actor).past = Past { pids, namespaces, ..Past::default() };
    }

    /// Remembers what the call that an actor is about to make says about its end, or its children's.
    pub(super) fn remember_call(&mut self, actor: ActorId, operation: &Operation, args: &[Value]) {
        if !self.memory.forgetful {
            return;
        }
        let first = args.first().and_then(Value::int);
        let waits_for = WAITS.contains(&operation.name).then_some(first.filter(|_| operation.name == "waitpid").unwrap_or(0));
        let leaves_by = self.only_end(actor, operation.name, first.unwrap_or(0));
        let past = &mut self.player(actor).past;
        (past.waits_for, past.leaves_by) = (waits_for, leaves_by);
    }

    /// The end that a call brings to its caller unless a filter of system calls or something left to do at exit comes between.
    fn only_end(&self, actor: ActorId, call: &str, argument: i128) -> Option<Status> {
        let player = self.actors.get(usize::from(actor))?;
        let process = player.process.as_ref()?;
        let status = match call {
            "_exit" => argument & 0xff,
            "exit" | "quick_exit" if !self.memory.hooks => argument & 0xff,
            "pthread_exit" if process.pid != process.group => 0,
            // The kernel has it exit with 0 when init was killed; init itself cannot get so far.
            "reboot" if player.past.pids.last().is_some_and(|&pid| pid != 1) => 0,
            _ => return None,
        };
        let filters = |who: &str| -> Option<Vec<String>> {
            let status = self.procfs.read(&format!("{who}/status")).ok()?;
            Some(status.lines().filter(|line| line.starts_with("Seccomp")).map(str::to_owned).collect())
        };
        let free = filters(&process.pid.to_string())? == filters("self")?;
        free.then_some(Status::Exited(i32::try_from(status).ok()?))
    }

    /// Notes the end of an actor. How it ended is known from its zombie; when its parent took that away at once, Linux 6.15
    /// and later can tell, and before that what is remembered.
    pub(super) fn gone(&mut self, actor: ActorId, status: Option<Status>) -> Outcome {
        let status = self.real_end(actor, status).or_else(|| self.deduced(actor));
        let player = self.player(actor);
        player.condition = Condition::Gone(status);
        // A scenario may fork without end; the descriptors of who is gone serve the next.
        player.process.take_if(|process| process.ended());
        match status {
            Some(Status::Killed(signal) | Status::Stopped(signal)) => Outcome::Died(signal),
            Some(Status::Exited(code)) => Outcome::Exited(code),
            Some(Status::Continued) | None => Outcome::Ended,
        }
    }

    /// How `actor` ended, where the kernel does not say.
    fn deduced(&self, actor: ActorId) -> Option<Status> {
        if !self.memory.forgetful {
            return None;
        }
        let player = self.actors.get(usize::from(actor))?;
        let by_itself = player.past.leaves_by;
        by_itself.or_else(|| self.with_process(actor)).or_else(|| self.with_namespace(actor)).or_else(|| self.told(actor))
    }

    /// A thread that did not end by its own call ended with its process, if that has ended: every thread then has the status of all. The others
    /// are woken before the first of them is gone, so that one that sleeps after that lives on.
    fn with_process(&self, actor: ActorId) -> Option<Status> {
        let own = self.actors.get(usize::from(actor))?;
        if own.process.as_ref()?.pid == own.group {
            return None;
        }
        let leads = |index: &usize| *index != usize::from(actor) && self.actors[*index].past.pids.first() == Some(&own.group);
        let leader = (0..self.actors.len()).find(leads)?;
        let player = &self.actors[leader];
        if let Condition::Gone(status) = player.condition {
            return status;
        }
        let process = player.process.as_ref()?;
        loop {
            match self.procfs.doing(process) {
                Doing::Gone if process.ended() => break,
                Doing::Busy => pause(FIRST_LOOK),
                _ => return None,
            }
        }
        process.status().or_else(|| self.told(ActorId::try_from(leader).ok()?))
    }

    /// The end of the init of a pid namespace kills all in it and below, and reaps them itself. See pid_namespaces(7).
    fn with_namespace(&self, actor: ActorId) -> Option<Status> {
        let own = &self.actors.get(usize::from(actor))?.past;
        let mut others = self.actors.iter().enumerate().filter(|(index, _)| *index != usize::from(actor)).map(|(_, other)| other);
        let ended = others.any(|other| {
            let init = other.past.pids.last() == Some(&1);
            let above = init && other.past.namespaces.first().is_some_and(|inode| own.namespaces.contains(inode));
            let gone = matches!(other.condition, Condition::Gone(_)) || other.process.as_ref().is_none_or(|init| init.leaves());
            above && gone
        });
        ended.then_some(Status::Killed(Signal(libc::SIGKILL)))
    }

    /// What somebody was told who waited for this end.
    fn told(&self, actor: ActorId) -> Option<Status> {
        let own = &self.actors.get(usize::from(actor))?.past;
        (0..self.actors.len()).filter(|&index| index != usize::from(actor)).find_map(|index| {
            let other = &self.actors[index];
            let waits_for = other.past.waits_for?;
            let namespace = other.past.namespaces.first()?;
            let pid = own.namespaces.contains(namespace).then(|| own.pids.get(other.past.pids.len() - 1))??;
            let waiter = ActorId::try_from(index).ok()?;
            if !matches!(self.await_answer(waiter, false), Seen::Answered) {
                return None;
            }
            match self.channels.at(index).outcome() {
                Outcome::Returned(value) => told(&value, i128::from(*pid), waits_for),
                _ => None,
            }
        })
    }
}

/// Whether the operation with this number is called `name`.
fn is(number: u32, name: &str) -> bool {
    operation::at(number).is_some_and(|operation| operation.name == name)
}

/// Whether an argument holds a call of `name` that is made later.
fn makes(argument: &Expr, name: &str) -> bool {
    match argument {
        Expr::Do(calls) => {
            calls.iter().any(|(number, args)| is(*number, name) || args.iter().any(|argument| makes(argument, name)))
        }
        Expr::List(items) => items.iter().any(|item| makes(item, name)),
        Expr::Record(fields) => fields.iter().any(|(_, field)| makes(field, name)),
        _ => false,
    }
}

/// The end of `pid` in what a waiting call gave that asked for `waits_for`.
fn told(value: &Value, pid: i128, waits_for: i128) -> Option<Status> {
    let is = |field: &str| value.field(field).and_then(Value::int) == Some(pid);
    let status = match value {
        Value::Status(status) if waits_for == pid => *status,
        Value::Record(_) if is("pid") => match value.field("status")? {
            Value::Status(status) => *status,
            _ => return None,
        },
        Value::Record(_) if is("si_pid") => {
            let status = i32::try_from(value.field("si_status")?.int()?).ok()?;
            match i32::try_from(value.field("si_code")?.int()?).ok()? {
                libc::CLD_EXITED => Status::Exited(status),
                libc::CLD_KILLED | libc::CLD_DUMPED => Status::Killed(Signal(status)),
                _ => return None,
            }
        }
        _ => return None,
    };
    matches!(status, Status::Exited(_) | Status::Killed(_)).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_what_the_waiting_parent_was_told_of_it() {
        let exited = Value::Status(Status::Exited(3));
        assert_eq!(told(&exited, 7, 7), Some(Status::Exited(3)));
        assert_eq!(told(&exited, 7, 8), None);
        let of = |pid: i32| Value::record([("pid", Value::from(pid)), ("status", exited.clone())]);
        assert_eq!(told(&of(7), 7, 0), Some(Status::Exited(3)));
        assert_eq!(told(&of(8), 7, 0), None);
        assert_eq!(told(&Value::Status(Status::Stopped(Signal(19))), 7, 7), None);
    }
}
