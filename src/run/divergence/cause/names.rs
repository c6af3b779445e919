//! Keys, names and paths: who made what they stand for, who took it away, and where it is.

use super::super::past::{Act, enters};
use super::{Cause, Facts, Failing};
use crate::operation::Trait;
use crate::run::history::{Deed, What as Done};
use crate::text::nearest;
use crate::value::Value;

/// Where a name means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Files,
    Queues,
    Semaphores,
    Memory,
}

/// Parameters that hold the path or the name that a call needs to be there.
const SOUGHT: &[&str] = &["path", "name", "oldpath", "target", "file"];
/// Parameters that hold the one that a call makes.
const GIVEN: &[&str] = &["newpath", "linkpath", "path", "name", "target"];
/// Calls that make what they name.
const MAKERS: &[&str] = &[
    "creat",
    "write_file",
    "mkdir",
    "mkdirat",
    "mkfifo",
    "mkfifoat",
    "mknod",
    "mknodat",
    "symlink",
    "symlinkat",
    "link",
    "linkat",
];
const OPENERS: &[&str] = &["open", "openat", "openat2", "mq_open", "sem_open", "shm_open"];
const MOVERS: &[&str] = &["rename", "renameat", "renameat2"];
const REMOVERS: &[&str] = &["unlink", "unlinkat", "rmdir", "mq_unlink", "sem_unlink", "shm_unlink"];

/// What a call looks for, by its name.
pub(super) fn wanted(act: &Act<'_>) -> Option<(Space, Vec<u8>)> {
    let name = SOUGHT.iter().find_map(|parameter| act.text(parameter))?;
    Some((space(act), plain(name)))
}

/// What a call has made, by its name.
pub(super) fn made(act: &Act<'_>) -> Option<(Space, Vec<u8>)> {
    let creates = act.is(OPENERS) && act.flags() & i128::from(libc::O_CREAT) != 0;
    if !(creates || act.is(MAKERS) || act.is(MOVERS)) {
        return None;
    }
    Some((space(act), plain(GIVEN.iter().find_map(|parameter| act.text(parameter))?)))
}

/// What a call has taken away, by its name.
fn removed(act: &Act<'_>) -> Option<(Space, Vec<u8>)> {
    let parameter = if act.is(MOVERS) { "oldpath" } else { "path" };
    let gone = act.is(MOVERS) || act.is(REMOVERS);
    Some((space(act), plain(act.text(parameter).or_else(|| act.text("name")).filter(|_| gone)?)))
}

fn space(act: &Act<'_>) -> Space {
    match act.operation.name.split_once('_') {
        Some(("mq", _)) => Space::Queues,
        Some(("sem", _)) => Space::Semaphores,
        Some(("shm", _)) => Space::Memory,
        _ => Space::Files,
    }
}

/// A path without what changes nothing.
fn plain(path: &[u8]) -> Vec<u8> {
    path.strip_prefix(b"./").unwrap_or(path).to_vec()
}

/// What a call gives by its key.
fn thing(call: &str) -> &'static str {
    match call {
        "semget" => "set",
        "msgget" => "queue",
        _ => "segment",
    }
}

fn shown(name: &[u8]) -> String {
    format!("`{}`", String::from_utf8_lossy(name))
}

impl<'a> Facts<'a> {
    /// Why there is nothing behind a key or a name.
    pub(super) fn never_made(&self, failing: &Failing<'a>) -> Option<Cause> {
        if failing.act.is(&["semget", "msgget", "shmget"]) {
            return self.no_such_key(failing);
        }
        let (space, name) = wanted(&failing.act)?;
        let quoted = shown(&name);
        for act in self.acts() {
            let (who, line) = (self.name(act.call.actor), self.line(act.step));
            if removed(&act) == Some((space, name.clone())) {
                let verb = if act.is(MOVERS) { "renamed" } else { "removed" };
                let why = format!("`{who}` {verb} {quoted} at line {line}: the name is free again");
                return Some(Cause::new(why, [self.mark(act.step, format!("`{who}` {verb} it here"))]));
            }
            if made(&act) == Some((space, name.clone())) {
                return self.made_elsewhere(failing, space, &act, &quoted);
            }
        }
        let makes = failing.act.is(OPENERS) && failing.act.flags() & i128::from(libc::O_CREAT) != 0;
        if let Some(parent) = name.rsplitn(2, |byte| *byte == b'/').nth(1).filter(|parent| makes && !parent.is_empty()) {
            return Some(Cause::new(
                format!("O_CREAT makes the file, not the directory {} in which it is to be", shown(parent)),
                [],
            ));
        }
        let all: Vec<(String, usize)> = self.acts().filter_map(|act| self.known_by(&act, space)).collect();
        let wanted = String::from_utf8_lossy(&name).into_owned();
        if let Some(near) = nearest(&wanted, all.iter().map(|(known, _)| known.as_str())) {
            let step = all.iter().find(|(known, _)| known == near).map_or(0, |(_, step)| *step);
            let why = format!("no step has made {quoted}; what line {} made is `{near}`", self.line(step));
            return Some(
                Cause::new(why, [self.mark(step, format!("`{near}` is made here"))])
                    .helped(format!("did you mean `\"{near}\"`?")),
            );
        }
        let of_host = ["/proc", "/sys", "/dev", "/usr", "/etc", "/lib", "/bin", "/sbin", "/scenario"];
        if space == Space::Files && of_host.iter().any(|top| wanted.starts_with(top)) {
            return None;
        }
        // A program makes what no step tells of.
        if self.acts().any(|act| act.operation.is(Trait::Programs) || act.operation.is(Trait::Becomes)) {
            return None;
        }
        let opens = failing.act.is(OPENERS);
        let cause = Cause::new(format!("no step has made {quoted}, and a world begins empty"), []);
        Some(if opens { cause.helped("make it ahead of this line, or open it with O_CREAT and a mode") } else { cause })
    }

