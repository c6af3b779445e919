//! The real program, and what its journal says.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// Its exit code.
    pub code: i32,
    /// Its JSON report.
    pub report: String,
    /// What it printed besides.
    pub errors: String,
}

/// Runs `script` as `script.ipcs` in a folder of its own, with these further words.
pub fn run(script: &str, words: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("script.ipcs"), script).expect("a file");
    run_in(folder.path(), "script.ipcs", words)
}

/// Runs the scenarios of `path` in `folder`.
pub fn run_in(folder: &Path, path: &str, words: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    command.args(["run", path, "--report", "json"]).args(words).current_dir(folder).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    Run {
        code: output.status.code().expect("it exits"),
        report: String::from_utf8(output.stdout).expect("a report is text"),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// What the journal says of one scenario.
#[derive(Debug, Default)]
pub struct Told {
    /// Its orders; null where none were run.
    pub orders: Value,
    /// Its divergences.
    pub divergences: Vec<Value>,
    /// Its status.
    pub status: String,
    /// Why.
    pub reason: String,
}

impl Run {
    /// Each scenario by its title, with what was told of it.
    pub fn scenarios(&self) -> BTreeMap<String, Told> {
        let mut all: BTreeMap<String, Told> = BTreeMap::new();
        let mut title = String::new();
        for line in self.report.lines() {
            let event: Value = serde_json::from_str(line).expect("an event a line");
            if event["event"] == "scenario" {
                title = text(&event["title"]);
            }
            let told = all.entry(title.clone()).or_default();
            match event["event"].as_str().expect("an event has a kind") {
                "orders" => told.orders = event,
                "divergence" => told.divergences.push(event),
                "verdict" => (told.status, told.reason) = (text(&event["status"]), text(&event["reason"])),
                _ => {}
            }
        }
        all
    }

    /// What was told of the only scenario.
    #[track_caller]
    pub fn only(&self) -> Told {
        let mut all = self.scenarios().into_values();
        let told = all.next().unwrap_or_else(|| panic!("no scenario was run: {}", self.errors));
        assert!(all.next().is_none(), "several scenarios were run");
        told
    }
}

impl Told {
    /// How many orders were run.
    pub fn run(&self) -> u64 {
        self.orders["run"].as_u64().unwrap_or(0)
    }

    /// The kinds of outcomes, each with its values and its end; and the steps and deadlocks that diverged.
    pub fn outcomes(&self) -> BTreeSet<String> {
        let kind = |kind: &Value| format!("{} {}", kind["end"], kind["values"]);
        let of_steps = |one: &&Value| !matches!(one["code"].as_str(), Some("not-always" | "not-never" | "not-sometimes"));
        let step = |one: &Value| format!("{} in line {}", one["code"], one["line"]);
        let kinds = self.kinds().iter().map(kind);
        kinds.chain(self.divergences.iter().filter(of_steps).map(step)).collect()
    }

    /// What came of the orders.
    pub fn kinds(&self) -> &[Value] {
        self.orders["outcomes"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The divergences, by their codes.
    pub fn codes(&self) -> Vec<&str> {
        self.divergences.iter().filter_map(|one| one["code"].as_str()).collect()
    }
}

/// A text of the journal; empty where there is none.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}
