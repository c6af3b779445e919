//! Reading and writing through descriptors; see read(2).

use super::argument::{Bytes, Fd};
use super::entry::{call, constants};
use super::inotify::{InotifyEvent, InotifyMask};
use super::portion::{Content, Portion, Written};
use super::shape::Amount;
use super::siginfo::SiCode;
use super::signalfd::SignalfdSiginfo;
use super::{Family, kernel};
use crate::value::Value;

/// Reading and writing.
pub static FAMILY: Family = Family {
    name: "transfer",
    title: "Reading and writing",
    summary: "`read` and `write` move bytes between a process and whatever its descriptor names: a file, a pipe, a terminal, a socket. \
        They may move fewer than asked for, and they say how many. On a file they go on at its offset, which belongs to the open file \
        description; `pread` and `pwrite` leave it alone.",
    calls: &[&READ, &WRITE, &PREAD, &PWRITE, &LSEEK],
    constants: &[&Whence::GROUP, &SiCode::GROUP, &InotifyMask::GROUP],
    structs: &[&SignalfdSiginfo::STRUCTURE, &InotifyEvent::STRUCTURE],
};

constants! {
    /// where lseek counts from
    choice Whence(i32) {
        SEEK_SET, "the start of the file";
        SEEK_CUR, "the offset as it is";
        SEEK_END, "the end of the file";
        SEEK_DATA, "the next data at or after the offset";
        SEEK_HOLE, "the next hole at or after the offset";
    }
}

