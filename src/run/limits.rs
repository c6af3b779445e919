//! How much of the machine a scenario may use, and what is said of one that asks for more.
//!
//! Each limit has two halves: the kernel refuses what would pass it, as far as the kernel can be told without privileges, and the
//! worker looks at the world from outside and ends what has come up to it.

use super::confine;
use super::divergence;
use super::stage::{Stage, uses};
use crate::journal::Mismatch;
use crate::operation::{Operation, Trait};
use crate::scenario::{ActorId, Scenario};
use crate::text::Source;
use crate::value::{Errno, Outcome};
use std::time::Duration;

/// The most that one scenario may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Processes and threads at one time.
    pub processes: u64,
    /// Bytes of memory of all its processes, and of the files that it keeps in memory.
    pub memory: u64,
    /// Bytes that all its actors together write to standard output and standard error.
    pub output: u64,
    /// Milliseconds from its first step to its last.
    pub time: u64,
    /// Milliseconds in which a step settles, beyond time limits of its own.
    pub step: u64,
}

impl Limits {
    /// What holds unless somebody asks for something else.
    pub const USUAL: Self = Self { processes: 1024, memory: 1 << 30, output: 16 << 20, time: 60_000, step: 10_000 };

    /// Takes a limit as it is written on the command line: `memory=64M`, `time=2000`.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = text.split_once('=').ok_or("a limit is written NAME=NUMBER")?;
        let place = match name {
            "processes" => &mut self.processes,
            "memory" => &mut self.memory,
            "output" => &mut self.output,
            "time" => &mut self.time,
            "step" => &mut self.step,
            _ => return Err(format!("no limit is called `{name}`; there are processes, memory, output, time and step")),
        };
        *place = number(value).filter(|&number| number > 0).ok_or_else(|| format!("`{value}` is no number"))?;
        Ok(())
    }
}

fn number(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(['K', 'M', 'G']) {
        Some(digits) if text.ends_with('K') => (digits, 1 << 10),
        Some(digits) if text.ends_with('M') => (digits, 1 << 20),
        Some(digits) => (digits, 1 << 30),
        None => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// A limit that a scenario has come up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// So many processes and threads were there.
    Processes(u64),
    /// So many bytes of memory were in use.
    Memory(u64),
    /// So many descriptors are open in one process.
    Files(u64),
    /// So many files are open in all of its processes, of those that the machine can have.
    Table(u64),
    /// What was written has filled its place.
    Output,
    /// The scenario as a whole takes too long.
    Time,
    /// Nothing has settled for so long.
    Step(Duration),
}

impl Hit {
    /// The code of the divergence.
    pub fn code(self) -> &'static str {
        match self {
            Self::Processes(_) => "limit-processes",
            Self::Memory(_) => "limit-memory",
            Self::Files(_) | Self::Table(_) => "limit-files",
            Self::Output => "limit-output",
            Self::Time | Self::Step(_) => "limit-time",
        }
    }

    fn message(self, limits: &Limits) -> String {
        match self {
            Self::Processes(_) => format!("the world has come to its limit of {} processes and threads", limits.processes),
            Self::Memory(_) => format!("the world has come to its limit of {} of memory", size(limits.memory)),
            Self::Files(most) => format!("the process has come to its limit of {most} open files"),
            Self::Table(most) => format!("the world has come to its limit of {most} open files in all processes together"),
            Self::Output => format!("the output has come to its limit of {}", size(limits.output)),
            Self::Time => format!("the scenario has come to its limit of {} s", seconds(limits.time)),
            Self::Step(quiet) => {
                format!("nothing settled for {} s", seconds(u64::try_from(quiet.as_millis()).unwrap_or(u64::MAX)))
            }
        }
    }

    fn seen(self, limits: &Limits) -> String {
        match self {
            Self::Processes(count) if count > limits.processes => "more of them".into(),
            Self::Processes(_) => "as many of them".into(),
            Self::Memory(_) => "more than that in use".into(),
            Self::Files(_) => "as many, and one more asked for".into(),
            Self::Table(_) => "more of them".into(),
            Self::Output => "as much of it, and more to come".into(),
            Self::Time => "it goes on".into(),
            Self::Step(_) => "it neither returns nor waits for anybody".into(),
        }
    }

    fn expected(self, limits: &Limits) -> String {
        match self {
            Self::Processes(_) => format!("at most {} processes and threads at a time", limits.processes),
            Self::Memory(_) => format!("at most {} in use at a time", size(limits.memory)),
            Self::Files(most) => format!("at most {most} open files in a process"),
            Self::Table(most) => format!("at most {most} open files at a time, a quarter of what the machine can have"),
            Self::Output => format!("at most {} written by all actors together", size(limits.output)),
            Self::Time => format!("an end within {} s", seconds(limits.time)),
            Self::Step(_) => format!("each step returns, blocks or ends within {} s", seconds(limits.step)),
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Processes(_) => {
                "a world has a limited number of processes, zombies and threads among them, so that no script exhausts the machine"
            }
            Self::Memory(_) => {
                "a world has a limited amount of memory, files in /tmp and shared memory among it, so that no script exhausts the machine"
            }
            Self::Files(_) | Self::Table(_) => {
                "the machine has one table of open files for all, so a process and a world may have a limited number of them"
            }
            Self::Output => {
                "what actors and their programs write to descriptors 1 and 2 is kept in memory until the scenario ends"
            }
            Self::Time => "a scenario has a limited time, its own sleeps and time limits among it",
            Self::Step(_) => {
                "a call that neither returns nor sleeps runs without end; a wait for somebody would have been seen as `blocks`"
            }
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Processes(_) => "let children end, and wait for them, before the next ones begin",
            Self::Memory(_) => "use less at a time: give back what is not needed any more with munmap, close or unlink",
            Self::Table(_) => "close what is not needed any more, or use fewer processes at a time",
            Self::Files(_) => "close what is not needed any more; if the error is meant, write `-> EMFILE`",
            Self::Output => "let the program write less, or to a file under /tmp, which has a size of its own",
            Self::Time => "use shorter sleeps, or make several scenarios of it",
            Self::Step(_) => "let the program end, or wait for something, in this step",
        }
    }
}

