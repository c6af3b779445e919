//! The survey: what this machine offers to scenarios, what it does not, and the command that would mend it.

mod ground;
mod machine;
mod probe;

use super::explore::Orders;
use super::limits::Limits;
use super::needs;
use super::runner::{News, Options, run};
use crate::journal::Event;
use crate::scenario::Scenario;
use crate::text::{Source, Span};
pub use machine::machine;
use serde::Serialize;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it belongs to: `world`, `kernel`, `ids`, `root`, `cgroups`, `programs`.
    pub topic: &'static str,
    /// What was looked at.
    pub what: String,
    /// Whether it is there.
    pub met: bool,
    /// What was found.
    pub found: String,
    /// What would mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// A need of a scenario that is not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// The scenario.
    pub id: String,
    /// As written, without `needs`.
    pub need: String,
    /// Why, and what would mend it.
    pub reason: String,
}

impl Finding {
    fn met(topic: &'static str, what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { topic, what: what.into(), met: true, found: found.into(), mend: None }
    }

    fn unmet(topic: &'static str, what: impl Into<String>, found: impl Into<String>, mend: &str) -> Self {
        let mend = (!mend.is_empty()).then(|| mend.to_owned());
        Self { topic, what: what.into(), met: false, found: found.into(), mend }
    }

    /// What a reason says, whose last part after `; ` is the way out.
    fn told(topic: &'static str, what: impl Into<String>, reason: &str) -> Self {
        match reason.rsplit_once("; ") {
            Some((found, mend)) => Self::unmet(topic, what, found, mend),
            None => Self::unmet(topic, what, reason, ""),
        }
    }
}

/// Looks at everything. The first finding is a world that was really built, or why it could not be.
pub fn survey() -> Vec<Finding> {
    let mut found = vec![world()];
    found.extend(probe::namespaces());
    found.extend(ground::kernel());
    found.extend(ground::ids());
    found.extend(ground::root());
    found.extend(ground::cgroups());
    found.extend(ground::programs());
    found
}

/// The needs of `scenarios` that this machine does not meet; those for real root count as met where `--privileged` would do.
pub fn lacks(scenarios: &[Scenario]) -> Vec<Lack> {
    let of = |scenario: &Scenario| {
        let lack =
            |(need, reason): (&crate::scenario::Need, String)| Lack { id: scenario.id.clone(), need: need.text.clone(), reason };
        needs::unmet_needs(scenario, true).map(lack).collect::<Vec<_>>()
    };
    scenarios.iter().flat_map(of).collect()
}

/// Builds a world as a scenario would get it, one without steps, with everything but cgroups.
fn world() -> Finding {
    let scenario = Scenario {
        id: "doctor".into(),
        title: "a world".into(),
        docs: Vec::new(),
        source: 0,
        span: Span::new(0, 0..0),
        needs: Vec::new(),
        actors: Vec::new(),
        slots: Vec::new(),
        steps: Vec::new(),
        interleavings: Vec::new(),
        written: None,
    };
    let options = Options { jobs: 1, repeat: 1, policy: Vec::new(), limits: Limits::USUAL, orders: Orders::USUAL };
    let mut verdict = None;
    let mut take = |news| {
        if let News::Event(Event::Verdict(seen)) = news {
            verdict = seen.reason;
        }
    };
    match (run(&[scenario], &[Source::new("doctor", "")], &options, &mut take), verdict) {
        (Ok(summary), _) if summary.passed == 1 => Finding::met("world", "a world", "built, and gone again"),
        (Ok(_), reason) => {
            // The cause and the way out stand in brackets behind what failed.
            let reason = reason.unwrap_or_else(|| "no reason was given".into());
            match reason.strip_suffix(')').and_then(|reason| reason.split_once(" (")) {
                Some((found, mend)) => Finding::unmet("world", "a world", found, mend),
                None => Finding::unmet("world", "a world", reason, ""),
            }
        }
        (Err(error), _) => Finding::unmet("world", "a world", error.message, error.help.as_deref().unwrap_or_default()),
    }
}
