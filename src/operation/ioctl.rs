//! Requests to what is behind a descriptor; see ioctl(2).
//!
//! The call knows no request itself: each kind of file has a table below `ioctl/`, or beside its own family.

pub mod file;
pub mod interface;
pub mod stream;
pub mod terminal;

use super::argument::{Argument, Fd, Id, Pid, Refusal, integer};
use super::entry::call;
use super::file::OpenFlags;
use super::namespace_request::{self, MntNsInfo, NamespaceRequest, PidfdNamespaceRequest};
use super::seccomp_notify::{
    self, AddFlags, AddedFd, Notification, NotifyFlags, NotifyRequest, Response, ResponseFlags, SeccompData,
};
use super::socket_address::{AddressFamily, Sockaddr, SockaddrIn, SockaddrIn6, SockaddrLl, SockaddrNl, SockaddrUn};
use super::terminal_settings::{self, Termios};
use super::{Failure, Family, kernel, syscall_numbers};
use crate::value::{Group, Signal, Type, Value};

/// Requests to devices.
pub static FAMILY: Family = Family {
    name: "ioctl",
    title: "Requests to what is behind a descriptor",
    summary: "What `ioctl` does depends on the kind of file. It tells how much there is to read or to send, sets flags of the file, gives the network \
        namespace of a socket, and reads and sets up network interfaces through any socket: an interface is named by a struct ifreq, \
        `{ifr_name: \"lo\", ifr_flags: IFF_UP}`, of whose union each request reads or fills one member. In a network namespace that has just \
        been made, that of a world too, `lo` is down, and brings itself an address when it is set up. A namespace tells who owns it.",
    calls: &[&IOCTL],
    constants: &[
        &stream::StreamRequest::GROUP,
        &terminal::TerminalRequest::GROUP,
        &terminal::Packet::GROUP,
        &OpenFlags::GROUP,
        &terminal_settings::InputModes::GROUP,
        &terminal_settings::OutputModes::GROUP,
        &terminal_settings::ControlModes::GROUP,
        &terminal_settings::LocalModes::GROUP,
        &terminal_settings::Speed::GROUP,
        &file::FileRequest::GROUP,
        &file::FileFlags::GROUP,
        &interface::InterfaceRequest::GROUP,
        &interface::InterfaceFlags::GROUP,
        &AddressFamily::GROUP,
        &NamespaceRequest::GROUP,
        &PidfdNamespaceRequest::GROUP,
        &NotifyRequest::GROUP,
        &ResponseFlags::GROUP,
        &AddFlags::GROUP,
        &NotifyFlags::GROUP,
        &syscall_numbers::GROUP,
    ],
    structs: &[
        &terminal::Winsize::STRUCTURE,
        &Termios::STRUCTURE,
        &terminal_settings::ControlCharacters::STRUCTURE,
        &file::CloneRange::STRUCTURE,
        &interface::Ifreq::STRUCTURE,
        &interface::Ifmap::STRUCTURE,
        &SockaddrUn::STRUCTURE,
        &SockaddrIn::STRUCTURE,
        &SockaddrIn6::STRUCTURE,
        &SockaddrNl::STRUCTURE,
        &SockaddrLl::STRUCTURE,
        &Sockaddr::STRUCTURE,
        &MntNsInfo::STRUCTURE,
        &Notification::STRUCTURE,
        &SeccompData::STRUCTURE,
        &Response::STRUCTURE,
        &AddedFd::STRUCTURE,
    ],
};

/// The requests of one kind of file.
#[derive(Debug)]
pub struct Table {
    /// Their names.
    pub group: &'static Group,
    /// Makes one of them: descriptor, request, and what the script wrote as the third argument.
    pub make: fn(i32, u64, &Value) -> Result<Value, Failure>,
}

/// All tables. A request is looked up in each; its number says what it is for, so none stands in two.
const TABLES: &[Table] = &[
    stream::TABLE,
    terminal::TABLE,
    file::TABLE,
    interface::TABLE,
    namespace_request::TABLE,
    namespace_request::PIDFD_TABLE,
    seccomp_notify::TABLE,
];

/// A request: one that a table knows, or any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request(u64);

