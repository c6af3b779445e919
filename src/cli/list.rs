//! `ipcscript list`: the scenarios that `run` would run, in their order.

use super::Exit;
use super::load::load;
use super::output::{print, say, show_failure, show_mistakes};
use crate::report::{Glyphs, one_line};
use crate::scenario::Scenario;
use crate::text::Source;
use serde::Serialize;
use std::path::PathBuf;

/// What `list` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scripts, and folders of scripts; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// One JSON object a line: id, title, path, line, docs and needs
    #[arg(long)]
    json: bool,
}

/// Lists what `args` name.
pub(super) fn list(args: &Args) -> Exit {
    let loaded = match load(&args.paths, false) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    if loaded.is_broken() {
        show_mistakes(&loaded.mistakes, &loaded.sources);
        return Exit::Mistaken;
    }
    if loaded.scenarios.is_empty() {
        say("there is no scenario to list\n");
        return Exit::Nothing;
    }
    let lines = loaded.scenarios.iter().map(|scenario| line(scenario, &loaded.sources, args.json));
    match lines.collect::<Result<String, _>>().map_err(Into::into).and_then(|text| print(&text)) {
        Ok(()) => Exit::Met,
        Err(error) => {
            show_failure("no-list", &format!("the list could not be written: {error}"), None);
            Exit::Failed
        }
    }
}

/// A scenario, for a program.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: &'a str,
    path: &'a str,
    line: usize,
    docs: &'a [String],
    needs: Vec<&'a str>,
}

fn line(scenario: &Scenario, sources: &[Source], json: bool) -> serde_json::Result<String> {
    if !json {
        return Ok(one_line(&scenario.id, Glyphs::Unicode) + "\n");
    }
    let source = sources.get(scenario.source as usize);
    let listed = Listed {
        id: &scenario.id,
        title: &scenario.title,
        path: source.map_or("", |source| &source.name),
        line: source.map_or(0, |source| source.line(scenario.span.start as usize)),
        docs: &scenario.docs,
        needs: scenario.needs.iter().map(|need| need.text.as_str()).collect(),
    };
    Ok(serde_json::to_string(&listed)? + "\n")
}
