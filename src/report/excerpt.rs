//! The lines of a script that a finding shows: cut to the width, harmless to a terminal, with true line numbers and columns.
//!
//! Only these lines are copied, so that a finding in a text of many megabytes costs and shows as little as in a short one.

use super::Style;
use super::visible::{columns, visible};
use crate::text::Source;
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

/// Lines shown before and after each place.
pub(super) const CONTEXT: usize = 1;
/// A place that goes over more lines than this is shown by its first ones.
const LONGEST: usize = 10;
/// Columns from one tab stop to the next.
const TAB: usize = 4;
/// A line keeps at least this many columns, however narrow the terminal.
const NARROWEST: usize = 20;
/// Stands for the text of label number 0 in what is rendered; the following characters stand for the following labels.
pub(super) const STAND_IN: char = '\u{e000}';
/// More labels than this say no more.
const MOST_LABELS: usize = 64;

/// A place in one of the texts, and what is to be said of it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Index of the text.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// May be empty.
    pub text: String,
}

/// What is shown of the texts.
#[derive(Debug)]
pub(super) struct Excerpt {
    chunks: Vec<Chunk>,
    positions: Vec<Position>,
    /// The places, in offsets of this excerpt; their texts are stand-ins.
    pub labels: Vec<LabeledSpan>,
    /// What the stand-ins stand for.
    pub texts: Vec<String>,
}

/// Neighbouring lines of one text.
#[derive(Debug)]
struct Chunk {
    name: String,
    first_line: usize,
    lines: usize,
    base: usize,
    text: String,
}

/// Where a label truly is, both counted from 0.
#[derive(Debug)]
struct Position {
    offset: usize,
    line: usize,
    column: usize,
}

/// The lines around `marks`, those around the first mark first.
pub(super) fn excerpt(marks: &[Mark], sources: &[&Source], style: Style) -> Excerpt {
    let places: Vec<Place> =
        marks.iter().take(MOST_LABELS).filter_map(|mark| Some(place(mark, sources.get(mark.source)?))).collect();
    let mut excerpt = Excerpt { chunks: Vec::new(), positions: Vec::new(), labels: Vec::new(), texts: Vec::new() };
    let mut spans = vec![(0, 0); places.len()];
    let mut base = 0;
    for stretch in stretches(&places, sources) {
        let source = sources[stretch.source];
        let budget = stretch.budget(&places, style);
        let mut text = String::new();
        for line in stretch.first..=stretch.last {
            let range = source.line_range(line);
            let raw = source.text[range.clone()].trim_end_matches('\r');
            let here: Vec<usize> = (0..places.len()).filter(|&at| places[at].touches(stretch.source, line)).collect();
            let local = |offset: usize| offset.saturating_sub(range.start).min(raw.len());
            let ends: Vec<(usize, usize)> = here.iter().map(|&at| (local(places[at].start), local(places[at].end))).collect();
            let (shown, ends) = cut(raw, &ends, budget, style);
            for (&at, (start, end)) in here.iter().zip(ends) {
                if places[at].first == line {
                    spans[at].0 = base + text.len() + start;
                    let column = raw[..local(places[at].start)].chars().count();
                    excerpt.positions.push(Position { offset: spans[at].0, line: line - 1, column });
                }
                if places[at].last == line {
                    spans[at].1 = base + text.len() + end;
                }
            }
            text.push_str(&shown);
            text.push('\n');
        }
        let lines = stretch.last + 1 - stretch.first;
        let name = super::one_line(&source.name, style.glyphs);
        excerpt.chunks.push(Chunk { name, first_line: stretch.first - 1, lines, base, text });
        // The gap keeps a label at the end of one chunk from touching the next.
        base += excerpt.chunks.last().map_or(0, |chunk| chunk.text.len()) + 2;
    }
    label(&mut excerpt, &places, &spans);
    excerpt
}

/// A mark with its lines.
struct Place<'a> {
    mark: &'a Mark,
    start: usize,
    end: usize,
    first: usize,
    last: usize,
}

impl Place<'_> {
    fn touches(&self, source: usize, line: usize) -> bool {
        self.mark.source == source && (self.first..=self.last).contains(&line)
    }
}

