//! Steps: who does what, what comes of it, and what that binds.

use super::calls::{Resolved, is_broken};
use super::order::{self, Held, Life, Waiting};
use super::scene::{Region, Scene, Spent};
use super::telling::Told;
use super::types::{Wanted, is_address, is_descriptor};
use crate::operation::Trait;
use crate::scenario::{ActorId, Alternative, Bind, Call, Expectation, SlotId, Step, What};
use crate::syntax::ast::{self, Action, Target};
use crate::text::{Diagnostic, Span};
use crate::value::Type;

impl Scene<'_> {
    /// The steps that one line stands for.
    pub(super) fn step(&mut self, step: &ast::Step) {
        let actors: Vec<(ActorId, Span)> =
            step.actors.iter().filter_map(|name| self.actor(name).map(|actor| (actor, name.span))).collect();
        self.announcement_in_interleave(step);
        if !matches!(step.action, Action::Call { .. }) {
            self.tell(step);
        }
        match &step.action {
            Action::Call { target, call } => self.call_step(step, &actors, target.as_ref(), call),
            Action::Resumes(span) => self.resumes(step, &actors, *span),
            Action::StaysBlocked(span) => {
                for &(actor, _) in &actors {
                    self.announce(actor, "stays blocked", *span);
                }
                self.push(step.span, What::StaysBlocked { actors: ids(&actors) }, false);
            }
            Action::Dies(signal) => {
                let signal = self.value(signal, Wanted::called("`dies`", Type::Signal));
                self.ends(&actors, step.span);
                self.push(step.span, What::Dies { actors: ids(&actors), signal: signal.expr }, false);
            }
            Action::Exits(status) => {
                let status = self.value(status, Wanted::called("`exits`", Type::Int));
                self.ends(&actors, step.span);
                self.push(step.span, What::Exits { actors: ids(&actors), status: status.expr }, false);
            }
        }
    }

    fn call_step(&mut self, step: &ast::Step, actors: &[(ActorId, Span)], target: Option<&Target>, call: &ast::Call) {
        self.uses.clear();
        let resolved = self.call(call);
        let uses = std::mem::take(&mut self.uses);
        if let (Some(target), true) = (target, step.actors.len() > 1) {
            let name = match target {
                Target::Name(name) => Some(name),
                Target::List(names) => names.first(),
            };
            if let Some(name) = name {
                self.found.push(
                    Diagnostic::error("already-bound", name.span, format!("each of the actors would bind `{}`", name.text))
                        .here("a name is bound once")
                        .help("write one line for each actor, with names of their own"),
                );
            }
        }
        let Some(resolved) = resolved else {
            target.into_iter().for_each(|target| self.unclear(target));
            // Its pattern may hold mistakes of its own.
            if let Some(outcome) = &step.outcome {
                let known = self.expectation_of_unknown(outcome);
                self.after_unknown(actors, known, step.span);
            }
            return;
        };
        if let (Some(target), []) = (target, actors) {
            self.unclear(target);
        }
        let expectation = self.expectation(step.outcome.as_ref(), &resolved, call.span);
        let clear = !is_broken(call) && step.outcome.as_ref().is_none_or(|outcome| outcome.kind != ast::ExprKind::Broken);
        let told = self.told(call, step.outcome.as_ref());
        for (at, &(actor, span)) in actors.iter().enumerate() {
            self.warn(actor, |who, life| order::refuse(who, life, span));
            self.foreign(actor, &uses, &expectation);
            self.one_call(
                Line { step, call, same: at > 0, target: if at == 0 { target } else { None }, told: &told },
                actor,
                &resolved,
                &expectation,
            );
            if !clear {
                self.order.live(actor, Life::Unclear);
            }
        }
    }

    fn one_call(&mut self, line: Line<'_>, actor: ActorId, resolved: &Resolved, expectation: &Expectation) {
        let forks = resolved.operation.is(Trait::Forks);
        let mut bind = Bind::Nothing;
        let mut child = None;
        let mut slots = Vec::new();
        match line.target {
            Some(Target::Name(name)) if forks => child = Some(self.bring(actor, Some(name), resolved, line.call.span)),
            Some(target) => {
                bind = self.bindings(actor, target, resolved);
                slots = match &bind {
                    Bind::Nothing => Vec::new(),
                    Bind::One(slot) => vec![*slot],
                    Bind::Elements(slots) => slots.clone(),
                };
            }
            None => {}
        }
        if forks && child.is_none() {
            child = Some(self.bring(actor, None, resolved, line.call.span));
        }
        if self.region != Region::Interleave {
            self.order.after(
                actor,
                expectation,
                line.step.span,
                Waiting { span: line.step.span, operation: Some((resolved.index, resolved.gives)), slots },
            );
        } else if let Life::Pending(waiting) = self.order.life(actor) {
            // To take this step it must have come back from the call that it waited in, which nobody has to announce inside.
            waiting.slots.iter().for_each(|&slot| self.order.settle(slot, Held::Ready));
            self.order.live(actor, Life::Unclear);
        }
        self.tell_call(actor, line.told, &bind, child);
        let call = Call {
            actor,
            operation: resolved.index,
            args: resolved.args.iter().map(|arg| arg.expr.clone()).collect(),
            text: resolved.text.clone(),
            span: line.call.span,
            bind,
            child,
            expectation: expectation.clone(),
        };
        self.push(line.step.span, What::Call(call), line.same);
    }

    fn resumes(&mut self, step: &ast::Step, actors: &[(ActorId, Span)], span: Span) {
        let mut operation = None;
        for &(actor, _) in actors {
            self.announce(actor, "resumes", span);
            self.asleep_still(actor, span);
            if let Life::Pending(waiting) = self.order.life(actor) {
                operation = operation.or(waiting.operation);
                // With a pattern of the call that went to sleep, the names are bound now.
                waiting.slots.iter().for_each(|&slot| self.order.settle(slot, Held::Ready));
            }
        }
        let expectation = self.resumption(step.outcome.as_ref(), operation, span);
        for &(actor, _) in actors {
            let waiting = match self.order.life(actor) {
                Life::Pending(waiting) => waiting,
                _ => Waiting { span: step.span, operation, slots: Vec::new() },
            };
            self.order.after(actor, &expectation, step.span, waiting);
        }
        self.push(step.span, What::Resumes { actors: ids(actors), expectation }, false);
    }

    fn ends(&mut self, actors: &[(ActorId, Span)], span: Span) {
        for &(actor, name) in actors {
            self.warn(actor, |who, life| if let Life::Gone(_) = life { order::refuse(who, life, name) } else { None });
            if let Life::Pending(waiting) = self.order.life(actor) {
                waiting.slots.iter().for_each(|&slot| self.order.settle(slot, Held::Never));
            }
            self.order.live(actor, Life::Gone(span));
        }
    }

    fn announce(&mut self, actor: ActorId, word: &str, span: Span) {
        self.warn(actor, |who, life| order::refuse_announcement(who, life, word, span));
    }

    /// Says so, once for each actor, when what it does makes its step odd.
    fn warn(&mut self, actor: ActorId, judge: impl Fn(&str, &Life) -> Option<Diagnostic>) {
        if self.region != Region::Line {
            return;
        }
        let life = self.order.life(actor);
        let Some(diagnostic) = judge(&self.actor_name(actor), &life) else { return };
        self.found.push(diagnostic);
        if let Life::Pending(waiting) = life {
            waiting.slots.iter().for_each(|&slot| self.order.settle(slot, Held::Ready));
        }
        self.order.live(actor, Life::Doubted);
    }

    /// Warns of descriptors and addresses that are not good in the process of `actor`.
    fn foreign(&mut self, actor: ActorId, uses: &[(SlotId, Span)], expectation: &Expectation) {
        let fails = |outcome: &Alternative| matches!(outcome, Alternative::Fails(_) | Alternative::Dies(_));
        if expectation.alternatives.iter().any(fails) || self.region == Region::Untaken {
            return;
        }
        for &(slot, span) in uses {
            let Some(known) = self.slots.get(slot) else { continue };
            let what = match known.ty {
                Type::Handle(kind) if is_descriptor(kind) => "a descriptor",
                Type::Handle(kind) if is_address(kind) => "an address",
                _ => continue,
            };
            if self.order.is_good(actor, slot) {
                continue;
            }
            let (who, owner, name) = (self.actor_name(actor), self.actor_name(known.actor), known.name.clone());
            let help = format!("`{who}` opens or maps its own, or is forked by `{owner}` after that line");
            self.found.push(
                Diagnostic::warning(
                    "foreign-handle",
                    span,
                    format!("`{name}` is {what} of `{owner}`, and means nothing in `{who}`"),
                )
                .here(format!("used by `{who}`"))
                .also(known.span, format!("bound by `{owner}` here"))
                .help(help),
            );
        }
    }

    fn actor_name(&self, actor: ActorId) -> String {
        self.actors.get(usize::from(actor)).map(|actor| actor.name.clone()).unwrap_or_default()
    }

    fn announcement_in_interleave(&mut self, step: &ast::Step) {
        if self.region == Region::Interleave && !matches!(step.action, Action::Call { .. }) {
            self.found.push(
                Diagnostic::error("misplaced", step.span, "inside `interleave` nothing is announced")
                    .here("which order would this line belong to?")
                    .help("steps inside may block and resume as the order has it: leave this line out"),
            );
        }
    }

    fn expectation_of_unknown(&mut self, outcome: &ast::Expr) -> Expectation {
        self.resumption(Some(outcome), None, outcome.span)
    }

    fn after_unknown(&mut self, actors: &[(ActorId, Span)], expectation: Expectation, span: Span) {
        for &(actor, _) in actors {
            self.order.after(actor, &expectation, span, Waiting { span, operation: None, slots: Vec::new() });
        }
    }

    /// Adds a step to the straight line.
    pub(super) fn push(&mut self, span: Span, what: What, same_line: bool) {
        if self.spend(Spent::Steps, span) {
            self.steps.push(Step { span, what, same_line });
            if let Some(telling) = &mut self.telling {
                telling.written.lines.push(std::mem::take(&mut telling.next));
            }
        }
    }
}

/// One line of a call, for one of its actors.
#[derive(Clone, Copy)]
struct Line<'l> {
    step: &'l ast::Step,
    call: &'l ast::Call,
    same: bool,
    target: Option<&'l Target>,
    told: &'l Told,
}

fn ids(actors: &[(ActorId, Span)]) -> Vec<ActorId> {
    actors.iter().map(|&(actor, _)| actor).collect()
}
