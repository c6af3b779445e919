//! Every order of the steps of an `interleave`, each on the real kernel.

mod campaign;
mod claim;
mod columns;
mod conduct;
mod guide;
mod interrupt;
mod judge;
mod phase;
mod queue;
mod ran;
mod schedule;

pub use campaign::{Orders, Which, explore};
pub use conduct::conduct;
pub use guide::{Choice, Guide, Node};
pub use interrupt::interrupted;
pub use queue::{Queue, Task};

/// What the coordinators of a scenario with `interleave` are to do.
#[derive(Debug, Clone, Copy)]
pub struct Exploration<'a> {
    /// The place of the scenario.
    pub scenario: usize,
    /// Where they get their orders.
    pub queue: Queue,
    /// Which orders those are.
    pub how: How,
    /// Steps that touch more than they say.
    pub wide: &'a [usize],
    /// Whether all that happens in them is to be told.
    pub detailed: bool,
}

/// Which orders are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Each.
    All,
    /// One of those that differ only in steps that touch no common object.
    Reduction,
    /// Those with at most so many changes from an actor that could have gone on.
    Preemptions {
        /// The bound.
        most: u32,
    },
    /// One for each task, by chance.
    Chance {
        /// What the chance begins with.
        seed: u64,
    },
    /// Those that the tasks say.
    Schedule,
}
