//! A call that gave something else than expected.

use super::{Facts, Report, brief, difference, listed, wanted};
use crate::journal::Mismatch;
use crate::operation::{self, Operation};
use crate::scenario::{Alternative, Call, Expectation, show_outcome};
use crate::value::{Errno, Outcome, Type};

/// A call gave something else than expected.
pub fn outcome(facts: &Facts<'_>, call: &Call, operation: &Operation, outcome: &Outcome) -> Box<Mismatch> {
    let expectation = &call.expectation;
    let shown = seen(facts, expectation, operation, outcome);
    let (code, message) = wording(facts, operation, expectation, outcome, &shown);
    let mut labels = vec![facts.place(expectation.span, label(&shown, outcome))];
    let cause = match outcome {
        Outcome::Failed(errno) => facts.cause(facts.now, *errno),
        Outcome::Died(signal) => facts.cause_of_end(facts.now, *signal),
        Outcome::Blocked => facts.cause_of_wait(call, operation),
        _ => facts.cause_of_value(call),
    };
    labels.extend(cause.labels);
    let help = cause.help.or_else(|| help(facts, call, outcome, &shown));
    // What the kernel means by an error number says nothing of one that a filter has given.
    let meaning = meaning(operation, expectation, outcome).filter(|_| !cause.of_nobody);
    let why = [cause.why, meaning].into_iter().flatten().collect::<Vec<_>>().join("\n");
    facts.mismatch(Report {
        code,
        message,
        expected: match outcome {
            Outcome::Refused(_) => "a call that can be made".into(),
            _ => expectation.text.clone(),
        },
        seen: shown.clone(),
        labels,
        why: (!why.is_empty()).then_some(why),
        help,
        mend: facts.mend(expectation, operation, outcome),
    })
}

/// What came of a call, for people: of a value what the expectation speaks of.
pub fn seen(facts: &Facts<'_>, expectation: &Expectation, operation: &Operation, outcome: &Outcome) -> String {
    match outcome {
        // Which identifier a new object got is of no interest where the call should not have given any.
        Outcome::Returned(_) if matches!(expectation.gives, Type::Handle(_)) && difference::patterns(expectation).is_empty() => {
            "ok".into()
        }
        Outcome::Returned(value) => {
            let value = difference::relevant(expectation, value);
            show_outcome(&Outcome::Returned(value), &gives(expectation, operation), &facts.view)
        }
        Outcome::Refused(_) => "no call was made".into(),
        other => show_outcome(other, &operation.result, &facts.view),
    }
}

/// The type of what came back: as the checker found it by the command of the call, or as the call has it.
pub(super) fn gives(expectation: &Expectation, operation: &Operation) -> Type {
    if expectation.gives == Type::Any { operation.result } else { expectation.gives }
}

/// What stands at the place of the divergence.
pub(super) fn label(shown: &str, outcome: &Outcome) -> String {
    match (outcome, brief(shown)) {
        (Outcome::Refused(why), _) => why.clone(),
        (Outcome::Blocked, _) => "it waits here".into(),
        (_, Some(shown)) => format!("saw `{shown}`"),
        (_, None) => "saw something else".into(),
    }
}

/// Code and message for a call that came out differently.
pub(super) fn wording(
    facts: &Facts<'_>,
    operation: &Operation,
    expectation: &Expectation,
    outcome: &Outcome,
    shown: &str,
) -> (&'static str, String) {
    let name = operation.name;
    let expected = wanted(&expectation.text);
    let errno = expects(expectation, |one| matches!(one, Alternative::Fails(_)));
    let blocks = expects(expectation, |one| matches!(one, Alternative::Blocks | Alternative::Sleeps));
    let gave = || match brief(shown) {
        Some("ok") => "succeeded".to_owned(),
        Some(shown) => format!("gave `{shown}`"),
        None => "succeeded".to_owned(),
    };
    match outcome {
        Outcome::Blocked => ("blocks-instead", format!("`{name}` blocks where {expected} was expected")),
        Outcome::Sleeping => ("blocks-instead", format!("`{name}` waits for a time where {expected} was expected")),
        Outcome::Stopped => ("blocks-instead", format!("a signal stopped the caller of `{name}`")),
        Outcome::Failed(errno) if blocks => ("returns-instead", format!("`{name}` failed with `{errno}` where it should block")),
        Outcome::Returned(_) if blocks => ("returns-instead", format!("`{name}` {} where it should block", gave())),
        Outcome::Failed(seen) if errno => ("wrong-errno", format!("`{name}` failed with `{seen}` where {expected} was expected")),
        Outcome::Failed(seen) => ("fails-instead", format!("`{name}` failed with `{seen}` where {expected} was expected")),
        Outcome::Returned(_) if errno => ("succeeds-instead", format!("`{name}` {} where {expected} was expected", gave())),
        Outcome::Returned(value) => {
            let fields = difference::differing(expectation, value, &facts.view);
            let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
            let missing = difference::missing(expectation, value);
            let message = match (fields.is_empty(), brief(shown), brief(&expectation.text)) {
                _ if missing.is_some() => {
                    format!("what `{name}` gave has no field `{}`", missing.map_or_else(String::new, |(field, _)| field))
                }
                (false, ..) => format!("`{name}` gave another {} than expected", listed(&fields)),
                (true, Some(shown), Some(_)) => format!("`{name}` gave `{shown}` where {expected} was expected"),
                _ => format!("`{name}` gave another value than expected"),
            };
            ("wrong-value", message)
        }
        Outcome::Died(signal) => ("died-instead", format!("`{name}` ended its caller by {signal} where {expected} was expected")),
        Outcome::Exited(status) => {
            ("wrong-end", format!("the caller of `{name}` exited with status {status} where {expected} was expected"))
        }
        Outcome::Ended => ("wrong-end", format!("`{name}` ended its caller, how is not known, where {expected} was expected")),
        Outcome::Refused(_) => ("refused-argument", format!("`{name}` cannot be called with these arguments")),
    }
}

