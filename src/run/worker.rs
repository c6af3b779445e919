//! A worker: keeps an outer world, has scenarios run in it one after the other, and ends what does not settle.

use super::confine::{self, Network};
use super::coordinator::{self, Part};
use super::heritage;
use super::limits::{self, Hit, Limits};
use super::log::{Live, Log};
use super::pulse::{Pulse, Pulses};
use super::stage::Scheduling;
use super::watch::{self, Seen, Watch};
use super::world::{self, Plan, WorldError};
use crate::journal::{Event, Status};
use crate::operation::Trait;
use crate::scenario::{NeedKind, Scenario};
use crate::text::Source;
use std::ffi::CString;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

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
    /// How the actors may be scheduled.
    pub scheduling: Scheduling,
    /// Why a scenario cannot run on this machine, by its place.
    pub skips: &'a [Option<String>],
    /// Whether one divergence ends everything.
    pub fail_fast: bool,
    /// The most that one scenario may use.
    pub limits: Limits,
}

/// The outer world of a worker, as the worker sees it.
struct Outer {
    plan: Plan,
    pid: i32,
    line: UnixStream,
}

/// Milliseconds between two looks at a world and its coordinator's sign of life.
const LOOK: i32 = 50;

/// Runs scenarios until there are none left.
pub fn work(work: Work<'_>, number: usize, pipe: OwnedFd, runner: i32) -> ! {
    die_with_parent();
    // A runner that was killed before the line above is not seen by it.
    // SAFETY: getppid(2) takes nothing and cannot fail.
    if unsafe { libc::getppid() } != runner {
        std::process::exit(3);
    }
    let processor = own_processor(number);
    let pulse = work.pulses.worker(number);
    let mut outer: Option<Outer> = None;
    while !work.pulses.stopped() {
        let run = work.pulses.next();
        let Some(scenario) = work.scenarios.get(run / work.repeat) else { break };
        let Ok(own_pipe) = pipe.try_clone() else { break };
        let log = Log::new(own_pipe, run, work.live, pulse);
        if let Some(Some(reason)) = work.skips.get(run / work.repeat) {
            finish(log, scenario, work.sources, Status::Skipped, reason.clone());
            continue;
        }
        let plan = plan(scenario, work.sources);
        if outer.as_ref().is_none_or(|outer| outer.plan != plan) {
            drop(outer.take());
            outer = match Outer::start(&work, plan, &pipe, pulse, processor) {
                Ok(outer) => Some(outer),
                Err(error) => {
                    finish(log, scenario, work.sources, Status::Failed, super::advice::explain(&error));
                    continue;
                }
            };
        }
        let Some(current) = outer.as_mut() else { continue };
        match current.play(run, pulse, work.limits) {
            Ok(Report::Done(diverged)) => {
                if diverged && work.fail_fast {
                    work.pulses.stop();
                }
            }
            Ok(Report::Failed(why)) => finish(log, scenario, work.sources, Status::Failed, why),
            Err(Ended::Limit(hit)) => {
                outer = None;
                strike(log, scenario, &work, pulse.read().2, hit);
                if work.fail_fast {
                    work.pulses.stop();
                }
            }
            Err(Ended::Lost(why)) => {
                outer = None;
                let place = place(scenario, work.sources, pulse.read().2);
                finish(log, scenario, work.sources, Status::Failed, format!("{why}{place}"));
            }
        }
    }
    drop(outer);
    std::process::exit(0)
}

/// What the outer world says of a scenario.
enum Report {
    /// It has written everything down; whether it diverged.
    Done(bool),
    /// The inner world could not be made.
    Failed(String),
}

/// Why a scenario was ended from outside.
enum Ended {
    /// It has come up to a limit.
    Limit(Hit),
    /// Its sandbox is gone, or had to go.
    Lost(String),
}

/// Writes down a scenario that had to be ended because of a limit: that is the script's affair, so a divergence.
fn strike(mut log: Log, scenario: &Scenario, work: &Work<'_>, step: usize, hit: Hit) {
    let mismatch = limits::mismatch(scenario, work.sources, step, hit, &work.limits);
    let reason = mismatch.message.clone();
    log.begin(scenario, work.sources);
    log.write(Event::Divergence(mismatch));
    log.end(scenario, Status::Diverged, Some(reason));
    log.flush();
}

/// Writes down a scenario that no coordinator has brought to its end.
fn finish(mut log: Log, scenario: &Scenario, sources: &[Source], status: Status, reason: String) {
    log.begin(scenario, sources);
    log.end(scenario, status, Some(reason));
    log.flush();
}

/// The step that was being taken, for a reason.
fn place(scenario: &Scenario, sources: &[Source], step: usize) -> String {
    let Some(step) = scenario.steps.get(step) else { return String::new() };
    let Some(source) = sources.get(step.span.source as usize) else { return String::new() };
    format!(" in line {}: `{}`", source.line(step.span.start as usize), super::divergence::written(sources, step.span))
}

