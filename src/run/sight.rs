//! Whether a scenario can see any file of its world. One that cannot gets a world without the mounts that it would find there, and
//! without descriptors that are there only because a script may change what a path means: half of what a world costs.

use crate::operation;
use crate::scenario::Scenario;

/// What a scenario can see of its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Files and mounts.
    Files,
    /// Nothing that has a path, but what it writes to a descriptor.
    Output,
    /// Neither.
    Nothing,
}

/// Calls that neither take nor give a path, nor change credentials, mounts or programs, nor make calls of other names later. A call that
/// is not here costs its scenario some microseconds; one that is here and should not be would show it an empty folder.
const BLIND: [&str; 50] = [
    "semget",
    "semop",
    "semtimedop",
    "semctl",
    "shmget",
    "shmat",
    "shmdt",
    "shmctl",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "load",
    "store",
    "futex",
    "eventfd",
    "eventfd_read",
    "eventfd_write",
    "pipe",
    "pipe2",
    "read",
    "write",
    "close",
    "poll",
    "ppoll",
    "fork",
    "getpid",
    "getppid",
    "gettid",
    "getpgrp",
    "getpgid",
    "setpgid",
    "getsid",
    "setsid",
    "kill",
    "killpg",
    "tgkill",
    "tkill",
    "raise",
    "sigqueue",
    "sigprocmask",
    "sigpending",
    "sigsuspend",
    "sigwait",
    "sigwaitinfo",
    "pause",
    "waitpid",
    "wait",
    "exit",
    "_exit",
];

/// Those among them by which output is written.
const WRITING: [&str; 2] = ["write", "eventfd_write"];

/// What `scenario` can see.
pub fn sight(scenario: &Scenario) -> Sight {
    let any = |what: &dyn Fn(&str) -> bool| {
        scenario.calls().any(|call| operation::at(call.operation).is_none_or(|operation| what(operation.name)))
    };
    if !scenario.needs.is_empty() || any(&|name| !BLIND.contains(&name)) {
        Sight::Files
    } else if any(&|name| WRITING.contains(&name)) {
        Sight::Output
    } else {
        Sight::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::BLIND;
    use crate::operation::{self, Trait};
    use crate::value::Type;

    #[test]
    fn a_blind_call_takes_no_path_and_starts_no_program() {
        for name in BLIND {
            let (_, operation) = operation::find(name).unwrap_or_else(|| panic!("`{name}` is in the catalogue"));
            let sees = |ty: &Type| matches!(ty, Type::Path | Type::Do);
            assert!(
                !operation.parameters.iter().any(|parameter| sees(&parameter.ty)),
                "`{name}` takes a path, or calls for later"
            );
            for what in [Trait::Becomes, Trait::Programs, Trait::Network, Trait::Shares] {
                assert!(!operation.is(what), "`{name}` does more");
            }
        }
    }
}
