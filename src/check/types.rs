//! Which values fit which types of the catalogue.

use super::valued::{Shape, Valued};
use crate::operation::{Operation, Parameter, operations};
use crate::scenario::Expr;
use crate::value::{Field, Group, Structure, Type, Value};

/// What is wanted at a place, and what place that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// The type.
    pub(super) ty: Type,
    /// The place.
    pub(super) place: Place,
}

/// Where a value is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Somewhere that asks for nothing.
    Free,
    /// An argument of a call.
    Argument(&'static Operation, &'static Parameter),
    /// A field of a struct.
    Field(&'static Structure, &'static Field),
    /// What a pattern compares a result with.
    Result(&'static Operation),
    /// Something with a name: `the status`.
    Called(&'static str),
}

impl Wanted {
    /// Anything.
    pub(super) const ANYTHING: Self = Self { ty: Type::Any, place: Place::Free };

    /// `ty`, for `what`.
    pub(super) fn called(what: &'static str, ty: Type) -> Self {
        Self { ty, place: Place::Called(what) }
    }

    /// The same place with another type: the elements of a list.
    pub(super) fn with(self, ty: Type) -> Self {
        Self { ty, ..self }
    }
}

impl Place {
    /// For people, as the subject of a sentence.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Free => "this place".into(),
            Self::Argument(operation, parameter) => format!("`{}` of `{}`", parameter.name, operation.name),
            Self::Field(structure, field) => format!("`{}` of a struct {}", field.name, structure.name),
            Self::Result(operation) => format!("`{}`", operation.name),
            Self::Called(what) => what.into(),
        }
    }
}

/// Whether `seen` can stand where a `wanted` is asked for. What is not known before the run passes.
pub(super) fn accepts(wanted: &Type, seen: &Valued) -> bool {
    let shape = seen.shape;
    if shape == Shape::Unknown {
        return match seen.ty {
            Type::Either(types) => types.iter().any(|ty| accepts(wanted, &Valued::of(seen.expr.clone(), *ty, seen.span))),
            _ => true,
        };
    }
    match wanted {
        Type::Any | Type::Unit => true,
        Type::Optional(inner) => shape == Shape::Null || accepts(inner, seen),
        Type::Either(types) => types.iter().any(|ty| accepts(ty, seen)),
        Type::Int | Type::Id => matches!(shape, Shape::Null | Shape::Number | Shape::Pid | Shape::Actor | Shape::Handle(_)),
        Type::Mode | Type::Key | Type::Constants(_) | Type::Signal => matches!(shape, Shape::Null | Shape::Number),
        Type::Pid => matches!(shape, Shape::Null | Shape::Number | Shape::Pid | Shape::Actor),
        Type::Actor => shape == Shape::Actor,
        Type::Handle(kind) => match shape {
            Shape::Handle(other) => same_kind(kind, other),
            Shape::Null | Shape::Number => true,
            _ => false,
        },
        Type::Bytes | Type::Path => shape == Shape::Bytes,
        Type::Status => shape == Shape::Status,
        Type::Timeout => matches!(shape, Shape::Null | Shape::Number | Shape::Duration),
        Type::Word(words) => match &seen.expr {
            Expr::Literal(Value::Word(word)) => words.contains(&word.as_str()),
            _ => shape == Shape::Word,
        },
        Type::Do => shape == Shape::Do,
        Type::List(_) | Type::Signals => shape == Shape::List,
        Type::Struct(_) => shape == Shape::Record,
    }
}

/// What a call gives, for people: where it takes a pid an actor will do, and it gives a pid.
pub(super) fn gives(ty: &Type) -> String {
    match ty {
        Type::Pid => "a pid".into(),
        other => other.describe(),
    }
}

/// Whether identifiers of these kinds can stand for each other: descriptors are descriptors, memory is memory.
pub(super) fn same_kind(left: &str, right: &str) -> bool {
    left == right || (is_descriptor(left) && is_descriptor(right)) || (is_address(left) && is_address(right))
}

/// Whether `kind` names an entry of a process's descriptor table.
pub(super) fn is_descriptor(kind: &str) -> bool {
    matches!(kind, "fd" | "mqd" | "pidfd" | "socket" | "dirfd")
}

/// Whether `kind` names a place in a process's memory.
pub(super) fn is_address(kind: &str) -> bool {
    matches!(kind, "address" | "sem")
}

/// The first call of the catalogue that gives identifiers of this kind.
pub(super) fn giver(kind: &str) -> Option<&'static str> {
    operations()
        .find(|operation| matches!(operation.result, Type::Handle(given) if given == kind))
        .map(|operation| operation.name)
}

/// The type of the elements of a list of this type.
pub(super) fn element_of(ty: &Type) -> Type {
    match ty {
        Type::List(inner) => **inner,
        Type::Signals => Type::Signal,
        Type::Optional(inner) => element_of(inner),
        Type::Either(types) => only(types.iter().filter(|ty| Shape::of(ty) == Shape::List)).map_or(Type::Any, element_of),
        _ => Type::Any,
    }
}

/// The struct that a record of this type is.
pub(super) fn structure_of(ty: &Type) -> Option<&'static Structure> {
    match ty {
        Type::Struct(structure) => Some(structure),
        Type::Optional(inner) => structure_of(inner),
        Type::Either(types) => only(types.iter().filter(|ty| Shape::of(ty) == Shape::Record)).and_then(structure_of),
        _ => None,
    }
}

/// The words that may stand where this type is wanted.
pub(super) fn words_of(ty: &Type) -> &'static [&'static str] {
    match ty {
        Type::Word(words) => words,
        Type::Optional(inner) => words_of(inner),
        Type::Either(types) => types.iter().map(words_of).find(|words| !words.is_empty()).unwrap_or(&[]),
        _ => &[],
    }
}

/// The groups whose constants may stand where this type is wanted; `None` where any number may.
pub(super) fn groups_of(ty: &Type) -> Option<Vec<&'static Group>> {
    match ty {
        Type::Constants(group) => Some(vec![group]),
        Type::Optional(inner) => groups_of(inner),
        Type::Either(types) => {
            let numeric = types.iter().filter(|ty| Shape::of(ty) == Shape::Number || matches!(ty, Type::Any | Type::Either(_)));
            let groups: Option<Vec<_>> = numeric.map(groups_of).collect();
            groups.map(|groups| groups.concat()).filter(|groups| !groups.is_empty())
        }
        _ => None,
    }
}

/// The kind of identifier that this type is.
pub(super) fn handle_of(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Handle(kind) => Some(kind),
        Type::Optional(inner) => handle_of(inner),
        Type::Either(types) => types.iter().find_map(handle_of),
        _ => None,
    }
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next();
    if items.next().is_some() { None } else { first }
}
