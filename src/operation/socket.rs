//! Sockets: make, name, connect and shut them; see socket(7), unix(7).

use super::argument::{Argument, Fd, Refusal, integer};
use super::entry::{call, constants};
use super::socket_address::{Address, AddressFamily, NetlinkProtocol, Protocol, SocketType, WellKnown};
use super::{Family, kernel};
use crate::value::{Errno, Type, Value};

/// Sockets.
pub static FAMILY: Family = Family {
    name: "socket",
    title: "Sockets",
    summary: "`socketpair` gives two sockets that are connected with each other; otherwise one side binds an address, listens and accepts, and \
        the other connects. Of AF_UNIX, a path belongs to the file system and stays when the socket is closed; a name that begins \
        with `\\x00` belongs to the network namespace and goes with the socket. Writing to a peer that is gone gives SIGPIPE. \
        Of AF_INET and AF_INET6, 127.0.0.1 and ::1 are there once `lo` is up: `ioctl(s, SIOCSIFFLAGS, {\"lo\", IFF_UP})`. Over TCP some things come later, \
        by timers of the kernel: a small piece behind another one, for up to 40 ms (TCP_NODELAY sends it at once), the answer to the end of a \
        connection, and a connection that a full backlog did not take.",
    calls: &[&SOCKET, &SOCKETPAIR, &BIND, &LISTEN, &ACCEPT, &ACCEPT4, &CONNECT, &SHUTDOWN, &GETSOCKNAME, &GETPEERNAME],
    constants: &[
        &AddressFamily::GROUP,
        &SocketType::GROUP,
        &Protocol::GROUP,
        &NetlinkProtocol::GROUP,
        &AcceptFlags::GROUP,
        &How::GROUP,
        &WellKnown::GROUP,
    ],
    structs: &Address::STRUCTURES,
};

constants! {
    /// flags of accept4
    flags AcceptFlags(i32) {
        SOCK_NONBLOCK, "no call on the new socket waits";
        SOCK_CLOEXEC, "execve closes the new socket";
    }
    /// directions of shutdown
    choice How(i32) {
        SHUT_RD, "nothing more is read";
        SHUT_WR, "nothing more is written: the peer reads the end of file";
        SHUT_RDWR, "both";
    }
}

/// A protocol of the Internet or of AF_NETLINK; 0 is what type and family stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AnyProtocol(i32);

impl Argument for AnyProtocol {
    const TYPE: Type = Type::Either(&[Type::Constants(&Protocol::GROUP), Type::Constants(&NetlinkProtocol::GROUP)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Self)
    }
}

