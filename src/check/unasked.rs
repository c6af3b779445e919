//! What a scenario uses of the machine and does not ask for: where that is missing, it would diverge and not be skipped.
//!
//! Only what is certain is said: steps that must succeed, values that are written down, nothing inside `if`.

use crate::operation::{self, Operation};
use crate::scenario::{Alternative, Call, Expr, NeedKind, Scenario, What};
use crate::syntax::ast::CompareOp;
use crate::text::Diagnostic;
use crate::value::Value;
use std::ops::Range;

/// Parameters that take an id which the world must have.
const IDS: [&str; 10] = ["uid", "gid", "ruid", "euid", "suid", "rgid", "egid", "sgid", "owner", "group"];
/// File systems that every world has already, or that any kernel with namespaces can mount.
const ALWAYS: [&str; 8] = ["", "tmpfs", "proc", "mqueue", "sysfs", "devpts", "ramfs", "none"];
/// Where cgroups are.
const CGROUPS: &str = "/sys/fs/cgroup";

/// What `scenario` should ask for; its steps in `guarded` stand behind a condition.
pub(super) fn unasked(scenario: &Scenario, guarded: &[Range<usize>]) -> Vec<Diagnostic> {
    let open = |at: usize| !guarded.iter().any(|range| range.contains(&at));
    let calls = scenario.steps.iter().enumerate().filter_map(|(at, step)| match &step.what {
        What::Call(call) if open(at) => Some(call),
        _ => None,
    });
    let world = World::of(scenario);
    let mut told: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for call in calls.filter(|call| must_succeed(call)) {
        let Some(operation) = operation::at(call.operation) else { continue };
        let lack = age(scenario, operation)
            .or_else(|| id(scenario, world, operation, call))
            .or_else(|| filesystem(scenario, operation, call))
            .or_else(|| cgroup(scenario, world, operation, call));
        if let Some((message, need)) = lack.filter(|(_, need)| !told.contains(need)) {
            let diagnostic = Diagnostic::warning("unasked", call.span, message).here("not there on every machine");
            found.push(
                diagnostic
                    .help(format!("write `{need}` first in the scenario: where it is not met, that is a skip with the reason")),
            );
            told.push(need);
        }
    }
    found
}

/// What a scenario makes of its world, by any of its calls.
#[derive(Clone, Copy)]
struct World {
    /// It may make user namespaces, with ids of their own.
    namespaces: bool,
    /// It mounts something.
    mounts: bool,
}

impl World {
    fn of(scenario: &Scenario) -> Self {
        let calls = |names: &[&str]| {
            scenario.calls().any(|call| operation::at(call.operation).is_some_and(|operation| names.contains(&operation.name)))
        };
        Self { namespaces: calls(&["unshare", "clone", "clone3", "setns", "syscall"]), mounts: calls(&["mount", "move_mount"]) }
    }
}

fn must_succeed(call: &Call) -> bool {
    call.expectation.alternatives.iter().all(|one| matches!(one, Alternative::Ok | Alternative::Gives(_)))
}

/// A call that is younger than the oldest kernel with worlds.
fn age(scenario: &Scenario, operation: &Operation) -> Option<(String, String)> {
    let since = operation.since?;
    let version: Vec<u64> = since.split('.').filter_map(|part| part.parse().ok()).collect();
    let newer = |least: &[u64]| version.as_slice() > least;
    let asked = scenario.needs.iter().any(|need| match &need.kind {
        NeedKind::Kernel(CompareOp::GreaterOrEqual | CompareOp::Greater | CompareOp::Equal, least) => !newer(least),
        _ => false,
    });
    let old = newer(&operation::OLDEST_KERNEL) && !asked;
    old.then(|| (format!("`{}` came with Linux {since}", operation.name), format!("needs kernel >= {since}")))
}

/// An id beside 0, unless the scenario makes user namespaces of its own, with maps of their own.
fn id(scenario: &Scenario, world: World, operation: &Operation, call: &Call) -> Option<(String, String)> {
    if world.namespaces || is_privileged(scenario) {
        return None;
    }
    let given = operation.parameters.iter().zip(&call.args).filter(|(parameter, _)| IDS.contains(&parameter.name));
    let id = given.filter_map(|(_, value)| number(value)).find(|id| {
        let asked = |need: &crate::scenario::Need| matches!(need.kind, NeedKind::Uid(first, last) if (first..=last).contains(id));
        *id > 0 && !scenario.needs.iter().any(asked)
    })?;
    Some((format!("`{}` takes id {id}, which a world has only when it is asked for", operation.name), format!("needs uid {id}")))
}

/// A file system that not every kernel has.
fn filesystem(scenario: &Scenario, operation: &Operation, call: &Call) -> Option<(String, String)> {
    let place =
        operation.parameters.iter().position(|parameter| matches!(parameter.name, "filesystemtype" | "fsname" | "fstype"))?;
    let name = text(call.args.get(place)?)?;
    let asked = scenario.needs.iter().any(|need| match &need.kind {
        NeedKind::Filesystem(asked) => *asked == name,
        NeedKind::Config(_) => true,
        NeedKind::Cgroup1(_) => name == "cgroup",
        NeedKind::Cgroup(_) => name == "cgroup2",
        _ => false,
    });
    let missing = !asked && !ALWAYS.contains(&name.as_str()) && name.chars().all(|letter| letter.is_ascii_alphanumeric());
    missing.then(|| (format!("not every kernel has the file system {name}"), format!("needs fs {name}")))
}

/// A cgroup, unless the scenario mounts something of its own there.
fn cgroup(scenario: &Scenario, world: World, operation: &Operation, call: &Call) -> Option<(String, String)> {
    let below = |value: &Expr| text(value).filter(|path| path.strip_prefix(CGROUPS).is_some_and(|rest| rest.starts_with('/')));
    let path = call.args.iter().find_map(below)?;
    let asked = scenario.needs.iter().any(|need| matches!(need.kind, NeedKind::Cgroup(_) | NeedKind::Cgroup1(_)));
    if world.mounts || asked || is_privileged(scenario) {
        return None;
    }
    let controller = path
        .get(CGROUPS.len() + 1..)?
        .split('/')
        .next()
        .filter(|name| ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"].contains(name));
    let need = controller.map_or("needs cgroup".to_owned(), |name| format!("needs cgroup1 {name}"));
    Some((format!("`{}` is for {path}, and a world has cgroups only when they are asked for", operation.name), need))
}

fn is_privileged(scenario: &Scenario) -> bool {
    scenario.needs.iter().any(|need| matches!(need.kind, NeedKind::Privileged(_) | NeedKind::Capability(_)))
}

fn number(value: &Expr) -> Option<u32> {
    match value {
        // The largest one is -1, which leaves an id as it is.
        Expr::Literal(Value::Int(number)) => u32::try_from(*number).ok().filter(|&id| id < u32::MAX),
        _ => None,
    }
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Literal(Value::Bytes(bytes)) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    }
}
