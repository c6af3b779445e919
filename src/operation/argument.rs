//! Between values and the types of C: what a call takes and what it gives back.

use crate::value::{Signal, Status, Type, Value};
use std::ffi::CString;

/// A type that a call takes.
pub trait Argument: Sized {
    /// Its description.
    const TYPE: Type;
    /// Takes it out of a value.
    fn take(value: &Value) -> Result<Self, Refusal>;
}

/// A type that a call gives back.
pub trait Returned {
    /// Its description.
    const TYPE: Type;
    /// The value that a script sees.
    fn give(self) -> Value;
}

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

impl Refusal {
    /// `value` is not what was wanted.
    pub fn wanted(what: &str, value: &Value) -> Self {
        Self(format!("expected {what}, found {}", value.kind()))
    }
}

/// The whole number in `value`, if it fits `T`; what C would cut off is refused.
pub fn integer<T: TryFrom<i128>>(value: &Value) -> Result<T, Refusal> {
    let number = value.int().ok_or_else(|| Refusal::wanted("an integer", value))?;
    T::try_from(number).map_err(|_| Refusal(format!("{number} does not fit the type that C has there")))
}

macro_rules! integer_arguments {
    ($($integer:ty),*) => {$(
        impl Argument for $integer {
            const TYPE: Type = Type::Int;
            fn take(value: &Value) -> Result<Self, Refusal> {
                integer(value)
            }
        }
        impl Returned for $integer {
            const TYPE: Type = Type::Int;
            fn give(self) -> Value {
                Value::from(self)
            }
        }
    )*};
}

integer_arguments!(i8, u8, i16, u16, i32, u32, i64, u64, isize, usize);

/// Defines integers that keep a meaning: `number! { /// doc  pub Key(i32): Type::Key }`.
macro_rules! number {
    ($($(#[$doc:meta])* $name:ident($integer:ty): $ty:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $integer);

        impl $crate::operation::Argument for $name {
            const TYPE: $crate::value::Type = $ty;
            fn take(value: &$crate::value::Value) -> Result<Self, $crate::operation::Refusal> {
                $crate::operation::argument::integer(value).map(Self)
            }
        }

        impl $crate::operation::Returned for $name {
            const TYPE: $crate::value::Type = $ty;
            fn give(self) -> $crate::value::Value {
                $crate::value::Value::from(self.0)
            }
        }
    )*};
}
pub(crate) use number;

number! {
    /// A System V key; see ftok(3).
    Key(i32): Type::Key;
    /// A file descriptor.
    Fd(i32): Type::Handle("fd");
    /// An address of the actor's memory.
    Address(usize): Type::Handle("address");
    /// A file mode; see inode(7).
    Mode(u32): Type::Mode;
    /// A user or group id; -1 leaves it as it is where the call says so.
    Id(i64): Type::Id;
    /// A process, process group or session.
    Pid(i32): Type::Pid;
}

impl Argument for Signal {
    const TYPE: Type = Type::Signal;
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Signal)
    }
}

impl Returned for Signal {
    const TYPE: Type = Type::Signal;
    fn give(self) -> Value {
        Value::from(self.0)
    }
}

/// A set of signals, written as a list; see sigsetops(3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signals(pub Vec<Signal>);

impl Argument for Signals {
    const TYPE: Type = Type::Signals;
    fn take(value: &Value) -> Result<Self, Refusal> {
        Vec::<Signal>::take(value).map(Self)
    }
}

impl Returned for Signals {
    const TYPE: Type = Type::Signals;
    fn give(self) -> Value {
        self.0.give()
    }
}

/// A string of bytes, not necessarily text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Argument for Bytes {
    const TYPE: Type = Type::Bytes;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Bytes(bytes) => Ok(Self(bytes.clone())),
            other => Err(Refusal::wanted("a string", other)),
        }
    }
}

impl Returned for Bytes {
    const TYPE: Type = Type::Bytes;
    fn give(self) -> Value {
        Value::Bytes(self.0)
    }
}

impl Argument for CString {
    const TYPE: Type = Type::Path;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Bytes(bytes) => CString::new(bytes.clone()).map_err(|_| Refusal("a path cannot hold a NUL byte".into())),
            other => Err(Refusal::wanted("a string", other)),
        }
    }
}

impl<T: Argument> Argument for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::List(items) => items.iter().map(T::take).collect(),
            // What a script leaves out of a struct is 0: an array of C that is not there.
            Value::Null | Value::Int(0) => Ok(Self::new()),
            other => Err(Refusal::wanted("a list", other)),
        }
    }
}

