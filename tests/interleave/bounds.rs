//! Bounds and choices: fewer orders, a sample of them, one of them.

use crate::program::{Told, run, text};

const RACE: &str = r#"
scenario "two increments" {
    actor main
    main: id = shmget(IPC_PRIVATE, 4096, 0o600)
    main: p = shmat(id)
    main: a = fork()
    main: b = fork()
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect never total == 0
}
"#;

const LOCK: &str = r#"
scenario "a lock" {
    actor main
    main: lock = semget(IPC_PRIVATE, 1, 0o600)
    main: semctl(lock, 0, SETVAL, 1)
    main: a = fork()
    main: b = fork()
    interleave {
        a: semop(lock, [{0, -1, 0}])
        a: semop(lock, [{0, +1, 0}])
        b: semop(lock, [{0, -1, 0}])
        b: semop(lock, [{0, +1, 0}])
    }
}
"#;

fn passed(words: &[&str]) -> Told {
    let run = run(RACE, words);
    assert_eq!(run.code, 0, "{words:?}: {}", run.report);
    run.only()
}

fn totals(told: &Told) -> Vec<String> {
    told.kinds().iter().map(|kind| text(&kind["values"][0][1])).collect()
}

#[test]
fn all_orders_are_run_without_reduction() {
    let (all, reduced) = (passed(&["--no-reduction"]), passed(&[]));
    assert_eq!((all.run(), &all.orders["of"], &all.orders["choice"]["by"]), (6, &6.into(), &"all".into()));
    assert!(reduced.run() < 6);
    assert_eq!((&reduced.orders["of"], &reduced.orders["choice"]["by"]), (&6.into(), &"reduction".into()));
}

#[test]
fn a_bound_of_preemptions_leaves_orders_out() {
    let told = passed(&["--preemptions", "0"]);
    assert_eq!((told.run(), totals(&told)), (2, vec!["2".to_owned()]));
    let told = passed(&["--preemptions", "1"]);
    assert_eq!((told.run(), totals(&told)), (4, vec!["1".to_owned(), "2".to_owned()]));
    assert_eq!(told.orders["choice"], serde_json::json!({"by": "preemptions", "most": 1}));
    assert!(told.kinds().iter().all(|kind| kind["example"]["preemptions"].as_u64() < Some(2)));
    assert_eq!(passed(&["--preemptions", "9"]).run(), 6);
}

#[test]
fn more_orders_than_are_allowed_are_sampled_by_the_seed() {
    let sample = |seed| passed(&["--no-reduction", "--max-schedules", "5", "--seed", seed]);
    let told = sample("7");
    assert_eq!((told.run(), &told.orders["of"]), (5, &6.into()));
    assert_eq!(told.orders["choice"], serde_json::json!({"by": "sample", "seed": 7}));
    assert_eq!(sample("7").orders, told.orders);
    assert!(["1", "2", "3", "4", "5", "6"].into_iter().any(|seed| sample(seed).orders["outcomes"] != told.orders["outcomes"]));
    // As many as there are, are no sample.
    assert_eq!(passed(&["--no-reduction", "--max-schedules", "6"]).orders["choice"]["by"], "all");
    assert_eq!(passed(&["--max-schedules", "6"]).orders["choice"]["by"], "reduction");
    assert_eq!(passed(&["--max-schedules", "2"]).orders["choice"]["by"], "sample");
}

#[test]
fn a_claim_that_only_a_sample_has_not_shown_says_so() {
    let script = RACE.replace("never total == 0", "sometimes total == 0");
    let run = run(&script, &["--max-schedules", "3", "--seed", "7"]);
    let told = run.only();
    assert_eq!((run.code, told.codes().as_slice()), (1, &["not-sometimes"][..]));
    assert!(text(&told.divergences[0]["why"]).contains("seed 7"), "{}", told.divergences[0]);
}

#[test]
fn one_order_is_run_that_was_asked_for() {
    let told = passed(&["--schedule", "a1 b1 a2 b2"]);
    assert_eq!((told.run(), totals(&told)), (1, vec!["1".to_owned()]));
    assert_eq!(told.kinds()[0]["example"]["schedule"], "a1 b1 a2 b2");
    assert_eq!(told.orders["choice"]["by"], "schedule");
    assert_eq!(passed(&["--schedule", "b1,b2,a1,a2"]).kinds()[0]["example"]["schedule"], "b1 b2 a1 a2");
}

#[test]
fn an_order_that_stops_early_goes_on_with_the_one_who_moved_last() {
    let told = passed(&["--schedule", "a1 b1"]);
    assert_eq!(told.kinds()[0]["example"]["schedule"], "a1 b1 b2 a2");
}

#[test]
fn an_order_that_is_none_says_why() {
    let words = [
        (RACE, "b1 b1", "`b1` stands where `b2` should"),
        (RACE, "a2", "`a2` stands where `a1` should"),
        (RACE, "a1 a2 a3", "`a` has 2 steps inside `interleave`"),
        (RACE, "c1", "`c1` is no step"),
        (RACE, "main1", "`main`"),
        (RACE, "", "an order is written as `a1 b1 a2`"),
        (LOCK, "a1 b1 b2", "`b` cannot take its next step after a1 b1"),
    ];
    for (script, order, message) in words {
        let run = run(script, &["--schedule", order]);
        let told = run.only();
        assert_eq!((run.code, told.codes().as_slice()), (1, &["impossible-order"][..]), "{order}: {}", run.report);
        let seen = text(&told.divergences[0]["message"]);
        assert!(seen.contains(message), "{order}: {seen}");
        assert!(told.orders.is_null(), "{order}");
    }
}
