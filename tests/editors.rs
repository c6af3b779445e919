//! The editors' files: made from templates and the catalogue, compared with the committed ones, and tried on a sample.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "editors/textmate.rs"]
mod textmate;
#[path = "editors/vim.rs"]
mod vim;
#[path = "editors/words.rs"]
mod words;

use std::path::{Path, PathBuf};
use words::Words;

const VIM: &str = "editors/vim/syntax/ipcs.vim";
const TEXTMATE: &str = "editors/textmate/ipcs.tmLanguage.json";
const SAMPLE: &str = include_str!("editors/sample.ipcs");

/// What a place of the sample is: text of its line, the word there, its group in Vim, its scope in TextMate.
const PLACES: &[(&str, &str, &str, &str)] = &[
    ("#!/usr/bin/env", "ipcscript", "ipcsComment", "comment.line.number-sign.ipcs"),
    ("# Every kind", "kind", "ipcsComment", "comment.line.number-sign.ipcs"),
    ("const KEY", "const", "ipcsStatement", "keyword.control.ipcs"),
    ("const KEY", "0x12345", "ipcsNumber", "constant.numeric.ipcs"),
    ("const SMALL", "mq_maxmsg", "ipcsField", "variable.other.member.ipcs"),
    ("const SMALL", "64K", "ipcsNumber", "constant.numeric.ipcs"),
    ("def P", "def", "ipcsStatement", "keyword.control.ipcs"),
    ("def P", "semop", "ipcsCall", "support.function.ipcs"),
    ("setup {", "setup", "ipcsStatement", "keyword.control.ipcs"),
    ("actor father", "actor", "ipcsStatement", "keyword.control.ipcs"),
    ("actor father", "witness", "ipcsActor", "entity.name.type.actor.ipcs"),
    ("father: mutex", "father", "ipcsActor", "entity.name.type.actor.ipcs"),
    ("father: mutex", "mutex", "", "source.ipcs"),
    ("father: mutex", "semget", "ipcsCall", "support.function.ipcs"),
    ("father: mutex", "IPC_CREAT", "ipcsConstant", "support.constant.ipcs"),
    ("father: mutex", "|", "ipcsOperator", "keyword.operator.ipcs"),
    ("father: mutex", "0o600", "ipcsNumber", "constant.numeric.ipcs"),
    ("## Documentation", "IPC_CREAT", "ipcsDoc", "comment.block.documentation.ipcs"),
    ("scenario \"", "scenario", "ipcsStatement", "keyword.control.ipcs"),
    ("scenario \"", "braces", "ipcsTitle", "string.quoted.double.title.ipcs"),
    ("scenario \"", "SIGKILL", "ipcsTitle", "string.quoted.double.title.ipcs"),
    ("needs kernel", "needs", "ipcsStatement", "keyword.control.ipcs"),
    ("needs kernel", "kernel", "ipcsWord", "keyword.other.ipcs"),
    ("needs kernel", "6.10", "ipcsVersion", "constant.numeric.version.ipcs"),
    ("each undo", "each", "ipcsStatement", "keyword.control.ipcs"),
    ("each undo", "in", "ipcsWord", "keyword.other.ipcs"),
    ("each undo", "SEM_UNDO", "ipcsConstant", "support.constant.ipcs"),
    ("P(mutex, undo)", "P", "ipcsLocalCall", "entity.name.function.ipcs"),
    ("P(mutex, undo)", "defined", "ipcsComment", "comment.line.number-sign.ipcs"),
    ("semtimedop", "20ms", "ipcsDuration", "constant.numeric.duration.ipcs"),
    ("semtimedop", "EAGAIN", "ipcsErrno", "support.constant.errno.ipcs"),
    ("semtimedop", "or", "ipcsWord", "keyword.other.ipcs"),
    ("semtimedop", "EINTR", "ipcsErrno", "support.constant.errno.ipcs"),
    ("ns/ipc", "/proc", "ipcsString", "string.quoted.double.ipcs"),
    ("child: open", "{father}", "ipcsInterpolation", "variable.other.interpolation.ipcs"),
    ("ns/ipc", "\\n", "ipcsEscape", "constant.character.escape.ipcs"),
    ("ns/ipc", "raw", "ipcsRawString", "string.quoted.raw.ipcs"),
    ("child, witness:", "child", "ipcsActor", "entity.name.type.actor.ipcs"),
    ("child, witness:", "witness", "ipcsActor", "entity.name.type.actor.ipcs"),
    ("child, witness:", "sem_flg", "ipcsField", "variable.other.member.ipcs"),
    ("child, witness:", "->", "ipcsArrow", "keyword.operator.outcome.ipcs"),
    ("child, witness:", "blocks", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("stays blocked", "stays", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("stays blocked", "blocked", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("expect ns", "ns", "ipcsCall", "support.function.ipcs"),
    ("expect ns", "ipc", "ipcsType", "storage.type.ipcs"),
    ("child: load", "u32", "ipcsType", "storage.type.ipcs"),
    ("father: kill", "kill", "ipcsCall", "support.function.ipcs"),
    ("father: kill", "SIGKILL", "ipcsSignal", "support.constant.signal.ipcs"),
    ("child: dies", "dies", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("child: dies", "SIGTERM", "ipcsSignal", "support.constant.signal.ipcs"),
    ("waitpid", "exited", "ipcsCall", "support.function.ipcs"),
    ("sem_perm:", "sem_perm", "ipcsField", "variable.other.member.ipcs"),
    ("sem_perm:", "mode", "ipcsField", "variable.other.member.ipcs"),
    ("sem_perm:", "0600", "ipcsBadNumber", "invalid.illegal.octal.ipcs"),
    ("resumes: contains", "resumes", "ipcsField", "variable.other.member.ipcs"),
    ("resumes: contains", "contains", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("if undo", "if", "ipcsStatement", "keyword.control.ipcs"),
    ("expect never", "expect", "ipcsStatement", "keyword.control.ipcs"),
    ("expect never", "never", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("expect never", "deadlock", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("} else", "else", "ipcsStatement", "keyword.control.ipcs"),
    ("witness: resumes", "witness", "ipcsActor", "entity.name.type.actor.ipcs"),
    ("witness: resumes", "resumes", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("witness: resumes", "ok", "ipcsOutcome", "keyword.other.outcome.ipcs"),
    ("for turn", "for", "ipcsStatement", "keyword.control.ipcs"),
    ("for turn", "..", "ipcsOperator", "keyword.operator.ipcs"),
    ("for turn", "father", "ipcsActor", "entity.name.type.actor.ipcs"),
    ("for turn", "pause", "ipcsCall", "support.function.ipcs"),
];

#[test]
fn the_files_are_made_from_the_catalogue() {
    let words = Words::of_the_catalogue();
    let made = [
        (VIM, vim::render(include_str!("editors/ipcs.vim"), &words)),
        (TEXTMATE, textmate::render(include_str!("editors/ipcs.tmLanguage.json"), &words)),
    ];
    for (path, text) in made {
        assert!(!text.contains("@GENERATED@"), "{path}: a placeholder is left");
        if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
            std::fs::write(file(path), &text).unwrap();
        }
        let committed = std::fs::read_to_string(file(path)).unwrap_or_default();
        if committed != text {
            let difference =
                similar::TextDiff::from_lines(&committed, &text).unified_diff().header("committed", "made").to_string();
            panic!(
                "{path} is not what its template and the catalogue make; run `UPDATE=1 cargo test --test editors`\n{difference}"
            );
        }
    }
}

#[test]
fn vim_colours_the_sample() {
    let Some(groups) = vim::groups(&file("editors/vim"), SAMPLE, &places()) else {
        println!("skipped: no vim with syntax files on this machine");
        return;
    };
    let wrong: Vec<String> = PLACES
        .iter()
        .zip(&groups)
        .filter(|((_, _, wanted, _), found)| wanted != found)
        .map(|((line, word, wanted, _), found)| format!("`{word}` in `{line}`: expected {wanted:?}, found {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(groups.len(), PLACES.len());
}

#[test]
fn textmate_colours_the_sample() {
    let grammar = textmate::Grammar::read(&std::fs::read_to_string(file(TEXTMATE)).unwrap());
    let scopes = grammar.tokenize(SAMPLE);
    let wrong: Vec<String> = PLACES
        .iter()
        .zip(places())
        .map(|(place, (line, column))| (place, &scopes.lines[line][column]))
        .filter(|((_, _, _, wanted), found)| wanted != found)
        .map(|((line, word, _, wanted), found)| format!("`{word}` in `{line}`: expected {wanted:?}, found {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A bracket that the grammar takes for another would swallow the rest of the file.
#[test]
fn textmate_closes_what_it_opens_in_every_scenario() {
    let grammar = textmate::Grammar::read(&std::fs::read_to_string(file(TEXTMATE)).unwrap());
    let mut seen = 0;
    for path in scripts(&file("scenarios")) {
        let open = grammar.tokenize(&std::fs::read_to_string(&path).unwrap()).open;
        assert_eq!(open, 0, "{}: {open} brackets are open at its end", path.display());
        seen += 1;
    }
    assert!(seen > 0, "no scenario was found");
}

/// Line and column, from 0, of each of [`PLACES`].
fn places() -> Vec<(usize, usize)> {
    PLACES
        .iter()
        .map(|(needle, word, ..)| {
            let (line, text) =
                SAMPLE.lines().enumerate().find(|(_, text)| text.contains(needle)).unwrap_or_else(|| panic!("{needle}"));
            let from = text.find(needle).unwrap();
            // A word of one letter may be part of another one: it is sought as the needle has it.
            (line, text[from..].find(word).map(|at| from + at).or_else(|| text.find(word)).unwrap_or_else(|| panic!("{word}")))
        })
        .collect()
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(scripts(&path));
        } else if path.extension().is_some_and(|extension| extension == "ipcs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
