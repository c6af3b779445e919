//! Whether each value, condition and pattern stands where it may: one grammar reads all three, so that what is out of
//! place is told by its name.

use super::reader::Reader;
use crate::syntax::ast::{BinaryOp, Call, CompareOp, Expr, ExprKind, TextPart, UnaryOp};
use crate::syntax::word::{RESERVED, VALUE_CALLS};

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq)]
enum Place<'a> {
    /// A value: an argument of a call that this actor makes, or a constant.
    Value(Option<&'a str>),
    /// A condition of `if` or `expect`.
    Condition,
    /// Right behind `->`.
    Outcome,
    /// Inside a pattern.
    Pattern,
}

/// Judges a value.
pub(super) fn value(reader: &mut Reader<'_>, value: &Expr) {
    judge(reader, value, Place::Value(None));
}

/// Judges what `each`, `for` or `needs` takes: a value, or a range.
pub(super) fn values(reader: &mut Reader<'_>, values: &Expr) {
    if let ExprKind::Range(first, last) = &values.kind {
        value(reader, first);
        value(reader, last);
    } else {
        value(reader, values);
    }
}

/// Judges a condition.
pub(super) fn condition(reader: &mut Reader<'_>, condition: &Expr) {
    judge(reader, condition, Place::Condition);
}

/// Judges the pattern behind the `->` of an `expect`: what a step comes to is never the opposite of something.
pub(super) fn judged(reader: &mut Reader<'_>, pattern: &Expr) {
    match &pattern.kind {
        ExprKind::Not(denied) => outcome(reader, denied),
        _ => outcome(reader, pattern),
    }
}

/// Judges the pattern behind the `->` of a step.
pub(super) fn outcome(reader: &mut Reader<'_>, pattern: &Expr) {
    let (inner, eventually) = match &pattern.kind {
        ExprKind::Eventually(inner) => (inner.as_ref(), true),
        _ => (pattern, false),
    };
    let alternatives = match &inner.kind {
        ExprKind::Or(all) => all.as_slice(),
        _ => std::slice::from_ref(inner),
    };
    for one in alternatives {
        let waits = matches!(one.kind, ExprKind::Blocks | ExprKind::Sleeps);
        if waits && (alternatives.len() > 1 || eventually) {
            let word = reader.source.slice(one.span).to_owned();
            let message = format!("`{word}` has no alternative: a call returns or it does not");
            reader.error("blocks-alternative", one.span, message, format!("write `-> {word}` alone"));
            continue;
        }
        if errno_alternatives(one) {
            let text = reader.source.slice(one.span).replace('|', "or");
            let message = "`|` computes a number; errors that are alternatives are joined by `or`";
            reader.error("errno-alternatives", one.span, message, format!("write `-> {text}`"));
            continue;
        }
        if is_minus_one(one) {
            let help = "write the error, as in `-> EINVAL`; for a result that is the number, `-> == -1`";
            reader.error("minus-one", one.span, "a call that fails is told by its errno, not by -1", help);
            continue;
        }
        judge(reader, one, Place::Outcome);
    }
}

/// Judges the arguments of a call that `actor` makes.
pub(super) fn call(reader: &mut Reader<'_>, call: &Call, actor: Option<&str>) {
    if RESERVED.contains(&call.name.text.as_str()) {
        let message = format!("`{}` is a word of the language, and no call", call.name.text);
        reader.error("reserved-word", call.name.span, message, "write the name of a call, as its man page spells it");
    }
    for argument in &call.args {
        judge(reader, argument, Place::Value(actor));
    }
}

