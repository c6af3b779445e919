//! Values and patterns: the flat run of operands and operators that pest gives, put in C's precedence.

use super::grammar::{Pair, Rule};
use super::number::number;
use super::reader::Reader;
use super::string::{interpolated, raw};
use crate::syntax::ast::{BinaryOp, Call, CompareOp, Expr, ExprKind, Name, UnaryOp};
use crate::text::{Diagnostic, Span};
use std::collections::HashSet;
use std::iter::Peekable;

/// How many operators may stand between the root of a value and its deepest part.
///
/// The tree recurses, and so does everything that walks or drops it.
const MOST_OPERATORS: usize = 1000;

type Tokens<'t> = Peekable<pest::iterators::Pairs<'t, Rule>>;

/// The value or pattern at `pair`, a [`Rule::expr`].
pub(super) fn expression(reader: &mut Reader<'_>, pair: Pair<'_>) -> Expr {
    let place = reader.place(&pair);
    let operators = pair.clone().into_inner().filter(|token| is_operator(token.as_rule())).count();
    if reader.operators + operators > MOST_OPERATORS {
        let message = format!("the value has more than {MOST_OPERATORS} operators");
        reader.error("too-many-operators", place, message, "give a part of it a name: `const PART = …`");
        return Expr { kind: ExprKind::Broken, span: place };
    }
    reader.operators += operators;
    let mut tokens = pair.into_inner().peekable();
    let eventually = tokens.next_if(|token| token.as_rule() == Rule::eventually).map(|token| reader.place(&token));
    let inner = alternatives(reader, &mut tokens);
    reader.operators -= operators;
    match eventually {
        Some(word) => Expr { span: word.to(inner.span), kind: ExprKind::Eventually(Box::new(inner)) },
        None => inner,
    }
}

/// The call at `pair`, a [`Rule::call`].
pub(super) fn call(reader: &mut Reader<'_>, pair: Pair<'_>) -> Call {
    let span = reader.place(&pair);
    let mut name = Name { text: String::new(), span };
    let mut args = Vec::new();
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::word => name = reader.word(&part),
            _ => args = elements(reader, part, "an argument list").0,
        }
    }
    Call { name, args, span }
}

/// The operand at `pair`, a [`Rule::operand`]: a value with its fields and elements.
pub(super) fn operand(reader: &mut Reader<'_>, pair: Pair<'_>) -> Expr {
    let place = reader.place(&pair);
    let mut parts = pair.into_inner();
    let Some(first) = parts.next() else { return Expr { kind: ExprKind::Broken, span: place } };
    let postfixes = parts.clone().count();
    if reader.operators + postfixes > MOST_OPERATORS {
        let message = format!("the value has more than {MOST_OPERATORS} fields and elements in a row");
        reader.error("too-many-operators", place, message, "give a part of it a name");
        return Expr { kind: ExprKind::Broken, span: place };
    }
    reader.operators += postfixes;
    let mut value = primary(reader, first);
    for part in parts {
        let span = value.span.to(reader.place(&part));
        let rule = part.as_rule();
        let Some(inner) = part.into_inner().next() else { continue };
        let kind = match rule {
            Rule::field => ExprKind::Field(Box::new(value), reader.word(&inner)),
            _ => ExprKind::Index(Box::new(value), Box::new(expression(reader, inner))),
        };
        value = Expr { kind, span };
    }
    reader.operators -= postfixes;
    value
}

fn is_operator(rule: Rule) -> bool {
    matches!(rule, Rule::operator | Rule::sign | Rule::and_word | Rule::or_word | Rule::not_word | Rule::compare)
}

fn alternatives(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let first = conjunction(reader, tokens);
    let mut all = vec![first];
    while tokens.next_if(|token| token.as_rule() == Rule::or_word).is_some() {
        all.push(conjunction(reader, tokens));
    }
    match (all.pop(), all.first()) {
        (Some(last), Some(first)) => {
            let span = first.span.to(last.span);
            all.push(last);
            Expr { kind: ExprKind::Or(all), span }
        }
        (Some(only), None) => only,
        (None, _) => Expr { kind: ExprKind::Broken, span: Span::default() },
    }
}

fn conjunction(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let mut left = denial(reader, tokens);
    while tokens.next_if(|token| token.as_rule() == Rule::and_word).is_some() {
        let right = denial(reader, tokens);
        let span = left.span.to(right.span);
        left = Expr { kind: ExprKind::And(Box::new(left), Box::new(right)), span };
    }
    left
}

fn denial(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let mut words = Vec::new();
    while let Some(word) = tokens.next_if(|token| token.as_rule() == Rule::not_word) {
        words.push(reader.place(&word));
    }
    let mut value = comparison(reader, tokens);
    for word in words.into_iter().rev() {
        value = Expr { span: word.to(value.span), kind: ExprKind::Not(Box::new(value)) };
    }
    value
}

