//! Each diagnostic by a small script: its code, its place, what it says.

use super::{Facts, Script, check};
use crate::scenario::Scenario;
use crate::syntax::parse::parse;
use crate::text::{Diagnostic, Source};

/// The scenarios of `text` and what is wrong with it, seen on a machine of the year 2024.
pub(super) fn checked(text: &str) -> (Vec<Scenario>, Vec<Diagnostic>) {
    checked_with(&[("test.ipcs", text)])
}

/// The same for a script, first, and the files that it includes.
pub(super) fn checked_with(texts: &[(&str, &str)]) -> (Vec<Scenario>, Vec<Diagnostic>) {
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

/// Each diagnostic as `code: the text at its place: message (help)`.
pub(super) fn said(text: &str) -> Vec<String> {
    let source = Source::new("test.ipcs", text);
    let (_, diagnostics) = checked(text);
    let line = |diagnostic: &Diagnostic| {
        let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}: {}: {}{help}", diagnostic.code, source.slice(diagnostic.span()), diagnostic.message)
    };
    diagnostics.iter().map(line).collect()
}
