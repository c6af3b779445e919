//! Whether what came of a call is what was expected. Pure: it sees values, never a process.

use crate::scenario::{Alternative, Environment, Expectation, Expr, Pattern, StatusKind, evaluate};
use crate::scenario::{compare_values, holds, values_equal};
use crate::value::{Errno, Outcome, Status, Value};

/// Whether `outcome` is one of those that `expectation` allows; an expectation that has no value itself says why.
///
/// # Errors
///
/// When a value of the expectation cannot be computed: a lower-case fragment.
pub fn meets(expectation: &Expectation, outcome: &Outcome, names: &dyn Environment) -> Result<bool, String> {
    let mut met = false;
    for alternative in &expectation.alternatives {
        met |= allows(alternative, outcome, names)?;
    }
    Ok(met)
}

/// Whether `value` is like `pattern`.
///
/// # Errors
///
/// As [`meets`].
pub fn matches(pattern: &Pattern, value: &Value, names: &dyn Environment) -> Result<bool, String> {
    Ok(match pattern {
        Pattern::Any => true,
        Pattern::Equal(expected) => {
            let expected = number_of(evaluate(expected, names)?, names);
            alike(&expected, &number_of(value.clone(), names))
        }
        Pattern::Than(op, than) => {
            let than = evaluate(than, names)?;
            // What has no order is not greater than anything; that is a difference, not a mistake.
            compare_values(*op, value, &than, names).unwrap_or(false)
        }
        Pattern::Range(low, high) => in_range(value, &evaluate(low, names)?, &evaluate(high, names)?),
        Pattern::Contains(part) => match (value, evaluate(part, names)?) {
            (Value::Bytes(bytes), Value::Bytes(part)) => find(bytes, &part),
            (Value::List(items), part) => items.iter().any(|item| values_equal(item, &part)),
            _ => false,
        },
        Pattern::Matches(regex) => match (value, evaluate(regex, names)?) {
            (Value::Bytes(bytes), Value::Bytes(regex)) => {
                let regex = String::from_utf8(regex).map_err(|_| "a regular expression is UTF-8")?;
                regex::bytes::Regex::new(&regex).map_err(|error| error.to_string())?.is_match(bytes)
            }
            _ => false,
        },
        Pattern::List { items, open } => match value {
            Value::List(values) => {
                let long_enough = if *open { values.len() >= items.len() } else { values.len() == items.len() };
                long_enough && all(items.iter().zip(values).map(|(item, value)| matches(item, value, names)))?
            }
            _ => false,
        },
        Pattern::Record(fields) => match value {
            Value::Record(values) => all(fields.iter().enumerate().map(|(place, (name, field))| {
                let value = if name.is_empty() { values.get(place).map(|(_, value)| value) } else { value.field(name) };
                value.map_or(Ok(false), |value| matches(field, value, names))
            }))?,
            _ => false,
        },
        Pattern::OneOf(patterns) => {
            let mut any = false;
            for pattern in patterns {
                any |= matches(pattern, value, names)?;
            }
            any
        }
        Pattern::Not(inner) => !matches(inner, value, names)?,
        // What has a value has not failed.
        Pattern::Failed(_) => false,
        Pattern::Status(kind, inner) => match (kind, value) {
            (StatusKind::Exited, Value::Status(Status::Exited(code))) => matches(inner, &Value::from(*code), names)?,
            (StatusKind::Killed, Value::Status(Status::Killed(signal))) => matches(inner, &Value::from(signal.0), names)?,
            (StatusKind::Stopped, Value::Status(Status::Stopped(signal))) => matches(inner, &Value::from(signal.0), names)?,
            (StatusKind::Continued, Value::Status(Status::Continued)) => true,
            _ => false,
        },
    })
}

/// Whether what an `expect` says of `value` is so, and what was seen.
///
/// # Errors
///
/// As [`meets`]; also where a name has no value, and the pattern says nothing of errors.
pub fn judge(value: &Expr, pattern: Option<&Pattern>, names: &dyn Environment) -> Result<(bool, Value), String> {
    if let (Expr::Slot(slot), Some(pattern)) = (value, pattern)
        && let Some(errno) = names.failure(*slot)
        && let Some(met) = tells(pattern, errno)
    {
        return Ok((met, Value::Word(errno.to_string())));
    }
    let seen = evaluate(value, names)?;
    let met = match pattern {
        Some(pattern) => matches(pattern, &seen, names)?,
        None => holds(&seen),
    };
    Ok((met, seen))
}

