//! Values of expressions: pure, the same for the checker's constants and for the run.

use super::{ActorId, Expr, SlotId, StatusKind};
use crate::syntax::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::value::{Errno, Prepared, Signal, Status, Value};
use std::cmp::Ordering;

/// Where names get their values from.
pub trait Environment {
    /// The value bound to a name, `None` while it is not bound.
    fn slot(&self, slot: SlotId) -> Option<Value>;
    /// The error of the call that was to bind a name, where it has failed.
    fn failure(&self, slot: SlotId) -> Option<Errno> {
        let _ = slot;
        None
    }
    /// The pid of an actor, as the script sees it.
    fn pid(&self, actor: ActorId) -> Option<i32>;
    /// A word that names the namespace of `kind` in which an actor is.
    fn namespace(&self, actor: ActorId, kind: &str) -> Result<Value, String>;
    /// What an actor wrote to its standard output.
    fn output(&self, actor: ActorId) -> Result<Value, String>;
}

/// The value of `expr`, or why it has none: a lower-case fragment.
pub fn evaluate(expr: &Expr, names: &dyn Environment) -> Result<Value, String> {
    let value = |expr: &Expr| evaluate(expr, names);
    Ok(match expr {
        Expr::Literal(literal) => literal.clone(),
        Expr::Slot(slot) => names.slot(*slot).ok_or_else(|| match names.failure(*slot) {
            Some(errno) => format!("the name has no value: its call failed with {errno}"),
            None => "the name is not bound yet: its step did not succeed".to_owned(),
        })?,
        Expr::Text(parts) => {
            let mut text = Vec::new();
            for part in parts {
                append(&mut text, value(part)?, names)?;
            }
            Value::Bytes(text)
        }
        Expr::List(items) => Value::List(items.iter().map(value).collect::<Result<_, _>>()?),
        Expr::Record(fields) => {
            Value::Record(fields.iter().map(|(name, field)| Ok((name.clone(), value(field)?))).collect::<Result<_, String>>()?)
        }
        Expr::Status(kind, inner) => Value::Status(status(*kind, &value(inner)?)?),
        Expr::Unary(op, inner) => unary(*op, number(&value(inner)?, names)?)?,
        Expr::Binary(op, left, right) => binary(*op, value(left)?, value(right)?, names)?,
        Expr::Compare(op, left, right) => truth(compare(*op, &value(left)?, &value(right)?, names)?),
        Expr::And(left, right) => truth(holds(&value(left)?) && holds(&value(right)?)),
        Expr::Or(left, right) => truth(holds(&value(left)?) || holds(&value(right)?)),
        Expr::Not(inner) => truth(!holds(&value(inner)?)),
        Expr::Field(record, field) => {
            let record = value(record)?;
            record.field(field).cloned().ok_or_else(|| format!("{} has no field `{field}`", record.kind()))?
        }
        Expr::Index(list, index) => element(&value(list)?, &value(index)?)?,
        Expr::Len(inner) => match value(inner)? {
            Value::Bytes(bytes) => Value::from(bytes.len()),
            Value::List(items) => Value::from(items.len()),
            other => return Err(format!("{} has no length", other.kind())),
        },
        Expr::Do(calls) => Value::Do(
            calls
                .iter()
                .map(|(operation, args)| {
                    let args = args.iter().map(|arg| value(arg).map(|arg| resolve(arg, names))).collect::<Result<_, _>>()?;
                    Ok(Prepared { operation: *operation, args })
                })
                .collect::<Result<_, String>>()?,
        ),
        Expr::Namespace(actor, kind) => names.namespace(*actor, kind)?,
        Expr::Output(actor) => names.output(*actor)?,
    })
}