impl<T: Returned> Returned for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);
    fn give(self) -> Value {
        Value::List(self.into_iter().map(T::give).collect())
    }
}

/// `NULL` (or the 0 that C programmers write for it) is `None`.
impl<T: Argument> Argument for Option<T> {
    const TYPE: Type = Type::Optional(&T::TYPE);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Null | Value::Int(0) => Ok(None),
            present => T::take(present).map(Some),
        }
    }
}

/// A value that the call itself looks at.
impl Argument for Value {
    const TYPE: Type = Type::Any;
    fn take(value: &Value) -> Result<Self, Refusal> {
        Ok(value.clone())
    }
}

impl Returned for Value {
    const TYPE: Type = Type::Any;
    fn give(self) -> Value {
        self
    }
}

impl Returned for Status {
    const TYPE: Type = Type::Status;
    fn give(self) -> Value {
        Value::Status(self)
    }
}

impl Returned for () {
    const TYPE: Type = Type::Unit;
    fn give(self) -> Value {
        Value::Int(0)
    }
}

impl Returned for CString {
    const TYPE: Type = Type::Path;
    fn give(self) -> Value {
        Value::Bytes(self.into_bytes())
    }
}

/// A time limit: a duration, or a number of the unit that C has there; `NULL` or a negative number is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Option<Limit>);

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `20ms`, in nanoseconds.
    Nanoseconds(u64),
    /// A bare number, in the unit of the call.
    Units(i64),
}

impl Timeout {
    /// For a call that takes a `struct timespec *`: a bare 0 is `NULL`, other bare numbers are seconds.
    pub fn timespec(self) -> Option<libc::timespec> {
        let nanoseconds = match self.0 {
            None | Some(Limit::Units(0)) => return None,
            Some(Limit::Nanoseconds(nanoseconds)) => i64::try_from(nanoseconds).unwrap_or(i64::MAX),
            Some(Limit::Units(seconds)) => seconds.saturating_mul(1_000_000_000),
        };
        Some(libc::timespec { tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000 })
    }

    /// For a call that takes an absolute deadline on `clock`: now is added.
    pub fn deadline(self, clock: libc::clockid_t) -> Option<libc::timespec> {
        let limit = self.timespec()?;
        let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: clock_gettime(2) fills a local variable.
        unsafe { libc::clock_gettime(clock, &raw mut now) };
        let nanoseconds = now.tv_nsec + limit.tv_nsec;
        let seconds = now.tv_sec.saturating_add(limit.tv_sec).saturating_add(nanoseconds / 1_000_000_000);
        Some(libc::timespec { tv_sec: seconds, tv_nsec: nanoseconds % 1_000_000_000 })
    }

    /// For a call that takes milliseconds, rounded up; -1 for no limit.
    pub fn milliseconds(self) -> i32 {
        match self.0 {
            None => -1,
            Some(Limit::Nanoseconds(nanoseconds)) => i32::try_from(nanoseconds.div_ceil(1_000_000)).unwrap_or(i32::MAX),
            Some(Limit::Units(units)) => i32::try_from(units).unwrap_or(i32::MAX),
        }
    }
}

impl Argument for Timeout {
    const TYPE: Type = Type::Timeout;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Null => Ok(Self(None)),
            Value::Duration(nanoseconds) => Ok(Self(Some(Limit::Nanoseconds(*nanoseconds)))),
            Value::Int(number) if *number < 0 => Ok(Self(None)),
            Value::Int(_) => integer(value).map(|units| Self(Some(Limit::Units(units)))),
            other => Err(Refusal::wanted("a duration such as 20ms", other)),
        }
    }
}

/// The fields of `structure` in its order, out of a record written with names, or in the order of C; what is missing is 0.
pub fn fields(structure: &'static crate::value::Structure, value: &Value) -> Result<Vec<Value>, Refusal> {
    let given = match value {
        Value::Record(given) => given.as_slice(),
        // A struct inside a struct that leaves it out.
        Value::Int(0) => &[],
        other => return Err(Refusal::wanted(&format!("a struct {}", structure.name), other)),
    };
    let mut fields = vec![Value::Int(0); structure.fields.len()];
    for (place, (name, value)) in given.iter().enumerate() {
        let at = if name.is_empty() { Some(place) } else { structure.fields.iter().position(|field| field.name == name) };
        match at.and_then(|at| fields.get_mut(at)) {
            Some(field) => *field = value.clone(),
            None if name.is_empty() => {
                return Err(Refusal(format!("a struct {} has {} fields", structure.name, structure.fields.len())));
            }
            None => return Err(Refusal(format!("a struct {} has no field `{name}`", structure.name))),
        }
    }
    Ok(fields)
}