/// Whether a failure with `errno` is one that `pattern` names; nothing where it names none.
fn tells(pattern: &Pattern, errno: Errno) -> Option<bool> {
    match pattern {
        Pattern::Failed(expected) => Some(*expected == errno),
        Pattern::OneOf(patterns) => patterns.iter().filter_map(|one| tells(one, errno)).reduce(|one, other| one || other),
        Pattern::Not(inner) => tells(inner, errno).map(|met| !met),
        _ => None,
    }
}

fn allows(alternative: &Alternative, outcome: &Outcome, names: &dyn Environment) -> Result<bool, String> {
    Ok(match (alternative, outcome) {
        // One that stops itself has not failed; its call returns when it goes on.
        (Alternative::Ok, Outcome::Returned(_) | Outcome::Stopped) => true,
        (Alternative::Fails(expected), Outcome::Failed(errno)) => expected == errno,
        (Alternative::Blocks, Outcome::Blocked | Outcome::Stopped) | (Alternative::Sleeps, Outcome::Sleeping) => true,
        (Alternative::Dies(expected), Outcome::Died(signal)) => number(expected, names)? == Some(i128::from(signal.0)),
        (Alternative::Exits(pattern), Outcome::Exited(code)) => matches(pattern, &Value::from(*code), names)?,
        (Alternative::Gives(pattern), Outcome::Returned(value)) => matches(pattern, value, names)?,
        _ => false,
    })
}

fn number(expr: &Expr, names: &dyn Environment) -> Result<Option<i128>, String> {
    Ok(evaluate(expr, names)?.int())
}

/// An actor as its pid.
fn number_of(value: Value, names: &dyn Environment) -> Value {
    match value {
        Value::Actor(actor) => names.pid(actor).map_or(Value::Null, Value::from),
        other => other,
    }
}

/// Equality as a script means it: a record written out names only the fields that matter.
fn alike(expected: &Value, seen: &Value) -> bool {
    match (expected, seen) {
        (Value::Record(fields), Value::Record(_)) => {
            fields.iter().all(|(name, expected)| seen.field(name).is_some_and(|seen| alike(expected, seen)))
        }
        (Value::List(expected), Value::List(seen)) => {
            expected.len() == seen.len() && expected.iter().zip(seen).all(|(expected, seen)| alike(expected, seen))
        }
        _ => values_equal(expected, seen),
    }
}

fn in_range(value: &Value, low: &Value, high: &Value) -> bool {
    match (value, low, high) {
        (Value::Duration(value), Value::Duration(low), Value::Duration(high)) => (low..=high).contains(&value),
        _ => match (value.int(), low.int(), high.int()) {
            (Some(value), Some(low), Some(high)) => (low..=high).contains(&value),
            _ => false,
        },
    }
}

fn find(bytes: &[u8], part: &[u8]) -> bool {
    part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
}

