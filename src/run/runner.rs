//! The runner: starts the workers, gathers what they write, and hands it on in the order of the scenarios.

use super::explore::{self, Orders};
use super::limits::Limits;
use super::log::{self, Durations, Live};
use super::needs;
use super::plan;
use super::pulse::Pulses;
use super::stage::Scheduling;
use super::text;
use super::worker::{self, Work};
use crate::journal::{Event, Script, Status, Summary, Timing, Verdict};
use crate::scenario::Scenario;
use crate::text::{Source, SourceId};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Instant;

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Scenarios side by side.
    pub jobs: usize,
    /// How often each is run.
    pub repeat: u32,
    /// What to allow and when to stop.
    pub policy: Vec<Policy>,
    /// The most that one scenario may use.
    pub limits: Limits,
    /// Which orders of a scenario with `interleave` are run.
    pub orders: Orders,
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
    /// Give the durations of scenarios and steps.
    Timings,
    /// Leave the actors to the ordinary scheduler, even where more is allowed.
    OrdinaryScheduling,
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
    sink: &mut dyn FnMut(News),
) -> Result<Summary, RunError> {
    let has = |policy| options.policy.contains(&policy);
    let repeat = options.repeat.max(1) as usize;
    let jobs = options.jobs.clamp(1, (scenarios.len() * repeat).max(1));
    let broken = |error: io::Error| RunError { message: format!("no worker could be started: {error}"), help: None };
    one_thread().map_err(broken)?;
    let skips: Vec<Option<String>> = scenarios.iter().map(|scenario| needs::unmet(scenario, has(Policy::Privileged))).collect();
    let plans = plan::plans(scenarios, sources);
    give_back_memory();
    let mut desk = Desk::new(scenarios, sources, repeat, has(Policy::DenySkip), sink);
    let mut stopped = false;
    for part in parts(scenarios, &skips) {
        let work = Work {
            scenarios: scenarios.get(..part.end).unwrap_or(scenarios),
            sources,
            repeat,
            pulses: Pulses::map(jobs, part.start * repeat).map_err(broken)?,
            live: if has(Policy::Live) { Live::EachStep } else { Live::AtTheEnd },
            durations: if has(Policy::Timings) { Durations::Told } else { Durations::Untold },
            scheduling: if has(Policy::OrdinaryScheduling) { Scheduling::Normal } else { Scheduling::Fifo },
            skips: &skips,
            plans: &plans,
            fail_fast: has(Policy::FailFast),
            limits: options.limits,
            exploration: None,
        };
        let explored = scenarios.get(part.start).filter(|scenario| !scenario.interleavings.is_empty() && part.len() == 1);
        match explored.filter(|_| matches!(skips.get(part.start), Some(None))) {
            Some(_) => {
                text::settle();
                for turn in 0..repeat {
                    let run = part.start * repeat + turn;
                    let began = Instant::now();
                    let mut take = |news| match news {
                        News::Event(event) => {
                            // Its orders are run side by side, so that it has a duration and none of them has.
                            if let (Durations::Told, Event::Verdict(Verdict { id, .. })) = (work.durations, &event) {
                                let microseconds = log::whole(began.elapsed());
                                desk.take(run, Event::Timing(Timing { id: id.clone(), microseconds, steps: Vec::new() }));
                            }
                            desk.take(run, event);
                        }
                        orders @ News::Orders { .. } => (desk.sink)(orders),
                    };
                    explore::explore(work, part.start, jobs, &options.orders, &mut take).map_err(broken)?;
                }
                stopped |= explore::interrupted();
                stopped |= has(Policy::FailFast) && desk.summary.diverged > 0;
            }
            None => {
                employ(work, jobs.min(part.len() * repeat), &mut |line| {
                    if let Some((run, event)) = log::parse(line) {
                        desk.take(run, event);
                    }
                })
                .map_err(broken)?;
                stopped |= work.pulses.stopped();
            }
        }
        work.pulses.drop_from_memory();
        if stopped {
            break;
        }
    }
    Ok(desk.close(stopped))
}

/// The scenarios in parts: each with an `interleave` by itself, for all workers are needed for its orders; those between them together.
fn parts(scenarios: &[Scenario], skips: &[Option<String>]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut before = None;
    for (at, scenario) in scenarios.iter().enumerate() {
        let apart = !scenario.interleavings.is_empty() && matches!(skips.get(at), Some(None));
        match parts.last_mut() {
            Some(part) if !apart && before == Some(false) => part.end = at + 1,
            _ => parts.push(at..at + 1),
        }
        before = Some(apart);
    }
    parts
}

/// A worker, and the pipe on which it writes.
struct Worker {
    pid: i32,
    pipe: Option<OwnedFd>,
    text: Vec<u8>,
}

/// Bytes of events that a worker may be ahead of the runner.
const PIPE: i32 = 1 << 20;

