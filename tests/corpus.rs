//! Texts that fuzzing found to be of interest: each is parsed and checked without a crash, and each mistake can be shown.

use ipcscript::check::{Facts, Script, check};
use ipcscript::report::{Style, diagnostic};
use ipcscript::syntax::{format, parse, print};
use ipcscript::text::{Diagnostic, Source};
use std::fs;
use std::path::Path;

#[test]
fn every_text_of_the_corpus_is_parsed_checked_and_reported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a text");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let source = Source::new(&name, &String::from_utf8_lossy(&bytes));
        let (file, mut found) = parse(&source, 0);
        for mistake in &found {
            assert!(mistake.span().end as usize <= source.text.len(), "{name}: {mistake:?}");
        }
        if !found.iter().any(Diagnostic::is_error) {
            let printed = print(&file);
            let (again, mistakes) = parse(&Source::new("printed.ipcs", &printed), 0);
            assert!(!mistakes.iter().any(Diagnostic::is_error), "{name}: {mistakes:?}\n{printed}");
            assert_eq!(print(&again), printed, "{name}");
            let fair = format(&source).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            assert_eq!(format(&Source::new("fair.ipcs", &fair)).as_ref(), Ok(&fair), "{name}");
        }
        let facts = Facts { kernel: vec![6, 18], arch: "x86_64".into(), privileged: false };
        let sources = [source];
        let script = Script { root: 0, files: vec![(0, file)] };
        let (scenarios, more) = check(&script, &sources, &facts);
        found.extend(more);
        assert!(!scenarios.is_empty() || !found.is_empty() || bytes.len() < 4000, "{name}: neither a scenario nor a mistake");
        for mistake in &found {
            assert!(!diagnostic(mistake, &sources, Style::PLAIN).is_empty(), "{name}: {mistake:?}");
        }
        seen += 1;
    }
    assert!(seen > 0, "the corpus is empty");
}
