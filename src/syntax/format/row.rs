//! The rows of a script: its statements, heads, braces and comments, each at its depth, with the empty lines between them.

use super::WIDEST;
use super::statement::{indent, one_line};
use super::token::{Kind, Token, tokens};
use crate::syntax::parse::{Piece, is_letter, pieces};
use crate::text::Source;
use std::ops::Range;

/// A row of a script.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// How many blocks it stands in.
    pub depth: usize,
    /// Whether an empty line stands before it.
    pub apart: bool,
    pub row: Row<'a>,
    /// The comment at its end.
    pub comment: Option<&'a str>,
}

/// What stands in a row.
#[derive(Debug)]
pub(super) enum Row<'a> {
    /// A comment alone on its line.
    Comment(&'a str),
    /// A statement, or an item without a block.
    Statement(Vec<Token<'a>>),
    /// The head of a block, with the `}` before an `else`.
    Head(Vec<Token<'a>>),
    /// The `}` of a block, when no `else` follows.
    End,
    /// Blocks that stand on one line.
    Whole(Vec<Token<'a>>),
}

/// The rows of `source`, which has no mistakes.
pub(super) fn entries(source: &Source) -> Vec<Entry<'_>> {
    let pieces: Vec<Piece> = pieces(source).into_iter().filter(|piece| !matches!(piece, Piece::Docs(_))).collect();
    let mut rows = Rows { source, entries: Vec::new(), depth: 0, at: 0, apart: false };
    let mut next = 0;
    while let Some(piece) = pieces.get(next) {
        let range = range(piece);
        let whole = whole_chain(source, &pieces, next);
        let before = &source.text[rows.at..range.start];
        match piece {
            Piece::Open { .. } if whole.is_some_and(|last| rows.fits(&pieces[next..=last])) => {
                let last = whole.unwrap_or(next);
                let row = Row::Whole(rows.chain(&pieces[next..=last]));
                rows.push(before, row);
                rows.at = self::range(&pieces[last]).end;
                next = last + 1;
                continue;
            }
            Piece::Open { .. } => {
                let mut head = tokens(&source.text[range.clone()]);
                if head.first().is_some_and(|first| first.text == "else") {
                    head.insert(0, brace("}"));
                    head.iter_mut().for_each(|token| token.partner = token.partner.map(|place| place + 1));
                    rows.depth -= 1;
                }
                rows.push(before, Row::Head(head));
                rows.depth += 1;
            }
            Piece::Close(_) => {
                let goes_on = pieces.get(next + 1).is_some_and(|next| is_else(source, next));
                rows.comments(before);
                rows.apart = false;
                // The head of an `else` brings the brace along.
                if !goes_on {
                    rows.depth = rows.depth.saturating_sub(1);
                    rows.add(Row::End);
                }
            }
            Piece::Line { .. } | Piece::Docs(_) => rows.push(before, Row::Statement(tokens(&source.text[range.clone()]))),
        }
        rows.at = range.end;
        next += 1;
    }
    rows.comments(&source.text[rows.at..]);
    part_items(&mut rows.entries);
    rows.entries
}

/// What has been put together so far.
struct Rows<'a> {
    source: &'a Source,
    entries: Vec<Entry<'a>>,
    depth: usize,
    /// The end of the piece that was taken last.
    at: usize,
    /// Whether an empty line stands before what comes next.
    apart: bool,
}

impl<'a> Rows<'a> {
    /// Adds `row`, and before it the comments that stand in the text `before` it.
    fn push(&mut self, before: &'a str, row: Row<'a>) {
        self.comments(before);
        self.add(row);
    }

    fn add(&mut self, row: Row<'a>) {
        // A block begins and ends without an empty line.
        let inside = !matches!(self.entries.last(), None | Some(Entry { row: Row::Head(_), .. }));
        let apart = std::mem::take(&mut self.apart) && inside;
        self.entries.push(Entry { depth: self.depth, apart, row, comment: None });
    }

    /// Adds the comments in `text`, which holds nothing else.
    fn comments(&mut self, text: &'a str) {
        let mut lines = text.split('\n');
        if let Some(rest) = lines.next()
            && let Some(comment) = comment(rest)
        {
            match self.entries.last_mut() {
                Some(entry) => entry.comment = Some(comment),
                None => self.add(Row::Comment(comment)),
            }
        }
        let mut empty = 0;
        let mut lines = lines.peekable();
        while let Some(line) = lines.next() {
            match comment(line) {
                Some(comment) => {
                    self.apart |= empty > 0;
                    self.add(Row::Comment(comment));
                    empty = 0;
                }
                // The last line is the one on which the next piece begins.
                None => empty += usize::from(lines.peek().is_some()),
            }
        }
        self.apart |= empty > 0;
    }

    /// The tokens of blocks that stand on one line.
    fn chain(&self, pieces: &[Piece]) -> Vec<Token<'a>> {
        let mut all: Vec<Token<'a>> = Vec::new();
        for piece in pieces {
            let before = all.len();
            match piece {
                Piece::Close(_) => all.push(brace("}")),
                _ => all.extend(tokens(&self.source.text[range(piece)])),
            }
            all[before..].iter_mut().for_each(|token| token.partner = token.partner.map(|place| place + before));
        }
        all
    }

    /// Whether the blocks `pieces` fit on one line, their brackets unbroken.
    fn fits(&self, pieces: &[Piece]) -> bool {
        indent(self.depth) + one_line(&self.chain(pieces)).chars().count() <= WIDEST
    }
}