/// The limit behind the failure of a call that `actor` was to make, if there is one: the kernel says only that there are too many.
pub fn behind(stage: &Stage, actor: ActorId, operation: &Operation, outcome: &Outcome, limits: &Limits) -> Option<Hit> {
    match outcome {
        Outcome::Failed(Errno::EAGAIN) if operation.is(Trait::Forks) => {
            let count = stage.population();
            (count >= limits.processes).then_some(Hit::Processes(count))
        }
        Outcome::Failed(Errno::EMFILE) => {
            let most = stage.open_files_limit(actor)?;
            // One that the script has set is its own affair.
            let used = |number| stage.is_open(actor, most - number);
            // A call that wants two descriptors fails with one left.
            (most >= confine::FILES.0 && (used(1) || used(2))).then_some(Hit::Files(most))
        }
        _ => None,
    }
}

/// The limit that a world has come to when its scenario ends: what followed from that says nothing. Programs may have been refused
/// a process, or a place for what they print, and have ended as if nothing were wrong.
pub fn reached(stage: &Stage, scenario: &Scenario, limits: &Limits) -> Option<Hit> {
    if stage.output_is_full() {
        return Some(Hit::Output);
    }
    let programs = [Trait::Programs, Trait::Becomes].into_iter().any(|what| uses(scenario, what));
    let count = if programs { stage.population().max(stage.crowd()) } else { 0 };
    (count >= limits.processes).then_some(Hit::Processes(count))
}

/// The divergence of a scenario that came up to a limit while step number `step` was taken.
pub fn mismatch(scenario: &Scenario, sources: &[Source], step: usize, hit: Hit, limits: &Limits) -> Mismatch {
    let span = scenario.steps.get(step).or(scenario.steps.last()).map_or(scenario.span, |step| step.span);
    Mismatch {
        code: hit.code().to_owned(),
        message: hit.message(limits),
        expected: hit.expected(limits),
        seen: hit.seen(limits),
        why: Some(hit.why().to_owned()),
        help: Some(hit.help().to_owned()),
        ..divergence::placed(scenario, sources, span, "in this step")
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
        bytes if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => format!("{bytes} bytes"),
    }
}

fn seconds(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1000) {
        (milliseconds / 1000).to_string()
    } else {
        format!("{}.{}", milliseconds / 1000, milliseconds % 1000 / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_with_units() {
        let mut limits = Limits::USUAL;
        assert_eq!(limits.set("memory=64M"), Ok(()));
        assert_eq!(limits.set("time=1500"), Ok(()));
        assert_eq!((limits.memory, limits.time), (64 << 20, 1500));
        assert!(limits.set("memory=").is_err() && limits.set("memory=0").is_err() && limits.set("memory").is_err());
        assert!(limits.set("disk=1").is_err_and(|why| why.contains("`disk`")));
    }

    #[test]
    fn sizes_and_times_are_said_briefly() {
        assert_eq!([size(1 << 30), size(3 << 20), size(5000)], ["1 GiB", "3 MiB", "5000 bytes"]);
        assert_eq!([seconds(60_000), seconds(1500)], ["60", "1.5"]);
    }
}
