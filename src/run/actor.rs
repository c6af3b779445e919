//! One actor: a process that takes a step, makes the call, gives the observation back, and parks.
//!
//! It knows the catalogue and its channel, nothing of the script, and never decides what comes next.

use super::channel::{Channel, Channels};
use crate::operation::{self, Failure, Trait, kernel, thread};
use crate::scenario::Actor;
use crate::value::{Outcome, Value};
use std::sync::{Mutex, PoisonError};

/// Serves the commands of actor `index` until the process ends. `family` tells who is born of whom.
pub fn serve(channels: Channels, index: usize, family: &[Actor]) -> ! {
    let channel = take_place(channels, index, family);
    take_steps(channels, channel, family)
}

/// The life of a thread: it has the memory of its process, and a channel of its own in it.
fn serve_beside(channels: Channels, index: usize, family: &[Actor]) -> ! {
    let channel = channels.at(index);
    channel.begin();
    take_steps(channels, channel, family)
}

fn take_steps(channels: Channels, mut channel: Channel, family: &[Actor]) -> ! {
    loop {
        if kernel::guarded() {
            kernel::admit_signals();
        }
        channel.park();
        if kernel::guarded() {
            kernel::hold_signals();
        }
        let Some(command) = channel.command() else {
            channel.answer(&Outcome::Refused("the step cannot be read".into()));
            continue;
        };
        let Some(operation) = operation::at(command.operation) else {
            channel.answer(&Outcome::Refused("the catalogue has no such call".into()));
            continue;
        };
        operation::reboot::seen_in_pid_namespaces(channel.depth());
        channel.announce(|| operation::time_limit(operation, &command.args));
        // A forked child goes on below, with a copy of this stack; who shares the memory begins on a stack of its own.
        if let Some(child) = command.child.filter(|_| operation.is(Trait::Shares)) {
            let family: &'static [Actor] = family.to_vec().leak();
            thread::prepare(Box::new(move || serve_beside(channels, usize::from(child), family)));
        }
        let result = (operation.run)(&command.args);
        let born = operation.is(Trait::Forks) && result == Ok(Value::Int(0));
        match command.child.filter(|_| born) {
            // Here runs the new process: the stack is a copy of its parent's, the place is its own.
            Some(child) => channel = take_place(channels, usize::from(child), family),
            None => channel.answer(&outcome(result)),
        }
    }
}

fn take_place(channels: Channels, index: usize, family: &[Actor]) -> Channel {
    let mut dropped = DROPPED.lock().unwrap_or_else(PoisonError::into_inner);
    dropped.resize(family.len(), false);
    let gone: Vec<bool> = (0..family.len()).map(|other| !is_or_descends(other, index, family)).collect();
    channels.drop_from_memory(|other| gone[other] && !dropped[other]);
    *dropped = gone;
    let channel = channels.at(index);
    channel.begin();
    channel
}

/// The channels that the memory of this process no longer holds: what it dropped, and what it had not when it was forked.
static DROPPED: Mutex<Vec<bool>> = Mutex::new(Vec::new());

/// Whether `actor` is `ancestor` or comes from it by forks.
fn is_or_descends(mut actor: usize, ancestor: usize, family: &[Actor]) -> bool {
    loop {
        if actor == ancestor {
            return true;
        }
        match family.get(actor).and_then(|actor| actor.born) {
            Some((parent, _)) => actor = usize::from(parent),
            None => return false,
        }
    }
}

fn outcome(result: Result<Value, Failure>) -> Outcome {
    match result {
        Ok(value) => Outcome::Returned(value),
        Err(Failure::Errno(errno)) => Outcome::Failed(errno),
        Err(Failure::Refused(why)) => Outcome::Refused(why),
    }
}
