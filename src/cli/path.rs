//! From the paths of a command line to the scripts that they stand for.

use crate::text::{Diagnostic, Severity, nearest};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// The name of standard input on the command line and in reports.
pub(super) const STDIN: &str = "-";

/// A script that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The path as given, joined with `/` to what was found in it.
    pub name: String,
    /// Where to read; `-` is standard input.
    pub path: PathBuf,
}

/// The scripts that `path` stands for: itself, or what a folder holds at any depth, in sorted order.
pub(super) fn scripts(path: &Path) -> Result<Vec<Found>, Diagnostic> {
    if path == Path::new(STDIN) {
        return Ok(vec![found(path.to_owned())]);
    }
    let meta = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let mut all = Vec::new();
    if meta.is_dir() {
        walk(path, &mut all)?;
    } else {
        regular(path, &meta)?;
        all.push(found(path.to_owned()));
    }
    Ok(all)
}

/// Refuses what is no regular file: a FIFO could keep us waiting for ever, and a device has no end.
pub(super) fn regular(path: &Path, meta: &fs::Metadata) -> Result<(), Diagnostic> {
    let kind = meta.file_type();
    let what = match () {
        () if kind.is_file() => return Ok(()),
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a FIFO or a pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    };
    let help = if kind.is_dir() {
        "name a script in it"
    } else {
        "give a script the path of a regular file, or `-` to read it from standard input"
    };
    Err(placeless("not-a-file", format!("`{}` is {what}, and no script", brief(path)), help))
}

/// What `path` is called in messages.
pub(super) fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The beginning of a path that is too long to be shown.
fn brief(path: &Path) -> String {
    const SHOWN: usize = 200;
    let name = name(path);
    match name.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name,
    }
}

/// A mistake that is in no text.
pub(super) fn placeless(code: &'static str, message: String, help: &str) -> Diagnostic {
    Diagnostic { code, severity: Severity::Error, message, labels: Vec::new(), help: Some(help.into()) }
}

/// Why `path` cannot be read, and what to do.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let name = brief(path);
    match error.kind() {
        io::ErrorKind::NotFound => {
            let help = neighbour(path).map_or_else(
                || "give the path of a script, or of a folder that holds scripts".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            placeless("missing-file", format!("`{name}` does not exist"), &help)
        }
        io::ErrorKind::PermissionDenied => {
            let help = format!("look at its permissions, and those of the folders above it: `ls -ld {name}`");
            placeless("unreadable-file", format!("`{name}` may not be read by this user"), &help)
        }
        _ => {
            let why = error.to_string();
            let why = why.split(" (os error").next().unwrap_or_default().to_lowercase();
            placeless("unreadable-file", format!("`{name}` cannot be read: {why}"), "give the path of a script or of a folder")
        }
    }
}

/// The path beside a missing one that was most likely meant.
pub(super) fn neighbour(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let names: Vec<String> = fs::read_dir(listed).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let near = nearest(wanted, names.iter().map(String::as_str))?;
    Some(name(&folder.join(near)))
}

fn found(path: PathBuf) -> Found {
    Found { name: name(&path), path }
}

/// Adds what `folder` holds. Hidden entries are passed over, and so are links to folders, which could lead in a circle.
fn walk(folder: &Path, all: &mut Vec<Found>) -> Result<(), Diagnostic> {
    let failed = |error: io::Error| unreadable(folder, &error);
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(&path, all)?;
        } else if path.extension() == Some(OsStr::new("ipcs")) && fs::metadata(&path).is_ok_and(|meta| meta.is_file()) {
            all.push(found(path));
        }
    }
    Ok(())
}
