//! What a caller may not do: a filter answers for the kernel, a capability is gone, mode bits are against it.

use super::super::past::{Act, enters};
use super::{Cause, Facts, Failing};
use crate::journal::Place;
use crate::operation;
use crate::scenario::{ActorId, Need, NeedKind};
use crate::value::Value;

/// Calls that may take capabilities from their caller.
const DROPPERS: &[&str] = &[
    "setuid",
    "setreuid",
    "setresuid",
    "seteuid",
    "setfsuid",
    "capset",
    "prctl",
    "execve",
    "execv",
    "execvp",
    "execl",
    "execlp",
];
/// Capabilities that the kernel asks for in the initial user namespace, where the root of a world has none.
const INITIAL: &[&str] = &["CAP_SYS_TIME", "CAP_SYS_RESOURCE", "CAP_MKNOD", "CAP_IPC_LOCK", "CAP_SYS_NICE", "CAP_SYS_ADMIN"];
/// System calls behind calls of the C library that are called otherwise.
const BEHIND: &[(&str, &[&str])] = &[
    ("open", &["openat"]),
    ("creat", &["openat"]),
    ("fork", &["clone"]),
    ("pipe", &["pipe2"]),
    ("dup2", &["dup3"]),
    ("semop", &["semtimedop"]),
    ("mkdir", &["mkdirat"]),
    ("unlink", &["unlinkat"]),
    ("rename", &["renameat", "renameat2"]),
    ("umount", &["umount2"]),
    ("waitpid", &["wait4"]),
    ("wait", &["wait4"]),
    ("eventfd", &["eventfd2"]),
    ("send", &["sendto"]),
    ("recv", &["recvfrom"]),
    ("accept", &["accept4"]),
    ("signal", &["rt_sigaction"]),
    ("sigaction", &["rt_sigaction"]),
    ("setuid", &["setresuid"]),
];

/// Who a process acts as, by its status in /proc.
#[derive(Debug, Default)]
struct Identity {
    uid: u64,
    effective: u64,
    filters: bool,
}

impl<'a> Facts<'a> {
    /// A seccomp filter of the caller that answers this very call with this very error, or ends who makes it.
    pub(super) fn filter(&self, failing: &Failing<'a>) -> Option<Cause> {
        if !self.identity(failing.actor)?.filters && failing.errno.is_some() {
            return None;
        }
        let name = failing.act.operation.name;
        let others = BEHIND.iter().find(|(call, _)| *call == name).map_or(&[][..], |(_, calls)| calls);
        let answers = |value: &Value| match failing.errno {
            Some(errno) => answers_with(value, i128::from(errno.0)),
            None => ends(value),
        };
        self.own_acts(failing.actor).filter(|act| act.is(&["seccomp", "prctl"])).find_map(|act| {
            let Some(Value::Record(rules)) = act.arg("args").or_else(|| act.arg("arg3")) else { return None };
            let rule = rules.iter().find(|(call, _)| call == name || others.contains(&call.as_str()));
            let (call, value) = rule.or_else(|| rules.iter().find(|(call, _)| call == "default"))?;
            if !answers(value) {
                return None;
            }
            let (who, line) = (self.name(act.call.actor), self.line(act.step));
            let what = match (failing.errno, call.as_str()) {
                (Some(errno), "default") => format!("answers every call that it does not name with {errno}, `{name}` too"),
                (Some(errno), _) => format!("answers `{call}` with {errno}"),
                (None, "default") => format!("ends who makes a call that it does not name, `{name}` too"),
                (None, _) => format!("ends who calls `{call}`"),
            };
            let also = self.of_whom(&act, failing.actor);
            let comma = if also.is_empty() { "" } else { "," };
            let why = format!("the seccomp filter of line {line}{also}{comma} {what}: the kernel never saw the call");
            let cause = Cause::new(why, [self.mark(act.step, format!("`{who}` installed the filter here"))]);
            Some(Cause { of_nobody: true, ..cause })
        })
    }

