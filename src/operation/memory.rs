//! Loads and stores: what a C program does through a pointer.

use super::argument::{Address, Argument, Bytes, integer};
use super::entry::call;
use super::{Failure, Family, Refusal};
use crate::value::{Type, Value};
use std::arch::asm;

/// Loads and stores.
pub static FAMILY: Family = Family {
    name: "memory",
    title: "Loads and stores",
    summary: "`load` and `store` are what C writes as `*p` and `*p = v`: they read and write the actor's own memory, at an address that `shmat` or \
        `mmap` gave. A number is one instruction of the machine, so nobody sees half of it; nothing orders it against what others do. \
        An address where nothing is mapped ends the actor with `SIGSEGV`, a page beyond the end of its file with `SIGBUS`.",
    calls: &[&LOAD, &STORE],
    constants: &[],
    structs: &[],
};

/// A number in memory: its width and whether it has a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
}

impl Number {
    const WORDS: &[&str] = &["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

    fn named(word: &str) -> Result<Self, Refusal> {
        Ok(match word {
            "u8" => Self::U8,
            "u16" => Self::U16,
            "u32" => Self::U32,
            "u64" => Self::U64,
            "i8" => Self::I8,
            "i16" => Self::I16,
            "i32" => Self::I32,
            "i64" => Self::I64,
            other => return Err(Refusal(format!("`{other}` is no type of memory: {}", Self::WORDS.join(", ")))),
        })
    }
}

/// What to load: a number, or so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded(What);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Number(Number),
    Bytes(usize),
}

/// The longest string that a call gives back.
const LONGEST: usize = 2 << 20;

impl Argument for Loaded {
    const TYPE: Type = Type::Either(&[Type::Word(Number::WORDS), Type::Int]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(word) => Number::named(word).map(|number| Self(What::Number(number))),
            Value::Int(_) => match integer(value)? {
                length if length <= LONGEST => Ok(Self(What::Bytes(length))),
                length => Err(Refusal(format!("{length} bytes are too many: at most {LONGEST} at once"))),
            },
            other => Err(Refusal::wanted("a type such as u32, or a number of bytes", other)),
        }
    }
}

/// What to store: a number of the value that follows, or a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored(Content);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Number(Number),
    Bytes(Vec<u8>),
}

impl Argument for Stored {
    const TYPE: Type = Type::Either(&[Type::Word(Number::WORDS), Type::Bytes]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Word(word) => Number::named(word).map(|number| Self(Content::Number(number))),
            Value::Bytes(_) => Bytes::take(value).map(|bytes| Self(Content::Bytes(bytes.0))),
            other => Err(Refusal::wanted("a type such as u32, or a string", other)),
        }
    }
}

