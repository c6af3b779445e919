//! Word of changes in files and directories; see inotify(7).

use super::argument::{Bytes, Fd, number};
use super::entry::{call, constants, structure};
use super::{Family, kernel};
use crate::value::Type;
use std::ffi::CString;

/// Word of changes.
pub static FAMILY: Family = Family {
    name: "inotify",
    title: "Word of changes in files and directories",
    summary: "An inotify instance watches files and directories; `read(fd, inotify_event)` gives all events that have come about since, as a list. What \
        happens to a file of a watched directory carries its name. Two equal events in a row become one. The kernel notes an event before the call that \
        caused it returns, so that the next step finds it.",
    calls: &[&INOTIFY_INIT, &INOTIFY_INIT1, &INOTIFY_ADD_WATCH, &INOTIFY_RM_WATCH],
    constants: &[&InotifyFlags::GROUP, &InotifyMask::GROUP],
    structs: &[&InotifyEvent::STRUCTURE],
};

constants! {
    /// flags of inotify_init1
    flags InotifyFlags(i32) {
        IN_CLOEXEC, "execve closes the descriptor";
        IN_NONBLOCK, "reading does not wait";
    }
    /// events of inotify, and what `inotify_add_watch` may be told with them
    flags InotifyMask(u32) {
        IN_ACCESS, "a file was read or executed";
        IN_MODIFY, "a file was written or cut";
        IN_ATTRIB, "mode, owner, times, number of links or extended attributes changed";
        IN_CLOSE_WRITE, "what was open for writing was closed";
        IN_CLOSE_NOWRITE, "what was not open for writing was closed";
        IN_OPEN, "a file or directory was opened";
        IN_MOVED_FROM, "a name left the directory; the cookie tells to which IN_MOVED_TO it belongs";
        IN_MOVED_TO, "a name came into the directory";
        IN_CREATE, "a name was made in the directory";
        IN_DELETE, "a name was removed from the directory";
        IN_DELETE_SELF, "what is watched was itself deleted";
        IN_MOVE_SELF, "what is watched was itself moved";
        IN_CLOSE, "both kinds of closing";
        IN_MOVE, "both ends of a move";
        IN_ALL_EVENTS, "all of them";
        IN_UNMOUNT, "given alone: what held it was unmounted";
        IN_Q_OVERFLOW, "given alone, with wd -1: events were lost, fs.inotify.max_queued_events was reached";
        IN_IGNORED, "given alone: the watch is gone";
        IN_ONLYDIR, "fail with ENOTDIR unless it is a directory";
        IN_DONT_FOLLOW, "do not follow a symbolic link";
        IN_EXCL_UNLINK, "no events of files that have lost their name in the directory";
        IN_MASK_CREATE, "fail with EEXIST where it is watched already";
        IN_MASK_ADD, "add to the events of a watch that exists, instead of setting them";
        IN_ISDIR, "given with others: the subject is a directory";
        IN_ONESHOT, "one event, then the watch is gone";
    }
}

number! {
    /// A watch of an inotify instance: its number, from 1 on.
    Watch(i32): Type::Handle("wd");
}

structure! {
    /// An event of inotify: which watch, what, and to which file of a watched directory. The length counts the padding of the name.
    InotifyEvent = "inotify_event" { wd: Watch, mask: InotifyMask, cookie: u32, len: u32, name: Bytes }
}

