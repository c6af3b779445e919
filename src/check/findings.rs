//! What was found wrong so far: each mistake once, however often its line is expanded.

use crate::text::{Diagnostic, Span};
use std::collections::HashSet;

/// Diagnostics in the order of their finding.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    list: Vec<Diagnostic>,
    known: HashSet<(&'static str, Span)>,
    standing: Vec<(Span, String)>,
}

impl Findings {
    /// Adds one, unless the same mistake at the same place is known: `for` and `each` meet a line many times.
    pub(super) fn push(&mut self, mut diagnostic: Diagnostic) {
        if !self.known.insert((diagnostic.code, diagnostic.span())) {
            return;
        }
        if let Some((span, text)) = self.standing.first() {
            diagnostic = diagnostic.also(*span, text.clone());
        }
        self.list.push(diagnostic);
    }

    /// Until [`Findings::leave`], what is found belongs to the call at `span`; `text` says what that stands for.
    pub(super) fn enter(&mut self, span: Span, text: String) {
        self.standing.push((span, text));
    }

    /// Ends what [`Findings::enter`] began.
    pub(super) fn leave(&mut self) {
        self.standing.pop();
    }

    /// Takes over what another walk found.
    pub(super) fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        for other in others {
            if self.known.insert((other.code, other.span())) {
                self.list.push(other);
            }
        }
    }

    /// Everything found, in the order of the sources.
    pub(super) fn sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| (diagnostic.span().source, diagnostic.span().start));
        self.list
    }

    /// Everything found, in the order of its finding.
    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
}
