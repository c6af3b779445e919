//! The lines of a script: statements whose brackets match, heads of blocks, and the braces that close them.
//!
//! Whatever is wrong with brackets, strings or characters is reported here, and the line that it stands in is marked
//! broken; so each line that goes on to pest is whole, and a mistake never runs into the next one.

use super::character::{Odd, odd};
use super::grammar::LONGEST;
use super::reader::Reader;
use super::unclosed::{begins_statement, opens_block};
use crate::syntax::word::{ITEMS, STATEMENTS};
use crate::text::Diagnostic;
use std::ops::Range;

/// How deep brackets may nest in a statement, and blocks in a scenario.
pub(super) const DEEPEST: usize = 64;

/// A part of a script.
#[derive(Debug)]
pub(super) enum Piece {
    /// A line `## …`, without its end.
    Docs(Range<usize>),
    /// A statement, or an item without a block. Broken when a diagnostic has been given for it already.
    Line { range: Range<usize>, broken: bool },
    /// The head of a block, up to its `{` and with it.
    Open { range: Range<usize>, broken: bool },
    /// The `}` of a block.
    Close(usize),
}

/// What stands at a place that is no code.
pub(super) enum Literal {
    /// A comment, a string, or a raw string, up to here.
    Ends(usize),
    /// A string whose line ended here.
    Unclosed(usize),
}

/// Cuts the text of `reader` into pieces, in their order.
pub(super) fn pieces(reader: &mut Reader<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    // Where the `{` of the last block head stands: a `}` further along on that line may belong to it.
    let mut opened = 0;
    loop {
        let (next, docs) = skip_blank(reader.text(), at);
        pieces.extend(docs.into_iter().map(Piece::Docs));
        let Some(first) = reader.text().as_bytes().get(next) else { return pieces };
        if *first == b'}' {
            pieces.push(Piece::Close(next));
            at = next + 1;
            continue;
        }
        let piece;
        (piece, at) = Scan::new(reader, next, opened).statement();
        if let Piece::Open { range, .. } = &piece {
            opened = range.end - 1;
        }
        pieces.push(piece);
    }
}

/// Whether the line ends at `at`. A lone carriage return ends it as well, so that what follows is still read.
pub(super) fn ends_line(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None | Some(b'\n') => true,
        Some(b'\r') => bytes.get(at + 1) != Some(&b'\n'),
        Some(_) => false,
    }
}

/// The end of the line that holds `at`.
pub(super) fn line_end(bytes: &[u8], mut at: usize) -> usize {
    while !ends_line(bytes, at) {
        at += 1;
    }
    at
}

/// The comment or string that begins at `at`.
pub(super) fn literal(bytes: &[u8], at: usize) -> Option<Literal> {
    let raw = match bytes.get(at)? {
        b'#' => return Some(Literal::Ends(line_end(bytes, at))),
        b'"' => false,
        b'r' if bytes.get(at + 1) == Some(&b'"') && !(at > 0 && is_letter(bytes[at - 1])) => true,
        _ => return None,
    };
    let mut end = at + 1 + usize::from(raw);
    loop {
        match bytes.get(end) {
            _ if ends_line(bytes, end) => return Some(Literal::Unclosed(end)),
            Some(b'"') => return Some(Literal::Ends(end + 1)),
            Some(b'\\') if !raw && !ends_line(bytes, end + 1) => end += 2,
            _ => end += 1,
        }
    }
}

/// Whether `byte` may stand in a name.
pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The word at the start of `text`, empty when there is none, and what follows it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_letter(byte)).unwrap_or(text.len());
    if text.starts_with(|first: char| first.is_ascii_digit()) { ("", text) } else { text.split_at(end) }
}

/// Skips blanks, line ends and comments, and gathers the lines `## …` among them.
fn skip_blank(text: &str, mut at: usize) -> (usize, Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut docs = Vec::new();
    let mut alone = at == 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => {
                alone = true;
                at += 1;
            }
            b' ' | b'\t' | 0 => at += 1,
            b'#' => {
                let end = line_end(bytes, at);
                let line = &text[at..end];
                if alone && line.starts_with("##") && !line.starts_with("###") {
                    docs.push(at..at + line.trim_end().len());
                }
                at = end;
            }
            _ => break,
        }
    }
    (at, docs)
}

/// How a statement begins, which tells what a `{` in it may be.
#[derive(PartialEq)]
enum Start {
    /// A word that a block belongs to.
    Block,
    /// A step, or a statement without a block: every `{` is part of a value.
    Plain,
    /// Something else: a `{` where a value cannot stand opens a block.
    Unknown,
}

