//! `expect`: what holds between steps.

use super::order::Held;
use super::patterns::Subject;
use super::scene::{Binding, Region, Scene};
use super::types::Wanted;
use super::valued::Valued;
use crate::scenario::{Expr, Pattern, What};
use crate::syntax::ast::{self, ExprKind, Quantifier};
use crate::text::Diagnostic;
use crate::value::Errno;

impl Scene<'_> {
    /// What `expect` judges; `interleaved` tells whether its scenario has orders to judge over.
    pub(super) fn expect(&mut self, expect: &ast::Expect, interleaved: bool) -> Option<What> {
        if self.region == Region::Interleave {
            self.found.push(
                Diagnostic::error("misplaced", expect.span, "an `expect` stands behind `interleave`, not in it")
                    .here("in which order would it be judged?")
                    .help("move the line behind the closing brace: it is judged in every order"),
            );
            return None;
        }
        let quantifier = expect.quantifier.unwrap_or(Quantifier::Always);
        if !interleaved && (quantifier != Quantifier::Always || is_deadlock(&expect.value)) {
            let word = match quantifier {
                _ if is_deadlock(&expect.value) => "deadlock",
                Quantifier::Sometimes => "sometimes",
                _ => "never",
            };
            self.found.push(
                Diagnostic::error(
                    "no-interleave",
                    expect.span,
                    format!("`{word}` judges over several orders, and here is only one"),
                )
                .here("no `interleave` in this scenario")
                .help(match word {
                    "deadlock" => "write `who: stays blocked` for an actor that is left waiting",
                    "never" => "say what holds instead: `expect a != b`",
                    _ => "write `expect` alone, or put steps into `interleave { … }`",
                }),
            );
        }
        if is_deadlock(&expect.value) {
            return Some(What::ExpectDeadlock(quantifier));
        }
        match &expect.outcome {
            Some(outcome) => {
                let denied = if let ExprKind::Not(inner) = &outcome.kind { Some(inner) } else { None };
                let outcome = denied.map_or(outcome, |inner| inner);
                self.whole_outcome(outcome);
                let value = match self.failed_name(&expect.value, outcome) {
                    Some(name) => name,
                    None => self.value(&expect.value, Wanted::ANYTHING),
                };
                let subject = Subject { ty: value.ty, by: None };
                let pattern = if let Expr::Slot(_) = value.expr {
                    self.end_of_a_name(outcome, subject)
                } else {
                    self.pattern(outcome, subject)
                };
                let pattern = if denied.is_some() { Pattern::Not(Box::new(pattern)) } else { pattern };
                Some(What::Expect { quantifier, value: value.expr, pattern: Some(pattern) })
            }
            None => {
                let value = self.condition(&expect.value);
                Some(What::Expect { quantifier, value: value.expr, pattern: None })
            }
        }
    }

    /// A name that never gets a value, where it is the error of its call that is asked for.
    fn failed_name(&self, ast: &ast::Expr, outcome: &ast::Expr) -> Option<Valued> {
        let ExprKind::Name(name) = &ast.kind else { return None };
        let Some(Binding::Slot(slot)) = self.names.get(name) else { return None };
        let known = self.slots.get(*slot).filter(|_| self.order.held(*slot) == Held::Never && names_errors(outcome))?;
        Some(Valued::of(Expr::Slot(*slot), known.ty, ast.span))
    }

    /// The pattern of a bare name: an errno alone is the error of the call that was to bind it, as it is behind that call.
    fn end_of_a_name(&mut self, ast: &ast::Expr, subject: Subject) -> Pattern {
        match &ast.kind {
            ExprKind::Name(name) => match Errno::from_name(name) {
                Some(errno) => Pattern::Failed(errno),
                None => self.pattern(ast, subject),
            },
            ExprKind::Or(items) => Pattern::OneOf(items.iter().map(|item| self.end_of_a_name(item, subject)).collect()),
            _ => self.pattern(ast, subject),
        }
    }

    /// Reports what only a call can come to.
    fn whole_outcome(&mut self, ast: &ast::Expr) {
        use ExprKind::{Blocks, Dies, Eventually, Exits, Ok, Sleeps};
        if !matches!(ast.kind, Blocks | Sleeps | Ok | Dies(_) | Exits(_) | Eventually(_)) {
            return;
        }
        let text = self.written(ast.span).to_owned();
        self.found.push(
            Diagnostic::error("misplaced", ast.span, format!("`{text}` is what a call comes to, and `expect` makes none"))
                .here("the pattern of a value is wanted here")
                .help("write what the value is like: `-> 3`, `-> 1..10`, `-> contains \"text\"`"),
        );
    }

    /// A condition: comparisons, joined.
    fn condition(&mut self, ast: &ast::Expr) -> Valued {
        let joined = |expr: Expr, broken: bool| Valued { broken, ..Valued::of(expr, crate::value::Type::Int, ast.span) };
        match &ast.kind {
            ExprKind::And(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                joined(Expr::And(Box::new(left.expr), Box::new(right.expr)), left.broken || right.broken)
            }
            ExprKind::Or(items) => {
                let mut items = items.iter().map(|item| self.condition(item)).collect::<Vec<_>>().into_iter();
                let Some(first) = items.next() else { return Valued::broken(ast.span) };
                items.fold(first, |left, right| {
                    joined(Expr::Or(Box::new(left.expr), Box::new(right.expr)), left.broken || right.broken)
                })
            }
            ExprKind::Not(inner) => {
                let inner = self.condition(inner);
                joined(Expr::Not(Box::new(inner.expr)), inner.broken)
            }
            ExprKind::Compare(..) => self.value(ast, Wanted::ANYTHING),
            _ => {
                let valued = self.value(ast, Wanted::ANYTHING);
                if !valued.broken {
                    self.found.push(
                        Diagnostic::error("no-condition", ast.span, "`expect` wants a comparison, or a value with a pattern")
                            .here("neither true nor false")
                            .help(format!("write `expect {0} == …` or `expect {0} -> …`", self.written(ast.span))),
                    );
                }
                valued
            }
        }
    }
}

/// Whether a pattern names an error.
fn names_errors(ast: &ast::Expr) -> bool {
    match &ast.kind {
        ExprKind::Name(name) => Errno::from_name(name).is_some(),
        ExprKind::Or(items) => items.iter().any(names_errors),
        _ => false,
    }
}

fn is_deadlock(value: &ast::Expr) -> bool {
    matches!(&value.kind, ExprKind::Name(name) if name == "deadlock")
}