/// An actor as the pid that stands for it, everything else as it is; inside lists and records too.
pub fn resolve(value: Value, names: &dyn Environment) -> Value {
    match value {
        Value::Actor(actor) => names.pid(actor).map_or(Value::Null, Value::from),
        Value::List(items) => Value::List(items.into_iter().map(|item| resolve(item, names)).collect()),
        Value::Record(fields) => Value::Record(fields.into_iter().map(|(name, value)| (name, resolve(value, names))).collect()),
        other => other,
    }
}

/// Whether a condition with this value holds, as in C.
pub fn holds(value: &Value) -> bool {
    !matches!(value, Value::Int(0) | Value::Null)
}

/// Whether `left op right`; only numbers, durations and strings have an order.
pub fn compare(op: CompareOp, left: &Value, right: &Value, names: &dyn Environment) -> Result<bool, String> {
    let (left, right) = (resolve(left.clone(), names), resolve(right.clone(), names));
    let equal = equal(&left, &right);
    let ordering = || match (&left, &right) {
        (Value::Duration(left), Value::Duration(right)) => Ok(left.cmp(right)),
        (Value::Bytes(left), Value::Bytes(right)) => Ok(left.cmp(right)),
        (left, right) => match (left.int(), right.int()) {
            (Some(left), Some(right)) => Ok(left.cmp(&right)),
            _ => Err(format!("{} and {} have no order", left.kind(), right.kind())),
        },
    };
    Ok(match op {
        CompareOp::Equal => equal,
        CompareOp::NotEqual => !equal,
        CompareOp::Less => ordering()? == Ordering::Less,
        CompareOp::LessOrEqual => ordering()? != Ordering::Greater,
        CompareOp::Greater => ordering()? == Ordering::Greater,
        CompareOp::GreaterOrEqual => ordering()? != Ordering::Less,
    })
}

/// Whether the release `running` is `op` what is `asked`, part by part: 5.10 stands for every 5.10.x.
pub fn compare_versions(op: CompareOp, running: &[u64], asked: &[u64]) -> bool {
    let part = |at: usize| running.get(at).copied().unwrap_or(0);
    let ordering = (0..asked.len()).map(part).cmp(asked.iter().copied());
    match op {
        CompareOp::Equal => ordering == Ordering::Equal,
        CompareOp::NotEqual => ordering != Ordering::Equal,
        CompareOp::Less => ordering == Ordering::Less,
        CompareOp::LessOrEqual => ordering != Ordering::Greater,
        CompareOp::Greater => ordering == Ordering::Greater,
        CompareOp::GreaterOrEqual => ordering != Ordering::Less,
    }
}

/// Whether two values are the same; NULL is 0, as in C.
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Record(left), Value::Record(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.0 == right.0 && equal(&left.1, &right.1))
        }
        (Value::Null, Value::Int(0)) | (Value::Int(0), Value::Null) => true,
        _ => left == right,
    }
}

fn truth(holds: bool) -> Value {
    Value::Int(i128::from(holds))
}

fn append(text: &mut Vec<u8>, part: Value, names: &dyn Environment) -> Result<(), String> {
    match resolve(part, names) {
        Value::Bytes(bytes) => text.extend(bytes),
        Value::Int(number) => text.extend(number.to_string().bytes()),
        Value::Word(word) => text.extend(word.bytes()),
        other => return Err(format!("{} cannot stand in a string", other.kind())),
    }
    Ok(())
}

fn status(kind: StatusKind, inner: &Value) -> Result<Status, String> {
    let number = inner.int().and_then(|number| i32::try_from(number).ok()).ok_or("a wait status holds a small number")?;
    Ok(match kind {
        StatusKind::Exited => Status::Exited(number),
        StatusKind::Killed => Status::Killed(Signal(number)),
        StatusKind::Stopped => Status::Stopped(Signal(number)),
        StatusKind::Continued => Status::Continued,
    })
}

fn number(value: &Value, names: &dyn Environment) -> Result<i128, String> {
    resolve(value.clone(), names).int().ok_or_else(|| format!("{} is no number", value.kind()))
}

