//! Options of the Internet protocols; see ip(7), ipv6(7).

use super::form::Form;
use crate::operation::entry::constants;

constants! {
    /// options of the level IPPROTO_IP
    choice IpOption(i32) {
        IP_TOS = 1, "the type of service of what is sent";
        IP_TTL = 2, "how many routers what is sent may pass";
        IP_HDRINCL = 3, "SOCK_RAW: does what is sent begin with its header?";
        IP_OPTIONS = 4, "options of each packet, as bytes";
        IP_ROUTER_ALERT = 5, "does it take packets that routers must look at?";
        IP_RECVOPTS = 6, "do messages come with IP_RECVOPTS, the options of the packet?";
        IP_RETOPTS = 7, "do messages come with IP_RETOPTS, the options for an answer?";
        IP_RECVRETOPTS = 7, "another name of IP_RETOPTS";
        IP_PKTINFO = 8, "do messages come with IP_PKTINFO, where they came in?";
        IP_PKTOPTIONS = 9, "the control messages of a stream, as bytes; read only";
        IP_MTU_DISCOVER = 10, "is the length of packets found out? one of IP_PMTUDISC_DONT and so on";
        IP_PMTUDISC = 10, "another name of IP_MTU_DISCOVER";
        IP_RECVERR = 11, "are errors kept in the queue of errors, for MSG_ERRQUEUE?";
        IP_RECVTTL = 12, "do messages come with IP_TTL?";
        IP_RECVTOS = 13, "do messages come with IP_TOS?";
        IP_MTU = 14, "how long packets to the peer may be; read only";
        IP_FREEBIND = 15, "may an address be bound that the network namespace does not have?";
        IP_IPSEC_POLICY = 16, "a rule of IPsec; needs CAP_NET_ADMIN";
        IP_XFRM_POLICY = 17, "a rule of IPsec; needs CAP_NET_ADMIN";
        IP_PASSSEC = 18, "do messages come with a security label?";
        IP_TRANSPARENT = 19, "may it act for addresses of others? needs CAP_NET_ADMIN";
        IP_ORIGDSTADDR = 20, "do messages come with IP_ORIGDSTADDR, whom they were for?";
        IP_RECVORIGDSTADDR = 20, "another name of IP_ORIGDSTADDR";
        IP_MINTTL = 21, "the least IP_TTL that is accepted";
        IP_NODEFRAG = 22, "SOCK_RAW: are fragments left alone?";
        IP_CHECKSUM = 23, "do messages come with their checksum?";
        IP_BIND_ADDRESS_NO_PORT = 24, "does bind with port 0 leave the port to connect?";
        IP_RECVFRAGSIZE = 25, "do messages come with the length of the largest fragment?";
        IP_RECVERR_RFC4884 = 26, "do errors come with where their extensions begin?";
        IP_MULTICAST_IF = 32, "the interface that multicasts go out by, as an address or an ip_mreqn";
        IP_MULTICAST_TTL = 33, "how many routers multicasts may pass";
        IP_MULTICAST_LOOP = 34, "do multicasts come back to this machine?";
        IP_ADD_MEMBERSHIP = 35, "joins a group; write only";
        IP_DROP_MEMBERSHIP = 36, "leaves a group; write only";
        IP_UNBLOCK_SOURCE = 37, "takes somebody's multicasts again; write only";
        IP_BLOCK_SOURCE = 38, "takes somebody's multicasts no more; write only";
        IP_ADD_SOURCE_MEMBERSHIP = 39, "joins a group for one sender; write only";
        IP_DROP_SOURCE_MEMBERSHIP = 40, "leaves a group for one sender; write only";
        IP_MSFILTER = 41, "whose multicasts are taken, as bytes";
        MCAST_JOIN_GROUP = 42, "joins a group of any version; write only";
        MCAST_BLOCK_SOURCE = 43, "takes somebody's multicasts no more, of any version; write only";
        MCAST_UNBLOCK_SOURCE = 44, "takes somebody's multicasts again, of any version; write only";
        MCAST_LEAVE_GROUP = 45, "leaves a group of any version; write only";
        MCAST_JOIN_SOURCE_GROUP = 46, "joins a group for one sender, of any version; write only";
        MCAST_LEAVE_SOURCE_GROUP = 47, "leaves a group for one sender, of any version; write only";
        MCAST_MSFILTER = 48, "whose multicasts are taken, of any version, as bytes";
        IP_MULTICAST_ALL = 49, "does it take groups that others on the machine have joined?";
        IP_UNICAST_IF = 50, "the index of the interface that unicasts go out by, in network order";
        IP_LOCAL_PORT_RANGE = 51, "the ports to choose from: the highest times 65536, plus the lowest";
        IP_PROTOCOL = 52, "the protocol; read only";
    }
    /// options of the level IPPROTO_IPV6
    choice Ipv6Option(i32) {
        IPV6_ADDRFORM = 1, "makes a socket of AF_INET of one that is connected with such an address";
        IPV6_2292PKTINFO = 2, "IPV6_RECVPKTINFO as it was";
        IPV6_2292HOPOPTS = 3, "IPV6_RECVHOPOPTS as it was";
        IPV6_2292DSTOPTS = 4, "IPV6_RECVDSTOPTS as it was";
        IPV6_2292RTHDR = 5, "IPV6_RECVRTHDR as it was";
        IPV6_2292PKTOPTIONS = 6, "the control messages of a stream, as bytes";
        IPV6_CHECKSUM = 7, "SOCK_RAW: where the checksum stands";
        IPV6_2292HOPLIMIT = 8, "IPV6_RECVHOPLIMIT as it was";
        IPV6_NEXTHOP = 9, "not supported by Linux";
        IPV6_AUTHHDR = 10, "not supported by Linux";
        IPV6_FLOWINFO = 11, "do messages come with their flow?";
        IPV6_UNICAST_HOPS = 16, "how many routers what is sent may pass; -1 for the default";
        IPV6_MULTICAST_IF = 17, "the index of the interface that multicasts go out by";
        IPV6_MULTICAST_HOPS = 18, "how many routers multicasts may pass";
        IPV6_MULTICAST_LOOP = 19, "do multicasts come back to this machine?";
        IPV6_JOIN_GROUP = 20, "joins a group; write only";
        IPV6_ADD_MEMBERSHIP = 20, "another name of IPV6_JOIN_GROUP";
        IPV6_LEAVE_GROUP = 21, "leaves a group; write only";
        IPV6_DROP_MEMBERSHIP = 21, "another name of IPV6_LEAVE_GROUP";
        IPV6_ROUTER_ALERT = 22, "SOCK_RAW: does it take packets that routers must look at?";
        IPV6_MTU_DISCOVER = 23, "is the length of packets found out? one of IPV6_PMTUDISC_DONT and so on";
        IPV6_MTU = 24, "how long packets may be";
        IPV6_RECVERR = 25, "are errors kept in the queue of errors, for MSG_ERRQUEUE?";
        IPV6_V6ONLY = 26, "does it take version 6 alone?";
        IPV6_JOIN_ANYCAST = 27, "takes an anycast address; write only";
        IPV6_LEAVE_ANYCAST = 28, "gives an anycast address back; write only";
        IPV6_MULTICAST_ALL = 29, "does it take groups that others on the machine have joined?";
        IPV6_ROUTER_ALERT_ISOLATE = 30, "are such packets taken of this network namespace alone?";
        IPV6_RECVERR_RFC4884 = 31, "do errors come with where their extensions begin?";
        IPV6_FLOWLABEL_MGR = 32, "labels of flows, as bytes";
        IPV6_FLOWINFO_SEND = 33, "is the flow of addresses used?";
        IPV6_IPSEC_POLICY = 34, "a rule of IPsec; needs CAP_NET_ADMIN";
        IPV6_XFRM_POLICY = 35, "a rule of IPsec; needs CAP_NET_ADMIN";
        IPV6_HDRINCL = 36, "SOCK_RAW: does what is sent begin with its header?";
        IPV6_RECVPKTINFO = 49, "do messages come with IPV6_PKTINFO, where they came in?";
        IPV6_PKTINFO = 50, "where all that is sent goes out, as an in6_pktinfo";
        IPV6_RECVHOPLIMIT = 51, "do messages come with IPV6_HOPLIMIT?";
        IPV6_HOPLIMIT = 52, "control message: how many routers it may still pass";
        IPV6_RECVHOPOPTS = 53, "do messages come with IPV6_HOPOPTS?";
        IPV6_HOPOPTS = 54, "options for each hop, as bytes";
        IPV6_RXHOPOPTS = 54, "another name of IPV6_HOPOPTS";
        IPV6_RTHDRDSTOPTS = 55, "options for each router of a list, as bytes";
        IPV6_RECVRTHDR = 56, "do messages come with IPV6_RTHDR?";
        IPV6_RTHDR = 57, "a list of routers, as bytes";
        IPV6_RECVDSTOPTS = 58, "do messages come with IPV6_DSTOPTS?";
        IPV6_DSTOPTS = 59, "options for the destination, as bytes";
        IPV6_RXDSTOPTS = 59, "another name of IPV6_DSTOPTS";
        IPV6_RECVPATHMTU = 60, "do messages come with IPV6_PATHMTU?";
        IPV6_PATHMTU = 61, "how long packets to the peer may be, as bytes; read only";
        IPV6_DONTFRAG = 62, "is what is too long refused, not cut?";
        IPV6_RECVTCLASS = 66, "do messages come with IPV6_TCLASS?";
        IPV6_TCLASS = 67, "the class of what is sent; -1 for the default";
        IPV6_AUTOFLOWLABEL = 70, "are flows labelled by themselves?";
        IPV6_ADDR_PREFERENCES = 72, "which of its own addresses is taken";
        IPV6_MINHOPCOUNT = 73, "the least hop limit that is accepted";
        IPV6_ORIGDSTADDR = 74, "do messages come with IPV6_ORIGDSTADDR, whom they were for?";
        IPV6_RECVORIGDSTADDR = 74, "another name of IPV6_ORIGDSTADDR";
        IPV6_TRANSPARENT = 75, "may it act for addresses of others? needs CAP_NET_ADMIN";
        IPV6_UNICAST_IF = 76, "the index of the interface that unicasts go out by, in network order";
        IPV6_RECVFRAGSIZE = 77, "do messages come with the length of the largest fragment?";
        IPV6_FREEBIND = 78, "may an address be bound that the network namespace does not have?";
    }
    /// how the length of packets is found out
    choice Discovery(i32) {
        IP_PMTUDISC_DONT = 0, "never";
        IP_PMTUDISC_WANT = 1, "as the route has it";
        IP_PMTUDISC_DO = 2, "always: what is too long is refused";
        IP_PMTUDISC_PROBE = 3, "always, and what is known is passed over";
        IP_PMTUDISC_INTERFACE = 4, "never, and nobody's report is believed";
        IP_PMTUDISC_OMIT = 5, "like INTERFACE, but what is too long is cut";
        IPV6_PMTUDISC_DONT = 0, "never";
        IPV6_PMTUDISC_WANT = 1, "as the route has it";
        IPV6_PMTUDISC_DO = 2, "always: what is too long is refused";
        IPV6_PMTUDISC_PROBE = 3, "always, and what is known is passed over";
        IPV6_PMTUDISC_INTERFACE = 4, "never, and nobody's report is believed";
        IPV6_PMTUDISC_OMIT = 5, "like INTERFACE, but what is too long is cut";
    }
}

/// The form of an option of version 4.
pub(super) fn form(option: i32) -> Form {
    match option {
        4 | 9 | 41 | 48 => Form::Bytes,
        32 => Form::Interface,
        35 | 36 => Form::Membership,
        37..=40 => Form::SourceMembership,
        other => group_form(other),
    }
}

/// The form of an option of version 6.
pub(super) fn form_6(option: i32) -> Form {
    match option {
        9 => Form::Address,
        20 | 21 | 27 | 28 => Form::Membership6,
        50 => Form::PacketInfo6,
        6 | 32 | 34 | 35 | 48 | 54 | 55 | 57 | 59 | 61 => Form::Bytes,
        other => group_form(other),
    }
}

/// The options that both versions have, with the same numbers.
fn group_form(option: i32) -> Form {
    match option {
        42 | 45 => Form::Group,
        43 | 44 | 46 | 47 => Form::GroupSource,
        _ => Form::Int,
    }
}
