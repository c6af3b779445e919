//! What a step did to other actors, against what the lines after it say.

use super::cause::Cause;
use super::outcome::{UNKNOWN_END, UNKNOWN_END_HELP, label, meaning, pastes, seen as shown_seen, wording};
use super::release::Step as Lacking;
use super::{Facts, Report, listed, written};
use crate::journal::{Mismatch, Place};
use crate::operation::Operation;
use crate::run::stage::{Change, Condition};
use crate::scenario::{ActorId, Expectation, Step};
use crate::value::Outcome;

/// What happened to an actor, and the step that did it.
#[derive(Debug, Clone)]
pub struct Told {
    /// What.
    pub outcome: Outcome,
    /// Index of the step; the announcing step itself for a call that its time limit ended.
    pub cause: usize,
}

/// Something happened to actors, and the lines after the step that did it do not say so.
pub fn unsaid(facts: &Facts<'_>, changes: &[(Change, usize)]) -> Box<Mismatch> {
    let Some((first, cause)) = changes.first() else { return facts.mismatch(Report::default()) };
    let ended = matches!(first.outcome, Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended);
    let verb = if ended { "ended" } else { "woke" };
    let who = facts.name(first.actor);
    let actors: Vec<String> = changes.iter().map(|(change, _)| format!("`{}`", facts.name(change.actor))).collect();
    let mut labels = vec![facts.place(facts.span(*cause), format!("this step {verb} `{who}`"))];
    labels.extend(changes.iter().filter_map(|(change, _)| facts.waited(change.actor)));
    let lines: Vec<String> = changes.iter().map(|(change, _)| format!("`{}`", announcement(facts, change))).collect();
    let unknown = changes.iter().any(|(change, _)| change.outcome == Outcome::Ended);
    let after = if lines.len() == 1 { "the line" } else { "the lines" };
    facts.mismatch(Report {
        code: if ended { "unannounced-end" } else { "unannounced-resume" },
        message: format!("{} {}, and the script does not say so", listed(&actors), if ended { "ended" } else { "resumed" }),
        expected: if ended { format!("`{who}` lives on") } else { format!("`{who}` stays blocked") },
        seen: announcement(facts, first).replacen(&format!("{who}:"), &format!("`{who}`"), 1),
        labels,
        why: Some(
            if unknown { UNKNOWN_END } else { "what a step does to another actor is said on the lines right after it" }.into(),
        ),
        help: Some(if unknown {
            UNKNOWN_END_HELP.into()
        } else {
            format!("if that is right, write {} on {after} after this step", listed(&lines))
        }),
        ..Report::default()
    })
}

/// `resumes` for an actor whose call has not returned.
pub fn not_resumed(facts: &Facts<'_>, step: &Step, actor: ActorId) -> Box<Mismatch> {
    let who = facts.name(actor);
    let state = facts.state(actor);
    let pending = matches!(facts.view.stage.condition(actor), Condition::Pending(_));
    let mut labels = vec![facts.place(step.span, format!("`{who}` {}", if pending { "is still blocked" } else { &state }))];
    let (why, help) = if pending {
        let release = facts.release(&[actor]);
        labels.extend(facts.waiting(actor));
        labels.extend(release.labels);
        let help = match release.step {
            Some(Lacking::Later(line)) => format!("if line {line} is to wake it, put this line behind it"),
            Some(Lacking::Now(step)) => {
                format!("write a step that wakes it ahead of this line, such as `{step}`, or say `{who}: stays blocked`")
            }
            Some(Lacking::Earlier(step, line)) => {
                format!("write `{step}` ahead of line {line}, or say `{who}: stays blocked` here")
            }
            None => format!("if it is to wait on, write `{who}: stays blocked`"),
        };
        (Some(release.why), help)
    } else {
        labels.extend(facts.ending(actor));
        (None, "take this line away: only a call that `-> blocks` or `-> sleeps` resumes".to_owned())
    };
    facts.mismatch(Report {
        code: "does-not-resume",
        message: format!("`{who}` does not resume: it {state}"),
        expected: "resumes".into(),
        seen: format!("`{who}` {state}"),
        labels,
        why,
        help: Some(help),
        ..Report::default()
    })
}

