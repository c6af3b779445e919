//! What is printed of a tree parses back to the same tree: for every script here, and for trees that chance makes.

mod round_trip {
    pub mod trees;
}

use ipcscript::syntax::ast::File;
use ipcscript::syntax::parse;
use ipcscript::syntax::print;
use ipcscript::text::Source;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The tree of `text` without its places; `Err` when it has a mistake.
fn tree(text: &str) -> Result<(File, String), String> {
    let source = Source::new("printed.ipcs", text);
    let (file, found) = parse(&source, 0);
    let errors: Vec<String> =
        found.iter().filter(|one| one.is_error()).map(|one| format!("{}: {}", one.code, one.message)).collect();
    if errors.is_empty() { Ok((file.clone(), placeless(&file))) } else { Err(errors.join("\n")) }
}

fn placeless(file: &File) -> String {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"Span \{[^}]*\}").expect("an expression"));
    PLACE.replace_all(&format!("{file:?}"), "_").into_owned()
}

fn scripts() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left = vec![top.join("scenarios"), top.join("tests")];
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
fn every_script_of_the_project_prints_and_parses_back() {
    let mut seen = 0;
    for path in scripts() {
        let text = fs::read(&path).expect("a script");
        let Ok((file, before)) = tree(&String::from_utf8_lossy(&text)) else { continue };
        let printed = print(&file);
        let (again, after) = tree(&printed).unwrap_or_else(|why| panic!("{}: {why}\n{printed}", path.display()));
        assert_eq!(before, after, "{}:\n{printed}", path.display());
        assert_eq!(print(&again), printed, "{}", path.display());
        seen += 1;
    }
    assert!(seen > 8, "only {seen} scripts were there to print");
}

proptest! {
    #![proptest_config(Config {
        cases: std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150),
        // What failed is shown; it becomes a test of its own when it is mended.
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    })]

    #[test]
    fn every_tree_prints_and_parses_back(file in round_trip::trees::file()) {
        let printed = print(&file);
        match tree(&printed) {
            Err(why) => prop_assert!(false, "{why}\n{printed}"),
            Ok((_, after)) => prop_assert_eq!(placeless(&file), after, "{}", printed),
        }
    }
}
