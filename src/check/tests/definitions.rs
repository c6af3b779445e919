//! `const`, `def`, `include`.

use super::{Case, assert_cases, checked_with, fine};
use crate::scenario::{Expr, What};
use crate::value::Value;

pub(super) const CASES: &[Case] = &[
    (
        "endless-definition",
        "A",
        "the value of `A` leads back to itself, or too deep",
        "write one of these values out",
        "const A = B\nconst B = A\nscenario \"s\" { actor a }",
    ),
    (
        "endless-definition",
        "Q",
        "`Q` leads back to itself, or too deep",
        "let one of them name a call",
        "def Q(x) = Q([x])\nscenario \"s\" { actor a }",
    ),
    (
        "already-bound",
        "A",
        "`A` is defined twice",
        "give one of them another",
        "const A = 1\nconst A = 2\nscenario \"s\" { actor a }",
    ),
    (
        "already-bound",
        "semop",
        "`semop` is a call already",
        "a name of its own",
        "def semop(x) = semget(x)\nscenario \"s\" { actor a }",
    ),
    ("already-bound", "x", "`D` has two parameters `x`", "", "def D(x, x) = semget(x)\nscenario \"s\" { actor a }"),
    (
        "already-bound",
        "key",
        "`key` has a meaning already",
        "such as `key2`",
        "const key = 1\nscenario \"s\" {\nactor a\na: key = getpid()\n}",
    ),
    (
        "unknown-name",
        "nowhere",
        "unknown name `nowhere`",
        "const nowhere",
        "def T(x) = semget(x, nowhere)\nscenario \"s\" { actor a }",
    ),
    (
        "wrong-arity",
        "P()",
        "`P` is given too few arguments",
        "the call is",
        "def P(x) = semget(x)\nscenario \"s\" {\nactor a\na: P()\n}",
    ),
    (
        "wrong-arity",
        "3",
        "`P` takes 1 arguments, not 2",
        "the call is",
        "def P(x) = semget(x)\nscenario \"s\" {\nactor a\na: P(1, 3)\n}",
    ),
    (
        "same-title",
        "\"s\"",
        "two scenarios are called \"s\"",
        "give each its own",
        "scenario \"s\" { actor a }\nscenario \"s\" { actor a }",
    ),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

#[test]
fn reports_show_the_call_that_a_definition_stands_for() {
    let scenarios = fine(
        "def P(sem, flags = 0) = semop(sem, [{0, -1, flags}])\nscenario \"s\" {\nactor a\na: m = semget(1)\na: P(m)\na: P(m, SEM_UNDO | IPC_NOWAIT)\n}",
    );
    let texts: Vec<_> = scenarios[0]
        .steps
        .iter()
        .filter_map(|step| if let What::Call(call) = &step.what { Some(call.text.as_str()) } else { None })
        .collect();
    assert_eq!(texts, ["semget(1)", "semop(m, [{0, -1, 0}])", "semop(m, [{0, -1, SEM_UNDO | IPC_NOWAIT}])"]);
}

#[test]
fn a_mistake_in_an_argument_names_the_call_that_it_lands_in() {
    let (_, diagnostics) = super::checked("def P(sem) = semop(sem, [{0, -1, 0}])\nscenario \"s\" {\nactor a\na: P(\"x\")\n}");
    let labels: Vec<_> = diagnostics[0].labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(labels, ["a string", "`P(\"x\")` stands for `semop(\"x\", [{0, -1, 0}])`"]);
}

#[test]
fn definitions_may_lean_on_each_other_and_keep_precedence() {
    let text = "def A(x) = semget(x * 2)\ndef B(y) = A(y + 1)\nconst two = one + 1\nconst one = 1\nscenario \"s\" {\nactor a\na: B(two)\n}";
    let scenarios = fine(text);
    let What::Call(call) = &scenarios[0].steps[0].what else { panic!("a call") };
    assert!(matches!(call.args[..], [Expr::Literal(Value::Int(6))]), "{:?}", call.args);
    assert_eq!(call.text, "semget((two + 1) * 2)");
}

#[test]
fn an_included_file_gives_its_constants_and_definitions_alone() {
    let library =
        "const KEY = 0x77\ndef G(n) = semget(KEY, n)\nsetup {\n    actor nobody\n}\nscenario \"theirs\" {\n    actor c\n}\n";
    let root = "include \"library.ipcs\"\nscenario \"ours\" {\n    actor a\n    a: G(1)\n}\n";
    let (scenarios, diagnostics) = checked_with(&[("root.ipcs", root), ("library.ipcs", library)]);
    assert_eq!(diagnostics, []);
    assert_eq!(scenarios.iter().map(|scenario| scenario.id.as_str()).collect::<Vec<_>>(), ["root.ipcs::ours"]);
    assert_eq!(scenarios[0].actors.len(), 1);
}

#[test]
fn a_call_over_several_lines_is_shown_on_one() {
    let scenarios = fine("a: semop(1, [   # two at once\n    {0, -1, 0},\n    {1, +1, SEM_UNDO},\n])");
    let What::Call(call) = &scenarios[0].steps[0].what else { panic!("a call") };
    assert_eq!(call.text, "semop(1, [{0, -1, 0}, {1, +1, SEM_UNDO}])");
}