/// The state while one statement is cut off.
struct Scan<'r, 'a> {
    reader: &'r mut Reader<'a>,
    bytes: &'a [u8],
    first: usize,
    opened: usize,
    start: Start,
    /// Open brackets and where they stand, at most [`DEEPEST`].
    stack: Vec<(u8, usize)>,
    /// How many brackets are open beyond that.
    excess: usize,
    /// The end of the line that was looked at last, kept because a long line is asked for it often.
    end: usize,
    /// The line on which an odd blank was reported.
    odd_line: usize,
    /// One past the last byte that is neither blank nor comment.
    last: usize,
    broken: bool,
}

impl<'r, 'a> Scan<'r, 'a> {
    fn new(reader: &'r mut Reader<'a>, first: usize, opened: usize) -> Self {
        let text = reader.text();
        let (word, after) = split_word(&text[first..line_end(text.as_bytes(), first)]);
        let start = match word {
            _ if !word.is_empty() && after.trim_start().starts_with([':', ',']) => Start::Plain,
            "scenario" | "setup" | "interleave" | "if" | "else" | "for" => Start::Block,
            _ if ITEMS.contains(&word) || STATEMENTS.contains(&word) => Start::Plain,
            _ => Start::Unknown,
        };
        Self {
            bytes: text.as_bytes(),
            reader,
            first,
            opened,
            start,
            stack: Vec::new(),
            excess: 0,
            end: 0,
            odd_line: 0,
            last: first,
            broken: false,
        }
    }

    /// The piece that begins at `first`, and where to go on.
    fn statement(mut self) -> (Piece, usize) {
        let mut at = self.first;
        loop {
            if ends_line(self.bytes, at) {
                match self.next_line(at) {
                    Some(next) => at = next,
                    None => return self.line(at),
                }
                continue;
            }
            match literal(self.bytes, at) {
                Some(Literal::Ends(end)) => {
                    if self.bytes[at] != b'#' {
                        self.last = end;
                    }
                    at = end;
                    continue;
                }
                Some(Literal::Unclosed(end)) => {
                    self.unclosed_text(at, end);
                    at = end;
                    continue;
                }
                None => {}
            }
            let byte = self.bytes[at];
            match byte {
                b' ' | b'\t' | b'\r' | 0 => {
                    at += 1;
                    continue;
                }
                b'{' if self.is_block(at) => return self.open(at),
                open @ (b'(' | b'[' | b'{') => self.push(open, at),
                close @ (b')' | b']' | b'}') => {
                    if !self.pop(close, at) {
                        return self.line(at);
                    }
                }
                b'\'' => {
                    at = self.quoted(at, '\'', "single-quotes", "strings stand in double quotes");
                    continue;
                }
                byte if !byte.is_ascii() => {
                    at = self.odd(at);
                    continue;
                }
                _ => {}
            }
            at += 1;
            self.last = at;
        }
    }

    /// The statement up to `at`, as a line, or as a head when what is left of a broken one still opens a block.
    fn line(mut self, at: usize) -> (Piece, usize) {
        let range = self.first..self.last;
        if self.broken && self.start != Start::Plain && self.bytes[range.clone()].ends_with(b"{") {
            return (Piece::Open { range, broken: true }, at);
        }
        if range.len() > LONGEST {
            self.too_long(range.clone());
        }
        (Piece::Line { range, broken: self.broken }, at)
    }

    /// The head that ends in the `{` at `at`.
    fn open(mut self, at: usize) -> (Piece, usize) {
        if let Some(&(open, place)) = self.stack.last() {
            self.never_closed(open, place, Some((at, "the block begins here")));
        }
        let range = self.first..at + 1;
        if range.len() > LONGEST {
            self.too_long(range.clone());
        }
        (Piece::Open { range, broken: self.broken }, at + 1)
    }

