//! One line of a script to its part of the tree: an item, a statement, or the head of a block.

use super::context;
use super::expression::{compare_op, expression};
use super::grammar::{Failure, Pair, Rule, read};
use super::lexeme::split_word;
use super::mistake;
use super::reader::Reader;
use super::step::step;
use super::string::title;
use crate::syntax::ast::{
    Action, Call, Const, Def, Expect, Expr, ExprKind, Include, Item, Name, Need, Quantifier, Scenario, Setup, Statement, Step,
    Target,
};
use crate::text::Span;
use std::ops::Range;

/// What a line holds.
pub(super) enum Parsed {
    /// An item of a file.
    Item(Item),
    /// A statement of a scenario.
    Statement(Statement),
}

/// What opens a block; the body is yet to come.
pub(super) enum Head {
    /// `scenario "title" {`
    Scenario(Scenario),
    /// `setup {`
    Setup(Setup),
    /// `if condition {`
    If(Expr),
    /// `} else if condition {`
    ElseIf(Expr),
    /// `} else {`
    Else,
    /// `for name in values {`
    For(Name, Expr),
    /// `interleave {`
    Interleave(Span),
    /// Nothing that is known; its body is read for its own mistakes.
    Unknown,
}

/// The line at `range`. A broken one has been reported, and gives what can still be read of it.
pub(super) fn line(reader: &mut Reader<'_>, range: Range<usize>, broken: bool) -> Option<Parsed> {
    let text = begin(reader, &range);
    match attempt(reader, text, broken) {
        Some(pair) => build(reader, pair),
        None => remains(reader, text),
    }
}

/// The head of a block at `range`, up to its `{`.
pub(super) fn head(reader: &mut Reader<'_>, range: Range<usize>, broken: bool) -> Head {
    let text = begin(reader, &range);
    let (word, rest) = split_word(text);
    let span = reader.span(range.start..range.start + word.len());
    let pair = attempt(reader, text, broken);
    let whole = pair.is_some();
    let mut name = None;
    let mut value = None;
    for part in pair.into_iter().flat_map(Pair::into_inner) {
        match part.as_rule() {
            Rule::word => name = Some(reader.name(&part)),
            Rule::expr => value = Some(expression(reader, part)),
            Rule::quoted | Rule::raw => {
                let span = reader.place(&part);
                name = Some(Name { text: title(reader, part.as_str(), span), span });
            }
            _ => {}
        }
    }
    let unread = Expr { kind: ExprKind::Broken, span: reader.span(range.clone()) };
    match word {
        "scenario" => {
            let Name { text: title, span } = name.unwrap_or_else(|| {
                let title = rest.trim_end_matches('{').trim().trim_matches(['"', '“', '”', '\'']);
                Name { text: title.to_owned(), span: reader.span(range) }
            });
            Head::Scenario(Scenario { title, span, docs: Vec::new(), body: Vec::new() })
        }
        "setup" => Head::Setup(Setup { span, body: Vec::new() }),
        "interleave" => Head::Interleave(span),
        "if" => Head::If(judged_condition(reader, value.unwrap_or(unread))),
        "else" => match value {
            Some(condition) => Head::ElseIf(judged_condition(reader, condition)),
            None if !whole && split_word(rest.trim_start()).0 == "if" => Head::ElseIf(unread),
            None => Head::Else,
        },
        "for" => {
            let values = value.unwrap_or(unread);
            context::values(reader, &values);
            Head::For(name.or_else(|| bound_name(reader, text)).unwrap_or(Name { text: String::new(), span }), values)
        }
        _ => Head::Unknown,
    }
}

fn begin<'a>(reader: &mut Reader<'a>, range: &Range<usize>) -> &'a str {
    reader.base = range.start;
    reader.operators = 0;
    &reader.text()[range.clone()]
}

fn attempt<'t>(reader: &mut Reader<'_>, text: &'t str, broken: bool) -> Option<Pair<'t>> {
    if broken {
        return None;
    }
    let rule = rule(text);
    match read(rule, text) {
        Ok(pair) => Some(pair),
        Err(Failure { at, expected }) => {
            let report = mistake::explain(reader, rule, text, at, &expected);
            reader.diagnostics.push(report);
            None
        }
    }
}

