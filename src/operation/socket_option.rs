//! Options of sockets; see getsockopt(2), socket(7).

mod form;
mod internet;
mod socket;
mod structures;
mod tcp;

pub use form::Form;
pub use structures::Ucred;

use super::argument::{Argument, Bytes, Fd, Id, Refusal, integer};
use super::entry::call;
use super::shape::buffer;
use super::socket_address::{
    AddressFamily, Protocol, Sockaddr, SockaddrIn, SockaddrIn6, SockaddrLl, SockaddrNl, SockaddrUn, SocketType,
};
use super::{Family, kernel};
use crate::value::{Type, Value};
use internet::{Discovery, IpOption, Ipv6Option};
use socket::{Level, NetlinkOption, SocketOption};
use structures::{
    GroupReq, GroupSourceReq, In6Pktinfo, InPktinfo, IpMreqSource, IpMreqn, Ipv6Mreq, Linger, SockExtendedErr, SockFilter,
    SockTxtime, Timeval,
};
use tcp::{TcpOption, TcpState, UdpOption};

/// Options of sockets.
pub static FAMILY: Family = Family {
    name: "socket_option",
    title: "Options of sockets",
    summary: "Options are numbers, most of them 0 or 1; some are strings, times or structs, in both directions: SO_LINGER takes and gives \
        `{l_onoff: 1, l_linger: 0}`, SO_RCVTIMEO takes `20ms`, SO_PEERCRED gives who was at the other end when the connection was made. A string \
        is taken for any option, byte for byte. With a time limit on its socket a call that waits `sleeps`: its end needs nobody else.",
    calls: &[&GETSOCKOPT, &SETSOCKOPT],
    constants: &[
        &Level::GROUP,
        &Protocol::GROUP,
        &SocketOption::GROUP,
        &IpOption::GROUP,
        &Ipv6Option::GROUP,
        &Discovery::GROUP,
        &TcpOption::GROUP,
        &TcpState::GROUP,
        &UdpOption::GROUP,
        &NetlinkOption::GROUP,
        &AddressFamily::GROUP,
        &SocketType::GROUP,
    ],
    structs: &[
        &Ucred::STRUCTURE,
        &Linger::STRUCTURE,
        &Timeval::STRUCTURE,
        &InPktinfo::STRUCTURE,
        &In6Pktinfo::STRUCTURE,
        &IpMreqn::STRUCTURE,
        &IpMreqSource::STRUCTURE,
        &Ipv6Mreq::STRUCTURE,
        &GroupReq::STRUCTURE,
        &GroupSourceReq::STRUCTURE,
        &SockFilter::STRUCTURE,
        &SockTxtime::STRUCTURE,
        &SockExtendedErr::STRUCTURE,
        &SockaddrUn::STRUCTURE,
        &SockaddrIn::STRUCTURE,
        &SockaddrIn6::STRUCTURE,
        &SockaddrNl::STRUCTURE,
        &SockaddrLl::STRUCTURE,
        &Sockaddr::STRUCTURE,
    ],
};

/// A level: that of sockets, or a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AnyLevel(i32);

impl Argument for AnyLevel {
    const TYPE: Type = Type::Either(&[Type::Constants(&Level::GROUP), Type::Constants(&Protocol::GROUP)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Self)
    }
}

/// An option of any level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AnyOption(i32);

impl Argument for AnyOption {
    const TYPE: Type = Type::Either(&[
        Type::Constants(&SocketOption::GROUP),
        Type::Constants(&IpOption::GROUP),
        Type::Constants(&Ipv6Option::GROUP),
        Type::Constants(&TcpOption::GROUP),
        Type::Constants(&UdpOption::GROUP),
        Type::Constants(&NetlinkOption::GROUP),
    ]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Self)
    }
}

