//! Generated scenarios: the orders that reduction leaves come to the same outcomes as all orders, and each outcome's script shows it.

use crate::generator::{pairs, scenario};
use crate::program::{Run, Told, run, text};
use std::collections::BTreeSet;

/// The most orders of a scenario of the ordinary test run.
const ORDERS: u64 = 250;

/// `GENERATED=n SEED=s` runs n scenarios of another chance, and twice, `ORDERS=n` allows as many orders for each.
#[test]
fn reduction_and_brute_force_find_the_same_outcomes() {
    let (count, seed) = (number("GENERATED", 20), number("SEED", 1));
    let mut chance = fastrand::Rng::with_seed(seed);
    let scenarios: Vec<String> =
        (0..count).map(|number| scenario(&format!("g{number:03}"), self::number("ORDERS", ORDERS), &mut chance)).collect();
    find_the_same(seed, &scenarios);
}

/// `PAIRS=n SEED=s` tries n pairs of another chance, of about a thousand.
#[test]
fn two_steps_go_together_only_where_their_order_makes_no_difference() {
    let (count, seed) = (number("PAIRS", 40), number("SEED", 1));
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut scenarios = pairs(&mut chance);
    chance.shuffle(&mut scenarios);
    scenarios.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    find_the_same(seed, &scenarios);
}

fn find_the_same(seed: u64, scenarios: &[String]) {
    let script = scenarios.join("\n");
    let (all, reduced) = (run(&script, &["--no-reduction"]), run(&script, &[]));
    let mut wrong = differences(scenarios, &all, &reduced);
    wrong.extend(examples(scenarios, &reduced));
    let by_hand = std::env::var_os("GENERATED").is_some();
    if by_hand && run(&script, &["--jobs", "1"]).report != reduced.report {
        wrong.push("two runs have not said the same".into());
    }
    assert!(wrong.is_empty(), "seed {seed}: {} of {}\n\n{}", wrong.len(), scenarios.len(), wrong.join("\n\n"));
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn differences(scenarios: &[String], all: &Run, reduced: &Run) -> Vec<String> {
    let (all_told, reduced_told) = (all.scenarios(), reduced.scenarios());
    assert!(!all_told.is_empty(), "{}", all.errors);
    let mut wrong = Vec::new();
    let (mut sums, mut kinds) = ((0, 0), 0);
    for script in scenarios {
        let title = script.split('"').nth(1).unwrap_or("");
        let (Some(every), Some(few)) = (all_told.get(title), reduced_told.get(title)) else {
            wrong.push(format!("{title} was not run\n{script}"));
            continue;
        };
        println!("{title}: {:4} orders, {:4} with reduction, {:2} outcomes", every.run(), few.run(), every.outcomes().len());
        sums = (sums.0 + every.run(), sums.1 + few.run());
        kinds += every.outcomes().len();
        wrong.extend(difference(script, every, few));
    }
    println!("in all: {} orders, {} with reduction, {kinds} outcomes", sums.0, sums.1);
    wrong
}

fn difference(script: &str, all: &Told, reduced: &Told) -> Option<String> {
    for told in [all, reduced] {
        if !matches!(told.status.as_str(), "passed" | "diverged") || told.run() == 0 {
            return Some(format!("{}: {}\n{script}", told.status, told.reason));
        }
    }
    let (every, few) = (all.outcomes(), reduced.outcomes());
    let list = |set: BTreeSet<&String>| set.into_iter().map(|one| format!("    {one}\n")).collect::<String>();
    let (missing, more) = (list(every.difference(&few).collect()), list(few.difference(&every).collect()));
    (every != few).then(|| format!("{script}missing with reduction:\n{missing}only with reduction:\n{more}"))
}

/// Runs the scripts of all examples; gives those that do something else.
fn examples(scenarios: &[String], run_of: &Run) -> Vec<String> {
    let told = run_of.scenarios();
    let mut scripts = Vec::new();
    for title in scenarios.iter().filter_map(|script| script.split('"').nth(1)) {
        for kind in told.get(title).map_or(&[][..], Told::kinds) {
            let script = text(&kind["example"]["script"]);
            if let Some(name) = script.split('"').nth(1).filter(|_| kind["end"] != "diverged") {
                scripts.push((name.to_owned(), text(&kind["end"]), script.clone()));
            }
        }
    }
    let all: Vec<&str> = scripts.iter().map(|(.., script)| script.as_str()).collect();
    let again = run(&all.join("\n"), &[]);
    let told = again.scenarios();
    let mut wrong = Vec::new();
    for (name, end, script) in &scripts {
        let Some(told) = told.get(name) else {
            wrong.push(format!("{name} was not run: {}\n{script}", again.errors));
            break;
        };
        let codes = told.codes();
        let wanted: &[&str] = if end == "deadlock" { &["left-blocked"] } else { &[] };
        // Who is stopped takes no step, so an order may end there. A script need not speak of it, and has nobody blocked.
        let stops = end == "deadlock" && codes.is_empty() && script.contains("SIGSTOP");
        if codes != wanted && !stops {
            wrong.push(format!("a script of an order that was {end} comes to {codes:?}: {}\n{script}", told.reason));
        }
    }
    println!("{} scripts of orders", scripts.len());
    wrong
}
