//! How a terminal treats what passes through it; see termios(3).
#![expect(non_snake_case, reason = "the control characters are fields, and have the names of their places in C")]

use super::argument::{Argument, Fd, Refusal, Returned};
use super::entry::{call, constants, structure};
use super::{Failure, Family, kernel};
use crate::value::{Type, Value};

/// Settings of terminals.
pub static FAMILY: Family = Family {
    name: "terminal_settings",
    title: "Settings of terminals",
    summary: "Between the two ends of a terminal stands the line discipline: it collects a line before anybody may read it (ICANON), \
        sends back what was typed (ECHO), makes signals of control characters (ISIG), and writes a newline as two characters (ONLCR). \
        The settings belong to the terminal, not to the descriptor: whoever has it open sees them change. A process of a background \
        group that changes them is stopped by SIGTTOU.",
    calls: &[&TCGETATTR, &TCSETATTR, &CFMAKERAW, &TCDRAIN, &TCFLUSH, &TCFLOW, &TCSENDBREAK],
    constants: &[
        &When::GROUP,
        &InputModes::GROUP,
        &OutputModes::GROUP,
        &ControlModes::GROUP,
        &LocalModes::GROUP,
        &Speed::GROUP,
        &Queue::GROUP,
        &Flow::GROUP,
    ],
    structs: &[&Termios::STRUCTURE, &ControlCharacters::STRUCTURE],
};

