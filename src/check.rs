//! From the tree to scenarios that can run: names, types, order, needs, and the expansion of `each`, `if` and `for`.

use crate::scenario::Scenario;
use crate::syntax::ast;
use crate::text::{Diagnostic, Source, SourceId};

/// A script with the files that it includes, all of them read and parsed.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The script itself.
    pub root: SourceId,
    /// Its tree and those of the files that it includes, each once.
    pub files: Vec<(SourceId, ast::File)>,
}

/// What is known of the machine before a run: what `if` may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The release, by its parts: `[6, 18, 44]`.
    pub kernel: Vec<u64>,
    /// As uname(2) has it: `x86_64`.
    pub arch: String,
    /// Whether the person who runs it allows real root.
    pub privileged: bool,
}

/// Checks `script`; the scenarios are complete only when no diagnostic is an error.
pub fn check(script: &Script, sources: &[Source], facts: &Facts) -> (Vec<Scenario>, Vec<Diagnostic>) {
    let _ = (script, sources, facts);
    (Vec::new(), Vec::new())
}
