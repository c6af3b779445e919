//! Rows as text, a paragraph at a time: what stands side by side is put in columns.

use super::column::{Rule, places};
use super::row::{Entry, Row};
use super::statement::{Line, actors_end, indent, lines};
use super::token::{Kind, Token};
use unicode_width::UnicodeWidthStr;

/// Names of actors that differ by more letters are not brought to one width.
const NEAR: usize = 6;
/// Outcomes stand far enough to the right that most paragraphs of a scenario share their column.
const OUTCOMES: Rule = Rule { gap: 1, least: 40, most: 63 };
/// Comments behind lines.
const COMMENTS: Rule = Rule { gap: 2, least: 0, most: 86 };

/// The text of `entries`.
pub(super) fn text(entries: &[Entry<'_>]) -> String {
    let mut text = String::new();
    for paragraph in entries.chunk_by(|before, next| !next.apart && is_flat(before) && is_flat(next)) {
        if paragraph[0].apart {
            text.push('\n');
        }
        text.push_str(&self::paragraph(paragraph));
    }
    text
}

/// Whether other rows may share columns with `entry`: braces part them.
fn is_flat(entry: &Entry<'_>) -> bool {
    matches!(entry.row, Row::Comment(_) | Row::Statement(_))
}

fn paragraph(entries: &[Entry<'_>]) -> String {
    let label = label_width(entries);
    let mut all: Vec<Line<'_>> = Vec::new();
    for entry in entries {
        let mut lines = match &entry.row {
            Row::Comment(comment) => vec![plain(comment, entry.depth)],
            Row::End => vec![plain("}", entry.depth)],
            Row::Statement(tokens) => lines(tokens, entry.depth, padding(tokens, label)),
            Row::Head(tokens) => lines(tokens, entry.depth, 0),
            Row::Whole(tokens) => vec![plain(&super::statement::one_line(tokens), entry.depth)],
        };
        if let Some(last) = lines.last_mut() {
            last.comment = last.comment.or(entry.comment);
        }
        all.append(&mut lines);
    }
    align_outcomes(&mut all);
    let ends = comment_places(&all);
    let mut text = String::new();
    for (line, place) in all.iter().zip(ends) {
        if line.apart {
            text.push('\n');
        }
        text.extend(std::iter::repeat_n(' ', line.indent));
        text.push_str(&line.text);
        if let Some(comment) = line.comment {
            text.extend(std::iter::repeat_n(' ', place.saturating_sub(line.width())));
            text.push_str(comment);
        }
        text.push('\n');
    }
    text
}

fn plain<'a>(text: &str, depth: usize) -> Line<'a> {
    Line { indent: indent(depth), text: text.to_owned(), ..Line::default() }
}

/// The width of the longest name of an actor, its `:` with it, where all are nearly as long.
fn label_width(entries: &[Entry<'_>]) -> Option<usize> {
    let widths: Vec<usize> = entries
        .iter()
        .filter_map(|entry| match &entry.row {
            Row::Statement(tokens) if actors_end(tokens) == Some(1) => Some(label(tokens)),
            _ => None,
        })
        .collect();
    let (least, most) = (*widths.iter().min()?, *widths.iter().max()?);
    (most - least <= NEAR).then_some(most)
}

/// The blanks that bring the step of `tokens` to the column of its paragraph.
fn padding(tokens: &[Token<'_>], width: Option<usize>) -> usize {
    match (actors_end(tokens), width) {
        (Some(_), Some(width)) => width.saturating_sub(label(tokens)),
        _ => 0,
    }
}

/// How wide the names before the `:` of a step are, with it.
fn label(tokens: &[Token<'_>]) -> usize {
    let end = actors_end(tokens).unwrap_or(0);
    tokens[..end].iter().map(|token| token.text.len() + usize::from(token.kind == Kind::Comma)).sum::<usize>() + 1
}

/// Moves each `->` of a call on one line to the column that they share.
fn align_outcomes(lines: &mut [Line<'_>]) {
    let mut with: Vec<(&mut Line<'_>, usize)> =
        lines.iter_mut().filter(|line| line.first == 0).filter_map(|line| line.arrow.map(|arrow| (line, arrow))).collect();
    let cells: Vec<(usize, usize)> = with
        .iter()
        .map(|(line, arrow)| (line.indent + line.text[..*arrow].trim_end().width(), line.text[*arrow..].width()))
        .collect();
    for (((line, arrow), place), (before, _)) in with.iter_mut().zip(places(&cells, &OUTCOMES)).zip(&cells) {
        let kept = line.text[..*arrow].trim_end().len();
        line.text.replace_range(kept..*arrow, &" ".repeat(place - before));
    }
}

/// Where the comments behind `lines` begin.
fn comment_places(lines: &[Line<'_>]) -> Vec<usize> {
    let commented: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].comment.is_some()).collect();
    let cells: Vec<(usize, usize)> =
        commented.iter().map(|&at| (lines[at].width(), lines[at].comment.map_or(0, UnicodeWidthStr::width))).collect();
    let mut all = vec![0; lines.len()];
    for (&at, place) in commented.iter().zip(places(&cells, &COMMENTS)) {
        all[at] = place;
    }
    all
}
