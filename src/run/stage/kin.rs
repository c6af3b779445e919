//! Who belongs together: a fork's parent and child, the threads of one process, and processes of the world that are no actors.

use super::{
    ActorId, Change, Condition, Doing, FIRST_LOOK, Loopback, Operation, Outcome, Player, Process, Seen, Stage, Status, Value,
    pause,
};

/// What there was before a birth.
pub(super) enum Before {
    /// The pids that actors have or had, where all are in one pid namespace and only forks make more.
    Pids(Vec<i32>),
    /// The children of the parent to be.
    Children(Vec<i32>),
    /// Every process, and the threads of the parent to be.
    Tasks(Vec<i32>),
}

impl Stage {
    /// Where programs run that are no actors: whether every process of the world sleeps, and has not run between two looks. One that
    /// sleeps for a time only is on its way.
    pub(super) fn others_settled(&self, process: &Process, doing: Doing) -> bool {
        let actors: Vec<i32> =
            self.actors.iter().filter_map(|player| player.process.as_ref()).map(|process| process.pid).collect();
        let look = || -> Option<Vec<(i32, String)>> {
            let mut counts = Vec::new();
            let everybody = self.procfs.pids().ok()?;
            self.crowd.set(self.crowd.get().max(everybody.len() as u64));
            for pid in everybody.into_iter().filter(|pid| *pid != 1 && !actors.contains(pid)) {
                // One that ended meanwhile has changed something: look again.
                let other = self.procfs.watch(pid).ok()?;
                match self.procfs.doing(&other) {
                    Doing::Gone | Doing::Lingering | Doing::Stopped => {}
                    asleep @ Doing::Asleep(..) if !asleep.ends_by_itself() => {}
                    _ => return None,
                }
                counts.push((pid, self.procfs.read(&format!("{pid}/schedstat")).unwrap_or_default()));
            }
            Some(counts)
        };
        let first = look();
        first.is_some() && first == look() && self.procfs.doing(process) == doing
    }

    /// What there is before a call of `actor` that may bring a child. What a fork gives is the pid of its child, but for pid namespaces, of which a
    /// script without sight of files has one. Else a fork's child is among the children of its parent, which are quickly told where the kernel
    /// tells them at all; any other may be anywhere.
    pub(super) fn before_birth(&self, actor: ActorId, operation: &Operation) -> Before {
        if operation.name == "fork" && !self.procfs.shows_files() {
            return Before::Pids(self.actors.iter().map(|player| player.pid).collect());
        }
        let children = || self.procfs.children(self.process(actor)?);
        match children().filter(|_| operation.name == "fork" && !self.threads) {
            Some(children) => Before::Children(children),
            None => Before::Tasks(self.tasks(actor)),
        }
    }

    /// Every process, and the threads of `actor`'s own: what is there later and not now, is new.
    fn tasks(&self, actor: ActorId) -> Vec<i32> {
        let mut tasks = self.procfs.pids().unwrap_or_default();
        if let Some(process) = self.process(actor)
            && self.threads
        {
            tasks.extend(self.procfs.threads(process.group).into_iter().filter(|tid| *tid != process.group));
        }
        tasks
    }

