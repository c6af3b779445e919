//! Requests to what is behind a descriptor; see ioctl(2).

use super::argument::Fd;
use super::entry::{call, constants};
use super::{Failure, Family, kernel};
use crate::value::Value;

/// Requests to devices.
pub static FAMILY: Family = Family {
    name: "ioctl",
    title: "Requests to what is behind a descriptor",
    summary: "What `ioctl` does depends on the kind of file. Here it tells how much there is to read.",
    calls: &[&IOCTL],
    constants: &[&Request::GROUP],
    structs: &[],
};

constants! {
    /// requests of ioctl
    choice Request(u64) {
        FIONREAD, "gives how many bytes there are to read in a pipe, socket or terminal";
    }
}

call! {
    /// Makes a request to what is behind a descriptor, and gives its answer.
    fn ioctl(fd: Fd, request: Request) -> Value {
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
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\")
a: ioctl(r, FIONREAD) -> 5
a: n = open(\"/dev/null\", O_RDONLY)
a: ioctl(n, FIONREAD) -> ENOTTY";
}
