//! The blocks of a file: which line belongs to which `{`, and which brace was forgotten.

use super::layout::{DEEPEST, Piece, split_word};
use super::reader::Reader;
use super::statement::{Head, Parsed, head, line};
use crate::syntax::ast::{File, Item, Statement};
use crate::syntax::word::{ITEMS, STATEMENTS};
use crate::text::{Diagnostic, Span, nearest};
use std::ops::Range;

/// Puts `pieces` together.
pub(super) fn file(reader: &mut Reader<'_>, pieces: Vec<Piece>) -> File {
    let mut blocks = Blocks {
        reader,
        file: File::default(),
        frames: Vec::new(),
        docs: Vec::new(),
        closed: None,
        suspect: None,
        astray: false,
    };
    for piece in pieces {
        match piece {
            Piece::Docs(range) => blocks.docs(&range),
            Piece::Line { range, broken } => blocks.line(range, broken),
            Piece::Open { range, broken } => blocks.open(range, broken),
            Piece::Close(at) => blocks.close(at),
        }
    }
    let end = blocks.reader.text().len();
    blocks.never_closed(end, "the file ends here");
    blocks.file
}

/// A block whose `}` is yet to come.
struct Frame {
    head: Head,
    /// Where its `{` stands.
    brace: usize,
    /// Whether something follows the `{` on its line, so that the block must end there too.
    one_line: bool,
    body: Vec<Statement>,
    /// Whether the last statement of the body is an `if` that may go on with `else`.
    takes_else: bool,
}

struct Blocks<'r, 'a> {
    reader: &'r mut Reader<'a>,
    file: File,
    frames: Vec<Frame>,
    docs: Vec<String>,
    /// The last piece, if it was a `}`.
    closed: Option<usize>,
    /// A `{` whose `}` stood at another indentation: the one to blame when a `}` is missing.
    suspect: Option<usize>,
    /// Whether statements outside every block have been reported since the last item.
    astray: bool,
}

impl Blocks<'_, '_> {
    fn docs(&mut self, range: &Range<usize>) {
        if self.frames.is_empty() {
            let line = self.reader.text()[range.clone()].trim_start_matches('#');
            self.docs.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
        }
    }

    fn line(&mut self, range: Range<usize>, broken: bool) {
        if !self.belongs(&range, broken) {
            return;
        }
        match line(self.reader, range, broken) {
            Some(Parsed::Item(item)) => self.item(item),
            Some(Parsed::Statement(statement)) => self.push(statement),
            None => {}
        }
    }

    fn open(&mut self, range: Range<usize>, broken: bool) {
        let brace = range.end - 1;
        let closed = self.closed;
        let known = self.belongs(&range, broken);
        let mut head = if known { head(self.reader, range.clone(), broken) } else { Head::Unknown };
        if matches!(head, Head::ElseIf(_) | Head::Else) && !self.continues_if(&range, closed) {
            head = Head::Unknown;
        }
        let docs = std::mem::take(&mut self.docs);
        if let Head::Scenario(scenario) = &mut head {
            scenario.docs = docs;
        }
        if self.frames.len() >= DEEPEST {
            if self.frames.len() == DEEPEST {
                let message = format!("blocks nest more than {DEEPEST} deep");
                self.reader.error(
                    "nested-too-deep",
                    self.reader.span(brace..brace + 1),
                    message,
                    "write the inner steps one after the other",
                );
            }
            head = Head::Unknown;
        }
        let rest = self.reader.text()[range.end..].trim_start_matches([' ', '\t', '\r', '\0']);
        let one_line = !rest.is_empty() && !rest.starts_with(['\n', '#', '}']);
        self.frames.push(Frame { head, brace, one_line, body: Vec::new(), takes_else: false });
    }

    fn close(&mut self, at: usize) {
        self.closed = Some(at);
        let span = self.reader.span(at..at + 1);
        let Some(frame) = self.frames.pop() else {
            self.reader.error("unmatched-brace", span, "`}` closes nothing", "remove it, or look for a `}` too many before it");
            return;
        };
        let source = self.reader.source;
        let same_line = source.line(frame.brace) == source.line(at);
        if frame.one_line && !same_line {
            let report = Diagnostic::error(
                "broken-block",
                self.reader.span(frame.brace..frame.brace + 1),
                "a step follows the `{` on its line",
            )
            .also(span, "and the block ends here")
            .help("let the `{` end its line, or put the whole block on one line");
            self.reader.diagnostics.push(report);
        }
        let first = at - source.line_range(source.line(at)).start == self.reader.indent(at);
        if first && !same_line && self.reader.indent(at) != self.reader.indent(frame.brace) {
            self.suspect.get_or_insert(frame.brace);
        }
        self.attach(frame);
        if self.frames.is_empty() {
            self.suspect = None;
        }
    }

    /// Puts a finished block where it belongs.
    fn attach(&mut self, frame: Frame) {
        let body = frame.body;
        match frame.head {
            Head::Scenario(mut scenario) => {
                scenario.body = body;
                self.file.items.push(Item::Scenario(scenario));
            }
            Head::Setup(mut setup) => {
                setup.body = body;
                self.file.items.push(Item::Setup(setup));
            }
            Head::Interleave(span) => self.push(Statement::Interleave { span, body }),
            Head::For(name, values) => self.push(Statement::For { name, values, body }),
            Head::If(condition) => {
                self.push(Statement::If { branches: vec![(condition, body)], otherwise: Vec::new() });
                self.takes_else(true);
            }
            Head::ElseIf(condition) => {
                if let Some(Statement::If { branches, .. }) = self.frames.last_mut().and_then(|frame| frame.body.last_mut()) {
                    branches.push((condition, body));
                }
                self.takes_else(true);
            }
            Head::Else => {
                if let Some(Statement::If { otherwise, .. }) = self.frames.last_mut().and_then(|frame| frame.body.last_mut()) {
                    *otherwise = body;
                }
            }
            Head::Unknown => {}
        }
    }

