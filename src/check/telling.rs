//! The words of the steps of a scenario with `interleave`, gathered while it is expanded: one order of it may have to stand alone as a script.

use super::flat::Flat;
use super::reserved;
use super::scene::Scene;
use crate::scenario::{ActorId, Bind, Denial, What, Wording, Written};
use crate::syntax::ast::{self, Action, CompareOp, ExprKind, Quantifier};
use crate::syntax::word::{RESERVED, VALUE_CALLS};
use crate::text::SourceId;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// What an actor is called that no line names.
const UNNAMED: &str = "child";

/// What has been told so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Telling {
    /// The words of the steps, but for the items.
    pub(super) written: Written,
    /// Items on which the steps lean, by their places.
    pub(super) items: BTreeMap<(SourceId, u32), String>,
    /// The words of the step that comes next.
    pub(super) next: Wording,
    /// How many have been called by a name, its numbered forms not counted.
    given: HashMap<String, usize>,
}

/// The words of a call that several actors may make.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    call: String,
    outcome: Option<String>,
}

/// What is given a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Called {
    /// An actor.
    Actor,
    /// A result.
    Value,
}

impl Telling {
    /// All of it, when the scenario is at its end.
    pub(super) fn finish(self) -> Written {
        Written { items: self.items.into_values().collect(), ..self.written }
    }
}

