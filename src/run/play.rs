//! A scenario's steps, one after the other, against the actors on stage: what was expected, what came, what it did to others.

mod effects;
mod free;
mod objects;
mod touching;

pub use effects::Places;
pub use free::{Finish, Held, Order};

use super::channel::Command;
use super::divergence::{self, Facts, Told};
use super::history::History;
use super::knowledge::{Knowledge, View};
use super::limits::{self, Limits};
use super::log::Log;
use super::pulse::Pulse;
use super::stage::{Change, Condition, Patience, Stage, Wait};
use crate::compare;
use crate::journal::{Event, Mismatch, Taken};
use crate::operation::{self, Operation};
use crate::scenario::{
    ActorId, Alternative, Bind, Call, Expectation, Expr, Names, Pattern, Scenario, SlotId, Step, What, evaluate, resolve,
    show_outcome,
};
use crate::text::Source;
use crate::value::{Errno, Outcome, Type, Value};

/// A run of one scenario.
#[derive(Debug)]
pub struct Play<'a> {
    /// What is played.
    pub scenario: &'a Scenario,
    /// Every text of the run.
    pub sources: &'a [Source],
    /// Who plays.
    pub stage: Stage,
    /// What is known.
    pub knowledge: Knowledge,
    /// What has happened.
    pub history: History,
    /// Where it is written down.
    pub log: &'a mut Log,
    /// The sign of life.
    pub pulse: Pulse,
    /// What steps did to others and no line has said yet, with the step that did it.
    pub unsaid: Vec<(Change, usize)>,
    /// Actors of which the script has said that they stay blocked.
    pub known_blocked: Vec<ActorId>,
    /// The step that is being taken.
    pub now: usize,
    /// What the world may use.
    pub limits: Limits,
    /// Where everybody and everything is.
    pub places: Places,
}

/// Who said what, and which call it is about.
#[derive(Debug, Clone, Copy)]
struct Words<'c> {
    actor: ActorId,
    text: &'c str,
    call: &'c Call,
}

/// The end of a run that did not go as expected.
type Diverged = Box<Mismatch>;

/// Nanoseconds between two questions of an `eventually`, and how many are asked at most: five seconds in all.
const QUESTION: u32 = 1_000_000;
const QUESTIONS: u32 = 5_000;

impl<'a> Play<'a> {
    /// Plays all steps, to the end or the first divergence.
    ///
    /// # Errors
    ///
    /// The divergence.
    pub fn run(&mut self) -> Result<(), Diverged> {
        self.look_at_places();
        let scenario = self.scenario;
        for (index, step) in scenario.steps.iter().enumerate() {
            self.pulse.beat(index);
            self.now = index;
            self.take(index, step)?;
        }
        self.pulse.beat(scenario.steps.len());
        self.now = scenario.steps.len();
        self.nothing_unsaid()?;
        self.nobody_left_blocked()
    }

    fn take(&mut self, index: usize, step: &Step) -> Result<(), Diverged> {
        match &step.what {
            What::Call(call) => {
                if !step.same_line {
                    self.nothing_unsaid()?;
                }
                self.call(index, step, call)
            }
            What::Resumes { actors, expectation } => {
                actors.iter().try_for_each(|&actor| self.resumes(index, step, actor, expectation))
            }
            What::Dies { actors, signal } => {
                let expected = Alternative::Dies(signal.clone());
                actors.iter().try_for_each(|&actor| self.ends(step, actor, &expected))
            }
            What::Exits { actors, status } => {
                let expected = Alternative::Exits(Pattern::Equal(status.clone()));
                actors.iter().try_for_each(|&actor| self.ends(step, actor, &expected))
            }
            What::StaysBlocked { actors } => actors.iter().try_for_each(|&actor| self.stays_blocked(step, actor)),
            What::Expect { value, pattern, .. } => {
                self.nothing_unsaid()?;
                self.expect(step, value, pattern.as_ref())
            }
            What::ExpectDeadlock(_) => Ok(()),
        }
    }

