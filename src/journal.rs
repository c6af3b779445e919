//! What happened: the only record of a run, and all that a report may read. One JSON object a line.

mod effects;
mod merge;
mod origin;
mod replay;
#[cfg(test)]
mod tests;

pub use effects::{Bound, Effects, Entry, Object};
pub use merge::{Unfit, merge};
pub use origin::{Finding, Machine, Setting, Shard, part};
pub use replay::{Broken, Cut, Reader};

use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// The machine on which all that follows happened; only with `--timings`.
    Machine(Machine),
    /// What follows is one part of a longer list; only with `--shard`.
    Shard(Shard),
    /// A script of which a scenario is about to begin, once for each script.
    Script(Script),
    /// A scenario begins.
    Scenario(Begun),
    /// A step was taken.
    Step(Taken),
    /// The orders of a scenario with `interleave` have been run: what came of them.
    Orders(Orders),
    /// A step or an expectation was not met; the scenario's verdict follows.
    Divergence(Mismatch),
    /// How long a scenario took, ahead of its verdict; only with `--timings`.
    Timing(Timing),
    /// A scenario ends.
    Verdict(Verdict),
    /// Everything ends.
    Summary(Summary),
}

/// A script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Its path as given.
    pub path: String,
    /// The whole of it.
    pub text: String,
}

/// A scenario begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// `path::title`, perhaps with parameters.
    pub id: String,
    /// As written.
    pub title: String,
    /// The script's path as given.
    pub path: String,
    /// The line of its title.
    pub line: usize,
}

/// A step was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Who; empty for `expect`.
    pub actor: String,
    /// The call as written, `resumes`, `stays blocked`, `dies`, `exits` or `expect`.
    pub call: String,
    /// Its line.
    pub line: usize,
    /// What came of it, in normal form: what its pattern asserted where it was met, all that was seen where not.
    pub outcome: String,
    /// Whether that was expected.
    pub met: bool,
    /// Whether only `eventually` made it so, a weaker claim.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub eventually: bool,
    /// What it changed in the world; none where nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Box<Effects>>,
}

/// What came of the orders of a scenario with `interleave`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// How many were run to their end.
    pub run: u64,
    /// How many orders there are of the steps, as many as could be if none had to wait; none where a `u64` cannot hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Which of them were run.
    pub choice: Choice,
    /// What came of them, each kind once: the most frequent first.
    pub outcomes: Vec<Kind>,
}

/// Which of all orders were run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum Choice {
    /// Each.
    All,
    /// One of those that differ only in steps that touch no common object.
    Reduction,
    /// Those with so many preemptions at most: changes from an actor that could have gone on.
    Preemptions {
        /// The bound.
        most: u32,
    },
    /// As many as were allowed, by chance.
    Sample {
        /// What the chance began with: the same orders come of the same number.
        seed: u64,
    },
    /// The one that was asked for.
    Schedule,
    /// Those that came before the run was interrupted.
    Interrupted,
}

/// Orders that came to the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// What the expectations speak of, and its values in these orders: `total` and `2`; `-` for what has none.
    pub values: Vec<(String, String)>,
    /// How they came to their end.
    pub end: End,
    /// How many they are.
    pub orders: u64,
    /// The one with the least preemptions; of several, the shortest.
    pub example: Order,
}

/// How an order came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// All steps were taken.
    Complete,
    /// Nobody could move.
    Deadlock,
    /// A step was not met.
    Diverged,
}

/// One order, and what happened in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Each step inside `interleave` by its actor and its place among that actor's: `a1 b1 a2`.
    pub schedule: String,
    /// How often an actor that could have gone on had to wait for another's step.
    pub preemptions: u32,
    /// All that happened, those steps that are not free too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Taken>,
    /// A script that does the same, step by step.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub script: String,
}

/// What was expected and what was seen, with the places that matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mismatch {
    /// Stable, hyphenated: `wrong-errno`.
    pub code: String,
    /// A lower-case fragment.
    pub message: String,
    /// As written.
    pub expected: String,
    /// In normal form.
    pub seen: String,
    /// Places in [`Mismatch::script`], the divergence first.
    pub labels: Vec<Place>,
    /// Why, as far as the run and the manual tell: sentences without the last full stop.
    pub why: Option<String>,
    /// What to do, so that it can be pasted where possible.
    pub help: Option<String>,
    /// The script's path as given.
    pub path: String,
    /// The line of the first label.
    pub line: usize,
    /// The whole text of the script.
    pub script: String,
    /// The outcome that would have been met, where the script can have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<Mend>,
    /// The order in which it was seen, where a scenario has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Box<Order>>,
}

/// An outcome that can be written into a script, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mend {
    /// First byte of what it takes the place of; where no outcome is written, the end of the step.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The outcome in the notation of scripts, without its `->`; the value `_` of a field stands for what the script has there.
    pub text: String,
}

/// A range of bytes of a script, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// A lower-case fragment.
    pub text: String,
}

/// How long a scenario took. With `--repeat` it is the first of its runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// `path::title`, perhaps with parameters.
    pub id: String,
    /// From the making of its world to the last look at its actors.
    pub microseconds: u64,
    /// How long each of its steps took, in microseconds and in the order of the steps: from the end of the step before, the look at what it
    /// did to others included. Empty where several orders were run.
    pub steps: Vec<u64>,
}

/// How a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All as expected.
    Passed,
    /// Something was not as expected.
    Diverged,
    /// It was not run.
    Skipped,
    /// The engine failed.
    Failed,
}

/// A scenario ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `path::title`, perhaps with parameters.
    pub id: String,
    /// How.
    pub status: Status,
    /// Why it was skipped, diverged or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How many scenarios ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// All as expected.
    pub passed: usize,
    /// Something was not as expected.
    pub diverged: usize,
    /// Not run.
    pub skipped: usize,
    /// The engine failed.
    pub failed: usize,
}

impl Summary {
    /// Counts one more verdict.
    pub fn count(&mut self, status: Status) {
        match status {
            Status::Passed => self.passed += 1,
            Status::Diverged => self.diverged += 1,
            Status::Skipped => self.skipped += 1,
            Status::Failed => self.failed += 1,
        }
    }

    /// Counts the verdicts of another run as well.
    pub fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.diverged = self.diverged.saturating_add(other.diverged);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.failed = self.failed.saturating_add(other.failed);
    }
}
