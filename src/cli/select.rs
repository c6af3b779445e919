//! Which scenarios of all are run: those whose id contains a text, and of these one part.

use crate::journal;
use crate::scenario::Scenario;
use std::str::FromStr;

/// The I-th of N parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    index: usize,
    count: usize,
}

/// The number of this job among its like: from 0 in a Kubernetes indexed Job, from 1 in a GitLab job with `parallel`.
const INDEXES: [(&str, usize); 2] = [("JOB_COMPLETION_INDEX", 0), ("CI_NODE_INDEX", 1)];
/// How many of them there are, as GitLab says; a Kubernetes Job does not tell its pods.
const COUNT: &str = "CI_NODE_TOTAL";

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read(text, |name| std::env::var(name).ok())
    }
}

/// The part that `text` names; `auto` stands for what the environment says.
fn read(text: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let wrong = "write the part and their number: `1/4` is the first of four; `auto/4` takes the part from the environment";
    let (index, count) = match text.split_once('/') {
        Some((index, count)) => (index, count.parse::<usize>().map_err(|_| wrong)?),
        None if text == "auto" => {
            let count = environment(COUNT).and_then(|count| count.parse().ok());
            ("auto", count.ok_or_else(|| format!("{COUNT} does not say how many parts there are: write `auto/4` for four"))?)
        }
        None => return Err(wrong.into()),
    };
    let index: usize = match index {
        "auto" => {
            let number =
                |(name, first): (&str, usize)| environment(name)?.parse::<usize>().ok()?.checked_add(1)?.checked_sub(first);
            let names = INDEXES.map(|(name, _)| name).join(" nor ");
            INDEXES.into_iter().find_map(number).ok_or_else(|| format!("neither {names} is a number in the environment"))?
        }
        number => number.parse().map_err(|_| wrong)?,
    };
    match (index, count) {
        (_, 0) => Err("there is at least one part".into()),
        (0, _) => Err("parts are counted from 1".into()),
        (index, count) if index > count => Err(format!("there are only {count} parts, and this is the {index}.")),
        (index, count) => Ok(Shard { index, count }),
    }
}

/// The scenarios that are run, in list order, and what the journal says of the part that they are.
pub(super) fn select(all: Vec<Scenario>, filter: Option<&str>, shard: Option<Shard>) -> (Vec<Scenario>, Option<journal::Shard>) {
    let mut chosen: Vec<Scenario> =
        all.into_iter().filter(|scenario| filter.is_none_or(|text| scenario.id.contains(text))).collect();
    match shard {
        Some(Shard { index, count }) => {
            let said = journal::Shard::new(index, count, chosen.iter().map(|scenario| scenario.id.as_str()));
            (chosen.drain(journal::part(index, count, chosen.len())).collect(), Some(said))
        }
        None => (chosen, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shard, read};

    #[test]
    fn parts_are_read_with_their_number() {
        assert_eq!("2/3".parse(), Ok(Shard { index: 2, count: 3 }));
        for wrong in ["0/3", "4/3", "1/0", "1", "a/b", "1/2/3", "-1/2", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_environment_of_a_job_says_its_part() {
        let with = |known: &'static [(&str, &str)]| {
            move |name: &str| known.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(read("auto/3", with(&[("JOB_COMPLETION_INDEX", "0")])), Ok(Shard { index: 1, count: 3 }));
        assert_eq!(read("auto/3", with(&[("JOB_COMPLETION_INDEX", "2")])), Ok(Shard { index: 3, count: 3 }));
        assert_eq!(read("auto", with(&[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "5")])), Ok(Shard { index: 2, count: 5 }));
        assert!(read("auto", with(&[("JOB_COMPLETION_INDEX", "0")])).is_err());
        assert!(read("auto/3", with(&[("JOB_COMPLETION_INDEX", "3")])).is_err());
        assert!(read("auto/3", with(&[])).is_err());
    }
}
