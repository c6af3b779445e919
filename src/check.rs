//! From the tree to scenarios that can run: names, types, order, needs, and the expansion of `each`, `if` and `for`.

mod accessors;
mod actors;
mod bindings;
mod bodies;
mod calls;
mod choices;
mod conditions;
mod definitions;
mod demands;
mod depth;
mod expansion;
mod expects;
mod findings;
mod flat;
mod items;
mod literal;
mod names;
mod needs;
mod order;
mod outcomes;
mod parts;
mod patterns;
mod records;
mod reserved;
mod scene;
mod steps;
mod telling;
#[cfg(test)]
mod tests;
mod types;
mod unasked;
mod valued;
mod values;
mod waking;
mod written;

pub use self::needs::{KINDS, Kind};

use self::findings::Findings;
use self::scene::{Binding, Region, Scene};
use self::types::Wanted;
use crate::scenario::Scenario;
use crate::syntax::ast;
use crate::text::{Diagnostic, Source, SourceId};
use std::rc::Rc;

/// A script with the files that it includes, all of them read and parsed.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The script itself.
    pub root: SourceId,
    /// Its tree and those of the files that it includes, each once.
    pub files: Vec<(SourceId, ast::File)>,
}

/// What is known of the machine before a run: what `if` may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The release, by its parts: `[6, 18, 44]`.
    pub kernel: Vec<u64>,
    /// As uname(2) has it: `x86_64`.
    pub arch: String,
    /// Whether the person who runs it allows real root.
    pub privileged: bool,
}

/// Checks `script`; the scenarios are complete only when no diagnostic is an error.
pub fn check(script: &Script, sources: &[Source], facts: &Facts) -> (Vec<Scenario>, Vec<Diagnostic>) {
    depth::with_room(script, || everything(script, sources, facts))
}

/// The code of every diagnostic that [`check`] can give.
pub fn codes() -> &'static [&'static str] {
    &[
        "already-bound",
        "bad-flag",
        "bad-need",
        "bad-regex",
        "bad-value",
        "empty-range",
        "endless-definition",
        "eventually-changes",
        "foreign-handle",
        "gone",
        "misplaced",
        "nested-call",
        "never-bound",
        "no-condition",
        "no-interleave",
        "not-an-actor",
        "not-blocked",
        "not-constant",
        "nothing-wakes",
        "not-yet-bound",
        "pending-name",
        "reserved-name",
        "same-title",
        "still-blocked",
        "timed-blocks",
        "too-many-steps",
        "unasked",
        "unknown-actor",
        "unknown-call",
        "unknown-field",
        "unknown-name",
        "unknown-need",
        "wrong-arity",
        "wrong-kind",
        "wrong-type",
    ]
}

fn everything(script: &Script, sources: &[Source], facts: &Facts) -> (Vec<Scenario>, Vec<Diagnostic>) {
    let mut found = Findings::default();
    let items = items::gather(script, sources, facts, &mut found);
    let mut scene = Scene::new(&items, Rc::default(), Rc::default());
    scene.found = found;
    scene.items_alone();
    let path = sources.get(script.root as usize).map_or("-", |source| source.name.as_str());
    let (consts, mut found) = (scene.consts, scene.found);
    let mut scenarios = Vec::new();
    for written in &items.scenarios {
        let mut scene = Scene::new(&items, Rc::clone(&consts), Rc::default());
        scene.found = found;
        scenarios.extend(scene.expand(written, path));
        found = scene.found;
    }
    (scenarios, found.sorted())
}

impl<'a> Scene<'a> {
    /// Looks at constants and definitions by themselves, so that a mistake is found though nobody uses them.
    fn items_alone(&mut self) {
        let items = self.items;
        let names: Vec<&'a str> = items.consts.keys().copied().collect();
        for name in names {
            self.constant(name, crate::text::Span::default());
        }
        let setups = items.setups.iter().map(|setup| setup.body.as_slice());
        let bodies: Vec<_> = setups.chain(items.scenarios.iter().map(|scenario| scenario.body.as_slice())).collect();
        let anywhere = Rc::new(bodies::bound_anywhere(&bodies));
        for def in items.defs.values() {
            let mut scene = self.clone();
            scene.region = Region::Definition;
            scene.anywhere = Rc::clone(&anywhere);
            // A default knows no parameter: it stands for what the caller would write.
            for default in def.parameters.iter().filter_map(|(_, default)| default.as_ref()) {
                scene.value(default, Wanted::ANYTHING);
            }
            for (name, _) in &def.parameters {
                scene.names.insert(name.text.clone(), Binding::Unclear(name.span));
            }
            scene.call(&def.call);
            self.found = scene.found;
        }
    }
}
