//! Every scenario of the project, taken for one with an empty `interleave`, printed as the one order that it has.

use super::steps;
use ipcscript::check::{Facts, Script, check};
use ipcscript::scenario::{Judged, Line, Scenario, script, straight};
use ipcscript::syntax::ast::{Item, Statement};
use ipcscript::syntax::parse;
use ipcscript::text::{Diagnostic, Source, Span};
use std::fs;
use std::path::{Path, PathBuf};

/// The scenarios of `text`, which includes nothing, and what is wrong with it.
fn checked(name: &str, text: &str) -> (Vec<Scenario>, Vec<Diagnostic>) {
    let source = Source::new(name, text);
    let (mut file, mut found) = parse(&source, 0);
    for item in &mut file.items {
        if let Item::Scenario(scenario) = item {
            scenario.body.push(Statement::Interleave { span: Span::default(), body: Vec::new() });
        }
    }
    let facts = Facts { kernel: vec![6, 12], arch: "x86_64".into(), privileged: true };
    let (scenarios, more) = check(&Script { root: 0, files: vec![(0, file)] }, &[source], &facts);
    found.extend(more);
    (scenarios, found)
}

fn scripts() -> Vec<PathBuf> {
    let mut left = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    let mut scripts = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "ipcs") {
            scripts.push(path);
        }
    }
    scripts
}

#[test]
fn every_scenario_of_the_project_says_the_same_when_it_is_written_down() {
    let mut seen = 0;
    for path in scripts() {
        let text = fs::read_to_string(&path).expect("a script");
        let (scenarios, found) = checked("test.ipcs", &text);
        if found.iter().any(Diagnostic::is_error) || text.contains("\ninclude ") {
            continue;
        }
        for scenario in scenarios {
            let lines: Vec<Line> = (0..scenario.steps.len()).map(Line::Takes).collect();
            let straight = straight(&scenario, &lines, Judged::Always, "");
            let printed = script(&straight);
            let (again, found) = checked("saved.ipcs", &printed);
            let errors: Vec<&Diagnostic> = found.iter().filter(|one| one.is_error()).collect();
            assert!(errors.is_empty(), "{}\n{printed}\n{errors:#?}", path.display());
            assert_eq!(again.len(), 1);
            let (said, read) = (steps::listed(&straight), steps::listed(&again[0]));
            said.iter().zip(&read).for_each(|(said, read)| assert_eq!(said, read, "{}\n{printed}", path.display()));
            assert_eq!(said.len(), read.len(), "{}\n{printed}", path.display());
            assert_eq!(script(&super::straight(&again[0], &lines, Judged::Always, "")), printed);
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} scenarios were there to print");
}
