//! Waiting: a flag that forbids it, a handler that ends it, a child that is not there, and calls that wait although they should not.

use super::super::past::Act;
use super::{Cause, Facts, Failing};
use crate::run::history::What as Done;
use crate::scenario::{ActorId, Expr};
use crate::value::Value;

impl<'a> Facts<'a> {
    /// The flag that has the call fail instead of waiting.
    pub(super) fn not_to_wait(&self, failing: &Failing<'a>) -> Option<Cause> {
        let act = &failing.act;
        let last = self.last_step_on(act.call);
        let name = act.operation.name;
        let nowait =
            |value: Option<&Value>| value.and_then(Value::int).is_some_and(|flags| flags & i128::from(libc::IPC_NOWAIT) != 0);
        let in_operations = match act.arg("sops") {
            Some(Value::List(operations)) => operations.iter().any(|operation| nowait(flags_of(operation))),
            _ => false,
        };
        let object = self.object(act.call).map_or_else(|| "it".to_owned(), |name| format!("`{name}`"));
        let state = match name {
            "semop" | "semtimedop" => format!("{object} has not enough for all of its operations"),
            "msgrcv" if act.int("msgtyp") != 0 => format!("{object} holds no message of type {}", act.int("msgtyp")),
            "msgrcv" | "mq_receive" | "mq_timedreceive" => format!("{object} is empty"),
            "read" | "recv" | "recvfrom" | "recvmsg" => format!("nothing is there to be read from {object}"),
            "msgsnd" | "mq_send" | "mq_timedsend" | "write" | "send" => format!("{object} is full"),
            "accept" | "accept4" => "nobody has connected".to_owned(),
            "sem_trywait" => return Some(Cause::new(format!("{object} is 0, and `sem_trywait` never waits"), last)),
            _ => return None,
        };
        if in_operations || nowait(act.arg("msgflg")) {
            let wait =
                format!("take IPC_NOWAIT away, and write `-> blocks`; if that is right, write `-> {}`", self.errno(failing));
            return Some(Cause::new(format!("{state}, and IPC_NOWAIT says not to wait"), last).helped(wait));
        }
        let (setter, flag) = self.nonblocking(act)?;
        let line = self.line(setter.step);
        let who = self.name(setter.call.actor);
        let label = self.mark(setter.step, format!("`{who}` set {flag} here"));
        Some(Cause::new(
            format!("{state}, and {flag}, set at line {line}, says not to wait"),
            [Some(label), last].into_iter().flatten(),
        ))
    }

    fn errno(&self, failing: &Failing<'a>) -> String {
        failing.errno.map_or_else(String::new, |errno| errno.to_string())
    }

    /// The step that made the description behind a descriptor one that does not wait.
    fn nonblocking(&self, act: &Act<'_>) -> Option<(Act<'a>, &'static str)> {
        let slot = act.slot()?;
        let nonblock = i128::from(libc::O_NONBLOCK);
        let set = self.acts().find(|set| {
            let both = set.slot().is_some_and(|other| other == slot);
            both && set.is(&["fcntl"]) && set.int("cmd") == i128::from(libc::F_SETFL) && set.int("arg") & nonblock != 0
        });
        if let Some(set) = set {
            return Some((set, "O_NONBLOCK"));
        }
        let made = self.maker(slot)?;
        if made.is(&["socket", "socketpair"]) {
            return (made.int("type") & i128::from(libc::SOCK_NONBLOCK) != 0).then_some((made, "SOCK_NONBLOCK"));
        }
        let flag = if made.is(&["eventfd"]) { "EFD_NONBLOCK" } else { "O_NONBLOCK" };
        (made.flags() & nonblock != 0).then_some((made, flag))
    }