fn comparison(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let left = side(reader, tokens);
    let Some(op) = tokens.next_if(|token| token.as_rule() == Rule::compare) else { return left };
    let right = side(reader, tokens);
    let span = left.span.to(right.span);
    let mut whole = Expr { kind: ExprKind::Compare(compare_op(op.as_str()), Box::new(left), Box::new(right)), span };
    let mut chained = None;
    while let Some(op) = tokens.next_if(|token| token.as_rule() == Rule::compare) {
        chained.get_or_insert(reader.place(&op));
        let right = side(reader, tokens);
        whole = Expr { kind: ExprKind::Broken, span: whole.span.to(right.span) };
    }
    if let Some(place) = chained {
        let help = "write two comparisons joined by `and`, or a range: `-> 1..10`";
        reader.error("chained-comparison", place, "comparisons do not chain", help);
    }
    whole
}

fn side(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let Some(rule) = tokens.peek().map(Pair::as_rule) else { return range(reader, tokens) };
    let plain = match rule {
        Rule::blocks => Some(ExprKind::Blocks),
        Rule::sleeps => Some(ExprKind::Sleeps),
        Rule::ok => Some(ExprKind::Ok),
        Rule::wildcard => Some(ExprKind::Wildcard),
        Rule::dies | Rule::exits | Rule::contains | Rule::matches | Rule::compare => None,
        _ => return range(reader, tokens),
    };
    let Some(word) = tokens.next() else { return range(reader, tokens) };
    let place = reader.place(&word);
    if let Some(kind) = plain {
        return Expr { kind, span: place };
    }
    let value = range(reader, tokens);
    let span = place.to(value.span);
    let value = Box::new(value);
    let kind = match rule {
        Rule::dies => ExprKind::Dies(value),
        Rule::exits => ExprKind::Exits(value),
        Rule::contains => ExprKind::Contains(value),
        Rule::matches => ExprKind::Matches(value),
        _ => ExprKind::Than(compare_op(word.as_str()), value),
    };
    Expr { kind, span }
}

fn range(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let first = value(reader, tokens);
    if tokens.next_if(|token| token.as_rule() == Rule::dots).is_none() {
        return first;
    }
    let last = value(reader, tokens);
    let span = first.span.to(last.span);
    Expr { kind: ExprKind::Range(Box::new(first), Box::new(last)), span }
}

/// Operands and operators up to the next looser sign, the tightest joined first.
fn value(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let mut operands = vec![unary(reader, tokens)];
    let mut operators: Vec<BinaryOp> = Vec::new();
    while let Some(token) = tokens.next_if(|token| token.as_rule() == Rule::operator) {
        judge_blanks(reader, &token);
        let op = binary_op(token.as_str());
        while operators.last().is_some_and(|&before| before.tightness() >= op.tightness()) {
            join(&mut operands, &mut operators);
        }
        operators.push(op);
        operands.push(unary(reader, tokens));
    }
    while !operators.is_empty() {
        join(&mut operands, &mut operators);
    }
    operands.pop().unwrap_or(Expr { kind: ExprKind::Broken, span: Span::default() })
}

fn join(operands: &mut Vec<Expr>, operators: &mut Vec<BinaryOp>) {
    if let (Some(op), Some(right), Some(left)) = (operators.pop(), operands.pop(), operands.pop()) {
        let span = left.span.to(right.span);
        operands.push(Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), span });
    }
}

fn unary(reader: &mut Reader<'_>, tokens: &mut Tokens<'_>) -> Expr {
    let mut signs = Vec::new();
    while let Some(sign) = tokens.next_if(|token| token.as_rule() == Rule::sign) {
        signs.push((unary_op(sign.as_str()), reader.place(&sign)));
    }
    let mut value = match tokens.next() {
        Some(token) => operand(reader, token),
        None => Expr { kind: ExprKind::Broken, span: Span::default() },
    };
    for (op, place) in signs.into_iter().rev() {
        let span = place.to(value.span);
        if op == UnaryOp::Minus && matches!(value.kind, ExprKind::Integer(number) if number > 1 << 63) {
            let message = "the number is below the least integer, -2^63";
            reader.error("integer-out-of-range", span, message, "write `-9223372036854775808` or more");
        }
        value = Expr { kind: ExprKind::Unary(op, Box::new(value)), span };
    }
    value
}

