//! The one style of scripts: what it makes of each construct, and that it changes nothing but the look.

use ipcscript::syntax::format::{Unformatted, format};
use ipcscript::syntax::{parse, print};
use ipcscript::text::Source;
use std::fs;
use std::path::{Path, PathBuf};

fn formatted(name: &str, text: &str) -> Option<String> {
    match format(&Source::new(name, text)) {
        Ok(text) => Some(text),
        Err(Unformatted::Mistaken(_)) => None,
        Err(Unformatted::Changed) => panic!("{name}: the meaning would not stay the same"),
    }
}

fn meaning(text: &str) -> String {
    print(&parse(&Source::new("text.ipcs", text), 0).0)
}

/// Scripts below `folder`.
fn scripts(folder: &str) -> Vec<PathBuf> {
    let mut left = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
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
fn every_script_of_the_project_stays_what_it_was() {
    let mut seen = 0;
    for path in [scripts("scenarios"), scripts("tests")].concat() {
        let bytes = fs::read(&path).expect("a script");
        let name = path.display().to_string();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some(once) = formatted(&name, &text) else { continue };
        assert_eq!(formatted(&name, &once).as_ref(), Some(&once), "{name} changes again");
        assert_eq!(meaning(&text), meaning(&once), "{name}");
        seen += 1;
    }
    assert!(seen > 100, "only {seen} scripts were there");
}
