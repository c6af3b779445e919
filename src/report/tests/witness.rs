//! What the human report shows of a scenario with several orders.

use super::orders::{kind, race};
use super::timeline::{LOST_UPDATE, steps};
use super::{Kept, begun, place, replay, surprise, verdict};
use crate::journal::{Choice, End, Event, Mismatch, Order, Orders, Status};
use crate::report::Style;
use crate::report::human::{Detail, human};
use unicode_width::UnicodeWidthStr;

const SCRIPT: &str = "scenario \"two increments\" {\n    actor a, b\n\n    a: pause()\n}\n";

fn order(schedule: &str, preemptions: u32) -> Order {
    Order { schedule: schedule.into(), preemptions, steps: steps(LOST_UPDATE), script: SCRIPT.into() }
}

fn divergence(code: &str, order: Order) -> Event {
    let labels = vec![place("EINVAL", "here `total` is 1")];
    Event::Divergence(Mismatch { code: code.into(), order: Some(Box::new(order)), ..surprise(labels) })
}

fn orders() -> Event {
    Event::Orders(Orders { run: 6, of: Some(6), choice: Choice::All, outcomes: race() })
}

fn drawn(events: &[Event], total: usize, detail: Detail) -> String {
    let out = Kept::default();
    replay(human(Box::new(out.clone()), None, total, detail, Style::PLAIN).as_mut(), events);
    out.text()
}

const HISTOGRAM: &str = "
  each of 6 orders was run

  total  orders                                  for example
      1       4  ██████████████████████████████  a1 b1 a2 b2
      2       2  ███████████████                 a1 a2 b1 b2

";

#[test]
fn a_divergence_comes_with_its_order_and_all_orders_come_last() {
    let events = [
        begun("races"),
        divergence("not-always", order("a1 b1 a2 b2", 1)),
        orders(),
        verdict("races", Status::Diverged, Some("not-always")),
    ];
    let page = drawn(&events, 9, Detail::Sparse);
    let start = page.find("  in the order").expect("the order is named");
    assert!(page[..start].starts_with("diverged semns.ipcs::races\n\nnot-always\n\n"), "{page}");
    let expected = r#"
  in the order a1 b1 a2 b2 (1 preemption):

      main                     a                        b
   3  shmget(IPC_PRIVATE, 4096, 0o600)
   4  shmat(id)
   5  semget(IPC_PRIVATE, 1, 0o600)
   6  semctl(lock, 0, SETVAL, 1)
   7  fork()
   8  fork()
  13                           load(p, u32) -> 0
  15                                                    load(p, u32) -> 0
  14                           store(p, u32, x + 1)
  16                                                    store(p, u32, y + 1)
  18  load(p, u32) -> 1
  19  ── expect total == 2 -> does not hold ────────────────────────────────────

  a script that does the same, to save and run:

scenario "two increments" {
    actor a, b

    a: pause()
}

  each of 6 orders was run

  total  orders                                  for example
      1       4  ██████████████████████████████  a1 b1 a2 b2
      2       2  ███████████████                 a1 a2 b1 b2

0 passed, 0 skipped, 1 diverged in 0.91 s
"#;
    assert_eq!(page[start..], expected[1..]);
}

#[test]
fn an_order_that_shows_several_divergences_is_drawn_once() {
    let events = [
        begun("races"),
        divergence("not-always", order("a1 b1 a2 b2", 1)),
        divergence("not-never", order("a1 b1 a2 b2", 1)),
        divergence("not-always", Order { script: "another\n".into(), ..order("a1 b1 a2 b2", 1) }),
        divergence("not-always", Order { steps: Vec::new(), ..order("b1 a1 b2 a2", 2) }),
        verdict("races", Status::Diverged, Some("not-always")),
    ];
    let page = drawn(&events, 1, Detail::Sparse);
    assert_eq!(page.matches("diverged semns.ipcs::races").count(), 1, "{page}");
    assert_eq!(page.matches("      main ").count(), 1, "{page}");
    assert_eq!(page.matches("in the order a1 b1 a2 b2 (1 preemption), drawn above\n").count(), 2, "{page}");
    assert_eq!(page.matches("scenario \"two increments\" {\n").count(), 1, "{page}");
    assert!(page.contains("drawn above\n\n  a script that does the same, to save and run:\n\nanother\n\n"), "{page}");
    assert!(page.contains("in the order b1 a1 b2 a2 (2 preemptions):\n\n"), "{page}");
}

#[test]
fn orders_that_went_well_are_shown_to_who_asks_for_nothing_else() {
    let events = [begun("races"), orders(), verdict("races", Status::Passed, None)];
    let alone = drawn(&events, 1, Detail::Sparse);
    assert!(alone.starts_with(&format!("passed semns.ipcs::races\n{HISTOGRAM}1 passed")), "{alone}");
    // Whether there is anything else the journal tells, not who began the run: it is the same when it is replayed.
    assert_eq!(drawn(&events, 0, Detail::Sparse), alone);
    assert!(drawn(&[&events[..], &events[..]].concat(), 2, Detail::Sparse).starts_with("2 passed"));
    let traced = drawn(&events, 2, Detail::Trace);
    assert!(traced.starts_with(&format!("semns.ipcs::races\n{}1 passed", &HISTOGRAM[1..])), "{traced}");
}

#[test]
fn a_trace_draws_an_order_of_each_kind() {
    let mut outcomes = race();
    outcomes[0].example = order("a1 b1 a2 b2", 1);
    outcomes.push(kind(&[("total", "-")], End::Deadlock, 1, "b1 a1 a2 b2"));
    outcomes[2].example = order("b1 a1 a2 b2", 0);
    let all = Event::Orders(Orders { run: 7, of: Some(7), choice: Choice::Reduction, outcomes });
    let events = [begun("races"), all.clone(), verdict("races", Status::Passed, None)];
    let page = drawn(&events, 2, Detail::Trace);
    assert_eq!(page.matches("      main ").count(), 2, "{page}");
    assert!(page.contains("\n\n  total = 1, in the order a1 b1 a2 b2 (1 preemption):\n\n      main "), "{page}");
    assert!(page.contains("\n\n  deadlock, in the order b1 a1 a2 b2 (no preemption):\n\n      main "), "{page}");
    assert!(page.lines().all(|line| line.width() <= 80), "{page}");
    // What a divergence has shown is not drawn again.
    let shown = divergence("not-always", order("a1 b1 a2 b2", 1));
    let events = [begun("races"), all, shown, verdict("races", Status::Diverged, Some("not-always"))];
    let page = drawn(&events, 2, Detail::Trace);
    assert_eq!(page.matches("      main ").count(), 2, "{page}");
    assert!(!page.contains("total = 1, in the order"), "{page}");
}

#[test]
fn controls_of_a_schedule_and_of_a_script_stay_inside() {
    let bad = Order { schedule: "\x1b[2Ja1".into(), script: "a\x1b]0;x\x07\r\n\tb\n".into(), ..order("", 0) };
    let events = [begun("races"), divergence("not-always", bad), verdict("races", Status::Diverged, None)];
    let page = drawn(&events, 2, Detail::Sparse);
    assert!(!page.contains(|c: char| c.is_control() && !"\n\t".contains(c)), "{page:?}");
    assert!(page.contains("\n\na␛]0;x␇\n\tb\n\n"), "{page:?}");
    assert!(page.contains("in the order ␛[2Ja1 (no preemption):"), "{page}");
}
