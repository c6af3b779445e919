//! The earlier lines from which an error comes: the object was removed or closed, or never was the caller's own.

use super::Facts;
use crate::journal::Place;
use crate::operation::Trait;
use crate::run::history::{self, Deed, What as Done};
use crate::scenario::{ActorId, Bind, Call, Expr, Slot, SlotId, What};
use crate::value::{Errno, Type, Value};

/// Earlier lines, and what they have to do with it.
#[derive(Debug, Default)]
pub struct Cause {
    pub labels: Vec<Place>,
    pub why: Option<String>,
}

/// Errors that speak of the state of an object, not of which object it is.
const OF_STATE: &[Errno] =
    &[Errno::EAGAIN, Errno::EINTR, Errno::ENOMSG, Errno::ETIMEDOUT, Errno::EEXIST, Errno::EBUSY, Errno::ENOSPC, Errno::E2BIG];

impl Facts<'_> {
    /// Why `call` may have failed with `errno`, as far as earlier steps tell.
    pub fn cause(&self, call: &Call, errno: Errno) -> Cause {
        if OF_STATE.contains(&errno) {
            return Cause { labels: self.last_step_on(call).into_iter().collect(), why: None };
        }
        let mut handles: Vec<(SlotId, &Slot, &str)> = Vec::new();
        for slot in history::slots(&call.args) {
            match self.view.scenario.slots.get(slot) {
                Some(known) if !handles.iter().any(|(seen, ..)| *seen == slot) => {
                    if let Type::Handle(kind) = known.ty {
                        handles.push((slot, known, kind));
                    }
                }
                _ => {}
            }
        }
        let found = handles.iter().find_map(|&(slot, known, kind)| {
            let mut cause = self.cause_in(call.actor, slot, known, kind)?;
            cause.labels.push(self.place(known.span, format!("`{}` comes from here", known.name)));
            Some(cause)
        });
        found.or_else(|| self.cause_in_actor(call)).unwrap_or_else(|| {
            let bound = handles.iter().map(|(_, known, _)| self.place(known.span, format!("`{}` comes from here", known.name)));
            Cause { labels: bound.collect(), why: None }
        })
    }

    /// The last step before this one on the object of `call`.
    pub(super) fn last_step_on(&self, call: &Call) -> Option<Place> {
        let slot = history::first_slot(&call.args)?;
        let name = &self.view.scenario.slots.get(slot)?.name;
        let here = self.span(self.now);
        let on_it = |step: &usize| {
            self.span(*step) != here && self.call_of(*step).is_some_and(|(call, _)| history::first_slot(&call.args) == Some(slot))
        };
        let step = (0..self.now).rev().find(on_it)?;
        Some(self.place(self.span(step), format!("the step on `{name}` before this one")))
    }

    /// Deeds of `actor` and, up to its birth, of those that it comes from, before step `until`; the latest first.
    pub(super) fn deeds(&self, actor: ActorId, until: usize) -> Vec<Deed> {
        let (mut actor, mut until, mut found) = (actor, until, Vec::new());
        loop {
            let own = self.history.deeds.iter().rev().filter(|deed| deed.actor == actor && deed.step < until);
            found.extend(own.copied());
            match self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born) {
                Some((parent, born)) => (actor, until) = (parent, until.min(born)),
                None => return found,
            }
        }
    }

    /// The step that binds a name.
    fn made(&self, slot: SlotId) -> usize {
        let binds = |bind: &Bind| match bind {
            Bind::Nothing => false,
            Bind::One(bound) => *bound == slot,
            Bind::Elements(bound) => bound.contains(&slot),
        };
        let steps = self.view.scenario.steps.iter();
        let mut steps = steps.map(|step| matches!(&step.what, What::Call(call) if binds(&call.bind)));
        steps.position(|binds| binds).unwrap_or(0)
    }

    fn cause_in(&self, caller: ActorId, slot: SlotId, known: &Slot, kind: &str) -> Option<Cause> {
        let name = &known.name;
        let because = |deed: &Deed, label: String, why: String| {
            Some(Cause { labels: vec![self.place(self.span(deed.step), label)], why: Some(why) })
        };
        let everywhere = self.history.deeds.iter().rev().find(|deed| deed.what == Done::Removed(slot));
        if let Some(deed) = everywhere {
            let (who, line) = (self.name(deed.actor), self.line(deed.step));
            return because(deed, format!("`{who}` removed it here"), format!("`{who}` removed `{name}` at line {line}"));
        }
        let deeds = self.deeds(caller, usize::MAX);
        if let Some(deed) = deeds.iter().find(|deed| deed.what == Done::Closed(slot)) {
            let (who, line) = (self.name(deed.actor), self.line(deed.step));
            let verb = self.call_of(deed.step).map_or("closed", |(_, operation)| match operation.name {
                "shmdt" => "detached",
                "munmap" => "unmapped",
                _ => "closed",
            });
            return because(deed, format!("`{who}` {verb} it here"), format!("`{who}` {verb} `{name}` at line {line}"));
        }
        let made = self.made(slot);
        if namespaces_of(kind) != 0 {
            return self.cause_in_namespace(caller, known, made, namespaces_of(kind), &deeds);
        }
        let (owner, who) = (self.name(known.actor), self.name(caller));
        let thing = match kind {
            "fd" | "mqd" => "a descriptor",
            "address" => "an address",
            _ => return None,
        };
        (!self.comes_from(caller, known.actor, made)).then(|| Cause {
            labels: Vec::new(),
            why: Some(format!("`{name}` is {thing} of `{owner}`, and `{who}` did not inherit it")),
        })
    }

    fn cause_in_namespace(&self, caller: ActorId, known: &Slot, made: usize, kinds: i128, deeds: &[Deed]) -> Option<Cause> {
        let (name, who) = (&known.name, self.name(caller));
        let leaves = |deed: &&Deed| matches!(deed.what, Done::Left(left) if left == 0 || left & kinds != 0);
        if let Some(deed) = deeds.iter().find(leaves).filter(|deed| deed.step > made) {
            let (leaver, line) = (self.name(deed.actor), self.line(deed.step));
            let through = if leaver == who { String::new() } else { format!(" before it forked `{who}`") };
            let text = format!("`{leaver}` left its IPC namespace at line {line}{through}, so `{name}` means nothing to `{who}`");
            let label = format!("`{leaver}` left its IPC namespace here");
            return Some(Cause { labels: vec![self.place(self.span(deed.step), label)], why: Some(text) });
        }
        let of_maker = self.deeds(known.actor, made);
        let deed = of_maker.iter().find(leaves).filter(|deed| !deeds.contains(deed))?;
        let (maker, line) = (self.name(known.actor), self.line(deed.step));
        let text = format!("`{name}` is in the IPC namespace that `{maker}` entered at line {line}, and `{who}` is in another");
        let label = format!("`{}` left its IPC namespace here", self.name(deed.actor));
        Some(Cause { labels: vec![self.place(self.span(deed.step), label)], why: Some(text) })
    }

    /// For a call on a process: it has ended, or has been waited for.
    fn cause_in_actor(&self, call: &Call) -> Option<Cause> {
        let actor = call.args.iter().find_map(|arg| match arg {
            Expr::Literal(Value::Actor(actor)) => Some(*actor),
            _ => None,
        })?;
        let who = self.name(actor);
        let mut labels: Vec<Place> = self.ending(actor).into_iter().collect();
        let reaped = self.history.deeds.iter().rev().find(|deed| deed.what == Done::Reaped(actor));
        let why = reaped.map(|deed| {
            let waiter = self.name(deed.actor);
            labels.push(self.place(self.span(deed.step), format!("`{waiter}` took its status here")));
            format!("`{who}` is no more: `{waiter}` took its status at line {}, and its pid is free again", self.line(deed.step))
        });
        (!labels.is_empty()).then_some(Cause { labels, why })
    }

    /// Whether `actor` is of the process of `maker`, or of one that was forked by it after step `made`, directly or not.
    pub(super) fn comes_from(&self, mut actor: ActorId, maker: ActorId, made: usize) -> bool {
        let maker = self.process_of(maker);
        loop {
            actor = self.process_of(actor);
            if actor == maker {
                return true;
            }
            match self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born) {
                Some((parent, born)) if born > made => actor = parent,
                _ => return false,
            }
        }
    }

    /// The actor that began the process of `actor`: another one for a thread.
    fn process_of(&self, mut actor: ActorId) -> ActorId {
        while let Some((parent, born)) = self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born)
            && self.call_of(born).is_some_and(|(_, operation)| operation.is(Trait::Threads))
        {
            actor = parent;
        }
        actor
    }
}

/// Flags of clone(2) for the namespaces on which an identifier of this kind depends.
pub(super) fn namespaces_of(kind: &str) -> i128 {
    match kind {
        "semid" | "shmid" | "msqid" => i128::from(libc::CLONE_NEWIPC),
        _ => 0,
    }
}
