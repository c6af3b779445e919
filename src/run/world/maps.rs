//! The ids of a world: which of the host's stand for them, and how that is written down; see user_namespaces(7).

use super::mounts::{check, open_path, own};
use super::{Plan, WorldError, failed, subordinate};
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

/// The first of the host's ids that stand for those of a world of root: they own nothing.
const FIRST_ID: u32 = 2_000_000_000;

/// Ids of the host that are set aside for one world, unless it needs more.
const SHARE: u64 = 65_536;

/// Which ids of the host stand for those of the world.
#[derive(Debug, PartialEq, Eq)]
pub struct Ids {
    /// User ids.
    pub uids: Vec<Line>,
    /// Group ids.
    pub gids: Vec<Line>,
}

/// One line of a map, in the order of the file: the first id inside, the first outside, how many.
pub type Line = (u32, u32, u32);

impl Ids {
    /// The ids for a world that has `wanted` beside 0. Root takes ids that own nothing, so that the host's root is never inside; so does
    /// who has subordinate ids, when more than 0 is wanted; anybody else stands for 0 in person.
    ///
    /// # Errors
    ///
    /// What is missing, and the command that mends it.
    pub fn find(wanted: &[(u32, u32)]) -> Result<Self, String> {
        let (uid, gid) = own_ids();
        let top = wanted.iter().map(|&(_, last)| last).max().unwrap_or(0);
        if uid == 0 {
            let far = |file| unowned(file, top).map(|first| spread(wanted, first));
            return match (far("/proc/self/uid_map"), far("/proc/self/gid_map")) {
                (Some(uids), Some(gids)) => Ok(Self { uids, gids }),
                _ if wanted.is_empty() => Ok(Self { uids: vec![(0, uid, 1)], gids: vec![(0, gid, 1)] }),
                _ => Err(
                    "root of this container has not as many ids to give away; map more into it, or run it as root of the machine"
                        .into(),
                ),
            };
        }
        if wanted.is_empty() {
            return Ok(Self { uids: vec![(0, uid, 1)], gids: vec![(0, gid, 1)] });
        }
        let needed = 1 + wanted.iter().map(|&(low, high)| u64::from(high - low) + 1).sum::<u64>();
        let (first_uid, first_gid) = subordinate::ranges(uid, needed)?;
        Ok(Self { uids: packed(wanted, first_uid), gids: packed(wanted, first_gid) })
    }

    /// The host's user and group that stand for root of the world.
    pub fn root(&self) -> (u32, u32) {
        let outside = |lines: &[Line]| lines.first().map_or(0, |&(_, outside, _)| outside);
        (outside(&self.uids), outside(&self.gids))
    }
}

/// Writes the id maps of the outer layer for process `pid`, from outside.
///
/// # Errors
///
/// When the kernel, or newuidmap(1) in the place of an ordinary user, refuses a map.
pub fn map_outer(pid: i32, plan: &Plan) -> Result<(), WorldError> {
    let refused = |why: String| WorldError { step: "find ids for the world".into(), source: io::Error::other(why) };
    let ids = Ids::find(&plan.ids).map_err(refused)?;
    if own_ids().0 != 0 && !plan.ids.is_empty() {
        return subordinate::write(pid, &ids);
    }
    let proc = open_path(c"/proc").map_err(failed("open /proc"))?;
    write_maps(&proc, &pid.to_string(), &text(&ids.uids), &text(&ids.gids), plan)
}

/// Writes the id maps of the inner layer: the same ids as in the outer one. `process` is a name below `proc`, a /proc.
///
/// # Errors
///
/// When the kernel refuses a map.
pub fn map_inner(proc: &OwnedFd, process: &str, plan: &Plan) -> Result<(), WorldError> {
    let lines = text(&spread(&plan.ids, 0));
    write_maps(proc, process, &lines, &lines, plan)
}

/// Effective user and group of this process.
pub fn own_ids() -> (u32, u32) {
    // SAFETY: geteuid(2) only reads.
    let uid = unsafe { libc::geteuid() };
    // SAFETY: getegid(2) only reads.
    let gid = unsafe { libc::getegid() };
    (uid, gid)
}

