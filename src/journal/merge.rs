//! The journals of all parts of a list, made into the one that a run of the whole list would have written.

use super::{Event, Machine, Shard, Summary};
use std::fmt;

/// More missing parts than these are not named.
const NAMED: usize = 100;

/// Why journals cannot be made into one. Journals are named by their place in what was given, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// This one does not say which part it is.
    NoShard(usize),
    /// These two are parts of different lists.
    OtherList(usize, usize),
    /// These two were cut into other numbers of parts.
    OtherCount {
        /// The first journal, and how many parts it is one of.
        one: (usize, usize),
        /// The other, and how many it is one of.
        other: (usize, usize),
    },
    /// These two are the same part.
    Twice {
        /// The part.
        shard: Shard,
        /// The journals.
        journals: (usize, usize),
    },
    /// These parts are not there.
    Missing {
        /// Their indexes.
        indexes: Vec<usize>,
        /// How many parts there are.
        count: usize,
    },
}

impl Unfit {
    /// What to say of it, with the journals' names.
    pub fn message(&self, names: &[String]) -> String {
        let name = |at: &usize| names.get(*at).map_or("", String::as_str);
        match self {
            Self::NoShard(at) => {
                format!("`{}` does not say which shard it is, and only the journals of shards can be put together", name(at))
            }
            Self::OtherList(one, other) => {
                let (one, other) = (name(one), name(other));
                format!(
                    "`{one}` and `{other}` are parts of different lists: run all parts on the same scripts, with the same paths and `--filter`"
                )
            }
            Self::OtherCount { one, other } => {
                format!("`{}` is one of {} parts, `{}` one of {}", name(&one.0), one.1, name(&other.0), other.1)
            }
            Self::Twice { shard, journals: (one, other) } => {
                format!("shard {}/{} is there twice: in `{}` and in `{}`", shard.index, shard.count, name(one), name(other))
            }
            Self::Missing { indexes, count } => {
                let list: Vec<String> = indexes.iter().map(|index| format!("{index}/{count}")).collect();
                match list.as_slice() {
                    [one] => format!("shard {one} is missing"),
                    more => format!("shards {} are missing", more.join(", ")),
                }
            }
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(&[]))
    }
}

/// The journal of the whole list: every part's events in the order of the list, the fingerprint of each machine once, at the head, and one
/// summary. What says that a journal is a part is left out.
///
/// # Errors
///
/// When the journals are not all parts of one list, each once.
pub fn merge(journals: Vec<Vec<Event>>) -> Result<Vec<Event>, Unfit> {
    let mut parts = Vec::new();
    for (at, events) in journals.into_iter().enumerate() {
        let shard = events.iter().find_map(|event| match event {
            Event::Shard(shard) => Some(shard.clone()),
            _ => None,
        });
        parts.push((shard.ok_or(Unfit::NoShard(at))?, at, events));
    }
    parts.sort_by_key(|(shard, at, _)| (shard.index, *at));
    fit(&parts)?;
    let mut machines: Vec<Machine> = Vec::new();
    let mut scripts: Vec<String> = Vec::new();
    let (mut whole, mut sums) = (Vec::new(), Summary::default());
    for (_, _, events) in parts {
        for event in events {
            match event {
                Event::Shard(_) => {}
                Event::Machine(machine) if machines.contains(&machine) => {}
                Event::Machine(machine) => machines.push(machine),
                Event::Summary(part) => sums.add(part),
                // A script may be cut between two parts; the whole has its text once.
                Event::Script(script) if scripts.contains(&script.path) => {}
                event => {
                    if let Event::Script(script) = &event {
                        scripts.push(script.path.clone());
                    }
                    whole.push(event);
                }
            }
        }
    }
    let head = machines.into_iter().map(Event::Machine);
    Ok(head.chain(whole).chain([Event::Summary(sums)]).collect())
}

/// Whether `parts`, in the order of their indexes, are a whole.
fn fit(parts: &[(Shard, usize, Vec<Event>)]) -> Result<(), Unfit> {
    let Some((first, at, _)) = parts.first() else { return Ok(()) };
    for (shard, other, _) in parts {
        if shard.count != first.count {
            return Err(Unfit::OtherCount { one: (*at, first.count), other: (*other, shard.count) });
        }
        if (shard.total, &shard.list) != (first.total, &first.list) {
            return Err(Unfit::OtherList(*at, *other));
        }
    }
    if let Some([one, other]) = parts.windows(2).find_map(|pair| match pair {
        [one, other] if one.0.index == other.0.index => Some([one, other]),
        _ => None,
    }) {
        return Err(Unfit::Twice { shard: one.0.clone(), journals: (one.1, other.1) });
    }
    let there: Vec<usize> = parts.iter().map(|(shard, ..)| shard.index).collect();
    let indexes: Vec<usize> = (1..=first.count).filter(|index| !there.contains(index)).take(NAMED).collect();
    if indexes.is_empty() { Ok(()) } else { Err(Unfit::Missing { indexes, count: first.count }) }
}
