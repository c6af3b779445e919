//! The objects of the kernel that steps of different processes may meet at, and which of them are, or may be, the same.

use crate::scenario::ActorId;

/// One object, or all of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    /// A semaphore of a System V set.
    Semaphore(i128, i128),
    /// A System V semaphore set, or all of them with their keys.
    Semaphores(Option<i128>),
    /// A System V segment, or all.
    Segments(Option<i128>),
    /// A System V message queue, or all.
    Queues(Option<i128>),
    /// All memory.
    Memory,
    /// All that has a path: names, modes, contents.
    Files,
    /// The contents and locks of all files, those without a name too. What is mapped of them is memory.
    Contents,
    /// The POSIX names, which are files.
    Names,
    /// A POSIX message queue, by a number made of its name. Paths reach it, and so do the calls of files.
    PosixQueue(u64),
    /// A pipe without a name.
    Pipe(u64),
    /// Everything of one sort that has neither name nor number.
    Anonymous(Sort),
    /// All of the three above.
    Channels,
    /// All sockets: what one sends, another gets.
    Network,
    /// A process.
    Process(ActorId),
    /// All processes.
    Processes,
    /// Host and domain name.
    Hostname,
}

/// What stands behind descriptors that /proc tells apart by nothing but their sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Eventfd,
    Timerfd,
    Signalfd,
}

impl Object {
    /// What stands behind a descriptor with this link in /proc; `None` where it may be reached in ways that no clause tells of.
    pub(super) fn behind(link: &str) -> Option<Self> {
        if let Some(number) = link.strip_prefix("pipe:[").and_then(|rest| rest.strip_suffix(']')) {
            return number.parse().ok().map(Self::Pipe);
        }
        if link.starts_with("socket:[") {
            return Some(Self::Network);
        }
        match link {
            "anon_inode:[eventfd]" => Some(Self::Anonymous(Sort::Eventfd)),
            "anon_inode:[timerfd]" => Some(Self::Anonymous(Sort::Timerfd)),
            "anon_inode:[signalfd]" => Some(Self::Anonymous(Sort::Signalfd)),
            path if path.starts_with('/') && !leads_away(path.as_bytes()) => Some(Self::Contents),
            _ => None,
        }
    }

    /// The POSIX message queue behind a descriptor with this link. The same queue has `/name` and, through a mount, a longer path; and
    /// says that it is deleted once its name is gone.
    pub(super) fn posix_queue(link: &str) -> Option<Self> {
        let path = link.strip_suffix(" (deleted)").unwrap_or(link);
        let (_, name) = path.rsplit_once('/')?;
        let number =
            name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Some(Self::PosixQueue(number))
    }

    /// Whether the two are, or may be, the same, or one of them holds the other.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self == other || self.holds(other) || other.holds(self)
    }

    fn holds(&self, other: &Self) -> bool {
        match self {
            Self::Semaphores(None) => matches!(other, Self::Semaphores(_) | Self::Semaphore(..)),
            Self::Semaphores(Some(set)) => matches!(other, Self::Semaphore(own, _) if own == set),
            Self::Segments(None) => matches!(other, Self::Segments(_)),
            Self::Queues(None) => matches!(other, Self::Queues(_)),
            Self::Memory => matches!(other, Self::Contents),
            Self::Files => matches!(other, Self::Contents | Self::Names | Self::PosixQueue(_)),
            // The last descriptor of what has no name any more makes room for another.
            Self::Contents => matches!(other, Self::PosixQueue(_) | Self::Names),
            Self::Channels => matches!(other, Self::Pipe(_) | Self::Anonymous(_)),
            Self::Processes => matches!(other, Self::Process(_)),
            _ => false,
        }
    }
}

/// Folders whose files are not files: processes, devices, settings of the kernel.
const AWAY: [&[u8]; 4] = [b"proc", b"sys", b"dev", b"cgroup"];
/// What below /dev is as harmless as any file.
const AT_HOME: [&[u8]; 6] = [b"null", b"zero", b"full", b"random", b"urandom", b"shm"];

/// Whether a path leads into /proc and the like, wherever they are mounted under their own names; a path relative to one of them takes a
/// `chdir` or a descriptor first, which is seen.
pub(super) fn leads_away(path: &[u8]) -> bool {
    let mut parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".").peekable();
    while let Some(part) = parts.next() {
        if part == b"dev" {
            let next = parts.peek().copied();
            if next.is_some_and(|next| AT_HOME.contains(&next) || next == b"mqueue") {
                continue;
            }
        }
        if AWAY.contains(&part) {
            return true;
        }
    }
    false
}
