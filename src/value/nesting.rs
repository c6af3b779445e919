//! A bound on how deep values lie in each other where they are read: who wrote them may have wished for an endless recursion.

use serde::de::{Deserialize, Deserializer, Error};
use std::cell::Cell;

/// Deeper than any script may write and any structure of the kernel goes.
const DEEPEST: u32 = 200;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Reads what lies one level deeper.
///
/// # Errors
///
/// As `T`, and where the bound is passed.
pub fn within<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    let depth = DEPTH.get();
    if depth >= DEEPEST {
        return Err(D::Error::custom("values lie too deep in each other"));
    }
    DEPTH.set(depth + 1);
    let read = T::deserialize(deserializer);
    DEPTH.set(depth);
    read
}

#[cfg(test)]
mod tests {
    use crate::value::Value;

    #[test]
    fn endless_lists_are_refused() {
        let list = postcard::to_allocvec(&Value::List(Vec::new())).expect("a list can be written");
        let head = list[0];
        // A list of one list of one list, a million deep.
        let bytes = [head, 1].repeat(1_000_000);
        assert!(postcard::from_bytes::<Value>(&bytes).is_err());
        let nested = (0..100).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        let written = postcard::to_allocvec(&nested).expect("it can be written");
        assert_eq!(postcard::from_bytes(&written), Ok(nested));
    }
}