constants! {
    /// when tcsetattr takes effect
    choice When(i32) {
        TCSANOW, "at once";
        TCSADRAIN, "when all that was written has been sent";
        TCSAFLUSH, "the same, and what was received and not read is thrown away";
    }
    /// what a terminal does with its input
    flags InputModes(u32) {
        IGNBRK, "a break is ignored";
        BRKINT, "a break sends SIGINT to the foreground group";
        IGNPAR, "characters with a wrong parity are ignored";
        PARMRK, "characters with a wrong parity are marked";
        INPCK, "the parity is checked";
        ISTRIP, "the eighth bit is cut off";
        INLCR, "a newline becomes a carriage return";
        IGNCR, "carriage returns are ignored";
        ICRNL, "a carriage return becomes a newline";
        IUCLC, "capital letters become small ones";
        IXON, "VSTOP and VSTART stop and continue the output";
        IXANY, "any character continues the output";
        IXOFF, "the terminal sends VSTOP and VSTART itself";
        IMAXBEL, "a full queue rings the bell";
        IUTF8, "VERASE takes a whole character of UTF-8";
    }
    /// what a terminal does with its output
    flags OutputModes(u32) {
        OPOST, "the other modes of this group are in force";
        OLCUC, "small letters become capital ones";
        ONLCR, "a newline becomes a carriage return and a newline";
        OCRNL, "a carriage return becomes a newline";
        ONOCR, "no carriage return in column 0";
        ONLRET, "a newline returns the carriage, too";
        OFILL, "delays are made by fill characters";
        OFDEL, "the fill character is DEL";
        NLDLY, "the bits of the delay after a newline";
        CRDLY, "the bits of the delay after a carriage return";
        TABDLY, "the bits of the delay after a tab";
        BSDLY, "the bits of the delay after a backspace";
        VTDLY, "the bits of the delay after a vertical tab";
        FFDLY, "the bits of the delay after a form feed";
        XTABS, "tabs become spaces";
    }
    /// what a terminal does with its line
    flags ControlModes(u32) {
        CS6, "six bits a character";
        CS7, "seven bits a character";
        CS8, "eight bits a character";
        CSTOPB, "two stop bits";
        CREAD, "characters are received";
        PARENB, "characters have a parity bit";
        PARODD, "the parity is odd";
        HUPCL, "the last close hangs up";
        CLOCAL, "the lines of a modem are ignored";
        CMSPAR = 0o10_000_000_000_u32, "the parity bit is always the same";
        CRTSCTS = 0o20_000_000_000_u32, "the lines RTS and CTS stop and continue the output";
    }
    /// what a terminal does for who types
    flags LocalModes(u32) {
        ISIG, "VINTR, VQUIT and VSUSP send SIGINT, SIGQUIT and SIGTSTP to the foreground group";
        ICANON, "reads give whole lines, which can be edited until then";
        XCASE = 0o4, "capital letters are written with a backslash";
        ECHO, "what is typed is sent back";
        ECHOE, "VERASE wipes out the character";
        ECHOK, "VKILL begins a new line";
        ECHONL, "newlines are sent back even without ECHO";
        NOFLSH, "signals leave the queues as they are";
        TOSTOP, "a background group that writes is stopped by SIGTTOU";
        ECHOCTL, "control characters are sent back as ^C";
        ECHOPRT, "characters that are wiped out are printed";
        ECHOKE, "VKILL wipes out the line";
        FLUSHO, "output is being thrown away";
        PENDIN, "the queue is printed again at the next read";
        IEXTEN, "VLNEXT, VWERASE and VREPRINT work";
        EXTPROC, "the other end edits the lines";
    }
    /// speeds of a line; a pseudoterminal keeps them, and is as fast as ever
    choice Speed(u32) {
        B0, "hang up";
        B50, "50 bits a second";
        B75, "75 bits a second";
        B110, "110 bits a second";
        B134, "134 bits a second";
        B150, "150 bits a second";
        B200, "200 bits a second";
        B300, "300 bits a second";
        B600, "600 bits a second";
        B1200, "1200 bits a second";
        B1800, "1800 bits a second";
        B2400, "2400 bits a second";
        B4800, "4800 bits a second";
        B9600, "9600 bits a second";
        B19200, "19200 bits a second";
        B38400, "38400 bits a second";
        B57600, "57600 bits a second";
        B115200, "115200 bits a second";
        B230400, "230400 bits a second";
        B460800, "460800 bits a second";
        B500000, "500000 bits a second";
        B576000, "576000 bits a second";
        B921600, "921600 bits a second";
        B1000000, "1000000 bits a second";
        B1152000, "1152000 bits a second";
        B1500000, "1500000 bits a second";
        B2000000, "2000000 bits a second";
        B2500000, "2500000 bits a second";
        B3000000, "3000000 bits a second";
        B3500000, "3500000 bits a second";
        B4000000, "4000000 bits a second";
    }
    /// what tcflush throws away
    choice Queue(i32) {
        TCIFLUSH, "what was received and not read";
        TCOFLUSH, "what was written and not sent";
        TCIOFLUSH, "both";
    }
    /// what tcflow does
    choice Flow(i32) {
        TCOOFF, "stops the output";
        TCOON, "continues the output";
        TCIOFF, "sends VSTOP to the other end";
        TCION, "sends VSTART to the other end";
    }
}

structure! {
    /// The settings of a terminal. The bits of the speed, which C keeps in `c_cflag` as well, stand in `c_ispeed` and `c_ospeed` alone.
    Termios = "termios" {
        c_iflag: InputModes, c_oflag: OutputModes, c_cflag: ControlModes, c_lflag: LocalModes, c_line: u8, c_cc: ControlCharacters,
        c_ispeed: Speed, c_ospeed: Speed,
    }
    /// The array of control characters, by the names of their places; 0 is none.
    ControlCharacters = "c_cc" {
        VINTR: u8, VQUIT: u8, VERASE: u8, VKILL: u8, VEOF: u8, VTIME: u8, VMIN: u8, VSWTC: u8, VSTART: u8, VSTOP: u8, VSUSP: u8,
        VEOL: u8, VREPRINT: u8, VDISCARD: u8, VWERASE: u8, VLNEXT: u8, VEOL2: u8,
    }
}

/// Some of the settings of a terminal; what is not named stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed(Value);

impl Argument for Changed {
    const TYPE: Type = <Termios as Argument>::TYPE;
    fn take(value: &Value) -> Result<Self, Refusal> {
        // Names and types are judged here; the values of the fields that are missing come later.
        Termios::take(value)?;
        Ok(Self(value.clone()))
    }
}

