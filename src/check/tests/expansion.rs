//! `each`, `if`, `for`, `setup`, `interleave`: what scenarios become.

use super::{Case, assert_cases, checked, fine, said};
use crate::scenario::{Bind, Expr, What};
use crate::value::Value;

pub(super) const CASES: &[Case] = &[
    (
        "not-constant",
        "n == 3",
        "the condition is not known before the run",
        "by a parameter of `each`",
        "a: n = getpid()\nif n == 3 {\na: getpid()\n}",
    ),
    (
        "not-constant",
        "n",
        "this value is not known before the run",
        "by a parameter of `each`",
        "a: n = getpid()\nfor i in [n] {\na: getpid()\n}",
    ),
    ("no-condition", "\"x\"", "`kernel` is compared with a version", "`kernel >= 5.10`", "if kernel >= \"x\" {\na: getpid()\n}"),
    ("unknown-name", "arm", "no machine is called `arm`", "this machine is `x86_64`", "if arch == arm {\na: getpid()\n}"),
    ("empty-range", "[]", "there is nothing to go through", "such as `[0]`", "for i in [] {\na: getpid()\n}"),
    ("wrong-type", "3", "an integer cannot be gone through", "`in 1..100`", "for i in 3 {\na: getpid()\n}"),
    ("already-bound", "x", "`x` has a meaning already", "", "scenario \"s\" {\neach x in [1]\neach x in [2]\n}"),
    (
        "already-bound",
        "x",
        "`x` has a meaning already",
        "such as `x2`",
        "scenario \"s\" {\neach x in [1, 2]\nactor a\na: x = getpid()\n}",
    ),
    ("misplaced", "x in [1]", "`each` stands first in a scenario or in `setup`", "move this line", "a: getpid()\neach x in [1]"),
    (
        "misplaced",
        "c",
        "actors are declared outside `for` and `interleave`",
        "write `actor c` at the head",
        "for i in 1..2 {\nactor c\n}",
    ),
    (
        "misplaced",
        "expect 1 == 1",
        "an `expect` stands behind `interleave`, not in it",
        "behind the closing brace",
        "interleave {\nexpect 1 == 1\n}",
    ),
    ("misplaced", "interleave", "`interleave` inside `interleave`", "", "interleave {\ninterleave {\na: getpid()\n}\n}"),
    ("unknown-call", "getpif", "unknown call `getpif`", "did you mean `getpid`?", "if kernel >= 99 {\na: getpif()\n}"),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

#[test]
fn each_combination_is_a_scenario_of_its_own() {
    let text =
        "setup {\neach undo in [0, SEM_UNDO]\nactor a\n}\nscenario \"s\" {\neach n in 1..2\na: semop(n, [{0, -1, undo}])\n}";
    let ids: Vec<String> = fine(text).into_iter().map(|scenario| scenario.id).collect();
    assert_eq!(
        ids,
        [
            "test.ipcs::s [undo=0, n=1]",
            "test.ipcs::s [undo=0, n=2]",
            "test.ipcs::s [undo=SEM_UNDO, n=1]",
            "test.ipcs::s [undo=SEM_UNDO, n=2]"
        ]
    );
}

#[test]
fn if_chooses_by_parameters_and_facts() {
    let count = |condition: &str| {
        fine(&format!("scenario \"s\" {{\neach x in [1, 2]\nactor a\nif {condition} {{\na: getpid()\n}}\n}}"))
            .iter()
            .map(|scenario| scenario.steps.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(count("x == 1"), [1, 0]);
    assert_eq!(count("kernel >= 6.8"), [1, 1]);
    assert_eq!(count("kernel > 6.8"), [0, 0], "6.8 stands for every 6.8.x");
    assert_eq!(count("kernel >= 6.10"), [0, 0], "versions compare by their parts");
    assert_eq!(count("not (x == 1) and (arch == x86_64 or privileged)"), [0, 1]);
    assert_eq!(count("privileged"), [0, 0]);
}

#[test]
fn a_branch_that_no_expansion_takes_is_looked_into_but_binds_nothing() {
    fine("if kernel >= 99 {\na: x = getpid()\n} else {\na: x = getppid()\n}\nexpect x > 0");
    fine("a: x = getpid()\nif kernel >= 99 {\na: y = getpid()\n}\nif kernel >= 99 {\nexpect y > 0\n}");
    fine("if kernel >= 99 {\nactor c\n}\nif kernel >= 99 {\nc: getpid()\n}");
}

#[test]
fn for_binds_its_names_anew_each_turn() {
    let scenarios = fine("for i in 1..3 {\na: q = msgget(i, IPC_CREAT | 0o600)\na: msgctl(q, IPC_RMID)\n}");
    let scenario = &scenarios[0];
    assert_eq!((scenario.steps.len(), scenario.slots.len()), (6, 3));
    let used = |step: usize| match &scenario.steps[step].what {
        What::Call(call) => match call.args[0] {
            Expr::Slot(slot) => Some(slot),
            _ => None,
        },
        _ => None,
    };
    assert_eq!([used(1), used(3), used(5)], [Some(0), Some(1), Some(2)]);
    fine("for i in 1..2 {\na: getpid()\n}\nfor i in [3] {\na: getpid()\n}");
}

#[test]
fn a_mistake_in_a_loop_is_told_once() {
    assert_eq!(said("for i in 1..50 {\na: semgte(i)\n}"), ["unknown-call: semgte: unknown call `semgte`"]);
}

#[test]
fn forks_bring_actors() {
    let scenarios =
        fine("a: fork()\na: child = fork()\nchild: kill(a, 0)\nfor i in 1..2 {\nb: worker = fork()\nworker: getpid()\n}");
    let scenario = &scenarios[0];
    let names: Vec<_> = scenario.actors.iter().map(|actor| (actor.name.as_str(), actor.born)).collect();
    assert_eq!(
        names,
        [
            ("a", None),
            ("b", None),
            ("#1", Some((0, 0))),
            ("child", Some((0, 1))),
            ("worker", Some((1, 3))),
            ("worker#2", Some((1, 5)))
        ]
    );
    let What::Call(fork) = &scenario.steps[1].what else { panic!("a call") };
    assert!(matches!(fork.bind, Bind::Nothing) && fork.child == Some(3));
    let What::Call(kill) = &scenario.steps[2].what else { panic!("a call") };
    assert!(matches!(kill.args[..], [Expr::Literal(Value::Actor(0)), Expr::Literal(Value::Int(0))]));
}

#[test]
fn a_line_of_several_actors_is_a_step_for_each() {
    let scenarios = fine("a, b: semop(1, []) -> blocks\na, b: resumes -> EIDRM");
    let same: Vec<bool> = scenarios[0].steps.iter().map(|step| step.same_line).collect();
    assert_eq!(same, [false, true, false]);
    assert!(matches!(&scenarios[0].steps[2].what, What::Resumes { actors, .. } if actors[..] == [0, 1]));
}

#[test]
fn actors_declared_late_come_first_all_the_same() {
    let scenarios = fine("a: child = fork()\nactor c\nc: getpid()");
    let names: Vec<_> = scenarios[0].actors.iter().map(|actor| actor.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "child"]);
}

#[test]
fn an_interleave_holds_its_steps() {
    let scenarios =
        fine("interleave {\nfor i in 1..2 {\na: getpid()\n}\nb: getpid()\n}\nexpect sometimes 1 == 1\nexpect never deadlock");
    assert!(matches!(&scenarios[0].interleavings[..], [block] if *block == (0..3)));
    assert_eq!(scenarios[0].steps.len(), 5);
}

#[test]
fn strings_hold_names_and_what_is_known_is_computed() {
    let scenarios = fine("a: fd = open(\"x\" + \"y\", O_CREAT | O_RDWR)\na: cat(\"/proc/{a}/fd/{fd}\")");
    let What::Call(open) = &scenarios[0].steps[0].what else { panic!("a call") };
    assert!(matches!(&open.args[..], [Expr::Literal(Value::Bytes(path)), Expr::Literal(Value::Int(_))] if path == b"xy"));
    let What::Call(cat) = &scenarios[0].steps[1].what else { panic!("a call") };
    assert!(matches!(&cat.args[..], [Expr::Text(parts)] if parts.len() == 4));
}

#[test]
fn device_numbers_are_those_of_the_c_library() {
    let scenarios =
        fine("a: semget(makedev(0x12345, 0x67890))\na: semget(major(makedev(7, 300)))\na: semget(minor(makedev(7, 300)))");
    let numbers: Vec<_> = scenarios[0]
        .steps
        .iter()
        .filter_map(|step| match &step.what {
            What::Call(call) => match &call.args[..] {
                [Expr::Literal(value)] => value.int(),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(numbers, [i128::from(libc::makedev(0x12345, 0x67890)), 7, 300]);
}

#[test]
fn spans_of_expanded_steps_point_at_the_written_line() {
    let text = "def P(s) = semop(s, [])\nscenario \"s\" {\nactor a\na: P(3)\n}";
    let (scenarios, _) = checked(text);
    let What::Call(call) = &scenarios[0].steps[0].what else { panic!("a call") };
    let range = |span: crate::text::Span| &text[span.start as usize..span.end as usize];
    assert_eq!((range(scenarios[0].steps[0].span), range(call.span)), ("a: P(3)", "P(3)"));
}
