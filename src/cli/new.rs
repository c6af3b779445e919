//! `ipcscript new`: a first script, which runs and teaches.

use super::Exit;
use super::output::{print, show_failure};
use crate::report::one_line;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is written; `PATH` in its comments stands for the script's own.
const FIRST: &str = include_str!("new/first.ipcs");

/// What `new` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The script's name, with or without `.ipcs`, perhaps with a folder before it
    #[arg(value_name = "NAME")]
    name: PathBuf,
}

/// Writes the script that `args` name, if there is no file of that name.
pub(super) fn new(args: &Args) -> Exit {
    let path = with_extension(&args.name);
    let shown = one_line(&path.to_string_lossy(), super::terminal::style(&io::stderr()).glyphs);
    let text = FIRST.replace("PATH", &shown);
    if let Err(error) = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
        let help = match error.kind() {
            io::ErrorKind::AlreadyExists => "nothing was written; choose another name, or move that file away".to_owned(),
            io::ErrorKind::NotFound => format!("make the folder first: `mkdir -p {}`", folder(&path).display()),
            _ => "choose a folder that you may write to".to_owned(),
        };
        let why = if error.kind() == io::ErrorKind::AlreadyExists {
            format!("`{shown}` is there already")
        } else {
            format!("`{shown}` could not be written: {error}")
        };
        show_failure("not-written", &why, Some(&help));
        return Exit::Mistaken;
    }
    match print(&format!("{shown} is written; `ipcscript run {shown}` runs it\n")) {
        Ok(()) => Exit::Met,
        Err(_) => Exit::Failed,
    }
}

/// `name` ending in `.ipcs`: what has another ending keeps it in front of that.
fn with_extension(name: &Path) -> PathBuf {
    if name.extension().is_some_and(|extension| extension == "ipcs") {
        return name.to_owned();
    }
    let mut whole = OsString::from(name);
    whole.push(".ipcs");
    whole.into()
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
