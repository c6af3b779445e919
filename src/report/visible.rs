//! Text that is safe to show: what could steer a terminal or reorder a line becomes a visible character.

use super::Glyphs;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The visible form of `character`: itself, unless it is a control, has no width of its own, or is one that reports use inside.
pub(super) fn visible(character: char, glyphs: Glyphs) -> char {
    let steers = character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(character, '\u{e000}'..='\u{f8ff}');
    match (steers, glyphs) {
        (false, _) => character,
        (true, Glyphs::Ascii) => '?',
        (true, Glyphs::Unicode) => picture(character),
    }
}

/// The characters at U+2400 picture the ASCII controls, each under its own number; the others share one.
fn picture(control: char) -> char {
    match control {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(control)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// `text` with every control character made visible; line breaks stay, for they are ours.
pub fn clean(text: &str, glyphs: Glyphs) -> String {
    text.chars().map(|character| if character == '\n' { character } else { visible(character, glyphs) }).collect()
}

/// `text` on one line: runs of blanks and line breaks become one blank, other controls visible.
pub fn one_line(text: &str, glyphs: Glyphs) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(['\n', '\r', '\t', ' ']).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().map(|character| visible(character, glyphs)));
    }
    line
}

/// `text` in lines of at most `width` columns, broken at blanks where there are any; its own line breaks and indents stay.
///
/// What stands in backticks is kept on one line if it fits, for it may be pasted.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let indent = paragraph.len() - paragraph.trim_start_matches(' ').len();
        let mut line = paragraph[..indent].to_owned();
        for word in words(&paragraph[indent..], width) {
            let room = width.saturating_sub(columns(&line) + usize::from(!line.trim().is_empty()));
            if columns(word) > room && !line.trim().is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.trim().is_empty() {
                line.push(' ');
            }
            for character in word.chars() {
                if columns(&line) + character.width().unwrap_or(0) > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    lines
}

/// `text` cut at its blanks, but not inside backticks where what they enclose fits in `width` columns.
fn words(text: &str, width: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(blank) = rest.find(' ') {
        let quoted = rest[..blank].matches('`').count() % 2 == 1;
        let close = rest[blank..].find('`').filter(|_| quoted).map(|at| blank + at);
        let end = close.map_or(Some(blank), |close| rest[close..].find(' ').map(|at| close + at)).unwrap_or(rest.len());
        let end = if columns(&rest[..end]) <= width { end } else { blank };
        words.push(&rest[..end]);
        match rest.get(end + 1..) {
            Some(after) => rest = after,
            None => return words,
        }
    }
    words.push(rest);
    words
}

/// How many columns `text` takes.
pub(super) fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The beginning of `text`, in at most `width` columns, with `dots` where it was cut.
pub(super) fn fit(text: &str, width: usize, dots: &str) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), columns(dots));
    for character in text.chars() {
        taken += character.width().unwrap_or(0);
        if taken > width {
            break;
        }
        kept.push(character);
    }
    // Where not even the dots have room, some of them are better than a line that is too long.
    if kept.is_empty() { dots.chars().take(width).collect() } else { kept + dots }
}

/// `text` with blanks up to `width` columns, at least one.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text)).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_stays() {
        let text = clean("a\x1b[31mb\r\x07\u{9b}2J\u{202e}", Glyphs::Unicode);
        assert_eq!(text, "a␛[31mb␍␇\u{fffd}2J\u{fffd}");
        assert!(clean("\x1b", Glyphs::Ascii) == "?");
        assert_eq!(one_line("semop(\n    m,\r\n\t[x])", Glyphs::Ascii), "semop( m, [x])");
    }

    #[test]
    fn lines_are_broken_at_blanks() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("a\n\n  b c", 3), ["a", "", "  b", "c"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("write `-> a b`, or go", 10), ["write", "`-> a b`,", "or go"]);
        assert_eq!(wrap("an `open one", 5), ["an", "`open", "one"]);
        assert_eq!(wrap("x `a b`", 6), ["x", "`a b`"]);
    }
}
