//! Any text is checked without a crash, and every mistake can be shown.
#![no_main]

use ipcscript::check::{Facts, Script, check};
use ipcscript::report::{Style, diagnostic};
use ipcscript::syntax::parse;
use ipcscript::text::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("fuzzed.ipcs", text);
    let (file, mut found) = parse(&source, 0);
    let facts = Facts { kernel: vec![6, 18], arch: "x86_64".into(), privileged: false };
    let sources = [source];
    let script = Script { root: 0, files: vec![(0, file)] };
    let (_, more) = check(&script, &sources, &facts);
    found.extend(more);
    for mistake in &found {
        diagnostic(mistake, &sources, Style::PLAIN);
    }
});