/// The world that a scenario needs beneath it.
fn plan(scenario: &Scenario, sources: &[Source]) -> Plan {
    let name = sources.get(scenario.source as usize).map_or(".", |source| source.name.as_str());
    let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let ids = scenario.needs.iter().filter_map(|need| match need.kind {
        NeedKind::Uid(first, last) => Some((first, last)),
        _ => None,
    });
    Plan { folder: CString::new(folder.as_os_str().as_bytes()).unwrap_or_default(), ids: ids.collect() }
}

impl Outer {
    /// Starts the process that is pid 1 of the outer world.
    fn start(work: &Work<'_>, plan: Plan, pipe: &OwnedFd, pulse: Pulse, processor: Option<usize>) -> Result<Self, WorldError> {
        let (mut ours, theirs) = UnixStream::pair().map_err(world::failed("make a socket pair"))?;
        let pid = world::born(world::OUTER).map_err(world::failed("create a user namespace"))?;
        if pid == 0 {
            drop(ours);
            if let Some(processor) = processor {
                pin(processor);
            }
            keep(*work, &plan, theirs, pipe, pulse);
        }
        drop(theirs);
        prefer(pid, work.scheduling);
        offer(pid);
        let mapped = world::map_outer(pid, &plan);
        let mut outer = Self { plan, pid, line: ours.try_clone().map_err(world::failed("copy a socket"))? };
        mapped?;
        ours.write_all(&[1]).map_err(world::failed("start the outer world"))?;
        match outer.answer() {
            Some(Ok(_)) => Ok(outer),
            Some(Err(error)) => Err(error),
            None => Err(WorldError { step: "build the outer world".into(), source: io::Error::other("its process ended") }),
        }
    }

