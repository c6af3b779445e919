//! The pages of calls, error numbers, constants, structs and signals.

use super::{Block, names};
use crate::operation::{self, Case, FAMILIES, Family, Operation, Touches, Trait, touch};
use crate::value::{Constant, Errno, Group, Signal, Structure, Type};

/// Structs with more fields are not taken apart.
const LARGEST: usize = 100;

/// The page of a call.
pub(super) fn call(call: &Operation) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(call.name.into(), call.man.into())];
    blocks.extend(call_body(call));
    let groups = groups_of(call);
    if !groups.is_empty() {
        blocks.push(Block::Part("constants"));
        for group in groups {
            let how = if group.flags { "joined by `|`" } else { "one of them" };
            blocks.push(Block::Text(format!("{} ({how}):", group.name)));
            blocks.push(Block::Terms(group.constants.iter().map(described).collect()));
        }
    }
    let structures = structures_of(call);
    if !structures.is_empty() {
        blocks.push(Block::Part("structs"));
        blocks.extend(structures.into_iter().flat_map(|structure| [Block::Text(shape(structure)), fields(structure)]));
    }
    blocks
}

/// What is said of a call under its heading, without the constants and structs that its family's page has.
pub(super) fn call_body(call: &Operation) -> Vec<Block> {
    let mut blocks = vec![Block::Text(format!("`{}`", call.signature())), Block::text(call.summary)];
    if !call.parameters.is_empty() {
        blocks.push(Block::Part("parameters"));
        let terms = call.parameters.iter().map(|parameter| {
            let default = parameter.written_default().map(|default| format!("; {default} when left out"));
            (parameter.name.to_owned(), parameter.ty.describe() + &default.unwrap_or_default())
        });
        blocks.push(Block::Terms(terms.collect()));
    }
    let gives = match (call.commands.as_ref(), call.result) {
        (Some(commands), Type::Any) => format!("what `{}` asks for", commands.parameter),
        (_, result) => result.describe(),
    };
    let mut facts = vec![("gives".to_owned(), gives)];
    if let Some(since) = call.since {
        facts.push(("since".to_owned(), format!("Linux {since}")));
    }
    if !call.is(Trait::Ends) {
        facts.push(("waits".to_owned(), call.blocks.to_owned()));
    }
    facts.push(("touches".to_owned(), call.touches.as_ref().map_or_else(|| touch::UNSAID.to_owned(), Touches::describe)));
    blocks.push(Block::Part("result"));
    blocks.push(Block::Terms(facts));
    if let Some(commands) = &call.commands {
        blocks.push(Block::Part("commands"));
        let named = |case: &Case| case.commands.iter().map(|name| ((*name).to_owned(), of_case(case))).collect::<Vec<_>>();
        blocks.push(Block::Terms(commands.cases.iter().flat_map(named).collect()));
    }
    if !call.errors.is_empty() {
        blocks.push(Block::Part("errors"));
        blocks.push(Block::Terms(call.errors.iter().map(|(errno, why)| (errno.to_string(), (*why).to_owned())).collect()));
    }
    blocks.push(Block::Part("example"));
    blocks.push(Block::Script(call.example.into()));
    blocks
}

/// What a call takes and gives under certain commands.
fn of_case(case: &Case) -> String {
    let takes = case.takes.iter().map(|taken| format!("takes as `{}` {}; ", taken.name, taken.ty.describe()));
    format!("{}gives {}", takes.collect::<String>(), case.gives.describe())
}

/// The page of a family: what to know first, and its calls, constants and structs by name.
pub(super) fn family(family: &Family) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(family.title.into(), family.name.into()), Block::text(family.summary)];
    blocks.push(Block::Part("calls"));
    blocks.push(Block::Terms(family.calls.iter().map(|call| (call.name.to_owned(), first_line(call.summary))).collect()));
    blocks.extend(reference(family));
    blocks
}

/// The constants and structs of a family.
pub(super) fn reference(family: &Family) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !family.constants.is_empty() {
        blocks.push(Block::Part("constants"));
    }
    for group in family.constants {
        blocks.push(Block::Text(format!("{}:", group.name)));
        blocks.push(Block::Terms(group.constants.iter().map(described).collect()));
    }
    if !family.structs.is_empty() {
        blocks.push(Block::Part("structs"));
    }
    for structure in family.structs {
        blocks.extend([Block::Text(shape(structure)), fields(structure)]);
    }
    blocks
}

/// The page of an error number: what it means, and what it means as the answer of each call.
pub(super) fn errno(name: &str, errno: Errno) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(name.into(), format!("error number {}", errno.0)), sentence(errno.text())];
    blocks.extend(by_call(errno));
    blocks
}

/// Why each call gives `errno`.
pub(super) fn by_call(errno: Errno) -> Vec<Block> {
    let why = |call: &'static Operation| call.errors.iter().find(|(known, _)| *known == errno).map(|(_, why)| *why);
    let terms: Vec<_> = operation::operations().filter_map(|call| Some((call.name.to_owned(), why(call)?.to_owned()))).collect();
    if terms.is_empty() { Vec::new() } else { vec![Block::Terms(terms)] }
}

/// The page of a signal.
pub(super) fn signal(name: &str, signal: Signal) -> Vec<Block> {
    vec![Block::Heading(name.into(), format!("signal {}", signal.0)), sentence(signal.text())]
}

