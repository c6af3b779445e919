//! What a step changed in the world, for the journal: names that were bound, actors that were born, namespaces that were entered.

use super::Play;
use super::objects::Objects;
use crate::journal::{Bound, Effects, Entry};
use crate::operation::Operation;
use crate::run::history::first_slot;
use crate::run::stage::Condition;
use crate::scenario::{ActorId, Bind, Call, Names, SlotId};
use crate::value::{Outcome, Type};

/// Where actors and objects are, as far as steps have told.
#[derive(Debug, Default)]
pub struct Places {
    /// The namespaces of each actor, by kind; empty where no step can change any.
    namespaces: Vec<[Option<String>; KINDS.len()]>,
    pub(super) objects: Objects,
    /// Children that the journal has told of.
    born: Vec<ActorId>,
    /// What the step at hand has changed, until it is written down.
    pub(super) effects: Option<Box<Effects>>,
}

/// The kinds of namespaces, as links in /proc/PID/ns are called.
const KINDS: [&str; 8] = ["user", "mnt", "ipc", "pid", "net", "uts", "cgroup", "time"];
/// After these calls an actor, or its child, may be in other namespaces.
const MOVES: [&str; 4] = ["unshare", "setns", "clone", "clone3"];

impl Play<'_> {
    /// Takes note of where everybody begins. Where no step leads anywhere else, that is one place for all.
    pub(super) fn look_at_places(&mut self) {
        let moves = self.scenario.calls().any(|call| crate::operation::at(call.operation).is_some_and(may_move));
        if !moves {
            return;
        }
        self.places.namespaces = vec![Default::default(); self.scenario.actors.len()];
        let actors = 0..ActorId::try_from(self.scenario.actors.len()).unwrap_or(ActorId::MAX);
        for actor in actors {
            if self.stage.condition(actor) != Condition::Unborn {
                self.moved(actor, None, false);
            }
        }
    }

    /// What a call has changed, now that it has come to `outcome`.
    pub(super) fn effects(&mut self, call: &Call, operation: &Operation, outcome: &Outcome) -> Option<Box<Effects>> {
        let mut effects = Effects::default();
        let is_new = |child: &ActorId| self.stage.condition(*child) != Condition::Unborn && !self.places.born.contains(child);
        if let Some(child) = call.child.filter(is_new) {
            self.places.born.push(child);
            effects.born = Some(self.view().actor_name(child));
            effects.enters.extend(self.moved(child, Some(call.actor), operation.name != "setns"));
        }
        if let Outcome::Returned(_) = outcome {
            effects.binds = self.bound(&call.bind);
            if may_move(operation) {
                effects.enters.extend(self.moved(call.actor, Some(call.actor), operation.name != "setns"));
            }
            if closes(operation.name) {
                effects.closes.extend(first_slot(&call.args).map(|slot| self.slot_name(slot)));
            }
        }
        self.objects(call, operation.name, outcome, &mut effects);
        Some(Box::new(effects)).filter(|effects| !effects.is_empty())
    }

    pub(super) fn bound(&self, bind: &Bind) -> Vec<Bound> {
        let slots: &[SlotId] = match bind {
            Bind::Nothing => &[],
            Bind::One(slot) => std::slice::from_ref(slot),
            Bind::Elements(slots) => slots,
        };
        let known = slots.iter().filter_map(|&slot| self.scenario.slots.get(slot));
        known
            .map(|slot| {
                let kind = if let Type::Handle(kind) = slot.ty { kind.to_owned() } else { String::new() };
                Bound { name: slot.name.clone(), kind }
            })
            .collect()
    }

    /// Looks where `actor` is now; what has changed since the last look, or since `like` was looked at, which it was born of.
    ///
    /// The kernel gives the number of a namespace that is gone to one that is made later. So where namespaces may have been made, one in which
    /// nobody was is new, whatever its number meant before.
    fn moved(&mut self, actor: ActorId, like: Option<ActorId>, made: bool) -> Option<Entry> {
        let before = match like {
            Some(like) => self.places.namespaces.get(usize::from(like))?.clone(),
            None => Default::default(),
        };
        let mut now = before.clone();
        for (at, (place, kind)) in now.iter_mut().zip(KINDS).enumerate() {
            if let Ok(link) = self.stage.namespace(actor, kind) {
                let known = self.knowledge.knows_namespace(&link);
                let mut name = self.knowledge.namespace_name(&link);
                if made && known && before.get(at) != Some(&Some(name.clone())) && !self.is_inhabited(at, &name) {
                    name = self.knowledge.made_namespace(&link);
                }
                *place = Some(name);
            }
        }
        let changed = now.iter().zip(&before).filter(|(now, before)| now != before);
        let namespaces: Vec<String> = changed.filter_map(|(now, _)| now.clone()).collect();
        *self.places.namespaces.get_mut(usize::from(actor))? = now;
        (!namespaces.is_empty()).then(|| Entry { actor: self.view().actor_name(actor), namespaces })
    }

    /// Whether an actor that lives is known to be in this namespace.
    fn is_inhabited(&self, kind: usize, name: &str) -> bool {
        let lives = |actor: usize| {
            let actor = ActorId::try_from(actor).unwrap_or(ActorId::MAX);
            !matches!(self.stage.condition(actor), Condition::Unborn | Condition::Gone(_))
        };
        let mut places = self.places.namespaces.iter().enumerate();
        places.any(|(actor, places)| places.get(kind).and_then(Option::as_deref) == Some(name) && lives(actor))
    }

    /// The namespace of `actor` in which objects of a family are found; the first where nobody can be anywhere else.
    pub(super) fn place(&self, actor: ActorId, kind: &str) -> String {
        let at = KINDS.iter().position(|known| *known == kind);
        let known = self.places.namespaces.get(usize::from(actor)).zip(at).and_then(|(known, at)| known.get(at)?.clone());
        known.unwrap_or_else(|| format!("{kind}#1"))
    }

    fn slot_name(&self, slot: SlotId) -> String {
        self.scenario.slots.get(slot).map_or_else(String::new, |slot| slot.name.clone())
    }
}

impl Places {
    /// Whether namespaces must be looked at, so that their normal forms count them in the order of their making.
    pub(super) fn matter(&self) -> bool {
        !self.namespaces.is_empty()
    }
}

fn may_move(operation: &Operation) -> bool {
    MOVES.contains(&operation.name)
}

fn closes(name: &str) -> bool {
    matches!(name, "close" | "mq_close" | "shmdt" | "munmap" | "sem_close")
}
