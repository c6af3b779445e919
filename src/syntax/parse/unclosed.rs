//! What shows that a bracket was forgotten: a line that begins a statement while the bracket is open.

use super::layout::{is_letter, split_word};

/// Whether `line`, which stands inside the bracket `open`, is the next statement rather than a part of this one.
///
/// `previous` is the last byte before the line that is neither blank nor comment. Reserved words can begin nothing
/// else, and `who: name = …` and `who: resumes` are no field of a record; `who: call(…)` could be one
/// (`status: exited(0)`), so there the commas decide.
pub(super) fn begins_statement(line: &str, open: u8, previous: u8) -> bool {
    let line = line.trim();
    let (word, after) = split_word(line);
    let rest = after.trim_start();
    let blank = after.len() > rest.len();
    match word {
        "" => false,
        "scenario" | "include" => rest.starts_with(['"', '“']),
        "setup" | "interleave" => rest.starts_with('{'),
        "actor" | "each" | "for" | "const" | "def" => blank && starts_word(rest),
        "needs" | "if" | "expect" if !rest.starts_with(':') => {
            blank
                && (starts_word(rest) || rest.starts_with(['"', '-', '(', '[']) || rest.starts_with(|c: char| c.is_ascii_digit()))
        }
        _ => action(line).is_some_and(|action| begins_action(action, line, open, previous)),
    }
}

/// Whether a `{` behind `before`, the text of the statement so far, opens a block: where a value cannot stand.
pub(super) fn opens_block(before: &str) -> bool {
    let before = before.trim_end();
    match before.bytes().last() {
        None => true,
        Some(last) if is_letter(last) => {
            let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            !matches!(word, "do" | "in" | "contains" | "matches" | "or" | "and" | "not" | "eventually" | "dies" | "exits")
        }
        Some(last) => !b"=<>:,([{|&^+-*/%~!".contains(&last),
    }
}

/// What stands behind `who:` or `a, b:` in `line`.
fn action(line: &str) -> Option<&str> {
    let mut line = line;
    loop {
        let (word, rest) = split_word(line);
        let rest = rest.trim_start();
        match rest.bytes().next() {
            Some(b':') if !word.is_empty() => return Some(rest[1..].trim_start()),
            Some(b',') if !word.is_empty() => line = rest[1..].trim_start(),
            _ => return None,
        }
    }
}

fn begins_action(action: &str, line: &str, open: u8, previous: u8) -> bool {
    let (word, after) = split_word(action);
    let rest = after.trim_start();
    let binds = |rest: &str| rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>");
    if matches!(word, "resumes" | "stays" | "dies" | "exits") && !rest.starts_with(['(', ':']) {
        return true;
    }
    if word.is_empty() {
        return action.starts_with('[') && action.split_once(']').is_some_and(|(_, rest)| binds(rest.trim_start()));
    }
    if binds(rest) {
        return true;
    }
    let code = line.split('#').next().unwrap_or_default().trim_end();
    after.starts_with('(') && (open != b'{' || (!b",{".contains(&previous) && !code.ends_with(',')))
}

fn starts_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}
