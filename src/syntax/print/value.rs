//! Values and patterns as text, with as many parentheses as their precedence asks for.

use crate::syntax::ast::{BinaryOp, Call, Expr, ExprKind, Name, TextPart, UnaryOp};
use std::fmt::Write;

/// How tightly a value holds together, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Whole,
    Alternatives,
    Conjunction,
    Denial,
    Comparison,
    Outcome,
    Range,
    Binary(u8),
    Unary,
    Operand,
}

/// `value` as text.
pub fn expression(value: &Expr) -> String {
    at(value, Level::Whole)
}

/// `name(args)`
pub(super) fn call(call: &Call) -> String {
    format!("{}({})", call.name.text, list(&call.args))
}

/// A string without interpolation: a title, a path.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `value` where only what holds together as tightly as `level` may stand without parentheses.
fn at(value: &Expr, level: Level) -> String {
    let text = bare(&value.kind);
    if level_of(&value.kind) < level { format!("({text})") } else { text }
}

fn level_of(kind: &ExprKind) -> Level {
    match kind {
        ExprKind::Eventually(_) => Level::Whole,
        ExprKind::Or(_) => Level::Alternatives,
        ExprKind::And(..) => Level::Conjunction,
        ExprKind::Not(_) => Level::Denial,
        ExprKind::Compare(..) => Level::Comparison,
        ExprKind::Wildcard | ExprKind::Blocks | ExprKind::Sleeps | ExprKind::Ok => Level::Outcome,
        ExprKind::Dies(_) | ExprKind::Exits(_) | ExprKind::Contains(_) | ExprKind::Matches(_) | ExprKind::Than(..) => {
            Level::Outcome
        }
        ExprKind::Range(..) => Level::Range,
        ExprKind::Binary(op, ..) => Level::Binary(op.tightness()),
        ExprKind::Unary(..) => Level::Unary,
        _ => Level::Operand,
    }
}

fn bare(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Integer(number) => number.to_string(),
        ExprKind::Version(parts) => parts.iter().map(u64::to_string).collect::<Vec<_>>().join("."),
        ExprKind::Duration(nanoseconds) => duration(*nanoseconds),
        ExprKind::Text(parts) => format!("\"{}\"", parts.iter().map(part).collect::<String>()),
        ExprKind::Name(name) => name.clone(),
        ExprKind::List { items, open } => {
            let rest = match (open, items.is_empty()) {
                (false, _) => "",
                (true, true) => "..",
                (true, false) => ", ..",
            };
            format!("[{}{rest}]", list(items))
        }
        ExprKind::Record(fields) => format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", ")),
        ExprKind::Call(made) => call(made),
        ExprKind::Do(calls) if calls.is_empty() => "do { }".into(),
        ExprKind::Do(calls) => format!("do {{ {} }}", calls.iter().map(call).collect::<Vec<_>>().join("\n")),
        ExprKind::Unary(op, inner) => format!("{}{}", sign(*op), at(inner, Level::Unary)),
        ExprKind::Binary(op, left, right) => {
            let tight = op.tightness();
            format!("{} {} {}", at(left, Level::Binary(tight)), operator(*op), at(right, Level::Binary(tight + 1)))
        }
        ExprKind::Compare(op, left, right) => {
            format!("{} {} {}", at(left, Level::Outcome), op.sign(), at(right, Level::Outcome))
        }
        ExprKind::And(left, right) => format!("{} and {}", at(left, Level::Conjunction), at(right, Level::Denial)),
        ExprKind::Not(inner) => format!("not {}", at(inner, Level::Denial)),
        ExprKind::Field(inner, name) => format!("{}.{}", base(inner), name.text),
        ExprKind::Index(inner, index) => format!("{}[{}]", base(inner), expression(index)),
        ExprKind::Range(first, last) => {
            format!("{}..{}", at(first, Level::Binary(0)), at(last, Level::Binary(0)))
        }
        ExprKind::Or(all) => all.iter().map(|one| at(one, Level::Conjunction)).collect::<Vec<_>>().join(" or "),
        ExprKind::Wildcard => "_".into(),
        ExprKind::Blocks => "blocks".into(),
        ExprKind::Sleeps => "sleeps".into(),
        ExprKind::Ok => "ok".into(),
        ExprKind::Dies(inner) => format!("dies {}", at(inner, Level::Range)),
        ExprKind::Exits(inner) => format!("exits {}", at(inner, Level::Range)),
        ExprKind::Contains(inner) => format!("contains {}", at(inner, Level::Range)),
        ExprKind::Matches(inner) => format!("matches {}", at(inner, Level::Range)),
        ExprKind::Than(op, inner) => format!("{} {}", op.sign(), at(inner, Level::Range)),
        ExprKind::Eventually(inner) => format!("eventually {}", at(inner, Level::Alternatives)),
        // Nothing that could be read stood here; no tree without a mistake has one.
        ExprKind::Broken => String::new(),
    }
}

/// What a field or an element is taken of. A number would swallow the dot.
fn base(value: &Expr) -> String {
    match value.kind {
        ExprKind::Integer(_) | ExprKind::Version(_) | ExprKind::Duration(_) => format!("({})", bare(&value.kind)),
        _ => at(value, Level::Operand),
    }
}

fn list(items: &[Expr]) -> String {
    items.iter().map(expression).collect::<Vec<_>>().join(", ")
}

fn field((name, value): &(Option<Name>, Expr)) -> String {
    match name {
        Some(name) => format!("{}: {}", name.text, expression(value)),
        None => expression(value),
    }
}

fn part(part: &TextPart) -> String {
    match part {
        TextPart::Value(value) => format!("{{{}}}", expression(value)),
        TextPart::Bytes(bytes) => escaped(bytes),
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                '"' | '\\' | '{' | '}' => text.extend(['\\', character]),
                // What the eye or the terminal would not take as it is.
                hidden if hidden.is_control() || is_invisible(hidden) => {
                    let mut encoded = [0; 4];
                    hidden.encode_utf8(&mut encoded).bytes().for_each(|byte| push_hex(&mut text, byte));
                }
                plain => text.push(plain),
            }
        }
        chunk.invalid().iter().for_each(|&byte| push_hex(&mut text, byte));
    }
    text
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn push_hex(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\\x{byte:02x}");
}

fn duration(nanoseconds: u64) -> String {
    let units = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)];
    match units.into_iter().find(|(_, unit)| nanoseconds.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", nanoseconds / unit),
        None => format!("{nanoseconds}ns"),
    }
}

fn sign(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Minus => "-",
        UnaryOp::Plus => "+",
        UnaryOp::Complement => "~",
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Times => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::And => "&",
        BinaryOp::Xor => "^",
        BinaryOp::Or => "|",
    }
}