/// A pending call returned something else than expected.
pub fn resumed_otherwise(
    facts: &Facts<'_>,
    step: &Step,
    actor: ActorId,
    expectation: &Expectation,
    operation: &Operation,
    told: &Told,
) -> Box<Mismatch> {
    let who = facts.name(actor);
    let outcome = &told.outcome;
    let shown = shown_seen(facts, expectation, operation, outcome);
    let span = if expectation.text == "ok" { step.span } else { expectation.span };
    let mut labels = vec![facts.place(span, label(&shown, outcome))];
    labels.extend(facts.woken(actor, told));
    labels.extend(facts.waited(actor));
    let cause = match (outcome, facts.history.pending_since(actor)) {
        (Outcome::Failed(errno), Some(since)) => facts.cause(since, *errno),
        _ => Cause::default(),
    };
    labels.extend(cause.labels);
    let why = [cause.why, meaning(operation, expectation, outcome)].into_iter().flatten().collect::<Vec<_>>().join("\n");
    let (code, wording) = wording(facts, operation, expectation, outcome, &shown);
    let ended = matches!(outcome, Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended);
    let help = match outcome {
        Outcome::Ended => Some(UNKNOWN_END_HELP.into()),
        Outcome::Died(_) | Outcome::Exited(_) => Some(format!("if that is right, write `{who}: {shown}`")),
        _ if shown == "ok" => Some(format!("if that is right, write `{who}: resumes`")),
        _ => pastes(&shown).then(|| format!("if that is right, write `{who}: resumes -> {shown}`")),
    };
    facts.mismatch(Report {
        code,
        message: if *outcome == Outcome::Ended {
            format!("`{who}` {shown}, where it should resume")
        } else if ended {
            format!("`{who}` ended ({shown}) where it should resume")
        } else {
            format!("`{who}` resumes: {wording}")
        },
        expected: expectation.text.clone(),
        seen: shown,
        labels,
        why: (!why.is_empty()).then_some(why),
        help,
        mend: if ended { None } else { facts.mend(expectation, operation, outcome) },
    })
}

/// `dies` or `exits` for an actor that has not ended by the step before.
pub fn not_ended(facts: &Facts<'_>, step: &Step, actor: ActorId) -> Box<Mismatch> {
    let who = facts.name(actor);
    let state = facts.state(actor);
    let gone = facts.history.ended_in(actor).is_some();
    let mut labels = vec![facts.place(step.span, if gone { "nothing ended here" } else { "it lives on" })];
    labels.extend(facts.waiting(actor));
    labels.extend(facts.ending(actor));
    labels.extend(facts.signals_told(actor));
    let (why, help) = if gone {
        (
            "an end is said once, right after the step that brings it; an actor's own `exit` needs no such line",
            "take this line away",
        )
    } else {
        (
            "the step before this line did not end it: a signal that is handled, blocked or ignored does not",
            "put the step that ends it ahead of this line, or take this line away",
        )
    };
    facts.mismatch(Report {
        code: "does-not-end",
        message: if gone {
            format!("`{who}` does not end here: it {state}")
        } else {
            format!("`{who}` has not ended: it {state}")
        },
        expected: said(facts, step),
        seen: format!("`{who}` {state}"),
        labels,
        why: Some(why.into()),
        help: Some(help.into()),
        ..Report::default()
    })
}

