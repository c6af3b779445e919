//! What is said of an expectation over all orders that does not hold.

use super::super::divergence::{self, placed, written};
use super::super::worker::Work;
use super::columns::{NONE, columns};
use super::judge::Failing;
use super::ran::Ran;
use crate::journal::{Choice, End, Mismatch};
use crate::scenario::{Scenario, Step};
use std::collections::BTreeMap;

/// The orders that were run, for what is said of them.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// All of them.
    pub orders: &'a [Ran],
    /// Which they are.
    pub choice: &'a Choice,
}

/// The divergence of `failing`, which the order `shown` shows, where one can.
pub fn mismatch(work: &Work<'_>, scenario: &Scenario, failing: &Failing, seen: Seen<'_>, shown: Option<&Ran>) -> Mismatch {
    let of_all = seen.of_all(failing);
    let own = shown.and_then(|order| order.detail.as_ref()?.mismatch.clone());
    let at = |place: usize, label: &str| {
        let step = scenario.steps.get(place);
        let span = step.map_or(scenario.span, |step| step.span);
        placed(scenario, work.sources, span, label)
    };
    let text = |place: usize| scenario.steps.get(place).map_or_else(String::new, |step| claim(work, step));
    let values = shown.map(|order| values(scenario, order)).unwrap_or_default();
    let label = if values.is_empty() { "not so".to_owned() } else { format!("here {values}") };
    match failing {
        Failing::Step(..) | Failing::Deadlock => {
            let mut mismatch = own.unwrap_or_else(|| placed(scenario, work.sources, scenario.span, "in this scenario"));
            let comma = if *failing == Failing::Deadlock { "" } else { "," };
            mismatch.message += &format!("{comma} {of_all}");
            if let Failing::Step(..) = failing
                && let Some((_, allowed)) = mismatch.help.as_deref().and_then(|help| help.rsplit_once("write `-> "))
                && let Some(allowed) = allowed.strip_suffix('`').filter(|allowed| !allowed.contains('`'))
                && seen.orders.iter().any(|order| !failing.is_shown_by(order))
            {
                let expected = &mismatch.expected;
                mismatch.help = Some(format!(
                    "a step inside `interleave` says what comes of it in every order: write `-> {expected} or {allowed}`"
                ));
            }
            mismatch
        }
        Failing::NotAlways(place) => Mismatch {
            code: "not-always".into(),
            message: format!("`{}` does not hold {of_all}", text(*place)),
            expected: "it holds in every order".into(),
            seen: if values.is_empty() { "an order in which it does not".into() } else { values },
            why: Some(without_value(seen, *place).unwrap_or_else(|| "`expect` alone is a claim about every order".into())),
            help: Some(format!(
                "the order below shows it; if it need not always be so, write `expect sometimes {}`",
                text(*place)
            )),
            ..at(*place, &label)
        },
        Failing::NotNever(place) => Mismatch {
            code: "not-never".into(),
            message: format!("`{}` holds {of_all}", text(*place)),
            expected: "it holds in no order".into(),
            seen: if values.is_empty() { "an order in which it does".into() } else { values },
            why: None,
            help: Some(format!("the order below shows it; if that may be, write `expect sometimes {}`", text(*place))),
            ..at(*place, &label)
        },
        Failing::NotSometimes(place) => Mismatch {
            code: "not-sometimes".into(),
            message: format!("`{}` holds in none of {}", text(*place), counted(seen.orders.len())),
            expected: "an order in which it holds".into(),
            seen: distribution(scenario, seen),
            why: seen.reservation(),
            help: Some(seen.remedy().unwrap_or_else(|| format!("if it can never be so, write `expect never {}`", text(*place)))),
            ..at(*place, "no order shows it")
        },
        Failing::NoDeadlock(place) => Mismatch {
            code: "not-sometimes".into(),
            message: format!("none of {} deadlocks", counted(seen.orders.len())),
            expected: "an order in which nobody can move".into(),
            seen: distribution(scenario, seen),
            why: seen.reservation(),
            help: Some(seen.remedy().unwrap_or_else(|| "take this line away: that no order deadlocks is expected anyway".into())),
            ..at(*place, "no order shows it")
        },
        Failing::NotOnlyDeadlock(place) => Mismatch {
            code: "not-always".into(),
            message: format!("not every order deadlocks: {of_all} all steps are taken"),
            expected: "every order deadlocks".into(),
            seen: if values.is_empty() { "an order that comes to its end".into() } else { values },
            why: None,
            help: Some("if some orders deadlock and others do not, write `expect sometimes deadlock`".into()),
            ..at(*place, &label)
        },
    }
}

