//! An order of a scenario with `interleave`, as the lines of a script without: what was free is decided, what was unannounced is said.

use super::ActorId;
use crate::value::{Errno, Signal};
use serde::{Deserialize, Serialize};

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line {
    /// This step of the scenario is taken, as it is written.
    Takes(usize),
    /// This call is made, and does not return: it blocks.
    Blocks(usize),
    /// This call is made, and waits with a time limit of its own.
    Sleeps(usize),
    /// The pending call of this actor has returned, by the line before or by its time limit: as its own step says.
    Resumes(ActorId),
    /// The same for a call of which its step says only that it waits: it has failed.
    Fails(ActorId, Errno),
    /// This actor was killed by the line before.
    Dies(ActorId, Signal),
    /// This actor has ended by itself, with this status, since the line before.
    Exits(ActorId, i32),
}
