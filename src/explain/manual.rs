//! The whole manual as one document.

use super::coverage::coverage;
use super::markdown::{Level, markdown};
use super::{codes, language, page};
use crate::operation::FAMILIES;
use crate::syntax::keyword::{KEYWORDS, VALUES};
use crate::value::{Errno, Signal};

const OPENING: &str = "# Reference manual

Everything that a script can say: the words of the language, the calls with what they take, give and answer, and the error numbers with what
each means as the answer of which call. `ipcscript explain WORD` shows the same text in a terminal. The [README](README.md) has the language on one page.

This file is made from the program's own catalogue (`UPDATE=1 cargo test --test manual`), and the tests compare the two.
Lines under *example* are the body of a scenario with an actor `a`; each of them is run by the tests.

[What there is](#what-there-is) · [Words of the language](#words-of-the-language) · [Words of values](#words-of-values) ·
[Error numbers](#error-numbers) · [Signals](#signals) · [Diagnostics](#diagnostics)

## What there is

";

const DIAGNOSTICS: &str = "
## Diagnostics

Each code that a report shows, with a script that gives it and one that is right: the tests run both. Lines without a `scenario` stand in one
with the actors `a` and `b`; behind `----` stand further files.
";

/// The manual, in Markdown.
pub fn manual() -> String {
    let mut text = String::from(OPENING);
    text += &coverage();
    for (title, words) in [("Words of the language", KEYWORDS), ("Words of values", VALUES)] {
        text += &format!("\n## {title}\n");
        for keyword in words {
            text += &format!("\n### `{}`\n", keyword.word);
            text += &markdown(&language::body(keyword), Level::Page);
        }
    }
    for family in FAMILIES {
        // The anchor is the family's name: titles change.
        text += &format!("\n<a id=\"{}\"></a>\n\n## {}\n\n{}\n", family.name, family.title, family.summary.trim());
        for call in family.calls {
            text += &format!("\n### `{}`\n\n*{}*\n", call.name, call.man);
            text += &markdown(&page::call_body(call), Level::Page);
        }
        let reference = page::reference(family);
        if !reference.is_empty() {
            text += &format!("\n### Constants and structs: {}\n", family.title);
            text += &markdown(&reference, Level::Page);
        }
    }
    text += "\n## Error numbers\n";
    for (name, errno) in Errno::all() {
        text += &format!("\n### `{name}`\n\nError number {}: {}.\n", errno.0, errno.text());
        text += &markdown(&page::by_call(errno), Level::Page);
    }
    text += "\n## Signals\n\n";
    for (name, signal) in Signal::all() {
        text += &format!("- `{name}`, {}: {}\n", signal.0, signal.text());
    }
    text += DIAGNOSTICS;
    for lesson in codes::lessons() {
        text += &format!("\n### `{}`\n", lesson.code);
        text += &markdown(&codes::body(&lesson), Level::Page);
    }
    text
}