/// What a run tells while it goes on.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "each is handed on at once, nearly all are events, and a box for each would be one more call of malloc"
)]
pub enum News {
    /// Something that the journal holds.
    Event(Event),
    /// How far the orders of the scenario at hand are, of as many as there may be.
    Orders {
        /// So many were run.
        run: u64,
        /// Of so many, where that is known.
        of: Option<u64>,
    },
}

/// Has `jobs` workers do `work`, and gives each line that they write to `take`, until all have ended; an empty one when a signal has come.
///
/// # Errors
///
/// When a worker could not be started.
pub fn employ(work: Work<'_>, jobs: usize, take: &mut dyn FnMut(&str)) -> io::Result<()> {
    let mut workers = Vec::new();
    for number in 0..jobs {
        workers.push(hire(work, number, &workers)?);
    }
    gather(&mut workers, take);
    for worker in &workers {
        let mut status = 0;
        // SAFETY: waitpid(2) fills a local variable.
        while unsafe { libc::waitpid(worker.pid, &raw mut status, 0) } < 0
            && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted
        {}
    }
    Ok(())
}

fn hire(work: Work<'_>, number: usize, others: &[Worker]) -> io::Result<Worker> {
    let (read, write) = nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
    // Where the kernel refuses the larger pipe, its writers wait more often.
    let _ = nix::fcntl::fcntl(&write, nix::fcntl::FcntlArg::F_SETPIPE_SZ(PIPE));
    // SAFETY: getpid(2) takes nothing and cannot fail.
    let runner = unsafe { libc::getpid() };
    // SAFETY: this process has one thread; the child goes on with a copy of everything.
    match unsafe { libc::fork() } {
        0 => {
            drop(read);
            for other in others {
                if let Some(pipe) = &other.pipe {
                    // SAFETY: close(2) on a copy that this process will never use; its owner is never dropped here.
                    unsafe { libc::close(std::os::fd::AsRawFd::as_raw_fd(pipe)) };
                }
            }
            worker::work(work, number, write, runner)
        }
        pid if pid > 0 => Ok(Worker { pid, pipe: Some(read), text: Vec::new() }),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Reads from all workers until each has closed its pipe.
fn gather(workers: &mut [Worker], take: &mut dyn FnMut(&str)) {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    loop {
        let open: Vec<usize> =
            (0..workers.len()).filter(|&at| workers.get(at).is_some_and(|worker| worker.pipe.is_some())).collect();
        if open.is_empty() {
            return;
        }
        let mut polls: Vec<PollFd<'_>> = open
            .iter()
            .filter_map(|&at| workers.get(at)?.pipe.as_ref())
            .map(|pipe| PollFd::new(pipe.as_fd(), PollFlags::POLLIN))
            .collect();
        if poll(&mut polls, PollTimeout::NONE).is_err() {
            take("");
            continue;
        }
        let ready: Vec<usize> = open
            .iter()
            .zip(&polls)
            .filter(|(_, poll)| poll.revents().is_some_and(|events| !events.is_empty()))
            .map(|(&at, _)| at)
            .collect();
        for at in ready {
            if let Some(worker) = workers.get_mut(at) {
                read_from(worker, take);
            }
        }
    }
}

fn read_from(worker: &mut Worker, take: &mut dyn FnMut(&str)) {
    let mut buffer = [0u8; 65536];
    let Some(pipe) = worker.pipe.take() else { return };
    let mut file = std::fs::File::from(pipe);
    match file.read(&mut buffer) {
        Ok(0) => return,
        Ok(got) => worker.text.extend(buffer.get(..got).unwrap_or(&[])),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
        Err(_) => return,
    }
    worker.pipe = Some(OwnedFd::from(file));
    // What is behind the last end of a line waits for the rest of its line.
    let Some(end) = worker.text.iter().rposition(|&byte| byte == b'\n') else { return };
    let rest = worker.text.split_off(end + 1);
    for line in std::mem::replace(&mut worker.text, rest).split(|&byte| byte == b'\n') {
        if let Ok(line) = std::str::from_utf8(line) {
            take(line);
        }
    }
}

/// Puts what comes in into the order of the scenarios.
struct Desk<'a> {
    scenarios: &'a [Scenario],
    sources: &'a [Source],
    /// Scripts whose text has been given.
    told: Vec<SourceId>,
    repeat: usize,
    deny_skip: bool,
    sink: &'a mut dyn FnMut(News),
    summary: Summary,
    /// The next run whose events are to be handed on.
    next: usize,
    waiting: BTreeMap<usize, Vec<Event>>,
    /// What the first run of the scenario at hand wrote.
    first: Vec<Event>,
    /// How the scenario at hand ended so far, over its repetitions.
    verdict: Option<Verdict>,
}

impl<'a> Desk<'a> {
    fn new(
        scenarios: &'a [Scenario],
        sources: &'a [Source],
        repeat: usize,
        deny_skip: bool,
        sink: &'a mut dyn FnMut(News),
    ) -> Self {
        let summary = Summary::default();
        Self {
            scenarios,
            sources,
            told: Vec::new(),
            repeat,
            deny_skip,
            sink,
            summary,
            next: 0,
            waiting: BTreeMap::new(),
            first: Vec::new(),
            verdict: None,
        }
    }

    fn take(&mut self, run: usize, event: Event) {
        // A worker that reports for a coordinator which was killed cannot know whether the beginning was written.
        let begins_again = matches!(event, Event::Scenario(_)) && self.waiting.get(&run).is_some_and(|events| !events.is_empty());
        if begins_again || run < self.next {
            return;
        }
        if run == self.next && run.is_multiple_of(self.repeat) && !matches!(event, Event::Verdict(_)) {
            self.tell(event.clone());
        }
        self.waiting.entry(run).or_default().push(event);
        while self.waiting.get(&self.next).is_some_and(|events| matches!(events.last(), Some(Event::Verdict(_)))) {
            self.hand_on();
        }
    }

    /// Gives an event of the scenario that is next, and behind the beginning of the first of its script that script.
    fn tell(&mut self, event: Event) {
        let begins = matches!(event, Event::Scenario(_));
        (self.sink)(News::Event(event));
        let source = self.scenarios.get(self.next / self.repeat).map(|scenario| scenario.source);
        if let Some(id) = source.filter(|id| begins && !self.told.contains(id)) {
            self.told.push(id);
            if let Some(Source { name, text, .. }) = self.sources.get(id as usize) {
                let script = Script { path: name.clone(), text: text.clone() };
                (self.sink)(News::Event(Event::Script(script)));
            }
        }
    }

    /// Hands on the run that is complete and next.
    fn hand_on(&mut self) {
        let run = self.next;
        let Some(mut events) = self.waiting.remove(&run) else { return };
        let Some(Event::Verdict(verdict)) = events.pop() else { return };
        // No two runs take the same time.
        events.retain(|event| !matches!(event, Event::Timing(_)));
        if run.is_multiple_of(self.repeat) {
            self.first = events;
            self.verdict = Some(verdict);
        } else if let Some(so_far) =
            self.verdict.as_mut().filter(|so_far| so_far.status == Status::Passed || so_far.status == verdict.status)
            && (self.first != events || *so_far != verdict)
        {
            let number = run % self.repeat + 1;
            *so_far = Verdict {
                id: verdict.id,
                status: if verdict.status == Status::Failed { Status::Failed } else { Status::Diverged },
                reason: Some(format!("run {number} of {} differs from the first", self.repeat)),
            };
            if let Some(different) = events.into_iter().find(|event| matches!(event, Event::Divergence(_))) {
                (self.sink)(News::Event(different));
            }
        }
        self.next += 1;
        if self.next.is_multiple_of(self.repeat)
            && let Some(verdict) = self.verdict.take()
        {
            self.give_verdict(verdict);
        }
        // What the next run has written already was held back until now.
        if self.next.is_multiple_of(self.repeat) {
            let held: Vec<Event> = self.waiting.get(&self.next).cloned().unwrap_or_default();
            held.into_iter().filter(|event| !matches!(event, Event::Verdict(_))).for_each(|event| self.tell(event));
        }
    }

    fn give_verdict(&mut self, mut verdict: Verdict) {
        if verdict.status == Status::Skipped && self.deny_skip {
            verdict.status = Status::Diverged;
            verdict.reason = verdict.reason.map(|reason| format!("skipped, which --deny-skip forbids: {reason}"));
        }
        self.summary.count(verdict.status);
        (self.sink)(News::Event(Event::Verdict(verdict)));
    }

    /// Everything has come in that will come: what is missing was lost with its worker, unless the run was stopped on purpose.
    fn close(mut self, stopped: bool) -> Summary {
        let total = self.scenarios.len() * self.repeat;
        while self.next < total {
            let complete = |events: &Vec<Event>| matches!(events.last(), Some(Event::Verdict(_)));
            if !self.waiting.get(&self.next).is_some_and(complete) {
                let begun = self.waiting.get(&self.next).is_some_and(|events| !events.is_empty());
                if stopped && !begun {
                    self.next += 1;
                    continue;
                }
                let id = self.scenarios.get(self.next / self.repeat).map_or_else(String::new, |scenario| scenario.id.clone());
                let reason = Some("its worker was killed".to_owned());
                let verdict = Event::Verdict(Verdict { id, status: Status::Failed, reason });
                self.waiting.entry(self.next).or_default().push(verdict);
            }
            self.hand_on();
        }
        (self.sink)(News::Event(Event::Summary(self.summary)));
        self.summary
    }
}

/// Gives the kernel back what reading and checking needed: each fork and each end of a process pays for the memory that there is.
fn give_back_memory() {
    #[cfg(target_env = "gnu")]
    // SAFETY: malloc_trim(3) returns free memory only.
    unsafe {
        libc::malloc_trim(0)
    };
}

/// A process that forks and goes on in the child must have one thread: locks of others would stay locked for ever.
fn one_thread() -> io::Result<()> {
    let threads = std::fs::read_dir("/proc/self/task")?.count();
    if threads == 1 { Ok(()) } else { Err(io::Error::other(format!("{threads} threads run before the first fork"))) }
}
