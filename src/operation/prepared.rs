//! `do { … }`: calls that a process makes later by itself, from a handler or at its end.

use super::{Argument, Refusal, Returned, Trait, at};
use crate::value::{Prepared, Type, Value};

/// Calls with their arguments evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Later(pub Vec<Prepared>);

impl Later {
    /// Makes the calls, one after the other. What fails in it fails unseen, as it does in a handler of C that looks at no result.
    pub fn make(&self) {
        for call in &self.0 {
            if let Some(operation) = at(call.operation) {
                let _ = (operation.run)(&call.args);
            }
        }
    }
}

impl Argument for Later {
    const TYPE: Type = Type::Do;
    fn take(value: &Value) -> Result<Self, Refusal> {
        let Value::Do(calls) = value else {
            return Err(Refusal::wanted("a block such as do { write(1, \"caught\") }", value));
        };
        // The child of such a fork would stand in the middle of a handler: no line of the script could drive it.
        match calls.iter().filter_map(|call| at(call.operation)).find(|operation| operation.is(Trait::Forks)) {
            Some(operation) => {
                Err(Refusal(format!("`{}` cannot stand in a `do` block: no step could drive the child", operation.name)))
            }
            None => Ok(Self(calls.clone())),
        }
    }
}

impl Returned for Later {
    const TYPE: Type = Type::Do;
    fn give(self) -> Value {
        Value::Do(self.0)
    }
}
