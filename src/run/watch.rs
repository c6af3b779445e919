//! A world as its worker sees it from outside: how many processes it has, how much memory it uses, how long it takes.
//!
//! Nothing inside has a say in this: the worker is on the machine's side of every namespace, is not bound to the world's processor, and
//! reads the machine's own /proc. It looks only at scenarios that take longer than nearly all do.

use super::limits::{Hit, Limits};
use super::pulse::Pulse;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The watch over one scenario.
#[derive(Debug)]
pub struct Watch {
    /// Pid 1 of the outer world, whose descendants are looked at.
    root: i32,
    limits: Limits,
    began: Instant,
    /// Beats of the pulse, and since when there were none further.
    beats: u32,
    since: Instant,
    /// Looks of the coordinator at its actors, and since when there were none further.
    looks: u32,
    seen: Instant,
    looked: Instant,
    /// Bytes of memory that files took on the whole machine when the scenario began.
    shared: u64,
    /// Bytes that the kernel had for its own use at the first look.
    kernel: u64,
    /// Bytes of files that cannot be thrown away at the first look.
    locked: u64,
    /// Open files of the whole machine at the first look.
    files: u64,
}

/// What a look has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// All is within its limits.
    Well,
    /// The scenario has come up to a limit.
    Hit(Hit),
    /// The coordinator itself does nothing any more.
    Stuck,
    /// The machine has hardly any memory left, whoever took it.
    Scarce,
}

/// One process, of what proc_pid_stat(5) tells.
struct Member {
    pid: i32,
    threads: u64,
    resident: u64,
}

/// Between two looks there is less, unless this process was stopped or the machine slept.
const LOST: Duration = Duration::from_secs(1);

/// Of this part of its memory at least the machine must dispose, or the world is ended before the kernel ends something else.
const RESERVE: u64 = 32;

/// What no process shows may be anybody's on the machine: under the usual limit a scenario is blamed only for more than this part of all
/// memory, however small the limit is beside it.
const ANYBODYS: u64 = 8;

/// One part in so many of the machine's open files may be a world's: whoever comes upon a full table, ENFILE, is somebody else.
const PART: u64 = 4;

impl Watch {
    /// The watch over a scenario below process `root` that has taken longer than most.
    pub fn new(root: i32, limits: Limits, pulse: Pulse) -> Self {
        let now = Instant::now();
        let (beats, ..) = pulse.read();
        let Memory { kernel, locked, .. } = Memory::now();
        Self {
            root,
            limits,
            began: now,
            beats,
            since: now,
            looks: pulse.looks(),
            seen: now,
            looked: now,
            shared: pulse.shared(),
            kernel,
            locked,
            files: open_files().0,
        }
    }

    /// Looks at clock, pulse, processes and memory.
    pub fn look(&mut self, pulse: Pulse) -> Seen {
        if pulse.output_is_full() {
            return Seen::Hit(Hit::Output);
        }
        match self.time(pulse) {
            Some(Hit::Step(allowed)) if self.looked.saturating_duration_since(self.seen) > (allowed / 2).max(LOST) => Seen::Stuck,
            Some(hit) => Seen::Hit(hit),
            None => self.members(),
        }
    }

    fn time(&mut self, pulse: Pulse) -> Option<Hit> {
        let now = Instant::now();
        let (beats, patience, _) = pulse.read();
        // Time in which the reader of the report kept the scenario waiting does not count, nor any in which this process was stopped.
        let elapsed = now.duration_since(self.looked);
        let lost = if patience.is_some() { elapsed.saturating_sub(LOST) } else { elapsed };
        self.looked = now;
        self.began += lost;
        self.since = if beats == self.beats { self.since + lost } else { now };
        self.beats = beats;
        let looks = pulse.looks();
        self.seen = if looks == self.looks { self.seen + lost } else { now };
        self.looks = looks;
        if now.saturating_duration_since(self.began) > Duration::from_millis(self.limits.time) {
            return Some(Hit::Time);
        }
        let allowed = Duration::from_millis(self.limits.step + u64::from(patience.unwrap_or(0)));
        (now.saturating_duration_since(self.since) > allowed).then_some(Hit::Step(allowed))
    }

    fn members(&self) -> Seen {
        let members = members(self.root);
        let count: u64 = members.iter().map(|member| member.threads.max(1)).sum();
        if count >= self.limits.processes {
            return Seen::Hit(Hit::Processes(count));
        }
        let (files, most) = open_files();
        if files.saturating_sub(self.files) > most / PART {
            return Seen::Hit(Hit::Table(most / PART));
        }
        let memory = Memory::now();
        let files = memory.shared.saturating_sub(self.shared).max(memory.locked.saturating_sub(self.locked));
        let hidden = files + memory.kernel.saturating_sub(self.kernel);
        let most = self.limits.memory;
        let unclaimed = if most == Limits::USUAL.memory { most.max(memory.total / ANYBODYS) } else { most };
        // What several processes share counts in each of them: only where the sum is too high is it worth to ask for the parts.
        let resident: u64 = members.iter().map(|member| member.resident).sum();
        if hidden > unclaimed || (resident > most && members.iter().map(proportional).sum::<u64>() > most) {
            return Seen::Hit(Hit::Memory(resident.max(hidden)));
        }
        if memory.available < memory.total / RESERVE && resident + hidden > memory.total / RESERVE {
            Seen::Scarce
        } else {
            Seen::Well
        }
    }
}

