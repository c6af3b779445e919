//! What happened: the only record of a run, and all that a report may read. One JSON object a line.

use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// A scenario begins.
    Scenario(Begun),
    /// A step was taken.
    Step(Taken),
    /// A step or an expectation was not met; the scenario's verdict follows.
    Divergence(Mismatch),
    /// A scenario ends.
    Verdict(Verdict),
    /// Everything ends.
    Summary(Summary),
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
}
