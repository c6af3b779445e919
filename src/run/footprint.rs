//! What one step touches: two steps that go together come to the same in either order, so that only one of the orders need be run.
//!
//! A footprint is made before the step, while its descriptors still refer to what they will touch, and completed after it, by what came of it:
//!
//! - Whoever waits in a call touches its objects still. So `join` what a step lets go on, and the pending call of each process that it
//!   `reaches`: a signal handler that restarts a call puts its caller at the end of a queue.
//! - Where an actor ended or stopped, everything was touched: `join` with [`Footprint::everything`].
//! - What `lasts` makes later calls touch more than they say: from there on, to the end of this order, all footprints are everything.
//!
//! A step that uses what another actor has bound comes after it; no footprint tells that.

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

    /// Whether it signals or changes the process of `actor`, so that its pending call may be interrupted or begin anew.
    pub fn reaches(&self, actor: ActorId) -> bool {
        let Some(objects) = &self.objects else { return true };
        let process = Object::Process(actor);
        objects.iter().any(|(object, access)| *access == Access::Writes && object.overlaps(&process))
    }
}

/// Whether what the call brings goes on by itself, or makes what is an actor's own that of others, too.
fn shares_on(operation: &Operation, args: &[Value]) -> bool {
    let brings = [Trait::Shares, Trait::Threads, Trait::Programs, Trait::Becomes];
    brings.into_iter().any(|what| operation.is(what)) || args.iter().any(holds_calls)
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

    /// A signal changes whom it goes to. Where it stops a process or lets it go on, that process's parent is told; and of signals that
    /// queue there is a limit for all processes of a user. See signal(7).
    fn signal(&self, by: Option<&str>, objects: &mut Vec<(Object, Access)>) -> Option<()> {
        let pid = self.number(by)??;
        let at = self.operation.parameters.iter().position(|parameter| parameter.ty == Type::Signal)?;
        let signal = i32::try_from(self.args.get(at)?.int()?).ok()?;
        let wide =
            matches!(signal, libc::SIGSTOP | libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU | libc::SIGCONT | FIRST_QUEUED..);
        let object = if wide || pid <= 0 { Object::Processes } else { self.process(pid, by) };
        objects.push((object, if signal == 0 { Access::Reads } else { Access::Writes }));
        Some(())
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
