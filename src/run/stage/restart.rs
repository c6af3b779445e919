//! The end of a pid namespace by reboot(2): how its init ends is decided by who called, and the kernel writes it down late.
//!
//! It kills init by SIGKILL, and makes SIGHUP or SIGINT of that when init stops waiting for the last of its namespace. Until then /proc tells
//! SIGKILL; and a pidfd, which keeps what the thread of init ended with, never tells anything else. Only who saw the call knows in time.

use super::{ActorId, Stage};
use crate::operation::{Operation, reboot};
use crate::run::lingering::pids_of;
use crate::value::{Signal, Status, Value};

impl Stage {
    /// Notes that a call of `actor`, if it succeeds, will have the init of its pid namespace die, where an actor is that init.
    pub(super) fn begin_restart(&mut self, actor: ActorId, operation: &Operation, args: &[Value]) {
        self.player(actor).restarts =
            reboot::ends_init_by(operation, args).and_then(|signal| Some((self.init_of(actor)?, signal)));
    }

    /// How `actor` has ended whose process shows `status`. The end of who has called `reboot` is the success of that call.
    pub(super) fn real_end(&mut self, actor: ActorId, status: Option<Status>) -> Option<Status> {
        // A filter of the script may have ended it instead.
        let succeeded = matches!(
            status,
            None | Some(Status::Exited(0) | Status::Killed(Signal(libc::SIGKILL | libc::SIGHUP | libc::SIGINT)))
        );
        if let Some((init, signal)) = self.player(actor).restarts.take().filter(|_| succeeded) {
            self.player(init).restarted = Some(signal);
        }
        self.player(actor).restarted.map(Status::Killed).or(status)
    }

    /// The actor that is pid 1 of the pid namespace in which `actor` is.
    fn init_of(&self, actor: ActorId) -> Option<ActorId> {
        let namespace = self.namespace(actor, "pid").ok()?;
        (0..ActorId::try_from(self.actors.len()).ok()?).find(|&other| {
            let process = self.process(other);
            let first =
                process.filter(|process| process.pid == process.group).and_then(|process| pids_of(&self.procfs, process.pid));
            first.is_some_and(|pids| pids.last() == Some(&1)) && self.namespace(other, "pid").is_ok_and(|own| own == namespace)
        })
    }
}