    /// The capability that the caller has not, and the step that took it.
    pub(super) fn lacks(&self, failing: &Failing<'a>, capability: &str) -> Option<Cause> {
        let identity = self.identity(failing.actor)?;
        let (name, who) = (failing.act.operation.name, self.name(failing.actor));
        if !identity.has(capability) {
            let (how, label) = self.dropped(failing.actor, identity.uid)?;
            return Some(Cause::new(format!("`{name}` needs {capability}, and `{who}` has it no more: {how}"), [label]));
        }
        let kinds = i128::from(libc::CLONE_NEWUSER);
        if let Some(deed) = self.deeds(failing.actor, usize::MAX).iter().find(|deed| enters(deed, kinds)) {
            let line = self.line(deed.step);
            let why = format!(
                "`{name}` needs {capability} where the object belongs; `{who}` has it in the user namespace of line {line} only, and what was \
                 there before belongs to the one outside"
            );
            return Some(Cause::new(why, [self.mark(deed.step, "here it went into a user namespace of its own")]));
        }
        // Real root has what it has everywhere.
        let real = |need: &Need| matches!(need.kind, NeedKind::Privileged(_) | NeedKind::Capability(_));
        let contained = !self.view.scenario.needs.iter().any(real);
        (contained && INITIAL.contains(&capability)).then(|| {
            Cause::new(
                format!("`{name}` may need {capability} in the initial user namespace here: the root of a world has it in its own only"),
                [],
            )
        })
    }

    /// Mode bits that are against it: of the object that the call names, as the script has made it.
    pub(super) fn mode(&self, failing: &Failing<'a>) -> Option<Cause> {
        let (made, mode) = self.mode_of(failing)?;
        let identity = self.identity(failing.actor)?;
        let (who, maker) = (self.name(failing.actor), self.name(made.call.actor));
        let of_ipc = made.is(&["semget", "msgget", "shmget"]);
        let passes = if of_ipc { "CAP_IPC_OWNER" } else { "CAP_DAC_OVERRIDE" };
        if identity.has(passes) && failing.errno != Some(crate::value::Errno::EPERM) {
            return None;
        }
        let object = made.binds().filter(|_| of_ipc).and_then(|slot| self.view.scenario.slots.get(slot));
        let object = object.map_or_else(|| "it".to_owned(), |slot| format!("`{}`", slot.name));
        let dropped = self.dropped(failing.actor, identity.uid);
        let (how, label) = dropped.map_or_else(Default::default, |(how, label)| (format!(": {how}"), Some(label)));
        let (bits, line) = (if mode == 0 { "0".to_owned() } else { format!("0o{mode:o}") }, self.line(made.step));
        let why = format!(
            "`{maker}` gave {object} mode {bits} at line {line}, and `{who}` acts as uid {} without {passes}{how}",
            identity.uid
        );
        let here = self.mark(made.step, format!("mode {bits} comes from here"));
        Some(Cause::new(why, [Some(here), label].into_iter().flatten()))
    }

    /// The last step that gave the object of a call its mode, and the mode.
    fn mode_of(&self, failing: &Failing<'a>) -> Option<(Act<'a>, i128)> {
        let act = &failing.act;
        if act.is(&["semget", "msgget", "shmget"]) {
            let key = act.int("key");
            let made = self.acts().find(|made| made.operation.name == act.operation.name && made.int("key") == key)?;
            let mode = made.flags() & 0o777;
            return Some((made, mode));
        }
        if let Some(made) = act.slot().and_then(|slot| self.maker(slot)).filter(|made| made.is(&["semget", "msgget", "shmget"])) {
            let mode = made.flags() & 0o777;
            return Some((made, mode));
        }
        let (space, name) = super::names::wanted(act)?;
        self.acts().find_map(|made| {
            let changes = made.is(&["chmod", "fchmodat"]) && made.text("path") == Some(name.as_slice());
            let makes = super::names::made(&made).is_some_and(|(there, known)| there == space && known == name);
            let mode = made.arg("mode").and_then(Value::int).filter(|_| changes || makes)?;
            Some((made, mode))
        })
    }