/// Bytes of memory that files take on the whole machine; see sysinfo(2). One short system call, for every scenario begins with it.
pub fn shared_memory() -> u64 {
    // SAFETY: the structure is plain data, for which zero is a value.
    let mut info: libc::sysinfo = unsafe { std::mem::zeroed() };
    // SAFETY: sysinfo(2) fills a local variable.
    unsafe { libc::sysinfo(&raw mut info) };
    info.sharedram.saturating_mul(u64::from(info.mem_unit))
}

/// Open files of the whole machine, and how many there can be; see proc_sys_fs(5).
fn open_files() -> (u64, u64) {
    let text = std::fs::read_to_string("/proc/sys/fs/file-nr").unwrap_or_default();
    let mut numbers = text.split_whitespace().map(|word| word.parse().ok());
    let mut next = || numbers.next().flatten();
    let (open, _, most) = (next(), next(), next());
    (open.unwrap_or(0), most.unwrap_or(u64::MAX))
}

/// The process `root` and all that come of it, but for its own and the coordinator's part in the count.
fn members(root: i32) -> Vec<Member> {
    let mut children: HashMap<i32, Vec<Member>> = HashMap::new();
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    for pid in entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok()) {
        if let Some((parent, member)) = std::fs::read(format!("/proc/{pid}/stat")).ok().and_then(|text| member(pid, &text)) {
            children.entry(parent).or_default().push(member);
        }
    }
    let mut found = children.remove(&root).unwrap_or_default();
    let mut next = 0;
    while let Some(pid) = found.get(next).map(|member| member.pid) {
        found.extend(children.remove(&pid).unwrap_or_default());
        next += 1;
    }
    found
}

/// The parent, the threads and the resident memory of a line of proc_pid_stat(5). The name may hold anything.
fn member(pid: i32, text: &[u8]) -> Option<(i32, Member)> {
    const PAGE: u64 = 4096;
    let end = text.iter().rposition(|&byte| byte == b')')?;
    let text = std::str::from_utf8(text.get(end + 2..)?).ok()?;
    let mut words = text.split(' ');
    let parent = words.nth(1)?.parse().ok()?;
    let threads = words.nth(15)?.parse().ok()?;
    let resident = words.nth(3)?.parse::<u64>().ok()? * PAGE;
    Some((parent, Member { pid, threads, resident }))
}

/// The part of a process in what it shares with others; all that it does not share with files, where the kernel does not tell.
fn proportional(member: &Member) -> u64 {
    let pid = member.pid;
    let kept = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok();
    let part = kept.as_deref().and_then(|text| kibibytes(text, "Pss:"));
    let own = || kibibytes(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "RssAnon:");
    part.or_else(own).unwrap_or(0)
}

/// The machine's memory; see proc_meminfo(5).
#[derive(Debug, Default)]
struct Memory {
    total: u64,
    available: u64,
    /// Files in memory, which no process need have mapped.
    shared: u64,
    /// Pages that the kernel can take from nobody. Files of a ramfs, which any user namespace may mount, are among these and in no other
    /// count: they are no shared memory, and count as available until the machine stands still.
    locked: u64,
    /// What is neither free, nor a file, nor a process's own: the kernel's tables, and what it holds for others without a name, such as
    /// the contents of pipes and sockets, which no line tells by itself.
    kernel: u64,
}

impl Memory {
    fn now() -> Self {
        let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let field = |name: &str| kibibytes(&text, name).unwrap_or(0);
        let total = field("MemTotal:");
        let known =
            ["MemFree:", "Buffers:", "Cached:", "SwapCached:", "AnonPages:", "SReclaimable:"].into_iter().map(field).sum();
        let available = kibibytes(&text, "MemAvailable:").unwrap_or(u64::MAX);
        let (shared, locked) = (field("Shmem:"), field("Unevictable:"));
        Self { total, available, shared, locked, kernel: total.saturating_sub(known) }
    }
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|number| number << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_proc_says() {
        let line = b"12 (a) b) S 7 12 7 0 -1 4194560 135 0 0 0 3 4 0 0 20 0 5 0 90 8192 17 1844 1 1";
        let (parent, member) = member(12, line).expect("a line of stat");
        assert_eq!((parent, member.threads, member.resident), (7, 5, 17 * 4096));
        assert_eq!(kibibytes("Pss:   12 kB\nPss_Anon: 3 kB\n", "Pss:"), Some(12 << 10));
    }

    #[test]
    fn finds_its_own_children() {
        let own = i32::try_from(std::process::id()).unwrap_or(0);
        let mut child = std::process::Command::new("/bin/sleep").arg("10").spawn().expect("a child");
        let seen = members(own).iter().any(|member| u32::try_from(member.pid) == Ok(child.id()));
        child.kill().expect("it can be ended");
        child.wait().expect("it has ended");
        assert!(seen);
    }
}
