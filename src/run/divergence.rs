//! What is said of a run that did not go as expected: expected, seen, the earlier lines that matter, and one line of help.

use super::history::{self, History};
use super::knowledge::View;
use super::stage::{Change, Condition};
use crate::journal::{Mismatch, Place};
use crate::operation::{self, Operation};
use crate::scenario::{ActorId, Alternative, Call, Expectation, Expr, Names, Step, What, evaluate, show, show_outcome};
use crate::text::{Source, Span};
use crate::value::{Errno, Outcome, Type, Value};

/// What a report may draw on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Values and actors.
    pub view: View<'a>,
    /// The past.
    pub history: &'a History,
    /// The texts.
    pub sources: &'a [Source],
}

/// Flags of clone(2) for the namespaces on which an identifier of this kind depends.
fn namespaces_of(kind: &str) -> i128 {
    match kind {
        "semid" | "shmid" | "msqid" => i128::from(libc::CLONE_NEWIPC),
        _ => 0,
    }
}

/// A call gave something else than expected.
pub fn outcome(facts: &Facts<'_>, index: usize, call: &Call, operation: &Operation, seen: &Outcome) -> Box<Mismatch> {
    let expectation = &call.expectation;
    let shown = show_outcome(seen, &operation.result, &facts.view);
    let (code, message) = wording(operation.name, expectation, seen, &shown);
    let mut labels = vec![facts.place(expectation.span, format!("expected `{}`, saw `{shown}`", expectation.text))];
    if matches!(seen, Outcome::Failed(_)) {
        labels.extend(facts.causes(call));
    }
    let help = match seen {
        Outcome::Failed(errno) => Some(why(operation, *errno)),
        Outcome::Blocked => Some(format!(
            "{}; to say that it waits here, write `-> blocks`, and `{}: resumes` after the step that wakes it",
            blocking(operation),
            facts.view.actor_name(call.actor)
        )),
        Outcome::Returned(_) if expects(expectation, |one| matches!(one, Alternative::Blocks)) => {
            Some(format!("nothing made it wait; it {}", blocking(operation)))
        }
        Outcome::Died(signal) => {
            Some(format!("{signal} ended `{}`; to expect that, write `-> dies {signal}`", facts.view.actor_name(call.actor)))
        }
        Outcome::Exited(status) => Some(format!("to expect that, write `-> exits {status}`")),
        _ => None,
    };
    let _ = index;
    facts.mismatch(code, message, &expectation.text, &shown, labels, help)
}

/// Something happened to an actor, and the lines after the step that did it do not say so.
pub fn unsaid(facts: &Facts<'_>, change: &Change, cause: usize) -> Box<Mismatch> {
    let who = facts.view.actor_name(change.actor);
    let shown = facts.shown(change.actor, &change.outcome);
    let line = match &change.outcome {
        Outcome::Died(signal) => format!("{who}: dies {signal}"),
        Outcome::Exited(status) => format!("{who}: exits {status}"),
        Outcome::Failed(errno) => format!("{who}: resumes -> {errno}"),
        _ => format!("{who}: resumes"),
    };
    let (code, verb) = match &change.outcome {
        Outcome::Died(_) | Outcome::Exited(_) => ("unannounced-end", "ended"),
        _ => ("unannounced-resume", "woke"),
    };
    let mut labels = vec![facts.place(facts.span(cause), format!("this step {verb} `{who}`"))];
    labels.extend(
        facts
            .history
            .pending_since(change.actor)
            .map(|since| facts.place(facts.span(since), format!("`{who}` waited since here"))),
    );
    let message =
        format!("`{who}` {}, and the script does not say so", if code == "unannounced-end" { "ended" } else { "resumed" });
    let help = format!(
        "if that is right, write `{line}` on the line after it: a step that changes another actor is followed by what it did"
    );
    facts.mismatch(code, message, "no change", &shown, labels, Some(help))
}

