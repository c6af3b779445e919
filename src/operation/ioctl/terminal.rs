//! Requests to terminals; see ioctl_tty(2), pty(7).

use super::Table;
use crate::operation::argument::{Argument, Fd, Pid, Returned, integer};
use crate::operation::entry::{constants, structure};
use crate::operation::{Failure, kernel, terminal_settings};
use crate::value::{Signal, Value};

/// Their table.
pub(super) const TABLE: Table = Table { group: &TerminalRequest::GROUP, make };

constants! {
    /// requests to terminals
    choice TerminalRequest(u64) {
        TCGETS, "gives the settings, as tcgetattr does";
        TCSETS, "changes settings at once; those that are not named stay";
        TCSETSW, "the same, when the output has been sent";
        TCSETSF, "the same, and throws the input away";
        TCSBRK, "with 0 sends a break, else waits for the output as tcdrain does";
        TCSBRKP = 0x5425, "sends a break of so many tenths of a second";
        TIOCSBRK, "begins a break";
        TIOCCBRK, "ends a break";
        TCXONC, "what tcflow does";
        TCFLSH, "what tcflush does";
        TIOCEXCL, "nobody else opens the terminal, but who has CAP_SYS_ADMIN";
        TIOCNXCL, "everybody may open it again";
        TIOCGEXCL, "gives whether TIOCEXCL is in force";
        TIOCSCTTY, "makes it the controlling terminal of the caller's session; 1 takes it from another one, with CAP_SYS_ADMIN";
        TIOCNOTTY, "gives the controlling terminal up; where the caller leads the session, for all of it, and the foreground group gets SIGHUP and SIGCONT";
        TIOCGPGRP, "gives the foreground group";
        TIOCSPGRP, "sets the foreground group";
        TIOCGSID, "gives the session whose terminal it is";
        TIOCSTI, "puts a byte into the input, as if it had been typed";
        TIOCGWINSZ, "gives the size of the window";
        TIOCSWINSZ, "sets the size of the window; where that changes it, the foreground group gets SIGWINCH";
        TIOCGETD, "gives the line discipline; 0 is the usual one";
        TIOCSETD, "sets the line discipline";
        TIOCPKT, "of a master: with 1, each read begins with a byte that says what happened at the slave";
        TIOCGPKT, "of a master: gives whether TIOCPKT is in force";
        TIOCSPTLCK, "of a master: locks the slave, or with 0 unlocks it";
        TIOCGPTLCK, "of a master: gives whether the slave is locked";
        TIOCGPTN, "of a master: gives the number of the slave, its name in /dev/pts";
        TIOCGPTPEER, "of a master: opens the slave without its name, with the flags of open that are given, and gives the descriptor";
        TIOCSIG, "of a master: sends a signal to the foreground group of the slave";
        TIOCGDEV, "gives the device number";
        TIOCVHANGUP, "hangs the terminal up; needs CAP_SYS_ADMIN in the first user namespace";
        TIOCCONS, "sends the console's output here; needs CAP_SYS_ADMIN in the first user namespace";
        TIOCMGET, "gives the lines of a modem; a pseudoterminal has none";
        TIOCMSET, "sets the lines of a modem";
        TIOCMBIS, "sets some of them";
        TIOCMBIC, "clears some of them";
        TIOCGSOFTCAR, "gives whether CLOCAL is set";
        TIOCSSOFTCAR, "sets or clears CLOCAL";
    }
    /// what the first byte of a read says under TIOCPKT; 0 stands before data
    flags Packet(i32) {
        TIOCPKT_DATA = 0, "data follow";
        TIOCPKT_FLUSHREAD = 1, "the input of the slave was thrown away";
        TIOCPKT_FLUSHWRITE = 2, "the output of the slave was thrown away";
        TIOCPKT_STOP = 4, "the output was stopped";
        TIOCPKT_START = 8, "the output goes on";
        TIOCPKT_NOSTOP = 16, "VSTOP and VSTART are no longer ^S and ^Q";
        TIOCPKT_DOSTOP = 32, "VSTOP and VSTART are ^S and ^Q";
        TIOCPKT_IOCTL = 64, "the settings changed, under EXTPROC";
    }
}

