//! What is said of a run that did not go as expected: expected, seen, the earlier lines that matter, why, and one line of help.

mod cause;
mod change;
mod difference;
mod holders;
mod mend;
mod outcome;
mod past;
mod release;
mod state;
mod values;

pub use change::{Told, ended_otherwise, not_blocked, not_ended, not_resumed, resumed_otherwise, unsaid};
pub use outcome::{outcome, seen};
pub use release::{deadlock, left_blocked};
pub use state::cannot_act;
pub use values::{no_value, not_held};

use super::history::History;
use super::knowledge::View;
use crate::journal::{Mend, Mismatch, Place};
use crate::scenario::{Scenario, Step, Wording};
use crate::text::{Source, Span};
use std::mem::discriminant;

/// The code of every divergence that a run can show.
pub fn codes() -> &'static [&'static str] {
    &[
        "blocks-instead",
        "cannot-act",
        "deadlock",
        "died-instead",
        "does-not-end",
        "does-not-resume",
        "expectation-not-met",
        "fails-instead",
        "impossible-order",
        "left-blocked",
        "limit-files",
        "limit-memory",
        "limit-output",
        "limit-processes",
        "limit-time",
        "no-value",
        "not-always",
        "not-blocked",
        "not-never",
        "not-sometimes",
        "refused-argument",
        "returns-instead",
        "succeeds-instead",
        "unannounced-end",
        "unannounced-resume",
        "wrong-end",
        "wrong-errno",
        "wrong-value",
    ]
}

/// What a report may draw on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Values and actors.
    pub view: View<'a>,
    /// The past.
    pub history: &'a History,
    /// The texts.
    pub sources: &'a [Source],
    /// The step that is being taken.
    pub now: usize,
}

/// A divergence as it is put together.
#[derive(Debug, Default)]
struct Report {
    code: &'static str,
    message: String,
    expected: String,
    seen: String,
    labels: Vec<Place>,
    why: Option<String>,
    help: Option<String>,
    mend: Option<Mend>,
}

/// A divergence of which only the place is known yet; the title stands for a place in an included file.
pub fn placed(scenario: &Scenario, sources: &[Source], span: Span, label: &str) -> Mismatch {
    let source = sources.get(scenario.source as usize);
    let at = if span.source == scenario.source { span } else { scenario.span };
    Mismatch {
        code: String::new(),
        message: String::new(),
        expected: String::new(),
        seen: String::new(),
        labels: vec![Place { start: at.start as usize, end: at.end as usize, text: label.to_owned() }],
        why: None,
        help: None,
        path: source.map_or_else(String::new, |source| source.name.clone()),
        line: source.map_or(0, |source| source.line(at.start as usize)),
        script: source.map_or_else(String::new, |source| source.text.clone()),
        mend: None,
        order: None,
    }
}

/// The text under a span, on one line.
pub fn written(sources: &[Source], span: Span) -> String {
    let text = sources.get(span.source as usize).map_or("", |source| source.slice(span));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Facts<'_> {
    /// Ends a report: every place once, and only those of the script itself, which it carries.
    fn mismatch(&self, report: Report) -> Box<Mismatch> {
        let source = self.sources.get(self.view.scenario.source as usize);
        let line = report.labels.first().zip(source).map_or(0, |(label, source)| source.line(label.start));
        let mut labels: Vec<Place> = Vec::new();
        for label in report.labels {
            match labels.iter_mut().find(|known| (known.start, known.end) == (label.start, label.end)) {
                Some(known) if known.text.contains(&label.text) => {}
                Some(known) => known.text += &format!("; {}", label.text),
                None if label.end > label.start => labels.push(label),
                None => {}
            }
        }
        Box::new(Mismatch {
            code: report.code.to_owned(),
            message: report.message + &self.turn(),
            expected: report.expected,
            seen: report.seen,
            labels,
            why: report.why,
            help: report.help,
            path: source.map_or_else(String::new, |source| source.name.clone()),
            line,
            script: source.map_or_else(String::new, |source| source.text.clone()),
            mend: report.mend,
            order: None,
        })
    }

    /// A label; an empty one for a place in an included file, which is not shown.
    fn place(&self, span: Span, text: impl Into<String>) -> Place {
        if span.source == self.view.scenario.source {
            Place { start: span.start as usize, end: span.end as usize, text: text.into() }
        } else {
            Place { start: 0, end: 0, text: text.into() }
        }
    }

    /// The words of the step that is being taken: those of one order of an `interleave`, straight, stand in no source.
    pub fn text(&self, step: &Step) -> String {
        let scenario = self.view.scenario;
        let straight = scenario.written.as_ref().filter(|_| scenario.interleavings.is_empty());
        let words = straight.and_then(|straight| straight.lines.get(self.now));
        words.map_or_else(|| written(self.sources, step.span), Wording::text)
    }

    fn span(&self, step: usize) -> Span {
        self.view.scenario.steps.get(step).map_or_else(Span::default, |step| step.span)
    }

    /// The line of a step.
    fn line(&self, step: usize) -> usize {
        let span = self.span(step);
        self.sources.get(span.source as usize).map_or(0, |source| source.line(span.start as usize))
    }

    /// Which turn of a `for` this is, where the line is taken more than once.
    fn turn(&self) -> String {
        let steps = &self.view.scenario.steps;
        let Some(step) = steps.get(self.now) else { return String::new() };
        // A line that one order adds, such as `resumes`, has the place of the call that it belongs to.
        let alike =
            |other: &&Step| other.span == step.span && !other.same_line && discriminant(&other.what) == discriminant(&step.what);
        let turns = |steps: &[Step]| steps.iter().filter(alike).count();
        match (turns(steps), turns(steps.get(..=self.now).unwrap_or(&[]))) {
            (0 | 1, _) => String::new(),
            (all, this) => format!(" (turn {this} of {all})"),
        }
    }
}

/// `text` where it is short enough for a sentence.
fn brief(text: &str) -> Option<&str> {
    (text.chars().count() <= 40).then_some(text)
}

/// What was expected, as a noun.
fn wanted(text: &str) -> String {
    match text {
        "ok" => "success".to_owned(),
        text => brief(text).map_or_else(|| "something else".to_owned(), |text| format!("`{text}`")),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
