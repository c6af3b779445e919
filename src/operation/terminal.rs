//! Pseudoterminals, and who belongs to a terminal; see pty(7), credentials(7).

use super::argument::{Fd, Pid};
use super::entry::{call, structure};
use super::file::OpenFlags;
use super::ioctl::terminal::Winsize;
use super::terminal_settings::{self, ControlCharacters, ControlModes, InputModes, LocalModes, OutputModes, Speed, Termios};
use super::{Failure, Family, kernel};
use crate::value::Errno;
use std::ffi::CString;

/// Terminals.
pub static FAMILY: Family = Family {
    name: "terminal",
    title: "Terminals",
    summary: "A pseudoterminal has two ends: a program sits at the slave as at a real terminal, and who holds the master plays the person who \
        types, and reads what the screen would show. A terminal belongs to at most one session, whose leader takes it: then it has one \
        foreground group, which alone may read, and which gets the signals of Ctrl-C and Ctrl-Z; when the leader ends, the foreground \
        group gets SIGHUP. What is written to one end a worker of the kernel carries to the other, a moment later. The world has its own \
        /dev/pts, empty at first.",
    calls: &[
        &POSIX_OPENPT,
        &GRANTPT,
        &UNLOCKPT,
        &PTSNAME,
        &OPENPTY,
        &LOGIN_TTY,
        &ISATTY,
        &TTYNAME,
        &CTERMID,
        &TCGETPGRP,
        &TCSETPGRP,
        &TCGETSID,
    ],
    constants: &[
        &OpenFlags::GROUP,
        &InputModes::GROUP,
        &OutputModes::GROUP,
        &ControlModes::GROUP,
        &LocalModes::GROUP,
        &Speed::GROUP,
    ],
    structs: &[&Openpty::STRUCTURE, &Winsize::STRUCTURE, &Termios::STRUCTURE, &ControlCharacters::STRUCTURE],
};

structure! {
    /// The ends of a pseudoterminal, and its name.
    Openpty = "openpty" { amaster: Fd, aslave: Fd, name: CString }
}

call! {
    /// Makes a pseudoterminal, and gives its master. Without O_NOCTTY, the terminal may become that of the caller's session.
    fn posix_openpt(flags: OpenFlags) -> Fd {
        // SAFETY: posix_openpt(3) takes an integer.
        Ok(kernel(|| unsafe { libc::posix_openpt(flags.0) }).map(Fd)?)
    }
    const POSIX_OPENPT: "posix_openpt(3)";
    traits: [Local, Carries];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EINVAL: "flags other than O_RDWR and O_NOCTTY that the device does not take",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENOSPC: "kernel.pty.max, or the option max of the mount, allows no further terminal",
        ENOENT: "there is no /dev/ptmx: the root is another one now",
    };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: grantpt(m)
a: unlockpt(m)
a: name = ptsname(m)
a: s = open(name, O_RDWR | O_NOCTTY)
a: write(m, \"hello\\n\")
a: read(s, 100)     -> \"hello\\n\"
a: read(m, 100)     -> \"hello\\r\\n\"     # the echo";
}

call! {
    /// Makes the slave of a pseudoterminal the caller's, mode 0620. On Linux it is born so: the call changes nothing.
    fn grantpt(fd: Fd) -> () {
        // SAFETY: grantpt(3) takes a descriptor.
        kernel(|| unsafe { libc::grantpt(fd.0) })?;
        Ok(())
    }
    const GRANTPT: "grantpt(3)";
    traits: [Local];
    blocks: "never";
    errors: { EBADF: "not a descriptor of this process", EINVAL: "what is behind the descriptor is no master" };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: grantpt(m)
a: name = ptsname(m)
a: stat(name)       -> {st_mode: S_IFCHR | 0o620, st_uid: 0}
a: [r, w] = pipe()
a: grantpt(r)       -> EINVAL";
}

call! {
    /// Unlocks the slave of a pseudoterminal: until then nobody can open it.
    fn unlockpt(fd: Fd) -> () {
        // SAFETY: unlockpt(3) takes a descriptor.
        kernel(|| unsafe { libc::unlockpt(fd.0) })?;
        Ok(())
    }
    const UNLOCKPT: "unlockpt(3)";
    traits: [Local];
    blocks: "never";
    errors: { EBADF: "not a descriptor of this process", EINVAL: "what is behind the descriptor is no master" };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: name = ptsname(m)
a: open(name, O_RDWR | O_NOCTTY)        -> EIO
a: unlockpt(m)
a: s = open(name, O_RDWR | O_NOCTTY)";
}

