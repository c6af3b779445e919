//! Subordinate ids: what /etc/subuid and /etc/subgid give an ordinary user, mapped by newuidmap(1) and newgidmap(1), which are
//! set-user-ID root; see subuid(5).

use super::WorldError;
use super::maps::{Ids, Line, share_of};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where the programs of the machine are; the environment of who runs this says nothing about that.
const FOLDERS: [&str; 4] = ["/usr/bin", "/bin", "/usr/local/bin", "/run/wrappers/bin"];

/// The first of `needed` user ids and of as many group ids, in the share of this process, that are user `uid`'s to give away.
///
/// # Errors
///
/// What is missing, and the command that mends it.
pub fn ranges(uid: u32, needed: u64) -> Result<(u32, u32), String> {
    for name in ["newuidmap", "newgidmap"] {
        if program(name).is_none() {
            return Err(format!(
                "an ordinary user maps a second id with {name}, which is not installed; install it with `apt install uidmap` \
                 (Fedora: `dnf install shadow-utils`), or run as root"
            ));
        }
    }
    if no_new_privileges() {
        return Err("newuidmap gains no privilege under no_new_privs; run outside of what sets it, or run as root".into());
    }
    let user = user_name(uid).unwrap_or_else(|| uid.to_string());
    let first = free(&[read("/etc/subuid"), read("/etc/subgid")]);
    let last = first + needed.max(65536) - 1;
    let mend =
        format!("give it ids with `usermod --add-subuids {first}-{last} --add-subgids {first}-{last} {user}`, or run as root");
    let range = |file: &str| match longest(&read(file), &user, uid) {
        Some((first, count)) if count >= needed => Ok(first + u32::try_from(share_of(count / needed) * needed).unwrap_or(0)),
        Some((_, count)) => Err(format!("{file} gives {user} {count} ids, and {needed} are needed; {mend}")),
        None => Err(format!("{file} has no range for {user}; {mend}")),
    };
    Ok((range("/etc/subuid")?, range("/etc/subgid")?))
}

/// Has the two programs write the maps of process `pid`.
///
/// # Errors
///
/// What they complain of.
pub fn write(pid: i32, ids: &Ids) -> Result<(), WorldError> {
    run("newuidmap", pid, &ids.uids)?;
    run("newgidmap", pid, &ids.gids)
}

fn run(name: &str, pid: i32, lines: &[Line]) -> Result<(), WorldError> {
    let failed = |source: io::Error| WorldError { step: name.into(), source };
    let program = program(name).ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
    let mut command = Command::new(program);
    command.arg(pid.to_string()).stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C");
    for (inside, outside, count) in lines {
        command.args([inside.to_string(), outside.to_string(), count.to_string()]);
    }
    let output = command.output().map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
    Err(failed(io::Error::other(text)))
}

/// Where a program is that may be run.
fn program(name: &str) -> Option<PathBuf> {
    FOLDERS
        .iter()
        .map(|folder| PathBuf::from(folder).join(name))
        .find(|path| std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0))
}

fn read(file: &str) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// The first id that no range of these files reaches, from where useradd(8) begins.
fn free(texts: &[String]) -> u64 {
    let end = |line: &str| {
        let mut parts = line.trim().split(':').skip(1).map(|part| part.parse::<u64>().ok());
        Some(parts.next()?? + parts.next()??)
    };
    texts.iter().flat_map(|text| text.lines()).filter_map(end).max().unwrap_or(0).max(100_000)
}

/// The longest range in a file like subuid(5): first id and how many. A line names its user, or has the number.
fn longest(text: &str, user: &str, uid: u32) -> Option<(u32, u64)> {
    let range = |line: &str| {
        let mut parts = line.trim().split(':');
        let whose = parts.next()?;
        let (first, count) = (parts.next()?.parse().ok()?, parts.next()?.parse::<u64>().ok()?);
        (whose == user || whose.parse() == Ok(uid)).then_some((first, count))
    };
    text.lines().filter_map(range).max_by_key(|&(_, count)| count)
}

/// The name of a user by /etc/passwd alone: other sources would load code into this process.
pub fn user_name(uid: u32) -> Option<String> {
    let text = std::fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

fn no_new_privileges() -> bool {
    // SAFETY: this prctl(2) takes integers only.
    (unsafe { libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) }) == 1
}

#[cfg(test)]
mod tests {
    use super::{free, longest};

    #[test]
    fn a_new_range_begins_behind_the_others() {
        assert_eq!(free(&["a:100000:65536\n".into(), "b:200000:10\n".into()]), 200_010);
        assert_eq!(free(&[String::new()]), 100_000);
    }

    #[test]
    fn the_longest_range_of_a_user_counts() {
        let text = "alice:100000:10\nbob:200000:65536\n# a comment\nalice:300000:65536\n1000:7:70000\n";
        assert_eq!(longest(text, "alice", 4), Some((300_000, 65536)));
        assert_eq!(longest(text, "alice", 1000), Some((7, 70000)));
        assert_eq!(longest(text, "carol", 5), None);
    }
}
