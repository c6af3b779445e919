//! Holds the catalogue of calls to its word: complete pages, names that mean one thing, nothing that is taken and not listed.

use ipcscript::operation::{FAMILIES, Family, Operation, constants, operations};
use ipcscript::value::{Errno, Signal, Type, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Calls that are the language's own: no manual page describes them.
const OF_THE_LANGUAGE: [&str; 6] = ["load", "store", "output", "caught", "caught_causes", "ns"];
/// Calls without an errno: their manual pages give none that a script can reach, they end their caller, or they ask the engine.
const CANNOT_FAIL: &[&str] = &[
    "pthread_cond_signal",
    "pthread_cond_broadcast",
    "pthread_cond_destroy",
    "pthread_barrier_wait",
    "pthread_barrier_destroy",
    "pthread_rwlock_unlock",
    "pthread_rwlock_destroy",
    "pthread_exit",
    "sem_destroy",
    "sem_getvalue",
    "load",
    "store",
    "makedev",
    "umask",
    "getpid",
    "getppid",
    "gettid",
    "getpgrp",
    "exit",
    "_exit",
    "output",
    "caught",
    "caught_causes",
    "sigpending",
    "gethostname",
    "getdomainname",
    "uname",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getresuid",
    "getresgid",
    "getgroups",
    "setfsuid",
    "setfsgid",
    "sleep",
    "alarm",
    "times",
    "gettimeofday",
    "sched_yield",
    "quick_exit",
    "abort",
    "sync",
    "ctermid",
    "getpagesize",
    "get_nprocs",
    "get_nprocs_conf",
    "time",
    "major",
    "minor",
    "cfmakeraw",
];

/// Every call, with its family.
fn calls() -> impl Iterator<Item = (&'static Family, &'static Operation)> {
    FAMILIES.iter().flat_map(|&family| family.calls.iter().map(move |&call| (family, call)))
}

fn hold(wrong: Vec<String>, rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n    {}", wrong.join("\n    "));
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|&name| !seen.insert(name)).map(str::to_owned).collect()
}

/// The first line of `text` begins and ends like a sentence.
fn is_sentence(text: &str) -> bool {
    let line = text.trim().lines().next().unwrap_or_default();
    line.starts_with(|first: char| !first.is_lowercase()) && line.ends_with('.') && line.len() > 10
}

/// `semop(2)`, `cat(1)`, `proc_pid_mountinfo(5)`.
fn is_page(man: &str) -> bool {
    let Some((name, section)) = man.split_once('(') else { return false };
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_.+-".contains(c));
    is_word && matches!(section, "1)" | "2)" | "3)" | "3p)" | "4)" | "5)" | "7)" | "8)")
}

#[test]
fn a_call_says_what_it_does_where_it_is_described_and_when_it_blocks() {
    let mut wrong = Vec::new();
    for (family, call) in calls() {
        let mut say = |what: &str, seen: &str| wrong.push(format!("{}/{}: {what}: {seen:?}", family.name, call.name));
        if !is_sentence(call.summary) {
            say("the summary's first line is no sentence", call.summary);
        }
        if is_page(call.man) == OF_THE_LANGUAGE.contains(&call.name) {
            say("no manual page such as semop(2)", call.man);
        }
        if call.blocks.trim().is_empty() {
            say("when it blocks is not said (`never` is an answer)", call.blocks);
        }
        if !call.example.lines().any(|line| line.contains(&format!("{}(", call.name))) {
            say("the example does not make the call", call.example);
        }
    }
    hold(wrong, "an entry is a page that a student can read");
}

#[test]
fn errors_say_why_each_once() {
    let mut wrong = Vec::new();
    for (family, call) in calls() {
        if call.errors.is_empty() != CANNOT_FAIL.contains(&call.name) {
            wrong.push(format!("{}/{}: lists errors, or stands in CANNOT_FAIL", family.name, call.name));
        }
        let names: Vec<&str> = call
            .errors
            .iter()
            .filter_map(|(errno, _)| Errno::all().find(|(_, known)| known == errno))
            .map(|(name, _)| name)
            .collect();
        wrong.extend(twice(names.into_iter()).iter().map(|name| format!("{}/{}: {name} twice", family.name, call.name)));
        let empty = call.errors.iter().filter(|(_, why)| why.trim().len() < 5);
        wrong.extend(empty.map(|(errno, why)| format!("{}/{}: {errno:?}: {why:?} is no reason", family.name, call.name)));
    }
    hold(wrong, "each error is listed once, with its reason");
}

#[test]
fn names_mean_one_thing() {
    hold(twice(operations().map(|call| call.name)), "two calls have one name");
    hold(twice(FAMILIES.iter().map(|family| family.name)), "two families have one name");

    let mut values: BTreeMap<&str, i128> = BTreeMap::new();
    let numbers = Errno::all().map(|(name, errno)| (name, i128::from(errno.0)));
    let signals = Signal::all().map(|(name, signal)| (name, i128::from(signal.0)));
    let mut wrong = Vec::new();
    for (name, value) in constants().map(|constant| (constant.name, constant.value)).chain(numbers).chain(signals) {
        let known = *values.entry(name).or_insert(value);
        if known != value {
            wrong.push(format!("`{name}` is {known} and {value}"));
        }
    }
    let calls: BTreeSet<&str> = operations().map(|call| call.name).collect();
    wrong.extend(values.keys().filter(|name| calls.contains(*name)).map(|name| format!("`{name}` is a call and a constant")));
    hold(wrong, "a name has one value");
}

