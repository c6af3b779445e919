//! Annotations: lines that the runner of GitHub Actions takes out of what a step prints, and shows at the script.

use crate::journal::{Mismatch, Status};
use crate::report::case::Case;
use crate::report::diagnosis::said;
use crate::report::visible::clean;
use crate::report::{Glyphs, one_line};
use std::collections::HashMap;
use std::fmt::Write;

/// How many annotations of one kind are shown of a step.
const MOST: usize = 10;
/// What the runner takes of a message, in characters; what is longer it cuts.
const LONGEST: usize = 4096;
/// What is shown of a title.
const TITLE: usize = 250;

/// An annotation, and how many scenarios it speaks for.
#[derive(Debug, Default)]
struct Note {
    level: &'static str,
    path: String,
    /// Lines and columns, each from and to, counted from 1; none where nobody knows them.
    lines: Option<(usize, usize)>,
    columns: Option<(usize, usize)>,
    title: String,
    text: String,
    /// The scenarios, besides the first, of which the same is to be said.
    also: Vec<String>,
}

/// The annotations of a run: errors, then warnings for what was skipped, each the most useful first.
pub(super) fn annotations(cases: &[Case]) -> String {
    let mut lines = String::new();
    for (notes, of) in [(errors(cases), "did not go as expected"), (warnings(cases), "were skipped")] {
        for note in within(notes, of) {
            lines += &command(&note);
        }
    }
    lines
}

/// One annotation for each cause. What the engine failed at comes first, for then the rest tells little; then a divergence of each script, then
/// the second of each, so that ten show as much as ten can.
fn errors(cases: &[Case]) -> Vec<Note> {
    let mut failed: Vec<Note> = Vec::new();
    let mut diverged: Vec<Note> = Vec::new();
    for case in cases {
        let list = match case.status {
            Some(Status::Passed | Status::Skipped) => continue,
            Some(Status::Diverged) => &mut diverged,
            Some(Status::Failed) | None => &mut failed,
        };
        let note = if case.surprises.is_empty() { of_reason(case, "error") } else { of_surprise(case) };
        let same = |known: &&mut Note| {
            known.text == note.text && (case.surprises.is_empty() || (&known.path, known.lines) == (&note.path, note.lines))
        };
        match list.iter_mut().find(same) {
            Some(known) => known.also.push(case.id.clone()),
            None => list.push(note),
        }
    }
    // The place of a note among those of its script is its round; a stable sort keeps the order of the list in each.
    let mut rounds: HashMap<String, usize> = HashMap::new();
    let round = |note: Note| {
        let count = rounds.entry(note.path.clone()).or_default();
        *count += 1;
        (*count, note)
    };
    let mut ranked: Vec<(usize, Note)> = diverged.into_iter().map(round).collect();
    ranked.sort_by_key(|(round, _)| *round);
    failed.into_iter().chain(ranked.into_iter().map(|(_, note)| note)).collect()
}

/// One annotation for each reason, the one that skips most first.
fn warnings(cases: &[Case]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for case in cases.iter().filter(|case| case.status == Some(Status::Skipped)) {
        match notes.iter_mut().find(|known| known.text == case.reason) {
            Some(known) => known.also.push(case.id.clone()),
            None => notes.push(of_reason(case, "warning")),
        }
    }
    notes.sort_by_key(|note| std::cmp::Reverse(note.also.len()));
    notes
}

fn of_reason(case: &Case, level: &'static str) -> Note {
    let word = if level == "warning" { "skipped" } else { case.code() };
    Note {
        level,
        path: case.path.clone(),
        lines: Some((case.line, case.line)).filter(|(line, _)| *line > 0),
        title: format!("{word}: {}", case.name()),
        text: case.reason.clone(),
        ..Note::default()
    }
}

fn of_surprise(case: &Case) -> Note {
    let Some(first) = case.surprises.first() else { return of_reason(case, "error") };
    let mut text = first.message.clone();
    for (key, said) in said(first) {
        let _ = write!(text, "\n{key}: {said}");
    }
    if let Some(order) = &first.order {
        let _ = write!(text, "\norder: {}", order.schedule);
    }
    let ((line, column), (last, end)) = place(first);
    Note {
        level: "error",
        path: first.path.clone(),
        lines: Some((line, last)),
        // Columns are shown within one line only.
        columns: Some((column, end)).filter(|_| line == last),
        title: format!("{}: {}", first.code, case.name()),
        text,
        also: Vec::new(),
    }
}

/// Where a divergence begins and ends: lines and columns, counted from 1.
fn place(surprise: &Mismatch) -> ((usize, usize), (usize, usize)) {
    let Some(label) = surprise.labels.first() else { return ((surprise.line, 1), (surprise.line, 1)) };
    let script = &surprise.script;
    let at = |byte: usize| {
        let before = script.get(..byte.min(script.len())).unwrap_or_default();
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
    };
    (at(label.start), at(label.end.max(label.start)))
}

/// As many as are shown; the last of too many counts the others, where they are to be seen.
fn within(mut notes: Vec<Note>, of: &str) -> Vec<Note> {
    if notes.len() > MOST {
        let rest = notes.split_off(MOST - 1);
        let more: usize = rest.iter().map(|note| 1 + note.also.len()).sum();
        let names: Vec<&str> = rest.iter().map(|note| note.title.as_str()).collect();
        notes.push(Note {
            level: rest.first().map_or("error", |note| note.level),
            title: format!("{more} more scenarios {of}"),
            text: format!("the summary of the step shows them all\n{}", names.join("\n")),
            ..Note::default()
        });
    }
    notes
}

/// The line that the runner reads.
fn command(note: &Note) -> String {
    let mut properties = Vec::new();
    // Standard input is no file of the repository, and paths are those of the repository, which begin with no `./`.
    if !matches!(note.path.as_str(), "" | "-") {
        properties.push(("file", note.path.strip_prefix("./").unwrap_or(&note.path).to_owned()));
        if let Some((line, last)) = note.lines {
            properties.extend([("line", line.to_string()), ("endLine", last.to_string())]);
        }
        if let Some((column, end)) = note.columns {
            properties.extend([("col", column.to_string()), ("endColumn", end.to_string())]);
        }
    }
    properties.push(("title", shortened(&one_line(&note.title, Glyphs::Unicode), TITLE)));
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value).replace(':', "%3A").replace(',', "%2C")))
        .collect();
    let mut text = note.text.clone();
    if !note.also.is_empty() {
        let _ = write!(text, "\nthe same in {} more: {}", note.also.len(), note.also.join(", "));
    }
    let text = shortened(&clean(&text, Glyphs::Unicode), LONGEST);
    format!("::{} {}::{}\n", note.level, properties.join(","), escaped(&text))
}

/// The beginning of `text`, in at most `most` characters as the runner counts them, which is in halves of UTF-16 pairs.
fn shortened(text: &str, most: usize) -> String {
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, character)| {
        units += character.len_utf16();
        (units > most - 1).then_some(at)
    });
    match end {
        Some(end) if text.encode_utf16().count() > most => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// `text` as it stands in a command: on one line, and nothing in it ends the command.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
