//! System V shared memory: segments that processes of one IPC namespace find by key and attach to their memory; see sysvipc(7).

use super::argument::{Address, Argument, Key, Pid, Returned, number};
use super::entry::{call, constants, structure};
use super::sysv::{self, IpcPerm, PrivateKey};
use super::{Failure, Family, kernel};
use crate::value::{Errno, Type, Value};
use std::ptr::{null_mut, with_exposed_provenance};

/// System V shared memory.
pub static FAMILY: Family = Family {
    name: "sysv_shm",
    title: "System V shared memory",
    summary: "`shmget` finds or creates a segment, `shmat` makes it part of the caller's memory, `shmdt` takes it out again. The identifier \
        belongs to the IPC namespace; the memory, once attached, belongs to the process, and stays with it when it leaves the namespace. \
        A segment lives until `IPC_RMID`; one that is attached then lives on without its key, marked `SHM_DEST`, until the last process \
        detaches or ends. A child inherits what its parent has attached. Nothing here orders the accesses: that takes semaphores.",
    calls: &[&SHMGET, &SHMAT, &SHMDT, &SHMCTL],
    constants: &[
        &ShmGetFlags::GROUP,
        &PrivateKey::GROUP,
        &AttachFlags::GROUP,
        &ShmCommand::GROUP,
        &ShmModeBits::GROUP,
        &ShmLimit::GROUP,
    ],
    structs: &[&ShmidDs::STRUCTURE, &IpcPerm::STRUCTURE, &Shminfo::STRUCTURE, &ShmInfo::STRUCTURE],
};

number! {
    /// A shared memory segment.
    ShmId(i32): Type::Handle("shmid");
}

constants! {
    /// flags of shmget, joined with the mode
    flags ShmGetFlags(i32) {
        IPC_CREAT, "create the object unless one with this key exists";
        IPC_EXCL, "with IPC_CREAT: fail with EEXIST when one exists";
        SHM_R, "the owner may read: 0o400";
        SHM_W, "the owner may write: 0o200";
        SHM_NORESERVE, "reserve no swap space for the segment";
        SHM_HUGETLB, "use huge pages, which the administrator has set aside";
        SHM_HUGE_SHIFT = libc::MAP_HUGE_SHIFT, "where the logarithm of the huge page's size stands among the flags";
        SHM_HUGE_MASK = libc::MAP_HUGE_MASK, "the bits of that logarithm, before they are shifted";
        SHM_HUGE_64KB = libc::MAP_HUGE_64KB, "with SHM_HUGETLB: pages of 64 KiB";
        SHM_HUGE_512KB = libc::MAP_HUGE_512KB, "with SHM_HUGETLB: pages of 512 KiB";
        SHM_HUGE_1MB = libc::MAP_HUGE_1MB, "with SHM_HUGETLB: pages of 1 MiB";
        SHM_HUGE_2MB = libc::MAP_HUGE_2MB, "with SHM_HUGETLB: pages of 2 MiB";
        SHM_HUGE_8MB = libc::MAP_HUGE_8MB, "with SHM_HUGETLB: pages of 8 MiB";
        SHM_HUGE_16MB = libc::MAP_HUGE_16MB, "with SHM_HUGETLB: pages of 16 MiB";
        SHM_HUGE_32MB = libc::MAP_HUGE_32MB, "with SHM_HUGETLB: pages of 32 MiB";
        SHM_HUGE_256MB = libc::MAP_HUGE_256MB, "with SHM_HUGETLB: pages of 256 MiB";
        SHM_HUGE_512MB = libc::MAP_HUGE_512MB, "with SHM_HUGETLB: pages of 512 MiB";
        SHM_HUGE_1GB = libc::MAP_HUGE_1GB, "with SHM_HUGETLB: pages of 1 GiB";
        SHM_HUGE_2GB = libc::MAP_HUGE_2GB, "with SHM_HUGETLB: pages of 2 GiB";
        SHM_HUGE_16GB = libc::MAP_HUGE_16GB, "with SHM_HUGETLB: pages of 16 GiB";
    }
    /// flags of shmat
    flags AttachFlags(i32) {
        SHM_RDONLY, "attach for reading only: a write ends the process with SIGSEGV";
        SHM_RND, "round shmaddr down to a multiple of SHMLBA";
        SHM_REMAP, "take the place of what is mapped at shmaddr";
        SHM_EXEC, "the memory may be executed";
    }
    /// commands of shmctl
    choice ShmCommand(i32) {
        IPC_RMID, "removes the segment, or marks it SHM_DEST while it is attached: then it goes with the last detach";
        IPC_STAT, "gives what the kernel keeps of the segment, as a shmid_ds";
        IPC_SET, "changes owner and mode";
        IPC_INFO = 3, "gives the limits of the namespace, as a shminfo";
        SHM_LOCK, "keeps the segment's pages from being swapped out";
        SHM_UNLOCK, "lets the segment's pages be swapped out again";
        SHM_STAT = 13, "like IPC_STAT, by the index into the kernel's table";
        SHM_INFO = 14, "gives what the namespace uses, as a shm_info";
        SHM_STAT_ANY = 15, "like SHM_STAT, without the need for read permission";
    }
    /// what attachments are rounded to
    choice ShmLimit(u64) {
        SHMLBA = 4096, "addresses of attachments are multiples of this: a page";
    }
    /// bits of shm_perm.mode above the permissions
    flags ShmModeBits(u32) {
        SHM_DEST = 0o1000, "the segment was removed, and goes with the last detach";
        SHM_LOCKED = 0o2000, "the segment is not swapped out";
    }
}

