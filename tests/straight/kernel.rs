//! What the real kernel does in an order, it does again when that order's script is saved and run.

use super::{run, run_with};
use ipcscript::journal::{End, Event, Mismatch, Orders};

const HEAD: &str = r#"
setup {
    actor main
    main: id = shmget(IPC_PRIVATE, 4096, 0o600)
    main: p = shmat(id)
    main: set = semget(IPC_PRIVATE, 2, 0o600)
    main: semctl(set, 0, SETALL, [1, 1])
    main: a = fork()
    main: b = fork()
}
"#;

const RACE: &str = "
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
";

const LOCKS: &str = "
    interleave {
        a: semop(set, [{0, -1, 0}])
        a: semop(set, [{1, -1, 0}])
        b: semop(set, [{1, -1, 0}])
        b: semop(set, [{0, -1, 0}])
    }
";

/// What came of the orders of one scenario with these lines.
fn explored(lines: &str) -> (Vec<Orders>, Vec<Mismatch>) {
    let script = format!("{HEAD}\nscenario \"s\" {{\n{lines}\n}}\n");
    let (_, journal) = run_with(&script, &["--report", "json"]);
    let mut orders = Vec::new();
    let mut mismatches = Vec::new();
    for line in journal.lines().filter(|line| line.starts_with('{')) {
        match serde_json::from_str(line).expect("a line is an event") {
            Event::Orders(seen) => orders.push(seen),
            Event::Divergence(mismatch) => mismatches.push(mismatch),
            _ => {}
        }
    }
    assert!(!orders.is_empty() || !mismatches.is_empty(), "{script}\n{journal}");
    (orders, mismatches)
}

#[test]
fn a_claim_made_false_is_reproduced_by_the_order_that_shows_it() {
    // The claim, what the orders say of it, and what the one order says.
    let cases = [
        (RACE, "expect total == 2", "not-always", "expectation-not-met"),
        (RACE, "expect total -> 2", "not-always", "expectation-not-met"),
        (RACE, "expect never total == 1", "not-never", "expectation-not-met"),
        (RACE, "expect never total -> 1 or 7", "not-never", "expectation-not-met"),
        (RACE, "expect never total < 2 and x == y", "not-never", "expectation-not-met"),
        (LOCKS, "expect never deadlock", "deadlock", "left-blocked"),
    ];
    for (steps, claim, code, alone) in cases {
        let (_, mismatches) = explored(&format!("{steps}\n{claim}"));
        let [mismatch] = mismatches.as_slice() else { panic!("{claim}: {mismatches:#?}") };
        assert_eq!(mismatch.code, code, "{claim}");
        let order = mismatch.order.as_ref().unwrap_or_else(|| panic!("{claim}: no order"));
        let (exit, printed) = run(&order.script);
        assert_eq!(exit, 1, "{claim}\n{}\n{printed}", order.script);
        assert!(printed.contains(alone), "{claim}\n{}\n{printed}", order.script);
    }
}

#[test]
fn a_step_that_is_not_met_in_one_order_is_not_met_in_its_script() {
    let steps = "
    interleave {
        a: semop(set, [{0, -1, IPC_NOWAIT}])
        a: semop(set, [{0, +1, IPC_NOWAIT}])
        b: semop(set, [{0, -1, IPC_NOWAIT}])
        b: semop(set, [{0, +1, IPC_NOWAIT}])
    }
";
    let (_, mismatches) = explored(steps);
    assert!(!mismatches.is_empty());
    for mismatch in mismatches {
        let order = mismatch.order.expect("an order");
        let (exit, printed) = run(&order.script);
        assert_eq!(exit, 1, "{}\n{printed}", order.script);
        assert!(printed.contains(&mismatch.code), "{}\n{printed}", order.script);
    }
}

#[test]
fn what_comes_of_an_order_comes_again() {
    let steps = "
    main: c = fork()
    interleave {
        a: q = msgget(7, IPC_CREAT | 0o600)
        a: m = msgrcv(q, 10) -> {mtype: 1} or EIDRM
        b: r = msgget(7, IPC_CREAT | 0o600)
        b: msgsnd(r, {1, \"x\"}) -> ok or EIDRM or EINVAL
        c: semop(set, [{0, -2, 0}]) -> blocks
        main: semctl(set, 0, IPC_RMID)
    }
";
    let (orders, mismatches) = explored(steps);
    let kinds = orders.into_iter().flat_map(|orders| orders.outcomes).map(|kind| (kind.end, kind.example));
    let failing = mismatches.into_iter().filter_map(|mismatch| Some((End::Diverged, *mismatch.order?)));
    let mut seen = 0;
    for (end, order) in kinds.chain(failing) {
        let (exit, printed) = run(&order.script);
        assert_eq!(exit, i32::from(end != End::Complete), "{end:?}\n{}\n{printed}", order.script);
        seen += 1;
    }
    assert!(seen > 1, "only {seen} orders came to something else");
}