call! {
    /// Gives an option of a socket: a number, a string, or the struct that it is.
    ///
    /// `optlen` is the room for it; of some options it chooses how much is told.
    fn getsockopt(sockfd: Fd, level: AnyLevel, optname: AnyOption, optlen: usize = 4096) -> Value {
        let mut bytes = buffer(optlen)?;
        let mut length = libc::socklen_t::try_from(optlen).unwrap_or(libc::socklen_t::MAX);
        let (at, length_at) = (bytes.as_mut_ptr().cast(), &raw mut length);
        // SAFETY: getsockopt(2) fills at most the length given of the buffer, and stores how much.
        kernel(|| unsafe { libc::getsockopt(sockfd.0, level.0, optname.0, at, length_at) })?;
        bytes.truncate(length as usize);
        Ok(form(level, optname).decode(&bytes))
    }
    const GETSOCKOPT: "getsockopt(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "`optlen` is no length for the option",
        ENODATA: "SO_PEERCRED and its like: nobody is at the other end",
        ENOPROTOOPT: "the level has no such option that can be read",
        ENOTCONN: "SO_PEERNAME, IP_MTU: not connected",
        ENOTSOCK: "not a socket",
        EOPNOTSUPP: "the family or the protocol of the socket has no such options",
        ERANGE: "SO_PEERGROUPS: `optlen` is not enough",
    };
    by: optname of level {
        [SOL_SOCKET] SO_TYPE => SocketType,
        [SOL_SOCKET] SO_DOMAIN => AddressFamily,
        [SOL_SOCKET] SO_PROTOCOL => Protocol,
        [SOL_SOCKET] SO_LINGER => Linger,
        [SOL_SOCKET] SO_RCVTIMEO SO_SNDTIMEO => Timeval,
        [SOL_SOCKET] SO_PEERCRED => Ucred,
        [SOL_SOCKET] SO_PEERGROUPS => Vec<Id>,
        [SOL_SOCKET] SO_PEERPIDFD => Fd,
        [SOL_SOCKET] SO_BINDTODEVICE SO_PEERSEC => Bytes,
        [SOL_SOCKET] SO_TXTIME => SockTxtime,
        [SOL_SOCKET] SO_DEBUG SO_REUSEADDR SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE SO_OOBINLINE SO_PRIORITY
            SO_REUSEPORT SO_PASSCRED SO_RCVLOWAT SO_SNDLOWAT SO_ACCEPTCONN SO_TIMESTAMP SO_PASSSEC SO_MARK SO_PEEK_OFF SO_INCOMING_CPU => i32,
        [IPPROTO_TCP] TCP_CONGESTION TCP_ULP => Bytes,
        [IPPROTO_TCP] TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2 TCP_DEFER_ACCEPT
            TCP_WINDOW_CLAMP TCP_QUICKACK TCP_USER_TIMEOUT TCP_FASTOPEN TCP_NOTSENT_LOWAT => i32,
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_STREAM)
a: getsockopt(one, SOL_SOCKET, SO_TYPE)     -> SOCK_STREAM
a: getsockopt(one, SOL_SOCKET, SO_PEERCRED) -> {pid: a, uid: 0, gid: 0}
a: t = socket(AF_INET, SOCK_STREAM)
a: getsockopt(t, IPPROTO_TCP, TCP_INFO)     -> {tcpi_state: TCP_CLOSE}";
}

