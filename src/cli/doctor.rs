//! `ipcscript doctor`: what this machine allows, which needs are unmet, and what to do about it.

use super::load::load;
use super::output::{counted, print, show_failure, show_mistakes};
use super::{Exit, terminal};
use crate::report::checklist::{Entry, Mark, checklist};
use crate::run::survey::{Finding, Lack, lacks, survey};
use serde_json::json;
use std::io;
use std::path::PathBuf;

/// What `doctor` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 worlds can be made; 2 a script has a mistake; 3 no world can be made.")]
pub(super) struct Args {
    /// Scripts, and folders of scripts, whose unmet needs are listed
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON object a line: findings, unmet needs, and a summary
    #[arg(long)]
    json: bool,
}

/// Looks at the machine, and at what the scripts of `args` need of it.
pub(super) fn doctor(args: &Args) -> Exit {
    let mut unmet = None;
    if !args.paths.is_empty() {
        let loaded = match load(&args.paths, true) {
            Ok(loaded) => loaded,
            Err(exit) => return exit,
        };
        if loaded.is_broken() {
            show_mistakes(&loaded.mistakes, &loaded.sources);
            return Exit::Mistaken;
        }
        unmet = Some((loaded.scenarios.len(), lacks(&loaded.scenarios)));
    }
    let found = survey();
    let able = found.first().is_some_and(|world| world.met);
    let page = if args.json { lines(&found, unmet.as_ref(), able) } else { human(&found, unmet.as_ref()) };
    match (print(&page), able) {
        (Err(error), _) => {
            show_failure("no-report", &format!("what was found could not be written: {error}"), None);
            Exit::Failed
        }
        (Ok(()), true) => Exit::Met,
        (Ok(()), false) => Exit::Failed,
    }
}

/// For programs: one object a line.
fn lines(found: &[Finding], unmet: Option<&(usize, Vec<Lack>)>, able: bool) -> String {
    let findings = found.iter().map(|finding| json!({"event": "finding", "topic": finding.topic, "what": finding.what, "met": finding.met, "found": finding.found, "mend": finding.mend}));
    let lacks = unmet
        .iter()
        .flat_map(|(_, lacks)| lacks)
        .map(|lack| json!({"event": "need", "id": lack.id, "need": lack.need, "met": false, "reason": lack.reason}));
    let missing = found.iter().filter(|finding| !finding.met).count();
    let summary = json!({"event": "summary", "worlds": able, "met": found.len() - missing, "unmet": missing});
    findings.chain(lacks).chain(std::iter::once(summary)).map(|line| format!("{line}\n")).collect()
}

/// For people.
fn human(found: &[Finding], unmet: Option<&(usize, Vec<Lack>)>) -> String {
    let mut entries: Vec<Entry> = found
        .iter()
        .map(|finding| Entry {
            heading: heading(finding.topic).into(),
            mark: if finding.met { Mark::Met } else { Mark::Unmet },
            text: format!("{}: {}", finding.what, finding.found),
            mend: finding.mend.clone(),
        })
        .collect();
    if let Some((scenarios, lacks)) = unmet {
        let heading = format!("Needs of {}", counted(*scenarios, "scenario"));
        let entry = |mark, text| Entry { heading: heading.clone(), mark, text, mend: None };
        if lacks.is_empty() {
            entries.push(entry(Mark::Met, "all are met; those for real root with `--privileged`".into()));
        }
        for lack in lacks {
            entries.push(entry(Mark::Unmet, format!("{}: needs {}: {}", lack.id, lack.need, lack.reason)));
        }
    }
    checklist(&entries, terminal::style(&io::stdout()))
}

fn heading(topic: &str) -> &'static str {
    match topic {
        "world" => "A world of its own for each scenario",
        "kernel" => "The kernel: `needs kernel`, `needs config`, `needs fs`",
        "ids" => "Ids: `needs uid`",
        "root" => "Real root: `needs privileged`, `needs CAP_…`, with `--privileged`",
        "cgroups" => "Cgroups: `needs cgroup1` for version 1, `needs cgroup` for version 2",
        _ => "Programs: `needs program`",
    }
}
