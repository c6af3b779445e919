//! The world that a scenario needs beneath it.

use super::confine::Mounts;
use super::world::hierarchy::{self, Asked};
use super::world::maps::own_ids;
use super::world::privileged::{Real, capabilities};
use super::world::{Ids, Plan};
use crate::operation::{self, Trait};
use crate::scenario::{Expr, NeedKind, Scenario};
use crate::text::Source;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The plan of the world of `scenario`.
///
/// # Errors
///
/// When the machine does not offer what it offered before the run began.
pub fn plan(scenario: &Scenario, sources: &[Source]) -> Result<Plan, String> {
    let name = sources.get(scenario.source as usize).map_or(".", |source| source.name.as_str());
    let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let (asked, ids, real) = (asked(scenario), ids(scenario), real(scenario));
    let mut hierarchies = if asked == Asked::default() { Vec::new() } else { hierarchy::find(&asked)? };
    let mut mounts = Mounts::Own;
    if real.is_none() && has_own_id(&ids)? {
        let exposed = hierarchy::exposed(&hierarchies);
        let shelters = may_mount(scenario) && !exposed.bare;
        match (exposed.sheltered.is_empty() && !exposed.bare, shelters) {
            (true, _) => {}
            (false, true) => hierarchies.extend(exposed.sheltered),
            // To most scenarios it makes no difference, and directories of their own would.
            (false, false) => mounts = Mounts::None,
        }
    }
    Ok(Plan { folder: CString::new(folder.as_os_str().as_bytes()).unwrap_or_default(), ids, hierarchies, mounts, real })
}

/// Whether root of the world is, to the machine, the user who runs this.
fn has_own_id(ids: &[(u32, u32)]) -> Result<bool, String> {
    Ok(Ids::find(ids)?.root().0 == own_ids().0)
}

/// Whether a scenario mounts file systems, as far as its text tells: what it makes an actor's memory do by stealth, the filter refuses.
fn may_mount(scenario: &Scenario) -> bool {
    let mounts = |number: u32| {
        operation::at(number).is_some_and(|operation| {
            matches!(operation.name, "mount" | "fsopen") || operation.is(Trait::Programs) || operation.is(Trait::Becomes)
        })
    };
    super::calls(scenario).any(|call| {
        let later = call
            .args
            .iter()
            .any(|argument| matches!(argument, Expr::Do(calls) if calls.iter().any(|(number, _)| mounts(*number))));
        later || mounts(call.operation)
    })
}

/// The ids beside 0 that a scenario asks for: in order, none twice.
pub fn ids(scenario: &Scenario) -> Vec<(u32, u32)> {
    let asked = scenario.needs.iter().filter_map(|need| match need.kind {
        NeedKind::Uid(first, last) => Some((first.max(1), last)),
        _ => None,
    });
    let mut asked: Vec<(u32, u32)> = asked.filter(|(first, last)| first <= last).collect();
    asked.sort_unstable();
    let mut ids: Vec<(u32, u32)> = Vec::new();
    for (first, last) in asked {
        match ids.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => ids.push((first, last)),
        }
    }
    ids
}

/// The cgroups that a scenario asks for.
pub fn asked(scenario: &Scenario) -> Asked {
    let mut asked = Asked::default();
    for need in &scenario.needs {
        match &need.kind {
            NeedKind::Cgroup1(name) if !asked.first.contains(name) => asked.first.push(name.clone()),
            NeedKind::Cgroup(name) => {
                let second = asked.second.get_or_insert_default();
                second.extend(name.iter().filter(|name| !second.contains(name)).cloned().collect::<Vec<_>>());
            }
            _ => {}
        }
    }
    asked
}

/// Real root, where a scenario needs it.
fn real(scenario: &Scenario) -> Option<Real> {
    let mut paths = Vec::new();
    let mut named = Vec::new();
    let mut privileged = false;
    for need in &scenario.needs {
        match &need.kind {
            NeedKind::Privileged(touched) => {
                privileged = true;
                paths.extend(touched.iter().cloned());
            }
            NeedKind::Capability(name) => named.push(name.as_str()),
            _ => {}
        }
    }
    paths.sort();
    paths.dedup();
    let wanted = privileged || !named.is_empty();
    wanted.then(|| Real { capabilities: capabilities(privileged, &named), paths })
}
