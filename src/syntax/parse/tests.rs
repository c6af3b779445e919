//! What the parser makes of scripts, whole and broken.

mod limits;
mod mistakes;
mod recovery;
mod show;
mod tree;

use crate::syntax::ast::{File, Item, Scenario, Statement, Step};
use crate::text::{Diagnostic, Source};

/// Parses `text`, and gives the code of each diagnostic with the text that it underlines.
fn codes(text: &str) -> Vec<(&'static str, String)> {
    let source = Source::new("test.ipcs", text);
    let (_, diagnostics) = super::parse(&source, 0);
    diagnostics.iter().map(|diagnostic| (diagnostic.code, source.slice(diagnostic.span()).to_owned())).collect()
}

/// Parses `text`, which must be without mistakes.
fn clean(text: &str) -> File {
    let (file, diagnostics) = super::parse(&Source::new("test.ipcs", text), 0);
    assert_eq!(diagnostics, Vec::<Diagnostic>::new(), "in {text}");
    file
}

/// The first scenario of `file`.
fn scenario(file: &File) -> &Scenario {
    let found = file.items.iter().find_map(|item| if let Item::Scenario(scenario) = item { Some(scenario) } else { None });
    found.expect("the file holds a scenario")
}

/// A scenario that holds `lines`.
fn within(lines: &str) -> String {
    format!("scenario \"test\" {{\n    {lines}\n}}\n")
}

/// The statements of a scenario that holds `lines`, which must be without mistakes.
fn statements(lines: &str) -> Vec<Statement> {
    scenario(&clean(&within(lines))).body.clone()
}

/// The step `line`, which must be without mistakes.
fn step(line: &str) -> Step {
    match statements(line).as_slice() {
        [Statement::Step(step)] => step.clone(),
        other => panic!("no step: {other:?}"),
    }
}
