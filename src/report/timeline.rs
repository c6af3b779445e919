//! An order drawn as a timeline: a column for each actor, a row for each moment, and a broken bar for as long as somebody waits.

use super::canvas::Canvas;
use super::chart::{Act, Chart, Moment, Until, chart};
use super::steps::step;
use super::strokes::Strokes;
use super::style::Role;
use super::visible::fit;
use super::widths::{GAP, widths};
use super::words::Words;
use super::{Style, one_line};
use crate::journal::Taken;
use std::ops::Range;

/// With less room than this for a column, a list is easier to read.
const NARROWEST: usize = 16;

/// Of so many steps of one actor after the other, in which nothing else happens, all are drawn; of more, only the first and the last.
const LONGEST: usize = 12;
/// So many of them at both ends.
const KEPT: usize = 3;

/// `steps` as a timeline; as a list where the page is too narrow for so many actors.
pub(super) fn timeline(steps: &[Taken], style: Style) -> String {
    let chart = chart(steps);
    let digits = steps.iter().map(|step| step.line.to_string().len()).max().unwrap_or(0).max(2);
    let gutter = 2 + digits + 2;
    let room = style.width.saturating_sub(gutter);
    if chart.columns.is_empty() || room / chart.columns.len() < NARROWEST {
        return steps.iter().map(|taken| step(taken, style)).collect();
    }
    let mut left = vec![gutter];
    for width in widths(&chart, room, style) {
        left.push(left.last().map_or(0, |left| left + width));
    }
    let page = Page { chart: &chart, left, strokes: Strokes::of(style.glyphs), style };
    let mut lines = vec![page.names()];
    let hidden: Vec<Range<usize>> = chart.runs(LONGEST).iter().map(|run| run.start + KEPT..run.end - KEPT).collect();
    for (number, moment) in chart.moments.iter().enumerate() {
        match hidden.iter().find(|hidden| hidden.contains(&number)) {
            Some(hidden) if hidden.start == number => lines.push(page.left_out(moment, number, hidden.len())),
            Some(_) => {}
            None => page.moment(number, moment, &mut lines),
        }
    }
    lines.extend(page.end());
    lines.iter().map(|line| line.text(style) + "\n").collect()
}

/// The page that a chart is drawn on.
struct Page<'a> {
    chart: &'a Chart<'a>,
    /// Where each column begins, and where the last one ends.
    left: Vec<usize>,
    strokes: Strokes,
    style: Style,
}

