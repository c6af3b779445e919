//! System V semaphores: sets of counters that processes of one IPC namespace share by key; see sysvipc(7).

use super::argument::{Argument, Key, Pid, Returned, Timeout, integer, number};
use super::entry::{call, constants, structure};
use super::sysv::{self, GetFlags, IpcPerm, PrivateKey};
use super::{Failure, Family, kernel};
use crate::value::{Errno, Type, Value};

/// System V semaphores.
pub static FAMILY: Family = Family {
    name: "sysv_sem",
    title: "System V semaphores",
    summary: "A set holds one or more counters. `semop` takes from them, gives to them or waits for zero, all of its operations at once \
        or none. The set belongs to the IPC namespace in which it was created and outlives its creator; the identifier that `semget` \
        gave means nothing in another namespace, or means another object there. Under `SEM_UNDO` the kernel takes a process's operations \
        back when it ends, and when it leaves the namespace by `unshare` or `setns`.",
    calls: &[&SEMGET, &SEMOP, &SEMTIMEDOP, &SEMCTL],
    constants: &[&GetFlags::GROUP, &PrivateKey::GROUP, &SemCommand::GROUP, &SemFlags::GROUP],
    structs: &[&Sembuf::STRUCTURE, &SemidDs::STRUCTURE, &IpcPerm::STRUCTURE, &Seminfo::STRUCTURE],
};

number! {
    /// A semaphore set.
    SemId(i32): Type::Handle("semid");
}

constants! {
    /// flags of an operation on a semaphore
    flags SemFlags(i16) {
        SEM_UNDO, "the kernel takes the operation back when the process ends or leaves the namespace";
        IPC_NOWAIT, "fail with EAGAIN instead of waiting";
    }
    /// commands of semctl
    choice SemCommand(i32) {
        IPC_RMID, "removes the set at once, and wakes its waiters with EIDRM";
        IPC_STAT, "gives what the kernel keeps of the set, as a semid_ds";
        IPC_SET, "changes owner and mode";
        IPC_INFO = 3, "gives the limits of the namespace, as a seminfo";
        GETVAL = 12, "gives the value of one semaphore";
        SETVAL = 16, "sets the value of one semaphore, and wakes whom that lets go on";
        GETALL = 13, "gives the values of all semaphores of the set";
        SETALL = 17, "sets the values of all semaphores of the set";
        GETNCNT = 14, "gives how many processes wait for the value to grow";
        GETZCNT = 15, "gives how many processes wait for the value to be zero";
        GETPID = 11, "gives the process that operated on the semaphore last";
        SEM_STAT = 18, "like IPC_STAT, by the index into the kernel's table";
        SEM_INFO = 19, "gives what the namespace uses, as a seminfo";
        SEM_STAT_ANY = 20, "like SEM_STAT, without the need for read permission";
    }
}

structure! {
    /// One operation on one semaphore of a set.
    Sembuf = "sembuf" { sem_num: u16, sem_op: i16, sem_flg: SemFlags }
    /// What the kernel keeps of a set.
    SemidDs = "semid_ds" { sem_perm: IpcPerm, sem_otime: i64, sem_ctime: i64, sem_nsems: u64 }
    /// Limits of the namespace (`IPC_INFO`), or what it uses (`SEM_INFO`).
    Seminfo = "seminfo" {
        semmap: i32, semmni: i32, semmns: i32, semmnu: i32, semmsl: i32, semopm: i32, semume: i32, semusz: i32, semvmx: i32, semaem: i32
    }
}

