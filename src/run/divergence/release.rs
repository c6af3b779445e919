//! Who could release a blocked actor, and why they no longer can.

use super::cause::namespaces_of;
use super::outcome::waits;
use super::{Facts, Report, listed};
use crate::journal::{Mismatch, Place};
use crate::operation::{self, Counterpart};
use crate::run::history::{self, What as Done};
use crate::run::stage::Condition;
use crate::scenario::{ActorId, Bind, Call, Expr, SlotId, What};
use crate::value::Type;

/// Why nobody released an actor.
#[derive(Debug, Default)]
pub struct Release {
    /// Where the others lost the means.
    pub labels: Vec<Place>,
    /// When the call waits, and why nobody ends that.
    pub why: String,
    /// A step that would.
    pub step: Option<Step>,
}

/// A step that a script lacks.
#[derive(Debug)]
pub enum Step {
    /// To be taken now.
    Now(String),
    /// There is one that may do, on a later line.
    Later(usize),
    /// To be taken ahead of a line, for it is the blocked one's own.
    Earlier(String, usize),
}

/// The end of a scenario with actors still blocked: a deadlock, explained.
pub fn left_blocked(facts: &Facts<'_>, left: &[ActorId]) -> Box<Mismatch> {
    let names: Vec<String> = left.iter().map(|&actor| format!("`{}`", facts.name(actor))).collect();
    let mut labels: Vec<Place> = left.iter().filter_map(|&actor| facts.waiting(actor)).collect();
    let release = facts.release(left);
    labels.extend(release.labels);
    let who: Vec<String> = left.iter().map(|&actor| facts.name(actor)).collect();
    let stays = format!("`{}: stays blocked`", who.join(", "));
    let help = match release.step {
        Some(Step::Now(step)) => format!("add a step that wakes it, such as `{step}`, or end with {stays}"),
        Some(Step::Earlier(step, line)) => format!("write `{step}` ahead of line {line}, or end with {stays}"),
        Some(Step::Later(_)) | None => format!("if that is right, end with {stays}"),
    };
    let seen: Vec<String> = left.iter().map(|&actor| format!("`{}` {}", facts.name(actor), facts.state(actor))).collect();
    let verb = if left.len() == 1 { "is" } else { "are" };
    facts.mismatch(Report {
        code: "left-blocked",
        message: format!("{} {verb} still blocked at the end of the scenario", listed(&names)),
        expected: "every call has returned".into(),
        seen: listed(&seen),
        labels,
        why: Some(release.why),
        help: Some(help),
        ..Report::default()
    })
}

/// An order of the steps of an `interleave` in which nobody can move: who waits for what, who could end that, and why they cannot.
pub fn deadlock(facts: &Facts<'_>, waiting: &[ActorId]) -> Box<Mismatch> {
    let names: Vec<String> = waiting.iter().map(|&actor| format!("`{}`", facts.name(actor))).collect();
    let labels = waiting.iter().filter_map(|&actor| facts.waiting(actor)).collect();
    let mut edges: Vec<String> = waiting.iter().map(|&actor| facts.edge(actor, waiting)).collect();
    edges.push(match waiting {
        [_] => "nobody else has a step left that could end that: a deadlock".into(),
        _ => "each waits for what another would have to do, and nobody else has a step left: a deadlock".into(),
    });
    let verb = if waiting.len() == 1 { "waits for ever" } else { "wait for ever" };
    facts.mismatch(Report {
        code: "deadlock",
        message: format!("{} {verb}", listed(&names)),
        expected: "every order comes to its end".into(),
        seen: "nobody can move".into(),
        labels,
        why: Some(edges.join("\n")),
        help: Some(match waiting {
            [_] => {
                "if that may be, write `expect sometimes deadlock`; else somebody's step must end the wait in every order".into()
            }
            _ => "if that may be, write `expect sometimes deadlock`; else let everybody take what they share in the same order"
                .into(),
        }),
        ..Report::default()
    })
}

/// The number of the first semaphore in the operations of a `semop`.
fn semaphore(call: &Call) -> Option<i128> {
    let Expr::List(operations) = call.args.get(1)? else { return None };
    let Expr::Record(fields) = operations.first()? else { return None };
    match &fields.iter().find(|(name, _)| name == "sem_num").or(fields.first())?.1 {
        Expr::Literal(number) => number.int(),
        _ => None,
    }
}

