//! Text to tree: one pest call a statement, blocks and recovery by hand.

use super::ast::File;
use crate::text::{Diagnostic, Source, SourceId};

/// Parses `source`, which stands at `id` in the run's list.
pub fn parse(_source: &Source, _id: SourceId) -> (File, Vec<Diagnostic>) {
    (File::default(), Vec::new())
}
