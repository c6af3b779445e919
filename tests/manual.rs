//! Holds the reference manual to its source: it is what the catalogue says, and what it shows for the language's words runs.
//!
//! The examples of calls are the concern of `tests/examples.rs`. With `UPDATE=1`, the manual is written anew.

use ipcscript::explain::terminal::terminal;
use ipcscript::explain::{explain, manual};
use ipcscript::operation::operations;
use ipcscript::report::Style;
use ipcscript::syntax::keyword::{KEYWORDS, VALUES};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the example of `include` takes from another file.
const INCLUDED: (&str, &str) = ("locks.ipcs", "def P(sem) = semop(sem, [{0, -1, 0}])\n");

#[test]
fn the_manual_is_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("MANUAL.md");
    let made = manual();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("the manual can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
    let line = differs.unwrap_or(kept.lines().count().min(made.lines().count())) + 1;
    assert!(kept == made, "MANUAL.md differs from the catalogue from line {line} on; run UPDATE=1 cargo test --test manual");
}

#[test]
fn each_word_of_the_language_is_shown_by_a_script_that_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(INCLUDED.0), INCLUDED.1).expect("a file");
    let mut wrong = Vec::new();
    for keyword in KEYWORDS.iter().chain(VALUES) {
        let path = folder.path().join("word.ipcs");
        fs::write(&path, keyword.example).expect("a file");
        let done = Command::new(env!("CARGO_BIN_EXE_ipcscript")).arg("run").arg(&path).output().expect("the program starts");
        let is_shown = keyword.example.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == keyword.word);
        if !done.status.success() || !done.stderr.is_empty() || !is_shown {
            let said = [done.stdout, done.stderr].concat();
            wrong.push(format!("{}: {:?}\n{}", keyword.word, done.status, String::from_utf8_lossy(&said)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_of_every_call_fits_a_terminal_of_80_columns() {
    for call in operations() {
        let page = terminal(&explain(call.name).expect("a page"), Style::PLAIN);
        assert!(page.starts_with(call.name), "{}: {page}", call.name);
        let prose = page.lines().filter(|line| !line.starts_with("    "));
        let long: Vec<&str> = prose.filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{}: {}", call.name, long.join("\n"));
    }
}

#[test]
fn the_command_shows_the_page() {
    let done = Command::new(env!("CARGO_BIN_EXE_ipcscript")).args(["explain", "semop"]).output().expect("the program starts");
    let page = terminal(&explain("semop").expect("a page"), Style::PLAIN);
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stdout).as_ref()), (Some(0), page.as_str()));
}

#[test]
fn an_unknown_word_is_a_mistake_with_the_nearest() {
    let done = Command::new(env!("CARGO_BIN_EXE_ipcscript")).args(["explain", "semopp"]).output().expect("the program starts");
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("did you mean `ipcscript explain semop`?"));
}
