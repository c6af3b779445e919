//! Numbers that do not fit: a semaphore beyond its set, an object that was made smaller, a message and the room for it.

use super::{Cause, Facts, Failing};
use crate::value::Value;

impl<'a> Facts<'a> {
    /// A semaphore's number beyond the last of its set.
    pub(super) fn beyond_set(&self, failing: &Failing<'a>) -> Option<Cause> {
        let slot = failing.act.slot()?;
        let made = self.maker(slot).filter(|made| made.is(&["semget"]))?;
        let count = made.int("nsems");
        let asked = match failing.act.arg("sops") {
            Some(Value::List(operations)) => operations.iter().filter_map(number_of).max()?,
            _ => failing.act.int("semnum"),
        };
        if asked < count || count == 0 {
            return None;
        }
        let name = &self.view.scenario.slots.get(slot)?.name;
        let line = self.line(made.step);
        let (has, last) = match count {
            1 => ("1 semaphore".to_owned(), "the only one is 0".to_owned()),
            _ => (format!("{count} semaphores"), format!("they are 0 to {}", count - 1)),
        };
        let why = format!("`{name}` was made with {has} at line {line}, and {last}: there is no {asked}");
        Some(Cause::new(why, [self.mark(made.step, format!("`{name}` is made here with {has}"))]))
    }

    /// More than the object has that the key stands for.
    pub(super) fn outgrown(&self, failing: &Failing<'a>) -> Option<Cause> {
        let act = &failing.act;
        let parameter = if act.is(&["semget"]) { "nsems" } else { "size" };
        let made =
            self.acts().filter(|made| made.operation.name == act.operation.name && made.int("key") == act.int("key")).last()?;
        let (has, asked) = (made.int(parameter), act.int(parameter));
        if asked <= has || act.int("key") == 0 {
            return None;
        }
        let (maker, line) = (self.name(made.call.actor), self.line(made.step));
        let what = if parameter == "nsems" { "semaphores" } else { "bytes" };
        let why = format!("`{maker}` made it with {has} {what} at line {line}, and here {asked} are asked for");
        Some(
            Cause::new(why, [self.mark(made.step, format!("made here with {has} {what}"))])
                .helped(format!("ask for 0 or for {has}: what is there does not grow")),
        )
    }

    /// A message and the room for it.
    pub(super) fn misfit(&self, failing: &Failing<'a>) -> Option<Cause> {
        let act = &failing.act;
        let slot = act.slot()?;
        if act.is(&["msgrcv"]) {
            let sent = self
                .acts()
                .find(|sent| sent.is(&["msgsnd"]) && sent.slot() == Some(slot) && text_of(sent.arg("msgp")).is_some())?;
            let (length, room) = (text_of(sent.arg("msgp"))?, act.int("msgsz"));
            let label = self.mark(sent.step, format!("a message of {length} bytes is sent here"));
            let why = format!("there is room for {room} bytes, and the message of line {} has {length}", self.line(sent.step));
            return (length > room).then(|| {
                Cause::new(why, [label]).helped(format!("give room for {length} bytes, or let MSG_NOERROR cut the message"))
            });
        }
        let made = self.maker(slot)?;
        let size = made.arg("attr").and_then(|attr| attr.field("mq_msgsize").or_else(|| second(attr))).and_then(Value::int)?;
        let line = self.line(made.step);
        let label = self.mark(made.step, format!("messages of {size} bytes at most, from here"));
        let why = match act.arg("msg") {
            Some(Value::Bytes(bytes)) => {
                format!("the message has {} bytes, and line {line} made the queue for {size} at most", bytes.len())
            }
            _ => format!(
                "there must be room for the longest message, {size} bytes since line {line}, and here is room for {}",
                act.int("msg_len")
            ),
        };
        Some(Cause::new(why, [label]))
    }

    /// A value that a semaphore cannot hold.
    pub(super) fn overflow(failing: &Failing<'a>) -> Option<Cause> {
        let asked = match failing.act.arg("sops") {
            Some(Value::List(_)) => "the sum".to_owned(),
            _ => failing.act.arg("arg").and_then(Value::int).map_or_else(|| "a value".to_owned(), |value| value.to_string()),
        };
        Some(Cause::new(format!("{asked} is outside 0 to 32767 (SEMVMX): a semaphore holds no more"), []))
    }

    /// A descriptor that was opened for the other direction.
    pub(super) fn direction(&self, failing: &Failing<'a>) -> Option<Cause> {
        let slot = failing.act.slot().or_else(|| self.handles(failing.act.call).first().map(|(slot, ..)| *slot))?;
        let made = self.maker(slot)?;
        let name = &self.view.scenario.slots.get(slot)?.name;
        let line = self.line(made.step);
        let how = if made.is(&["pipe", "pipe2"]) {
            let other = self.other_end(failing.act.call)?;
            let first = self.pair(slot)?.first() == Some(&slot);
            let (is, end) = if first { ("reading", "write to") } else { ("writing", "read from") };
            let cause = Cause::new(
                format!(
                    "`{name}` is the {is} end of the pipe of line {line}: `pipe` gives the end to read from first, then the one to write to"
                ),
                [self.mark(made.step, "the pipe is made here")],
            );
            return Some(cause.helped(format!("{end} `{other}`")));
        } else {
            match i32::try_from(made.flags() & i128::from(libc::O_ACCMODE)).ok()? {
                libc::O_RDONLY => "O_RDONLY, for reading only",
                libc::O_WRONLY => "O_WRONLY, for writing only",
                _ => return None,
            }
        };
        let why = format!("`{name}` was opened with {how}, at line {line}");
        Some(Cause::new(why, [self.mark(made.step, format!("opened with {how}"))]).helped("open it with O_RDWR"))
    }
}

/// The number of the semaphore in an operation.
fn number_of(operation: &Value) -> Option<i128> {
    match operation {
        Value::Record(fields) => {
            fields.iter().find(|(name, _)| name == "sem_num" || name.is_empty()).and_then(|(_, value)| value.int())
        }
        _ => None,
    }
}

/// The length of the text in a message.
fn text_of(message: Option<&Value>) -> Option<i128> {
    let Some(Value::Record(fields)) = message else { return None };
    match fields.get(1) {
        Some((_, Value::Bytes(text))) => i128::try_from(text.len()).ok(),
        _ => None,
    }
}

/// The third field of queue attributes in the order of the struct.
fn second(attributes: &Value) -> Option<&Value> {
    match attributes {
        Value::Record(fields) => fields.get(2).filter(|(name, _)| name.is_empty()).map(|(_, value)| value),
        _ => None,
    }
}
