//! Names that a script cannot give: words of the language, and names that C has taken.

use crate::syntax::ast::Name;
use crate::text::Diagnostic;
use crate::value::{Errno, Signal};
use std::collections::HashMap;

/// Words of the language that name neither actor nor value.
pub(super) const WORDS: &[&str] = &[
    "actor",
    "const",
    "def",
    "setup",
    "include",
    "scenario",
    "needs",
    "each",
    "if",
    "else",
    "for",
    "in",
    "interleave",
    "expect",
    "always",
    "sometimes",
    "never",
    "deadlock",
    "resumes",
    "stays",
    "dies",
    "exits",
    "blocks",
    "sleeps",
    "ok",
    "eventually",
    "contains",
    "matches",
    "or",
    "and",
    "not",
    "do",
    "kernel",
    "_",
];

/// Why `name` cannot be given, if so.
pub(super) fn refuse(name: &Name, constants: &HashMap<&'static str, i128>) -> Option<Diagnostic> {
    let text = name.text.as_str();
    let taken = if WORDS.contains(&text) {
        "a word of the language"
    } else if text == "NULL" || constants.contains_key(text) {
        "a constant of C"
    } else if Errno::from_name(text).is_some() {
        "an error number"
    } else if Signal::from_name(text).is_some() {
        "a signal"
    } else {
        return None;
    };
    Some(
        Diagnostic::error("reserved-name", name.span, format!("`{text}` is {taken}, and cannot be given to something else"))
            .here("this name is taken")
            .help(format!("write another name, such as `{}`", other_name(text))),
    )
}

fn other_name(text: &str) -> String {
    match text {
        "_" => "result".into(),
        word if word.chars().any(char::is_lowercase) => format!("{word}1"),
        constant => format!("my_{}", constant.to_lowercase()),
    }
}