/// Neighbouring lines that are to be shown, counted from 1, both in it.
struct Stretch {
    source: usize,
    first: usize,
    last: usize,
}

impl Stretch {
    /// The columns that a line of this stretch may take, beside line numbers and what is drawn for marks over several lines.
    fn budget(&self, places: &[Place], style: Style) -> usize {
        let here = |place: &&Place| place.last > place.first && place.touches(self.source, place.first.max(self.first));
        let several = places.iter().filter(here).count();
        let gutter = if several == 0 { 0 } else { several + 3 };
        style.width.saturating_sub(self.last.to_string().len() + 4 + gutter).max(NARROWEST)
    }
}

/// Clamps `mark` to `source` and to whole characters; a place behind the last line moves to the end of what is written.
fn place<'a>(mark: &'a Mark, source: &Source) -> Place<'a> {
    let text = source.text.as_str();
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (mut start, mut end) = (boundary(mark.start), boundary(mark.end));
    if start == text.len() {
        start = text.trim_end().len();
        end = start;
    }
    let first = source.line(start);
    let last = source.line(end.max(start + 1) - 1).clamp(first, first + LONGEST - 1);
    end = end.clamp(start, source.line_range(last).end.max(start));
    Place { mark, start, end, first, last }
}

/// The stretches that hold all places, the first place's first and then in the order of the texts.
fn stretches(places: &[Place], sources: &[&Source]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = places
        .iter()
        .map(|place| {
            let source = place.mark.source;
            let first = place.first.saturating_sub(CONTEXT).max(1);
            let last = (place.last + CONTEXT).min(last_line(sources[source])).max(place.last);
            Stretch { source, first, last }
        })
        .collect();
    all.sort_by_key(|stretch| (stretch.source, stretch.first));
    let mut merged: Vec<Stretch> = Vec::with_capacity(all.len());
    for stretch in all {
        match merged.last_mut() {
            Some(before) if before.source == stretch.source && stretch.first <= before.last + 1 => {
                before.last = before.last.max(stretch.last);
            }
            _ => merged.push(stretch),
        }
    }
    if let Some(place) = places.first() {
        let main =
            |stretch: &Stretch| stretch.source == place.mark.source && (stretch.first..=stretch.last).contains(&place.first);
        merged.sort_by_key(|stretch| (!main(stretch), stretch.source != place.mark.source, stretch.source, stretch.first));
    }
    merged
}

/// The number of the last line with something on it.
fn last_line(source: &Source) -> usize {
    let last = source.line(source.text.len());
    if last > 1 && source.line_range(last).is_empty() { last - 1 } else { last }
}

/// `raw` as it is shown in `budget` columns, around the first of `ends`, and where `ends` lie in what is shown.
fn cut(raw: &str, ends: &[(usize, usize)], budget: usize, style: Style) -> (String, Vec<(usize, usize)>) {
    let (from, to, total) = window(raw, ends.first().copied(), budget, style);
    let mut found: Vec<(Option<usize>, Option<usize>)> = vec![(None, None); ends.len()];
    let mut shown = String::new();
    if from > 0 {
        shown.push_str(style.ellipsis());
    }
    for cell in cells(raw, style) {
        if cell.column < from {
            continue;
        }
        if cell.column + cell.width > to {
            break;
        }
        for (&(start, end), found) in ends.iter().zip(&mut found) {
            if start <= cell.offset {
                found.0.get_or_insert(shown.len());
            }
            if end <= cell.offset {
                found.1.get_or_insert(shown.len());
            }
        }
        match cell.character {
            '\t' => shown.extend(std::iter::repeat_n(' ', cell.width)),
            character => shown.push(character),
        }
    }
    let all = shown.len();
    if to < total {
        shown.push_str(style.ellipsis());
    }
    (shown, found.into_iter().map(|(start, end)| (start.unwrap_or(all), end.unwrap_or(all))).collect())
}

