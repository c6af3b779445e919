//! One finding, drawn: its code, what is wrong, the places in the script, and what to do.

use super::excerpt::{CONTEXT, Excerpt, Mark, excerpt};
use super::label::place_texts;
use super::style::Role;
use super::visible::{clean, columns};
use super::{Style, one_line, wrap};
use crate::journal::Mismatch;
use crate::text::{Diagnostic, Severity, Source};
use std::fmt;

/// No more of a value than this is shown, in characters.
const SHOWN: usize = 2000;

/// A mistake in a script, against the texts that its places point into.
pub fn diagnostic(mistake: &Diagnostic, sources: &[Source], style: Style) -> String {
    let marks = mistake.labels.iter().map(|label| Mark {
        source: label.span.source as usize,
        start: label.span.start as usize,
        end: label.span.end as usize,
        text: label.text.clone(),
    });
    let sources: Vec<&Source> = sources.iter().collect();
    let head = Head { severity: mistake.severity, code: mistake.code, message: &mistake.message };
    let mut page = draw(&head, &marks.collect::<Vec<_>>(), &sources, style);
    if let Some(help) = &mistake.help {
        line(&mut page, "help", help, "help".len(), style);
    }
    page
}

/// What a run showed to be other than expected, against the script that it carries.
pub fn mismatch(surprise: &Mismatch, style: Style) -> String {
    let marks =
        surprise.labels.iter().map(|place| Mark { source: 0, start: place.start, end: place.end, text: place.text.clone() });
    let source = Source::new(surprise.path.clone(), &surprise.script);
    let head = Head { severity: Severity::Error, code: &surprise.code, message: &surprise.message };
    let mut page = draw(&head, &marks.collect::<Vec<_>>(), &[&source], style);
    for (key, text) in said(surprise) {
        line(&mut page, key, text, "expected".len(), style);
    }
    page
}

/// What a divergence says besides its message, each with the word that stands before it.
pub(super) fn said(surprise: &Mismatch) -> impl Iterator<Item = (&'static str, &str)> {
    let lines = [
        ("expected", Some(&surprise.expected)),
        ("seen", Some(&surprise.seen)),
        ("why", surprise.why.as_ref()),
        ("help", surprise.help.as_ref()),
    ];
    lines.into_iter().filter_map(|(key, text)| Some((key, text?.as_str()))).filter(|(_, text)| !text.is_empty())
}

/// What went wrong where no script is to blame.
pub fn notice(code: &str, message: &str, help: Option<&str>, style: Style) -> String {
    let mut page = draw(&Head { severity: Severity::Error, code, message }, &[], &[], style);
    if let Some(help) = help {
        line(&mut page, "help", help, "help".len(), style);
    }
    page
}

struct Head<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
}

fn draw(head: &Head, marks: &[Mark], sources: &[&Source], style: Style) -> String {
    let picture = Picture {
        severity: head.severity,
        code: one_line(head.code, style.glyphs),
        message: clean(&shorten(head.message, style), style.glyphs),
        excerpt: excerpt(marks, sources, style),
    };
    let mut page = String::new();
    match style.handler(head.severity, &picture.excerpt.labels).with_context_lines(CONTEXT).render_report(&mut page, &picture) {
        Ok(()) => place_texts(&page, &picture.excerpt.texts, style),
        // Nothing can fail but the drawing of places; without them the words still say what is wrong.
        Err(fmt::Error) => format!("{}: {}\n", picture.code, picture.message),
    }
}

/// Adds `key: text`, the key ending in column `at + 2`.
fn line(page: &mut String, key: &str, text: &str, at: usize, style: Style) {
    let lead = format!("  {}{}", " ".repeat(at - key.len()), style.paint(Role::Help, &format!("{key}:")));
    let room = style.width.saturating_sub(at + 4);
    for (number, row) in wrap(&clean(&shorten(text, style), style.glyphs), room.max(20)).iter().enumerate() {
        let row = if number == 0 { format!("{lead} {row}") } else { format!("{}{row}", " ".repeat(at + 4)) };
        page.push_str(row.trim_end());
        page.push('\n');
    }
}

/// The beginning of `text`, when it is very long.
fn shorten(text: &str, style: Style) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) if columns(&text[at..]) > 0 => format!("{}{}", &text[..at], style.ellipsis()),
        _ => text.to_owned(),
    }
}

/// What is drawn, in the shape that the drawing wants.
#[derive(Debug)]
struct Picture {
    severity: Severity,
    code: String,
    message: String,
    excerpt: Excerpt,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Picture {}

impl miette::Diagnostic for Picture {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        (!self.excerpt.labels.is_empty()).then_some(&self.excerpt as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels.iter().cloned()))
    }
}
