//! Values as people read them: names, not numbers.

use crate::value::{Group, Outcome, Signal, Status, Structure, Type, Value};
use std::fmt::Write;

/// The longest part of a string that a report shows, in bytes.
const SHOWN: usize = 120;

/// What a report knows of the names in a scenario.
pub trait Names {
    /// The name bound to a handle of `kind` with this number, if exactly that number was bound.
    fn handle(&self, kind: &str, number: i128) -> Option<String>;
    /// The actor with this pid.
    fn actor(&self, pid: i128) -> Option<String>;
    /// The name of an actor by its index.
    fn actor_name(&self, actor: u16) -> String;
}

/// `value`, of type `ty`, for people.
pub fn show(value: &Value, ty: &Type, names: &dyn Names) -> String {
    match (value, ty) {
        (Value::Null, _) => "NULL".into(),
        (Value::Int(number), ty) => show_int(*number, ty, names),
        (Value::Bytes(bytes), _) => quote(bytes),
        (Value::Duration(nanoseconds), _) => duration(*nanoseconds),
        (Value::List(items), ty) => {
            let inner = element_type(ty);
            let items: Vec<String> = items.iter().map(|item| show(item, &inner, names)).collect();
            format!("[{}]", items.join(", "))
        }
        (Value::Record(fields), ty) => {
            let structure = structure_of(ty);
            let fields = fields.iter().enumerate().map(|(place, (name, value))| {
                let ty = field_type(structure, name, place);
                if name.is_empty() { show(value, &ty, names) } else { format!("{name}: {}", show(value, &ty, names)) }
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        (Value::Status(status), _) => show_status(*status),
        (Value::Word(word), _) => word.clone(),
        (Value::Actor(actor), _) => names.actor_name(*actor),
        (Value::Do(_), _) => "do { … }".into(),
    }
}

/// What came of a call whose result is of type `ty`, for people.
pub fn show_outcome(outcome: &Outcome, ty: &Type, names: &dyn Names) -> String {
    match outcome {
        Outcome::Returned(Value::Int(0)) if matches!(ty, Type::Unit) => "ok".into(),
        Outcome::Returned(value) => show(value, ty, names),
        Outcome::Failed(errno) => errno.to_string(),
        Outcome::Blocked => "blocks".into(),
        Outcome::Sleeping => "sleeps".into(),
        Outcome::Died(signal) => format!("dies {signal}"),
        Outcome::Exited(status) => format!("exits {status}"),
        Outcome::Ended => "ended, how is not known".into(),
        Outcome::Stopped => "stopped".into(),
        Outcome::Refused(why) => why.clone(),
    }
}

/// A string in quotes, escaped so that it can be pasted and cannot reach the terminal raw.
pub fn quote(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    for chunk in shown.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                '"' | '\\' | '{' | '}' => {
                    text.push('\\');
                    text.push(character);
                }
                control if control.is_control() => {
                    let mut encoded = [0; 4];
                    control.encode_utf8(&mut encoded).bytes().for_each(|byte| push_hex(&mut text, byte));
                }
                plain => text.push(plain),
            }
        }
        chunk.invalid().iter().for_each(|&byte| push_hex(&mut text, byte));
    }
    text.push('"');
    if bytes.len() > shown.len() {
        let _ = write!(text, " … ({} bytes)", bytes.len());
    }
    text
}

fn push_hex(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\\x{byte:02x}");
}

fn show_int(number: i128, ty: &Type, names: &dyn Names) -> String {
    match ty {
        Type::Mode => format!("0o{number:o}"),
        Type::Key => format!("0x{number:x}"),
        Type::Constants(group) => constants(number, group),
        Type::Signal => i32::try_from(number).map_or_else(|_| number.to_string(), |number| Signal(number).to_string()),
        Type::Pid => names.actor(number).unwrap_or_else(|| number.to_string()),
        Type::Handle(kind) => names.handle(kind, number).unwrap_or_else(|| match *kind {
            "address" => format!("0x{number:x}"),
            _ => number.to_string(),
        }),
        Type::Optional(inner) => show_int(number, inner, names),
        _ => number.to_string(),
    }
}

fn constants(number: i128, group: &Group) -> String {
    if let Some(exact) = group.constants.iter().find(|constant| constant.value == number) {
        return exact.name.into();
    }
    if !group.flags || number == 0 {
        return number.to_string();
    }
    let mut rest = number;
    let mut parts = Vec::new();
    for constant in group.constants {
        if constant.value != 0 && rest & constant.value == constant.value {
            rest &= !constant.value;
            parts.push(constant.name.to_owned());
        }
    }
    if rest != 0 {
        parts.push(format!("0o{rest:o}"));
    }
    parts.join(" | ")
}

fn show_status(status: Status) -> String {
    match status {
        Status::Exited(code) => format!("exited({code})"),
        Status::Killed(signal) => format!("killed({signal})"),
        Status::Stopped(signal) => format!("stopped({signal})"),
        Status::Continued => "continued".into(),
    }
}

fn duration(nanoseconds: u64) -> String {
    match nanoseconds {
        whole if whole % 1_000_000_000 == 0 => format!("{}s", whole / 1_000_000_000),
        whole if whole % 1_000_000 == 0 => format!("{}ms", whole / 1_000_000),
        whole if whole % 1_000 == 0 => format!("{}us", whole / 1_000),
        whole => format!("{whole}ns"),
    }
}

fn element_type(ty: &Type) -> Type {
    match ty {
        Type::List(inner) => **inner,
        Type::Optional(inner) => element_type(inner),
        Type::Signals => Type::Signal,
        _ => Type::Any,
    }
}

fn structure_of(ty: &Type) -> Option<&'static Structure> {
    match ty {
        Type::Struct(structure) => Some(structure),
        Type::Optional(inner) => structure_of(inner),
        _ => None,
    }
}

/// The type of a field; where the struct is not known, any struct of the catalogue that has a field of this name tells.
fn field_type(structure: Option<&'static Structure>, name: &str, place: usize) -> Type {
    let known = structure.and_then(|structure| {
        let by_name = structure.fields.iter().find(|field| field.name == name);
        by_name.or_else(|| structure.fields.get(place).filter(|_| name.is_empty()))
    });
    known.map(|field| field.ty).or_else(|| anywhere(name)).unwrap_or(Type::Any)
}

fn anywhere(name: &str) -> Option<Type> {
    let structs = crate::operation::FAMILIES.iter().flat_map(|family| family.structs.iter());
    structs.flat_map(|structure| structure.fields.iter()).find(|field| field.name == name).map(|field| field.ty)
}
