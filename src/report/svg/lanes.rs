//! Who and what has which lane of a drawing, and how wide each is.

use super::letters::lines;
use crate::report::Style;
use crate::report::chart::Act;
use crate::report::figure::Figure;
use crate::report::visible::columns;
use crate::report::words::Words;

/// The width of a letter of the drawing's type, in tenths of a pixel.
const LETTER: usize = 73;
/// From a lane's left edge to its line, and from there to its words, in pixels.
const BEFORE: usize = 14;
pub(super) const BESIDE: usize = 12;
/// Words are broken at so many columns, and no lane is narrower than the least.
const WIDEST: usize = 38;
const NARROWEST: usize = 9;
/// A step has so many lines at most.
const MOST_LINES: usize = 4;
/// Where line numbers stand.
pub(super) const GUTTER: usize = 40;

/// The lanes of a drawing, from left to right.
#[derive(Debug)]
pub(super) struct Lanes {
    /// All of them.
    pub list: Vec<Lane>,
    /// Where each band begins, and its width.
    pub bands: Vec<(usize, usize)>,
    /// The width of all.
    pub width: usize,
    /// The lane of each object.
    lives: Vec<usize>,
}

/// A line from top to bottom, with room for words on its right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lane {
    /// Whose.
    pub of: Of,
    /// In which band.
    pub band: usize,
    /// The place of its line.
    pub x: usize,
    /// How many columns of letters it has room for.
    pub columns: usize,
}

/// Whose a lane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// An actor's.
    Actor(usize),
    /// That of objects which do not live at the same time, by its number in the band.
    Objects(usize),
}

/// So many letters, in pixels.
pub(super) fn pixels(columns: usize) -> usize {
    (columns * LETTER).div_ceil(10)
}

impl Lanes {
    /// The lanes of `figure`.
    pub fn of(figure: &Figure<'_>) -> Self {
        let mut lanes = Self { list: Vec::new(), bands: Vec::new(), width: GUTTER, lives: Vec::new() };
        let shelves = shelves(figure);
        for band in 0..figure.bands.len() {
            let left = lanes.width;
            let count = shelves.iter().filter(|(in_band, _)| *in_band == band).map(|(_, shelf)| shelf + 1).max().unwrap_or(0);
            for shelf in 0..count {
                let here = shelves.iter().zip(&figure.lives).filter(|(at, _)| **at == (band, shelf));
                let label = |name: &str, kind: &str| columns(name).max(columns(kind));
                let widest = here.map(|(_, life)| label(&life.object.name, &life.object.kind)).max().unwrap_or(0);
                lanes.add(Of::Objects(shelf), band, widest.clamp(4, WIDEST));
            }
            for column in order(figure, band) {
                let widest = words_in(figure, column, band).max(columns(figure.chart.columns[column]) + 2);
                lanes.add(Of::Actor(column), band, widest.clamp(NARROWEST, WIDEST));
            }
            let heading = pixels(columns(&figure.bands[band].namespaces.join(" "))) + 16;
            lanes.width = lanes.width.max(left + heading);
            lanes.bands.push((left, lanes.width - left));
            lanes.width += BEFORE;
        }
        let find = |&(band, shelf): &(usize, usize)| {
            lanes.list.iter().position(|lane| lane.band == band && lane.of == Of::Objects(shelf)).unwrap_or(0)
        };
        lanes.lives = shelves.iter().map(find).collect();
        lanes
    }

    /// The lane of an actor in a band.
    pub fn actor(&self, column: usize, band: usize) -> Option<Lane> {
        self.list.iter().find(|lane| lane.of == Of::Actor(column) && lane.band == band).copied()
    }

    /// The lane of the object of this number.
    pub fn life(&self, number: usize) -> Option<Lane> {
        self.lives.get(number).and_then(|&at| self.list.get(at)).copied()
    }

    /// How many columns of letters all lanes together have room for.
    pub fn room(&self) -> usize {
        self.width.saturating_sub(GUTTER + 2 * BEFORE) * 10 / LETTER
    }

    fn add(&mut self, of: Of, band: usize, columns: usize) {
        self.list.push(Lane { of, band, x: self.width + BEFORE, columns });
        self.width += BEFORE + BESIDE + pixels(columns) + 6;
    }
}

/// The actors of a band: those that stay first, then those that leave, so that their way to the next band is short.
fn order(figure: &Figure<'_>, band: usize) -> Vec<usize> {
    let mut here: Vec<(bool, usize)> = Vec::new();
    for stay in figure.stays.iter().filter(|stay| stay.band == band) {
        if here.iter().all(|(_, column)| *column != stay.column) {
            let leaves = figure.stays.iter().any(|other| other.column == stay.column && other.band > band);
            here.push((leaves, stay.column));
        }
    }
    here.sort_by_key(|(leaves, _)| *leaves);
    here.into_iter().map(|(_, column)| column).collect()
}

/// Where each object is put: in its band on the first shelf that is free again.
fn shelves(figure: &Figure<'_>) -> Vec<(usize, usize)> {
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for (number, life) in figure.lives.iter().enumerate() {
        let is_free = |shelf: &usize| {
            figure
                .lives
                .iter()
                .zip(&placed)
                .take(number)
                .all(|(other, at)| *at != (life.band, *shelf) || other.ends.is_some_and(|(end, _)| end < life.begins))
        };
        let shelf = (0..=number).find(is_free).unwrap_or(number);
        placed.push((life.band, shelf));
    }
    placed
}

/// The columns that the longest step of an actor in a band takes.
fn words_in(figure: &Figure<'_>, column: usize, band: usize) -> usize {
    let moments = figure.chart.moments.iter().enumerate();
    let acts = moments.flat_map(|(number, moment)| moment.acts.iter().map(move |act| (number, act)));
    let here = acts.filter(|(number, act)| act.column == Some(column) && figure.stage(column, *number) == Some(band));
    here.flat_map(|(_, act)| written(act, WIDEST)).map(|(text, _)| columns(&text)).max().unwrap_or(0)
}

/// The lines of a step in `width` columns; those of what came of it are marked.
pub(super) fn written(act: &Act<'_>, width: usize) -> Vec<(String, bool)> {
    let taken = act.taken;
    let words = Words::of(act, Style::PLAIN);
    let effects = taken.effects.as_deref();
    let child = effects.and_then(|effects| effects.born.as_deref()).filter(|name| !name.starts_with('#'));
    let bound = effects.iter().flat_map(|effects| &effects.binds).map(|bound| bound.name.as_str());
    let bound: Vec<&str> = bound.chain(child).collect();
    let names = match bound.as_slice() {
        [] => String::new(),
        [one] => format!("{one} = "),
        several => format!("[{}] = ", several.join(", ")),
    };
    let known = taken.call == "resumes" || words.call.starts_with(&names);
    let call = if known { words.call } else { names + &words.call };
    let outcome = words.outcome.trim_start().replacen("->", "→", 1);
    if columns(&call) + 1 + columns(&outcome) <= width && !outcome.is_empty() {
        return vec![(call, false), (outcome, true)];
    }
    let mut all: Vec<(String, bool)> = lines(&call, width, MOST_LINES).into_iter().map(|line| (line, false)).collect();
    if !outcome.is_empty() {
        all.extend(lines(&outcome, width, MOST_LINES).into_iter().map(|line| (line, true)));
    }
    all
}
