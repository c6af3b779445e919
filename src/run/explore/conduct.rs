//! The coordinator of a scenario with `interleave`: it takes orders from the queue, and runs each in a world that is as new to the script.

use super::columns::{Column, columns};
use super::ran::{Detail, Ran, Told};
use super::{Exploration, Guide, Task};
use crate::journal::{End, Event, Mismatch, Status};
use crate::operation;
use crate::run::coordinator::{Ground, Part, build, start};
use crate::run::divergence;
use crate::run::history::History;
use crate::run::limits;
use crate::run::log::Log;
use crate::run::play::{Finish, Order, Places, Play};
use crate::run::sight::{Sight, sight};
use crate::run::watch::shared_memory;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// Runs orders until there are none left, or this world can serve no other.
pub fn conduct(part: Part<'_>, exploration: Exploration<'_>) -> Status {
    let Part { scenario, work, mut log, pulse, plan, doors } = part;
    operation::reboot::born_in_a_pid_namespace();
    let built = build(scenario, work, plan);
    let _ = doors.leave_world();
    let reuse = plan.hierarchies.is_empty() && plan.real.is_none() && sight(scenario) != Sight::Files;
    let last_pid = File::options().write(true).open("/proc/sys/kernel/ns_last_pid").ok();
    let columns = columns(scenario);
    let mut fresh = true;
    while let Some(task) = exploration.queue.take(pulse) {
        pulse.begin(shared_memory());
        if !std::mem::take(&mut fresh) {
            renew(last_pid.as_ref());
        }
        let part = Part { scenario, work, log: Log::apart(None, pulse), pulse, plan, doors };
        let (told, further) = match &built {
            Ok(ground) => one(part, exploration, ground.clone(), task, &columns),
            Err(why) => (Told::Failed(why.clone()), Vec::new()),
        };
        log.write_line(&told);
        exploration.queue.finish(&further);
        if !reuse {
            break;
        }
        end_all();
    }
    log.flush();
    Status::Passed
}

/// Runs one order; gives what came of it, and what is to be tried besides.
fn one(part: Part<'_>, exploration: Exploration<'_>, ground: Ground, task: Task, columns: &[Column]) -> (Told, Vec<Task>) {
    let Part { scenario, work, pulse, plan, .. } = part;
    let number = task.number;
    let (stage, knowledge) = match start(scenario, work, pulse, plan, ground) {
        Ok(staged) => staged,
        Err(why) => return (Told::Failed(why), Vec::new()),
    };
    let mut log = Log::apart(exploration.detailed.then(Vec::new), pulse);
    let mut play = Play {
        scenario,
        sources: work.sources,
        stage,
        knowledge,
        history: History::new(scenario.actors.len()),
        log: &mut log,
        pulse,
        unsaid: Vec::new(),
        known_blocked: Vec::new(),
        now: 0,
        limits: work.limits,
        places: Places::default(),
    };
    let mut order = Order::new(Guide::new(exploration.how, exploration.wide, task));
    let mut finish = play.run_order(&mut order);
    if let Some(hit) = limits::reached(&play.stage, scenario, &work.limits) {
        finish = Finish::Diverged(Box::new(limits::mismatch(scenario, work.sources, play.now, hit, &work.limits)));
    }
    let schedule = order.guide.taken.clone();
    let further = std::mem::take(&mut order.guide.further);
    let (end, mismatch) = match finish {
        Finish::Redundant => return (Told::Redundant { ended: order.ended }, further),
        Finish::Impossible(actor) => {
            let state = play.facts().state(actor);
            return (Told::Impossible { number, actor, state, schedule }, further);
        }
        Finish::Complete => (End::Complete, None),
        Finish::Deadlock(waiting) => {
            let mismatch = exploration.detailed.then(|| divergence::deadlock(&play.facts(), &waiting));
            (End::Deadlock, mismatch)
        }
        Finish::Diverged(mismatch) => (End::Diverged, Some(mismatch)),
    };
    let values = match end {
        End::Complete => columns.iter().map(|column| column.show(&play.view())).collect(),
        End::Deadlock | End::Diverged => Vec::new(),
    };
    let diverged = mismatch.as_ref().map(|mismatch| (mismatch.code.clone(), mismatch.line));
    drop(play);
    let detail = exploration.detailed.then(|| Box::new(detail(log, order.lines, mismatch)));
    let (judged, ended) = (order.judged, order.ended);
    let preemptions = order.guide.preemptions;
    (Told::Ran(Box::new(Ran { number, schedule, preemptions, end, values, judged, ended, diverged, detail })), further)
}

fn detail(log: Log, lines: Vec<crate::scenario::Line>, mismatch: Option<Box<Mismatch>>) -> Detail {
    let steps = log.into_kept().into_iter().filter_map(|event| match event {
        Event::Step(taken) => Some(taken),
        _ => None,
    });
    Detail { lines, steps: steps.collect(), mismatch: mismatch.map(|mismatch| *mismatch) }
}

/// Ends every process of the world but this one, which is its first, and waits until they are gone.
fn end_all() {
    // SAFETY: kill(2) takes integers only; from pid 1 it reaches all of its pid namespace and of those below.
    unsafe { libc::kill(-1, libc::SIGKILL) };
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable. It fails when there are no children left.
    while unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL) } > 0 {}
}

/// Makes the world new again for a script that sees none of its files: it has nothing from the order before but this process.
fn renew(last_pid: Option<&File>) {
    // SAFETY: unshare(2) takes flags only. Where the kernel refuses, the actors could not be told from the order before: so this process ends.
    if unsafe { libc::unshare(libc::CLONE_NEWIPC) } != 0 {
        std::process::exit(3);
    }
    // Pids begin anew: the file takes the last that was given. Where it cannot be written, they go on.
    let _ = last_pid.map(|file| file.write_at(b"1", 0));
    // The actors are forked from here, and stay open to each other; see `coordinator::hide`.
    // SAFETY: this prctl(2) takes integers only.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) };
}