/// Holds a result to what a script's integers can be: -2^63 to 2^64-1.
fn bounded(number: i128) -> Result<Value, String> {
    if (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number) {
        Ok(Value::Int(number))
    } else {
        Err(format!("{number} does not fit in 64 bits"))
    }
}

fn unary(op: UnaryOp, number: i128) -> Result<Value, String> {
    bounded(match op {
        UnaryOp::Minus => -number,
        UnaryOp::Plus => number,
        UnaryOp::Complement => !number,
    })
}

/// The longest string or list that a script may build, in bytes or elements: what a step can carry to its actor.
const LONGEST: usize = 2 << 20;

fn binary(op: BinaryOp, left: Value, right: Value, names: &dyn Environment) -> Result<Value, String> {
    match (op, left, right) {
        (BinaryOp::Add, Value::Bytes(mut left), Value::Bytes(right)) => {
            left.extend(right);
            Ok(Value::Bytes(left))
        }
        (BinaryOp::Add, Value::List(mut left), Value::List(right)) => {
            left.extend(right);
            Ok(Value::List(left))
        }
        (BinaryOp::Subtract, Value::List(left), Value::List(right)) => {
            Ok(Value::List(left.into_iter().filter(|item| !right.iter().any(|gone| equal(item, gone))).collect()))
        }
        (BinaryOp::Times, Value::Bytes(bytes), Value::Int(times)) | (BinaryOp::Times, Value::Int(times), Value::Bytes(bytes)) => {
            Ok(Value::Bytes(bytes.repeat(repetitions(times, bytes.len())?)))
        }
        (BinaryOp::Times, Value::List(items), Value::Int(times)) => {
            let total = repetitions(times, items.len())? * items.len();
            Ok(Value::List(items.into_iter().cycle().take(total).collect()))
        }
        (BinaryOp::Add, Value::Duration(left), Value::Duration(right)) => Ok(Value::Duration(left.saturating_add(right))),
        (op, left, right) => arithmetic(op, number(&left, names)?, number(&right, names)?),
    }
}

fn repetitions(times: i128, length: usize) -> Result<usize, String> {
    let times = usize::try_from(times).map_err(|_| format!("cannot repeat {times} times"))?;
    match times.checked_mul(length) {
        Some(total) if total <= LONGEST => Ok(times),
        _ => Err(format!("the result would be longer than {LONGEST}")),
    }
}

fn arithmetic(op: BinaryOp, left: i128, right: i128) -> Result<Value, String> {
    let shift = || u32::try_from(right).ok().filter(|&by| by < 64).ok_or_else(|| format!("cannot shift by {right}"));
    let result = match op {
        BinaryOp::Times => left.checked_mul(right),
        BinaryOp::Divide | BinaryOp::Remainder if right == 0 => return Err("division by zero".into()),
        BinaryOp::Divide => left.checked_div(right),
        BinaryOp::Remainder => left.checked_rem(right),
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Subtract => left.checked_sub(right),
        BinaryOp::ShiftLeft => left.checked_shl(shift()?),
        BinaryOp::ShiftRight => left.checked_shr(shift()?),
        BinaryOp::And => Some(left & right),
        BinaryOp::Xor => Some(left ^ right),
        BinaryOp::Or => Some(left | right),
    };
    bounded(result.ok_or("the result does not fit in 64 bits")?)
}

fn element(list: &Value, index: &Value) -> Result<Value, String> {
    let at = index.int().ok_or_else(|| format!("{} is no index", index.kind()))?;
    let (length, found) = match (list, usize::try_from(at)) {
        (Value::List(items), at) => (items.len(), at.ok().and_then(|at| items.get(at).cloned())),
        (Value::Bytes(bytes), at) => (bytes.len(), at.ok().and_then(|at| bytes.get(at)).map(|&byte| Value::from(byte))),
        (other, _) => return Err(format!("{} has no elements", other.kind())),
    };
    found.ok_or_else(|| format!("there is no element {at} among {length}, counted from 0"))
}
