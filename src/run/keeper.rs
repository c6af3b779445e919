//! The keeper: pid 1 of an outer world. It builds the world's root, and has scenarios run in inner worlds.

use super::confine::{self, Allowed, Mounts, Network};
use super::coordinator::{self, Part};
use super::heap;
use super::heritage;
use super::log::{Durations, Log};
use super::needs;
use super::pulse::Pulse;
use super::sandbox::{Answer, FAILED};
use super::watch::shared_memory;
use super::worker::{Work, die_with_parent};
use super::world::cgroup::Doors;
use super::world::{self, Plan, WorldError};
use crate::journal::Status;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

/// What a world is built of.
pub struct Ground<'a> {
    /// What it maps and shows.
    pub plan: &'a Plan,
    /// The ways into its cgroups.
    pub doors: &'a Doors,
    /// Where coordinators write.
    pub pipe: &'a OwnedFd,
    /// Their sign of life.
    pub pulse: Pulse,
}

/// Pid 1 of the outer world: builds it, then runs scenarios in inner worlds, each in a child of its own.
pub fn keep(work: Work<'_>, ground: &Ground<'_>, mut line: UnixStream) -> ! {
    let mut go = [0u8; 1];
    if line.read_exact(&mut go).is_err() {
        std::process::exit(1);
    }
    // Asked here once, for all coordinators that are forked from this process.
    needs::kernel();
    let proc = match world::build_outer(ground.plan) {
        Ok(proc) => proc,
        Err(error) => {
            say(&mut line, Err(&error));
            std::process::exit(1);
        }
    };
    heritage::give_up();
    // With real root there is no user namespace whose counts these are: they would be the machine's.
    if ground.plan.real.is_none() {
        confine::namespaces(&proc);
        confine::resources(&work.limits);
    }
    // After the change of ids, which clears it.
    die_with_parent();
    // What is under it from here on makes no sockets and asks for nothing else that it refuses.
    if let (Some(network), mounts @ Mounts::Own) = (ground.plan.filter, ground.plan.mounts)
        && let Err(error) = confine::system_calls(Allowed { network, mounts })
    {
        say(&mut line, Err(&world::failed("confine the world")(error)));
        std::process::exit(1);
    }
    heap::fill_holes();
    say(&mut line, Ok(Answer::default()));
    let mut run = [0u8; 4];
    while line.read_exact(&mut run).is_ok() {
        let mut next = Some(u32::from_le_bytes(run) as usize);
        while let Some(run) = next.take() {
            ground.pulse.begin(shared_memory());
            match inner(&work, ground, &proc, run) {
                // A world that can serve one order only is followed by another.
                Ok(_) if goes_on_exploring(&work, ground.plan) => next = Some(run),
                Ok(status) => {
                    let answer = go_on(&work, ground.plan, status);
                    next = answer.next.filter(|_| answer.goes_on);
                    say(&mut line, Ok(answer));
                }
                Err(error) => say(&mut line, Err(&error)),
            }
        }
    }
    std::process::exit(0)
}

/// Whether orders are left of the scenario that is being explored. Where traces are left, each gets an outer world of its own.
fn goes_on_exploring(work: &Work<'_>, plan: &Plan) -> bool {
    work.exploration.is_some_and(|exploration| !exploration.queue.is_over() && !plan.leaves_traces())
}

/// Draws the next run, so that the worker, which may have to wait for a processor, need not be asked between two scenarios that have the
/// same outer world.
fn go_on(work: &Work<'_>, plan: &Plan, status: Status) -> Answer {
    let diverged = status == Status::Diverged;
    if work.exploration.is_some() {
        return Answer { diverged, ..Answer::default() };
    }
    if diverged && work.fail_fast {
        work.pulses.stop();
    }
    if work.pulses.stopped() || plan.leaves_traces() {
        return Answer { diverged, ..Answer::default() };
    }
    let next = work.pulses.next();
    let at = next / work.repeat;
    let runs = matches!(work.skips.get(at), Some(None));
    let goes_on = runs && work.plans.get(at).is_some_and(|other| other.as_ref() == Ok(plan));
    Answer { diverged, next: Some(next), goes_on }
}

