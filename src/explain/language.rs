//! The pages of the language's own words.

use super::Block;
use crate::check::KINDS;
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
pub(super) fn body(keyword: &Keyword) -> Vec<Block> {
    let mut blocks = vec![Block::text(keyword.summary)];
    if keyword.word == "needs" {
        blocks.push(Block::Part("kinds"));
        let capability = ("needs CAP_MKNOD".to_owned(), "real root has this capability; with `--privileged`".to_owned());
        let kinds = KINDS.iter().map(|kind| (kind.example.to_owned(), kind.meaning.to_owned()));
        blocks.push(Block::Terms(kinds.chain([capability]).collect()));
    }
    blocks.push(Block::Part("example"));
    blocks.push(Block::Script(keyword.example.into()));
    blocks
}
