//! Where comments, strings, words and lines begin and end.

use std::ops::Range;

/// What stands at a place that is no code.
pub(in crate::syntax) enum Literal {
    /// A comment, a string, or a raw string, up to here.
    Ends(usize),
    /// A string whose line ended here.
    Unclosed(usize),
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
pub(in crate::syntax) fn literal(bytes: &[u8], at: usize) -> Option<Literal> {
    let raw = match bytes.get(at)? {
        b'#' => return Some(Literal::Ends(line_end(bytes, at))),
        b'"' => false,
        b'r' if bytes.get(at + 1) == Some(&b'"') && !(at > 0 && is_letter(bytes[at - 1])) => true,
        _ => return None,
    };
    let mut end = at + 1 + usize::from(raw);
    loop {
        match bytes.get(end) {
            None | Some(b'\n') => return Some(Literal::Unclosed(end)),
            Some(b'"') => return Some(Literal::Ends(end + 1)),
            Some(b'\\') if !raw && !matches!(bytes.get(end + 1), None | Some(b'\n')) => end += 2,
            _ => end += 1,
        }
    }
}

/// Whether `byte` may stand in a name.
pub(in crate::syntax) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The word at the start of `text`, empty when there is none, and what follows it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_letter(byte)).unwrap_or(text.len());
    if text.starts_with(|first: char| first.is_ascii_digit()) { ("", text) } else { text.split_at(end) }
}

/// The bracket that closes `open`.
pub(super) fn closing(open: u8) -> char {
    match open {
        b'(' => ')',
        b'[' => ']',
        _ => '}',
    }
}

/// Skips blanks, line ends and comments, and gathers the lines `## …` among them.
pub(super) fn skip_blank(text: &str, mut at: usize) -> (usize, Vec<Range<usize>>) {
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