/// `resumes` for an actor whose call has not returned.
pub fn not_resumed(facts: &Facts<'_>, step: &Step, actor: ActorId) -> Box<Mismatch> {
    let who = facts.view.actor_name(actor);
    let state = facts.state(actor);
    let mut labels = vec![facts.place(step.span, format!("expected `{who}` to resume here; {state}"))];
    labels.extend(facts.waiting(actor));
    facts.mismatch(
        "does-not-resume",
        format!("`{who}` does not resume: {state}"),
        "resumes",
        &state,
        labels,
        facts.release(actor),
    )
}

/// A pending call returned something else than expected.
pub fn resumed_otherwise(
    facts: &Facts<'_>,
    step: &Step,
    actor: ActorId,
    expectation: &Expectation,
    operation: &Operation,
    seen: &Outcome,
) -> Box<Mismatch> {
    let who = facts.view.actor_name(actor);
    let shown = show_outcome(seen, &operation.result, &facts.view);
    let span = if expectation.text == "ok" { step.span } else { expectation.span };
    let mut labels = vec![facts.place(span, format!("expected `{}`, saw `{shown}`", expectation.text))];
    labels.extend(facts.waiting(actor));
    let help = match seen {
        Outcome::Failed(errno) => Some(why(operation, *errno)),
        _ => None,
    };
    let message = match seen {
        Outcome::Died(_) | Outcome::Exited(_) => format!("`{who}` ended where `resumes` was expected"),
        _ => format!("`{}` of `{who}` resumed with {shown} where {} was expected", operation.name, expectation.text),
    };
    facts.mismatch(wording(operation.name, expectation, seen, &shown).0, message, &expectation.text, &shown, labels, help)
}

/// `dies` or `exits` for an actor that has not ended.
pub fn not_ended(facts: &Facts<'_>, step: &Step, actor: ActorId) -> Box<Mismatch> {
    let who = facts.view.actor_name(actor);
    let state = facts.state(actor);
    let mut labels = vec![facts.place(step.span, format!("expected the end of `{who}`; {state}"))];
    labels.extend(facts.waiting(actor));
    let help = match facts.history.ended_in(actor) {
        Some(_) => Some(format!("the end of `{who}` was said already, or was its own step")),
        None => {
            Some("the step before this one must be what ends it: a signal that it does not handle, block or ignore".to_owned())
        }
    };
    facts.mismatch(
        "does-not-end",
        format!("`{who}` has not ended: {state}"),
        &written(facts.sources, step.span),
        &state,
        labels,
        help,
    )
}

/// An actor ended in another way, or resumed instead.
pub fn ended_otherwise(
    facts: &Facts<'_>,
    _index: usize,
    step: &Step,
    actor: ActorId,
    expectation: &Expectation,
    seen: &Outcome,
) -> Box<Mismatch> {
    let who = facts.view.actor_name(actor);
    let shown = facts.shown(actor, seen);
    let happened = match seen {
        Outcome::Died(_) | Outcome::Exited(_) => shown.clone(),
        _ => format!("resumed with {shown}"),
    };
    let mut labels = vec![facts.place(step.span, format!("expected `{}`, saw `{happened}`", expectation.text))];
    labels.extend(facts.waiting(actor));
    facts.mismatch(
        "wrong-end",
        format!("`{who}` {happened} where `{}` was expected", expectation.text),
        &expectation.text,
        &happened,
        labels,
        None,
    )
}

/// `stays blocked` for an actor that is not, or no longer.
pub fn not_blocked(facts: &Facts<'_>, step: &Step, actor: ActorId, changed: Option<&Outcome>) -> Box<Mismatch> {
    let who = facts.view.actor_name(actor);
    let state = match changed {
        Some(outcome @ (Outcome::Died(_) | Outcome::Exited(_))) => format!("it {}", facts.shown(actor, outcome)),
        Some(outcome) => format!("its call returned {}", facts.shown(actor, outcome)),
        None => facts.state(actor),
    };
    let mut labels = vec![facts.place(step.span, format!("expected `{who}` to wait still; {state}"))];
    labels.extend(facts.waiting(actor));
    let help = changed.map(|_| format!("the step before this line released it; if that is right, write `{who}: resumes`"));
    facts.mismatch("not-blocked", format!("`{who}` does not stay blocked: {state}"), "stays blocked", &state, labels, help)
}

