//! A tree with the values in it replaced.

use crate::syntax::ast::{Call, Expr, ExprKind, TextPart};

/// What `expr` becomes when each value directly inside it becomes what `one` makes of it.
pub(super) fn with_parts(expr: &Expr, one: &mut dyn FnMut(&Expr) -> Expr) -> ExprKind {
    let mut boxed = |expr: &Expr| Box::new(one(expr));
    match &expr.kind {
        ExprKind::Unary(op, inner) => ExprKind::Unary(*op, boxed(inner)),
        ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, boxed(left), boxed(right)),
        ExprKind::Compare(op, left, right) => ExprKind::Compare(*op, boxed(left), boxed(right)),
        ExprKind::And(left, right) => ExprKind::And(boxed(left), boxed(right)),
        ExprKind::Not(inner) => ExprKind::Not(boxed(inner)),
        ExprKind::Field(inner, field) => ExprKind::Field(boxed(inner), field.clone()),
        ExprKind::Index(inner, index) => ExprKind::Index(boxed(inner), boxed(index)),
        ExprKind::Range(from, to) => ExprKind::Range(boxed(from), boxed(to)),
        ExprKind::Dies(inner) => ExprKind::Dies(boxed(inner)),
        ExprKind::Exits(inner) => ExprKind::Exits(boxed(inner)),
        ExprKind::Contains(inner) => ExprKind::Contains(boxed(inner)),
        ExprKind::Matches(inner) => ExprKind::Matches(boxed(inner)),
        ExprKind::Than(op, inner) => ExprKind::Than(*op, boxed(inner)),
        ExprKind::Eventually(inner) => ExprKind::Eventually(boxed(inner)),
        ExprKind::Or(items) => ExprKind::Or(items.iter().map(one).collect()),
        ExprKind::List { items, open } => ExprKind::List { items: items.iter().map(one).collect(), open: *open },
        ExprKind::Record(fields) => ExprKind::Record(fields.iter().map(|(name, field)| (name.clone(), one(field))).collect()),
        ExprKind::Call(call) => ExprKind::Call(with_arguments(call, one)),
        ExprKind::Do(calls) => ExprKind::Do(calls.iter().map(|call| with_arguments(call, one)).collect()),
        ExprKind::Text(parts) => ExprKind::Text(
            parts
                .iter()
                .map(|part| match part {
                    TextPart::Bytes(bytes) => TextPart::Bytes(bytes.clone()),
                    TextPart::Value(value) => TextPart::Value(one(value)),
                })
                .collect(),
        ),
        plain => plain.clone(),
    }
}

/// `call`, each of its arguments as `one` makes it.
pub(super) fn with_arguments(call: &Call, one: &mut dyn FnMut(&Expr) -> Expr) -> Call {
    Call { name: call.name.clone(), args: call.args.iter().map(one).collect(), span: call.span }
}
