//! A worker: keeps an outer world, has scenarios run in it one after the other, and ends what does not settle.

use super::explore::Exploration;
use super::guarded;
use super::limits::{self, Hit, Limits};
use super::log::{Durations, Live, Log};
use super::processor::own_processor;
use super::pulse::Pulses;
use super::sandbox::{Ended, Report, Sandbox};
use super::stage::Scheduling;
use super::world::Plan;
use super::world::cgroup::Doors;
use crate::journal::{Event, Status};
use crate::scenario::Scenario;
use crate::text::Source;
use std::os::fd::OwnedFd;

/// All that is to be run, and how.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The scenarios; run number `n` is scenario `n / repeat`.
    pub scenarios: &'a [Scenario],
    /// Every text.
    pub sources: &'a [Source],
    /// How often each scenario is run.
    pub repeat: usize,
    /// Shared with everybody.
    pub pulses: Pulses,
    /// When events are handed on.
    pub live: Live,
    /// Whether durations are written down.
    pub durations: Durations,
    /// How the actors may be scheduled.
    pub scheduling: Scheduling,
    /// Why a scenario cannot run on this machine, by its place.
    pub skips: &'a [Option<String>],
    /// The world that a scenario needs beneath it, or why there is none, by its place.
    pub plans: &'a [Result<Plan, String>],
    /// Whether one divergence ends everything.
    pub fail_fast: bool,
    /// The most that one scenario may use.
    pub limits: Limits,
    /// The orders that are run of one scenario, where it has several.
    pub exploration: Option<Exploration<'a>>,
}

/// Outer worlds that a worker keeps: the scenarios of a folder need one with sockets and one without, in turns.
const AT_HAND: usize = 3;

/// Runs scenarios until there are none left.
pub fn work(work: Work<'_>, number: usize, pipe: OwnedFd, runner: i32) -> ! {
    die_with_parent();
    // A runner that was killed before the line above is not seen by it.
    // SAFETY: getppid(2) takes nothing and cannot fail.
    if unsafe { libc::getppid() } != runner {
        std::process::exit(3);
    }
    if work.exploration.is_some() {
        // Ctrl-C goes to the runner alone, which has what was seen reported.
        // SAFETY: setpgid(2) takes integers only.
        unsafe { libc::setpgid(0, 0) };
    }
    let processor = own_processor(number);
    let pulse = work.pulses.worker(number);
    let mut sandboxes: Vec<Sandbox> = Vec::new();
    let stop_if = |diverged: bool| {
        if diverged && work.fail_fast {
            work.pulses.stop();
        }
    };
    let mut drawn = None;
    while !work.pulses.stopped() {
        let run = match work.exploration {
            Some(exploration) if exploration.queue.is_over() => break,
            Some(exploration) => exploration.scenario,
            None => drawn.take().unwrap_or_else(|| work.pulses.next()),
        };
        let Some(scenario) = work.scenarios.get(run / work.repeat) else { break };
        let Ok(own_pipe) = pipe.try_clone() else { break };
        let log = Log::new(own_pipe, run, work.live, pulse);
        if let Some(Some(reason)) = work.skips.get(run / work.repeat) {
            finish(log, scenario, work.sources, Status::Skipped, reason.clone());
            continue;
        }
        let failed = |log: Log, why: String| {
            stop_exploring(&work);
            finish(log, scenario, work.sources, Status::Failed, why);
        };
        let plan = match work.plans.get(run / work.repeat) {
            Some(Ok(plan)) => plan,
            Some(Err(why)) => {
                failed(log, why.clone());
                continue;
            }
            None => break,
        };
        if plan.leaves_traces() {
            sandboxes.clear();
            match guarded::play(&work, plan.clone(), run, &pipe, pulse, processor) {
                Ok(diverged) => stop_if(diverged),
                Err(why) => failed(log, why),
            }
            continue;
        }
        let at = match sandboxes.iter().position(|sandbox| sandbox.plan == *plan) {
            Some(at) => at,
            None => {
                // The one that was made first goes.
                sandboxes.drain(..(sandboxes.len() + 1).saturating_sub(AT_HAND));
                match Sandbox::start(&work, plan.clone(), Doors::default(), &pipe, pulse, processor) {
                    Ok(sandbox) => sandboxes.push(sandbox),
                    Err(error) => {
                        failed(log, super::advice::explain(&error));
                        continue;
                    }
                }
                sandboxes.len() - 1
            }
        };
        let Some(current) = sandboxes.get_mut(at) else { continue };
        let played = current.play(run, pulse, work.limits);
        drawn = played.next;
        let run = played.run;
        let Some(scenario) = work.scenarios.get(run / work.repeat) else { break };
        let Ok(own_pipe) = pipe.try_clone() else { break };
        let log = Log::new(own_pipe, run, work.live, pulse);
        match played.result {
            Ok(Report::Done(diverged)) => stop_if(diverged),
            Ok(Report::Failed(why)) => {
                stop_exploring(&work);
                finish(log, scenario, work.sources, Status::Failed, why);
            }
            Err(Ended::Limit(hit)) => {
                drop(sandboxes.remove(at));
                stop_exploring(&work);
                strike(log, scenario, &work, pulse.read().2, hit);
                stop_if(true);
            }
            Err(Ended::Lost(why)) => {
                drop(sandboxes.remove(at));
                stop_exploring(&work);
                let why = format!("{why}{}", place(scenario, work.sources, pulse.read().2));
                finish(log, scenario, work.sources, Status::Failed, why);
            }
        }
    }
    drop(sandboxes);
    std::process::exit(0)
}

/// An order could not be brought to its end, so that nothing can be said of all.
fn stop_exploring(work: &Work<'_>) {
    if let Some(exploration) = work.exploration {
        exploration.queue.stop();
    }
}

/// Writes down a scenario that no coordinator has brought to its end.
fn finish(mut log: Log, scenario: &Scenario, sources: &[Source], status: Status, reason: String) {
    log.begin(scenario, sources);
    log.end(scenario, status, Some(reason));
    log.flush();
}

/// Writes down a scenario that had to be ended because of a limit: that is the script's affair, so a divergence.
pub fn strike(mut log: Log, scenario: &Scenario, work: &Work<'_>, step: usize, hit: Hit) {
    let mismatch = limits::mismatch(scenario, work.sources, step, hit, &work.limits);
    let reason = mismatch.message.clone();
    log.begin(scenario, work.sources);
    log.write(Event::Divergence(mismatch));
    log.end(scenario, Status::Diverged, Some(reason));
    log.flush();
}

/// The step that was being taken, for a reason.
pub fn place(scenario: &Scenario, sources: &[Source], step: usize) -> String {
    let Some(step) = scenario.steps.get(step) else { return String::new() };
    let Some(source) = sources.get(step.span.source as usize) else { return String::new() };
    format!(" in line {}: `{}`", source.line(step.span.start as usize), super::divergence::written(sources, step.span))
}

/// Has the kernel kill this process when the one that forked it ends, however it ends.
pub fn die_with_parent() {
    // SAFETY: this prctl(2) takes integers only.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) };
}
