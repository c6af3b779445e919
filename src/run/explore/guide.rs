//! Which actor moves next: the choices of one order, and those that must be tried besides.
//!
//! Orders are the paths of a tree: at each node one of those actors moves that can. What is tried where follows from the path alone, so it makes
//! no difference which process runs which part of the tree. Orders that differ only in steps which touch no common object come to the same; of
//! these one is run, by sleep sets (Godefroid, Partial-Order Methods for the Verification of Concurrent Systems, 1996): an actor whose step has
//! been tried at a node sleeps in what is tried there after it, until somebody's step touches what its own would.

use super::How;
use super::queue::Task;
use crate::scenario::ActorId;

/// A point of an order at which somebody is to move.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Who can.
    pub enabled: Vec<ActorId>,
    /// The steps that are not taken yet, by their actors.
    pub left: Vec<(ActorId, Vec<usize>)>,
    /// The steps whose calls have not returned: somebody's step may complete them.
    pub pending: Vec<usize>,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This actor takes its next step.
    Move(ActorId),
    /// Whatever comes from here differs from what is run elsewhere only in steps that touch no common object.
    Nothing,
    /// This actor was to move, and cannot.
    Impossible(ActorId),
}

/// Whether two steps, by their places in the scenario, touch a common object.
pub type Touch<'t> = dyn FnMut(usize, usize) -> bool + 't;

/// The choices of one order.
#[derive(Debug)]
pub struct Guide {
    how: How,
    /// Steps that have ended somebody in an order, by which anything may have been let go.
    wide: Vec<usize>,
    task: Task,
    chance: fastrand::Rng,
    /// Who moved, so far.
    pub taken: Vec<ActorId>,
    /// How often somebody moved while another, who moved last, could have gone on.
    pub preemptions: u32,
    sleeping: Vec<ActorId>,
    /// Who moved last in the block at hand.
    last: Option<ActorId>,
    /// What must be tried besides.
    pub further: Vec<Task>,
}

