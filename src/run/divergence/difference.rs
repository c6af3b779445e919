//! What of a value a report shows: the parts that its pattern speaks of, and nothing that differs from run to run.

use crate::compare;
use crate::scenario::{Alternative, Environment, Expectation, Expr, Pattern};
use crate::text::nearest;
use crate::value::Value;

/// Fields that hold what no two runs share: inode and device numbers, times.
const VOLATILE: &[&str] = &[
    "st_ino",
    "st_dev",
    "st_rdev",
    "st_atim",
    "st_mtim",
    "st_ctim",
    "st_btim",
    "st_atime",
    "st_mtime",
    "st_ctime",
    "sem_otime",
    "sem_ctime",
    "shm_atime",
    "shm_dtime",
    "shm_ctime",
    "msg_stime",
    "msg_rtime",
    "msg_ctime",
    "otime",
    "ctime",
    "atime",
    "dtime",
    "stime",
    "rtime",
    "tv_sec",
    "tv_nsec",
    "si_utime",
    "si_stime",
];

/// Stands for what is not shown.
const HIDDEN: &str = "…";

/// The parts of `value` that `expectation` speaks of.
pub fn relevant(expectation: &Expectation, value: &Value) -> Value {
    match patterns(expectation).as_slice() {
        [one] => narrow(one, value),
        _ => steady(value.clone()),
    }
}

/// The fields of `value` that are not as the one pattern of `expectation` has them.
pub fn differing(expectation: &Expectation, value: &Value, names: &dyn Environment) -> Vec<String> {
    let patterns = patterns(expectation);
    let ([Pattern::Record(fields)], Value::Record(values)) = (patterns.as_slice(), value) else {
        return patterns.first().map_or_else(Vec::new, |pattern| differing_fields(pattern, value, names));
    };
    let differs = |(place, (name, pattern)): (usize, &(String, Pattern))| {
        let (name, seen) = field(values, name, place)?;
        let met = compare::matches(pattern, seen, names).unwrap_or(true);
        (!met).then(|| name.to_owned())
    };
    fields.iter().enumerate().filter_map(differs).collect()
}

/// The first field that `expectation` names and `value` has not, with the nearest that it has.
pub fn missing(expectation: &Expectation, value: &Value) -> Option<(String, Option<String>)> {
    let ([Pattern::Record(fields)], Value::Record(values)) = (patterns(expectation).as_slice(), value) else { return None };
    let named = |name: &str| values.iter().any(|(known, _)| known == name);
    let (name, _) = fields.iter().find(|(name, _)| !name.is_empty() && !named(name))?;
    let near = nearest(name, values.iter().map(|(known, _)| known.as_str())).map(str::to_owned);
    Some((name.clone(), near))
}

/// The parts of `value` that `pattern` speaks of, in its order.
pub fn narrow(pattern: &Pattern, value: &Value) -> Value {
    match (pattern, value) {
        // With a field that is not there, all those that are there say more.
        (Pattern::Record(fields), Value::Record(values))
            if fields.iter().enumerate().all(|(place, (name, _))| field(values, name, place).is_some()) =>
        {
            let shown = fields.iter().enumerate().filter_map(|(place, (name, pattern))| {
                let (name, seen) = field(values, name, place)?;
                Some((name.to_owned(), shown_field(name, narrow(pattern, seen))))
            });
            Value::Record(shown.collect())
        }
        (Pattern::List { items, .. }, Value::List(values)) => {
            let narrowed = |(place, value): (usize, &Value)| match items.get(place) {
                Some(item) => narrow(item, value),
                None => steady(value.clone()),
            };
            Value::List(values.iter().enumerate().map(narrowed).collect())
        }
        (Pattern::Equal(Expr::Record(fields)), Value::Record(values)) => {
            let shown = fields.iter().enumerate().filter_map(|(place, (name, _))| field(values, name, place));
            Value::Record(shown.map(|(name, seen)| (name.to_owned(), shown_field(name, steady(seen.clone())))).collect())
        }
        _ => steady(value.clone()),
    }
}

/// `value` without what differs from run to run.
pub fn steady(value: Value) -> Value {
    match value {
        Value::Record(fields) => {
            let shown = |(name, value): (String, Value)| {
                let value = shown_field(&name, steady(value));
                (name, value)
            };
            Value::Record(fields.into_iter().map(shown).collect())
        }
        Value::List(items) => Value::List(items.into_iter().map(steady).collect()),
        other => other,
    }
}

fn shown_field(name: &str, value: Value) -> Value {
    // 0 is what a time is before anything has happened, and tells just that.
    if VOLATILE.contains(&name) && value != Value::Int(0) { Value::Word(HIDDEN.into()) } else { value }
}

fn field<'a>(values: &'a [(String, Value)], name: &str, place: usize) -> Option<(&'a str, &'a Value)> {
    let found = if name.is_empty() { values.get(place) } else { values.iter().find(|(known, _)| known == name) };
    found.map(|(name, value)| (name.as_str(), value))
}

fn differing_fields(pattern: &Pattern, value: &Value, names: &dyn Environment) -> Vec<String> {
    let (Pattern::Equal(Expr::Record(fields)), Value::Record(values)) = (pattern, value) else { return Vec::new() };
    let differs = |(place, (name, expected)): (usize, &(String, Expr))| {
        let (name, seen) = field(values, name, place)?;
        let met = compare::matches(&Pattern::Equal(expected.clone()), seen, names).unwrap_or(true);
        (!met).then(|| name.to_owned())
    };
    fields.iter().enumerate().filter_map(differs).collect()
}

/// The patterns that a value may be like.
pub fn patterns(expectation: &Expectation) -> Vec<&Pattern> {
    let given = expectation.alternatives.iter().filter_map(|one| match one {
        Alternative::Gives(pattern) => Some(pattern),
        _ => None,
    });
    given.collect()
}
