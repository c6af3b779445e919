//! A scenario whose world leaves traces on the host, cgroups or what it was allowed to change: it gets a sandbox for itself, beside which a
//! caretaker stands. What it wrote down is handed on only when all is put right.

use super::caretaker::Caretaker;
use super::log::Log;
use super::pulse::Pulse;
use super::sandbox::{Ended, Report, Sandbox};
use super::traces::{self, Trace, cgroup_name, remember, sweep, thaw};
use super::worker::{Work, place, strike};
use super::world::{Ids, Plan, cgroup};
use super::{advice, log};
use crate::journal::Event;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Plays run number `run` in a sandbox of its own; gives whether it diverged.
///
/// # Errors
///
/// Why the run failed, or why the host is not as it was.
pub fn play(
    work: &Work<'_>,
    plan: Plan,
    run: usize,
    pipe: &OwnedFd,
    pulse: Pulse,
    processor: Option<usize>,
) -> Result<bool, String> {
    // Nobody else may change these files meanwhile: what is remembered must be what was there before anybody changed it.
    let locks = lock(&plan)?;
    let mut traces = remembered(&plan)?;
    sweep(&plan.hierarchies);
    let owner = if plan.real.is_some() { (0, 0) } else { Ids::find(&plan.ids)?.root() };
    let name = cgroup_name(run);
    traces.extend(cgroup::tops(&plan.hierarchies, &name).map(Trace::Cgroup));
    // Before there is anything to put right: this process may be killed at any moment.
    let mut caretaker = Caretaker::start(traces).map_err(|error| format!("the caretaker could not be started: {error}"))?;
    let doors = match cgroup::make(&plan.hierarchies, &name, owner) {
        Ok(doors) => doors,
        Err(error) => {
            caretaker.finish()?;
            return Err(error.to_string());
        }
    };
    let journal = journal().map_err(|error| format!("no memory for the journal: {error}"))?;
    let result = Sandbox::start(work, plan, doors, &journal, pulse, processor).map_err(|error| advice::explain(&error)).and_then(
        |mut sandbox| {
            caretaker.watch(sandbox.pid()).map_err(|error| format!("the caretaker is gone: {error}"))?;
            let result = sandbox.play(run, pulse, work.limits).result;
            let at = pulse.read().2;
            // In this order: who is let go on must not get anywhere.
            sandbox.kill();
            thaw(caretaker.traces());
            match result {
                Ok(Report::Done(diverged)) => Ok(diverged),
                Ok(Report::Failed(why)) => Err(why),
                Err(ended) => {
                    // Nothing may write behind what is written here.
                    drop(sandbox);
                    let scenario = work.scenarios.get(run / work.repeat).ok_or("there is no such scenario")?;
                    match ended {
                        Ended::Limit(hit) => {
                            let journal =
                                journal.try_clone().map_err(|error| format!("the journal cannot be written: {error}"))?;
                            strike(Log::new(journal, run, work.live, pulse), scenario, work, at, hit);
                            Ok(true)
                        }
                        Ended::Lost(why) => Err(format!("{why}{}", place(scenario, work.sources, at))),
                    }
                }
            }
        },
    );
    let right = caretaker.finish();
    drop(locks);
    let failed = result.is_err() || right.is_err();
    hand_on(journal, pipe, failed).map_err(|error| format!("the journal could not be handed on: {error}"))?;
    right?;
    result
}

/// Locks the paths of the host that a scenario may change, in one order for everybody.
fn lock(plan: &Plan) -> Result<Vec<File>, String> {
    let mut paths: Vec<&String> = plan.real.iter().flat_map(|real| &real.paths).collect();
    paths.sort();
    paths.dedup();
    let lock = |path: &String| {
        let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
        // SAFETY: flock(2) takes integers only. Where the file system has no locks, two such scenarios at a time are the user's affair.
        unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX) };
        Ok(file)
    };
    paths.into_iter().map(lock).collect()
}

fn remembered(plan: &Plan) -> Result<Vec<Trace>, String> {
    let paths = plan.real.iter().flat_map(|real| &real.paths);
    paths.map(|path| remember(path).map_err(|error| format!("{path}: {error}"))).collect::<Result<Vec<traces::Trace>, _>>()
}

/// A file in memory that takes what a coordinator writes.
fn journal() -> std::io::Result<OwnedFd> {
    // SAFETY: memfd_create(2) reads a constant string.
    let fd = unsafe { libc::memfd_create(c"journal".as_ptr(), libc::MFD_CLOEXEC) };
    if fd < 0 {
        return Err(std::io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Hands on what was written; without the verdict where a worse one follows.
fn hand_on(journal: OwnedFd, pipe: &OwnedFd, failed: bool) -> std::io::Result<()> {
    let mut journal = File::from(journal);
    journal.rewind()?;
    let mut text = String::new();
    journal.read_to_string(&mut text)?;
    let mut pipe = File::from(pipe.try_clone()?);
    for line in text.split_inclusive('\n') {
        let is_verdict = || matches!(log::parse(line), Some((_, Event::Verdict(_))));
        if !(failed && is_verdict()) {
            pipe.write_all(line.as_bytes())?;
        }
    }
    Ok(())
}