    /// The name that a call has made in `space`, and its step.
    fn known_by(&self, act: &Act<'_>, space: Space) -> Option<(String, usize)> {
        let (there, name) = made(act)?;
        (there == space).then(|| (String::from_utf8_lossy(&name).into_owned(), act.step))
    }

    /// What was made, and is not where the caller looks.
    fn made_elsewhere(&self, failing: &Failing<'a>, space: Space, made: &Act<'_>, name: &str) -> Option<Cause> {
        let (who, maker) = (self.name(failing.actor), self.name(made.call.actor));
        let line = self.line(made.step);
        let here = self.mark(made.step, format!("`{maker}` made {name} here"));
        let kinds = i128::from(if space == Space::Queues { libc::CLONE_NEWIPC } else { libc::CLONE_NEWNS });
        let kind = if space == Space::Queues { "ipc" } else { "mnt" };
        let homes = (self.home(failing.actor, kinds, usize::MAX), self.home(made.call.actor, kinds, made.step));
        if let (Some(own), Some(other)) = homes
            && own != other
        {
            let deeds = [self.deeds(failing.actor, usize::MAX), self.deeds(made.call.actor, made.step)].concat();
            let deed = deeds.iter().find(|deed| enters(deed, kinds)).copied();
            let moved = deed.map(|deed: Deed| {
                self.mark(deed.step, format!("`{}` went into another {kind} namespace here", self.name(deed.actor)))
            });
            let why = format!("`{maker}` made {name} at line {line} in `{kind}#{other}`, and `{who}` is in `{kind}#{own}`");
            return Some(Cause::new(why, [Some(here), moved].into_iter().flatten()));
        }
        let moved = self.own_acts(failing.actor).find(|act| act.is(&["chdir", "fchdir", "chroot", "pivot_root"]))?;
        let (verb, relative) = (moved.operation.name, !name.starts_with("`/"));
        if verb.ends_with("chdir") && !relative {
            return None;
        }
        let why = format!(
            "`{maker}` made {name} at line {line}, and by `{verb}` at line {} `{who}` looks elsewhere",
            self.line(moved.step)
        );
        Some(Cause::new(why, [here, self.mark(moved.step, format!("`{who}` looks elsewhere from here on"))]))
    }

    fn no_such_key(&self, failing: &Failing<'a>) -> Option<Cause> {
        let (name, key) = (failing.act.operation.name, failing.act.int("key"));
        let creates = |act: &Act<'_>| act.operation.name == name && act.flags() & i128::from(libc::IPC_CREAT) != 0;
        let who = self.name(failing.actor);
        let Some(made) = self.acts().find(|act| creates(act) && act.int("key") == key) else {
            let other = self.acts().find(|act| creates(act));
            let labels = other.iter().map(|act| self.mark(act.step, format!("this one has the key 0x{:x}", act.int("key"))));
            let why = format!("no step has made a {} with the key 0x{key:x}", thing(name));
            let help = format!("make it ahead of this line: `{name}` with IPC_CREAT, or use its key");
            return Some(Cause::new(why, labels.collect::<Vec<_>>()).helped(help));
        };
        let (maker, line) = (self.name(made.call.actor), self.line(made.step));
        let here = self.mark(made.step, format!("`{maker}` made it here"));
        let slot = made.binds();
        let removal = self.history.deeds.iter().rev().find(|deed| slot.is_some_and(|slot| deed.what == Done::Removed(slot)));
        if let Some(deed) = removal {
            let (remover, line) = (self.name(deed.actor), self.line(deed.step));
            let why = format!("`{remover}` removed it at line {line}: the key is free again");
            return Some(Cause::new(why, [here, self.mark(deed.step, format!("`{remover}` removed it here"))]));
        }
        let kinds = i128::from(libc::CLONE_NEWIPC);
        let (own, other) = (self.home(failing.actor, kinds, usize::MAX)?, self.home(made.call.actor, kinds, made.step)?);
        if own == other {
            return None;
        }
        let deeds = [self.deeds(failing.actor, usize::MAX), self.deeds(made.call.actor, made.step)].concat();
        let moved = deeds.iter().find(|deed| enters(deed, kinds));
        let moved = moved.map(|deed| self.mark(deed.step, format!("`{}` left its IPC namespace here", self.name(deed.actor))));
        let why = format!(
            "`{maker}` made it at line {line} in `ipc#{other}`, and `{who}` is in `ipc#{own}`: each namespace has keys of its own"
        );
        Some(Cause::new(why, [Some(here), moved].into_iter().flatten()))
    }