call! {
    /// Gives the settings of a terminal.
    fn tcgetattr(fd: Fd) -> Termios {
        settings(fd.0).map(|raw| read(&raw))
    }
    const TCGETATTR: "tcgetattr(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: { EBADF: "not a descriptor of this process", ENOTTY: "what is behind the descriptor is no terminal" };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: tcgetattr(m) -> {c_cc: {VINTR: 3, VEOF: 4, VSUSP: 26}, c_ospeed: B38400}
a: [r, w] = pipe()
a: tcgetattr(r) -> ENOTTY";
}

call! {
    /// Changes settings of a terminal; those that the record does not name stay: `tcsetattr(tty, TCSANOW, {c_cc: {VMIN: 1}})`.
    ///
    /// A set of modes is one field: what is to stay of it must be in the record, as `old.c_lflag & ~ECHO`.
    fn tcsetattr(fd: Fd, optional_actions: When, termios_p: Changed) -> () {
        change(fd.0, optional_actions.0, &termios_p)
    }
    const TCSETATTR: "tcsetattr(3)";
    traits: [];
    blocks: "TCSADRAIN and TCSAFLUSH: until the output has been sent, which a stopped output is not; from a background group, SIGTTOU stops the \
        caller until it is continued";
    errors: {
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited for the output",
        EINVAL: "no such action",
        EIO: "the caller's group is in the background and orphaned: nobody could continue it",
        ENOTTY: "what is behind the descriptor is no terminal",
    };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: old = tcgetattr(m)
a: tcsetattr(m, TCSANOW, {c_lflag: old.c_lflag & ~ECHO, c_cc: {VMIN: 5}})
a: new = tcgetattr(m)
expect new.c_lflag == old.c_lflag & ~ECHO
expect new.c_cc.VMIN == 5
expect new.c_cc.VINTR == old.c_cc.VINTR";
}

call! {
    /// Gives settings with all that the line discipline does switched off: the raw mode that editors set. No terminal changes by it.
    fn cfmakeraw(termios_p: Termios) -> Termios {
        let mut raw = blank();
        write(&termios_p, &mut raw);
        // SAFETY: cfmakeraw(3) changes fields of a local variable.
        unsafe { libc::cfmakeraw(&raw mut raw) };
        Ok(read(&raw))
    }
    const CFMAKERAW: "cfmakeraw(3)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: unlockpt(m)
a: old = tcgetattr(m)
a: new = cfmakeraw(old)
a: tcsetattr(m, TCSANOW, new)
a: name = ptsname(m)
a: s = open(name, O_RDWR | O_NOCTTY)
a: write(s, \"\\n\")
a: read(m, 10)      -> \"\\n\"     # not \\r\\n";
}

call! {
    /// Waits until all that was written to a terminal has been sent.
    fn tcdrain(fd: Fd) -> () {
        // SAFETY: tcdrain(3) takes a descriptor.
        kernel(|| unsafe { libc::tcdrain(fd.0) })?;
        Ok(())
    }
    const TCDRAIN: "tcdrain(3)";
    traits: [];
    blocks: "while output waits to be sent: at a pseudoterminal, whose other end has a buffer of its own, never for long; from a background \
        group, SIGTTOU stops the caller";
    errors: {
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited",
        EIO: "the caller's group is in the background and orphaned",
        ENOTTY: "what is behind the descriptor is no terminal",
    };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: tcdrain(m)
a: [r, w] = pipe()
a: tcdrain(w)       -> ENOTTY";
}

call! {
    /// Throws away what was received by a terminal and not read, or written and not sent.
    fn tcflush(fd: Fd, queue_selector: Queue) -> () {
        // SAFETY: tcflush(3) takes integers.
        kernel(|| unsafe { libc::tcflush(fd.0, queue_selector.0) })?;
        Ok(())
    }
    const TCFLUSH: "tcflush(3)";
    traits: [];
    blocks: "never; from a background group, SIGTTOU stops the caller";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "no such queue",
        EIO: "the caller's group is in the background and orphaned",
        ENOTTY: "what is behind the descriptor is no terminal",
    };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: unlockpt(m)
a: name = ptsname(m)
a: s = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK)
a: write(m, \"typed\\n\")
a: poll([{s, POLLIN}], -1)
a: tcflush(s, TCIFLUSH)
a: read(s, 10)      -> EAGAIN";
}

