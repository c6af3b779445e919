//! The machine's fingerprint: what of it may make a scenario come out otherwise than elsewhere.

use super::survey;
use crate::journal::{Finding, Machine, Setting};
use crate::run::needs::{capability_names, configuration};
use nix::sys::utsname::uname;
use std::ffi::OsStr;
use std::fs;

/// What the kernel was built with, as far as the catalogue's calls and the worlds depend on it.
const OPTIONS: [&str; 40] = [
    "SYSVIPC",
    "POSIX_MQUEUE",
    "NAMESPACES",
    "UTS_NS",
    "TIME_NS",
    "IPC_NS",
    "USER_NS",
    "PID_NS",
    "NET_NS",
    "CGROUPS",
    "MEMCG",
    "CGROUP_PIDS",
    "CGROUP_FREEZER",
    "CGROUP_SCHED",
    "CPUSETS",
    "SECCOMP",
    "SECCOMP_FILTER",
    "SECURITY_LANDLOCK",
    "SECURITY_YAMA",
    "SECURITY_APPARMOR",
    "SECURITY_SELINUX",
    "KEYS",
    "BPF_SYSCALL",
    "IO_URING",
    "USERFAULTFD",
    "FUTEX",
    "FUTEX_PI",
    "EPOLL",
    "SIGNALFD",
    "TIMERFD",
    "EVENTFD",
    "INOTIFY_USER",
    "FANOTIFY",
    "OVERLAY_FS",
    "TMPFS",
    "UNIX",
    "CHECKPOINT_RESTORE",
    "PREEMPT",
    "PREEMPT_DYNAMIC",
    "HZ",
];
/// The settings that calls are measured against, and those that open or close the way to a world.
const SYSCTLS: [&str; 39] = [
    "fs.file-max",
    "fs.inotify.max_user_instances",
    "fs.inotify.max_user_watches",
    "fs.mount-max",
    "fs.mqueue.msg_default",
    "fs.mqueue.msg_max",
    "fs.mqueue.msgsize_default",
    "fs.mqueue.msgsize_max",
    "fs.mqueue.queues_max",
    "fs.nr_open",
    "fs.pipe-max-size",
    "fs.pipe-user-pages-hard",
    "fs.pipe-user-pages-soft",
    "fs.protected_fifos",
    "fs.protected_hardlinks",
    "fs.protected_regular",
    "fs.protected_symlinks",
    "fs.suid_dumpable",
    "kernel.apparmor_restrict_unprivileged_userns",
    "kernel.auto_msgmni",
    "kernel.cap_last_cap",
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.pid_max",
    "kernel.randomize_va_space",
    "kernel.sched_rt_runtime_us",
    "kernel.sem",
    "kernel.shm_rmid_forced",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.threads-max",
    "kernel.unprivileged_userns_clone",
    "kernel.yama.ptrace_scope",
    "net.core.somaxconn",
    "net.unix.max_dgram_qlen",
    "user.max_user_namespaces",
    "vm.overcommit_memory",
];

/// The fingerprint of the machine and of who runs this on it. It holds no name of the machine and nothing that passes.
pub fn machine() -> Machine {
    let names = uname().ok();
    let name = |part: Option<&OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    let findings = survey().into_iter().map(|seen| {
        // Which id outside is a world's second one is another for each run.
        let found = if seen.topic == "ids" && seen.met { "there is one".into() } else { seen.found };
        Finding { topic: seen.topic.into(), what: seen.what, met: seen.met, found }
    });
    Machine {
        release: name(names.as_ref().map(|names| names.release())),
        version: name(names.as_ref().map(|names| names.version())),
        machine: name(names.as_ref().map(|names| names.machine())),
        configuration: OPTIONS.into_iter().filter_map(|name| Some(setting(name, configuration().value(name)?))).collect(),
        sysctls: SYSCTLS.into_iter().filter_map(|name| Some(setting(name, &sysctl(name)?))).collect(),
        capabilities: capability_names().into_iter().map(Into::into).collect(),
        findings: findings.collect(),
    }
}

fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.into(), value: value.into() }
}

/// The value of a setting, with one blank between its parts; none where this kernel does not have it or does not tell.
fn sysctl(name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/sys/{}", name.replace('.', "/"))).ok()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::{OPTIONS, SYSCTLS, sysctl};

    #[test]
    fn settings_are_found_and_named_once() {
        assert!(sysctl("kernel.sem").is_some_and(|value| value.split(' ').count() == 4));
        assert_eq!(sysctl("kernel.no_such_setting"), None);
        for list in [&OPTIONS[..], &SYSCTLS[..]] {
            let mut once = list.to_vec();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), list.len());
        }
    }
}
