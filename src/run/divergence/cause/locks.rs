//! Locks: who holds what a call would have, or let go.

use super::{Cause, Facts, Failing};

/// Calls that take a lock, and those that let it go.
const TAKERS: &[&str] = &[
    "pthread_mutex_lock",
    "pthread_mutex_trylock",
    "pthread_mutex_timedlock",
    "pthread_spin_lock",
    "pthread_spin_trylock",
    "pthread_rwlock_rdlock",
    "pthread_rwlock_wrlock",
    "pthread_rwlock_tryrdlock",
    "pthread_rwlock_trywrlock",
    "flock",
    "fcntl",
];
const GIVERS: &[&str] = &["pthread_mutex_unlock", "pthread_spin_unlock", "pthread_rwlock_unlock"];

impl<'a> Facts<'a> {
    /// The step that took the lock, and whose it is.
    pub(super) fn locked(&self, failing: &Failing<'a>) -> Option<Cause> {
        let (name, slot) = (failing.act.operation.name, failing.act.slot()?);
        let path = |slot| self.maker(slot).and_then(|act| act.text("path").map(<[u8]>::to_vec));
        let file = path(slot);
        let same = |other| other == slot || (file.is_some() && path(other) == file);
        let last = self.acts().find(|act| {
            act.is(TAKERS) && unlocks(act) || act.is(TAKERS) && act.slot().is_some_and(same) || {
                act.is(GIVERS) && act.slot() == Some(slot)
            }
        });
        let who = self.name(failing.actor);
        let releases = name == "pthread_mutex_unlock";
        let known = self.view.scenario.slots.get(slot).map_or_else(String::new, |slot| slot.name.clone());
        let Some(last) = last.filter(|last| !last.is(GIVERS) && !unlocks(last)) else {
            return releases.then(|| Cause::new(format!("no step has locked `{known}` since it was last unlocked"), []));
        };
        let (holder, line) = (self.name(last.call.actor), self.line(last.step));
        let label = self.mark(last.step, format!("`{holder}` took it here"));
        let why = match (last.call.actor == failing.actor, releases) {
            (true, true) => return None,
            (true, false) => format!("`{who}` itself has held `{known}` since line {line}"),
            (false, true) => format!("`{holder}` has held `{known}` since line {line}: who locks unlocks"),
            (false, false) => format!("`{holder}` has held it since line {line}"),
        };
        Some(Cause::new(why, [label]))
    }
}

/// Whether a call of many uses lets a lock go here.
fn unlocks(act: &super::Act<'_>) -> bool {
    act.operation.name == "flock" && act.int("operation") & i128::from(libc::LOCK_UN) != 0
}
