//! What `read` is asked for and what `write` is given: bytes, one number, or the records that some descriptors of the kernel speak.

use super::argument::{Argument, Bytes, Refusal, Returned};
use super::inotify::{InotifyEvent, events};
use super::shape::{Amount, Shape, buffer};
use super::signalfd::{SignalfdSiginfo, record};
use crate::value::{Type, Value};

/// How much to read, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portion {
    /// So many bytes, or one number.
    Amount(Amount),
    /// One signal, of a descriptor of signalfd(2).
    Signal,
    /// All events that are there, of a descriptor of inotify(7).
    Events,
}

/// What was read: a string, a number, a record, or a list of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Content(pub Value);

/// What is written: a string, or the type of the number that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A number of this size.
    Number(Shape),
}

/// The words that `read` takes.
const WORDS: &[&str] = &["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "signalfd_siginfo", "inotify_event"];

/// Room for events of inotify: far more than the kernel queues in a scenario.
const EVENTS: usize = 64 << 10;

impl Portion {
    /// A buffer that holds it.
    pub fn buffer(self) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Amount(amount) => amount.buffer(),
            Self::Signal => buffer(size_of::<libc::signalfd_siginfo>()),
            Self::Events => buffer(EVENTS),
        }
    }

    /// What was read, as the script asked for it.
    pub fn read(self, bytes: Vec<u8>) -> Content {
        Content(match self {
            Self::Amount(amount) => amount.read(bytes),
            Self::Signal => record(&bytes).map_or(Value::Bytes(bytes), Returned::give),
            Self::Events => events(&bytes).give(),
        })
    }
}

impl Argument for Portion {
    const TYPE: Type = Type::Either(&[Type::Int, Type::Word(WORDS)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(word) if word == "signalfd_siginfo" => Ok(Self::Signal),
            Value::Word(word) if word == "inotify_event" => Ok(Self::Events),
            other => Amount::take(other).map(Self::Amount),
        }
    }
}

impl Returned for Content {
    const TYPE: Type = Type::Either(&[
        Type::Bytes,
        Type::Int,
        Type::Struct(&SignalfdSiginfo::STRUCTURE),
        Type::List(&Type::Struct(&InotifyEvent::STRUCTURE)),
    ]);
    fn give(self) -> Value {
        self.0
    }
}

impl Written {
    /// The bytes; `value` belongs to a type, and nothing follows a string.
    pub fn bytes(self, value: &Value) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Number(shape) => shape.bytes(value),
            Self::Bytes(bytes) if *value == Value::Int(0) => Ok(bytes),
            Self::Bytes(_) => Err(Refusal("a string takes no value after it; `write(fd, u64, 1)` writes a number".into())),
        }
    }
}

impl Argument for Written {
    const TYPE: Type = Type::Either(&[Type::Bytes, Shape::TYPE]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(_) => Shape::take(value).map(Self::Number),
            other => Bytes::take(other).map(|bytes| Self::Bytes(bytes.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_asked_for_by_their_names() {
        assert_eq!(Portion::take(&Value::Word("inotify_event".into())), Ok(Portion::Events));
        assert_eq!(Portion::take(&Value::Word("signalfd_siginfo".into())), Ok(Portion::Signal));
        assert_eq!(Portion::take(&Value::Int(5)), Ok(Portion::Amount(Amount::Bytes(5))));
        assert!(Portion::take(&Value::Word("stat".into())).is_err());
    }

    #[test]
    fn a_number_is_written_as_wide_as_its_type() {
        let number = Written::take(&Value::Word("u64".into())).expect("a type");
        assert_eq!(number.bytes(&Value::Int(1)), Ok(1u64.to_ne_bytes().to_vec()));
        let text = Written::take(&Value::text("x")).expect("a string");
        assert!(text.clone().bytes(&Value::Int(1)).is_err());
        assert_eq!(text.bytes(&Value::Int(0)), Ok(b"x".to_vec()));
    }
}
