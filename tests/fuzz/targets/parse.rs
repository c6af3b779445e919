//! Any text is parsed without a crash, its mistakes lie inside it, and what has none prints and parses back.
#![no_main]

use ipcscript::syntax::{parse, print};
use ipcscript::text::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("fuzzed.ipcs", text);
    let (file, found) = parse(&source, 0);
    for diagnostic in &found {
        assert!(diagnostic.span().end as usize <= source.text.len(), "{diagnostic:?}");
    }
    if found.iter().all(|diagnostic| !diagnostic.is_error()) {
        let printed = print(&file);
        let (again, found) = parse(&Source::new("printed.ipcs", &printed), 0);
        assert!(found.iter().all(|diagnostic| !diagnostic.is_error()), "{found:?}\n{printed}");
        assert_eq!(print(&again), printed);
    }
});
