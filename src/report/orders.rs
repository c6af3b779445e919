//! The orders of a scenario with `interleave`: how many of them were run, chosen how, and what came of them.

use super::histogram::histogram;
use super::style::Role;
use super::{Style, wrap};
use crate::journal::{Choice, Orders};

/// How many of the `orders` were run and which, and a histogram of what came of them.
pub(super) fn orders(orders: &Orders, style: Style) -> String {
    let mut page = String::new();
    for line in wrap(&headline(orders), style.width.saturating_sub(2).max(20)) {
        page += &format!("  {}\n", style.paint(Role::Strong, &line));
    }
    if !orders.outcomes.is_empty() {
        page += &format!("\n{}", histogram(&orders.outcomes, style));
    }
    page
}

/// How many orders were run, of how many, and what that means.
pub(super) fn headline(orders: &Orders) -> String {
    let run = grouped(orders.run);
    let is_complete = matches!(orders.choice, Choice::All | Choice::Reduction | Choice::Preemptions { .. });
    if is_complete && orders.of == Some(orders.run) {
        return if orders.run == 1 {
            "there is one order, and it was run".into()
        } else {
            format!("each of {run} orders was run")
        };
    }
    // A step that waits for another rules orders out, so that the number that is known is only the most that there could be.
    let some = match (orders.of, orders.run) {
        (Some(of), 1) => format!("1 of at most {} orders was run", grouped(of)),
        (Some(of), _) => format!("{run} of at most {} orders were run", grouped(of)),
        (None, 1) => "1 order was run, of more than 10^19".into(),
        (None, _) => format!("{run} orders were run, of more than 10^19"),
    };
    let silent = "what they do not show may still happen";
    match &orders.choice {
        Choice::All => match orders.of {
            Some(of) => format!("each order was run: {run}; if no step had to wait for another, there would be {}", grouped(of)),
            None => format!("each order was run: {run}"),
        },
        Choice::Reduction => {
            format!("{some}: each stands for all that differ from it only in the order of steps that touch no common object")
        }
        Choice::Preemptions { most } => {
            let bound = match most {
                0 => "without a preemption".into(),
                1 => "with 1 preemption at most".into(),
                most => format!("with {} preemptions at most", grouped((*most).into())),
            };
            format!("{some}, {bound}: {silent}")
        }
        Choice::Sample { seed } => format!("{some}, by chance (seed {seed}): {silent}"),
        Choice::Interrupted => format!("interrupted: {some}; {silent}"),
        Choice::Schedule => format!("{some}, the one that was asked for"),
    }
}

/// A value under its name: `total = 1`, `x == y: no`.
pub(super) fn valued((name, value): &(String, String)) -> String {
    if name.contains(['=', '<', '>']) { format!("{name}: {value}") } else { format!("{name} = {value}") }
}

/// `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
