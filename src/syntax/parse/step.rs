//! `who: name = call(args) -> outcome`, and the announcements that stand in a call's place.

use super::context;
use super::expression::expression;
use super::grammar::{Pair, Rule};
use super::mistake::announcement;
use super::reader::Reader;
use crate::syntax::ast::{Action, CompareOp, Expr, ExprKind, Name, Step, Target};
use crate::text::{Diagnostic, Span};

/// The step at `pair`, a [`Rule::step_line`] over `span`.
pub(super) fn step(reader: &mut Reader<'_>, pair: Pair<'_>, span: Span) -> Option<Step> {
    let mut actors = Vec::new();
    let mut word = None;
    let mut action = None;
    let mut outcome = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::actors => actors = part.into_inner().map(|word| reader.name(&word)).collect(),
            Rule::resumes => action = Some(Action::Resumes(reader.place(&part))),
            Rule::stays => action = Some(Action::StaysBlocked(reader.place(&part))),
            Rule::dies | Rule::exits => word = Some(part.as_rule()),
            Rule::expr => {
                let value = expression(reader, part);
                context::value(reader, &value);
                action = Some(if word == Some(Rule::dies) { Action::Dies(value) } else { Action::Exits(value) });
            }
            Rule::act => {
                let (act, compared) = act(reader, part, &actors)?;
                action = Some(act);
                outcome = compared;
            }
            Rule::outcome => {
                let pattern = part.into_inner().find(|part| part.as_rule() == Rule::expr)?;
                outcome = Some(expression(reader, pattern));
            }
            _ => {}
        }
    }
    let action = action?;
    if let Some(pattern) = &outcome {
        match action {
            Action::Call { .. } | Action::Resumes(_) => context::outcome(reader, pattern),
            _ => {
                let help = "remove the `->` and what follows it";
                reader.error("outcome-not-here", pattern.span, "only a call and `resumes` have an outcome", help);
            }
        }
    }
    Some(Step { actors, action, outcome, span })
}

/// The call and its binding; and the outcome that was written as a comparison.
fn act(reader: &mut Reader<'_>, pair: Pair<'_>, actors: &[Name]) -> Option<(Action, Option<Expr>)> {
    let mut target = None;
    let mut value = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::target => {
                let list = part.as_str().starts_with('[');
                let mut names: Vec<Name> = part.into_inner().map(|word| reader.name(&word)).collect();
                target = if list { Some(Target::List(names)) } else { names.pop().map(Target::Name) };
            }
            Rule::expr => value = Some(expression(reader, part)),
            _ => {}
        }
    }
    let value = value?;
    let actor = actors.first().map_or("a", |name| name.text.as_str());
    let (call, outcome) = match value.kind {
        ExprKind::Call(call) => (call, None),
        ExprKind::Compare(op, left, right) if matches!(left.kind, ExprKind::Call(_)) => {
            let sign = reader.source.slice(reader.span(left.span.end as usize..right.span.start as usize)).trim();
            let pattern = if op == CompareOp::Equal { String::new() } else { format!("{sign} ") };
            let help = format!("write `-> {pattern}{}`", reader.source.slice(right.span));
            let message = format!("the outcome of a call stands behind `->`, not `{sign}`");
            reader.error("missing-arrow", left.span.to(right.span), message, help);
            let ExprKind::Call(call) = left.kind else { return None };
            (call, Some(Expr { kind: ExprKind::Broken, span: right.span }))
        }
        ExprKind::Broken => return None,
        kind => {
            let report = no_call(reader, actor, target.as_ref(), &kind, value.span);
            reader.diagnostics.push(report);
            return None;
        }
    };
    context::call(reader, &call, Some(actor));
    Some((Action::Call { target, call }, outcome))
}

/// What to say where a call is missing.
fn no_call(reader: &Reader<'_>, actor: &str, target: Option<&Target>, kind: &ExprKind, span: Span) -> Diagnostic {
    let text = reader.source.slice(span);
    if let Some(target) = target {
        let help = match (kind, target) {
            (ExprKind::Name(_), _) => format!("use `{text}` itself further on, or call it: `{text}()`"),
            (_, Target::Name(name)) if text.len() <= 60 && !text.contains('(') => {
                format!("for a value write `const {} = {text}` at the top of the file", name.text.to_uppercase())
            }
            _ => "bind the result of one call, and compute where it is used".to_owned(),
        };
        return Diagnostic::error("binding-without-call", span, "a binding needs a call, and this is none").help(help);
    }
    let meant = match kind {
        ExprKind::Blocks => Some("stays blocked"),
        ExprKind::Name(name) => announcement(name),
        _ => None,
    };
    if let Some(meant) = meant {
        let message = format!("`{text}` is no step");
        return Diagnostic::error("unknown-step", span, message).help(format!("write `{actor}: {meant}`"));
    }
    let help = match kind {
        ExprKind::Name(_) => format!("call it: `{actor}: {text}()`"),
        _ => format!("write a call, `{actor}: read(fd, 10)`, or `{actor}: resumes`"),
    };
    Diagnostic::error("not-a-call", span, "a step is a call or an announcement, and this is neither").help(help)
}
