//! What every part of the parser has at hand: the text, the place of the line being read, and the list of mistakes.

use super::grammar::Pair;
use crate::syntax::ast::Name;
use crate::syntax::word::RESERVED;
use crate::text::{Diagnostic, Source, SourceId, Span};
use std::ops::Range;

/// The state of one parse.
pub(super) struct Reader<'a> {
    /// The text.
    pub(super) source: &'a Source,
    /// Its number, for spans.
    pub(super) id: SourceId,
    /// Where the line that pest was given begins in the text.
    pub(super) base: usize,
    /// Operators on the way from the root of the value being built: the depth of its tree.
    pub(super) operators: usize,
    /// What was wrong so far.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Starts at the top of `source`.
    pub(super) fn new(source: &'a Source, id: SourceId) -> Self {
        Self { source, id, base: 0, operators: 0, diagnostics: Vec::new() }
    }

    /// The whole text.
    pub(super) fn text(&self) -> &'a str {
        &self.source.text
    }

    /// How many blanks the line that holds `at` begins with.
    pub(super) fn indent(&self, at: usize) -> usize {
        let line = &self.text().as_bytes()[self.source.line_range(self.source.line(at))];
        line.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    /// The bytes `range` of the text as a span.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    /// The place of `pair` in the text.
    pub(super) fn place(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        self.span(self.base + span.start()..self.base + span.end())
    }

    /// Reports an error at `span`, and lets the caller add to it.
    pub(super) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, span, message).help(help));
    }

    /// The name of an actor or a value at `pair`, which may be no reserved word.
    pub(super) fn name(&mut self, pair: &Pair<'_>) -> Name {
        let name = self.word(pair);
        if RESERVED.contains(&name.text.as_str()) {
            self.reserved(&name.text, name.span);
        }
        name
    }

    /// The word at `pair`, whatever it is.
    pub(super) fn word(&self, pair: &Pair<'_>) -> Name {
        Name { text: pair.as_str().to_owned(), span: self.place(pair) }
    }

    /// Reports that `word`, which stands where a value is expected, is none.
    pub(super) fn no_value(&mut self, word: &str, span: Span) {
        let Some(example) = operand_of(word) else { return self.reserved(word, span) };
        let help = format!("write `-> {example}`");
        self.error("missing-operand", span, format!("`{word}` says nothing alone"), help);
    }

    /// Reports that `word` is taken.
    fn reserved(&mut self, word: &str, span: Span) {
        let help = match word {
            "_" => "give it a name; what is not needed is not bound".to_owned(),
            _ => format!("choose another name, such as `{word}1` or `my_{word}`"),
        };
        let message = format!("`{word}` is a word of the language, and names no actor or value");
        self.error("reserved-word", span, message, help);
    }
}

/// How a word is used that stands in front of a value.
fn operand_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "dies" => "dies SIGKILL",
        "exits" => "exits 0",
        "contains" => "contains \"text\"",
        "matches" => "matches \"^[0-9]+\"",
        "eventually" => "eventually \"\"",
        _ => return None,
    })
}
