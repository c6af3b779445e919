//! The words that stand in values.

use super::Keyword;

/// Words that stand in values.
pub const VALUES: &[Keyword] = &[
    Keyword {
        word: "len",
        summary: "The length of a string in bytes, or of a list.",
        example: "scenario \"as many as were written\" {
    actor a

    a: [r, w] = pipe()
    a: n = write(w, \"hello\")
    expect n == len(\"hello\")
}",
    },
    Keyword {
        word: "raw",
        summary: "An identifier without its kind: for a call that is meant to get the wrong one.",
        example: "scenario \"a semaphore set is no segment\" {
    actor a

    a: set = semget(IPC_PRIVATE, 1, 0o600)
    a: shmat(raw(set)) -> EINVAL
}",
    },
    Keyword {
        word: "exited",
        summary: "What `waitpid` and `system` give for a process that ended by itself, with its status.",
        example: "scenario \"the status of a program\" {
    actor a

    a: system(\"exit 3\") -> exited(3)
}",
    },
    Keyword {
        word: "killed",
        summary: "What `waitpid` gives for a process that a signal ended.",
        example: "scenario \"the status of a killed child\" {
    actor father

    father: child = fork()
    father: kill(child, SIGTERM)
    child:  dies SIGTERM
    father: waitpid(child) -> killed(SIGTERM)
}",
    },
    Keyword {
        word: "stopped",
        summary: "What `waitpid` gives under WUNTRACED for a process that a signal stopped.",
        example: "scenario \"a stopped child\" {
    actor father

    father: child = fork()
    father: kill(child, SIGSTOP)
    father: waitpid(child, WUNTRACED) -> stopped(SIGSTOP)
}",
    },
    Keyword {
        word: "continued",
        summary: "What `waitpid` gives under WCONTINUED for a process that goes on after a stop.",
        example: "scenario \"a child goes on\" {
    actor father

    father: child = fork()
    father: kill(child, SIGSTOP)
    father: waitpid(child, WUNTRACED)  -> stopped(SIGSTOP)
    father: kill(child, SIGCONT)
    father: waitpid(child, WCONTINUED) -> continued
}",
    },
    Keyword {
        word: "NULL",
        summary: "No address, no struct, no limit: what C programmers write for it.",
        example: "scenario \"the kernel chooses the address\" {
    actor a

    a: p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS)
    a: load(p, 4) -> \"\\x00\\x00\\x00\\x00\"
}",
    },
];
