//! Deep, long and growing scripts: a clear error or none, never a crash.

use super::{Case, assert_cases, fine, said};

pub(super) const CASES: &[Case] = &[
    (
        "too-many-steps",
        "1..100000",
        "this goes through more than 10000 values",
        "repeat less",
        "for i in 1..100000 {\na: getpid()\n}",
    ),
    (
        "too-many-steps",
        "a: getpid()",
        "the scenario has more than 10000 steps once it is expanded",
        "repeat less",
        "for i in 1..80 {\nfor j in 1..80 {\na: getpid()\nb: getpid()\n}\n}",
    ),
    (
        "too-many-steps",
        "y",
        "`each` makes more than 1000 scenarios of this one",
        "fewer values",
        "scenario \"s\" {\neach x in 1..100\neach y in 1..100\n}",
    ),
    (
        "too-many-steps",
        "\"s\"",
        "the scenarios of this title have more than 100000 steps together",
        "give `each` fewer values",
        "scenario \"s\" {\neach x in 1..20\nactor a\nfor i in 1..9000 {\na: getpid()\n}\n}",
    ),
    ("bad-value", "\"x\" * 100000000", "this has no value: it would be larger than 4 MB", "", "a: write(1, \"x\" * 100000000)"),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

fn in_argument(value: &str) -> String {
    format!("a: x = getpid()\na: semget({value})")
}

#[test]
fn a_thousand_operators_have_a_value() {
    fine(&in_argument(&format!("1{}", " + 1".repeat(990))));
    fine(&in_argument(&format!("x{}", " | 1".repeat(990))));
    fine(&in_argument(&format!("{}1", "-".repeat(500))));
    let condition = format!("expect x == 1{}", " and x != 2".repeat(480));
    fine(&format!("a: x = getpid()\n{condition}"));
}

#[test]
fn brackets_sixty_deep_are_read() {
    fine(&format!("a: getpid() -> {}1{}", "(".repeat(60), ")".repeat(60)));
    fine(&format!("a: syscall(1, {}1{})", "[".repeat(60), "]".repeat(60)));
    fine(&format!("a: prctl(99) -> {}_{}", "[".repeat(60), "]".repeat(60)));
}

#[test]
fn blocks_sixty_deep_are_read() {
    let nested = format!("{}a: getpid()\n{}", "if kernel >= 99 {\n".repeat(60), "}\n".repeat(60));
    assert_eq!(fine(&nested)[0].steps.len(), 0);
}

#[test]
fn definitions_that_double_their_arguments_end() {
    let mut text = String::from("def d0(x) = syscall(1, x)\n");
    for level in 1..30 {
        text += &format!("def d{level}(x) = d{}([x, x])\n", level - 1);
    }
    text += "scenario \"s\" {\nactor a\na: d29(1)\n}";
    let said = said(&text);
    assert!(said.iter().any(|line| line.starts_with("endless-definition") && line.contains("becomes too large")), "{said:?}");
}

#[test]
fn definitions_that_deepen_their_arguments_end() {
    let mut text = String::from("def d0(x) = syscall(1, x)\n");
    for level in 1..31 {
        text += &format!("def d{level}(x) = d{}({}x{})\n", level - 1, "[".repeat(50), "]".repeat(50));
    }
    text += "scenario \"s\" {\nactor a\na: d30(1)\n}";
    let said = said(&text);
    assert!(said.iter().any(|line| line.starts_with("endless-definition")), "{said:?}");
}

#[test]
fn constants_that_double_end() {
    let mut text = String::from("const c0 = [1, 1]\n");
    for level in 1..60 {
        text += &format!("const c{level} = [c{0}, c{0}]\n", level - 1);
    }
    text += "scenario \"s\" { actor a }";
    assert!(said(&text).iter().any(|line| line.starts_with("bad-value")));
}

#[test]
fn a_long_chain_of_constants_ends() {
    let mut text = String::new();
    for level in 0..3000 {
        text += &format!("const c{level} = c{}\n", level + 1);
    }
    text += "const c3000 = 1\nscenario \"s\" { actor a }";
    assert!(said(&text).iter().all(|line| line.starts_with("endless-definition")));
}
