//! What the run has done so far, as far as a report may want it: who waits since when, who left a namespace, what was removed.

use crate::scenario::{ActorId, Call, Expr, SlotId};
use crate::value::{Outcome, Value};

/// The past of a run, by step numbers.
#[derive(Debug, Default)]
pub struct History {
    /// The step in which an actor's pending call began.
    pub pending: Vec<Option<usize>>,
    /// The step in which an actor ended.
    pub ended: Vec<Option<usize>>,
    /// What was done.
    pub deeds: Vec<Deed>,
    /// The calls that were made, in their order.
    pub taken: Vec<usize>,
    /// Those that have succeeded, in the order in which they returned.
    pub done: Vec<usize>,
}

/// Something that a later failure may have to do with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    /// In which step.
    pub step: usize,
    /// By whom.
    pub actor: ActorId,
    /// What.
    pub what: What,
}

/// The kinds of deeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The actor went into other namespaces; flags of clone(2), 0 when not known.
    Left(i128),
    /// The object behind a name was removed, for everybody.
    Removed(SlotId),
    /// The object behind a name was closed, detached or unmapped, for this actor and those that it forks later.
    Closed(SlotId),
    /// An actor's end was waited for.
    Reaped(ActorId),
}

impl History {
    /// Nothing has happened to `actors` actors.
    pub fn new(actors: usize) -> Self {
        Self { pending: vec![None; actors], ended: vec![None; actors], deeds: Vec::new(), taken: Vec::new(), done: Vec::new() }
    }

    /// Notes that the call of `step` succeeded with `args`.
    pub fn succeeded(&mut self, step: usize, call: &Call, name: &str, args: &[Value], outcome: &Outcome) {
        self.taken.push(step);
        if !matches!(outcome, Outcome::Returned(_)) {
            return;
        }
        self.done.push(step);
        if let ("clone", Some(child)) = (name, call.child) {
            let kinds = args.first().and_then(Value::int).unwrap_or(0) & NAMESPACES;
            self.deeds.extend((kinds != 0).then_some(Deed { step, actor: child, what: What::Left(kinds) }));
        }
        let what = match name {
            "unshare" => Some(What::Left(args.first().and_then(Value::int).unwrap_or(0))),
            "setns" => Some(What::Left(args.get(1).and_then(Value::int).unwrap_or(0))),
            "close" | "mq_close" | "shmdt" | "munmap" | "sem_close" => first_slot(&call.args).map(What::Closed),
            "semctl" | "shmctl" | "msgctl" if removes(name, args) => first_slot(&call.args).map(What::Removed),
            "waitpid" => match call.args.first() {
                Some(Expr::Literal(Value::Actor(child))) if !matches!(outcome, Outcome::Returned(Value::Int(0))) => {
                    Some(What::Reaped(*child))
                }
                _ => None,
            },
            _ => None,
        };
        self.deeds.extend(what.map(|what| Deed { step, actor: call.actor, what }));
    }

    /// Notes that the pending call of `actor` has returned, and how.
    pub fn resumed(&mut self, actor: ActorId, outcome: &Outcome) {
        let since = self.pending.get_mut(usize::from(actor)).and_then(Option::take);
        self.done.extend(since.filter(|_| matches!(outcome, Outcome::Returned(_))));
    }

    /// The step in which `actor`'s pending call began.
    pub fn pending_since(&self, actor: ActorId) -> Option<usize> {
        self.pending.get(usize::from(actor)).copied().flatten()
    }

    /// The step in which `actor` ended.
    pub fn ended_in(&self, actor: ActorId) -> Option<usize> {
        self.ended.get(usize::from(actor)).copied().flatten()
    }
}

/// Flags of clone(2) that put a child into new namespaces.
const NAMESPACES: i128 = (libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWUTS) as i128;

/// Every name that `exprs` use.
pub fn slots(exprs: &[Expr]) -> Vec<SlotId> {
    let mut found = Vec::new();
    exprs.iter().for_each(|expr| collect(expr, &mut found));
    found
}

/// The object that a call is about: the first name among its arguments.
pub fn first_slot(args: &[Expr]) -> Option<SlotId> {
    slots(args.get(..1).unwrap_or(&[])).first().copied()
}

fn removes(name: &str, args: &[Value]) -> bool {
    let place = if name == "semctl" { 2 } else { 1 };
    args.get(place).and_then(Value::int) == Some(i128::from(libc::IPC_RMID))
}

fn collect(expr: &Expr, found: &mut Vec<SlotId>) {
    match expr {
        Expr::Slot(slot) => found.push(*slot),
        Expr::Text(items) | Expr::List(items) => items.iter().for_each(|item| collect(item, found)),
        Expr::Record(fields) => fields.iter().for_each(|(_, field)| collect(field, found)),
        Expr::Unary(_, inner) | Expr::Not(inner) | Expr::Field(inner, _) | Expr::Len(inner) | Expr::Status(_, inner) => {
            collect(inner, found);
        }
        Expr::Binary(_, left, right)
        | Expr::Compare(_, left, right)
        | Expr::And(left, right)
        | Expr::Or(left, right)
        | Expr::Index(left, right) => {
            collect(left, found);
            collect(right, found);
        }
        Expr::Do(calls) => calls.iter().flat_map(|(_, args)| args).for_each(|arg| collect(arg, found)),
        Expr::Literal(_) | Expr::Namespace(..) | Expr::Output(_) => {}
    }
}
