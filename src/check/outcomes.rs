//! Outcomes: what is to come of a call.

use super::calls::Resolved;
use super::patterns::Subject;
use super::scene::Scene;
use super::types::Wanted;
use super::valued::Valued;
use crate::operation::{self, Trait};
use crate::scenario::{Alternative, Expectation, Expr, Pattern};
use crate::syntax::ast::{self, BinaryOp, ExprKind};
use crate::text::{Diagnostic, Span};
use crate::value::{Errno, Signal, Type, Value};

impl Scene<'_> {
    /// What is to come of `call`, as `outcome` says.
    pub(super) fn expectation(&mut self, outcome: Option<&ast::Expr>, call: &Resolved, span: Span) -> Expectation {
        let Some(ast) = outcome else { return self.default_outcome(call, span) };
        let subject = Subject { ty: call.gives, by: Some(call.operation) };
        let expectation = self.outcome(ast, subject);
        if let ExprKind::Eventually(_) = ast.kind
            && !call.operation.is(Trait::ReadOnly)
        {
            self.found.push(
                Diagnostic::error(
                    "eventually-changes",
                    ast.span,
                    format!("`{}` changes something each time", call.operation.name),
                )
                .here("`eventually` makes the call again until the pattern matches")
                .help("ask with a call that only reads, such as `ls` or `stat`"),
            );
        }
        if expectation.alternatives.iter().any(|outcome| matches!(outcome, Alternative::Blocks)) && is_timed(call) {
            self.found.push(
                Diagnostic::error(
                    "timed-blocks",
                    ast.span,
                    format!("this `{}` has a time limit of its own", call.operation.name),
                )
                .here("it ends by itself, and only waits until then")
                .help("write `-> sleeps`; without a limit, it blocks"),
            );
        }
        expectation
    }

    /// What is to come of the pending call of an actor, as the `outcome` behind `resumes` says.
    pub(super) fn resumption(&mut self, outcome: Option<&ast::Expr>, by: Option<(u32, Type)>, span: Span) -> Expectation {
        let (by, ty) = by.map_or((None, Type::Any), |(index, gives)| (operation::at(index), gives));
        match outcome {
            None => plain(Alternative::Ok, "ok", span, ty),
            Some(ast) => {
                if let ExprKind::Eventually(_) = ast.kind {
                    self.found.push(
                        Diagnostic::error("eventually-changes", ast.span, "a call returns once: `resumes` cannot be asked again")
                            .here("`eventually` makes a call again until the pattern matches"),
                    );
                }
                self.outcome(ast, Subject { ty, by })
            }
        }
    }

    fn default_outcome(&mut self, call: &Resolved, span: Span) -> Expectation {
        let zero = || Valued::literal(Value::Int(0), span);
        match call.operation {
            operation if operation.name == "abort" => plain(
                Alternative::Dies(Expr::Literal(Value::from(Signal::from_name("SIGABRT").map_or(0, |signal| signal.0)))),
                "dies SIGABRT",
                span,
                call.gives,
            ),
            // What it takes is for pthread_join; the kernel sees 0.
            operation if operation.name == "pthread_exit" => {
                plain(Alternative::Exits(Pattern::Equal(zero().expr)), "exits 0", span, call.gives)
            }
            operation if operation.is(Trait::Ends) => {
                let status = call.args.first().cloned().unwrap_or_else(zero);
                let text = format!("exits {}", if call.args.is_empty() { "0" } else { self.written(status.span) });
                // wait(2): the parent sees the lowest eight bits.
                let low = Expr::Binary(BinaryOp::And, Box::new(status.expr.clone()), Box::new(Expr::Literal(Value::Int(0xff))));
                let low = Valued { expr: low, ..status }.fold().map_or(Expr::Literal(Value::Null), |low| low.expr);
                plain(Alternative::Exits(Pattern::Equal(low)), &text, span, call.gives)
            }
            operation if operation.is(Trait::Becomes) => {
                plain(Alternative::Exits(Pattern::Equal(zero().expr)), "exits 0", span, call.gives)
            }
            _ => plain(Alternative::Ok, "ok", span, call.gives),
        }
    }

    fn outcome(&mut self, ast: &ast::Expr, subject: Subject) -> Expectation {
        let (inner, eventually) = match &ast.kind {
            ExprKind::Eventually(inner) => (inner.as_ref(), true),
            _ => (ast, false),
        };
        let written: &[ast::Expr] = match &inner.kind {
            ExprKind::Or(items) => items,
            _ => std::slice::from_ref(inner),
        };
        let alternatives = written.iter().map(|one| self.alternative(one, subject)).collect();
        let text = self.written(ast.span).split_whitespace().collect::<Vec<_>>().join(" ");
        Expectation { alternatives, eventually, span: ast.span, text, gives: subject.ty }
    }

    fn alternative(&mut self, ast: &ast::Expr, subject: Subject) -> Alternative {
        match &ast.kind {
            ExprKind::Blocks => Alternative::Blocks,
            ExprKind::Sleeps => Alternative::Sleeps,
            ExprKind::Ok => Alternative::Ok,
            ExprKind::Dies(signal) => Alternative::Dies(self.value(signal, Wanted::called("`dies`", Type::Signal)).expr),
            ExprKind::Exits(status) => Alternative::Exits(self.pattern(status, Subject { ty: Type::Int, by: None })),
            ExprKind::Name(name) if Errno::from_name(name).is_some() => {
                Errno::from_name(name).map_or(Alternative::Ok, Alternative::Fails)
            }
            // The parser has said that errors are joined by `or`.
            ExprKind::Binary(BinaryOp::Or, ..) if is_errors(ast) => Alternative::Ok,
            _ => Alternative::Gives(self.pattern(ast, subject)),
        }
    }
}

/// Whether a time limit that is written ends the call.
fn is_timed(call: &Resolved) -> bool {
    // What is not known before the run passes for no limit: its type, not its value, is looked at.
    let args: Vec<Value> = call.args.iter().map(|arg| arg.constant().unwrap_or(Value::Null)).collect();
    call.operation.timed(&args)
}

/// Whether `|` joins errors and nothing else.
fn is_errors(ast: &ast::Expr) -> bool {
    match &ast.kind {
        ExprKind::Name(name) => Errno::from_name(name).is_some(),
        ExprKind::Binary(BinaryOp::Or, left, right) => is_errors(left) && is_errors(right),
        _ => false,
    }
}

fn plain(outcome: Alternative, text: &str, span: Span, gives: Type) -> Expectation {
    Expectation { alternatives: vec![outcome], eventually: false, span, text: text.to_owned(), gives }
}