structure! {
    /// The size of a window, in characters and in pixels. The kernel only keeps it for the programs.
    Winsize = "winsize" { ws_row: u16, ws_col: u16, ws_xpixel: u16, ws_ypixel: u16 }
}

impl Winsize {
    /// Gives a terminal this size.
    ///
    /// # Errors
    ///
    /// That of the kernel.
    pub fn set(&self, fd: i32) -> Result<(), Failure> {
        let raw =
            libc::winsize { ws_row: self.ws_row, ws_col: self.ws_col, ws_xpixel: self.ws_xpixel, ws_ypixel: self.ws_ypixel };
        let at = &raw const raw;
        // SAFETY: TIOCSWINSZ reads a struct winsize, which outlives the call.
        kernel(|| unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, at) })?;
        Ok(())
    }
}

fn make(fd: i32, request: u64, argument: &Value) -> Result<Value, Failure> {
    match request {
        libc::TCGETS => terminal_settings::given(fd),
        libc::TCSETS | libc::TCSETSW | libc::TCSETSF => {
            let when = match request {
                libc::TCSETS => libc::TCSANOW,
                libc::TCSETSW => libc::TCSADRAIN,
                _ => libc::TCSAFLUSH,
            };
            terminal_settings::change(fd, when, &terminal_settings::Changed::take(argument)?)?;
            Ok(Value::Int(0))
        }
        libc::TIOCGWINSZ => {
            let mut raw = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
            let at = &raw mut raw;
            // SAFETY: TIOCGWINSZ fills a struct winsize, which outlives the call.
            kernel(|| unsafe { libc::ioctl(fd, request, at) })?;
            let size = Winsize { ws_row: raw.ws_row, ws_col: raw.ws_col, ws_xpixel: raw.ws_xpixel, ws_ypixel: raw.ws_ypixel };
            Ok(size.give())
        }
        libc::TIOCSWINSZ => {
            Winsize::take(argument)?.set(fd)?;
            Ok(Value::Int(0))
        }
        libc::TIOCSTI => {
            let byte: u8 = match argument {
                Value::Bytes(bytes) => bytes.first().copied().unwrap_or(0),
                number => integer(number)?,
            };
            let at = &raw const byte;
            // SAFETY: TIOCSTI reads one byte, which outlives the call.
            kernel(|| unsafe { libc::ioctl(fd, request, at) })?;
            Ok(Value::Int(0))
        }
        libc::TIOCGPTPEER => {
            let flags: i32 = integer(argument)?;
            // SAFETY: TIOCGPTPEER takes a number, and gives a new descriptor.
            Ok(kernel(|| unsafe { libc::ioctl(fd, request, flags) }).map(Fd)?.give())
        }
        libc::TIOCGPGRP | libc::TIOCGSID => filled(fd, request, 0).map(|pid| Pid(pid).give()),
        libc::TIOCSPGRP => filled(fd, request, Pid::take(argument)?.0).map(|_| Value::Int(0)),
        libc::TIOCSETD
        | libc::TIOCPKT
        | libc::TIOCSPTLCK
        | libc::TIOCMSET
        | libc::TIOCMBIS
        | libc::TIOCMBIC
        | libc::TIOCSSOFTCAR => filled(fd, request, integer(argument)?).map(|_| Value::Int(0)),
        libc::TIOCGEXCL
        | libc::TIOCGETD
        | libc::TIOCGPKT
        | libc::TIOCGPTLCK
        | libc::TIOCGPTN
        | libc::TIOCGDEV
        | libc::TIOCMGET
        | libc::TIOCGSOFTCAR => filled(fd, request, 0).map(Value::from),
        _ => {
            let number: i64 = match argument {
                signal if request == libc::TIOCSIG => i64::from(Signal::take(signal)?.0),
                other => integer(other)?,
            };
            // SAFETY: the other requests take a number, or nothing.
            Ok(kernel(|| unsafe { libc::ioctl(fd, request, number) }).map(Value::from)?)
        }
    }
}

/// A request that reads or fills an int.
fn filled(fd: i32, request: u64, mut number: i32) -> Result<i32, Failure> {
    let at = &raw mut number;
    // SAFETY: these requests read or fill an int, which outlives the call.
    kernel(|| unsafe { libc::ioctl(fd, request, at) })?;
    Ok(number)
}