/// Runs one scenario in an inner world, and waits for its end.
fn inner(work: &Work<'_>, ground: &Ground<'_>, proc: &OwnedFd, run: usize) -> Result<Status, WorldError> {
    let &Ground { plan, doors, pipe, pulse } = ground;
    let Some(scenario) = work.scenarios.get(run / work.repeat) else { return Ok(Status::Failed) };
    // Where the filter that keeps sockets away cannot be, a network of its own does it.
    let network = if plan.filter == Some(Network::None) { 0 } else { libc::CLONE_NEWNET };
    let (theirs, ours) =
        nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC).map_err(|errno| world::failed("make a pipe")(errno.into()))?;
    // The root of a cgroup namespace is where its maker is.
    doors.enter_world()?;
    let pid =
        world::born(plan.namespaces(world::INNER) | network).map_err(world::failed("create the namespaces of a scenario"))?;
    if pid == 0 {
        drop(ours);
        die_with_parent();
        let mut go = [0u8; 1];
        let mapped = File::from(theirs).read_exact(&mut go).is_ok();
        let Ok(pipe) = pipe.try_clone() else { std::process::exit(3) };
        if !mapped {
            std::process::exit(3);
        }
        if plan.hierarchies.is_empty() {
            close_all_but(&pipe);
        }
        let log = Log::new(pipe, run, work.live, pulse);
        let log = if work.durations == Durations::Told { log.timed() } else { log };
        let status = coordinator::conduct(Part { scenario, work, log, pulse, plan, doors });
        // SAFETY: _exit(2) ends this process at once; everything it has to say is written.
        unsafe { libc::_exit(if status == Status::Diverged { 1 } else { 0 }) };
    }
    drop(theirs);
    let left = doors.leave_world();
    let mapped = if plan.real.is_some() { Ok(()) } else { world::map_inner(proc, &pid.to_string(), plan) };
    let mapped = left.and(mapped);
    if mapped.is_ok() {
        // A child that is gone already is seen by the wait below.
        let _ = nix::unistd::write(&ours, &[1]);
    }
    drop(ours);
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    unsafe { libc::waitpid(pid, &raw mut status, 0) };
    mapped?;
    match (libc::WIFEXITED(status), libc::WEXITSTATUS(status)) {
        (true, 0) => Ok(Status::Passed),
        (true, 1) => Ok(Status::Diverged),
        // Only reboot(2) ends the first process of a pid namespace like this; a script may call it where it may end its world.
        _ if libc::WIFSIGNALED(status) && matches!(libc::WTERMSIG(status), libc::SIGHUP | libc::SIGINT) => {
            Err(world::lost("the script ended its world by reboot(2), which takes pid 1 with it"))
        }
        _ => Err(world::lost("the coordinator was killed")),
    }
}

/// Closes what the outer layer has open and a coordinator does not need: no descriptor that it has not got can be taken from it.
fn close_all_but(kept: &OwnedFd) {
    let kept = kept.as_raw_fd().cast_unsigned();
    for (first, last) in [(3, kept - 1), (kept + 1, u32::MAX)] {
        if first <= last {
            // SAFETY: close_range(2) takes integers only; the owners of what it closes are never dropped in this process.
            unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
        }
    }
}

fn say(line: &mut UnixStream, result: Result<Answer, &WorldError>) {
    let message = match result {
        Ok(answer) => answer.write(),
        Err(error) => {
            let mut message = vec![FAILED];
            message.extend(error.source.raw_os_error().unwrap_or(0).to_le_bytes());
            let text = if error.step.is_empty() { error.source.to_string() } else { error.step.clone() };
            message.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
            message.extend(text.bytes());
            message
        }
    };
    // A worker that is gone has no use for the answer, and takes this process along.
    let _ = line.write_all(&message);
}
