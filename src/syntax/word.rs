//! The words of the language, each with its meaning: for messages, `explain` and the editors.

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

/// Each word of the language, and what it means in one sentence.
pub const KEYWORDS: &[(&str, &str)] = &[
    ("scenario", "Opens a scenario: a titled play of steps, run in a world of its own."),
    ("setup", "Opens the steps that run ahead of each scenario of the file."),
    ("const", "Names a value for the whole file: `const KEY = 0x12345`."),
    ("def", "Names a call for the whole file: `def P(sem) = semop(sem, [{0, -1, 0}])`."),
    ("include", "Takes the `const` and `def` of another file: `include \"locks.ipcs\"`."),
    ("actor", "Declares processes that the world starts: `actor father, witness`."),
    ("needs", "States what the machine must offer, or the scenario is skipped: `needs kernel >= 5.6`."),
    ("each", "Runs the scenario once for each value: `each flags in [0, SEM_UNDO]`."),
    ("in", "Stands between the name and the values of `each` and `for`."),
    ("if", "Chooses steps before the run, from parameters and facts about the machine: `if kernel >= 5.9 { … }`."),
    ("else", "Opens the steps for when the `if` before it does not hold: `} else { … }`."),
    ("for", "Repeats steps, a number of times known before the run: `for i in 1..100 { … }`."),
    ("interleave", "Opens steps that are run in every order that keeps each actor's own order."),
    ("expect", "States what holds between values already bound: `expect a != b`."),
    ("always", "In an `expect`: in all orders of the `interleave` before it, which is the default."),
    ("sometimes", "In an `expect`: in at least one order of the `interleave` before it."),
    ("never", "In an `expect`: in no order of the `interleave` before it."),
    ("deadlock", "In an `expect`: an order in which no actor can move any more."),
    ("resumes", "As a step: the pending call of the actor has returned; its binding is made now."),
    ("stays", "As a step, `stays blocked`: the pending call of the actor has not returned."),
    ("blocked", "In `stays blocked`: waiting in a call. An actor may be named like this word."),
    ("dies", "As a step or an outcome: a signal ended the actor, as in `dies SIGKILL`."),
    ("exits", "As a step or an outcome: the actor ended by itself with this status, as in `exits 3`."),
    ("blocks", "As an outcome: the call does not return."),
    ("sleeps", "As an outcome: the call waits with a time limit of its own, and its end is awaited at `resumes`."),
    ("ok", "As an outcome: success, whatever the result, which is the default."),
    ("eventually", "As an outcome: a call that only reads is asked again until the pattern matches or a deadline passes."),
    ("contains", "As an outcome: the result has this text in it, as in `contains \"text\"`."),
    ("matches", "As an outcome: the result has a match of this regular expression, as in `matches \"^[0-9]+\"`."),
    ("or", "Joins alternatives of an outcome, `EPERM or EACCES`, and conditions."),
    ("and", "Joins conditions that must all hold."),
    ("not", "Turns a condition round."),
    ("do", "Holds a call that the process makes later by itself: `atexit(do { write(1, \"bye\\n\") })`."),
    ("kernel", "In `needs` and `if`: the version of the running kernel, compared part by part."),
    ("_", "As an outcome: anything that is not an error."),
];

#[cfg(test)]
mod tests {
    use super::{ITEMS, KEYWORDS, RESERVED, STATEMENTS};

    #[test]
    fn every_reserved_word_has_a_meaning() {
        for word in RESERVED {
            assert!(KEYWORDS.iter().any(|(known, _)| known == word), "no meaning for `{word}`");
        }
        assert_eq!(KEYWORDS.len(), RESERVED.len() + 1, "`blocked` alone is a word without being reserved");
    }

    #[test]
    fn every_first_word_is_reserved() {
        assert!(ITEMS.iter().chain(STATEMENTS).all(|word| RESERVED.contains(word)));
    }
}
