//! Orders of small scripts, printed.

use super::{Judged, body, diverges, passes, told};

const RACE: &str = r#"
setup {
    actor main
    main: id = shmget(IPC_PRIVATE, 4096, 0o600)
    main: p = shmat(id)
    main: a = fork()
    main: b = fork()
}

## Nobody locks.
scenario "two increments" {
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect sometimes total == 2
    expect sometimes total == 1
    expect never total == 0
    expect never total == 1 and x == y
    expect never total -> 1..1
    expect total > 0
}
"#;

#[test]
fn an_order_is_a_script_of_its_own() {
    let text = told(&[("race.ipcs", RACE)], &["a1 b1 a2 b2"], Judged::Nothing);
    let expected = r#"## Nobody locks.
scenario "two increments (in the order a1 b1 a2 b2)" {
    actor main

    main: id = shmget(IPC_PRIVATE, 4096, 0o600)
    main: p = shmat(id)
    main: a = fork()
    main: b = fork()
    a: x = load(p, u32)
    b: y = load(p, u32)
    a: store(p, u32, x + 1)
    b: store(p, u32, y + 1)
    main: total = load(p, u32)
}
"#;
    assert_eq!(text, expected);
    passes(&text);
}

#[test]
fn an_order_is_held_to_one_claim() {
    let claims = [
        ("expect total == 2", false),
        ("expect total == 1", true),
        ("expect total != 0", true),
        ("expect not (total == 1 and x == y)", false),
        ("expect total -> not 1..1", false),
        ("expect total > 0", true),
    ];
    let first = 9;
    for (at, (line, holds)) in claims.iter().enumerate() {
        let text = told(&[("race.ipcs", RACE)], &["a1 b1 a2 b2"], Judged::One(first + at));
        assert_eq!(body(&text).last(), Some(line));
        if *holds { passes(&text) } else { diverges(&text, "expectation-not-met") }
    }
    let text = told(&[("race.ipcs", RACE)], &["a1 a2 b1 b2"], Judged::Always);
    assert_eq!(body(&text).last(), Some(&"expect total > 0"));
    passes(&text);
}

#[test]
fn what_blocks_and_resumes_is_said() {
    let script = r#"
scenario "a lock" {
    actor main
    main: lock = semget(IPC_PRIVATE, 1, 0o600)
    main: semctl(lock, 0, SETVAL, 1)
    main: a = fork()
    main: b = fork()
    interleave {
        a: semop(lock, [{0, -1, 0}])
        a: semop(lock, [{0, +1, 0}])
        b: semop(lock, [{0, -1, 0}]) -> ok
        b: semop(lock, [
            {0, +1, 0},   # gives it back
        ])
    }
    main: semctl(lock, 0, GETVAL) -> 1
}
"#;
    let text = told(&[("lock.ipcs", script)], &["a1 b1! a2 b^ b2"], Judged::Always);
    let expected = [
        "a: semop(lock, [{0, -1, 0}])",
        "b: semop(lock, [{0, -1, 0}]) -> blocks",
        "a: semop(lock, [{0, +1, 0}])",
        "b: resumes -> ok",
        "b: semop(lock, [{0, +1, 0}])",
        "main: semctl(lock, 0, GETVAL) -> 1",
    ];
    assert_eq!(body(&text)[4..], expected);
    passes(&text);
}

#[test]
fn a_deadlock_ends_with_its_actors_blocked() {
    let script = r#"
scenario "opposite order" {
    actor main
    main: set = semget(IPC_PRIVATE, 2, 0o600)
    main: semctl(set, 0, SETALL, [1, 1])
    main: a = fork()
    main: b = fork()
    interleave {
        a: semop(set, [{0, -1, 0}])
        a: semop(set, [{1, -1, 0}])
        b: semop(set, [{1, -1, 0}])
        b: semop(set, [{0, -1, 0}])
        b: c = fork()
    }
    interleave {
        a: semop(set, [{0, +1, 0}])
    }
    expect sometimes deadlock
}
"#;
    let text = told(&[("opposite.ipcs", script)], &["a1 b1 a2! b2!"], Judged::Always);
    assert_eq!(body(&text).last(), Some(&"b: semop(set, [{0, -1, 0}]) -> blocks"));
    diverges(&text, "left-blocked");
}

