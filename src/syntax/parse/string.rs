//! Strings: escapes, and the names that stand between braces.

use super::expression::operand;
use super::grammar::{Rule, read};
use super::reader::Reader;
use crate::syntax::ast::TextPart;
use crate::text::Span;

/// The parts of `text`, a string in its quotes at `span`.
pub(super) fn interpolated(reader: &mut Reader<'_>, text: &str, span: Span) -> Vec<TextPart> {
    let mut parts = Vec::new();
    let mut bytes = Vec::new();
    let inner = inner(text);
    let base = span.start as usize + 1;
    let mut at = 0;
    while at < inner.len() {
        match inner.as_bytes()[at] {
            b'\\' => at = escape(reader, inner, at, base, &mut bytes),
            b'{' => {
                let Some(length) = inner[at..].find('}') else {
                    stray_brace(reader, base + at, "{");
                    break;
                };
                if !bytes.is_empty() {
                    parts.push(TextPart::Bytes(std::mem::take(&mut bytes)));
                }
                parts.extend(part(reader, &inner[at + 1..at + length], base + at + 1));
                at += length + 1;
            }
            b'}' => {
                stray_brace(reader, base + at, "}");
                at += 1;
            }
            byte => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    if !bytes.is_empty() {
        parts.push(TextPart::Bytes(bytes));
    }
    parts
}

/// The bytes of `text`, a raw string with its `r` and quotes.
pub(super) fn raw(text: &str) -> Vec<TextPart> {
    let bytes = inner(&text[1..]).as_bytes().to_vec();
    if bytes.is_empty() { Vec::new() } else { vec![TextPart::Bytes(bytes)] }
}

/// The text of a title or a path at `span`, which holds escapes but no names, and is printed on one line.
pub(super) fn title(reader: &mut Reader<'_>, text: &str, span: Span) -> String {
    let mut bytes = Vec::new();
    if let Some(quoted) = text.strip_prefix('r') {
        bytes.extend_from_slice(inner(quoted).as_bytes());
    } else {
        let inner = inner(text);
        let mut at = 0;
        while at < inner.len() {
            if inner.as_bytes()[at] == b'\\' {
                at = escape(reader, inner, at, span.start as usize + 1, &mut bytes);
            } else {
                bytes.push(inner.as_bytes()[at]);
                at += 1;
            }
        }
    }
    let title = String::from_utf8_lossy(&bytes).into_owned();
    let fault = match &title {
        title if title.trim().is_empty() => "it is empty",
        title if title.contains(char::is_control) => "it holds a control character",
        title if title.contains('\u{fffd}') => "it is not UTF-8",
        _ => return title,
    };
    let help = "write one line of plain text between the quotes";
    reader.error("bad-title", span, format!("this is no title or path: {fault}"), help);
    title
}

fn inner(text: &str) -> &str {
    text.get(1..text.len() - 1).unwrap_or_default()
}

/// The value between two braces.
fn part(reader: &mut Reader<'_>, text: &str, base: usize) -> Option<TextPart> {
    if let Ok(line) = read(Rule::interpolation, text) {
        let first = line.into_inner().next()?;
        let starts_with_name = first.clone().into_inner().next().is_some_and(|primary| primary.as_rule() == Rule::word);
        if starts_with_name {
            let before = std::mem::replace(&mut reader.base, base);
            let value = operand(reader, first);
            reader.base = before;
            return Some(TextPart::Value(value));
        }
    }
    let span = reader.span(base - 1..base + text.len() + 1);
    let message = format!("`{{{text}}}` is no name, field or element");
    let help = format!("braces in a string hold a name, such as `{{father}}`; for the braces themselves write `\\{{{text}\\}}`");
    reader.error("bad-interpolation", span, message, help);
    None
}

fn stray_brace(reader: &mut Reader<'_>, at: usize, brace: &str) {
    let other = if brace == "{" { "no `}` follows it" } else { "no `{` stands before it" };
    let help = format!("write `\\{brace}` for the brace itself");
    reader.error("bad-interpolation", reader.span(at..at + 1), format!("`{brace}` stands alone in the string: {other}"), help);
}

/// Takes the escape at `at`, and gives the place behind it. `base` is where `text` begins in the script.
fn escape(reader: &mut Reader<'_>, text: &str, at: usize, base: usize, bytes: &mut Vec<u8>) -> usize {
    let rest = &text[at + 1..];
    let Some(letter) = rest.chars().next() else { return at + 1 };
    let end = at + 1 + letter.len_utf8();
    let plain = match letter {
        'n' => b'\n',
        't' => b'\t',
        'r' => b'\r',
        '0' if !rest[1..].starts_with(|next: char| next.is_digit(8)) => 0,
        '\\' | '"' | '{' | '}' => rest.as_bytes()[0],
        'x' => {
            let digits = rest.get(1..3).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                bytes.push(byte);
                return at + 4;
            }
            let span = reader.span(base + at..base + end);
            reader.error("bad-escape", span, "`\\x` takes two hexadecimal digits", "write them, as in `\\x1b`");
            return end;
        }
        _ => {
            let octal: String = rest.chars().take(3).take_while(|digit| digit.is_digit(8)).collect();
            let length = octal.len().max(letter.len_utf8());
            let help = match (letter, u8::from_str_radix(&octal, 8)) {
                (_, Ok(byte)) => format!("write `\\x{byte:02x}`"),
                ('a', _) => "write `\\x07`".to_owned(),
                ('b', _) => "write `\\x08`".to_owned(),
                ('e', _) => "write `\\x1b`".to_owned(),
                ('f', _) => "write `\\x0c`".to_owned(),
                ('v', _) => "write `\\x0b`".to_owned(),
                ('u', _) => "write the character itself; a script is UTF-8".to_owned(),
                ('\'', _) => "write `'`".to_owned(),
                _ => format!("write `\\\\{letter}` for a backslash, or `r\"…\"` for a string without escapes"),
            };
            let span = reader.span(base + at..base + at + 1 + length);
            let message = format!("`\\{}` is no escape", &rest[..length]);
            reader.error("bad-escape", span, message, help);
            return at + 1 + length;
        }
    };
    bytes.push(plain);
    end
}
