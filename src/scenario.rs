//! The checked scenario: names resolved, blocks expanded, a straight line of steps. Written by `check`, read by `run`.

mod evaluate;
mod line;
mod script;
mod show;
mod straight;
mod written;

pub use evaluate::{Environment, compare as compare_values, compare_versions, equal as values_equal, evaluate, holds, resolve};
pub use line::Line;
pub use script::script;
pub use show::{Names, show, show_outcome};
pub use straight::{Judged, straight};
pub use written::{Denial, Wording, Written};

use crate::syntax::ast::{BinaryOp, CompareOp, Quantifier, UnaryOp};
use crate::text::{SourceId, Span};
use crate::value::{Errno, Type, Value};
use std::ops::Range;

/// Index of an actor in [`Scenario::actors`].
pub type ActorId = u16;
/// Index of a bound name in [`Scenario::slots`].
pub type SlotId = usize;

/// One scenario, ready to run; a scenario with `each` becomes several of these.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// `path::title`, or `path::title [undo=SEM_UNDO]`.
    pub id: String,
    /// As written.
    pub title: String,
    /// Its `##` lines.
    pub docs: Vec<String>,
    /// The file in which it stands.
    pub source: SourceId,
    /// Its title's string.
    pub span: Span,
    /// What the machine must offer, in written order.
    pub needs: Vec<Need>,
    /// Declared actors first, in written order; then those that fork and clone bring, in order of their steps.
    pub actors: Vec<Actor>,
    /// Every name that is bound to a result.
    pub slots: Vec<Slot>,
    /// What happens.
    pub steps: Vec<Step>,
    /// The steps of each `interleave`: free to go in any order that keeps each actor's own.
    pub interleavings: Vec<Range<usize>>,
    /// Its steps in words, where it has an `interleave` or is an order of one that had.
    pub written: Option<Written>,
}

impl Scenario {
    /// Every call, those inside `interleave` too.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.steps.iter().filter_map(|step| match &step.what {
            What::Call(call) => Some(call),
            _ => None,
        })
    }
}

/// A process that the script drives.
#[derive(Debug, Clone)]
pub struct Actor {
    /// As in the script; `#1` for a fork whose result is not bound.
    pub name: String,
    /// Who forks it, and in which step; `None` for a declared one.
    pub born: Option<(ActorId, usize)>,
    /// Where it is declared or bound.
    pub span: Span,
}

/// A name bound to a result.
#[derive(Debug, Clone)]
pub struct Slot {
    /// As in the script.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// The actor that binds it.
    pub actor: ActorId,
    /// Where it is bound.
    pub span: Span,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// From the actor to the end of the outcome.
    pub span: Span,
    /// What it says.
    pub what: What,
    /// Whether it is a further actor of the line before: `a, b: call()` is two steps of one line.
    pub same_line: bool,
}

/// What a step says.
#[derive(Debug, Clone)]
pub enum What {
    /// `who: call(args) -> outcome`
    Call(Call),
    /// `who: resumes -> outcome`
    Resumes {
        /// Who.
        actors: Vec<ActorId>,
        /// With what.
        expectation: Expectation,
    },
    /// `who: stays blocked`
    StaysBlocked {
        /// Who.
        actors: Vec<ActorId>,
    },
    /// `who: dies SIG`
    Dies {
        /// Who.
        actors: Vec<ActorId>,
        /// Of what.
        signal: Expr,
    },
    /// `who: exits n`
    Exits {
        /// Who.
        actors: Vec<ActorId>,
        /// With what status.
        status: Expr,
    },
    /// `expect …`
    Expect {
        /// `sometimes` and `never` mean something only over several orders.
        quantifier: Quantifier,
        /// What is judged: a comparison, or any value when there is a pattern.
        value: Expr,
        /// The pattern behind `->`.
        pattern: Option<Pattern>,
    },
    /// `expect … deadlock`
    ExpectDeadlock(Quantifier),
}

/// `who: bound = operation(args) -> expectation`
#[derive(Debug, Clone)]
pub struct Call {
    /// Who.
    pub actor: ActorId,
    /// Index in the catalogue.
    pub operation: u32,
    /// Its arguments, defaults not filled in.
    pub args: Vec<Expr>,
    /// The call as written, for reports.
    pub text: String,
    /// Where the call stands.
    pub span: Span,
    /// What its result is bound to.
    pub bind: Bind,
    /// The actor that it brings, for fork and clone.
    pub child: Option<ActorId>,
    /// What is to come of it.
    pub expectation: Expectation,
}

/// What a result is bound to.
#[derive(Debug, Clone)]
pub enum Bind {
    /// Nothing.
    Nothing,
    /// A name.
    One(SlotId),
    /// The elements of a list.
    Elements(Vec<SlotId>),
}

