//! What a call brings: names for its result, and the actor of a fork.

use super::calls::Resolved;
use super::order::Held;
use super::scene::{Binding, Scene};
use super::types::{element_of, gives};
use super::valued::Shape;
use crate::scenario::{ActorId, Bind, Expr, SlotId};
use crate::syntax::ast::{self, Target};
use crate::text::{Diagnostic, Span};
use crate::value::{Type, Value};

impl Scene<'_> {
    /// The actor that a fork brings.
    pub(super) fn bring(&mut self, parent: ActorId, name: Option<&ast::Name>, resolved: &Resolved, call: Span) -> ActorId {
        let text = match name {
            Some(name) => self.fresh(&name.text),
            None => format!("#{}", 1 + self.actors.iter().filter(|actor| actor.name.starts_with('#')).count()),
        };
        let span = name.map_or(call, |name| name.span);
        let child = self.add_actor(text, Some((parent, self.steps.len())), span);
        if let Some(name) = name {
            self.bind(name, Binding::Actor(child, name.span));
        }
        self.order.fork(parent, child, shares(resolved));
        child
    }

    /// The name of an actor of a `for` body: the second turn's is told from the first's.
    fn fresh(&self, name: &str) -> String {
        let taken = |text: &str| self.actors.iter().any(|actor| actor.name == text);
        if !taken(name) {
            return name.to_owned();
        }
        let turn = (2..).find(|turn| !taken(&format!("{name}#{turn}"))).unwrap_or(2);
        format!("{name}#{turn}")
    }

    /// The names that a result is bound to.
    pub(super) fn bindings(&mut self, actor: ActorId, target: &Target, resolved: &Resolved) -> Bind {
        let result = resolved.gives;
        match target {
            Target::Name(name) => self.slot(actor, name, result, resolved).map_or(Bind::Nothing, Bind::One),
            Target::List(names) => {
                if !matches!(Shape::of(&result), Shape::Unknown | Shape::List)
                    && let Some(name) = names.first()
                {
                    let gives = gives(&result);
                    self.found.push(
                        Diagnostic::error(
                            "wrong-type",
                            name.span,
                            format!("`{}` gives {gives}, not a list", resolved.operation.name),
                        )
                        .here("only a list is taken apart")
                        .help(format!("write `{} = {}`", name.text, resolved.text)),
                    );
                }
                let element = element_of(&result);
                Bind::Elements(names.iter().filter_map(|name| self.slot(actor, name, element, resolved)).collect())
            }
        }
    }

    fn slot(&mut self, actor: ActorId, name: &ast::Name, ty: Type, resolved: &Resolved) -> Option<SlotId> {
        let slot = self.add_slot(name, ty, actor, resolved.operation.name);
        let bound = self.bind(name, Binding::Slot(slot));
        self.order.bind(actor, slot, Held::Ready);
        bound.then_some(slot)
    }

    /// Names bound by a call that nobody knows mean something that nobody knows.
    pub(super) fn unclear(&mut self, target: &Target) {
        let names = match target {
            Target::Name(name) => std::slice::from_ref(name),
            Target::List(names) => names,
        };
        for name in names {
            self.bind(name, Binding::Unclear(name.span));
        }
    }
}

/// Whether the new actor has the descriptors and the memory of its parent: a thread, or a clone whose flags say so or are not known.
fn shares(resolved: &Resolved) -> bool {
    if resolved.operation.name == "thread" {
        return true;
    }
    let flags = |bits: i128| bits & i128::from(libc::CLONE_FILES | libc::CLONE_VM) != 0;
    resolved.args.iter().any(|arg| match arg.constant() {
        Some(Value::Int(bits)) => flags(bits),
        Some(Value::Record(fields)) => fields.iter().any(|(_, field)| field.int().is_some_and(flags)),
        Some(_) => false,
        None => !matches!(arg.expr, Expr::Literal(_)),
    })
}
