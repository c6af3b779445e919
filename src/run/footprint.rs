//! What one step touches: two steps that go together come to the same in either order, so that only one of the orders need be run.
//!
//! A footprint is made before the step, while its descriptors still refer to what they will touch. What it cannot tell, its caller must:
//!
//! - Whoever waits in a call touches its objects still: a step touches what the calls touch that it may let go on, and these are those that
//!   it conflicts with. A signal is among them: its handler may begin a call anew, at the end of a queue.
//! - A step after which an actor is gone has touched everything, as has one of which the script says that its actor may die or exit.
//! - What [`lasts`](Footprint::lasts) makes later calls touch more than they say: from there on, to the end of this order, all footprints are everything.
//! - A step that uses, or is judged by, a name that another actor's step binds does not go together with that one.
//! - For a step that is not its actor's next, what descriptors refer to and signals do is not known yet; without its arguments, it touches everything.

pub mod disposition;
mod object;
#[cfg(test)]
mod tests;

use crate::operation::{Access, Kind, Operation, Parameter, Touch, Trait};
use crate::scenario::ActorId;
use crate::value::{Type, Value};
use object::{Object, leads_away};

/// What one step touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footprint {
    /// The objects; `None` stands for everything.
    objects: Option<Vec<(Object, Access)>>,
    lasts: bool,
}

/// What only the kernel knows, asked for the actor that takes the step.
pub trait Surroundings {
    /// Where the link of descriptor `fd` in /proc/PID/fd points: `pipe:[123]`. `None` where it is not known.
    fn descriptor(&self, fd: i32) -> Option<String>;
    /// The actor with this pid in the pid namespace of the caller; `None` where it is not known, so outside the namespace of the world.
    fn actor(&self, pid: i64) -> Option<ActorId>;
    /// Whether the process of `actor` catches or ignores `signal`, as its /proc/PID/status tells [`disposition::withstands`].
    fn withstands(&self, actor: ActorId, signal: i32) -> bool;
}

impl Footprint {
    /// What the call of `operation` with the resolved arguments `args` by `caller` will touch.
    pub fn of(operation: &Operation, args: &[Value], caller: ActorId, around: &impl Surroundings) -> Self {
        let away = looks_away(operation, args);
        if shares_on(operation, args) || (away && !operation.is(Trait::ReadOnly)) {
            return Self { objects: None, lasts: true };
        }
        let Some(touches) = operation.touched(args).filter(|_| !away) else { return Self::everything() };
        // A path starts where a descriptor stands, and such a file tells of, or changes, what is no file.
        let starts_away = |fd: i32| fd >= 0 && around.descriptor(fd).as_deref().and_then(Object::behind).is_none();
        if touches.iter().any(|touch| touch.kind == Kind::Files) && operation.descriptors(args).into_iter().any(starts_away) {
            return Self::everything();
        }
        if touches.iter().any(|touch| touch.kind == Kind::Beyond) {
            return Self { objects: None, lasts: true };
        }
        let mut objects = Vec::with_capacity(touches.len() + 2);
        objects.push((Object::Process(caller), Access::Reads));
        let step = Step { operation, args, caller, around };
        match touches.iter().try_for_each(|touch| step.add(touch, &mut objects)) {
            Some(()) => Self { objects: Some(objects), lasts: false },
            None => Self::everything(),
        }
    }

    /// What goes together with nothing.
    pub const fn everything() -> Self {
        Self { objects: None, lasts: false }
    }

    /// Whether it goes together with nothing.
    pub const fn is_everything(&self) -> bool {
        self.objects.is_none()
    }

    /// Whether the two steps may come to something else in the other order.
    pub fn conflicts(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (&self.objects, &other.objects) else { return true };
        own.iter().any(|(object, access)| {
            others.iter().any(|(other, other_access)| {
                (*access == Access::Writes || *other_access == Access::Writes) && object.overlaps(other)
            })
        })
    }

    /// Takes in what `other` touches.
    pub fn join(&mut self, other: &Self) {
        self.lasts |= other.lasts;
        match (&mut self.objects, &other.objects) {
            (Some(own), Some(others)) => {
                for pair in others {
                    if !own.contains(pair) {
                        own.push(*pair);
                    }
                }
            }
            _ => self.objects = None,
        }
    }

    /// Whether later calls may touch more than their own footprints say: memory or descriptors are shared, programs run, signals are
    /// tied to descriptors.
    pub const fn lasts(&self) -> bool {
        self.lasts
    }
}

/// Whether what the call brings goes on by itself, or makes what is an actor's own that of others, too.
fn shares_on(operation: &Operation, args: &[Value]) -> bool {
    let brings = [Trait::Shares, Trait::Threads, Trait::Programs, Trait::Becomes];
    // In another pid namespace the same number is another process.
    let renumbers = operation.name == "unshare"
        && args.first().and_then(Value::int).is_none_or(|flags| flags & i128::from(libc::CLONE_NEWPID) != 0);
    renumbers || brings.into_iter().any(|what| operation.is(what)) || args.iter().any(holds_calls)
}

/// Whether calls in it will be made later: a handler makes them in the middle of any step of its process.
fn holds_calls(value: &Value) -> bool {
    match value {
        Value::Do(calls) => !calls.is_empty(),
        Value::List(items) => items.iter().any(holds_calls),
        Value::Record(fields) => fields.iter().any(|(_, value)| holds_calls(value)),
        _ => false,
    }
}

/// Whether a path leads into /proc and the like, where files show and change what is no file.
fn looks_away(operation: &Operation, args: &[Value]) -> bool {
    let path = |ty: &Type| matches!(ty, Type::Path | Type::Optional(Type::Path));
    let away = |value: &Value| matches!(value, Value::Bytes(path) if leads_away(path));
    operation.parameters.iter().zip(args).any(|(parameter, value)| path(&parameter.ty) && away(value))
}