call! {
    /// Makes a socket.
    fn socket(domain: AddressFamily, r#type: SocketType, protocol: AnyProtocol = 0) -> Fd {
        // SAFETY: socket(2) takes integers only.
        Ok(kernel(|| unsafe { libc::socket(i32::from(domain.0), r#type.0, protocol.0) }).map(Fd)?)
    }
    const SOCKET: "socket(2)";
    traits: [Local, Network];
    blocks: "never";
    errors: {
        EAFNOSUPPORT: "the kernel does not know the address family",
        EINVAL: "an unknown flag in type",
        EPROTONOSUPPORT: "the family has no such protocol",
        ESOCKTNOSUPPORT: "the family has no such type",
        EPERM: "SOCK_RAW or AF_PACKET without CAP_NET_RAW",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM)
a: connect(s, {AF_UNIX, \"missing\"}) -> ENOENT";
}

call! {
    /// Makes two sockets that are connected with each other: `[one, two] = socketpair(AF_UNIX, SOCK_STREAM)`.
    fn socketpair(domain: AddressFamily, r#type: SocketType, protocol: AnyProtocol = 0) -> Vec<Fd> {
        let mut fds = [-1; 2];
        let at = fds.as_mut_ptr();
        // SAFETY: socketpair(2) fills an array of two descriptors, which outlives the call.
        kernel(|| unsafe { libc::socketpair(i32::from(domain.0), r#type.0, protocol.0, at) })?;
        Ok(fds.map(Fd).to_vec())
    }
    const SOCKETPAIR: "socketpair(2)";
    traits: [Local, Network];
    touches: [];
    blocks: "never";
    errors: {
        EOPNOTSUPP: "the family has no pairs: only AF_UNIX has",
        EAFNOSUPPORT: "the kernel does not know the address family",
        EINVAL: "an unknown flag in type",
        EPROTONOSUPPORT: "the family has no such protocol",
        ESOCKTNOSUPPORT: "the family has no such type",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_SEQPACKET)
a: send(one, \"first\")
a: send(one, \"second\")
a: recv(two, 100) -> \"first\"
a: recv(two, 100) -> \"second\"";
}

call! {
    /// Gives a socket its address; of AF_UNIX a path becomes a file, and must not exist.
    fn bind(sockfd: Fd, addr: Address) -> () {
        let (at, length) = (addr.0.as_ptr().cast(), addr.length());
        // SAFETY: bind(2) reads the address of the length given, which outlives the call.
        kernel(|| unsafe { libc::bind(sockfd.0, at, length) })?;
        Ok(())
    }
    const BIND: "bind(2)";
    traits: [Wakes];
    touches: [writes descriptor(sockfd), writes files];
    blocks: "never";
    errors: {
        EADDRINUSE: "the address is taken: the path exists, or the name is bound in this network namespace",
        EACCES: "the mode of the directory does not allow it, or a port that needs CAP_NET_BIND_SERVICE",
        EADDRNOTAVAIL: "the network namespace has no such address",
        EAFNOSUPPORT: "the socket is of another address family",
        EBADF: "not a descriptor of this process",
        EINVAL: "the socket has an address already, or the address does not fit the family",
        ENOENT: "a directory on the way does not exist",
        ENOTDIR: "a part of the path is no directory",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EROFS: "the mount is read-only",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM)
a: bind(s, {AF_UNIX, \"sk\"})
a: t = socket(AF_UNIX, SOCK_STREAM)
a: bind(t, {AF_UNIX, \"sk\"})       -> EADDRINUSE
a: bind(t, {AF_UNIX, \"\\x00name\"})
a: getsockname(t)                 -> {sun_path: \"\\x00name\"}";
}

call! {
    /// Makes a socket take connections; about `backlog` of them may wait to be accepted.
    fn listen(sockfd: Fd, backlog: i32) -> () {
        // SAFETY: listen(2) takes integers only.
        kernel(|| unsafe { libc::listen(sockfd.0, backlog) })?;
        Ok(())
    }
    const LISTEN: "listen(2)";
    traits: [Wakes];
    touches: [writes descriptor(sockfd)];
    blocks: "never";
    errors: {
        EADDRINUSE: "another socket listens on that port",
        EBADF: "not a descriptor of this process",
        EINVAL: "a socket of AF_UNIX that has no address, or one that is connected",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EOPNOTSUPP: "sockets of this type do not listen",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM)
a: listen(s, 1) -> EINVAL
a: bind(s, {AF_UNIX, \"sk\"})
a: listen(s, 1)";
}

call! {
    /// Takes the first connection that waits, and gives a socket for it; `getpeername` tells who it is.
    fn accept(sockfd: Fd) -> Fd {
        let (address, length) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: accept(2) stores no address where it gets NULL.
        Ok(kernel(|| unsafe { libc::accept(sockfd.0, address, length) }).map(Fd)?)
    }
    const ACCEPT: "accept(2)";
    traits: [Wakes, Receives];
    touches: [writes descriptor(sockfd)];
    blocks: "while no connection waits";
    errors: {
        EAGAIN: "no connection waits, and the socket is nonblocking or SO_RCVTIMEO is over",
        EBADF: "not a descriptor of this process",
        ECONNABORTED: "the connection was given up before it was accepted",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "the socket does not listen, or was shut down",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EOPNOTSUPP: "sockets of this type do not accept",
    };
    example: "actor b
a: s = socket(AF_UNIX, SOCK_STREAM)
a: bind(s, {AF_UNIX, \"sk\"})
a: listen(s, 1)
a: peer = accept(s)           -> blocks
b: c = socket(AF_UNIX, SOCK_STREAM)
b: connect(c, {AF_UNIX, \"sk\"})
a: resumes
b: send(c, \"hello\")           -> 5
a: recv(peer, 100)            -> \"hello\"";
}

call! {
    /// Like `accept`, and sets flags of the new socket.
    fn accept4(sockfd: Fd, flags: AcceptFlags) -> Fd {
        let (address, length) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: accept4(2) stores no address where it gets NULL.
        Ok(kernel(|| unsafe { libc::accept4(sockfd.0, address, length, flags.0) }).map(Fd)?)
    }
    const ACCEPT4: "accept4(2)";
    traits: [Wakes, Receives];
    touches: [writes descriptor(sockfd)];
    blocks: "while no connection waits";
    errors: {
        EAGAIN: "no connection waits, and the socket is nonblocking or SO_RCVTIMEO is over",
        EBADF: "not a descriptor of this process",
        ECONNABORTED: "the connection was given up before it was accepted",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "an unknown flag; or the socket does not listen, or was shut down",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EOPNOTSUPP: "sockets of this type do not accept",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK)
a: bind(s, {AF_UNIX, \"sk\"})
a: listen(s, 1)
a: accept4(s, SOCK_CLOEXEC) -> EAGAIN
a: c = socket(AF_UNIX, SOCK_STREAM)
a: connect(c, {AF_UNIX, \"sk\"})
a: p = accept4(s, SOCK_CLOEXEC)
a: fcntl(p, F_GETFD)        -> FD_CLOEXEC";
}

call! {
    /// Connects a socket with the one that listens at an address; a datagram socket only keeps the address.
    fn connect(sockfd: Fd, addr: Address) -> () {
        let (at, length) = (addr.0.as_ptr().cast(), addr.length());
        // SAFETY: connect(2) reads the address of the length given, which outlives the call.
        kernel(|| unsafe { libc::connect(sockfd.0, at, length) })?;
        Ok(())
    }
    const CONNECT: "connect(2)";
    traits: [Wakes, Connects];
    touches: [writes descriptor(sockfd), writes files];
    blocks: "while the backlog of the listener is full; with TCP it asks again after 1, 2, 4 seconds and so on, so that it sleeps";
    errors: {
        ECONNREFUSED: "nobody listens there: the file is left over, the name is not bound in this network namespace, or no port is open",
        ENOENT: "the path does not exist",
        EACCES: "the mode of the socket file does not allow to write it, or that of a directory on the way to pass",
        EAGAIN: "AF_UNIX: the backlog is full, and the socket is nonblocking or SO_SNDTIMEO is over",
        EINPROGRESS: "AF_INET: the socket is nonblocking or SO_SNDTIMEO is over, and the peer has not answered yet",
        EALREADY: "an earlier connect has not ended yet",
        EISCONN: "it is connected already",
        EPROTOTYPE: "the socket that listens is of another type",
        ENETUNREACH: "no way leads there: the only network device of a world is down",
        EAFNOSUPPORT: "the address is of another family",
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "the socket listens, or the address does not fit the family",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        ETIMEDOUT: "the peer did not answer",
        EADDRNOTAVAIL: "no port is free",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM)
a: bind(s, {AF_UNIX, \"sk\"})
a: c = socket(AF_UNIX, SOCK_STREAM)
a: connect(c, {AF_UNIX, \"sk\"}) -> ECONNREFUSED
a: listen(s, 1)
a: connect(c, {AF_UNIX, \"sk\"})";
}

call! {
    /// Ends a connection in one direction or in both, for all descriptors of the socket.
    fn shutdown(sockfd: Fd, how: How) -> () {
        // SAFETY: shutdown(2) takes integers only.
        kernel(|| unsafe { libc::shutdown(sockfd.0, how.0) })?;
        Ok(())
    }
    const SHUTDOWN: "shutdown(2)";
    traits: [Wakes];
    touches: [writes descriptor(sockfd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "none of the directions",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_STREAM)
a: shutdown(one, SHUT_WR)
a: recv(two, 100)   -> \"\"
a: send(two, \"back\") -> 4
a: send(one, \"x\")    -> dies SIGPIPE";
}

call! {
    /// Gives the address of a socket.
    fn getsockname(sockfd: Fd) -> Address {
        // SAFETY: getsockname(2) fills at most the length given, which outlives the call, and stores the length.
        Ok(address(|at, length| kernel(|| unsafe { libc::getsockname(sockfd.0, at, length) }))?)
    }
    const GETSOCKNAME: "getsockname(2)";
    traits: [Local, ReadOnly];
    touches: [reads descriptor(sockfd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM)
a: getsockname(s) -> {AF_UNIX, \"\"}
a: bind(s, {AF_UNIX, \"sk\"})
a: getsockname(s) -> {AF_UNIX, \"sk\"}";
}

call! {
    /// Gives the address of the socket at the other end.
    fn getpeername(sockfd: Fd) -> Address {
        // SAFETY: getpeername(2) fills at most the length given, which outlives the call, and stores the length.
        Ok(address(|at, length| kernel(|| unsafe { libc::getpeername(sockfd.0, at, length) }))?)
    }
    const GETPEERNAME: "getpeername(2)";
    traits: [Local, ReadOnly];
    touches: [reads descriptor(sockfd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
    };
    example: "a: s = socket(AF_UNIX, SOCK_STREAM)
a: getpeername(s) -> ENOTCONN
a: bind(s, {AF_UNIX, \"sk\"})
a: listen(s, 1)
a: c = socket(AF_UNIX, SOCK_STREAM)
a: connect(c, {AF_UNIX, \"sk\"})
a: getpeername(c) -> {AF_UNIX, \"sk\"}";
}

fn address(call: impl FnOnce(*mut libc::sockaddr, *mut libc::socklen_t) -> Result<i32, Errno>) -> Result<Address, Errno> {
    let mut bytes = vec![0u8; Address::ROOM];
    let mut length = libc::socklen_t::try_from(Address::ROOM).unwrap_or(0);
    call(bytes.as_mut_ptr().cast(), &raw mut length)?;
    bytes.truncate(length as usize);
    Ok(Address(bytes))
}
