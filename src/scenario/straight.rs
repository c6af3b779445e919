//! One order of a scenario with `interleave` as a scenario without: every step has its place, and all that was unannounced is said.

use super::{ActorId, Alternative, Call, Expectation, Expr, Line, Pattern, Scenario, Step, What, Wording, Written};
use crate::syntax::ast::Quantifier;
use crate::text::Span;
use crate::value::{Type, Value};
use std::collections::HashMap;

/// Which `expect` of a scenario one of its orders is held to. `expect … deadlock` speaks of all of them, and is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// None: only the steps themselves.
    Nothing,
    /// Those that hold in every order.
    Always,
    /// The one that is this step: `expect never` as its opposite, `expect sometimes` as if it stood for this order alone.
    One(usize),
}

/// The scenario that takes the steps of `scenario` as `lines` have them. `schedule` is the order for people, `a1 b1 a2`, and goes into the title;
/// an empty one leaves the title as it is.
///
/// Steps keep their places in the source, so that what diverges is shown where the person wrote it; what a line announces stands where the pending
/// call of its actor does, or, where there is none, at the step before it. An actor that the order does not bring is born behind the last step. The
/// numbers of actors and names stay; they are called as [`Written`] has them.
pub fn straight(scenario: &Scenario, lines: &[Line], judged: Judged, schedule: &str) -> Scenario {
    let mut order = Order { scenario, steps: Vec::new(), words: Vec::new(), pending: HashMap::new(), taken: HashMap::new() };
    for line in lines {
        order.line(line, judged);
    }
    let Order { steps, words, taken, .. } = order;
    let mut actors = scenario.actors.clone();
    let mut slots = scenario.slots.clone();
    for actor in &mut actors {
        actor.born = actor.born.map(|(parent, step)| (parent, taken.get(&step).copied().unwrap_or(steps.len())));
    }
    let written = scenario.written.as_ref().map(|written| {
        actors.iter_mut().zip(&written.actors).for_each(|(actor, called)| actor.name.clone_from(called));
        slots.iter_mut().zip(&written.slots).for_each(|(slot, called)| slot.name.clone_from(called));
        let (items, actors, slots) = (written.items.clone(), written.actors.clone(), written.slots.clone());
        Written { items, actors, slots, lines: words, denials: Vec::new() }
    });
    let suffix = if schedule.is_empty() { String::new() } else { format!(" (in the order {schedule})") };
    let parameters = scenario.id.rsplit_once(&scenario.title).map_or("", |(_, parameters)| parameters);
    Scenario {
        id: format!("{}{suffix}", scenario.id),
        title: format!("{}{parameters}{suffix}", scenario.title),
        docs: scenario.docs.clone(),
        source: scenario.source,
        span: scenario.span,
        needs: scenario.needs.clone(),
        actors,
        slots,
        steps,
        interleavings: Vec::new(),
        written,
    }
}

/// A straight line as it is put together.
struct Order<'s> {
    scenario: &'s Scenario,
    steps: Vec<Step>,
    words: Vec<Wording>,
    /// The step of each actor whose call has not returned.
    pending: HashMap<ActorId, usize>,
    /// Where each step of the scenario has gone.
    taken: HashMap<usize, usize>,
}

impl<'s> Order<'s> {
    fn line(&mut self, line: &Line, judged: Judged) {
        match *line {
            Line::Takes(step) => self.takes(step, judged),
            Line::Blocks(step) => self.waits(step, Alternative::Blocks, "blocks"),
            Line::Sleeps(step) => self.waits(step, Alternative::Sleeps, "sleeps"),
            Line::Resumes(actor) => self.resumes(actor),
            Line::Fails(actor, errno) => {
                let call = self.pending_call(actor);
                let expectation = plain(Alternative::Fails(errno), &errno.to_string(), call, self.scenario.span);
                self.announces(
                    actor,
                    What::Resumes { actors: vec![actor], expectation },
                    "resumes".into(),
                    Some(errno.to_string()),
                );
            }
            Line::Dies(actor, signal) => {
                let what = What::Dies { actors: vec![actor], signal: Expr::Literal(Value::from(signal.0)) };
                self.announces(actor, what, format!("dies {signal}"), None);
            }
            Line::Exits(actor, status) => {
                let what = What::Exits { actors: vec![actor], status: Expr::Literal(Value::from(status)) };
                self.announces(actor, what, format!("exits {status}"), None);
            }
        }
    }

