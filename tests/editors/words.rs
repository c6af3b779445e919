//! The word lists of the editors, as the crate has them.

use ipcscript::operation;
use ipcscript::syntax::keyword::KEYWORDS;
use ipcscript::syntax::word::{ITEMS, STATEMENTS, VALUE_CALLS};
use ipcscript::value::{Errno, Signal, Type};

/// Words that join values or stand before them; the other keywords say what comes of a step.
const JOINTS: &[&str] = &["in", "and", "or", "not", "do", "kernel"];

/// A word list by the name that a template gives it.
pub struct Words(Vec<(&'static str, Vec<String>)>);

impl Words {
    /// As the catalogue and the language have them, sorted, each word once.
    pub fn of_the_catalogue() -> Self {
        let keywords = || KEYWORDS.iter().map(|keyword| keyword.word);
        let opens = |word: &&str| ITEMS.contains(word) || STATEMENTS.contains(word);
        Self(vec![
            ("@CALLS@", sorted(operation::operations().map(|call| call.name).chain(VALUE_CALLS.iter().copied()))),
            ("@CONSTANTS@", sorted(operation::constants().map(|constant| constant.name).chain(["NULL"]))),
            ("@ERRNOS@", sorted(Errno::all().map(|(name, _)| name))),
            ("@SIGNALS@", sorted(Signal::all().map(|(name, _)| name))),
            (
                "@TYPES@",
                sorted(operation::operations().flat_map(|call| call.parameters).flat_map(|parameter| named(&parameter.ty))),
            ),
            ("@STATEMENTS@", sorted(ITEMS.iter().chain(STATEMENTS).copied())),
            ("@WORDS@", sorted(keywords().filter(|word| JOINTS.contains(word)))),
            ("@OUTCOMES@", sorted(keywords().filter(|word| !JOINTS.contains(word) && !opens(word)))),
        ])
    }

    /// Each list.
    pub fn lists(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.0.iter().map(|(name, words)| (*name, words.as_slice()))
    }
}

/// The first line of a made file, behind the editor's own comment sign.
pub const NOTICE: &str = "Made from its template in tests/editors and the catalogue of calls; change those, then run UPDATE=1 cargo test --test editors";

/// Words that a parameter of this type takes as they are: `u32`, `ipc`.
fn named(ty: &Type) -> Vec<&'static str> {
    match ty {
        Type::Word(words) => words.to_vec(),
        Type::Optional(inner) | Type::List(inner) => named(inner),
        Type::Either(types) => types.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

fn sorted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort();
    words.dedup();
    assert!(!words.is_empty(), "a list of words is empty");
    words
}
