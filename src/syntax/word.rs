//! The words of the language by what they may do: for the parser, the checker and the editors.

/// Words that cannot name an actor or a value. A field of a record may bear any of them, and so may a call.
pub const RESERVED: &[&str] = &[
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

/// Words with which an item of a file begins.
pub const ITEMS: &[&str] = &["const", "def", "setup", "include", "scenario"];

/// Words with which a line of a scenario begins, if it is no step.
pub const STATEMENTS: &[&str] = &["actor", "needs", "each", "if", "else", "for", "interleave", "expect"];

/// Calls that may stand inside a value, because they ask the kernel for nothing that a step could change.
pub const VALUE_CALLS: &[&str] = &["len", "raw", "makedev", "major", "minor", "exited", "killed", "stopped", "ns", "output"];

#[cfg(test)]
mod tests {
    use super::{ITEMS, RESERVED, STATEMENTS};

    #[test]
    fn every_first_word_is_reserved() {
        assert!(ITEMS.iter().chain(STATEMENTS).all(|word| RESERVED.contains(word)));
    }
}
