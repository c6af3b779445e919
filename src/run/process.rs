//! A process as the coordinator sees it, through its own /proc and a pidfd: running, blocked, stopped, or gone, and how it ended.
//!
//! See proc(5), pidfd_open(2), waitid(2).

mod end;

use super::lingering::waits_for_reapers;
use super::sight::Sight;
use super::task_files::{Files, open_below, own, read_at_start};
use std::cell::OnceCell;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::rc::Rc;

/// The coordinator's own /proc, opened before a script can touch mounts.
#[derive(Debug, Clone)]
pub struct ProcFs {
    directory: Rc<OwnedFd>,
    /// Where a script can change mounts or credentials, all that will be read is opened before it can.
    sight: Sight,
}

/// One process that is watched, or one thread of a process.
#[derive(Debug)]
pub struct Process {
    /// Its pid in the coordinator's pid namespace; of a thread, its thread id.
    pub pid: i32,
    /// The pid of its process: its own, but for a thread that does not lead it.
    pub group: i32,
    /// Of a thread, on kernels that have none for it, that of its process. Of a child of the coordinator's it is opened when it is first asked.
    pidfd: OnceCell<OwnedFd>,
    directory: Rc<OwnedFd>,
    files: OnceCell<Files>,
    /// What the script can see: one that cannot see files has no call by which a process hides what it does.
    sight: Sight,
}

/// What a process is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It runs, or is about to; or it waits for something that will surely come (state D, its own end).
    Busy,
    /// It sleeps inside this system call until somebody wakes it.
    Asleep(i64, [u64; 3]),
    /// It waits in the middle of a birth: for its child under CLONE_VFORK, or for some lock of the kernel's.
    Bearing,
    /// A signal has stopped it.
    Stopped,
    /// It has ended, but for one thing: the init of a pid namespace becomes a zombie only after all others of the namespace are
    /// reaped, and some of them have parents outside of it. See pid_namespaces(7).
    Lingering,
    /// It is a zombie, or reaped.
    Gone,
}

/// What one look at a process cannot tell.
enum Unclear {
    /// Its tracer holds it, whoever that is; see ptrace(2).
    Traced,
    /// Its first thread has ended, and the process has not, or not yet.
    Leaderless,
}

/// The task is on its way out: PF_EXITING in the flags of proc_pid_stat(5).
const EXITING: u64 = 0x4;

impl ProcFs {
    /// Opens `/proc` of the calling process's mount namespace.
    ///
    /// # Errors
    ///
    /// As open(2).
    pub fn open(sight: Sight) -> io::Result<Self> {
        // SAFETY: open(2) reads a constant string.
        let fd = unsafe { libc::open(c"/proc".as_ptr(), libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC) };
        Ok(Self { directory: Rc::new(own(fd)?), sight })
    }

    /// Whether the script can see files, and with that, by their paths, more of the machine than its actors.
    pub fn shows_files(&self) -> bool {
        self.sight == Sight::Files
    }

    /// Starts to watch `pid`.
    ///
    /// # Errors
    ///
    /// When there is no such process any more.
    pub fn watch(&self, pid: i32) -> io::Result<Process> {
        self.process(pid, pid, open_pidfd(pid, 0)?.into())
    }

    /// Starts to watch a child of the calling process, which reaps none while it watches: until then the pid is that child's, ended or not. So a
    /// pidfd is opened only when there is something to ask it.
    ///
    /// # Errors
    ///
    /// As open(2), where files are opened at once.
    pub fn watch_child(&self, pid: i32) -> io::Result<Process> {
        self.process(pid, pid, OnceCell::new())
    }

    /// Starts to watch thread `tid` of process `group`.
    ///
    /// # Errors
    ///
    /// When there is no such thread any more.
    pub fn watch_thread(&self, group: i32, tid: i32) -> io::Result<Process> {
        const PIDFD_THREAD: i32 = libc::O_EXCL;
        let pidfd = open_pidfd(tid, PIDFD_THREAD).or_else(|_| open_pidfd(group, 0))?;
        self.process(group, tid, pidfd.into())
    }

    fn process(&self, group: i32, pid: i32, pidfd: OnceCell<OwnedFd>) -> io::Result<Process> {
        let process =
            Process { pid, group, pidfd, directory: Rc::clone(&self.directory), files: OnceCell::new(), sight: self.sight };
        if self.sight == Sight::Files {
            let files = Files::open(&self.directory, group, pid, self.sight)?;
            return Ok(Process { files: files.into(), ..process });
        }
        Ok(process)
    }

