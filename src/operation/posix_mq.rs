//! POSIX message queues: messages with priorities, between processes that open a queue by its name; see mq_overview(7).

use super::argument::{Argument, Bytes, Mode, Pid, Timeout, number};
use super::entry::{call, constants, structure};
use super::posix_name::IpcOpenFlags;
use super::{Failure, Family, Refusal, kernel};
use crate::value::{Errno, Signal, Type, Value};
use std::ffi::CString;
use std::ptr::{from_ref, null, without_provenance_mut};

/// POSIX message queues.
pub static FAMILY: Family = Family {
    name: "posix_mq",
    title: "POSIX message queues",
    summary: "`mq_open` finds or creates a queue by a name such as `/jobs`. `mq_receive` takes the oldest message of the highest priority. The \
        name belongs to the IPC namespace, and shows as a file where its mqueue file system is mounted, usually at `/dev/mqueue`; opening \
        needs no such mount. The open queue is a file descriptor: it stays good when its process leaves the namespace, and a child \
        inherits it. A queue outlives its creator; `mq_unlink` takes the name away, and the queue goes with the last descriptor.",
    calls: &[
        &MQ_OPEN,
        &MQ_CLOSE,
        &MQ_UNLINK,
        &MQ_SEND,
        &MQ_TIMEDSEND,
        &MQ_RECEIVE,
        &MQ_TIMEDRECEIVE,
        &MQ_GETATTR,
        &MQ_SETATTR,
        &MQ_NOTIFY,
    ],
    constants: &[&IpcOpenFlags::GROUP, &MqFlags::GROUP, &MqLimit::GROUP, &NotifyKind::GROUP],
    structs: &[&MqAttr::STRUCTURE, &MqMessage::STRUCTURE, &Sigevent::STRUCTURE],
};

number! {
    /// An open POSIX message queue; on Linux a file descriptor.
    Mqd(i32): Type::Handle("mqd");
}

constants! {
    /// flags of an open queue: mq_flags of a mq_attr
    flags MqFlags(i64) {
        O_NONBLOCK, "fail with EAGAIN instead of waiting";
    }
    /// limits of POSIX message queues
    choice MqLimit(u32) {
        MQ_PRIO_MAX = 32768, "priorities are below it";
    }
    /// ways to be told of something: sigev_notify of a sigevent
    choice NotifyKind(i32) {
        SIGEV_SIGNAL, "send sigev_signo";
        SIGEV_NONE, "do nothing; for a queue, keep others from registering";
        SIGEV_THREAD_ID, "timer_create: send sigev_signo to the thread sigev_notify_thread_id";
    }
}

structure! {
    /// Attributes of a queue. `mq_open` looks at `mq_maxmsg` and `mq_msgsize` only, `mq_setattr` at `mq_flags` only.
    MqAttr = "mq_attr" { mq_flags: MqFlags, mq_maxmsg: i64, mq_msgsize: i64, mq_curmsgs: i64 }
    /// What `mq_receive` gives: the message and its priority.
    MqMessage = "mq_message" { msg: Bytes, prio: u32 }
    /// How to be told of something that happens later; see sigevent(3type).
    Sigevent = "sigevent" { sigev_notify: NotifyKind, sigev_signo: Signal, sigev_value: i64, sigev_notify_thread_id: Pid }
}

/// The length of the caller's buffer: a number as C takes it, or -1 or `NULL` for what the queue itself asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room(Option<usize>);

impl Argument for Room {
    const TYPE: Type = Type::Optional(&Type::Int);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Null | Value::Int(-1) => Ok(Self(None)),
            written => Argument::take(written).map(|length| Self(Some(length))),
        }
    }
}

