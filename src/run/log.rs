//! The way of the events from a coordinator to the runner: JSON lines with the number of the run before them, on a pipe.

use super::pulse::Pulse;
use crate::journal::{Begun, Event, Status, Timing, Verdict};
use crate::scenario::Scenario;
use crate::text::Source;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// Where a coordinator or a worker writes events.
#[derive(Debug)]
pub struct Log {
    pipe: Option<OwnedFd>,
    /// Where they are kept instead, if anywhere.
    kept: Option<Vec<Event>>,
    run: usize,
    buffer: Vec<u8>,
    live: Live,
    pulse: Pulse,
    clock: Option<Clock>,
}

/// When the scenario began, when its last step ended, and how long each took.
#[derive(Debug)]
struct Clock {
    began: Instant,
    last: Instant,
    steps: Vec<u64>,
}

/// Bytes that are handed on together: the runner reads them while the scenario goes on.
const PORTION: usize = 32 << 10;

/// When events are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// Each when it happens.
    EachStep,
    /// When there are many, and at the end of the scenario.
    AtTheEnd,
}

/// Whether a scenario's durations are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durations {
    /// They are.
    Told,
    /// They are not: a journal without them is the same for each run.
    Untold,
}

impl Log {
    /// A log for run number `run` on `pipe`. `pulse` learns when the reader keeps its writer waiting.
    pub fn new(pipe: OwnedFd, run: usize, live: Live, pulse: Pulse) -> Self {
        Self { pipe: Some(pipe), kept: None, run, buffer: Vec::new(), live, pulse, clock: None }
    }

    /// The same, with the durations of the scenario and of its steps from now on.
    pub fn timed(self) -> Self {
        let now = Instant::now();
        Self { clock: Some(Clock { began: now, last: now, steps: Vec::new() }), ..self }
    }

    /// A log that hands nothing on: it keeps the events, or nothing at all.
    pub fn apart(kept: Option<Vec<Event>>, pulse: Pulse) -> Self {
        Self { pipe: None, kept, run: 0, buffer: Vec::new(), live: Live::AtTheEnd, pulse, clock: None }
    }

    /// Whether anybody will see what is written.
    pub fn is_read(&self) -> bool {
        self.pipe.is_some() || self.kept.is_some()
    }

    /// Whether what is written is kept, to be told of one order.
    pub fn is_kept(&self) -> bool {
        self.kept.is_some()
    }

    /// What was kept.
    pub fn into_kept(self) -> Vec<Event> {
        self.kept.unwrap_or_default()
    }

    /// Writes that a scenario begins. Who reports for a coordinator that was killed writes it again; the runner keeps the first.
    pub fn begin(&mut self, scenario: &Scenario, sources: &[Source]) {
        self.write(begun(scenario, sources));
    }

    /// The stage is set: the first step begins now.
    pub fn steps_begin(&mut self) {
        if let Some(clock) = &mut self.clock {
            clock.last = Instant::now();
        }
    }

    /// Writes how a scenario ended.
    pub fn end(&mut self, scenario: &Scenario, status: Status, reason: Option<String>) {
        if let Some(clock) = self.clock.take() {
            let microseconds = whole(clock.began.elapsed());
            self.write(Event::Timing(Timing { id: scenario.id.clone(), microseconds, steps: clock.steps }));
        }
        self.write(Event::Verdict(Verdict { id: scenario.id.clone(), status, reason }));
    }

    /// Writes one event.
    pub fn write(&mut self, event: Event) {
        if let (Some(clock), Event::Step(_)) = (&mut self.clock, &event) {
            let now = Instant::now();
            clock.steps.push(whole(now.duration_since(clock.last)));
            clock.last = now;
        }
        match &mut self.kept {
            Some(kept) => kept.push(event),
            None => self.write_line(&event),
        }
    }

    /// Writes anything as a line of its own.
    pub fn write_line(&mut self, what: &impl Serialize) {
        if self.pipe.is_none() {
            return;
        }
        let before = self.buffer.len();
        // A line may be cut short when its writer is killed; the break before makes the next one whole again.
        let begun = write!(self.buffer, "\n{} ", self.run);
        if begun.is_ok() && serde_json::to_writer(&mut self.buffer, what).is_ok() {
            self.buffer.push(b'\n');
        } else {
            self.buffer.truncate(before);
        }
        if self.live == Live::EachStep || self.buffer.len() >= PORTION {
            self.flush();
        }
    }

    /// Hands on what is written. A runner that is gone needs nothing any more.
    pub fn flush(&mut self) {
        let Some(pipe) = &self.pipe else { return };
        // Who reads the report may take all the time in the world, a person with a pager for one.
        self.pulse.hold();
        let mut rest = self.buffer.as_slice();
        while !rest.is_empty() {
            match nix::unistd::write(pipe.as_fd(), rest) {
                Ok(written) => rest = rest.get(written..).unwrap_or(&[]),
                Err(nix::errno::Errno::EINTR) => {}
                Err(_) => break,
            }
        }
        self.buffer.clear();
        self.pulse.release();
    }
}

/// A duration in whole microseconds.
pub fn whole(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The event that a scenario begins.
pub fn begun(scenario: &Scenario, sources: &[Source]) -> Event {
    let source = sources.get(scenario.source as usize);
    Event::Scenario(Begun {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        path: source.map_or_else(String::new, |source| source.name.clone()),
        line: source.map_or(0, |source| source.line(scenario.span.start as usize)),
    })
}

/// Takes a line apart: the number of the run, and what was written; `None` for one that was cut short.
pub fn parse<T: DeserializeOwned>(line: &str) -> Option<(usize, T)> {
    let (run, json) = line.split_once(' ')?;
    Some((run.parse().ok()?, serde_json::from_str(json).ok()?))
}