/// The tree may be a thousand operators deep: what this function reports is worded elsewhere, to keep its frame small.
fn judge(reader: &mut Reader<'_>, expr: &Expr, place: Place<'_>) {
    let inner = match place {
        Place::Value(_) => place,
        Place::Condition => Place::Value(None),
        Place::Outcome | Place::Pattern => Place::Pattern,
    };
    // What an operator takes is a value, wherever the whole stands.
    let operand = if let Place::Value(_) = place { place } else { Place::Value(None) };
    let is_pattern = inner == Place::Pattern;
    match &expr.kind {
        ExprKind::Integer(_) | ExprKind::Version(_) | ExprKind::Duration(_) | ExprKind::Broken => {}
        ExprKind::Name(name) if name == "kernel" && place == Place::Condition => {}
        ExprKind::Name(name) if RESERVED.contains(&name.as_str()) => reader.no_value(name, expr.span),
        ExprKind::Name(_) => {}
        ExprKind::Text(parts) => parts.iter().for_each(|part| {
            if let TextPart::Value(value) = part {
                judge(reader, value, operand);
            }
        }),
        ExprKind::List { open: true, .. } if !is_pattern => misplaced(reader, expr, place),
        ExprKind::List { items, .. } => items.iter().for_each(|item| judge(reader, item, inner)),
        ExprKind::Record(fields) => fields.iter().for_each(|(_, value)| judge(reader, value, inner)),
        ExprKind::Call(nested) => judge_nested(reader, nested, place),
        ExprKind::Do(calls) if !is_pattern => {
            let actor = if let Place::Value(actor) = place { actor } else { None };
            calls.iter().for_each(|later| call(reader, later, actor));
        }
        ExprKind::Unary(_, value) | ExprKind::Field(value, _) => judge(reader, value, operand),
        ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
            judge(reader, left, operand);
            judge(reader, right, operand);
        }
        ExprKind::Compare(op, left, right) if place == Place::Condition => {
            let machine = matches!(&left.kind, ExprKind::Name(name) if name == "kernel");
            judge(reader, left, if machine { place } else { operand });
            if !compared_with_pattern(reader, *op, left, right) {
                judge(reader, right, operand);
            }
        }
        ExprKind::And(left, right) if place == Place::Condition => {
            judge(reader, left, place);
            judge(reader, right, place);
        }
        ExprKind::Not(value) if place == Place::Condition => judge(reader, value, place),
        ExprKind::Or(all) if !matches!(place, Place::Value(_)) => all.iter().for_each(|one| judge(reader, one, place)),
        ExprKind::Wildcard if is_pattern => {}
        ExprKind::Range(first, last) if is_pattern => {
            judge(reader, first, operand);
            judge(reader, last, operand);
        }
        ExprKind::Than(_, value) | ExprKind::Matches(value) if is_pattern => judge(reader, value, operand),
        ExprKind::Contains(value) if is_pattern => judge(reader, value, Place::Pattern),
        ExprKind::Blocks | ExprKind::Sleeps | ExprKind::Ok if place == Place::Outcome => {}
        ExprKind::Dies(value) if place == Place::Outcome => judge(reader, value, operand),
        ExprKind::Exits(value) if place == Place::Outcome => judge(reader, value, Place::Pattern),
        _ => misplaced(reader, expr, place),
    }
}

/// Reports that `expr` is nothing for `place`.
fn misplaced(reader: &mut Reader<'_>, expr: &Expr, place: Place<'_>) {
    let is_pattern = matches!(place, Place::Outcome | Place::Pattern);
    let text = reader.source.slice(expr.span);
    let (code, message, help) = match &expr.kind {
        ExprKind::Compare(_, left, _) if is_pattern => {
            let right = text.get((left.span.end - expr.span.start) as usize..).unwrap_or_default().trim();
            let message = "an outcome compares the result, which is not written";
            ("condition-as-value", message.to_owned(), format!("write `{right}` alone, behind `->`"))
        }
        ExprKind::And(..) | ExprKind::Not(_) if is_pattern => {
            let help = "an outcome has alternatives, `EPERM or EACCES`, ranges, `1..10`, and `!= 0`";
            ("condition-as-value", "`and` and `not` join conditions".to_owned(), help.to_owned())
        }
        ExprKind::Compare(..) | ExprKind::And(..) | ExprKind::Not(_) | ExprKind::Or(_) => {
            let help = "put it in `if … {`, in `expect …`, or, as alternatives, behind `->`; bits are joined by `|` and `&`";
            ("condition-as-value", "a condition is no value".to_owned(), help.to_owned())
        }
        ExprKind::Do(_) => {
            let message = "`do { … }` is a call to be made later, and no outcome";
            ("value-as-pattern", message.to_owned(), "put it where a call takes a handler".to_owned())
        }
        ExprKind::List { .. } => {
            let help = format!("behind `->` a list may be open: `-> {}`", short(text));
            ("pattern-as-value", "a value has no open end".to_owned(), help)
        }
        ExprKind::Range(..) => {
            let help = "write a number, or the range behind `->`, or in `each`, `for` and `needs uid`";
            ("pattern-as-value", "a range is no value".to_owned(), help.to_owned())
        }
        ExprKind::Eventually(_) => {
            let help = "write it right behind the arrow: `-> eventually PATTERN`";
            ("pattern-as-value", "`eventually` stands for a whole outcome".to_owned(), help.to_owned())
        }
        _ => {
            let what =
                if is_pattern { "stands for a whole outcome, and in no list or record" } else { "is a pattern, and no value" };
            (
                "pattern-as-value",
                format!("`{}` {what}", short(text)),
                format!("write it right behind the arrow: `-> {}`", short(text)),
            )
        }
    };
    reader.error(code, expr.span, message, help);
}

