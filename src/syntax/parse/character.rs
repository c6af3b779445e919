//! Characters that no script holds, and those that only look like the ones it does.

use super::reader::Reader;

/// A character outside strings and comments that is not what it seems.
pub(super) enum Odd {
    /// A blank that is not a space or tab, by its name.
    Blank(&'static str),
    /// A quotation mark, and the one that closes it.
    Quote(char),
    /// Stands for what C writes otherwise.
    LookAlike(&'static str),
    /// A letter or sign that the language does not use.
    Foreign,
}

/// Reports NUL bytes and carriage returns that end no line: the first of each on a line.
pub(super) fn judge(reader: &mut Reader<'_>) {
    let text = reader.text();
    let bytes = text.as_bytes();
    let mut reported = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let nul = *byte == 0;
        let lone = *byte == b'\r' && bytes.get(at + 1).is_some_and(|&next| next != b'\n');
        if !nul && !lone {
            continue;
        }
        let line = reader.source.line(at);
        if reported == line {
            continue;
        }
        reported = line;
        let span = reader.span(at..at + 1);
        if nul {
            let help = "remove it; inside a string write `\\0`";
            reader.error("nul-byte", span, "a NUL byte stands in the script", help);
        } else {
            let help = "end lines with LF or CRLF; inside a string write `\\r`";
            reader.error("lone-carriage-return", span, "a carriage return without a line feed stands in the script", help);
        }
    }
}

/// What is wrong with `letter`, if it is none that the language is written in.
pub(super) fn odd(letter: char) -> Option<Odd> {
    Some(match letter {
        '\0'..='\u{7f}' => return None,
        '\u{a0}' | '\u{202f}' | '\u{2007}' => Odd::Blank("a non-breaking space"),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' => Odd::Blank("an invisible character"),
        '“' | '”' | '„' | '‟' => Odd::Quote('”'),
        '‘' | '’' | '‚' | '‛' => Odd::Quote('’'),
        '«' => Odd::Quote('»'),
        '»' => Odd::Quote('«'),
        '→' | '⟶' | '⇒' | '➔' => Odd::LookAlike("->"),
        '−' | '–' | '—' | '‐' | '‑' => Odd::LookAlike("-"),
        '…' | '‥' => Odd::LookAlike(".."),
        '≠' => Odd::LookAlike("!="),
        '≤' => Odd::LookAlike("<="),
        '≥' => Odd::LookAlike(">="),
        '×' => Odd::LookAlike("*"),
        '：' => Odd::LookAlike(":"),
        '，' => Odd::LookAlike(","),
        '＝' => Odd::LookAlike("="),
        '（' => Odd::LookAlike("("),
        '）' => Odd::LookAlike(")"),
        blank if blank.is_whitespace() => Odd::Blank("a blank that is no space"),
        _ => Odd::Foreign,
    })
}