impl Scene<'_> {
    /// Keeps the words of the next step, which is no call.
    pub(super) fn tell(&mut self, step: &ast::Step) {
        let Some(mut telling) = self.telling.take() else { return };
        let mut flat = Flat::of(self, &mut telling);
        let actors: Vec<String> = step.actors.iter().map(|name| flat.name(&name.text)).collect();
        let act = match &step.action {
            Action::Call { call, .. } => flat.call(call),
            Action::Resumes(_) => "resumes".into(),
            Action::StaysBlocked(_) => "stays blocked".into(),
            Action::Dies(signal) => format!("dies {}", flat.text(signal)),
            Action::Exits(status) => format!("exits {}", flat.text(status)),
        };
        let outcome = step.outcome.as_ref().map(|outcome| flat.outcome(outcome));
        telling.next = Wording { who: actors.join(", "), act, outcome };
        self.telling = Some(telling);
    }

    /// The words of a call and of what is to come of it, before it binds anything.
    pub(super) fn told(&mut self, call: &ast::Call, outcome: Option<&ast::Expr>) -> Told {
        let Some(mut telling) = self.telling.take() else { return Told::default() };
        let mut flat = Flat::of(self, &mut telling);
        let told = Told { call: flat.call(call), outcome: outcome.map(|outcome| flat.outcome(outcome)) };
        self.telling = Some(telling);
        told
    }

    /// Keeps the words of the next step: `actor` makes a call.
    pub(super) fn tell_call(&mut self, actor: ActorId, told: &Told, bind: &Bind, child: Option<ActorId>) {
        let Some(telling) = &mut self.telling else { return };
        let slot = |slot: &usize| telling.written.slots.get(*slot).cloned().unwrap_or_default();
        let called = |actor: ActorId| telling.written.actors.get(usize::from(actor)).cloned().unwrap_or_default();
        let target = match (bind, child) {
            (_, Some(child)) => format!("{} = ", called(child)),
            (Bind::Nothing, None) => String::new(),
            (Bind::One(name), None) => format!("{} = ", slot(name)),
            (Bind::Elements(names), None) => format!("[{}] = ", names.iter().map(slot).collect::<Vec<_>>().join(", ")),
        };
        telling.next = Wording { who: called(actor), act: format!("{target}{}", told.call), outcome: told.outcome.clone() };
    }

    /// Keeps the words of the next step, an `expect`; of one that is denied, its opposite as well.
    pub(super) fn tell_expect(&mut self, expect: &ast::Expect, what: &What) {
        let Some(mut telling) = self.telling.take() else { return };
        telling.next = self.expect_told(expect, &mut telling);
        if let What::Expect { quantifier: Quantifier::Never, .. } = what {
            let denied = denied(expect);
            let wording = self.expect_told(&denied, &mut telling);
            // What is wrong in it is wrong in what it denies, and known.
            if let Some(what) = self.expect(&denied, true) {
                telling.written.denials.push(Denial { step: self.steps.len(), what, wording });
            }
        }
        self.telling = Some(telling);
    }

    fn expect_told(&self, expect: &ast::Expect, telling: &mut Telling) -> Wording {
        let mut flat = Flat::of(self, telling);
        let act = format!("expect {}", flat.text(&expect.value));
        Wording { who: String::new(), act, outcome: expect.outcome.as_ref().map(|pattern| flat.outcome(pattern)) }
    }

    /// `value`, each name in it that stands for a value replaced.
    pub(super) fn flattened(&mut self, value: Rc<ast::Expr>) -> Rc<ast::Expr> {
        let Some(mut telling) = self.telling.take() else { return value };
        let flat = Rc::new(Flat::of(self, &mut telling).value(&value));
        self.telling = Some(telling);
        flat
    }

    /// Keeps the constants on which the head of the scenario leans.
    pub(super) fn tell_need(&mut self, need: &ast::Need) {
        let Some(mut telling) = self.telling.take() else { return };
        let mut flat = Flat::of(self, &mut telling);
        need.compare.iter().map(|(_, value)| value).chain(&need.argument).chain(&need.more).for_each(|value| {
            flat.value(value);
        });
        self.telling = Some(telling);
    }

    /// Gives the actor or name that is about to be added a name of its own.
    pub(super) fn call_it(&mut self, name: &str, what: Called) {
        let Some(mut telling) = self.telling.take() else { return };
        let base = match name.split('#').next() {
            Some("") | None => UNNAMED,
            Some(base) => base,
        };
        let own = !name.starts_with('#');
        let mut count = telling.given.get(base).copied().unwrap_or(0);
        let called = loop {
            count += 1;
            let called = if count == 1 { base.to_owned() } else { format!("{base}{count}") };
            let free = if count == 1 && own { true } else { self.is_free(&called) };
            if free && !telling.given.contains_key(&called) {
                break called;
            }
        };
        telling.given.insert(base.to_owned(), count);
        telling.given.entry(called.clone()).or_insert(1);
        match what {
            Called::Actor => telling.written.actors.push(called),
            Called::Value => telling.written.slots.push(called),
        }
        self.telling = Some(telling);
    }

    /// Whether nothing else that a script may name is called so.
    fn is_free(&self, name: &str) -> bool {
        let word = ast::Name { text: name.to_owned(), span: crate::text::Span::default() };
        !self.anywhere.contains_key(name)
            && !self.items.consts.contains_key(name)
            && !RESERVED.contains(&name)
            && !VALUE_CALLS.contains(&name)
            && reserved::refuse(&word, &self.items.constants).is_none()
    }
}

/// What holds where `expect` does not; its quantifier is gone.
fn denied(expect: &ast::Expect) -> ast::Expect {
    let not = |inner: &ast::Expr| ast::Expr { kind: ExprKind::Not(Box::new(inner.clone())), span: inner.span };
    let (value, outcome) = match (&expect.value.kind, &expect.outcome) {
        (_, Some(pattern)) => match &pattern.kind {
            ExprKind::Not(inner) => (expect.value.clone(), Some((**inner).clone())),
            _ => (expect.value.clone(), Some(not(pattern))),
        },
        (ExprKind::Compare(op, left, right), None) => {
            let kind = ExprKind::Compare(opposite(*op), left.clone(), right.clone());
            (ast::Expr { kind, span: expect.value.span }, None)
        }
        (ExprKind::Not(inner), None) => ((**inner).clone(), None),
        (_, None) => (not(&expect.value), None),
    };
    ast::Expect { quantifier: None, value, outcome, span: expect.span }
}

fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}
