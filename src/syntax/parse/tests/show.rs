//! Trees as one line of text, each operator in front of what it takes.

use crate::syntax::ast::{Action, Call, Expr, ExprKind, Name, Step, Target, TextPart};

/// `expr` in brackets.
pub(super) fn expr(value: &Expr) -> String {
    let pair = |word: &str, left: &Expr, right: &Expr| format!("({word} {} {})", expr(left), expr(right));
    match &value.kind {
        ExprKind::Integer(number) => number.to_string(),
        ExprKind::Version(parts) => format!("v{parts:?}"),
        ExprKind::Duration(nanoseconds) => format!("{nanoseconds}ns"),
        ExprKind::Text(parts) => parts.iter().map(text).collect::<Vec<_>>().join("+"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::List { items, open } => format!("[{}{}]", all(items), if *open { " .." } else { "" }),
        ExprKind::Record(fields) => {
            let field = |(name, value): &(Option<Name>, Expr)| match name {
                Some(name) => format!("{}:{}", name.text, expr(value)),
                None => expr(value),
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(" "))
        }
        ExprKind::Call(inner) => call(inner),
        ExprKind::Do(calls) => format!("do{{{}}}", calls.iter().map(call).collect::<Vec<_>>().join(" ")),
        ExprKind::Unary(op, inner) => format!("({op:?} {})", expr(inner)),
        ExprKind::Binary(op, left, right) => pair(&format!("{op:?}"), left, right),
        ExprKind::Compare(op, left, right) => pair(&format!("{op:?}"), left, right),
        ExprKind::And(left, right) => pair("and", left, right),
        ExprKind::Not(inner) => format!("(not {})", expr(inner)),
        ExprKind::Field(inner, name) => format!("{}.{}", expr(inner), name.text),
        ExprKind::Index(inner, index) => format!("{}[{}]", expr(inner), expr(index)),
        ExprKind::Range(first, last) => pair("range", first, last),
        ExprKind::Or(all_of) => format!("(or {})", all(all_of)),
        ExprKind::Wildcard => "_".to_owned(),
        ExprKind::Blocks => "BLOCKS".to_owned(),
        ExprKind::Sleeps => "SLEEPS".to_owned(),
        ExprKind::Ok => "OK".to_owned(),
        ExprKind::Dies(inner) => format!("(dies {})", expr(inner)),
        ExprKind::Exits(inner) => format!("(exits {})", expr(inner)),
        ExprKind::Contains(inner) => format!("(contains {})", expr(inner)),
        ExprKind::Matches(inner) => format!("(matches {})", expr(inner)),
        ExprKind::Than(op, inner) => format!("(than {op:?} {})", expr(inner)),
        ExprKind::Eventually(inner) => format!("(eventually {})", expr(inner)),
        ExprKind::Broken => "BROKEN".to_owned(),
    }
}

/// `step` without its outcome.
pub(super) fn action(step: &Step) -> String {
    let names = |names: &[Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(",");
    let who = names(&step.actors);
    match &step.action {
        Action::Call { target: None, call: made } => format!("{who}: {}", call(made)),
        Action::Call { target: Some(Target::Name(name)), call: made } => format!("{who}: {}={}", name.text, call(made)),
        Action::Call { target: Some(Target::List(list)), call: made } => format!("{who}: [{}]={}", names(list), call(made)),
        Action::Resumes(_) => format!("{who}: RESUMES"),
        Action::StaysBlocked(_) => format!("{who}: STAYS BLOCKED"),
        Action::Dies(signal) => format!("{who}: DIES {}", expr(signal)),
        Action::Exits(status) => format!("{who}: EXITS {}", expr(status)),
    }
}

/// `inner` with its arguments.
pub(super) fn call(inner: &Call) -> String {
    format!("{}({})", inner.name.text, all(&inner.args))
}

fn all(values: &[Expr]) -> String {
    values.iter().map(expr).collect::<Vec<_>>().join(" ")
}

fn text(part: &TextPart) -> String {
    match part {
        TextPart::Bytes(bytes) => format!("\"{}\"", bytes.escape_ascii()),
        TextPart::Value(value) => format!("<{}>", expr(value)),
    }
}