call! {
    /// Reads at most `count` bytes; `""` is the end of file.
    ///
    /// In place of a number, a type (`u8` to `u64`, `i8` to `i64`) reads one number of that size, `signalfd_siginfo` one signal of a
    /// signalfd as a record, and `inotify_event` the list of all events of an inotify instance.
    fn read(fd: Fd, count: Portion) -> Content {
        let mut buffer = count.buffer()?;
        // SAFETY: read(2) fills at most the length of `buffer`, which outlives the call.
        let length = kernel(|| unsafe { libc::read(fd.0, buffer.as_mut_ptr().cast(), buffer.len()) })?;
        buffer.truncate(length.unsigned_abs());
        Ok(count.read(buffer))
    }
    const READ: "read(2)";
    traits: [Wakes, Receives];
    touches: [writes descriptor(fd)];
    blocks: "a pipe, FIFO, socket or terminal that is empty: until somebody writes, or the last writer closes; an eventfd at 0, a signalfd without \
        a pending signal, an inotify instance without events; a timer that has not run out: it sleeps";
    errors: {
        EAGAIN: "there is nothing yet, and O_NONBLOCK is set",
        ECANCELED: "a timer under TFD_TIMER_CANCEL_ON_SET, and its clock was set",
        EBADF: "not a descriptor of this process, or not open for reading",
        EINTR: "a handler ran before anything was read",
        EINVAL: "the object cannot be read, or the buffer is too small for what it gives (an eventfd gives 8 bytes)",
        EIO: "a terminal, read from the background; or the medium failed",
        EISDIR: "it is a directory",
        ENODATA: "a context of fsopen or fspick whose log is empty",
        EMSGSIZE: "a context of fsopen or fspick whose next message is longer than asked for; it is lost",
        ENOTCONN: "a socket that is not connected",
        ECONNRESET: "the peer closed its socket and left unread what was sent to it",
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\")
a: read(r, 2)   -> \"he\"
a: read(r, 100) -> \"llo\"
a: write(w, \"\\x07\\x00\\x00\\x00\")
a: read(r, u32) -> 7
a: close(w)
a: read(r, 100) -> \"\"";
}

call! {
    /// Writes a string, and gives how many of its bytes were taken.
    ///
    /// Up to PIPE_BUF (4096) bytes go into a pipe all at once. `write(fd, u64, 1)` writes a number of that size, as an eventfd wants it.
    fn write(fd: Fd, buf: Written, value: Value = 0) -> isize {
        let bytes = buf.bytes(&value)?;
        // SAFETY: write(2) reads the length given from `bytes`, which outlives the call.
        Ok(kernel(|| unsafe { libc::write(fd.0, bytes.as_ptr().cast(), bytes.len()) })?)
    }
    const WRITE: "write(2)";
    traits: [Wakes, Sends];
    touches: [writes descriptor(fd)];
    blocks: "a pipe, FIFO or socket that is full: until somebody reads; an eventfd that would pass its largest number";
    errors: {
        EAGAIN: "there is no room, and O_NONBLOCK is set",
        EBADF: "not a descriptor of this process, or not open for writing",
        EPIPE: "nobody can read it any more, and SIGPIPE is ignored or handled; by default SIGPIPE ends the caller",
        EINTR: "a handler ran before anything was written",
        EINVAL: "the object cannot be written, or does not take this value",
        EFBIG: "the file would pass RLIMIT_FSIZE, and SIGXFSZ is ignored; or the largest size",
        ENOSPC: "the medium is full; /dev/full always is",
        EPERM: "a seal forbids it, or the kernel refuses this value to the caller",
        EIO: "the medium failed, or a terminal is written from the background",
        EDESTADDRREQ: "a datagram socket that is not connected",
        ENOTCONN: "a socket that is not connected",
        EMSGSIZE: "a datagram that is longer than the socket takes",
    };
    example: "a: [r, w] = pipe()
a: write(w, \"hello\") -> 5
a: f = open(\"/dev/full\", O_WRONLY)
a: write(f, \"x\")     -> ENOSPC
a: close(r)
a: write(w, \"hello\") -> dies SIGPIPE";
}

call! {
    /// Reads at `offset`, and leaves the offset of the file as it is.
    fn pread(fd: Fd, count: Amount, offset: i64) -> Value {
        let mut buffer = count.buffer()?;
        // SAFETY: pread(2) fills at most the length of `buffer`, which outlives the call.
        let length = kernel(|| unsafe { libc::pread(fd.0, buffer.as_mut_ptr().cast(), buffer.len(), offset) })?;
        buffer.truncate(length.unsigned_abs());
        Ok(count.read(buffer))
    }
    const PREAD: "pread(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never: what can make a reader wait has no offset";
    errors: {
        EBADF: "not a descriptor of this process, or not open for reading",
        EINVAL: "a negative offset",
        EISDIR: "it is a directory",
        ESPIPE: "a pipe, FIFO or socket has no offset",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: f = open(\"note\", O_RDONLY)
a: pread(f, 3, 4) -> \"456\"
a: read(f, 2)     -> \"01\"";
}

call! {
    /// Writes at `offset`, and leaves the offset of the file as it is.
    ///
    /// Under O_APPEND Linux writes at the end all the same.
    fn pwrite(fd: Fd, buf: Bytes, offset: i64) -> isize {
        // SAFETY: pwrite(2) reads the length given from `buf`, which outlives the call.
        Ok(kernel(|| unsafe { libc::pwrite(fd.0, buf.0.as_ptr().cast(), buf.0.len(), offset) })?)
    }
    const PWRITE: "pwrite(2)";
    traits: [Wakes];
    touches: [writes descriptor(fd)];
    blocks: "never: what can make a writer wait has no offset";
    errors: {
        EBADF: "not a descriptor of this process, or not open for writing",
        EINVAL: "a negative offset",
        EFBIG: "the file would pass RLIMIT_FSIZE, and SIGXFSZ is ignored; or the largest size",
        ENOSPC: "the medium is full",
        EPERM: "a seal forbids it",
        ESPIPE: "a pipe, FIFO or socket has no offset",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: pwrite(f, \"x\", 2) -> 1
a: read(f, 10)       -> \"\\x00\\x00x\"";
}

call! {
    /// Moves the offset of an open file description, and gives the new one.
    fn lseek(fd: Fd, offset: i64, whence: Whence) -> i64 {
        // SAFETY: lseek(2) takes integers only.
        Ok(kernel(|| unsafe { libc::lseek(fd.0, offset, whence.0) })?)
    }
    const LSEEK: "lseek(2)";
    traits: [Local];
    touches: [writes descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "an unknown whence, or the offset would be negative",
        ENXIO: "SEEK_DATA or SEEK_HOLE at or behind the end of the file",
        EOVERFLOW: "the offset does not fit",
        ESPIPE: "a pipe, FIFO, socket or terminal has no offset",
    };
    example: "a: write_file(\"note\", \"0123456789\")
a: f = open(\"note\", O_RDONLY)
a: lseek(f, -3, SEEK_END) -> 7
a: read(f, 10)            -> \"789\"
a: [r, w] = pipe()
a: lseek(r, 0, SEEK_SET)  -> ESPIPE";
}
