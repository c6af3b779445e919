//! What is printed or formatted parses back to the same tree: for every script here, and for trees that chance makes.

mod round_trip {
    pub mod trees;
}

use ipcscript::syntax::ast::File;
use ipcscript::syntax::format;
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

#[test]
fn every_script_of_the_project_formats_to_the_same_tree() {
    let mut seen = 0;
    for path in scripts() {
        let text = fs::read(&path).expect("a script");
        let text = String::from_utf8_lossy(&text);
        let Ok((_, before)) = tree(&text) else { continue };
        keeps_its_tree(&text, &before).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        seen += 1;
    }
    assert!(seen > 100, "only {seen} scripts were there to format");
}

#[test]
fn every_script_of_the_pages_formats_to_the_same_tree() {
    let mut seen = 0;
    for page in ["README.md", "MANUAL.md"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("a page");
        for block in text.split("\n```ipcs").skip(1) {
            let (_, block) = block.split_once('\n').expect("a line that opens the block");
            let block = block.split("\n```").next().expect("a block");
            // Lines of a body stand for a scenario of their own.
            let script =
                if block.contains("scenario \"") { block.to_owned() } else { format!("scenario \"x\" {{\n{block}\n}}\n") };
            // The manual shows mistakes, too.
            let Ok((_, before)) = tree(&script) else { continue };
            keeps_its_tree(&script, &before).unwrap_or_else(|why| panic!("{page}: {why}\n{script}"));
            seen += 1;
        }
    }
    assert!(seen > 400, "only {seen} scripts were there to format");
}

/// Whether `text`, whose tree is `before`, formats to a text of the same tree that formatting leaves alone.
fn keeps_its_tree(text: &str, before: &str) -> Result<String, String> {
    let format = |text: &str| format(&Source::new("formatted.ipcs", text)).map_err(|why| format!("{why:?}\n{text}"));
    let once = format(text)?;
    let (_, after) = tree(&once)?;
    let again = format(&once)?;
    match () {
        () if after != before => Err(format!("another tree:\n{once}")),
        () if again != once => Err(format!("not stable:\n{once}\n{again}")),
        () => Ok(once),
    }
}

/// `text`, each statement of which stands on a line, with blanks, line breaks and comments that `chance` puts behind its commas and brackets.
fn shaken(text: &str, chance: &[u8]) -> String {
    let mut chance = chance.iter().cycle();
    let mut shaken = String::new();
    for line in text.split_inclusive('\n') {
        let (mut depth, mut quoted, mut escaped) = (0, false, false);
        for letter in line.chars() {
            shaken.push(letter);
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = quoted,
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            if !quoted && depth > 0 && "([{,".contains(letter) && !line.ends_with("{\n") {
                shaken.push_str(match chance.next().map_or(0, |chance| chance % 12) {
                    0 => "\n",
                    1 => "  # why\n\n\t",
                    2 => "\n# alone \n        ",
                    3 => "   ",
                    _ => "",
                });
            }
        }
    }
    shaken
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

    #[test]
    fn every_tree_formats_to_itself(file in round_trip::trees::file(), chance in proptest::collection::vec(any::<u8>(), 1..60)) {
        let printed = print(&file);
        let (_, before) = tree(&printed).map_err(|why| TestCaseError::fail(format!("{why}\n{printed}")))?;
        prop_assert!(keeps_its_tree(&printed, &before).is_ok_and(|text| text.ends_with('\n') || text.is_empty()), "{}\n{:?}", printed, keeps_its_tree(&printed, &before));
        // Not every place that is shaken may be: what has become a mistake is none of the formatter's.
        let shaken = shaken(&printed, &chance);
        if let Ok((_, same)) = tree(&shaken) {
            let kept = keeps_its_tree(&shaken, &same);
            prop_assert!(kept.is_ok(), "{}\n{}", shaken, kept.err().unwrap_or_default());
        }
    }
}