    fn call(&mut self, index: usize, step: &Step, call: &Call) -> Result<(), Diverged> {
        let Some(operation) = operation::at(call.operation) else { return Ok(()) };
        if self.stage.condition(call.actor) != Condition::Idle {
            return Err(divergence::cannot_act(&self.facts(), step, call));
        }
        let args = self.arguments(step, call)?;
        let waits = |alternative: &Alternative| matches!(alternative, Alternative::Sleeps | Alternative::Blocks);
        let patience =
            if call.expectation.alternatives.iter().any(waits) { Patience::UntilItSleeps } else { Patience::UntilItsEnd };
        let outcome = self.ask(step, call, operation, &args, patience)?;
        let (outcome, changes) = self.settled(call, operation, outcome);
        self.note(index, call.actor, &outcome);
        self.history.succeeded(index, call, operation.name, &args, &outcome);
        for change in changes {
            self.note(index, change.actor, &change.outcome);
            self.unsaid.push((change, index));
        }
        self.judge_call(index, step, call, operation, &outcome)
    }

    /// Has a call made: again and again where `eventually` says so.
    fn ask(
        &mut self,
        step: &Step,
        call: &Call,
        operation: &Operation,
        args: &[Value],
        patience: Patience,
    ) -> Result<Outcome, Diverged> {
        let mut outcome = self.perform(call, operation, args, patience);
        if call.expectation.eventually {
            for _ in 0..QUESTIONS {
                if self.judge(step, &call.expectation, &outcome)? {
                    break;
                }
                super::stage::pause(QUESTION);
                outcome = self.perform(call, operation, args, patience);
            }
        }
        Ok(outcome)
    }

    /// Waits until everybody has settled; gives what came of the call then, and what it did to others.
    fn settled(&mut self, call: &Call, operation: &Operation, mut outcome: Outcome) -> (Outcome, Vec<Change>) {
        let mut changes = self.stage.settle(call.actor, operation);
        // It slept for no longer than the others needed for their part: who was quicker is nobody's business.
        if outcome == Outcome::Blocked
            && let Some(place) = changes.iter().position(|change| change.actor == call.actor)
        {
            outcome = match changes.remove(place).outcome {
                Outcome::Returned(value) => Outcome::Returned(self.knowledge.normal(value)),
                other => other,
            };
        }
        (outcome, changes)
    }

    /// Writes down what came of a call, and binds it, or says why it is not as expected.
    fn judge_call(
        &mut self,
        index: usize,
        step: &Step,
        call: &Call,
        operation: &Operation,
        outcome: &Outcome,
    ) -> Result<(), Diverged> {
        let met = self.judge(step, &call.expectation, outcome)?;
        self.record(step, Words { actor: call.actor, text: &call.text, call }, &call.expectation, outcome, operation, met);
        if !met {
            let hit = limits::behind(&self.stage, call.actor, operation, outcome, &self.limits);
            return Err(match hit {
                Some(hit) => Box::new(limits::mismatch(self.scenario, self.sources, index, hit, &self.limits)),
                None => divergence::outcome(&self.facts(), call, operation, outcome),
            });
        }
        self.bind(call, outcome);
        Ok(())
    }

    fn perform(&mut self, call: &Call, operation: &Operation, args: &[Value], patience: Patience) -> Outcome {
        let command = Command { operation: call.operation, args: args.to_vec(), child: call.child };
        match self.stage.perform(call.actor, operation, command, patience) {
            Outcome::Returned(value) => Outcome::Returned(self.knowledge.normal(value)),
            other => other,
        }
    }

    fn arguments(&self, step: &Step, call: &Call) -> Result<Vec<Value>, Diverged> {
        let view = self.view();
        let args = call.args.iter().map(|arg| evaluate(arg, &view).map(|value| resolve(value, &view)));
        args.collect::<Result<_, _>>().map_err(|why| divergence::no_value(&self.facts(), step.span, &why))
    }

    fn judge(&self, step: &Step, expectation: &Expectation, outcome: &Outcome) -> Result<bool, Diverged> {
        compare::meets(expectation, outcome, &self.view()).map_err(|why| divergence::no_value(&self.facts(), step.span, &why))
    }

