//! Types: what calls take and give.

use super::{Case, assert_cases, checked};

pub(super) const CASES: &[Case] = &[
    (
        "wrong-kind",
        "set",
        "`shmid` of `shmat` takes a shared memory segment (shmid), and `set` is a semaphore set (semid)",
        "give it what `shmget` gave, or write `raw(set)` if you mean it",
        "a: set = semget(1)\na: shmat(set)",
    ),
    (
        "bad-flag",
        "O_CREAT",
        "`O_CREAT` means nothing as `semflg` of `semget`",
        "did you mean `IPC_CREAT`?",
        "a: semget(1, 1, O_CREAT | 0o600)",
    ),
    (
        "bad-flag",
        "flags",
        "`O_CREAT` means nothing as `semflg` of `semget`",
        "did you mean `IPC_CREAT`?",
        "const flags = O_CREAT | 0o600\nscenario \"s\" {\nactor a\na: semget(1, 1, flags)\n}",
    ),
    (
        "bad-flag",
        "O_CREAT",
        "`O_CREAT` means nothing as `sem_flg` of a struct sembuf",
        "it takes SEM_UNDO, IPC_NOWAIT",
        "a: semop(1, [{0, -1, O_CREAT}])",
    ),
    (
        "wrong-type",
        "\"x\"",
        "`semid` of `semop` takes a semaphore set (semid), not a string",
        "the call is `semop(semid, sops)`",
        "a: semop(\"x\", [])",
    ),
    ("wrong-type", "1", "`path` of `mkfifo` takes a path, not an integer", "the call is `mkfifo(", "a: mkfifo(1, 0o600)"),
    ("wrong-type", "b", "`fd` of `close` takes a file descriptor, not an actor", "the call is `close(fd)`", "a: close(b)"),
    ("wrong-type", "300ms", "`pid` of `kill` takes a pid or an actor, not a duration", "the call is `kill(", "a: kill(300ms, 3)"),
    ("wrong-type", "\"x\"", "a string is no number", "", "a: semget(\"x\" + 1)"),
    (
        "wrong-type",
        "{0, 1, 0}",
        "`sops` of `semop` takes a list of struct sembuf, not a record",
        "`[{0, 1, 0}]`",
        "a: semop(1, {0, 1, 0})",
    ),
    ("wrong-type", "5.10", "a version is no value", "needs kernel >= 5.10", "a: kill(5.10, 3)"),
    ("wrong-type", "l", "a list cannot stand in a string", "", "a: l = ls(\"/\")\na: cat(\"{l}\")"),
    ("wrong-type", "st", "a record has no elements", "", "a: st = stat(\"x\")\nexpect st[0] == 3"),
    ("wrong-type", "fd", "a file descriptor has no length", "", "a: fd = open(\"x\", O_RDONLY)\nexpect len(fd) == 3"),
    ("wrong-type", "\"x\" == 3", "a string is compared with an integer", "", "expect \"x\" == 3"),
    ("wrong-type", "r", "`getpid` gives a pid, not a list", "write `r = getpid()`", "a: [r, w] = getpid()"),
    (
        "unknown-field",
        "st_moed",
        "a struct stat has no field `st_moed`",
        "did you mean `st_mode`?",
        "a: st = stat(\"x\")\nexpect st.st_moed == 3",
    ),
    ("unknown-field", "num", "a struct sembuf has no field `num`", "did you mean `sem_num`?", "a: semop(1, [{num: 0}])"),
    ("unknown-field", "mode", "a struct stat has no field `mode`", "did you mean `st_mode`?", "a: stat(\"x\") -> {mode: 0o600}"),
    ("wrong-arity", "3", "a struct sembuf has 3 fields, not 4", "`{sem_num, sem_op, sem_flg}`", "a: semop(1, [{0, 1, 2, 3}])"),
    (
        "wrong-arity",
        "semget()",
        "`semget` takes 1 to 3 arguments, not 0",
        "the call is `semget(key, nsems = 0, semflg = 0)`",
        "a: semget()",
    ),
    ("wrong-arity", "4", "`close` takes 1 argument, not 2", "the call is `close(fd)`", "a: close(3, 4)"),
    ("wrong-arity", "ns(a)", "`ns` does not take 1 arguments", "write `ns(father, ipc)`", "expect ns(a) == ns(b, ipc)"),
    ("bad-value", "1 / 0", "this has no value: division by zero", "", "a: semget(1 / 0)"),
    ("bad-value", "1 << 64", "this has no value: cannot shift by 64", "", "a: semget(1 << 64)"),
    (
        "bad-value",
        "0xffffffffffffffff + 1",
        "this has no value: 18446744073709551616 does not fit in 64 bits",
        "",
        "a: semget(0xffffffffffffffff + 1)",
    ),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

#[test]
fn a_wrong_kind_names_the_call_that_gave_it() {
    let (_, diagnostics) = checked("scenario \"s\" {\nactor a\na: set = semget(1)\na: shmat(set)\n}");
    let labels: Vec<_> = diagnostics[0].labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(labels, ["a semid, where a shmid is wanted", "`set` comes from `semget` here"]);
}
