//! Text in a drawing: escaped, and cut into lines that fit.

use crate::report::Glyphs;
use crate::report::visible::{columns, one_line};

/// `text` as XML and HTML hold it, in an element or an attribute; what cannot be seen is shown.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut page = String::with_capacity(text.len());
    for character in one_line(text, Glyphs::Unicode).chars() {
        match character {
            '&' => page += "&amp;",
            '<' => page += "&lt;",
            '>' => page += "&gt;",
            '"' => page += "&quot;",
            '\'' => page += "&#39;",
            // Neither XML nor HTML has these, escaped or not.
            '\u{fffe}' | '\u{ffff}' => page.push('\u{fffd}'),
            other => page.push(other),
        }
    }
    page
}

/// `text` in lines of at most `width` columns: after a comma or blank where there is one in the second half of the line, and at most `most`
/// lines, the last one cut.
pub(super) fn lines(text: &str, width: usize, most: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for character in text.chars() {
        if columns(&line) + columns(character.encode_utf8(&mut [0; 4])) > width {
            let cut = line.rfind([' ', ',']).map(|at| at + 1).filter(|&at| at * 2 >= line.len());
            let rest = cut.map_or_else(String::new, |at| line.split_off(at));
            lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
        }
        line.push(character);
    }
    lines.push(line);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while columns(last) >= width && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}
