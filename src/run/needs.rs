//! What a scenario needs of the machine, and why the machine does not have it.

use crate::scenario::{NeedKind, Scenario};
use crate::syntax::ast::CompareOp;
use crate::value::Value;
use std::cmp::Ordering;
use std::path::Path;

/// Why `scenario` cannot run here; `None` when it can.
pub fn unmet(scenario: &Scenario, privileged: bool) -> Option<String> {
    let interleaves = scenario.steps.iter().any(|step| matches!(step.what, crate::scenario::What::Interleave(_)));
    if interleaves {
        return Some("`interleave` parses and checks, but cannot be run yet".into());
    }
    scenario.needs.iter().find_map(|need| reason(&need.kind, privileged).map(|why| format!("needs {}: {why}", need.text)))
}

fn reason(need: &NeedKind, privileged: bool) -> Option<String> {
    match need {
        NeedKind::Kernel(op, version) => {
            let running = kernel();
            let met = holds(*op, running.as_slice().cmp(version.as_slice()));
            (!met).then(|| format!("this is Linux {}", running.iter().map(u64::to_string).collect::<Vec<_>>().join(".")))
        }
        NeedKind::Uid(_, last) => {
            (!super::world::can_map(*last)).then(|| "only root, with more ids than one, can map it; run it as root".into())
        }
        NeedKind::Filesystem(name) => {
            let known = std::fs::read_to_string("/proc/filesystems").unwrap_or_default();
            let met = known.lines().any(|line| line.split_whitespace().last() == Some(name));
            (!met).then(|| format!("/proc/filesystems does not name {name}"))
        }
        NeedKind::Cgroup(controller) => {
            let known = std::fs::read_to_string("/sys/fs/cgroup/cgroup.controllers").unwrap_or_default();
            let met = known.split_whitespace().any(|name| name == controller);
            (!met).then(|| format!("cgroup v2 has no {controller} controller here"))
        }
        NeedKind::Cgroup1(controller) => {
            let known = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
            let met = known
                .lines()
                .filter_map(|line| line.split(':').nth(1))
                .any(|names| names.split(',').any(|name| name == controller));
            (!met).then(|| format!("cgroup v1 has no {controller} controller here"))
        }
        NeedKind::Sysctl(name, op, wanted) => sysctl(name, *op, wanted),
        NeedKind::File(path) | NeedKind::Program(path) => (!Path::new(path).exists()).then(|| "there is no such file".into()),
        NeedKind::Arch(arch) => {
            let running = std::env::consts::ARCH;
            (running != arch).then(|| format!("this is {running}"))
        }
        NeedKind::Privileged | NeedKind::Capability(_) if !privileged => Some("refused without --privileged".into()),
        NeedKind::Privileged | NeedKind::Capability(_) => Some("scenarios with real root cannot be run yet".into()),
        NeedKind::Config(option) => config(option),
    }
}

/// The running release, by its parts.
fn kernel() -> Vec<u64> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let numbers = release.trim().split(['.', '-']).map_while(|part| part.parse().ok());
    numbers.take(3).collect()
}

fn holds(op: CompareOp, ordering: Ordering) -> bool {
    match op {
        CompareOp::Equal => ordering == Ordering::Equal,
        CompareOp::NotEqual => ordering != Ordering::Equal,
        CompareOp::Less => ordering == Ordering::Less,
        CompareOp::LessOrEqual => ordering != Ordering::Greater,
        CompareOp::Greater => ordering == Ordering::Greater,
        CompareOp::GreaterOrEqual => ordering != Ordering::Less,
    }
}

fn sysctl(name: &str, op: CompareOp, wanted: &Value) -> Option<String> {
    let path = format!("/proc/sys/{}", name.replace('.', "/"));
    let Ok(text) = std::fs::read_to_string(path) else { return Some("there is no such sysctl".into()) };
    let text = text.trim();
    let met = match (text.parse::<i128>(), wanted) {
        (Ok(number), Value::Int(wanted)) => holds(op, number.cmp(wanted)),
        (_, Value::Bytes(wanted)) => holds(op, text.as_bytes().cmp(wanted.as_slice())),
        _ => false,
    };
    (!met).then(|| format!("it is {text}"))
}

/// The kernel's configuration, where the machine tells: /boot, as a running kernel's own copy is compressed.
fn config(option: &str) -> Option<String> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let Ok(text) = std::fs::read_to_string(format!("/boot/config-{}", release.trim())) else {
        return Some("the kernel's configuration cannot be read".into());
    };
    let line = format!("CONFIG_{option}=");
    let met = text.lines().any(|known| known.strip_prefix(&line).is_some_and(|value| value == "y" || value == "m"));
    (!met).then(|| format!("CONFIG_{option} is not set"))
}