impl Guide {
    /// The guide of the order that `task` begins; steps in `wide` touch more than they say.
    pub fn new(how: How, wide: &[usize], task: Task) -> Self {
        let seed = match how {
            How::Chance { seed } => seed,
            _ => 0,
        };
        let chance = fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(task.number));
        let (taken, sleeping, further) = (Vec::new(), Vec::new(), Vec::new());
        Self { how, wide: wide.to_vec(), task, chance, taken, preemptions: 0, sleeping, last: None, further }
    }

    /// A block begins: nobody of it has moved yet. Steps that are not free touch everything, so that nobody sleeps on.
    pub fn begin(&mut self) {
        self.last = None;
        self.sleeping.clear();
    }

    /// Whether one order is to be run of those that differ only in steps which touch no common object.
    pub fn reduces(&self) -> bool {
        matches!(self.how, How::Reduction)
    }

    /// Whether a step is known to touch more than it says.
    pub fn is_wide(&self, step: usize) -> bool {
        self.wide.contains(&step)
    }

    /// Chooses who moves at `node`, where somebody can.
    pub fn choose(&mut self, node: &Node, touch: &mut Touch<'_>) -> Choice {
        let candidates = self.candidates(node);
        let chosen = match self.task.path.get(self.taken.len()) {
            Some(&actor) if node.enabled.contains(&actor) => actor,
            Some(&actor) => return Choice::Impossible(actor),
            None => match self.pick(node, &candidates, touch) {
                Some(actor) => actor,
                None => return Choice::Nothing,
            },
        };
        if self.how == How::Reduction {
            self.sleeping = self.asleep_behind(node, &candidates, chosen, touch);
        }
        if self.last.is_some_and(|last| last != chosen && node.enabled.contains(&last)) {
            self.preemptions += 1;
        }
        self.last = Some(chosen);
        self.taken.push(chosen);
        Choice::Move(chosen)
    }

    /// Who may move, in the order in which they are tried: who moved last goes on first, so that the first orders are those with few changes.
    fn candidates(&self, node: &Node) -> Vec<ActorId> {
        let goes_on = self.last.filter(|last| node.enabled.contains(last));
        if let (How::Preemptions { most }, Some(last)) = (self.how, goes_on)
            && self.preemptions >= most
        {
            return vec![last];
        }
        goes_on.into_iter().chain(node.enabled.iter().copied().filter(|actor| Some(*actor) != goes_on)).collect()
    }

    fn pick(&mut self, node: &Node, candidates: &[ActorId], touch: &mut Touch<'_>) -> Option<ActorId> {
        match self.how {
            How::Chance { .. } => Some(self.by_chance(node)),
            How::Schedule => candidates.first().copied(),
            How::All | How::Preemptions { .. } => {
                let others: Vec<Task> = candidates.iter().skip(1).map(|&actor| self.branch(actor)).collect();
                self.further.extend(others);
                candidates.first().copied()
            }
            How::Reduction => {
                let awake: Vec<ActorId> = candidates.iter().copied().filter(|actor| !self.sleeping.contains(actor)).collect();
                for &other in awake.iter().skip(1) {
                    let asleep = self.asleep_behind(node, candidates, other, touch);
                    if !sleeps_for_good(node, other, asleep, touch) {
                        self.further.push(self.branch(other));
                    }
                }
                awake.first().copied()
            }
        }
    }

    fn branch(&self, actor: ActorId) -> Task {
        let path = self.taken.iter().copied().chain([actor]).collect();
        Task { number: self.task.number, path }
    }

    /// One of those who can, each as likely as it has steps left: then every order is as likely as any other, but for waiting.
    fn by_chance(&mut self, node: &Node) -> ActorId {
        let left = |actor: ActorId| next(node, actor).map_or(1, |_| steps(node, actor).len());
        let all: usize = node.enabled.iter().map(|&actor| left(actor)).sum();
        let mut at = self.chance.usize(0..all.max(1));
        for &actor in &node.enabled {
            match at.checked_sub(left(actor)) {
                Some(rest) => at = rest,
                None => return actor,
            }
        }
        node.enabled.first().copied().unwrap_or(0)
    }

    /// Who sleeps when `chosen` has moved at `node`: who slept there or was tried before, and whose step that move does not touch.
    fn asleep_behind(&self, node: &Node, candidates: &[ActorId], chosen: ActorId, touch: &mut Touch<'_>) -> Vec<ActorId> {
        let tried =
            candidates.iter().copied().take_while(|&actor| actor != chosen).filter(|actor| !self.sleeping.contains(actor));
        let asleep: Vec<ActorId> = self.sleeping.iter().copied().chain(tried).collect();
        let Some(step) = next(node, chosen) else { return Vec::new() };
        let free = |actor: &ActorId| {
            *actor != chosen && next(node, *actor).is_some_and(|other| !meet(other, step, &node.pending, touch))
        };
        asleep.into_iter().filter(free).collect()
    }
}

/// Whether somebody of `asleep` can never wake once `moved` has moved at `node`: nobody who is awake has a step left that touches theirs. What
/// comes then has all been run elsewhere.
fn sleeps_for_good(node: &Node, moved: ActorId, mut asleep: Vec<ActorId>, touch: &mut Touch<'_>) -> bool {
    loop {
        let mut still = Vec::new();
        for &actor in &asleep {
            let Some(own) = next(node, actor) else { continue };
            let mut others = node.left.iter().filter(|(other, _)| !asleep.contains(other));
            let woken = others.any(|(other, steps)| {
                let done = usize::from(*other == moved);
                steps.iter().skip(done).any(|&step| meet(own, step, &node.pending, touch))
            });
            if !woken {
                still.push(actor);
            }
        }
        if still.len() == asleep.len() {
            return !still.is_empty();
        }
        asleep = still;
    }
}

/// Whether two steps, or calls that they may complete, touch a common object.
fn meet(one: usize, other: usize, pending: &[usize], touch: &mut Touch<'_>) -> bool {
    let (ones, others) = (with_pending(one, pending, touch), with_pending(other, pending, touch));
    ones.iter().any(|&one| others.iter().any(|&other| one == other || touch(one, other)))
}

/// A step and the pending calls that it may complete, which may complete others in turn.
fn with_pending(step: usize, pending: &[usize], touch: &mut Touch<'_>) -> Vec<usize> {
    let mut all = vec![step];
    let mut at = 0;
    while let Some(&one) = all.get(at) {
        for &other in pending {
            if !all.contains(&other) && touch(one, other) {
                all.push(other);
            }
        }
        at += 1;
    }
    all
}

fn steps(node: &Node, actor: ActorId) -> &[usize] {
    node.left.iter().find(|(other, _)| *other == actor).map_or(&[], |(_, steps)| steps.as_slice())
}

