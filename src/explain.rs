//! The manual, written from the catalogue: a page for each call, error number, constant, struct, signal and word of the language.
//!
//! A page is a list of blocks; [`terminal`] and [`markdown`] show the same blocks.

mod block;
pub mod codes;
mod coverage;
mod language;
mod manual;
pub mod markdown;
mod names;
mod page;
mod table;
pub mod terminal;

pub use block::Block;
pub use manual::manual;

use crate::operation::{self, FAMILIES};
use crate::text::nearest;
use crate::value::{Errno, Signal};

/// Everything that is known of `word`; a word such as `exit` may mean several things.
///
/// # Errors
///
/// The nearest word that has a page, if one is near, where `word` has none.
pub fn explain(word: &str) -> Result<Vec<Block>, Option<&'static str>> {
    let word = word.trim();
    // `semop(2)`, `semop()` and `struct sembuf` are what people paste.
    let bare = word.split('(').next().unwrap_or(word);
    let bare = bare.strip_prefix("struct ").unwrap_or(bare).trim();
    let mut blocks = Vec::new();
    blocks.extend(operation::operations().filter(|call| call.name == bare).flat_map(page::call));
    blocks.extend(language::page(bare).into_iter().flatten());
    if let Some(errno) = Errno::from_name(bare) {
        blocks.extend(page::errno(bare, errno));
    }
    if let Some(signal) = Signal::from_name(bare) {
        blocks.extend(page::signal(bare, signal));
    }
    if operation::constant(bare).is_some() {
        blocks.extend(page::constant(bare));
    }
    blocks.extend(page::structure(bare));
    blocks.extend(page::word(bare));
    blocks.extend(FAMILIES.iter().filter(|family| family.name == bare).flat_map(|family| page::family(family)));
    blocks.extend(codes::page(bare));
    if blocks.is_empty() { Err(nearest(bare, names::all())) } else { Ok(blocks) }
}

/// The table of contents.
pub fn contents() -> Vec<Block> {
    table::contents()
}

#[cfg(test)]
mod tests {
    use super::{explain, names};

    #[test]
    fn every_name_has_a_page() {
        let without: Vec<&str> = names::all().filter(|name| explain(name).is_err()).collect();
        assert!(without.is_empty(), "no page: {}", without.join(", "));
    }

    #[test]
    fn a_call_may_be_pasted_with_its_section() {
        assert_eq!(explain("semop(2)"), explain("semop"));
        assert_eq!(explain("struct sembuf"), explain("sembuf"));
    }

    #[test]
    fn a_mistyped_word_is_answered_with_the_nearest() {
        assert_eq!(explain("semopp"), Err(Some("semop")));
        assert_eq!(explain("xyzzyxyzzy"), Err(None));
    }
}
