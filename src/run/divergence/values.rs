//! Values of the script: one that could not be computed, and an `expect` that does not hold.

use super::{Facts, Report};
use crate::journal::{Mismatch, Place};
use crate::run::history::{self, Deed, What as Done};
use crate::scenario::{Environment, Expr, Pattern, Step, evaluate, show};
use crate::text::Span;
use crate::value::{Type, Value};

/// A value of the script could not be computed.
pub fn no_value(facts: &Facts<'_>, span: Span, why: &str) -> Box<Mismatch> {
    let mut labels = vec![facts.place(span, why)];
    if let Some((call, _)) = facts.call_of(facts.now) {
        labels.extend(history::slots(&call.args).into_iter().filter_map(|slot| facts.bound(slot)));
    }
    facts.mismatch(Report {
        code: "no-value",
        message: "a value of this line cannot be computed".into(),
        labels,
        ..Report::default()
    })
}

/// An `expect` that does not hold.
pub fn not_held(facts: &Facts<'_>, step: &Step, value: &Expr, pattern: Option<&Pattern>, seen: &Value) -> Box<Mismatch> {
    let text = facts.text(step);
    let side = |expr: &Expr| evaluate(expr, &facts.view).map_or_else(|why| why, |value| facts.show(expr, &value));
    let shown = match (value, pattern) {
        (Expr::Compare(_, left, right), _) => format!("{} and {}", side(left), side(right)),
        (_, Some(pattern)) => show(&super::difference::narrow(pattern, seen), &facts.type_of(value), &facts.view),
        _ => facts.show(value, seen),
    };
    // The checker has computed what depends on nothing that a run could change.
    let shown = if matches!(value, Expr::Literal(_)) && pattern.is_none() { "false in every run".to_owned() } else { shown };
    let mend = pattern.and_then(|_| facts.mend_of_expect(step, &shown));
    let mut labels = vec![facts.place(step.span, format!("saw {shown}"))];
    labels.extend(history::slots(std::slice::from_ref(value)).into_iter().filter_map(|slot| facts.bound(slot)));
    labels.extend(facts.moves(value));
    facts.mismatch(Report {
        code: "expectation-not-met",
        message: format!("`{text}` does not hold"),
        expected: text.strip_prefix("expect ").unwrap_or(&text).to_owned(),
        seen: shown,
        labels,
        mend,
        ..Report::default()
    })
}

impl Facts<'_> {
    /// Where a name got its value, and which.
    pub(super) fn bound(&self, slot: usize) -> Option<Place> {
        let known = self.view.scenario.slots.get(slot)?;
        let value = self.view.slot(slot)?;
        let shown = show(&super::difference::steady(value), &known.ty, &self.view);
        let text = match super::brief(&shown) {
            Some(shown) if shown != known.name => format!("`{}` is {shown}", known.name),
            _ => format!("`{}` comes from here", known.name),
        };
        Some(self.place(known.span, text))
    }

    /// Where the actors whose namespaces `expr` asks for last went into others.
    fn moves(&self, expr: &Expr) -> Vec<Place> {
        match expr {
            Expr::Namespace(actor, kind) => {
                let deeds = self.deeds(*actor, usize::MAX);
                let flag = flag_of(kind);
                let last = deeds.iter().find(|deed| matches!(deed.what, Done::Left(kinds) if kinds == 0 || kinds & flag != 0));
                let text = |deed: &Deed| format!("`{}` goes into another {kind} namespace here", self.name(deed.actor));
                last.map(|deed| self.place(self.span(deed.step), text(deed))).into_iter().collect()
            }
            Expr::Compare(_, left, right) | Expr::And(left, right) | Expr::Or(left, right) => {
                [self.moves(left), self.moves(right)].concat()
            }
            Expr::Not(inner) => self.moves(inner),
            _ => Vec::new(),
        }
    }

    /// A value of an expression, for people.
    fn show(&self, expr: &Expr, value: &Value) -> String {
        show(&super::difference::steady(value.clone()), &self.type_of(expr), &self.view)
    }

    /// What is known of the type of an expression.
    fn type_of(&self, expr: &Expr) -> Type {
        match expr {
            Expr::Slot(slot) => self.view.scenario.slots.get(*slot).map_or(Type::Any, |slot| slot.ty),
            Expr::Binary(_, left, _) => match self.type_of(left) {
                address @ Type::Handle("address") => address,
                _ => Type::Any,
            },
            _ => Type::Any,
        }
    }
}

/// The flag of clone(2) for a namespace, by its name in /proc.
fn flag_of(kind: &str) -> i128 {
    i128::from(match kind.trim_end_matches("_for_children") {
        "cgroup" => libc::CLONE_NEWCGROUP,
        "ipc" => libc::CLONE_NEWIPC,
        "mnt" => libc::CLONE_NEWNS,
        "net" => libc::CLONE_NEWNET,
        "pid" => libc::CLONE_NEWPID,
        "user" => libc::CLONE_NEWUSER,
        "uts" => libc::CLONE_NEWUTS,
        _ => 0,
    })
}
