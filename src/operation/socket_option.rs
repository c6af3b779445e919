//! Options of sockets; see getsockopt(2), socket(7).

use super::argument::{Fd, Id, Pid, Returned};
use super::entry::{call, constants};
use super::socket_message::Ucred;
use super::{Family, kernel};
use crate::value::Value;

/// Options of sockets.
pub static FAMILY: Family = Family {
    name: "socket_option",
    title: "Options of sockets",
    summary: "Options are numbers, most of them 0 or 1. SO_PEERCRED gives a record: who was at the other end when the connection was \
        made. Time limits (SO_RCVTIMEO) are not for scripts: `poll` takes one where it can be seen.",
    calls: &[&GETSOCKOPT, &SETSOCKOPT],
    constants: &[&Level::GROUP, &SocketOption::GROUP],
    structs: &[],
};

constants! {
    /// levels of options
    choice Level(i32) {
        SOL_SOCKET, "of every socket";
        IPPROTO_IP, "of the Internet protocol";
        IPPROTO_TCP, "of TCP";
        IPPROTO_UDP, "of UDP";
    }
    /// options of the level SOL_SOCKET
    choice SocketOption(i32) {
        SO_ACCEPTCONN, "does it listen? read only";
        SO_BROADCAST, "may it send to broadcast addresses?";
        SO_BUSY_POLL, "how long to wait without sleeping, in microseconds";
        SO_DEBUG, "is it debugged?";
        SO_DOMAIN, "its address family; read only";
        SO_DONTROUTE, "does it send only to what is connected directly?";
        SO_ERROR, "the error that waits, which is cleared by asking; read only";
        SO_INCOMING_CPU, "the processor that took its last packet";
        SO_KEEPALIVE, "are idle connections tested?";
        SO_MARK, "the mark of what it sends";
        SO_OOBINLINE, "does out-of-band data come with the rest?";
        SO_PASSCRED, "do messages come with credentials?";
        SO_PASSPIDFD = 76, "do messages come with a pidfd?";
        SO_PASSRIGHTS = 83, "may messages carry descriptors?";
        SO_PASSSEC, "do messages come with a security label?";
        SO_PEEK_OFF, "where MSG_PEEK looks";
        SO_PEERCRED, "who is at the other end, as a ucred; read only";
        SO_PEERPIDFD = 77, "gives a pidfd of who is at the other end; read only";
        SO_PRIORITY, "the priority of what it sends";
        SO_PROTOCOL, "its protocol; read only";
        SO_RCVBUF, "room for what is received; the kernel doubles what is set";
        SO_RCVBUFFORCE, "the same beyond the limit; needs CAP_NET_ADMIN";
        SO_RCVLOWAT, "how much must be there before recv goes on";
        SO_REUSEADDR, "may an address be bound that is still in use by an old connection?";
        SO_REUSEPORT, "may several sockets bind the same port?";
        SO_SNDBUF, "room for what is sent; the kernel doubles what is set";
        SO_SNDBUFFORCE, "the same beyond the limit; needs CAP_NET_ADMIN";
        SO_SNDLOWAT, "always 1; read only";
        SO_TIMESTAMP, "do messages come with the time of their receipt?";
        SO_TYPE, "its type; read only";
        SO_ZEROCOPY, "may MSG_ZEROCOPY be used?";
    }
}

call! {
    /// Gives an option of a socket.
    fn getsockopt(sockfd: Fd, level: Level, optname: SocketOption) -> Value {
        let mut words = [0i32; 3];
        let wanted = if credentials(level, optname) { size_of_val(&words) } else { size_of::<i32>() };
        let mut length = libc::socklen_t::try_from(wanted).unwrap_or(0);
        let (at, length_at) = (words.as_mut_ptr().cast(), &raw mut length);
        // SAFETY: getsockopt(2) fills at most the length given of `words`, and stores the length.
        kernel(|| unsafe { libc::getsockopt(sockfd.0, level.0, optname.0, at, length_at) })?;
        let [first, uid, gid] = words;
        let id = |id: i32| Id(i64::from(id.cast_unsigned()));
        Ok(if credentials(level, optname) {
            Ucred { pid: Pid(first), uid: id(uid), gid: id(gid) }.give()
        } else {
            Value::from(first)
        })
    }
    const GETSOCKOPT: "getsockopt(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "the option is no number",
        ENOPROTOOPT: "the level has no such option that can be read",
        ENOTSOCK: "not a socket",
        ENODATA: "SO_PEERPIDFD: nobody is at the other end",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_STREAM)
a: getsockopt(one, SOL_SOCKET, SO_TYPE)     -> SOCK_STREAM
a: getsockopt(one, SOL_SOCKET, SO_PEERCRED) -> {pid: a, uid: 0, gid: 0}";
}

call! {
    /// Sets an option of a socket.
    fn setsockopt(sockfd: Fd, level: Level, optname: SocketOption, optval: i32) -> () {
        let length = libc::socklen_t::try_from(size_of::<i32>()).unwrap_or(0);
        let at = (&raw const optval).cast();
        // SAFETY: setsockopt(2) reads an int, which outlives the call.
        kernel(|| unsafe { libc::setsockopt(sockfd.0, level.0, optname.0, at, length) })?;
        Ok(())
    }
    const SETSOCKOPT: "setsockopt(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "a number that the option does not take, or the option is no number",
        ENOPROTOOPT: "the level has no such option that can be set",
        ENOTSOCK: "not a socket",
        EPERM: "the option needs a capability: CAP_NET_ADMIN in the user namespace of the network namespace",
        EDOM: "a number out of range",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_DGRAM)
a: setsockopt(one, SOL_SOCKET, SO_PASSCRED, 1)
a: getsockopt(one, SOL_SOCKET, SO_PASSCRED) -> 1
a: setsockopt(one, SOL_SOCKET, SO_TYPE, 1)  -> ENOPROTOOPT";
}

fn credentials(level: Level, optname: SocketOption) -> bool {
    level.0 == libc::SOL_SOCKET && optname.0 == libc::SO_PEERCRED
}
