//! A scenario with `interleave`, in one order: the guide says who moves where the script leaves it free.

use super::touching::Known;
use super::{Diverged, Play, Words};
use crate::compare;
use crate::journal::Mismatch;
use crate::operation;
use crate::run::divergence::{self, Told};
use crate::run::explore::{Choice, Guide, Node};
use crate::run::stage::{Change, Condition, Patience};
use crate::scenario::{ActorId, Alternative, Bind, Call, Expectation, Line, Step, What, show};
use crate::syntax::ast::Quantifier;
use crate::value::{Outcome, Type, Value};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What one order has beyond a straight run.
#[derive(Debug)]
pub struct Order {
    /// Who moves.
    pub guide: Guide,
    /// What has happened, as the lines of a script without `interleave`.
    pub lines: Vec<Line>,
    /// How each `expect` was judged that was reached, by its step.
    pub judged: Vec<(usize, Held)>,
    /// Steps that have ended or stopped somebody, as nobody could know before.
    pub ended: Vec<usize>,
    /// Steps that stand in `lines` already, at the place where what they announce happened.
    announced: Vec<usize>,
    /// A step has made later ones touch more than they say.
    pub(super) touches_all: bool,
}

/// How an `expect` was judged in one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// It is so.
    Holds,
    /// It is not.
    Fails,
    /// A name has no value in this order.
    NoValue,
}

/// How an order came to its end.
#[derive(Debug)]
pub enum Finish {
    /// All steps were taken.
    Complete,
    /// These actors wait, and nobody can move.
    Deadlock(Vec<ActorId>),
    /// A step was not met.
    Diverged(Box<Mismatch>),
    /// It differs from others only in steps that touch no common object, and was left.
    Redundant,
    /// This actor was to move, and could not.
    Impossible(ActorId),
}

/// Why an order does not go on.
enum Stop {
    Diverged(Diverged),
    Finish(Finish),
}

impl From<Diverged> for Stop {
    fn from(mismatch: Diverged) -> Self {
        Self::Diverged(mismatch)
    }
}

/// The longest text that is told as a value, in bytes.
const SHORT: usize = 24;

/// Steps that are left, by their actors.
type Left = Vec<(ActorId, Vec<usize>)>;

impl Order {
    /// An order that `guide` will choose.
    pub fn new(guide: Guide) -> Self {
        let (lines, judged, ended, announced) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { guide, lines, judged, ended, announced, touches_all: false }
    }

    fn takes(&mut self, step: usize) {
        if !self.announced.contains(&step) {
            self.lines.push(Line::Takes(step));
        }
    }
}