call! {
    /// Stops or continues the output of a terminal, or tells the other end to do so.
    fn tcflow(fd: Fd, action: Flow) -> () {
        // SAFETY: tcflow(3) takes integers.
        kernel(|| unsafe { libc::tcflow(fd.0, action.0) })?;
        Ok(())
    }
    const TCFLOW: "tcflow(3)";
    traits: [];
    blocks: "never; from a background group, SIGTTOU stops the caller";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "no such action",
        EIO: "the caller's group is in the background and orphaned",
        ENOTTY: "what is behind the descriptor is no terminal",
    };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: unlockpt(m)
a: name = ptsname(m)
a: s = open(name, O_RDWR | O_NOCTTY)
a: tcflow(s, TCOOFF)
a: child = fork()
child: write(s, \"x\") -> blocks
a: tcflow(s, TCOON)
child: resumes        -> 1";
}

call! {
    /// Sends a break, which is a line without any bit for a while. A pseudoterminal has no line: nothing happens.
    fn tcsendbreak(fd: Fd, duration: i32 = 0) -> () {
        // SAFETY: tcsendbreak(3) takes integers.
        kernel(|| unsafe { libc::tcsendbreak(fd.0, duration) })?;
        Ok(())
    }
    const TCSENDBREAK: "tcsendbreak(3)";
    traits: [];
    blocks: "while the break lasts, a quarter of a second or more; at a pseudoterminal never; from a background group, SIGTTOU stops the caller";
    errors: {
        EBADF: "not a descriptor of this process",
        EIO: "the caller's group is in the background and orphaned",
        ENOTTY: "what is behind the descriptor is no terminal",
    };
    example: "a: m = posix_openpt(O_RDWR | O_NOCTTY)
a: tcsendbreak(m)
a: tcsendbreak(99) -> EBADF";
}

/// The settings of the terminal behind `fd`, for scripts.
pub(super) fn given(fd: i32) -> Result<Value, Failure> {
    settings(fd).map(|raw| read(&raw).give())
}

/// Changes the settings that are named.
pub(super) fn change(fd: i32, when: i32, changed: &Changed) -> Result<(), Failure> {
    let mut raw = settings(fd)?;
    let merged = over(read(&raw).give(), &changed.0);
    write(&Termios::take(&merged)?, &mut raw);
    let at = &raw const raw;
    // SAFETY: tcsetattr(3) reads a struct termios, which outlives the call.
    kernel(|| unsafe { libc::tcsetattr(fd, when, at) })?;
    Ok(())
}

/// Gives a terminal all these settings.
pub(super) fn set(fd: i32, settings: &Termios) -> Result<(), Failure> {
    change(fd, libc::TCSANOW, &Changed(settings.clone().give()))
}

/// The fields of `new` laid over those of `old`, inside of structs, too.
fn over(old: Value, new: &Value) -> Value {
    match (old, new) {
        (Value::Record(mut fields), Value::Record(given)) => {
            for (place, (name, value)) in given.iter().enumerate() {
                let at = if name.is_empty() { Some(place) } else { fields.iter().position(|(field, _)| field == name) };
                if let Some((_, field)) = at.and_then(|at| fields.get_mut(at)) {
                    *field = over(std::mem::replace(field, Value::Null), value);
                }
            }
            Value::Record(fields)
        }
        (_, new) => new.clone(),
    }
}

fn settings(fd: i32) -> Result<libc::termios, Failure> {
    let mut raw = blank();
    let at = &raw mut raw;
    // SAFETY: tcgetattr(3) fills a struct termios, which outlives the call.
    kernel(|| unsafe { libc::tcgetattr(fd, at) })?;
    Ok(raw)
}

fn blank() -> libc::termios {
    // SAFETY: termios is plain integers, for which zero is a value.
    unsafe { std::mem::zeroed() }
}

