//! How one entry of a folder was, and making it so again: what it is, who owns it, who may do what with it, what is in it.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};

/// What an entry was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    content: Content,
    kind: Kind,
    mode: u32,
    owner: (u32, u32),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Folder,
    /// With what was in it; nothing for a file of the kernel's in a folder, which need not even be readable.
    File(Option<Vec<u8>>),
    Link(PathBuf),
    /// A socket, a device: not to be made again.
    Other,
}

/// Whether the content of a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Yes.
    Kept,
    /// No: it is the kernel's, and changes by itself.
    Left,
}

impl State {
    /// Looks at `path`.
    ///
    /// # Errors
    ///
    /// As lstat(2), readlink(2) and read(2).
    pub fn of(path: &Path, content: Content) -> io::Result<Self> {
        let found = fs::symlink_metadata(path)?;
        let kind = if found.is_dir() {
            Kind::Folder
        } else if found.is_symlink() {
            Kind::Link(fs::read_link(path)?)
        } else if found.is_file() {
            Kind::File(if content == Content::Kept { Some(read(path)?) } else { None })
        } else {
            Kind::Other
        };
        Ok(Self { content, kind, mode: mode(&found), owner: (found.uid(), found.gid()) })
    }

    /// Bytes that it takes to remember it.
    pub fn size(&self) -> usize {
        if let Kind::File(Some(content)) = &self.kind { content.len() } else { 0 }
    }

    /// Makes `path` as it was. What has come in its place is not followed, wherever it leads: this is done with the rights of root.
    ///
    /// # Errors
    ///
    /// As the system calls that do it.
    pub fn restore(&self, path: &Path) -> io::Result<()> {
        match fs::symlink_metadata(path) {
            Ok(found) if self.is_kind_of(&found) => {}
            Ok(found) => {
                if found.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }?;
                self.make(path)?;
            }
            // What the kernel shows goes when the thing itself goes, and by others than a script as well.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.content == Content::Left => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make(path)?,
            Err(error) => return Err(error),
        }
        match &self.kind {
            Kind::File(Some(content)) => write(path, content)?,
            Kind::Link(target) if fs::read_link(path)? != *target => {
                fs::remove_file(path)?;
                symlink(target, path)?;
            }
            _ => {}
        }
        let now = fs::symlink_metadata(path)?;
        if (now.uid(), now.gid()) != self.owner {
            lchown(path, Some(self.owner.0), Some(self.owner.1))?;
        }
        // After the owner: a change of that takes set-user-ID bits away.
        if !now.is_symlink() && mode(&fs::symlink_metadata(path)?) != self.mode {
            fs::set_permissions(path, Permissions::from_mode(self.mode))?;
        }
        Ok(())
    }

    fn is_kind_of(&self, found: &Metadata) -> bool {
        match self.kind {
            Kind::Folder => found.is_dir(),
            Kind::File(_) => found.is_file(),
            Kind::Link(_) => found.is_symlink(),
            Kind::Other => !found.is_dir() && !found.is_file() && !found.is_symlink(),
        }
    }

    fn make(&self, path: &Path) -> io::Result<()> {
        match &self.kind {
            Kind::Folder => fs::create_dir(path),
            Kind::File(Some(_)) => File::options().write(true).create_new(true).mode(0o600).open(path).map(drop),
            Kind::Link(target) => symlink(target, path),
            Kind::File(None) | Kind::Other => Err(io::Error::other("it is gone, and cannot be made again")),
        }
    }
}

fn mode(found: &Metadata) -> u32 {
    found.mode() & 0o7777
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::options().read(true).custom_flags(libc::O_NOFOLLOW).open(path)?.read_to_end(&mut content)?;
    Ok(content)
}

/// Writes only what differs: not every file of the kernel takes what it gave.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if read(path).is_ok_and(|now| now == content) {
        return Ok(());
    }
    File::options().write(true).truncate(true).custom_flags(libc::O_NOFOLLOW).open(path)?.write_all(content)?;
    if read(path)? == content { Ok(()) } else { Err(io::Error::other("what was written back is not what is there")) }
}