call! {
    /// Sets an option of a socket: to a number, a string, a duration, or the struct that it is.
    fn setsockopt(sockfd: Fd, level: AnyLevel, optname: AnyOption, optval: Value = 0) -> () {
        let form = form(level, optname);
        let filter: Vec<u64>;
        let bytes = match &optval {
            Value::List(_) if form == Form::Filter => {
                filter = instructions(&optval)?;
                // struct sock_fprog: how many, padding, and where they are.
                let mut program = filter.len().to_ne_bytes().to_vec();
                program.extend(filter.as_ptr().expose_provenance().to_ne_bytes());
                program
            }
            value => form.encode(value)?,
        };
        let length = libc::socklen_t::try_from(bytes.len()).unwrap_or(libc::socklen_t::MAX);
        let at = bytes.as_ptr().cast();
        // SAFETY: setsockopt(2) reads the length given; a filter that the value points to outlives the call, too.
        kernel(|| unsafe { libc::setsockopt(sockfd.0, level.0, optname.0, at, length) })?;
        Ok(())
    }
    const SETSOCKOPT: "setsockopt(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EADDRINUSE: "a group that has been joined already",
        EADDRNOTAVAIL: "a group that has not been joined",
        EBADF: "not a descriptor of this process",
        EDOM: "a number out of range",
        EINVAL: "a value that the option does not take, or of a wrong length",
        EISCONN: "the option must be set before the connection",
        ENODEV: "no interface is called so, or has the index or the address",
        ENOENT: "TCP_CONGESTION: no such algorithm; SO_DETACH_FILTER: there is no filter",
        ENOPROTOOPT: "the level has no such option that can be set",
        ENOTCONN: "the option can be set on a connection alone",
        ENOTSOCK: "not a socket",
        EOPNOTSUPP: "the family or the protocol of the socket has no such option",
        EPERM: "the option needs a capability, CAP_NET_ADMIN in the user namespace of the network namespace; or SO_LOCK_FILTER is set",
    };
    by: optname of level {
        [SOL_SOCKET] SO_LINGER(optval: OrBytes<Linger>) => (),
        [SOL_SOCKET] SO_RCVTIMEO SO_SNDTIMEO(optval: TimeLimit) => (),
        [SOL_SOCKET] SO_BINDTODEVICE(optval: Bytes) => (),
        [SOL_SOCKET] SO_TXTIME(optval: OrBytes<SockTxtime>) => (),
        [SOL_SOCKET] SO_ATTACH_FILTER(optval: OrBytes<Vec<SockFilter>>) => (),
        [SOL_SOCKET] SO_DEBUG SO_REUSEADDR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_SNDBUFFORCE SO_RCVBUFFORCE SO_KEEPALIVE
            SO_OOBINLINE SO_PRIORITY SO_REUSEPORT SO_PASSCRED SO_RCVLOWAT SO_TIMESTAMP SO_PASSSEC SO_MARK SO_PEEK_OFF(optval: OrBytes<i64>) => (),
        [IPPROTO_IP] IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP(optval: OrBytes<IpMreqn>) => (),
        [IPPROTO_IPV6] IPV6_ADD_MEMBERSHIP IPV6_DROP_MEMBERSHIP(optval: OrBytes<Ipv6Mreq>) => (),
        [IPPROTO_TCP] TCP_CONGESTION TCP_ULP(optval: Bytes) => (),
        [IPPROTO_TCP] TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2 TCP_DEFER_ACCEPT
            TCP_WINDOW_CLAMP TCP_QUICKACK TCP_USER_TIMEOUT TCP_FASTOPEN TCP_NOTSENT_LOWAT(optval: OrBytes<i64>) => (),
    };
    example: "a: [one, two] = socketpair(AF_UNIX, SOCK_DGRAM)
a: setsockopt(one, SOL_SOCKET, SO_PASSCRED, 1)
a: getsockopt(one, SOL_SOCKET, SO_PASSCRED) -> 1
a: setsockopt(one, SOL_SOCKET, SO_TYPE, 1)  -> ENOPROTOOPT
a: setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, 20ms)
a: getsockopt(one, SOL_SOCKET, SO_RCVTIMEO) -> {tv_sec: 0, tv_usec: 20000}
a: recv(one, 10)                            -> EAGAIN";
}

/// What an option is, or its bytes: only the type is used, for the checker.
struct OrBytes<T>(T);

impl<T: Argument> Argument for OrBytes<T> {
    const TYPE: Type = Type::Either(&[T::TYPE, Type::Bytes]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        T::take(value).map(Self)
    }
}

/// A duration, a struct timeval, or its bytes.
struct TimeLimit;

impl Argument for TimeLimit {
    const TYPE: Type = Type::Either(&[Type::Timeout, Type::Struct(&Timeval::STRUCTURE), Type::Bytes]);
    fn take(_: &Value) -> Result<Self, Refusal> {
        Ok(Self)
    }
}

fn form(level: AnyLevel, option: AnyOption) -> Form {
    match level.0 {
        libc::SOL_SOCKET => socket::form(option.0),
        libc::IPPROTO_IP => internet::form(option.0),
        libc::IPPROTO_IPV6 => internet::form_6(option.0),
        libc::IPPROTO_TCP => tcp::form(option.0),
        libc::SOL_NETLINK => socket::netlink_form(option.0),
        _ => Form::Int,
    }
}

/// A classic filter as the kernel reads it, eight bytes an instruction.
fn instructions(list: &Value) -> Result<Vec<u64>, Refusal> {
    let instruction = |one: SockFilter| {
        let [c0, c1] = one.code.to_ne_bytes();
        let [k0, k1, k2, k3] = one.k.to_ne_bytes();
        u64::from_ne_bytes([c0, c1, one.jt, one.jf, k0, k1, k2, k3])
    };
    Ok(Vec::<SockFilter>::take(list)?.into_iter().map(instruction).collect())
}
