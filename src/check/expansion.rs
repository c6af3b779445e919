//! Expansion: `each`, `if` and `for` are decided here, until a scenario is a straight line.

use super::bodies::{bound_anywhere, has_interleave, head};
use super::scene::{Binding, Region, Scene, Spent};
use super::telling::Telling;
use super::unasked::unasked;
use crate::scenario::{Need, Scenario, What};
use crate::syntax::ast::{self, Statement};
use crate::text::{Diagnostic, Span};
use std::rc::Rc;

/// How many steps the scenarios of one title may have together.
const MOST_STEPS: usize = 100_000;

impl<'a> Scene<'a> {
    /// All scenarios that `written` stands for. `self` knows the constants and nothing else.
    pub(super) fn expand(&mut self, written: &'a ast::Scenario, path: &str) -> Vec<Scenario> {
        let items = self.items;
        let bodies: Vec<&'a [Statement]> =
            items.setups.iter().map(|setup| setup.body.as_slice()).chain([written.body.as_slice()]).collect();
        self.anywhere = Rc::new(bound_anywhere(&bodies));
        let interleaved = bodies.iter().any(|body| has_interleave(body));
        let (heads, rest): (Vec<_>, Vec<_>) = bodies.iter().map(|body| body.split_at(head(body))).unzip();
        let needs: Vec<Need> =
            heads.iter().flat_map(|head| head.iter()).filter_map(|statement| self.need_of(statement)).collect();
        let choices = self.choices(&heads);
        if interleaved {
            self.telling = Some(Telling::default());
            heads.iter().flat_map(|head| head.iter()).for_each(|statement| {
                if let Statement::Needs(need) = statement {
                    self.tell_need(need);
                }
            });
        }
        let mut scenarios = Vec::with_capacity(choices.len());
        let mut total = 0;
        for choice in choices {
            let mut scene = self.clone();
            for (name, turn) in &choice {
                let written = scene.flattened(Rc::clone(&turn.written));
                scene.names.insert(name.text.clone(), Binding::Value(turn.value.clone(), name.span, written));
            }
            rest.iter().for_each(|body| scene.declare(body));
            rest.iter().for_each(|body| scene.walk(body, interleaved));
            total += scene.steps.len();
            let values: Vec<String> = choice.iter().map(|(name, turn)| format!("{}={}", name.text, turn.text)).collect();
            let title = &written.title;
            let id =
                if values.is_empty() { format!("{path}::{title}") } else { format!("{path}::{title} [{}]", values.join(", ")) };
            self.found = std::mem::take(&mut scene.found);
            self.consts = scene.consts;
            self.branches = std::mem::take(&mut scene.branches);
            let scenario = Scenario {
                id,
                title: title.clone(),
                docs: written.docs.clone(),
                source: written.span.source,
                span: written.span,
                needs: needs.clone(),
                actors: scene.actors,
                slots: scene.slots,
                steps: scene.steps,
                interleavings: scene.interleavings,
                written: scene.telling.map(Telling::finish),
            };
            unasked(&scenario, &scene.guarded).into_iter().for_each(|warning| self.found.push(warning));
            scenarios.push(scenario);
            if total > MOST_STEPS {
                let message = format!("the scenarios of this title have more than {MOST_STEPS} steps together");
                self.found.push(
                    Diagnostic::error("too-many-steps", written.span, message).here("too many").help("give `each` fewer values"),
                );
                break;
            }
        }
        self.untaken();
        scenarios
    }

    fn need_of(&mut self, statement: &Statement) -> Option<Need> {
        match statement {
            Statement::Needs(need) => self.need(need),
            _ => None,
        }
    }

    /// Declared actors come first, wherever in the scenario they are declared.
    fn declare(&mut self, body: &'a [Statement]) {
        for statement in body {
            match statement {
                Statement::Actors(names) => {
                    for name in names {
                        if self.bind(name, Binding::Unclear(name.span)) {
                            let actor = self.add_actor(name.text.clone(), None, name.span);
                            self.names.insert(name.text.clone(), Binding::Actor(actor, name.span));
                        }
                    }
                }
                Statement::If { branches, otherwise } => {
                    // Mistakes in the conditions are reported when the walk comes by.
                    let found = self.found.clone();
                    let chosen = branches.iter().find(|(condition, _)| self.decide(condition) == Some(true));
                    self.found = found;
                    self.declare(chosen.map_or(otherwise, |(_, body)| body));
                }
                _ => {}
            }
        }
    }

    fn walk(&mut self, body: &'a [Statement], interleaved: bool) {
        for statement in body {
            if self.spent.iter().any(|&spent| spent > super::scene::MOST_STEPS) {
                return;
            }
            match statement {
                Statement::Actors(names) => self.declared_in_place(names),
                Statement::Needs(need) => self.misplaced(need.span, "needs"),
                Statement::Each { name, values } => {
                    self.misplaced(name.span.to(values.span), "each");
                    self.bind(name, Binding::Unclear(name.span));
                }
                Statement::If { branches, otherwise } => self.choose(branches, otherwise, interleaved),
                Statement::For { name, values, body } => self.repeat(name, values, body, interleaved),
                Statement::Interleave { span, body } => self.interleave(*span, body, interleaved),
                Statement::Expect(expect) => {
                    if let Some(what) = self.expect(expect, interleaved) {
                        self.tell_expect(expect, &what);
                        self.push(expect.span, what, false);
                    }
                }
                Statement::Step(step) => self.step(step),
            }
        }
    }

