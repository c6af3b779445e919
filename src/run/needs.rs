//! What a scenario needs of the machine, and why the machine does not have it.

mod kernel_config;
mod root;

use super::plan;
use super::world::hierarchy::{self, Asked};
use super::world::{Ids, SHOWN};
use crate::scenario::{Need, NeedKind, Scenario};
use crate::syntax::ast::CompareOp;
use crate::value::Value;
use std::cmp::Ordering;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path};
use std::sync::LazyLock;

pub use kernel_config::configuration;
pub use root::{capabilities, capability_names, initial_user_namespace, lacking};

/// Why `scenario` cannot run here: every need that is not met, each with what was found; `None` when it can.
pub fn unmet(scenario: &Scenario, privileged: bool) -> Option<String> {
    let reasons: Vec<String> =
        unmet_needs(scenario, privileged).map(|(need, why)| format!("needs {}: {why}", need.text)).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The needs of `scenario` that are not met here, each with the reason.
pub fn unmet_needs(scenario: &Scenario, privileged: bool) -> impl Iterator<Item = (&Need, String)> {
    scenario.needs.iter().filter_map(move |need| Some((need, reason(&need.kind, scenario, privileged)?)))
}

fn reason(need: &NeedKind, scenario: &Scenario, privileged: bool) -> Option<String> {
    match need {
        NeedKind::Kernel(op, version) => {
            let running = kernel();
            let met = holds(*op, running.cmp(version.as_slice()));
            (!met).then(|| format!("this is Linux {}", running.iter().map(u64::to_string).collect::<Vec<_>>().join(".")))
        }
        // With real root every id is there. Else all that a scenario asks for must fit.
        NeedKind::Uid(..) if root::is_wanted(scenario) => None,
        NeedKind::Uid(..) => Ids::find(&plan::ids(scenario)).err(),
        NeedKind::Filesystem(name) => filesystem(name),
        NeedKind::Cgroup(name) => {
            let second = Some(name.iter().cloned().collect());
            hierarchy::find(&Asked { first: Vec::new(), second }).err()
        }
        NeedKind::Cgroup1(name) => hierarchy::find(&Asked { first: vec![name.clone()], second: None }).err(),
        NeedKind::Sysctl(name, op, wanted) => sysctl(name, *op, wanted),
        NeedKind::File(path) => (!Path::new(path).exists()).then(|| "there is no such file".into()),
        NeedKind::Program(path) => program(path),
        NeedKind::Arch(arch) => {
            let running = std::env::consts::ARCH;
            (running != arch).then(|| format!("this is {running}"))
        }
        NeedKind::Privileged(_) | NeedKind::Capability(_) if !privileged => {
            Some("real root is refused without --privileged".into())
        }
        NeedKind::Privileged(paths) => {
            root::missing("CAP_SYS_ADMIN").or_else(|| paths.iter().find_map(|path| root::untouchable(path)))
        }
        NeedKind::Capability(name) => root::missing(name).or_else(|| root::missing("CAP_SYS_ADMIN")),
        NeedKind::Config(option) => configuration().reason(option),
    }
}

/// The running release, by its parts.
pub fn kernel() -> &'static [u64] {
    // It does not change, and every stage asks.
    static PARTS: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let release = release();
        release.split(['.', '-']).map_while(|part| part.parse().ok()).take(3).collect()
    });
    &PARTS
}

/// The running release, as the kernel names it.
pub fn release() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned()
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

/// A file system is there when the kernel knows it, or can load it: mount(2) asks for the module `fs-NAME`.
pub fn filesystem(name: &str) -> Option<String> {
    let known = fs::read_to_string("/proc/filesystems").unwrap_or_default();
    if known.lines().any(|line| line.split_whitespace().last() == Some(name)) {
        return None;
    }
    let modules = format!("/lib/modules/{}", release());
    let aliases = fs::read_to_string(format!("{modules}/modules.alias")).unwrap_or_default();
    if aliases.lines().any(|line| line.strip_prefix("alias fs-").and_then(|rest| rest.split(' ').next()) == Some(name)) {
        return None;
    }
    Some(format!("/proc/filesystems does not name {name}, and {modules} has no module for it"))
}

/// A program must be one, and where a world shows it.
pub fn program(path: &str) -> Option<String> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(_) => return Some("there is no such program; install the package that has it".into()),
    };
    if !found.is_file() || found.permissions().mode() & 0o111 == 0 {
        return Some("it is there, but no program".into());
    }
    let top = Path::new(path).components().find_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let shown = top.is_some_and(|top| SHOWN.contains(&top));
    (!shown).then(|| format!("a world shows no programs but those below /{}", SHOWN.join(", /")))
}

fn sysctl(name: &str, op: CompareOp, wanted: &Value) -> Option<String> {
    let path = format!("/proc/sys/{}", name.replace('.', "/"));
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(format!("there is no {path}")),
        Err(error) => return Some(format!("{path} cannot be read: {error}")),
    };
    let text = text.trim();
    let met = match (text.parse::<i128>(), wanted) {
        (Ok(number), Value::Int(wanted)) => holds(op, number.cmp(wanted)),
        (_, Value::Bytes(wanted)) => holds(op, text.as_bytes().cmp(wanted.as_slice())),
        _ => false,
    };
    (!met).then(|| format!("it is {text}"))
}