call! {
    /// Reads a number (`u8` … `i64`), or so many bytes as a string, at an address of the caller's memory.
    fn load(addr: Address, what: Loaded) -> Value {
        let at = addr.0;
        Ok(match what.0 {
            What::Number(Number::U8) => Value::from(load_8(at)),
            What::Number(Number::U16) => Value::from(load_16(at)),
            What::Number(Number::U32) => Value::from(load_32(at)),
            What::Number(Number::U64) => Value::from(load_64(at)),
            What::Number(Number::I8) => Value::from(load_8(at).cast_signed()),
            What::Number(Number::I16) => Value::from(load_16(at).cast_signed()),
            What::Number(Number::I32) => Value::from(load_32(at).cast_signed()),
            What::Number(Number::I64) => Value::from(load_64(at).cast_signed()),
            What::Bytes(length) => Value::Bytes((0..length).map(|offset| load_8(at.wrapping_add(offset))).collect()),
        })
    }
    const LOAD: "*p in C";
    traits: [Local, ReadOnly];
    touches: [reads memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: load(p, u64)     -> 0
a: store(p, i16, -2)
a: load(p, u16)     -> 0xfffe
a: load(p, 3)       -> \"\\xfe\\xff\\x00\"
a: load(0, u8)      -> dies SIGSEGV";
}

call! {
    /// Writes a number (`u8` … `i64`) or a string at an address of the caller's memory.
    ///
    /// `store(p, u32, 7)`, `store(p, "text")`. A string is written byte by byte, and without the 0 that C puts behind it.
    fn store(addr: Address, what: Stored, value: Value = 0) -> () {
        let at = addr.0;
        match what.0 {
            Content::Number(Number::U8) => store_8(at, fitting(&value)?),
            Content::Number(Number::U16) => store_16(at, fitting(&value)?),
            Content::Number(Number::U32) => store_32(at, fitting(&value)?),
            Content::Number(Number::U64) => store_64(at, fitting(&value)?),
            Content::Number(Number::I8) => store_8(at, fitting::<i8>(&value)?.cast_unsigned()),
            Content::Number(Number::I16) => store_16(at, fitting::<i16>(&value)?.cast_unsigned()),
            Content::Number(Number::I32) => store_32(at, fitting::<i32>(&value)?.cast_unsigned()),
            Content::Number(Number::I64) => store_64(at, fitting::<i64>(&value)?.cast_unsigned()),
            Content::Bytes(_) if value != Value::Int(0) => {
                return Err(Failure::Refused("`store` of a string takes no value after it".into()));
            }
            Content::Bytes(bytes) => {
                for (offset, byte) in bytes.into_iter().enumerate() {
                    store_8(at.wrapping_add(offset), byte);
                }
            }
        }
        Ok(())
    }
    const STORE: "*p = v in C";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: {};
    example: "a: seg = shmget(IPC_PRIVATE, 4096, 0o600)
a: p = shmat(seg)
a: child = fork()
child: store(p, \"written by the child\")
child: store(p + 64, u32, 7)
a: load(p, 20)      -> \"written by the child\"
a: load(p + 64, u32) -> 7
a: r = shmat(seg, NULL, SHM_RDONLY)
a: store(r, u8, 1)  -> dies SIGSEGV";
}

fn fitting<T: TryFrom<i128>>(value: &Value) -> Result<T, Refusal> {
    integer(value).map_err(|refusal| Refusal(format!("`value` of `store`: {}", refusal.0)))
}

/// Accesses as single instructions, written out: Rust's own accesses may not be given a bad address, and this is the place where a
/// script may try one.
macro_rules! accesses {
    ($($load:ident $store:ident $integer:ty, $class:ident, $x86_load:literal $x86_store:literal, $arm_load:literal $arm_store:literal;)*) => {$(
        fn $load(at: usize) -> $integer {
            let value: $integer;
            // SAFETY: it reads the address that the script names; a bad one ends the actor with SIGSEGV, which is its meaning.
            #[cfg(target_arch = "x86_64")]
            unsafe { asm!($x86_load, at = in(reg) at, value = out($class) value, options(nostack, readonly, preserves_flags)) };
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            unsafe { asm!($arm_load, at = in(reg) at, value = out(reg) value, options(nostack, readonly, preserves_flags)) };
            value
        }

        fn $store(at: usize, value: $integer) {
            // SAFETY: it writes to the address that the script names, which shmat or mmap gave; a bad one harms the actor
            // alone, as it would a C program.
            #[cfg(target_arch = "x86_64")]
            unsafe { asm!($x86_store, at = in(reg) at, value = in($class) value, options(nostack, preserves_flags)) };
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            unsafe { asm!($arm_store, at = in(reg) at, value = in(reg) value, options(nostack, preserves_flags)) };
        }
    )*};
}

accesses! {
    load_8 store_8 u8, reg_byte, "mov {value}, [{at}]" "mov [{at}], {value}", "ldrb {value:w}, [{at}]" "strb {value:w}, [{at}]";
    load_16 store_16 u16, reg, "mov {value:x}, [{at}]" "mov [{at}], {value:x}", "ldrh {value:w}, [{at}]" "strh {value:w}, [{at}]";
    load_32 store_32 u32, reg, "mov {value:e}, [{at}]" "mov [{at}], {value:e}", "ldr {value:w}, [{at}]" "str {value:w}, [{at}]";
    load_64 store_64 u64, reg, "mov {value:r}, [{at}]" "mov [{at}], {value:r}", "ldr {value:x}, [{at}]" "str {value:x}, [{at}]";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Value {
        Value::Word(word.into())
    }

    fn run(operation: &crate::operation::Operation, args: &[Value]) -> Result<Value, Failure> {
        (operation.run)(args)
    }

    #[test]
    fn numbers_of_every_width_come_back_as_they_went_in() {
        let mut memory = Box::new([0u8; 64]);
        let at = Value::from((&raw mut *memory).expose_provenance() + 1);
        let extremes: [(&str, i128); 12] = [
            ("u8", 0xff),
            ("u16", 0xffff),
            ("u32", 0xffff_ffff),
            ("u64", 0xffff_ffff_ffff_ffff),
            ("i8", -0x80),
            ("i16", -0x8000),
            ("i32", -0x8000_0000),
            ("i64", -0x8000_0000_0000_0000),
            ("i8", 1),
            ("i16", 0x102),
            ("i32", 0x0102_0304),
            ("i64", 0x0102_0304_0506_0708),
        ];
        for (name, number) in extremes {
            run(&STORE, &[at.clone(), word(name), Value::Int(number)]).expect("stored");
            assert_eq!(run(&LOAD, &[at.clone(), word(name)]), Ok(Value::Int(number)), "{name}");
        }
        drop(memory);
    }

    #[test]
    fn a_number_touches_its_own_bytes_only() {
        let mut memory = Box::new([0x11u8; 8]);
        let at = (&raw mut *memory).expose_provenance();
        run(&STORE, &[Value::from(at + 2), word("u16"), Value::Int(0x2233)]).expect("stored");
        let expected = [&[0x11; 2][..], &0x2233u16.to_ne_bytes(), &[0x11; 4]].concat();
        assert_eq!(run(&LOAD, &[Value::from(at), Value::Int(8)]), Ok(Value::Bytes(expected)));
        drop(memory);
    }

    #[test]
    fn strings_are_bytes_without_an_end() {
        let mut memory = Box::new([b'.'; 8]);
        let at = Value::from((&raw mut *memory).expose_provenance());
        run(&STORE, &[at.clone(), Value::text("a\0b")]).expect("stored");
        assert_eq!(run(&LOAD, &[at.clone(), Value::Int(5)]), Ok(Value::text("a\0b..")));
        assert_eq!(run(&LOAD, &[at, Value::Int(0)]), Ok(Value::text("")));
        drop(memory);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |args: &[Value]| match run(&STORE, args) {
            Err(Failure::Refused(why)) => why,
            other => format!("{other:?}"),
        };
        let text = refused(&[Value::Int(0), word("u8"), Value::Int(256)]);
        assert_eq!(text, "`value` of `store`: 256 does not fit the type that C has there");
        let text = refused(&[Value::Int(0), word("int"), Value::Int(1)]);
        assert_eq!(text, "`what` of `store`: `int` is no type of memory: u8, u16, u32, u64, i8, i16, i32, i64");
        assert_eq!(refused(&[Value::Int(0), Value::text("x"), Value::Int(1)]), "`store` of a string takes no value after it");
    }
}