structure! {
    /// What the kernel keeps of a segment.
    ShmidDs = "shmid_ds" {
        shm_perm: IpcPerm, shm_segsz: usize, shm_atime: i64, shm_dtime: i64, shm_ctime: i64, shm_cpid: Pid, shm_lpid: Pid, shm_nattch: u64
    }
    /// Limits of the namespace (`IPC_INFO`).
    Shminfo = "shminfo" { shmmax: u64, shmmin: u64, shmmni: u64, shmseg: u64, shmall: u64 }
    /// What the namespace uses (`SHM_INFO`), in pages but for `used_ids`.
    ShmInfo = "shm_info" { used_ids: i32, shm_tot: u64, shm_rss: u64, shm_swp: u64, swap_attempts: u64, swap_successes: u64 }
}

call! {
    /// Gives the identifier of the segment with this key, or creates the segment.
    ///
    /// `IPC_PRIVATE` always creates a new one. New memory holds zeros. To find a segment, `size` may be 0, or less than it has.
    fn shmget(key: Key, size: usize = 0, shmflg: ShmGetFlags = 0) -> ShmId {
        // SAFETY: shmget(2) takes integers only.
        Ok(kernel(|| unsafe { libc::shmget(key.0, size, shmflg.0) }).map(ShmId)?)
    }
    const SHMGET: "shmget(2)";
    traits: [Local];
    touches: [writes segments];
    blocks: "never";
    errors: {
        EEXIST: "the key exists, and both IPC_CREAT and IPC_EXCL are set",
        ENOENT: "no segment has this key in the caller's IPC namespace, and IPC_CREAT is not set",
        EINVAL: "a new segment of 0 bytes or above SHMMAX, or more bytes than the segment that exists has",
        EACCES: "the segment exists and its mode does not allow what shmflg asks for",
        ENOSPC: "the namespace has no room for another segment (SHMMNI) or for that many pages (SHMALL)",
        EPERM: "SHM_HUGETLB without CAP_IPC_LOCK, by somebody outside the group in vm.hugetlb_shm_group",
        ENOMEM: "no memory, or no free huge pages",
        ENFILE: "the system has no room for another open file: a segment counts as one",
    };
    example: "a: seg = shmget(0x12345, 4096, IPC_CREAT | IPC_EXCL | 0o600)
a: shmget(0x12345, 4096, IPC_CREAT | IPC_EXCL | 0o600) -> EEXIST
a: shmget(0x12345)                                     -> seg
a: shmget(0x12345, 8192)                               -> EINVAL
a: shmget(0x54321)                                     -> ENOENT";
}