    /// Where to go on behind the line end at `at`, or nothing when the statement ends there.
    fn next_line(&mut self, at: usize) -> Option<usize> {
        if at >= self.bytes.len() {
            if let Some(&(open, place)) = self.stack.last() {
                self.never_closed(open, place, None);
            }
            return None;
        }
        if self.stack.is_empty() {
            let (next, _) = skip_blank(self.reader.text(), at);
            let arrow = self.bytes[next..].starts_with(b"->");
            if self.start == Start::Block && self.bytes.get(next) == Some(&b'{') && self.bytes[self.first..self.last] != *b"{" {
                let head = self.reader.text()[self.first..self.last].lines().next().unwrap_or_default();
                let help = format!("write `{} {{`", head.trim_end());
                let span = self.reader.span(next..next + 1);
                self.reader.error("brace-on-next-line", span, "the `{` of a block ends the line of its head", help);
                return Some(next);
            }
            return (arrow && self.start != Start::Block).then_some(next);
        }
        let next = at + 1;
        let end = line_end(self.bytes, next);
        let line = &self.reader.text()[next..end];
        let (open, place) = *self.stack.last()?;
        if begins_statement(line, open, self.bytes[self.last - 1]) {
            let blank = line.len() - line.trim_start().len();
            self.never_closed(open, place, Some((next + blank, "the next statement begins here")));
            return None;
        }
        Some(next)
    }

    fn push(&mut self, open: u8, at: usize) {
        if self.stack.len() < DEEPEST {
            self.stack.push((open, at));
            return;
        }
        self.excess += 1;
        let message = format!("brackets nest more than {DEEPEST} deep");
        self.broken("nested-too-deep", at..at + 1, message, "give the inner part a name: `const PART = …`");
    }

    /// Takes the bracket that `close` at `at` closes; false when the statement ends before it.
    fn pop(&mut self, close: u8, at: usize) -> bool {
        let wanted = match close {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        let Some(&(open, place)) = self.stack.last() else {
            if close == b'}' {
                return false;
            }
            let message = format!("`{}` closes nothing", close as char);
            self.broken("unmatched-bracket", at..at + 1, message, "remove it, or open it before");
            return true;
        };
        if self.excess > 0 {
            self.excess -= 1;
            return true;
        }
        if close == b'}' && self.ends_block(at, place) {
            self.never_closed(open, place, Some((at, "the block ends here")));
            return false;
        }
        if open == wanted {
            self.stack.pop();
            return true;
        }
        let Some(found) = self.stack.iter().rposition(|&(open, _)| open == wanted) else {
            if close == b'}' && !self.goes_on(at) {
                self.never_closed(open, place, Some((at, "the block ends here")));
                return false;
            }
            self.mismatch(open, place, close, at);
            self.stack.pop();
            return true;
        };
        self.never_closed(open, place, Some((at, "and this closes what was opened before it")));
        self.stack.truncate(found);
        true
    }

    /// Whether the `}` at `at` stands first on its line, and further left than the statement: then it closes a block.
    fn ends_block(&self, at: usize, place: usize) -> bool {
        let source = self.reader.source;
        let line = source.line(at);
        let column = at - source.line_range(line).start;
        source.line(place) != line && self.reader.indent(at) == column && column < self.reader.indent(self.first)
    }

    /// Whether more of the statement stands behind the bracket at `at`: then the bracket is the wrong one, and not the
    /// end of a block that stands on one line.
    fn goes_on(&self, at: usize) -> bool {
        if self.opened > 0 && self.reader.source.line(at) == self.reader.source.line(self.opened) {
            return false;
        }
        let mut rest = self.bytes[at + 1..].iter().take_while(|byte| !b"\r\n".contains(byte));
        rest.find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| !b"#}".contains(byte))
    }

    /// The end of the line that holds `at`.
    fn line_end(&mut self, at: usize) -> usize {
        if at > self.end || self.end == 0 {
            self.end = line_end(self.bytes, at);
        }
        self.end
    }

    /// Whether the `{` at `at` opens a block and not a record.
    fn is_block(&mut self, at: usize) -> bool {
        if self.start == Start::Plain || !opens_block(&self.reader.text()[self.first..self.last]) {
            return false;
        }
        if self.stack.is_empty() {
            return true;
        }
        let end = self.line_end(at);
        let mut rest = self.bytes[at + 1..end].iter();
        self.start == Start::Block && rest.find(|byte| !byte.is_ascii_whitespace()).is_none_or(|&byte| byte == b'#')
    }

    /// Blames the bracket at `place`, and says at a second place what showed that it is not closed.
    fn never_closed(&mut self, open: u8, place: usize, sign: Option<(usize, &str)>) {
        // One report of brackets a statement: what follows from it says nothing new.
        if self.broken {
            return;
        }
        let span = self.reader.span(place..place + 1);
        let closing = closing(open);
        let mut report = Diagnostic::error("unclosed-bracket", span, format!("`{}` is never closed", open as char))
            .here("opened here")
            .help(format!("close it with `{closing}`"));
        if let Some((at, text)) = sign {
            report = report.also(self.reader.span(at..at + 1), text);
        }
        self.reader.diagnostics.push(report);
        self.broken = true;
    }

