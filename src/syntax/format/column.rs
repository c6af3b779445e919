//! The column that several lines share: no further to the right than most of them ask for.

use super::{INDENT, WIDEST};

/// How a column is found.
pub(super) struct Rule {
    /// At least so many blanks stand before it.
    pub gap: usize,
    /// It is never further left than this.
    pub least: usize,
    /// A line that is wider than this up to the gap is left out, so that it does not move all others.
    pub most: usize,
}

/// For each of `cells`, which are the widths of a line before and behind the column, where its second part begins.
///
/// Columns are whole levels of indentation, so that a letter more or less seldom moves a paragraph. A line that would become too long
/// is left out as well.
pub(super) fn places(cells: &[(usize, usize)], rule: &Rule) -> Vec<usize> {
    let mut taken: Vec<bool> = cells.iter().map(|&(before, _)| before <= rule.most).collect();
    loop {
        let widest = cells.iter().zip(&taken).filter(|&(_, &taken)| taken).map(|(&(before, _), _)| before).max();
        let column = widest.map_or(0, |widest| (widest + rule.gap).next_multiple_of(INDENT).max(rule.least));
        let over = cells.iter().zip(&taken).position(|(&(_, behind), &taken)| taken && column + behind > WIDEST);
        match over {
            Some(over) => taken[over] = false,
            None => {
                let place = |(&(before, _), &taken): (&(usize, usize), &bool)| if taken { column } else { before + rule.gap };
                return cells.iter().zip(&taken).map(place).collect();
            }
        }
    }
}