fn next(node: &Node, actor: ActorId) -> Option<usize> {
    steps(node, actor).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every order of actors with so many steps each, none of which waits; steps are numbered through, and `touch` says which meet.
    fn orders(how: How, counts: &[usize], touch: &dyn Fn(usize, usize) -> bool) -> (Vec<Vec<ActorId>>, usize) {
        let mut tasks = vec![Task::default()];
        let (mut found, mut cut) = (Vec::new(), 0);
        while let Some(task) = tasks.pop() {
            let mut guide = Guide::new(how, &[], task);
            guide.begin();
            let mut left: Vec<(ActorId, Vec<usize>)> = Vec::new();
            let mut number = 0;
            for (actor, &count) in (0..).zip(counts) {
                left.push((actor, (number..number + count).collect()));
                number += count;
            }
            loop {
                left.retain(|(_, steps)| !steps.is_empty());
                if left.is_empty() {
                    found.push(guide.taken.clone());
                    break;
                }
                let node =
                    Node { enabled: left.iter().map(|(actor, _)| *actor).collect(), left: left.clone(), pending: Vec::new() };
                let mut meets = |one: usize, other: usize| touch(one, other);
                match guide.choose(&node, &mut meets) {
                    Choice::Move(actor) => {
                        let steps = left.iter_mut().find(|(other, _)| *other == actor).expect("it can move");
                        steps.1.remove(0);
                    }
                    Choice::Nothing => {
                        cut += 1;
                        break;
                    }
                    Choice::Impossible(actor) => panic!("{actor} cannot move"),
                }
            }
            tasks.extend(guide.further);
        }
        (found, cut)
    }

    /// The order of touching pairs, which is all that makes a difference.
    fn class(order: &[ActorId], counts: &[usize], touch: &dyn Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
        let first = |actor: ActorId| counts[..usize::from(actor)].iter().sum::<usize>();
        let mut done = vec![0; counts.len()];
        let steps: Vec<usize> = order
            .iter()
            .map(|&actor| {
                let place = &mut done[usize::from(actor)];
                *place += 1;
                first(actor) + *place - 1
            })
            .collect();
        let mut pairs = Vec::new();
        for (at, &one) in steps.iter().enumerate() {
            pairs.extend(steps[at + 1..].iter().filter(|&&other| touch(one, other)).map(|&other| (one, other)));
        }
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn without_reduction_every_order_is_tried_once() {
        let (mut all, cut) = orders(How::All, &[2, 2, 1], &|_, _| true);
        assert_eq!((all.len(), cut), (30, 0));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 30);
    }

    #[test]
    fn reduction_tries_each_class_once() {
        let counts = [3, 3, 2];
        for pattern in 0u32..200 {
            let mix = |one: usize, other: usize| {
                let (low, high) = (one.min(other), one.max(other));
                (pattern.wrapping_mul(2_654_435_761) >> ((low * 5 + high * 3) % 29)) & 3 == 0
            };
            let (all, _) = orders(How::All, &counts, &mix);
            let (reduced, _) = orders(How::Reduction, &counts, &mix);
            let classes = |found: &[Vec<ActorId>]| {
                let mut classes: Vec<_> = found.iter().map(|order| class(order, &counts, &mix)).collect();
                classes.sort();
                classes
            };
            let mut wanted = classes(&all);
            wanted.dedup();
            assert_eq!(classes(&reduced), wanted, "pattern {pattern}");
        }
    }

    #[test]
    fn steps_that_touch_nothing_need_one_order() {
        let (reduced, cut) = orders(How::Reduction, &[4, 4, 4], &|_, _| false);
        assert_eq!((reduced.len(), cut), (1, 0));
    }

    #[test]
    fn a_bound_of_preemptions_leaves_few_orders() {
        let count = |most| orders(How::Preemptions { most }, &[3, 3], &|_, _| true).0.len();
        assert_eq!([count(0), count(1), count(2), count(9)], [2, 6, 14, 20]);
    }

    #[test]
    fn the_same_seed_gives_the_same_order() {
        let order = |seed| orders(How::Chance { seed }, &[5, 5], &|_, _| true).0;
        assert_eq!(order(1), order(1));
        assert!((2..20).any(|seed| order(seed) != order(1)));
    }
}
