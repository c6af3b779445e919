//! The types of C that a script names by a word where bytes are read as a number: `u32`.

use super::argument::{Argument, Refusal, integer};
use crate::value::{Type, Value};

/// An integer as it lies in memory, in the byte order of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// In bytes.
    pub size: usize,
    signed: bool,
}

/// The words, in the order of the manual.
pub const WORDS: &[&str] = &["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

/// How much to read: a number of bytes, or as much as the type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many bytes, given as a string.
    Bytes(usize),
    /// One number.
    One(Shape),
}

/// The largest buffer that a call takes from its actor: 64 MiB.
const BUFFER: usize = 64 << 20;

impl Shape {
    /// The type that `word` names.
    pub fn named(word: &str) -> Option<Self> {
        let signed = word.starts_with('i');
        let size = match word.strip_prefix(['u', 'i'])? {
            "8" => 1,
            "16" => 2,
            "32" => 4,
            "64" => 8,
            _ => return None,
        };
        Some(Self { size, signed })
    }

    /// The number in `bytes`, which has the size of the type; `None` where it has not.
    pub fn number(self, bytes: &[u8]) -> Option<Value> {
        Some(match (self.size, self.signed) {
            (1, false) => u8::from_ne_bytes(bytes.try_into().ok()?).into(),
            (1, true) => i8::from_ne_bytes(bytes.try_into().ok()?).into(),
            (2, false) => u16::from_ne_bytes(bytes.try_into().ok()?).into(),
            (2, true) => i16::from_ne_bytes(bytes.try_into().ok()?).into(),
            (4, false) => u32::from_ne_bytes(bytes.try_into().ok()?).into(),
            (4, true) => i32::from_ne_bytes(bytes.try_into().ok()?).into(),
            (_, false) => u64::from_ne_bytes(bytes.try_into().ok()?).into(),
            (_, true) => i64::from_ne_bytes(bytes.try_into().ok()?).into(),
        })
    }

    /// `value` as it lies in memory; refused where the type cannot hold it.
    pub fn bytes(self, value: &Value) -> Result<Vec<u8>, Refusal> {
        Ok(match (self.size, self.signed) {
            (1, false) => integer::<u8>(value)?.to_ne_bytes().to_vec(),
            (1, true) => integer::<i8>(value)?.to_ne_bytes().to_vec(),
            (2, false) => integer::<u16>(value)?.to_ne_bytes().to_vec(),
            (2, true) => integer::<i16>(value)?.to_ne_bytes().to_vec(),
            (4, false) => integer::<u32>(value)?.to_ne_bytes().to_vec(),
            (4, true) => integer::<i32>(value)?.to_ne_bytes().to_vec(),
            (_, false) => integer::<u64>(value)?.to_ne_bytes().to_vec(),
            (_, true) => integer::<i64>(value)?.to_ne_bytes().to_vec(),
        })
    }
}

impl Argument for Shape {
    const TYPE: Type = Type::Word(WORDS);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(word) => {
                Self::named(word).ok_or_else(|| Refusal(format!("`{word}` is none of the types {}", WORDS.join(", "))))
            }
            other => Err(Refusal::wanted("a type such as u32", other)),
        }
    }
}

impl Amount {
    /// A buffer of that size, zeroed.
    pub fn buffer(self) -> Result<Vec<u8>, Refusal> {
        buffer(match self {
            Self::Bytes(size) => size,
            Self::One(shape) => shape.size,
        })
    }

    /// What was read, as the script asked for it. Fewer bytes than the type has stay bytes: `""` at the end of a file.
    pub fn read(self, bytes: Vec<u8>) -> Value {
        match self {
            Self::Bytes(_) => Value::Bytes(bytes),
            Self::One(shape) => shape.number(&bytes).unwrap_or(Value::Bytes(bytes)),
        }
    }
}

impl Argument for Amount {
    const TYPE: Type = Type::Either(&[Type::Int, Shape::TYPE]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(_) => Shape::take(value).map(Self::One),
            other => integer(other).map(Self::Bytes),
        }
    }
}

/// A buffer of `size` bytes, zeroed; refused above 64 MiB.
pub fn buffer(size: usize) -> Result<Vec<u8>, Refusal> {
    if size > BUFFER {
        return Err(Refusal(format!("a buffer holds at most 64M, and not {size} bytes")));
    }
    Ok(vec![0; size])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_goes_there_and_back() {
        for word in WORDS {
            let shape = Shape::named(word).expect("a type");
            let number = if word.starts_with('i') { Value::Int(-7) } else { Value::Int(200) };
            let bytes = shape.bytes(&number).expect("fits");
            assert_eq!(bytes.len(), shape.size);
            assert_eq!(shape.number(&bytes), Some(number), "{word}");
        }
    }

    #[test]
    fn what_c_would_cut_off_is_refused() {
        let byte = Shape::named("u8").expect("a type");
        assert!(byte.bytes(&Value::Int(256)).is_err());
        assert!(byte.bytes(&Value::Int(-1)).is_err());
        assert!(Shape::take(&Value::Word("u128".into())).is_err());
    }

    #[test]
    fn a_short_read_stays_bytes() {
        let number = Amount::take(&Value::Word("u32".into())).expect("an amount");
        assert_eq!(number.read(vec![1, 0, 0, 0]), Value::Int(i128::from(u32::from_ne_bytes([1, 0, 0, 0]))));
        assert_eq!(number.read(Vec::new()), Value::text(""));
    }
}
