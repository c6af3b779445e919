//! What scripts compute with and what comes of a call: values, their types, error numbers, signals, outcomes.

mod errno;
mod nesting;
mod signal;
mod types;

pub use errno::Errno;
pub use signal::Signal;
pub use types::{Constant, Field, Group, Structure, Type};

use serde::{Deserialize, Serialize};

/// A value, as a script writes it or a call gives it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `NULL`, and the result of a call that gives nothing.
    Null,
    /// Any integer of C: descriptors, identifiers, addresses, flags, sizes.
    Int(i128),
    /// A string: bytes, not necessarily UTF-8.
    Bytes(Vec<u8>),
    /// Nanoseconds.
    Duration(u64),
    /// A list, an array of C.
    #[serde(deserialize_with = "nesting::within")]
    List(Vec<Value>),
    /// A struct of C, its fields in order. A field without a name is one written in the order of the struct.
    #[serde(deserialize_with = "nesting::within")]
    Record(Vec<(String, Value)>),
    /// How a process ended or changed, as `waitpid` tells it.
    Status(Status),
    /// A word that is no number: `u32`, `ipc`, `shared`.
    Word(String),
    /// An actor, by its index in the scenario; a pid where C takes a pid.
    Actor(u16),
    /// `do { … }`: calls to be made later, arguments evaluated.
    #[serde(deserialize_with = "nesting::within")]
    Do(Vec<Prepared>),
}

/// A call with its arguments evaluated, to be made later by the actor itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// Index of the operation in the catalogue.
    pub operation: u32,
    /// Its arguments.
    pub args: Vec<Value>,
}

/// How a process ended or changed, as `waitpid` tells it; see wait(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// `exited(n)`
    Exited(i32),
    /// `killed(SIG)`
    Killed(Signal),
    /// `stopped(SIG)`
    Stopped(Signal),
    /// `continued`
    Continued,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It returned this.
    Returned(Value),
    /// It failed.
    Failed(Errno),
    /// It has not returned, and nothing but another process can make it.
    Blocked,
    /// It has not returned, and a time limit of its own will end it.
    Sleeping,
    /// Its caller was killed.
    Died(Signal),
    /// Its caller ended by itself, with this status.
    Exited(i32),
    /// Its caller ended, and the kernel does not tell how; since Linux 6.15 it always does.
    Ended,
    /// Its caller was stopped by a signal.
    Stopped,
    /// The arguments cannot be put into the C types of the call; why.
    Refused(String),
}

impl Value {
    /// A string of `text`.
    pub fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(text.into())
    }

    /// A record of named fields.
    pub fn record<const N: usize>(fields: [(&str, Value); N]) -> Self {
        Self::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The field `name` of a record.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Record(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub fn int(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Null => Some(0),
            _ => None,
        }
    }

    /// What kind of value it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "an integer",
            Self::Bytes(_) => "a string",
            Self::Duration(_) => "a duration",
            Self::List(_) => "a list",
            Self::Record(_) => "a record",
            Self::Status(_) => "a wait status",
            Self::Word(_) => "a word",
            Self::Actor(_) => "an actor",
            Self::Do(_) => "a `do` block",
        }
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Self::Int(number as i128)
            }
        }
    )*};
}

from_integers!(i8, u8, i16, u16, i32, u32, i64, u64, isize, usize);
