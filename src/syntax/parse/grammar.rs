//! The door to pest: one line in, its pairs or the furthest place that could not be read.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use std::num::NonZeroUsize;

/// A node of what pest read.
pub(super) type Pair<'t> = pest::iterators::Pair<'t, Rule>;

/// The longest statement, in bytes, that is read at all.
pub(super) const LONGEST: usize = 256 * 1024;

/// How many calls pest may make for one statement. A statement of [`LONGEST`] bytes needs less than half of
/// them, so that only a grammar that backtracks without end meets this bound.
const CALLS: NonZeroUsize = NonZeroUsize::new(64_000_000).expect("the bound is not zero");

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/scenario.pest"]
struct Grammar;

/// Where pest came no further.
pub(super) struct Failure {
    /// Offset in the text that pest was given.
    pub(super) at: usize,
    /// What could have stood there; empty when pest gave up.
    pub(super) expected: Vec<Rule>,
}

/// Reads all of `text` as `rule`.
pub(super) fn read(rule: Rule, text: &str) -> Result<Pair<'_>, Failure> {
    pest::set_call_limit(Some(CALLS));
    let failure = match Grammar::parse(rule, text) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => return Ok(pair),
            None => return Err(Failure { at: 0, expected: Vec::new() }),
        },
        Err(failure) => failure,
    };
    let at = match failure.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let expected = match failure.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    Err(Failure { at, expected })
}
