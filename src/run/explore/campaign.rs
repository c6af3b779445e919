//! A scenario with `interleave`, from its first order to its verdict.

use super::super::runner::News;
use super::super::worker::Work;
use super::super::{divergence, log};
use super::claim::{self, Seen};
use super::columns::{NONE, columns};
use super::interrupt::{Guard, interrupted};
use super::judge::{Failing, failing};
use super::phase::{self, Found, Phase, Trouble};
use super::ran::{Detail, Ran};
use super::{How, Task, schedule};
use crate::journal::{Choice, End, Event, Kind, Mismatch, Order, Orders as Summary, Status, Verdict};
use crate::scenario::{ActorId, Judged, Scenario, script, straight};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Which orders of a scenario are to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orders {
    /// Which, where nothing else is asked for.
    pub which: Which,
    /// How many at most; where there are more, as many are chosen by chance.
    pub most: u64,
    /// What that chance begins with.
    pub seed: u64,
}

/// Which orders are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One of those that differ only in steps that touch no common object.
    Reduction,
    /// Each.
    All,
    /// Those with so many preemptions at most.
    Preemptions(u32),
    /// This one, as people write it.
    Schedule(String),
}

impl Orders {
    /// What holds unless somebody asks for something else.
    pub const USUAL: Self = Self { which: Which::Reduction, most: 100_000, seed: 1 };
}

/// Orders that are tried in search of one with fewer preemptions.
const SEARCHED: u64 = 3_000;
/// Kinds of outcomes of which an example is told step by step.
const EXAMPLES: usize = 12;

/// Runs the orders of the scenario at `place`, and gives what is to be told of it to `sink`.
///
/// # Errors
///
/// When no worker could be started.
pub fn explore(work: Work<'_>, place: usize, jobs: usize, orders: &Orders, sink: &mut dyn FnMut(News)) -> io::Result<()> {
    let Some(scenario) = work.scenarios.get(place) else { return Ok(()) };
    sink(News::Event(log::begun(scenario, work.sources)));
    let told =
        Campaign { work, scenario, place, jobs, orders, of: schedule::count(scenario), sink: RefCell::new(sink) }.told()?;
    let (status, reason) = match told {
        Told::Failed(why) => (Status::Failed, Some(why)),
        Told::Orders(summary, mismatches) => {
            let reason = mismatches.first().map(|mismatch| mismatch.message.clone());
            if let Some(summary) = summary {
                sink(News::Event(Event::Orders(summary)));
            }
            mismatches.into_iter().for_each(|mismatch| sink(News::Event(Event::Divergence(mismatch))));
            (if reason.is_some() { Status::Diverged } else { Status::Passed }, reason)
        }
    };
    sink(News::Event(Event::Verdict(Verdict { id: scenario.id.clone(), status, reason })));
    Ok(())
}

enum Told {
    Orders(Option<Summary>, Vec<Mismatch>),
    Failed(String),
}

struct Campaign<'a> {
    work: Work<'a>,
    scenario: &'a Scenario,
    place: usize,
    jobs: usize,
    orders: &'a Orders,
    /// As many orders as there may be.
    of: Option<u64>,
    sink: RefCell<&'a mut dyn FnMut(News)>,
}

/// The best order so far: fewest preemptions, then shortest, then first by its actors.
type Rank = (u32, usize, Vec<ActorId>);