/// A step for an actor that cannot take one.
pub fn cannot_act(facts: &Facts<'_>, step: &Step, call: &Call) -> Box<Mismatch> {
    let who = facts.view.actor_name(call.actor);
    let state = facts.state(call.actor);
    let mut labels = vec![facts.place(step.span, format!("`{who}` cannot take this step: {state}"))];
    labels.extend(facts.waiting(call.actor));
    labels.extend(facts.history.ended_in(call.actor).map(|at| facts.place(facts.span(at), format!("`{who}` ended here"))));
    let help = match facts.view.stage.condition(call.actor) {
        Condition::Pending(_) => Some(format!("an actor has one call at a time; `{who}: resumes` must come first")),
        Condition::Unborn => Some(format!("`{who}` comes to life with `… : {who} = fork()`, which must have succeeded")),
        _ => Some("another actor must do it".to_owned()),
    };
    facts.mismatch("cannot-act", format!("`{who}` cannot act: {state}"), &call.text, &state, labels, help)
}

/// A value of the script could not be computed.
pub fn no_value(facts: &Facts<'_>, span: Span, why: &str) -> Box<Mismatch> {
    let labels = vec![facts.place(span, why)];
    facts.mismatch("no-value", format!("a value of this line cannot be computed: {why}"), "a value", why, labels, None)
}

/// An `expect` that does not hold.
pub fn not_held(facts: &Facts<'_>, step: &Step, value: &Expr, seen: &Value) -> Box<Mismatch> {
    let text = written(facts.sources, step.span);
    let side = |expr: &Expr| evaluate(expr, &facts.view).map_or_else(|why| why, |value| show(&value, &Type::Any, &facts.view));
    let shown = match value {
        Expr::Compare(_, left, right) => format!("{} and {}", side(left), side(right)),
        _ => show(seen, &Type::Any, &facts.view),
    };
    let labels = vec![facts.place(step.span, format!("saw {shown}"))];
    facts.mismatch("expectation-not-met", format!("`{text}` does not hold"), &text, &shown, labels, None)
}

/// The end of a scenario with actors still blocked: a deadlock, explained.
pub fn left_blocked(facts: &Facts<'_>, left: &[ActorId]) -> Box<Mismatch> {
    let names: Vec<String> = left.iter().map(|&actor| format!("`{}`", facts.view.actor_name(actor))).collect();
    let labels = left.iter().flat_map(|&actor| facts.waiting(actor)).collect();
    let help = left.first().and_then(|&actor| facts.release(actor)).map(|why| {
        let first = left.first().map_or_else(String::new, |&actor| facts.view.actor_name(actor));
        format!("{why}; if it is meant to wait for ever, end with `{first}: stays blocked`")
    });
    let message = format!("{} still blocked at the end of the scenario", is_are(&names));
    facts.mismatch("left-blocked", message, "nobody blocked", &format!("{} blocked", names.join(", ")), labels, help)
}

