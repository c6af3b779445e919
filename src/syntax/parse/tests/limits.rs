//! Scripts that nobody writes: too deep, too long, not text.

use super::{codes, within};

/// The codes alone.
fn only(text: &str) -> Vec<&'static str> {
    codes(text).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn brackets_nest_up_to_a_bound() {
    let nested = |depth: usize| within(&format!("a: f({}1{})", "[".repeat(depth), "]".repeat(depth)));
    assert_eq!(only(&nested(63)), [""; 0]);
    assert_eq!(only(&nested(64)), ["nested-too-deep"]);
    assert_eq!(only(&nested(100_000)), ["nested-too-deep"]);
    assert_eq!(only(&within(&format!("a: f({}", "(".repeat(100_000)))), ["nested-too-deep"]);
}

#[test]
fn blocks_nest_up_to_a_bound() {
    let nested = |depth: usize| within(&format!("{}{}", "if x {\n".repeat(depth), "}\n".repeat(depth)));
    assert_eq!(only(&nested(63)), [""; 0]);
    assert_eq!(only(&nested(64)), ["nested-too-deep"]);
    assert_eq!(only(&nested(20_000)), ["nested-too-deep"]);
}

#[test]
fn operators_are_counted_on_the_way_to_the_deepest_part() {
    let sum = |count: usize| format!("{}1", "1 + ".repeat(count));
    assert_eq!(only(&within(&format!("a: f({})", sum(1000)))), [""; 0]);
    assert_eq!(only(&within(&format!("a: f({})", sum(1001)))), ["too-many-operators"]);
    assert_eq!(only(&within(&format!("a: f({}, {})", sum(1000), sum(1000)))), [""; 0]);
    assert_eq!(only(&within(&format!("a: f(({}) * ({}))", sum(600), sum(600)))), [""; 0]);
    let deep = format!("{}1{}", format!("(({}) + ", sum(0)).repeat(30), ")".repeat(30));
    assert_eq!(only(&within(&format!("a: f({deep})"))), [""; 0]);
    let deep = format!("{}1{}", format!("({} + ", sum(100)).repeat(30), ")".repeat(30));
    assert_eq!(only(&within(&format!("a: f({deep})"))), ["too-many-operators"]);
    assert_eq!(only(&within(&format!("a: f(x{})", ".y".repeat(1001)))), ["too-many-operators"]);
    assert_eq!(only(&within(&format!("a: f({}1)", "-".repeat(1001)))), ["too-many-operators"]);
}

#[test]
fn a_statement_has_a_greatest_length_and_a_comment_has_none() {
    assert_eq!(only(&within(&format!("a: f(\"{}\")", "x".repeat(200_000)))), [""; 0]);
    assert_eq!(only(&within(&format!("a: f(\"{}\")", "x".repeat(1 << 20)))), ["statement-too-long"]);
    assert_eq!(only(&within(&format!("a: f() # {}", "x".repeat(1 << 20)))), [""; 0]);
    assert_eq!(only(&within(&format!("a: f({})", "(}".repeat(1 << 19)))), ["mismatched-bracket"]);
}

#[test]
fn what_is_no_text_is_told_once_a_line() {
    assert_eq!(only("\0\0\0\n\0"), ["nul-byte", "nul-byte"]);
    assert_eq!(codes(&within("a: f(\"x\0y\")")), [("nul-byte", "\0".to_owned())]);
    assert_eq!(only("scenario \"x\" {\r    actor a\r}\r"), ["lone-carriage-return"]);
    assert_eq!(only(&within("a: f(\"x\ry\")")), ["lone-carriage-return"]);
}

#[test]
fn a_long_script_keeps_all_its_steps() {
    let lines = "    a: semop(lock, [{0, -1, SEM_UNDO}])  -> EINVAL\n".repeat(2_000);
    let (file, diagnostics) = super::super::parse(&crate::text::Source::new("long.ipcs", &within(&lines)), 0);
    assert!(diagnostics.is_empty());
    assert_eq!(super::scenario(&file).body.len(), 2_000);
}
