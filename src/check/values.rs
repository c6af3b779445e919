//! Values: resolved, typed, and computed as far as they are known before the run.

use super::scene::{Binding, Region, Scene};
use super::types::{Wanted, element_of, structure_of};
use super::valued::{Shape, Valued};
use crate::operation::{self, Trait};
use crate::scenario::{Expr, StatusKind};
use crate::syntax::ast::{self, BinaryOp, ExprKind, TextPart};
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Type, Value};

/// The kinds of namespaces, as in /proc/PID/ns; see namespaces(7).
const NAMESPACES: &[&str] =
    &["cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"];

impl Scene<'_> {
    /// The value that `ast` writes, where a `wanted` is asked for.
    pub(super) fn value(&mut self, ast: &ast::Expr, wanted: Wanted) -> Valued {
        let valued = self.plain(ast, wanted);
        let valued = valued.fold().unwrap_or_else(|why| {
            self.found.push(Diagnostic::error("bad-value", ast.span, format!("this has no value: {why}")).here("computed here"));
            Valued::broken(ast.span)
        });
        self.demand(&valued, wanted);
        valued
    }

    fn plain(&mut self, ast: &ast::Expr, wanted: Wanted) -> Valued {
        let span = ast.span;
        match &ast.kind {
            ExprKind::Integer(number) if (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(number) => {
                Valued::literal(Value::Int(*number), span)
            }
            ExprKind::Integer(number) => {
                self.found.push(
                    Diagnostic::error("bad-value", span, format!("{number} does not fit in 64 bits"))
                        .here("integers go from -2^63 to 2^64-1"),
                );
                Valued::broken(span)
            }
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
            ExprKind::And(..) | ExprKind::Or(_) | ExprKind::Not(_) => {
                self.found.push(
                    Diagnostic::error("pattern-as-value", span, "`and`, `or` and `not` join conditions, not values")
                        .here("a value is wanted here")
                        .help("C's `&`, `|` and `~` join the bits of integers"),
                );
                Valued::broken(span)
            }
            ExprKind::Broken => Valued::broken(span),
            _ => {
                self.found.push(
                    Diagnostic::error("pattern-as-value", span, format!("`{}` is a pattern, not a value", self.written(span)))
                        .here("a value is wanted here")
                        .help("patterns stand behind `->`"),
                );
                Valued::broken(span)
            }
        }
    }

    fn text(&mut self, parts: &[TextPart], span: Span) -> Valued {
        let mut exprs = Vec::with_capacity(parts.len());
        let mut broken = false;
        for part in parts {
            match part {
                TextPart::Bytes(bytes) => exprs.push(Expr::Literal(Value::Bytes(bytes.clone()))),
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
                    exprs.push(valued.expr);
                }
            }
        }
        Valued { broken, ..Valued::of(Expr::Text(exprs), Type::Bytes, span) }
    }

    fn list(&mut self, items: &[ast::Expr], open: bool, span: Span, wanted: Wanted) -> Valued {
        if open {
            self.found.push(
                Diagnostic::error("pattern-as-value", span, "`..` at the end of a list is a pattern, not a value")
                    .here("a value is wanted here")
                    .help("write every element; `[1, ..]` stands only behind `->`"),
            );
        }
        let element = wanted.with(element_of(&wanted.ty));
        let items: Vec<_> = items.iter().map(|item| self.value(item, element)).collect();
        let broken = open || items.iter().any(|item| item.broken);
        let flags = items.iter().flat_map(|item| item.flags.clone()).collect();
        let exprs = items.into_iter().map(|item| item.expr).collect();
        let ty = if Shape::of(&wanted.ty) == Shape::List { wanted.ty } else { Type::List(&Type::Any) };
        // The constants of a list are judged element by element; a name for the whole list keeps them.
        Valued { broken, flags, ..Valued::of(Expr::List(exprs), ty, span).shaped(Shape::List) }
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
        let mut flags = left.flags;
        flags.extend(right.flags);
        Valued { broken, flags, ..Valued::of(Expr::Binary(op, Box::new(left.expr), Box::new(right.expr)), ty, span) }
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

    fn complain(&mut self, seen: &Valued, message: String, label: &str) {
        if !seen.broken {
            self.found.push(Diagnostic::error("wrong-type", seen.span, message).here(label));
        }
    }

    /// The few calls that stand in values: `raw(x)`, `len(x)`, `ns(actor, kind)`, `output(actor)`, and wait statuses.
    fn call_in_value(&mut self, call: &ast::Call, span: Span) -> Valued {
        match (call.name.text.as_str(), call.args.as_slice()) {
            ("raw", [inner]) => {
                let inner = self.value(inner, Wanted::ANYTHING);
                Valued { broken: inner.broken, ..Valued::of(inner.expr, Type::Any, span) }
            }
            ("len", [inner]) => {
                let inner = self.value(inner, Wanted::ANYTHING);
                if !matches!(inner.shape, Shape::Unknown | Shape::Bytes | Shape::List) {
                    let what = inner.shape.describe();
                    self.complain(&inner, format!("{what} has no length"), "only strings and lists have one");
                }
                Valued { broken: inner.broken, ..Valued::of(Expr::Len(Box::new(inner.expr)), Type::Int, span) }
            }
            ("exited", [inner]) => self.status(StatusKind::Exited, inner, Type::Int, span),
            ("killed", [inner]) => self.status(StatusKind::Killed, inner, Type::Signal, span),
            ("stopped", [inner]) => self.status(StatusKind::Stopped, inner, Type::Signal, span),
            ("ns", [actor, kind]) => match (self.actor_of(actor), self.namespace_kind(kind)) {
                (Some(actor), Some(kind)) => Valued::of(Expr::Namespace(actor, kind), Type::Any, span),
                _ => Valued::broken(span),
            },
            ("output", [actor]) => match self.actor_of(actor) {
                Some(actor) => Valued::of(Expr::Output(actor), Type::Bytes, span),
                None => Valued::broken(span),
            },
            (name @ ("raw" | "len" | "exited" | "killed" | "stopped" | "ns" | "output"), args) => {
                let form = if name == "ns" { "ns(actor, kind)".to_owned() } else { format!("{name}(x)") };
                self.found.push(
                    Diagnostic::error("wrong-arity", call.span, format!("`{name}` does not take {} arguments", args.len()))
                        .help(format!("write `{form}`")),
                );
                Valued::broken(span)
            }
            (name, _) => {
                self.nested_call(name, call);
                Valued::broken(span)
            }
        }
    }

    fn status(&mut self, kind: StatusKind, inner: &ast::Expr, ty: Type, span: Span) -> Valued {
        let inner = self.value(inner, Wanted::called("a wait status", ty));
        Valued { broken: inner.broken, ..Valued::of(Expr::Status(kind, Box::new(inner.expr)), Type::Status, span) }
    }

    fn nested_call(&mut self, name: &str, call: &ast::Call) {
        let known = operation::find(name);
        if known.is_none() && !self.items.defs.contains_key(name) {
            self.unknown_call(&call.name);
            return;
        }
        let local = known.is_some_and(|(_, operation)| operation.is(Trait::Forks));
        let bound = if local { "child" } else { "x" };
        self.found.push(
            Diagnostic::error("nested-call", call.span, format!("`{name}` is a call inside a value"))
                .here("who makes it, and when, would not be seen")
                .help(format!("bind a name first: `who: {bound} = {}`, then write `{bound}`", self.written(call.span))),
        );
    }

    fn namespace_kind(&mut self, ast: &ast::Expr) -> Option<String> {
        let kind = match &ast.kind {
            ExprKind::Name(kind) => kind.clone(),
            ExprKind::Broken => return None,
            _ => self.written(ast.span).to_owned(),
        };
        if NAMESPACES.contains(&kind.as_str()) {
            return Some(kind);
        }
        let help = match nearest(&kind, NAMESPACES.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the kinds are {}", NAMESPACES.join(", ")),
        };
        self.found.push(
            Diagnostic::error("unknown-name", ast.span, format!("`{kind}` is no kind of namespace"))
                .here("not in /proc/PID/ns")
                .help(help),
        );
        None
    }

    /// The actor that `ast` names, in a value.
    fn actor_of(&mut self, ast: &ast::Expr) -> Option<u16> {
        match &ast.kind {
            ExprKind::Name(text) => self.actor(&ast::Name { text: text.clone(), span: ast.span }),
            ExprKind::Broken => None,
            _ => {
                self.found.push(
                    Diagnostic::error("not-an-actor", ast.span, "an actor is wanted here").here("not the name of an actor"),
                );
                None
            }
        }
    }

    /// The actor called `name`; reports what is no actor.
    pub(super) fn actor(&mut self, name: &ast::Name) -> Option<u16> {
        let text = name.text.as_str();
        match self.names.get(text).cloned() {
            Some(Binding::Actor(actor, _)) => return Some(actor),
            Some(Binding::Unclear(_)) => return None,
            Some(other) => {
                let place = self.place(&other);
                self.found.push(
                    Diagnostic::error("not-an-actor", name.span, format!("`{text}` is no actor"))
                        .here("an actor is wanted here")
                        .also(place, "it was bound here, to something else"),
                );
                return None;
            }
            None => {}
        }
        if let Some(&place) = self.anywhere.get(text) {
            self.not_there_yet(name, place);
            return None;
        }
        let actors = self.actors.iter().map(|actor| actor.name.as_str());
        let near = nearest(text, actors.chain(self.anywhere.keys().copied()).filter(|name| !name.starts_with('#')));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: `actor {text}`"),
        };
        let diagnostic = Diagnostic::error("unknown-actor", name.span, format!("unknown actor `{text}`"));
        self.found.push(diagnostic.here("nobody is called so").help(help));
        None
    }

    fn not_there_yet(&mut self, name: &ast::Name, place: Span) {
        if matches!(self.region, Region::Line | Region::Interleave) {
            self.found.push(
                Diagnostic::error("not-yet-bound", name.span, format!("`{}` is not there yet", name.text))
                    .here("named here")
                    .also(place, "it comes only here")
                    .help("file order is the schedule: move this line behind the one that brings the actor"),
            );
        }
    }
}

fn number_type(ty: Type) -> Type {
    match ty {
        Type::Any => Type::Any,
        _ => Type::Int,
    }
}
