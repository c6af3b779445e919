//! The ends of a pipe: a reader that waits though only it, or nobody else who could act, holds the writing end.

use super::release::{Release, Step};
use super::{Facts, listed};
use crate::run::history;
use crate::run::stage::Condition;
use crate::scenario::{ActorId, Call, Environment};
use crate::value::{Type, Value};

impl Facts<'_> {
    /// For a `read` of a pipe: who holds its writing end, where the reader itself does, or nobody who is free to write.
    pub(super) fn own_end(&self, reader: ActorId, call: &Call, name: &str) -> Option<Release> {
        let slot = history::first_slot(&call.args).filter(|_| name == "read")?;
        let known = self.view.scenario.slots.get(slot).filter(|slot| slot.ty == Type::Handle("fd"))?;
        let fd = self.view.slot(slot).as_ref().and_then(Value::int)?;
        let open = self.view.stage.descriptors(reader);
        let pipe = open.iter().find(|open| i128::from(open.fd) == fd && open.link.starts_with("pipe:"))?;
        let writes = |actor: &ActorId| {
            let open = self.view.stage.descriptors(*actor);
            open.iter().any(|open| open.link == pipe.link && open.writes)
        };
        let actors = 0..ActorId::try_from(self.view.scenario.actors.len()).unwrap_or(ActorId::MAX);
        let living = actors.filter(|&actor| !matches!(self.view.stage.condition(actor), Condition::Unborn | Condition::Gone(_)));
        let holders: Vec<ActorId> = living.filter(writes).collect();
        let free = holders.iter().any(|&holder| self.view.stage.condition(holder) == Condition::Idle);
        if free || holders.is_empty() {
            return None;
        }
        let who = self.name(reader);
        let names: Vec<String> = holders.iter().map(|&holder| format!("`{}`", self.name(holder))).collect();
        let end = self.other_end(call);
        let named = end.as_ref().map_or_else(String::new, |end| format!(" `{end}`"));
        let own = holders.contains(&reader);
        let why = format!(
            "the writing end{named} of `{}` is open only in {}, which waits{}: nobody writes, and the pipe does not come to its end",
            known.name,
            listed(&names),
            if own && holders.len() == 1 { " itself" } else { "" },
        );
        let labels = holders.iter().filter(|&&holder| holder != reader).filter_map(|&holder| self.waiting(holder)).collect();
        let since = self.history.pending_since(reader).map_or(0, |step| self.line(step));
        let step = end.filter(|_| own).map(|end| Step::Earlier(format!("{who}: close({end})"), since));
        Some(Release { labels, why, step })
    }
}
