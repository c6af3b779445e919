//! The script's folder in its world: its files can be read, and nothing else of it can be used.
//!
//! A read-only bind mount is not enough: it keeps nobody from connecting to a socket, writing into a FIFO or taking a lock, and what
//! is mounted below (a /proc of the host, for one) comes along with all that it opens. An overlay shows the names and the bytes; its
//! sockets, FIFOs and locks are its own, and it stays on one filesystem.

use super::mounts::{bind, by_descriptor, mount};
use super::{WorldError, failed};
use std::ffi::CString;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Files that are looked at where the kernel has no overlay.
const LOOKED_AT: usize = 10_000;

/// Mounts `folder` on `scenario` below the working directory, where an empty folder `home` stands as well.
///
/// # Errors
///
/// When neither an overlay nor a bind mount can be made.
pub fn show(folder: &OwnedFd) -> Result<(), WorldError> {
    let path = by_descriptor(folder);
    let path = path.to_string_lossy();
    // Without a layer to write to there must be two to read from.
    let layers = CString::new(format!("lowerdir={path}:home")).unwrap_or_default();
    if mount(Some(c"scenario"), c"scenario", Some(c"overlay"), libc::MS_RDONLY, Some(&layers)).is_ok() {
        return Ok(());
    }
    // A folder that holds more than files stays empty in the world: better no file than a way out.
    if holds_files_alone(Path::new(&*path)) {
        return bind(&by_descriptor(folder), c"scenario");
    }
    mount(Some(c"scenario"), c"scenario", Some(c"tmpfs"), libc::MS_RDONLY, Some(c"size=4k"))
        .map_err(failed("mount a tmpfs on /scenario"))
}

/// Whether everything below `folder` is a file, a folder or a link, on one filesystem, as far as it can be seen.
fn holds_files_alone(folder: &Path) -> bool {
    let Ok(device) = std::fs::metadata(folder).map(|top| top.dev()) else { return false };
    let mut left: Vec<PathBuf> = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            seen += 1;
            let Ok(known) = entry.metadata() else { return false };
            let kind = known.file_type();
            let special = kind.is_socket() || kind.is_fifo() || kind.is_char_device() || kind.is_block_device();
            if special || known.dev() != device || seen > LOOKED_AT {
                return false;
            }
            if kind.is_dir() {
                left.push(entry.path());
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifo_is_found_wherever_it_is() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("below"))?;
        std::fs::write(folder.path().join("below/file"), "text")?;
        assert!(holds_files_alone(folder.path()));
        nix::unistd::mkfifo(&folder.path().join("below/fifo"), nix::sys::stat::Mode::S_IRWXU)?;
        assert!(!holds_files_alone(folder.path()));
        Ok(())
    }
}
