//! Which of the steps that are left go together: the explorer runs one order of those that do.

use super::Play;
use super::free::Order;
use crate::operation;
use crate::run::explore::Node;
use crate::run::footprint::{Footprint, Surroundings};
use crate::run::history::slots;
use crate::run::knowledge::View;
use crate::scenario::{ActorId, Alternative, Bind, Call, Expectation, Expr, Pattern, SlotId, What, evaluate, resolve};

/// What the steps touch that are left at a node.
#[derive(Debug)]
pub struct Touching {
    steps: Vec<(usize, Step)>,
}

#[derive(Debug)]
struct Step {
    footprint: Footprint,
    binds: Vec<SlotId>,
    uses: Vec<SlotId>,
}

impl Touching {
    /// Whether two steps may come to something else in the other order.
    pub fn meet(&self, one: usize, other: usize) -> bool {
        let step = |wanted: usize| self.steps.iter().find(|(index, _)| *index == wanted).map(|(_, step)| step);
        let (Some(one), Some(other)) = (step(one), step(other)) else { return true };
        let binds = |one: &Step, other: &Step| one.binds.iter().any(|slot| other.uses.contains(slot));
        binds(one, other) || binds(other, one) || one.footprint.conflicts(&other.footprint)
    }
}

impl Play<'_> {
    /// What the steps touch that are left at `node`.
    pub(super) fn touching(&self, order: &Order, node: &Node) -> Touching {
        let mut steps = Vec::new();
        for (_, left) in &node.left {
            for (place, &index) in left.iter().enumerate() {
                // What a descriptor refers to is known for the next step only: those before a later one may change it.
                let known = if place == 0 { Known::Now } else { Known::Later };
                steps.extend(self.step_touches(order, index, known).map(|step| (index, step)));
            }
        }
        for &index in &node.pending {
            steps.extend(self.step_touches(order, index, Known::Now).map(|step| (index, step)));
        }
        Touching { steps }
    }

    fn step_touches(&self, order: &Order, index: usize, known: Known) -> Option<Step> {
        let What::Call(call) = &self.scenario.steps.get(index)?.what else { return None };
        let footprint = if order.guide.is_wide(index) { Footprint::everything() } else { self.footprint(order, call, known) };
        let binds = match &call.bind {
            Bind::Nothing => Vec::new(),
            Bind::One(slot) => vec![*slot],
            Bind::Elements(slots) => slots.clone(),
        };
        let mut uses = slots(&call.args);
        gather(&call.expectation, &mut uses);
        Some(Step { footprint, binds, uses })
    }

    /// What a call would touch now.
    pub(super) fn footprint(&self, order: &Order, call: &Call, known: Known) -> Footprint {
        let view = self.view();
        let args = call.args.iter().map(|arg| evaluate(arg, &view).map(|value| resolve(value, &view)));
        let (Some(operation), Ok(args), false) =
            (operation::at(call.operation), args.collect::<Result<Vec<_>, _>>(), order.touches_all)
        else {
            return Footprint::everything();
        };
        Footprint::of(operation, &args, call.actor, &Around { view, actor: call.actor, known })
    }
}

/// Whether a step would be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It is the next of its actor.
    Now,
    /// Others come before it.
    Later,
}

struct Around<'a> {
    view: View<'a>,
    actor: ActorId,
    known: Known,
}

impl Surroundings for Around<'_> {
    fn descriptor(&self, fd: i32) -> Option<String> {
        if self.known == Known::Later {
            return None;
        }
        self.view.stage.link(self.actor, fd)
    }

    fn actor(&self, pid: i64) -> Option<ActorId> {
        // Elsewhere the number means somebody else.
        if !self.view.stage.counts_pids_as_world(self.actor) {
            return None;
        }
        let actors = 0..ActorId::try_from(self.view.scenario.actors.len()).unwrap_or(ActorId::MAX);
        actors.into_iter().find(|&actor| self.view.stage.pid(actor).is_some_and(|known| i64::from(known) == pid))
    }

    fn withstands(&self, actor: ActorId, signal: i32) -> bool {
        self.known == Known::Now && self.view.stage.withstands(actor, signal)
    }
}

/// The names that an expectation uses.
fn gather(expectation: &Expectation, found: &mut Vec<SlotId>) {
    for alternative in &expectation.alternatives {
        match alternative {
            Alternative::Dies(value) => expr(value, found),
            Alternative::Exits(pattern) | Alternative::Gives(pattern) => names(pattern, found),
            Alternative::Ok | Alternative::Fails(_) | Alternative::Blocks | Alternative::Sleeps => {}
        }
    }
}

fn names(pattern: &Pattern, found: &mut Vec<SlotId>) {
    match pattern {
        Pattern::Any | Pattern::Failed(_) => {}
        Pattern::Equal(value) | Pattern::Than(_, value) | Pattern::Contains(value) | Pattern::Matches(value) => {
            expr(value, found)
        }
        Pattern::Range(low, high) => {
            expr(low, found);
            expr(high, found);
        }
        Pattern::List { items, .. } | Pattern::OneOf(items) => items.iter().for_each(|item| names(item, found)),
        Pattern::Record(fields) => fields.iter().for_each(|(_, field)| names(field, found)),
        Pattern::Status(_, inner) | Pattern::Not(inner) => names(inner, found),
    }
}

fn expr(value: &Expr, found: &mut Vec<SlotId>) {
    found.extend(slots(std::slice::from_ref(value)));
}
