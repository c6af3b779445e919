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
    diagnostics.sort_by_key(|diagnostic| diagnostic.span().start);
    (file, diagnostics)
}