/// The text under a span, on one line.
pub fn written(sources: &[Source], span: Span) -> String {
    let text = sources.get(span.source as usize).map_or("", |source| source.slice(span));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Facts<'_> {
    fn mismatch(
        &self,
        code: &str,
        message: String,
        expected: &str,
        seen: &str,
        labels: Vec<Place>,
        help: Option<String>,
    ) -> Box<Mismatch> {
        let source = self.sources.get(self.view.scenario.source as usize);
        let line = labels.first().zip(source).map_or(0, |(label, source)| source.line(label.start));
        Box::new(Mismatch {
            code: code.to_owned(),
            message,
            expected: expected.to_owned(),
            seen: seen.to_owned(),
            labels,
            help,
            path: source.map_or_else(String::new, |source| source.name.clone()),
            line,
            script: source.map_or_else(String::new, |source| source.text.clone()),
        })
    }

    fn place(&self, span: Span, text: impl Into<String>) -> Place {
        Place { start: span.start as usize, end: span.end as usize, text: text.into() }
    }

    fn span(&self, step: usize) -> Span {
        self.view.scenario.steps.get(step).map_or_else(Span::default, |step| step.span)
    }

    fn shown(&self, actor: ActorId, outcome: &Outcome) -> String {
        let ty = self.pending_call(actor).map_or(Type::Any, |(_, operation)| operation.result);
        show_outcome(outcome, &ty, &self.view)
    }

    fn pending_call(&self, actor: ActorId) -> Option<(&Call, &'static Operation)> {
        match &self.view.scenario.steps.get(self.history.pending_since(actor)?)?.what {
            What::Call(call) => Some((call, operation::at(call.operation)?)),
            _ => None,
        }
    }

    /// What an actor is doing, as a clause.
    fn state(&self, actor: ActorId) -> String {
        match (self.view.stage.condition(actor), self.pending_call(actor)) {
            (Condition::Unborn, _) => "it is not born yet".into(),
            (Condition::Idle, _) => "it is idle: no call of it is pending".into(),
            (Condition::Gone(Some(status)), _) => format!("it is gone: {}", show(&Value::Status(status), &Type::Any, &self.view)),
            (Condition::Gone(None), _) => "it is gone".into(),
            (Condition::Pending(_), Some((call, operation))) => match self.object(call) {
                Some(object) => format!("it is still blocked in `{}` on `{object}`", operation.name),
                None => format!("it is still blocked in `{}`", operation.name),
            },
            (Condition::Pending(_), None) => "it is still blocked".into(),
        }
    }

    fn object(&self, call: &Call) -> Option<String> {
        let slot = history::first_slot(&call.args)?;
        self.view.scenario.slots.get(slot).map(|slot| slot.name.clone())
    }

    /// Since where an actor waits.
    fn waiting(&self, actor: ActorId) -> Option<Place> {
        if !matches!(self.view.stage.condition(actor), Condition::Pending(_)) {
            return None;
        }
        let since = self.history.pending_since(actor)?;
        let (call, operation) = self.pending_call(actor)?;
        let on = self.object(call).map_or_else(String::new, |object| format!(" on `{object}`"));
        Some(
            self.place(
                self.span(since),
                format!("`{}` waits in `{}`{on} since here", self.view.actor_name(actor), operation.name),
            ),
        )
    }

    /// The earlier lines that an error may come from: the caller left a namespace, the object was removed, or never was its own.
    fn causes(&self, call: &Call) -> Vec<Place> {
        let mut places = Vec::new();
        for slot in history::slots(&call.args) {
            let Some(known) = self.view.scenario.slots.get(slot) else { continue };
            let Type::Handle(kind) = known.ty else { continue };
            if let Some(deed) = self.history.removed(slot) {
                places.push(self.place(self.span(deed.step), format!("`{}` was given up here", known.name)));
            } else if let Some(left) = self.history.left(call.actor, namespaces_of(kind)).filter(|_| namespaces_of(kind) != 0) {
                let who = self.view.actor_name(call.actor);
                places.push(self.place(self.span(left), format!("`{who}` left the namespace of `{}` here", known.name)));
            }
            places.push(self.place(known.span, format!("`{}` comes from here", known.name)));
        }
        places.dedup();
        places
    }

    /// Who could have released a blocked actor, and why they no longer can.
    fn release(&self, actor: ActorId) -> Option<String> {
        let (call, operation) = self.pending_call(actor)?;
        let kind = history::first_slot(&call.args).and_then(|slot| match self.view.scenario.slots.get(slot)?.ty {
            Type::Handle(kind) => Some(kind),
            _ => None,
        });
        let others = 0..ActorId::try_from(self.view.scenario.actors.len()).unwrap_or(ActorId::MAX);
        let others = others.filter(|&other| other != actor && self.view.stage.condition(other) != Condition::Unborn);
        let reasons: Vec<String> = others.map(|other| self.cannot_release(other, kind)).collect();
        let blocks = blocking(operation);
        Some(if reasons.is_empty() {
            format!("{blocks}; there is no other actor")
        } else {
            format!("{blocks}; {}", reasons.join("; "))
        })
    }

    fn cannot_release(&self, other: ActorId, kind: Option<&str>) -> String {
        let who = self.view.actor_name(other);
        let line = |step: usize| {
            let span = self.span(step);
            self.sources.get(span.source as usize).map_or(0, |source| source.line(span.start as usize))
        };
        let left = kind.map_or(0, namespaces_of);
        match self.view.stage.condition(other) {
            Condition::Gone(_) => match self.history.ended_in(other) {
                Some(step) => format!("`{who}` ended at line {}", line(step)),
                None => format!("`{who}` has ended"),
            },
            Condition::Pending(_) => match self.history.pending_since(other) {
                Some(step) => format!("`{who}` is itself blocked since line {}", line(step)),
                None => format!("`{who}` is itself blocked"),
            },
            _ => match self.history.left(other, left).filter(|_| left != 0) {
                Some(step) => format!("`{who}` left the namespace at line {}, where its identifiers mean nothing", line(step)),
                None => format!("`{who}` could, but has no such step here"),
            },
        }
    }
}