/// What another actor can do for a blocked one.
enum Means {
    /// Nothing more; where it lost them, and how: a clause.
    Lost(Option<Place>, String),
    /// It could, and does not.
    Could,
}

impl Facts<'_> {
    /// One actor of a deadlock: where it waits, for what, and who of the others used that last.
    fn edge(&self, actor: ActorId, waiting: &[ActorId]) -> String {
        let text = format!("`{}` {}", self.name(actor), self.state(actor));
        let call = self.pending_call(actor).map(|(call, _)| call).filter(|call| history::first_slot(&call.args).is_some());
        let users = call.map_or_else(Vec::new, |call| {
            let others = waiting.iter().filter(|&&other| other != actor);
            let used = others.filter_map(|&other| self.used(other, call).map(|step| (other, step)));
            used.map(|(other, step)| format!("`{}` used it last, at line {}", self.name(other), self.line(step))).collect()
        });
        if users.is_empty() { text } else { format!("{text}; {}", listed(&users)) }
    }

    /// The latest step that `actor` has taken with the object for which `waiting` waits; of a set of semaphores, with the same one.
    fn used(&self, actor: ActorId, waiting: &Call) -> Option<usize> {
        self.history.taken.iter().rev().copied().find(|&step| {
            self.call_of(step).is_some_and(|(call, _)| {
                call.actor == actor
                    && history::first_slot(&call.args) == history::first_slot(&waiting.args)
                    && semaphore(call).zip(semaphore(waiting)).is_none_or(|(one, other)| one == other)
                    && self.history.pending_since(actor) != Some(step)
            })
        })
    }

    /// Who could release the actors `left`, and why they no longer can.
    pub(super) fn release(&self, left: &[ActorId]) -> Release {
        let Some((actor, (call, operation))) = left.first().and_then(|&actor| Some((actor, self.pending_call(actor)?))) else {
            return Release::default();
        };
        let mut sentences: Vec<String> = waits(operation).into_iter().collect();
        let mut release = Release::default();
        if let Some(held) = self.own_end(actor, call, operation.name) {
            sentences.push(held.why);
            return Release { labels: held.labels, why: sentences.join("\n"), step: held.step };
        }
        let actors = 0..ActorId::try_from(self.view.scenario.actors.len()).unwrap_or(ActorId::MAX);
        let others = actors.filter(|other| {
            let born = self.view.stage.condition(*other) != Condition::Unborn;
            born && !left.contains(other) && self.can_have(*other, call)
        });
        let (mut lost, mut able) = (Vec::new(), Vec::new());
        for other in others {
            match self.means(actor, other, call) {
                Means::Lost(place, how) => {
                    release.labels.extend(place);
                    lost.push(how);
                }
                Means::Could => able.push(other),
            }
        }
        sentences.extend(lost);
        if left.len() > 1 && able.is_empty() {
            sentences.push("each waits for what another would have to do: a deadlock".into());
        } else if able.is_empty() {
            sentences.push("there is nobody else who could end that".into());
        } else {
            let names: Vec<String> = able.iter().map(|&other| format!("`{}`", self.name(other))).collect();
            let later = self.later(call, &able);
            sentences.push(match later {
                Some(step) => format!("line {} may end that, and comes only later", self.line(step)),
                None => format!("{} could end that, but no step does", listed(&names)),
            });
            if let Some(step) = later {
                release.labels.push(self.place(self.span(step), "this step may, and comes later"));
                release.step = Some(Step::Later(self.line(step)));
                release.why = sentences.join("\n");
                return release;
            }
        }
        let helper = able.first().map_or_else(|| "another".to_owned(), |&other| self.name(other));
        let step = (!able.is_empty()).then(|| self.counterpart(actor, call, operation.name)).flatten();
        release.step = step.map(|step| Step::Now(if step.contains(": ") { step } else { format!("{helper}: {step}") }));
        release.why = sentences.join("\n");
        release
    }

    /// The first step behind this one that one of `able` takes with the object for which a call waits.
    pub(super) fn later(&self, call: &Call, able: &[ActorId]) -> Option<usize> {
        let slot = history::first_slot(&call.args)?;
        let takes = |step: &usize| {
            self.act(*step).is_some_and(|act| able.contains(&act.call.actor) && act.changes() && act.slot() == Some(slot))
        };
        (self.now + 1..self.view.scenario.steps.len()).find(takes)
    }

    fn means(&self, blocked: ActorId, other: ActorId, call: &Call) -> Means {
        let who = self.name(other);
        match self.view.stage.condition(other) {
            Condition::Gone(_) => Means::Lost(self.ending(other), format!("`{who}` {}", self.state(other))),
            Condition::Pending(_) => Means::Lost(self.waiting(other), format!("`{who}` {} itself", self.state(other))),
            _ => self.apart(blocked, other, call).unwrap_or(Means::Could),
        }
    }

    /// Whether `other` can have the object of a call at all: a pipe and a socket pair have no name, so that only who made them and who
    /// was forked later can.
    fn can_have(&self, other: ActorId, call: &Call) -> bool {
        let Some(slot) = history::first_slot(&call.args) else { return true };
        let binds = |bind: &Bind| matches!(bind, Bind::Elements(slots) if slots.contains(&slot));
        let made = self.view.scenario.steps.iter().enumerate().find_map(|(index, step)| match &step.what {
            What::Call(made) if binds(&made.bind) => Some((index, made)),
            _ => None,
        });
        let Some((index, made)) = made else { return true };
        self.comes_from(other, made.actor, index)
    }

    /// Whether `other` is in another namespace than the object for which `blocked` waits; asked of the kernel.
    fn apart(&self, blocked: ActorId, other: ActorId, call: &Call) -> Option<Means> {
        let slot = self.view.scenario.slots.get(history::first_slot(&call.args)?)?;
        let Type::Handle(kind) = slot.ty else { return None };
        let kinds = namespaces_of(kind);
        if kinds == 0 {
            return None;
        }
        let namespace = |actor| self.view.stage.namespace(actor, "ipc").ok();
        let (there, here) = (namespace(other)?, namespace(blocked)?);
        if there == here {
            return None;
        }
        let who = self.name(other);
        let deeds = self.deeds(other, usize::MAX);
        let left = deeds.iter().find(|deed| matches!(deed.what, Done::Left(left) if left == 0 || left & kinds != 0));
        let means = |line: String| format!("`{who}` {line}, so `{}` means nothing to it", slot.name);
        Some(match left {
            Some(deed) if deed.actor == other => Means::Lost(
                Some(self.place(self.span(deed.step), format!("`{who}` left its IPC namespace here"))),
                means(format!("left its IPC namespace at line {}", self.line(deed.step))),
            ),
            _ => Means::Lost(None, means("is in another IPC namespace".into())),
        })
    }

    /// A step that ends the wait in a call: its other half.
    fn counterpart(&self, blocked: ActorId, call: &Call, name: &str) -> Option<String> {
        Some(match operation::counterpart(name)? {
            Counterpart::OnSame(step) => step.replace('$', &self.object(call)?),
            Counterpart::OnOtherEnd(step) => step.replace('$', &self.other_end(call)?),
            Counterpart::Signal => format!("kill({}, SIGTERM)", self.name(blocked)),
            Counterpart::EndOfChild => format!("{}: exit(0)", self.name(self.waited_for(blocked, call)?)),
        })
    }

    /// The name of the end that came with the one that a call uses: of the reading one, the writing one; of a socket, its peer.
    pub(super) fn other_end(&self, call: &Call) -> Option<String> {
        let slot = history::first_slot(&call.args)?;
        let other = self.pair(slot)?.iter().copied().find(|other| *other != slot)?;
        self.view.scenario.slots.get(other).map(|slot| slot.name.clone())
    }

    /// The names that were bound together with `slot`.
    pub(super) fn pair(&self, slot: SlotId) -> Option<&[SlotId]> {
        (0..self.view.scenario.steps.len()).find_map(|step| match &self.call_of(step)?.0.bind {
            Bind::Elements(slots) if slots.contains(&slot) => Some(slots.as_slice()),
            _ => None,
        })
    }

    /// A living child of `parent`, preferably the one that the call names.
    fn waited_for(&self, parent: ActorId, call: &Call) -> Option<ActorId> {
        let named = self.object(call);
        let actors = 0..ActorId::try_from(self.view.scenario.actors.len()).unwrap_or(ActorId::MAX);
        let mut children = actors.filter(|&actor| {
            let born = self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born);
            born.is_some_and(|(by, _)| by == parent) && self.view.stage.condition(actor) == Condition::Idle
        });
        let all: Vec<ActorId> = children.by_ref().collect();
        all.iter().copied().find(|&child| Some(self.name(child)) == named).or_else(|| all.first().copied())
    }
}
