//! Requests to what is behind a descriptor; see ioctl(2).

use super::argument::{Argument, Fd, integer};
use super::entry::{call, constants};
use super::seccomp_notify::{
    self, AddFlags, AddedFd, Notification, NotifyFlags, NotifyRequest, Response, ResponseFlags, SeccompData,
};
use super::{Failure, Family, Refusal, kernel, syscall_numbers};
use crate::value::{Type, Value};

/// Requests to devices.
pub static FAMILY: Family = Family {
    name: "ioctl",
    title: "Requests to what is behind a descriptor",
    summary: "What `ioctl` does depends on the kind of file. Here it tells how much there is to read.",
    calls: &[&IOCTL],
    constants: &[
        &Request::GROUP,
        &NotifyRequest::GROUP,
        &ResponseFlags::GROUP,
        &AddFlags::GROUP,
        &NotifyFlags::GROUP,
        &syscall_numbers::GROUP,
    ],
    structs: &[&Notification::STRUCTURE, &SeccompData::STRUCTURE, &Response::STRUCTURE, &AddedFd::STRUCTURE],
};

/// A request of any kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AnyRequest(u64);

impl Argument for AnyRequest {
    const TYPE: Type = Type::Either(&[Request::TYPE, NotifyRequest::TYPE]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        integer(value).map(Self)
    }
}

constants! {
    /// requests of ioctl
    choice Request(u64) {
        FIONREAD, "gives how many bytes there are to read in a pipe, socket or terminal";
    }
}

call! {
    /// Makes a request to what is behind a descriptor, and gives its answer.
    fn ioctl(fd: Fd, request: AnyRequest, arg: Value = 0) -> Value {
        match request.0 {
            listener if NotifyRequest::GROUP.constants.iter().any(|known| known.value == i128::from(listener)) => {
                seccomp_notify::make(fd.0, listener, &arg)
            }
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
    traits: [ReadOnly];
    blocks: "under SECCOMP_IOCTL_NOTIF_RECV while no call waits for an answer; else never";
    errors: {
        EBADF: "not a descriptor of this process",
        ENOTTY: "what is behind the descriptor does not know the request",
        ENOENT: "a listener of seccomp: no call with this id waits any more",
        EINPROGRESS: "a listener of seccomp: the call has been answered already, or was not yet received",
        EINVAL: "a listener of seccomp: unknown flags, or an error or value together with SECCOMP_USER_NOTIF_FLAG_CONTINUE",
    };
    by: request {
        FIONREAD => i32,
        SECCOMP_IOCTL_NOTIF_RECV => Notification,
        SECCOMP_IOCTL_NOTIF_SEND(arg: Response) => (),
        SECCOMP_IOCTL_NOTIF_ADDFD(arg: AddedFd) => i32,
        SECCOMP_IOCTL_NOTIF_ID_VALID(arg: u64) => (),
        SECCOMP_IOCTL_NOTIF_SET_FLAGS(arg: NotifyFlags) => (),
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\")
a: ioctl(r, FIONREAD) -> 5
a: n = open(\"/dev/null\", O_RDONLY)
a: ioctl(n, FIONREAD) -> ENOTTY";
}
