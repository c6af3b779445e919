//! What the files of a script hold: constants and definitions of all of them, setups and scenarios of the root alone.

use super::findings::Findings;
use super::{Facts, Script, reserved};
use crate::operation;
use crate::syntax::ast;
use crate::text::{Diagnostic, Source, Span};
use std::collections::{BTreeMap, HashMap};

/// The items of a script, by their names.
#[derive(Debug)]
pub(super) struct Items<'a> {
    /// Every text.
    pub(super) sources: &'a [Source],
    /// What `if` may ask.
    pub(super) facts: &'a Facts,
    /// `const` of all files.
    pub(super) consts: BTreeMap<&'a str, &'a ast::Const>,
    /// `def` of all files.
    pub(super) defs: BTreeMap<&'a str, &'a ast::Def>,
    /// `setup` of the root.
    pub(super) setups: Vec<&'a ast::Setup>,
    /// `scenario` of the root.
    pub(super) scenarios: Vec<&'a ast::Scenario>,
    /// The catalogue's constants.
    pub(super) constants: HashMap<&'static str, i128>,
}

/// Gathers them, and reports what is there twice.
pub(super) fn gather<'a>(script: &'a Script, sources: &'a [Source], facts: &'a Facts, found: &mut Findings) -> Items<'a> {
    let constants = operation::constants().map(|constant| (constant.name, constant.value)).collect();
    let mut items = Items {
        sources,
        facts,
        consts: BTreeMap::new(),
        defs: BTreeMap::new(),
        setups: Vec::new(),
        scenarios: Vec::new(),
        constants,
    };
    let mut titles: HashMap<&str, Span> = HashMap::new();
    for (source, file) in &script.files {
        for item in &file.items {
            match item {
                ast::Item::Const(constant) => name_item(&mut items, found, &constant.name, Named::Const(constant)),
                ast::Item::Def(def) => {
                    parameters(def, found, &items.constants);
                    name_item(&mut items, found, &def.name, Named::Def(def));
                }
                ast::Item::Setup(setup) if *source == script.root => items.setups.push(setup),
                ast::Item::Scenario(scenario) if *source == script.root => {
                    match titles.get(scenario.title.as_str()) {
                        Some(first) => found.push(
                            Diagnostic::error(
                                "same-title",
                                scenario.span,
                                format!("two scenarios are called \"{}\"", scenario.title),
                            )
                            .here("the title is taken")
                            .also(*first, "by this one")
                            .help("a title is how a scenario is found and reported: give each its own"),
                        ),
                        None => {
                            titles.insert(&scenario.title, scenario.span);
                        }
                    }
                    items.scenarios.push(scenario);
                }
                ast::Item::Setup(_) | ast::Item::Scenario(_) | ast::Item::Include(_) => {}
            }
        }
    }
    items
}

enum Named<'a> {
    Const(&'a ast::Const),
    Def(&'a ast::Def),
}

fn name_item<'a>(items: &mut Items<'a>, found: &mut Findings, name: &'a ast::Name, what: Named<'a>) {
    let text = name.text.as_str();
    if let Some(diagnostic) = reserved::refuse(name, &items.constants) {
        found.push(diagnostic);
        return;
    }
    if matches!(what, Named::Def(_)) && operation::find(text).is_some() {
        found.push(
            Diagnostic::error("already-bound", name.span, format!("`{text}` is a call already"))
                .here("this would hide it")
                .help("give the definition a name of its own"),
        );
        return;
    }
    let first = items.consts.get(text).map(|first| first.name.span).or_else(|| items.defs.get(text).map(|first| first.name.span));
    if let Some(first) = first {
        found.push(
            Diagnostic::error("already-bound", name.span, format!("`{text}` is defined twice"))
                .here("again here")
                .also(first, "first here")
                .help("a name has one meaning in a script and the files that it includes: give one of them another"),
        );
        return;
    }
    match what {
        Named::Const(constant) => {
            items.consts.insert(text, constant);
        }
        Named::Def(def) => {
            items.defs.insert(text, def);
        }
    }
}

fn parameters(def: &ast::Def, found: &mut Findings, constants: &HashMap<&'static str, i128>) {
    for (at, (name, _)) in def.parameters.iter().enumerate() {
        if let Some((first, _)) = def.parameters.iter().take(at).find(|(first, _)| first.text == name.text) {
            found.push(
                Diagnostic::error("already-bound", name.span, format!("`{}` has two parameters `{}`", def.name.text, name.text))
                    .here("again here")
                    .also(first.span, "first here"),
            );
        } else if let Some(diagnostic) = reserved::refuse(name, constants) {
            found.push(diagnostic);
        }
    }
}