    /// Every thread of a process; none when it is gone.
    pub fn threads(&self, group: i32) -> Vec<i32> {
        self.file(&format!("{group}/task")).and_then(|directory| numbers(&directory)).unwrap_or_default()
    }

    /// The children of a process of one thread; `None` where the kernel does not tell. See proc_pid_task_tid_children(5).
    pub fn children(&self, process: &Process) -> Option<Vec<i32>> {
        let text = self.read(&format!("{0}/task/{0}/children", process.pid)).ok()?;
        text.split_ascii_whitespace().map(|pid| pid.parse().ok()).collect()
    }

    /// Every descriptor of a process; none when it may not be asked.
    pub fn descriptors(&self, process: &Process) -> Vec<i32> {
        self.file(&format!("{}/fd", process.pid)).and_then(|directory| numbers(&directory)).unwrap_or_default()
    }

    /// Whether all other threads of a process sleep or are stopped, with how often each has run until now.
    fn siblings(&self, process: &Process) -> Option<Vec<(i32, String)>> {
        let mut counts = Vec::new();
        for tid in self.threads(process.group).into_iter().filter(|tid| *tid != process.pid) {
            let path = format!("{}/task/{tid}", process.group);
            let stat = self.read(&format!("{path}/stat")).ok()?;
            match parse_stat(&stat)? {
                ('S' | 'T' | 't' | 'Z', _) => {}
                _ => return None,
            }
            counts.push((tid, self.read(&format!("{path}/schedstat")).unwrap_or_default()));
        }
        Some(counts)
    }

    /// Whether a thread that was seen asleep waits for nothing that its siblings are about to do: the C library has threads wait for
    /// each other, as setuid(2) does. They sleep, and none has run between two looks.
    pub fn siblings_settled(&self, process: &Process, doing: Doing) -> bool {
        let first = self.siblings(process);
        first.is_some() && first == self.siblings(process) && self.doing(process) == doing
    }

    /// Every process of the pid namespace.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    pub fn pids(&self) -> io::Result<Vec<i32>> {
        numbers(&self.directory)
    }

    /// The whole of a small file below /proc.
    ///
    /// # Errors
    ///
    /// As open(2) and read(2).
    pub fn read(&self, path: &str) -> io::Result<String> {
        let file = self.file(path)?;
        // Files here have no size that could be asked for: most are read by two calls.
        let mut text = vec![0; 4096];
        let mut length = 0;
        loop {
            let rest = text.get_mut(length..).unwrap_or(&mut []);
            match nix::unistd::read(&file, rest)? {
                0 => break,
                got => length += got,
            }
            if length == text.len() {
                text.resize(2 * length, 0);
            }
        }
        text.truncate(length);
        String::from_utf8(text).map_err(io::Error::other)
    }

    /// What a process is doing, as far as a script can know: one that is held by a tracer outside of the world (a person with
    /// strace) will go on by itself, and one that is held by another process of the world will not.
    pub fn doing(&self, process: &Process) -> Doing {
        let doing = process.doing().unwrap_or_else(|unclear| match unclear {
            Unclear::Traced => {
                let status = self.read(&format!("{}/status", process.pid)).unwrap_or_default();
                let from_outside = status.lines().any(|line| line.trim_end() == "TracerPid:\t0");
                if from_outside { Doing::Busy } else { Doing::Stopped }
            }
            // When a process ends, none of its threads sleeps any more: each has been woken to end.
            Unclear::Leaderless => {
                let lives_on = self.siblings(process).is_some_and(|siblings| !siblings.is_empty());
                if lives_on { Doing::Gone } else { Doing::Busy }
            }
        });
        if doing == Doing::Lingering && !waits_for_reapers(self, process.pid) { Doing::Busy } else { doing }
    }

    /// Where a symbolic link below /proc points.
    ///
    /// # Errors
    ///
    /// As readlink(2).
    pub fn link(&self, path: &str) -> io::Result<String> {
        let target = nix::fcntl::readlinkat(self.directory.as_fd(), path)?;
        Ok(target.to_string_lossy().into_owned())
    }

    /// The inodes of the pid namespaces of a process, from its own up to that of the caller.
    pub fn pid_namespaces(&self, pid: i32) -> Vec<u64> {
        /// `_IO(0xb7, 2)` of linux/nsfs.h; EPERM above the caller's own.
        const NS_GET_PARENT: libc::c_ulong = 0xb702;
        let first = self.file(&format!("{pid}/ns/pid")).ok();
        let above = |namespace: &OwnedFd| {
            // SAFETY: the ioctl takes no argument, and gives a descriptor.
            own(unsafe { libc::ioctl(namespace.as_raw_fd(), NS_GET_PARENT) }).ok()
        };
        std::iter::successors(first, above).filter_map(|namespace| Some(nix::sys::stat::fstat(&namespace).ok()?.st_ino)).collect()
    }

    /// Writes a byte to a pipe of which a process has an end.
    ///
    /// # Errors
    ///
    /// As open(2) and write(2).
    pub fn knock(&self, process: &Process, fd: u32) -> io::Result<()> {
        let path = std::ffi::CString::new(format!("{}/fd/{fd}", process.pid))?;
        // SAFETY: openat(2) reads a string that outlives the call.
        let pipe = unsafe {
            libc::openat(self.directory.as_raw_fd(), path.as_ptr(), libc::O_WRONLY | libc::O_NONBLOCK | libc::O_CLOEXEC)
        };
        io::Write::write_all(&mut std::fs::File::from(own(pipe)?), &[1])
    }

    fn file(&self, path: &str) -> io::Result<OwnedFd> {
        open_below(&self.directory, path)
    }
}

