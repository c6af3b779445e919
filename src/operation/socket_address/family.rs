//! The address families and protocols of socket(2).

use crate::operation::entry::constants;

constants! {
    /// address families
    choice AddressFamily(u16) {
        AF_UNIX, "on this machine: a path, or a name of the network namespace";
        AF_LOCAL, "another name of AF_UNIX";
        AF_FILE = libc::AF_UNIX, "another name of AF_UNIX";
        AF_INET, "the Internet, version 4: a port and an address";
        AF_INET6, "the Internet, version 6";
        AF_NETLINK, "the kernel";
        AF_ROUTE, "another name of AF_NETLINK";
        AF_PACKET, "frames of a network device";
        AF_VSOCK, "a virtual machine and its host";
        AF_ALG, "ciphers and digests of the kernel";
        AF_UNSPEC, "none; connect takes a datagram socket's peer away with it";
        AF_AX25, "amateur radio";
        AF_IPX, "Novell";
        AF_APPLETALK, "AppleTalk";
        AF_NETROM, "amateur radio, NET/ROM";
        AF_BRIDGE, "bridges";
        AF_ATMPVC, "ATM, permanent circuits";
        AF_X25, "X.25";
        AF_ROSE, "amateur radio, ROSE";
        AF_DECnet, "DECnet, gone from Linux";
        AF_NETBEUI, "reserved";
        AF_SECURITY, "reserved";
        AF_KEY = 15, "keys of IPsec";
        AF_ASH, "Ash";
        AF_ECONET, "Acorn Econet, gone from Linux";
        AF_ATMSVC, "ATM, switched circuits";
        AF_RDS, "reliable datagrams";
        AF_SNA, "SNA";
        AF_IRDA, "infrared, gone from Linux";
        AF_PPPOX, "PPP over something";
        AF_WANPIPE, "Wanpipe, gone from Linux";
        AF_LLC, "IEEE 802.2";
        AF_IB, "InfiniBand";
        AF_MPLS, "MPLS";
        AF_CAN, "CAN bus";
        AF_TIPC, "TIPC, for clusters";
        AF_BLUETOOTH, "Bluetooth";
        AF_IUCV, "z/VM";
        AF_RXRPC, "RxRPC";
        AF_ISDN, "ISDN";
        AF_PHONET, "Phonet, for modems";
        AF_IEEE802154, "IEEE 802.15.4";
        AF_CAIF, "CAIF, for modems";
        AF_NFC, "near-field communication";
        AF_KCM = 41, "messages over TCP";
        AF_QIPCRTR = 42, "Qualcomm IPC router";
        AF_SMC = 43, "shared memory between machines";
        AF_XDP, "frames past the network stack";
        AF_MCTP = 45, "management of components";
        PF_UNSPEC = libc::AF_UNSPEC, "another name of AF_UNSPEC, from when families of protocols and of addresses were told apart";
        PF_UNIX = libc::AF_UNIX, "another name of AF_UNIX, from when families of protocols and of addresses were told apart";
        PF_LOCAL = libc::AF_UNIX, "another name of AF_LOCAL, from when families of protocols and of addresses were told apart";
        PF_FILE = libc::AF_UNIX, "another name of AF_FILE, from when families of protocols and of addresses were told apart";
        PF_INET = libc::AF_INET, "another name of AF_INET, from when families of protocols and of addresses were told apart";
        PF_INET6 = libc::AF_INET6, "another name of AF_INET6, from when families of protocols and of addresses were told apart";
        PF_NETLINK = libc::AF_NETLINK, "another name of AF_NETLINK, from when families of protocols and of addresses were told apart";
        PF_ROUTE = libc::AF_NETLINK, "another name of AF_ROUTE, from when families of protocols and of addresses were told apart";
        PF_PACKET = libc::AF_PACKET, "another name of AF_PACKET, from when families of protocols and of addresses were told apart";
        PF_VSOCK = libc::AF_VSOCK, "another name of AF_VSOCK, from when families of protocols and of addresses were told apart";
        PF_ALG = libc::AF_ALG, "another name of AF_ALG, from when families of protocols and of addresses were told apart";
        PF_KEY = libc::AF_KEY, "another name of AF_KEY, from when families of protocols and of addresses were told apart";
        PF_XDP = libc::AF_XDP, "another name of AF_XDP, from when families of protocols and of addresses were told apart";
    }
    /// types of sockets
    flags SocketType(i32) {
        SOCK_STREAM, "a stream of bytes, with a connection";
        SOCK_DGRAM, "messages, without a connection";
        SOCK_SEQPACKET, "messages, with a connection";
        SOCK_RAW, "what the protocol itself sends; needs CAP_NET_RAW";
        SOCK_RDM, "messages that arrive, in any order";
        SOCK_DCCP, "datagrams with a connection";
        SOCK_PACKET = 10, "the old form of AF_PACKET";
        SOCK_NONBLOCK, "no call on it waits";
        SOCK_CLOEXEC, "execve closes it";
    }
    /// protocols of the Internet, and levels of options
    choice Protocol(i32) {
        IPPROTO_IP, "the one that the type of the socket stands for; as a level: the Internet protocol, version 4";
        IPPROTO_ICMP, "errors and echoes";
        IPPROTO_IGMP, "groups for multicasts";
        IPPROTO_IPIP, "IP in IP";
        IPPROTO_TCP, "streams";
        IPPROTO_EGP, "exterior gateways";
        IPPROTO_PUP, "PUP";
        IPPROTO_UDP, "datagrams";
        IPPROTO_IDP, "XNS";
        IPPROTO_TP, "transport class 4";
        IPPROTO_DCCP, "datagrams with a connection";
        IPPROTO_IPV6, "the Internet protocol, version 6";
        IPPROTO_RSVP, "reservations";
        IPPROTO_GRE, "tunnels";
        IPPROTO_ESP, "IPsec, encrypted";
        IPPROTO_AH, "IPsec, authenticated";
        IPPROTO_MTP, "multicast transport";
        IPPROTO_BEETPH, "IPsec, BEET";
        IPPROTO_ENCAP, "encapsulation";
        IPPROTO_PIM, "multicast routing";
        IPPROTO_COMP, "compression";
        IPPROTO_SCTP, "messages in several streams";
        IPPROTO_UDPLITE, "datagrams with half a checksum";
        IPPROTO_MPLS, "MPLS in IP";
        IPPROTO_ETHERNET = 143, "Ethernet in IP";
        IPPROTO_RAW, "whole packets, with their headers";
        IPPROTO_MPTCP = 262, "streams over several paths";
        IPPROTO_HOPOPTS, "version 6: options for each hop";
        IPPROTO_ROUTING, "version 6: routing";
        IPPROTO_FRAGMENT, "version 6: fragments";
        IPPROTO_ICMPV6, "version 6: errors and echoes";
        IPPROTO_NONE, "version 6: nothing follows";
        IPPROTO_DSTOPTS, "version 6: options for the destination";
        IPPROTO_MH, "version 6: mobility";
    }
    /// protocols of AF_NETLINK
    choice NetlinkProtocol(i32) {
        NETLINK_ROUTE, "interfaces, addresses, routes";
        NETLINK_USERSOCK, "between processes";
        NETLINK_FIREWALL, "unused";
        NETLINK_SOCK_DIAG, "sockets";
        NETLINK_INET_DIAG = 4, "another name of NETLINK_SOCK_DIAG";
        NETLINK_NFLOG, "packets that a filter logs";
        NETLINK_XFRM, "IPsec";
        NETLINK_SELINUX, "SELinux";
        NETLINK_ISCSI, "iSCSI";
        NETLINK_AUDIT, "the audit";
        NETLINK_FIB_LOOKUP, "routes, asked one by one";
        NETLINK_CONNECTOR, "events of the kernel";
        NETLINK_NETFILTER, "packet filters";
        NETLINK_IP6_FW, "unused";
        NETLINK_DNRTMSG, "DECnet";
        NETLINK_KOBJECT_UEVENT, "devices that come and go";
        NETLINK_GENERIC, "families with names";
        NETLINK_SCSITRANSPORT, "SCSI";
        NETLINK_ECRYPTFS, "eCryptfs";
        NETLINK_RDMA, "RDMA";
        NETLINK_CRYPTO, "ciphers";
        NETLINK_SMC = 22, "shared memory between machines";
    }
}