/// What `text` is to be read as, by its first word.
fn rule(text: &str) -> Rule {
    let (word, rest) = split_word(text);
    if rest.trim_start().starts_with([':', ',']) {
        return Rule::step_line;
    }
    match word {
        "const" => Rule::const_line,
        "def" => Rule::def_line,
        "include" => Rule::include_line,
        "scenario" => Rule::scenario_line,
        "setup" => Rule::setup_line,
        "interleave" => Rule::interleave_line,
        "if" => Rule::if_line,
        "else" => Rule::else_line,
        "for" => Rule::for_line,
        "each" => Rule::each_line,
        "actor" => Rule::actor_line,
        "needs" => Rule::needs_line,
        "expect" => Rule::expect_line,
        _ => Rule::step_line,
    }
}

fn build(reader: &mut Reader<'_>, pair: Pair<'_>) -> Option<Parsed> {
    let span = reader.place(&pair);
    let statement = match pair.as_rule() {
        Rule::const_line => return constant(reader, pair).map(|item| Parsed::Item(Item::Const(item))),
        Rule::def_line => return definition(reader, pair).map(|item| Parsed::Item(Item::Def(item))),
        Rule::include_line => return inclusion(reader, pair).map(|item| Parsed::Item(Item::Include(item))),
        Rule::actor_line => {
            let words = pair.into_inner().filter(|part| part.as_rule() == Rule::word);
            Statement::Actors(words.map(|word| reader.name(&word)).collect())
        }
        Rule::each_line => {
            let mut parts = pair.into_inner();
            let name = reader.name(&parts.next()?);
            let values = expression(reader, parts.find(|part| part.as_rule() == Rule::expr)?);
            context::values(reader, &values);
            Statement::Each { name, values }
        }
        Rule::needs_line => Statement::Needs(need(reader, pair, span)?),
        Rule::expect_line => Statement::Expect(expect(reader, pair, span)?),
        Rule::step_line => Statement::Step(step(reader, pair, span)?),
        _ => return None,
    };
    Some(Parsed::Statement(statement))
}

fn constant(reader: &mut Reader<'_>, pair: Pair<'_>) -> Option<Const> {
    let mut parts = pair.into_inner();
    let name = reader.name(&parts.next()?);
    let value = expression(reader, parts.find(|part| part.as_rule() == Rule::expr)?);
    context::value(reader, &value);
    Some(Const { name, value })
}

fn definition(reader: &mut Reader<'_>, pair: Pair<'_>) -> Option<Def> {
    let mut parts = pair.into_inner();
    let mut head = parts.next()?.into_inner();
    let name = reader.name(&head.next()?);
    let mut parameters: Vec<(Name, Option<Expr>)> = Vec::new();
    for part in head.next()?.into_inner() {
        let mut inner = part.into_inner();
        let name = reader.name(&inner.next()?);
        let default = inner.find(|part| part.as_rule() == Rule::expr).map(|part| expression(reader, part));
        if let Some(default) = &default {
            context::value(reader, default);
        } else if parameters.last().is_some_and(|(_, default)| default.is_some()) {
            let message = format!("`{}` has no default and stands behind one that has", name.text);
            reader.error("default-order", name.span, message, "put parameters with a default last");
        }
        parameters.push((name, default));
    }
    let body = expression(reader, parts.find(|part| part.as_rule() == Rule::expr)?);
    let ExprKind::Call(call) = body.kind else {
        let message = format!("`def {}` stands for one call, and this is none", name.text);
        let help = format!("for a value write `const {} = …`", name.text);
        reader.error("def-without-call", body.span, message, help);
        return None;
    };
    context::call(reader, &call, None);
    Some(Def { name, parameters, call })
}

fn inclusion(reader: &mut Reader<'_>, pair: Pair<'_>) -> Option<Include> {
    let path = pair.into_inner().next()?;
    let span = reader.place(&path);
    Some(Include { path: title(reader, path.as_str(), span), span })
}