impl Process {
    /// Its files, opened when they are first read; `None` when it was reaped before that, which reads like one reaped since.
    fn files(&self) -> Option<&Files> {
        if self.files.get().is_none() {
            // It was empty just now.
            let _ = self.files.set(Files::open(&self.directory, self.group, self.pid, self.sight).ok()?);
        }
        self.files.get()
    }

    /// Its pidfd; -1, which every call refuses, where there is none to be had.
    fn pidfd(&self) -> i32 {
        if self.pidfd.get().is_none()
            && let Ok(opened) = open_pidfd(self.pid, 0)
        {
            // It was empty just now.
            let _ = self.pidfd.set(opened);
        }
        self.pidfd.get().map_or(-1, AsRawFd::as_raw_fd)
    }

    fn syscall<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        read_at_start(self.files()?.syscall.as_ref()?, buffer)
    }

    fn stat<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        read_at_start(&self.files()?.stat, buffer)
    }

    /// What it is doing. First the system call it is in, then its state: the other order could take a task that was just
    /// woken, or waits as a zombie's parent, for a blocked one.
    fn doing(&self) -> Result<Doing, Unclear> {
        let mut buffer = [0u8; 512];
        let call = match self.syscall(&mut buffer) {
            Some(syscall) => parse_syscall(syscall),
            None if self.ended() => return Ok(Doing::Gone),
            None => self.hidden_call(),
        };
        let mut buffer = [0u8; 512];
        let Some((state, flags)) = self.stat(&mut buffer).and_then(parse_stat) else {
            return Ok(if self.ended() { Doing::Gone } else { Doing::Busy });
        };
        Ok(match (state, call) {
            ('Z' | 'X', _) => {
                if self.ended() {
                    Doing::Gone
                } else if self.leads() {
                    return Err(Unclear::Leaderless);
                } else {
                    Doing::Busy
                }
            }
            ('S', _) if flags & EXITING != 0 => Doing::Lingering,
            _ if flags & EXITING != 0 => Doing::Busy,
            ('T', _) => Doing::Stopped,
            ('t', _) => return Err(Unclear::Traced),
            ('D', Some((number, _))) if bears(number) => Doing::Bearing,
            ('S', Some((number, arguments))) => Doing::Asleep(number, arguments),
            _ => Doing::Busy,
        })
    }

    /// A process that is not dumpable hides its call, even from the root of its own namespace; see ptrace(2) on access modes. What it
    /// still shows is its state, and how often it ran: asleep twice without having run between is asleep. A parked actor has
    /// replied, so the call that it sleeps in is the script's; which one is not known.
    fn hidden_call(&self) -> Option<(i64, [u64; 3])> {
        let asleep = || {
            let mut buffer = [0u8; 512];
            let (state, _) = self.stat(&mut buffer).and_then(parse_stat)?;
            let mut buffer = [0u8; 128];
            let runs = read_at_start(self.files()?.schedstat.as_ref()?, &mut buffer)?.to_owned();
            (state == 'S').then_some(runs)
        };
        let first = asleep()?;
        (asleep()? == first).then_some((i64::MAX, [0; 3]))
    }

    /// A descriptor for the open file description behind its descriptor `fd`; see pidfd_getfd(2).
    ///
    /// # Errors
    ///
    /// As pidfd_getfd(2).
    pub fn borrow(&self, fd: i32) -> io::Result<OwnedFd> {
        // SAFETY: pidfd_getfd(2) takes integers only.
        let borrowed = unsafe { libc::syscall(libc::SYS_pidfd_getfd, self.pidfd(), fd, 0) };
        own(i32::try_from(borrowed).unwrap_or(-1))
    }

    /// Whether it is the first thread of its process, which stands for the process.
    fn leads(&self) -> bool {
        self.pid == self.group
    }

    /// The parent, as /proc tells it.
    pub fn parent(&self) -> Option<i32> {
        let mut buffer = [0u8; 512];
        let text = self.stat(&mut buffer)?;
        after_name(text)?.split(' ').nth(1)?.parse().ok()
    }
}

