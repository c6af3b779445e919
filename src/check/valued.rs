//! A value that the checker has resolved, with what it knows of it.

use crate::scenario::{ActorId, Environment, Expr, SlotId, evaluate};
use crate::text::Span;
use crate::value::{Type, Value};

/// The largest value, by weight, that is kept ready; a larger one is built when its step is reached, so that a
/// megabyte of text in a loop is not held once for each turn.
const KEPT: usize = 4096;
/// The largest value that a script may build, by weight.
const LARGEST: usize = 4 << 20;
/// What an element of a list weighs more than a byte of a string.
const ELEMENT: usize = 16;

/// A resolved value.
#[derive(Debug, Clone)]
pub(super) struct Valued {
    /// How to compute it.
    pub(super) expr: Expr,
    /// Its type as far as it is known.
    pub(super) ty: Type,
    /// What it is as far as types are mixed up.
    pub(super) shape: Shape,
    /// The catalogue's constants that were joined to it, and where.
    pub(super) flags: Vec<(String, Span)>,
    /// Whether a diagnostic has already said that it is no value.
    pub(super) broken: bool,
    /// Where it stands.
    pub(super) span: Span,
    /// How large it is, in bytes of text and in elements, each of which weighs more.
    pub(super) weight: usize,
}

/// What kind of thing a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Unknown,
    Null,
    Number,
    Duration,
    Pid,
    Actor,
    Handle(&'static str),
    Bytes,
    Status,
    Word,
    Do,
    List,
    Record,
}

impl Valued {
    /// What is computed by `expr`, of type `ty`.
    pub(super) fn of(expr: Expr, ty: Type, span: Span) -> Self {
        Self { expr, ty, shape: Shape::of(&ty), flags: Vec::new(), broken: false, span, weight: ELEMENT }
    }

    /// A value known from the start.
    pub(super) fn literal(value: Value, span: Span) -> Self {
        let (ty, shape) = match &value {
            Value::Null => (Type::Any, Shape::Null),
            Value::Int(_) => (Type::Int, Shape::Number),
            Value::Bytes(_) => (Type::Bytes, Shape::Bytes),
            Value::Duration(_) => (Type::Timeout, Shape::Duration),
            Value::List(_) => (Type::List(&Type::Any), Shape::List),
            Value::Record(_) => (Type::Any, Shape::Record),
            Value::Status(_) => (Type::Status, Shape::Status),
            Value::Word(_) => (Type::Any, Shape::Word),
            Value::Actor(_) => (Type::Actor, Shape::Actor),
            Value::Do(_) => (Type::Do, Shape::Do),
        };
        let weight = weight(&value);
        Self { expr: Expr::Literal(value), ty, shape, flags: Vec::new(), broken: false, span, weight }
    }

    /// Stands where a mistake was reported; nothing more is said of it.
    pub(super) fn broken(span: Span) -> Self {
        Self { broken: true, ..Self::of(Expr::Literal(Value::Null), Type::Any, span) }
    }

    /// With another shape than its type tells.
    pub(super) fn shaped(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    /// The same value, standing elsewhere.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.span = span;
        self.flags.iter_mut().for_each(|(_, place)| *place = span);
        self
    }

    /// Of this weight.
    pub(super) fn weighing(self, weight: usize) -> Self {
        Self { weight, ..self }
    }

    /// The value, where nothing that a run observes takes part in it.
    pub(super) fn constant(&self) -> Option<Value> {
        if self.broken || !is_constant(&self.expr) { None } else { evaluate(&self.expr, &Empty).ok() }
    }

    /// Computes what can be computed now, so that an overflow is reported where it stands.
    pub(super) fn fold(mut self) -> Result<Self, String> {
        if self.weight > LARGEST {
            return Err("it would be larger than 4 MB".to_owned());
        }
        if self.broken || matches!(self.expr, Expr::Literal(_)) || !is_constant(&self.expr) {
            return Ok(self);
        }
        let value = evaluate(&self.expr, &Empty)?;
        self.weight = weight(&value);
        if self.weight <= KEPT {
            self.expr = Expr::Literal(value);
        }
        Ok(self)
    }
}