/// Of a step's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Page<'_> {
    /// The heading: who has which column.
    fn names(&self) -> Canvas {
        let mut line = Canvas::default();
        for (column, name) in self.chart.columns.iter().enumerate() {
            let room = self.left[column + 1] - self.left[column] - 1;
            let name = fit(&one_line(name, self.style.glyphs), room, self.style.ellipsis());
            line.put(self.left[column], &name, Some(Role::Strong));
        }
        line
    }

    /// A step, with those that it changed beside it where an arrow fits, and below it where not.
    fn moment(&self, number: usize, moment: &Moment, lines: &mut Vec<Canvas>) {
        let Some((step, others)) = moment.acts.split_first() else { return };
        let mut line = self.numbered(step);
        let Some(from) = step.column else {
            self.expectation(step, &mut line);
            lines.push(line);
            return;
        };
        let beside = [Side::Left, Side::Right].map(|side| self.beside(number, step, from, others, side));
        let mut shown: Vec<&Act> = beside.into_iter().flatten().collect();
        let below = others.iter().filter(|act| !shown.contains(act)).collect::<Vec<_>>();
        shown.push(step);
        let ends = self.row(&mut line, number, &shown, None, &[]);
        for to in shown.iter().filter_map(|act| act.column).filter(|to| *to != from) {
            if to < from {
                self.arrow(&mut line, ends[to] + 1, self.left[from] - 1, Side::Left);
            } else {
                self.arrow(&mut line, ends[from] + 1, self.left[to] - 1, Side::Right);
            }
        }
        lines.push(line);
        let mut done: Vec<usize> = shown.iter().filter_map(|act| act.column).collect();
        for (place, act) in below.iter().enumerate() {
            let Some(to) = act.column else { continue };
            let mut line = self.numbered(act);
            let ends = self.row(&mut line, number, &[act], Some(from), &done);
            self.elbow(&mut line, from, to, ends[to], place + 1 == below.len());
            lines.push(line);
            done.push(to);
        }
    }

    /// What stands for `count` steps of one actor.
    fn left_out(&self, moment: &Moment, number: usize, count: usize) -> Canvas {
        let mut line = Canvas::default();
        let call = format!("{} {count} more steps", self.style.ellipsis());
        let taken =
            Taken { actor: String::new(), call, line: 0, outcome: "ok".into(), met: true, eventually: false, effects: None };
        let act = Act { column: moment.acts.first().and_then(|act| act.column), taken: &taken };
        self.row(&mut line, number, &[&act], None, &[]);
        line
    }

    /// A line that begins with the number of the script's line.
    fn numbered(&self, act: &Act) -> Canvas {
        let mut line = Canvas::default();
        let number = act.taken.line.to_string();
        line.put(self.left[0].saturating_sub(2 + number.len()), &number, Some(Role::Faint));
        line
    }

    /// Over all columns, for it is about all actors.
    fn expectation(&self, act: &Act, line: &mut Canvas) {
        let (left, right) = (self.left[0], self.right());
        let at = line.put(left, &self.strokes.line.repeat(2), Some(Role::Faint)) + 1;
        let at = self.write(line, at, act, right.saturating_sub(at + 3)) + 1;
        line.put(at, &self.strokes.line.repeat(right.saturating_sub(at)), Some(Role::Faint));
    }

    /// Puts `acts` and the bars of those who wait, each in the room up to the next, the `corner` of an arrow among them; nothing where a
    /// column is `done`. Gives where each text ends.
    fn row(&self, line: &mut Canvas, number: usize, acts: &[&Act], corner: Option<usize>, done: &[usize]) -> Vec<usize> {
        let mut ends = self.left.clone();
        let mut next = self.right();
        for column in (0..self.chart.columns.len()).rev() {
            let left = self.left[column];
            if corner == Some(column) {
                ends[column] = left + 1;
            } else if let Some(act) = acts.iter().find(|act| act.column == Some(column)) {
                ends[column] = self.write(line, left, act, next.saturating_sub(left));
            } else if let Some(wait) = self.chart.waiting(column, number).filter(|_| !done.contains(&column)) {
                ends[column] = line.put(left, self.strokes.waits, Some(Role::Aside));
                let label = if wait.until == Until::Woken { " waits" } else { " sleeps" };
                if wait.begins + 1 == number && corner.is_none() && ends[column] + label.len() <= next {
                    ends[column] = line.put(ends[column], label, Some(Role::Aside));
                }
            } else {
                continue;
            }
            next = left.saturating_sub(GAP);
        }
        ends
    }

    /// Who stands beside the step on that side: the first that it changed there, if all words and an arrow fit on one line.
    fn beside<'b>(&self, number: usize, step: &Act, from: usize, others: &'b [Act<'b>], side: Side) -> Option<&'b Act<'b>> {
        let is_there = |act: &&Act| act.column.is_some_and(|to| (to < from) == (side == Side::Left));
        let act = others.iter().find(is_there)?;
        let to = act.column?;
        let (left, written) = if side == Side::Left { (to, act) } else { (from, step) };
        let end = self.left[left] + Words::of(written, self.style).width();
        let waits = |column: &usize| self.chart.waiting(*column, number).is_some();
        let next = (left + 1..from.max(to)).find(waits).map_or(usize::MAX, |column| self.left[column]);
        (end + 4 <= self.left[from.max(to)] && end + GAP <= next).then_some(act)
    }

    /// From the corner below a step to the one that it changed; the corner of the `last` one ends there.
    fn elbow(&self, line: &mut Canvas, from: usize, to: usize, end: usize, last: bool) {
        let corner = self.left[from];
        let [to_left, to_right] = if last { self.strokes.corners } else { self.strokes.forks };
        if to < from {
            self.arrow(line, end + 1, corner, Side::Left);
            line.put(corner, to_left, Some(Role::Help));
        } else {
            line.put(corner, to_right, Some(Role::Help));
            self.arrow(line, corner + 1, self.left[to] - 1, Side::Right);
        }
    }

    /// A line from one column of the page up to another, with a head, over the bars of those who wait on the way.
    fn arrow(&self, line: &mut Canvas, start: usize, end: usize, head: Side) {
        for at in start..end {
            let crosses = self.left.contains(&at) && !line.is_blank(at);
            line.put(at, if crosses { self.strokes.crossing } else { self.strokes.line }, Some(Role::Help));
        }
        if start < end {
            let [to_left, to_right] = self.strokes.heads;
            match head {
                Side::Left => line.put(start, to_left, Some(Role::Help)),
                Side::Right => line.put(end - 1, to_right, Some(Role::Help)),
            };
        }
    }

    /// What is left to say when nothing happens any more: who waits.
    fn end(&self) -> Option<Canvas> {
        let mut line = None;
        for wait in self.chart.waits.iter().filter(|wait| wait.ends.is_none()) {
            let line = line.get_or_insert_with(Canvas::default);
            let at = line.put(self.left[wait.column], self.strokes.waits, Some(Role::Aside));
            let gap = usize::from(wait.column + 1 < self.chart.columns.len());
            let room = self.left[wait.column + 1].saturating_sub(at + gap);
            let is_new = wait.begins + 1 == self.chart.moments.len();
            let text = [" still waits", " waits"].into_iter().skip(is_new.into()).find(|text| text.len() <= room).unwrap_or("");
            line.put(at, text, Some(Role::Aside));
        }
        line
    }

    /// Writes what happened from `at` on, in at most `room` columns. Gives the column after it.
    fn write(&self, line: &mut Canvas, at: usize, act: &Act, room: usize) -> usize {
        let words = Words::of(act, self.style).within(room, self.style);
        let at = line.put(at, &words.call, None);
        let role = if act.taken.met { Role::Good } else { Role::Bad };
        line.put(at, &words.outcome, Some(role))
    }

    fn right(&self) -> usize {
        self.left.last().copied().unwrap_or(0)
    }
}