/// One empty line stands before a block of the file, with the comments right above it, and one behind it.
fn part_items(entries: &mut [Entry<'_>]) {
    let is_comment = |entry: &Entry<'_>| matches!(entry.row, Row::Comment(_));
    let mut first = 0;
    for at in 1..entries.len() {
        let ended = entries[at - 1].depth == 0 && matches!(entries[at - 1].row, Row::End | Row::Whole(_));
        entries[at].apart |= ended;
        if entries[at].apart || !is_comment(&entries[at - 1]) {
            first = at;
        }
        let begins = entries[at].depth == 0 && matches!(entries[at].row, Row::Head(_) | Row::Whole(_));
        entries[first].apart |= begins && first > 0;
    }
}

/// The last piece of the blocks that begin at `first`, if all of them stand on one line.
fn whole_chain(source: &Source, pieces: &[Piece], first: usize) -> Option<usize> {
    if !matches!(pieces[first], Piece::Open { .. }) || is_else(source, &pieces[first]) {
        return None;
    }
    let mut depth = 0;
    let mut at = first;
    let line = source.line(range(&pieces[first]).start);
    loop {
        let piece = pieces.get(at)?;
        if source.line(range(piece).end - 1) != line {
            return None;
        }
        match piece {
            Piece::Open { .. } => depth += 1,
            Piece::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 && !pieces.get(at + 1).is_some_and(|next| is_else(source, next)) {
            return Some(at);
        }
        at += 1;
    }
}

fn is_else(source: &Source, piece: &Piece) -> bool {
    let says_so = |text: &str| text.strip_prefix("else").is_some_and(|rest| !rest.bytes().next().is_some_and(is_letter));
    matches!(piece, Piece::Open { range, .. } if says_so(&source.text[range.clone()]))
}

fn range(piece: &Piece) -> Range<usize> {
    match piece {
        Piece::Docs(range) | Piece::Line { range, .. } | Piece::Open { range, .. } => range.clone(),
        Piece::Close(at) => *at..*at + 1,
    }
}

fn comment(line: &str) -> Option<&str> {
    let line = line.trim();
    line.starts_with('#').then_some(line)
}

fn brace(text: &'static str) -> Token<'static> {
    Token { text, kind: Kind::Brace, touches: false, lines: 0, partner: None }
}