impl Shape {
    /// What values of `ty` are.
    pub(super) fn of(ty: &Type) -> Self {
        match ty {
            Type::Any | Type::Timeout | Type::Either(_) => Self::Unknown,
            Type::Unit | Type::Int | Type::Mode | Type::Key | Type::Constants(_) | Type::Id | Type::Signal => Self::Number,
            Type::Pid => Self::Pid,
            Type::Actor => Self::Actor,
            Type::Handle(kind) => Self::Handle(kind),
            Type::Bytes | Type::Path => Self::Bytes,
            Type::Status => Self::Status,
            Type::Word(_) => Self::Word,
            Type::Do => Self::Do,
            Type::List(_) | Type::Signals => Self::List,
            Type::Struct(_) => Self::Record,
            Type::Optional(inner) => Self::of(inner),
        }
    }

    /// For people.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Unknown => "a value".into(),
            Self::Null => "`NULL`".into(),
            Self::Number => "an integer".into(),
            Self::Duration => "a duration".into(),
            Self::Pid => "a pid".into(),
            Self::Actor => "an actor".into(),
            Self::Handle(kind) => Type::Handle(kind).describe(),
            Self::Bytes => "a string".into(),
            Self::Status => "a wait status".into(),
            Self::Word => "a word".into(),
            Self::Do => "a `do` block".into(),
            Self::List => "a list".into(),
            Self::Record => "a record".into(),
        }
    }
}

/// The names bound to results of which `expr` makes use.
pub(super) fn slots(expr: &Expr, found: &mut Vec<SlotId>) {
    if let Expr::Slot(slot) = expr {
        found.push(*slot);
    }
    for part in parts(expr) {
        slots(part, found);
    }
}

/// The values directly inside `expr`.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Literal(_) | Expr::Slot(_) | Expr::Namespace(..) | Expr::Output(_) => Vec::new(),
        Expr::Text(items) | Expr::List(items) => items.iter().collect(),
        Expr::Record(fields) => fields.iter().map(|(_, field)| field).collect(),
        Expr::Do(calls) => calls.iter().flat_map(|(_, args)| args).collect(),
        Expr::Status(_, inner) | Expr::Unary(_, inner) | Expr::Not(inner) | Expr::Field(inner, _) | Expr::Len(inner) => {
            vec![inner]
        }
        Expr::Binary(_, left, right)
        | Expr::Compare(_, left, right)
        | Expr::And(left, right)
        | Expr::Or(left, right)
        | Expr::Index(left, right) => vec![left, right],
    }
}

/// Whether nothing that a run observes takes part in `expr`; the pid of an actor is one of those things.
fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(value) => !holds_actor(value),
        Expr::Slot(_) | Expr::Namespace(..) | Expr::Output(_) => false,
        other => parts(other).into_iter().all(is_constant),
    }
}

fn holds_actor(value: &Value) -> bool {
    match value {
        Value::Actor(_) => true,
        Value::List(items) => items.iter().any(holds_actor),
        Value::Record(fields) => fields.iter().any(|(_, field)| holds_actor(field)),
        Value::Do(calls) => calls.iter().any(|call| call.args.iter().any(holds_actor)),
        _ => false,
    }
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Bytes(bytes) => ELEMENT + bytes.len(),
        Value::List(items) => ELEMENT + items.iter().map(weight).sum::<usize>(),
        Value::Record(fields) => ELEMENT + fields.iter().map(|(_, field)| weight(field)).sum::<usize>(),
        Value::Do(calls) => ELEMENT + calls.iter().flat_map(|call| &call.args).map(weight).sum::<usize>(),
        _ => ELEMENT,
    }
}

/// Before a run no name has a value.
struct Empty;

impl Environment for Empty {
    fn slot(&self, _: SlotId) -> Option<Value> {
        None
    }

    fn pid(&self, _: ActorId) -> Option<i32> {
        None
    }

    fn namespace(&self, _: ActorId, _: &str) -> Result<Value, String> {
        Err("known only in a run".into())
    }

    fn output(&self, _: ActorId) -> Result<Value, String> {
        Err("known only in a run".into())
    }
}
