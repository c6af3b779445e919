//! Requests of ioctl to a descriptor of a namespace; see NS_GET_USERNS(2const) and its neighbours, ioctl_nsfs(2).

use super::argument::{Argument, Fd, Pid, Returned};
use super::entry::{constants, structure};
use super::ioctl::Table;
use super::{Failure, Refusal, kernel};
use crate::value::{Errno, Value};

constants! {
    /// requests to a descriptor of a namespace
    choice NamespaceRequest(u64) {
        NS_GET_USERNS, "gives a descriptor of the user namespace that owns it; of a user namespace: of its parent";
        NS_GET_PARENT, "gives a descriptor of the parent of a user or pid namespace";
        NS_GET_NSTYPE, "gives the kind, as a constant such as CLONE_NEWIPC";
        NS_GET_OWNER_UID, "gives the user id of whoever made a user namespace, as the caller's user namespace maps it";
        NS_GET_MNTNS_ID, "gives the number of a mount namespace, which is never used again; Linux 6.8";
        NS_GET_PID_FROM_PIDNS, "gives the id in the caller's pid namespace of thread `argp` of that pid namespace; Linux 6.11";
        NS_GET_TGID_FROM_PIDNS, "the same for a process";
        NS_GET_PID_IN_PIDNS, "gives the id in that pid namespace of thread `argp` of the caller's; Linux 6.11";
        NS_GET_TGID_IN_PIDNS, "the same for a process";
        NS_MNT_GET_INFO, "gives a mnt_ns_info: how many mounts are in a mount namespace; Linux 6.12";
        NS_MNT_GET_NEXT, "gives a descriptor of the next mount namespace, with its mnt_ns_info; Linux 6.12";
        NS_MNT_GET_PREV, "gives a descriptor of the one before, with its mnt_ns_info; Linux 6.12";
        NS_GET_ID = 0x8008_b70d_u64, "gives the number of any namespace, which is never used again; Linux 6.18";
    }
    /// requests to a pidfd for a namespace of its process
    choice PidfdNamespaceRequest(u64) {
        PIDFD_GET_CGROUP_NAMESPACE = 0xff01_u64, "gives a descriptor of its cgroup namespace; these requests came with Linux 6.11";
        PIDFD_GET_IPC_NAMESPACE = 0xff02_u64, "of its IPC namespace";
        PIDFD_GET_MNT_NAMESPACE = 0xff03_u64, "of its mount namespace";
        PIDFD_GET_NET_NAMESPACE = 0xff04_u64, "of its network namespace";
        PIDFD_GET_PID_NAMESPACE = 0xff05_u64, "of its pid namespace";
        PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE = 0xff06_u64, "of the pid namespace of its children";
        PIDFD_GET_TIME_NAMESPACE = 0xff07_u64, "of its time namespace";
        PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE = 0xff08_u64, "of the time namespace of its children";
        PIDFD_GET_USER_NAMESPACE = 0xff09_u64, "of its user namespace";
        PIDFD_GET_UTS_NAMESPACE = 0xff0a_u64, "of its UTS namespace";
    }
}

structure! {
    /// What the kernel says of a mount namespace; `fd` is the descriptor that NS_MNT_GET_NEXT and NS_MNT_GET_PREV give besides.
    MntNsInfo = "mnt_ns_info" { size: u32, nr_mounts: u32, mnt_ns_id: u64, fd: Fd }
}

/// The requests to a namespace.
pub const TABLE: Table = Table { group: &NamespaceRequest::GROUP, make };
/// The requests to a pidfd.
pub const PIDFD_TABLE: Table = Table {
    group: &PidfdNamespaceRequest::GROUP,
    make: |fd, request, _| Ok(simple(Fd(fd), request).map(Fd).map(Returned::give)?),
};

fn make(fd: i32, request: u64, argument: &Value) -> Result<Value, Failure> {
    let fd = Fd(fd);
    match request {
        libc::NS_GET_USERNS | libc::NS_GET_PARENT => Ok(simple(fd, request).map(Fd).map(Returned::give)?),
        libc::NS_GET_NSTYPE => Ok(simple(fd, request).map(Value::from)?),
        libc::NS_GET_OWNER_UID => Ok(filled(fd, request, 0u32).map(|(_, uid)| Value::from(uid))?),
        libc::NS_MNT_GET_INFO | libc::NS_MNT_GET_NEXT | libc::NS_MNT_GET_PREV => mounts(fd, request),
        libc::NS_GET_PID_FROM_PIDNS | libc::NS_GET_TGID_FROM_PIDNS | libc::NS_GET_PID_IN_PIDNS | libc::NS_GET_TGID_IN_PIDNS => {
            translated(fd, request, argument)
        }
        // The two that number namespaces.
        _ => Ok(filled(fd, request, 0u64).map(|(_, id)| Value::from(id))?),
    }
}

/// A request that takes nothing; what it gives is the result of the call itself.
fn simple(fd: Fd, request: u64) -> Result<i32, Errno> {
    // SAFETY: these requests take no argument.
    kernel(|| unsafe { libc::ioctl(fd.0, request, 0usize) })
}

/// A request that fills a variable through a pointer.
fn filled<T>(fd: Fd, request: u64, mut place: T) -> Result<(i32, T), Errno> {
    let at = &raw mut place;
    // SAFETY: the caller passes a variable of the type that the request fills; it outlives the call.
    let result = kernel(|| unsafe { libc::ioctl(fd.0, request, at) })?;
    Ok((result, place))
}

fn mounts(fd: Fd, request: u64) -> Result<Value, Failure> {
    let none = libc::mnt_ns_info { size: 0, nr_mounts: 0, mnt_ns_id: 0 };
    let (next, info) = filled(fd, request, none)?;
    let next = if request == libc::NS_MNT_GET_INFO { -1 } else { next };
    Ok(MntNsInfo { size: info.size, nr_mounts: info.nr_mounts, mnt_ns_id: info.mnt_ns_id, fd: Fd(next) }.give())
}

/// A pid as another pid namespace counts; the request takes it in place of a pointer.
fn translated(fd: Fd, request: u64, argument: &Value) -> Result<Value, Failure> {
    let pid = Pid::take(argument).map_err(|Refusal(why)| Refusal(format!("`argp` of `ioctl`: {why}")))?;
    // SAFETY: these requests take an integer.
    let found = kernel(|| unsafe { libc::ioctl(fd.0, request, pid.0) })?;
    Ok(Pid(found).give())
}
