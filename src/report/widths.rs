//! How wide the columns of a drawing are: as evenly as can be, and wider where words would be cut otherwise.

use super::chart::Chart;
use super::visible::columns;
use super::words::Words;
use super::{Style, one_line};

/// Columns of the page that stay free behind a text.
pub(super) const GAP: usize = 2;
/// No column is narrower.
const NARROWEST: usize = 6;

/// A cut in what matters is worse than one in what can be spared, so many times.
const PRICE: usize = 100;

/// What one text asks for.
struct Demand {
    /// Where it begins.
    column: usize,
    /// How many columns of the page it takes, with all of its words and without those that can be spared.
    widths: [usize; 2],
    /// The column that stands in its way; the end of the page if none does.
    before: usize,
}

/// The width of each column of `chart` on a page of `room` columns.
///
/// A text goes on over the columns to its right in which nothing stands. So who only acts while the others do nothing needs little.
pub(super) fn widths(chart: &Chart, room: usize, style: Style) -> Vec<usize> {
    let count = chart.columns.len().max(1);
    let mut widths: Vec<usize> = (0..count).map(|column| room / count + usize::from(column < room % count)).collect();
    let demands = demands(chart, style);
    let mut lost = cut(&demands, &widths);
    // Each round takes a column of the page from one and gives it to another, so that the most is won.
    while lost > 0 {
        let mut best = None;
        for from in (0..count).filter(|from| widths[*from] > NARROWEST) {
            for to in (0..count).filter(|to| *to != from) {
                let mut other = widths.clone();
                other[from] -= 1;
                other[to] += 1;
                let cut = cut(&demands, &other);
                if cut < lost {
                    lost = cut;
                    best = Some(other);
                }
            }
        }
        match best {
            Some(other) => widths = other,
            None => break,
        }
    }
    widths
}

/// How much is cut of all texts. Many that lose a little are better than one that loses much.
fn cut(demands: &[Demand], widths: &[usize]) -> usize {
    let cut = |demand: &Demand| {
        let room: usize = widths[demand.column..demand.before].iter().sum();
        let gap = if demand.before < widths.len() { GAP } else { 0 };
        let [all, essence] = demand.widths.map(|width| width.saturating_sub(room.saturating_sub(gap)).pow(2));
        all + essence * PRICE
    };
    demands.iter().map(cut).sum()
}

fn demands(chart: &Chart, style: Style) -> Vec<Demand> {
    let count = chart.columns.len();
    let name = |(column, name): (usize, &&str)| Demand {
        column,
        widths: [columns(&one_line(name, style.glyphs)); 2],
        before: column + 1,
    };
    let mut demands: Vec<Demand> = chart.columns.iter().enumerate().map(name).collect();
    for (number, moment) in chart.moments.iter().enumerate() {
        let step = moment.acts.first().and_then(|act| act.column);
        for act in &moment.acts {
            let Some(column) = act.column else { continue };
            let words = Words::of(act, style);
            // The arrow to a change comes from the column of the step.
            let stands = |other: &usize| Some(*other) == step || chart.waiting(*other, number).is_some();
            let before = (column + 1..count).find(stands).unwrap_or(count);
            demands.push(Demand { column, widths: [words.width(), words.essence().width()], before });
        }
    }
    demands
}