    fn bind(&mut self, call: &Call, outcome: &Outcome) {
        let slots: &[SlotId] = match &call.bind {
            Bind::Nothing => &[],
            Bind::One(slot) => std::slice::from_ref(slot),
            Bind::Elements(slots) => slots,
        };
        match (outcome, &call.bind) {
            (Outcome::Returned(value), Bind::One(slot)) => self.knowledge.bind(*slot, value.clone()),
            (Outcome::Returned(Value::List(items)), Bind::Elements(_)) => {
                slots.iter().zip(items).for_each(|(slot, item)| self.knowledge.bind(*slot, item.clone()));
            }
            (Outcome::Failed(errno), _) => slots.iter().for_each(|slot| self.knowledge.fail(*slot, *errno)),
            _ => {}
        }
    }

    /// The pending call of `actor` has returned, because of the step before, or by its own time limit.
    fn resumes(&mut self, index: usize, step: &Step, actor: ActorId, expectation: &Expectation) -> Result<(), Diverged> {
        let told = match self.said(actor) {
            Some(told) => told,
            None if self.stage.condition(actor) == Condition::Pending(Wait::Sleeping) => {
                Told { outcome: self.wake_by_time(index, actor)?, cause: index }
            }
            None => return Err(divergence::not_resumed(&self.facts(), step, actor)),
        };
        let outcome = &told.outcome;
        let met = self.judge(step, expectation, outcome)?;
        let Some((call, operation)) = self.pending_call(actor) else {
            return Err(divergence::not_resumed(&self.facts(), step, actor));
        };
        self.record(step, Words { actor, text: "resumes", call }, expectation, outcome, operation, met);
        if !met {
            return Err(divergence::resumed_otherwise(&self.facts(), step, actor, expectation, operation, &told));
        }
        self.bind(call, outcome);
        self.history.resumed(actor, outcome);
        Ok(())
    }

    /// Waits for the time limit of a call, and looks at what its return did to the others.
    fn wake_by_time(&mut self, index: usize, actor: ActorId) -> Result<Outcome, Diverged> {
        let Some((_, operation)) = self.pending_call(actor) else { return Ok(Outcome::Failed(Errno::EAGAIN)) };
        let outcome = self.stage.await_sleeper(actor);
        for change in self.stage.settle(actor, operation) {
            self.note(index, change.actor, &change.outcome);
            self.unsaid.push((change, index));
        }
        Ok(outcome)
    }

    fn ends(&mut self, step: &Step, actor: ActorId, expected: &Alternative) -> Result<(), Diverged> {
        let Some(told) = self.said(actor) else {
            return Err(divergence::not_ended(&self.facts(), step, actor));
        };
        let text = self.facts().text(step);
        let text = text.split_once(':').map_or(text.as_str(), |(_, what)| what).trim().to_owned();
        let gives = Type::Any;
        let expectation = Expectation { alternatives: vec![expected.clone()], eventually: false, span: step.span, text, gives };
        let met = self.judge(step, &expectation, &told.outcome)?;
        let shown = show_outcome(&told.outcome, &Type::Any, &self.view());
        self.write(step, actor, &expectation.text, if met { expectation.text.clone() } else { shown }, met, false);
        if !met {
            return Err(divergence::ended_otherwise(&self.facts(), step, actor, &told));
        }
        Ok(())
    }

    fn stays_blocked(&mut self, step: &Step, actor: ActorId) -> Result<(), Diverged> {
        let changed = self.unsaid.iter().any(|(change, _)| change.actor == actor);
        let pending = matches!(self.stage.condition(actor), Condition::Pending(_));
        let met = pending && !changed;
        let seen = if met { "stays blocked" } else { "does not" };
        self.write(step, actor, "stays blocked", seen.to_owned(), met, false);
        if !met {
            let told = self.said(actor);
            return Err(divergence::not_blocked(&self.facts(), step, actor, told.as_ref()));
        }
        self.known_blocked.push(actor);
        Ok(())
    }

    fn expect(&mut self, step: &Step, value: &Expr, pattern: Option<&Pattern>) -> Result<(), Diverged> {
        let judged = compare::judge(value, pattern, &self.view());
        let (met, seen) = judged.map_err(|why| divergence::no_value(&self.facts(), step.span, &why))?;
        self.write_expect(step, if met { "holds" } else { "does not hold" }, met);
        if met { Ok(()) } else { Err(divergence::not_held(&self.facts(), step, value, pattern, &seen)) }
    }

