//! Names: unknown, early, taken.

use super::{Case, assert_cases, checked, said};

pub(super) const CASES: &[Case] = &[
    ("unknown-name", "SIGTREM", "unknown name `SIGTREM`", "did you mean `SIGTERM`?", "a: kill(b, SIGTREM)"),
    ("unknown-name", "ipc_creat", "unknown name `ipc_creat`", "did you mean `IPC_CREAT`?", "a: semget(1, 1, ipc_creat)"),
    (
        "unknown-name",
        "matex",
        "unknown name `matex`",
        "did you mean `mutex`?",
        "a: mutex = semget(1)\na: semctl(matex, 0, IPC_RMID)",
    ),
    ("unknown-name", "size", "unknown name `size`", "const size = …", "a: semget(1, size)"),
    ("unknown-name", "u31", "unknown name `u31`", "did you mean `u32`?", "a: load(0, u31)"),
    ("unknown-name", "ip", "`ip` is no kind of namespace", "did you mean `ipc`?", "expect ns(a, ip) == ns(b, ipc)"),
    ("unknown-actor", "c", "unknown actor `c`", "declare it: `actor c`", "c: getpid()"),
    ("unknown-actor", "fahter", "unknown actor `fahter`", "did you mean `father`?", "a: father = fork()\nfahter: getpid()"),
    ("unknown-actor", "c", "unknown actor `c`", "declare it: `actor c`", "expect output(c) == \"\""),
    ("unknown-call", "semgte", "unknown call `semgte`", "did you mean `semget`?", "a: semgte(1)"),
    ("unknown-call", "len", "unknown call `len`", "expect len(text) == x", "a: len(\"text\")"),
    (
        "nested-call",
        "getppid",
        "`getppid` is a call, not a value",
        "bind its result first: `who: x = getppid(…)`",
        "a: kill(getppid, 0)",
    ),
    (
        "not-yet-bound",
        "child",
        "`child` is not there yet",
        "move this line behind the one that brings the actor",
        "child: getpid()\na: child = fork()",
    ),
    (
        "not-yet-bound",
        "set",
        "`set` is not bound yet",
        "move this line behind the one that binds the name",
        "a: semctl(set, 0, IPC_RMID)\na: set = semget(1)",
    ),
    ("not-an-actor", "set", "`set` is no actor", "one of the actors", "a: set = semget(1)\nset: getpid()"),
    ("not-an-actor", "3", "an actor is wanted here", "", "expect output(3) == \"\""),
    (
        "already-bound",
        "set",
        "`set` has a meaning already",
        "write another, such as `set2`",
        "a: set = semget(1)\na: semctl(set, 0, IPC_RMID)\na: set = semget(1)",
    ),
    ("already-bound", "a", "`a` has a meaning already", "write another, such as `a2`", "a: a = getpid()"),
    ("already-bound", "r", "`r` has a meaning already", "write another, such as `r2`", "a: [r, r] = pipe()"),
    ("already-bound", "x", "each of the actors would bind `x`", "write one line for each actor", "a, b: x = getpid()"),
    (
        "reserved-name",
        "SIGINT",
        "`SIGINT` is a signal, and cannot be given to something else",
        "such as `my_sigint`",
        "a: SIGINT = getpid()",
    ),
    (
        "reserved-name",
        "IPC_CREAT",
        "`IPC_CREAT` is a constant of C, and cannot be given to something else",
        "such as `my_ipc_creat`",
        "const IPC_CREAT = 1\nscenario \"s\" { actor a }",
    ),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

#[test]
fn the_first_binding_is_shown() {
    let (_, diagnostics) = checked("scenario \"s\" {\nactor a\na: x = getpid()\na: x = getpid()\n}");
    let labels: Vec<_> = diagnostics[0].labels.iter().map(|label| (label.span.start, label.text.as_str())).collect();
    assert_eq!(labels, [(42, "bound again here"), (26, "first bound here")]);
}

#[test]
fn many_mistakes_are_all_told_in_their_order() {
    let lines = "c: getpid()\na: semgte(1)\na: semget(nobody)\na: kill(b, SIGTREM)";
    let codes: Vec<_> = said(lines).into_iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(codes, ["unknown-actor", "unknown-call", "unknown-name", "unknown-name"]);
}

#[test]
fn what_an_unknown_call_binds_is_not_blamed() {
    assert_eq!(said("a: set = semgte(1)\na: semctl(set, 0, IPC_RMID)"), ["unknown-call: semgte: unknown call `semgte`"]);
}
