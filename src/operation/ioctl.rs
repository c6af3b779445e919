//! Requests to what is behind a descriptor; see ioctl(2).

use super::argument::Fd;
use super::entry::{call, constants};
use super::namespace_request::{self, MntNsInfo, NamespaceRequest, PidfdNamespaceRequest};
use super::{Argument, Failure, Family, Refusal, kernel};
use crate::value::{Type, Value};

/// Requests to devices.
pub static FAMILY: Family = Family {
    name: "ioctl",
    title: "Requests to what is behind a descriptor",
    summary: "What `ioctl` does depends on the kind of file: a pipe tells how much there is to read, a namespace who owns it.",
    calls: &[&IOCTL],
    constants: &[&Request::GROUP, &NamespaceRequest::GROUP, &PidfdNamespaceRequest::GROUP],
    structs: &[&MntNsInfo::STRUCTURE],
};

constants! {
    /// requests of ioctl
    choice Request(u64) {
        FIONREAD, "gives how many bytes there are to read in a pipe, socket or terminal";
    }
}

/// A request of any of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AnyRequest(u64);

impl Argument for AnyRequest {
    const TYPE: Type = Type::Either(&[Request::TYPE, NamespaceRequest::TYPE, PidfdNamespaceRequest::TYPE]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        super::argument::integer(value).map(Self)
    }
}

call! {
    /// Makes a request to what is behind a descriptor, and gives its answer.
    ///
    /// What a request takes besides the descriptor is `argp`: a value, where C passes its address. What it fills through a pointer is its answer.
    fn ioctl(fd: Fd, request: AnyRequest, argp: Value = 0) -> Value {
        if let Some(answer) = namespace_request::answer(fd, request.0, &argp) {
            return answer;
        }
        match request.0 {
            libc::FIONREAD => {
                let mut count = 0i32;
                // SAFETY: FIONREAD fills an int, which outlives the call.
                kernel(|| unsafe { libc::ioctl(fd.0, libc::FIONREAD, &raw mut count) })?;
                Ok(Value::from(count))
            }
            other => Err(Failure::Refused(format!("`ioctl` has no request {other:#x} here"))),
        }
    }
    const IOCTL: "ioctl(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTTY: "what is behind the descriptor does not know the request",
        EINVAL: "NS_GET_PARENT of a namespace that is neither a user nor a pid namespace: the others have no parents; NS_GET_OWNER_UID of \
            what is no user namespace; NS_MNT_GET_INFO of what is no mount namespace",
        EPERM: "the namespace asked for is an ancestor of the caller's own, or the caller may not look at it",
        ESRCH: "that pid namespace knows no such thread or process; or the process of a pidfd has ended",
        ENOENT: "there is no next mount namespace that the caller may see",
        EOPNOTSUPP: "the kernel was built without this kind of namespace",
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\")
a: ioctl(r, FIONREAD) -> 5
a: n = open(\"/dev/null\", O_RDONLY)
a: ioctl(n, FIONREAD) -> ENOTTY
a: ipc = open(\"/proc/self/ns/ipc\", O_RDONLY)
a: ioctl(ipc, NS_GET_NSTYPE) -> CLONE_NEWIPC
a: ioctl(ipc, NS_GET_PARENT) -> EINVAL";
}
