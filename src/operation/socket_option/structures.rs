//! The structs that options and control messages of sockets are; see socket(7), ip(7), ipv6(7).

use crate::operation::argument::{Id, Pid};
use crate::operation::entry::structure;
use crate::operation::socket_address::{Internet6Address, InternetAddress, Peer};

structure! {
    /// Who sent a message, or is at the other end of a socket.
    Ucred = "ucred" { pid: Pid, uid: Id, gid: Id }
    /// Whether close waits until all is sent, and for how many seconds; for 0 seconds it resets the connection.
    Linger = "linger" { l_onoff: i32, l_linger: i32 }
    /// A time in seconds and microseconds; 0 for a time limit is none.
    Timeval = "timeval" { tv_sec: i64, tv_usec: i64 }
    /// An interface and addresses: where a packet of version 4 came in, or is to go out.
    InPktinfo = "in_pktinfo" { ipi_ifindex: i32, ipi_spec_dst: InternetAddress, ipi_addr: InternetAddress }
    /// An address and an interface: where a packet of version 6 came in, or is to go out.
    In6Pktinfo = "in6_pktinfo" { ipi6_addr: Internet6Address, ipi6_ifindex: u32 }
    /// A group, and the interface on which it is joined: its address, or its index.
    IpMreqn = "ip_mreqn" { imr_multiaddr: InternetAddress, imr_address: InternetAddress, imr_ifindex: i32 }
    /// A group, an interface, and one who sends to the group.
    IpMreqSource = "ip_mreq_source" {
        imr_multiaddr: InternetAddress, imr_interface: InternetAddress, imr_sourceaddr: InternetAddress,
    }
    /// A group of version 6, and the index of the interface on which it is joined.
    Ipv6Mreq = "ipv6_mreq" { ipv6mr_multiaddr: Internet6Address, ipv6mr_interface: u32 }
    /// A group of any version, and the index of an interface.
    GroupReq = "group_req" { gr_interface: u32, gr_group: Peer }
    /// A group of any version, the index of an interface, and one who sends to the group.
    GroupSourceReq = "group_source_req" { gsr_interface: u32, gsr_group: Peer, gsr_source: Peer }
    /// One instruction of a classic filter; see bpf in packet(7): `{0x06, 0, 0, 0}` lets nothing pass.
    SockFilter = "sock_filter" { code: u16, jt: u8, jf: u8, k: u32 }
    /// When to send; see SO_TXTIME.
    SockTxtime = "sock_txtime" { clockid: i32, flags: u32 }
    /// An error that waits in the queue of errors, and who reported it.
    SockExtendedErr = "sock_extended_err" {
        ee_errno: u32, ee_origin: u8, ee_type: u8, ee_code: u8, ee_info: u32, ee_data: u32, offender: Peer,
    }
}
