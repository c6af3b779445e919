//! What the three kinds of System V objects share: keys, permissions, the flags of their `get` calls; see sysvipc(7).

use super::argument::{Id, Key, Mode};
use super::entry::{constants, structure};

constants! {
    /// flags of semget, shmget and msgget, joined with the mode
    flags GetFlags(i32) {
        IPC_CREAT, "create the object unless one with this key exists";
        IPC_EXCL, "with IPC_CREAT: fail with EEXIST when one exists";
    }
    /// keys with a meaning of their own
    choice PrivateKey(i32) {
        IPC_PRIVATE, "no key: always a new object, that no other process finds by key";
    }
}

structure! {
    /// Owner, creator and mode of a System V object.
    IpcPerm = "ipc_perm" { __key: Key, uid: Id, gid: Id, cuid: Id, cgid: Id, mode: Mode, __seq: u16 }
}

impl IpcPerm {
    /// As the kernel fills it.
    pub fn read(perm: &libc::ipc_perm) -> Self {
        Self {
            __key: Key(perm.__key),
            uid: Id(i64::from(perm.uid)),
            gid: Id(i64::from(perm.gid)),
            cuid: Id(i64::from(perm.cuid)),
            cgid: Id(i64::from(perm.cgid)),
            mode: Mode(u32::from(perm.mode)),
            __seq: perm.__seq,
        }
    }
}

/// The fields of a partial record for `IPC_SET` laid over what the kernel has: `{sem_perm: {mode: 0o600}}`.
pub fn overlay(perm: &mut libc::ipc_perm, record: Option<&crate::value::Value>) -> Result<(), super::Refusal> {
    use super::argument::integer;
    let Some(record) = record else { return Ok(()) };
    if let Some(uid) = record.field("uid") {
        perm.uid = integer(uid)?;
    }
    if let Some(gid) = record.field("gid") {
        perm.gid = integer(gid)?;
    }
    if let Some(mode) = record.field("mode") {
        perm.mode = integer(mode)?;
    }
    Ok(())
}

/// Where in the kernel's table an identifier may stand, for the `_STAT_ANY` commands: the low 15 bits of it, or the low 24
/// under `ipcmni_extend`. What the command gives back tells whether it is the one.
pub fn indices(id: i32) -> [i32; 2] {
    [id & 0x7fff, id & 0x00ff_ffff]
}
