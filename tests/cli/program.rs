//! The binary, started the way a person or a pipeline would, and what came of it.

use nix::pty::{Winsize, openpty};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// A run of the program that has not begun.
pub struct Program {
    command: Command,
    input: String,
}

/// What a run gave.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The program with `args`, in a plain environment, with nothing on standard input.
pub fn ipcscript(args: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped());
    for name in ["NO_COLOR", "TERM", "COLUMNS", "LANG", "LC_CTYPE"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8");
    Program { command, input: String::new() }
}

impl Program {
    /// Where it stands.
    pub fn inside(mut self, folder: &Folder) -> Self {
        self.command.current_dir(folder.0.path());
        self
    }

    /// A variable of its environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What stands on its standard input.
    pub fn reading(mut self, input: &str) -> Self {
        self.input = input.into();
        self
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Ended {
        let mut child = self.command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it has a standard input");
        // A program that ends without reading closes the pipe, which is its right.
        let _ = stdin.write_all(self.input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// Runs it with a terminal of `columns` for standard output and error: what the terminal was sent, and the exit code.
    pub fn run_on_terminal(mut self, columns: u16) -> (String, i32) {
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let terminal = openpty(&size, None).expect("a terminal");
        let slave = || terminal.slave.try_clone().expect("a descriptor");
        let mut child = self.command.stdin(Stdio::null()).stdout(slave()).stderr(slave()).spawn().expect("the program starts");
        // Ours go too, so that the end of the program is the end of what can be read.
        drop((self.command, terminal.slave));
        let (mut master, mut sent) = (File::from(terminal.master), Vec::new());
        let mut piece = [0; 4096];
        // A terminal whose other side is gone gives EIO instead of an end.
        while let Ok(count @ 1..) = master.read(&mut piece) {
            sent.extend_from_slice(&piece[..count]);
        }
        let status = child.wait().expect("the program ends");
        (String::from_utf8(sent).expect("what is shown is UTF-8"), status.code().unwrap_or(-1))
    }

    /// Runs it with a standard output that nobody reads.
    pub fn run_unread(mut self) -> Ended {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        self.command.stdout(writer);
        self.run()
    }
}

/// A folder of its own for a test; it goes with the value.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    /// Where it is.
    pub fn place(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    }

    /// Where a file is, for others to read it.
    pub fn path(&self, path: &str) -> String {
        self.0.path().join(path).to_string_lossy().into_owned()
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.path().join(path)).expect("a file")
    }
}
