//! What the expectations of a scenario speak of: the columns of its histogram.

use crate::compare;
use crate::scenario::{Environment, Expr, Names, Pattern, Scenario, What, evaluate, holds, show, values_equal};
use crate::syntax::ast::CompareOp;
use crate::value::{Type, Value};

/// One of them.
#[derive(Debug, Clone)]
pub struct Column {
    /// As in the script: `total`, `seen.size`, `here.st_ino == there.st_ino`.
    pub name: String,
    what: Shown,
}

/// What a column shows.
#[derive(Debug, Clone)]
enum Shown {
    /// A value; one with parts only as what it is compared with, for its parts may be times and numbers of this run.
    Value(Expr, Type, Option<Expr>),
    /// Whether a comparison of two values of the run holds, for neither may mean anything outside it.
    Test(Expr),
    /// Whether a value is like a pattern.
    Like(Expr, Type, Pattern),
}

/// What stands for a value that there is not.
pub const NONE: &str = "-";
/// What stands for a value that says nothing outside this run.
const OTHER: &str = "other";
/// The longest text that is shown, in bytes.
const LONGEST: usize = 40;
/// Fields that differ from run to run.
const PASSING: [&str; 14] = [
    "st_ino",
    "ino",
    "st_dev",
    "stx_ino",
    "pid",
    "si_pid",
    "msg_lspid",
    "msg_lrpid",
    "shm_cpid",
    "shm_lpid",
    "l_pid",
    "ppid",
    "tid",
    "mnt_id",
];

/// The columns of `scenario`, in the order in which its expectations name them.
pub fn columns(scenario: &Scenario) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for step in &scenario.steps {
        match &step.what {
            What::Expect { value, pattern: None, .. } => gather(scenario, value, &mut columns),
            What::Expect { value, pattern: Some(Pattern::Equal(other)), .. } => {
                compared(scenario, value, other, value, &mut columns)
            }
            What::Expect { value, pattern: Some(pattern), .. } => {
                if let Some(name) = name(scenario, value) {
                    add(name, Shown::Like(value.clone(), type_of(scenario, value), pattern.clone()), &mut columns);
                }
            }
            _ => {}
        }
    }
    columns
}

impl Column {
    /// Its value, for people.
    pub fn show(&self, world: &(impl Environment + Names)) -> String {
        let yes = |holds: bool| if holds { "yes" } else { "no" }.to_owned();
        match &self.what {
            Shown::Value(value, ty, with) => match evaluate(value, world) {
                Ok(value) => plain(&value, ty, world).unwrap_or_else(|| {
                    let with = with.as_ref().and_then(|with| evaluate(with, world).ok());
                    with.filter(|with| values_equal(with, &value)).map_or_else(|| OTHER.into(), |with| show(&with, ty, world))
                }),
                Err(_) => failure(value, world),
            },
            Shown::Test(test) => evaluate(test, world).map_or_else(|_| NONE.to_owned(), |value| yes(holds(&value))),
            Shown::Like(value, ty, pattern) => match evaluate(value, world) {
                Ok(value) => plain(&value, ty, world).unwrap_or_else(|| match pattern {
                    // Asked is only how the call failed, and here it has not.
                    Pattern::Failed(_) => "ok".to_owned(),
                    _ => compare::matches(pattern, &value, world).map_or_else(|_| NONE.to_owned(), yes),
                }),
                Err(_) => failure(value, world),
            },
        }
    }
}

/// The error for which a name has no value.
fn failure(value: &Expr, world: &impl Environment) -> String {
    match value {
        Expr::Slot(slot) => world.failure(*slot).map_or_else(|| NONE.to_owned(), |errno| errno.to_string()),
        Expr::Field(inner, _) | Expr::Index(inner, _) | Expr::Len(inner) => failure(inner, world),
        _ => NONE.to_owned(),
    }
}

