//! The coordinator: pid 1 of a scenario's world. It builds the inner layer, starts the declared actors, has the steps played, and
//! ends; with it, everything in the world ends.

use super::actor;
use super::channel::Channels;
use super::confine::{self, Allowed, Mounts};
use super::explore;
use super::history::History;
use super::knowledge::Knowledge;
use super::limits;
use super::log::Log;
use super::output::Outputs;
use super::play::{Places, Play};
use super::process::ProcFs;
use super::pulse::Pulse;
use super::sight::sight;
use super::stage::{Scheduling, Stage, uses};
use super::worker::Work;
use super::world::cgroup::Doors;
use super::world::{self, Plan, privileged};
use crate::journal::{Event, Status};
use crate::operation::{self, Trait};
use crate::scenario::{ActorId, Scenario};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

/// What a coordinator needs.
#[derive(Debug)]
pub struct Part<'a> {
    /// What is to be played.
    pub scenario: &'a Scenario,
    /// The run that it is a part of.
    pub work: &'a Work<'a>,
    /// Where it is written down.
    pub log: Log,
    /// The sign of life.
    pub pulse: Pulse,
    /// What its world maps and shows.
    pub plan: &'a Plan,
    /// The ways into the cgroups of its world.
    pub doors: &'a Doors,
}

/// Runs a scenario in a process that was born with the inner namespaces and whose maps are written; gives how it ended.
pub fn conduct(part: Part<'_>) -> Status {
    if let Some(exploration) = part.work.exploration {
        return explore::conduct(part, exploration);
    }
    let Part { scenario, work, mut log, pulse, plan, doors } = part;
    let (sources, limits) = (work.sources, work.limits);
    operation::reboot::born_in_a_pid_namespace();
    log.begin(scenario, sources);
    let staged = build(scenario, work, plan).and_then(|ground| start(scenario, work, pulse, plan, ground));
    // Where an older kernel looks at who moves, and not at who opened the door, this process stays, and is counted with the actors.
    let _ = doors.leave_world();
    let status = match staged {
        Err(error) => {
            log.end(scenario, Status::Failed, Some(error));
            Status::Failed
        }
        Ok((stage, knowledge)) => {
            log.steps_begin();
            let history = History::new(scenario.actors.len());
            let mut play = Play {
                scenario,
                sources,
                stage,
                knowledge,
                history,
                log: &mut log,
                pulse,
                unsaid: Vec::new(),
                known_blocked: Vec::new(),
                now: 0,
                limits,
                places: Places::default(),
            };
            let played = play.run();
            let hit = limits::reached(&play.stage, scenario, &limits);
            let struck = hit.map(|hit| Box::new(limits::mismatch(scenario, sources, play.now, hit, &limits)));
            let played = struck.map_or(played, Err);
            match played {
                Ok(()) => {
                    log.end(scenario, Status::Passed, None);
                    Status::Passed
                }
                Err(mismatch) => {
                    let reason = mismatch.message.clone();
                    log.write(Event::Divergence(*mismatch));
                    log.end(scenario, Status::Diverged, Some(reason));
                    Status::Diverged
                }
            }
        }
    };
    log.flush();
    status
}

/// What a coordinator has before anybody is on stage.
#[derive(Debug, Clone)]
pub struct Ground {
    outputs: Outputs,
    procfs: ProcFs,
    channels: Channels,
    /// How many files an actor may open.
    files: libc::rlimit,
}

/// Builds the world.
///
/// # Errors
///
/// What could not be made.
pub fn build(scenario: &Scenario, work: &Work<'_>, plan: &Plan) -> Result<Ground, String> {
    let sight = sight(scenario);
    world::build_inner(plan, sight).map_err(|error| error.to_string())?;
    let outputs = Outputs::new(work.limits.output, sight).map_err(|error| format!("the outputs could not be made: {error}"))?;
    let procfs = ProcFs::open(sight).map_err(|error| format!("the actors could not be started: {error}"))?;
    // Where mounts are refused, the filter must come behind those of the world itself; see `keeper`.
    if let (Some(network), mounts @ Mounts::None) = (plan.filter, plan.mounts) {
        confine::system_calls(Allowed { network, mounts })
            .map_err(|error| format!("the world could not be confined: {error}"))?;
    }
    keep_from_actors(work).map_err(|error| format!("the actors could not be started: {error}"))?;
    let channels = Channels::map(scenario.actors.len()).map_err(|error| format!("the actors could not be started: {error}"))?;
    Ok(Ground { outputs, procfs, channels, files: open_files_limit() })
}

/// Keeps what the coordinator shares with those outside of the world from all that it will fork: an actor has nothing to say there, and neither
/// has what a script makes of it.
fn keep_from_actors(work: &Work<'_>) -> io::Result<()> {
    work.pulses.keep_from_children()?;
    work.exploration.map_or(Ok(()), |exploration| exploration.queue.keep_from_children())
}

/// Starts the declared actors.
///
/// # Errors
///
/// What could not be done.
pub fn start(
    scenario: &Scenario,
    work: &Work<'_>,
    pulse: Pulse,
    plan: &Plan,
    ground: Ground,
) -> Result<(Stage, Knowledge), String> {
    enter(scenario, work, pulse, plan, ground).map_err(|error| format!("the actors could not be started: {error}"))
}

