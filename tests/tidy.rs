//! Holds the habits that no compiler holds: layers that point down, files of a readable size that say what they are for.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first: a module uses only what stands before its own layer, and its own.
const LAYERS: [&str; 13] =
    ["text", "value", "operation", "syntax", "scenario", "check", "compare", "journal", "run", "report", "explain", "lsp", "cli"];
/// Where the order alone would allow what the design does not: the tree of a script knows no operation.
const FORBIDDEN: [(&str, &str); 2] = [("syntax", "operation"), ("report", "run")];
/// More lines than this are two ideas.
const LONGEST: usize = 500;
/// Names that say nothing of what is in a module.
const VAGUE: [&str; 5] = ["utils", "util", "helpers", "common", "manager"];

/// A file of `src` or `tests`, with its path from the top.
struct Page {
    path: String,
    text: String,
}

fn pages(folders: &[&str]) -> Vec<Page> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left: Vec<PathBuf> = folders.iter().map(|folder| top.join(folder)).collect();
    let mut pages = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).expect("the sources can be read").map(|entry| entry.expect("an entry").path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(top).expect("it was found below").to_string_lossy().into_owned();
            pages.push(Page { path, text });
        }
    }
    assert!(!pages.is_empty(), "no file was looked at");
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

fn sources() -> impl Iterator<Item = Page> {
    pages(&["src"]).into_iter().filter(|page| page.path.ends_with(".rs"))
}

/// The layer of a file of `src`; none for the program and the library's first page.
fn layer(path: &str) -> Option<&str> {
    let name = path.strip_prefix("src/")?.split('/').next()?;
    let name = name.strip_suffix(".rs").unwrap_or(name);
    (!matches!(name, "main" | "lib")).then_some(name)
}

/// The modules that `text` names as `crate::module` or in `crate::{module, …}`, with their lines.
fn used(text: &str) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for rest in code.split("crate::").skip(1) {
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(group) => group.split('}').next().unwrap_or("").split(',').map(|name| name.trim()).collect(),
                None => vec![rest],
            };
            for name in names {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
                used.push((number + 1, name[..end].to_owned()));
            }
        }
    }
    used
}

fn fail_with(wrong: Vec<String>, rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n    {}", wrong.join("\n    "));
}

#[test]
fn layers_point_down() {
    let place = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut wrong = Vec::new();
    for page in sources() {
        let Some(layer) = layer(&page.path) else { continue };
        let Some(own) = place(layer) else {
            wrong.push(format!("{}: `{layer}` is in no layer; add it to LAYERS in its place", page.path));
            continue;
        };
        for (line, name) in used(&page.text) {
            let up = place(&name).is_some_and(|other| other > own);
            if up || FORBIDDEN.contains(&(layer, name.as_str())) {
                wrong.push(format!("{}:{line}: `{layer}` uses `{name}`, which stands above it", page.path));
            }
        }
    }
    fail_with(wrong, "a module uses only what stands before it");
}

#[test]
fn upward_paths_are_found() {
    let text = "use crate::text::Span;\nuse crate::{run, journal::Event};\n// crate::cli\nlet x = crate::check::check();\n";
    let names: Vec<(usize, String)> = used(text);
    let names: Vec<(usize, &str)> = names.iter().map(|(line, name)| (*line, name.as_str())).collect();
    assert_eq!(names, [(1, "text"), (2, "run"), (2, "journal"), (4, "check")]);
}

#[test]
fn files_are_short_enough_to_read() {
    let long = pages(&["src", "tests"]).into_iter().filter(|page| page.path.ends_with(".rs"));
    let long = long.filter_map(|page| {
        let lines = page.text.lines().count();
        (lines > LONGEST).then(|| format!("{}: {lines} lines", page.path))
    });
    fail_with(long.collect(), "a file has at most 500 lines; split it by noun");
}

#[test]
fn files_say_what_they_are_for() {
    let silent = sources().filter(|page| !page.text.starts_with("//! ")).map(|page| page.path);
    fail_with(silent.collect(), "a file begins with `//!` and a sentence of purpose");
}

#[test]
fn modules_have_names_that_say_something() {
    let stem = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs").to_owned();
    let vague = |path: &String| path.ends_with("/mod.rs") || VAGUE.contains(&stem(path).as_str());
    fail_with(sources().map(|page| page.path).filter(vague).collect(), "a module is named by a noun, and is no `mod.rs`");
}

#[test]
fn nothing_is_left_undone() {
    // Put together here so that this file does not find itself.
    let words = [".unwrap()", concat!("to", "do!"), concat!("db", "g!("), concat!("unimpl", "emented!"), "#[ignore", "#[allow("];
    let mut wrong = Vec::new();
    for page in sources() {
        for (number, line) in page.text.lines().enumerate() {
            let code = line.trim_start();
            let said = words.iter().filter(|word| !code.starts_with("//") && code.contains(**word));
            wrong.extend(said.map(|word| format!("{}:{}: `{word}`", page.path, number + 1)));
        }
    }
    fail_with(wrong, "what is committed is done");
}

#[test]
fn no_path_of_one_machine_is_named() {
    let places = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    let mut wrong = Vec::new();
    for page in pages(&["src", "tests", "scenarios", "editors", "grammar", "Cargo.toml", "README.md", ".ci"]) {
        for (number, line) in page.text.lines().enumerate() {
            // The working directory of a world is its own /home.
            let is_of_a_world = |place: &str| page.path.ends_with(".ipcs") && place.starts_with("/ho");
            let named = places.iter().filter(|place| !is_of_a_world(place)).filter(|place| {
                // A path starts a word: `network/` names none.
                line.match_indices(**place)
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || ")}./-_".contains(c)))
            });
            wrong.extend(named.map(|place| format!("{}:{}: `{place}`", page.path, number + 1)));
        }
    }
    fail_with(wrong, "nothing that is committed names a place that only one machine has");
}