/// The page of a constant: its value, its meaning in each group that has it, and the calls that take it.
pub(super) fn constant(name: &str) -> Vec<Block> {
    let mut groups: Vec<(&Group, &Constant)> = Vec::new();
    for group in FAMILIES.iter().flat_map(|family| family.constants) {
        let found = group.constants.iter().find(|constant| constant.name == name);
        if let Some(found) = found.filter(|_| !groups.iter().any(|(known, _)| known.name == group.name)) {
            groups.push((group, found));
        }
    }
    let Some((_, first)) = groups.first() else { return Vec::new() };
    let mut blocks = vec![Block::Heading(name.into(), number(first.value))];
    for (group, constant) in groups {
        blocks.push(sentence(constant.summary));
        let takes: Vec<&str> = operation::operations()
            .filter(|call| groups_of(call).iter().any(|known| known.name == group.name))
            .map(|call| call.name)
            .collect();
        let mut terms = vec![("among".to_owned(), group.name.to_owned())];
        if !takes.is_empty() {
            terms.push(("in".to_owned(), takes.join(", ")));
        }
        blocks.push(Block::Terms(terms));
    }
    blocks
}

/// The page of a struct; nothing where there is none.
pub(super) fn structure(name: &str) -> Vec<Block> {
    let Some(structure) = names::structures().find(|structure| structure.name == name) else { return Vec::new() };
    let takes: Vec<&str> = operation::operations()
        .filter(|call| structures_of(call).iter().any(|known| known.name == structure.name))
        .map(|call| call.name)
        .collect();
    let mut blocks =
        vec![Block::Heading(format!("struct {name}"), String::new()), Block::text(structure.summary), fields(structure)];
    if !takes.is_empty() {
        blocks.push(Block::Terms(vec![("in".into(), takes.join(", "))]));
    }
    blocks
}

/// The page of a word that stands for itself in some call's arguments, such as `u32`; nothing where there is none.
pub(super) fn word(name: &str) -> Vec<Block> {
    let takes: Vec<String> = operation::operations()
        .flat_map(|call| call.parameters.iter().map(move |parameter| (call, parameter)))
        .filter(|(_, parameter)| parts(&parameter.ty).iter().any(|ty| matches!(ty, Type::Word(words) if words.contains(&name))))
        .map(|(call, parameter)| format!("`{}` of `{}`", parameter.name, call.name))
        .collect();
    if takes.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading(name.into(), "a word of some calls".into()),
        Block::Text("It stands for itself in the arguments of calls that take such a word.".into()),
        Block::Terms(vec![("in".into(), takes.join(", "))]),
    ]
}

/// The first line of `text`.
pub(super) fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().trim().to_owned()
}

fn described(constant: &Constant) -> (String, String) {
    (constant.name.to_owned(), constant.summary.to_owned())
}

fn shape(structure: &Structure) -> String {
    format!("struct `{}`: {}", structure.name, structure.summary.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn fields(structure: &Structure) -> Block {
    Block::Terms(structure.fields.iter().map(|field| (field.name.to_owned(), field.ty.describe())).collect())
}

/// `fragment` as a sentence.
fn sentence(fragment: &str) -> Block {
    let mut letters = fragment.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    Block::Text(format!("{first}{}.", letters.as_str().trim_end_matches('.')))
}

/// A constant's value, as people read it in octal and hexadecimal.
fn number(value: i128) -> String {
    if value < 8 { format!("{value}") } else { format!("{value}, 0o{value:o}, {value:#x}") }
}

/// The groups of constants that a call takes or gives, each once.
fn groups_of(call: &Operation) -> Vec<&'static Group> {
    let mut groups: Vec<&'static Group> = Vec::new();
    for ty in types(call) {
        if let Type::Constants(group) = ty
            && !groups.iter().any(|known| known.name == group.name)
        {
            groups.push(group);
        }
    }
    groups
}

/// The structs that a call takes or gives, each once.
fn structures_of(call: &Operation) -> Vec<&'static Structure> {
    let mut structures: Vec<&'static Structure> = Vec::new();
    for ty in types(call) {
        if let Type::Struct(structure) = ty
            && !structures.iter().any(|known| known.name == structure.name)
        {
            structures.push(structure);
        }
    }
    structures
}

fn types(call: &Operation) -> Vec<Type> {
    let cases = call.commands.iter().flat_map(|commands| commands.cases);
    let of_cases = cases.flat_map(|case| case.takes.iter().map(|parameter| parameter.ty).chain([case.gives]));
    let of_signature = call.parameters.iter().map(|parameter| parameter.ty).chain([call.result]);
    of_signature.chain(of_cases).flat_map(|ty| parts(&ty)).collect()
}

/// A type, and the types that it is made of. A seccomp filter, with a field for each system call, would be a page of its own.
fn parts(ty: &Type) -> Vec<Type> {
    if matches!(ty, Type::Struct(structure) if structure.fields.len() > LARGEST) {
        return Vec::new();
    }
    let mut all = vec![*ty];
    match ty {
        Type::List(inner) | Type::Optional(inner) => all.extend(parts(inner)),
        Type::Either(types) => all.extend(types.iter().flat_map(parts)),
        Type::Struct(structure) => all.extend(structure.fields.iter().flat_map(|field| parts(&field.ty))),
        _ => {}
    }
    all
}
