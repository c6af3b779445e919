//! The earlier lines from which an error comes: of what may be behind it, the first that has left a trace in this run.

mod lacking;
mod limits;
mod locks;
mod names;
mod ports;
mod rights;
mod sizes;
mod stale;
mod waits;

use super::Facts;
use super::past::Act;
use crate::journal::Place;
use crate::operation::{self, Suspect};
use crate::run::history::{self, Deed};
use crate::scenario::{ActorId, Call, Slot, SlotId};
use crate::value::{Errno, Signal, Type};

pub(super) use stale::namespaces_of;

/// Earlier lines, and what they have to do with it.
#[derive(Debug, Default)]
pub struct Cause {
    pub labels: Vec<Place>,
    pub why: Option<String>,
    /// What would have it work, where that is another line than the failing one's outcome.
    pub help: Option<String>,
    /// The error is not what the kernel says of this call.
    pub of_nobody: bool,
}

/// Errors that speak of the state of an object: the last step on it says the most.
const OF_STATE: &[Errno] =
    &[Errno::EAGAIN, Errno::EINTR, Errno::ENOMSG, Errno::ETIMEDOUT, Errno::EEXIST, Errno::EBUSY, Errno::ENOSPC, Errno::E2BIG];

impl Cause {
    /// A cause in words, and the places that show it.
    fn new(why: impl Into<String>, labels: impl IntoIterator<Item = Place>) -> Self {
        Self { labels: labels.into_iter().collect(), why: Some(why.into()), ..Self::default() }
    }

    fn helped(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A call that has failed, or ended its caller.
#[derive(Debug)]
struct Failing<'a> {
    act: Act<'a>,
    actor: ActorId,
    errno: Option<Errno>,
}

impl<'a> Facts<'a> {
    /// Why the call of `step` may have failed with `errno`, as far as earlier steps tell.
    pub fn cause(&self, step: usize, errno: Errno) -> Cause {
        let Some(act) = self.act(step) else { return Cause::default() };
        let call = act.call;
        let failing = Failing { actor: call.actor, errno: Some(errno), act };
        let suspects = operation::suspects(failing.act.operation.name, errno);
        let found = suspects.into_iter().find_map(|suspect| self.trace(suspect, &failing));
        found.unwrap_or_else(|| {
            if OF_STATE.contains(&errno) {
                return Cause { labels: self.last_step_on(call).into_iter().collect(), ..Cause::default() };
            }
            let bound = self.handles(call).into_iter().map(|(slot, known, _)| self.origin(slot, known));
            Cause { labels: bound.collect(), ..Cause::default() }
        })
    }

    /// Why the call of `step` may have ended its caller by `signal`.
    pub fn cause_of_end(&self, step: usize, signal: Signal) -> Cause {
        let Some(act) = self.act(step) else { return Cause::default() };
        let failing = Failing { actor: act.call.actor, errno: None, act };
        let found = operation::suspects_of_end(signal).iter().find_map(|&suspect| self.trace(suspect, &failing));
        found.unwrap_or_else(|| Cause { labels: self.last_step_on(failing.act.call).into_iter().collect(), ..Cause::default() })
    }

    /// What `suspect` has to do with the failure, if it has left a trace.
    fn trace(&self, suspect: Suspect, failing: &Failing<'a>) -> Option<Cause> {
        match suspect {
            Suspect::Filter => self.filter(failing),
            Suspect::Stale => self.stale(failing.act.call),
            Suspect::Gone => self.gone(failing.act.call),
            Suspect::Lacks(capability) => self.lacks(failing, capability),
            Suspect::Mode => self.mode(failing),
            Suspect::Reached(limit) => self.reached(failing, limit),
            Suspect::Full(sysctl) => self.full(failing, sysctl),
            Suspect::Above(bound) => self.above(failing, bound),
            Suspect::ReadOnly => self.read_only(failing),
            Suspect::NeverMade => self.never_made(failing),
            Suspect::MadeBefore => self.made_before(failing),
            Suspect::NotEmpty => self.not_empty(failing),
            Suspect::Slash => Self::slash(failing),
            Suspect::NotToWait => self.not_to_wait(failing),
            Suspect::Handler => self.handler(failing),
            Suspect::Childless => self.childless(failing),
            Suspect::BeyondSet => self.beyond_set(failing),
            Suspect::Outgrown => self.outgrown(failing),
            Suspect::Misfit => self.misfit(failing),
            Suspect::Overflow => Self::overflow(failing),
            Suspect::Direction => self.direction(failing),
            Suspect::NoReader => self.no_reader(failing),
            Suspect::NoListener => self.no_listener(failing),
            Suspect::AddressTaken => self.address_taken(failing),
            Suspect::Locked => self.locked(failing),
        }
    }

    /// The handles among the arguments of a call, each once, with their kinds.
    fn handles(&self, call: &Call) -> Vec<(SlotId, &'a Slot, &'static str)> {
        let mut handles: Vec<(SlotId, &Slot, &'static str)> = Vec::new();
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
        handles
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

    /// Where the handle behind a name was made.
    fn origin(&self, slot: SlotId, known: &Slot) -> Place {
        let namespace = match known.ty {
            Type::Handle(kind) if namespaces_of(kind) != 0 && self.has_left(namespaces_of(kind)) => {
                self.maker(slot).and_then(|act| self.home(act.call.actor, namespaces_of(kind), act.step))
            }
            _ => None,
        };
        let within = namespace.map_or_else(String::new, |number| format!(", in `ipc#{number}`"));
        self.place(known.span, format!("`{}` comes from here{within}", known.name))
    }

    /// A label at a step.
    fn mark(&self, step: usize, text: impl Into<String>) -> Place {
        self.place(self.span(step), text)
    }
}
