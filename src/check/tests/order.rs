//! Order: who is idle, blocked or gone, and whose descriptor it is.

use super::{Case, assert_cases, said};

pub(super) const CASES: &[Case] = &[
    (
        "still-blocked",
        "a",
        "`a` is still in its call, and has one call at a time",
        "say first what became of it: `a: resumes`",
        "a: semop(1, [{0, -1, 0}]) -> blocks\na: getpid()",
    ),
    ("gone", "a", "`a` has ended", "let another actor", "a: exit(0)\na: getpid()"),
    ("gone", "a", "`a` has ended", "let another actor", "a: execve(\"/bin/true\", [\"true\"])\na: getpid()"),
    ("not-blocked", "resumes", "`a` is in no call that could go on", "write `a: … -> blocks`", "a: getpid()\na: resumes"),
    (
        "nothing-wakes",
        "resumes",
        "nothing can have woken `a` by this line",
        "behind the step that wakes it",
        "a: semop(1, [{0, -1, 0}]) -> blocks\na: resumes",
    ),
    (
        "nothing-wakes",
        "resumes",
        "nothing can have woken `a` by this line",
        "write `a: stays blocked`",
        "a: semop(1, [{0, -1, 0}]) -> blocks\nb: getpid()\na: resumes",
    ),
    (
        "pending-name",
        "r",
        "`r` has no value yet",
        "write `a: resumes` first",
        "a: r = open(\"fifo\", O_RDONLY) -> blocks\nexpect r > 2\na: resumes",
    ),
    ("never-bound", "r", "`r` never gets a value", "remove the outcome", "a: r = open(\"x\", O_RDONLY) -> ENOENT\na: close(r)"),
    (
        "foreign-handle",
        "fd",
        "`fd` is a descriptor of `a`, and means nothing in `b`",
        "is forked by `a` after that line",
        "a: fd = open(\"x\", O_RDONLY)\nb: read(fd, 1)",
    ),
    (
        "foreign-handle",
        "p + 8",
        "`p` is an address of `a`, and means nothing in `b`",
        "is forked by `a` after that line",
        "a: p = shmat(1)\nb: load(p + 8, u32)",
    ),
    (
        "misplaced",
        "a: resumes",
        "inside `interleave` nothing is announced",
        "leave this line out",
        "interleave {\na: resumes\nb: getpid()\n}",
    ),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

#[test]
fn what_is_odd_is_a_warning() {
    let (_, diagnostics) = super::checked(&super::script("a: exit(0)\na: getpid()"));
    assert!(diagnostics.iter().all(|diagnostic| !diagnostic.is_error()));
}

#[test]
fn who_is_forked_later_has_the_descriptor() {
    let quiet = "a: fd = open(\"x\", O_RDONLY)\na: child = fork()\nchild: read(fd, 1)\nchild: grandchild = fork()\ngrandchild: read(fd, 1)";
    assert_eq!(said(quiet), Vec::<String>::new());
    let early = "a: child = fork()\na: fd = open(\"x\", O_RDONLY)\nchild: read(fd, 1)";
    assert_eq!(said(early), ["foreign-handle: fd: `fd` is a descriptor of `a`, and means nothing in `child`"]);
}

#[test]
fn who_expects_an_error_means_the_number() {
    assert_eq!(said("a: fd = open(\"x\", O_RDONLY)\nb: read(fd, 1) -> EBADF"), Vec::<String>::new());
}

#[test]
fn a_clone_that_shares_descriptors_shares_those_bound_later() {
    let lines = "a: t = clone(CLONE_FILES)\na: fd = open(\"x\", O_RDONLY)\nt: read(fd, 1)";
    assert_eq!(said(lines), Vec::<String>::new());
}

#[test]
fn nobody_is_judged_behind_an_interleave() {
    assert_eq!(said("interleave {\na: semop(1, [])\nb: getpid()\n}\na: resumes\nb: getpid()"), Vec::<String>::new());
}

#[test]
fn one_oddity_is_told_once() {
    let lines = "a: x = semop(1, []) -> blocks\na: getpid()\na: getpid()\nexpect x == 0\na: resumes";
    assert_eq!(said(lines), ["still-blocked: a: `a` is still in its call, and has one call at a time"]);
}

#[test]
fn what_may_happen_by_itself_wakes_whoever_waits() {
    assert_eq!(said("a: alarm(1)\na: semop(1, [{0, -1, 0}]) -> blocks\na: resumes -> EINTR"), [""; 0]);
    assert_eq!(said("a: semop(1, [{0, -1, 0}]) -> blocks\nb: semop(1, [{0, 1, 0}])\na: resumes"), [""; 0]);
}