    /// Takes in the actor that a fork brought: the one process or thread that is new, found in /proc, or, where the actor's word is taken for it,
    /// at least a process that is there and no actor.
    pub(super) fn born(&mut self, parent: ActorId, child: u16, value: &Value, before: &Before) -> Option<Outcome> {
        let said = value.int().and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 0);
        let process = match before {
            Before::Pids(known) => match said.filter(|pid| *pid > 1 && !known.contains(pid)) {
                Some(pid) => self.procfs.watch(pid).ok()?,
                None => self.new_task(parent, known)?,
            },
            Before::Children(before) => {
                let new = self.procfs.children(self.process(parent)?)?.into_iter().find(|child| !before.contains(child));
                self.procfs.watch(new?).ok()?
            }
            Before::Tasks(before) => self.new_task(parent, before)?,
        };
        let pid = said.unwrap_or(process.pid);
        let group = process.group;
        *self.player(child) = Player { process: Some(process), condition: Condition::Idle, pid, group, ..Player::unborn() };
        self.remember_place(child);
        match self.await_answer(child, false) {
            Seen::Ended(status) => Some(self.gone(child, status)),
            _ => None,
        }
    }

    /// The process or thread that is there and was not `before`.
    fn new_task(&self, parent: ActorId, before: &[i32]) -> Option<Process> {
        let own = self.process(parent).map(|process| process.group)?;
        let siblings = self.procfs.threads(own);
        let watch = |task: i32| {
            if task != own && siblings.contains(&task) {
                self.procfs.watch_thread(own, task).ok()
            } else {
                self.procfs.watch(task).ok()
            }
        };
        let new: Vec<Process> = self.tasks(parent).into_iter().filter(|task| !before.contains(task)).filter_map(watch).collect();
        let by_parent = new.iter().position(|process| process.group == own || process.parent() == Some(own)).unwrap_or(0);
        new.into_iter().nth(by_parent)
    }

    /// Takes note of a socket whose packets may be on their way when a call returns. Where there can be no way to wait for them, none is left.
    pub(super) fn watch_network(&mut self, operation: &Operation, args: &[Value]) {
        let family = args.first().and_then(Value::int);
        let internet = [libc::AF_INET, libc::AF_INET6].into_iter().any(|known| family == Some(i128::from(known)));
        if operation.name == "socket" && internet && self.loopback.is_none() {
            self.loopback = Loopback::new().ok();
        }
    }

    /// Waits until no packet is on its way; gives whether one may have been.
    pub(super) fn drain_network(&self) -> bool {
        let Some(loopback) = &self.loopback else { return false };
        loopback.drain(&self.procfs);
        true
    }

    /// Whether the child that `actor` is bringing has begun.
    pub(super) fn bore(&self, actor: ActorId) -> bool {
        let child = self.actors.get(usize::from(actor)).and_then(|player| player.child);
        child.is_some_and(|child| self.channels.at(usize::from(child)).begun())
    }

    /// Whether other actors are, or were until this step, threads of the process of `actor`.
    pub(super) fn has_siblings(&self, actor: ActorId) -> bool {
        let group = self.actors.get(usize::from(actor)).map_or(0, |player| player.group);
        let others = self.actors.iter().enumerate().filter(|(index, _)| *index != usize::from(actor));
        others.map(|(_, player)| player).any(|player| player.group == group && player.process.is_some())
    }

    /// A thread of which nothing is left has ended; or it has become a program, for which the kernel gives it the pid of its process
    /// and ends all other threads. See execve(2).
    pub(super) fn end_or_take_over(&self, process: &Process, program: bool) -> Seen {
        let leader = if program && process.pid != process.group { self.procfs.watch(process.group).ok() } else { None };
        match leader {
            Some(leader) => Seen::TookOver(leader),
            None => Seen::Ended(process.status()),
        }
    }

    /// Notes that `actor` is all of its process now, under another id.
    pub(super) fn take_over(&mut self, actor: ActorId, process: Process) {
        for index in 0..self.actors.len() {
            let other = ActorId::try_from(index).unwrap_or(ActorId::MAX);
            let leads = self.player(other).process.as_ref().is_some_and(|old| old.pid == process.pid);
            if leads && other != actor {
                // What it watched is `actor` now.
                self.player(other).process = None;
                let outcome = self.gone(other, Some(Status::Exited(0)));
                self.noted.push(Change { actor: other, outcome });
            }
        }
        self.player(actor).process = Some(process);
    }

    /// An init that lingers is woken when the last process of its namespace is reaped, and only then wakes its own parent: until it
    /// lingers on or is gone, nobody has settled.
    pub(super) fn await_lingering(&mut self) {
        let lingering = self.actors.iter_mut().filter(|player| matches!(player.condition, Condition::Gone(_)));
        for player in lingering {
            while let Some(process) = &player.process {
                match self.procfs.doing(process) {
                    Doing::Lingering => break,
                    Doing::Gone => player.process = None,
                    _ => pause(FIRST_LOOK),
                }
            }
        }
    }
}

/// Takes away the zombies of children that are ours: declared actors, whose end has been noted, and orphans.
pub(super) fn reap() {
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    while unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG) } > 0 {}
}