impl Campaign<'_> {
    fn told(&self) -> io::Result<Told> {
        let guard = Guard::new();
        let (mut choice, found) = match self.first() {
            Ok(first) => first?,
            Err(why) => return Ok(self.refused(why)),
        };
        drop(guard);
        if interrupted() {
            choice = Choice::Interrupted;
        }
        match &found.trouble {
            Some(Trouble::Failed(why)) => return Ok(Told::Failed(why.clone())),
            Some(Trouble::Struck(mismatch)) => return Ok(Told::Orders(None, vec![(**mismatch).clone()])),
            Some(Trouble::Impossible { actor, state, schedule }) => {
                let taken = schedule::write(self.scenario, schedule);
                if choice == Choice::Schedule {
                    let mismatch = claim::impossible(&self.work, self.scenario, *actor, state, &taken);
                    return Ok(Told::Orders(None, vec![mismatch]));
                }
                let who = self.scenario.actors.get(usize::from(*actor)).map_or("?", |actor| actor.name.as_str());
                return Ok(Told::Failed(format!(
                    "an order did not go the same way twice: after {taken}, `{who}` could move once, and could not the next time"
                )));
            }
            None => {}
        }
        let seen = Seen { orders: &found.orders, choice: &choice };
        let mut failing = failing(self.scenario, &found.orders);
        if choice == Choice::Interrupted {
            // What no order has shown, one of those that were not run may.
            failing.retain(|failing| !matches!(failing, Failing::NotSometimes(_) | Failing::NoDeadlock(_)));
            if failing.is_empty() {
                let of = self.of.map_or_else(String::new, |of| format!(" of at most {of}"));
                return Ok(Told::Failed(format!(
                    "interrupted after {}{of}: none of them diverged",
                    claim::counted(found.orders.len())
                )));
            }
        }
        let shown = self.shortest(&failing, &found.orders, &choice)?;
        let kinds = kinds(&found.orders);
        let examples = kinds.iter().take(EXAMPLES).map(|kind| kind.best.2.clone());
        let wanted: Vec<Vec<ActorId>> = examples.chain(shown.iter().flatten().cloned()).collect();
        let details = match self.details(wanted)? {
            Ok(details) => details,
            Err(why) => return Ok(Told::Failed(why)),
        };
        let summary = self.summary(choice.clone(), &found.orders, kinds, &details);
        let mut mismatches = Vec::new();
        for (failing, shown) in failing.iter().zip(&shown) {
            let order = shown.as_ref().and_then(|shown| details.get(shown));
            let mut mismatch = claim::mismatch(&self.work, self.scenario, failing, seen, order);
            mismatch.order = order.map(|order| Box::new(self.order(order, failing.judged())));
            mismatches.push(mismatch);
        }
        Ok(Told::Orders(Some(summary), mismatches))
    }

    /// The orders that were asked for, and which they are.
    fn first(&self) -> Result<io::Result<(Choice, Found)>, String> {
        let all = vec![Task::default()];
        let too_many = self.of.is_none_or(|of| of > self.orders.most);
        let (choice, how, tasks) = match &self.orders.which {
            Which::Schedule(text) => {
                let path = schedule::read(self.scenario, text)?;
                (Choice::Schedule, How::Schedule, vec![Task { number: 0, path }])
            }
            Which::All if too_many => return Ok(self.sample()),
            Which::All => (Choice::All, How::All, all),
            Which::Reduction => (Choice::Reduction, How::Reduction, all),
            Which::Preemptions(most) => (Choice::Preemptions { most: *most }, How::Preemptions { most: *most }, all),
        };
        let most = if choice == Choice::Schedule { 1 } else { self.orders.most };
        Ok(self.phase(how, tasks, most, false).and_then(|found| {
            if found.exceeded && choice != Choice::Schedule && !interrupted() { self.sample() } else { Ok((choice, found)) }
        }))
    }

    fn sample(&self) -> io::Result<(Choice, Found)> {
        let seed = self.orders.seed;
        let numbers = 0..u32::try_from(self.orders.most).unwrap_or(u32::MAX);
        let tasks = numbers.map(|number| Task { number, path: Vec::new() }).collect();
        Ok((Choice::Sample { seed }, self.phase(How::Chance { seed }, tasks, self.orders.most, false)?))
    }

    fn phase(&self, how: How, tasks: Vec<Task>, most: u64, detailed: bool) -> io::Result<Found> {
        let mut phase = Phase { how, tasks, most, detailed, wide: Vec::new() };
        loop {
            let found = phase::run(self.work, self.place, self.jobs(&phase), &phase, &mut |run| {
                (self.sink.borrow_mut())(News::Orders { run, of: self.of });
            })?;
            let ended: BTreeSet<usize> = found.ended.iter().copied().collect();
            // Who has ended may have let go of anything: what was left out because such a step seemed to go with others, is run now.
            if ended.iter().all(|step| phase.wide.contains(step)) {
                return Ok(found);
            }
            phase.wide.extend(ended);
        }
    }

    /// As many workers as are worth their start: it takes as long as some orders.
    fn jobs(&self, phase: &Phase) -> usize {
        const WORTH: u64 = 16;
        let orders = match phase.how {
            How::Schedule | How::Chance { .. } => phase.tasks.len() as u64,
            How::All | How::Reduction | How::Preemptions { .. } => self.of.unwrap_or(u64::MAX),
        };
        self.jobs.min(usize::try_from(orders.div_ceil(WORTH)).unwrap_or(usize::MAX)).max(1)
    }

    /// For each of `failing` the order that shows it with the least preemptions. Reduction runs one order of many that come to the same, which
    /// may not be the simplest: so those with no preemption are tried, with one, and so on.
    fn shortest(&self, failing: &[Failing], orders: &[Ran], choice: &Choice) -> io::Result<Vec<Option<Vec<ActorId>>>> {
        let best = |orders: &[Ran], failing: &Failing| orders.iter().filter(|order| failing.is_shown_by(order)).map(rank).min();
        let mut shown: Vec<Option<Rank>> = failing.iter().map(|failing| best(orders, failing)).collect();
        if matches!(choice, Choice::Reduction | Choice::Sample { .. }) {
            let worst = |shown: &[Option<Rank>]| shown.iter().flatten().map(|rank| rank.0).max().unwrap_or(0);
            let mut most = 0;
            while most < worst(&shown) {
                let found = self.phase(How::Preemptions { most }, vec![Task::default()], SEARCHED, false)?;
                if found.exceeded || found.trouble.is_some() {
                    break;
                }
                for (failing, shown) in failing.iter().zip(&mut shown) {
                    *shown = shown.take().into_iter().chain(best(&found.orders, failing)).min();
                }
                most += 1;
            }
        }
        Ok(shown.into_iter().map(|rank| rank.map(|(_, _, schedule)| schedule)).collect())
    }

    /// All that happens in these orders, by their choices.
    fn details(&self, mut wanted: Vec<Vec<ActorId>>) -> io::Result<Result<BTreeMap<Vec<ActorId>, Ran>, String>> {
        wanted.sort();
        wanted.dedup();
        let tasks: Vec<Task> = (0..).zip(&wanted).map(|(number, path)| Task { number, path: path.clone() }).collect();
        let most = tasks.len() as u64;
        let found = self.phase(How::Schedule, tasks, most, true)?;
        if let Some(trouble) = found.trouble {
            return Ok(Err(match trouble {
                Trouble::Failed(why) => why,
                Trouble::Struck(mismatch) => mismatch.message,
                Trouble::Impossible { .. } => "an order did not go the same way twice".into(),
            }));
        }
        Ok(Ok(found.orders.into_iter().map(|order| (order.schedule.clone(), order)).collect()))
    }

    fn summary(&self, choice: Choice, orders: &[Ran], kinds: Vec<Counted>, details: &BTreeMap<Vec<ActorId>, Ran>) -> Summary {
        let names: Vec<String> = columns(self.scenario).into_iter().map(|column| column.name).collect();
        let outcomes = kinds.into_iter().map(|kind| {
            let values = if kind.values.is_empty() { vec![NONE.to_owned(); names.len()] } else { kind.values };
            let example = match details.get(&kind.best.2) {
                Some(order) => self.order(order, Judged::Always),
                None => {
                    Order { schedule: schedule::write(self.scenario, &kind.best.2), preemptions: kind.best.0, ..Order::default() }
                }
            };
            Kind { values: names.iter().cloned().zip(values).collect(), end: kind.end, orders: kind.orders, example }
        });
        Summary { run: orders.len() as u64, of: self.of, choice, outcomes: outcomes.collect() }
    }

    /// An order for the journal; its script is held to what is `judged`.
    fn order(&self, order: &Ran, judged: Judged) -> Order {
        let detail = order.detail.as_ref();
        let schedule = schedule::write(self.scenario, &order.schedule);
        let told = |detail: &Detail| script(&straight(self.scenario, &detail.lines, judged, &schedule));
        Order {
            script: detail.map(|detail| told(detail)).unwrap_or_default(),
            schedule,
            preemptions: order.preemptions,
            steps: detail.map(|detail| detail.steps.clone()).unwrap_or_default(),
        }
    }

    /// An order was asked for that the scenario does not have.
    fn refused(&self, why: String) -> Told {
        let mismatch = Mismatch {
            code: "impossible-order".into(),
            message: why,
            expected: "an order of the steps inside `interleave`".into(),
            seen: match &self.orders.which {
                Which::Schedule(text) => text.clone(),
                _ => String::new(),
            },
            ..divergence::placed(self.scenario, self.work.sources, self.scenario.span, "in this scenario")
        };
        Told::Orders(None, vec![mismatch])
    }
}

fn rank(order: &Ran) -> Rank {
    (order.preemptions, order.schedule.len(), order.schedule.clone())
}

/// Orders that came to the same.
struct Counted {
    values: Vec<String>,
    end: End,
    orders: u64,
    best: Rank,
}

/// The kinds of outcomes: the most frequent first, then by their values.
fn kinds(orders: &[Ran]) -> Vec<Counted> {
    let mut kinds: BTreeMap<(End, &Vec<String>), (u64, Rank)> = BTreeMap::new();
    for order in orders {
        let kind = kinds.entry((order.end, &order.values)).or_insert_with(|| (0, rank(order)));
        kind.0 += 1;
        kind.1 = rank(order).min(std::mem::take(&mut kind.1));
    }
    let counted = |((end, values), (orders, best)): ((End, &Vec<String>), (u64, Rank))| Counted {
        values: values.clone(),
        end,
        orders,
        best,
    };
    let mut kinds: Vec<Counted> = kinds.into_iter().map(counted).collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.orders));
    kinds
}
