//! The supervisor of a filter: calls that a filter does not judge itself come to a descriptor, and are answered there; see seccomp_unotify(2).

use super::argument::{Fd, Pid};
use super::entry::{constants, structure};
use super::ioctl::Table;
use super::{Argument, Failure, Returned, kernel, syscall_numbers};
use crate::operation::argument::number;
use crate::value::{Type, Value};

constants! {
    /// requests to the listener of a seccomp filter
    choice NotifyRequest(u64) {
        SECCOMP_IOCTL_NOTIF_RECV, "takes the next call that waits for an answer, as a struct seccomp_notif";
        SECCOMP_IOCTL_NOTIF_SEND, "answers a call, by a struct seccomp_notif_resp";
        SECCOMP_IOCTL_NOTIF_ID_VALID, "asks whether a call still waits: not if a signal or its end took the caller away";
        SECCOMP_IOCTL_NOTIF_ADDFD, "puts a descriptor into the caller's table, by a struct seccomp_notif_addfd, and gives its number there";
        SECCOMP_IOCTL_NOTIF_SET_FLAGS, "sets flags of the listener";
    }
    /// flags of an answer
    flags ResponseFlags(u32) {
        SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1, "the kernel makes the call after all; no means of safety: memory may have changed since it was looked at";
    }
    /// flags of SECCOMP_IOCTL_NOTIF_ADDFD
    flags AddFlags(u32) {
        SECCOMP_ADDFD_FLAG_SETFD = 1, "as descriptor newfd, and not as the lowest that is free";
        SECCOMP_ADDFD_FLAG_SEND = 2, "and answer the call with the new descriptor's number";
    }
    /// flags of the listener of a seccomp filter
    flags NotifyFlags(u64) {
        SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1, "wake the other side on the processor of the waker";
    }
}

number! {
    /// The number of a system call.
    CallNumber(i32): Type::Constants(&syscall_numbers::GROUP);
}

structure! {
    /// What a filter sees of a system call.
    SeccompData = "seccomp_data" { nr: CallNumber, arch: u32, instruction_pointer: u64, args: Vec<u64> }
    /// A system call that waits for an answer. `pid` is the thread that makes it, as the supervisor's pid namespace numbers it.
    Notification = "seccomp_notif" { id: u64, pid: Pid, flags: u32, data: SeccompData }
    /// The answer to the call `id`: the value `val`, or the error number `error`, negative as in the kernel.
    Response = "seccomp_notif_resp" { id: u64, val: i64, error: i32, flags: ResponseFlags }
    /// A descriptor for whoever makes the call `id`: `srcfd` of the supervisor.
    AddedFd = "seccomp_notif_addfd" { id: u64, flags: AddFlags, srcfd: Fd, newfd: i32, newfd_flags: i32 }
}

/// The requests to a listener.
pub const TABLE: Table = Table { group: &NotifyRequest::GROUP, make };

/// Makes a request to a listener.
fn make(fd: i32, request: u64, argument: &Value) -> Result<Value, Failure> {
    match request {
        libc::SECCOMP_IOCTL_NOTIF_RECV => {
            // SAFETY: seccomp_notif is plain integers, for which zero is a value; the kernel demands it.
            let mut seen: libc::seccomp_notif = unsafe { std::mem::zeroed() };
            ask(fd, request, &raw mut seen)?;
            let data = SeccompData {
                nr: CallNumber(seen.data.nr),
                arch: seen.data.arch,
                instruction_pointer: seen.data.instruction_pointer,
                args: seen.data.args.to_vec(),
            };
            Ok(Notification { id: seen.id, pid: Pid(seen.pid.cast_signed()), flags: seen.flags, data }.give())
        }
        libc::SECCOMP_IOCTL_NOTIF_SEND => {
            let Response { id, val, error, flags } = Response::take(argument)?;
            let mut answer = libc::seccomp_notif_resp { id, val, error, flags: flags.0 };
            Ok(ask(fd, request, &raw mut answer)?.give())
        }
        libc::SECCOMP_IOCTL_NOTIF_ADDFD => {
            let AddedFd { id, flags, srcfd, newfd, newfd_flags } = AddedFd::take(argument)?;
            let (srcfd, newfd) = (srcfd.0.cast_unsigned(), newfd.cast_unsigned());
            let newfd_flags = newfd_flags.cast_unsigned();
            let mut added = libc::seccomp_notif_addfd { id, flags: flags.0, srcfd, newfd, newfd_flags };
            Ok(ask(fd, request, &raw mut added)?.give())
        }
        libc::SECCOMP_IOCTL_NOTIF_ID_VALID => {
            let mut id = u64::take(argument)?;
            Ok(ask(fd, request, &raw mut id)?.give())
        }
        _ => {
            let flags = NotifyFlags::take(argument)?.0 as usize;
            Ok(ask(fd, request, std::ptr::without_provenance_mut::<u8>(flags))?.give())
        }
    }
}

fn ask<T>(fd: i32, request: u64, at: *mut T) -> Result<i32, Failure> {
    // SAFETY: the caller passes what this request reads or fills, and keeps it until the call is over.
    Ok(kernel(|| unsafe { libc::ioctl(fd, request, at) })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Errno;

    #[test]
    fn a_descriptor_that_is_no_listener_says_so() {
        let (reader, _writer) = std::io::pipe().expect("a pipe");
        let fd = std::os::fd::AsRawFd::as_raw_fd(&reader);
        let answer = Value::record([("id", Value::Int(1)), ("error", Value::Int(-1))]);
        for request in NotifyRequest::GROUP.constants {
            let request = u64::try_from(request.value).expect("a request");
            let argument = if request == libc::SECCOMP_IOCTL_NOTIF_SEND { &answer } else { &Value::Int(0) };
            assert_eq!(make(fd, request, argument), Err(Failure::Errno(Errno::ENOTTY)), "{request:#x}");
        }
    }
}