call! {
    /// Makes an inotify instance, and gives its descriptor.
    fn inotify_init() -> Fd {
        // SAFETY: inotify_init(2) takes nothing.
        Ok(kernel(|| unsafe { libc::inotify_init() }).map(Fd)?)
    }
    const INOTIFY_INIT: "inotify_init(2)";
    traits: [Local];
    blocks: "never; reading it does while there is no event";
    errors: {
        EMFILE: "no descriptor is left to the process, or the user has as many instances as fs.inotify.max_user_instances allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENOMEM: "no memory for another one",
    };
    example: "a: i = inotify_init()
a: inotify_add_watch(i, \".\", IN_CREATE) -> 1";
}

call! {
    /// Makes an inotify instance with flags, and gives its descriptor.
    fn inotify_init1(flags: InotifyFlags = 0) -> Fd {
        // SAFETY: inotify_init1(2) takes an integer.
        Ok(kernel(|| unsafe { libc::inotify_init1(flags.0) }).map(Fd)?)
    }
    const INOTIFY_INIT1: "inotify_init1(2)";
    traits: [Local];
    blocks: "never; reading it does while there is no event";
    errors: {
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EMFILE: "no descriptor is left to the process, or the user has as many instances as fs.inotify.max_user_instances allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENOMEM: "no memory for another one",
    };
    example: "a: i = inotify_init1(IN_NONBLOCK)
a: read(i, inotify_event) -> EAGAIN";
}

call! {
    /// Watches a file or directory for events, and gives the number of the watch.
    ///
    /// The same file has one watch only: a second call sets its events anew.
    fn inotify_add_watch(fd: Fd, pathname: CString, mask: InotifyMask) -> Watch {
        // SAFETY: inotify_add_watch(2) reads the path, which outlives the call.
        Ok(kernel(|| unsafe { libc::inotify_add_watch(fd.0, pathname.as_ptr(), mask.0) }).map(Watch)?)
    }
    const INOTIFY_ADD_WATCH: "inotify_add_watch(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EACCES: "the mode of the file does not allow to read it, or that of a directory on the way to pass",
        EBADF: "fd is not a descriptor of this process",
        EEXIST: "it is watched already, and IN_MASK_CREATE is set",
        EINVAL: "fd is no inotify instance; or no event is asked for; or IN_MASK_ADD and IN_MASK_CREATE together",
        ENAMETOOLONG: "the path, or a part of it, is too long",
        ENOENT: "it does not exist",
        ENOSPC: "the user watches as many as fs.inotify.max_user_watches allows",
        ENOTDIR: "it is no directory, and IN_ONLYDIR is set; or a part of the path is none",
        ENOMEM: "no memory for another watch",
    };
    example: "actor b
a: i = inotify_init1()
a: mkdir(\"box\", 0o755)
a: wd = inotify_add_watch(i, \"box\", IN_CREATE | IN_CLOSE_WRITE)
a: read(i, inotify_event) -> blocks
b: f = creat(\"box/note\", 0o600)
a: resumes                -> [{wd: wd, mask: IN_CREATE, name: \"note\"}]
b: close(f)
a: read(i, inotify_event) -> [{mask: IN_CLOSE_WRITE, name: \"note\"}]";
}

call! {
    /// Takes a watch away; the instance gives IN_IGNORED for it.
    fn inotify_rm_watch(fd: Fd, wd: Watch) -> () {
        // SAFETY: inotify_rm_watch(2) takes integers only.
        kernel(|| unsafe { libc::inotify_rm_watch(fd.0, wd.0) })?;
        Ok(())
    }
    const INOTIFY_RM_WATCH: "inotify_rm_watch(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EBADF: "fd is not a descriptor of this process",
        EINVAL: "fd is no inotify instance, or it has no such watch",
    };
    example: "a: i = inotify_init1(IN_NONBLOCK)
a: wd = inotify_add_watch(i, \".\", IN_ALL_EVENTS)
a: inotify_rm_watch(i, wd)
a: read(i, inotify_event)  -> [{wd: wd, mask: IN_IGNORED}]
a: inotify_rm_watch(i, wd) -> EINVAL";
}

/// The events in what read(2) gave: each has sixteen bytes, and a name that is filled up with zeros.
pub fn events(mut rest: &[u8]) -> Vec<InotifyEvent> {
    let mut events = Vec::new();
    let word = |bytes: &[u8], at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    while let (Some(wd), Some(mask), Some(cookie), Some(len)) = (word(rest, 0), word(rest, 4), word(rest, 8), word(rest, 12)) {
        let end = 16 + len as usize;
        let name = rest.get(16..end).unwrap_or_default();
        let name = name.split(|&byte| byte == 0).next().unwrap_or_default().to_vec();
        events.push(InotifyEvent { wd: Watch(wd.cast_signed()), mask: InotifyMask(mask), cookie, len, name: Bytes(name) });
        rest = rest.get(end..).unwrap_or_default();
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_follow_each_other_with_padded_names() {
        let mut bytes = Vec::new();
        for (mask, name) in [(libc::IN_CREATE, &b"note\0\0\0\0"[..]), (libc::IN_IGNORED, b"")] {
            let length = u32::try_from(name.len()).expect("short");
            for word in [1, mask, 0, length] {
                bytes.extend_from_slice(&word.to_ne_bytes());
            }
            bytes.extend_from_slice(name);
        }
        let read = events(&bytes);
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].mask.0, read[0].name.0.as_slice(), read[0].len), (libc::IN_CREATE, &b"note"[..], 8));
        assert_eq!((read[1].mask.0, read[1].name.0.as_slice()), (libc::IN_IGNORED, &b""[..]));
        assert_eq!(events(&[]), []);
    }
}
