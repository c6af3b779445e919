//! A value that was computed, written out.

use crate::syntax::ast::{Call, Expr, ExprKind, Name, TextPart};
use crate::text::Span;
use crate::value::{Status, Value};

/// What a script writes for `value`; it stands nowhere in a source.
pub(super) fn literal(value: &Value) -> Expr {
    let kind = match value {
        Value::Null => ExprKind::Name("NULL".into()),
        Value::Int(number) => ExprKind::Integer(*number),
        Value::Bytes(bytes) => ExprKind::Text(vec![TextPart::Bytes(bytes.clone())]),
        Value::Duration(nanoseconds) => ExprKind::Duration(*nanoseconds),
        Value::List(items) => ExprKind::List { items: items.iter().map(literal).collect(), open: false },
        Value::Record(fields) => {
            let field = |(name, value): &(String, Value)| ((!name.is_empty()).then(|| word(name)), literal(value));
            ExprKind::Record(fields.iter().map(field).collect())
        }
        Value::Status(Status::Exited(code)) => status("exited", literal(&Value::from(*code))),
        Value::Status(Status::Killed(signal)) => status("killed", literal(&Value::from(signal.0))),
        Value::Status(Status::Stopped(signal)) => status("stopped", literal(&Value::from(signal.0))),
        Value::Status(Status::Continued) => ExprKind::Name("continued".into()),
        Value::Word(word) => ExprKind::Name(word.clone()),
        // Of these no constant is made.
        Value::Actor(_) | Value::Do(_) => ExprKind::Broken,
    };
    Expr { kind, span: NOWHERE }
}

/// No place of any source.
const NOWHERE: Span = Span { source: 0, start: 0, end: 0 };

fn word(text: &str) -> Name {
    Name { text: text.to_owned(), span: NOWHERE }
}

fn status(name: &str, inner: Expr) -> ExprKind {
    ExprKind::Call(Call { name: word(name), args: vec![inner], span: NOWHERE })
}
