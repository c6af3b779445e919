//! What a place asks of a value: its type, the kind of its identifier, the group of its constants.

use super::scene::Scene;
use super::types::{Place, Wanted, accepts, giver, gives, groups_of, handle_of, is_address, is_descriptor, words_of};
use super::valued::{Shape, Valued, slots};
use crate::operation;
use crate::scenario::Expr;
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Group, Type, Value};

impl Scene<'_> {
    /// Whether `seen` fits what is `wanted`; says so if not.
    pub(super) fn demand(&mut self, seen: &Valued, wanted: Wanted) -> bool {
        if seen.broken {
            return false;
        }
        if !accepts(&wanted.ty, seen) && !stands_for_null(seen, &wanted.ty) {
            let diagnostic = match (handle_of(&wanted.ty), seen.shape) {
                (Some(kind), Shape::Handle(other)) => self.wrong_kind(seen, wanted, kind, other),
                _ => self.wrong_type(seen, wanted),
            };
            self.found.push(diagnostic);
            return false;
        }
        if let Some(kind) = handle_of(&wanted.ty)
            && (is_descriptor(kind) || is_address(kind))
            && matches!(wanted.place, Place::Argument(..) | Place::Field(..))
        {
            let mut used = Vec::new();
            slots(&seen.expr, &mut used);
            let span = seen.span;
            self.uses.extend(used.into_iter().map(|slot| (slot, span)));
        }
        // What is inside a list or a record was judged at its own place.
        if !matches!(seen.shape, Shape::List | Shape::Record)
            && let Some(groups) = groups_of(&wanted.ty)
        {
            for (name, span) in &seen.flags {
                self.flag(name, *span, &groups, wanted.place);
            }
        }
        true
    }

    fn wrong_kind(&self, seen: &Valued, wanted: Wanted, kind: &'static str, other: &str) -> Diagnostic {
        let (name, origin) = self.origin(&seen.expr);
        let name = name.unwrap_or_else(|| self.written(seen.span).to_owned());
        let wants = Type::Handle(kind).describe();
        let is = seen.shape.describe();
        let mut diagnostic = Diagnostic::error(
            "wrong-kind",
            seen.span,
            format!("{} takes {wants}, and `{name}` is {is}", wanted.place.describe()),
        )
        .here(format!("a {other}, where a {kind} is wanted"));
        if let Some((span, maker)) = origin {
            diagnostic = diagnostic.also(span, format!("`{name}` comes from `{maker}` here"));
        }
        let instead = match giver(kind) {
            Some(giver) => format!("give it what `{giver}` gave, or"),
            None => "to pass the number all the same,".to_owned(),
        };
        diagnostic.help(format!("{instead} write `raw({name})` if you mean it"))
    }

    fn wrong_type(&self, seen: &Valued, wanted: Wanted) -> Diagnostic {
        let subject = wanted.place.describe();
        let is = seen.shape.describe();
        let message = match wanted.place {
            Place::Free => format!("{} is wanted here, not {is}", wanted.ty.describe()),
            Place::Result(_) => format!("{subject} gives {}, not {is}", gives(&wanted.ty)),
            _ => format!("{subject} takes {}, not {is}", wanted.ty.describe()),
        };
        let diagnostic = Diagnostic::error("wrong-type", seen.span, message).here(is);
        let diagnostic = match self.origin(&seen.expr) {
            (Some(name), Some((span, maker))) => diagnostic.also(span, format!("`{name}` comes from `{maker}` here")),
            _ => diagnostic,
        };
        let words = words_of(&wanted.ty);
        match wanted.place {
            _ if seen.shape == Shape::Record && Shape::of(&wanted.ty) == Shape::List => {
                diagnostic.help(format!("a list of one is written `[{}]`", self.written(seen.span)))
            }
            _ if !words.is_empty() => diagnostic.help(format!("write one of {}", words.join(", "))),
            Place::Argument(operation, _) => diagnostic.help(format!("the call is `{}`", operation.signature())),
            _ => diagnostic,
        }
    }

    /// The name behind a value, where and by which call it was bound.
    fn origin(&self, expr: &Expr) -> (Option<String>, Option<(Span, &'static str)>) {
        let mut used = Vec::new();
        slots(expr, &mut used);
        let Some((slot, maker)) = used.first().and_then(|&slot| Some((self.slots.get(slot)?, *self.makers.get(slot)?))) else {
            return (None, None);
        };
        (Some(slot.name.clone()), Some((slot.span, maker)))
    }

    /// Judges one constant by the groups that are wanted: one of another group alone is a mistake.
    fn flag(&mut self, name: &str, span: Span, groups: &[&'static Group], place: Place) {
        let known = groups.iter().any(|group| group.constants.iter().any(|constant| constant.name == name));
        let mode = name.starts_with("S_I");
        if known || mode {
            return;
        }
        let here = || groups.iter().flat_map(|group| group.constants).map(|constant| constant.name);
        let home = homes(name);
        let mut diagnostic = Diagnostic::error("bad-flag", span, format!("`{name}` means nothing as {}", place.describe()));
        diagnostic = match home {
            Some(group) => diagnostic.here(format!("one of the {}", group.name)),
            None => diagnostic.here("a constant of something else"),
        };
        let tail = name.split_once('_').map_or(name, |(_, tail)| tail);
        let twin = here().find(|candidate| candidate.split_once('_').is_some_and(|(_, other)| other == tail));
        let help = match twin.or_else(|| nearest(name, here())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it takes {}", listed(here())),
        };
        self.found.push(diagnostic.help(help));
    }
}

/// C programmers write 0 for NULL.
fn stands_for_null(seen: &Valued, wanted: &Type) -> bool {
    let optional = match wanted {
        Type::Optional(_) => true,
        Type::Either(types) => types.iter().any(|ty| matches!(ty, Type::Optional(_))),
        _ => false,
    };
    optional && matches!(seen.expr, Expr::Literal(Value::Int(0)))
}

/// The group to which a constant belongs.
fn homes(name: &str) -> Option<&'static Group> {
    let groups = operation::FAMILIES.iter().flat_map(|family| family.constants.iter().copied());
    groups.into_iter().find(|group| group.constants.iter().any(|constant| constant.name == name))
}

/// The first few names, for a help line.
fn listed(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.collect();
    match names.get(..6) {
        Some(first) if names.len() > 6 => format!("{}, …", first.join(", ")),
        _ => names.join(", "),
    }
}
