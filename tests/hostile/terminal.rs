//! A run on a terminal of its own: whether the terminal is as before, and nobody has typed anything.

use super::ground::Ground;
use libtest_mimic::Failed;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Stdio;

/// Plays the script that wants to type, with a controlling terminal.
pub fn stays_unharmed(ground: &Ground) -> Result<(), Failed> {
    let (master, terminal) = open()?;
    let before = modes(&terminal);
    let mut command = ground.command(&["run", "terminal.ipcs", "stops-others.ipcs", "kill-all.ipcs", "signals-blocked.ipcs"]);
    command.stdin(Stdio::from(terminal.try_clone()?)).stdout(Stdio::piped()).stderr(Stdio::from(terminal.try_clone()?));
    // SAFETY: between fork and exec only two system calls are made.
    unsafe { command.pre_exec(take_terminal) };
    let output = command.spawn()?.wait_with_output()?;
    let typed = typed(&terminal);
    drop(master);
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stdout)).into());
    }
    if modes(&terminal).is_some_and(|after| Some(after) != before) || typed != 0 {
        return Err(format!("the terminal is not as before; {typed} bytes were typed").into());
    }
    Ok(())
}

/// Makes standard input the controlling terminal of a session of its own.
fn take_terminal() -> std::io::Result<()> {
    // SAFETY: setsid(2) takes nothing.
    unsafe { libc::setsid() };
    // SAFETY: TIOCSCTTY takes an integer.
    let taken = unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) };
    if taken < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
}

fn open() -> std::io::Result<(OwnedFd, File)> {
    // SAFETY: posix_openpt(3) takes integers only.
    let master = unsafe { libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC) };
    if master < 0 {
        return Err(std::io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given this descriptor, and nobody else has it.
    let master = unsafe { OwnedFd::from_raw_fd(master) };
    // SAFETY: grantpt(3) takes an open descriptor.
    unsafe { libc::grantpt(master.as_raw_fd()) };
    // SAFETY: unlockpt(3) takes an open descriptor.
    unsafe { libc::unlockpt(master.as_raw_fd()) };
    let mut name = [0 as libc::c_char; 64];
    // SAFETY: ptsname_r(3) fills an array whose length it is told.
    unsafe { libc::ptsname_r(master.as_raw_fd(), name.as_mut_ptr(), name.len()) };
    // SAFETY: ptsname_r(3) has ended the name with NUL.
    let name = unsafe { std::ffi::CStr::from_ptr(name.as_ptr()) }.to_string_lossy().into_owned();
    let flags = libc::O_NOCTTY;
    let terminal = std::os::unix::fs::OpenOptionsExt::custom_flags(File::options().read(true).write(true), flags).open(name)?;
    Ok((master, terminal))
}

/// The modes of a terminal; see termios(3).
fn modes(terminal: &File) -> Option<[u32; 4]> {
    // SAFETY: termios is plain data, for which zero is a value.
    let mut modes: libc::termios = unsafe { std::mem::zeroed() };
    // SAFETY: tcgetattr(3) fills a local variable.
    let done = unsafe { libc::tcgetattr(terminal.as_raw_fd(), &raw mut modes) };
    (done == 0).then_some([modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag])
}

/// Bytes that wait to be read.
fn typed(terminal: &File) -> i32 {
    let mut count = 0;
    // SAFETY: this ioctl fills a local variable.
    unsafe { libc::ioctl(terminal.as_raw_fd(), libc::FIONREAD, &raw mut count) };
    count
}