    /// The handler that ended a wait, and the step that sent its signal.
    pub(super) fn handler(&self, failing: &Failing<'a>) -> Option<Cause> {
        let set = self.own_acts(failing.actor).find(|act| act.is(&["signal", "sigaction"]) && handles(act))?;
        let (who, line, name) = (self.name(set.call.actor), self.line(set.step), failing.act.operation.name);
        let sent =
            self.acts().find(|act| act.is(&["kill", "tgkill", "tkill", "raise", "killpg", "sigqueue", "alarm", "setitimer"]));
        let sender =
            self.history.taken.last().and_then(|&step| self.act(step)).filter(|act| act.is(&["kill", "tgkill", "sigqueue"]));
        let sent = sender.or(sent);
        let by = sent
            .as_ref()
            .map_or_else(String::new, |act| format!(", by `{}` at line {}", act.operation.name, self.line(act.step)));
        let restart = failing.act.is(&[
            "semop",
            "semtimedop",
            "msgsnd",
            "msgrcv",
            "pause",
            "sigsuspend",
            "poll",
            "select",
            "epoll_wait",
            "nanosleep",
        ]);
        let again = if restart {
            format!("`{name}` is never restarted, whatever SA_RESTART says")
        } else {
            "with SA_RESTART the call would go on by itself".to_owned()
        };
        let why = format!("the handler that `{who}` installed at line {line} ran while it waited{by}: {again}");
        let labels = [
            Some(self.mark(set.step, "the handler is installed here")),
            sent.map(|act| self.mark(act.step, "this step sent the signal")),
        ];
        Some(Cause::new(why, labels.into_iter().flatten()))
    }

    /// Why there is no child to wait for.
    pub(super) fn childless(&self, failing: &Failing<'a>) -> Option<Cause> {
        let who = self.name(failing.actor);
        let named = failing.act.call.args.iter().find_map(|arg| match arg {
            Expr::Literal(Value::Actor(actor)) => Some(*actor),
            _ => None,
        });
        let born = |actor: ActorId| self.view.scenario.actors.get(usize::from(actor)).and_then(|known| known.born);
        let reaped = self.history.deeds.iter().rev().find(|deed| match (named, deed.what) {
            (Some(actor), Done::Reaped(child)) => child == actor,
            (None, Done::Reaped(_)) => deed.actor == failing.actor,
            _ => false,
        });
        if let Some(deed) = reaped {
            let (waiter, line) = (self.name(deed.actor), self.line(deed.step));
            let why = format!("`{waiter}` took its status at line {line}, and a status is given once");
            return Some(Cause::new(why, [self.mark(deed.step, format!("`{waiter}` took it here"))]));
        }
        if let Some(actor) = named {
            let child = self.name(actor);
            match born(actor) {
                Some((parent, step)) if parent != failing.actor => {
                    let parent = self.name(parent);
                    let why = format!(
                        "`{child}` is a child of `{parent}`, which forked it at line {}: who forks waits",
                        self.line(step)
                    );
                    return Some(
                        Cause::new(why, [self.mark(step, format!("`{parent}` forked `{child}` here"))])
                            .helped(format!("let `{parent}` take this step")),
                    );
                }
                None => {
                    let why = format!("`{child}` is no child of `{who}`: declared actors are children of the world's init");
                    return Some(Cause::new(why, []).helped(format!("let `{who}` fork it: `{who}: {child} = fork()`")));
                }
                _ => {}
            }
        }
        let ignores = self.own_acts(failing.actor).find(|act| {
            let chld = act.int("signum") == i128::from(libc::SIGCHLD);
            act.is(&["signal", "sigaction"]) && chld && !handles(act)
        });
        if let Some(act) = ignores {
            let line = self.line(act.step);
            let why = format!("since line {line} `{who}` ignores SIGCHLD: its children leave no status behind");
            return Some(Cause::new(why, [self.mark(act.step, "SIGCHLD is ignored from here on")]));
        }
        let forks = self.own_acts(failing.actor).any(|act| act.call.child.is_some() && act.call.actor == failing.actor);
        (!forks).then(|| Cause::new(format!("`{who}` has forked nobody"), []))
    }
}

/// Whether a step installs a handler, rather than the default or nothing.
fn handles(act: &Act<'_>) -> bool {
    let within = act.arg("act").and_then(|act| act.field("sa_handler").or_else(|| act.field("sa_sigaction")));
    matches!(act.arg("handler").or(within), Some(Value::Do(_)))
}

/// The flags of an operation on a semaphore.
fn flags_of(operation: &Value) -> Option<&Value> {
    match operation {
        Value::Record(fields) => {
            let place = |(place, (name, _)): &(usize, &(String, Value))| name == "sem_flg" || name.is_empty() && *place == 2;
            fields.iter().enumerate().find(place).map(|(_, (_, value))| value)
        }
        _ => None,
    }
}