    /// Who has made it before.
    pub(super) fn made_before(&self, failing: &Failing<'a>) -> Option<Cause> {
        let act = &failing.act;
        let by_key = act.is(&["semget", "msgget", "shmget"]);
        let creates = |made: &Act<'_>| {
            if by_key {
                made.operation.name == act.operation.name && made.int("key") == act.int("key")
            } else {
                let sought = GIVEN.iter().find_map(|parameter| act.text(parameter)).map(plain);
                self::made(made).is_some_and(|(there, name)| there == space(act) && Some(name) == sought)
            }
        };
        let made = self.acts().filter(creates).last()?;
        let (maker, line) = (self.name(made.call.actor), self.line(made.step));
        let what = if by_key {
            format!("the {} with the key 0x{:x}", thing(act.operation.name), act.int("key"))
        } else {
            "it".to_owned()
        };
        let flag = if by_key { "IPC_EXCL" } else { "O_EXCL" };
        let cause = Cause::new(format!("`{maker}` made {what} at line {line}"), [self.mark(made.step, "it is made here")]);
        let exclusive = if by_key { libc::IPC_EXCL } else { libc::O_EXCL };
        let asked = act.flags() & i128::from(exclusive) != 0;
        Some(if asked {
            cause.helped(format!("without {flag} the call gives what is there; if it must fail, write `-> EEXIST`"))
        } else {
            cause
        })
    }

    /// What was made in a directory that is to go.
    pub(super) fn not_empty(&self, failing: &Failing<'a>) -> Option<Cause> {
        let (_, name) = wanted(&failing.act)?;
        let inside = [name.as_slice(), b"/"].concat();
        let made = self.acts().find(|act| made(act).is_some_and(|(_, path)| path.starts_with(&inside)))?;
        let (maker, line) = (self.name(made.call.actor), self.line(made.step));
        let what = self::made(&made).map(|(_, path)| shown(&path)).unwrap_or_default();
        Some(Cause::new(
            format!("`{maker}` made {what} in it at line {line}"),
            [self.mark(made.step, format!("{what} is made here"))],
        ))
    }

    /// The mount that makes a path read-only, and who made it so.
    pub(super) fn read_only(&self, failing: &Failing<'a>) -> Option<Cause> {
        let act = &failing.act;
        let path = SOUGHT.iter().chain(GIVEN).find_map(|parameter| act.text(parameter)).map(plain);
        let opened = || self.maker(act.slot()?).and_then(|made| made.text("path").map(plain));
        let path = path.or_else(opened)?;
        let is_above = |target: &[u8]| {
            let target = target.strip_prefix(b"./").unwrap_or(target).strip_suffix(b"/").unwrap_or(target);
            path == target || path.strip_prefix(target).is_some_and(|rest| rest.starts_with(b"/"))
        };
        let by = self.acts().find(|made| match made.operation.name {
            "mount" => made.int("mountflags") & libc::MS_RDONLY as i128 != 0 && made.text("target").is_some_and(is_above),
            "mount_setattr" => {
                let set = made.arg("attr").and_then(|attr| attr.field("attr_set")).and_then(Value::int).unwrap_or(0);
                set & 1 != 0 && made.text("path").is_some_and(is_above)
            }
            "fsconfig" => made.text("key") == Some(b"ro"),
            _ => false,
        });
        if let Some(by) = by {
            let (who, line) = (self.name(by.call.actor), self.line(by.step));
            let mount = by.text("target").or_else(|| by.text("path")).map_or_else(|| "the mount".to_owned(), shown);
            let why = format!("{} is below {mount}, which `{who}` made read-only at line {line}", shown(&path));
            return Some(Cause::new(why, [self.mark(by.step, format!("`{who}` made {mount} read-only here"))]));
        }
        let tops = ["/usr", "/bin", "/sbin", "/lib", "/etc", "/scenario"];
        let top = tops.iter().find(|top| path.starts_with(top.as_bytes()))?;
        Some(
            Cause::new(format!("`{top}` is the host's, and read-only in every world"), [])
                .helped("write to `/tmp` or to the working directory"),
        )
    }

    /// A name that POSIX does not take.
    pub(super) fn slash(failing: &Failing<'a>) -> Option<Cause> {
        let name = failing.act.text("name")?;
        let (quoted, call) = (shown(name), failing.act.operation.name);
        let bare = String::from_utf8_lossy(name).replace('/', "");
        let why = match name.iter().filter(|byte| **byte == b'/').count() {
            0 if call == "mq_open" => {
                format!("{quoted} has no leading slash: the name of a queue is a slash and what follows it")
            }
            1 if name.first() == Some(&b'/') && name.len() > 1 => return None,
            0 => return None,
            _ => format!("{quoted} is no name: there is one slash, at its beginning, and something behind it"),
        };
        let cause = Cause::new(why, []);
        Some(if bare.is_empty() { cause } else { cause.helped(format!("write `\"/{bare}\"`")) })
    }
}