call! {
    /// Gives the path of the slave of a pseudoterminal.
    fn ptsname(fd: Fd) -> CString {
        let mut room = [0u8; 64];
        let (at, length) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: ptsname_r(3) fills at most the length given; unlike ptsname it has no buffer that all share.
        by_number(|| unsafe { libc::ptsname_r(fd.0, at, length) })?;
        Ok(text(&room))
    }
    const PTSNAME: "ptsname(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: { EBADF: "not a descriptor of this process", ENOTTY: "what is behind the descriptor is no master" };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: ptsname(m)       -> \"/dev/pts/0\"
a: two = posix_openpt(O_RDWR | O_NOCTTY)
a: ptsname(two)     -> \"/dev/pts/1\"
a: [r, w] = pipe()
a: ptsname(r)       -> ENOTTY";
}

call! {
    /// Makes a pseudoterminal and opens both its ends: gives `{amaster, aslave, name}`.
    ///
    /// The settings that are given take effect before anybody else can open it. It becomes nobody's controlling terminal.
    fn openpty(termp: Option<Termios> = 0, winp: Option<Winsize> = 0) -> Openpty {
        // SAFETY: posix_openpt(3) takes an integer.
        let master = kernel(|| unsafe { libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY) })?;
        let opened = slave(master).and_then(|(slave, name)| {
            if let Some(settings) = termp {
                terminal_settings::set(slave, &settings)?;
            }
            if let Some(size) = winp {
                size.set(slave)?;
            }
            Ok(Openpty { amaster: Fd(master), aslave: Fd(slave), name })
        });
        if opened.is_err() {
            // SAFETY: close(2) of the descriptor that was just made, and that nobody knows.
            unsafe { libc::close(master) };
        }
        opened
    }
    const OPENPTY: "openpty(3)";
    traits: [Local, Carries];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENOENT: "there is no /dev/ptmx, or no /dev/pts: the root is another one now",
        ENOSPC: "kernel.pty.max, or the option max of the mount, allows no further terminal",
    };
    example: "a: pty = openpty(NULL, {ws_row: 24, ws_col: 80})
a: write(pty.aslave, \"hello\")
a: read(pty.amaster, 100)           -> \"hello\"
a: ioctl(pty.amaster, TIOCGWINSZ)   -> {ws_row: 24, ws_col: 80}
expect pty.name == \"/dev/pts/0\"";
}

call! {
    /// Begins a session with a terminal: `setsid`, TIOCSCTTY, and the descriptor as 0, 1 and 2. The descriptor itself is closed.
    fn login_tty(fd: Fd) -> () {
        // SAFETY: setsid(2) takes nothing. That the caller leads a group already is the first thing that the C library does not look at.
        unsafe { libc::setsid() };
        // SAFETY: TIOCSCTTY takes a number.
        kernel(|| unsafe { libc::ioctl(fd.0, libc::TIOCSCTTY, 0) })?;
        for standard in 0..3 {
            // SAFETY: dup2(2) takes two descriptors.
            kernel(|| unsafe { libc::dup2(fd.0, standard) })?;
        }
        if fd.0 > 2 {
            // SAFETY: close(2) of the descriptor that the script gives away here.
            kernel(|| unsafe { libc::close(fd.0) })?;
        }
        Ok(())
    }
    const LOGIN_TTY: "login_tty(3)";
    traits: [];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTTY: "what is behind the descriptor is no terminal",
        EPERM: "the terminal belongs to another session, or the caller leads no session and could not begin one: it leads a group",
    };
    example: "a: pty = openpty()
a: shell = fork()
shell: login_tty(pty.aslave)
shell: write(1, \"$ \")
a: read(pty.amaster, 10)        -> \"$ \"
shell: tcgetsid(0)              -> shell
shell: tcgetpgrp(0)             -> shell";
}

call! {
    /// Gives 1 where there is a terminal behind a descriptor; the C library's 0 for anything else is its errno here.
    fn isatty(fd: Fd) -> i32 {
        let answer = || {
            // SAFETY: isatty(3) takes a descriptor.
            let yes = unsafe { libc::isatty(fd.0) };
            if yes == 0 { -1 } else { yes }
        };
        Ok(kernel(answer)?)
    }
    const ISATTY: "isatty(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: { EBADF: "not a descriptor of this process", ENOTTY: "something else than a terminal" };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: isatty(m)        -> 1
a: isatty(1)        -> ENOTTY";
}

