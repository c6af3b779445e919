//! Options of every socket, and those of AF_NETLINK; see socket(7), netlink(7).

use super::form::Form;
use crate::operation::entry::constants;

constants! {
    /// levels of options
    choice Level(i32) {
        SOL_SOCKET, "of every socket";
        SOL_RAW, "of SOCK_RAW";
        SOL_PACKET, "of AF_PACKET";
        SOL_NETLINK, "of AF_NETLINK";
        SOL_VSOCK = 287, "of AF_VSOCK";
        SOL_ALG, "of AF_ALG";
        SOL_TLS, "of TLS over TCP";
        SOL_XDP = 283, "of AF_XDP";
        SOL_MPTCP = 284, "of TCP over several paths";
        SOL_IP = 0, "another name of IPPROTO_IP";
        SOL_TCP = 6, "another name of IPPROTO_TCP";
        SOL_UDP = 17, "another name of IPPROTO_UDP";
        SOL_IPV6 = 41, "another name of IPPROTO_IPV6";
        SOL_ICMPV6 = 58, "another name of IPPROTO_ICMPV6";
    }
    /// options of the level SOL_SOCKET
    choice SocketOption(i32) {
        SO_ACCEPTCONN, "does it listen? read only";
        SO_ATTACH_BPF = 50, "sets a filter: the descriptor of a program; write only";
        SO_ATTACH_FILTER, "sets a filter: a list of sock_filter; write only";
        SO_ATTACH_REUSEPORT_CBPF = 51, "sets who of SO_REUSEPORT is chosen: a list of sock_filter; write only";
        SO_ATTACH_REUSEPORT_EBPF = 52, "sets who of SO_REUSEPORT is chosen: the descriptor of a program; write only";
        SO_BINDTODEVICE, "the name of the only interface that it uses; \"\" for any";
        SO_BINDTOIFINDEX = 62, "the index of the only interface that it uses; 0 for any";
        SO_BPF_EXTENSIONS = 48, "which extensions filters have; read only";
        SO_BROADCAST, "may it send to broadcast addresses?";
        SO_BSDCOMPAT, "gone from Linux, still taken";
        SO_BUF_LOCK = 72, "which of its buffers keep the size that was set";
        SO_BUSY_POLL, "how long to wait without sleeping, in microseconds";
        SO_BUSY_POLL_BUDGET = 70, "how many packets one such wait takes";
        SO_CNX_ADVICE = 53, "1: look for another way to the peer; write only";
        SO_COOKIE = 57, "a number that no other socket of the network namespace ever has; read only";
        SO_DEBUG, "is it debugged?";
        SO_DETACH_BPF = 27, "another name of SO_DETACH_FILTER";
        SO_DETACH_FILTER, "takes the filter away; write only";
        SO_DETACH_REUSEPORT_BPF = 68, "takes what SO_ATTACH_REUSEPORT_CBPF set away; write only";
        SO_DEVMEM_DONTNEED = 80, "gives memory of a device back; write only";
        SO_DOMAIN, "its address family; read only";
        SO_DONTROUTE, "does it send only to what is connected directly?";
        SO_ERROR, "the error that waits, which is cleared by asking; read only";
        SO_GET_FILTER = 26, "the filter, as bytes; read only";
        SO_INCOMING_CPU, "the processor that took its last packet";
        SO_INCOMING_NAPI_ID = 56, "the queue of a device that its last packet came by; read only";
        SO_INQ = 84, "AF_UNIX: do messages come with SCM_INQ, how many bytes are left?";
        SO_KEEPALIVE, "are idle connections tested?";
        SO_LINGER, "does close wait until all is sent, or reset the connection? a linger";
        SO_LOCK_FILTER = 44, "may the filter not be changed any more?";
        SO_MARK, "the mark of what it sends; needs CAP_NET_ADMIN or CAP_NET_RAW";
        SO_MAX_PACING_RATE = 47, "bytes a second at most";
        SO_MEMINFO = 55, "how much memory it takes, as a list; read only";
        SO_NETNS_COOKIE = 71, "a number that no other network namespace ever has; read only";
        SO_NOFCS = 43, "does it send frames without a checksum?";
        SO_NO_CHECK, "UDP: does it send without a checksum?";
        SO_OOBINLINE, "does out-of-band data come with the rest?";
        SO_PASSCRED, "do messages come with credentials?";
        SO_PASSPIDFD = 76, "do messages come with a pidfd?";
        SO_PASSRIGHTS = 83, "may messages carry descriptors?";
        SO_PASSSEC, "do messages come with a security label?";
        SO_PEEK_OFF, "where MSG_PEEK looks; -1: at the front";
        SO_PEERCRED, "who is at the other end, as a ucred; read only";
        SO_PEERGROUPS = 59, "the groups of who is at the other end, as a list; read only";
        SO_PEERNAME = 28, "the address of the other end; read only";
        SO_PEERPIDFD = 77, "gives a pidfd of who is at the other end; read only";
        SO_PEERSEC, "the security label of who is at the other end; read only";
        SO_PREFER_BUSY_POLL = 69, "is waiting without sleeping to be preferred?";
        SO_PRIORITY, "the priority of what it sends";
        SO_PROTOCOL, "its protocol; read only";
        SO_RCVBUF, "room for what is received; the kernel doubles what is set";
        SO_RCVBUFFORCE, "the same beyond the limit; needs CAP_NET_ADMIN";
        SO_RCVLOWAT, "how much must be there before recv goes on";
        SO_RCVMARK = 75, "do messages come with SO_MARK?";
        SO_RCVPRIORITY = 82, "do messages come with SO_PRIORITY?";
        SO_RCVTIMEO, "a time limit of receiving and accepting: a duration or a timeval; 0 for none";
        SO_RCVTIMEO_NEW = 66, "the same with 64 bits on every machine";
        SO_RCVTIMEO_OLD = 20, "the same with the machine's own long";
        SO_RESERVE_MEM = 73, "bytes of memory that are kept for it";
        SO_REUSEADDR, "may an address be bound that is still in use by an old connection?";
        SO_REUSEPORT, "may several sockets bind the same port?";
        SO_RXQ_OVFL = 40, "do messages come with how many were lost?";
        SO_SECURITY_AUTHENTICATION = 22, "not supported by Linux";
        SO_SECURITY_ENCRYPTION_NETWORK = 24, "not supported by Linux";
        SO_SECURITY_ENCRYPTION_TRANSPORT = 23, "not supported by Linux";
        SO_SELECT_ERR_QUEUE = 45, "is an error that waits an exception for select? always on";
        SO_SNDBUF, "room for what is sent; the kernel doubles what is set";
        SO_SNDBUFFORCE, "the same beyond the limit; needs CAP_NET_ADMIN";
        SO_SNDLOWAT, "always 1; read only";
        SO_SNDTIMEO, "a time limit of sending and connecting: a duration or a timeval; 0 for none";
        SO_SNDTIMEO_NEW = 67, "the same with 64 bits on every machine";
        SO_SNDTIMEO_OLD = 21, "the same with the machine's own long";
        SO_TIMESTAMP, "do messages come with the time of their receipt?";
        SO_TIMESTAMPING = 37, "which times do messages come with?";
        SO_TIMESTAMPING_NEW = 65, "the same with 64 bits on every machine";
        SO_TIMESTAMPING_OLD = 37, "the same with the machine's own long";
        SO_TIMESTAMPNS = 35, "do messages come with the time of their receipt, in nanoseconds?";
        SO_TIMESTAMPNS_NEW = 64, "the same with 64 bits on every machine";
        SO_TIMESTAMPNS_OLD = 35, "the same with the machine's own long";
        SO_TIMESTAMP_NEW = 63, "SO_TIMESTAMP with 64 bits on every machine";
        SO_TIMESTAMP_OLD = 29, "SO_TIMESTAMP with the machine's own long";
        SO_TXREHASH = 74, "may it look for another way after losses?";
        SO_TXTIME = 61, "do messages say when they are to be sent? a sock_txtime";
        SO_TYPE, "its type; read only";
        SO_WIFI_STATUS = 41, "do messages come with whether the radio was answered?";
        SO_ZEROCOPY, "may MSG_ZEROCOPY be used?";
    }
    /// options of the level SOL_NETLINK
    choice NetlinkOption(i32) {
        NETLINK_ADD_MEMBERSHIP = 1, "joins a group; write only";
        NETLINK_DROP_MEMBERSHIP = 2, "leaves a group; write only";
        NETLINK_PKTINFO = 3, "do messages come with their group?";
        NETLINK_BROADCAST_ERROR = 4, "are failures of broadcasts reported?";
        NETLINK_NO_ENOBUFS = 5, "is no ENOBUFS reported when messages are lost?";
        NETLINK_RX_RING = 6, "gone from Linux";
        NETLINK_TX_RING = 7, "gone from Linux";
        NETLINK_LISTEN_ALL_NSID = 8, "do messages come from all network namespaces that are known by number?";
        NETLINK_LIST_MEMBERSHIPS = 9, "the groups, as bits; read only";
        NETLINK_CAP_ACK = 10, "do answers leave the question out?";
        NETLINK_EXT_ACK = 11, "do answers explain errors?";
        NETLINK_GET_STRICT_CHK = 12, "are questions for lists checked strictly?";
    }
}

/// The form of an option of SOL_SOCKET.
pub(super) fn form(option: i32) -> Form {
    match option {
        libc::SO_LINGER => Form::Linger,
        libc::SO_RCVTIMEO | libc::SO_SNDTIMEO | 66 | 67 => Form::Timeval,
        libc::SO_BINDTODEVICE | libc::SO_PEERSEC => Form::Text,
        libc::SO_PEERCRED => Form::Ucred,
        libc::SO_ATTACH_FILTER | 51 => Form::Filter,
        28 => Form::Address,
        59 => Form::Groups,
        77 => Form::Fd,
        47 | 57 | 71 => Form::Long,
        55 => Form::Words,
        61 => Form::TxTime,
        _ => Form::Int,
    }
}

/// The form of an option of SOL_NETLINK.
pub(super) fn netlink_form(option: i32) -> Form {
    if option == 9 { Form::Words } else { Form::Int }
}
