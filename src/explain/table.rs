//! The table of contents.

use super::Block;
use crate::operation::FAMILIES;
use crate::syntax::keyword::{KEYWORDS, VALUES};

/// Families with their calls, and the words of the language.
pub(super) fn contents() -> Vec<Block> {
    let families = FAMILIES.iter().map(|family| {
        let calls: Vec<&str> = family.calls.iter().map(|call| call.name).collect();
        (family.name.to_owned(), calls.join(", "))
    });
    let words = |list: &[crate::syntax::keyword::Keyword]| list.iter().map(|word| word.word).collect::<Vec<_>>().join(", ");
    vec![
        Block::Heading("The manual".into(), "ipcscript explain WORD".into()),
        Block::Text(
            "`WORD` is a call, an error number, a constant, a struct, a signal, a word of the language, or one of the families \
             on the left: `ipcscript explain semop`, `ipcscript explain EIDRM`, `ipcscript explain sysv_sem`."
                .into(),
        ),
        Block::Part("calls"),
        Block::Terms(families.collect()),
        Block::Part("words"),
        Block::Terms(vec![("of the language".into(), words(KEYWORDS)), ("of values".into(), words(VALUES))]),
    ]
}