#[test]
fn what_is_taken_and_given_is_listed() {
    let mut wrong = Vec::new();
    for (family, call) in calls() {
        let types = call.parameters.iter().map(|parameter| parameter.ty).chain([call.result]);
        for ty in types {
            unlisted(&ty, family, &mut |what| wrong.push(format!("{}/{}: {what}", family.name, call.name)));
        }
        for case in call.commands.iter().flat_map(|commands| commands.cases) {
            // A filter has a field for each system call: these stand on a page as numbers already.
            let types = case.takes.iter().map(|parameter| parameter.ty).chain([case.gives]).filter(|ty| !is_filter(ty));
            for ty in types {
                unlisted(&ty, family, &mut |what| {
                    wrong.push(format!("{}/{}: {:?}: {what}", family.name, call.name, case.commands))
                });
            }
        }
    }
    hold(wrong, "the page of a family shows every constant and struct of its calls");
}

fn is_filter(ty: &Type) -> bool {
    matches!(ty, Type::Struct(structure) if structure.name == "seccomp_filter")
}

#[test]
fn commands_are_constants_of_their_parameter_and_change_parameters_that_there_are() {
    let mut wrong = Vec::new();
    for (family, call) in calls() {
        let Some(commands) = &call.commands else { continue };
        let mut seen: Vec<&str> = Vec::new();
        for case in commands.cases {
            for &name in case.commands {
                let value = constants().find(|constant| constant.name == name).map(|constant| Value::Int(constant.value));
                let mut args = vec![None; call.parameters.len()];
                if let Some(at) = call.parameters.iter().position(|parameter| parameter.name == commands.parameter) {
                    args[at] = value;
                }
                let level = commands.level.and_then(|level| call.parameters.iter().position(|parameter| parameter.name == level));
                if let (Some(level), Some(under)) = (level, case.under) {
                    args[level] = constants().find(|constant| constant.name == under).map(|constant| Value::Int(constant.value));
                }
                if !call.case(&args).is_some_and(|found| std::ptr::eq(found, case)) {
                    wrong.push(format!("{}/{}: `{name}` does not lead to its case", family.name, call.name));
                }
                seen.push(name);
            }
            let unknown = case.takes.iter().filter(|taken| !call.parameters.iter().any(|parameter| parameter.name == taken.name));
            wrong.extend(unknown.map(|taken| format!("{}/{}: no parameter `{}`", family.name, call.name, taken.name)));
        }
        wrong.extend(twice(seen.into_iter()).iter().map(|name| format!("{}/{}: `{name}` twice", family.name, call.name)));
    }
    hold(wrong, "what is said of commands is true of some call");
}

/// Reports the groups and structs in `ty` that no page of the catalogue shows, nested ones too.
fn unlisted(ty: &Type, family: &Family, report: &mut dyn FnMut(String)) {
    match *ty {
        Type::Constants(group) if !family.constants.contains(&group) => report(format!("the constants \"{}\"", group.name)),
        Type::Struct(structure) => {
            if !family.structs.contains(&structure) {
                report(format!("the struct `{}`", structure.name));
            }
            for field in structure.fields {
                unlisted(&field.ty, family, report);
            }
        }
        Type::List(inner) | Type::Optional(inner) => unlisted(inner, family, report),
        Type::Either(types) => types.iter().for_each(|ty| unlisted(ty, family, report)),
        _ => {}
    }
}

#[test]
fn a_page_has_a_title_a_summary_and_described_constants() {
    let mut wrong = Vec::new();
    for family in FAMILIES {
        if family.title.is_empty() || !family.summary.trim_end().ends_with('.') || family.calls.is_empty() {
            wrong.push(format!("{}: title, summary and calls", family.name));
        }
        for group in family.constants {
            let unsaid = group.constants.iter().filter(|constant| constant.summary.is_empty());
            wrong.extend(unsaid.map(|constant| format!("{}: `{}` is not described", family.name, constant.name)));
            let twice = twice(group.constants.iter().map(|constant| constant.name));
            wrong.extend(twice.iter().map(|name| format!("{}: `{name}` twice in \"{}\"", family.name, group.name)));
        }
        for structure in family.structs {
            if !is_sentence(structure.summary) {
                wrong.push(format!("{}: the summary of struct `{}`: {:?}", family.name, structure.name, structure.summary));
            }
        }
    }
    hold(wrong, "a family is a page that a student can read");
}