    fn mismatch(&mut self, open: u8, place: usize, close: u8, at: usize) {
        if self.broken {
            return;
        }
        let message = format!("`{}` does not close `{}`", close as char, open as char);
        let report = Diagnostic::error("mismatched-bracket", self.reader.span(at..at + 1), message)
            .here(format!("expected `{}`", closing(open)))
            .also(self.reader.span(place..place + 1), "opened here")
            .help(format!("write `{}`", closing(open)));
        self.reader.diagnostics.push(report);
        self.broken = true;
    }

    /// Reports the string at `at`, whose line ended at `end`. Brackets opened on that line are taken as closed by what
    /// the string swallowed.
    fn unclosed_text(&mut self, at: usize, end: usize) {
        let text = self.reader.text()[at..end].trim_end();
        let brackets = text.len() - text.trim_end_matches([')', ']', '}', '{', ' ', ',']).len();
        let (body, tail) = text.split_at(text.len() - brackets);
        let help = match text.len() {
            0..=60 => format!("write `{body}\"{tail}`; a line end inside it is `\\n`"),
            _ => "close it with `\"`; a line end inside it is `\\n`".to_owned(),
        };
        self.broken("unclosed-string", at..at + 1, "the string is not closed on its line", help);
        let start = self.reader.source.line_range(self.reader.source.line(at)).start;
        self.stack.retain(|&(_, place)| place < start);
        self.last = at + text.len();
    }

    /// Reports a string in foreign quotes, and skips it.
    fn quoted(&mut self, at: usize, close: char, code: &'static str, message: &str) -> usize {
        let end = self.line_end(at);
        let line = &self.reader.text()[at..end];
        let quote = line.chars().next().map_or(1, char::len_utf8);
        let close =
            |letter: char| letter == close || letter == '"' || (!letter.is_ascii() && matches!(odd(letter), Some(Odd::Quote(_))));
        let (length, help) = match line[quote..].find(close) {
            Some(length) if length <= 60 => (quote + length, format!("write `\"{}\"`", &line[quote..quote + length])),
            Some(length) => (quote + length, "write `\"` on both sides".to_owned()),
            None => (0, "write `\"`".to_owned()),
        };
        let length = length + line[length..].chars().next().map_or(0, char::len_utf8);
        self.broken(code, at..at + length, message, help);
        self.last = at + length;
        self.last
    }

    /// Reports a character that the language is not written in, and skips it.
    fn odd(&mut self, at: usize) -> usize {
        let Some(letter) = self.reader.text()[at..].chars().next() else { return at + 1 };
        let end = at + letter.len_utf8();
        let code = letter as u32;
        match odd(letter) {
            Some(Odd::Blank(_)) if self.odd_line == self.reader.source.line(at) => return end,
            Some(Odd::Blank(name)) => {
                self.odd_line = self.reader.source.line(at);
                let span = self.reader.span(at..end);
                let help = "replace it by a space, or remove it";
                self.reader.error("odd-blank", span, format!("{name} (U+{code:04X}) stands between the words"), help);
                return end;
            }
            Some(Odd::Quote(close)) => return self.quoted(at, close, "smart-quotes", "these are not the quotes of a string"),
            Some(Odd::LookAlike(meant)) => {
                let message = format!("`{letter}` (U+{code:04X}) only looks like `{meant}`");
                self.broken("look-alike", at..end, message, format!("write `{meant}`"));
            }
            _ => {
                let message = format!("`{letter}` (U+{code:04X}) is no part of the language outside strings and comments");
                self.broken("odd-character", at..end, message, "names hold the letters a to z, digits and `_`");
            }
        }
        self.last = end;
        end
    }

    fn too_long(&mut self, range: Range<usize>) {
        let message = format!("the statement is {} bytes long, and {LONGEST} are the most", range.len());
        let help = "build a long value from a short one: `\"x\" * 65536`";
        self.broken("statement-too-long", range.start..range.start + 1, message, help);
    }

    fn broken(&mut self, code: &'static str, place: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        if !self.broken {
            let span = self.reader.span(place);
            self.reader.error(code, span, message, help);
        }
        self.broken = true;
    }
}

/// The bracket that closes `open`.
pub(super) fn closing(open: u8) -> char {
    match open {
        b'(' => ')',
        b'[' => ']',
        _ => '}',
    }
}
