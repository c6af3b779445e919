//! Values: resolved, typed, and computed as far as they are known before the run.

use super::scene::Scene;
use super::types::{Wanted, element_of, structure_of};
use super::valued::{Shape, Valued};
use crate::scenario::Expr;
use crate::syntax::ast::{self, BinaryOp, ExprKind, TextPart};
use crate::text::{Diagnostic, Span};
use crate::value::{Type, Value};

impl Scene<'_> {
    /// The value that `ast` writes, where a `wanted` is asked for.
    pub(super) fn value(&mut self, ast: &ast::Expr, wanted: Wanted) -> Valued {
        let valued = self.plain(ast, wanted);
        let valued = valued.fold().unwrap_or_else(|why| {
            self.found.push(Diagnostic::error("bad-value", ast.span, format!("this has no value: {why}")).here("computed here"));
            Valued::broken(ast.span)
        });
        let fits = self.demand(&valued, wanted);
        // One mistake is said once: what does not fit here is not looked at again.
        Valued { broken: valued.broken || !fits, ..valued }
    }

    fn plain(&mut self, ast: &ast::Expr, wanted: Wanted) -> Valued {
        let span = ast.span;
        match &ast.kind {
            ExprKind::Integer(number) => Valued::literal(Value::Int(*number), span),
            ExprKind::Version(_) => {
                self.found.push(
                    Diagnostic::error("wrong-type", span, "a version is no value")
                        .here("only `kernel` is compared with versions")
                        .help("write `needs kernel >= 5.10` or `if kernel >= 5.10 { … }`; C has no fractions here"),
                );
                Valued::broken(span)
            }
            ExprKind::Duration(nanoseconds) => Valued::literal(Value::Duration(*nanoseconds), span),
            ExprKind::Text(parts) => self.text(parts, span),
            ExprKind::Name(name) => self.name(name, span, wanted),
            ExprKind::List { items, open } => self.list(items, *open, span, wanted),
            ExprKind::Record(fields) => self.record(fields, span, wanted),
            ExprKind::Call(call) => self.call_in_value(call, span),
            ExprKind::Do(calls) => {
                let calls: Vec<_> = calls.iter().map(|call| self.call(call)).collect();
                let broken = calls.iter().any(|call| call.as_ref().is_none_or(|call| call.args.iter().any(|arg| arg.broken)));
                let calls = calls.into_iter().flatten();
                let calls = calls.map(|call| (call.index, call.args.into_iter().map(|arg| arg.expr).collect())).collect();
                Valued { broken, ..Valued::of(Expr::Do(calls), Type::Do, span) }
            }
            ExprKind::Unary(op, inner) => {
                let inner = self.value(inner, Wanted::ANYTHING);
                self.number(&inner);
                let expr = Expr::Unary(*op, Box::new(inner.expr));
                Valued { flags: inner.flags, broken: inner.broken, ..Valued::of(expr, number_type(inner.ty), span) }
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, span),
            ExprKind::Compare(op, left, right) => {
                let left = self.value(left, Wanted::ANYTHING);
                let right = self.value(right, Wanted::ANYTHING);
                self.comparable(&left, &right, span);
                let broken = left.broken || right.broken;
                Valued { broken, ..Valued::of(Expr::Compare(*op, Box::new(left.expr), Box::new(right.expr)), Type::Int, span) }
            }
            ExprKind::Field(inner, field) => self.field(inner, field, span),
            ExprKind::Index(inner, index) => {
                let inner = self.value(inner, Wanted::ANYTHING);
                let index = self.value(index, Wanted::called("an index", Type::Int));
                let ty = match inner.shape {
                    Shape::Bytes => Type::Int,
                    Shape::List => element_of(&inner.ty),
                    Shape::Unknown => Type::Any,
                    other => {
                        self.complain(
                            &inner,
                            format!("{} has no elements", other.describe()),
                            "only lists and strings have elements",
                        );
                        return Valued::broken(span);
                    }
                };
                let broken = inner.broken || index.broken;
                Valued { broken, ..Valued::of(Expr::Index(Box::new(inner.expr), Box::new(index.expr)), ty, span) }
            }
            // Patterns and conditions: the parser has said that they are no values.
            _ => Valued::broken(span),
        }
    }

    fn text(&mut self, parts: &[TextPart], span: Span) -> Valued {
        let mut exprs = Vec::with_capacity(parts.len());
        let mut broken = false;
        let mut weight = 0;
        for part in parts {
            match part {
                TextPart::Bytes(bytes) => {
                    weight += bytes.len();
                    exprs.push(Expr::Literal(Value::Bytes(bytes.clone())));
                }
                TextPart::Value(ast) => {
                    let valued = self.value(ast, Wanted::ANYTHING);
                    if matches!(
                        valued.shape,
                        Shape::List | Shape::Record | Shape::Do | Shape::Status | Shape::Null | Shape::Duration
                    ) {
                        let what = valued.shape.describe();
                        self.complain(
                            &valued,
                            format!("{what} cannot stand in a string"),
                            "only numbers, strings and actors can",
                        );
                        broken = true;
                    }
                    broken |= valued.broken;
                    weight += valued.weight;
                    exprs.push(valued.expr);
                }
            }
        }
        Valued { broken, ..Valued::of(Expr::Text(exprs), Type::Bytes, span).weighing(weight) }
    }

    fn list(&mut self, items: &[ast::Expr], open: bool, span: Span, wanted: Wanted) -> Valued {
        let element = wanted.with(element_of(&wanted.ty));
        let items: Vec<_> = items.iter().map(|item| self.value(item, element)).collect();
        let broken = open || items.iter().any(|item| item.broken);
        let weight = items.iter().map(|item| item.weight).sum();
        let flags = items.iter().flat_map(|item| item.flags.clone()).collect();
        let exprs = items.into_iter().map(|item| item.expr).collect();
        let ty = if Shape::of(&wanted.ty) == Shape::List { wanted.ty } else { Type::List(&Type::Any) };
        // The constants of a list are judged element by element; a name for the whole list keeps them.
        Valued { broken, flags, ..Valued::of(Expr::List(exprs), ty, span).shaped(Shape::List).weighing(weight) }
    }

    fn field(&mut self, inner: &ast::Expr, field: &ast::Name, span: Span) -> Valued {
        let inner = self.value(inner, Wanted::ANYTHING);
        let structure = structure_of(&inner.ty);
        let ty = match (structure, inner.shape) {
            (Some(structure), _) => match structure.fields.iter().find(|known| known.name == field.text) {
                Some(known) => known.ty,
                None => {
                    self.unknown_field(structure, field);
                    return Valued::broken(span);
                }
            },
            (None, Shape::Record | Shape::Unknown) => Type::Any,
            (None, other) => {
                self.complain(&inner, format!("{} has no field `{}`", other.describe(), field.text), "only records have fields");
                return Valued::broken(span);
            }
        };
        Valued { broken: inner.broken, ..Valued::of(Expr::Field(Box::new(inner.expr), field.text.clone()), ty, span) }
    }

    fn binary(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Valued {
        let left = self.value(left, Wanted::ANYTHING);
        let right = self.value(right, Wanted::ANYTHING);
        let broken = left.broken || right.broken;
        let ty = match (op, left.shape, right.shape) {
            (BinaryOp::Add, Shape::Bytes, Shape::Bytes) => Type::Bytes,
            (BinaryOp::Times, Shape::Bytes, _) | (BinaryOp::Times, _, Shape::Bytes) => Type::Bytes,
            (BinaryOp::Add | BinaryOp::Subtract, Shape::List, Shape::List) | (BinaryOp::Times, Shape::List, _) => left.ty,
            (BinaryOp::Add, Shape::Duration, Shape::Duration) => Type::Timeout,
            (_, Shape::Unknown, _) | (_, _, Shape::Unknown) => match (left.ty, right.ty) {
                (address @ Type::Handle("address"), _) | (_, address @ Type::Handle("address")) => address,
                _ => Type::Any,
            },
            (BinaryOp::Subtract, Shape::Handle(_), Shape::Handle(_)) => Type::Int,
            (BinaryOp::Add | BinaryOp::Subtract, Shape::Handle(_), _) => left.ty,
            (BinaryOp::Add, _, Shape::Handle(_)) => right.ty,
            _ => {
                let fits = self.number(&left) & self.number(&right);
                if !fits {
                    return Valued::broken(span);
                }
                Type::Int
            }
        };
        let weight = if op == BinaryOp::Times { repeated(&left, &right) } else { left.weight + right.weight };
        let weight = if Shape::of(&ty) == Shape::Number { 1 } else { weight };
        let mut flags = left.flags;
        flags.extend(right.flags);
        let expr = Expr::Binary(op, Box::new(left.expr), Box::new(right.expr));
        Valued { broken, flags, weight, ..Valued::of(expr, ty, span) }
    }

    /// Whether an operand can be computed with; says so if not.
    fn number(&mut self, operand: &Valued) -> bool {
        let fits =
            matches!(operand.shape, Shape::Unknown | Shape::Null | Shape::Number | Shape::Pid | Shape::Actor | Shape::Handle(_));
        if !fits && !operand.broken {
            let what = operand.shape.describe();
            self.complain(operand, format!("{what} is no number"), "this operator computes with integers");
        }
        fits
    }

    /// Says so when two values are so different that no comparison can hold.
    pub(super) fn comparable(&mut self, left: &Valued, right: &Valued, span: Span) {
        let class = |shape: Shape| match shape {
            Shape::Unknown => None,
            Shape::Null | Shape::Number | Shape::Pid | Shape::Actor | Shape::Handle(_) => Some(0),
            Shape::Duration => Some(1),
            Shape::Bytes => Some(2),
            Shape::Status => Some(3),
            Shape::Word | Shape::Do => Some(4),
            Shape::List => Some(5),
            Shape::Record => Some(6),
        };
        if let (Some(one), Some(other)) = (class(left.shape), class(right.shape))
            && one != other
            && !left.broken
            && !right.broken
        {
            let (one, other) = (left.shape.describe(), right.shape.describe());
            self.found.push(
                Diagnostic::error("wrong-type", span, format!("{one} is compared with {other}"))
                    .here("these are never the same")
                    .also(left.span, one)
                    .also(right.span, other),
            );
        }
    }

    /// Reports a value that cannot be used so.
    pub(super) fn complain(&mut self, seen: &Valued, message: String, label: &str) {
        if !seen.broken {
            self.found.push(Diagnostic::error("wrong-type", seen.span, message).here(label));
        }
    }
}

/// What `left` times `right` weighs, where one of them is a number and the other may be a list or a string.
fn repeated(left: &Valued, right: &Valued) -> usize {
    let times = |number: &Valued| match number.constant() {
        Some(Value::Int(times)) => usize::try_from(times).unwrap_or(0),
        _ => 1,
    };
    if right.shape == Shape::Number { left.weight.saturating_mul(times(right)) } else { right.weight.saturating_mul(times(left)) }
}

fn number_type(ty: Type) -> Type {
    match ty {
        Type::Any => Type::Any,
        _ => Type::Int,
    }
}
