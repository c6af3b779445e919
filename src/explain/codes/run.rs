//! Codes of divergences: what a run shows that the script does not say.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "blocks-instead",
        "The call waits where the script has it return. If it is to wait, `-> blocks` says so, and a later step wakes it.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}])",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}]) -> blocks\na: semop(set, [{0, 1, 0}])\nb: resumes",
    ),
    (
        "cannot-act",
        "The actor is in a call that has not returned, has ended, or is not born yet when its step comes.",
        "a: [r, w] = pipe()\na: child = fork()\na: kill(child, SIGKILL)\nchild: dies SIGKILL\nchild: getpid()",
        "a: child = fork()\nchild: getpid()\na: kill(child, SIGKILL)\nchild: dies SIGKILL",
    ),
    (
        "deadlock",
        "In one of the orders that an `interleave` allows, everybody waits for what another would have to do. Who takes two things takes them in the order of all others.",
        "a: set = semget(IPC_PRIVATE, 2, 0o600)\na: semctl(set, 0, SETALL, [1, 1])\ninterleave {\n    a: semop(set, [{0, -1, 0}])\n    a: semop(set, [{1, -1, 0}])\n    a: semop(set, [{0, 1, 0}, {1, 1, 0}])\n    b: semop(set, [{1, -1, 0}])\n    b: semop(set, [{0, -1, 0}])\n    b: semop(set, [{0, 1, 0}, {1, 1, 0}])\n}",
        "a: set = semget(IPC_PRIVATE, 2, 0o600)\na: semctl(set, 0, SETALL, [1, 1])\ninterleave {\n    a: semop(set, [{0, -1, 0}])\n    a: semop(set, [{1, -1, 0}])\n    a: semop(set, [{0, 1, 0}, {1, 1, 0}])\n    b: semop(set, [{0, -1, 0}])\n    b: semop(set, [{1, -1, 0}])\n    b: semop(set, [{0, 1, 0}, {1, 1, 0}])\n}",
    ),
    (
        "died-instead",
        "The call ended its caller by a signal.",
        "a: [r, w] = pipe()\na: close(r)\na: write(w, \"hello\")",
        "a: [r, w] = pipe()\na: close(r)\na: write(w, \"hello\") -> dies SIGPIPE",
    ),
    (
        "does-not-end",
        "The script says that an actor ends here, and it lives on.",
        "a: signal(SIGTERM, SIG_IGN)\nb: kill(a, SIGTERM)\na: dies SIGTERM",
        "b: kill(a, SIGTERM)\na: dies SIGTERM",
    ),
    (
        "does-not-resume",
        "The script says that a call returns here, and it waits on: the step before did not give what it waits for.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -2, 0}]) -> blocks\na: semop(set, [{0, 1, 0}])\nb: resumes",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -2, 0}]) -> blocks\na: semop(set, [{0, 2, 0}])\nb: resumes",
    ),
    (
        "expectation-not-met",
        "What an `expect` says is not so.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\na: n = semctl(set, 0, GETVAL)\nexpect n == 1",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\na: n = semctl(set, 0, GETVAL)\nexpect n == 0",
    ),
    (
        "fails-instead",
        "The call fails where the script has it succeed. The report names the earlier line from which that comes, where the run tells.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\na: unshare(CLONE_NEWIPC)\na: semop(set, [{0, 1, 0}])",
        "a: unshare(CLONE_NEWIPC)\na: set = semget(IPC_PRIVATE, 1, 0o600)\na: semop(set, [{0, 1, 0}])",
    ),
    (
        "impossible-order",
        "The order that `--schedule` asks for cannot be: an actor is to move that waits, or has no step left.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\ninterleave {\n    a: semop(set, [{0, 1, 0}])\n    b: semop(set, [{0, -1, 0}])\n}",
        "a: x = getpid()\ninterleave {\n    a: getpid()\n    a: getpid()\n    b: getpid()\n    b: getpid()\n}",
    ),
    (
        "left-blocked",
        "The scenario is over, and an actor still waits: nobody has done what it waits for. If that is the point, `stays blocked` says so.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}]) -> blocks",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}]) -> blocks\nb: stays blocked",
    ),
    (
        "limit-files",
        "A process has as many files open as it may. Who opens many, closes them.",
        "for i in 1..2000 {\n    a: open(\"/dev/null\", O_RDONLY)\n}",
        "for i in 1..100 {\n    a: fd = open(\"/dev/null\", O_RDONLY)\n    a: close(fd)\n}",
    ),
    (
        "limit-memory",
        "The world uses as much memory as it may, so that no script exhausts the machine. `--limit memory=SIZE` says how much.",
        "a: system(\"cp /dev/zero /tmp/file & sleep 1000\")",
        "a: write_file(\"/tmp/file\", \"x\" * 65536)",
    ),
    (
        "limit-output",
        "The actors have written as much as they may to their standard output.",
        "a: system(\"yes\") -> exited(1)",
        "a: system(\"echo yes\") -> exited(0)",
    ),
    (
        "limit-processes",
        "The world has as many processes as it may. `--limit processes=N` says how many.",
        "for i in 1..100 {\n    a: child = fork()\n}",
        "for i in 1..10 {\n    a: child = fork()\n    child: exit(0)\n    a: waitpid(child)\n}",
    ),
    (
        "limit-time",
        "Nothing settles any more, or the scenario as a whole takes too long. `--limit step=MILLISECONDS` and `time=` say how long that is.",
        "a: system(\"while :; do :; done\")",
        "a: system(\"exit 0\")",
    ),
    (
        "no-value",
        "A value cannot be computed: its name has none in this run, or a list has no such element.",
        "a: write_file(\"one\", \"\")\na: names = ls(\".\")\nexpect names[1] == \"two\"",
        "a: write_file(\"one\", \"\")\na: names = ls(\".\")\nexpect names[0] == \"one\"",
    ),
    (
        "not-always",
        "`expect` behind an `interleave` is a claim about every order, and in one it does not hold. `expect sometimes` claims less.",
        "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)\na: c = fork()\ninterleave {\n    a: x = load(p, u32)\n    a: store(p, u32, x + 1)\n    c: y = load(p, u32)\n    c: store(p, u32, y + 1)\n}\na: total = load(p, u32)\nexpect total == 2",
        "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)\na: c = fork()\ninterleave {\n    a: x = load(p, u32)\n    a: store(p, u32, x + 1)\n    c: y = load(p, u32)\n    c: store(p, u32, y + 1)\n}\na: total = load(p, u32)\nexpect sometimes total == 2",
    ),
    (
        "not-blocked",
        "The script says that an actor stays blocked, and it does not: the step before woke it, or its call has returned already. Ahead of a run the same is a warning.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}]) -> blocks\na: semop(set, [{0, 1, 0}])\nb: stays blocked",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -2, 0}]) -> blocks\na: semop(set, [{0, 1, 0}])\nb: stays blocked",
    ),
    (
        "not-never",
        "`expect never` claims that something holds in no order, and in one it does.",
        "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)\na: c = fork()\ninterleave {\n    a: x = load(p, u32)\n    a: store(p, u32, x + 1)\n    c: y = load(p, u32)\n    c: store(p, u32, y + 1)\n}\na: total = load(p, u32)\nexpect never total == 1",
        "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)\na: c = fork()\ninterleave {\n    a: x = load(p, u32)\n    a: store(p, u32, x + 1)\n    c: y = load(p, u32)\n    c: store(p, u32, y + 1)\n}\na: total = load(p, u32)\nexpect never total == 0",
    ),
    (
        "not-sometimes",
        "`expect sometimes` claims that there is an order in which something holds, and in none it does.",
        "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)\na: c = fork()\ninterleave {\n    a: x = load(p, u32)\n    a: store(p, u32, x + 1)\n    c: y = load(p, u32)\n    c: store(p, u32, y + 1)\n}\na: total = load(p, u32)\nexpect sometimes total == 3",
        "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)\na: c = fork()\ninterleave {\n    a: x = load(p, u32)\n    a: store(p, u32, x + 1)\n    c: y = load(p, u32)\n    c: store(p, u32, y + 1)\n}\na: total = load(p, u32)\nexpect sometimes total == 1",
    ),
    (
        "refused-argument",
        "An argument that only the run could compute does not fit its type in C: no call was made.",
        "a: n = getpid()\na: exit(n * 10000000000)",
        "a: n = getpid()\na: exit(n * 0)",
    ),
    (
        "returns-instead",
        "The call returns where the script has it wait: what it would wait for is there.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, 0, 0}]) -> blocks",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\na: semctl(set, 0, SETVAL, 1)\nb: semop(set, [{0, 0, 0}]) -> blocks\nb: stays blocked",
    ),
    (
        "succeeds-instead",
        "The call succeeds where the script has it fail.",
        "a: semget(0x12345, 1, IPC_CREAT | 0o600) -> EEXIST",
        "a: semget(0x12345, 1, IPC_CREAT | 0o600)\na: semget(0x12345, 1, IPC_CREAT | IPC_EXCL | 0o600) -> EEXIST",
    ),
    (
        "unannounced-end",
        "A step ended another actor, and the lines right after it do not say so. Cause and effect stand together.",
        "a: kill(b, SIGTERM)\na: getpid()",
        "a: kill(b, SIGTERM)\nb: dies SIGTERM\na: getpid()",
    ),
    (
        "unannounced-resume",
        "A step woke another actor, and the lines right after it do not say so. Cause and effect stand together.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}]) -> blocks\na: semop(set, [{0, 1, 0}])\na: getpid()",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\nb: semop(set, [{0, -1, 0}]) -> blocks\na: semop(set, [{0, 1, 0}])\nb: resumes\na: getpid()",
    ),
    (
        "wrong-end",
        "An actor ended otherwise than the script says: by another signal, with another status, or not at all.",
        "a: kill(b, SIGTERM)\nb: dies SIGKILL",
        "a: kill(b, SIGKILL)\nb: dies SIGKILL",
    ),
    (
        "wrong-errno",
        "The call fails, and with another error than the script says. The report says what both mean for this call, and from which earlier line the one comes.",
        "a: semget(0x12345) -> EEXIST",
        "a: semget(0x12345) -> ENOENT",
    ),
    (
        "wrong-value",
        "The call gives another value than the script says: of a record or a list, the report shows the parts that the script speaks of.",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\na: semctl(set, 0, GETVAL) -> 1",
        "a: set = semget(IPC_PRIVATE, 1, 0o600)\na: semctl(set, 0, GETVAL) -> 0",
    ),
];