fn expects(expectation: &Expectation, what: impl Fn(&Alternative) -> bool) -> bool {
    expectation.alternatives.iter().any(what)
}

/// Code and message for a call that came out differently.
fn wording(name: &str, expectation: &Expectation, seen: &Outcome, shown: &str) -> (&'static str, String) {
    let text = &expectation.text;
    let errno = expects(expectation, |one| matches!(one, Alternative::Fails(_)));
    let blocks = expects(expectation, |one| matches!(one, Alternative::Blocks | Alternative::Sleeps));
    match seen {
        Outcome::Blocked => ("blocks-instead", format!("`{name}` blocks where {text} was expected")),
        Outcome::Sleeping => ("blocks-instead", format!("`{name}` waits where {text} was expected")),
        Outcome::Returned(_) | Outcome::Failed(_) if blocks => {
            ("returns-instead", format!("`{name}` returned {shown} where it should block"))
        }
        Outcome::Failed(_) if errno => ("wrong-errno", format!("`{name}` failed with {shown} where {text} was expected")),
        Outcome::Failed(_) => ("fails-instead", format!("`{name}` failed with {shown} where {} was expected", success(text))),
        Outcome::Returned(_) if errno => ("succeeds-instead", format!("`{name}` succeeded where {text} was expected")),
        Outcome::Returned(_) => ("wrong-value", format!("`{name}` gave {shown} where {text} was expected")),
        Outcome::Died(_) => ("died-instead", format!("`{name}` ended its caller ({shown}) where {} was expected", success(text))),
        Outcome::Exited(_) => ("died-instead", format!("the caller of `{name}` {shown} where {} was expected", success(text))),
        Outcome::Stopped => ("blocks-instead", format!("a signal stopped the caller of `{name}`")),
        Outcome::Refused(why) => ("refused-argument", format!("`{name}` could not be called: {why}")),
    }
}

fn success(text: &str) -> &str {
    if text == "ok" { "success" } else { text }
}

/// What an errno of a call means.
fn why(operation: &Operation, errno: Errno) -> String {
    match operation.errors.iter().find(|(known, _)| *known == errno) {
        Some((_, why)) => format!("{errno}, {}: {why}", errno.text()),
        None => format!("{errno}: {}", errno.text()),
    }
}

fn blocking(operation: &Operation) -> String {
    format!("`{}` blocks {}", operation.name, operation.blocks)
}

fn is_are(names: &[String]) -> String {
    match names {
        [one] => format!("{one} is"),
        many => format!("{} are", many.join(", ")),
    }
}
