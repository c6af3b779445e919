//! One actor: a process that takes a step, makes the call, gives the observation back, and parks.
//!
//! It knows the catalogue and its channel, nothing of the script, and never decides what comes next.

use super::channel::{Channel, Channels};
use crate::operation::{self, Failure, Trait, kernel};
use crate::scenario::Actor;
use crate::value::{Outcome, Value};

/// Serves the commands of actor `index` until the process ends. `family` tells who is born of whom.
pub fn serve(channels: Channels, index: usize, family: &[Actor]) -> ! {
    let mut channel = take_place(channels, index, family);
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
        channel.announce(|| operation::time_limit(operation, &command.args));
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
    let parent = family.get(index).and_then(|actor| actor.born).map(|(parent, _)| usize::from(parent));
    channels.drop_from_memory(|other| {
        let inherited = parent.is_none_or(|parent| is_or_descends(other, parent, family));
        inherited && !is_or_descends(other, index, family)
    });
    let channel = channels.at(index);
    channel.begin();
    channel
}

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
