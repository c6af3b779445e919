//! Time limits of calls: when one may have ended a call, and what else does so by time alone.

use super::super::moment::Moment;
use super::super::timerfd;
use super::{Condition, Seen, Stage, Wait};
use crate::operation::{Operation, Trait};
use crate::scenario::ActorId;
use crate::value::Value;

impl Stage {
    /// Notes what limits a call that `actor` is about to make. Gives the moment at which a timer of its own has sent its signal at the latest, if
    /// one runs.
    pub(super) fn begin_limits(&mut self, actor: ActorId, operation: &Operation, args: &[Value]) -> Option<Moment> {
        if operation.timed(args) {
            self.limit(actor, longest(args));
        }
        if self.timers {
            self.player(actor).waits_for = operation.descriptors(args);
        }
        // What is counted from before the call begins is never too late.
        self.player(actor).due = operation.shortest(args).filter(|_| !self.clockwork).and_then(Moment::from_now);
        if operation.is(Trait::Becomes) {
            return None;
        }
        let left = self.player(actor).alarms.left()?;
        let longer = self.player(actor).limit.max(left);
        self.limit(actor, longer);
        Moment::from_now(left)
    }

    /// Whether the time limit of its pending call cannot have run out yet. It is asked after the call was seen to have returned, so that a late
    /// look never makes a return early.
    pub(super) fn is_early(&self, actor: ActorId) -> bool {
        let due = self.actors.get(usize::from(actor)).and_then(|player| player.due);
        due.zip(Moment::from_now(0)).is_some_and(|(due, now)| now.is_before(due))
    }

    /// Of those among `actors` that wait with a time limit of their own, the one whose limit ends first.
    pub fn first_sleeper(&self, actors: &[ActorId]) -> Option<ActorId> {
        let sleeps = |actor: &ActorId| self.condition(*actor) == Condition::Pending(Wait::Sleeping);
        let end = |actor: &ActorId| {
            let player = self.actors.get(usize::from(*actor));
            player.map(|player| (player.due.is_none(), player.due, player.limit))
        };
        actors.iter().copied().filter(sleeps).min_by_key(end)
    }

    /// Notes that the call of `actor` ends by itself after so many nanoseconds.
    pub(super) fn limit(&mut self, actor: ActorId, nanoseconds: u64) {
        self.player(actor).limit = nanoseconds;
        self.pulse.allow(nanoseconds);
    }

    /// Waits as `await_answer` does, and tells a sleep that an armed timer ends from one that others must end.
    pub(super) fn await_answer_or_timer(&mut self, actor: ActorId, program: bool) -> Seen {
        match self.await_answer(actor, program) {
            Seen::Asleep(Wait::Blocked) if self.waits_for_timer(actor) => Seen::Asleep(Wait::Sleeping),
            // A timer that ran out between the two looks is not armed any more; but by now it has woken who waited for it.
            Seen::Asleep(Wait::Blocked) if self.timers => self.await_answer(actor, program),
            seen => seen,
        }
    }

    /// Whether an actor that sleeps in its call waits for an armed timer, which is its time limit then.
    fn waits_for_timer(&mut self, actor: ActorId) -> bool {
        let player = self.player(actor);
        let (Some(process), fds) = (&player.process, &player.waits_for) else { return false };
        if fds.is_empty() {
            return false;
        }
        let (pid, fds) = (process.pid, fds.clone());
        let Some(limit) = timerfd::armed(&self.procfs, pid, &fds) else { return false };
        self.limit(actor, limit);
        true
    }
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
