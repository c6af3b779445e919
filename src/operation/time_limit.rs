//! How long a call may wait because its socket says so: no argument shows it, and yet the call ends by itself. See socket(7), tcp(7).

use super::kernel::gate;
use super::{Operation, Trait};
use crate::value::Value;

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;
/// How long connect asks for a connection of TCP before it gives up, by default: 1 + 2 + 4 + … + 64 seconds, and some more.
const ASKING: u64 = 140 * SECOND;

/// The time limit, in nanoseconds, that the socket in `args` sets to `operation`, in the calling process; 0 where there is none.
///
/// The questions go through the gate, for they are no calls of the script.
pub fn time_limit(operation: &Operation, args: &[Value]) -> u64 {
    let socket = || args.first().and_then(Value::int).and_then(|fd| i32::try_from(fd).ok()).filter(|fd| *fd >= 0);
    let limit = |socket: i32| {
        if operation.is(Trait::Receives) {
            option(socket, libc::SO_RCVTIMEO).map_or(0, timeval)
        } else if operation.is(Trait::Sends) {
            option(socket, libc::SO_SNDTIMEO).map_or(0, timeval)
        } else if operation.is(Trait::Connects) {
            // A peer whose backlog is full does not answer, and is asked again: the end needs nobody else.
            let asks = || option::<i32>(socket, libc::SO_PROTOCOL).is_some_and(|it| [libc::IPPROTO_TCP, MPTCP].contains(&it));
            match option(socket, libc::SO_SNDTIMEO).map_or(0, timeval) {
                0 if asks() => ASKING,
                limit => limit,
            }
        } else {
            option(socket, libc::SO_LINGER).map_or(0, |[on, seconds]: [i32; 2]| {
                if on == 0 { 0 } else { u64::try_from(seconds).unwrap_or(0).saturating_mul(SECOND) }
            })
        }
    };
    if operation.traits.iter().any(|is| matches!(is, Trait::Receives | Trait::Sends | Trait::Connects | Trait::Lingers)) {
        socket().map_or(0, limit)
    } else {
        0
    }
}

const MPTCP: i32 = 262;

fn timeval([seconds, microseconds]: [i64; 2]) -> u64 {
    let [seconds, microseconds] = [seconds, microseconds].map(|number| u64::try_from(number).unwrap_or(0));
    seconds.saturating_mul(SECOND).saturating_add(microseconds * 1000)
}

/// The option of `socket`; `None` where it is no socket, or the option is none of that size.
fn option<T: Default>(socket: i32, name: i32) -> Option<T> {
    let mut value = T::default();
    let mut length = libc::socklen_t::try_from(size_of::<T>()).unwrap_or(0);
    let at = (&raw mut value).expose_provenance();
    let length_at = (&raw mut length).expose_provenance();
    let socket = usize::try_from(socket).ok()?;
    let level = libc::SOL_SOCKET as usize;
    // getsockopt(2) fills at most the length given of the value: arrays of integers, for which all bits are values.
    let answer = gate(libc::SYS_getsockopt, [socket, level, name as usize, at, length_at, 0]);
    (answer == 0 && length as usize == size_of::<T>()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    fn limit(call: &str, fd: i32) -> u64 {
        let (_, operation) = find(call).expect("a call of the catalogue");
        time_limit(operation, &[Value::from(fd)])
    }

    #[test]
    fn a_socket_limits_the_calls_of_its_direction() {
        let (one, _other) = UnixStream::pair().expect("a pair");
        let fd = one.as_raw_fd();
        assert_eq!([limit("recv", fd), limit("send", fd), limit("connect", fd)], [0, 0, 0]);
        one.set_read_timeout(Some(Duration::from_millis(20))).expect("a limit");
        assert_eq!([limit("recv", fd), limit("read", fd), limit("send", fd)], [20_000_000, 20_000_000, 0]);
        one.set_write_timeout(Some(Duration::from_secs(2))).expect("a limit");
        assert_eq!([limit("write", fd), limit("connect", fd)], [2 * SECOND, 2 * SECOND]);
    }

    #[test]
    fn what_is_no_socket_has_no_limit() {
        let file = std::fs::File::open("/dev/null").expect("the null device");
        assert_eq!([limit("read", file.as_raw_fd()), limit("close", -1), limit("getpid", file.as_raw_fd())], [0, 0, 0]);
    }

    #[test]
    fn a_connection_of_tcp_ends_by_itself() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        assert_eq!(limit("connect", listener.as_raw_fd()), ASKING);
    }
}