call! {
    /// Attaches a segment to the caller's memory, and gives the address.
    ///
    /// With `shmaddr` 0 the kernel chooses the address. The attachment does not need the namespace any more once it is made.
    fn shmat(shmid: ShmId, shmaddr: Address = 0, shmflg: AttachFlags = 0) -> Address {
        let at = with_exposed_provenance(shmaddr.0);
        // SAFETY: shmat(2) reads no memory; SHM_REMAP replaces what the script names, as it would in a C program.
        let memory = kernel(|| unsafe { libc::shmat(shmid.0, at, shmflg.0) })?;
        Ok(Address(memory.expose_provenance()))
    }
    const SHMAT: "shmat(2)";
    traits: [Local];
    touches: [writes segments];
    blocks: "never";
    errors: {
        EINVAL: "no such segment in the caller's IPC namespace, a shmaddr that is taken or no multiple of SHMLBA, or SHM_REMAP without shmaddr",
        EACCES: "the mode of the segment does not allow it: SHM_RDONLY needs read permission, otherwise write permission too",
        EIDRM: "the segment was removed just now",
        ENOMEM: "no memory for the tables of the mapping",
    };
    example: "a: seg = shmget(IPC_PRIVATE, 4096, 0o600)
a: p = shmat(seg)
a: store(p, u32, 7)
a: r = shmat(seg, NULL, SHM_RDONLY)
a: load(r, u32) -> 7
a: shmdt(r)
a: shmat(seg, p)                     -> EINVAL      # taken
a: shmat(seg, p + 1, SHM_REMAP)      -> EINVAL      # no multiple of SHMLBA
a: shmat(seg, p + 1, SHM_REMAP | SHM_RND | SHM_EXEC) -> p
a: load(p, u32) -> 7
a: shmdt(p)";
}

call! {
    /// Detaches the segment at this address from the caller's memory.
    ///
    /// The last detach of a segment that is marked `SHM_DEST` ends it.
    fn shmdt(shmaddr: Address) -> () {
        let at = with_exposed_provenance(shmaddr.0);
        // SAFETY: shmdt(2) takes away a mapping that shmat made at this very address, and nothing else.
        kernel(|| unsafe { libc::shmdt(at) })?;
        Ok(())
    }
    const SHMDT: "shmdt(2)";
    traits: [Local];
    touches: [writes segments];
    blocks: "never";
    errors: {
        EINVAL: "no segment is attached at this address, or the address is no multiple of the page size",
    };
    example: "a: seg = shmget(IPC_PRIVATE, 4096, 0o600)
a: p = shmat(seg)
a: shmdt(p)
a: shmdt(p) -> EINVAL";
}

