//! One scenario of a journal, from its beginning to its verdict, for reports that say all of it at once.

use super::orders::orders;
use super::witness::witness;
use super::{Style, mismatch, one_line};
use crate::journal::{Event, Mismatch, Order, Orders, Status, Taken, Verdict};

/// A scenario, and what came of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Case {
    /// `path::title`, perhaps with parameters.
    pub id: String,
    /// The script's path as given.
    pub path: String,
    /// The line of its title; 0 where nobody knows it.
    pub line: usize,
    /// The steps that were taken.
    pub steps: Vec<Taken>,
    /// What came of the orders of its steps, where there are several.
    pub orders: Option<Orders>,
    /// What was not as expected, as it came.
    pub surprises: Vec<Mismatch>,
    /// How it ended; a scenario without a verdict has passed for no one.
    pub status: Option<Status>,
    /// Why it ended so.
    pub reason: String,
    /// How long it took, where the journal tells.
    pub microseconds: Option<u64>,
}

impl Case {
    /// Its title, with its parameters.
    pub fn name(&self) -> &str {
        self.id.strip_prefix(&self.path).and_then(|rest| rest.strip_prefix("::")).unwrap_or(&self.id)
    }

    /// What is to be said of it in one line: what the first divergence says, or the reason.
    pub fn message(&self, style: Style) -> String {
        let said = self.surprises.first().map_or(&self.reason, |first| &first.message);
        let said = one_line(said, style.glyphs);
        if said.is_empty() { "no reason was given".into() } else { said }
    }

    /// A stable word for what happened: the code of the first divergence, or the status.
    pub fn code(&self) -> &str {
        match (self.surprises.first(), self.status) {
            (Some(first), _) => &first.code,
            (None, Some(Status::Diverged)) => "diverged",
            (None, _) => "failed",
        }
    }

    /// All that is to be said of what was not as expected: each divergence, drawn, with the order that shows it; a reason that none of them
    /// gives; and what came of all orders.
    pub fn page(&self, style: Style) -> String {
        let mut pages = Vec::new();
        let mut shown: Vec<Order> = Vec::new();
        for surprise in &self.surprises {
            pages.push(mismatch(surprise, style));
            if let Some(order) = &surprise.order {
                pages.push(witness(order, &shown, style));
                shown.push(order.as_ref().clone());
            }
        }
        if !self.surprises.iter().any(|surprise| surprise.message == self.reason) {
            pages.extend(Some(self.reason.clone()).filter(|reason| !reason.is_empty()).map(|reason| reason + "\n"));
        }
        pages.extend(self.orders.as_ref().map(|of| orders(of, style)));
        pages.join("\n")
    }

    /// How long it took, in seconds with six places.
    pub fn seconds(&self) -> Option<String> {
        self.microseconds.map(seconds)
    }
}

/// How long all of `cases` took, in seconds; none where the journal does not tell of any.
pub(super) fn seconds_of<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Option<String> {
    let all = cases.into_iter().filter_map(|case| case.microseconds).reduce(u64::saturating_add);
    all.map(seconds)
}

/// Microseconds as seconds.
fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
}

/// Makes cases of events.
#[derive(Debug, Default)]
pub(super) struct Gathering(Case);

impl Gathering {
    /// Takes the next event; gives a scenario when its verdict comes.
    pub fn take(&mut self, event: &Event) -> Option<Case> {
        match event {
            Event::Scenario(begun) => {
                let (id, path) = (begun.id.clone(), begun.path.clone());
                self.0 = Case { id, path, line: begun.line, ..Case::default() };
            }
            Event::Step(taken) => self.0.steps.push(taken.clone()),
            Event::Orders(orders) => self.0.orders = Some(orders.clone()),
            Event::Divergence(surprise) => self.0.surprises.push(surprise.clone()),
            Event::Timing(timing) => self.0.microseconds = Some(timing.microseconds),
            Event::Verdict(verdict) => return Some(self.close(verdict)),
            _ => {}
        }
        None
    }

    fn close(&mut self, verdict: &Verdict) -> Case {
        let mut case = std::mem::take(&mut self.0);
        // A scenario whose worker was killed before it began has a verdict only.
        if case.id != verdict.id {
            let path = verdict.id.split("::").next().unwrap_or_default().into();
            case = Case { id: verdict.id.clone(), path, ..Case::default() };
        }
        case.status = Some(verdict.status);
        case.reason = verdict.reason.clone().unwrap_or_default();
        case
    }
}

/// The cases of each script, in the order in which the scripts came.
pub(super) fn by_path(cases: &[Case]) -> Vec<(&str, Vec<&Case>)> {
    let mut files: Vec<(&str, Vec<&Case>)> = Vec::new();
    for case in cases {
        // Those of one script stand together, as a rule.
        match files.iter_mut().rev().find(|(path, _)| *path == case.path) {
            Some((_, list)) => list.push(case),
            None => files.push((&case.path, vec![case])),
        }
    }
    files
}
