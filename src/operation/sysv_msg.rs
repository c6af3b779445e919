//! System V message queues: typed messages between processes of one IPC namespace; see sysvipc(7).

use super::argument::{Argument, Bytes, Key, Pid, Returned, number};
use super::entry::{call, constants, structure};
use super::sysv::{self, GetFlags, IpcPerm, PrivateKey};
use super::{Failure, Family, Refusal, kernel};
use crate::value::{Errno, Type, Value};

/// System V message queues.
pub static FAMILY: Family = Family {
    name: "sysv_msg",
    title: "System V message queues",
    summary: "`msgsnd` appends a message with a type, a positive number; `msgrcv` takes the first one, the first of a type, or that of the \
        lowest type up to a bound. A queue that is full blocks who sends, a queue without a fitting message blocks who receives. It belongs \
        to the IPC namespace in which it was created and outlives its creator with all that is in it; `IPC_RMID` ends it at once, and wakes \
        whoever waits with `EIDRM`. A process that leaves the namespace can neither send nor receive there any more.",
    calls: &[&MSGGET, &MSGSND, &MSGRCV, &MSGCTL],
    constants: &[&GetFlags::GROUP, &PrivateKey::GROUP, &SendFlags::GROUP, &ReceiveFlags::GROUP, &MsgCommand::GROUP],
    structs: &[&Msgbuf::STRUCTURE, &MsqidDs::STRUCTURE, &IpcPerm::STRUCTURE, &Msginfo::STRUCTURE],
};

number! {
    /// A message queue.
    MsqId(i32): Type::Handle("msqid");
}

constants! {
    /// flags of msgsnd
    flags SendFlags(i32) {
        IPC_NOWAIT, "fail with EAGAIN instead of waiting for room";
    }
    /// flags of msgrcv
    flags ReceiveFlags(i32) {
        IPC_NOWAIT, "fail with ENOMSG instead of waiting for a message";
        MSG_NOERROR, "cut off a text that is longer than msgsz, instead of failing with E2BIG";
        MSG_EXCEPT, "with a positive msgtyp: the first message of any other type";
        MSG_COPY, "give a copy of the message at position msgtyp, from 0, and leave it there; needs IPC_NOWAIT";
    }
    /// commands of msgctl
    choice MsgCommand(i32) {
        IPC_RMID, "removes the queue at once with what is in it, and wakes its waiters with EIDRM";
        IPC_STAT, "gives what the kernel keeps of the queue, as a msqid_ds";
        IPC_SET, "changes owner, mode and msg_qbytes, and wakes whom more room lets go on";
        IPC_INFO = 3, "gives the limits of the namespace, as a msginfo";
        MSG_STAT = 11, "like IPC_STAT, by the index into the kernel's table";
        MSG_INFO = 12, "gives what the namespace uses, as a msginfo: msgpool queues, msgmap messages, msgtql bytes";
        MSG_STAT_ANY = 13, "like MSG_STAT, without the need for read permission";
    }
}

/// The bytes of a message; a record that leaves them out has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub Vec<u8>);

impl Argument for Text {
    const TYPE: Type = Type::Bytes;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Int(0) => Ok(Self(Vec::new())),
            written => Bytes::take(written).map(|bytes| Self(bytes.0)),
        }
    }
}

impl Returned for Text {
    const TYPE: Type = Type::Bytes;
    fn give(self) -> Value {
        Value::Bytes(self.0)
    }
}

structure! {
    /// A message: its type, a positive number, and its bytes.
    Msgbuf = "msgbuf" { mtype: i64, mtext: Text }
    /// What the kernel keeps of a queue. `msg_cbytes` is the newer manual's name for `__msg_cbytes`.
    MsqidDs = "msqid_ds" {
        msg_perm: IpcPerm, msg_stime: i64, msg_rtime: i64, msg_ctime: i64, __msg_cbytes: u64, msg_qnum: u64, msg_qbytes: u64,
        msg_lspid: Pid, msg_lrpid: Pid, msg_cbytes: u64
    }
    /// Limits of the namespace (`IPC_INFO`), or what it uses (`MSG_INFO`).
    Msginfo = "msginfo" {
        msgpool: i32, msgmap: i32, msgmax: i32, msgmnb: i32, msgmni: i32, msgssz: i32, msgtql: i32, msgseg: u16
    }
}

