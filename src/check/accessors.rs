//! The few calls that stand inside values, because they make no step: `raw(x)`, `len(x)`, `ns(actor, kind)`, `output(actor)`, device
//! numbers and wait statuses.

use super::scene::Scene;
use super::types::Wanted;
use super::valued::{Shape, Valued};
use crate::scenario::{Expr, StatusKind};
use crate::syntax::ast::{self, BinaryOp, ExprKind};
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Type, Value};

/// The kinds of namespaces, as in /proc/PID/ns; see namespaces(7).
const NAMESPACES: &[&str] =
    &["cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"];

impl Scene<'_> {
    /// What such a call gives.
    pub(super) fn call_in_value(&mut self, call: &ast::Call, span: Span) -> Valued {
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
            ("makedev", [major, minor]) => self.device(major, minor, span),
            ("major", [device]) => self.device_part(device, &[(8, 0xfff), (32, 0xffff_f000)], span),
            ("minor", [device]) => self.device_part(device, &[(0, 0xff), (12, 0xffff_ff00)], span),
            ("output", [actor]) => match self.actor_of(actor) {
                Some(actor) => Valued::of(Expr::Output(actor), Type::Bytes, span),
                None => Valued::broken(span),
            },
            (name, args) => {
                // Of a call that makes a step the parser has said that it stands alone.
                if let Some(form) = form(name) {
                    let message = format!("`{name}` does not take {} arguments", args.len());
                    self.found.push(Diagnostic::error("wrong-arity", call.span, message).help(format!("write `{form}`")));
                }
                Valued::broken(span)
            }
        }
    }

    fn status(&mut self, kind: StatusKind, inner: &ast::Expr, ty: Type, span: Span) -> Valued {
        let inner = self.value(inner, Wanted::called("a wait status", ty));
        Valued { broken: inner.broken, ..Valued::of(Expr::Status(kind, Box::new(inner.expr)), Type::Status, span) }
    }

    /// A device number as glibc joins it; see makedev(3).
    fn device(&mut self, major: &ast::Expr, minor: &ast::Expr, span: Span) -> Valued {
        let major = self.value(major, Wanted::called("`makedev`", Type::Int));
        let minor = self.value(minor, Wanted::called("`makedev`", Type::Int));
        let part = |of: &Valued, mask: i128, shift: i128| {
            let masked = join(BinaryOp::And, of.expr.clone(), number(mask));
            join(BinaryOp::ShiftLeft, masked, number(shift))
        };
        let high = join(BinaryOp::Or, part(&major, 0xffff_f000, 32), part(&minor, 0xffff_ff00, 12));
        let low = join(BinaryOp::Or, part(&major, 0xfff, 8), part(&minor, 0xff, 0));
        Valued { broken: major.broken || minor.broken, ..Valued::of(join(BinaryOp::Or, high, low), Type::Int, span) }
    }

    /// The bits of a device number, each range shifted down and then masked; see makedev(3).
    fn device_part(&mut self, device: &ast::Expr, ranges: &[(i128, i128)], span: Span) -> Valued {
        let device = self.value(device, Wanted::called("a device number", Type::Int));
        let part = |&(shift, mask): &(i128, i128)| {
            let shifted = join(BinaryOp::ShiftRight, device.expr.clone(), number(shift));
            join(BinaryOp::And, shifted, number(mask))
        };
        let parts = ranges.iter().map(part).reduce(|left, right| join(BinaryOp::Or, left, right));
        Valued { broken: device.broken, ..Valued::of(parts.unwrap_or(number(0)), Type::Int, span) }
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
}

fn join(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    Expr::Binary(op, Box::new(left), Box::new(right))
}

fn number(number: i128) -> Expr {
    Expr::Literal(Value::Int(number))
}

/// How such a call is written.
fn form(name: &str) -> Option<&'static str> {
    Some(match name {
        "raw" => "raw(id)",
        "len" => "len(text)",
        "exited" => "exited(0)",
        "killed" => "killed(SIGKILL)",
        "stopped" => "stopped(SIGSTOP)",
        "ns" => "ns(father, ipc)",
        "output" => "output(father)",
        "makedev" => "makedev(1, 3)",
        "major" => "major(device)",
        "minor" => "minor(device)",
        _ => return None,
    })
}