/// An actor ended in another way, or resumed instead.
pub fn ended_otherwise(facts: &Facts<'_>, step: &Step, actor: ActorId, told: &Told) -> Box<Mismatch> {
    let who = facts.name(actor);
    let happened = announcement(facts, &Change { actor, outcome: told.outcome.clone() });
    let happened = happened.split_once(": ").map_or(happened.as_str(), |(_, what)| what);
    let expected = said(facts, step);
    let unknown = told.outcome == Outcome::Ended;
    let mut labels = vec![facts.place(step.span, format!("saw `{happened}`"))];
    labels.extend(facts.woken(actor, told));
    labels.extend(facts.waited(actor));
    facts.mismatch(Report {
        code: "wrong-end",
        message: match told.outcome {
            Outcome::Ended => format!("`{who}` ended, how is not known, where `{expected}` was expected"),
            Outcome::Died(_) | Outcome::Exited(_) => format!("`{who}` ended by `{happened}` where `{expected}` was expected"),
            _ => format!("`{who}` did not end: `{happened}` where `{expected}` was expected"),
        },
        expected,
        seen: happened.to_owned(),
        labels,
        why: unknown.then(|| UNKNOWN_END.into()),
        help: Some(if unknown { UNKNOWN_END_HELP.into() } else { format!("if that is right, write `{who}: {happened}`") }),
        ..Report::default()
    })
}

/// `stays blocked` for an actor that is not, or no longer.
pub fn not_blocked(facts: &Facts<'_>, step: &Step, actor: ActorId, told: Option<&Told>) -> Box<Mismatch> {
    let who = facts.name(actor);
    let mut labels = Vec::new();
    let (seen, help) = match told {
        Some(told) => {
            let line = announcement(facts, &Change { actor, outcome: told.outcome.clone() });
            let happened = line.split_once(": ").map_or(line.as_str(), |(_, what)| what).to_owned();
            labels.push(facts.place(step.span, format!("saw `{happened}`")));
            labels.extend(facts.woken(actor, told));
            labels.extend(facts.waited(actor));
            (happened, format!("if that is right, write `{line}`"))
        }
        None => {
            let state = facts.state(actor);
            labels.push(facts.place(step.span, format!("`{who}` {state}")));
            labels.extend(facts.ending(actor));
            (format!("`{who}` {state}"), "take this line away: only a call that `-> blocks` stays blocked".to_owned())
        }
    };
    facts.mismatch(Report {
        code: "not-blocked",
        message: match told {
            Some(_) => format!("`{who}` does not stay blocked: it {seen}"),
            None => format!("`{who}` cannot stay blocked: it {}", facts.state(actor)),
        },
        expected: "stays blocked".into(),
        seen,
        labels,
        why: None,
        help: Some(help),
        ..Report::default()
    })
}

impl Facts<'_> {
    /// The last step in which a living actor said what signals do to it.
    fn signals_told(&self, actor: ActorId) -> Option<Place> {
        let telling = ["signal", "sigaction", "sigprocmask", "pthread_sigmask"];
        let alive = self.history.ended_in(actor).is_none();
        let tells = |step: &usize| {
            self.call_of(*step).is_some_and(|(call, operation)| call.actor == actor && telling.contains(&operation.name))
        };
        let step = (0..self.now).rev().find(tells).filter(|_| alive)?;
        Some(self.place(self.span(step), format!("here `{}` says what a signal does to it", self.name(actor))))
    }

    /// The step that woke or ended `actor`, unless it is the line that says so.
    fn woken(&self, actor: ActorId, told: &Told) -> Option<Place> {
        let verb = if matches!(told.outcome, Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended) { "ended" } else { "woke" };
        (told.cause != self.now).then(|| self.place(self.span(told.cause), format!("this step {verb} `{}`", self.name(actor))))
    }
}

/// The line that says what happened.
fn announcement(facts: &Facts<'_>, change: &Change) -> String {
    let who = facts.name(change.actor);
    let shown = facts.shown(change.actor, &change.outcome);
    match &change.outcome {
        Outcome::Died(_) | Outcome::Exited(_) | Outcome::Ended => format!("{who}: {shown}"),
        Outcome::Failed(errno) => format!("{who}: resumes -> {errno}"),
        _ => format!("{who}: resumes"),
    }
}

/// What a line says of its actors: `dies SIGTERM`.
fn said(facts: &Facts<'_>, step: &Step) -> String {
    let text = written(facts.sources, step.span);
    text.split_once(':').map_or(text.as_str(), |(_, what)| what).trim().to_owned()
}
