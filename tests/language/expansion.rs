//! What is decided before a run: `each`, `for`, `if`, `def`, `const`, `setup`, `include`, `needs`.

use crate::script::{run, run_lines, run_with};
use ipcscript::journal::Status;

#[test]
fn each_runs_a_scenario_once_for_each_value() {
    let ended = run(r#"
scenario "two pipes" {
    each flags in [0, O_NONBLOCK]
    each text in ["x", "yz"]
    actor a
    a: [r, w] = pipe2(flags)
    a: write(w, text)   -> len(text)
    a: fcntl(r, F_GETFL) -> O_RDONLY | flags
}
"#);
    assert_eq!(
        ended.passes(),
        [
            r#"two pipes [flags=0, text="x"]"#,
            r#"two pipes [flags=0, text="yz"]"#,
            r#"two pipes [flags=O_NONBLOCK, text="x"]"#,
            r#"two pipes [flags=O_NONBLOCK, text="yz"]"#,
        ]
    );
}

#[test]
fn each_in_setup_runs_every_scenario_for_each_value() {
    let ended = run(r#"
setup {
    each size in [1, 2]
    actor a
}
scenario "one" { a: write(1, "x" * size) -> size }
scenario "two" {
    each more in [0, 1]
    a: write(1, "x" * (size + more)) -> size + more
}
"#);
    let titles = ["one [size=1]", "one [size=2]"];
    let more = ["two [size=1, more=0]", "two [size=1, more=1]", "two [size=2, more=0]", "two [size=2, more=1]"];
    assert_eq!(ended.passes(), [&titles[..], &more].concat());
}

#[test]
fn for_repeats_steps_and_binds_anew_each_turn() {
    let ended = run_lines(
        r#"a: [r, w] = pipe()
for i in 1..3 {
    a: n = write(w, "x" * i)
    expect n == i
}
for text in ["p", "q"] { a: write(w, text) }
a: read(r, 100) -> "xxxxxxpq""#,
    );
    ended.passes();
    assert_eq!(ended.steps().filter(|step| step.call.starts_with("write")).count(), 5);
}

#[test]
fn if_chooses_steps_before_the_run() {
    let ended = run(r#"
scenario "branches" {
    each n in [0, 1, 2]
    actor a
    if n == 0 {
        a: write(1, "none")
    } else if n == 1 and kernel >= 4.0 {
        a: write(1, "one")
    } else {
        a: write(1, "many")
    }
    if not kernel >= 3.0 or privileged { a: close(77) }
}
"#);
    ended.passes();
    let written: Vec<&str> = ended.steps().map(|step| step.call.as_str()).collect();
    assert_eq!(written, [r#"write(1, "none")"#, r#"write(1, "one")"#, r#"write(1, "many")"#]);
}

#[test]
fn versions_compare_by_their_parts() {
    let ended = run_lines("if kernel > 3.9 { a: getpid() }\nif kernel >= 3.10 { a: getppid() -> 1 }");
    ended.passes();
    assert_eq!(ended.steps().count(), 2);
}

#[test]
fn a_definition_stands_for_a_call() {
    run(r#"
const INITIAL = 2
const NAMES = ["one", "two"]
def P(sem, flags = 0) = semop(sem, [{0, -1, flags}])
def again(sem) = P(sem, IPC_NOWAIT)
scenario "def and const" {
    actor a
    a: set = semget(IPC_PRIVATE, 1, 0o600)
    a: semctl(set, 0, SETVAL, INITIAL)
    a: P(set)
    a: again(set)
    a: again(set) -> EAGAIN
    a: write(1, NAMES[1]) -> len("two")
}
"#)
    .passes();
}

#[test]
fn setup_runs_ahead_of_each_scenario_in_a_fresh_world() {
    let ended = run(r#"
setup {
    actor a, b
    a: q = msgget(0x77, IPC_CREAT | IPC_EXCL | 0o600)
    a: write_file("left", "behind")
}
scenario "first" { b: msgsnd(q, {1, "x"}) }
scenario "second" {
    b: msgrcv(q, 10, 0, IPC_NOWAIT) -> ENOMSG
    b: ls(".") -> ["left"]
}
"#);
    assert_eq!(ended.passes(), ["first", "second"]);
}

#[test]
fn an_include_gives_constants_and_definitions() {
    let shared = "const TEXT = \"shared\"\ndef say(text) = write(1, text)\nscenario \"not taken\" {\n    actor x\n    x: getpid() -> 0\n}\n";
    let script =
        "include \"shared.ipcs\"\nscenario \"takes\" {\n    actor a\n    a: say(TEXT) -> 6\n    expect output(a) == TEXT\n}\n";
    assert_eq!(run_with(script, &[("shared.ipcs", shared)], &[]).passes(), ["takes"]);
}

#[test]
fn what_is_not_met_skips_with_its_reason() {
    let ended = run(r#"
scenario "tomorrow" {
    needs kernel >= 999.0
    actor a
    a: getpid() -> 0
}
scenario "no such file" {
    needs file "/nowhere/at/all"
    actor a
    a: getpid() -> 0
}
scenario "today" {
    needs kernel >= 4.0
    needs program "/bin/sh"
    needs fs tmpfs
    actor a
    a: getppid() -> 1
}
"#);
    let verdicts: Vec<(Status, &str)> =
        ended.verdicts().map(|verdict| (verdict.status, verdict.reason.as_deref().unwrap_or_default())).collect();
    assert_eq!(verdicts.iter().map(|verdict| verdict.0).collect::<Vec<_>>(), [Status::Skipped, Status::Skipped, Status::Passed]);
    assert!(verdicts[0].1.starts_with("needs kernel >= 999.0: this is Linux "), "{verdicts:?}");
    assert_eq!(verdicts[1].1, "needs file \"/nowhere/at/all\": there is no such file");
    assert_eq!((ended.code(), ended.steps().count()), (0, 1));
}

#[test]
fn an_unmet_need_in_setup_skips_the_whole_file() {
    let ended = run(
        "setup {\n    needs kernel >= 999.0\n    actor a\n}\nscenario \"one\" { a: getpid() }\nscenario \"two\" { a: getpid() }\n",
    );
    assert!(ended.verdicts().all(|verdict| verdict.status == Status::Skipped && verdict.reason.is_some()));
    assert_eq!((ended.verdicts().count(), ended.code()), (2, 4), "all skipped: nothing was run");
}

#[test]
fn mistakes_are_found_before_anything_runs() {
    run_lines("a: q = msgget(IPC_PRIVATE, 0o600)\na: shmat(q)").is_refused("shmat");
    run_lines("a: semgt(1, 1)").is_refused("semget");
    run_lines("a: open(\"file\", IPC_CREAT)").is_refused("open");
    run_lines("a: x = getpid()\na: x = getpid()").is_refused("x");
    run_lines("a: getpid(").is_refused("(");
}
