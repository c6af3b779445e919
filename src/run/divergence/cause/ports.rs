//! Ends and addresses: who reads at the other end, who listens, who has the address.

use super::{Cause, Facts, Failing};
use crate::run::history::What as Done;
use crate::scenario::ActorId;
use crate::value::Value;

impl<'a> Facts<'a> {
    /// Nobody has the reading end of a pipe, FIFO or socket pair.
    pub(super) fn no_reader(&self, failing: &Failing<'a>) -> Option<Cause> {
        if failing.act.is(&["open", "openat", "openat2"]) {
            let path = failing.act.text("path")?;
            let path = String::from_utf8_lossy(path);
            let why =
                format!("with O_NONBLOCK, `{path}` opens for writing only once somebody has it open for reading, and nobody has");
            let cause = Cause::new(
                why,
                self.acts().find(|act| act.is(&["mkfifo"])).map(|act| self.mark(act.step, "the FIFO is made here")),
            );
            return Some(cause.helped(format!("let another actor open it first: `open(\"{path}\", O_RDONLY | O_NONBLOCK)`")));
        }
        let slot = failing.act.slot()?;
        let end = self.pair(slot)?.iter().copied().find(|other| *other != slot)?;
        let name = self.view.scenario.slots.get(end)?.name.clone();
        let closed: Vec<_> = self.history.deeds.iter().filter(|deed| deed.what == Done::Closed(end)).collect();
        let labels: Vec<_> =
            closed.iter().map(|deed| self.mark(deed.step, format!("`{}` closed `{name}` here", self.name(deed.actor)))).collect();
        let others = (0..self.view.scenario.actors.len()).filter_map(|actor| ActorId::try_from(actor).ok());
        let ended = others.filter(|actor| *actor != failing.actor).filter_map(|actor| self.ending(actor));
        let labels: Vec<_> = labels.into_iter().chain(ended).collect();
        let why = match closed.last() {
            Some(deed) => format!(
                "nobody has `{name}`, the other end, open any more: `{}` closed it at line {}",
                self.name(deed.actor),
                self.line(deed.step)
            ),
            None => format!("nobody has `{name}`, the other end, open any more"),
        };
        Some(Cause::new(why, labels))
    }

    /// No socket listens at the address of a `connect`.
    pub(super) fn no_listener(&self, failing: &Failing<'a>) -> Option<Cause> {
        let address = failing.act.arg("addr")?;
        let bound = self.acts().find(|act| act.is(&["bind"]) && act.arg("addr").is_some_and(|known| same(known, address)));
        let Some(bound) = bound else {
            // An address of the Internet may be one of many by which a socket is reached.
            path(address)?;
            let other = self.acts().find(|act| act.is(&["bind"]));
            let labels: Vec<_> = other.iter().map(|act| self.mark(act.step, "this is the address that a socket has")).collect();
            return Some(Cause::new("no step has bound a socket to this address", labels));
        };
        let (server, line) = (self.name(bound.call.actor), self.line(bound.step));
        let here = self.mark(bound.step, format!("`{server}` bound it here"));
        if let Some(closed) =
            self.history.deeds.iter().rev().find(|deed| bound.slot().is_some_and(|slot| deed.what == Done::Closed(slot)))
        {
            let (who, line) = (self.name(closed.actor), self.line(closed.step));
            let why = format!("`{who}` closed the socket at line {line}; in the file system its name stays until `unlink`");
            return Some(Cause::new(why, [here, self.mark(closed.step, format!("`{who}` closed it here"))]));
        }
        let listens = self.acts().any(|act| act.is(&["listen"]) && act.slot() == bound.slot());
        if listens {
            let kinds = i128::from(libc::CLONE_NEWNET);
            let (own, other) = (self.home(failing.actor, kinds, usize::MAX)?, self.home(bound.call.actor, kinds, bound.step)?);
            let who = self.name(failing.actor);
            let why = format!("`{server}` listens in `net#{other}`, and `{who}` is in `net#{own}`");
            return (own != other).then(|| Cause::new(why, [here]));
        }
        let slot = bound.slot().and_then(|slot| self.view.scenario.slots.get(slot)).map_or("s", |slot| slot.name.as_str());
        let why = format!("`{server}` bound the address at line {line}, and no step listens there");
        Some(Cause::new(why, [here]).helped(format!("write `{server}: listen({slot}, 1)` ahead of this line")))
    }

    /// Who has the address.
    pub(super) fn address_taken(&self, failing: &Failing<'a>) -> Option<Cause> {
        let address = failing.act.arg("addr")?;
        let bound = self.acts().find(|act| act.is(&["bind"]) && act.arg("addr").is_some_and(|known| same(known, address)))?;
        let (who, line) = (self.name(bound.call.actor), self.line(bound.step));
        let label = self.mark(bound.step, format!("`{who}` took the address here"));
        let closed = self.history.deeds.iter().any(|deed| bound.slot().is_some_and(|slot| deed.what == Done::Closed(slot)));
        let why = format!("`{who}` bound a socket to this address at line {line}");
        let cause =
            Cause::new(if closed { format!("{why}; the file of a socket stays when it is closed") } else { why }, [label]);
        Some(match path(address).filter(|_| closed) {
            Some(path) => cause.helped(format!("write `unlink(\"{path}\")` ahead of this line")),
            None => cause,
        })
    }
}

/// Whether two addresses are the same, however their fields are written.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Record(one), Value::Record(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|((_, one), (_, other))| one == other)
        }
        _ => one == other,
    }
}

/// The path of an address in the file system.
fn path(address: &Value) -> Option<String> {
    let Value::Record(fields) = address else { return None };
    match fields.get(1) {
        Some((_, Value::Bytes(path))) if path.first().is_some_and(|first| *first != 0) => {
            Some(String::from_utf8_lossy(path).into_owned())
        }
        _ => None,
    }
}
