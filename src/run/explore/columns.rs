//! What the expectations of a scenario speak of: the columns of its histogram. They hold nothing that differs from run to run.

use crate::run::divergence::{is_volatile, narrow, steady};
use crate::scenario::{Environment, Expr, Names, Pattern, Scenario, What, evaluate, field_type, show};
use crate::value::{Type, Value};

/// One of them.
#[derive(Debug, Clone)]
pub struct Column {
    /// As in the script: `total`, `seen.size`, `output(a)`.
    pub name: String,
    value: Expr,
    ty: Type,
    /// What the first expectation with a pattern says of it.
    pattern: Option<Pattern>,
}

/// What stands for a value that there is not.
pub const NONE: &str = "-";

/// The columns of `scenario`, in the order in which its expectations name them.
pub fn columns(scenario: &Scenario) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for step in &scenario.steps {
        if let What::Expect { value, pattern, .. } = &step.what {
            match pattern {
                Some(pattern) => gather_like(scenario, value, pattern, &mut columns),
                None => gather(scenario, value, &mut columns),
            }
        }
    }
    columns
}

/// The values of `columns`, for people.
pub fn values(columns: &[Column], world: &(impl Environment + Names)) -> Vec<String> {
    let mut seen = Vec::new();
    columns.iter().map(|column| column.show(world, &mut seen)).collect()
}

impl Column {
    /// Its value. What no two runs share is counted instead, by its first appearance among `seen`: two columns with one inode number have
    /// the same `#1`, and more than that no script can know of it.
    fn show(&self, world: &(impl Environment + Names), seen: &mut Vec<Value>) -> String {
        let value = match evaluate(&self.value, world) {
            Ok(value) => value,
            Err(_) => return failure(&self.value, world).unwrap_or_else(|| NONE.to_owned()),
        };
        match (&value, &self.ty) {
            (Value::Int(number), Type::Handle("address")) if *number != 0 => "an address".into(),
            // Other handles mean themselves here: that `fd` is `fd` says nothing.
            (Value::Int(number), Type::Handle(_)) => number.to_string(),
            (Value::Int(number), _) if *number != 0 && self.is_volatile() => {
                let place = seen.iter().position(|known| *known == value).unwrap_or_else(|| {
                    seen.push(value.clone());
                    seen.len() - 1
                });
                format!("#{}", place + 1)
            }
            _ => {
                let shown = self.pattern.as_ref().map_or_else(|| steady(value.clone()), |pattern| narrow(pattern, &value));
                show(&shown, &self.ty, world)
            }
        }
    }

    fn is_volatile(&self) -> bool {
        matches!(&self.value, Expr::Field(_, field) if is_volatile(field))
    }
}

/// The error for which a name has no value.
fn failure(value: &Expr, world: &impl Environment) -> Option<String> {
    match value {
        Expr::Slot(slot) => world.failure(*slot).map(|errno| errno.to_string()),
        Expr::Field(inner, _) | Expr::Index(inner, _) | Expr::Len(inner) => failure(inner, world),
        _ => None,
    }
}

/// The columns of a value with a pattern: of a record, the fields that the pattern names.
fn gather_like(scenario: &Scenario, value: &Expr, pattern: &Pattern, columns: &mut Vec<Column>) {
    match pattern {
        Pattern::Record(fields) if fields.iter().all(|(name, _)| !name.is_empty()) => {
            for (field, pattern) in fields {
                gather_like(scenario, &Expr::Field(Box::new(value.clone()), field.clone()), pattern, columns);
            }
        }
        _ => {
            gather(scenario, value, columns);
            let named = name(scenario, value);
            if let Some(column) = columns.iter_mut().find(|column| Some(&column.name) == named.as_ref()) {
                column.pattern.get_or_insert_with(|| pattern.clone());
            }
            if let Pattern::Equal(other) | Pattern::Than(_, other) = pattern {
                gather(scenario, other, columns);
            }
        }
    }
}

fn gather(scenario: &Scenario, value: &Expr, columns: &mut Vec<Column>) {
    match value {
        Expr::Compare(_, left, right) | Expr::And(left, right) | Expr::Or(left, right) | Expr::Binary(_, left, right) => {
            gather(scenario, left, columns);
            gather(scenario, right, columns);
        }
        Expr::Not(inner) | Expr::Unary(_, inner) => gather(scenario, inner, columns),
        Expr::Text(items) | Expr::List(items) => items.iter().for_each(|item| gather(scenario, item, columns)),
        _ => {
            if let Some(name) = name(scenario, value)
                && !columns.iter().any(|column| column.name == name)
            {
                columns.push(Column { name, value: value.clone(), ty: type_of(scenario, value), pattern: None });
            }
        }
    }
}

fn type_of(scenario: &Scenario, value: &Expr) -> Type {
    match value {
        Expr::Slot(slot) => scenario.slots.get(*slot).map_or(Type::Any, |slot| slot.ty),
        Expr::Field(inner, field) => field_type(&type_of(scenario, inner), field),
        _ => Type::Any,
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
        Expr::Len(inner) => name(scenario, inner).map(|inner| format!("len({inner})")),
        Expr::Namespace(who, kind) => actor(who).map(|who| format!("ns({who}, {kind})")),
        Expr::Output(who) => actor(who).map(|who| format!("output({who})")),
        _ => None,
    }
}
