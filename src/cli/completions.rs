//! `ipcscript completions`: what a shell completes behind the program's name.

use super::output::{print, show_failure};
use super::{Cli, Exit};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

/// What `completions` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(super) struct Args {
    /// The shell that reads them
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

const AFTER: &str = "Where they go:\n\
    \x20 bash        ~/.local/share/bash-completion/completions/ipcscript\n\
    \x20 zsh         a folder of $fpath, as _ipcscript\n\
    \x20 fish        ~/.config/fish/completions/ipcscript.fish\n\
    \x20 elvish      ~/.config/elvish/lib/ipcscript.elv, and `use ipcscript` in rc.elv\n\
    \x20 powershell  a line of $PROFILE: ipcscript completions powershell | Out-String | Invoke-Expression";

/// Prints the completions for the shell that `args` name.
pub(super) fn completions(args: &Args) -> Exit {
    let mut text = Vec::new();
    generate(args.shell, &mut Cli::command(), "ipcscript", &mut text);
    match print(&String::from_utf8_lossy(&text)) {
        Ok(()) => Exit::Met,
        Err(error) => {
            show_failure("not-written", &format!("the completions could not be written: {error}"), None);
            Exit::Failed
        }
    }
}