/// The columns of `raw` that are shown, and how many it has.
fn window(raw: &str, focus: Option<(usize, usize)>, budget: usize, style: Style) -> (usize, usize, usize) {
    let (mut total, mut focus_start, mut focus_end) = (0, 0, 0);
    for cell in cells(raw, style) {
        if let Some((start, end)) = focus {
            if cell.offset <= start {
                focus_start = cell.column;
            }
            if cell.offset < end {
                focus_end = cell.column + cell.width;
            }
        }
        total = cell.column + cell.width;
    }
    if focus.is_some_and(|(start, _)| start >= raw.len()) {
        focus_start = total;
    }
    let dots = columns(style.ellipsis());
    if total <= budget {
        (0, total, total)
    } else if focus_start.max(focus_end) + dots <= budget {
        (0, budget - dots, total)
    } else {
        let from = focus_start.saturating_sub(budget / 3);
        if from + budget - dots >= total {
            (total - (budget - dots), total, total)
        } else if from == 0 {
            (0, budget - dots, total)
        } else {
            (from, from + budget - 2 * dots, total)
        }
    }
}

/// A character where it is shown; a tab stays one, with the width that it has there.
struct Cell {
    offset: usize,
    column: usize,
    width: usize,
    character: char,
}

fn cells(raw: &str, style: Style) -> impl Iterator<Item = Cell> {
    let mut column = 0;
    raw.char_indices().map(move |(offset, character)| {
        let character = if character == '\t' { '\t' } else { visible(character, style.glyphs) };
        let width = if character == '\t' { TAB - column % TAB } else { character.width().unwrap_or(0) };
        column += width;
        Cell { offset, column: column - width, width, character }
    })
}

/// Fills in the labels: one for a place, in the order of the excerpt, none inside another on the same line.
fn label(excerpt: &mut Excerpt, places: &[Place], spans: &[(usize, usize)]) {
    let mut labels: Vec<(usize, usize, usize, String)> = Vec::new();
    for (at, (place, &(start, end))) in places.iter().zip(spans).enumerate() {
        let end = end.max(start);
        match labels.iter_mut().find(|label| (label.0, label.1) == (start, end)) {
            Some(label) if label.3.is_empty() => label.3.clone_from(&place.mark.text),
            Some(_) if place.mark.text.is_empty() => {}
            Some(label) => label.3 = format!("{}; {}", label.3, place.mark.text),
            None => labels.push((start, end, at, place.mark.text.clone())),
        }
    }
    labels.sort_by_key(|&(start, end, at, _)| (start, end, at));
    for next in 1..labels.len() {
        let (before, after) = (&labels[next - 1], &labels[next]);
        if before.1 > after.0 && places[before.2].first == places[before.2].last {
            if before.0 < after.0 {
                labels[next - 1].1 = after.0;
            } else {
                labels[next].0 = before.1.min(after.1);
            }
        }
    }
    for (start, end, at, text) in labels {
        let stand_in = char::from_u32(u32::from(STAND_IN) + u32::try_from(excerpt.texts.len()).unwrap_or(0));
        let label = (!text.is_empty()).then_some(stand_in).flatten().map(String::from);
        excerpt.texts.push(text);
        let span = (start, end - start);
        excerpt.labels.push(match at {
            0 => LabeledSpan::new_primary_with_span(label, span),
            _ => LabeledSpan::new_with_span(label, span),
        });
    }
}

impl SourceCode for Excerpt {
    /// With context the whole chunk, for it holds just that; without, the place itself, for the position in the frame's head.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let inside = |chunk: &&Chunk| chunk.base <= span.offset() && end <= chunk.base + chunk.text.len();
        let chunk = self.chunks.iter().find(inside).ok_or(MietteError::OutOfBounds)?;
        let contents = if before == 0 {
            let known = self.positions.iter().find(|position| position.offset == span.offset());
            let (line, column) = known.map_or((chunk.first_line, 0), |position| (position.line, position.column));
            let data = &chunk.text.as_bytes()[span.offset() - chunk.base..end - chunk.base];
            MietteSpanContents::new_named(chunk.name.clone(), data, *span, line, column, 1)
        } else {
            let whole = (chunk.base, chunk.text.len()).into();
            let data = chunk.text.as_bytes();
            MietteSpanContents::new_named(chunk.name.clone(), data, whole, chunk.first_line, 0, chunk.lines)
        };
        Ok(Box::new(contents))
    }
}
