//! One style for every script: blanks, lines and columns are set anew, and nothing else.
//!
//! It is made from the text and not from the tree, which holds no comments: `row` puts what the parser cut off into blocks, `token` takes a
//! statement apart, `statement` breaks it into lines, and `column` says how far outcomes and comments are moved to the right.

mod column;
mod paragraph;
mod row;
mod statement;
mod token;

use super::{parse, print};
use crate::text::{Diagnostic, Source};

/// A line is no longer than this where it can be broken, in columns.
const WIDEST: usize = 120;
/// One level of blocks or brackets, in columns.
const INDENT: usize = 4;

/// `source` in the one style, ending in a line end; the same text again when it is formatted once more.
///
/// # Errors
///
/// The diagnostics of a script that cannot be read, or [`Unformatted::Changed`] where the meaning would not have stayed the same.
pub fn format(source: &Source) -> Result<String, Unformatted> {
    let (before, diagnostics) = parse(source, 0);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Unformatted::Mistaken(diagnostics));
    }
    let text = paragraph::text(&row::entries(source));
    let (after, mistakes) = parse(&Source::new(source.name.as_str(), &text), 0);
    // What is printed of a tree says all that it means, and nothing of its places.
    if mistakes.iter().any(Diagnostic::is_error) || print(&before) != print(&after) {
        return Err(Unformatted::Changed);
    }
    Ok(text)
}

/// Why a script was left as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Unformatted {
    /// It has these mistakes, the first of them an error or after a warning.
    Mistaken(Vec<Diagnostic>),
    /// What was made of it would not mean the same: a mistake of ours.
    Changed,
}