#[test]
fn what_may_be_left_out_stands_last() {
    let mut wrong = Vec::new();
    for (family, call) in calls() {
        if call.parameters.iter().skip(call.required()).any(|parameter| parameter.default.is_none()) {
            wrong.push(format!("{}/{}: {}", family.name, call.name, call.signature()));
        }
        wrong.extend(
            twice(call.parameters.iter().map(|parameter| parameter.name))
                .iter()
                .map(|name| format!("{}: `{name}` twice", call.name)),
        );
    }
    hold(wrong, "a parameter with a default is followed by none without");
}

/// Every call that the issue *The whole catalogue* names, or implies by naming its family; `popen` and `system` of programs, too.
const NAMED: &[&str] = &[
    // System V and POSIX IPC, which came first.
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
    "ftok",
    "mq_open",
    "mq_close",
    "mq_unlink",
    "mq_send",
    "mq_timedsend",
    "mq_receive",
    "mq_timedreceive",
    "mq_getattr",
    "mq_setattr",
    "mq_notify",
    "sem_open",
    "sem_close",
    "sem_unlink",
    "sem_init",
    "sem_destroy",
    "sem_wait",
    "sem_trywait",
    "sem_timedwait",
    "sem_clockwait",
    "sem_post",
    "sem_getvalue",
    "shm_open",
    "shm_unlink",
    "futex",
    // Sockets.
    "socket",
    "socketpair",
    "bind",
    "listen",
    "accept",
    "accept4",
    "connect",
    "shutdown",
    "getsockname",
    "getpeername",
    "send",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recv",
    "recvfrom",
    "recvmsg",
    "recvmmsg",
    "getsockopt",
    "setsockopt",
    // Descriptors.
    "eventfd",
    "eventfd_read",
    "eventfd_write",
    "signalfd",
    "timerfd_create",
    "timerfd_settime",
    "timerfd_gettime",
    "poll",
    "ppoll",
    "select",
    "pselect",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "inotify_init",
    "inotify_init1",
    "inotify_add_watch",
    "inotify_rm_watch",
    "flock",
    "lockf",
    "fcntl",
    "pipe",
    "pipe2",
    "mkfifo",
    "mkfifoat",
    "splice",
    "tee",
    "vmsplice",
    "sendfile",
    "copy_file_range",
    "dup",
    "dup2",
    "dup3",
    "close_range",
    "ioctl",
    // Memory.
    "memfd_create",
    "mmap",
    "munmap",
    "mprotect",
    "msync",
    "mremap",
    "madvise",
    "mlock",
    "munlock",
    "mlockall",
    "munlockall",
    // Processes and threads.
    "fork",
    "vfork",
    "clone",
    "clone3",
    "thread",
    "pthread_join",
    "pthread_exit",
    "pthread_kill",
    "exit",
    "_exit",
    "atexit",
    "wait",
    "waitpid",
    "waitid",
    "wait3",
    "wait4",
    "pidfd_open",
    "pidfd_send_signal",
    "pidfd_getfd",
    "execve",
    "execveat",
    "system",
    "popen",
    "posix_spawn",
    "kcmp",
    "prctl",
    "setsid",
    "getsid",
    "setpgid",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "gettid",
    "process_vm_readv",
    "process_vm_writev",
    // Credentials and capabilities.
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getresuid",
    "getresgid",
    "setuid",
    "seteuid",
    "setreuid",
    "setresuid",
    "setgid",
    "setegid",
    "setregid",
    "setresgid",
    "setfsuid",
    "setfsgid",
    "getgroups",
    "setgroups",
    "capget",
    "capset",
    // Limits, time, signals.
    "getrlimit",
    "setrlimit",
    "prlimit",
    "getrusage",
    "setitimer",
    "getitimer",
    "alarm",
    "timer_create",
    "timer_settime",
    "timer_gettime",
    "timer_getoverrun",
    "timer_delete",
    "nanosleep",
    "clock_nanosleep",
    "sleep",
    "usleep",
    "clock_gettime",
    "signal",
    "sigaction",
    "sigprocmask",
    "sigpending",
    "sigsuspend",
    "sigwait",
    "sigwaitinfo",
    "sigtimedwait",
    "sigqueue",
    "rt_sigqueueinfo",
    "kill",
    "killpg",
    "raise",
    "tgkill",
    // Namespaces, mounts, roots.
    "unshare",
    "setns",
    "ns",
    "chroot",
    "pivot_root",
    "mount",
    "umount",
    "umount2",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_tree",
    "move_mount",
    "mount_setattr",
    "sethostname",
    "gethostname",
    "setdomainname",
    "getdomainname",
    "uname",
    "reboot",
    // Confinement.
    "seccomp",
    "landlock_create_ruleset",
    "landlock_add_rule",
    "landlock_restrict_self",
    // Inspection without ptrace, control files (uid_map, sysctls, cgroups), and the rest.
    "ls",
    "cat",
    "write_file",
    "table",
    "mountinfo",
    "syscall",
];

#[test]
fn every_call_that_was_asked_for_is_there() {
    let known: BTreeSet<&str> = operations().map(|call| call.name).collect();
    let missing = NAMED.iter().filter(|name| !known.contains(*name)).map(|name| (*name).to_owned());
    hold(missing.collect(), "a call that was asked for is missing");
}