call! {
    /// Gives the identifier of the set with this key, or creates the set.
    ///
    /// `IPC_PRIVATE` always creates a new one. The values of a new set are 0 on Linux.
    fn semget(key: Key, nsems: i32 = 0, semflg: GetFlags = 0) -> SemId {
        // SAFETY: semget(2) takes integers only.
        Ok(kernel(|| unsafe { libc::semget(key.0, nsems, semflg.0) }).map(SemId)?)
    }
    const SEMGET: "semget(2)";
    traits: [Local];
    touches: [writes semaphores];
    blocks: "never";
    errors: {
        EEXIST: "the key exists, and both IPC_CREAT and IPC_EXCL are set",
        ENOENT: "no set has this key in the caller's IPC namespace, and IPC_CREAT is not set",
        EINVAL: "nsems is negative or above SEMMSL, or above the size of the set that exists",
        EACCES: "the set exists and its mode does not allow what semflg asks for",
        ENOSPC: "the namespace has no room for another set (SEMMNI) or for that many semaphores (SEMMNS)",
    };
    example: "a: set = semget(0x12345, 1, IPC_CREAT | IPC_EXCL | 0o600)
a: semget(0x12345, 1, IPC_CREAT | IPC_EXCL | 0o600) -> EEXIST
a: semget(0x12345)                                  -> set";
}

call! {
    /// Takes from semaphores, gives to them, or waits for zero: all operations at once, or none.
    ///
    /// A negative `sem_op` takes, and waits until the value is large enough; 0 waits until the value is 0; a positive one gives.
    fn semop(semid: SemId, sops: Vec<Sembuf>) -> () {
        semtimedop(semid, sops, Timeout(None))
    }
    const SEMOP: "semop(2)";
    traits: [Wakes];
    touches: [writes semaphore(semid)];
    blocks: "while an operation cannot be done, until others change the values or remove the set";
    errors: {
        EAGAIN: "the operation would wait, and IPC_NOWAIT is set for it",
        EIDRM: "the set was removed while the caller waited",
        EINTR: "a handler ran while the caller waited; semop is never restarted, whatever SA_RESTART says",
        EINVAL: "no such set in the caller's IPC namespace: it was removed, or the caller has left its namespace",
        EACCES: "the mode of the set does not allow it",
        EFBIG: "sem_num is not below the number of semaphores",
        E2BIG: "more operations than SEMOPM allows",
        ERANGE: "the value would pass 32767",
        ENOSPC: "no room for another undo structure",
    };
    example: "a: set = semget(IPC_PRIVATE, 1, 0o600)
a: semop(set, [{0, +2, 0}])
a: semop(set, [{0, -1, 0}, {0, -1, 0}])
a: semop(set, [{0, -1, IPC_NOWAIT}]) -> EAGAIN";
}

call! {
    /// Like `semop`, and waits no longer than `timeout`.
    fn semtimedop(semid: SemId, sops: Vec<Sembuf>, timeout: Timeout = 0) -> () {
        let mut operations: Vec<libc::sembuf> = sops
            .iter()
            .map(|op| libc::sembuf { sem_num: op.sem_num, sem_op: op.sem_op, sem_flg: op.sem_flg.0 })
            .collect();
        let limit = timeout.timespec();
        let limit = limit.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // The C library of old has no semtimedop; its semop is this system call, too.
        // SAFETY: semtimedop(2) reads `operations` and `limit`, which outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_semtimedop, semid.0, operations.as_mut_ptr(), operations.len(), limit) })?;
        Ok(())
    }
    const SEMTIMEDOP: "semtimedop(2)";
    traits: [Wakes];
    touches: [writes semaphore(semid)];
    blocks: "like semop, until the time is over";
    errors: {
        EAGAIN: "the time is over, or the operation would wait and IPC_NOWAIT is set for it",
        EIDRM: "the set was removed while the caller waited",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "no such set in the caller's IPC namespace",
    };
    example: "a: set = semget(IPC_PRIVATE, 1, 0o600)
a: semtimedop(set, [{0, -1, 0}], 10ms) -> EAGAIN";
}

