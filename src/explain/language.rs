//! The pages of the language's own words.

use super::Block;
use crate::syntax::keyword::{KEYWORDS, Keyword, VALUES};

/// The page of `word`, if it is one of the language.
pub(super) fn page(word: &str) -> Option<Vec<Block>> {
    KEYWORDS.iter().chain(VALUES).find(|keyword| keyword.word == word).map(|keyword| {
        let kind = if KEYWORDS.contains(keyword) { "a word of the language" } else { "a word of values" };
        let mut blocks = vec![Block::Heading(word.into(), kind.into())];
        blocks.extend(body(keyword));
        blocks
    })
}

/// What is said of `keyword` under its heading.
pub(super) fn body(keyword: &Keyword) -> [Block; 2] {
    [Block::text(keyword.summary), Block::Script(keyword.example.into())]
}
