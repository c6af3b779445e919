//! Requests to pipes, sockets and open files in general; see socket(7), tcp(7), udp(7), ioctl_fcntl in ioctl(2).

use super::Table;
use crate::operation::argument::{Argument, Fd, Returned, integer};
use crate::operation::entry::constants;
use crate::operation::{Failure, kernel};
use crate::value::Value;

/// Their table.
pub(super) const TABLE: Table = Table { group: &StreamRequest::GROUP, make };

constants! {
    /// requests to pipes, sockets and open files
    choice StreamRequest(u64) {
        FIONREAD, "gives how many bytes there are to read in a pipe, socket or terminal";
        TIOCINQ = FIONREAD, "another name of FIONREAD";
        SIOCINQ = FIONREAD, "another name of FIONREAD; of datagram sockets it tells the length of the next message";
        SIOCOUTQ = TIOCOUTQ, "gives how many bytes of a socket its peer has not taken yet";
        TIOCOUTQ, "another name of SIOCOUTQ";
        SIOCOUTQNSD = 0x894b, "gives how many bytes of a TCP socket have not been sent yet";
        SIOCATMARK = 0x8905, "gives 1 where the next byte to read is the one behind the out-of-band byte, else 0";
        SIOCGSKNS = 0x894c, "gives a descriptor of the network namespace of a socket: the one in which it was made";
        FIONBIO, "sets O_NONBLOCK where the argument is not 0, and else clears it";
        FIOASYNC, "sets O_ASYNC where the argument is not 0, and else clears it";
        FIOCLEX, "sets FD_CLOEXEC";
        FIONCLEX, "clears FD_CLOEXEC";
        SIOCSPGRP = 0x8902, "sets who gets SIGIO and SIGURG: a pid, or a negative process group";
        FIOSETOWN = 0x8901, "another SIOCSPGRP";
        SIOCGPGRP = 0x8904, "gives who gets SIGIO and SIGURG";
        FIOGETOWN = 0x8903, "another SIOCGPGRP";
        FIOQSIZE = 0x5460, "gives how many bytes a file or directory takes";
    }
}

const FIONREAD: u64 = libc::FIONREAD;
const TIOCOUTQ: u64 = libc::TIOCOUTQ;
const NAMESPACE: u64 = 0x894c;
const SET_OWNER: [u64; 2] = [0x8902, 0x8901];
const SIZE: u64 = 0x5460;

fn make(fd: i32, request: u64, argument: &Value) -> Result<Value, Failure> {
    match request {
        NAMESPACE => {
            // SAFETY: SIOCGSKNS takes no argument and gives a new descriptor.
            Ok(kernel(|| unsafe { libc::ioctl(fd, request, 0) }).map(Fd)?.give())
        }
        libc::FIOCLEX | libc::FIONCLEX => {
            // SAFETY: these take no argument.
            Ok(kernel(|| unsafe { libc::ioctl(fd, request, 0) }).map(Value::from)?)
        }
        SIZE => {
            let mut size = 0i64;
            // SAFETY: FIOQSIZE fills eight bytes, which outlive the call.
            kernel(|| unsafe { libc::ioctl(fd, request, &raw mut size) })?;
            Ok(Value::from(size))
        }
        _ => {
            let mut number = match argument {
                pid if SET_OWNER.contains(&request) => crate::operation::argument::Pid::take(pid)?.0,
                other => integer(other)?,
            };
            // SAFETY: the other requests read or fill an int, which outlives the call.
            kernel(|| unsafe { libc::ioctl(fd, request, &raw mut number) })?;
            let sets = SET_OWNER.contains(&request) || matches!(request, libc::FIONBIO | libc::FIOASYNC);
            Ok(Value::from(if sets { 0 } else { number }))
        }
    }
}