    fn push(&mut self, statement: Statement) {
        if let Some(frame) = self.frames.last_mut() {
            frame.body.push(statement);
            frame.takes_else = false;
        }
    }

    fn takes_else(&mut self, takes: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.takes_else = takes;
        }
    }

    fn item(&mut self, item: Item) {
        self.docs.clear();
        self.file.items.push(item);
    }

    /// Whether the `else` at `range` follows an `if`; if not, says so.
    fn continues_if(&mut self, range: &Range<usize>, closed: Option<usize>) -> bool {
        let place = self.reader.span(range.start..range.start + 4);
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.takes_else) else {
            let help = "write `if … {` before it, and one `else` for each `if`";
            self.reader.error("else-without-if", place, "`else` follows no `if`", help);
            return false;
        };
        frame.takes_else = false;
        let line = self.reader.source.line(range.start);
        if closed.is_none_or(|at| self.reader.source.line(at) != line) {
            let head = self.reader.source.slice(self.reader.span(range.clone())).to_owned();
            let help = format!("write `}} {head}`");
            self.reader.error("else-on-next-line", place, "`else` stands on the line of the `}` before it", help);
        }
        true
    }

    /// Whether the line at `range` may stand where it stands. If not, says so; a broken line has been reported already.
    fn belongs(&mut self, range: &Range<usize>, broken: bool) -> bool {
        let text = &self.reader.text()[range.clone()];
        let (word, rest) = split_word(text);
        let width = if word.is_empty() { text.chars().next().map_or(0, char::len_utf8) } else { word.len() };
        let span = self.reader.span(range.start..range.start + width);
        let is_step = rest.trim_start().starts_with([':', ',']);
        let is_item = !is_step && ITEMS.contains(&word);
        let closed = self.closed.take();
        if let Some(at) = closed
            && word != "else"
            && self.reader.source.line(at) == self.reader.source.line(range.start)
        {
            let help = "put what follows on a line of its own";
            self.reader.error("text-after-block", span, "only `else` follows the `}` of a block on its line", help);
        }
        if is_item && !self.frames.is_empty() {
            let outer = self.frames.first().map_or(0, |frame| self.reader.indent(frame.brace));
            if matches!(word, "scenario" | "setup") || self.reader.indent(range.start) <= outer {
                self.never_closed(range.start, "the next item of the file begins here");
            } else {
                let message = format!("`{word}` stands inside a block");
                self.reader.error("misplaced-item", span, message, format!("put `{word}` at the top of the file"));
                return false;
            }
        }
        if self.frames.is_empty() && !is_item {
            if !broken {
                self.outside(word, is_step, span);
            }
            return false;
        }
        self.astray = false;
        let is_block = text.ends_with('{') && !is_step;
        if !is_item && is_block && !STATEMENTS.contains(&word) {
            if !broken {
                let known = ["if", "else", "for", "interleave"].into_iter().chain(ITEMS.iter().copied());
                let message = format!("`{}` opens no block here", text.trim_end_matches('{').trim());
                let help = suggestion(word, known, "a block begins with `if`, `for` or `interleave`");
                self.reader.error("unknown-statement", span, message, help);
            }
            return false;
        }
        true
    }

    /// Reports what stands outside every block and is no item of a file; of steps in a row, the first.
    fn outside(&mut self, word: &str, is_step: bool, span: Span) {
        if !is_step && !STATEMENTS.contains(&word) {
            let found = self.reader.source.slice(span).to_owned();
            let help = suggestion(
                word,
                ITEMS.iter().copied(),
                "a file holds `scenario \"…\" {`, `setup {`, `const`, `def` and `include`",
            );
            self.reader.error("unknown-item", span, format!("`{found}` begins no item of a file"), help);
        } else if !self.astray {
            self.astray = true;
            let help = "put it between the braces of `scenario \"…\" {`, or of `setup {`";
            let what = if is_step { "a step".to_owned() } else { format!("`{word}`") };
            self.reader.error("misplaced-statement", span, format!("{what} stands outside every scenario"), help);
        }
    }

    /// Ends all open blocks at `at`, and blames the brace that most likely misses its partner.
    fn never_closed(&mut self, at: usize, sign: &str) {
        let Some(innermost) = self.frames.last().map(|frame| frame.brace) else { return };
        let brace = self.suspect.take().unwrap_or(innermost);
        let report = Diagnostic::error("unclosed-block", self.reader.span(brace..brace + 1), "`{` is never closed")
            .here("opened here")
            .also(self.reader.span(at..at), sign)
            .help("close it with `}` on a line of its own");
        self.reader.diagnostics.push(report);
        while let Some(frame) = self.frames.pop() {
            self.attach(frame);
        }
    }
}

fn suggestion<'w>(word: &str, known: impl Iterator<Item = &'w str>, otherwise: &str) -> String {
    nearest(word, known).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
