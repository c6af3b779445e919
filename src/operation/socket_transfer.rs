//! Sending and receiving strings; see send(2), recv(2).

use super::argument::{Bytes, Fd, Returned};
use super::entry::{call, constants};
use super::shape::{Amount, buffer};
use super::socket_address::{Address, AddressFamily};
use super::{Family, kernel};
use crate::value::Value;

/// Sending and receiving.
pub static FAMILY: Family = Family {
    name: "socket_transfer",
    title: "Sending and receiving",
    summary: "`write` and `read` work on connected sockets, too; these calls take flags besides. A stream keeps no borders between what was sent; \
        a datagram or packet is received whole, and what does not fit is lost.",
    calls: &[&SEND, &RECV, &SENDTO, &RECVFROM],
    constants: &[&MessageFlags::GROUP, &AddressFamily::GROUP],
    structs: &Address::STRUCTURES,
};

constants! {
    /// flags of messages
    flags MessageFlags(i32) {
        MSG_DONTWAIT, "fail with EAGAIN instead of waiting";
        MSG_PEEK, "leave there what is received";
        MSG_WAITALL, "wait until all that was asked for is there";
        MSG_TRUNC, "in the flags of recvmsg: the message was longer than its buffer";
        MSG_CTRUNC, "recvmsg: there was more control data than room";
        MSG_NOSIGNAL, "no SIGPIPE when the peer is gone, EPIPE alone";
        MSG_CMSG_CLOEXEC, "execve closes descriptors that are received";
        MSG_OOB, "out-of-band data";
        MSG_EOR, "the end of a record";
        MSG_MORE, "more is to follow at once";
        MSG_CONFIRM, "the neighbour answered";
        MSG_DONTROUTE, "only to what is connected directly";
        MSG_TRYHARD = 4, "another name of MSG_DONTROUTE";
        MSG_ERRQUEUE, "receive from the queue of errors";
        MSG_FASTOPEN, "connect and send at once";
        MSG_ZEROCOPY, "send without copying";
        MSG_WAITFORONE, "recvmmsg: do not wait after the first message";
        MSG_BATCH = 0x0004_0000, "sendmmsg: more is to follow";
        MSG_FIN, "unused by scripts: the end of a stream";
        MSG_SYN, "unused by scripts: the start of a stream";
        MSG_RST, "unused by scripts: a reset";
        MSG_PROXY = 0x10, "unused on Linux";
    }
}

