//! What there is to be drawn of a scenario: its steps, or orders of them that show what can come of it.

use super::case::Case;
use super::orders::valued;
use super::{Glyphs, Style, one_line};
use crate::journal::{End, Kind, Order, Status, Taken};

/// Steps, and what to write above them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture<'a> {
    /// The scenario.
    pub title: String,
    /// How it ended, or what came of this order.
    pub aside: String,
    /// `passed`, `diverged`, `skipped` or `failed`.
    pub class: &'static str,
    /// What happened.
    pub steps: &'a [Taken],
}

/// Of more kinds of outcomes than this, the first are drawn.
const DRAWN: usize = 8;

/// What a status is called.
pub(super) fn status(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Passed) => "passed",
        Some(Status::Diverged) => "diverged",
        Some(Status::Skipped) => "skipped",
        Some(Status::Failed) | None => "failed",
    }
}

/// The pictures of a scenario: one of its steps, or one for each kind of outcome of its orders, and of the orders that diverged.
pub(super) fn pictures(case: &Case) -> Vec<Picture<'_>> {
    let class = status(case.status);
    let title = one_line(case.name(), Glyphs::Unicode);
    let mut pictures = Vec::new();
    let orders: Vec<(String, &Order)> = orders(case);
    if orders.is_empty() || !case.steps.is_empty() {
        let aside = match case.status {
            Some(Status::Passed) => format!("{class}, {}:{}", case.path, case.line),
            _ => format!("{class}, {}:{}: {}", case.path, case.line, case.message(Style::PLAIN)),
        };
        pictures.push(Picture { title: title.clone(), aside, class, steps: &case.steps });
    }
    for (aside, order) in orders {
        pictures.push(Picture { title: title.clone(), aside, class, steps: &order.steps });
    }
    pictures
}

/// An order of each kind, and those that show a divergence, each with what came of it.
fn orders(case: &Case) -> Vec<(String, &Order)> {
    let mut found: Vec<(String, &Order)> = Vec::new();
    let mut add = |aside: String, order| {
        let order: &Order = order;
        if !order.steps.is_empty() && found.iter().all(|(_, known)| known.schedule != order.schedule) {
            found.push((format!("{aside}: {}", one_line(&order.schedule, Glyphs::Unicode)), order));
        }
    };
    for kind in case.orders.iter().flat_map(|orders| &orders.outcomes).take(DRAWN) {
        add(outcome(kind), &kind.example);
    }
    for surprise in &case.surprises {
        if let Some(order) = &surprise.order {
            add(one_line(&surprise.message, Glyphs::Unicode), order);
        }
    }
    found
}

/// What orders have in common, and how many they are.
fn outcome(kind: &Kind) -> String {
    let what = match kind.end {
        End::Deadlock => "deadlock".to_owned(),
        End::Diverged => "diverged".to_owned(),
        End::Complete if kind.values.is_empty() => "to the end".to_owned(),
        End::Complete => kind.values.iter().map(valued).collect::<Vec<_>>().join(", "),
    };
    let many = if kind.orders == 1 { "1 order".to_owned() } else { format!("{} orders", kind.orders) };
    format!("{what} in {many}, for example")
}