impl Play<'_> {
    /// Plays all steps, those of each `interleave` as the guide of `order` has it.
    pub fn run_order(&mut self, order: &mut Order) -> Finish {
        match self.all_steps(order) {
            Ok(()) => Finish::Complete,
            Err(Stop::Diverged(mismatch)) => Finish::Diverged(mismatch),
            Err(Stop::Finish(finish)) => finish,
        }
    }

    fn all_steps(&mut self, order: &mut Order) -> Result<(), Stop> {
        self.look_at_places();
        let scenario = self.scenario;
        let mut index = 0;
        while let Some(step) = scenario.steps.get(index) {
            let block = scenario.interleavings.iter().find(|block| block.start == index && !block.is_empty());
            if let Some(block) = block {
                self.nothing_unsaid()?;
                order.guide.begin();
                self.block(order, block)?;
                index = block.end;
                continue;
            }
            self.pulse.beat(index);
            self.now = index;
            order.takes(index);
            match &step.what {
                What::Expect { quantifier, .. } => {
                    self.nothing_unsaid()?;
                    let judged = self.judge_expect(step);
                    order.judged.push((index, judged));
                    if self.log.is_kept() {
                        let seen = match judged {
                            Held::Holds => "holds",
                            Held::Fails => "does not hold",
                            Held::NoValue => "has no value",
                        };
                        let met = match quantifier {
                            Quantifier::Always => judged == Held::Holds,
                            Quantifier::Never => judged != Held::Holds,
                            // Another order may show it.
                            Quantifier::Sometimes => true,
                        };
                        self.write_expect(step, seen, met);
                    }
                }
                what => {
                    if let What::Call(call) = what {
                        self.look_at_touch(order, call);
                    }
                    self.take(index, step)?;
                }
            }
            index += 1;
        }
        self.pulse.beat(scenario.steps.len());
        self.now = scenario.steps.len();
        self.nothing_unsaid()?;
        Ok(self.nobody_left_blocked()?)
    }

    /// The steps of an `interleave`.
    fn block(&mut self, order: &mut Order, block: &Range<usize>) -> Result<(), Stop> {
        let mut left = self.by_actor(block);
        let actors: Vec<ActorId> = left.iter().map(|(actor, _)| *actor).collect();
        loop {
            left.retain(|(actor, steps)| !steps.is_empty() && !matches!(self.stage.condition(*actor), Condition::Gone(_)));
            let node = self.node(&left, &actors);
            if node.enabled.is_empty() {
                match self.stage.first_sleeper(&actors) {
                    Some(sleeper) => self.end_sleep(order, block, sleeper)?,
                    None => return self.end_of_block(block, &left, &actors),
                }
                continue;
            }
            let choice = {
                let touching = order.guide.reduces().then(|| self.touching(order, &node));
                let mut touch = |one, other| touching.as_ref().is_none_or(|touching| touching.meet(one, other));
                order.guide.choose(&node, &mut touch)
            };
            let actor = match choice {
                Choice::Move(actor) => actor,
                Choice::Nothing => return Err(Stop::Finish(Finish::Redundant)),
                Choice::Impossible(actor) => return Err(Stop::Finish(Finish::Impossible(actor))),
            };
            let steps = left.iter_mut().find(|(other, _)| *other == actor);
            let Some(index) = steps.map(|(_, steps)| steps.remove(0)) else { return Ok(()) };
            self.free_step(order, block, index)?;
        }
    }

    fn by_actor(&self, block: &Range<usize>) -> Left {
        let mut left: Left = Vec::new();
        for index in block.clone() {
            let Some(What::Call(call)) = self.scenario.steps.get(index).map(|step| &step.what) else { continue };
            match left.iter_mut().find(|(actor, _)| *actor == call.actor) {
                Some((_, steps)) => steps.push(index),
                None => left.push((call.actor, vec![index])),
            }
        }
        left.sort_by_key(|(actor, _)| *actor);
        left
    }

    fn node(&self, left: &Left, actors: &[ActorId]) -> Node {
        let is_idle = |actor: &ActorId| self.stage.condition(*actor) == Condition::Idle;
        let pending = |actor: &ActorId| match self.stage.condition(*actor) {
            Condition::Pending(_) => self.history.pending_since(*actor),
            _ => None,
        };
        Node {
            enabled: left.iter().map(|(actor, _)| *actor).filter(is_idle).collect(),
            left: left.clone(),
            pending: actors.iter().filter_map(pending).collect(),
        }
    }

    /// Nobody can move: because all is done, or because some wait for ever.
    fn end_of_block(&self, block: &Range<usize>, left: &Left, actors: &[ActorId]) -> Result<(), Stop> {
        let waits = |actor: &ActorId| {
            let since = match self.stage.condition(*actor) {
                Condition::Pending(_) => self.history.pending_since(*actor),
                _ => None,
            };
            let Some(since) = since else { return false };
            let has_more = left.iter().any(|(other, _)| other == actor);
            has_more || (block.contains(&since) && !self.may_block(since))
        };
        let waiting: Vec<ActorId> = actors.iter().copied().filter(waits).collect();
        if waiting.is_empty() { Ok(()) } else { Err(Stop::Finish(Finish::Deadlock(waiting))) }
    }

    /// Whether the script says of a step inside that it blocks.
    fn may_block(&self, step: usize) -> bool {
        let Some(What::Call(call)) = self.scenario.steps.get(step).map(|step| &step.what) else { return false };
        waits(&call.expectation)
    }

    /// A step inside: it may wait, and wake others, as the order has it.
    fn free_step(&mut self, order: &mut Order, block: &Range<usize>, index: usize) -> Result<(), Stop> {
        let scenario = self.scenario;
        let Some(step) = scenario.steps.get(index) else { return Ok(()) };
        let What::Call(call) = &step.what else { return Ok(()) };
        let Some(operation) = operation::at(call.operation) else { return Ok(()) };
        self.pulse.beat(index);
        self.now = index;
        let args = self.arguments(step, call)?;
        let everything = self.look_at_touch(order, call);
        let outcome = self.ask(step, call, operation, &args, Patience::UntilItSleeps)?;
        let (outcome, changes) = self.settled(call, operation, outcome);
        self.note(index, call.actor, &outcome);
        self.history.succeeded(index, call, operation.name, &args, &outcome);
        let ended =
            |outcome: &Outcome| matches!(outcome, Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended | Outcome::Stopped);
        if !everything && (ended(&outcome) || changes.iter().any(|change| ended(&change.outcome))) {
            order.ended.push(index);
        }
        match outcome {
            Outcome::Blocked if !waits(&call.expectation) => {
                self.write(step, call.actor, &self.with_name(call, &call.text), "blocks".into(), true, false);
                order.lines.push(Line::Blocks(index));
            }
            Outcome::Sleeping if !waits(&call.expectation) => {
                self.write(step, call.actor, &self.with_name(call, &call.text), "sleeps".into(), true, false);
                order.lines.push(Line::Sleeps(index));
            }
            _ => {
                order.takes(index);
                self.judge_call(index, step, call, operation, &outcome)?;
            }
        }
        for change in changes {
            self.happened(order, block, index, change)?;
        }
        Ok(())
    }

    /// Takes note of a call after which others touch more than they say; gives whether it touches everything itself.
    fn look_at_touch(&self, order: &mut Order, call: &Call) -> bool {
        if !order.guide.reduces() {
            return true;
        }
        let footprint = self.footprint(order, call, Known::Now);
        order.touches_all |= footprint.lasts();
        footprint.is_everything()
    }

    /// Waits for the time limit of a call inside, since nobody else can move.
    fn end_sleep(&mut self, order: &mut Order, block: &Range<usize>, actor: ActorId) -> Result<(), Stop> {
        let Some((_, operation)) = self.pending_call(actor) else { return Ok(()) };
        let index = self.history.pending_since(actor).unwrap_or(self.now);
        let outcome = self.stage.await_sleeper(actor);
        let changes = self.stage.settle(actor, operation);
        self.happened(order, block, index, Change { actor, outcome })?;
        for change in changes {
            self.happened(order, block, index, change)?;
        }
        Ok(())
    }

    /// Something happened to another actor: inside, nobody has to announce it.
    fn happened(&mut self, order: &mut Order, block: &Range<usize>, cause: usize, change: Change) -> Result<(), Stop> {
        let Change { actor, outcome } = change;
        self.note(cause, actor, &outcome);
        let since = self.history.pending_since(actor).filter(|since| block.contains(since));
        let steps = self.scenario.steps.get(block.clone()).unwrap_or(&[]);
        let takes_part = steps.iter().any(|step| matches!(&step.what, What::Call(call) if call.actor == actor));
        if since.is_none() && !takes_part {
            order.announce(self.announcement(block, actor));
            self.unsaid.push((Change { actor, outcome }, cause));
            return Ok(());
        }
        match outcome {
            Outcome::Died(signal) => order.lines.push(Line::Dies(actor, signal)),
            Outcome::Exited(status) => order.lines.push(Line::Exits(actor, status)),
            Outcome::Ended => {}
            _ if since.is_none() => {
                let announcement = self.announcement(block, actor);
                if announcement.is_none() {
                    self.returned_at_last(order, actor, &outcome);
                    return Ok(());
                }
                order.announce(announcement);
                self.unsaid.push((Change { actor, outcome }, cause));
                return Ok(());
            }
            _ => {
                let says_only_waits = self.pending_call(actor).is_some_and(|(call, _)| waits(&call.expectation));
                order.lines.push(match outcome {
                    Outcome::Failed(errno) if says_only_waits => Line::Fails(actor, errno),
                    _ => Line::Resumes(actor),
                });
            }
        }
        let Some(since) = since else { return Ok(()) };
        let scenario = self.scenario;
        let Some((step, (call, operation))) = scenario.steps.get(since).zip(self.pending_call(actor)) else { return Ok(()) };
        let ended = matches!(outcome, Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended);
        if ended && !ends(&call.expectation) || waits(&call.expectation) {
            return Ok(());
        }
        let outcome = match outcome {
            Outcome::Returned(value) => Outcome::Returned(self.knowledge.normal(value)),
            other => other,
        };
        let met = self.judge(step, &call.expectation, &outcome)?;
        self.record(step, Words { actor, text: "resumes", call }, &call.expectation, &outcome, operation, met);
        if !met {
            let told = Told { outcome, cause };
            let facts = self.facts();
            return Err(divergence::resumed_otherwise(&facts, step, actor, &call.expectation, operation, &told).into());
        }
        self.bind(call, &outcome);
        self.history.resumed(actor, &outcome);
        Ok(())
    }

    /// A call that has waited since before the block has returned, and its actor has further steps inside, where nobody has to announce it.
    fn returned_at_last(&mut self, order: &mut Order, actor: ActorId, outcome: &Outcome) {
        order.lines.push(if let Outcome::Failed(errno) = outcome { Line::Fails(actor, *errno) } else { Line::Resumes(actor) });
        let scenario = self.scenario;
        let since = self.history.pending_since(actor).and_then(|since| scenario.steps.get(since));
        let Some((step, (call, _))) = since.zip(self.pending_call(actor)) else { return };
        let seen = if let Outcome::Failed(errno) = outcome { errno.to_string() } else { "ok".to_owned() };
        self.write(step, actor, "resumes", seen, true, false);
        let outcome = match outcome {
            Outcome::Returned(value) => Outcome::Returned(self.knowledge.normal(value.clone())),
            other => other.clone(),
        };
        self.bind(call, &outcome);
        if let Some(pending) = self.history.pending.get_mut(usize::from(actor)) {
            *pending = None;
        }
    }

    /// What came of a call, where orders may differ in it: the error that was seen of several that may be, and what is bound. Numbers that
    /// mean something in this run alone, and what has parts, are left out.
    pub(super) fn telling(&self, call: &Call, expectation: &Expectation, outcome: &Outcome) -> Option<String> {
        let value = match outcome {
            Outcome::Failed(errno) => return (expectation.alternatives.len() > 1).then(|| errno.to_string()),
            Outcome::Returned(value) => value,
            _ => return None,
        };
        let Bind::One(slot) = call.bind else { return None };
        let ty = self.scenario.slots.get(slot).map_or(Type::Any, |slot| slot.ty);
        let is_short = match value {
            Value::Int(number) => !matches!(ty, Type::Handle(_) | Type::Pid) && number.abs() <= i128::from(u32::MAX),
            Value::Bytes(bytes) => bytes.len() <= SHORT,
            _ => false,
        };
        let says_little = expectation.alternatives.iter().any(|one| matches!(one, Alternative::Ok | Alternative::Gives(_)));
        (is_short && says_little).then(|| show(value, &ty, &self.view()))
    }

    /// A call with the name that it binds.
    pub(super) fn with_name(&self, call: &Call, text: &str) -> String {
        match call.bind {
            Bind::One(slot) if text != "resumes" => {
                let name = self.scenario.slots.get(slot).map_or("_", |slot| slot.name.as_str());
                format!("{name} = {text}")
            }
            _ => match call.child.and_then(|child| self.scenario.actors.get(usize::from(child))) {
                Some(child) if text != "resumes" && !child.name.starts_with('#') => format!("{} = {text}", child.name),
                _ => text.to_owned(),
            },
        }
    }

    /// The line behind the block that says what happened to an actor which takes no part in it.
    fn announcement(&self, block: &Range<usize>, actor: ActorId) -> Option<usize> {
        let steps = self.scenario.steps.iter().enumerate().skip(block.end);
        let mut lines = steps.filter(|(_, step)| match &step.what {
            What::Resumes { actors, .. } | What::Dies { actors, .. } | What::Exits { actors, .. } => actors.contains(&actor),
            _ => false,
        });
        lines.next().map(|(index, _)| index)
    }

    fn judge_expect(&self, step: &Step) -> Held {
        let What::Expect { value, pattern, .. } = &step.what else { return Held::NoValue };
        match compare::judge(value, pattern.as_ref(), &self.view()) {
            Ok((true, _)) => Held::Holds,
            Ok((false, _)) => Held::Fails,
            Err(_) => Held::NoValue,
        }
    }
}

impl Order {
    fn announce(&mut self, line: Option<usize>) {
        if let Some(line) = line.filter(|line| !self.announced.contains(line)) {
            self.lines.push(Line::Takes(line));
            self.announced.push(line);
        }
    }
}

/// Whether a call may wait, by what is expected of it.
fn waits(expectation: &Expectation) -> bool {
    expectation.alternatives.iter().any(|one| matches!(one, Alternative::Blocks | Alternative::Sleeps))
}

/// Whether a call may end its caller, by what is expected of it.
fn ends(expectation: &Expectation) -> bool {
    expectation.alternatives.iter().any(|one| matches!(one, Alternative::Dies(_) | Alternative::Exits(_)))
}