call! {
    /// Reads or changes a set, or one of its semaphores.
    ///
    /// GETVAL, GETNCNT, GETZCNT and GETPID give a number, GETALL a list; IPC_STAT a semid_ds; IPC_INFO and SEM_INFO a seminfo.
    /// SETVAL takes a number, SETALL a list; IPC_SET takes a partial semid_ds and keeps the rest.
    fn semctl(semid: SemId, semnum: i32, cmd: SemCommand, arg: Value = 0) -> Value {
        control(semid.0, semnum, cmd.0, &arg)
    }
    const SEMCTL: "semctl(2)";
    traits: [Wakes];
    touches by cmd: {
        GETVAL GETNCNT GETZCNT GETPID => [reads semaphore(semid)],
        GETALL IPC_STAT => [reads semaphores(semid)],
        IPC_INFO SEM_INFO SEM_STAT SEM_STAT_ANY => [reads semaphores],
        SETVAL => [writes semaphore(semid)],
        SETALL => [writes semaphores(semid)],
        IPC_SET IPC_RMID => [writes semaphores],
    };
    blocks: "never";
    errors: {
        EINVAL: "no such set in the caller's IPC namespace, or a bad semnum or command",
        EACCES: "the mode of the set does not allow it",
        EPERM: "IPC_SET or IPC_RMID by somebody who neither owns nor created the set and has no CAP_SYS_ADMIN",
        EIDRM: "the set was removed just now",
        ERANGE: "SETVAL or SETALL with a value outside 0..32767",
    };
    by: cmd {
        IPC_STAT SEM_STAT SEM_STAT_ANY => SemidDs,
        IPC_INFO SEM_INFO => Seminfo,
        IPC_SET(arg: SemidDs) => (),
        SETVAL(arg: i32) => (),
        SETALL(arg: Vec<u16>) => (),
        GETALL => Vec<u16>,
        GETVAL GETNCNT GETZCNT => i32,
        GETPID => Pid,
        IPC_RMID => (),
    };
    example: "a: set = semget(IPC_PRIVATE, 2, 0o600)
a: semctl(set, 0, SETALL, [3, 4])
a: semctl(set, 1, GETVAL)   -> 4
a: semctl(set, 0, GETPID)   -> a
a: semctl(set, 0, IPC_SET, {sem_perm: {mode: 0}})
a: semctl(set, 0, IPC_SET, {sem_perm: {mode: 0o600}})
a: semctl(set, 0, IPC_STAT) -> {sem_perm: {mode: 0o600}, sem_nsems: 2}
a: semctl(set, 0, IPC_RMID)
a: semctl(set, 0, GETVAL)   -> EINVAL";
}

fn control(semid: i32, semnum: i32, cmd: i32, arg: &Value) -> Result<Value, Failure> {
    let by_number = |number: i64| {
        // SAFETY: these commands of semctl(2) take a number where others take a pointer.
        kernel(|| unsafe { libc::syscall(libc::SYS_semctl, semid, semnum, cmd, number) })
    };
    match SemCommandKind::of(cmd) {
        SemCommandKind::Number => Ok(by_number(0)?.give()),
        SemCommandKind::SetValue => Ok(by_number(integer(arg)?)?.give()),
        SemCommandKind::GetAll => {
            let mut values = vec![0u16; size(semid)?];
            by_pointer(semid, semnum, cmd, values.as_mut_ptr())?;
            Ok(values.give())
        }
        SemCommandKind::SetAll => {
            let mut values = Vec::<u16>::take(arg)?;
            // The kernel reads as many as the set has; what the script leaves out is 0.
            values.resize(values.len().max(size(semid).unwrap_or(0)), 0);
            Ok(by_pointer(semid, semnum, cmd, values.as_mut_ptr())?.give())
        }
        SemCommandKind::Stat => {
            let (_, stat) = stat(semid, cmd)?;
            Ok(SemidDs {
                sem_perm: IpcPerm::read(&stat.sem_perm),
                sem_otime: stat.sem_otime,
                sem_ctime: stat.sem_ctime,
                sem_nsems: stat.sem_nsems,
            }
            .give())
        }
        SemCommandKind::Set => {
            // Taken as a whole only to refuse fields that the struct does not have.
            SemidDs::take(arg)?;
            let mut known = known(semid)?;
            sysv::overlay(&mut known.sem_perm, arg.field("sem_perm"))?;
            Ok(by_pointer(semid, semnum, cmd, &raw mut known)?.give())
        }
        SemCommandKind::Info => {
            let mut info = [0i32; 10];
            by_pointer(semid, semnum, cmd, info.as_mut_ptr())?;
            let [semmap, semmni, semmns, semmnu, semmsl, semopm, semume, semusz, semvmx, semaem] = info;
            Ok(Seminfo { semmap, semmni, semmns, semmnu, semmsl, semopm, semume, semusz, semvmx, semaem }.give())
        }
    }
}

