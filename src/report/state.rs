//! The state of the world after each moment of a figure: where everybody is, who waits, who holds what, which objects there are.

use super::chart::{Until, Wait};
use super::figure::Figure;
use super::{Glyphs, one_line};

/// What is known of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Actor {
    /// Its namespaces; empty where there is one place only.
    pub place: String,
    /// What it does.
    pub doing: String,
    /// The names of what it holds: descriptors, addresses, identifiers.
    pub holds: String,
}

/// The state after a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    /// Each actor, in the order of the figure's columns; none for one that is not born yet.
    pub actors: Vec<Option<Actor>>,
    /// Whether each object is there, in the order of their making.
    pub objects: Vec<bool>,
}

/// The states of `figure`: the one before its first moment, and that after each.
pub(super) fn states(figure: &Figure<'_>) -> Vec<State> {
    let chart = &figure.chart;
    let mut holds: Vec<Vec<&str>> = vec![Vec::new(); chart.columns.len()];
    let mut states = vec![state(figure, None, &holds)];
    for (number, moment) in chart.moments.iter().enumerate() {
        for act in &moment.acts {
            let (Some(column), Some(effects)) = (act.column, act.taken.effects.as_deref()) else { continue };
            let born = effects.born.as_deref().and_then(|name| chart.columns.iter().position(|known| *known == name));
            if let Some(child) = born {
                holds[child] = holds[column].clone();
            }
            for bound in effects.binds.iter().filter(|bound| !bound.kind.is_empty()) {
                if !holds[column].contains(&bound.name.as_str()) {
                    holds[column].push(&bound.name);
                }
            }
            holds[column].retain(|name| !effects.closes.iter().any(|closed| closed == name));
        }
        states.push(state(figure, Some(number), &holds));
    }
    states
}

fn state(figure: &Figure<'_>, after: Option<usize>, holds: &[Vec<&str>]) -> State {
    let actors = (0..figure.chart.columns.len()).map(|column| actor(figure, after, column, holds)).collect();
    let is_there = |begins: usize, ends: Option<(usize, usize)>| {
        after.is_some_and(|after| begins <= after && ends.is_none_or(|(end, _)| end > after))
    };
    let objects = figure.lives.iter().map(|life| is_there(life.begins, life.ends)).collect();
    State { actors, objects }
}

fn actor(figure: &Figure<'_>, after: Option<usize>, column: usize, holds: &[Vec<&str>]) -> Option<Actor> {
    let begun = |begins: Option<usize>| begins.is_none_or(|begins| after.is_some_and(|after| begins <= after));
    let stay = figure.stays.iter().rfind(|stay| stay.column == column && begun(stay.begins))?;
    let is_over = stay.ends.is_some_and(|end| after.is_some_and(|after| end <= after));
    let waits = figure.chart.waits.iter().rfind(|wait| {
        wait.column == column && after.is_some_and(|after| wait.begins <= after && wait.ends.is_none_or(|end| end > after))
    });
    let (doing, held) = match waits {
        _ if is_over => ("has ended".to_owned(), String::new()),
        Some(wait) => (waiting(figure, wait), holds[column].join(", ")),
        None => ("can go on".to_owned(), holds[column].join(", ")),
    };
    let place = figure.bands.get(stay.band).map_or_else(String::new, |band| band.namespaces.join(" "));
    Some(Actor { place, doing, holds: held })
}

/// In which call, and since which line.
fn waiting(figure: &Figure<'_>, wait: &Wait) -> String {
    let word = if wait.until == Until::Woken { "waits" } else { "sleeps" };
    let acts = figure.chart.moments.get(wait.begins).map(|moment| moment.acts.as_slice()).unwrap_or_default();
    match acts.iter().find(|act| act.column == Some(wait.column)) {
        Some(act) => format!("{word} in {}, line {}", one_line(&act.taken.call, Glyphs::Unicode), act.taken.line),
        None => word.to_owned(),
    }
}
