//! Orders of small scripts, printed.

use super::{Judged, body, diverges, passes, told};

const RACE: &str = r#"
setup {
    actor main
    main: id = shmget(IPC_PRIVATE, 4096, 0o600)
    main: p = shmat(id)
    main: a = fork()
    main: b = fork()
}

## Nobody locks.
scenario "two increments" {
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect sometimes total == 2
    expect sometimes total == 1
    expect never total == 0
    expect never total == 1 and x == y
    expect never total -> 1..1
    expect total > 0
}
"#;

#[test]
fn an_order_is_a_script_of_its_own() {
    let text = told(&[("race.ipcs", RACE)], &["a1 b1 a2 b2"], Judged::Nothing);
    let expected = r#"## Nobody locks.
scenario "two increments (in the order a1 b1 a2 b2)" {
    actor main

    main: id = shmget(IPC_PRIVATE, 4096, 0o600)
    main: p = shmat(id)
    main: a = fork()
    main: b = fork()
    a: x = load(p, u32)
    b: y = load(p, u32)
    a: store(p, u32, x + 1)
    b: store(p, u32, y + 1)
    main: total = load(p, u32)
}
"#;
    assert_eq!(text, expected);
    passes(&text);
}

#[test]
fn an_order_is_held_to_one_claim() {
    let claims = [
        ("expect total == 2", false),
        ("expect total == 1", true),
        ("expect total != 0", true),
        ("expect not (total == 1 and x == y)", false),
        ("expect total -> not 1..1", false),
        ("expect total > 0", true),
    ];
    let first = 9;
    for (at, (line, holds)) in claims.iter().enumerate() {
        let text = told(&[("race.ipcs", RACE)], &["a1 b1 a2 b2"], Judged::One(first + at));
        assert_eq!(body(&text).last(), Some(line));
        if *holds { passes(&text) } else { diverges(&text, "expectation-not-met") }
    }
    let text = told(&[("race.ipcs", RACE)], &["a1 a2 b1 b2"], Judged::Always);
    assert_eq!(body(&text).last(), Some(&"expect total > 0"));
    passes(&text);
}