/// A sign with a blank before it and none after it looks like the sign of a second value whose comma was lost.
fn judge_blanks(reader: &mut Reader<'_>, token: &Pair<'_>) {
    let place = reader.place(token);
    let bytes = reader.text().as_bytes();
    let (start, end) = (place.start as usize, place.end as usize);
    let blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let op = token.as_str();
    if matches!(op, "+" | "-") && start > 0 && blank(start - 1) && !blank(end) {
        let next: String = reader.text()[end..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let message = format!("`{op}` with a blank before it and none after it: one value or two?");
        let help = match next.as_str() {
            "" => "put a comma before it for a second value, a blank behind it to compute".to_owned(),
            next => format!("write `, {op}{next}` for a second value, `{op} {next}` to compute"),
        };
        reader.error("lost-comma", place, message, help);
    }
}

fn primary(reader: &mut Reader<'_>, pair: Pair<'_>) -> Expr {
    let span = reader.place(&pair);
    let kind = match pair.as_rule() {
        Rule::number => number(reader, pair.as_str(), span),
        Rule::quoted => ExprKind::Text(interpolated(reader, pair.as_str(), span)),
        Rule::raw => ExprKind::Text(raw(pair.as_str())),
        Rule::word => ExprKind::Name(pair.as_str().to_owned()),
        Rule::call => ExprKind::Call(call(reader, pair)),
        Rule::list => {
            let (items, open) = elements(reader, pair, "a list");
            ExprKind::List { items, open }
        }
        Rule::record => record(reader, pair),
        Rule::do_block => deferred(reader, pair),
        Rule::paren => match pair.into_inner().next() {
            Some(inner) => expression(reader, inner).kind,
            None => ExprKind::Broken,
        },
        _ => ExprKind::Broken,
    };
    Expr { kind, span }
}

/// The elements of a list or of arguments, and whether `..` leaves its end open.
fn elements(reader: &mut Reader<'_>, pair: Pair<'_>, what: &str) -> (Vec<Expr>, bool) {
    let is_list = pair.as_rule() == Rule::list;
    let mut items = Vec::new();
    let mut open: Option<Span> = None;
    let mut misplaced = None;
    for part in pair.into_inner() {
        if let Some(place) = open {
            misplaced.get_or_insert(place);
        }
        match part.as_rule() {
            Rule::rest => open = Some(reader.place(&part)),
            _ => items.push(expression(reader, part)),
        }
    }
    if let Some(place) = open.filter(|_| !is_list) {
        reader.error("misplaced-rest", place, format!("`..` cannot stand in {what}"), "remove it; what is left out is 0");
    } else if let Some(place) = misplaced {
        let help = "put it last: `[1, ..]`; a pattern asserts how a list begins";
        reader.error("misplaced-rest", place, "`..` ends a list, and nothing follows it", help);
    }
    (items, open.is_some() && is_list)
}

fn record(reader: &mut Reader<'_>, pair: Pair<'_>) -> ExprKind {
    let mut fields: Vec<(Option<Name>, Expr)> = Vec::new();
    let mut known = HashSet::new();
    let mut mixed = None;
    for entry in pair.into_inner() {
        let mut name = None;
        for part in entry.into_inner() {
            match part.as_rule() {
                Rule::label => name = part.into_inner().next().map(|word| reader.word(&word)),
                Rule::rest => {
                    let help = "remove it: in an outcome the fields that are not named are free, in an argument they are 0";
                    reader.error("misplaced-rest", reader.place(&part), "a record needs no `..`", help);
                }
                _ => {
                    let value = expression(reader, part);
                    if fields.first().is_some_and(|(first, _)| first.is_some() != name.is_some()) {
                        mixed.get_or_insert(name.as_ref().map_or(value.span, |name: &Name| name.span));
                    }
                    if let Some(name) = name.as_ref().filter(|name| !known.insert(name.text.clone())) {
                        let message = format!("the field `{}` stands twice in the record", name.text);
                        reader.error("duplicate-field", name.span, message, "remove one of them");
                    }
                    fields.push((name.take(), value));
                }
            }
        }
    }
    if let Some(place) = mixed {
        let help = "name each field, `{sem_num: 0, sem_op: -1}`, or none, `{0, -1}`";
        reader.error("mixed-record", place, "a record names all of its fields or none", help);
    }
    ExprKind::Record(fields)
}

/// The calls of a `do { … }`, each on a line of its own where there are several.
fn deferred(reader: &mut Reader<'_>, pair: Pair<'_>) -> ExprKind {
    let mut calls: Vec<Call> = Vec::new();
    for part in pair.into_inner().filter(|part| part.as_rule() == Rule::call) {
        let next = call(reader, part);
        if let Some(before) = calls.last() {
            let between = &reader.text()[before.span.end as usize..next.span.start as usize];
            if !between.contains(['\n', '\r']) {
                let message = "two calls stand on one line of a `do { … }`";
                let report = Diagnostic::error("one-step-a-line", next.span, message)
                    .also(before.span, "the first one")
                    .help("put each on a line of its own");
                reader.diagnostics.push(report);
            }
        }
        calls.push(next);
    }
    ExprKind::Do(calls)
}

/// The comparison written `text`.
pub(super) fn compare_op(text: &str) -> CompareOp {
    match text {
        "==" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        _ => CompareOp::GreaterOrEqual,
    }
}

fn unary_op(text: &str) -> UnaryOp {
    match text {
        "-" => UnaryOp::Minus,
        "+" => UnaryOp::Plus,
        _ => UnaryOp::Complement,
    }
}

fn binary_op(text: &str) -> BinaryOp {
    match text {
        "*" => BinaryOp::Times,
        "/" => BinaryOp::Divide,
        "%" => BinaryOp::Remainder,
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Subtract,
        "<<" => BinaryOp::ShiftLeft,
        ">>" => BinaryOp::ShiftRight,
        "&" => BinaryOp::And,
        "^" => BinaryOp::Xor,
        _ => BinaryOp::Or,
    }
}
