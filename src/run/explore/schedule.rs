//! Orders as people write them: `a1 b1 a2`, each step by its actor and its place among that actor's steps inside `interleave`.

use crate::scenario::{ActorId, Scenario, What};

/// The text of an order.
pub fn write(scenario: &Scenario, schedule: &[ActorId]) -> String {
    let mut counts = vec![0usize; scenario.actors.len()];
    let words = schedule.iter().map(|&actor| {
        let place = usize::from(actor);
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
        let name = scenario.actors.get(place).map_or("?", |actor| actor.name.as_str());
        format!("{name}{}", counts.get(place).copied().unwrap_or(0))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Reads the text of an order.
///
/// # Errors
///
/// What is wrong with it.
pub fn read(scenario: &Scenario, text: &str) -> Result<Vec<ActorId>, String> {
    let free = free_steps(scenario);
    let mut counts = vec![0usize; scenario.actors.len()];
    let mut schedule = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let readings: Vec<(usize, usize)> = scenario
            .actors
            .iter()
            .enumerate()
            .filter_map(|(place, actor)| Some((place, word.strip_prefix(actor.name.as_str())?.parse::<usize>().ok()?)))
            .collect();
        // `a12` may be the twelfth step of `a`, or the second of `a1`.
        let next = |(place, number): &&(usize, usize)| counts.get(*place).is_some_and(|count| count + 1 == *number);
        let Some(&(place, number)) = readings.iter().find(next).or(readings.first()) else {
            let names: Vec<&str> = scenario
                .actors
                .iter()
                .zip(&free)
                .filter(|(_, steps)| **steps > 0)
                .map(|(actor, _)| actor.name.as_str())
                .collect();
            return Err(format!(
                "`{word}` is no step: an order is written as `a1 b1 a2`; inside `interleave` are steps of {}",
                names.join(", ")
            ));
        };
        let (Some(count), Some(&most)) = (counts.get_mut(place), free.get(place)) else { continue };
        *count += 1;
        let name = &scenario.actors[place].name;
        if number != *count {
            return Err(format!("`{word}` stands where `{name}{count}` should: an actor keeps its own order"));
        }
        if number > most {
            return Err(format!("`{name}` has {most} steps inside `interleave`, and `{word}` is one more"));
        }
        schedule.push(ActorId::try_from(place).unwrap_or(ActorId::MAX));
    }
    if schedule.is_empty() { Err("an order is written as `a1 b1 a2`".into()) } else { Ok(schedule) }
}

/// How many orders there are of the free steps, as many as could be if none had to wait; `None` where a `u64` cannot hold it.
pub fn count(scenario: &Scenario) -> Option<u64> {
    let mut all: u64 = 1;
    for block in &scenario.interleavings {
        let mut counts = vec![0u64; scenario.actors.len()];
        for step in scenario.steps.get(block.clone()).unwrap_or(&[]) {
            if let What::Call(call) = &step.what
                && let Some(count) = counts.get_mut(usize::from(call.actor))
            {
                *count += 1;
            }
        }
        let mut placed = 0u64;
        for count in counts {
            // Choose the places of this actor's steps among those of the actors so far: a product of fractions that stays whole.
            let mut ways: u128 = 1;
            for taken in 1..=count {
                ways = ways.checked_mul(u128::from(placed + taken))? / u128::from(taken);
            }
            placed += count;
            all = all.checked_mul(u64::try_from(ways).ok()?)?;
        }
    }
    Some(all)
}

fn free_steps(scenario: &Scenario) -> Vec<usize> {
    let mut counts = vec![0; scenario.actors.len()];
    for step in scenario.interleavings.iter().flat_map(|block| scenario.steps.get(block.clone()).unwrap_or(&[])) {
        if let What::Call(call) = &step.what
            && let Some(count) = counts.get_mut(usize::from(call.actor))
        {
            *count += 1;
        }
    }
    counts
}