    fn takes(&mut self, index: usize, judged: Judged) {
        let Some(step) = self.scenario.steps.get(index) else { return };
        let mut step = step.clone();
        let mut words = self.words_of(index);
        match &mut step.what {
            What::ExpectDeadlock(_) => return,
            What::Expect { quantifier, .. } => {
                let kept = match judged {
                    Judged::Nothing => false,
                    Judged::Always => *quantifier == Quantifier::Always,
                    Judged::One(one) => one == index,
                };
                if !kept {
                    return;
                }
                let mut denials = self.scenario.written.iter().flat_map(|written| &written.denials);
                match (&quantifier, denials.find(|denial| denial.step == index)) {
                    (Quantifier::Never, Some(denial)) => {
                        step.what = denial.what.clone();
                        words = denial.wording.clone();
                    }
                    _ => *quantifier = Quantifier::Always,
                }
            }
            What::Call(call) => {
                if call.expectation.alternatives.iter().any(waits) {
                    self.pending.insert(call.actor, index);
                } else {
                    self.pending.remove(&call.actor);
                }
            }
            What::Resumes { actors, .. } | What::Dies { actors, .. } | What::Exits { actors, .. } => {
                self.pending.retain(|actor, _| !actors.contains(actor));
            }
            What::StaysBlocked { .. } => {}
        }
        // Two actors of one line are two lines where the order is free: what the first did is said before the second acts.
        let follows = index > 0 && self.taken.get(&(index - 1)) == self.steps.len().checked_sub(1).as_ref();
        step.same_line &= follows && !self.is_free(index);
        self.place(index, step, words);
    }

    /// The call of `index`, which does not return at once.
    fn waits(&mut self, index: usize, how: Alternative, text: &str) {
        let Some(mut step) = self.scenario.steps.get(index).cloned() else { return };
        let What::Call(call) = &mut step.what else { return };
        self.pending.insert(call.actor, index);
        call.expectation = plain(how, text, Some(call), call.span);
        step.same_line = false;
        let words = Wording { outcome: Some(text.to_owned()), ..self.words_of(index) };
        self.place(index, step, words);
    }

    /// The pending call of `actor` has come to what its step says; to success where that says only that it waits.
    fn resumes(&mut self, actor: ActorId) {
        let pending = self.pending.get(&actor).copied();
        let call = self.pending_call(actor);
        let own = call.map(|call| &call.expectation).filter(|own| !own.alternatives.iter().any(waits));
        let expectation = own.cloned().unwrap_or_else(|| plain(Alternative::Ok, "ok", call, self.scenario.span));
        // What is asked again and again is asked by the call; a pending one returns once.
        let expectation = Expectation { eventually: false, ..expectation };
        let written = pending.filter(|_| own.is_some()).and_then(|index| self.words_of(index).outcome);
        let written = written.map(|text| text.strip_prefix("eventually ").map_or(text.clone(), str::to_owned));
        let outcome = written.or_else(|| by_default(&expectation));
        self.announces(actor, What::Resumes { actors: vec![actor], expectation }, "resumes".into(), outcome);
    }

    fn pending_call(&self, actor: ActorId) -> Option<&'s Call> {
        let index = *self.pending.get(&actor)?;
        match &self.scenario.steps.get(index)?.what {
            What::Call(call) => Some(call),
            _ => None,
        }
    }

    /// A line that says what the one before has done to `actor`.
    fn announces(&mut self, actor: ActorId, what: What, act: String, outcome: Option<String>) {
        let pending = self.pending.remove(&actor).and_then(|index| self.scenario.steps.get(index));
        let span = pending.or(self.steps.last()).map_or(self.scenario.span, |step: &Step| step.span);
        let names = self.scenario.written.as_ref().map_or(&[][..], |written| &written.actors);
        let known = self.scenario.actors.get(usize::from(actor)).map(|actor| &actor.name);
        let who = names.get(usize::from(actor)).or(known).cloned().unwrap_or_default();
        self.steps.push(Step { span, what, same_line: false });
        self.words.push(Wording { who, act, outcome });
    }

    fn place(&mut self, index: usize, step: Step, words: Wording) {
        self.taken.insert(index, self.steps.len());
        self.steps.push(step);
        self.words.push(words);
    }

    fn words_of(&self, index: usize) -> Wording {
        let written = self.scenario.written.as_ref();
        written.and_then(|written| written.lines.get(index)).cloned().unwrap_or_default()
    }

    fn is_free(&self, index: usize) -> bool {
        self.scenario.interleavings.iter().any(|free| free.contains(&index))
    }
}

fn waits(alternative: &Alternative) -> bool {
    matches!(alternative, Alternative::Blocks | Alternative::Sleeps)
}

/// One outcome, of which nothing is written at the call that it belongs to.
fn plain(outcome: Alternative, text: &str, call: Option<&Call>, otherwise: Span) -> Expectation {
    Expectation {
        alternatives: vec![outcome],
        eventually: false,
        span: call.map_or(otherwise, |call| call.span),
        text: text.to_owned(),
        gives: call.map_or(Type::Any, |call| call.expectation.gives),
    }
}

/// What is to be written for an outcome that the call has of itself; nothing for success.
fn by_default(expectation: &Expectation) -> Option<String> {
    match expectation.alternatives.as_slice() {
        [Alternative::Exits(Pattern::Equal(Expr::Literal(Value::Int(status))))] => Some(format!("exits {status}")),
        [Alternative::Dies(_)] => Some(expectation.text.clone()),
        _ => None,
    }
}
