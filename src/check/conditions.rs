//! Conditions of `if` and sequences of `each` and `for`: decided before the run.

use super::literal::literal;
use super::scene::{MOST_STEPS, Scene};
use super::types::Wanted;
use super::valued::Valued;
use crate::scenario::{Names, compare_versions, holds, show};
use crate::syntax::ast::{self, CompareOp, ExprKind, TextPart};
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Type, Value};
use std::rc::Rc;

/// Machines as uname(2) calls them.
pub(super) const ARCHITECTURES: &[&str] =
    &["x86_64", "aarch64", "armv7l", "i686", "loongarch64", "ppc64le", "riscv64", "s390x", "mips64"];

/// One of the values that `each` or `for` goes through.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    /// The value.
    pub(super) value: Valued,
    /// For people: as it stands in the script, or what was computed.
    pub(super) text: String,
    /// What can be written in the place of the name.
    pub(super) written: Rc<ast::Expr>,
}

impl Scene<'_> {
    /// Whether the condition holds; `None` when it has a mistake, which is reported.
    pub(super) fn decide(&mut self, ast: &ast::Expr) -> Option<bool> {
        match &ast.kind {
            // Both sides are always looked at, so that mistakes do not depend on the machine.
            ExprKind::And(left, right) => {
                let (left, right) = (self.decide(left), self.decide(right));
                Some(left? && right?)
            }
            ExprKind::Or(items) => {
                let items: Vec<_> = items.iter().map(|item| self.decide(item)).collect();
                items.into_iter().try_fold(false, |any, item| Some(any || item?))
            }
            ExprKind::Not(inner) => self.decide(inner).map(|holds| !holds),
            ExprKind::Name(name) if name == "privileged" && !self.names.contains_key(name) => Some(self.items.facts.privileged),
            ExprKind::Compare(op, left, right) if is_name(left, "kernel") => self.kernel(*op, right),
            ExprKind::Compare(op, left, right) if is_name(left, "arch") && !self.names.contains_key("arch") => {
                self.arch(*op, right)
            }
            ExprKind::Name(name) if name == "kernel" => {
                self.found.push(
                    Diagnostic::error("no-condition", ast.span, "`kernel` is compared with a version")
                        .here("neither true nor false")
                        .help("write `if kernel >= 5.9 { … }`"),
                );
                None
            }
            ExprKind::Broken => None,
            _ => {
                let valued = self.value(ast, Wanted::ANYTHING);
                self.known(&valued, "the condition").map(|value| holds(&value))
            }
        }
    }

    /// The value, which must be known before the run.
    fn known(&mut self, valued: &Valued, what: &str) -> Option<Value> {
        if valued.broken {
            return None;
        }
        let value = valued.constant();
        if value.is_none() {
            let mut used = Vec::new();
            super::valued::slots(&valued.expr, &mut used);
            let mut diagnostic = Diagnostic::error("not-constant", valued.span, format!("{what} is not known before the run"))
                .here("nothing that a run observes chooses the next step")
                .help("decide by a parameter of `each`, by `kernel`, `arch` or `privileged`");
            if let Some(slot) = used.first().and_then(|&slot| self.slots.get(slot)) {
                diagnostic = diagnostic.also(slot.span, format!("`{}` gets its value in the run", slot.name));
            }
            self.found.push(diagnostic);
        }
        value
    }

    fn kernel(&mut self, op: CompareOp, right: &ast::Expr) -> Option<bool> {
        let asked = self.version(right)?;
        Some(compare_versions(op, &self.items.facts.kernel, &asked))
    }

    /// A version of the kernel, by its parts.
    pub(super) fn version(&mut self, ast: &ast::Expr) -> Option<Vec<u64>> {
        match &ast.kind {
            ExprKind::Version(parts) => Some(parts.clone()),
            ExprKind::Integer(number) => u64::try_from(*number).ok().map(|number| vec![number]),
            ExprKind::Broken => None,
            _ => {
                self.found.push(
                    Diagnostic::error("no-condition", ast.span, "`kernel` is compared with a version")
                        .here("not a version")
                        .help("write its parts with dots and without quotes: `kernel >= 5.10`"),
                );
                None
            }
        }
    }

    fn arch(&mut self, op: CompareOp, right: &ast::Expr) -> Option<bool> {
        let asked = self.architecture(right)?;
        match op {
            CompareOp::Equal => Some(asked == self.items.facts.arch),
            CompareOp::NotEqual => Some(asked != self.items.facts.arch),
            _ => {
                self.found.push(
                    Diagnostic::error("no-condition", right.span, "machines have no order")
                        .here("only `==` and `!=` compare them")
                        .help(format!("write `arch == {asked}`")),
                );
                None
            }
        }
    }

    fn architecture(&mut self, ast: &ast::Expr) -> Option<String> {
        let text = match &ast.kind {
            ExprKind::Name(name) => name.clone(),
            ExprKind::Text(parts) => match parts.as_slice() {
                [TextPart::Bytes(bytes)] => String::from_utf8_lossy(bytes).into_owned(),
                _ => self.written(ast.span).to_owned(),
            },
            ExprKind::Broken => return None,
            _ => self.written(ast.span).to_owned(),
        };
        self.known_architecture(&text, ast.span).then_some(text)
    }

    /// Whether a machine is called so; says so if not.
    pub(super) fn known_architecture(&mut self, text: &str, span: Span) -> bool {
        let known = ARCHITECTURES.contains(&text) || text == self.items.facts.arch;
        if !known {
            let help = match nearest(text, ARCHITECTURES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("this machine is `{}`", self.items.facts.arch),
            };
            self.found.push(
                Diagnostic::error("unknown-name", span, format!("no machine is called `{text}`"))
                    .here("as uname(2) calls it")
                    .help(help),
            );
        }
        known
    }

    /// The values of `each` or `for`; empty when a mistake was reported.
    pub(super) fn sequence(&mut self, ast: &ast::Expr) -> Vec<Turn> {
        match &ast.kind {
            ExprKind::Range(from, to) => self.numbers(from, to, ast.span),
            ExprKind::List { items, open: false } => {
                let values = items.iter().filter_map(|item| {
                    let valued = self.value(item, Wanted::ANYTHING);
                    let text = self.written(item.span).split_whitespace().collect::<Vec<_>>().join(" ");
                    let written = Rc::new(item.clone());
                    self.known(&valued, "this value").map(|_| Turn { value: valued, text, written })
                });
                let values: Vec<_> = values.collect();
                if items.is_empty() {
                    self.nothing(ast.span);
                }
                values
            }
            ExprKind::Name(name) if !self.names.contains_key(name) && self.items.consts.contains_key(name.as_str()) => {
                let constant = self.items.consts.get(name.as_str()).copied();
                match constant.map(|constant| &constant.value) {
                    Some(list) if matches!(list.kind, ExprKind::List { .. }) => self.sequence(list),
                    _ => self.computed(ast),
                }
            }
            ExprKind::Broken => Vec::new(),
            _ => self.computed(ast),
        }
    }

    fn computed(&mut self, ast: &ast::Expr) -> Vec<Turn> {
        let valued = self.value(ast, Wanted::ANYTHING);
        match self.known(&valued, "what is to be repeated") {
            Some(Value::List(items)) if items.len() > MOST_STEPS => self.too_long(ast.span),
            Some(Value::List(items)) if items.is_empty() => self.nothing(ast.span),
            Some(Value::List(items)) => {
                let turn = |item: Value| Turn {
                    text: show(&item, &Type::Any, &Nobody),
                    written: Rc::new(literal(&item)),
                    value: Valued::literal(item, ast.span),
                };
                items.into_iter().map(turn).collect()
            }
            Some(_) => {
                self.found.push(
                    Diagnostic::error("wrong-type", ast.span, format!("{} cannot be gone through", valued.shape.describe()))
                        .here("a list or a range is wanted here")
                        .help("write `in [0, SEM_UNDO]` or `in 1..100`"),
                );
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn numbers(&mut self, from: &ast::Expr, to: &ast::Expr, span: Span) -> Vec<Turn> {
        let (from, to) =
            (self.value(from, Wanted::called("a range", Type::Int)), self.value(to, Wanted::called("a range", Type::Int)));
        match (self.known(&from, "this end"), self.known(&to, "this end")) {
            (Some(Value::Int(first)), Some(Value::Int(last))) if first > last => {
                self.empty_range(span, first, last);
                Vec::new()
            }
            (Some(Value::Int(first)), Some(Value::Int(last))) if last - first >= MOST_STEPS as i128 => self.too_long(span),
            (Some(Value::Int(first)), Some(Value::Int(last))) => {
                let turn = |number: i128| Turn {
                    text: number.to_string(),
                    written: Rc::new(literal(&Value::Int(number))),
                    value: Valued::literal(Value::Int(number), span),
                };
                (first..=last).map(turn).collect()
            }
            _ => Vec::new(),
        }
    }

    fn nothing(&mut self, span: Span) -> Vec<Turn> {
        self.found.push(
            Diagnostic::error("empty-range", span, "there is nothing to go through")
                .here("an empty list")
                .help("give it a value, such as `[0]`"),
        );
        Vec::new()
    }

    fn too_long(&mut self, span: Span) -> Vec<Turn> {
        self.found.push(
            Diagnostic::error("too-many-steps", span, format!("this goes through more than {MOST_STEPS} values"))
                .here("too many")
                .help("repeat less: `for i in 1..100 { … }`"),
        );
        Vec::new()
    }
}

fn is_name(ast: &ast::Expr, name: &str) -> bool {
    matches!(&ast.kind, ExprKind::Name(text) if text == name)
}

/// Parameters are known before anybody has a name.
struct Nobody;

impl Names for Nobody {
    fn handle(&self, _: &str, _: i128) -> Option<String> {
        None
    }

    fn actor(&self, _: i128) -> Option<String> {
        None
    }

    fn actor_name(&self, _: u16) -> String {
        String::new()
    }
}
