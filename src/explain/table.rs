//! The table of contents.

use super::{Block, codes};
use crate::operation::FAMILIES;
use crate::syntax::keyword::{KEYWORDS, VALUES};

/// Families with their calls, and the words of the language.
pub(super) fn contents() -> Vec<Block> {
    let families = FAMILIES.iter().map(|family| {
        let calls: Vec<&str> = family.calls.iter().map(|call| call.name).collect();
        (family.name.to_owned(), calls.join(", "))
    });
    let words = |list: &[crate::syntax::keyword::Keyword]| list.iter().map(|word| word.word).collect::<Vec<_>>().join(", ");
    let of = |runs: bool| {
        let lessons = codes::lessons().into_iter().filter(move |lesson| lesson.runs == runs);
        lessons.map(|lesson| lesson.code).collect::<Vec<_>>().join(", ")
    };
    vec![
        Block::Heading("The manual".into(), "ipcscript explain WORD".into()),
        Block::Text(
            "`WORD` is a call, an error number, a constant, a struct, a signal, a word of the language, the code of a diagnostic, or one of \
             the families on the left: `ipcscript explain semop`, `ipcscript explain EIDRM`, `ipcscript explain wrong-errno`."
                .into(),
        ),
        Block::Part("calls"),
        Block::Terms(families.collect()),
        Block::Part("words"),
        Block::Terms(vec![("of the language".into(), words(KEYWORDS)), ("of values".into(), words(VALUES))]),
        Block::Part("diagnostics"),
        Block::Terms(vec![("of a script".into(), of(false)), ("of a run".into(), of(true))]),
    ]
}
