//! Every word that has a page.

use super::codes;
use crate::operation::{self, FAMILIES};
use crate::syntax::keyword::{KEYWORDS, VALUES};
use crate::value::{Errno, Signal, Structure};

/// Every word that has a page; one that means several things comes several times.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    operation::operations()
        .map(|call| call.name)
        .chain(KEYWORDS.iter().chain(VALUES).map(|keyword| keyword.word))
        .chain(Errno::all().map(|(name, _)| name))
        .chain(Signal::all().map(|(name, _)| name))
        .chain(operation::constants().map(|constant| constant.name))
        .chain(structures().map(|structure| structure.name))
        .chain(FAMILIES.iter().map(|family| family.name))
        .chain(codes::names())
}

/// Every struct of the catalogue, each once.
pub(super) fn structures() -> impl Iterator<Item = &'static Structure> {
    let mut seen: Vec<&str> = Vec::new();
    FAMILIES.iter().flat_map(|family| family.structs.iter().copied()).filter(move |structure| {
        let new = !seen.contains(&structure.name);
        seen.push(structure.name);
        new
    })
}
