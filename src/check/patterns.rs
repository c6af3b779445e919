//! Patterns: what a value must be like.

use super::records::is_clear;
use super::scene::Scene;
use super::types::{Place, Wanted, element_of, gives, structure_of};
use super::valued::{Shape, Valued};
use crate::operation::Operation;
use crate::scenario::{Expr, Pattern, StatusKind};
use crate::syntax::ast::{self, ExprKind};
use crate::text::{Diagnostic, Span};
use crate::value::{Type, Value};

/// What a pattern is compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    /// Its type.
    pub(super) ty: Type,
    /// The call that gives it, if it is the result of one.
    pub(super) by: Option<&'static Operation>,
}

impl Subject {
    fn with(self, ty: Type) -> Self {
        Self { ty, ..self }
    }

    fn describe(self) -> String {
        match self.by {
            Some(operation) => format!("`{}` gives", operation.name),
            None => "there is".into(),
        }
    }
}

impl Scene<'_> {
    /// The pattern that `ast` writes for a `subject`.
    pub(super) fn pattern(&mut self, ast: &ast::Expr, subject: Subject) -> Pattern {
        match &ast.kind {
            ExprKind::Wildcard => Pattern::Any,
            ExprKind::Than(op, inner) => Pattern::Than(*op, self.compared(inner, subject).expr),
            ExprKind::Range(from, to) => self.range(from, to, ast.span, subject),
            ExprKind::Contains(inner) => {
                let inner = self.compared(inner, subject.with(Type::Any));
                if matches!(Shape::of(&subject.ty), Shape::Number | Shape::Pid | Shape::Handle(_) | Shape::Status) {
                    self.mismatch(ast.span, subject, "`contains` looks into a string or a list");
                }
                Pattern::Contains(inner.expr)
            }
            ExprKind::Matches(inner) => self.matches(inner, subject),
            ExprKind::List { items, open } => {
                if !matches!(Shape::of(&subject.ty), Shape::Unknown | Shape::List) {
                    self.mismatch(ast.span, subject, "a list");
                }
                let element = subject.with(element_of(&subject.ty));
                Pattern::List { items: items.iter().map(|item| self.pattern(item, element)).collect(), open: *open }
            }
            ExprKind::Record(fields) => self.record_pattern(fields, ast.span, subject),
            ExprKind::Or(items) => Pattern::OneOf(items.iter().map(|item| self.pattern(item, subject)).collect()),
            ExprKind::Name(name) if name == "continued" && !self.names.contains_key(name) => {
                self.status_shape(ast.span, subject);
                Pattern::Status(StatusKind::Continued, Box::new(Pattern::Any))
            }
            ExprKind::Call(call) => match (status_kind(&call.name.text), call.args.as_slice()) {
                (Some((kind, ty)), [inner]) => {
                    self.status_shape(ast.span, subject);
                    Pattern::Status(kind, Box::new(self.pattern(inner, Subject { ty, by: None })))
                }
                _ => Pattern::Equal(self.compared(ast, subject).expr),
            },
            // The parser has said that these are whole outcomes.
            ExprKind::Blocks
            | ExprKind::Sleeps
            | ExprKind::Ok
            | ExprKind::Dies(_)
            | ExprKind::Exits(_)
            | ExprKind::Eventually(_) => Pattern::Any,
            ExprKind::Broken => Pattern::Any,
            _ => Pattern::Equal(self.compared(ast, subject).expr),
        }
    }

    /// A value inside a pattern; says so when it can never be what the subject is.
    fn compared(&mut self, ast: &ast::Expr, subject: Subject) -> Valued {
        let place = subject.by.map_or(Place::Free, Place::Result);
        // A call that gives nothing gives 0; of its constants any may be in a result.
        let ty = match subject.ty {
            Type::Unit | Type::Constants(_) => Type::Int,
            Type::Word(_) => subject.ty,
            other if Shape::of(&other) == Shape::Unknown => Type::Any,
            other => other,
        };
        self.value(ast, Wanted { ty, place })
    }

    fn range(&mut self, from: &ast::Expr, to: &ast::Expr, span: Span, subject: Subject) -> Pattern {
        let (from, to) = (self.compared(from, subject), self.compared(to, subject));
        if let (Some(Value::Int(first)), Some(Value::Int(last))) = (from.constant(), to.constant())
            && first > last
        {
            self.empty_range(span, first, last);
        }
        Pattern::Range(from.expr, to.expr)
    }

    /// Reports a range in which nothing lies.
    pub(super) fn empty_range(&mut self, span: Span, first: i128, last: i128) {
        self.found.push(
            Diagnostic::error("empty-range", span, format!("nothing lies in {first}..{last}"))
                .here("both ends are in a range, the smaller one first")
                .help(format!("write `{last}..{first}`")),
        );
    }

    fn matches(&mut self, inner: &ast::Expr, subject: Subject) -> Pattern {
        if !matches!(Shape::of(&subject.ty), Shape::Unknown | Shape::Bytes) {
            self.mismatch(inner.span, subject, "`matches` looks at a string");
        }
        let valued = self.value(inner, Wanted::called("`matches`", Type::Bytes));
        if valued.broken {
            return Pattern::Any;
        }
        // A name in braces stands for a number most often, and does not change what is wrong with the rest.
        let text = match (&valued.expr, valued.constant()) {
            (_, Some(Value::Bytes(bytes))) => bytes,
            (Expr::Text(parts), _) => parts.iter().flat_map(known_text).collect(),
            _ => Vec::new(),
        };
        let read = String::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned());
        let read = read.and_then(|text| regex::bytes::Regex::new(&text).map_err(|error| error.to_string()));
        if let Err(error) = read {
            let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            self.found.push(
                Diagnostic::error("bad-regex", inner.span, format!("not a regular expression: {why}"))
                    .here("cannot be read")
                    .help("a character that means itself is escaped: in `r\"…\"` with one backslash, as in `r\"\\(\"`"),
            );
        }
        Pattern::Matches(valued.expr)
    }

    fn record_pattern(&mut self, fields: &[(Option<ast::Name>, ast::Expr)], span: Span, subject: Subject) -> Pattern {
        if !matches!(Shape::of(&subject.ty), Shape::Unknown | Shape::Record) {
            self.mismatch(span, subject, "a record");
        }
        if !is_clear(fields) {
            return Pattern::Any;
        }
        let structure = structure_of(&subject.ty);
        let mut patterns = Vec::with_capacity(fields.len());
        for (at, (name, ast)) in fields.iter().enumerate() {
            let field = structure.map(|structure| self.place_of(structure, name.as_ref(), at, ast.span, fields.len()));
            let (name, ty) = match (field, name) {
                (Some(Some(field)), _) => (field.name.to_owned(), field.ty),
                (Some(None), _) => continue,
                (None, Some(name)) => (name.text.clone(), Type::Any),
                // Without a name it stands at its place in the struct, whatever struct that is.
                (None, None) => (String::new(), Type::Any),
            };
            patterns.push((name, self.pattern(ast, subject.with(ty))));
        }
        Pattern::Record(patterns)
    }

    fn status_shape(&mut self, span: Span, subject: Subject) {
        if !matches!(Shape::of(&subject.ty), Shape::Unknown | Shape::Status) {
            self.mismatch(span, subject, "a wait status");
        }
    }

    fn mismatch(&mut self, span: Span, subject: Subject, pattern: &str) {
        let gives = gives(&subject.ty);
        let message = format!("{} {gives}, which this pattern can never match", subject.describe());
        self.found.push(Diagnostic::error("wrong-type", span, message).here(pattern.to_owned()));
    }
}

fn status_kind(name: &str) -> Option<(StatusKind, Type)> {
    Some(match name {
        "exited" => (StatusKind::Exited, Type::Int),
        "killed" => (StatusKind::Killed, Type::Signal),
        "stopped" => (StatusKind::Stopped, Type::Signal),
        _ => return None,
    })
}

/// The text of a part of a string; of what is known only in the run, a digit.
fn known_text(part: &Expr) -> Vec<u8> {
    match part {
        Expr::Literal(Value::Bytes(bytes)) => bytes.clone(),
        _ => b"0".to_vec(),
    }
}
