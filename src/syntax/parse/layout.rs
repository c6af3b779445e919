//! The lines of a script: statements whose brackets match, heads of blocks, and the braces that close them.
//!
//! Whatever is wrong with brackets, strings or characters is reported here, and the line that it stands in is marked
//! broken; so each line that goes on to pest is whole, and a mistake never runs into the next one.

use super::lexeme::{Literal, closing, literal, skip_blank};
use super::reader::Reader;
use super::scan::Scan;
use std::ops::Range;

/// A part of a script.
#[derive(Debug)]
pub(in crate::syntax) enum Piece {
    /// A line `## …`, without its end.
    Docs(Range<usize>),
    /// A statement, or an item without a block. Broken when a diagnostic has been given for it already.
    Line { range: Range<usize>, broken: bool },
    /// The head of a block, up to its `{` and with it.
    Open { range: Range<usize>, broken: bool },
    /// The `}` of a block.
    Close(usize),
}

/// Cuts the text of `reader` into pieces, in their order.
pub(super) fn pieces(reader: &mut Reader<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    // Where the `{` of the last block head stands: a `}` further along on that line may belong to it.
    let mut opened = 0;
    let balanced = balanced(reader.text().as_bytes());
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
        (piece, at) = Scan::new(reader, next, opened, balanced).statement();
        if let Piece::Open { range, .. } = &piece {
            opened = range.end - 1;
        }
        // A line of nothing but odd blanks has been reported, and holds no statement.
        if !matches!(&piece, Piece::Line { range, .. } if range.is_empty()) {
            pieces.push(piece);
        }
    }
}

/// Whether every bracket has its partner. Where that is so, no bracket was forgotten, however the lines are indented.
fn balanced(bytes: &[u8]) -> bool {
    let mut stack = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match literal(bytes, at) {
            Some(Literal::Ends(end)) => {
                at = end;
                continue;
            }
            Some(Literal::Unclosed(_)) => return false,
            None => {}
        }
        match byte {
            b'(' | b'[' | b'{' => stack.push(byte),
            b')' | b']' | b'}' if stack.pop().map(closing) != Some(byte as char) => return false,
            _ => {}
        }
        at += 1;
    }
    stack.is_empty()
}
