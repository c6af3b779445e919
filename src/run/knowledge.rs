//! What the coordinator knows at a moment of a run: values bound so far, pids, namespaces, outputs.

use super::stage::Stage;
use crate::scenario::{ActorId, Environment, Names, Scenario, SlotId};
use crate::value::{Errno, Type, Value};
use std::cell::RefCell;
use std::os::fd::{AsRawFd, OwnedFd};

/// Values bound so far, and what has been written.
#[derive(Debug)]
pub struct Knowledge {
    values: Vec<Option<Value>>,
    /// Why a name has no value: the error of its call.
    failures: Vec<Option<Errno>>,
    /// Namespaces by their links in /proc, in the order in which a script came to see them: their normal form counts from 1.
    namespaces: RefCell<Vec<String>>,
    outputs: Vec<OwnedFd>,
}

/// The most that a report or an `expect` reads of an output, in bytes.
const OUTPUT: usize = 1 << 20;

impl Knowledge {
    /// Nothing bound; `outputs` are the files that stand for the declared actors' standard outputs.
    pub fn new(scenario: &Scenario, outputs: Vec<OwnedFd>) -> Self {
        Self {
            values: vec![None; scenario.slots.len()],
            failures: vec![None; scenario.slots.len()],
            namespaces: RefCell::default(),
            outputs,
        }
    }

    /// Binds a name.
    pub fn bind(&mut self, slot: SlotId, value: Value) {
        if let Some(place) = self.values.get_mut(slot) {
            *place = Some(value);
        }
    }

    /// Keeps why a name has no value.
    pub fn fail(&mut self, slot: SlotId, errno: Errno) {
        if let Some(place) = self.failures.get_mut(slot) {
            *place = Some(errno);
        }
    }

    /// Inode numbers of namespaces in `value` replaced by their normal forms: `ipc#1`.
    pub fn normal(&self, value: Value) -> Value {
        match value {
            Value::Word(word) if word.contains(":[") => Value::Word(self.namespace_name(&word)),
            other => other,
        }
    }

    /// Whether a namespace with this link has been seen.
    pub fn knows_namespace(&self, link: &str) -> bool {
        self.namespaces.borrow().iter().any(|seen| seen == link)
    }

    /// The normal form of a namespace that has just been made: the number in its link may have been that of one that is gone.
    pub fn made_namespace(&self, link: &str) -> String {
        let kind = link.split(':').next().unwrap_or(link);
        if let Some(gone) = self.namespaces.borrow_mut().iter_mut().find(|seen| *seen == link) {
            *gone = format!("{kind}:gone");
        }
        self.namespace_name(link)
    }

    /// The normal form of a namespace, which is new if nobody has seen it before.
    pub fn namespace_name(&self, link: &str) -> String {
        let mut known = self.namespaces.borrow_mut();
        let kind = link.split(':').next().unwrap_or(link);
        if !known.iter().any(|seen| seen == link) {
            known.push(link.to_owned());
        }
        let same_kind = known.iter().filter(|seen| seen.split(':').next() == Some(kind));
        let place = same_kind.take_while(|seen| *seen != link).count() + 1;
        format!("{kind}#{place}")
    }
}

/// What is known, together with who is on stage.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Values.
    pub knowledge: &'a Knowledge,
    /// Actors.
    pub stage: &'a Stage,
    /// Names.
    pub scenario: &'a Scenario,
}

impl Environment for View<'_> {
    fn slot(&self, slot: SlotId) -> Option<Value> {
        self.knowledge.values.get(slot).cloned().flatten()
    }

    fn failure(&self, slot: SlotId) -> Option<Errno> {
        self.knowledge.failures.get(slot).copied().flatten()
    }

    fn pid(&self, actor: ActorId) -> Option<i32> {
        self.stage.pid(actor)
    }

    fn namespace(&self, actor: ActorId, kind: &str) -> Result<Value, String> {
        let link = self
            .stage
            .namespace(actor, kind)
            .map_err(|error| format!("the {kind} namespace of `{}` cannot be read: {error}", self.actor_name(actor)))?;
        Ok(Value::Word(self.knowledge.namespace_name(&link)))
    }

    fn output(&self, mut actor: ActorId) -> Result<Value, String> {
        // Children share the stream of the declared actor that they come from.
        while let Some((parent, _)) = self.scenario.actors.get(usize::from(actor)).and_then(|known| known.born) {
            actor = parent;
        }
        let file = self.knowledge.outputs.get(usize::from(actor)).ok_or("the actor has no output")?;
        read_whole(file).map(Value::Bytes).map_err(|error| format!("the output cannot be read: {error}"))
    }
}

impl Names for View<'_> {
    fn handle(&self, kind: &str, number: i128) -> Option<String> {
        if kind == "address" {
            return self.address(number);
        }
        let slots = self.scenario.slots.iter().zip(&self.knowledge.values);
        let mut same = slots.filter(|(slot, value)| {
            matches!(slot.ty, Type::Handle(known) if known == kind) && value.as_ref().and_then(Value::int) == Some(number)
        });
        // Small numbers mean themselves as much as a name; only where one name has the number does it say more.
        let (only, _) = same.next()?;
        (same.next().is_none() && kind != "fd").then(|| only.name.clone())
    }

    fn actor(&self, pid: i128) -> Option<String> {
        let pid = i32::try_from(pid).ok()?;
        let indexes = 0..ActorId::try_from(self.scenario.actors.len()).unwrap_or(ActorId::MAX);
        indexes.into_iter().find(|&actor| self.stage.pid(actor) == Some(pid)).map(|actor| self.actor_name(actor))
    }

    fn actor_name(&self, actor: u16) -> String {
        self.scenario.actors.get(usize::from(actor)).map_or_else(|| format!("actor {actor}"), |known| known.name.clone())
    }
}

/// Farther above a bound address than this, in bytes, another address has nothing to do with it.
const NEAR: i128 = 1 << 20;
/// Addresses from here on are those that the kernel chooses, differently in each run; scripts that choose theirs stay below.
const CHOSEN_BY_KERNEL: i128 = 0x5000_0000_0000;

impl View<'_> {
    /// `p` or `p + 32`, by the nearest bound address below; a number that the kernel chose for nobody's name is not shown.
    fn address(&self, number: i128) -> Option<String> {
        let slots = self.scenario.slots.iter().zip(&self.knowledge.values);
        let below = slots.filter_map(|(slot, value)| {
            let base = value.as_ref().and_then(Value::int).filter(|_| slot.ty == Type::Handle("address"))?;
            (base > 0 && (base..=base + NEAR).contains(&number)).then_some((number - base, &slot.name))
        });
        match below.min_by_key(|(distance, _)| *distance) {
            Some((0, name)) => Some(name.clone()),
            Some((distance, name)) => Some(format!("{name} + {distance}")),
            None => (number >= CHOSEN_BY_KERNEL).then(|| "an address without a name".into()),
        }
    }
}

/// Reads by pread(2): the offset is shared with every process that writes.
fn read_whole(file: &OwnedFd) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; OUTPUT];
    // SAFETY: pread(2) fills `bytes`, whose length it is told.
    let got = unsafe { libc::pread(file.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len(), 0) };
    bytes.truncate(usize::try_from(got).map_err(|_| std::io::Error::last_os_error())?);
    Ok(bytes)
}
