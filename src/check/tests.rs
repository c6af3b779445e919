//! Each diagnostic by a small script: its code, its place, what it says.

mod definitions;
mod expansion;
mod limits;
mod names;
mod needs;
mod order;
mod outcomes;
mod quiet;
mod types;

use super::{Facts, Script, check, codes};
use crate::scenario::Scenario;
use crate::syntax::parse::parse;
use crate::text::{Diagnostic, Source};
use std::collections::BTreeSet;

/// A mistake: its code, the text at its place, the message, a part of the help, and the script.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The scenarios of `text` and what is wrong with it, seen on a machine with Linux 6.8.
fn checked(text: &str) -> (Vec<Scenario>, Vec<Diagnostic>) {
    checked_with(&[("test.ipcs", text)])
}

/// The same for a script, first, and the files that it includes.
fn checked_with(texts: &[(&str, &str)]) -> (Vec<Scenario>, Vec<Diagnostic>) {
    let sources: Vec<Source> = texts.iter().map(|(name, text)| Source::new(*name, text)).collect();
    let mut files = Vec::new();
    for (id, source) in (0u32..).zip(&sources) {
        let (file, diagnostics) = parse(source, id);
        assert_eq!(diagnostics, [], "the script is not even well formed");
        files.push((id, file));
    }
    let facts = Facts { kernel: vec![6, 8, 12], arch: "x86_64".into(), privileged: false };
    check(&Script { root: 0, files }, &sources, &facts)
}

/// Lines of a scenario with the actors `a` and `b`; a script that has its own scenario stays as it is.
fn script(lines: &str) -> String {
    if lines.contains("scenario \"") { lines.to_owned() } else { format!("scenario \"s\" {{\n    actor a, b\n{lines}\n}}\n") }
}

/// Each diagnostic as `code: the text at its place: message`.
fn said(lines: &str) -> Vec<String> {
    let text = script(lines);
    let source = Source::new("test.ipcs", &text);
    let line =
        |diagnostic: &Diagnostic| format!("{}: {}: {}", diagnostic.code, source.slice(diagnostic.span()), diagnostic.message);
    checked(&text).1.iter().map(line).collect()
}

/// The scenarios of a script in which nothing is wrong.
fn fine(lines: &str) -> Vec<Scenario> {
    let (scenarios, diagnostics) = checked(&script(lines));
    assert_eq!(diagnostics, [], "in {lines}");
    scenarios
}

/// What the checker says of a script that the parser has complained of already.
fn said_of_broken(lines: &str) -> Vec<String> {
    let source = Source::new("test.ipcs", &script(lines));
    let (file, mistakes) = parse(&source, 0);
    assert!(!mistakes.is_empty(), "the script was to be broken");
    let facts = Facts { kernel: vec![6, 8, 12], arch: "x86_64".into(), privileged: false };
    let (_, diagnostics) = check(&Script { root: 0, files: vec![(0, file)] }, std::slice::from_ref(&source), &facts);
    diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect()
}

/// Asserts that each script has its one mistake, and no other.
fn assert_cases(cases: &[Case]) {
    for (code, place, message, help, lines) in cases {
        let text = script(lines);
        let source = Source::new("test.ipcs", &text);
        let (_, diagnostics) = checked(&text);
        let [diagnostic] = diagnostics.as_slice() else { panic!("one mistake expected in {lines}: {diagnostics:#?}") };
        let seen = (diagnostic.code, source.slice(diagnostic.span()), diagnostic.message.as_str());
        assert_eq!(seen, (*code, *place, *message), "in {lines}");
        let given = diagnostic.help.as_deref().unwrap_or_default();
        assert!(given.contains(help) && given.is_empty() == help.is_empty(), "the help of {lines} is {given:?}");
    }
}

#[test]
fn every_code_is_shown_and_every_shown_code_is_known() {
    let tables = [
        definitions::CASES,
        expansion::CASES,
        limits::CASES,
        names::CASES,
        needs::CASES,
        order::CASES,
        outcomes::CASES,
        types::CASES,
    ];
    let shown: BTreeSet<&str> = tables.concat().iter().map(|case| case.0).collect();
    let known: BTreeSet<&str> = codes().iter().copied().collect();
    assert_eq!(shown, known);
    assert_eq!(known.len(), codes().len(), "a code is listed twice");
}