fn enter(scenario: &Scenario, work: &Work<'_>, pulse: Pulse, plan: &Plan, ground: Ground) -> io::Result<(Stage, Knowledge)> {
    let Ground { outputs, procfs, channels, files: most } = ground;
    let scheduling = settle_scheduling(scenario, work);
    // Kept apart from the terminal's session and from the process group of the runner, which kill(0, …) would reach.
    // SAFETY: setsid(2) takes nothing.
    unsafe { libc::setsid() };
    channels.renew();
    if scenario_filters(scenario) {
        keep_memory_at_hand();
    }
    let declared = scenario.actors.iter().take_while(|actor| actor.born.is_none()).count();
    let files = (0..declared).map(|_| outputs.file()).collect::<io::Result<Vec<_>>>()?;
    let errors = outputs.file()?;
    let mut pids = Vec::new();
    for (index, output) in files.iter().enumerate() {
        // SAFETY: this process has one thread; the child goes on with a copy of everything.
        let pid = unsafe { libc::fork() };
        match pid {
            0 => {
                dress(output, &errors, &most);
                if let Some(real) = &plan.real {
                    privileged::confine(real.capabilities);
                }
                actor::serve(channels, index, &scenario.actors)
            }
            pid if pid > 0 => pids.push(pid),
            _ => return Err(io::Error::last_os_error()),
        }
    }
    if scheduling == Scheduling::Fifo {
        // The actors keep the higher priority that they inherited.
        set_fifo(1)?;
    }
    hide()?;
    let mut stage = Stage::new(scenario, channels, procfs, scheduling, pulse);
    stage.outputs = Some(outputs);
    for (index, pid) in (0 as ActorId..).zip(pids) {
        stage.enter(index, pid)?;
    }
    Ok((stage, Knowledge::new(scenario, files)))
}

/// FIFO scheduling stays only where no step can see it, and where it was granted in the first place.
fn settle_scheduling(scenario: &Scenario, work: &Work<'_>) -> Scheduling {
    let seen = [Trait::Schedules, Trait::Becomes, Trait::Programs, Trait::Threads].into_iter().any(|what| uses(scenario, what));
    // SAFETY: sched_getscheduler(2) takes an integer.
    let granted = unsafe { libc::sched_getscheduler(0) } == libc::SCHED_FIFO;
    if granted && !seen && work.scheduling == Scheduling::Fifo && set_fifo(2).is_ok() {
        // A priority that was given up is not given back: who forks actors for one order after the other stays their equal, and yields to them.
        return if work.exploration.is_some() { Scheduling::Normal } else { Scheduling::Fifo };
    }
    if granted {
        let plain = libc::sched_param { sched_priority: 0 };
        // SAFETY: sched_setscheduler(2) reads a local variable; giving up a priority is always allowed.
        unsafe { libc::sched_setscheduler(0, libc::SCHED_OTHER, &raw const plain) };
    }
    Scheduling::Normal
}

fn set_fifo(priority: i32) -> io::Result<()> {
    let parameters = libc::sched_param { sched_priority: priority };
    // SAFETY: sched_setscheduler(2) reads a local variable.
    let done = unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const parameters) };
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Closes the coordinator to the world: a script has every capability over it, for they share a user namespace, but what is not
/// dumpable and was executed outside can be neither traced nor read, nor its memory written, nor its descriptors taken; see ptrace(2)
/// on access modes. The actors were forked before and stay open to each other.
fn hide() -> io::Result<()> {
    // SAFETY: this prctl(2) takes integers only.
    let done = unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) };
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Gives the coordinator, which watches each actor through a few descriptors, as many as it may have; and what the limit was, for the
/// actors.
fn open_files_limit() -> libc::rlimit {
    let mut files = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit(2) fills a local variable.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut files) };
    let most = libc::rlimit { rlim_cur: files.rlim_max, ..files };
    // SAFETY: setrlimit(2) reads a local variable.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const most) };
    files
}

/// Whether an actor may deny itself the system calls by which the C library gets memory.
fn scenario_filters(scenario: &Scenario) -> bool {
    scenario
        .calls()
        .any(|call| operation::at(call.operation).is_some_and(|operation| matches!(operation.name, "seccomp" | "prctl")))
}

/// Gets memory now that the C library need not ask the kernel for under a script's seccomp filter: an actor forked from here takes it
/// from what it has.
fn keep_memory_at_hand() {
    const ENOUGH: usize = 4 << 20;
    for (option, value) in [(libc::M_TRIM_THRESHOLD, i32::MAX), (libc::M_MMAP_THRESHOLD, 16 << 20)] {
        // SAFETY: mallopt(3) takes integers only.
        unsafe { libc::mallopt(option, value) };
    }
    drop(std::hint::black_box(vec![1u8; ENOUGH]));
}

/// What an actor starts with: descriptors 0, 1, 2 and no others, a process group of its own.
fn dress(output: &OwnedFd, errors: &OwnedFd, files: &libc::rlimit) {
    // SAFETY: setrlimit(2) reads a structure that outlives the call.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, files) };
    // SAFETY: open(2) reads a constant string.
    let null = unsafe { libc::open(c"/dev/null".as_ptr(), libc::O_RDONLY) };
    for (from, to) in [(null, 0), (output.as_raw_fd(), 1), (errors.as_raw_fd(), 2)] {
        // SAFETY: dup2(2) takes integers only.
        unsafe { libc::dup2(from, to) };
    }
    // SAFETY: close_range(2) takes integers only; what it closes, this process does not use any more.
    unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, 0) };
    // SAFETY: setpgid(2) takes integers only.
    unsafe { libc::setpgid(0, 0) };
}
