//! Who is idle, blocked or gone, and who has which descriptor, as far as the script alone tells. Only warnings come from here: the run
//! itself shows what is really so.

use crate::scenario::{ActorId, Alternative, Expectation, SlotId};
use crate::text::{Diagnostic, Span};
use crate::value::Type;
use std::collections::{HashMap, HashSet};

/// What the lines so far say of everybody.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    lives: HashMap<ActorId, Life>,
    held: HashMap<SlotId, Held>,
    /// Which processes share a table of descriptors and a memory: a thread has those of its process.
    process: HashMap<ActorId, ActorId>,
    /// The names whose descriptors and addresses are good in a process.
    good: HashMap<ActorId, HashSet<SlotId>>,
}

/// What an actor does.
#[derive(Debug, Clone)]
pub(super) enum Life {
    /// It can take a step.
    Idle,
    /// It is in a call that has not returned.
    Pending(Waiting),
    /// It has ended.
    Gone(Span),
    /// Nobody can tell before the run.
    Unclear,
    /// A warning was given: nothing more is said of this actor.
    Doubted,
}

/// A call that has not returned.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// Where the step stands.
    pub(super) span: Span,
    /// Index of the call in the catalogue, and the type of what it gives.
    pub(super) operation: Option<(u32, Type)>,
    /// The names that it binds then.
    pub(super) slots: Vec<SlotId>,
}

/// Whether a name has its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Yes.
    Ready,
    /// When this actor's call has returned.
    Pending(ActorId),
    /// No, and it never will: the call is expected to fail.
    Never,
}

impl Order {
    /// What an actor does now.
    pub(super) fn life(&self, actor: ActorId) -> Life {
        self.lives.get(&actor).cloned().unwrap_or(Life::Idle)
    }

    /// Says what an actor does from now on.
    pub(super) fn live(&mut self, actor: ActorId, life: Life) {
        if !matches!(self.lives.get(&actor), Some(Life::Doubted)) {
            self.lives.insert(actor, life);
        }
    }

    /// Whether a name has its value.
    pub(super) fn held(&self, slot: SlotId) -> Held {
        self.held.get(&slot).copied().unwrap_or(Held::Ready)
    }

    /// Says that `actor` binds `slot` in its own process.
    pub(super) fn bind(&mut self, actor: ActorId, slot: SlotId, held: Held) {
        self.held.insert(slot, held);
        let process = self.process_of(actor);
        self.good.entry(process).or_default().insert(slot);
    }

    /// Says that `slot` has its value now, or never will.
    pub(super) fn settle(&mut self, slot: SlotId, held: Held) {
        self.held.insert(slot, held);
    }

    /// Says that `parent` brings `child`: with its own process, or within that of its parent.
    pub(super) fn fork(&mut self, parent: ActorId, child: ActorId, within: bool) {
        let process = self.process_of(parent);
        if within {
            self.process.insert(child, process);
        } else {
            let inherited = self.good.get(&process).cloned().unwrap_or_default();
            self.good.insert(child, inherited);
        }
    }

    /// Whether a descriptor or address that `slot` names is good in the process of `actor`.
    pub(super) fn is_good(&self, actor: ActorId, slot: SlotId) -> bool {
        self.good.get(&self.process_of(actor)).is_some_and(|good| good.contains(&slot))
    }

    fn process_of(&self, actor: ActorId) -> ActorId {
        self.process.get(&actor).copied().unwrap_or(actor)
    }

    /// What an actor does after an outcome, and what becomes of the names that the call binds.
    pub(super) fn after(&mut self, actor: ActorId, expectation: &Expectation, span: Span, waiting: Waiting) {
        let all =
            |fits: fn(&Alternative) -> bool| !expectation.alternatives.is_empty() && expectation.alternatives.iter().all(fits);
        let (life, held) = if all(|outcome| matches!(outcome, Alternative::Blocks | Alternative::Sleeps)) {
            (Life::Pending(waiting.clone()), Held::Pending(actor))
        } else if all(|outcome| matches!(outcome, Alternative::Dies(_) | Alternative::Exits(_))) {
            (Life::Gone(span), Held::Never)
        } else if all(|outcome| matches!(outcome, Alternative::Fails(_))) {
            (Life::Idle, Held::Never)
        } else if expectation.alternatives.iter().any(|outcome| matches!(outcome, Alternative::Dies(_) | Alternative::Exits(_))) {
            (Life::Unclear, Held::Ready)
        } else {
            (Life::Idle, Held::Ready)
        };
        waiting.slots.iter().for_each(|&slot| self.settle(slot, held));
        self.live(actor, life);
    }
}

/// Why `who` can hardly take the step at `span`, if so.
pub(super) fn refuse(who: &str, life: &Life, span: Span) -> Option<Diagnostic> {
    match life {
        Life::Idle | Life::Unclear | Life::Doubted => None,
        Life::Pending(waiting) => Some(
            Diagnostic::warning("still-blocked", span, format!("`{who}` is still in its call, and has one call at a time"))
                .here("a step for an actor that is blocked")
                .also(waiting.span, "blocked here")
                .help(format!("say first what became of it: `{who}: resumes`")),
        ),
        Life::Gone(end) => Some(
            Diagnostic::warning("gone", span, format!("`{who}` has ended"))
                .here("a step for an actor that is gone")
                .also(*end, "it ended here")
                .help(format!("let another actor take this step, or let `{who}` end after it")),
        ),
    }
}

/// Why `who` can hardly resume or stay blocked at `span`, if so.
pub(super) fn refuse_announcement(who: &str, life: &Life, word: &str, span: Span) -> Option<Diagnostic> {
    let diagnostic = Diagnostic::warning("not-blocked", span, format!("`{who}` is in no call that could go on"));
    match life {
        Life::Pending(_) | Life::Unclear | Life::Doubted => None,
        Life::Idle => Some(
            diagnostic
                .here(format!("`{word}` is for an actor that is blocked"))
                .help(format!("its call has returned at its own line; if it should wait there, write `{who}: … -> blocks`")),
        ),
        Life::Gone(end) => Some(diagnostic.here(format!("`{word}` is for an actor that is blocked")).also(*end, "it ended here")),
    }
}
