//! Source texts, places in them, and what is wrong there. Knows nothing of the language.

mod diagnostic;
mod nearest;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use nearest::nearest;

use std::ops::Range;

/// One text that was read: a script, or a file that it includes.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as the user gave it, `-` for standard input.
    pub name: String,
    /// The text, without a leading byte-order mark.
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Keeps `text` under `name`; a leading byte-order mark is dropped.
    pub fn new(name: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let starts = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { name: name.into(), text, line_starts }
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }

    /// The bytes of line `line` (counted from 1), without its end.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.line_starts.get(line).map_or(self.text.len(), |&next| next - 1);
        start..end.max(start)
    }

    /// The text under `span`, empty when the span does not lie in this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// Index of a [`Source`] in the list that a whole run shares.
pub type SourceId = u32;

/// A range of bytes of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Which source.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `range` of `source`.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { source, start: clamp(range.start), end: clamp(range.end) }
    }

    /// From the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
