//! Several messages by one call; see sendmmsg(2), recvmmsg(2).

use super::{Msghdr, header, received};
use crate::operation::argument::{Argument, Fd, Refusal, Timeout};
use crate::operation::entry::call;
use crate::operation::kernel;
use crate::operation::shape::buffer;
use crate::operation::socket_address::Address;
use crate::operation::socket_transfer::MessageFlags;
use crate::value::{Type, Value};

/// Room for the control data of each message of a batch.
const CONTROL: usize = 4096;

/// Of one message: its bytes, its control data, and the address of its sender.
type Buffers = (Vec<u8>, Vec<u8>, Vec<u8>);

/// A time that the kernel looks at only after each message, so that it ends nothing: the call is not one that ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Checked(Timeout);

impl Argument for Checked {
    const TYPE: Type = Type::Either(&[Timeout::TYPE]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        Timeout::take(value).map(Self)
    }
}

call! {
    /// Sends several messages, each as `sendmsg` does, and gives how many were sent.
    ///
    /// The first that fails ends the call; its error is told only if it was the very first.
    fn sendmmsg(sockfd: Fd, msgvec: Vec<Msghdr>, flags: MessageFlags = 0) -> i32 {
        let mut parts: Vec<_> = msgvec
            .into_iter()
            .map(|message| (message.data.0, message.control.0, message.name.0.map_or_else(Vec::new, |address| address.0)))
            .collect();
        let mut vectors: Vec<libc::iovec> =
            parts.iter_mut().map(|(data, ..)| libc::iovec { iov_base: data.as_mut_ptr().cast(), iov_len: data.len() }).collect();
        let mut headers: Vec<libc::mmsghdr> = parts
            .iter_mut()
            .zip(&mut vectors)
            .map(|((_, control, name), vector)| libc::mmsghdr { msg_hdr: header(name, vector, control), msg_len: 0 })
            .collect();
        let count = u32::try_from(headers.len()).unwrap_or(u32::MAX);
        let at = headers.as_mut_ptr();
        // SAFETY: sendmmsg(2) reads what the headers point to, and stores a length in each; all of it outlives the call.
        Ok(kernel(|| unsafe { libc::sendmmsg(sockfd.0, at, count, flags.0) })?)
    }
    const SENDMMSG: "sendmmsg(2)";
    traits: [Wakes, Sends];
    touches: [writes beyond];
    blocks: "while the receiver has no room for the next";
    errors: {
        EAGAIN: "no room, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_SNDTIMEO is over",
        EBADF: "not a descriptor of this process",
        ECONNREFUSED: "nobody has that address",
        EINTR: "a handler ran before anything was sent",
        EMSGSIZE: "longer than a message may be",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EPIPE: "the peer is gone, and MSG_NOSIGNAL is set or SIGPIPE is ignored or handled",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_DGRAM)
a: sendmmsg(one, [{data: \"first\"}, {data: \"second\"}]) -> 2
a: recv(two, 100)                                     -> \"first\"
a: recv(two, 100)                                     -> \"second\"";
}

call! {
    /// Receives several messages, as many as `msgvec` has lengths, and gives them as `recvmsg` does.
    ///
    /// The time is looked at after each message only: it never wakes a call that waits.
    fn recvmmsg(sockfd: Fd, msgvec: Vec<usize>, flags: MessageFlags = 0, timeout: Checked = 0) -> Vec<Msghdr> {
        let mut parts = Vec::with_capacity(msgvec.len());
        for length in msgvec {
            parts.push((buffer(length)?, buffer(CONTROL)?, vec![0u8; Address::ROOM]));
        }
        let mut vectors: Vec<libc::iovec> =
            parts.iter_mut().map(|(data, ..)| libc::iovec { iov_base: data.as_mut_ptr().cast(), iov_len: data.len() }).collect();
        let mut headers: Vec<libc::mmsghdr> = parts
            .iter_mut()
            .zip(&mut vectors)
            .map(|((_, control, name), vector)| libc::mmsghdr { msg_hdr: header(name, vector, control), msg_len: 0 })
            .collect();
        let count = u32::try_from(headers.len()).unwrap_or(u32::MAX);
        let at = headers.as_mut_ptr();
        let mut limit = timeout.0.timespec();
        let limit = limit.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
        // SAFETY: recvmmsg(2) fills what the headers point to, within the lengths given, and the time; all of it outlives the call.
        let count = kernel(|| unsafe { libc::recvmmsg(sockfd.0, at, count, flags.0, limit) })?;
        let filled = usize::try_from(count).unwrap_or(0);
        let one = |((data, control, name), one): (Buffers, libc::mmsghdr)| {
            received(data, control, name, one.msg_len as usize, &one.msg_hdr)
        };
        Ok(parts.into_iter().zip(headers).take(filled).map(one).collect())
    }
    const RECVMMSG: "recvmmsg(2)";
    traits: [Wakes, Receives];
    blocks: "until all have come; with MSG_WAITFORONE until one has";
    errors: {
        EAGAIN: "nothing there, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_RCVTIMEO is over",
        EBADF: "not a descriptor of this process",
        EINTR: "a handler ran before anything was received",
        EINVAL: "a time that is none",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_DGRAM)
a: sendmmsg(one, [{data: \"first\"}, {data: \"second\"}])
a: recvmmsg(two, [100, 3, 100], MSG_WAITFORONE) -> [{data: \"first\"}, {data: \"sec\", flags: MSG_TRUNC}]";
}
