//! Which scenarios of all are run: those whose id contains a text, and of these one part.

use crate::scenario::Scenario;
use std::ops::Range;
use std::str::FromStr;

/// The I-th of N parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    index: usize,
    count: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = "write the part and their number: `1/4` is the first of four";
        let (index, count) = text.split_once('/').ok_or(wrong)?;
        let (Ok(index), Ok(count)) = (index.parse(), count.parse()) else { return Err(wrong.into()) };
        match (index, count) {
            (_, 0) => Err("there is at least one part".into()),
            (0, _) => Err("parts are counted from 1".into()),
            (index, count) if index > count => Err(format!("there are only {count} parts")),
            (index, count) => Ok(Self { index, count }),
        }
    }
}

impl Shard {
    /// The part of a list of `length`. All parts together are the list; no two lengths differ by more than one.
    pub fn range(self, length: usize) -> Range<usize> {
        let cut = |parts: usize| (parts as u128 * length as u128 / self.count as u128) as usize;
        cut(self.index - 1)..cut(self.index)
    }
}

/// The scenarios that are run, in list order.
pub(super) fn select(all: Vec<Scenario>, filter: Option<&str>, shard: Option<Shard>) -> Vec<Scenario> {
    let mut chosen: Vec<Scenario> =
        all.into_iter().filter(|scenario| filter.is_none_or(|text| scenario.id.contains(text))).collect();
    match shard {
        Some(shard) => chosen.drain(shard.range(chosen.len())).collect(),
        None => chosen,
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn parts_are_disjoint_even_and_complete() {
        for length in [0, 1, 2, 7, 45, 100] {
            for count in [1, 2, 3, 7, 50] {
                let parts: Vec<_> = (1..=count).map(|index| Shard { index, count }.range(length)).collect();
                let joined: Vec<usize> = parts.iter().cloned().flatten().collect();
                assert_eq!(joined, (0..length).collect::<Vec<_>>());
                let lengths = parts.iter().map(ExactSizeIterator::len);
                assert!(lengths.clone().max() <= lengths.min().map(|least| least + 1));
            }
        }
    }

    #[test]
    fn parts_are_read_with_their_number() {
        assert_eq!("2/3".parse(), Ok(Shard { index: 2, count: 3 }));
        for wrong in ["0/3", "4/3", "1/0", "1", "a/b", "1/2/3", "-1/2", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