    /// The step by which `actor` has lost capabilities: a clause, and the place.
    fn dropped(&self, actor: ActorId, uid: u64) -> Option<(String, Place)> {
        let act = self.own_acts(actor).find(|act| {
            let sheds = !act.is(&["prctl"]) || matches!(i32::try_from(act.int("option")), Ok(libc::PR_CAPBSET_DROP));
            act.is(DROPPERS) && sheds
        })?;
        let (doer, line) = (self.name(act.call.actor), self.line(act.step));
        let also = self.of_whom(&act, actor);
        Some(if act.is(&["capset"]) {
            (
                format!("`{doer}` dropped it at line {line}{also}"),
                self.mark(act.step, format!("`{doer}` dropped capabilities here")),
            )
        } else {
            (
                format!("by `{}` at line {line} `{doer}` became uid {uid}, which has no capabilities{also}", act.operation.name),
                self.mark(act.step, format!("`{doer}` gave up being root here")),
            )
        })
    }

    /// For what another did before the actor was born: that it went on to it.
    fn of_whom(&self, act: &Act<'_>, actor: ActorId) -> String {
        if act.call.actor == actor { String::new() } else { format!(", ahead of the fork of `{}`", self.name(actor)) }
    }

    fn identity(&self, actor: ActorId) -> Option<Identity> {
        // Who has ended is asked for no more: of it the steps alone tell.
        Some(self.view.stage.status(actor).map_or_else(Identity::default, |status| Identity::of(&status)))
    }
}

impl Identity {
    /// The file system's uid, the effective capabilities and whether there is a filter; see proc_pid_status(5).
    fn of(status: &str) -> Self {
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        Self {
            uid: field("Uid:").and_then(|ids| ids.split_whitespace().nth(3)).and_then(|uid| uid.parse().ok()).unwrap_or(0),
            effective: field("CapEff:").and_then(|bits| u64::from_str_radix(bits, 16).ok()).unwrap_or(0),
            filters: field("Seccomp:") == Some("2"),
        }
    }

    fn has(&self, capability: &str) -> bool {
        let bit = operation::constant(capability).and_then(|bit| u32::try_from(bit).ok());
        bit.is_none_or(|bit| self.effective >> bit.min(63) & 1 == 1)
    }
}

/// Whether an answer of a filter, or one of its rules on arguments, is this error.
fn answers_with(value: &Value, errno: i128) -> bool {
    match value {
        Value::Int(action) => {
            action & i128::from(libc::SECCOMP_RET_ACTION_FULL) == i128::from(libc::SECCOMP_RET_ERRNO) && action & 0xffff == errno
        }
        Value::List(rules) => rules.iter().any(|rule| answers_with(rule, errno)),
        Value::Record(_) => value.field("action").is_some_and(|action| answers_with(action, errno)),
        _ => false,
    }
}

/// Whether an answer of a filter ends who calls.
fn ends(value: &Value) -> bool {
    let action = |action: i128| action & i128::from(libc::SECCOMP_RET_ACTION_FULL);
    match value {
        Value::Int(number) => [libc::SECCOMP_RET_KILL_PROCESS, libc::SECCOMP_RET_KILL_THREAD, libc::SECCOMP_RET_TRAP]
            .iter()
            .any(|known| action(*number) == i128::from(*known)),
        Value::List(rules) => rules.iter().any(ends),
        Value::Record(_) => value.field("action").is_some_and(ends),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_who_a_process_is() {
        let identity = Identity::of("Name:\ta\nUid:\t0\t0\t0\t1000\nCapEff:\t0000000000000021\nSeccomp:\t2\n");
        assert_eq!((identity.uid, identity.filters), (1000, true));
        assert!(identity.has("CAP_KILL") && identity.has("CAP_CHOWN") && !identity.has("CAP_SYS_ADMIN"));
    }

    #[test]
    fn a_filter_answers_by_action_or_by_rule() {
        let eperm = Value::Int(i128::from(libc::SECCOMP_RET_ERRNO) | 1);
        assert!(answers_with(&eperm, 1) && !answers_with(&eperm, 2));
        assert!(answers_with(&Value::List(vec![Value::record([("action", eperm)])]), 1));
        assert!(ends(&Value::Int(i128::from(libc::SECCOMP_RET_KILL_PROCESS))) && !ends(&Value::Int(0x7fff_0000)));
    }
}
