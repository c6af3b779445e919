//! Messages that carry descriptors and credentials; see sendmsg(2), recvmsg(2), unix(7).

mod batch;
mod control;

pub use control::Control;

use super::argument::Fd;
use super::entry::{call, structure};
use super::shape::buffer;
use super::socket_address::{
    Address, AddressFamily, Content, Peer, Sockaddr, SockaddrIn, SockaddrIn6, SockaddrLl, SockaddrNl, SockaddrUn,
};
use super::socket_option::Ucred;
use super::socket_transfer::MessageFlags;
use super::{Family, kernel};

/// Passing descriptors and credentials.
pub static FAMILY: Family = Family {
    name: "socket_message",
    title: "Passing descriptors and credentials",
    summary: "A message over AF_UNIX may carry descriptors: the receiver gets new ones of its own for the same open file descriptions, whether or not \
        the sender closes its own. Credentials come with each message once the receiver has set SO_PASSCRED: pid, uid \
        and gid of the sender, as the receiver's namespaces see them.",
    calls: &[&SENDMSG, &RECVMSG, &batch::SENDMMSG, &batch::RECVMMSG],
    constants: &[&MessageFlags::GROUP, &AddressFamily::GROUP],
    structs: &[
        &Msghdr::STRUCTURE,
        &Ucred::STRUCTURE,
        &SockaddrUn::STRUCTURE,
        &SockaddrIn::STRUCTURE,
        &SockaddrIn6::STRUCTURE,
        &SockaddrNl::STRUCTURE,
        &SockaddrLl::STRUCTURE,
        &Sockaddr::STRUCTURE,
    ],
};

structure! {
    /// A message: its bytes, what it carries besides, flags of its receipt, and the other side's address where it has one.
    Msghdr = "msghdr" { data: Content, control: Control, flags: MessageFlags, name: Peer }
}

call! {
    /// Sends a message `{data, control}`, with `name: address` where the socket is not connected; gives how many bytes were taken.
    ///
    /// `control: [{SCM_RIGHTS: [fd]}]` passes descriptors; at least one byte of data must go with them over a stream.
    fn sendmsg(sockfd: Fd, msg: Msghdr, flags: MessageFlags = 0) -> isize {
        let mut data = msg.data.0;
        let mut control = msg.control.0;
        let mut name = msg.name.0.map_or_else(Vec::new, |address| address.0);
        let mut vector = libc::iovec { iov_base: data.as_mut_ptr().cast(), iov_len: data.len() };
        let header = header(&mut name, &mut vector, &mut control);
        // SAFETY: sendmsg(2) reads what the header points to; all of it outlives the call.
        Ok(kernel(|| unsafe { libc::sendmsg(sockfd.0, &raw const header, flags.0) })?)
    }
    const SENDMSG: "sendmsg(2)";
    traits: [Wakes, Sends];
    touches: [writes beyond];
    blocks: "while the receiver has no room for it";
    errors: {
        EAGAIN: "no room, and MSG_DONTWAIT is set, the socket is nonblocking, or SO_SNDTIMEO is over",
        EBADF: "the socket, or a descriptor to be passed, is not a descriptor of this process",
        ECONNREFUSED: "nobody has that address",
        EINTR: "a handler ran before anything was sent",
        EINVAL: "more than 253 descriptors, or control data of a wrong size",
        EMSGSIZE: "longer than a message may be",
        ENOTCONN: "the socket has no peer: it was neither connected nor accepted",
        ENOTSOCK: "the descriptor is of something else than a socket: a file, a pipe",
        EPERM: "SCM_CREDENTIALS with somebody else's pid, uid or gid, and no capability for it",
        EPIPE: "the peer is gone, and MSG_NOSIGNAL is set or SIGPIPE is ignored or handled",
        ESRCH: "SCM_CREDENTIALS with a pid that nobody has",
        ETOOMANYREFS: "more descriptors on their way than RLIMIT_NOFILE allows, and no CAP_SYS_RESOURCE",
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_STREAM)
a: [r, w] = pipe()
a: sendmsg(one, {data: \"x\", control: [{SCM_RIGHTS: [w]}]}) -> 1
a: close(w)
a: m = recvmsg(two, 10)
expect m.data == \"x\"
a: write(m.control[0].SCM_RIGHTS[0], \"through\")
a: read(r, 100) -> \"through\"";
}

call! {
    /// Receives a message of at most `len` bytes: `{data, control: [{SCM_RIGHTS: [fd]}], flags, name}`.
    ///
    /// `controllen` is the room for control data; what does not fit is lost and MSG_CTRUNC set, descriptors are closed.
    fn recvmsg(sockfd: Fd, len: usize, flags: MessageFlags = 0, controllen: usize = 4096) -> Msghdr {
        let mut data = buffer(len)?;
        let mut control = buffer(controllen)?;
        let mut name = vec![0u8; Address::ROOM];
        let mut vector = libc::iovec { iov_base: data.as_mut_ptr().cast(), iov_len: data.len() };
        let mut header = header(&mut name, &mut vector, &mut control);
        // SAFETY: recvmsg(2) fills what the header points to, within the lengths given; all of it outlives the call.
        let length = kernel(|| unsafe { libc::recvmsg(sockfd.0, &raw mut header, flags.0) })?;
        Ok(received(data, control, name, length.unsigned_abs(), &header))
    }
    const RECVMSG: "recvmsg(2)";
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
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_DGRAM)
a: setsockopt(two, SOL_SOCKET, SO_PASSCRED, 1)
a: send(one, \"hello\")
a: recvmsg(two, 3) -> {data: \"hel\", control: [{SCM_CREDENTIALS: {pid: a, uid: 0, gid: 0}}], flags: MSG_TRUNC}";
}

/// What the kernel has filled in, cut to its lengths.
fn received(mut data: Vec<u8>, mut control: Vec<u8>, mut name: Vec<u8>, length: usize, header: &libc::msghdr) -> Msghdr {
    // Under MSG_TRUNC the kernel tells the whole length of a message, of which no more than the buffer was stored.
    data.truncate(length);
    control.truncate(header.msg_controllen);
    name.truncate(header.msg_namelen as usize);
    let name = (!name.is_empty()).then_some(Address(name));
    Msghdr { data: Content(data), control: Control(control), flags: MessageFlags(header.msg_flags), name: Peer(name) }
}

fn header(name: &mut [u8], vector: &mut libc::iovec, control: &mut [u8]) -> libc::msghdr {
    // SAFETY: struct msghdr is integers and pointers, for which zero is a value.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    if !name.is_empty() {
        header.msg_name = name.as_mut_ptr().cast();
        header.msg_namelen = libc::socklen_t::try_from(name.len()).unwrap_or(0);
    }
    header.msg_iov = vector;
    header.msg_iovlen = 1;
    if !control.is_empty() {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = control.len();
    }
    header
}