    /// Reports what `declare` has not seen: an `actor` line inside `for` or `interleave`.
    fn declared_in_place(&mut self, names: &[ast::Name]) {
        for name in names {
            if self.region == Region::Untaken {
                let span = name.span;
                self.names.entry(name.text.clone()).or_insert(Binding::Unclear(span));
            } else if !self.names.contains_key(&name.text) {
                self.found.push(
                    Diagnostic::error("misplaced", name.span, "actors are declared outside `for` and `interleave`")
                        .here("the world starts them all at once")
                        .help(format!("write `actor {}` at the head of the scenario, or fork one in each turn", name.text)),
                );
                self.names.insert(name.text.clone(), Binding::Unclear(name.span));
            }
        }
    }

    fn misplaced(&mut self, span: Span, word: &str) {
        self.found.push(
            Diagnostic::error("misplaced", span, format!("`{word}` stands first in a scenario or in `setup`"))
                .here("too late")
                .help(format!("move this line ahead of all others: `{word}` is decided before anything happens")),
        );
    }

    fn choose(&mut self, branches: &'a [(ast::Expr, Vec<Statement>)], otherwise: &'a [Statement], interleaved: bool) {
        let mut taken = None;
        let mut clear = true;
        for (at, (condition, _)) in branches.iter().enumerate() {
            let decided = self.decide(condition);
            clear &= decided.is_some();
            if taken.is_none() && decided == Some(true) {
                taken = Some(at);
            }
        }
        let last =
            branches.last().map_or_else(Span::default, |(condition, _)| Span { start: condition.span.end, ..condition.span });
        let all = branches.iter().map(|(condition, body)| (condition.span, body.as_slice())).chain([(last, otherwise)]);
        let taken = taken.unwrap_or(branches.len());
        for (at, (place, body)) in all.enumerate() {
            if at != taken || !clear {
                self.look_into(place, body, interleaved);
            }
        }
        if clear {
            let (place, body) =
                branches.get(taken).map_or((last, otherwise), |(condition, body)| (condition.span, body.as_slice()));
            if self.region != Region::Untaken {
                self.branches.taken.insert(place);
            }
            let from = self.steps.len();
            self.walk(body, interleaved);
            self.guarded.push(from..self.steps.len());
        }
    }

    /// Looks for mistakes in a branch that is not taken, and leaves no other trace.
    fn look_into(&mut self, place: Span, body: &'a [Statement], interleaved: bool) {
        let seen = self.branches.taken.contains(&place) || self.branches.untaken.iter().any(|(known, _)| *known == place);
        if seen || body.is_empty() {
            return;
        }
        let (steps, telling) = (std::mem::take(&mut self.steps), self.telling.take());
        let mut other = self.clone();
        (self.steps, self.telling) = (steps, telling);
        other.found = Default::default();
        other.region = Region::Untaken;
        other.declare(body);
        other.walk(body, interleaved);
        self.spent = other.spent;
        let further = other.branches.untaken.split_off(self.branches.untaken.len());
        self.branches.untaken.extend(further);
        self.branches.untaken.push((place, other.found.into_list()));
    }

    /// Reports the mistakes of branches that no expansion has taken.
    fn untaken(&mut self) {
        let branches = std::mem::take(&mut self.branches);
        for (place, found) in branches.untaken {
            if !branches.taken.contains(&place) {
                self.found.extend(found);
            }
        }
    }

    fn repeat(&mut self, name: &'a ast::Name, values: &'a ast::Expr, body: &'a [Statement], interleaved: bool) {
        let values = self.sequence(values);
        if values.is_empty() {
            // Said already; the body is looked at once for mistakes of its own.
            if self.bind(name, Binding::Unclear(name.span)) {
                self.walk(body, interleaved);
                self.names.remove(&name.text);
            }
            return;
        }
        for turn in values {
            let written = self.flattened(turn.written);
            if !self.spend(Spent::Turns, name.span) || !self.bind(name, Binding::Value(turn.value, name.span, written)) {
                return;
            }
            self.walk(body, interleaved);
            self.names.remove(&name.text);
        }
    }

    fn interleave(&mut self, span: Span, body: &'a [Statement], interleaved: bool) {
        if self.region == Region::Interleave {
            self.found.push(
                Diagnostic::error("misplaced", span, "`interleave` inside `interleave`").here("its steps are free already"),
            );
            return;
        }
        let region = self.region;
        if region == Region::Line {
            self.region = Region::Interleave;
        }
        let from = self.steps.len();
        self.walk(body, interleaved);
        self.region = region;
        for step in self.steps.get(from..).unwrap_or(&[]) {
            if let What::Call(call) = &step.what {
                self.order.live(call.actor, super::order::Life::Unclear);
            }
        }
        self.interleavings.push(from..self.steps.len());
    }
}
