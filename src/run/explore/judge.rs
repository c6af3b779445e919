//! What the expectations of a scenario say of all its orders together.

use super::super::play::Held;
use super::ran::Ran;
use crate::journal::End;
use crate::scenario::{self, Scenario, What};
use crate::syntax::ast::Quantifier;

/// Something that is to hold of the orders of a scenario, and does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failing {
    /// A step was not met, with this code and line.
    Step(String, usize),
    /// An order deadlocks, and nothing allows it.
    Deadlock,
    /// This `expect` does not hold in every order.
    NotAlways(usize),
    /// This `expect never` holds in an order.
    NotNever(usize),
    /// This `expect sometimes` holds in none.
    NotSometimes(usize),
    /// No order deadlocks, and this `expect` wants one to.
    NoDeadlock(usize),
    /// An order does not deadlock, and this `expect` wants all to.
    NotOnlyDeadlock(usize),
}

impl Failing {
    /// To which `expect` an order that shows it is held, so that it diverges when it is run alone.
    pub fn judged(&self) -> scenario::Judged {
        match self {
            Self::NotAlways(step) | Self::NotNever(step) | Self::NotSometimes(step) => scenario::Judged::One(*step),
            Self::Step(..) | Self::Deadlock | Self::NoDeadlock(_) | Self::NotOnlyDeadlock(_) => scenario::Judged::Nothing,
        }
    }

    /// Whether an order shows it.
    pub fn is_shown_by(&self, order: &Ran) -> bool {
        let judged = |step: usize| order.judged.iter().find(|(place, _)| *place == step).map(|(_, judged)| *judged);
        match self {
            Self::Step(code, line) => order.diverged.as_ref() == Some(&(code.clone(), *line)) && order.end == End::Diverged,
            Self::Deadlock => order.end == End::Deadlock,
            Self::NotAlways(step) => judged(*step).is_some_and(|judged| judged != Held::Holds),
            Self::NotNever(step) => judged(*step) == Some(Held::Holds),
            Self::NotOnlyDeadlock(_) => order.end == End::Complete,
            Self::NotSometimes(_) | Self::NoDeadlock(_) => false,
        }
    }
}

/// What does not hold of `orders`: steps first, then deadlocks, then the expectations in the order of the script.
pub fn failing(scenario: &Scenario, orders: &[Ran]) -> Vec<Failing> {
    let mut failing = Vec::new();
    for (code, line) in orders.iter().filter(|order| order.end == End::Diverged).filter_map(|order| order.diverged.as_ref()) {
        let step = Failing::Step(code.clone(), *line);
        if !failing.contains(&step) {
            failing.push(step);
        }
    }
    failing.sort_by_key(|step| match step {
        Failing::Step(code, line) => (*line, code.clone()),
        _ => (0, String::new()),
    });
    let allows =
        |step: &crate::scenario::Step| matches!(step.what, What::ExpectDeadlock(Quantifier::Sometimes | Quantifier::Always));
    let never = !scenario.steps.iter().any(allows);
    let deadlocks = orders.iter().any(|order| order.end == End::Deadlock);
    if never && deadlocks {
        failing.push(Failing::Deadlock);
    }
    for (place, step) in scenario.steps.iter().enumerate() {
        let claim = match &step.what {
            What::Expect { quantifier: Quantifier::Always, .. } => Failing::NotAlways(place),
            What::Expect { quantifier: Quantifier::Never, .. } => Failing::NotNever(place),
            What::Expect { quantifier: Quantifier::Sometimes, .. } => {
                let seen = |order: &Ran| Failing::NotNever(place).is_shown_by(order);
                if !orders.iter().any(seen) {
                    failing.push(Failing::NotSometimes(place));
                }
                continue;
            }
            What::ExpectDeadlock(Quantifier::Sometimes) if !deadlocks => {
                failing.push(Failing::NoDeadlock(place));
                continue;
            }
            What::ExpectDeadlock(Quantifier::Always) => Failing::NotOnlyDeadlock(place),
            _ => continue,
        };
        if orders.iter().any(|order| claim.is_shown_by(order)) {
            failing.push(claim);
        }
    }
    failing
}