call! {
    /// Reads or changes a segment, or removes it.
    ///
    /// IPC_STAT, SHM_STAT and SHM_STAT_ANY give a shmid_ds, IPC_INFO a shminfo, SHM_INFO a shm_info. IPC_SET takes a partial
    /// shmid_ds (`{shm_perm: {mode: 0o600}}`) and keeps the rest.
    fn shmctl(shmid: ShmId, cmd: ShmCommand, buf: Value = 0) -> Value {
        control(shmid.0, cmd.0, &buf)
    }
    const SHMCTL: "shmctl(2)";
    traits: [Local];
    touches by cmd: {
        IPC_STAT => [reads segments(shmid)],
        IPC_INFO SHM_INFO SHM_STAT SHM_STAT_ANY => [reads segments],
        IPC_SET IPC_RMID SHM_LOCK SHM_UNLOCK => [writes segments],
    };
    blocks: "never";
    errors: {
        EINVAL: "no such segment in the caller's IPC namespace, or a bad command",
        EIDRM: "the segment was removed just now",
        EACCES: "IPC_STAT or SHM_STAT without read permission",
        EPERM: "IPC_SET or IPC_RMID by somebody who neither owns nor created the segment and has no CAP_SYS_ADMIN, \
            or SHM_LOCK by somebody else without CAP_IPC_LOCK, or with RLIMIT_MEMLOCK at 0",
        ENOMEM: "SHM_LOCK of more than RLIMIT_MEMLOCK allows",
    };
    by: cmd {
        IPC_STAT SHM_STAT SHM_STAT_ANY => ShmidDs,
        IPC_INFO => Shminfo,
        SHM_INFO => ShmInfo,
        IPC_SET(buf: ShmidDs) => (),
        IPC_RMID SHM_LOCK SHM_UNLOCK => (),
    };
    example: "a: seg = shmget(IPC_PRIVATE, 4096, 0o600)
a: p = shmat(seg)
a: shmctl(seg, IPC_SET, {shm_perm: {mode: 0o640}})
a: shmctl(seg, IPC_STAT) -> {shm_perm: {mode: 0o640}, shm_segsz: 4096, shm_nattch: 1, shm_cpid: a}
a: shmctl(seg, IPC_RMID)
a: shmctl(seg, IPC_STAT) -> {shm_perm: {__key: IPC_PRIVATE, mode: 0o640 | SHM_DEST}}
a: shmdt(p)
a: shmctl(seg, IPC_STAT) -> EINVAL";
}

fn control(shmid: i32, cmd: i32, buf: &Value) -> Result<Value, Failure> {
    match cmd {
        libc::IPC_STAT | 13 | 15 => Ok(given(&stat(shmid, cmd)?.1).give()),
        libc::IPC_SET => {
            // Taken as a whole only to refuse fields that the struct does not have.
            ShmidDs::take(buf)?;
            let mut known = known(shmid)?;
            sysv::overlay(&mut known.shm_perm, buf.field("shm_perm"))?;
            Ok(by_pointer(shmid, cmd, &raw mut known)?.give())
        }
        3 => {
            // The kernel fills nine words; the last four are reserved.
            let mut info = [0u64; 9];
            by_pointer(shmid, cmd, info.as_mut_ptr())?;
            let [shmmax, shmmin, shmmni, shmseg, shmall, ..] = info;
            Ok(Shminfo { shmmax, shmmin, shmmni, shmseg, shmall }.give())
        }
        14 => {
            // `used_ids` is an int that fills its word up with padding.
            let mut info = [0u64; 6];
            by_pointer(shmid, cmd, info.as_mut_ptr())?;
            let [ids, shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes] = info;
            let bytes = ids.to_ne_bytes();
            let used_ids = i32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            Ok(ShmInfo { used_ids, shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes }.give())
        }
        _ => Ok(by_pointer(shmid, cmd, null_mut::<libc::shmid_ds>())?.give()),
    }
}

fn given(stat: &libc::shmid_ds) -> ShmidDs {
    ShmidDs {
        shm_perm: IpcPerm::read(&stat.shm_perm),
        shm_segsz: stat.shm_segsz,
        shm_atime: stat.shm_atime,
        shm_dtime: stat.shm_dtime,
        shm_ctime: stat.shm_ctime,
        shm_cpid: Pid(stat.shm_cpid),
        shm_lpid: Pid(stat.shm_lpid),
        shm_nattch: stat.shm_nattch,
    }
}

fn by_pointer<T>(shmid: i32, cmd: i32, at: *mut T) -> Result<i32, Errno> {
    // SAFETY: the caller passes the address of what this command of shmctl(2) reads or fills, large enough for it.
    kernel(|| unsafe { libc::shmctl(shmid, cmd, at.cast()) })
}