/// The first of as many ids as a world of root needs that own nothing: far up where all ids are to be had, at the end of the range
/// where only a container's are, `None` where root has no id but its own.
fn unowned(file: &str, top: u32) -> Option<u32> {
    let text = std::fs::read_to_string(file).ok()?;
    let ranges = text.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(|word| word.parse::<u64>().ok());
        Some((numbers.next()??, numbers.nth(1)??))
    });
    let (first, count) = ranges.max_by_key(|&(_, count)| count)?;
    let needed = u64::from(top) + 1;
    let far = u64::from(FIRST_ID);
    let share = needed.max(SHARE);
    let shares = (first + count).saturating_sub(far) / share;
    if first <= far && shares > 0 {
        return u32::try_from(far + share_of(shares) * share).ok();
    }
    let last = (first + count).checked_sub(needed).filter(|&last| last > first)?;
    u32::try_from(last).ok()
}

/// Which of so many equal parts of a range the worlds of this process take. The kernel gives each of the host's users so many pages in pipes,
/// descriptors under way, instances of inotify: two worlds at a time must not be one user.
pub fn share_of(shares: u64) -> u64 {
    u64::from(std::process::id()) % shares.max(1)
}

/// 0 and the wanted ranges, each to the same number above `first`.
fn spread(wanted: &[(u32, u32)], first: u32) -> Vec<Line> {
    let ranges = std::iter::once((0, 0)).chain(wanted.iter().copied());
    ranges.map(|(low, high)| (low, first + low, high - low + 1)).collect()
}

/// 0 and the wanted ranges, one behind the other from `first` on: subordinate ids are few.
fn packed(wanted: &[(u32, u32)], mut first: u32) -> Vec<Line> {
    let ranges = std::iter::once((0, 0)).chain(wanted.iter().copied());
    let place = |(low, high): (u32, u32)| {
        let line = (low, first, high - low + 1);
        first += high - low + 1;
        line
    };
    ranges.map(place).collect()
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(|(inside, outside, count)| format!("{inside} {outside} {count}\n")).collect()
}

/// Where only one id is mapped, setgroups(2) is given up first: the kernel demands it of who has no privilege over the groups,
/// and all worlds are to behave alike.
fn write_maps(proc: &OwnedFd, process: &str, uids: &str, gids: &str, plan: &Plan) -> Result<(), WorldError> {
    let write = |file: &str, text: &str| {
        let path = format!("{process}/{file}");
        write_at(proc, &path, text).map_err(failed(format!("write {file}")))
    };
    if plan.ids.is_empty() {
        write("setgroups", "deny")?;
    }
    write("uid_map", uids)?;
    write("gid_map", gids)
}

fn write_at(directory: &OwnedFd, path: &str, text: &str) -> io::Result<()> {
    let path = CString::new(path)?;
    // SAFETY: openat(2) reads a string that outlives the call.
    let fd = unsafe { libc::openat(directory.as_raw_fd(), path.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC) };
    let file = own(fd)?;
    io::Write::write_all(&mut std::fs::File::from(file), text.as_bytes())
}

/// Takes uid and gid 0 of the new user namespace. That ends the host identity for good, and it is what makes the kernel call the
/// process non-dumpable, its files in /proc root's; it must be able to write the maps of its children.
pub fn become_root_of_the_world() -> Result<(), WorldError> {
    // SAFETY: setresgid(2) takes integers only.
    check(unsafe { libc::setresgid(0, 0, 0) }).map_err(failed("become group 0 of the world"))?;
    // SAFETY: setresuid(2) takes integers only.
    check(unsafe { libc::setresuid(0, 0, 0) }).map_err(failed("become user 0 of the world"))?;
    // SAFETY: this prctl(2) takes integers only.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) }).map_err(failed("stay visible in /proc"))
}

#[cfg(test)]
mod tests {
    use super::{packed, spread};

    #[test]
    fn a_world_of_root_has_its_ids_far_up() {
        assert_eq!(spread(&[(1000, 1001)], 2_000_000_000), [(0, 2_000_000_000, 1), (1000, 2_000_001_000, 2)]);
    }

    #[test]
    fn subordinate_ids_are_not_wasted() {
        assert_eq!(packed(&[(1000, 1001), (9, 9)], 100_000), [(0, 100_000, 1), (1000, 100_001, 2), (9, 100_003, 1)]);
    }
}
