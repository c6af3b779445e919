//! Objects of IPC for the journal: which a step made, removed, or was about.

use super::Play;
use crate::journal::{Effects, Object};
use crate::run::history::slots;
use crate::scenario::{Bind, Call, SlotId, evaluate, resolve};
use crate::value::{Outcome, Type, Value};

/// The objects that steps have made.
#[derive(Debug, Default)]
pub struct Objects {
    /// Each is known by its place.
    made: Vec<Made>,
    /// Names that hold an object's identifier, a descriptor of it or the address of its memory.
    names: Vec<(SlotId, usize)>,
}

/// An object, and how it is found again.
#[derive(Debug)]
struct Made {
    object: Object,
    id: Option<i128>,
    removed: bool,
}

/// How a call finds its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// By a key, for an identifier.
    Key,
    /// By its identifier.
    Id,
    /// By its own name, for a descriptor or an address.
    Opening,
    /// By its own name, which goes.
    Unlinking,
}

impl Play<'_> {
    /// Objects that a call has made, removed, or was about.
    pub(super) fn objects(&mut self, call: &Call, name: &str, outcome: &Outcome, effects: &mut Effects) {
        let used: Vec<usize> = match family(name) {
            Some(family) => self.found(call, name, family, outcome, effects).into_iter().collect(),
            None if self.places.objects.names.is_empty() => Vec::new(),
            None => {
                let used = slots(&call.args);
                let names = &self.places.objects.names;
                let mut found: Vec<usize> =
                    used.iter().filter_map(|slot| names.iter().rfind(|(name, _)| name == slot)).map(|(_, at)| *at).collect();
                found.dedup();
                found
            }
        };
        if let ([at], Outcome::Returned(_), Bind::One(slot)) = (used.as_slice(), outcome, &call.bind)
            && matches!(self.scenario.slots.get(*slot).map(|slot| &slot.ty), Some(Type::Handle(_)))
        {
            self.places.objects.names.push((*slot, *at));
        }
        effects.uses = used.iter().map(|at| at + 1).collect();
    }

    /// The object that a call of a `family` was about, by its place.
    fn found(
        &mut self,
        call: &Call,
        name: &str,
        (kind, space, by): (&str, &str, By),
        outcome: &Outcome,
        effects: &mut Effects,
    ) -> Option<usize> {
        let view = self.view();
        let args = call.args.iter().map(|arg| evaluate(arg, &view).map(|value| resolve(value, &view)).ok());
        let args: Vec<Value> = args.collect::<Option<_>>()?;
        let int = |place: usize| args.get(place).and_then(Value::int);
        let has = |place: usize, flag: i32| int(place).unwrap_or(0) & i128::from(flag) != 0;
        let given = if let Outcome::Returned(value) = outcome { Some(value) } else { None };
        let (id, own, creates) = match by {
            By::Key => {
                let creates =
                    has(if name == "msgget" { 1 } else { 2 }, libc::IPC_CREAT) || int(0) == Some(i128::from(libc::IPC_PRIVATE));
                let bound = self.bound(&call.bind).pop().map_or_else(String::new, |bound| bound.name);
                (Some(given?.int()?), bound, creates)
            }
            By::Id => (Some(int(0)?), String::new(), false),
            By::Opening | By::Unlinking => {
                let Some(Value::Bytes(own)) = args.first() else { return None };
                (None, String::from_utf8_lossy(own).into_owned(), has(1, libc::O_CREAT))
            }
        };
        let namespace = self.place(call.actor, space);
        let objects = &mut self.places.objects.made;
        let is_it = |made: &Made| {
            let named = if id.is_some() { made.id == id } else { made.object.name == own };
            !made.removed && made.object.kind == kind && made.object.namespace == namespace && named
        };
        let at = match objects.iter().position(is_it) {
            None if creates && given.is_some() => {
                let object = Object { kind: kind.into(), name: own, namespace };
                effects.makes.push(object.clone());
                objects.push(Made { object, id, removed: false });
                objects.len() - 1
            }
            known => known?,
        };
        let removes = by == By::Unlinking
            || (name.ends_with("ctl") && int(if name == "semctl" { 2 } else { 1 }) == Some(i128::from(libc::IPC_RMID)));
        if let Some(made) = objects.get_mut(at).filter(|_| removes && given.is_some()) {
            made.removed = true;
            effects.removes.push(made.object.clone());
        }
        Some(at)
    }
}

/// Of which objects a call is, in which kind of namespace they are found, and how. System V objects and queues belong to IPC namespaces, what
/// is below /dev/shm to the mounts.
fn family(name: &str) -> Option<(&'static str, &'static str, By)> {
    Some(match name {
        "semget" => ("semaphore set", "ipc", By::Key),
        "shmget" => ("shared memory", "ipc", By::Key),
        "msgget" => ("message queue", "ipc", By::Key),
        "semop" | "semtimedop" | "semctl" => ("semaphore set", "ipc", By::Id),
        "shmat" | "shmctl" => ("shared memory", "ipc", By::Id),
        "msgsnd" | "msgrcv" | "msgctl" => ("message queue", "ipc", By::Id),
        "mq_open" => ("message queue", "ipc", By::Opening),
        "mq_unlink" => ("message queue", "ipc", By::Unlinking),
        "shm_open" => ("shared memory", "mnt", By::Opening),
        "shm_unlink" => ("shared memory", "mnt", By::Unlinking),
        "sem_open" => ("semaphore", "mnt", By::Opening),
        "sem_unlink" => ("semaphore", "mnt", By::Unlinking),
        _ => return None,
    })
}
