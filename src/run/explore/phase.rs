//! Orders of one scenario, run by all workers.

use super::super::log;
use super::super::runner::employ;
use super::super::worker::Work;
use super::interrupt::interrupted;
use super::ran::{Ran, Told};
use super::{Exploration, How, Queue, Task};
use crate::journal::{Event, Mismatch, Status};
use std::io;
use std::time::{Duration, Instant};

/// What is to be run.
#[derive(Debug, Clone)]
pub struct Phase {
    /// Which orders.
    pub how: How,
    /// The first of them.
    pub tasks: Vec<Task>,
    /// How many at most.
    pub most: u64,
    /// Whether all that happens in them is to be told.
    pub detailed: bool,
    /// Steps that touch more than they say.
    pub wide: Vec<usize>,
}

/// What has been run.
#[derive(Debug, Default)]
pub struct Found {
    /// The orders that came to an end, in the order of their choices.
    pub orders: Vec<Ran>,
    /// Steps that have ended or stopped somebody, though they do not say that they touch everything.
    pub ended: Vec<usize>,
    /// Whether there are more of them than allowed.
    pub exceeded: bool,
    /// Why nothing can be said.
    pub trouble: Option<Trouble>,
}

/// Why nothing can be said of all orders.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// One of them came to a limit.
    Struck(Box<Mismatch>),
    /// This actor could not move after these choices, where it was to.
    Impossible {
        /// Who.
        actor: u16,
        /// What it was doing.
        state: String,
        /// Who had moved.
        schedule: Vec<u16>,
    },
    /// The engine failed.
    Failed(String),
}

/// Time between two words of how far it is.
const BETWEEN: Duration = Duration::from_millis(100);

/// Runs the orders of `phase` of the scenario at `place`, and tells now and then how many were run.
///
/// # Errors
///
/// When no worker could be started.
pub fn run(work: Work<'_>, place: usize, jobs: usize, phase: &Phase, tell: &mut dyn FnMut(u64)) -> io::Result<Found> {
    let queue = Queue::map(&phase.tasks, phase.most)?;
    let exploration = Exploration { scenario: place, queue, how: phase.how, wide: &phase.wide, detailed: phase.detailed };
    // What leaves traces on the host is done by one after the other.
    let apart = work.plans.get(place).is_some_and(|plan| plan.as_ref().is_ok_and(super::super::world::Plan::leaves_traces));
    let jobs = if apart { 1 } else { jobs };
    let work = Work { repeat: 1, fail_fast: false, exploration: Some(exploration), ..work };
    let mut found = Found::default();
    let mut told = Instant::now();
    employ(work, jobs, &mut |line| {
        found.take(line);
        if interrupted() {
            queue.stop();
        } else if told.elapsed() >= BETWEEN {
            told = Instant::now();
            tell(found.orders.len() as u64);
        }
    })?;
    found.exceeded = found.trouble.is_none() && queue.stopped();
    queue.drop_from_memory();
    found.orders.sort_by(|one, other| (&one.schedule, one.number).cmp(&(&other.schedule, other.number)));
    Ok(found)
}

impl Found {
    fn take(&mut self, line: &str) {
        match log::parse::<Told>(line) {
            Some((_, Told::Ran(mut ran))) => {
                self.ended.append(&mut ran.ended);
                self.orders.push(*ran);
            }
            Some((_, Told::Redundant { mut ended })) => self.ended.append(&mut ended),
            Some((_, Told::Impossible { actor, state, schedule, .. })) => {
                self.stop(Trouble::Impossible { actor, state, schedule })
            }
            Some((_, Told::Failed(why))) => self.stop(Trouble::Failed(why)),
            // What a worker writes for a coordinator that it had to end.
            None => match log::parse::<Event>(line) {
                Some((_, Event::Divergence(mismatch))) => self.stop(Trouble::Struck(Box::new(mismatch))),
                Some((_, Event::Verdict(verdict))) if verdict.status == Status::Failed => {
                    self.stop(Trouble::Failed(verdict.reason.unwrap_or_default()));
                }
                _ => {}
            },
        }
    }

    /// The first reason is the one that is told, but that the kernel did otherwise is told rather than what came of that.
    fn stop(&mut self, trouble: Trouble) {
        if self.trouble.is_none() {
            self.trouble = Some(trouble);
        }
    }
}
