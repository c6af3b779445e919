//! Outcomes and expectations.

use super::{Case, assert_cases, fine, said};
use crate::scenario::{Alternative, Expr, Pattern, StatusKind, What};
use crate::value::{Errno, Value};

pub(super) const CASES: &[Case] = &[
    (
        "timed-blocks",
        "blocks",
        "this `semtimedop` has a time limit of its own",
        "write `-> sleeps`",
        "a: semtimedop(1, [], 20ms) -> blocks",
    ),
    (
        "eventually-changes",
        "eventually 3",
        "`semget` changes something each time",
        "ask with a call that only reads",
        "a: semget(1) -> eventually 3",
    ),
    (
        "eventually-changes",
        "eventually 3",
        "a call returns once: `resumes` cannot be asked again",
        "",
        "a: semop(1, []) -> blocks\nb: semop(1, [])\na: resumes -> eventually 3",
    ),
    ("empty-range", "5..1", "nothing lies in 5..1", "write `1..5`", "a: semget(1) -> 5..1"),
    ("bad-regex", "\"(\"", "not a regular expression: unclosed group", "with one backslash", "a: cat(\"x\") -> matches \"(\""),
    ("wrong-type", "\"text\"", "`semget` gives a semaphore set (semid), not a string", "", "a: semget(1) -> \"text\""),
    (
        "wrong-type",
        "[1]",
        "`semget` gives a semaphore set (semid), which this pattern can never match",
        "",
        "a: semget(1) -> [1]",
    ),
    ("wrong-type", "exited(0)", "`getpid` gives a pid, which this pattern can never match", "", "a: getpid() -> exited(0)"),
    ("wrong-type", "3", "`cat` gives a string, not an integer", "", "a: cat(\"x\") -> 3"),
    (
        "no-condition",
        "3",
        "`expect` wants a comparison, or a value with a pattern",
        "write `expect 3 == …` or `expect 3 -> …`",
        "expect 3",
    ),
    (
        "no-interleave",
        "expect sometimes 1 == 2",
        "`sometimes` judges over several orders, and here is only one",
        "put steps into `interleave { … }`",
        "expect sometimes 1 == 2",
    ),
    (
        "no-interleave",
        "expect never deadlock",
        "`deadlock` judges over several orders, and here is only one",
        "`who: stays blocked`",
        "expect never deadlock",
    ),
    (
        "misplaced",
        "ok",
        "`ok` is what a call comes to, and `expect` makes none",
        "write what the value is like",
        "expect output(a) -> ok",
    ),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

fn alternatives(line: &str) -> Vec<Alternative> {
    let scenarios = fine(line);
    match &scenarios[0].steps[0].what {
        What::Call(call) => call.expectation.alternatives.clone(),
        other => panic!("a call expected, found {other:?}"),
    }
}

fn int(pattern: &Pattern) -> Option<i128> {
    match pattern {
        Pattern::Equal(Expr::Literal(value)) => value.int(),
        _ => None,
    }
}

#[test]
fn an_errno_alone_is_the_error_and_a_number_inside_a_list() {
    assert!(matches!(
        alternatives("a: semget(1) -> EPERM or EACCES")[..],
        [Alternative::Fails(Errno::EPERM), Alternative::Fails(Errno::EACCES)]
    ));
    match &alternatives("a: semctl(1, 0, GETALL) -> [EPERM, ..]")[..] {
        [Alternative::Gives(Pattern::List { items, open: true })] => assert_eq!(int(&items[0]), Some(i128::from(libc::EPERM))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn behind_a_name_an_errno_is_the_error_of_its_call() {
    let pattern = |expect: &str| {
        let scenarios = fine(&format!("a: x = semop(1, []) -> ok or EIDRM\na: s = stat(\"x\")\n{expect}"));
        match scenarios[0].steps.last().map(|step| &step.what) {
            Some(What::Expect { pattern: Some(pattern), .. }) => pattern.clone(),
            other => panic!("an expectation expected, found {other:?}"),
        }
    };
    assert!(matches!(pattern("expect x -> EIDRM"), Pattern::Failed(Errno::EIDRM)));
    assert!(matches!(pattern("expect s -> ENOENT"), Pattern::Failed(Errno::ENOENT)));
    match pattern("expect x -> 0 or EIDRM") {
        Pattern::OneOf(items) => assert!(matches!(items[..], [Pattern::Equal(_), Pattern::Failed(Errno::EIDRM)])),
        other => panic!("{other:?}"),
    }
    assert_eq!(said("a: y = stat(\"x\") -> ENOENT or EACCES\nexpect y -> not ENOENT"), Vec::<String>::new());
    // A field is no name that a call binds: there it is a number, as it is in a list.
    assert_eq!(int(&pattern("expect s.st_nlink -> EPERM")), Some(i128::from(libc::EPERM)));
}

#[test]
fn a_wait_status_holds_patterns() {
    match &alternatives("a: waitpid(b) -> {status: exited(1..3)} or killed(SIGTERM) or continued")[..] {
        [Alternative::Gives(Pattern::Record(fields)), Alternative::Gives(killed), Alternative::Gives(continued)] => {
            assert!(matches!(&fields[0].1, Pattern::Status(StatusKind::Exited, inner) if matches!(**inner, Pattern::Range(..))));
            assert!(matches!(killed, Pattern::Status(StatusKind::Killed, inner) if int(inner) == Some(15)));
            assert!(matches!(continued, Pattern::Status(StatusKind::Continued, _)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_default_is_success_and_for_exit_its_own_status() {
    assert!(matches!(alternatives("a: getpid()")[..], [Alternative::Ok]));
    match &alternatives("a: exit(256 + 3)")[..] {
        // wait(2): the parent sees the lowest eight bits.
        [Alternative::Exits(pattern)] => assert_eq!(int(pattern), Some(3)),
        other => panic!("{other:?}"),
    }
    assert!(matches!(&alternatives("a: exit()")[..], [Alternative::Exits(pattern)] if int(pattern) == Some(0)));
}

#[test]
fn fields_of_a_known_struct_get_their_names() {
    match &alternatives("a: msgrcv(1, 64) -> {1, \"hi\"}")[..] {
        [Alternative::Gives(Pattern::Record(fields))] => {
            assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["mtype", "mtext"]);
            assert!(matches!(&fields[1].1, Pattern::Equal(Expr::Literal(Value::Bytes(text))) if text == b"hi"));
        }
        other => panic!("{other:?}"),
    }
}