impl Argument for Request {
    const TYPE: Type = Type::Either(&[
        Type::Constants(&stream::StreamRequest::GROUP),
        Type::Constants(&terminal::TerminalRequest::GROUP),
        Type::Constants(&file::FileRequest::GROUP),
        Type::Constants(&interface::InterfaceRequest::GROUP),
        Type::Constants(&NamespaceRequest::GROUP),
        Type::Constants(&PidfdNamespaceRequest::GROUP),
        Type::Constants(&NotifyRequest::GROUP),
    ]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Self)
    }
}

call! {
    /// Makes a request to what is behind a descriptor, and gives its answer.
    ///
    /// A request that no table of this page has is made as it stands, with a number or an address as its argument.
    fn ioctl(fd: Fd, request: Request, argp: Value = 0) -> Value {
        let number = i128::from(request.0);
        match TABLES.iter().find(|table| table.group.constants.iter().any(|constant| constant.value == number)) {
            Some(table) => (table.make)(fd.0, request.0, &argp),
            None => {
                let argument: i64 = integer(&argp)?;
                // SAFETY: what an unknown request does with its argument, a script could do with `syscall` as well: to its own actor.
                Ok(kernel(|| unsafe { libc::ioctl(fd.0, request.0, argument) }).map(Value::from)?)
            }
        }
    }
    const IOCTL: "ioctl(2)";
    traits: [ReadOnly];
    touches by request: {
        FIONREAD TIOCINQ SIOCINQ SIOCOUTQ TIOCOUTQ => [reads descriptor(fd)],
        FIONBIO => [writes descriptor(fd)],
        FIOCLEX FIONCLEX => [],
        FIOASYNC SIOCSPGRP FIOSETOWN => [writes beyond],
    };
    blocks: "under SECCOMP_IOCTL_NOTIF_RECV while no call waits for an answer; else never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTTY: "what is behind the descriptor does not know the request",
        EADDRNOTAVAIL: "SIOCGIFADDR and its like: the interface has no such address",
        EEXIST: "SIOCSIFNAME: another interface has the name",
        EINVAL: "a value that the request does not take; NS_GET_PARENT of a namespace that is neither a user nor a pid namespace: the others \
            have no parents; NS_GET_OWNER_UID of what is no user namespace; NS_MNT_GET_INFO of what is no mount namespace; a listener of \
            seccomp: unknown flags, or an error or value together with SECCOMP_USER_NOTIF_FLAG_CONTINUE",
        ENODEV: "the network namespace of the socket has no such interface",
        ENXIO: "SIOCGIFNAME: no interface has the index",
        EOPNOTSUPP: "the interface cannot do that; the kernel was built without this kind of namespace",
        EPERM: "the network namespace, or its interfaces, can be had only with CAP_NET_ADMIN in the user namespace that owns it; the \
            namespace asked for is an ancestor of the caller's own, or the caller may not look at it; NS_MNT_GET_NEXT and NS_MNT_GET_PREV \
            without CAP_SYS_ADMIN in the first user namespace",
        ESRCH: "that pid namespace knows no such thread or process; or the process of a pidfd has ended",
        ENOENT: "there is no next mount namespace that the caller may see; a listener of seccomp: no call with this id waits any more",
        EINPROGRESS: "a listener of seccomp: the call has been answered already, or was not yet received",
        EACCES: "FS_IOC_SETFLAGS by who does not own the file",
        EXDEV: "FICLONE or FICLONERANGE of a file on another mount",
        EBUSY: "SIOCSIFNAME: an interface that is up keeps its name, on some kernels",
    };
    by: request {
        FIONREAD TIOCINQ SIOCINQ SIOCOUTQ TIOCOUTQ SIOCOUTQNSD SIOCATMARK => i32,
        SIOCGSKNS => Fd,
        FIONBIO FIOASYNC(argp: i32) => (),
        FIOCLEX FIONCLEX => (),
        SIOCSPGRP FIOSETOWN(argp: Pid) => (),
        SIOCGPGRP FIOGETOWN => Pid,
        FIOQSIZE => i64,
        TCGETS => Termios,
        TCSETS TCSETSW TCSETSF(argp: Termios) => (),
        TCSBRK TCSBRKP TCXONC TCFLSH(argp: i32) => (),
        TIOCSBRK TIOCCBRK TIOCEXCL TIOCNXCL TIOCNOTTY TIOCVHANGUP TIOCCONS => (),
        TIOCSCTTY TIOCSETD TIOCPKT TIOCSPTLCK TIOCMSET TIOCMBIS TIOCMBIC TIOCSSOFTCAR(argp: i32) => (),
        TIOCGEXCL TIOCGETD TIOCGPKT TIOCGPTLCK TIOCGPTN TIOCGDEV TIOCMGET TIOCGSOFTCAR => i32,
        TIOCGPGRP TIOCGSID => Pid,
        TIOCSPGRP(argp: Pid) => (),
        TIOCGWINSZ => terminal::Winsize,
        TIOCSWINSZ(argp: terminal::Winsize) => (),
        TIOCGPTPEER(argp: OpenFlags) => Fd,
        TIOCSIG(argp: Signal) => (),
        FIGETBSZ FS_IOC_GETVERSION => i32,
        FIBMAP(argp: i32) => i32,
        FS_IOC_GETFLAGS => file::FileFlags,
        FS_IOC_SETFLAGS(argp: file::FileFlags) => (),
        FICLONE(argp: Fd) => (),
        FICLONERANGE(argp: file::CloneRange) => (),
        SIOCGIFCONF => Vec<interface::Ifreq>,
        SIOCGIFNAME SIOCGIFINDEX SIOCGIFFLAGS SIOCSIFFLAGS SIOCGIFADDR SIOCSIFADDR SIOCGIFDSTADDR SIOCSIFDSTADDR SIOCGIFBRDADDR
            SIOCSIFBRDADDR SIOCGIFNETMASK SIOCSIFNETMASK SIOCGIFMETRIC SIOCSIFMETRIC SIOCGIFMTU SIOCSIFMTU SIOCSIFNAME SIOCGIFHWADDR
            SIOCSIFHWADDR SIOCSIFHWBROADCAST SIOCADDMULTI SIOCDELMULTI SIOCGIFTXQLEN SIOCSIFTXQLEN SIOCGIFMAP SIOCSIFMAP => interface::Ifreq,
        NS_GET_USERNS NS_GET_PARENT => Fd,
        NS_GET_NSTYPE => i32,
        NS_GET_OWNER_UID => Id,
        NS_GET_MNTNS_ID NS_GET_ID => u64,
        NS_GET_PID_FROM_PIDNS NS_GET_TGID_FROM_PIDNS NS_GET_PID_IN_PIDNS NS_GET_TGID_IN_PIDNS(argp: Pid) => Pid,
        NS_MNT_GET_INFO NS_MNT_GET_NEXT NS_MNT_GET_PREV => MntNsInfo,
        PIDFD_GET_CGROUP_NAMESPACE PIDFD_GET_IPC_NAMESPACE PIDFD_GET_MNT_NAMESPACE PIDFD_GET_NET_NAMESPACE PIDFD_GET_PID_NAMESPACE
            PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE PIDFD_GET_TIME_NAMESPACE PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE
            PIDFD_GET_USER_NAMESPACE PIDFD_GET_UTS_NAMESPACE => Fd,
        SECCOMP_IOCTL_NOTIF_RECV => Notification,
        SECCOMP_IOCTL_NOTIF_SEND(argp: Response) => (),
        SECCOMP_IOCTL_NOTIF_ADDFD(argp: AddedFd) => i32,
        SECCOMP_IOCTL_NOTIF_ID_VALID(argp: u64) => (),
        SECCOMP_IOCTL_NOTIF_SET_FLAGS(argp: NotifyFlags) => (),
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\")
a: ioctl(r, FIONREAD) -> 5
a: n = open(\"/dev/null\", O_RDONLY)
a: ioctl(n, FIONREAD) -> ENOTTY
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: ioctl(f, FIGETBSZ) -> 4096
a: s = socket(AF_INET, SOCK_DGRAM)
a: ioctl(s, SIOCSIFFLAGS, {ifr_name: \"lo\", ifr_flags: IFF_UP})
a: ioctl(s, SIOCGIFFLAGS, {\"lo\"}) -> {ifr_flags: IFF_UP | IFF_LOOPBACK | IFF_RUNNING}
a: ioctl(s, SIOCGIFADDR, {\"lo\"})  -> {ifr_addr: {sin_addr: \"127.0.0.1\"}}
a: ipc = open(\"/proc/self/ns/ipc\", O_RDONLY)
a: ioctl(ipc, NS_GET_NSTYPE) -> CLONE_NEWIPC
a: ioctl(ipc, NS_GET_PARENT) -> EINVAL";
}
