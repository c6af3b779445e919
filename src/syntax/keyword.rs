//! The keywords of the language: what each means, and a script that shows it.

mod values;

pub use values::VALUES;

/// A word with a meaning of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Keyword {
    /// The word.
    pub word: &'static str,
    /// What it means, one sentence.
    pub summary: &'static str,
    /// A whole script that runs.
    pub example: &'static str,
}

/// Each word of the language.
pub const KEYWORDS: &[Keyword] = &[
    Keyword {
        word: "scenario",
        summary: "Opens a scenario: a titled play of steps, run in a world of its own.",
        example: "## What the scenario shows, and why.
scenario \"a pipe gives back what was written\" {
    actor a

    a: [r, w] = pipe()
    a: write(w, \"x\")
    a: read(r, 10) -> \"x\"
}",
    },
    Keyword {
        word: "setup",
        summary: "Opens the steps that run ahead of each scenario of the file.",
        example: "setup {
    actor owner

    owner: set = semget(IPC_PRIVATE, 1, 0o600)
}

scenario \"a new semaphore is zero\" {
    owner: semctl(set, 0, GETVAL) -> 0
}",
    },
    Keyword {
        word: "const",
        summary: "Names a value for the whole file: `const KEY = 0x12345`.",
        example: "const KEY = 0x12345

scenario \"a key that nobody has used\" {
    actor a

    a: semget(KEY, 1, 0) -> ENOENT
}",
    },
    Keyword {
        word: "def",
        summary: "Names a call for the whole file: `def P(sem) = semop(sem, [{0, -1, 0}])`.",
        example: "def P(sem, flags = 0) = semop(sem, [{0, -1, flags}])

scenario \"an empty semaphore\" {
    actor a

    a: set = semget(IPC_PRIVATE, 1, 0o600)
    a: P(set, IPC_NOWAIT) -> EAGAIN
}",
    },
    Keyword {
        word: "include",
        summary: "Takes the `const` and `def` of another file: `include \"locks.ipcs\"`.",
        example: "# locks.ipcs holds: def P(sem) = semop(sem, [{0, -1, 0}])
include \"locks.ipcs\"

scenario \"a call with a name of its own\" {
    actor a

    a: set = semget(IPC_PRIVATE, 1, 0o600)
    a: P(set) -> blocks
    a: stays blocked
}",
    },
    Keyword {
        word: "actor",
        summary: "Declares processes that the world starts: `actor father, witness`.",
        example: "scenario \"two processes of one world\" {
    actor father, witness

    father: child = fork()
    child:  getppid()  -> father
    witness: getppid() -> 1
}",
    },
    Keyword {
        word: "needs",
        summary: "States what the machine must offer, or the scenario is skipped: `needs kernel >= 5.6`.",
        example: "scenario \"closing many descriptors at once\" {
    needs kernel >= 5.9
    actor a

    a: [r, w] = pipe()
    a: close_range(r, w)
    a: read(r, 1) -> EBADF
}",
    },
    Keyword {
        word: "each",
        summary: "Runs the scenario once for each value: `each flags in [0, SEM_UNDO]`.",
        example: "scenario \"an empty semaphore is never waited for under IPC_NOWAIT\" {
    each flags in [IPC_NOWAIT, IPC_NOWAIT | SEM_UNDO]
    actor a

    a: set = semget(IPC_PRIVATE, 1, 0o600)
    a: semop(set, [{0, -1, flags}]) -> EAGAIN
}",
    },
    Keyword {
        word: "in",
        summary: "Stands between the name and the values of `each` and `for`.",
        example: "scenario \"as long as it says\" {
    each size in [1, 4096]
    actor a

    for i in 1..3 {
        a: write(1, \"x\" * size) -> size
    }
}",
    },
    Keyword {
        word: "if",
        summary: "Chooses steps before the run, from parameters and facts about the machine: `if kernel >= 5.9 { … }`.",
        example: "scenario \"a call that older kernels lack\" {
    actor a

    if kernel >= 5.9 {
        a: close_range(3, 100)
    } else {
        a: close_range(3, 100) -> ENOSYS
    }
}",
    },
    Keyword {
        word: "else",
        summary: "Opens the steps for when the `if` before it does not hold: `} else { … }`.",
        example: "scenario \"with and without a wait\" {
    each flags in [0, IPC_NOWAIT]
    actor a

    a: queue = msgget(IPC_PRIVATE, 0o600)
    if flags == IPC_NOWAIT {
        a: msgrcv(queue, 10, 0, flags) -> ENOMSG
    } else {
        a: msgrcv(queue, 10, 0, flags) -> blocks
        a: stays blocked
    }
}",
    },
    Keyword {
        word: "for",
        summary: "Repeats steps, a number of times known before the run: `for i in 1..100 { … }`.",
        example: "scenario \"messages come in the order of their sending\" {
    actor a

    a: queue = msgget(IPC_PRIVATE, 0o600)
    for i in 1..3 {
        a: msgsnd(queue, {1, \"message {i}\"})
    }
    for i in 1..3 {
        a: msgrcv(queue, 100) -> {mtext: \"message {i}\"}
    }
}",
    },
    Keyword {
        word: "interleave",
        summary: "Opens steps that are run in every order that keeps each actor's own order.",
        example: "scenario \"an update gets lost\" {
    actor main

    main: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
    main: a = fork()
    main: b = fork()
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect sometimes total == 1
    expect never total == 0
}",
    },
    Keyword {
        word: "expect",
        summary: "States what holds between values already bound: `expect a != b`; of a name whose call failed, `expect x -> EIDRM`.",
        example: "scenario \"a child keeps the namespace, unshare makes another\" {
    actor father

    father: child = fork()
    expect ns(father, ipc) == ns(child, ipc)
    child:  unshare(CLONE_NEWIPC)
    expect ns(father, ipc) != ns(child, ipc)
}",
    },
    Keyword {
        word: "always",
        summary: "In an `expect`: in all orders of the `interleave` before it, which is the default.",
        example: "scenario \"two who add one\" {
    actor main

    main: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
    main: a = fork()
    main: b = fork()
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect always total >= 1
}",
    },
    Keyword {
        word: "sometimes",
        summary: "In an `expect`: in at least one order of the `interleave` before it.",
        example: "scenario \"two who add one\" {
    actor main

    main: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
    main: a = fork()
    main: b = fork()
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect sometimes total == 2
}",
    },
    Keyword {
        word: "never",
        summary: "In an `expect`: in no order of the `interleave` before it.",
        example: "scenario \"two who add one\" {
    actor main

    main: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
    main: a = fork()
    main: b = fork()
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect never total == 0
}",
    },
    Keyword {
        word: "deadlock",
        summary: "In an `expect`: an order in which no actor can move any more.",
        example: "def P(sem, n) = semop(sem, [{n, -1, 0}])

scenario \"two locks in opposite order\" {
    actor a, b

    a: set = semget(0x12345, 2, IPC_CREAT | 0o600)
    a: semctl(set, 0, SETALL, [1, 1])
    interleave {
        a: P(set, 0)
        a: P(set, 1)
        b: P(set, 1)
        b: P(set, 0)
    }
    expect sometimes deadlock
}",
    },
    Keyword {
        word: "resumes",
        summary: "As a step: the pending call of the actor has returned; its binding is made now.",
        example: "scenario \"a writer wakes the reader\" {
    actor parent

    parent: [r, w] = pipe()
    parent: child = fork()
    child:  text = read(r, 64)  -> blocks
    parent: write(w, \"hello\")
    child:  resumes             -> \"hello\"
}",
    },
    Keyword {
        word: "stays",
        summary: "As a step, `stays blocked`: the pending call of the actor has not returned.",
        example: "scenario \"one is not enough\" {
    actor a, b

    a: set = semget(0x12345, 1, IPC_CREAT | 0o600)
    b: semop(set, [{0, -2, 0}]) -> blocks
    a: semop(set, [{0, +1, 0}])
    b: stays blocked
    a: semop(set, [{0, +1, 0}])
    b: resumes
}",
    },
    Keyword {
        word: "blocked",
        summary: "In `stays blocked`: waiting in a call. An actor may be named like this word.",
        example: "scenario \"a deadlock that the script wants\" {
    actor a

    a: [r, w] = pipe()
    a: read(r, 1) -> blocks
    a: stays blocked
}",
    },
    Keyword {
        word: "dies",
        summary: "As a step or an outcome: a signal ended the actor, as in `dies SIGKILL`.",
        example: "scenario \"no handler can answer SIGKILL\" {
    actor father

    father: child = fork()
    father: kill(child, SIGKILL)
    child:  dies SIGKILL
    father: waitpid(child)  -> killed(SIGKILL)
}",
    },
    Keyword {
        word: "exits",
        summary: "As a step or an outcome: the actor ended by itself with this status, as in `exits 3`.",
        example: "scenario \"a handler ends the process\" {
    actor father

    father: child = fork()
    child:  sigaction(SIGTERM, {sa_handler: do { _exit(3) }})
    father: kill(child, SIGTERM)
    child:  exits 3
    father: waitpid(child)  -> exited(3)
}",
    },
    Keyword {
        word: "blocks",
        summary: "As an outcome: the call does not return.",
        example: "scenario \"an operation waits for its whole sum\" {
    actor a, b

    a: set = semget(0x12345, 1, IPC_CREAT | 0o600)
    b: semop(set, [{0, -2, 0}]) -> blocks
    a: semop(set, [{0, +1, 0}])
    b: stays blocked
    a: semop(set, [{0, +1, 0}])
    b: resumes
}",
    },
    Keyword {
        word: "sleeps",
        summary: "As an outcome: the call waits with a time limit of its own, and its end is awaited at `resumes`.",
        example: "scenario \"a time limit ends the wait\" {
    actor a

    a: [r, w] = pipe()
    a: poll([{r, POLLIN}], 10ms) -> sleeps
    a: resumes                   -> [{revents: 0}]
}",
    },
    Keyword {
        word: "ok",
        summary: "As an outcome: success, whatever the result, which is the default.",
        example: "scenario \"whatever it gives\" {
    actor a

    a: getpid() -> ok
    a: getpid()
}",
    },
    Keyword {
        word: "eventually",
        summary: "As an outcome: a call that only reads is asked again until the pattern matches or a deadline passes.",
        example: "scenario \"a state that the kernel reaches by itself\" {
    actor a

    a: cat(\"/proc/self/comm\") -> eventually contains \"\\n\"
}",
    },
    Keyword {
        word: "contains",
        summary: "As an outcome: the result has this text in it, as in `contains \"text\"`.",
        example: "scenario \"a line among others\" {
    actor a

    a: cat(\"/proc/self/status\") -> contains \"Threads:\\t1\\n\"
}",
    },
    Keyword {
        word: "matches",
        summary: "As an outcome: the result has a match of this regular expression, as in `matches \"^[0-9]+\"`.",
        example: "scenario \"the name of a namespace\" {
    actor a

    a: readlink(\"/proc/self/ns/ipc\") -> matches \"^ipc:\"
}",
    },
    Keyword {
        word: "or",
        summary: "Joins alternatives of an outcome, `EPERM or EACCES`, and conditions.",
        example: "scenario \"either of two answers\" {
    actor a

    a: mkdir(\"/proc/new\", 0o755) -> ENOENT or EPERM or EACCES
}",
    },
    Keyword {
        word: "and",
        summary: "Joins conditions that must all hold.",
        example: "scenario \"a range of kernels\" {
    actor a

    if kernel >= 3.8 and not kernel < 2.6 {
        a: unshare(CLONE_NEWIPC)
    }
}",
    },
    Keyword {
        word: "not",
        summary: "Turns a condition round; behind the `->` of an `expect`, a pattern: `expect text -> not contains \"x\"`.",
        example: "scenario \"without real root\" {
    actor a

    if not privileged {
        a: getuid() -> 0
    }
}",
    },
    Keyword {
        word: "do",
        summary: "Holds a call that the process makes later by itself: `atexit(do { write(1, \"bye\\n\") })`.",
        example: "scenario \"what a process leaves to be done at its end\" {
    actor a

    a: atexit(do { write(1, \"bye\\n\") })
    a: exit(0)
    expect output(a) == \"bye\\n\"
}",
    },
    Keyword {
        word: "kernel",
        summary: "In `needs` and `if`: the version of the running kernel, compared part by part.",
        example: "scenario \"an answer that depends on the version\" {
    actor a

    if kernel >= 5.9 {
        a: close_range(3, 100)
    } else {
        a: close_range(3, 100) -> ENOSYS
    }
}",
    },
    Keyword {
        word: "_",
        summary: "As an outcome: anything that is not an error.",
        example: "scenario \"some number\" {
    actor a

    a: getpgrp() -> _
}",
    },
];

#[cfg(test)]
mod tests {
    use super::super::word::RESERVED;
    use super::KEYWORDS;

    #[test]
    fn every_reserved_word_has_a_meaning() {
        for word in RESERVED {
            assert!(KEYWORDS.iter().any(|known| known.word == *word), "no meaning for `{word}`");
        }
        assert_eq!(KEYWORDS.len(), RESERVED.len() + 1, "`blocked` alone is a word without being reserved");
    }
}
