//! What the expectations of a scenario speak of: the columns of its histogram.

use crate::scenario::{Environment, Expr, Names, Pattern, Scenario, What, evaluate, show};
use crate::value::{Type, Value};

/// One of them.
#[derive(Debug, Clone)]
pub struct Column {
    /// As in the script: `total`, `seen.size`, `output(a)`.
    pub name: String,
    value: Expr,
    ty: Type,
}

/// What stands for a value that there is not.
pub const NONE: &str = "-";

/// The columns of `scenario`, in the order in which its expectations name them.
pub fn columns(scenario: &Scenario) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for step in &scenario.steps {
        if let What::Expect { value, pattern, .. } = &step.what {
            gather(scenario, value, &mut columns);
            if let Some(Pattern::Equal(other) | Pattern::Than(_, other)) = pattern {
                gather(scenario, other, &mut columns);
            }
        }
    }
    columns
}

impl Column {
    /// Its value, for people.
    pub fn show(&self, world: &(impl Environment + Names)) -> String {
        match evaluate(&self.value, world) {
            // Handles mean themselves here: that `fd` is `fd` says nothing.
            Ok(Value::Int(number)) if matches!(self.ty, Type::Handle(_)) => number.to_string(),
            Ok(value) => show(&value, &self.ty, world),
            Err(_) => NONE.to_owned(),
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
                let ty = match value {
                    Expr::Slot(slot) => scenario.slots.get(*slot).map_or(Type::Any, |slot| slot.ty.clone()),
                    _ => Type::Any,
                };
                columns.push(Column { name, value: value.clone(), ty });
            }
        }
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