/// What a command of semctl takes and gives.
enum SemCommandKind {
    Number,
    SetValue,
    GetAll,
    SetAll,
    Stat,
    Set,
    Info,
}

impl SemCommandKind {
    fn of(cmd: i32) -> Self {
        match cmd {
            16 => Self::SetValue,
            13 => Self::GetAll,
            17 => Self::SetAll,
            libc::IPC_STAT | 18 | 20 => Self::Stat,
            libc::IPC_SET => Self::Set,
            3 | 19 => Self::Info,
            _ => Self::Number,
        }
    }
}

fn by_pointer<T>(semid: i32, semnum: i32, cmd: i32, at: *mut T) -> Result<i64, Errno> {
    // SAFETY: the caller passes the address of what this command of semctl(2) reads or fills, large enough for it.
    kernel(|| unsafe { libc::syscall(libc::SYS_semctl, semid, semnum, cmd, at) })
}

fn stat(semid: i32, cmd: i32) -> Result<(i64, libc::semid_ds), Errno> {
    // SAFETY: semid_ds is plain integers, for which zero is a value.
    let mut stat: libc::semid_ds = unsafe { std::mem::zeroed() };
    let given = by_pointer(semid, 0, cmd, &raw mut stat)?;
    Ok((given, stat))
}

/// What `IPC_SET` is to keep. An owner without read permission may set, so the kernel is asked by index then, which needs none.
fn known(semid: i32) -> Result<libc::semid_ds, Errno> {
    match stat(semid, libc::IPC_STAT) {
        Err(Errno::EACCES) => {
            let found = sysv::indices(semid).into_iter().filter_map(|index| stat(index, 20).ok());
            found.into_iter().find(|(id, _)| *id == i64::from(semid)).map(|(_, stat)| stat).ok_or(Errno::EACCES)
        }
        Ok((_, stat)) => Ok(stat),
        Err(errno) => Err(errno),
    }
}

fn size(semid: i32) -> Result<usize, Errno> {
    let (_, stat) = stat(semid, libc::IPC_STAT)?;
    Ok(usize::try_from(stat.sem_nsems).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_record_keeps_the_rest_and_may_not_name_what_the_struct_lacks() {
        let id = semget(Key(libc::IPC_PRIVATE), 2, GetFlags(0o600)).expect("a set").0;
        let set = |record: Value| control(id, 0, libc::IPC_SET, &record);
        let refused = set(Value::record([("msg_perm", Value::Int(0))]));
        let changed = set(Value::record([("sem_perm", Value::record([("mode", Value::Int(0o640))]))]));
        let after = control(id, 0, libc::IPC_STAT, &Value::Int(0));
        control(id, 0, libc::IPC_RMID, &Value::Int(0)).expect("removed");
        assert_eq!(refused, Err(Failure::Refused("a struct semid_ds has no field `msg_perm`".into())));
        changed.expect("set");
        let after = after.expect("stat");
        assert_eq!(after.field("sem_perm").and_then(|perm| perm.field("mode")), Some(&Value::Int(0o640)));
        assert_eq!(after.field("sem_nsems"), Some(&Value::Int(2)));
    }
}