impl Doing {
    /// Whether the call ends by itself, for its arguments hold a time limit: no reason to call its caller blocked.
    pub fn ends_by_itself(self) -> bool {
        let Self::Asleep(number, [_, second, third]) = self else { return false };
        match number {
            libc::SYS_nanosleep | libc::SYS_clock_nanosleep => true,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_poll => third as i32 >= 0,
            libc::SYS_ppoll => third != 0,
            libc::SYS_futex => second & 0x7f == 0 && third == 0,
            _ => false,
        }
    }
}

fn open_pidfd(pid: i32, flags: i32) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open(2) takes integers only.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) };
    own(i32::try_from(pidfd).unwrap_or(-1))
}

/// Whether a system call makes a child.
fn bears(number: i64) -> bool {
    #[cfg(target_arch = "x86_64")]
    if number == libc::SYS_vfork {
        return true;
    }
    matches!(number, libc::SYS_clone | libc::SYS_clone3)
}

/// The number of the call and its first three arguments; `None` for `running`, and for -1: asleep, but in no call.
fn parse_syscall(text: &str) -> Option<(i64, [u64; 3])> {
    let mut words = text.split_ascii_whitespace();
    let number = words.next()?.parse::<i64>().ok().filter(|&number| number >= 0)?;
    let mut argument = || words.next().and_then(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok()).unwrap_or(0);
    Some((number, [argument(), argument(), argument()]))
}

/// State and flags of proc_pid_stat(5).
pub fn parse_stat(text: &str) -> Option<(char, u64)> {
    let mut words = after_name(text)?.split(' ');
    let state = words.next()?.chars().next()?;
    let flags = words.nth(5)?.parse().ok()?;
    Some((state, flags))
}

/// The fields behind the name, which is in parentheses and may itself hold blanks and parentheses.
fn after_name(text: &str) -> Option<&str> {
    text.get(text.rfind(')')? + 2..)
}

/// The entries of a directory that are numbers.
fn numbers(directory: &OwnedFd) -> io::Result<Vec<i32>> {
    let mut found = Vec::new();
    let mut buffer = [0u8; 4096];
    // SAFETY: lseek(2) takes integers only.
    unsafe { libc::lseek(directory.as_raw_fd(), 0, libc::SEEK_SET) };
    loop {
        // SAFETY: getdents64(2) fills `buffer`, whose length it is told.
        let got = unsafe { libc::syscall(libc::SYS_getdents64, directory.as_raw_fd(), buffer.as_mut_ptr(), buffer.len()) };
        match usize::try_from(got) {
            Ok(0) => return Ok(found),
            Ok(got) => found.extend(names(buffer.get(..got).unwrap_or(&[])).filter_map(|name| name.parse::<i32>().ok())),
            Err(_) => return Err(io::Error::last_os_error()),
        }
    }
}

/// The names in a buffer that getdents64(2) filled.
fn names(buffer: &[u8]) -> impl Iterator<Item = &str> {
    let mut rest = buffer;
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes([*rest.get(16)?, *rest.get(17)?]));
        let entry = rest.get(..length)?;
        rest = rest.get(length..)?;
        let name = entry.get(19..)?;
        let end = name.iter().position(|&byte| byte == 0)?;
        Some(std::str::from_utf8(name.get(..end)?).unwrap_or(""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_proc_says() {
        assert_eq!(parse_syscall("running\n"), None);
        assert_eq!(parse_syscall("-1 0x7ff 0x0\n"), None);
        assert_eq!(parse_syscall("34 0x1 0x2 0x3 0x0 0x0 0x0 0x7ff 0x0\n"), Some((34, [1, 2, 3])));
        assert_eq!(parse_stat("7 (a) b) S 1 7 7 0 -1 4194304 118 0"), Some(('S', 4_194_304)));
    }

    #[test]
    fn sees_itself_in_proc() -> io::Result<()> {
        let own_pid = i32::try_from(std::process::id()).unwrap_or(0);
        assert!(ProcFs::open(Sight::Files)?.pids()?.contains(&own_pid));
        Ok(())
    }
}