/// What the outcome says, from the manual of the call.
pub(super) fn meaning(operation: &Operation, expectation: &Expectation, outcome: &Outcome) -> Option<String> {
    let expected = match expectation.alternatives.as_slice() {
        [Alternative::Fails(errno)] => Some(*errno),
        _ => None,
    };
    match outcome {
        Outcome::Failed(errno) => {
            let seen = means(operation, *errno);
            let expected = expected.filter(|_| known(operation, *errno));
            let expected = expected.and_then(|errno| Some(format!("\n{errno} would be: {}", reason(operation, errno)?)));
            Some(seen + &expected.unwrap_or_default())
        }
        Outcome::Blocked | Outcome::Sleeping => waits(operation),
        Outcome::Ended => Some(UNKNOWN_END.into()),
        Outcome::Returned(_) if expects(expectation, |one| matches!(one, Alternative::Blocks | Alternative::Sleeps)) => {
            waits(operation).map(|waits| format!("{waits}\nhere nothing made it wait"))
        }
        Outcome::Returned(_) => {
            let errno = expected?;
            Some(match reason(operation, errno) {
                Some(reason) => format!("`{}` fails with {errno} for this: {reason}", operation.name),
                None => format!("{errno} is {}", errno.text()),
            })
        }
        _ => None,
    }
}

/// When a call waits, as a sentence; nothing for one that never does. An entry names the usual case first, and the others behind
/// semicolons: the manual has them all.
pub(super) fn waits(operation: &Operation) -> Option<String> {
    let name = operation.name;
    let when = operation.blocks.split("; ").next().unwrap_or_default();
    if when.starts_with("never") {
        return None;
    }
    let plain = ["while ", "until ", "like ", "as "].iter().any(|start| when.starts_with(start));
    Some(format!("`{name}` waits{} {when}", if plain { "" } else { ":" }))
}

fn help(facts: &Facts<'_>, call: &Call, outcome: &Outcome, shown: &str) -> Option<String> {
    let who = facts.name(call.actor);
    match outcome {
        Outcome::Failed(errno) => Some(format!("if that is right, write `-> {errno}`")),
        Outcome::Blocked => {
            Some(format!("if it is to wait here, write `-> blocks`, and `{who}: resumes` after the step that wakes it"))
        }
        Outcome::Sleeping => {
            Some(format!("if it is to wait here, write `-> sleeps`, and `{who}: resumes` where its end matters"))
        }
        Outcome::Died(signal) => Some(format!("if that is right, write `-> dies {signal}`")),
        Outcome::Exited(status) => Some(format!("if that is right, write `-> exits {status}`")),
        Outcome::Ended => Some(UNKNOWN_END_HELP.into()),
        Outcome::Returned(_) if shown == "ok" => {
            Some(format!("if that is right, remove `-> {}`: success is the default", call.expectation.text))
        }
        Outcome::Returned(value) => match difference::missing(&call.expectation, value) {
            Some((_, Some(near))) => Some(format!("did you mean `{near}`?")),
            Some((_, None)) => Some("write one of the fields that are there".into()),
            None => pastes(shown).then(|| format!("if that is right, write `-> {shown}`")),
        },
        Outcome::Refused(_) => operation::at(call.operation).map(|operation| format!("the call is `{}`", operation.signature())),
        Outcome::Stopped => None,
    }
}

/// Why an end is not known.
pub(super) const UNKNOWN_END: &str =
    "its parent reaped it at once, and before Linux 6.15 the kernel keeps nothing of who is reaped";
/// What helps.
pub(super) const UNKNOWN_END_HELP: &str =
    "if how it ends matters here, write `needs kernel >= 6.15`; else let its parent wait for it in a later step";

/// Whether a script may hold `shown` as it stands.
pub(super) fn pastes(shown: &str) -> bool {
    shown.chars().count() <= 60 && !shown.contains(['#', '…']) && !shown.contains("an address")
}

/// `EINVAL, invalid argument: no such set`
fn means(operation: &Operation, errno: Errno) -> String {
    match reason(operation, errno) {
        Some(reason) => format!("{errno}, {}: {reason}", errno.text()),
        None => format!("{errno} is {}", errno.text()),
    }
}

fn known(operation: &Operation, errno: Errno) -> bool {
    reason(operation, errno).is_some()
}

fn reason(operation: &Operation, errno: Errno) -> Option<&'static str> {
    operation.errors.iter().find(|(known, _)| *known == errno).map(|(_, why)| *why)
}

fn expects(expectation: &Expectation, what: impl Fn(&Alternative) -> bool) -> bool {
    expectation.alternatives.iter().any(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_script_can_hold_is_offered() {
        assert!(pastes("{mtype: 7, mtext: \"hello\"}"));
        assert!(!pastes("ipc#2"));
        assert!(!pastes(&"x".repeat(61)));
    }
}
