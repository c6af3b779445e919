//! The `ipcscript` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ipcscript::cli::main(std::env::args_os().collect()).into()
}