/// `text`, if it is short enough to be repeated.
fn short(text: &str) -> &str {
    if text.len() <= 60 && !text.contains(['\n', '\r']) { text } else { "…" }
}

/// A call inside a call makes a system call that no line shows; a few only compute.
fn judge_nested(reader: &mut Reader<'_>, nested: &Call, place: Place<'_>) {
    let name = nested.name.text.as_str();
    let inner = match place {
        Place::Outcome | Place::Pattern if matches!(name, "exited" | "killed" | "stopped") => Place::Pattern,
        _ => Place::Value(None),
    };
    if VALUE_CALLS.contains(&name) {
        nested.args.iter().for_each(|argument| judge(reader, argument, inner));
        return;
    }
    let source = reader.source.slice(nested.span);
    let source = if short(source) == source { source.to_owned() } else { format!("{name}(…)") };
    let actor = if let Place::Value(Some(actor)) = place { actor } else { "a" };
    let (message, help) = match place {
        Place::Value(Some(_)) => (
            "a call stands inside a call, and a line makes one",
            format!("bind it on the line before: `{actor}: x = {source}`, then use `x`"),
        ),
        Place::Outcome | Place::Pattern => {
            ("an outcome makes no call", format!("bind it before: `{actor}: x = {source}`, then write `x`"))
        }
        _ => ("a value makes no call", format!("bind it in a step, `{actor}: x = {source}`, then use `x`")),
    };
    reader.error("nested-call", nested.span, message, help);
}

/// Reports `expect x == [1, ..]`, which means `expect x -> [1, ..]`.
fn compared_with_pattern(reader: &mut Reader<'_>, op: CompareOp, left: &Expr, right: &Expr) -> bool {
    let pattern = matches!(
        right.kind,
        ExprKind::List { open: true, .. }
            | ExprKind::Wildcard
            | ExprKind::Contains(_)
            | ExprKind::Matches(_)
            | ExprKind::Range(..)
    );
    if pattern && op == CompareOp::Equal {
        let source = reader.source;
        let help = format!("write `expect {} -> {}`", short(source.slice(left.span)), short(source.slice(right.span)));
        reader.error("pattern-as-value", right.span, "`==` compares with a value, and this is a pattern", help);
        return true;
    }
    false
}

/// Whether `expr` joins nothing but names of errors by `|`. Their names hold no `_`; the flags of epoll and of
/// terminals that begin with an E are told apart by their prefix.
fn errno_alternatives(expr: &Expr) -> bool {
    fn all(expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Binary(BinaryOp::Or, left, right) => all(left) && all(right),
            ExprKind::Name(name) => {
                let letters = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
                let flag = ["EPOLL", "ECHO", "EXT"].iter().any(|prefix| name.starts_with(prefix));
                name.starts_with('E') && name.len() > 2 && letters && !flag
            }
            _ => false,
        }
    }
    matches!(expr.kind, ExprKind::Binary(..)) && all(expr)
}

fn is_minus_one(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Unary(UnaryOp::Minus, value) if value.kind == ExprKind::Integer(1))
}