    /// Has run number `run` played, and watches over it.
    fn play(&mut self, run: usize, pulse: Pulse, limits: Limits) -> Result<Report, Ended> {
        pulse.begin();
        let mut watch = None;
        let shared = watch::shared_memory();
        let run = u32::try_from(run).unwrap_or(u32::MAX).to_le_bytes();
        self.line.write_all(&run).map_err(|error| Ended::Lost(format!("the sandbox is gone: {error}")))?;
        loop {
            let mut poll = libc::pollfd { fd: self.line.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: poll(2) reads and fills one pollfd.
            let ready = unsafe { libc::poll(&raw mut poll, 1, LOOK) };
            if ready > 0 {
                return match self.answer() {
                    Some(Ok(diverged)) => Ok(Report::Done(diverged)),
                    Some(Err(error)) => Ok(Report::Failed(super::advice::explain(&error))),
                    None => Err(Ended::Lost("the sandbox was killed".into())),
                };
            }
            match watch.get_or_insert_with(|| Watch::new(self.pid, limits, pulse, shared)).look(pulse) {
                Seen::Well => {}
                Seen::Hit(hit) => return Err(Ended::Limit(hit)),
                Seen::Scarce => return Err(Ended::Lost("the machine has hardly any memory left, so the world was ended".into())),
            }
        }
    }

    /// One answer: how it went, or what failed; `None` when the process is gone.
    fn answer(&mut self) -> Option<Result<bool, WorldError>> {
        let mut head = [0u8; 5];
        self.line.read_exact(&mut head).ok()?;
        let [kind, errno @ ..] = head;
        match kind {
            0 | 1 => Some(Ok(kind == 1)),
            _ => {
                let mut length = [0u8; 4];
                self.line.read_exact(&mut length).ok()?;
                let mut step = vec![0u8; u32::from_le_bytes(length).min(4096) as usize];
                self.line.read_exact(&mut step).ok()?;
                let text = String::from_utf8_lossy(&step).into_owned();
                Some(Err(match i32::from_le_bytes(errno) {
                    0 => lost(&text),
                    errno => WorldError { step: text, source: io::Error::from_raw_os_error(errno) },
                }))
            }
        }
    }
}

impl Drop for Outer {
    fn drop(&mut self) {
        // SAFETY: kill(2) takes integers; the process is our child and not reaped, so that the pid is still its own.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
        let mut status = 0;
        // SAFETY: waitpid(2) fills a local variable. It returns when everything in the pid namespace is gone.
        unsafe { libc::waitpid(self.pid, &raw mut status, 0) };
    }
}

/// Pid 1 of the outer world: builds it, then runs scenarios in inner worlds, each in a child of its own.
fn keep(work: Work<'_>, plan: &Plan, mut line: UnixStream, pipe: &OwnedFd, pulse: Pulse) -> ! {
    let mut go = [0u8; 1];
    if line.read_exact(&mut go).is_err() {
        std::process::exit(1);
    }
    let proc = match world::build_outer(plan) {
        Ok(proc) => proc,
        Err(error) => {
            say(&mut line, Err(&error));
            std::process::exit(1);
        }
    };
    heritage::give_up();
    confine::namespaces(&proc);
    confine::resources(&work.limits);
    // After the change of ids, which clears it.
    die_with_parent();
    say(&mut line, Ok(Status::Passed));
    let mut run = [0u8; 4];
    while line.read_exact(&mut run).is_ok() {
        let run = u32::from_le_bytes(run) as usize;
        let result = inner(&work, plan, &proc, run, pipe, pulse);
        match result {
            Ok(status) => say(&mut line, Ok(status)),
            Err(error) => say(&mut line, Err(&error)),
        }
    }
    std::process::exit(0)
}

/// Runs one scenario in an inner world, and waits for its end.
fn inner(work: &Work<'_>, plan: &Plan, proc: &OwnedFd, run: usize, pipe: &OwnedFd, pulse: Pulse) -> Result<Status, WorldError> {
    let Some(scenario) = work.scenarios.get(run / work.repeat) else { return Ok(Status::Failed) };
    // Where the filter that keeps sockets away cannot be, a network of its own does it.
    let filtered = !confine::forbids_filters(scenario);
    let network = if super::stage::uses(scenario, Trait::Network) || !filtered { libc::CLONE_NEWNET } else { 0 };
    let (mut ours, mut theirs) = UnixStream::pair().map_err(world::failed("make a socket pair"))?;
    let pid = world::born(world::INNER | network).map_err(world::failed("create the namespaces of a scenario"))?;
    if pid == 0 {
        drop(ours);
        die_with_parent();
        let mut go = [0u8; 1];
        let mapped = theirs.read_exact(&mut go).is_ok();
        drop(theirs);
        let Ok(pipe) = pipe.try_clone() else { std::process::exit(3) };
        if !mapped {
            std::process::exit(3);
        }
        close_all_but(&pipe);
        let log = Log::new(pipe, run, work.live, pulse);
        let network = if network == 0 { Network::None } else { Network::Own };
        let part = Part { scenario, work, log, pulse, filter: filtered.then_some(network) };
        let status = coordinator::conduct(part);
        // SAFETY: _exit(2) ends this process at once; everything it has to say is written.
        unsafe { libc::_exit(if status == Status::Diverged { 1 } else { 0 }) };
    }
    drop(theirs);
    let mapped = world::map_inner(proc, &pid.to_string(), plan);
    if mapped.is_ok() {
        // A child that is gone already is seen by the wait below.
        let _ = ours.write_all(&[1]);
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
            Err(lost("the script ended its world by reboot(2), which takes pid 1 with it"))
        }
        _ => Err(lost("the coordinator was killed")),
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

/// A world that was made, and is gone.
fn lost(why: &str) -> WorldError {
    WorldError { step: String::new(), source: io::Error::other(why) }
}

fn say(line: &mut UnixStream, result: Result<Status, &WorldError>) {
    let message = match result {
        Ok(status) => vec![u8::from(status == Status::Diverged), 0, 0, 0, 0],
        Err(error) => {
            let mut message = vec![2];
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

/// Has the kernel kill this process when the one that forked it ends, however it ends.
fn die_with_parent() {
    // SAFETY: this prctl(2) takes integers only.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) };
}

/// The processor that worker `number` keeps to: a sandbox's processes belong on one, sandboxes side by side on different ones.
fn own_processor(number: usize) -> Option<usize> {
    // SAFETY: cpu_set_t is plain bits, for which zero is a value.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: sched_getaffinity(2) fills a local set, whose size it is told.
    if unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) } != 0 {
        return None;
    }
    // SAFETY: CPU_ISSET reads a bit of the set, for numbers below its size.
    let allowed: Vec<usize> = (0..libc::CPU_SETSIZE as usize).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) }).collect();
    allowed.get(number.checked_rem(allowed.len())?).copied()
}

fn pin(processor: usize) {
    // SAFETY: as in `own_processor`.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `processor` came out of such a set.
    unsafe { libc::CPU_SET(processor, &mut set) };
    // SAFETY: sched_setaffinity(2) reads a local set, whose size it is told. Where it is refused, all still works, only slower.
    unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) };
}

/// Offers the outer world, and all that comes of it, to the kernel as the first to be ended when memory runs out. Written by root, the
/// world cannot take it back; see proc_pid_oom_score_adj(5).
fn offer(pid: i32) {
    // Where it is refused, the largest process is chosen, which is the same in nearly all cases.
    let _ = std::fs::write(format!("/proc/{pid}/oom_score_adj"), "1000");
}

/// Gives the outer world, and all that comes of it, precedence on its processor, where that is allowed. Its first process stands above
/// the actors: to be killed it must run once more, and an actor that never sleeps would keep it from that for ever.
fn prefer(pid: i32, scheduling: Scheduling) {
    if scheduling == Scheduling::Fifo {
        let parameters = libc::sched_param { sched_priority: 3 };
        // SAFETY: sched_setscheduler(2) reads a local variable. A refusal is no matter: there is a way without.
        unsafe { libc::sched_setscheduler(pid, libc::SCHED_FIFO, &raw const parameters) };
    }
}
