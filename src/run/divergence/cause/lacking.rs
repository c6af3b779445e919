//! What a call waits for that should return: nobody has given it yet, or who has it keeps it.

use super::super::release::Step;
use super::{Cause, Facts};
use crate::operation::Operation;
use crate::run::history;
use crate::run::stage::Condition;
use crate::scenario::{ActorId, Call, Expr};
use crate::value::Value;

impl Facts<'_> {
    /// Why a call waits that should return.
    pub(in crate::run::divergence) fn cause_of_wait(&self, call: &Call, operation: &Operation) -> Cause {
        if let Some(held) = self.own_end(call.actor, call, operation.name) {
            let help = match held.step {
                Some(Step::Earlier(step, line)) => Some(format!("write `{step}` ahead of line {line}")),
                _ => None,
            };
            return Cause { labels: held.labels, why: Some(held.why), help, ..Cause::default() };
        }
        let who = self.name(call.actor);
        if operation.name.starts_with("wait")
            && let Some(child) = self.living_child(call.actor)
        {
            let child = self.name(child);
            let help = format!("write `{child}: exit(0)` ahead of this line; or `-> blocks` here, and `{who}: resumes` after it");
            return Cause::new(format!("`{child}` has not ended: no step of it says `exit`"), []).helped(help);
        }
        let (others, mut cause) = (self.others(call.actor), self.nothing_given(call, operation).unwrap_or_default());
        cause.labels.extend(self.last_step_on(call));
        if let Some(step) = self.later(call, &others) {
            let line = self.line(step);
            cause.labels.push(self.mark(step, "this step may wake it, and comes later"));
            cause.help =
                Some(format!("if line {line} is to wake it, write `-> blocks` here, and `{who}: resumes` behind line {line}"));
        }
        cause
    }

    /// What else a value that is not as expected may come from: the last step on the object, the end of whom the call names.
    pub(in crate::run::divergence) fn cause_of_value(&self, call: &Call) -> Cause {
        let ended = call.args.iter().find_map(|arg| match arg {
            Expr::Literal(Value::Actor(actor)) => self.ending(*actor),
            _ => None,
        });
        Cause { labels: self.last_step_on(call).into_iter().chain(ended).collect(), ..Cause::default() }
    }

    /// That no step has given the object what the call takes from it.
    fn nothing_given(&self, call: &Call, operation: &Operation) -> Option<Cause> {
        let slot = history::first_slot(&call.args)?;
        let name = &self.view.scenario.slots.get(slot)?.name;
        let givers: &[&str] = match operation.name {
            "semop" | "semtimedop" => &["semop", "semtimedop", "semctl"],
            "msgrcv" => &["msgsnd"],
            "mq_receive" | "mq_timedreceive" => &["mq_send", "mq_timedsend"],
            _ => return None,
        };
        if self.acts().any(|act| act.is(givers) && act.slot() == Some(slot) && act.changes()) {
            return None;
        }
        let made = self.maker(slot)?;
        let line = self.line(made.step);
        Some(if givers.contains(&"semop") {
            let why = format!("`{name}` is 0, as line {line} made it: no step has given it anything");
            Cause::new(why, [self.mark(made.step, format!("the values of `{name}` begin as 0"))])
        } else {
            Cause::new(format!("`{name}` is empty, as line {line} made it: no step has sent anything to it"), [])
        })
    }

    /// A child of `parent` that lives.
    fn living_child(&self, parent: ActorId) -> Option<ActorId> {
        self.others(parent).into_iter().find(|&actor| {
            let born = self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born);
            let alive = !matches!(self.view.stage.condition(actor), Condition::Unborn | Condition::Gone(_));
            alive && born.is_some_and(|(by, _)| by == parent)
        })
    }

    /// Everybody but `actor`.
    fn others(&self, actor: ActorId) -> Vec<ActorId> {
        let all = 0..ActorId::try_from(self.view.scenario.actors.len()).unwrap_or(ActorId::MAX);
        all.filter(|other| *other != actor).collect()
    }
}
