//! Real root: who runs this, in which user namespace, with which capabilities; see capabilities(7).

use crate::operation;
use crate::run::world::privileged::bit;
use crate::scenario::{NeedKind, Scenario};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Whether a scenario runs with real root: then every id is there.
pub fn is_wanted(scenario: &Scenario) -> bool {
    scenario.needs.iter().any(|need| matches!(need.kind, NeedKind::Privileged(_) | NeedKind::Capability(_)))
}

/// Why this process does not have a capability in the initial user namespace.
pub fn missing(name: &str) -> Option<String> {
    // SAFETY: geteuid(2) only reads.
    let uid = unsafe { libc::geteuid() };
    if uid != 0 {
        return Some(format!("--privileged takes root, and this is user {uid}; run it with sudo"));
    }
    if !initial_user_namespace() {
        return Some("this is root of a user namespace, not of the machine; run it outside of the container".into());
    }
    (capabilities() & bit(name) == 0).then(|| {
        let word = name.strip_prefix("CAP_").unwrap_or(name);
        format!(
            "this root does not have {name} (`grep CapEff /proc/self/status`); in a container, add it with `--cap-add {word}`"
        )
    })
}

/// Whether this process is in the initial user namespace, as far as its id map tells: that maps all ids to themselves.
pub fn initial_user_namespace() -> bool {
    let text = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    text.split_whitespace().eq(["0", "0", "4294967295"])
}

/// The effective capabilities of this process, a bit each.
pub fn capabilities() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("CapEff:"));
    line.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok()).unwrap_or(0)
}

/// The names of the capabilities that this process lacks.
pub fn lacking() -> Vec<&'static str> {
    let have = capabilities();
    known().into_iter().filter(|name| have & bit(name) == 0).collect()
}

/// The names of the capabilities that this process has.
pub fn capability_names() -> Vec<&'static str> {
    let have = capabilities();
    known().into_iter().filter(|name| have & bit(name) != 0).collect()
}

/// The capabilities that the catalogue knows; several of its pages show them.
fn known() -> BTreeSet<&'static str> {
    operation::constants().map(|constant| constant.name).filter(|name| name.starts_with("CAP_")).collect()
}

/// Why a path of the host cannot be given to a scenario.
pub fn untouchable(path: &str) -> Option<String> {
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) => return Some(format!("{path}: {error}")),
    };
    if real != Path::new(path) {
        return Some(format!("{path} is {} on this machine", real.display()));
    }
    let found = fs::metadata(path).ok()?;
    (!found.is_dir() && !found.is_file()).then(|| format!("{path} is neither a file nor a folder"))
}
