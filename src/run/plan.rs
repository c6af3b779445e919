//! The world that a scenario needs beneath it.

use super::confine::{self, Mounts, Network};
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

/// The plans of the worlds of all `scenarios`; where there is none, why: the machine does not offer what it offered when the needs were looked
/// at.
pub fn plans(scenarios: &[Scenario], sources: &[Source]) -> Vec<Result<Plan, String>> {
    let mut folders: Vec<Option<CString>> = vec![None; sources.len()];
    let mut folder = |scenario: &Scenario| match folders.get_mut(scenario.source as usize) {
        Some(known) => known.get_or_insert_with(|| folder(scenario, sources)).clone(),
        None => folder(scenario, sources),
    };
    scenarios.iter().map(|scenario| plan(scenario, folder(scenario))).collect()
}

/// The folder of the script, absolute.
fn folder(scenario: &Scenario, sources: &[Source]) -> CString {
    let name = sources.get(scenario.source as usize).map_or(".", |source| source.name.as_str());
    let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    CString::new(folder.as_os_str().as_bytes()).unwrap_or_default()
}

fn plan(scenario: &Scenario, folder: CString) -> Result<Plan, String> {
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
    Ok(Plan { folder, ids, hierarchies, mounts, filter: filter(scenario, real.as_ref()), real })
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
    scenario.calls().any(|call| {
        let later = call
            .args
            .iter()
            .any(|argument| matches!(argument, Expr::Do(calls) if calls.iter().any(|(number, _)| mounts(*number))));
        later || mounts(call.operation)
    })
}

/// The filter of system calls. It is a matter of the outer world, whose first process takes it once for all scenarios of its kind: the
/// kernel works on each new filter as long as on a fork.
fn filter(scenario: &Scenario, real: Option<&Real>) -> Option<Network> {
    if real.is_some() || confine::forbids_filters(scenario) {
        return None;
    }
    Some(if super::stage::uses(scenario, Trait::Network) { Network::Own } else { Network::None })
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
