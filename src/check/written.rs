//! A call as reports show it, where its source text alone does not tell it.

use crate::syntax::ast::{Call, Expr, ExprKind, TextPart, UnaryOp};
use crate::text::Source;
use std::fmt::Write;

/// The text of a call on one line, or `None` when it needs to be put together anew: over several lines there may be comments.
pub(super) fn folded(source: &str) -> Option<String> {
    if source.is_empty() || source.contains(['\n', '\t']) { None } else { Some(source.to_owned()) }
}

/// The call in one line: `semop(mutex, [{0, -1, 0}])`.
pub(super) fn call_text(call: &Call, sources: &[Source]) -> String {
    let mut out = String::new();
    call_to(&mut out, call, sources);
    out
}

fn call_to(out: &mut String, call: &Call, sources: &[Source]) {
    out.push_str(&call.name.text);
    out.push('(');
    list_to(out, &call.args, sources);
    out.push(')');
}

fn list_to(out: &mut String, items: &[Expr], sources: &[Source]) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        expr_to(out, item, sources);
    }
}

fn expr_to(out: &mut String, expr: &Expr, sources: &[Source]) {
    let source = sources.get(expr.span.source as usize).map_or("", |source| source.slice(expr.span));
    match &expr.kind {
        ExprKind::Name(name) => out.push_str(name),
        ExprKind::List { items, open } => {
            out.push('[');
            list_to(out, items, sources);
            if *open {
                out.push_str(if items.is_empty() { ".." } else { ", .." });
            }
            out.push(']');
        }
        ExprKind::Record(fields) => {
            out.push('{');
            for (at, (name, field)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                if let Some(name) = name {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "{}: ", name.text);
                }
                expr_to(out, field, sources);
            }
            out.push('}');
        }
        ExprKind::Call(call) => call_to(out, call, sources),
        ExprKind::Do(calls) => {
            out.push_str("do { ");
            for call in calls {
                call_to(out, call, sources);
                out.push(' ');
            }
            out.push('}');
        }
        ExprKind::Unary(op, inner) => {
            out.push(match op {
                UnaryOp::Minus => '-',
                UnaryOp::Plus => '+',
                UnaryOp::Complement => '~',
            });
            operand_to(out, inner, u8::MAX, sources);
        }
        ExprKind::Binary(op, left, right) => {
            let (sign, level) = (op.sign(), op.tightness());
            operand_to(out, left, level, sources);
            let _ = write!(out, " {sign} ");
            operand_to(out, right, level + 1, sources);
        }
        ExprKind::Compare(op, left, right) => {
            operand_to(out, left, 1, sources);
            let _ = write!(out, " {} ", op.sign());
            operand_to(out, right, 1, sources);
        }
        ExprKind::Field(inner, field) => {
            operand_to(out, inner, u8::MAX, sources);
            let _ = write!(out, ".{}", field.text);
        }
        ExprKind::Index(inner, index) => {
            operand_to(out, inner, u8::MAX, sources);
            out.push('[');
            expr_to(out, index, sources);
            out.push(']');
        }
        ExprKind::Text(parts) => text_to(out, parts, source, sources),
        _ => out.push_str(source),
    }
}

/// A string as it is written, unless a definition has put another value into its braces.
fn text_to(out: &mut String, parts: &[TextPart], source: &str, sources: &[Source]) {
    if !source.is_empty() && parts.iter().all(|part| matches!(part, TextPart::Bytes(_))) {
        out.push_str(source);
        return;
    }
    out.push('"');
    for part in parts {
        match part {
            TextPart::Bytes(bytes) => {
                for chunk in bytes.utf8_chunks() {
                    chunk.valid().chars().for_each(|character| match character {
                        '{' | '}' => out.extend(['\\', character]),
                        other => out.extend(
                            other.escape_default().filter(|_| other.is_ascii()).chain((!other.is_ascii()).then_some(other)),
                        ),
                    });
                    chunk.invalid().iter().for_each(|byte| {
                        let _ = write!(out, "\\x{byte:02x}");
                    });
                }
            }
            TextPart::Value(value) => {
                out.push('{');
                expr_to(out, value, sources);
                out.push('}');
            }
        }
    }
    out.push('"');
}

fn operand_to(out: &mut String, expr: &Expr, level: u8, sources: &[Source]) {
    let own = match &expr.kind {
        ExprKind::Binary(op, ..) => op.tightness(),
        ExprKind::Compare(..) => 0,
        ExprKind::Unary(..) => u8::MAX - 1,
        _ => u8::MAX,
    };
    if own < level {
        out.push('(');
        expr_to(out, expr, sources);
        out.push(')');
    } else {
        expr_to(out, expr, sources);
    }
}