    fn write_expect(&mut self, step: &Step, outcome: &str, met: bool) {
        let (call, line) = (self.facts().text(step), self.line(step));
        let outcome = outcome.to_owned();
        self.log.write(Event::Step(Taken { actor: String::new(), call, line, outcome, met, eventually: false, effects: None }));
    }

    /// Every change must be said on the lines right after the step that made it.
    fn nothing_unsaid(&mut self) -> Result<(), Diverged> {
        if self.unsaid.is_empty() { Ok(()) } else { Err(divergence::unsaid(&self.facts(), &self.unsaid)) }
    }

    fn nobody_left_blocked(&self) -> Result<(), Diverged> {
        let actors = 0..ActorId::try_from(self.scenario.actors.len()).unwrap_or(ActorId::MAX);
        let stuck = |actor: &ActorId| {
            matches!(self.stage.condition(*actor), Condition::Pending(Wait::Blocked | Wait::Program))
                && !self.known_blocked.contains(actor)
        };
        let left: Vec<ActorId> = actors.filter(stuck).collect();
        if left.is_empty() { Ok(()) } else { Err(divergence::left_blocked(&self.facts(), &left)) }
    }

    /// Takes what happened to `actor` off the list of what must be said.
    fn said(&mut self, actor: ActorId) -> Option<Told> {
        let place = self.unsaid.iter().position(|(change, _)| change.actor == actor)?;
        let (change, cause) = self.unsaid.remove(place);
        Some(Told { outcome: change.outcome, cause })
    }

    fn note(&mut self, index: usize, actor: ActorId, outcome: &Outcome) {
        let place = usize::from(actor);
        match outcome {
            Outcome::Blocked | Outcome::Sleeping | Outcome::Stopped => self.history.pending[place] = Some(index),
            Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended => self.history.ended[place] = Some(index),
            _ => {}
        }
        self.known_blocked.retain(|known| *known != actor || matches!(outcome, Outcome::Blocked | Outcome::Sleeping));
    }

    fn pending_call(&self, actor: ActorId) -> Option<(&'a Call, &'static Operation)> {
        let scenario: &'a Scenario = self.scenario;
        let step = scenario.steps.get(self.history.pending_since(actor)?)?;
        let What::Call(call) = &step.what else { return None };
        Some((call, operation::at(call.operation)?))
    }

    fn record(
        &mut self,
        step: &Step,
        words: Words<'_>,
        expectation: &Expectation,
        outcome: &Outcome,
        operation: &Operation,
        met: bool,
    ) {
        let is_read = self.log.is_read();
        if is_read || self.places.matter() {
            self.places.effects = self.effects(words.call, operation, outcome);
        }
        if !is_read {
            return;
        }
        let Words { actor, text, call } = words;
        let seen = if met { expectation.text.clone() } else { divergence::seen(&self.facts(), expectation, operation, outcome) };
        if self.log.is_kept() {
            let seen = self.telling(call, expectation, outcome).unwrap_or(seen);
            self.write(step, actor, &self.with_name(call, text), seen, met, expectation.eventually);
        } else {
            self.write(step, actor, text, seen, met, expectation.eventually);
        }
    }

    fn write(&mut self, step: &Step, actor: ActorId, call: &str, outcome: String, met: bool, eventually: bool) {
        let actor = self.view().actor_name(actor);
        let line = self.line(step);
        let (call, effects) = (call.to_owned(), self.places.effects.take());
        self.log.write(Event::Step(Taken { actor, call, line, outcome, met, eventually, effects }));
    }

    fn line(&self, step: &Step) -> usize {
        self.sources.get(step.span.source as usize).map_or(0, |source| source.line(step.span.start as usize))
    }

    /// What is known now.
    pub fn view(&self) -> View<'_> {
        View { knowledge: &self.knowledge, stage: &self.stage, scenario: self.scenario }
    }

    /// What a report of a divergence may draw on.
    pub fn facts(&self) -> Facts<'_> {
        Facts { view: self.view(), history: &self.history, sources: self.sources, now: self.now }
    }
}
