//! One order that was run, as its coordinator tells it.

use super::super::play::Held;
use crate::journal::{End, Mismatch, Taken};
use crate::scenario::{ActorId, Line};
use serde::{Deserialize, Serialize};

/// What came of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// An order was run.
    Ran(Box<Ran>),
    /// The order differs from others only in steps that touch no common object, and was left.
    Redundant {
        /// As in [`Ran`].
        ended: Vec<usize>,
    },
    /// The order could not be run as it was to be: this actor could not move, after so many choices.
    Impossible {
        /// Which task.
        number: u32,
        /// Who was to move.
        actor: ActorId,
        /// What it was doing: a verb and what belongs to it.
        state: String,
        /// The choices before that.
        schedule: Vec<ActorId>,
    },
    /// The world could not be made.
    Failed(String),
}

/// An order that was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// Which of the runner's tasks it comes from.
    pub number: u32,
    /// Who moved.
    pub schedule: Vec<ActorId>,
    /// How often somebody moved while who moved last could have gone on.
    pub preemptions: u32,
    /// How it came to its end.
    pub end: End,
    /// The values of the columns of the scenario's histogram.
    pub values: Vec<String>,
    /// How each `expect` was judged that was reached, by its step.
    pub judged: Vec<(usize, Held)>,
    /// Steps that have ended or stopped somebody, though they do not say that they touch everything.
    pub ended: Vec<usize>,
    /// Of an order that diverged, the code and the line of the divergence.
    pub diverged: Option<(String, usize)>,
    /// All of it, where it was asked for.
    pub detail: Option<Box<Detail>>,
}

/// All that happened in an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// As lines of a script without `interleave`.
    pub lines: Vec<Line>,
    /// As events.
    pub steps: Vec<Taken>,
    /// Why it diverged, or is a deadlock.
    pub mismatch: Option<Mismatch>,
}
