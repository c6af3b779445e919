//! A scenario while it is being expanded: who is there, what is bound, what has been said so far.

use super::findings::Findings;
use super::items::Items;
use super::order::Order;
use super::reserved;
use super::telling::{Called, Telling};
use super::valued::Valued;
use crate::scenario::{Actor, ActorId, Slot, SlotId, Step};
use crate::syntax::ast;
use crate::text::{Diagnostic, Span};
use crate::value::Type;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many steps a scenario may become, and how many turns its loops may take.
pub(super) const MOST_STEPS: usize = 10_000;

/// What is known at one point of a scenario.
#[derive(Debug, Clone)]
pub(super) struct Scene<'a> {
    /// The script's items.
    pub(super) items: &'a Items<'a>,
    /// The values of `const` that are known.
    pub(super) consts: Rc<HashMap<&'a str, Valued>>,
    /// The `const` whose values are being computed, outermost first.
    pub(super) computing: Vec<&'a str>,
    /// What was found wrong.
    pub(super) found: Findings,
    /// What names mean here.
    pub(super) names: HashMap<String, Binding>,
    /// Where names are bound anywhere in the scenario.
    pub(super) anywhere: Rc<HashMap<&'a str, Span>>,
    /// Everybody so far.
    pub(super) actors: Vec<Actor>,
    /// Everything bound so far.
    pub(super) slots: Vec<Slot>,
    /// The call whose result each slot holds.
    pub(super) makers: Vec<&'static str>,
    /// The straight line so far.
    pub(super) steps: Vec<Step>,
    /// Where in it the order is free.
    pub(super) interleavings: Vec<std::ops::Range<usize>>,
    /// Steps and turns so far, as [`Spent`] tells them apart.
    pub(super) spent: [usize; 2],
    /// Who is idle, blocked or gone, as far as the script tells.
    pub(super) order: Order,
    /// Where the walk is.
    pub(super) region: Region,
    /// Descriptors and addresses that the step at hand uses.
    pub(super) uses: Vec<(SlotId, Span)>,
    /// Steps that stand behind a condition.
    pub(super) guarded: Vec<std::ops::Range<usize>>,
    /// The words of the steps; kept only where a scenario has several orders.
    pub(super) telling: Option<Telling>,
    /// Branches of `if` that a walk has taken, and what was found in those that it did not take.
    pub(super) branches: Branches,
}

/// What a name means.
#[derive(Debug, Clone)]
pub(super) enum Binding {
    /// An actor.
    Actor(ActorId, Span),
    /// A result.
    Slot(SlotId),
    /// What `each` or `for` gives it, where the name is bound, and what can be written in its place.
    Value(Valued, Span, Rc<ast::Expr>),
    /// Something that could not be made out; nothing more is said of it.
    Unclear(Span),
}

/// What an expansion spends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spent {
    /// Steps of the straight line.
    Steps,
    /// Turns of loops, which may hold no step.
    Turns,
}

/// Where the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    /// Among steps that follow each other.
    Line,
    /// Inside `interleave`.
    Interleave,
    /// Inside a branch that is not taken: names that only such branches bind are no mistake.
    Untaken,
    /// Outside any scenario: a definition that nobody calls.
    Definition,
}

/// What happened at the branches of `if`, by the place of their conditions.
#[derive(Debug, Clone, Default)]
pub(super) struct Branches {
    /// Taken in some expansion: its mistakes are found there.
    pub(super) taken: HashSet<Span>,
    /// Not taken yet: its mistakes count if it never is.
    pub(super) untaken: Vec<(Span, Vec<Diagnostic>)>,
}

impl<'a> Scene<'a> {
    /// Before the first line.
    pub(super) fn new(items: &'a Items<'a>, consts: Rc<HashMap<&'a str, Valued>>, anywhere: Rc<HashMap<&'a str, Span>>) -> Self {
        Self {
            items,
            consts,
            computing: Vec::new(),
            found: Findings::default(),
            names: HashMap::new(),
            anywhere,
            actors: Vec::new(),
            slots: Vec::new(),
            makers: Vec::new(),
            steps: Vec::new(),
            interleavings: Vec::new(),
            spent: [0; 2],
            order: Order::default(),
            region: Region::Line,
            uses: Vec::new(),
            guarded: Vec::new(),
            telling: None,
            branches: Branches::default(),
        }
    }

    /// The source text under `span`.
    pub(super) fn written(&self, span: Span) -> &'a str {
        self.items.sources.get(span.source as usize).map_or("", |source| source.slice(span))
    }

    /// Says that one more step or turn is spent at `span`; `false` when the bound is passed.
    pub(super) fn spend(&mut self, what: Spent, span: Span) -> bool {
        let spent = &mut self.spent[what as usize];
        *spent += 1;
        let spent = *spent;
        if spent == MOST_STEPS + 1 {
            let what = if let Spent::Steps = what { "steps" } else { "turns of its loops" };
            self.found.push(
                Diagnostic::error(
                    "too-many-steps",
                    span,
                    format!("the scenario has more than {MOST_STEPS} {what} once it is expanded"),
                )
                .here("the bound is passed here")
                .help("repeat less: `for i in 1..100 { … }`, or split the scenario"),
            );
        }
        spent <= MOST_STEPS
    }

    /// Gives `name` a meaning, unless it has one; a name of a `for` body is bound anew each turn, at the same place.
    pub(super) fn bind(&mut self, name: &ast::Name, binding: Binding) -> bool {
        if let Some(diagnostic) = reserved::refuse(name, &self.items.constants) {
            self.found.push(diagnostic);
            return false;
        }
        let first = match self.names.get(&name.text) {
            Some(first) => Some(self.place(first)),
            None => self.items.consts.get(name.text.as_str()).map(|first| first.name.span),
        };
        match first {
            // Another branch may bind the same name: only one of them is taken.
            Some(first) if first != name.span && self.region != Region::Untaken => {
                self.found.push(
                    Diagnostic::error("already-bound", name.span, format!("`{}` has a meaning already", name.text))
                        .here("bound again here")
                        .also(first, "first bound here")
                        .help(format!("a name is bound once in a scenario: write another, such as `{}2`", name.text)),
                );
                false
            }
            _ => {
                self.names.insert(name.text.clone(), binding);
                true
            }
        }
    }

    /// Where a binding was made.
    pub(super) fn place(&self, binding: &Binding) -> Span {
        match binding {
            Binding::Actor(_, span) | Binding::Value(_, span, _) | Binding::Unclear(span) => *span,
            Binding::Slot(slot) => self.slots.get(*slot).map_or_else(Span::default, |slot| slot.span),
        }
    }

    /// Adds an actor to the scenario.
    pub(super) fn add_actor(&mut self, name: String, born: Option<(ActorId, usize)>, span: Span) -> ActorId {
        let id = ActorId::try_from(self.actors.len()).unwrap_or(ActorId::MAX);
        self.call_it(&name, Called::Actor);
        self.actors.push(Actor { name, born, span });
        id
    }

    /// Adds a name for a result.
    pub(super) fn add_slot(&mut self, name: &ast::Name, ty: Type, actor: ActorId, maker: &'static str) -> SlotId {
        let id = self.slots.len();
        self.call_it(&name.text, Called::Value);
        self.slots.push(Slot { name: name.text.clone(), ty, actor, span: name.span });
        self.makers.push(maker);
        id
    }
}
