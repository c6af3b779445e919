//! What is claimed of a race holds; each claim made false diverges, and the order that shows it says the same alone.

use crate::program::{Run, run, text};

const RACE: &str = include_str!("race.ipcs");
const INCREMENTS: &str = "two increments";
const SAFE: &str = "a semaphore";
const OPPOSITE: &str = "two locks";

#[test]
fn the_claims_hold() {
    let run = run(RACE, &[]);
    assert_eq!(run.code, 0, "{}", run.report);
    let all = run.scenarios();
    let orders = |words: &str| all.iter().find(|(title, _)| title.starts_with(words)).map(|(_, told)| told.outcomes());
    let complete = |total: &str| format!("\"complete\" [[\"total\",\"{total}\"]]");
    assert_eq!(orders(INCREMENTS), Some([complete("1"), complete("2")].into()));
    assert_eq!(orders(SAFE), Some([complete("2")].into()));
    assert_eq!(orders(OPPOSITE), Some(["\"complete\" []".to_owned(), "\"deadlock\" []".to_owned()].into()));
}

#[test]
fn an_example_of_each_outcome_does_the_same_when_it_is_saved_and_run() {
    for told in run(RACE, &[]).scenarios().values() {
        for kind in told.kinds() {
            let script = text(&kind["example"]["script"]);
            let alone = run(&script, &[]);
            let (code, codes): (i32, &[&str]) = if kind["end"] == "deadlock" { (1, &["left-blocked"]) } else { (0, &[]) };
            assert_eq!((alone.code, alone.only().codes().as_slice()), (code, codes), "{script}");
        }
    }
}

#[test]
fn a_false_claim_about_some_order_diverges_with_no_order() {
    let seen = shown_by_none(INCREMENTS, "sometimes total == 2", "sometimes total == 3");
    assert!(seen.contains("`total` is 1 in 2 orders") && seen.contains("`total` is 2 in 2 orders"), "{seen}");
    shown_by_none(INCREMENTS, "never total == 0", "sometimes total == 0");
    shown_by_none(INCREMENTS, "never total == 0", "sometimes deadlock");
    shown_by_none(SAFE, "expect total == 2", "expect sometimes total == 1");
    shown_by_none(SAFE, "expect never deadlock", "expect sometimes deadlock");
}

#[test]
fn a_false_claim_about_all_orders_diverges_with_an_order_that_shows_it() {
    shown(INCREMENTS, "sometimes total == 2", "never total == 2", "not-never", "expectation-not-met");
    shown(INCREMENTS, "sometimes total == 1", "never total == 1", "not-never", "expectation-not-met");
    shown(INCREMENTS, "never total == 0", "total == 2", "not-always", "expectation-not-met");
    shown(INCREMENTS, "never total == 0", "total == 0", "not-always", "expectation-not-met");
    shown(SAFE, "expect total == 2", "expect total == 1", "not-always", "expectation-not-met");
    shown(SAFE, "expect total == 2", "expect never total == 2", "not-never", "expectation-not-met");
}

#[test]
fn an_outcome_inside_that_does_not_come_in_every_order_diverges_with_an_order_that_shows_it() {
    shown(INCREMENTS, "b: y = load(p, u32)", "b: y = load(p, u32) -> 0", "wrong-value", "wrong-value");
    shown(SAFE, "b: y = load(p, u32)", "b: y = load(p, u32) -> 1", "wrong-value", "wrong-value");
    shown(SAFE, "b: semop(lock, [{0, -1, 0}])", "b: semop(lock, [{0, -1, IPC_NOWAIT}])", "fails-instead", "fails-instead");
}

#[test]
fn a_deadlock_that_is_not_expected_diverges_with_an_order_that_ends_so() {
    shown(OPPOSITE, "expect sometimes deadlock", "expect never deadlock", "deadlock", "left-blocked");
    shown(OPPOSITE, "    expect sometimes deadlock\n", "", "deadlock", "left-blocked");
    let kept = "a: store(p, u32, x + 1)\n        a: semop(lock, [{0, +1, 0}])";
    shown(SAFE, kept, "a: store(p, u32, x + 1)", "deadlock", "left-blocked");
}

#[test]
fn that_all_orders_deadlock_diverges_with_one_that_does_not() {
    for (title, claim) in [(OPPOSITE, "expect sometimes deadlock"), (SAFE, "expect never deadlock")] {
        let script = changed(title, claim, "expect deadlock");
        let told = diverged(&run(&script, &[]), "not-always");
        // Nothing is wrong with that order itself, so its script passes.
        let order = &told["order"];
        assert_eq!(run(&text(&order["script"]), &[]).code, 0, "{order}");
        diverged(&run(&script, &["--schedule", &text(&order["schedule"])]), "not-always");
    }
}

/// The scenario whose title begins so, alone, with something else in it.
#[track_caller]
fn changed(title: &str, from: &str, to: &str) -> String {
    let mut parts = RACE.split("scenario \"");
    let setup = parts.next().unwrap_or("");
    let scenario = parts.find(|part| part.starts_with(title)).unwrap_or_else(|| panic!("no scenario {title}"));
    assert!(scenario.contains(from), "no `{from}` in {title}");
    format!("{setup}scenario \"{}", scenario.replacen(from, to, 1))
}

/// The divergence of a run that has this code. A step that is not met may leave claims without an order that shows them.
#[track_caller]
fn diverged(run: &Run, code: &str) -> serde_json::Value {
    let told = run.only();
    assert_eq!((run.code, told.status.as_str()), (1, "diverged"), "{}", run.report);
    let with_code = told.divergences.iter().find(|one| one["code"] == code);
    with_code.unwrap_or_else(|| panic!("no {code}: {}", run.report)).clone()
}

/// With `to` instead of `from` no order is as claimed; gives what was seen instead.
#[track_caller]
fn shown_by_none(title: &str, from: &str, to: &str) -> String {
    let told = diverged(&run(&changed(title, from, to), &[]), "not-sometimes");
    assert!(told["order"].is_null(), "no order can show what none does: {told}");
    text(&told["seen"])
}

/// With `to` instead of `from` an order diverges with `code`, again when it is asked for; and its script with `alone`.
#[track_caller]
fn shown(title: &str, from: &str, to: &str, code: &str, alone: &str) {
    let script = changed(title, from, to);
    let told = diverged(&run(&script, &[]), code);
    let order = &told["order"];
    let (schedule, saved) = (text(&order["schedule"]), text(&order["script"]));
    assert!(!schedule.is_empty(), "an order shows it: {told}");
    diverged(&run(&saved, &[]), alone);
    let again = diverged(&run(&script, &["--schedule", &schedule]), code);
    assert_eq!((&again["line"], &again["order"]), (&told["line"], order), "{schedule}");
}