fn need(reader: &mut Reader<'_>, pair: Pair<'_>, span: Span) -> Option<Need> {
    let mut parts = pair.into_inner();
    let kind = reader.word(&parts.next()?);
    let mut need = Need { kind, subject: None, compare: None, argument: None, more: Vec::new(), span };
    let mut op = None;
    for part in parts {
        match part.as_rule() {
            Rule::subject => need.subject = Some(reader.word(&part)),
            Rule::compare => op = Some(compare_op(part.as_str())),
            Rule::expr => {
                let value = expression(reader, part);
                match op {
                    Some(op) => {
                        context::value(reader, &value);
                        need.compare = Some((op, value));
                    }
                    None => {
                        context::values(reader, &value);
                        match &need.argument {
                            None => need.argument = Some(value),
                            Some(_) => need.more.push(value),
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if let (Some(version), "kernel", None) = (&need.subject, need.kind.text.as_str(), &need.compare) {
        let help = format!("write `needs kernel >= {}`", version.text);
        reader.error("missing-comparison", version.span, "`needs kernel` takes a comparison", help);
        return None;
    }
    Some(need)
}

fn expect(reader: &mut Reader<'_>, pair: Pair<'_>, span: Span) -> Option<Expect> {
    let mut quantifier = None;
    let mut value = None;
    let mut outcome = None;
    let mut deadlock = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::quantifier => {
                quantifier = Some(match part.as_str() {
                    "always" => Quantifier::Always,
                    "sometimes" => Quantifier::Sometimes,
                    _ => Quantifier::Never,
                });
            }
            Rule::deadlock => deadlock = Some(Expr { kind: ExprKind::Name("deadlock".to_owned()), span: reader.place(&part) }),
            Rule::expr => value = Some(expression(reader, part)),
            Rule::outcome => {
                let pattern = part.into_inner().find(|part| part.as_rule() == Rule::expr)?;
                outcome = Some(expression(reader, pattern));
            }
            _ => {}
        }
    }
    match (&value, &outcome) {
        (Some(value), Some(_)) => context::value(reader, value),
        (Some(value), None) => context::condition(reader, value),
        (None, Some(pattern)) => {
            let message = "`deadlock` has no outcome";
            reader.error(
                "outcome-not-here",
                pattern.span,
                message,
                "write `expect never deadlock` or `expect sometimes deadlock`",
            );
        }
        (None, None) => {}
    }
    if let Some(pattern) = &outcome {
        context::judged(reader, pattern);
    }
    Some(Expect { quantifier, value: value.or(deadlock)?, outcome, span })
}

fn judged_condition(reader: &mut Reader<'_>, condition: Expr) -> Expr {
    context::condition(reader, &condition);
    condition
}

/// What a broken line still binds or declares, with [`ExprKind::Broken`] for the rest.
fn remains(reader: &mut Reader<'_>, text: &str) -> Option<Parsed> {
    let span = reader.span(reader.base..reader.base + text.len());
    let broken = || Expr { kind: ExprKind::Broken, span };
    let (word, rest) = split_word(text);
    match word {
        "const" => return Some(Parsed::Item(Item::Const(Const { name: bound_name(reader, text)?, value: broken() }))),
        "each" => {
            let name = bound_name(reader, text)?;
            return Some(Parsed::Statement(Statement::Each { name, values: broken() }));
        }
        "actor" => {
            let words = rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            let names = words.filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()));
            let names = names.map(|word| Name { text: word.to_owned(), span }).collect();
            return Some(Parsed::Statement(Statement::Actors(names)));
        }
        _ => {}
    }
    let mut actors = Vec::new();
    let mut target = None;
    let mut call = None;
    for part in read(Rule::step_start, text).ok()?.into_inner() {
        match part.as_rule() {
            Rule::actors => actors = part.into_inner().map(|word| reader.word(&word)).collect(),
            Rule::target => {
                let list = part.as_str().starts_with('[');
                let mut names: Vec<Name> = part.into_inner().map(|word| reader.word(&word)).collect();
                target = if list { Some(Target::List(names)) } else { names.pop().map(Target::Name) };
            }
            Rule::word => call = Some(reader.word(&part)),
            _ => {}
        }
    }
    let call = Call { name: call?, args: vec![broken()], span };
    let action = Action::Call { target, call };
    Some(Parsed::Statement(Statement::Step(Step { actors, action, outcome: Some(broken()), span })))
}

/// The name that a broken `const`, `each` or `for` binds.
fn bound_name(reader: &mut Reader<'_>, text: &str) -> Option<Name> {
    let word = read(Rule::name_start, text).ok()?.into_inner().next()?;
    Some(reader.word(&word))
}