/// A value without parts.
fn plain(value: &Value, ty: &Type, names: &impl Names) -> Option<String> {
    match value {
        Value::Int(number) if *number != 0 && *ty == Type::Handle("address") => Some("an address".to_owned()),
        // Other handles mean themselves here: that `fd` is `fd` says nothing.
        Value::Int(number) if matches!(ty, Type::Handle(_)) => Some(number.to_string()),
        Value::Int(_) | Value::Null | Value::Word(_) | Value::Status(_) | Value::Actor(_) => Some(show(value, ty, names)),
        Value::Bytes(bytes) if bytes.len() <= LONGEST => Some(show(value, ty, names)),
        _ => None,
    }
}

fn gather(scenario: &Scenario, value: &Expr, columns: &mut Vec<Column>) {
    match value {
        Expr::Compare(_, left, right) => compared(scenario, left, right, value, columns),
        Expr::And(left, right) | Expr::Or(left, right) => {
            gather(scenario, left, columns);
            gather(scenario, right, columns);
        }
        Expr::Not(inner) => gather(scenario, inner, columns),
        _ => {}
    }
}

/// Two values that an expectation compares.
fn compared(scenario: &Scenario, left: &Expr, right: &Expr, whole: &Expr, columns: &mut Vec<Column>) {
    let value = |value: &Expr, with: &Expr| Shown::Value(value.clone(), type_of(scenario, value), Some(with.clone()));
    match (name(scenario, left), name(scenario, right)) {
        (Some(one), Some(other)) => {
            let sign = if let Expr::Compare(op, ..) = whole { op.sign() } else { "==" };
            let test = match whole {
                Expr::Compare(..) => whole.clone(),
                _ => Expr::Compare(CompareOp::Equal, Box::new(left.clone()), Box::new(right.clone())),
            };
            add(format!("{one} {sign} {other}"), Shown::Test(test), columns);
        }
        (Some(name), None) if is_passing(left) => add(name, Shown::Test(whole.clone()), columns),
        (Some(name), None) => add(name, value(left, right), columns),
        (None, Some(name)) => add(name, value(right, left), columns),
        (None, None) => {}
    }
}

fn type_of(scenario: &Scenario, value: &Expr) -> Type {
    match value {
        Expr::Slot(slot) => scenario.slots.get(*slot).map_or(Type::Any, |slot| slot.ty),
        _ => Type::Any,
    }
}

fn is_passing(value: &Expr) -> bool {
    matches!(value, Expr::Field(_, field) if PASSING.contains(&field.as_str()) || field.ends_with("time") || field.ends_with("tim"))
}

fn add(name: String, what: Shown, columns: &mut Vec<Column>) {
    if !columns.iter().any(|column| column.name == name) {
        columns.push(Column { name, what });
    }
}

/// How a value is called in the script; nothing for one that is written out.
fn name(scenario: &Scenario, value: &Expr) -> Option<String> {
    let actor = |actor: &u16| scenario.actors.get(usize::from(*actor)).map(|actor| actor.name.clone());
    match value {
        Expr::Slot(slot) => scenario.slots.get(*slot).map(|slot| slot.name.clone()),
        Expr::Field(inner, field) => name(scenario, inner).map(|inner| format!("{inner}.{field}")),
        Expr::Index(inner, place) => match place.as_ref() {
            Expr::Literal(Value::Int(place)) => name(scenario, inner).map(|inner| format!("{inner}[{place}]")),
            _ => name(scenario, inner).map(|inner| format!("{inner}[…]")),
        },
        Expr::Binary(op, left, right) => match (name(scenario, left), name(scenario, right)) {
            (None, None) => None,
            (one, other) => {
                let side = |name: Option<String>, value: &Expr| match (name, value) {
                    (Some(name), _) => name,
                    (None, Expr::Literal(Value::Int(number))) => number.to_string(),
                    _ => "…".to_owned(),
                };
                Some(format!("{} {} {}", side(one, left), op.sign(), side(other, right)))
            }
        },
        Expr::Unary(_, inner) => name(scenario, inner),
        Expr::Text(items) | Expr::List(items) => items.iter().find_map(|item| name(scenario, item)),
        Expr::Len(inner) => name(scenario, inner).map(|inner| format!("len({inner})")),
        Expr::Namespace(who, kind) => actor(who).map(|who| format!("ns({who}, {kind})")),
        Expr::Output(who) => actor(who).map(|who| format!("output({who})")),
        _ => None,
    }
}
