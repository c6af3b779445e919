//! Sets of orders made by hand, and the histograms that are printed of them.

use super::ascii;
use crate::journal::{Choice, End, Kind, Order, Orders};
use crate::report::orders::orders;
use crate::report::{Colour, Style};

pub fn kind(values: &[(&str, &str)], end: End, orders: u64, schedule: &str) -> Kind {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Kind { values, end, orders, example: Order { schedule: schedule.into(), ..Order::default() } }
}

pub fn race() -> Vec<Kind> {
    vec![kind(&[("total", "1")], End::Complete, 4, "a1 b1 a2 b2"), kind(&[("total", "2")], End::Complete, 2, "a1 a2 b1 b2")]
}

fn print(run: u64, of: Option<u64>, choice: Choice, outcomes: Vec<Kind>, style: Style) -> String {
    orders(&Orders { run, of, choice, outcomes }, style)
}

fn narrow() -> Style {
    Style { width: 40, ..Style::PLAIN }
}

#[test]
fn each_kind_has_a_row_with_its_values_its_number_and_one_of_its_orders() {
    let page = r#"
  each of 6 orders was run

  total  orders                                  for example
      1       4  ██████████████████████████████  a1 b1 a2 b2
      2       2  ███████████████                 a1 a2 b1 b2
"#;
    assert_eq!(print(6, Some(6), Choice::All, race(), Style::PLAIN), &page[1..]);
}

#[test]
fn deadlocks_are_marked_and_where_nothing_else_tells_orders_apart_the_complete_are_too() {
    let kinds = vec![
        kind(&[], End::Complete, 1200, "a1 a2 a3 a4 b1 b2 b3 b4"),
        kind(&[], End::Deadlock, 34, "a1 b1 a2 b2"),
        kind(&[], End::Diverged, 1, "b1 a1 a2"),
    ];
    let page = r#"
  1,235 of at most 3,432 orders were run: each stands for all that differ from
  it only in the order of steps that touch no common object

            orders                                  for example
  complete   1,200  ##############################  a1 a2 a3 a4 b1 b2 b3 b4
  deadlock      34  #                               a1 b1 a2 b2
  diverged       1  #                               b1 a1 a2
"#;
    assert_eq!(print(1235, Some(3432), Choice::Reduction, kinds, ascii()), &page[1..]);
}

fn mixed() -> Vec<Kind> {
    let text = ("text", "\"a long value of many words\x1b[2J, and more\"");
    vec![
        kind(&[("x", "1"), ("語", "語語"), text], End::Complete, 4_900, "producer1 producer2 consumer1 consumer2"),
        kind(&[("x", "-"), ("語", "-"), ("text", "-")], End::Deadlock, 100, "producer1 consumer1 consumer2"),
    ]
}

#[test]
fn a_long_value_is_cut_and_a_long_order_stands_below() {
    let page = r#"
  5,000 of at most 9,075,135,300 orders were run, by chance (seed 1): what they
  do not show may still happen

  x    語                  text            orders
  1  語語  "a long value of ma…  complete   4,900  ██████████
    producer1 producer2 consumer1 consumer2
  -     -                     -  deadlock     100  ▏
    producer1 consumer1 consumer2
"#;
    assert_eq!(print(5000, Some(9_075_135_300), Choice::Sample { seed: 1 }, mixed(), Style::PLAIN), &page[1..]);
}

#[test]
fn what_is_too_wide_for_a_table_is_a_list() {
    let page = r#"
  5,000 orders were run, of more than
  10^19, with 2 preemptions at most:
  what they do not show may still happen

  4,900  ██████████  complete
         x = 1, 語 = 語語, text = "a
         long value of many words␛[2J,
         and more"
    100  ▏           deadlock
         x = -, 語 = -, text = -
"#;
    assert_eq!(print(5000, None, Choice::Preemptions { most: 2 }, mixed(), narrow()), &page[1..]);
}

#[test]
fn a_comparison_is_no_name_of_its_result() {
    let values: Vec<(String, &str)> = (0..9).map(|n| (format!("first{n} == second{n}"), "no")).collect();
    let mut values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    values.push(("total", "1"));
    let page = print(1, None, Choice::Schedule, vec![kind(&values, End::Complete, 1, "a1")], Style::PLAIN);
    assert!(page.contains("first8 == second8: no, total = 1\n"), "{page}");
}

#[test]
fn a_narrow_page_has_shorter_bars() {
    let page = r#"
  each order was run: 20; if no step had
  to wait for another, there would be 70

  total  orders              for example
      1       4  ██████████  a1 b1 a2 b2
      2       2  █████       a1 a2 b1 b2
"#;
    assert_eq!(print(20, Some(70), Choice::All, race(), narrow()), &page[1..]);
}

#[test]
fn only_the_most_frequent_of_many_kinds_are_listed() {
    let kinds: Vec<Kind> = (0..1030).map(|n| kind(&[("n", &n.to_string())], End::Complete, 2000 - n, "a1")).collect();
    let page = print(1_513_585, None, Choice::Interrupted, kinds, Style::PLAIN);
    assert!(page.starts_with("  interrupted: 1,513,585 orders were run, of more than 10^19;"), "{page}");
    assert!(page.contains("\n  19   1,981  █"), "{page}");
    assert!(page.ends_with("▋  a1\n  … and 1,010 more kinds, of 1,490,255 orders together\n"), "{page}");
}

#[test]
fn the_headline_says_which_orders_were_run_and_of_how_many() {
    let cases = [
        (1, Some(1), Choice::All, "there is one order, and it was run"),
        (70, Some(70), Choice::Reduction, "each of 70 orders was run"),
        (70, Some(70), Choice::Preemptions { most: 9 }, "each of 70 orders was run"),
        (
            1,
            Some(6),
            Choice::Reduction,
            "1 of at most 6 orders was run: each stands for all that differ from it only in the order of steps that touch no common object",
        ),
        (
            2,
            Some(70),
            Choice::Preemptions { most: 0 },
            "2 of at most 70 orders were run, without a preemption: what they do not show may still happen",
        ),
        (
            9,
            Some(70),
            Choice::Preemptions { most: 1 },
            "9 of at most 70 orders were run, with 1 preemption at most: what they do not show may still happen",
        ),
        (1, Some(70), Choice::Schedule, "1 of at most 70 orders was run, the one that was asked for"),
        (1, None, Choice::Schedule, "1 order was run, of more than 10^19, the one that was asked for"),
        (
            0,
            Some(70),
            Choice::Interrupted,
            "interrupted: 0 of at most 70 orders were run; what they do not show may still happen",
        ),
    ];
    for (run, of, choice, text) in cases {
        let page = print(run, of, choice, Vec::new(), Style { width: 200, ..Style::PLAIN });
        assert_eq!(page, format!("  {text}\n"));
    }
}

#[test]
fn colour_changes_no_word_of_a_histogram() {
    let coloured = print(6, Some(6), Choice::All, mixed(), Style { colour: Colour::On, ..Style::PLAIN });
    let bare: String = coloured.split("\x1b[").map(|piece| piece.split_once('m').map_or(piece, |(_, text)| text)).collect();
    assert!(coloured.contains("\x1b[33mdeadlock\x1b[0m"), "{coloured:?}");
    assert_eq!(bare, print(6, Some(6), Choice::All, mixed(), Style::PLAIN));
}
