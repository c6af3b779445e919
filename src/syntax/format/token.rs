//! The words and signs of a statement, and where a blank stands between two of them.

use crate::syntax::parse::{Literal, is_letter, literal};
use crate::syntax::word::RESERVED;

/// What a token is, as far as blanks and line breaks ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a number, a word of the language.
    Word,
    /// A string.
    Text,
    /// `# …`
    Comment,
    /// `(`, `[` or `{` of a value.
    Open,
    /// Its partner.
    Close,
    /// The braces of a `do` or of a block, with blanks on both sides.
    Brace,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.` before a field.
    Dot,
    /// `..`
    Dots,
    /// `-`, `+` or `~` before a value.
    Sign,
    /// An operator between values, `=` and `->`.
    Operator,
}

/// A word or sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    /// As written; a comment without blanks at its end.
    pub text: &'a str,
    pub kind: Kind,
    /// Whether nothing stands between it and the one before.
    pub touches: bool,
    /// How many lines ended between it and the one before.
    pub lines: usize,
    /// Where its partner stands, if it is a bracket.
    pub partner: Option<usize>,
}

/// Words in front of a value, which look like the name of a call when a bracket follows.
const BEFORE_VALUES: &[&str] = &["in", "if", "or", "and", "not", "contains", "matches", "eventually", "dies", "exits", "expect"];
/// Words of the language that stand for a value.
const VALUES: &[&str] = &["kernel", "deadlock", "_", "ok", "blocks", "sleeps"];

/// The tokens of `text`, a statement or the head of a block whose brackets match.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut open = Vec::new();
    let (mut at, mut last) = (0, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let end = token_end(text, at, &tokens);
        let lines = bytes[last..at].iter().filter(|&&byte| byte == b'\n').count();
        let mut token =
            Token { text: text[at..end].trim_end(), kind: Kind::Word, touches: at == last && at > 0, lines, partner: None };
        token.kind = kind(&token, &tokens, end == bytes.len());
        match token.text {
            "(" | "[" | "{" => open.push(tokens.len()),
            ")" | "]" | "}" => {
                if let Some(place) = open.pop() {
                    token.partner = Some(place);
                    tokens[place].partner = Some(tokens.len());
                    // The braces of a `do` are known by the first of them.
                    token.kind = if tokens[place].kind == Kind::Brace { Kind::Brace } else { Kind::Close };
                }
            }
            _ => {}
        }
        tokens.push(token);
        (at, last) = (end, end);
    }
    tokens
}

/// Whether a blank stands between the tokens at `at - 1` and `at`.
pub(super) fn is_apart(tokens: &[Token<'_>], at: usize) -> bool {
    let (before, next) = (&tokens[at - 1], &tokens[at]);
    match (before.kind, next.kind) {
        (_, Kind::Comma | Kind::Colon | Kind::Close | Kind::Dot) | (Kind::Open | Kind::Dot | Kind::Sign, _) => false,
        (Kind::Comma, _) => true,
        (Kind::Dots, _) | (_, Kind::Dots) => false,
        (Kind::Word | Kind::Text | Kind::Close, Kind::Open) if next.touches => is_word_before_value(tokens, at - 1),
        _ => true,
    }
}

impl Token<'_> {
    /// Whether it opens what `,` parts: arguments, a list or a record. `at` is its place.
    pub(super) fn takes_commas(tokens: &[Token<'_>], at: usize) -> bool {
        let token = &tokens[at];
        let follows = at > 0
            && token.touches
            && matches!(tokens[at - 1].kind, Kind::Word | Kind::Text | Kind::Close)
            && !is_word_before_value(tokens, at - 1);
        token.kind == Kind::Open
            && match token.text {
                "(" => follows,
                "[" => !follows,
                _ => true,
            }
    }
}

/// Whether the word at `at` asks for a value behind it, so that a bracket there is no call's and no index.
fn is_word_before_value(tokens: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    // `x.in[0]` has a field of that name, `a: not(1)` and `a: n = not(1)` a call.
    let is_name = before.is_some_and(|before| before.kind == Kind::Dot || before.kind == Kind::Colon || before.text == "=");
    BEFORE_VALUES.contains(&tokens[at].text) && !is_name
}

fn kind(token: &Token<'_>, before: &[Token<'_>], ends: bool) -> Kind {
    let first = token.text.bytes().next().unwrap_or_default();
    let last = before.last();
    match token.text {
        "{" if ends || last.is_some_and(|last| last.text == "do" && last.kind == Kind::Word) => Kind::Brace,
        "(" | "[" | "{" => Kind::Open,
        ")" | "]" | "}" => Kind::Brace,
        "," => Kind::Comma,
        ":" => Kind::Colon,
        "." => Kind::Dot,
        ".." => Kind::Dots,
        "-" | "+" | "~" if begins_value(before) => Kind::Sign,
        _ if first == b'#' => Kind::Comment,
        _ if token.text.ends_with('"') => Kind::Text,
        _ if is_letter(first) => Kind::Word,
        _ => Kind::Operator,
    }
}

/// Whether a value begins behind the tokens `before`, so that `-` there is a sign.
fn begins_value(before: &[Token<'_>]) -> bool {
    let mut said = before.iter().rev().filter(|token| token.kind != Kind::Comment);
    let Some(last) = said.next() else { return true };
    match last.kind {
        Kind::Text | Kind::Close | Kind::Brace => false,
        Kind::Word => {
            let is_field = said.next().is_some_and(|token| token.kind == Kind::Dot);
            !is_field && RESERVED.contains(&last.text) && !VALUES.contains(&last.text)
        }
        _ => true,
    }
}

/// The end of the token that begins at `at` in `text`, behind the tokens `before`.
fn token_end(text: &str, at: usize, before: &[Token<'_>]) -> usize {
    let bytes = text.as_bytes();
    if let Some(Literal::Ends(end) | Literal::Unclosed(end)) = literal(bytes, at) {
        return end;
    }
    let run = |from: usize, is_part: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|&byte| !is_part(byte)).map_or(bytes.len(), |length| from + length)
    };
    if is_letter(bytes[at]) {
        if is_subject(before) {
            return run(at, &|byte| is_letter(byte) || b".-/".contains(&byte));
        }
        let mut end = run(at, &is_letter);
        // A number goes on behind its point: 5.10.
        while bytes[at].is_ascii_digit() && bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            end = run(end + 1, &is_letter);
        }
        return end;
    }
    const LONG: [&str; 8] = ["->", "==", "!=", "<=", ">=", "<<", ">>", ".."];
    match text[at..].chars().next() {
        _ if LONG.iter().any(|sign| text[at..].starts_with(sign)) => at + 2,
        Some(sign) => at + sign.len_utf8(),
        None => at + 1,
    }
}

/// Whether the next word is what a `needs` is about: `needs sysctl fs.pipe-max-size` has one word there.
fn is_subject(before: &[Token<'_>]) -> bool {
    matches!(before, [needs, kind] if needs.text == "needs" && kind.kind == Kind::Word
        && !["uid", "gid", "file", "program"].contains(&kind.text))
}