#[test]
fn loops_are_written_out_and_their_names_told_apart() {
    let script = r#"
const SIZE = 0x10 * TWO
const TWO = 2
const UNUSED = 7
def shout(text) = write_file("out", text + "!")
def back(set, flags = 0) = semop(set, [{0, +1, flags}])
def again(text) = write_file("again", "{text}{n}")

scenario "turns" {
    needs kernel >= 2.6
    each undo in [0, SEM_UNDO]
    actor main, a
    main: x2 = getpid()
    main: set = semget(IPC_PRIVATE, 1, 0o600 | 0o040)
    main: semctl(set, 0, SETVAL, 9)
    interleave {
        for i in 1..2 {
            main: x = getpid() -> x2
            main: semop(set, [{0, -i, undo}])
            main: mkdir("d{i}", 0o755)
            a: back(set)
        }
        for name in ["one", r"tw\o"] {
            a: n = getppid()
            a: write_file("{name}.{n}", name * SIZE)
            a: shout(name)
            a: again("x")
            a: fd = open("{name}.{n}", O_RDONLY)
            a: close(fd)
        }
        for point in [{x: 1, y: [4, 5]}, {x: -1, y: [6, -7]}] {
            a: write_file("p{point.x}", "at {point.y[1]}")
            a: semctl(set, 0, SETVAL, point.y[0] - point.x)
        }
        for code in [EPERM, -1, 3] {
            a: getpid() -> != code
            a: getpid() -> code or > 0
        }
        if undo == 0 {
            main: usleep(1)
        } else {
            main: getuid() -> 0
        }
    }
    main: cat("one.{n}") -> matches "^(one)+$"
    expect never x == 0
}
"#;
    let order = "main1 a1 a2 main2 a3 a4 a5 a6 a7 main3 a8 a9 a10 a11 a12 a13 a14 main4 main5 a15 a16 a17 a18 a19 a20 a21 a22 a23 \
                 a24 main6 main7";
    let text = told(&[("turns.ipcs", script)], &[order], Judged::Always);
    let expected = r#"const SIZE = 0x10 * TWO
const TWO = 2
def shout(text) = write_file("out", text + "!")
def back(set, flags = 0) = semop(set, [{0, +1, flags}])
def again(text) = write_file("again", "{text}{n}")
"#;
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("scenario \"turns [undo=0] (in the order main1 a1 "), "{text}");
    for line in [
        "    needs kernel >= 2.6\n    actor main, a\n\n",
        "main: x = getpid() -> x2",
        "main: semop(set, [{0, -1, 0}])",
        "main: mkdir(\"d1\", 0o755)",
        "a: back(set)",
        "main: x3 = getpid() -> x2",
        "main: semop(set, [{0, -2, 0}])",
        "a: write_file(\"one.{n}\", \"one\" * SIZE)",
        "a: shout(r\"tw\\o\")",
        "a: n2 = getppid()",
        "a: write_file(\"tw\\\\o.{n2}\", r\"tw\\o\" * SIZE)",
        "a: write_file(\"again\", \"x{n2}\")",
        "a: fd2 = open(\"tw\\\\o.{n2}\", O_RDONLY)",
        "a: close(fd2)",
        "a: write_file(\"p-1\", \"at -7\")",
        "a: semctl(set, 0, SETVAL, 6 - -1)",
        "a: getpid() -> != EPERM",
        "a: getpid() -> 1 or > 0",
        "a: getpid() -> == -1 or > 0",
        "main: cat(\"one.{n2}\") -> matches \"^(one)+$\"",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn what_is_included_comes_along() {
    let script = r#"
include "names.ipcs"
const LIMIT = 1M

scenario "included \"names\"" {
    needs sysctl fs.pipe-max-size >= LIMIT
    each kind in KINDS
    actor a, b
    interleave {
        a: q = msgget(IPC_PRIVATE, MODE)
        b: make(DEPTH)
        b: expectant(kind)
    }
    a: msgctl(q, IPC_RMID)
}
"#;
    let names = r#"
# Kinds of what there is.
const KINDS = ["file", "fifo"]
const MODE = OWNER | 0o040
const OWNER = 0o600
const DEPTH = [
    1,  # first
    2,
]
const OTHER = 5
def make(depth) = write_file("depth", "{depth[1]}")
def expectant(kind) = write_file(kind, "x")
"#;
    let text = told(&[("included.ipcs", script), ("names.ipcs", names)], &["b1 a1 b2"], Judged::Always);
    let expected = r#"const LIMIT = 1M
const MODE = OWNER | 0o040
const OWNER = 0o600
const DEPTH = [1, 2]
def make(depth) = write_file("depth", "{depth[1]}")
def expectant(kind) = write_file(kind, "x")

scenario "included \"names\" [kind=\"file\"] (in the order b1 a1 b2)" {
    needs sysctl fs.pipe-max-size >= LIMIT
    actor a, b

    b: make(DEPTH)
    a: q = msgget(IPC_PRIVATE, MODE)
    b: expectant("file")
    a: msgctl(q, IPC_RMID)
}
"#;
    assert_eq!(text, expected);
    passes(&text);
}

#[test]
fn children_have_names_and_their_ends_are_said() {
    let script = r#"
scenario "families" {
    actor main
    main: c = fork()
    main: d = fork()
    interleave {
        main, d: fork()
        c: pause()
        main: kill(c, SIGKILL)
        d: exit(3)
    }
    main: waitpid(c) -> killed(SIGKILL)
    main: waitpid(d) -> exited(3)
    expect always c != d
}
"#;
    let text = told(&[("families.ipcs", script)], &["d1 c1! main1 main2 c#9 d2"], Judged::Always);
    let expected = [
        "main: c = fork()",
        "main: d = fork()",
        "d: child2 = fork()",
        "c: pause() -> blocks",
        "main: child = fork()",
        "main: kill(c, SIGKILL)",
        "c: dies SIGKILL",
        "d: exit(3)",
        "main: waitpid(c) -> killed(SIGKILL)",
        "main: waitpid(d) -> exited(3)",
        "expect c != d",
    ];
    assert_eq!(body(&text), expected);
    passes(&text);
}

#[test]
fn a_child_of_each_turn_has_its_own_name() {
    let script = r#"
scenario "turns" {
    actor main
    main: [r, w] = pipe()
    interleave {
        for i in 1..3 {
            main: child = fork()
            child: write(w, "{i}")
            child: _exit(i)
        }
        main: read(r, 1)
    }
    for i in 1..3 {
        main: [status, who] = [1, 2]
    }
}
"#;
    let script = script.replace("    for i in 1..3 {\n        main: [status, who] = [1, 2]\n    }\n", "");
    let order = "main1 main2 main3 child1 child2";
    let text = told(&[("turns.ipcs", &script)], &[order], Judged::Always);
    let expected = [
        "main: [r, w] = pipe()",
        "main: child = fork()",
        "main: child2 = fork()",
        "main: child3 = fork()",
        "child: write(w, \"1\")",
        "child: _exit(1)",
    ];
    assert_eq!(body(&text), expected);
    passes(&text);
}

#[test]
fn lines_around_the_order_stay_as_they_are() {
    let script = r#"
scenario "around" {
    actor main, a, b
    main: q = msgget(IPC_PRIVATE, 0o600)
    a, b: msgrcv(q, 10, 5) -> blocks
    main: msgsnd(q, {5, "x"})
    a: resumes -> {mtype: 5}
    b: stays blocked
    interleave {
        main: msgsnd(q, {1, "one"})
        a: m = msgrcv(q, 10, 1) -> {mtype: 1, mtext: matches "^o"} or ENOMSG
        a: signal(SIGUSR1, do {
            write(1, "caught")
            getpid()
        })
        a: poll([], 20ms) -> ok
    }
    a: msgctl(q, IPC_RMID)
    b: resumes -> EIDRM
    a, b: getuid() -> 0
    main: kill(b, SIGKILL)
    b: dies SIGKILL
    a: cat("/proc/{main}/comm") -> eventually contains "" or contains "x"
    expect m.mtext -> contains "on"
    expect never m.mtext -> contains "two" or "three"
    expect ns(a, ipc) == ns(main, ipc) and not len(m.mtext) > 3
}
"#;
    let text = told(&[("around.ipcs", script)], &["a1! main1 a^ a2 a3~ a^"], Judged::Always);
    let expected = [
        "main: q = msgget(IPC_PRIVATE, 0o600)",
        "a, b: msgrcv(q, 10, 5) -> blocks",
        "main: msgsnd(q, {5, \"x\"})",
        "a: resumes -> {mtype: 5}",
        "b: stays blocked",
        "a: m = msgrcv(q, 10, 1) -> blocks",
        "main: msgsnd(q, {1, \"one\"})",
        "a: resumes -> {mtype: 1, mtext: matches \"^o\"} or ENOMSG",
        "a: signal(SIGUSR1, do {",
        "a: poll([], 20ms) -> sleeps",
        "a: resumes -> ok",
        "a: msgctl(q, IPC_RMID)",
        "b: resumes -> EIDRM",
        "a, b: getuid() -> 0",
        "main: kill(b, SIGKILL)",
        "b: dies SIGKILL",
        "a: cat(\"/proc/{main}/comm\") -> eventually contains \"\" or contains \"x\"",
        "expect m.mtext -> contains \"on\"",
        "expect ns(a, ipc) == ns(main, ipc) and not len(m.mtext) > 3",
    ];
    assert_eq!(body(&text), expected);
    assert!(text.contains("do {\n        write(1, \"caught\")\n        getpid()\n    })\n"), "{text}");
    passes(&text);
}