/// What is to come of a call.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// One of these.
    pub alternatives: Vec<Alternative>,
    /// Whether to ask again until one matches.
    pub eventually: bool,
    /// The pattern; the call where none is written.
    pub span: Span,
    /// As written; `ok` where none is.
    pub text: String,
    /// The type of what the call gives.
    pub gives: Type,
}

/// One of the outcomes that a step allows.
#[derive(Debug, Clone)]
pub enum Alternative {
    /// Success.
    Ok,
    /// This error.
    Fails(Errno),
    /// It does not return.
    Blocks,
    /// It waits with a time limit of its own.
    Sleeps,
    /// The caller is killed by a signal of this number.
    Dies(Expr),
    /// The caller ends with a status like this.
    Exits(Pattern),
    /// It gives a value like this.
    Gives(Pattern),
}

/// What a value must be like.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// `_`
    Any,
    /// This value.
    Equal(Expr),
    /// `> 0`
    Than(CompareOp, Expr),
    /// `1..10`, both ends in it.
    Range(Expr, Expr),
    /// `contains "text"`
    Contains(Expr),
    /// `matches "regex"`; checked to be one, as far as it is known before the run.
    Matches(Expr),
    /// A list, element by element; `open` when more may follow.
    List {
        /// Patterns of the elements.
        items: Vec<Pattern>,
        /// Whether it ends in `..`.
        open: bool,
    },
    /// A record: these fields, others free.
    Record(Vec<(String, Pattern)>),
    /// `exited(n)`, `killed(SIG)`, `stopped(SIG)`, `continued`.
    Status(StatusKind, Box<Pattern>),
    /// `1 or 2`, inside another pattern or behind `expect`.
    OneOf(Vec<Pattern>),
    /// `EIDRM`, behind `expect` and a name: the call that was to bind it has failed so.
    Failed(Errno),
    /// `not 1..10`, behind `expect` only.
    Not(Box<Pattern>),
}

/// The kinds of [`crate::value::Status`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    /// `exited(n)`
    Exited,
    /// `killed(SIG)`
    Killed,
    /// `stopped(SIG)`
    Stopped,
    /// `continued`
    Continued,
}

/// A value, computed when its step is reached.
#[derive(Debug, Clone)]
pub enum Expr {
    /// Known from the start.
    Literal(Value),
    /// A bound name.
    Slot(SlotId),
    /// Parts joined into a string; numbers in decimal, actors as pids.
    Text(Vec<Expr>),
    /// A list.
    List(Vec<Expr>),
    /// A record; an empty name stands for the place in the struct.
    Record(Vec<(String, Expr)>),
    /// `exited(n)`, as a value.
    Status(StatusKind, Box<Expr>),
    /// `-x`
    Unary(UnaryOp, Box<Expr>),
    /// `a | b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a == b`
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b`
    Or(Box<Expr>, Box<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `name.field`
    Field(Box<Expr>, String),
    /// `name[0]`
    Index(Box<Expr>, Box<Expr>),
    /// `len(x)`
    Len(Box<Expr>),
    /// `do { … }`
    Do(Vec<(u32, Vec<Expr>)>),
    /// `ns(actor, kind)`: the namespace in which an actor is.
    Namespace(ActorId, String),
    /// `output(actor)`: what it wrote to its standard output.
    Output(ActorId),
}

/// What the machine must offer.
#[derive(Debug, Clone)]
pub struct Need {
    /// What.
    pub kind: NeedKind,
    /// Where it is asked for.
    pub span: Span,
    /// As written, without `needs`.
    pub text: String,
}

/// The kinds of [`Need`].
#[derive(Debug, Clone, PartialEq)]
pub enum NeedKind {
    /// `needs kernel >= 5.6`
    Kernel(CompareOp, Vec<u64>),
    /// `needs config USER_NS`
    Config(String),
    /// `needs fs overlay`
    Filesystem(String),
    /// `needs cgroup memory`: a controller of version 2; `needs cgroup`: a directory of version 2 without any.
    Cgroup(Option<String>),
    /// `needs cgroup1 memory`
    Cgroup1(String),
    /// `needs uid 1000`, `needs uid 100000..100999`: first and last id that the world must map.
    Uid(u32, u32),
    /// `needs sysctl fs.pipe-max-size == 1M`
    Sysctl(String, CompareOp, Value),
    /// `needs file "/proc/…"`
    File(String),
    /// `needs program "/usr/bin/ipcs"`
    Program(String),
    /// `needs arch x86_64`
    Arch(String),
    /// `needs privileged`, and the paths of the host that the scenario may change: `needs privileged "/proc/sys/fs/pipe-max-size"`.
    Privileged(Vec<String>),
    /// `needs CAP_SYS_RESOURCE`: in the initial user namespace.
    Capability(String),
}
