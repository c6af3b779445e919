//! What an actor is doing, as a clause; and a step for one that cannot take it.

use super::{Facts, Report};
use crate::journal::{Mismatch, Place};
use crate::operation::{self, Operation};
use crate::run::history;
use crate::run::stage::{Condition, Wait};
use crate::scenario::{ActorId, Call, Expr, Names, Step, What, show, show_outcome};
use crate::value::{Outcome, Type, Value};

/// A step for an actor that cannot take one.
pub fn cannot_act(facts: &Facts<'_>, step: &Step, call: &Call) -> Box<Mismatch> {
    let who = facts.name(call.actor);
    let state = facts.state(call.actor);
    let mut labels = vec![facts.place(step.span, format!("`{who}` cannot take this step"))];
    labels.extend(facts.waiting(call.actor));
    labels.extend(facts.ending(call.actor));
    let (why, help) = match facts.view.stage.condition(call.actor) {
        Condition::Pending(_) => (
            "an actor has one call at a time",
            format!("write `{who}: resumes` on the line after the step that wakes it, or let another actor take this step"),
        ),
        Condition::Unborn => {
            ("a forked actor begins with its fork", format!("write a step `{who} = fork()` of another actor ahead of this one"))
        }
        _ => ("who has ended takes no more steps", format!("let another actor take this step, or let `{who}` end after it")),
    };
    facts.mismatch(Report {
        code: "cannot-act",
        message: format!("`{who}` cannot act: it {state}"),
        expected: call.text.clone(),
        seen: format!("`{who}` {state}"),
        labels,
        why: Some(why.to_owned()),
        help: Some(help),
        ..Report::default()
    })
}

impl Facts<'_> {
    /// The name of an actor.
    pub(super) fn name(&self, actor: ActorId) -> String {
        self.view.actor_name(actor)
    }

    /// What came of an actor's pending call.
    pub(super) fn shown(&self, actor: ActorId, outcome: &Outcome) -> String {
        let ty = self.pending_call(actor).map_or(Type::Any, |(_, operation)| operation.result);
        show_outcome(outcome, &ty, &self.view)
    }

    /// The call in which an actor waits, or last waited.
    pub(super) fn pending_call(&self, actor: ActorId) -> Option<(&Call, &'static Operation)> {
        self.call_of(self.history.pending_since(actor)?)
    }

    /// The call of a step.
    pub(super) fn call_of(&self, step: usize) -> Option<(&Call, &'static Operation)> {
        match &self.view.scenario.steps.get(step)?.what {
            What::Call(call) => Some((call, operation::at(call.operation)?)),
            _ => None,
        }
    }

    /// What an actor is doing: a verb and what belongs to it.
    pub fn state(&self, actor: ActorId) -> String {
        let since = |step: Option<usize>| step.map_or_else(String::new, |step| format!(" since line {}", self.line(step)));
        match self.view.stage.condition(actor) {
            Condition::Unborn => "is not born yet".into(),
            Condition::Idle => "is idle: none of its calls is pending".into(),
            Condition::Gone(status) => {
                let how = status.map(|status| format!(": {}", show(&Value::Status(status), &Type::Any, &self.view)));
                match self.history.ended_in(actor) {
                    Some(step) => format!("ended at line {}{}", self.line(step), how.unwrap_or_default()),
                    None => format!("has ended{}", how.unwrap_or_default()),
                }
            }
            Condition::Pending(Wait::Stopped) => "has been stopped by a signal".into(),
            Condition::Pending(wait) => {
                let verb = match wait {
                    Wait::Sleeping => "waits",
                    Wait::Program => "runs a program, begun",
                    _ => "is blocked",
                };
                format!("{verb}{}{}", self.within(actor), since(self.history.pending_since(actor)))
            }
        }
    }

    /// ` in `semop` on `mutex``: where an actor waits.
    pub(super) fn within(&self, actor: ActorId) -> String {
        match self.pending_call(actor) {
            Some((call, operation)) => match self.object(call) {
                Some(object) => format!(" in `{}` on `{object}`", operation.name),
                None => format!(" in `{}`", operation.name),
            },
            None => String::new(),
        }
    }

    /// What a call is about: the name, the path or the actor that is its first argument.
    pub(super) fn object(&self, call: &Call) -> Option<String> {
        match call.args.first()? {
            Expr::Literal(Value::Actor(actor)) => Some(self.name(*actor)),
            Expr::Literal(path @ Value::Bytes(bytes)) if bytes.len() <= 40 => Some(show(path, &Type::Any, &self.view)),
            _ => {
                history::first_slot(&call.args).and_then(|slot| self.view.scenario.slots.get(slot)).map(|slot| slot.name.clone())
            }
        }
    }

    /// Since where an actor waits; nothing for one that does not.
    pub(super) fn waiting(&self, actor: ActorId) -> Option<Place> {
        if !matches!(self.view.stage.condition(actor), Condition::Pending(_)) {
            return None;
        }
        let since = self.history.pending_since(actor)?;
        Some(self.place(self.span(since), format!("`{}` waits{} since here", self.name(actor), self.within(actor))))
    }

    /// Where an actor waited that does no more.
    pub(super) fn waited(&self, actor: ActorId) -> Option<Place> {
        let since = self.history.pending_since(actor)?;
        Some(self.place(self.span(since), format!("`{}` waited{} since here", self.name(actor), self.within(actor))))
    }

    /// Where an actor ended.
    pub(super) fn ending(&self, actor: ActorId) -> Option<Place> {
        let step = self.history.ended_in(actor)?;
        Some(self.place(self.span(step), format!("`{}` ended here", self.name(actor))))
    }
}
