//! A figure as SVG: time goes down, namespaces stand side by side.

use super::lanes::{BESIDE, GUTTER, Lane, Lanes, pixels, written};
use super::letters::lines;
use super::shapes::{LEADING, Marks};
use crate::journal::Taken;
use crate::report::chart::{Act, Moment, Until};
use crate::report::figure::{Figure, Stay, ends, figure};
use crate::report::visible::columns;

/// Marks of SVG, and the room that they take, in pixels.
#[derive(Debug)]
pub(in crate::report) struct Drawing {
    /// Elements, without a root.
    pub body: String,
    /// From the left edge to the right.
    pub width: usize,
    /// From the top to the bottom.
    pub height: usize,
    /// Where each moment begins, and where the last one ends.
    pub rows: Vec<usize>,
    /// How far from the left edge each moment's step is.
    pub places: Vec<usize>,
}

/// The height of the names of bands, and of actors below them.
const HEADING: usize = 26;
/// The least distance between two steps, and between a step and what it did to others.
const STEP: usize = 26;
/// So many colours, then they begin again.
const COLOURS: usize = 8;

/// The drawing of `steps`.
pub(in crate::report) fn drawing(steps: &[Taken]) -> Drawing {
    let figure = figure(steps);
    let lanes = Lanes::of(&figure);
    let times = Times::of(&figure, &lanes);
    let height = times.bottom + 8;
    let width = lanes.width;
    let page = Page { figure: &figure, lanes: &lanes, times: &times };
    let mut marks = Marks::default();
    page.bands(&mut marks, height);
    page.rows(&mut marks);
    page.lives(&mut marks);
    page.uses(&mut marks);
    page.lines(&mut marks);
    page.ways(&mut marks);
    for (number, moment) in figure.chart.moments.iter().enumerate() {
        page.moment(&mut marks, number, moment);
    }
    let rows = times.tops.iter().copied().chain([times.bottom]).collect();
    let of = |(number, moment): (usize, &Moment<'_>)| moment.acts.first().and_then(|act| lane(&figure, &lanes, number, act));
    let places = figure.chart.moments.iter().enumerate().map(|moment| of(moment).map_or(0, |lane| lane.x)).collect();
    Drawing { body: marks.0, width, height, rows, places }
}

/// When everything happens: places from the top.
#[derive(Debug, Default)]
struct Times {
    /// Where each moment begins.
    tops: Vec<usize>,
    /// Each act of each moment.
    acts: Vec<Vec<usize>>,
    /// Where each stay begins.
    stays: Vec<usize>,
    /// Where each object begins and ends.
    lives: Vec<(usize, Option<usize>)>,
    /// Where the first moment begins, and where the last one ends.
    first: usize,
    bottom: usize,
}

impl Times {
    fn of(figure: &Figure<'_>, lanes: &Lanes) -> Self {
        let names = usize::from(!figure.bands.iter().all(|band| band.namespaces.is_empty()));
        let first = HEADING * (names + 1) + 4;
        let mut times = Self { first, bottom: first, ..Self::default() };
        times.stays = figure.stays.iter().map(|_| first - 14).collect();
        times.lives = figure.lives.iter().map(|_| (first, None)).collect();
        for (number, moment) in figure.chart.moments.iter().enumerate() {
            times.moment(figure, lanes, number, moment);
        }
        times
    }

    fn moment(&mut self, figure: &Figure<'_>, lanes: &Lanes, number: usize, moment: &Moment<'_>) {
        self.tops.push(self.bottom);
        let mut y = self.bottom + STEP / 2;
        let mut acts = Vec::new();
        let from = moment.acts.first().and_then(|act| lane(figure, lanes, number, act)).map_or(0, |lane| lane.x);
        for (place, act) in moment.acts.iter().enumerate() {
            let lane = lane(figure, lanes, number, act);
            acts.push(y);
            let below = place > 0 && lane.is_some_and(|lane| lane.x < from);
            let count = lane.map_or(1, |lane| written_in(act, lane).len()) + usize::from(below);
            y += STEP.max(count * LEADING + 11);
        }
        for (place, _) in figure.stays.iter().enumerate().filter(|(_, stay)| stay.begins == Some(number)) {
            self.stays[place] = y;
            y += STEP;
        }
        for (place, life) in figure.lives.iter().enumerate() {
            if life.begins == number {
                self.lives[place].0 = y;
                y += STEP + if life.object.name.is_empty() { 0 } else { 8 };
            }
            if life.ends.is_some_and(|(end, _)| end == number) {
                self.lives[place].1 = Some(y);
                y += STEP - 6;
            }
        }
        self.acts.push(acts);
        self.bottom = y - STEP / 2;
    }

    fn act(&self, moment: usize, place: usize) -> usize {
        self.acts.get(moment).and_then(|acts| acts.get(place)).copied().unwrap_or(self.bottom)
    }
}

/// The lane in which an act is drawn; none for an expectation.
fn lane(figure: &Figure<'_>, lanes: &Lanes, number: usize, act: &Act<'_>) -> Option<Lane> {
    let column = act.column?;
    lanes.actor(column, figure.stage(column, number)?)
}

fn written_in(act: &Act<'_>, lane: Lane) -> Vec<(String, bool)> {
    let words = written(act, lane.columns);
    let is_one = matches!(words.as_slice(), [(_, false), (_, true)]) && one_line_long(&words) <= lane.columns;
    if is_one { vec![(words.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" "), false)] } else { words }
}

