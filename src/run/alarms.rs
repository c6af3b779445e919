//! The timers that an actor has set: while one runs, a call of the actor has a time limit that no argument of it shows.

use super::moment::Moment;
use crate::operation::{Operation, Trait};
use crate::value::Value;

/// Alarms that send signals to their own process, each with the moment of its first signal, late as that may be.
#[derive(Debug, Default)]
pub struct Alarms(Vec<(Alarm, Moment)>);

/// A timer as a call sets it: which, in how many nanoseconds it runs out, 0 calls it off; and again in how many, 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    which: i128,
    first: u64,
    again: u64,
}

/// Nanoseconds after which a timer that has run out has done what it will do: its interrupt has come, and a task that it woke is not
/// asleep any more, however late it runs.
const SLACK: u64 = 500_000_000;
/// Stands for the timer of real time that `alarm` and `setitimer` share; POSIX timers are numbered from 0.
const REAL: i128 = -1;

impl Alarms {
    /// The timer that `operation` sets with `args`; `None` where it sets none, or one that counts processor time, of which a call that waits uses none.
    pub fn set_by(operation: &Operation, args: &[Value]) -> Option<Alarm> {
        if !operation.is(Trait::Alarms) {
            return None;
        }
        let which = args.first().and_then(Value::int)?;
        match operation.name {
            "alarm" => Some(Alarm { which: REAL, first: nanoseconds(args.first()?), again: 0 }),
            "setitimer" if which != i128::from(libc::ITIMER_REAL) => None,
            name => {
                let time = |field, place| field_of(args.last()?, field, place).map(nanoseconds);
                let which = if name == "setitimer" { REAL } else { which };
                Some(Alarm { which, first: time("it_value", 1).unwrap_or(0), again: time("it_interval", 0).unwrap_or(0) })
            }
        }
    }

    /// Notes that `timer` was set just now.
    pub fn note(&mut self, timer: Alarm) {
        self.0.retain(|(known, _)| known.which != timer.which);
        let first = Moment::from_now(timer.first.saturating_add(SLACK)).filter(|_| timer.first > 0);
        self.0.extend(first.map(|first| (timer, first)));
    }

    /// After how many nanoseconds at most one of them has sent a signal; `None` when all have run out.
    pub fn left(&self) -> Option<u64> {
        if self.0.is_empty() {
            return None;
        }
        let now = Moment::from_now(0)?;
        let left = self.0.iter().map(|(timer, first)| match (now.until(*first), timer.again) {
            (0, again @ 1..) => again.saturating_add(SLACK),
            (left, _) => left,
        });
        left.max().filter(|&left| left > 0)
    }
}

/// A field of a struct, written with names or in the order of C.
fn field_of<'a>(times: &'a Value, field: &str, place: usize) -> Option<&'a Value> {
    let Value::Record(fields) = times else { return None };
    let by_name = fields.iter().find(|(name, _)| name == field);
    by_name.or_else(|| fields.get(place).filter(|(name, _)| name.is_empty())).map(|(_, time)| time)
}

/// A time in a struct: a duration, seconds, or seconds with a part of a second.
fn nanoseconds(time: &Value) -> u64 {
    match time {
        Value::Duration(nanoseconds) => *nanoseconds,
        Value::Int(seconds) => u64::try_from(*seconds).unwrap_or(0).saturating_mul(1_000_000_000),
        // Of the part it is enough to know that it is less than a second.
        Value::Record(parts) if parts.iter().any(|(_, part)| part.int() != Some(0)) => {
            parts.first().map_or(0, |(_, seconds)| nanoseconds(seconds)).saturating_add(1_000_000_000)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::find;

    fn set(call: &str, args: &[Value]) -> Option<u64> {
        let (_, operation) = find(call).expect("in the catalogue");
        Alarms::set_by(operation, args).map(|timer| timer.first)
    }

    #[test]
    fn calls_say_for_how_long() {
        assert_eq!(set("alarm", &[Value::Int(3)]), Some(3_000_000_000));
        let times = Value::record([("it_interval", Value::Duration(5)), ("it_value", Value::Duration(7))]);
        assert_eq!(set("setitimer", &[Value::from(libc::ITIMER_REAL), times.clone()]), Some(7));
        assert_eq!(set("setitimer", &[Value::from(libc::ITIMER_PROF), times.clone()]), None);
        assert_eq!(set("timer_settime", &[Value::Int(0), Value::Int(0), times]), Some(7));
    }

    #[test]
    fn a_timer_that_is_called_off_is_gone() {
        let mut timers = Alarms::default();
        timers.note(Alarm { which: 0, first: 1_000_000_000, again: 0 });
        assert!(timers.left().is_some());
        timers.note(Alarm { which: 0, first: 0, again: 0 });
        assert_eq!(timers.left(), None);
    }
}
