//! What can only be known by trying: namespaces of each kind, and real-time scheduling.

use super::Finding;
use crate::run::world::born;
use std::fs;
use std::io;

/// The kinds of namespaces that a world is made of.
const KINDS: [(&str, i32); 7] = [
    ("user", 0),
    ("mount", libc::CLONE_NEWNS),
    ("pid", libc::CLONE_NEWPID),
    ("IPC", libc::CLONE_NEWIPC),
    ("UTS", libc::CLONE_NEWUTS),
    ("cgroup", libc::CLONE_NEWCGROUP),
    ("network", libc::CLONE_NEWNET),
];

/// One finding for all kinds that can be made, and one for each that cannot, with the settings that may be the cause.
pub(super) fn namespaces() -> Vec<Finding> {
    let tried = KINDS.map(|(name, flag)| (name, try_clone(libc::CLONE_NEWUSER | flag)));
    let made: Vec<&str> = tried.iter().filter(|(_, result)| result.is_ok()).map(|&(name, _)| name).collect();
    let mut found = Vec::new();
    if !made.is_empty() {
        found.push(Finding::met("world", "namespaces", made.join(", ")));
    }
    let no_user = tried.first().is_some_and(|(_, result)| result.is_err());
    // Without a user namespace the others are refused for want of it: that says nothing of them.
    for (name, result) in tried.iter().take(if no_user { 1 } else { tried.len() }) {
        if let Err(error) = result {
            let errno = error.raw_os_error().map_or_else(|| error.to_string(), |number| crate::value::Errno(number).to_string());
            found.push(Finding::unmet("world", format!("{name} namespace"), format!("clone(2): {errno}"), cause(error, name)));
        }
    }
    found.extend(settings());
    found.push(scheduling());
    found
}

fn cause(error: &io::Error, kind: &str) -> &'static str {
    match (error.raw_os_error(), kind) {
        (Some(libc::ENOSPC | libc::EUSERS), _) => "raise the limits: `sysctl user` lists them, each `max_…_namespaces`",
        (Some(libc::EPERM), "user") => {
            "in a container: `--security-opt seccomp=unconfined`; elsewhere see the settings below; chroot(2) forbids it too"
        }
        (Some(libc::EINVAL), _) => "the kernel was built without it",
        _ => "",
    }
}

/// The settings that forbid user namespaces, where a kernel has them.
fn settings() -> Vec<Finding> {
    let setting =
        |name: &str| fs::read_to_string(format!("/proc/sys/{}", name.replace('.', "/"))).ok().map(|text| text.trim().to_owned());
    let forbids = [
        ("kernel.unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
        ("user.max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
    ];
    let mut found = Vec::new();
    for (name, bad, mend) in forbids {
        if let Some(value) = setting(name) {
            // Root is not asked by the first two.
            let counts = value == bad && (name.starts_with("user.") || !is_root());
            found.push(if counts {
                Finding::unmet("world", name, format!("it is {value}"), &format!("`{mend}`"))
            } else {
                Finding::met("world", name, format!("it is {value}"))
            });
        }
    }
    found.extend(filtered());
    found
}

fn is_root() -> bool {
    // SAFETY: geteuid(2) only reads.
    unsafe { libc::geteuid() == 0 }
}

/// A seccomp filter and no_new_privs come from whoever started this process, and are handed down to the actors.
fn filtered() -> Vec<Finding> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let is = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).is_some_and(|value| value.trim() != "0");
    let mut found = Vec::new();
    if is("Seccomp:") {
        let mend = "in a container: `--security-opt seccomp=unconfined`";
        found.push(Finding::unmet("world", "seccomp", "a filter of who started this applies to every actor", mend));
    }
    if is("NoNewPrivs:") {
        let mend = "start it outside of what sets it; in a container: without `--security-opt no-new-privileges`";
        found.push(Finding::unmet("world", "no_new_privs", "it is set, and handed down to every actor", mend));
    }
    found
}

/// With real-time priority the order of wake-ups needs no second look; without, verdicts are the same.
fn scheduling() -> Finding {
    let tried = in_child(0, || {
        let parameters = libc::sched_param { sched_priority: 1 };
        // SAFETY: sched_setscheduler(2) reads a local variable.
        unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const parameters) == 0 }
    });
    match tried {
        Ok(true) => Finding::met("world", "FIFO scheduling", "allowed"),
        _ => Finding::unmet(
            "world",
            "FIFO scheduling",
            "refused: verdicts are the same, steps take longer",
            "`ulimit -r 2`, or run it as root",
        ),
    }
}

fn try_clone(flags: i32) -> io::Result<()> {
    in_child(flags, || true).map(|_| ())
}

/// Has a child that is born with `flags` try something, and waits for its end.
fn in_child(flags: i32, what: impl FnOnce() -> bool) -> io::Result<bool> {
    let pid = born(flags)?;
    if pid == 0 {
        let done = what();
        // SAFETY: _exit(2) ends this child at once.
        unsafe { libc::_exit(i32::from(!done)) };
    }
    let mut status = 0;
    // SAFETY: waitpid(2) fills a local variable.
    unsafe { libc::waitpid(pid, &raw mut status, 0) };
    Ok(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0)
}
