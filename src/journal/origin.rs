//! Where a journal comes from: the machine of its run, and the part of a list that was run.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A machine's fingerprint: what may make one run come out other than another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The kernel's release, as `uname -r` tells it.
    pub release: String,
    /// Its build, as `uname -v` tells it.
    pub version: String,
    /// The architecture, as `uname -m` tells it.
    pub machine: String,
    /// What it was built with that scenarios depend on: `IPC_NS` and `y`; what is not set is `n`. Empty where nobody knows.
    pub configuration: Vec<Setting>,
    /// The sysctls that scenarios depend on.
    pub sysctls: Vec<Setting>,
    /// The effective capabilities of who ran it.
    pub capabilities: Vec<String>,
    /// What `ipcscript doctor` finds.
    pub findings: Vec<Finding>,
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// What is set.
    pub name: String,
    /// To what.
    pub value: String,
}

/// One thing of the machine that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it belongs to: `world`, `kernel`, `ids`, `root`, `cgroups`, `programs`.
    pub topic: String,
    /// What was looked at.
    pub what: String,
    /// Whether it is there.
    pub met: bool,
    /// What was found.
    pub found: String,
}

/// One part of a list of scenarios.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which part it is, counted from 1.
    pub index: usize,
    /// How many parts there are.
    pub count: usize,
    /// How many scenarios the whole list has.
    pub total: usize,
    /// What tells this list from others: a digest of its ids, in their order.
    pub list: String,
}

impl Shard {
    /// Part `index` of `count` of the list with these ids.
    pub fn new<'a>(index: usize, count: usize, ids: impl ExactSizeIterator<Item = &'a str>) -> Self {
        Self { index, count, total: ids.len(), list: digest(ids) }
    }

    /// How many scenarios this part has.
    pub fn scenarios(&self) -> usize {
        part(self.index, self.count, self.total).len()
    }
}

/// Part `index` of `count`, counted from 1, of a list of `length`. All parts together are the list, in its order; no two lengths differ by more
/// than one.
pub fn part(index: usize, count: usize, length: usize) -> Range<usize> {
    let cut = |parts: usize| (parts as u128 * length as u128 / count.max(1) as u128) as usize;
    cut(index.saturating_sub(1))..cut(index)
}

/// FNV-1a in 64 bits: lists are told apart that differ by mistake, and nobody gains by making two that do not.
fn digest<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut sum = BASIS;
    for id in ids {
        for byte in id.bytes().chain([b'\n']) {
            sum = (sum ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    format!("{sum:016x}")
}
