//! Text to tree: one pest call a statement, blocks and recovery by hand.
//!
//! `layout` cuts the text into lines whose brackets match, `grammar` reads one, `statement` and `expression` build its tree,
//! `context` asks whether each value and pattern stands where it may, `block` puts the lines into their blocks, and
//! `mistake` says in words what could not be read.

mod block;
mod character;
mod context;
mod expression;
mod grammar;
mod layout;
mod lexeme;
mod mistake;
mod number;
mod reader;
mod scan;
mod statement;
mod step;
mod string;
#[cfg(test)]
mod tests;
mod unclosed;

pub(super) use layout::Piece;
pub(super) use lexeme::{Literal, is_letter, literal};

use super::ast::File;
use crate::text::{Diagnostic, Source, SourceId};

/// Parses `source`, which stands at `id` in the run's list.
///
/// Every mistake is reported at its place, in the order of the text; what could be read around it is in the tree, so
/// that the names it binds are known.
pub fn parse(source: &Source, id: SourceId) -> (File, Vec<Diagnostic>) {
    let mut reader = reader::Reader::new(source, id);
    character::judge(&mut reader);
    let pieces = layout::pieces(&mut reader);
    let file = block::file(&mut reader, pieces);
    let mut diagnostics = reader.diagnostics;
    // A head without its `{` leaves a `}` over, which is right where it stands.
    if diagnostics.iter().any(|diagnostic| diagnostic.code == "missing-brace") {
        diagnostics.retain(|diagnostic| diagnostic.code != "unmatched-brace");
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span().start);
    (file, diagnostics)
}

/// The lines of `source` as [`parse`] cuts them: for whoever needs more of the text than its tree keeps.
pub(super) fn pieces(source: &Source) -> Vec<Piece> {
    layout::pieces(&mut reader::Reader::new(source, 0))
}

/// The code of every diagnostic that [`parse`] can give, but `too-complicated`: that one guards against a mistake in the grammar.
pub fn codes() -> &'static [&'static str] {
    &[
        "bad-escape",
        "bad-interpolation",
        "bad-number",
        "bad-title",
        "bare-octal",
        "binding-without-call",
        "blank-before-bracket",
        "blocks-alternative",
        "brace-on-next-line",
        "broken-block",
        "c-comment",
        "c-logic",
        "chained-comparison",
        "condition-as-value",
        "def-without-call",
        "default-order",
        "duplicate-field",
        "else-on-next-line",
        "else-without-if",
        "errno-alternatives",
        "integer-out-of-range",
        "line-continuation",
        "list-binding",
        "lone-carriage-return",
        "look-alike",
        "lost-comma",
        "minus-one",
        "mismatched-bracket",
        "misplaced-item",
        "misplaced-rest",
        "misplaced-statement",
        "missing-actor",
        "missing-arrow",
        "missing-brace",
        "missing-colon",
        "missing-comparison",
        "missing-in",
        "missing-operand",
        "missing-outcome",
        "mixed-record",
        "named-argument",
        "nested-call",
        "nested-too-deep",
        "not-a-call",
        "nul-byte",
        "odd-blank",
        "odd-character",
        "one-step-a-line",
        "outcome-not-here",
        "pattern-as-value",
        "record-field",
        "reserved-word",
        "semicolon",
        "single-equals",
        "single-quotes",
        "smart-quotes",
        "statement-too-long",
        "stray-outcome",
        "syntax",
        "text-after-block",
        "three-dots",
        "too-many-operators",
        "unclosed-block",
        "unclosed-bracket",
        "unclosed-string",
        "unknown-item",
        "unknown-statement",
        "unknown-step",
        "unmatched-brace",
        "unmatched-bracket",
        "value-as-pattern",
    ]
}