/// An order that could not be run as it was asked for: `actor`, which is doing `state`, was to move after `taken`.
pub fn impossible(work: &Work<'_>, scenario: &Scenario, actor: u16, state: &str, taken: &str) -> Mismatch {
    let who = scenario.actors.get(usize::from(actor)).map_or("?", |actor| actor.name.as_str());
    let after = if taken.is_empty() { "at the beginning".to_owned() } else { format!("after {taken}") };
    Mismatch {
        code: "impossible-order".into(),
        message: format!("`{who}` cannot take its next step {after}: it {state}"),
        expected: format!("`{who}` moves"),
        seen: format!("`{who}` {state}"),
        help: Some("let those move first who can end that; without --schedule every order is run that there is".into()),
        ..placed(scenario, work.sources, scenario.span, "in this scenario")
    }
}

impl Seen<'_> {
    /// `in 4 of 6 orders`: how many show it.
    fn of_all(self, failing: &Failing) -> String {
        let shown = self.orders.iter().filter(|order| failing.is_shown_by(order)).count();
        match (shown, self.orders.len()) {
            (shown, all) if shown == all && all > 1 => format!("in any of {}", counted(all)),
            (_, 1) => "in this order".into(),
            (shown, all) => format!("in {shown} of {}", counted(all)),
        }
    }

    /// How those orders are run that were not.
    fn remedy(self) -> Option<String> {
        match self.choice {
            Choice::All | Choice::Reduction | Choice::Interrupted => None,
            Choice::Preemptions { .. } => Some("run it without `--preemptions`, or with more of them".into()),
            Choice::Sample { .. } => Some("run it with another `--seed`, or with more `--max-schedules`".into()),
            Choice::Schedule => Some("run it without `--schedule`: then every order is run".into()),
        }
    }

    /// What must be said where not all orders were run.
    fn reservation(self) -> Option<String> {
        match self.choice {
            Choice::All | Choice::Reduction => None,
            Choice::Preemptions { most } => Some(format!("orders with more than {most} preemptions were not run")),
            Choice::Sample { seed } => Some(format!(
                "there are more orders than were run; these were chosen by chance (seed {seed}), others may show it"
            )),
            Choice::Schedule => Some("only this order was run".into()),
            Choice::Interrupted => Some("the run was interrupted before all orders were run".into()),
        }
    }
}

/// `6 orders`.
pub fn counted(orders: usize) -> String {
    if orders == 1 { "1 order".into() } else { format!("{orders} orders") }
}

/// What an `expect` says, without its first words.
fn claim(work: &Work<'_>, step: &Step) -> String {
    let text = written(work.sources, step.span);
    let text = text.strip_prefix("expect").unwrap_or(&text).trim_start();
    ["always ", "sometimes ", "never "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text).trim().to_owned()
}

/// `total is 1, rest is 0`: what an order came to.
fn values(scenario: &Scenario, order: &Ran) -> String {
    let pairs = columns(scenario).into_iter().zip(&order.values).map(|(column, value)| {
        if value == NONE { format!("`{}` has no value", column.name) } else { format!("`{}` is {value}", column.name) }
    });
    divergence::listed(&pairs.collect::<Vec<_>>())
}

/// The kinds of ends, the most frequent first.
fn distribution(scenario: &Scenario, seen: Seen<'_>) -> String {
    const SHOWN: usize = 4;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for order in seen.orders {
        let text = match order.end {
            End::Complete => values(scenario, order),
            End::Deadlock => "a deadlock".to_owned(),
            End::Diverged => "a divergence".to_owned(),
        };
        *kinds.entry(if text.is_empty() { "all steps taken".into() } else { text }).or_default() += 1;
    }
    let mut kinds: Vec<(String, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = kinds.len().saturating_sub(SHOWN);
    let mut parts: Vec<String> =
        kinds.into_iter().take(SHOWN).map(|(text, count)| format!("{text} in {}", counted(count))).collect();
    if more > 0 {
        parts.push(format!("{more} other kinds"));
    }
    parts.join("; ")
}

/// Where an `expect` fails only for want of a value, why.
fn without_value(seen: Seen<'_>, place: usize) -> Option<String> {
    use super::super::play::Held;
    let judged = |order: &Ran| order.judged.iter().find(|(step, _)| *step == place).map(|(_, judged)| *judged);
    let fails = seen.orders.iter().any(|order| judged(order) == Some(Held::Fails));
    (!fails).then(|| "a name in it has no value in that order: the call that binds it has failed or not returned".into())
}
