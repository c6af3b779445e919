//! The command line: what it takes, and the exit code of each ending. Subcommands read files and print; nothing below does.

mod bless;
mod check;
mod completions;
mod doctor;
mod edit;
mod explain;
mod fmt;
mod list;
mod load;
mod man;
mod new;
mod output;
mod path;
mod report;
mod reports;
mod run;
mod select;
mod terminal;
mod watch;

use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

/// Runs scenarios about processes, namespaces and IPC against the kernel of this machine.
#[derive(Debug, Parser)]
#[command(name = "ipcscript", version, arg_required_else_help = true, max_term_width = 80, after_help = AFTER)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "`ipcscript FILE.ipcs` is `ipcscript run FILE.ipcs`; `-` as PATH reads standard input.\n\n\
    Exit codes: 0 all as expected; 1 a divergence, or a script came up to a limit of time, memory and the like; \
    2 a mistake on the command line or in a script; 3 the engine failed: no world, or stuck by no fault of a script; \
    4 nothing was run.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the scenarios in files and folders
    Run(run::Args),
    /// Report journals again, in any format; those of all shards become one
    Report(report::Args),
    /// Check syntax and meaning; starts no process
    Check(check::Args),
    /// Write a first script, which runs and can be changed
    New(new::Args),
    /// Put scripts into the one style
    Fmt(fmt::Args),
    /// List the scenarios in files and folders
    List(list::Args),
    /// Explain a call, an error number, a constant, a struct, a signal or a word of the language
    Explain(explain::Args),
    /// Tell what this machine allows, which needs are unmet, and what to do about it
    Doctor(doctor::Args),
    /// Print what a shell completes behind the program's name
    Completions(completions::Args),
    /// Print the manual page
    Man,
}

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is as expected.
    Met = 0,
    /// Something was not as expected.
    Diverged = 1,
    /// The command line or a script has a mistake.
    Mistaken = 2,
    /// The engine failed, or a report could not be written.
    Failed = 3,
    /// Nothing was run.
    Nothing = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// The code of every diagnostic of a file that cannot be read.
pub fn codes() -> &'static [&'static str] {
    &["include-loop", "missing-file", "missing-include", "not-a-file", "not-utf8", "too-big", "unreadable-file"]
}

/// Does what `words` (the program's name, then its arguments) ask for.
pub fn main(words: Vec<OsString>) -> Exit {
    let cli = match Cli::try_parse_from(with_run(words)) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; that nobody reads them is no mistake.
            let _ = error.print();
            return if error.use_stderr() { Exit::Mistaken } else { Exit::Met };
        }
    };
    match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Report(args) => report::report(&args),
        Command::Check(args) => check::check(&args),
        Command::New(args) => new::new(&args),
        Command::Fmt(args) => fmt::fmt(&args),
        Command::List(args) => list::list(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Completions(args) => completions::completions(&args),
        Command::Man => man::man(),
    }
}

/// Puts `run` before a script that stands where a subcommand would, so that `#!/usr/bin/env ipcscript` works.
///
/// Only what is there, or looks like a path, is taken for a script: a mistyped subcommand is to be called that.
fn with_run(mut words: Vec<OsString>) -> Vec<OsString> {
    let is_script = |word: &OsStr| {
        let looks_so = word == "-" || word.to_string_lossy().contains(['/', '.']) || Path::new(word).exists();
        let is_option = word.to_string_lossy().starts_with('-') && word != "-";
        looks_so && !is_option && !Cli::command().get_subcommands().any(|known| word == known.get_name()) && word != "help"
    };
    if words.get(1).is_some_and(|word| is_script(word)) {
        words.insert(1, "run".into());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Cli, with_run};
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_script_is_run_and_a_mistyped_subcommand_is_not() {
        let words = |list: &[&str]| with_run(list.iter().map(Into::into).collect());
        assert_eq!(words(&["ipcscript", "a.ipcs", "--trace"]), ["ipcscript", "run", "a.ipcs", "--trace"]);
        assert_eq!(words(&["ipcscript", "-"]), ["ipcscript", "run", "-"]);
        assert_eq!(words(&["ipcscript", "rnu"]), ["ipcscript", "rnu"]);
        assert_eq!(words(&["ipcscript", "--version"]), ["ipcscript", "--version"]);
        assert_eq!(words(&["ipcscript"]), ["ipcscript"]);
    }
}