call! {
    /// Gives the path of the terminal behind a descriptor.
    fn ttyname(fd: Fd) -> CString {
        let mut room = [0u8; 256];
        let (at, length) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: ttyname_r(3) fills at most the length given.
        by_number(|| unsafe { libc::ttyname_r(fd.0, at, length) })?;
        Ok(text(&room))
    }
    const TTYNAME: "ttyname(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENODEV: "a slave of another mount of devpts, which has no name here",
        ENOTTY: "what is behind the descriptor is no terminal",
        ERANGE: "the path is longer than 255 bytes",
    };
    example: "a: pty = openpty()
a: ttyname(pty.aslave)      -> \"/dev/pts/0\"
a: ttyname(1)               -> ENOTTY";
}

call! {
    /// Gives the path that stands for the controlling terminal of whoever opens it: `/dev/tty`.
    fn ctermid() -> CString {
        Ok(c"/dev/tty".to_owned())
    }
    const CTERMID: "ctermid(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {};
    example: "a: path = ctermid()
a: open(path, O_RDWR)       -> ENXIO    # its session has none";
}

call! {
    /// Gives the foreground group of the caller's controlling terminal; at a master, that of the slave.
    fn tcgetpgrp(fd: Fd) -> Pid {
        // SAFETY: tcgetpgrp(3) takes a descriptor.
        Ok(kernel(|| unsafe { libc::tcgetpgrp(fd.0) }).map(Pid)?)
    }
    const TCGETPGRP: "tcgetpgrp(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTTY: "no terminal, or not the one of the caller's session",
    };
    example: "a: pty = openpty()
a: leader = fork()
leader: login_tty(pty.aslave)
leader: tcgetpgrp(0)        -> leader
a: tcgetpgrp(pty.aslave)    -> ENOTTY";
}

call! {
    /// Makes a group of the caller's session the foreground group of its terminal.
    ///
    /// Called from the background, it stops the caller's group by SIGTTOU: only who blocks or ignores that signal may take the foreground.
    fn tcsetpgrp(fd: Fd, pgrp: Pid) -> () {
        // SAFETY: tcsetpgrp(3) takes integers.
        kernel(|| unsafe { libc::tcsetpgrp(fd.0, pgrp.0) })?;
        Ok(())
    }
    const TCSETPGRP: "tcsetpgrp(3)";
    traits: [];
    blocks: "never; from a background group, SIGTTOU stops the caller until it is continued";
    errors: {
        EBADF: "not a descriptor of this process",
        EINTR: "a handler of SIGTTOU ran",
        EINVAL: "a group below 0",
        ENOTTY: "no terminal, or not the one of the caller's session; or the caller's group is in the background and orphaned",
        EPERM: "no group of the caller's session",
        ESRCH: "there is no such group",
    };
    example: "a: pty = openpty()
a: shell = fork()
shell: login_tty(pty.aslave)
shell: job = fork()
shell: setpgid(job, job)
shell: tcsetpgrp(0, job)
shell: tcgetpgrp(0)         -> job";
}

call! {
    /// Gives the session whose controlling terminal it is.
    fn tcgetsid(fd: Fd) -> Pid {
        // SAFETY: tcgetsid(3) takes a descriptor.
        Ok(kernel(|| unsafe { libc::tcgetsid(fd.0) }).map(Pid)?)
    }
    const TCGETSID: "tcgetsid(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTTY: "no terminal, or not the one of the caller's session",
    };
    example: "a: pty = openpty()
a: leader = fork()
leader: login_tty(pty.aslave)
leader: tcgetsid(0)         -> leader
a: tcgetsid(pty.aslave)     -> ENOTTY";
}

/// Unlocks and opens the slave of `master`.
fn slave(master: i32) -> Result<(i32, CString), Failure> {
    unlockpt(Fd(master))?;
    let name = ptsname(Fd(master))?;
    let path = name.as_ptr();
    // SAFETY: open(2) reads a path that outlives the call.
    let slave = kernel(|| unsafe { libc::open(path, libc::O_RDWR | libc::O_NOCTTY) })?;
    Ok((slave, name))
}

/// The calls with a buffer give the error number itself.
fn by_number(call: impl FnOnce() -> i32) -> Result<(), Errno> {
    super::thread::by_number(call).map(drop)
}

fn text(room: &[u8]) -> CString {
    let text = room.split(|&byte| byte == 0).next().unwrap_or_default();
    CString::new(text).unwrap_or_default()
}