fn one_line_long(words: &[(String, bool)]) -> usize {
    words.iter().map(|(text, _)| columns(text)).sum::<usize>() + 1
}

struct Page<'a> {
    figure: &'a Figure<'a>,
    lanes: &'a Lanes,
    times: &'a Times,
}

impl Page<'_> {
    fn bands(&self, marks: &mut Marks, height: usize) {
        for (number, (band, &(x, width))) in self.figure.bands.iter().zip(&self.lanes.bands).enumerate() {
            marks.block(&format!("band b{}", number % 5), [x, 0, width, height], 8);
            if !band.namespaces.is_empty() {
                marks.words("place", x + 8, 17, &band.namespaces.join(" "));
            }
        }
    }

    fn rows(&self, marks: &mut Marks) {
        let right = self.lanes.bands.last().map_or(GUTTER, |(left, width)| left + width);
        for top in &self.times.tops {
            marks.path("row", &format!("M{GUTTER} {top}H{right}"));
        }
        for (number, moment) in self.figure.chart.moments.iter().enumerate() {
            for (place, act) in moment.acts.iter().enumerate() {
                marks.words("number", GUTTER - 8, self.times.act(number, place) + 4, &act.taken.line.to_string());
            }
        }
    }

    /// Objects, from their making to their end.
    fn lives(&self, marks: &mut Marks) {
        for (number, life) in self.figure.lives.iter().enumerate() {
            let (Some(lane), Some(&(begins, ends))) = (self.lanes.life(number), self.times.lives.get(number)) else { continue };
            let bottom = ends.unwrap_or(self.times.bottom);
            marks.block("object", [lane.x - 5, begins, 10, bottom.saturating_sub(begins)], 4);
            let (name, kind) = (life.object.name.as_str(), life.object.kind.as_str());
            let mut y = begins + 10;
            if !name.is_empty() {
                for line in lines(name, lane.columns, 1) {
                    marks.words("named", lane.x + BESIDE, y, &line);
                }
                y += 13;
            }
            marks.words("kind", lane.x + BESIDE, y, kind);
            self.reach(marks, "make", life.begins, life.by, (lane.x, begins));
            if let (Some((end, by)), Some(y)) = (life.ends, ends) {
                self.reach(marks, "make", end, by, (lane.x, y));
                marks.cross("gone", lane.x, y);
            }
        }
    }

    /// Who used which object when: a dot in the actor's colour.
    fn uses(&self, marks: &mut Marks) {
        for (number, moment) in self.figure.chart.moments.iter().enumerate() {
            for (place, act) in moment.acts.iter().enumerate() {
                let (Some(effects), Some(column)) = (act.taken.effects.as_deref(), act.column) else { continue };
                let y = self.times.act(number, place);
                for &object in &effects.uses {
                    let at = object.saturating_sub(1);
                    let (Some(lane), Some(&(begins, ends))) = (self.lanes.life(at), self.times.lives.get(at)) else { continue };
                    if y > begins && ends.is_none_or(|end| y < end) {
                        marks.dot(&format!("c{}", column % COLOURS), lane.x, y);
                    }
                }
            }
        }
    }

    /// A way from who took a step to a place below it.
    fn reach(&self, marks: &mut Marks, class: &str, moment: usize, by: usize, (x, y): (usize, usize)) -> Option<usize> {
        let band = self.figure.stage(by, moment)?;
        let from = self.lanes.actor(by, band)?.x;
        let top = self.times.act(moment, 0);
        marks.path(class, &format!("M{from} {top}V{y}H{x}"));
        Some(from)
    }

    /// The lines of actors, and the bars of those who wait.
    fn lines(&self, marks: &mut Marks) {
        for (number, stay) in self.figure.stays.iter().enumerate() {
            let Some(lane) = self.lanes.actor(stay.column, stay.band) else { continue };
            let begins = self.times.stays.get(number).copied().unwrap_or(self.times.first);
            marks.down(&format!("line l{}", stay.column % COLOURS), lane.x, begins, self.end(stay));
        }
        for wait in &self.figure.chart.waits {
            let Some(band) = self.figure.band(wait.column, wait.begins) else { continue };
            let Some(lane) = self.lanes.actor(wait.column, band) else { continue };
            let begins = self.place(wait.begins, wait.column).unwrap_or(self.times.first);
            let ends = wait.ends.and_then(|end| self.place(end, wait.column)).unwrap_or(self.times.bottom);
            let class = if wait.until == Until::Woken { "wait" } else { "wait sleep" };
            marks.down(class, lane.x, begins, ends);
        }
    }

    /// Where an actor's line in a band ends: where it goes on in another, where its life ends, or at the bottom.
    fn end(&self, stay: &Stay) -> usize {
        let Some(end) = stay.ends else { return self.times.bottom };
        let next = self.figure.stays.iter().position(|next| next.column == stay.column && next.begins == Some(end));
        let goes_on = next.and_then(|next| self.times.stays.get(next)).copied();
        goes_on.or_else(|| self.place(end, stay.column)).unwrap_or(self.times.bottom)
    }

    /// Where an actor acts in a moment.
    fn place(&self, moment: usize, column: usize) -> Option<usize> {
        let acts = &self.figure.chart.moments.get(moment)?.acts;
        let place = acts.iter().position(|act| act.column == Some(column))?;
        Some(self.times.act(moment, place))
    }

    /// Births, and ways from one band to another; and everybody's name where a line begins.
    fn ways(&self, marks: &mut Marks) {
        for (stay, &y) in self.figure.stays.iter().zip(&self.times.stays) {
            let Some(lane) = self.lanes.actor(stay.column, stay.band) else { continue };
            if let Some(begins) = stay.begins {
                let class = format!("way l{}", stay.column % COLOURS);
                if let Some(from) = self.reach(marks, &class, begins, stay.by, (lane.x, y)) {
                    let edge = if from < lane.x { lane.x - 6 } else { lane.x + 6 };
                    marks.head(&format!("c{}", stay.column % COLOURS), from, edge, y);
                }
            }
            let name = self.figure.chart.columns.get(stay.column).copied().unwrap_or("");
            let name = lines(name, lane.columns, 1).pop().unwrap_or_default();
            marks.name(stay.column % COLOURS, lane.x, y, &name);
        }
    }

    /// A step, and an arrow to each that it changed.
    fn moment(&self, marks: &mut Marks, number: usize, moment: &Moment<'_>) {
        let lane = |act| lane(self.figure, self.lanes, number, act);
        let from = moment.acts.first().and_then(lane);
        for (place, act) in moment.acts.iter().enumerate() {
            let y = self.times.act(number, place);
            let Some(to) = lane(act) else {
                self.expectation(marks, act, y);
                continue;
            };
            let mut text = y + 4;
            if let Some(from) = from.filter(|_| place > 0) {
                marks.path("wake", &format!("M{} {}V{y}H{}", from.x, self.times.act(number, 0), to.x));
                marks.head("head", from.x, to.x, y);
                if from.x > to.x {
                    text += LEADING;
                }
            }
            let colour = act.column.unwrap_or(0) % COLOURS;
            if ends(act.taken) {
                marks.cross(&format!("line l{colour}"), to.x, y);
            } else {
                marks.dot(&format!("c{colour}"), to.x, y);
            }
            self.words(marks, act, to, text);
        }
    }

    fn words(&self, marks: &mut Marks, act: &Act<'_>, lane: Lane, top: usize) {
        let class = outcome_class(act.taken);
        let mut y = top;
        let words = written(act, lane.columns);
        let x = lane.x + BESIDE;
        if let [(call, false), (outcome, true)] = words.as_slice()
            && one_line_long(&words) <= lane.columns
        {
            marks.words("", x, y, call);
            let after = x + pixels(columns(call) + 1);
            marks.words(class, after, y, outcome);
            return;
        }
        for (line, is_outcome) in words {
            marks.words(if is_outcome { class } else { "" }, x, y, &line);
            y += LEADING;
        }
    }

    /// Over all lanes, for it is about all actors.
    fn expectation(&self, marks: &mut Marks, act: &Act<'_>, y: usize) {
        let room = self.lanes.room();
        let words = written(act, room).into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" ");
        let words = lines(&words, room, 1).pop().unwrap_or_default();
        let width = pixels(columns(&words)) + 8;
        marks.block("board", [GUTTER + 4, y.saturating_sub(9), width, 18], 4);
        marks.words(outcome_class(act.taken), GUTTER + 8, y + 4, &words);
    }
}

/// The colour of what came of a step.
fn outcome_class(taken: &Taken) -> &'static str {
    match taken.outcome.as_str() {
        _ if !taken.met => "bad",
        "blocks" | "sleeps" | "stays blocked" => "blocks",
        _ => "good",
    }
}
