//! What a name means where it stands as a value.

use super::order::Held;
use super::scene::{Binding, Region, Scene};
use super::types::{Wanted, groups_of, words_of};
use super::valued::Valued;
use crate::operation;
use crate::scenario::Expr;
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Errno, Signal, Type, Value};
use std::rc::Rc;

/// How deep constants may lean on each other.
const DEEPEST: usize = 64;

impl<'a> Scene<'a> {
    /// The value of `name`, which stands at `span`.
    pub(super) fn name(&mut self, name: &str, span: Span, wanted: Wanted) -> Valued {
        if let Some(word) = words_of(&wanted.ty).iter().find(|word| **word == name) {
            return Valued::literal(Value::Word((*word).to_owned()), span);
        }
        if let Some(binding) = self.names.get(name).cloned() {
            return self.bound(name, span, binding);
        }
        if let Some((&name, _)) = self.items.consts.get_key_value(name) {
            return self.constant(name, span);
        }
        if let Some(&value) = self.items.constants.get(name) {
            let mut valued = Valued::literal(Value::Int(value), span);
            valued.flags.push((name.to_owned(), span));
            return valued;
        }
        if let Some(Errno(number)) = Errno::from_name(name) {
            return Valued::literal(Value::from(number), span);
        }
        if let Some(Signal(number)) = Signal::from_name(name) {
            return Valued { ty: Type::Signal, ..Valued::literal(Value::from(number), span) };
        }
        if name == "NULL" {
            return Valued::literal(Value::Null, span);
        }
        self.unknown(name, span, wanted);
        Valued::broken(span)
    }

    fn bound(&mut self, name: &str, span: Span, binding: Binding) -> Valued {
        match binding {
            Binding::Actor(actor, _) => Valued::literal(Value::Actor(actor), span),
            Binding::Value(valued, ..) => valued.at(span),
            Binding::Unclear(_) => Valued::broken(span),
            Binding::Slot(slot) => {
                let ty = self.slots.get(slot).map_or(Type::Any, |slot| slot.ty);
                let bound = self.slots.get(slot).map_or(span, |slot| slot.span);
                match self.order.held(slot) {
                    Held::Ready => {}
                    Held::Pending(actor) if self.region == Region::Line => {
                        let actor = self.actors.get(usize::from(actor)).map_or("", |actor| actor.name.as_str());
                        self.found.push(
                            Diagnostic::warning("pending-name", span, format!("`{name}` has no value yet"))
                                .here("used here")
                                .also(bound, "bound only when this call has returned")
                                .help(format!("write `{actor}: resumes` first")),
                        );
                    }
                    Held::Never if self.region == Region::Line => {
                        self.found.push(
                            Diagnostic::error("never-bound", span, format!("`{name}` never gets a value"))
                                .here("used here")
                                .also(bound, "this call is expected to give nothing that could be bound")
                                .help("remove the outcome of that call, or this use of the name"),
                        );
                        return Valued::broken(span);
                    }
                    Held::Pending(_) | Held::Never => {}
                }
                Valued::of(Expr::Slot(slot), ty, span)
            }
        }
    }

    /// The value of a `const`, computed when it is first asked for.
    pub(super) fn constant(&mut self, name: &'a str, span: Span) -> Valued {
        if let Some(known) = self.consts.get(name) {
            return known.clone().at(span);
        }
        let Some(constant) = self.items.consts.get(name).copied() else { return Valued::broken(span) };
        if self.computing.contains(&name) || self.computing.len() >= DEEPEST {
            self.found.push(
                Diagnostic::error(
                    "endless-definition",
                    constant.name.span,
                    format!("the value of `{name}` leads back to itself, or too deep"),
                )
                .here("asked for again while it is being computed")
                .help("write one of these values out"),
            );
            return Valued::broken(span);
        }
        self.computing.push(name);
        let valued = self.value(&constant.value, Wanted::ANYTHING);
        self.computing.pop();
        let valued = if valued.broken || valued.constant().is_some() {
            valued
        } else {
            self.found.push(
                Diagnostic::error(
                    "not-constant",
                    constant.value.span,
                    format!("the value of `{name}` is not known before the run"),
                )
                .here("a `const` holds numbers, strings, lists and records"),
            );
            Valued::broken(span)
        };
        Rc::make_mut(&mut self.consts).insert(name, valued.clone());
        valued.at(span)
    }

    /// Reports a name that means nothing here.
    fn unknown(&mut self, name: &str, span: Span, wanted: Wanted) {
        if let Some(&place) = self.anywhere.get(name) {
            if matches!(self.region, Region::Line | Region::Interleave) {
                self.found.push(
                    Diagnostic::error("not-yet-bound", span, format!("`{name}` is not bound yet"))
                        .here("used here")
                        .also(place, "bound only here")
                        .help("file order is the schedule: move this line behind the one that binds the name"),
                );
            }
            return;
        }
        if operation::find(name).is_some() || self.items.defs.contains_key(name) {
            self.found.push(
                Diagnostic::error("nested-call", span, format!("`{name}` is a call, not a value"))
                    .here("a value is wanted here")
                    .help(format!("bind its result first: `who: x = {name}(…)`, then write `x`")),
            );
            return;
        }
        let diagnostic = Diagnostic::error("unknown-name", span, format!("unknown name `{name}`")).here("nothing is called so");
        self.found.push(diagnostic.help(self.suggestion(name, wanted)));
    }

    fn suggestion(&self, name: &str, wanted: Wanted) -> String {
        let words = words_of(&wanted.ty);
        let preferred =
            groups_of(&wanted.ty).into_iter().flatten().flat_map(|group| group.constants).map(|constant| constant.name);
        let first = nearest(name, words.iter().copied().chain(preferred));
        let scope = self.names.keys().map(String::as_str).chain(self.anywhere.keys().copied());
        let catalogue = self.items.consts.keys().copied().chain(self.items.constants.keys().copied());
        let numbers = Errno::all().map(|(name, _)| name).chain(Signal::all().map(|(name, _)| name)).chain(["NULL"]);
        let near = first.or_else(|| nearest(name, scope.chain(catalogue).chain(numbers)));
        match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if !words.is_empty() => format!("one of {} can stand here", words.join(", ")),
            None if name.chars().any(char::is_lowercase) => {
                format!("bind it in a step before, `who: {name} = call(…)`, or define it: `const {name} = …`")
            }
            None => "no constant is called so here: write its number, or define it with `const`".to_owned(),
        }
    }
}
