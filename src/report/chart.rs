//! What happened, as a chart: who has which column, what came one moment after the other, who waited from when until when, and whom a
//! step changed. It knows nothing of how it is drawn.

use crate::journal::Taken;
use std::ops::Range;

/// The steps of a run, ready to be drawn.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chart<'a> {
    /// Who acts: one column each, in the order of their first appearance.
    pub columns: Vec<&'a str>,
    /// What happened, first things first.
    pub moments: Vec<Moment<'a>>,
    /// Who waited.
    pub waits: Vec<Wait>,
}

/// A step, and what it did to others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Moment<'a> {
    /// The step first, then those that it resumed or ended: an arrow goes from the first to each other.
    pub acts: Vec<Act<'a>>,
}

/// What happened to one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act<'a> {
    /// Whose column; none for an expectation, which is nobody's.
    pub column: Option<usize>,
    /// What.
    pub taken: &'a Taken,
}

/// A call that has not returned yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    /// Whose.
    pub column: usize,
    /// The moment in which the call was made.
    pub begins: usize,
    /// The moment in which it returned, or its actor ended; none if the chart ends first.
    pub ends: Option<usize>,
    /// What ends it.
    pub until: Until,
}

/// What a wait is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Another actor's step.
    Woken,
    /// A time limit of its own, or another actor's step: nobody says which it was.
    TimeIsUp,
}

/// The chart of `steps`.
pub(super) fn chart(steps: &[Taken]) -> Chart<'_> {
    let mut chart = Chart::default();
    steps.iter().for_each(|taken| chart.add(taken));
    chart
}

impl<'a> Chart<'a> {
    /// The wait of `column` that has begun before `moment`, and lasts until then at least.
    pub fn waiting(&self, column: usize, moment: usize) -> Option<&Wait> {
        let lasts = |wait: &&Wait| wait.begins < moment && wait.ends.is_none_or(|end| end >= moment);
        self.waits.iter().filter(|wait| wait.column == column).find(lasts)
    }

    /// Runs of more than `longest` moments in which one actor did what was expected of it, and nobody began or ceased to wait.
    pub fn runs(&self, longest: usize) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut start = 0;
        for number in 0..=self.moments.len() {
            let goes_on = self.plain(number).is_some() && self.plain(number) == self.plain(start);
            if !goes_on {
                if number > start + longest && self.plain(start).is_some() {
                    runs.push(start..number);
                }
                start = number;
            }
        }
        runs
    }

    /// Who did what was expected in this moment, if that is all that happened.
    fn plain(&self, number: usize) -> Option<usize> {
        let [act] = self.moments.get(number)?.acts.as_slice() else { return None };
        let turns = self.waits.iter().any(|wait| wait.begins == number || wait.ends == Some(number));
        act.column.filter(|_| act.taken.met && !turns)
    }

    fn add(&mut self, taken: &'a Taken) {
        let Some(column) = self.column(taken) else {
            self.moments.push(Moment { acts: vec![Act { column: None, taken }] });
            return;
        };
        let mut open = self.open(column);
        if open.is_none() && taken.call == "resumes" {
            // A pattern may have hidden that the call waited: `-> blocks or EAGAIN`.
            open = self.last_moment_of(column).map(|begins| self.wait(column, begins, Until::Woken));
        }
        let has_cause = is_change(&taken.call) && self.has_cause(column, open);
        let act = Act { column: Some(column), taken };
        match self.moments.last_mut().filter(|_| has_cause) {
            Some(moment) => moment.acts.push(act),
            None => self.moments.push(Moment { acts: vec![act] }),
        }
        let moment = self.moments.len() - 1;
        if let Some(open) = open.filter(|_| taken.call != "stays blocked") {
            self.waits[open].ends = Some(moment);
        }
        match taken.outcome.as_str() {
            "blocks" => _ = self.wait(column, moment, Until::Woken),
            "sleeps" => _ = self.wait(column, moment, Until::TimeIsUp),
            _ => {}
        }
    }

    /// The column of who took this step; a new one for a new actor, none for an expectation.
    fn column(&mut self, taken: &'a Taken) -> Option<usize> {
        if taken.actor.is_empty() {
            return None;
        }
        let known = self.columns.iter().position(|name| *name == taken.actor);
        Some(known.unwrap_or_else(|| {
            self.columns.push(&taken.actor);
            self.columns.len() - 1
        }))
    }

    /// Whether the last step changed `column`: what a step does to others is told right after it.
    fn has_cause(&self, column: usize, open: Option<usize>) -> bool {
        let by_itself = open.is_some_and(|open| self.waits[open].until == Until::TimeIsUp);
        let Some(Moment { acts }) = self.moments.last() else { return false };
        !by_itself && acts.iter().all(|act| act.column.is_some_and(|other| other != column))
    }

    fn wait(&mut self, column: usize, begins: usize, until: Until) -> usize {
        self.waits.push(Wait { column, begins, ends: None, until });
        self.waits.len() - 1
    }

    fn open(&self, column: usize) -> Option<usize> {
        self.waits.iter().rposition(|wait| wait.column == column && wait.ends.is_none())
    }

    fn last_moment_of(&self, column: usize) -> Option<usize> {
        self.moments.iter().rposition(|moment| moment.acts.iter().any(|act| act.column == Some(column)))
    }
}

/// Whether this is not a call but what another's step, or time, did to an actor.
fn is_change(call: &str) -> bool {
    call == "resumes" || call.starts_with("dies ") || call.starts_with("exits ") || call == "dies" || call == "exits"
}