/// A call that is about to be made.
struct Step<'a, S> {
    operation: &'a Operation,
    args: &'a [Value],
    caller: ActorId,
    around: &'a S,
}

impl<S: Surroundings> Step<'_, S> {
    /// Adds what `touch` means for these arguments; `None` where it may be anything.
    fn add(&self, touch: &Touch, objects: &mut Vec<(Object, Access)>) -> Option<()> {
        let object = match touch.kind {
            Kind::Semaphore => return self.semaphores(touch, objects),
            Kind::Semaphores => Object::Semaphores(self.number(touch.by)?),
            Kind::Segments => Object::Segments(self.number(touch.by)?),
            Kind::Queues => Object::Queues(self.number(touch.by)?),
            Kind::Memory => Object::Memory,
            Kind::Names => Object::Names,
            Kind::Files => Object::Files,
            Kind::Channels => Object::Channels,
            Kind::Hostname => Object::Hostname,
            Kind::Beyond => return None,
            Kind::Process => match self.number(touch.by)? {
                None => Object::Processes,
                Some(0) => Object::Process(self.caller),
                Some(pid) => self.process(pid, touch.by),
            },
            Kind::Signalled => return self.signal(touch.by, objects),
            Kind::Descriptor | Kind::PosixQueue => return self.descriptors(touch, objects),
        };
        objects.push((object, touch.access));
        Some(())
    }

    /// The number that the parameter `by` holds; `Some(None)` where none is named.
    fn number(&self, by: Option<&str>) -> Option<Option<i128>> {
        let Some(name) = by else { return Some(None) };
        let (parameter, value) = self.argument(name)?;
        match value {
            Some(value) => value.int().or_else(|| actor_of(value).map(i128::from)).map(Some),
            None => parameter.default?.parse().ok().map(Some),
        }
    }

    /// Semaphores of one set are apart: who waits for several of them is a pending call, which touches all of those.
    fn semaphores(&self, touch: &Touch, objects: &mut Vec<(Object, Access)>) -> Option<()> {
        let set = self.number(touch.by)??;
        let mut add = |number: i128| objects.push((Object::Semaphore(set, number), touch.access));
        match self.argument("sops") {
            Some((_, Some(Value::List(operations)))) => {
                for operation in operations {
                    let Value::Record(fields) = operation else { return None };
                    let named = fields.iter().find(|(name, _)| name == "sem_num");
                    let number = named.or_else(|| fields.first().filter(|(name, _)| name.is_empty()));
                    add(number.map_or(Some(0), |(_, number)| number.int())?);
                }
            }
            Some(_) => objects.push((Object::Semaphores(Some(set)), touch.access)),
            None => add(self.number(Some("semnum"))??),
        }
        Some(())
    }

    fn argument(&self, name: &str) -> Option<(&'static Parameter, Option<&Value>)> {
        let at = self.operation.parameters.iter().position(|parameter| parameter.name == name)?;
        Some((self.operation.parameters.get(at)?, self.args.get(at)))
    }

    /// The process `pid`, which stands in the parameter `by`; all of them where nobody knows it.
    fn process(&self, pid: i128, by: Option<&str>) -> Object {
        let named = by.and_then(|by| self.argument(by)?.1).and_then(actor_of);
        let actor = named.or_else(|| self.around.actor(i64::try_from(pid).ok()?));
        actor.map_or(Object::Processes, Object::Process)
    }

    /// A signal changes whom it goes to, where that process catches or ignores it. Else it ends or stops it, or lets it go on, which may be
    /// anything to others: so for all but one process that is known, and for signals that queue, of which a user has so many. See
    /// signal(7).
    fn signal(&self, by: Option<&str>, objects: &mut Vec<(Object, Access)>) -> Option<()> {
        let at = self.operation.parameters.iter().position(|parameter| parameter.ty == Type::Signal)?;
        let signal = i32::try_from(self.args.get(at)?.int()?).ok()?;
        let target = match self.number(by)? {
            None => Object::Process(self.caller),
            Some(pid @ 1..) => self.process(pid, by),
            Some(_) => Object::Processes,
        };
        if signal == 0 {
            objects.push((target, Access::Reads));
            return Some(());
        }
        let Object::Process(actor) = target else { return None };
        let ignored = matches!(signal, libc::SIGCHLD | libc::SIGURG | libc::SIGWINCH);
        let harmless = (1..FIRST_QUEUED).contains(&signal) && signal != libc::SIGCONT;
        objects.push((target, Access::Writes));
        (harmless && (ignored || self.around.withstands(actor, signal))).then_some(())
    }

    fn descriptors(&self, touch: &Touch, objects: &mut Vec<(Object, Access)>) -> Option<()> {
        let mut add = |fd: i32| {
            // A negative number is no descriptor: the call fails, or takes it for `none`.
            if fd >= 0 {
                let link = self.around.descriptor(fd)?;
                let object = if touch.kind == Kind::PosixQueue { Object::posix_queue(&link) } else { Object::behind(&link) };
                objects.push((object?, touch.access));
            }
            Some(())
        };
        match self.argument(touch.by?)? {
            (_, Some(Value::Int(fd))) => add(i32::try_from(*fd).ok()?),
            (parameter, Some(value)) => {
                let mut found = Vec::new();
                parameter.descriptors(value, &mut found);
                found.into_iter().try_for_each(add)
            }
            (parameter, None) => add(parameter.default?.parse().ok()?),
        }
    }
}

/// The first signal that queues, also for the C library itself.
const FIRST_QUEUED: i32 = 32;

fn actor_of(value: &Value) -> Option<ActorId> {
    if let Value::Actor(actor) = value { Some(*actor) } else { None }
}
