//! Limits that a call has come up to: of the process, by setrlimit; of the namespace or the machine, by sysctl.

use super::{Cause, Facts, Failing};
use crate::operation::{self, suspect::Bound};
use crate::value::Value;

impl<'a> Facts<'a> {
    /// A resource limit that a step has set for the caller.
    pub(super) fn reached(&self, failing: &Failing<'a>, limit: &str) -> Option<Cause> {
        let number = operation::constant(limit)?;
        let sets = |name: &str| matches!(name, "setrlimit" | "prlimit");
        let act = self.own_acts(failing.actor).find(|act| sets(act.operation.name) && act.int("resource") == number)?;
        let (who, line, name) = (self.name(act.call.actor), self.line(act.step), failing.act.operation.name);
        let to = act.arg("rlim").or_else(|| act.arg("new_limit")).and_then(first_number);
        let to = to.map_or_else(String::new, |value| format!(" to {value}"));
        let why = format!("`{who}` set {limit}{to} at line {line}, and this `{name}` would pass it");
        Some(Cause::new(why, [self.mark(act.step, format!("`{who}` set {limit} here"))]))
    }

    /// A sysctl that says how many there may be.
    pub(super) fn full(&self, failing: &Failing<'a>, sysctl: &str) -> Option<Cause> {
        let pattern = format!("/proc/sys/{}", sysctl.replace('.', "/"));
        let (before, after) = pattern.split_once('*').unwrap_or((&pattern, ""));
        let written = self.acts().find(|act| {
            let path = act.text("path").map(String::from_utf8_lossy);
            act.is(&["write_file"]) && path.is_some_and(|path| path.starts_with(before) && path.ends_with(after))
        });
        let name = failing.act.operation.name;
        if let Some(act) = written {
            let (who, line) = (self.name(act.call.actor), self.line(act.step));
            let path = act.text("path").map(|path| String::from_utf8_lossy(path).into_owned()).unwrap_or_default();
            let real = path.trim_start_matches("/proc/sys/").replace('/', ".");
            let to = act.text("text").map(|text| String::from_utf8_lossy(text).trim().to_owned()).unwrap_or_default();
            let why = format!("`{who}` set `{real}` to `{to}` at line {line}, and this `{name}` would pass it");
            return Some(Cause::new(why, [self.mark(act.step, format!("`{who}` set `{real}` here"))]));
        }
        let value = self.view.stage.sysctl(failing.actor, sysctl)?;
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Cause::new(format!("the limit `{sysctl}` ({value}) is reached"), []))
    }

    /// An argument that is above what a sysctl allows.
    pub(super) fn above(&self, failing: &Failing<'a>, bound: Bound) -> Option<Cause> {
        let (parameter, field) = bound.what.split_once('.').unwrap_or((bound.what, ""));
        let value = failing.act.arg(parameter)?;
        let size = measure(if field.is_empty() { value } else { value.field(field).or_else(|| element(value, field))? })?;
        let allowed = self.view.stage.sysctl(failing.actor, bound.sysctl)?;
        let allowed: i128 = allowed.split_whitespace().nth(bound.column)?.parse().ok()?;
        (size > allowed).then(|| {
            let Bound { sysctl, name, .. } = bound;
            Cause::new(format!("{size} is more than the limit `{sysctl}` ({name}) allows: {allowed}"), [])
        })
    }
}

/// The first number in a limit, however it is written.
fn first_number(value: &Value) -> Option<i128> {
    match value {
        Value::Record(fields) => fields.first().and_then(|(_, value)| first_number(value)),
        other => other.int(),
    }
}

/// A number as it is, of bytes and lists how many there are.
fn measure(value: &Value) -> Option<i128> {
    match value {
        Value::Bytes(bytes) => i128::try_from(bytes.len()).ok(),
        Value::List(items) => i128::try_from(items.len()).ok(),
        other => other.int(),
    }
}

/// A field of a record that is written in the order of the struct: of a message, the text is the second.
fn element<'a>(value: &'a Value, field: &str) -> Option<&'a Value> {
    let Value::Record(fields) = value else { return None };
    let place = match field {
        "mtext" | "mq_maxmsg" => 1,
        "mq_msgsize" => 2,
        _ => return None,
    };
    fields.get(place).filter(|(name, _)| name.is_empty()).map(|(_, value)| value)
}
