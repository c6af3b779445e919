//! The words of a scenario's steps, so that an order of them can be written down as a script of its own.

/// What a script takes that does the same as a scenario, step by step: no block is left, and what `each` and `for` bind is replaced by its value.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// `const` and `def` that the steps lean on, those of included files too, by their places.
    pub items: Vec<String>,
    /// What each actor is called, in the order of [`super::Scenario::actors`]: no two alike, though a `for` may have bound both by one line.
    pub actors: Vec<String>,
    /// What each name is called, in the order of [`super::Scenario::slots`].
    pub slots: Vec<String>,
    /// The words of each step.
    pub lines: Vec<Wording>,
    /// What says of one order that it does not do what an `expect never` forbids.
    pub denials: Vec<Denial>,
}

/// One step in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// `a`, or `a, b`; empty for `expect`.
    pub who: String,
    /// `q = msgget(7)`, `resumes`, `expect total`.
    pub act: String,
    /// What stands behind `->`, if anything does.
    pub outcome: Option<String>,
}

impl Wording {
    /// The line.
    pub fn text(&self) -> String {
        let who = if self.who.is_empty() { String::new() } else { format!("{}: ", self.who) };
        let outcome = self.outcome.as_ref().map_or_else(String::new, |outcome| format!(" -> {outcome}"));
        format!("{who}{}{outcome}", self.act)
    }
}

/// The opposite of an `expect never`.
#[derive(Debug, Clone)]
pub struct Denial {
    /// Which step is denied.
    pub step: usize,
    /// What holds in an order that keeps to it.
    pub what: super::What,
    /// The same in words.
    pub wording: Wording,
}