call! {
    /// Gives the identifier of the queue with this key, or creates the queue.
    ///
    /// `IPC_PRIVATE` always creates a new one.
    fn msgget(key: Key, msgflg: GetFlags = 0) -> MsqId {
        // SAFETY: msgget(2) takes integers only.
        Ok(kernel(|| unsafe { libc::msgget(key.0, msgflg.0) }).map(MsqId)?)
    }
    const MSGGET: "msgget(2)";
    traits: [Local];
    touches: [writes queues];
    blocks: "never";
    errors: {
        EEXIST: "the key exists, and both IPC_CREAT and IPC_EXCL are set",
        ENOENT: "no queue has this key in the caller's IPC namespace, and IPC_CREAT is not set",
        EACCES: "the queue exists and its mode does not allow what msgflg asks for",
        ENOSPC: "the namespace has no room for another queue (MSGMNI)",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: q = msgget(0x12345, IPC_CREAT | IPC_EXCL | 0o600)
a: msgget(0x12345, IPC_CREAT | IPC_EXCL | 0o600) -> EEXIST
a: msgget(0x12345)                               -> q
a: msgget(0x54321)                               -> ENOENT";
}

call! {
    /// Appends a message to a queue.
    ///
    /// The message is `{mtype, mtext}`; its size is that of the text.
    fn msgsnd(msqid: MsqId, msgp: Msgbuf, msgflg: SendFlags = 0) -> () {
        let size = msgp.mtext.0.len();
        let mut message = msgp.mtype.to_ne_bytes().to_vec();
        message.extend(msgp.mtext.0);
        // SAFETY: msgsnd(2) reads the type and `size` bytes after it, which is what `message` holds.
        kernel(|| unsafe { libc::msgsnd(msqid.0, message.as_ptr().cast(), size, msgflg.0) })?;
        Ok(())
    }
    const MSGSND: "msgsnd(2)";
    traits: [Wakes];
    touches: [writes queues(msqid)];
    blocks: "while the queue has no room for the message (its bytes are limited by msg_qbytes, and so is the number of its messages), \
        until others receive, raise msg_qbytes, or remove the queue";
    errors: {
        EAGAIN: "the queue has no room, and IPC_NOWAIT is set",
        EIDRM: "the queue was removed while the caller waited",
        EINTR: "a handler ran while the caller waited; msgsnd is never restarted, whatever SA_RESTART says",
        EINVAL: "no such queue in the caller's IPC namespace (it was removed, or the caller has left its namespace), \
            a type that is not positive, or a text above MSGMAX",
        EACCES: "the mode of the queue does not allow to write",
        ENOMEM: "no memory for a copy of the message",
    };
    example: "a: q = msgget(IPC_PRIVATE, 0o600)
a: msgsnd(q, {1, \"hello\"})
a: msgsnd(q, {0, \"no type\"}) -> EINVAL
a: msgctl(q, IPC_STAT)       -> {msg_qnum: 1, msg_cbytes: 5}";
}

call! {
    /// Takes a message out of a queue.
    ///
    /// `msgtyp` 0 takes the first message, a positive one the first of that type, a negative one the first of the lowest type
    /// that is not above its absolute value. `msgsz` is the longest text that the caller takes.
    fn msgrcv(msqid: MsqId, msgsz: i64, msgtyp: i64 = 0, msgflg: ReceiveFlags = 0) -> Msgbuf {
        const HEAD: usize = size_of::<i64>();
        let mut message = Vec::<u8>::new();
        // No text is longer than an int can say. The room is only reserved: pages that stay empty cost nothing.
        let room = HEAD + usize::try_from(msgsz.clamp(0, i64::from(i32::MAX))).unwrap_or(0);
        message.try_reserve_exact(room).map_err(|_| Failure::Refused(format!("this machine has no memory for {msgsz} bytes")))?;
        let at = message.as_mut_ptr();
        // A negative size goes to the kernel as C would convert it: judging it is the kernel's part.
        // SAFETY: msgrcv(2) fills the type and at most `msgsz` bytes, for which there is room unless the kernel refuses the size.
        let size = kernel(|| unsafe { libc::msgrcv(msqid.0, at.cast(), msgsz.cast_unsigned() as usize, msgtyp, msgflg.0) })?;
        // SAFETY: the kernel has filled the type and `size` bytes of text.
        unsafe { message.set_len(HEAD + size.cast_unsigned()) };
        let text = message.split_off(HEAD);
        let mtype = message.try_into().map_or(0, i64::from_ne_bytes);
        Ok(Msgbuf { mtype, mtext: Text(text) })
    }
    const MSGRCV: "msgrcv(2)";
    traits: [Wakes];
    touches: [writes queues(msqid)];
    blocks: "while the queue holds no message that fits msgtyp, until one is sent or the queue is removed";
    errors: {
        ENOMSG: "no message fits, and IPC_NOWAIT is set; or MSG_COPY and there is none at that position",
        E2BIG: "the text is longer than msgsz, and MSG_NOERROR is not set: the message stays in the queue",
        EIDRM: "the queue was removed while the caller waited",
        EINTR: "a handler ran while the caller waited; msgrcv is never restarted, whatever SA_RESTART says",
        EINVAL: "no such queue in the caller's IPC namespace (it was removed, or the caller has left its namespace), a negative msgsz, \
            or MSG_COPY without IPC_NOWAIT or together with MSG_EXCEPT",
        EACCES: "the mode of the queue does not allow to read",
        ENOSYS: "MSG_COPY on a kernel without CONFIG_CHECKPOINT_RESTORE",
    };
    example: "a: q = msgget(IPC_PRIVATE, 0o600)
a: msgsnd(q, {2, \"two\"})
a: msgsnd(q, {1, \"one\"})
a: msgrcv(q, 2, 1)                   -> E2BIG
a: msgrcv(q, 64, 1)                  -> {mtype: 1, mtext: \"one\"}
a: msgrcv(q, 64, 2, MSG_EXCEPT | IPC_NOWAIT) -> ENOMSG
a: msgrcv(q, 64, 0, MSG_COPY | IPC_NOWAIT)   -> {mtype: 2, mtext: \"two\"} or ENOSYS
a: msgrcv(q, 64, 0, MSG_COPY)        -> EINVAL or ENOSYS
a: msgrcv(q, 2, 0, MSG_NOERROR)      -> {mtype: 2, mtext: \"tw\"}
a: msgrcv(q, 64, 0, IPC_NOWAIT)      -> ENOMSG
actor b
b: msgrcv(q, 64)                     -> blocks
a: msgsnd(q, {7, \"at last\"})
b: resumes                           -> {mtype: 7, mtext: \"at last\"}";
}

call! {
    /// Reads or changes a queue, or removes it.
    ///
    /// IPC_STAT, MSG_STAT and MSG_STAT_ANY give a msqid_ds, IPC_INFO and MSG_INFO a msginfo. IPC_SET takes a partial msqid_ds
    /// (`{msg_perm: {mode: 0o600}, msg_qbytes: 1024}`) and keeps the rest.
    fn msgctl(msqid: MsqId, cmd: MsgCommand, buf: Value = 0) -> Value {
        control(msqid.0, cmd.0, &buf)
    }
    const MSGCTL: "msgctl(2)";
    traits: [Wakes];
    touches by cmd: {
        IPC_STAT => [reads queues(msqid)],
        IPC_INFO MSG_INFO MSG_STAT MSG_STAT_ANY => [reads queues],
        IPC_SET IPC_RMID => [writes queues],
    };
    blocks: "never";
    errors: {
        EINVAL: "no such queue in the caller's IPC namespace, or a bad command",
        EIDRM: "the queue was removed just now",
        EACCES: "IPC_STAT or MSG_STAT without read permission",
        EPERM: "IPC_SET or IPC_RMID by somebody who neither owns nor created the queue and has no CAP_SYS_ADMIN, \
            or msg_qbytes above MSGMNB without CAP_SYS_RESOURCE",
    };
    by: cmd {
        IPC_STAT MSG_STAT MSG_STAT_ANY => MsqidDs,
        IPC_INFO MSG_INFO => Msginfo,
        IPC_SET(buf: MsqidDs) => (),
        IPC_RMID => (),
    };
    example: "a: q = msgget(IPC_PRIVATE, 0o600)
a: msgctl(q, IPC_SET, {msg_qbytes: 4})
a: msgctl(q, IPC_STAT)                 -> {msg_perm: {mode: 0o600}, msg_qnum: 0, msg_qbytes: 4}
a: msgsnd(q, {1, \"12345\"}, IPC_NOWAIT) -> EAGAIN
a: msgctl(q, IPC_RMID)
a: msgctl(q, IPC_STAT)                 -> EINVAL";
}

fn control(msqid: i32, cmd: i32, buf: &Value) -> Result<Value, Failure> {
    match cmd {
        libc::IPC_STAT | 11 | 13 => Ok(given(&stat(msqid, cmd)?.1).give()),
        libc::IPC_SET => {
            // Taken as a whole only to refuse fields that the struct does not have.
            MsqidDs::take(buf)?;
            let mut known = known(msqid)?;
            sysv::overlay(&mut known.msg_perm, buf.field("msg_perm"))?;
            if let Some(bytes) = buf.field("msg_qbytes") {
                known.msg_qbytes = Argument::take(bytes)?;
            }
            Ok(by_pointer(msqid, cmd, &raw mut known)?.give())
        }
        3 | 12 => {
            // Seven ints, and a short that fills up to an int with padding.
            let mut info = [0i32; 8];
            by_pointer(msqid, cmd, info.as_mut_ptr())?;
            let [msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql, last] = info;
            let bytes = last.to_ne_bytes();
            let msgseg = u16::from_ne_bytes([bytes[0], bytes[1]]);
            Ok(Msginfo { msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql, msgseg }.give())
        }
        _ => Ok(by_pointer(msqid, cmd, std::ptr::null_mut::<libc::msqid_ds>())?.give()),
    }
}

fn given(stat: &libc::msqid_ds) -> MsqidDs {
    MsqidDs {
        msg_perm: IpcPerm::read(&stat.msg_perm),
        msg_stime: stat.msg_stime,
        msg_rtime: stat.msg_rtime,
        msg_ctime: stat.msg_ctime,
        __msg_cbytes: stat.__msg_cbytes,
        msg_qnum: stat.msg_qnum,
        msg_qbytes: stat.msg_qbytes,
        msg_lspid: Pid(stat.msg_lspid),
        msg_lrpid: Pid(stat.msg_lrpid),
        msg_cbytes: stat.__msg_cbytes,
    }
}

fn by_pointer<T>(msqid: i32, cmd: i32, at: *mut T) -> Result<i32, Errno> {
    // SAFETY: the caller passes the address of what this command of msgctl(2) reads or fills, large enough for it.
    kernel(|| unsafe { libc::msgctl(msqid, cmd, at.cast()) })
}

fn stat(msqid: i32, cmd: i32) -> Result<(i32, libc::msqid_ds), Errno> {
    // SAFETY: msqid_ds is plain integers, for which zero is a value.
    let mut stat: libc::msqid_ds = unsafe { std::mem::zeroed() };
    let number = by_pointer(msqid, cmd, &raw mut stat)?;
    Ok((number, stat))
}

/// What `IPC_SET` is to keep. An owner without read permission may set, so the kernel is asked by index then, which needs none.
fn known(msqid: i32) -> Result<libc::msqid_ds, Errno> {
    match stat(msqid, libc::IPC_STAT) {
        Err(Errno::EACCES) => {
            let found = sysv::indices(msqid).into_iter().filter_map(|index| stat(index, 13).ok());
            found.into_iter().find(|(id, _)| *id == msqid).map(|(_, stat)| stat).ok_or(Errno::EACCES)
        }
        Ok((_, stat)) => Ok(stat),
        Err(errno) => Err(errno),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue of the test's own, removed at its end.
    struct Queue(i32);

    impl Queue {
        fn new() -> Self {
            Self(msgget(Key(libc::IPC_PRIVATE), GetFlags(0o600)).expect("a queue").0)
        }

        fn send(&self, mtype: i64, text: &str) -> Result<(), Failure> {
            msgsnd(MsqId(self.0), Msgbuf { mtype, mtext: Text(text.into()) }, SendFlags(libc::IPC_NOWAIT))
        }

        fn receive(&self, size: i64, mtype: i64, flags: i32) -> Result<(i64, Vec<u8>), Failure> {
            let message = msgrcv(MsqId(self.0), size, mtype, ReceiveFlags(flags | libc::IPC_NOWAIT))?;
            Ok((message.mtype, message.mtext.0))
        }

        fn control(&self, cmd: i32, buf: &Value) -> Result<Value, Failure> {
            control(self.0, cmd, buf)
        }
    }

    impl Drop for Queue {
        fn drop(&mut self) {
            // What a test has removed already is no mistake here.
            let _ = control(self.0, libc::IPC_RMID, &Value::Int(0));
        }
    }

    #[test]
    fn a_message_comes_back_as_it_went_in() {
        let queue = Queue::new();
        queue.send(3, "three").expect("sent");
        queue.send(1, "").expect("sent");
        assert_eq!(queue.receive(64, -2, 0), Ok((1, Vec::new())));
        assert_eq!(queue.receive(4, 0, 0), Err(Failure::Errno(Errno::E2BIG)));
        assert_eq!(queue.receive(64, 3, libc::MSG_EXCEPT), Err(Failure::Errno(Errno::ENOMSG)));
        assert_eq!(queue.receive(4, 0, libc::MSG_NOERROR), Ok((3, b"thre".to_vec())));
    }

    #[test]
    fn sizes_beyond_reason_are_judged_by_the_kernel() {
        let queue = Queue::new();
        queue.send(1, "x").expect("sent");
        assert_eq!(queue.receive(-1, 0, 0), Err(Failure::Errno(Errno::EINVAL)));
        assert_eq!(queue.receive(1 << 40, 0, 0), Ok((1, b"x".to_vec())));
    }

    #[test]
    fn a_partial_record_keeps_the_rest_of_the_queue() {
        let queue = Queue::new();
        let before = queue.control(libc::IPC_STAT, &Value::Int(0)).expect("stat");
        queue.control(libc::IPC_SET, &Value::record([("msg_qbytes", Value::Int(10))])).expect("set");
        queue.send(1, "123456789").expect("sent");
        assert_eq!(queue.send(1, "12"), Err(Failure::Errno(Errno::EAGAIN)));
        let after = queue.control(libc::IPC_STAT, &Value::Int(0)).expect("stat");
        assert_eq!(after.field("msg_perm"), before.field("msg_perm"));
        assert_eq!(after.field("msg_qbytes"), Some(&Value::Int(10)));
        assert_eq!(after.field("msg_cbytes"), Some(&Value::Int(9)));
        assert_eq!(after.field("__msg_cbytes"), after.field("msg_cbytes"));
        assert_eq!(after.field("msg_lspid"), Some(&Value::from(std::process::id())));
    }

    #[test]
    fn a_record_without_text_is_an_empty_message() {
        let written = Value::Record(vec![(String::new(), Value::Int(5))]);
        assert_eq!(Msgbuf::take(&written), Ok(Msgbuf { mtype: 5, mtext: Text(Vec::new()) }));
        let wrong = Value::record([("mtype", Value::Int(5)), ("mtext", Value::Int(6))]);
        assert_eq!(Msgbuf::take(&wrong), Err(Refusal("field `mtext`: expected a string, found an integer".into())));
    }

    #[test]
    fn limits_are_those_of_the_kernel() {
        let limits = control(0, 3, &Value::Int(0)).expect("limits");
        let msgmax = std::fs::read_to_string("/proc/sys/kernel/msgmax").expect("the sysctl");
        assert_eq!(limits.field("msgmax").and_then(Value::int), msgmax.trim().parse().ok());
    }
}
