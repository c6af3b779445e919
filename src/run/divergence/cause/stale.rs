//! Handles and processes that are no more, or never were the caller's: removed, closed, of another namespace, not inherited.

use super::super::past::enters;
use super::{Cause, Facts};
use crate::journal::Place;
use crate::operation::Trait;
use crate::run::history::{Deed, What as Done};
use crate::scenario::{ActorId, Bind, Call, Expr, Slot, SlotId, What};
use crate::value::Value;

impl Facts<'_> {
    /// A handle among the arguments that is stale.
    pub(super) fn stale(&self, call: &Call) -> Option<Cause> {
        self.handles(call).into_iter().find_map(|(slot, known, kind)| {
            let mut cause = self.stale_handle(call.actor, slot, known, kind)?;
            cause.labels.push(self.origin(slot, known));
            Some(cause)
        })
    }

    fn stale_handle(&self, caller: ActorId, slot: SlotId, known: &Slot, kind: &str) -> Option<Cause> {
        let name = &known.name;
        let everywhere = self.history.deeds.iter().rev().find(|deed| deed.what == Done::Removed(slot));
        if let Some(deed) = everywhere {
            let (who, line) = (self.name(deed.actor), self.line(deed.step));
            let why = format!("`{who}` removed `{name}` at line {line}, for everybody");
            return Some(Cause::new(why, [self.mark(deed.step, format!("`{who}` removed it here"))]));
        }
        let deeds = self.deeds(caller, usize::MAX);
        if let Some(deed) = deeds.iter().find(|deed| deed.what == Done::Closed(slot)) {
            let (who, line) = (self.name(deed.actor), self.line(deed.step));
            let verb = self.call_of(deed.step).map_or("closed", |(_, operation)| match operation.name {
                "shmdt" => "detached",
                "munmap" => "unmapped",
                _ => "closed",
            });
            let own = deed.actor == caller;
            let before = if own { String::new() } else { format!(", before it forked `{}`", self.name(caller)) };
            let why = format!("`{who}` {verb} `{name}` at line {line}{before}");
            return Some(Cause::new(why, [self.mark(deed.step, format!("`{who}` {verb} it here"))]));
        }
        let made = self.made(slot);
        if namespaces_of(kind) != 0 {
            return self.elsewhere(caller, known, made, namespaces_of(kind), &deeds);
        }
        let (owner, who) = (self.name(known.actor), self.name(caller));
        let thing = match kind {
            "fd" | "mqd" => "a descriptor",
            "address" => "an address",
            _ => return None,
        };
        if self.comes_from(caller, known.actor, made) {
            return None;
        }
        Some(match self.birth_below(caller, known.actor).filter(|born| *born < made) {
            Some(born) => Cause::new(
                format!(
                    "`{owner}` made `{name}` at line {}, after the fork at line {}: a fork copies what is there by then, so `{who}` has no `{name}`",
                    self.line(made),
                    self.line(born)
                ),
                [self.mark(born, format!("`{who}` got its copy of everything here"))],
            )
            .helped(format!("let `{owner}` take line {} ahead of the fork at line {}", self.line(made), self.line(born))),
            None => Cause::new(format!("`{name}` is {thing} of `{owner}`, and `{who}` did not inherit it"), []),
        })
    }

    /// The step in which `actor`, or one that it comes from, was forked by `owner`.
    fn birth_below(&self, mut actor: ActorId, owner: ActorId) -> Option<usize> {
        loop {
            match self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born)? {
                (parent, born) if parent == owner => return Some(born),
                (parent, _) => actor = parent,
            }
        }
    }

    fn elsewhere(&self, caller: ActorId, known: &Slot, made: usize, kinds: i128, deeds: &[Deed]) -> Option<Cause> {
        let (name, who) = (&known.name, self.name(caller));
        let here = self.home(caller, kinds, usize::MAX).map(|number| format!("`ipc#{number}`"));
        let there = self.home(known.actor, kinds, made).map(|number| format!("`ipc#{number}`"));
        if let Some(deed) = deeds.iter().find(|deed| enters(deed, kinds)).filter(|deed| deed.step > made) {
            let (leaver, line) = (self.name(deed.actor), self.line(deed.step));
            let through = if leaver == who { String::new() } else { format!(" before it forked `{who}`") };
            let left = match (&there, &here) {
                (Some(there), Some(here)) if there != here => format!("{there} for {here}"),
                (Some(_), Some(_)) => return None,
                _ => "its IPC namespace".to_owned(),
            };
            let text = format!("`{leaver}` left {left} at line {line}{through}, so `{name}` means nothing to `{who}`");
            return Some(Cause::new(text, [self.mark(deed.step, format!("`{leaver}` left {left} here"))]));
        }
        let of_maker = self.deeds(known.actor, made);
        let deed = of_maker.iter().find(|deed| enters(deed, kinds)).filter(|deed| !deeds.contains(deed))?;
        let (maker, line) = (self.name(known.actor), self.line(deed.step));
        let text = match (&there, &here) {
            (Some(there), Some(here)) if there != here => {
                format!("`{name}` is in {there}, which `{maker}` entered at line {line}, and `{who}` is in {here}")
            }
            (Some(_), Some(_)) => return None,
            _ => format!("`{name}` is in the IPC namespace that `{maker}` entered at line {line}, and `{who}` is in another"),
        };
        Some(Cause::new(text, [self.mark(deed.step, format!("`{}` left its IPC namespace here", self.name(deed.actor)))]))
    }

    /// Whether anybody has gone into another namespace of `kinds`.
    pub(super) fn has_left(&self, kinds: i128) -> bool {
        self.history.deeds.iter().any(|deed| enters(deed, kinds))
    }

    /// For a call on a process: it has ended, or has been waited for.
    pub(super) fn gone(&self, call: &Call) -> Option<Cause> {
        let actor = call.args.iter().find_map(|arg| match arg {
            Expr::Literal(Value::Actor(actor)) => Some(*actor),
            _ => None,
        })?;
        let who = self.name(actor);
        let mut labels: Vec<Place> = self.ending(actor).into_iter().collect();
        let reaped = self.history.deeds.iter().rev().find(|deed| deed.what == Done::Reaped(actor));
        let why = reaped.map(|deed| {
            let waiter = self.name(deed.actor);
            labels.push(self.mark(deed.step, format!("`{waiter}` took its status here")));
            format!("`{who}` is no more: `{waiter}` took its status at line {}, and its pid is free again", self.line(deed.step))
        });
        (!labels.is_empty()).then_some(Cause { labels, why, ..Cause::default() })
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

    /// Whether `actor` is of the process of `maker`, or of one that was forked by it after step `made`, directly or not.
    pub(in crate::run::divergence) fn comes_from(&self, mut actor: ActorId, maker: ActorId, made: usize) -> bool {
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
pub(in crate::run::divergence) fn namespaces_of(kind: &str) -> i128 {
    match kind {
        "semid" | "shmid" | "msqid" => i128::from(libc::CLONE_NEWIPC),
        _ => 0,
    }
}