/// Whether all hold; every one is computed, so that a mistake in a later one is not hidden by an earlier difference.
fn all(mut results: impl Iterator<Item = Result<bool, String>>) -> Result<bool, String> {
    results.try_fold(true, |so_far, result| result.map(|holds| so_far && holds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{ActorId, SlotId};
    use crate::syntax::ast::CompareOp;
    use crate::text::Span;
    use crate::value::{Errno, Signal, Type};

    /// Name 0 has no value, for its call failed with EIDRM; name 1 is not bound yet.
    struct Nobody;

    impl Environment for Nobody {
        fn slot(&self, _: SlotId) -> Option<Value> {
            None
        }
        fn failure(&self, slot: SlotId) -> Option<Errno> {
            (slot == 0).then_some(Errno::EIDRM)
        }
        fn pid(&self, actor: ActorId) -> Option<i32> {
            (actor == 1).then_some(7)
        }
        fn namespace(&self, _: ActorId, _: &str) -> Result<Value, String> {
            Err("nobody".into())
        }
        fn output(&self, _: ActorId) -> Result<Value, String> {
            Err("nobody".into())
        }
    }

    fn expecting(alternatives: Vec<Alternative>) -> Expectation {
        Expectation { alternatives, eventually: false, span: Span::default(), text: String::new(), gives: Type::Any }
    }

    fn int(number: i128) -> Expr {
        Expr::Literal(Value::Int(number))
    }

    #[test]
    fn an_errno_is_no_value() {
        let expectation = expecting(vec![Alternative::Fails(Errno::EPERM), Alternative::Fails(Errno::EACCES)]);
        assert_eq!(meets(&expectation, &Outcome::Failed(Errno::EACCES), &Nobody), Ok(true));
        assert_eq!(meets(&expectation, &Outcome::Failed(Errno::EINVAL), &Nobody), Ok(false));
        assert_eq!(meets(&expectation, &Outcome::Returned(Value::Int(1)), &Nobody), Ok(false));
    }

    #[test]
    fn of_a_name_whose_call_failed_only_the_error_can_be_told() {
        let met = |pattern: Option<&Pattern>| judge(&Expr::Slot(0), pattern, &Nobody).map(|(met, _)| met);
        let (removed, gone) = (Pattern::Failed(Errno::EIDRM), Pattern::Failed(Errno::EINVAL));
        assert_eq!(met(Some(&removed)), Ok(true));
        assert_eq!(met(Some(&gone)), Ok(false));
        assert_eq!(met(Some(&Pattern::OneOf(vec![Pattern::Equal(int(0)), gone]))), Ok(false));
        let either = Pattern::OneOf(vec![Pattern::Equal(int(0)), removed.clone()]);
        assert_eq!(met(Some(&either)), Ok(true));
        assert!(met(Some(&Pattern::Equal(int(0)))).is_err_and(|why| why.contains("EIDRM")));
        assert!(met(None).is_err());
        assert!(judge(&Expr::Slot(1), Some(&removed), &Nobody).is_err());
        assert_eq!(judge(&int(i128::from(libc::EIDRM)), Some(&removed), &Nobody).map(|(met, _)| met), Ok(false));
        assert_eq!(judge(&int(0), Some(&either), &Nobody).map(|(met, _)| met), Ok(true));
    }

    #[test]
    fn success_says_nothing_of_the_value_and_blocking_is_no_success() {
        let expectation = expecting(vec![Alternative::Ok]);
        assert_eq!(meets(&expectation, &Outcome::Returned(Value::Int(5)), &Nobody), Ok(true));
        assert_eq!(meets(&expectation, &Outcome::Blocked, &Nobody), Ok(false));
    }

    #[test]
    fn records_leave_other_fields_free_and_lists_are_exact() {
        let message = Value::record([("mtype", Value::Int(1)), ("mtext", Value::text("hi"))]);
        let pattern = Pattern::Record(vec![("mtext".into(), Pattern::Equal(Expr::Literal(Value::text("hi"))))]);
        assert_eq!(matches(&pattern, &message, &Nobody), Ok(true));
        let two = Value::List(vec![Value::Int(1), Value::Int(2)]);
        let one = |open| Pattern::List { items: vec![Pattern::Equal(int(1))], open };
        assert_eq!(matches(&one(false), &two, &Nobody), Ok(false));
        assert_eq!(matches(&one(true), &two, &Nobody), Ok(true));
    }

    #[test]
    fn ranges_hold_both_ends_and_an_actor_is_its_pid() {
        let range = Pattern::Range(int(1), int(10));
        assert_eq!(matches(&range, &Value::Int(10), &Nobody), Ok(true));
        assert_eq!(matches(&range, &Value::Int(11), &Nobody), Ok(false));
        assert_eq!(matches(&Pattern::Not(Box::new(range)), &Value::Int(11), &Nobody), Ok(true));
        let actor = Pattern::Equal(Expr::Literal(Value::Actor(1)));
        assert_eq!(matches(&actor, &Value::Int(7), &Nobody), Ok(true));
        assert_eq!(matches(&Pattern::Than(CompareOp::Greater, int(3)), &Value::text("x"), &Nobody), Ok(false));
    }

    #[test]
    fn ends_are_told_apart() {
        let killed = expecting(vec![Alternative::Dies(int(9))]);
        assert_eq!(meets(&killed, &Outcome::Died(Signal(9)), &Nobody), Ok(true));
        assert_eq!(meets(&killed, &Outcome::Exited(9), &Nobody), Ok(false));
    }
}