call! {
    /// Sends a string to the peer of a connected socket, and gives how many of its bytes were taken.
    fn send(sockfd: Fd, buf: Bytes, flags: MessageFlags = 0) -> isize {
        // SAFETY: send(2) reads the length given from `buf`, which outlives the call.
        Ok(kernel(|| unsafe { libc::send(sockfd.0, buf.0.as_ptr().cast(), buf.0.len(), flags.0) })?)
    }
    const SEND: "send(2)";
    traits: [Wakes, Sends];
    touches: [writes descriptor(sockfd)];
    blocks: "while the peer has no room for it";
    errors: {
        EAGAIN: "no room, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_SNDTIMEO is over",
        EBADF: "not a descriptor of this process",
        ECONNREFUSED: "a datagram socket, and the peer's is closed",
        ECONNRESET: "the peer closed its socket and left unread what was sent to it",
        EDESTADDRREQ: "a datagram socket that is not connected",
        EINTR: "a handler ran before anything was sent",
        EMSGSIZE: "longer than a message may be",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EOPNOTSUPP: "flags that this type of socket does not know",
        EPIPE: "the peer is gone or the direction is shut, and MSG_NOSIGNAL is set or SIGPIPE is ignored or handled",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_STREAM)
a: send(one, \"hello\")           -> 5
a: close(two)
a: send(one, \"x\", MSG_NOSIGNAL) -> EPIPE";
}

call! {
    /// Receives at most `len` bytes; `""` is the end of a connection, or an empty message.
    ///
    /// In place of a number, a type (`u8` to `u64`, `i8` to `i64`) receives one number of that size.
    fn recv(sockfd: Fd, len: Amount, flags: MessageFlags = 0) -> Value {
        let mut bytes = len.buffer()?;
        // SAFETY: recv(2) fills at most the length of `bytes`, which outlives the call.
        let length = kernel(|| unsafe { libc::recv(sockfd.0, bytes.as_mut_ptr().cast(), bytes.len(), flags.0) })?;
        // Under MSG_TRUNC the kernel tells the whole length of a message, of which no more than the buffer was stored.
        bytes.truncate(length.unsigned_abs());
        Ok(len.read(bytes))
    }
    const RECV: "recv(2)";
    traits: [Wakes, Receives];
    touches: [writes descriptor(sockfd)];
    blocks: "while there is nothing, and the peer may still send";
    errors: {
        EAGAIN: "nothing there, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_RCVTIMEO is over",
        EBADF: "not a descriptor of this process",
        ECONNRESET: "the peer closed its socket and left unread what was sent to it",
        EINTR: "a handler ran before anything was received",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EOPNOTSUPP: "flags that this type of socket does not know",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_DGRAM)
a: send(one, \"hello\")
a: recv(two, 100, MSG_PEEK)     -> \"hello\"
a: recv(two, 2)                 -> \"he\"
a: recv(two, 100, MSG_DONTWAIT) -> EAGAIN";
}

call! {
    /// Sends a message to an address.
    fn sendto(sockfd: Fd, buf: Bytes, flags: MessageFlags, dest_addr: Address) -> isize {
        let (at, length) = (dest_addr.0.as_ptr().cast(), dest_addr.length());
        // SAFETY: sendto(2) reads the buffer and the address, each of the length given; both outlive the call.
        Ok(kernel(|| unsafe { libc::sendto(sockfd.0, buf.0.as_ptr().cast(), buf.0.len(), flags.0, at, length) })?)
    }
    const SENDTO: "sendto(2)";
    traits: [Wakes, Sends];
    touches: [writes descriptor(sockfd)];
    blocks: "while the receiver has no room for it";
    errors: {
        ECONNREFUSED: "nobody has that address: the file is left over, or the name is not bound in this network namespace",
        ENOENT: "the path does not exist",
        EACCES: "the mode of the socket file does not allow to write it",
        EAGAIN: "no room, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_SNDTIMEO is over",
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran before anything was sent",
        EISCONN: "a connected socket sends to its peer only",
        EMSGSIZE: "longer than a message may be",
        ENETUNREACH: "no way leads there: the only network device of a world is down",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EOPNOTSUPP: "a stream of AF_UNIX takes no address",
        EPROTOTYPE: "the socket with that address is of another type",
        EPERM: "the socket with that address is connected with another",
    };
    example: "a: s = socket(AF_UNIX, SOCK_DGRAM)
a: bind(s, {AF_UNIX, \"\\x00here\"})
a: c = socket(AF_UNIX, SOCK_DGRAM)
a: sendto(c, \"hello\", 0, {AF_UNIX, \"\\x00here\"})    -> 5
a: recv(s, 100)                                    -> \"hello\"
a: sendto(c, \"hello\", 0, {AF_UNIX, \"\\x00nobody\"})  -> ECONNREFUSED";
}

call! {
    /// Receives a message, and who sent it: `{data, src_addr}`; `src_addr` is NULL where the sender has no address.
    fn recvfrom(sockfd: Fd, len: usize, flags: MessageFlags = 0) -> Value {
        let mut data = buffer(len)?;
        let mut from = vec![0u8; Address::ROOM];
        let mut length = libc::socklen_t::try_from(Address::ROOM).unwrap_or(0);
        let (at, from_at, length_at) = (data.as_mut_ptr().cast(), from.as_mut_ptr().cast(), &raw mut length);
        // SAFETY: recvfrom(2) fills at most the lengths given of the buffer and of the address, and stores the length of the latter.
        let received = kernel(|| unsafe { libc::recvfrom(sockfd.0, at, len, flags.0, from_at, length_at) })?;
        data.truncate(received.unsigned_abs());
        from.truncate(length as usize);
        Ok(Value::record([("data", Value::Bytes(data)), ("src_addr", Address(from).give())]))
    }
    const RECVFROM: "recvfrom(2)";
    traits: [Wakes, Receives];
    touches: [writes descriptor(sockfd)];
    blocks: "while there is nothing, and somebody may still send";
    errors: {
        EAGAIN: "nothing there, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_RCVTIMEO is over",
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran before anything was received",
        ENOTCONN: "a stream that is not connected",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
    };
    example: "a: s = socket(AF_UNIX, SOCK_DGRAM)
a: bind(s, {AF_UNIX, \"here\"})
a: c = socket(AF_UNIX, SOCK_DGRAM)
a: bind(c, {AF_UNIX, \"there\"})
a: sendto(c, \"hello\", 0, {AF_UNIX, \"here\"}) -> 5
a: recvfrom(s, 100) -> {data: \"hello\", src_addr: {AF_UNIX, \"there\"}}";
}