fn read(raw: &libc::termios) -> Termios {
    let character = |at: usize| raw.c_cc.get(at).copied().unwrap_or(0);
    // The C library's functions for speeds have versions, with which a static program cannot be linked; what they read is these bits. There
    // is one speed for both directions.
    let c_ispeed = Speed(raw.c_cflag & libc::CBAUD);
    let c_ospeed = c_ispeed;
    Termios {
        c_iflag: InputModes(raw.c_iflag),
        c_oflag: OutputModes(raw.c_oflag),
        c_cflag: ControlModes(raw.c_cflag & !SPEED_BITS),
        c_lflag: LocalModes(raw.c_lflag),
        c_line: raw.c_line,
        c_cc: ControlCharacters {
            VINTR: character(libc::VINTR),
            VQUIT: character(libc::VQUIT),
            VERASE: character(libc::VERASE),
            VKILL: character(libc::VKILL),
            VEOF: character(libc::VEOF),
            VTIME: character(libc::VTIME),
            VMIN: character(libc::VMIN),
            VSWTC: character(libc::VSWTC),
            VSTART: character(libc::VSTART),
            VSTOP: character(libc::VSTOP),
            VSUSP: character(libc::VSUSP),
            VEOL: character(libc::VEOL),
            VREPRINT: character(libc::VREPRINT),
            VDISCARD: character(libc::VDISCARD),
            VWERASE: character(libc::VWERASE),
            VLNEXT: character(libc::VLNEXT),
            VEOL2: character(libc::VEOL2),
        },
        c_ispeed,
        c_ospeed,
    }
}

fn write(settings: &Termios, raw: &mut libc::termios) {
    raw.c_iflag = settings.c_iflag.0;
    raw.c_oflag = settings.c_oflag.0;
    raw.c_cflag = settings.c_cflag.0;
    raw.c_lflag = settings.c_lflag.0;
    raw.c_line = settings.c_line;
    let c = &settings.c_cc;
    let characters = [
        (libc::VINTR, c.VINTR),
        (libc::VQUIT, c.VQUIT),
        (libc::VERASE, c.VERASE),
        (libc::VKILL, c.VKILL),
        (libc::VEOF, c.VEOF),
        (libc::VTIME, c.VTIME),
        (libc::VMIN, c.VMIN),
        (libc::VSWTC, c.VSWTC),
        (libc::VSTART, c.VSTART),
        (libc::VSTOP, c.VSTOP),
        (libc::VSUSP, c.VSUSP),
        (libc::VEOL, c.VEOL),
        (libc::VREPRINT, c.VREPRINT),
        (libc::VDISCARD, c.VDISCARD),
        (libc::VWERASE, c.VWERASE),
        (libc::VLNEXT, c.VLNEXT),
        (libc::VEOL2, c.VEOL2),
    ];
    for (at, character) in characters {
        if let Some(place) = raw.c_cc.get_mut(at) {
            *place = character;
        }
    }
    // What is no speed changes nothing, and an input speed of 0 stands for that of output.
    let speeds = [settings.c_ispeed.0, settings.c_ospeed.0].into_iter().enumerate();
    for (_, speed) in speeds.filter(|&(at, speed)| speed & !libc::CBAUD == 0 && (at, speed) != (0, 0)) {
        raw.c_cflag = raw.c_cflag & !libc::CBAUD | speed;
    }
}

/// CBAUD and CIBAUD: the bits of `c_cflag` that hold speeds.
const SPEED_BITS: u32 = 0o2_003_610_017;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_record_does_not_name_stays_inside_of_structs_too() {
        let old = Value::record([("a", Value::Int(1)), ("b", Value::record([("x", Value::Int(2)), ("y", Value::Int(3))]))]);
        let new = Value::record([("b", Value::record([("y", Value::Int(9))]))]);
        let merged = Value::record([("a", Value::Int(1)), ("b", Value::record([("x", Value::Int(2)), ("y", Value::Int(9))]))]);
        assert_eq!(over(old, &new), merged);
    }
}