call! {
    /// Opens the queue with this name, or creates it.
    ///
    /// The name starts with a slash and holds no other. Without `attr`, a new queue gets the attributes in
    /// /proc/sys/fs/mqueue/msg_default and msgsize_default.
    fn mq_open(name: CString, oflag: IpcOpenFlags, mode: Mode = 0, attr: Option<MqAttr> = 0) -> Mqd {
        let attr = attr.map(|written| raw(&written));
        let attr = attr.as_ref().map_or(null(), from_ref);
        // SAFETY: mq_open(3) reads the name and the attributes, which outlive the call; without O_CREAT it ignores the last two.
        Ok(kernel(|| unsafe { libc::mq_open(name.as_ptr(), oflag.0, mode.0, attr) }).map(Mqd)?)
    }
    const MQ_OPEN: "mq_open(3)";
    traits: [];
    touches: [writes names];
    blocks: "never";
    errors: {
        ENOENT: "no queue has this name in the caller's IPC namespace, and O_CREAT is not set; or the name is a slash alone",
        EEXIST: "the name exists, and both O_CREAT and O_EXCL are set",
        EINVAL: "the name does not start with a slash; or mq_maxmsg or mq_msgsize is not positive, or above \
            /proc/sys/fs/mqueue/msg_max or msgsize_max (only CAP_SYS_RESOURCE outside of any user namespace may exceed those)",
        EACCES: "the mode of the queue does not allow what oflag asks for, or the name holds a second slash",
        EMFILE: "no descriptor is left to the process (RLIMIT_NOFILE), or the queue would take its user above RLIMIT_MSGQUEUE bytes",
        ENAMETOOLONG: "the name is longer than 255 bytes",
        ENOSPC: "the namespace has no room for another queue (/proc/sys/fs/mqueue/queues_max)",
        ENFILE: "the system has no room for another open file",
        ENOMEM: "no memory for the queue",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_EXCL | O_RDWR, 0o600, {mq_maxmsg: 4, mq_msgsize: 64})
a: mq_open(\"/jobs\", O_CREAT | O_EXCL | O_RDWR, 0o600) -> EEXIST
a: mq_open(\"/others\", O_RDONLY)                       -> ENOENT
a: mq_open(\"jobs\", O_RDONLY)                          -> EINVAL
a: mq_open(\"/more\", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 0, mq_msgsize: 64}) -> EINVAL";
}

call! {
    /// Closes an open queue.
    ///
    /// The queue and its messages stay until its name is gone, too. A registration of `mq_notify` made by this process
    /// ends, whichever of its descriptors of the queue is closed: reading `/dev/mqueue/NAME` opens and closes one, too.
    fn mq_close(mqdes: Mqd) -> () {
        // SAFETY: mq_close(3) takes an integer; which descriptors to close is the script's affair.
        kernel(|| unsafe { libc::mq_close(mqdes.0) })?;
        Ok(())
    }
    const MQ_CLOSE: "mq_close(3)";
    traits: [];
    touches: [writes posix_queue(mqdes), writes names];
    blocks: "never";
    errors: {
        EBADF: "the descriptor is not open",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600)
a: mq_close(q)
a: mq_close(q) -> EBADF";
}

call! {
    /// Removes a name at once; the queue itself goes with its last descriptor.
    fn mq_unlink(name: CString) -> () {
        // SAFETY: mq_unlink(3) reads the name, which outlives the call.
        kernel(|| unsafe { libc::mq_unlink(name.as_ptr()) })?;
        Ok(())
    }
    const MQ_UNLINK: "mq_unlink(3)";
    traits: [];
    touches: [writes names];
    blocks: "never";
    errors: {
        ENOENT: "no queue has this name in the caller's IPC namespace",
        EACCES: "the caller neither owns the queue nor has CAP_FOWNER (the directory is sticky, and the C library makes EACCES of the \
            kernel's EPERM), or the name holds a second slash",
        EINVAL: "the name does not start with a slash",
        ENAMETOOLONG: "the name is longer than 255 bytes",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600)
a: mq_unlink(\"/jobs\")
a: mq_unlink(\"/jobs\") -> ENOENT
a: mq_send(q, \"the queue is still there\")";
}

call! {
    /// Puts a message into a queue, behind those of the same priority.
    ///
    /// A process that registered with `mq_notify` is told when the queue was empty and nobody waits in `mq_receive`.
    fn mq_send(mqdes: Mqd, msg: Bytes, msg_prio: u32 = 0) -> () {
        // SAFETY: mq_send(3) reads the message, which outlives the call.
        kernel(|| unsafe { libc::mq_send(mqdes.0, msg.0.as_ptr().cast(), msg.0.len(), msg_prio) })?;
        Ok(())
    }
    const MQ_SEND: "mq_send(3)";
    traits: [];
    touches: [writes posix_queue(mqdes)];
    blocks: "while the queue holds mq_maxmsg messages, until others receive; never under O_NONBLOCK";
    errors: {
        EAGAIN: "the queue is full, and O_NONBLOCK is set",
        EBADF: "no open queue, or one that is not open for writing",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EINVAL: "msg_prio is not below MQ_PRIO_MAX",
        EMSGSIZE: "the message is longer than mq_msgsize",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 2, mq_msgsize: 16})
a: mq_send(q, \"later\")
a: mq_send(q, \"sooner\", 5)
actor b
b: p = mq_open(\"/jobs\", O_RDWR)
b: mq_send(p, \"no room\")                -> blocks
a: mq_receive(q)                        -> {msg: \"sooner\", prio: 5}
b: resumes
a: mq_send(q, \"longer than sixteen bytes\") -> EMSGSIZE";
}

call! {
    /// Like `mq_send`, and waits no longer than `abs_timeout`.
    ///
    /// C takes the time of day here; write how long from now.
    fn mq_timedsend(mqdes: Mqd, msg: Bytes, msg_prio: u32 = 0, abs_timeout: Timeout = 0) -> () {
        let deadline = abs_timeout.deadline(libc::CLOCK_REALTIME);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        // SAFETY: mq_timedsend(3) reads the message and the deadline, which outlive the call.
        kernel(|| unsafe { libc::mq_timedsend(mqdes.0, msg.0.as_ptr().cast(), msg.0.len(), msg_prio, deadline) })?;
        Ok(())
    }
    const MQ_TIMEDSEND: "mq_timedsend(3)";
    traits: [];
    touches: [writes posix_queue(mqdes)];
    blocks: "like mq_send, until the time is over";
    errors: {
        ETIMEDOUT: "the time was over before there was room",
        EAGAIN: "the queue is full, and O_NONBLOCK is set",
        EBADF: "no open queue, or one that is not open for writing",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EINVAL: "msg_prio is not below MQ_PRIO_MAX",
        EMSGSIZE: "the message is longer than mq_msgsize",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 1, mq_msgsize: 16})
a: mq_timedsend(q, \"one\", 0, 10ms)
a: mq_timedsend(q, \"two\", 0, 10ms) -> ETIMEDOUT";
}

call! {
    /// Takes the oldest message of the highest priority out of a queue.
    ///
    /// `msg_len` is the length of the buffer; left out, it is the mq_msgsize of the queue, which is asked first.
    fn mq_receive(mqdes: Mqd, msg_len: Room = -1) -> MqMessage {
        receive(mqdes, msg_len, |buffer, length, prio| {
            // SAFETY: mq_receive(3) fills at most `length` bytes, for which the buffer has room, and one integer.
            kernel(|| unsafe { libc::mq_receive(mqdes.0, buffer.cast(), length, prio) })
        })
    }
    const MQ_RECEIVE: "mq_receive(3)";
    traits: [Wakes];
    touches: [writes posix_queue(mqdes)];
    blocks: "while the queue is empty, until a message is sent; never under O_NONBLOCK";
    errors: {
        EAGAIN: "the queue is empty, and O_NONBLOCK is set",
        EBADF: "no open queue, or one that is not open for reading",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EMSGSIZE: "msg_len is less than the queue's mq_msgsize, whatever the length of the message",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600)
a: mq_send(q, \"one\", 1)
a: mq_send(q, \"two\", 9)
a: mq_receive(q)        -> {msg: \"two\", prio: 9}
a: mq_receive(q, 3)     -> EMSGSIZE
a: mq_receive(q)        -> {msg: \"one\", prio: 1}
a: mq_receive(q)        -> blocks
actor b
b: p = mq_open(\"/jobs\", O_WRONLY)
b: mq_send(p, \"three\")
a: resumes              -> {msg: \"three\", prio: 0}";
}

call! {
    /// Like `mq_receive`, and waits no longer than `abs_timeout`.
    ///
    /// C takes the time of day here; write how long from now.
    fn mq_timedreceive(mqdes: Mqd, msg_len: Room = -1, abs_timeout: Timeout = 0) -> MqMessage {
        let deadline = abs_timeout.deadline(libc::CLOCK_REALTIME);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        receive(mqdes, msg_len, |buffer, length, prio| {
            // SAFETY: mq_timedreceive(3) fills at most `length` bytes, for which the buffer has room, and one integer.
            kernel(|| unsafe { libc::mq_timedreceive(mqdes.0, buffer.cast(), length, prio, deadline) })
        })
    }
    const MQ_TIMEDRECEIVE: "mq_timedreceive(3)";
    traits: [Wakes];
    touches: [writes posix_queue(mqdes)];
    blocks: "like mq_receive, until the time is over";
    errors: {
        ETIMEDOUT: "the time was over before there was a message",
        EAGAIN: "the queue is empty, and O_NONBLOCK is set",
        EBADF: "no open queue, or one that is not open for reading",
        EINTR: "a handler without SA_RESTART ran while the caller waited",
        EMSGSIZE: "msg_len is less than the queue's mq_msgsize, whatever the length of the message",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600)
a: mq_timedreceive(q, NULL, 10ms) -> ETIMEDOUT
a: mq_send(q, \"in time\")
a: mq_timedreceive(q, NULL, 10ms) -> {msg: \"in time\", prio: 0}";
}

call! {
    /// Gives the attributes of a queue, and how many messages it holds.
    fn mq_getattr(mqdes: Mqd) -> MqAttr {
        Ok(attributes(mqdes)?)
    }
    const MQ_GETATTR: "mq_getattr(3)";
    traits: [Local, ReadOnly];
    touches: [reads posix_queue(mqdes)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of a message queue that the caller has open",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR | O_NONBLOCK, 0o600, {mq_maxmsg: 4, mq_msgsize: 64})
a: mq_send(q, \"hello\")
a: mq_getattr(q) -> {mq_flags: O_NONBLOCK, mq_maxmsg: 4, mq_msgsize: 64, mq_curmsgs: 1}
a: mq_getattr(0) -> EBADF";
}

call! {
    /// Sets or clears O_NONBLOCK of an open queue, and gives the attributes as they were.
    ///
    /// The flag belongs to the open queue: a child that inherited the descriptor sees the change.
    fn mq_setattr(mqdes: Mqd, newattr: MqAttr) -> MqAttr {
        let new = raw(&newattr);
        let mut old = zero();
        // SAFETY: mq_setattr(3) reads one local variable and fills another.
        kernel(|| unsafe { libc::mq_setattr(mqdes.0, &raw const new, &raw mut old) })?;
        Ok(given(&old))
    }
    const MQ_SETATTR: "mq_setattr(3)";
    traits: [Local];
    touches: [writes posix_queue(mqdes)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of a message queue that the caller has open",
        EINVAL: "mq_flags holds something else than O_NONBLOCK",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600)
a: mq_setattr(q, {mq_flags: O_NONBLOCK}) -> {mq_flags: 0}
a: mq_receive(q)                         -> EAGAIN";
}

call! {
    /// Asks to be told, once, when a message comes into the empty queue; with `NULL`, takes that back.
    ///
    /// A receiver that waits in `mq_receive` goes first: then nobody is told. The registration also ends when the process closes any
    /// descriptor of the queue. Being told by a thread (SIGEV_THREAD) is not offered.
    fn mq_notify(mqdes: Mqd, sevp: Option<Sigevent> = 0) -> () {
        let event = sevp.map(event).transpose()?;
        let event = event.as_ref().map_or(null(), from_ref);
        // SAFETY: mq_notify(3) reads the event, which outlives the call.
        kernel(|| unsafe { libc::mq_notify(mqdes.0, event) })?;
        Ok(())
    }
    const MQ_NOTIFY: "mq_notify(3)";
    traits: [Local];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of a message queue that the caller has open",
        EBUSY: "somebody is registered for this queue already",
        EINVAL: "no such sigev_notify, or no such signal",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: q = mq_open(\"/jobs\", O_CREAT | O_RDWR, 0o600)
a: mq_notify(q, {sigev_notify: SIGEV_NONE})
actor b
b: p = mq_open(\"/jobs\", O_RDWR)
b: mq_notify(p, {sigev_notify: SIGEV_SIGNAL, sigev_signo: SIGUSR1}) -> EBUSY
a: mq_notify(q, NULL)
b: mq_notify(p, {sigev_notify: SIGEV_SIGNAL, sigev_signo: SIGUSR1})
a: mq_send(q, \"first\")
b: dies SIGUSR1";
}

/// Longer than what any queue can hold: HARD_MSGSIZEMAX of the kernel.
const LONGEST: usize = 16 << 20;

fn receive(
    mqdes: Mqd,
    room: Room,
    call: impl FnOnce(*mut u8, usize, *mut u32) -> Result<isize, Errno>,
) -> Result<MqMessage, Failure> {
    let length = match room.0 {
        Some(length) => length,
        None => usize::try_from(attributes(mqdes)?.mq_msgsize).unwrap_or(0),
    };
    let mut message = Vec::<u8>::with_capacity(length.min(LONGEST));
    let mut prio = 0u32;
    let size = call(message.as_mut_ptr(), length, &raw mut prio)?;
    // SAFETY: the kernel has filled `size` bytes.
    unsafe { message.set_len(size.cast_unsigned()) };
    Ok(MqMessage { msg: Bytes(message), prio })
}

fn attributes(mqdes: Mqd) -> Result<MqAttr, Errno> {
    let mut attr = zero();
    // SAFETY: mq_getattr(3) fills a local variable.
    kernel(|| unsafe { libc::mq_getattr(mqdes.0, &raw mut attr) })?;
    Ok(given(&attr))
}

fn zero() -> libc::mq_attr {
    // SAFETY: mq_attr is plain integers, for which zero is a value.
    unsafe { std::mem::zeroed() }
}

fn raw(attr: &MqAttr) -> libc::mq_attr {
    let mut raw = zero();
    raw.mq_flags = attr.mq_flags.0;
    raw.mq_maxmsg = attr.mq_maxmsg;
    raw.mq_msgsize = attr.mq_msgsize;
    raw.mq_curmsgs = attr.mq_curmsgs;
    raw
}

fn given(raw: &libc::mq_attr) -> MqAttr {
    MqAttr { mq_flags: MqFlags(raw.mq_flags), mq_maxmsg: raw.mq_maxmsg, mq_msgsize: raw.mq_msgsize, mq_curmsgs: raw.mq_curmsgs }
}

/// As the kernel takes it; for `mq_notify` and `timer_create`.
pub fn event(written: Sigevent) -> Result<libc::sigevent, Refusal> {
    if written.sigev_notify.0 == libc::SIGEV_THREAD {
        // The C library would start a thread of its own in the actor, which the engine could not tell from the actor.
        return Err(Refusal("SIGEV_THREAD is not offered: write SIGEV_SIGNAL, or SIGEV_NONE".into()));
    }
    // SAFETY: sigevent is plain integers and a pointer, for which zero is a value.
    let mut event: libc::sigevent = unsafe { std::mem::zeroed() };
    event.sigev_notify = written.sigev_notify.0;
    event.sigev_signo = written.sigev_signo.0;
    event.sigev_value.sival_ptr = without_provenance_mut(written.sigev_value.cast_unsigned() as usize);
    event.sigev_notify_thread_id = written.sigev_notify_thread_id.0;
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue of the test's own, whose name is gone at once.
    fn queue(test: &str, flags: i32) -> Mqd {
        let name = CString::new(format!("/ipcscript-{test}-{}", std::process::id())).expect("no NUL");
        let attr = MqAttr { mq_flags: MqFlags(0), mq_maxmsg: 2, mq_msgsize: 16, mq_curmsgs: 0 };
        let flags = IpcOpenFlags(flags | libc::O_CREAT | libc::O_EXCL | libc::O_RDWR);
        let queue = mq_open(name.clone(), flags, Mode(0o600), Some(attr)).expect("a queue");
        mq_unlink(name).expect("unlinked");
        queue
    }

    fn text(text: &str) -> Bytes {
        Bytes(text.into())
    }

    #[test]
    fn the_highest_priority_comes_first_and_the_buffer_is_that_of_the_queue() {
        let q = queue("priority", libc::O_NONBLOCK);
        mq_send(q, text("low"), 1).expect("sent");
        mq_send(q, text("high"), 7).expect("sent");
        assert_eq!(mq_send(q, text("full"), 0), Err(Failure::Errno(Errno::EAGAIN)));
        assert_eq!(mq_receive(q, Room(Some(15))), Err(Failure::Errno(Errno::EMSGSIZE)));
        assert_eq!(mq_receive(q, Room(None)), Ok(MqMessage { msg: text("high"), prio: 7 }));
        assert_eq!(mq_receive(q, Room(Some(usize::MAX))), Ok(MqMessage { msg: text("low"), prio: 1 }));
        assert_eq!(mq_receive(q, Room(None)), Err(Failure::Errno(Errno::EAGAIN)));
        mq_close(q).expect("closed");
    }

    #[test]
    fn a_deadline_is_counted_from_now() {
        let q = queue("deadline", 0);
        let soon = Timeout::take(&Value::Duration(1_000_000)).expect("a duration");
        assert_eq!(mq_timedreceive(q, Room(None), soon), Err(Failure::Errno(Errno::ETIMEDOUT)));
        mq_timedsend(q, text("one"), 0, soon).expect("room");
        mq_timedsend(q, text("two"), 0, soon).expect("room");
        assert_eq!(mq_timedsend(q, text("three"), 0, soon), Err(Failure::Errno(Errno::ETIMEDOUT)));
        mq_close(q).expect("closed");
    }

    #[test]
    fn attributes_are_partial_records_and_come_back_whole() {
        let q = queue("attributes", 0);
        let written = MqAttr::take(&Value::record([("mq_flags", Value::from(libc::O_NONBLOCK))])).expect("a struct");
        assert_eq!(mq_setattr(q, written).map(|old| old.mq_flags), Ok(MqFlags(0)));
        let now = mq_getattr(q).expect("attributes");
        assert_eq!(now, MqAttr { mq_flags: MqFlags(i64::from(libc::O_NONBLOCK)), mq_maxmsg: 2, mq_msgsize: 16, mq_curmsgs: 0 });
        mq_close(q).expect("closed");
    }

    #[test]
    fn one_process_may_register_and_no_thread_is_started() {
        let q = queue("notify", 0);
        let none = |kind| Sigevent {
            sigev_notify: NotifyKind(kind),
            sigev_signo: Signal(0),
            sigev_value: 0,
            sigev_notify_thread_id: Pid(0),
        };
        mq_notify(q, Some(none(libc::SIGEV_NONE))).expect("registered");
        assert_eq!(mq_notify(q, Some(none(libc::SIGEV_NONE))), Err(Failure::Errno(Errno::EBUSY)));
        mq_notify(q, None).expect("taken back");
        assert!(matches!(mq_notify(q, Some(none(libc::SIGEV_THREAD))), Err(Failure::Refused(_))));
        mq_close(q).expect("closed");
    }
}
