//! `ipcscript check`: syntax and meaning. Starts no process.

use super::Exit;
use super::load::load;
use super::output::{counted, print, say, show_mistakes};
use std::path::PathBuf;

/// What `check` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scripts, and folders of scripts; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// Checks what `args` name.
pub(super) fn check(args: &Args) -> Exit {
    let loaded = match load(&args.paths, false) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    show_mistakes(&loaded.mistakes, &loaded.sources);
    if loaded.is_broken() {
        return Exit::Mistaken;
    }
    if loaded.files == 0 {
        say("nothing was checked: there is no `.ipcs` file\n");
        return Exit::Nothing;
    }
    let line = format!("{} in {}: no mistake\n", counted(loaded.scenarios.len(), "scenario"), counted(loaded.files, "file"));
    match print(&line) {
        Ok(()) => Exit::Met,
        Err(_) => Exit::Failed,
    }
}
