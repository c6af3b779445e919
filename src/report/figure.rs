//! A run as a figure: which lane an actor has in which namespaces, when it crosses from one band to another, where objects live and how long.
//! It knows nothing of how it is drawn.

use super::chart::{Act, Chart, chart};
use crate::journal::{Effects, Object, Taken};

/// A chart, and where in the world its actors and objects are.
#[derive(Debug)]
pub(super) struct Figure<'a> {
    /// Who did what, and who waited.
    pub chart: Chart<'a>,
    /// Where somebody is or something lives, from left to right.
    pub bands: Vec<Band>,
    /// Where each actor is, in the order of time.
    pub stays: Vec<Stay>,
    /// Objects, in the order of their making.
    pub lives: Vec<Life<'a>>,
}

/// Namespaces that some are in together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Band {
    /// In normal form, one of each kind that matters in this run.
    pub namespaces: Vec<String>,
}

/// An actor in a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stay {
    /// Who.
    pub column: usize,
    /// Where.
    pub band: usize,
    /// The moment that brought it there; none for who was there from the beginning.
    pub begins: Option<usize>,
    /// Who brought it: itself, or the parent.
    pub by: usize,
    /// The moment in which it left, or ended.
    pub ends: Option<usize>,
}

/// An object while it can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life<'a> {
    /// What.
    pub object: &'a Object,
    /// Where.
    pub band: usize,
    /// Who made it.
    pub by: usize,
    /// The moment in which it was made.
    pub begins: usize,
    /// The moment in which it was removed, and by whom.
    pub ends: Option<(usize, usize)>,
}

/// The figure of `steps`.
pub(super) fn figure(steps: &[Taken]) -> Figure<'_> {
    let chart = chart(steps);
    let first = Band { namespaces: first_of_each_kind(steps) };
    let mut drafting = Drafting { places: Vec::new(), bands: vec![first], stays: Vec::new(), lives: Vec::new() };
    for (column, name) in chart.columns.iter().enumerate() {
        drafting.places.push(0);
        if !is_born(steps, name) {
            drafting.stays.push(Stay { column, band: 0, begins: None, by: column, ends: None });
        }
    }
    for (number, moment) in chart.moments.iter().enumerate() {
        moment.acts.iter().for_each(|act| drafting.act(&chart, number, act));
    }
    let Drafting { bands, stays, lives, .. } = drafting;
    Figure { chart, bands, stays, lives }
}

impl Figure<'_> {
    /// The band in which an actor is at a moment, after what happens in it.
    pub fn band(&self, column: usize, moment: usize) -> Option<usize> {
        let here = |stay: &&Stay| stay.column == column && stay.begins.is_none_or(|begins| begins <= moment);
        self.stays.iter().rfind(here).map(|stay| stay.band)
    }

    /// The band in which an actor does what it does at a moment: a step that leads elsewhere is taken where it was before.
    pub fn stage(&self, column: usize, moment: usize) -> Option<usize> {
        let here = |stay: &&Stay| stay.column == column && stay.begins.is_none_or(|begins| begins < moment || stay.by != column);
        self.stays.iter().rfind(here).or_else(|| self.stays.iter().find(|stay| stay.column == column)).map(|stay| stay.band)
    }
}

struct Drafting<'a> {
    /// The band in which each actor is.
    places: Vec<usize>,
    bands: Vec<Band>,
    stays: Vec<Stay>,
    lives: Vec<Life<'a>>,
}

impl<'a> Drafting<'a> {
    fn act(&mut self, chart: &Chart<'a>, number: usize, act: &Act<'a>) {
        let Some(by) = act.column else { return };
        if let Some(effects) = act.taken.effects.as_deref() {
            self.effects(chart, number, by, effects);
        }
        if ends(act.taken) {
            self.leave(by, number);
        }
    }

    fn effects(&mut self, chart: &Chart<'a>, number: usize, by: usize, effects: &'a Effects) {
        let column = |name: &str| chart.columns.iter().position(|known| *known == name);
        if let Some(child) = effects.born.as_deref().and_then(column) {
            self.places[child] = self.places[by];
            self.stays.push(Stay { column: child, band: self.places[by], begins: Some(number), by, ends: None });
        }
        for entry in &effects.enters {
            let Some(who) = column(&entry.actor) else { continue };
            let band = self.band_with(self.places[who], &entry.namespaces);
            if band == self.places[who] {
                continue;
            }
            self.places[who] = band;
            let is_new = |stay: &&mut Stay| stay.column == who && stay.begins == Some(number);
            match self.stays.iter_mut().rfind(is_new) {
                Some(stay) => stay.band = band,
                None => {
                    self.leave(who, number);
                    self.stays.push(Stay { column: who, band, begins: Some(number), by, ends: None });
                }
            }
        }
        for object in &effects.makes {
            let has = |band: &Band| band.namespaces.contains(&object.namespace);
            let here = self.places[by];
            let band = if self.bands.get(here).is_some_and(has) { Some(here) } else { self.bands.iter().position(has) };
            self.lives.push(Life { object, band: band.unwrap_or(here), by, begins: number, ends: None });
        }
        for object in &effects.removes {
            if let Some(life) = self.lives.iter_mut().find(|life| life.ends.is_none() && life.object == object) {
                life.ends = Some((number, by));
            }
        }
    }

    /// The band like `like` but for `namespaces`; a new one if there is none.
    fn band_with(&mut self, like: usize, namespaces: &[String]) -> usize {
        let mut wanted = self.bands[like].clone();
        for place in &mut wanted.namespaces {
            if let Some(other) = namespaces.iter().find(|other| kind(other) == kind(place)) {
                place.clone_from(other);
            }
        }
        self.bands.iter().position(|band| *band == wanted).unwrap_or_else(|| {
            self.bands.push(wanted);
            self.bands.len() - 1
        })
    }

    fn leave(&mut self, column: usize, number: usize) {
        if let Some(stay) = self.stays.iter_mut().rfind(|stay| stay.column == column && stay.ends.is_none()) {
            stay.ends = Some(number);
        }
    }
}

/// Whether a step ends its actor.
pub(super) fn ends(taken: &Taken) -> bool {
    let is_end = |words: &str| words == "dies" || words == "exits" || words.starts_with("dies ") || words.starts_with("exits ");
    taken.met && (is_end(&taken.outcome) || is_end(&taken.call))
}

fn is_born(steps: &[Taken], name: &str) -> bool {
    steps.iter().filter_map(|taken| taken.effects.as_deref()).any(|effects| effects.born.as_deref() == Some(name))
}

/// The first namespace of each kind that somebody enters a new one of, or in which an object is made.
fn first_of_each_kind(steps: &[Taken]) -> Vec<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for effects in steps.iter().filter_map(|taken| taken.effects.as_deref()) {
        let entered = effects.enters.iter().flat_map(|entry| &entry.namespaces);
        for name in entered.chain(effects.makes.iter().map(|object| &object.namespace)) {
            if !kinds.contains(&kind(name)) {
                kinds.push(kind(name));
            }
        }
    }
    kinds.iter().map(|kind| format!("{kind}#1")).collect()
}

/// `ipc` of `ipc#2`.
fn kind(namespace: &str) -> &str {
    namespace.split('#').next().unwrap_or(namespace)
}
