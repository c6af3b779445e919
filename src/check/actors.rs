//! Actors by their names.

use super::scene::{Binding, Region, Scene};
use crate::scenario::ActorId;
use crate::syntax::ast::{self, ExprKind};
use crate::text::{Diagnostic, Span, nearest};

impl Scene<'_> {
    /// The actor that `ast` names, in a value.
    pub(super) fn actor_of(&mut self, ast: &ast::Expr) -> Option<ActorId> {
        match &ast.kind {
            ExprKind::Name(text) => self.actor(&ast::Name { text: text.clone(), span: ast.span }),
            ExprKind::Broken => None,
            _ => {
                self.found.push(
                    Diagnostic::error("not-an-actor", ast.span, "an actor is wanted here").here("not the name of an actor"),
                );
                None
            }
        }
    }

    /// The actor called `name`; reports what is no actor.
    pub(super) fn actor(&mut self, name: &ast::Name) -> Option<ActorId> {
        let text = name.text.as_str();
        match self.names.get(text).cloned() {
            Some(Binding::Actor(actor, _)) => return Some(actor),
            Some(Binding::Unclear(_)) => return None,
            Some(other) => {
                let place = self.place(&other);
                let known: Vec<String> = self.actors.iter().take(5).map(|actor| format!("`{}`", actor.name)).collect();
                let help = match known.as_slice() {
                    [] => "declare an actor: `actor a`".to_owned(),
                    known => format!("here one of the actors stands, such as {}", known.join(", ")),
                };
                self.found.push(
                    Diagnostic::error("not-an-actor", name.span, format!("`{text}` is no actor"))
                        .here("an actor is wanted here")
                        .also(place, "it was bound here, to something else")
                        .help(help),
                );
                return None;
            }
            None => {}
        }
        if let Some(&place) = self.anywhere.get(text) {
            self.not_there_yet(name, place);
            return None;
        }
        let actors = self.actors.iter().map(|actor| actor.name.as_str());
        let near = nearest(text, actors.chain(self.anywhere.keys().copied()).filter(|name| !name.starts_with('#')));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => match self.actors.first() {
                Some(first) => format!("declare it: `actor {text}`; or have it forked: `{}: {text} = fork()`", first.name),
                None => format!("declare it: `actor {text}`"),
            },
        };
        let diagnostic = Diagnostic::error("unknown-actor", name.span, format!("unknown actor `{text}`"));
        self.found.push(diagnostic.here("nobody is called so").help(help));
        None
    }

    fn not_there_yet(&mut self, name: &ast::Name, place: Span) {
        if matches!(self.region, Region::Line | Region::Interleave) {
            self.found.push(
                Diagnostic::error("not-yet-bound", name.span, format!("`{}` is not there yet", name.text))
                    .here("named here")
                    .also(place, "it comes only here")
                    .help("file order is the schedule: move this line behind the one that brings the actor"),
            );
        }
    }
}
