//! The real binary, timed on scripts of two sizes, so that what both have in common cancels; and a program that does nothing.

use super::timing::time;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Steps of the scenario that is run many times.
pub const STEPS: usize = 9;
/// How often, in the larger script.
pub const SCENARIOS: usize = 400;
/// What to type for the build of which mark 4 speaks.
pub const HOW_TO_BUILD_STATIC: &str =
    "RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --target x86_64-unknown-linux-gnu";

/// The scripts, in a folder that goes with them.
pub struct Scripts {
    _folder: tempfile::TempDir,
    one: PathBuf,
    /// Steps that do not block.
    pub steps: Pair,
    /// A step that blocks, and the one that wakes it.
    pub pairs: Pair,
    /// Whole scenarios.
    pub scenarios: Pair,
}

/// A small script and a large one that holds more of the same.
pub struct Pair {
    small: PathBuf,
    large: PathBuf,
    more: usize,
}

impl Scripts {
    /// Writes them.
    pub fn write() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str, text: String| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map(|()| path)
        };
        let pair = |name: &str, small: usize, large: usize, text: &dyn Fn(usize) -> String| {
            let path = |count| file(&format!("{name}-{count}.ipcs"), text(count));
            Ok::<_, io::Error>(Pair { small: path(small)?, large: path(large)?, more: large - small })
        };
        let steps = |count| format!("scenario \"steps\" {{\nactor a, b\nfor i in 1..{count} {{\na: getpid()\n}}\n}}\n");
        let pairs = |count| {
            let turn = "a: semop(s, [{0, -1, 0}]) -> blocks\nb: semop(s, [{0, 1, 0}])\na: resumes\n";
            format!("scenario \"pairs\" {{\nactor a, b\na: s = semget(IPC_PRIVATE, 1)\nfor i in 1..{count} {{\n{turn}}}\n}}\n")
        };
        let scenarios = |count| (0..count).map(scenario).collect();
        Ok(Self {
            one: file("one.ipcs", scenario(0))?,
            steps: pair("steps", 500, 4_500, &steps)?,
            pairs: pair("pairs", 200, 2_200, &pairs)?,
            scenarios: pair("scenarios", SCENARIOS / 4, SCENARIOS, &scenarios)?,
            _folder: folder,
        })
    }

    /// Seconds that `binary` takes for one scenario.
    pub fn one_scenario(&self, binary: &Path) -> io::Result<f64> {
        time(Command::new(binary).arg("run").arg(&self.one))
    }
}

/// A scenario with two actors and [`STEPS`] steps, none of which blocks.
fn scenario(number: usize) -> String {
    let turns = "b: semop(s, [{0, 1, 0}])\na: semop(s, [{0, -1, 0}])\n".repeat((STEPS - 1) / 2);
    format!("scenario \"{number}\" {{\nactor a, b\na: s = semget(IPC_PRIVATE, 1)\n{turns}}}\n")
}

impl Pair {
    /// Seconds for each thing that the large script holds more than the small one.
    pub fn difference(&self, subcommand: &str, options: &[&str]) -> io::Result<f64> {
        let seconds = |script| time(command(subcommand, options).arg(script));
        let small = seconds(&self.small)?;
        Ok((seconds(&self.large)? - small) / self.more as f64)
    }

    /// Seconds for the large script.
    pub fn many(&self, subcommand: &str, options: &[&str]) -> io::Result<f64> {
        time(command(subcommand, options).arg(&self.large))
    }
}

fn command(subcommand: &str, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    command.arg(subcommand).args(options);
    command
}

/// The builds of the binary that are there: the ordinary one, and one for an explicit target beside it.
pub fn binaries() -> Vec<PathBuf> {
    let ordinary = PathBuf::from(env!("CARGO_BIN_EXE_ipcscript"));
    let target = ordinary.ancestors().nth(2).map(Path::to_owned).unwrap_or_default();
    let folders = std::fs::read_dir(target).into_iter().flatten().filter_map(Result::ok);
    let beside = folders.map(|entry| entry.path().join("release/ipcscript")).filter(|path| path.is_file());
    std::iter::once(ordinary).chain(beside).collect()
}

/// Whether a program needs no dynamic loader, by its ELF program headers.
pub fn is_static(binary: &Path) -> bool {
    const PT_INTERP: u32 = 3;
    let Ok(bytes) = std::fs::read(binary) else { return false };
    let number = |at: usize, length: usize| -> u64 {
        let digits = bytes.get(at..at + length).unwrap_or(&[]);
        digits.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    };
    let headers = usize::try_from(number(32, 8)).unwrap_or(0);
    let count = usize::try_from(number(56, 2)).unwrap_or(0);
    let size = usize::try_from(number(54, 2)).unwrap_or(0);
    (0..count).all(|index| number(headers + index * size, 4) != u64::from(PT_INTERP))
}

/// A static program of a few instructions that ends with 0, put together here: no compiler is needed.
pub struct Noop {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Noop {
    /// Writes it; see elf(5).
    pub fn write() -> io::Result<Self> {
        const BASE: u64 = 0x40_0000;
        const HEADERS: u64 = 64 + 56;
        #[cfg(target_arch = "x86_64")]
        // mov edi, 0; mov eax, 60 (exit); syscall
        let (machine, code): (u16, &[u8]) = (62, &[0xbf, 0, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05]);
        #[cfg(target_arch = "aarch64")]
        // mov x0, 0; mov x8, 93 (exit); svc 0
        let (machine, code): (u16, &[u8]) = (183, &[0, 0, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 1, 0, 0, 0xd4]);
        let size = HEADERS + code.len() as u64;
        let mut elf = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        elf.extend(2_u16.to_le_bytes()); // ET_EXEC
        elf.extend(machine.to_le_bytes());
        elf.extend(1_u32.to_le_bytes());
        [BASE + HEADERS, 64, 0].iter().for_each(|word: &u64| elf.extend(word.to_le_bytes())); // entry, program headers, sections
        elf.extend(0_u32.to_le_bytes());
        [64_u16, 56, 1, 64, 0, 0].iter().for_each(|half| elf.extend(half.to_le_bytes()));
        [1_u32, 5].iter().for_each(|word| elf.extend(word.to_le_bytes())); // PT_LOAD, readable and executable
        [0, BASE, BASE, size, size, 0x1000].iter().for_each(|word: &u64| elf.extend(word.to_le_bytes()));
        elf.extend(code);
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("noop");
        std::fs::write(&path, elf)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
        Ok(Self { _folder: folder, path })
    }

    /// Seconds that it takes, from its start to its end.
    pub fn run(&self) -> io::Result<f64> {
        time(&mut Command::new(&self.path))
    }
}