fn stat(shmid: i32, cmd: i32) -> Result<(i32, libc::shmid_ds), Errno> {
    // SAFETY: shmid_ds is plain integers, for which zero is a value.
    let mut stat: libc::shmid_ds = unsafe { std::mem::zeroed() };
    let number = by_pointer(shmid, cmd, &raw mut stat)?;
    Ok((number, stat))
}

/// What `IPC_SET` is to keep. An owner without read permission may set, so the kernel is asked by index then, which needs none.
fn known(shmid: i32) -> Result<libc::shmid_ds, Errno> {
    match stat(shmid, libc::IPC_STAT) {
        Err(Errno::EACCES) => {
            let found = sysv::indices(shmid).into_iter().filter_map(|index| stat(index, 15).ok());
            found.into_iter().find(|(id, _)| *id == shmid).map(|(_, stat)| stat).ok_or(Errno::EACCES)
        }
        Ok((_, stat)) => Ok(stat),
        Err(errno) => Err(errno),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shmget_private(size: usize) -> i32 {
        shmget(Key(libc::IPC_PRIVATE), size, ShmGetFlags(0o600)).expect("a segment").0
    }

    fn field<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
        path.iter().try_fold(value, |value, name| value.field(name))
    }

    #[test]
    fn a_partial_record_keeps_the_rest_of_the_segment() {
        let id = shmget_private(5000);
        let set = Value::record([("shm_perm", Value::record([("mode", Value::Int(0o640))]))]);
        control(id, libc::IPC_SET, &set).expect("set");
        let after = control(id, libc::IPC_STAT, &Value::Int(0)).expect("stat");
        control(id, libc::IPC_RMID, &Value::Int(0)).expect("removed");
        assert_eq!(field(&after, &["shm_perm", "mode"]), Some(&Value::Int(0o640)));
        assert_eq!(field(&after, &["shm_segsz"]), Some(&Value::Int(5000)));
        // SAFETY: geteuid(2) takes nothing and cannot fail.
        assert_eq!(field(&after, &["shm_perm", "uid"]), Some(&Value::from(unsafe { libc::geteuid() })));
    }

    #[test]
    fn a_field_that_the_struct_lacks_is_refused() {
        let id = shmget_private(4096);
        let refused = control(id, libc::IPC_SET, &Value::record([("msg_perm", Value::Int(0))]));
        control(id, libc::IPC_RMID, &Value::Int(0)).expect("removed");
        assert_eq!(refused, Err(Failure::Refused("a struct shmid_ds has no field `msg_perm`".into())));
    }

    #[test]
    fn a_removed_segment_lives_until_its_last_detach() {
        let id = shmget_private(4096);
        let at = shmat(ShmId(id), Address(0), AttachFlags(0)).expect("attached");
        control(id, libc::IPC_RMID, &Value::Int(0)).expect("removed");
        let marked = control(id, libc::IPC_STAT, &Value::Int(0)).expect("still there");
        assert_eq!(field(&marked, &["shm_perm", "mode"]), Some(&Value::Int(0o1600)));
        assert_eq!(field(&marked, &["shm_nattch"]), Some(&Value::Int(1)));
        shmdt(at).expect("detached");
        assert_eq!(control(id, libc::IPC_STAT, &Value::Int(0)), Err(Failure::Errno(Errno::EINVAL)));
    }

    #[test]
    fn limits_and_use_are_those_of_the_kernel() {
        let id = shmget_private(4096);
        let limits = control(0, 3, &Value::Int(0)).expect("limits");
        let used = control(0, 14, &Value::Int(0)).expect("use");
        control(id, libc::IPC_RMID, &Value::Int(0)).expect("removed");
        assert_eq!(limits.field("shmmin"), Some(&Value::Int(1)));
        let shmmni = std::fs::read_to_string("/proc/sys/kernel/shmmni").expect("the sysctl");
        assert_eq!(limits.field("shmmni").and_then(Value::int), shmmni.trim().parse().ok());
        assert!(used.field("used_ids").and_then(Value::int) >= Some(1));
        assert!(used.field("shm_tot").and_then(Value::int) >= Some(1));
    }
}
