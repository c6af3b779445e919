//! What actors have and what a world uses, as the coordinator sees it: namespaces, descriptors, and what is limited.

use super::Stage;
use crate::run::descriptors::{Descriptor, descriptors};
use crate::run::footprint::disposition;
use crate::run::output::Outputs;
use crate::scenario::ActorId;
use std::io;

impl Stage {
    /// The namespace of `kind` in which an actor is, as /proc names it.
    ///
    /// # Errors
    ///
    /// When the actor has no process any more, or /proc refuses.
    pub fn namespace(&self, actor: ActorId, kind: &str) -> io::Result<String> {
        let process = self.process(actor);
        let pid = process.ok_or_else(|| io::Error::other("it has no process"))?.pid;
        self.procfs.link(&format!("{pid}/ns/{kind}"))
    }

    /// Whether an actor is in the pid namespace of the world, whose pids are those that actors are known by.
    pub fn counts_pids_as_world(&self, actor: ActorId) -> bool {
        let world = self.procfs.link("self/ns/pid");
        world.is_ok_and(|world| self.namespace(actor, "pid").is_ok_and(|own| own == world))
    }

    /// What a descriptor of an actor refers to, as /proc names it.
    pub fn link(&self, actor: ActorId, fd: i32) -> Option<String> {
        self.procfs.link(&format!("{}/fd/{fd}", self.process(actor)?.pid)).ok()
    }

    /// Whether an actor's process catches or ignores `signal`; not where its status cannot be read.
    pub fn withstands(&self, actor: ActorId, signal: i32) -> bool {
        let status = self.process(actor).and_then(|process| self.procfs.read(&format!("{}/status", process.pid)).ok());
        status.is_some_and(|status| disposition::withstands(&status, signal))
    }

    /// What /proc/PID/status says of an actor.
    pub fn status(&self, actor: ActorId) -> Option<String> {
        self.procfs.read(&format!("{}/status", self.process(actor)?.pid)).ok()
    }

    /// The text of a sysctl, `kernel.msgmax`, as `actor` finds it; nothing where it is in another IPC namespace than the world, whose limits
    /// alone can be read.
    pub fn sysctl(&self, actor: ActorId, name: &str) -> Option<String> {
        let world = self.procfs.link("self/ns/ipc").ok()?;
        let same = self.namespace(actor, "ipc").is_ok_and(|own| own == world);
        same.then(|| self.procfs.read(&format!("sys/{}", name.replace('.', "/"))).ok()).flatten()
    }

    /// What an actor has open; nothing for one without a process.
    pub fn descriptors(&self, actor: ActorId) -> Vec<Descriptor> {
        let process = self.process(actor);
        process.map_or_else(Vec::new, |process| descriptors(&self.procfs, process.pid))
    }

    /// Whether the actors have written as much as they may.
    pub fn output_is_full(&self) -> bool {
        self.outputs.as_ref().is_some_and(Outputs::is_full)
    }

    /// The most processes that there were at one time while programs ran, as far as was seen.
    pub fn crowd(&self) -> u64 {
        self.crowd.get()
    }

    /// Processes and threads of the world.
    pub fn population(&self) -> u64 {
        let threads = |pid: i32| self.procfs.read(&format!("{pid}/status")).ok().and_then(|text| number_after(&text, "Threads:"));
        self.procfs.pids().unwrap_or_default().into_iter().map(|pid| threads(pid).unwrap_or(1).max(1)).sum()
    }

    /// As many files as an actor may have open.
    pub fn open_files_limit(&self, actor: ActorId) -> Option<u64> {
        let pid = self.actors.get(usize::from(actor))?.process.as_ref()?.pid;
        number_after(&self.procfs.read(&format!("{pid}/limits")).ok()?, "Max open files")
    }

    /// Whether an actor has this descriptor open.
    pub fn is_open(&self, actor: ActorId, fd: u64) -> bool {
        let process = self.process(actor);
        process.is_some_and(|process| self.procfs.link(&format!("{}/fd/{fd}", process.pid)).is_ok())
    }
}

/// The number behind `name`, which begins a line.
fn number_after(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
