//! The calls that have succeeded so far, with the arguments that they had: what a cause is looked for in.

use super::Facts;
use crate::operation::{Access, Operation};
use crate::run::history::{self, Deed, What as Done};
use crate::scenario::{ActorId, Bind, Call, Expr, SlotId, evaluate, resolve};
use crate::value::Value;

/// A call that has succeeded.
#[derive(Debug)]
pub(super) struct Act<'a> {
    /// In which step.
    pub step: usize,
    /// As written.
    pub call: &'a Call,
    /// What was called.
    pub operation: &'static Operation,
    /// With what; nothing for what cannot be computed any more.
    args: Vec<Option<Value>>,
}

impl Act<'_> {
    /// The argument for `parameter`, where one was written.
    pub fn arg(&self, parameter: &str) -> Option<&Value> {
        let place = self.operation.parameters.iter().position(|known| known.name == parameter)?;
        self.args.get(place)?.as_ref()
    }

    /// The number given for `parameter`; 0 where none was.
    pub fn int(&self, parameter: &str) -> i128 {
        self.arg(parameter).and_then(Value::int).unwrap_or(0)
    }

    /// The string given for `parameter`.
    pub fn text(&self, parameter: &str) -> Option<&[u8]> {
        match self.arg(parameter)? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether others can notice it: it writes something, as far as its entry tells.
    pub fn changes(&self) -> bool {
        let args: Vec<Value> = self.args.iter().map(|arg| arg.clone().unwrap_or(Value::Null)).collect();
        self.operation.touched(&args).is_none_or(|touches| touches.iter().any(|touch| touch.access == Access::Writes))
    }

    /// Whether this is one of the calls `names`.
    pub fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.operation.name)
    }

    /// The name behind the first argument.
    pub fn slot(&self) -> Option<SlotId> {
        history::first_slot(&self.call.args)
    }

    /// The one name that it binds.
    pub fn binds(&self) -> Option<SlotId> {
        match &self.call.bind {
            Bind::One(slot) => Some(*slot),
            _ => None,
        }
    }

    /// The flags among its arguments: of the calls that open and make objects.
    pub fn flags(&self) -> i128 {
        ["flags", "oflag", "semflg", "msgflg", "shmflg"].iter().map(|name| self.int(name)).sum()
    }
}

impl<'a> Facts<'a> {
    /// The call of a step with its arguments.
    pub(super) fn act(&self, step: usize) -> Option<Act<'a>> {
        let scenario = self.view.scenario;
        let crate::scenario::What::Call(call) = &scenario.steps.get(step)?.what else { return None };
        let operation = crate::operation::at(call.operation)?;
        // A name is bound once, so that what an argument says now is what it said then.
        let args = call.args.iter().map(|arg| evaluate(arg, &self.view).ok().map(|value| resolve(value, &self.view)));
        Some(Act { step, call, operation, args: args.collect() })
    }

    /// The calls that have succeeded before the one that is judged, the latest first.
    pub(super) fn acts(&self) -> impl Iterator<Item = Act<'a>> {
        let done = self.history.done.iter().rev().filter(|step| **step != self.now);
        done.filter_map(|&step| self.act(step))
    }

    /// Those of `actor`, and of those that it comes from until it was born; the latest first.
    pub(super) fn own_acts(&self, actor: ActorId) -> impl Iterator<Item = Act<'a>> {
        self.acts().filter(move |act| self.counts_for(actor, act.call.actor, act.step))
    }

    /// Whether what `doer` does at `step` is done for `actor` too: its own, or of one that it comes from, before its birth.
    fn counts_for(&self, mut actor: ActorId, doer: ActorId, step: usize) -> bool {
        let mut until = usize::MAX;
        loop {
            if actor == doer {
                return step < until;
            }
            match self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born) {
                Some((parent, born)) => (actor, until) = (parent, until.min(born)),
                None => return false,
            }
        }
    }

    /// The call that made what a name stands for.
    pub(super) fn maker(&self, slot: SlotId) -> Option<Act<'a>> {
        let binds = |bind: &Bind| match bind {
            Bind::Nothing => false,
            Bind::One(bound) => *bound == slot,
            Bind::Elements(bound) => bound.contains(&slot),
        };
        self.acts().find(|act| binds(&act.call.bind))
    }

    /// The number of the namespace of `kinds` (flags of clone(2)) in which `actor` was ahead of step `until`, counted as the steps went into new
    /// ones: 1 is the world's. Nothing where the steps do not tell.
    pub(super) fn home(&self, actor: ActorId, kinds: i128, until: usize) -> Option<usize> {
        let deeds = self.deeds(actor, until);
        let Some(last) = deeds.iter().find(|deed| enters(deed, kinds)) else { return Some(1) };
        let act = self.act(last.step)?;
        if act.operation.name == "setns" {
            let (target, seen) = self.namespace_behind(&act)?;
            return (seen < until).then(|| self.home(target, kinds, seen)).flatten();
        }
        let makes = |deed: &&Deed| enters(deed, kinds) && self.call_of(deed.step).is_some_and(|(_, call)| call.name != "setns");
        let place = self.history.deeds.iter().filter(makes).position(|deed| deed == last)?;
        Some(place + 2)
    }

    /// Whose namespace the descriptor of a `setns` stands for, and since which step.
    fn namespace_behind(&self, setns: &Act<'_>) -> Option<(ActorId, usize)> {
        let opened = self.maker(setns.slot()?)?;
        let actor = opened.call.args.iter().find_map(actor_in)?;
        Some((actor, opened.step))
    }
}

/// Whether a deed goes into another namespace of one of `kinds`.
pub(super) fn enters(deed: &Deed, kinds: i128) -> bool {
    matches!(deed.what, Done::Left(left) if left == 0 || left & kinds != 0)
}

fn actor_in(expr: &Expr) -> Option<ActorId> {
    match expr {
        Expr::Literal(Value::Actor(actor)) => Some(*actor),
        Expr::Text(parts) => parts.iter().find_map(actor_in),
        _ => None,
    }
}
