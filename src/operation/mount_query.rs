//! What is mounted, asked mount by mount: listmount(2) and statmount(2), where mountinfo would give all as one text.

use super::argument::number;
use super::entry::{call, constants, structure};
use super::mount_tree::{MountAttributes, Propagation};
use super::{Bytes, Failure, Family, kernel};
use crate::value::Type;

/// What is mounted.
pub static FAMILY: Family = Family {
    name: "mount_query",
    title: "What is mounted",
    summary: "Since Linux 6.8 every mount has a number that is never used again. `listmount` gives the numbers of what is mounted below a mount, `statmount` what the kernel knows \
        of one; where the kernel must say more than a number, only what is asked for is looked up. `statx` gives the number of the mount in which a file is.",
    calls: &[&LISTMOUNT, &STATMOUNT],
    constants: &[&StatmountMask::GROUP, &ListFlags::GROUP, &Beginning::GROUP, &MountAttributes::GROUP, &Propagation::GROUP],
    structs: &[&MntIdReq::STRUCTURE, &Statmount::STRUCTURE],
};

constants! {
    /// what statmount is asked for
    flags StatmountMask(u64) {
        STATMOUNT_SB_BASIC = 0x0001, "sb_dev_major, sb_dev_minor, sb_magic and sb_flags";
        STATMOUNT_MNT_BASIC = 0x0002, "the numbers, mnt_attr, mnt_propagation, mnt_peer_group and mnt_master";
        STATMOUNT_PROPAGATE_FROM = 0x0004, "propagate_from";
        STATMOUNT_MNT_ROOT = 0x0008, "mnt_root";
        STATMOUNT_MNT_POINT = 0x0010, "mnt_point";
        STATMOUNT_FS_TYPE = 0x0020, "fs_type";
        STATMOUNT_MNT_NS_ID = 0x0040, "mnt_ns_id; Linux 6.11";
        STATMOUNT_MNT_OPTS = 0x0080, "mnt_opts; Linux 6.11";
        STATMOUNT_FS_SUBTYPE = 0x0100, "fs_subtype; Linux 6.13";
        STATMOUNT_SB_SOURCE = 0x0200, "sb_source; Linux 6.13";
        STATMOUNT_OPT_ARRAY = 0x0400, "opt_array; Linux 6.13";
        STATMOUNT_OPT_SEC_ARRAY = 0x0800, "opt_sec_array; Linux 6.13";
        STATMOUNT_SUPPORTED_MASK = 0x1000, "supported_mask; Linux 6.15";
        STATMOUNT_MNT_UIDMAP = 0x2000, "mnt_uidmap; Linux 6.15";
        STATMOUNT_MNT_GIDMAP = 0x4000, "mnt_gidmap; Linux 6.15";
    }
    /// flags of listmount
    flags ListFlags(u64) {
        LISTMOUNT_REVERSE = 1, "the youngest first; Linux 6.11";
    }
    /// where listmount begins
    choice Beginning(u64) {
        LSMT_ROOT = 0xffff_ffff_ffff_ffff_u64, "at the root mount of the namespace";
    }
}

structure! {
    /// Which mount is meant: its number or LSMT_ROOT, what else the call takes, and the number of a mount namespace or 0 for the caller's.
    MntIdReq = "mnt_id_req" { mnt_id: u64, param: u64, mnt_ns_id: u64 }
    /// What the kernel knows of a mount: numbers that were not asked for are 0, strings are empty; `mask` says which are there.
    Statmount = "statmount" {
        mask: StatmountMask, sb_dev_major: u32, sb_dev_minor: u32, sb_magic: u64, sb_flags: u32, fs_type: Bytes, mnt_id: u64, mnt_parent_id: u64,
        mnt_id_old: u32, mnt_parent_id_old: u32, mnt_attr: MountAttributes, mnt_propagation: Propagation, mnt_peer_group: u64, mnt_master: u64,
        propagate_from: u64, mnt_root: Bytes, mnt_point: Bytes, mnt_ns_id: u64, mnt_opts: Bytes, fs_subtype: Bytes, sb_source: Bytes,
        opt_array: Vec<Bytes>, opt_sec_array: Vec<Bytes>, supported_mask: StatmountMask, mnt_uidmap: Vec<Bytes>, mnt_gidmap: Vec<Bytes>
    }
}

/// The request as the kernel reads it; see statmount(2).
#[repr(C)]
struct Request {
    size: u32,
    spare: u32,
    mnt_id: u64,
    param: u64,
    mnt_ns_id: u64,
}

// The same on every architecture that has them; the libc crate does not know them everywhere.
const SYS_STATMOUNT: libc::c_long = 457;
const SYS_LISTMOUNT: libc::c_long = 458;
/// The most mounts that one call gives.
const MOST: usize = 4096;
/// Room for the answer of statmount with its strings.
const ROOM: usize = 64 << 10;
/// Where the strings begin.
const STRINGS: usize = 512;

call! {
    /// Gives the numbers of the mounts below a mount, the oldest first; `param` of the request is the number after which to go on.
    fn listmount(req: MntIdReq, nr_mnt_ids: usize = 256, flags: ListFlags = 0) -> Vec<u64> {
        if nr_mnt_ids > MOST {
            return Err(Failure::Refused(format!("`nr_mnt_ids` of `listmount`: at most {MOST}")));
        }
        let mut found = vec![0u64; nr_mnt_ids];
        let (request, at) = (request(&req), found.as_mut_ptr());
        let here = &raw const request;
        // SAFETY: listmount(2) reads a request whose size stands in it, and fills at most as many numbers as it is told.
        let count = kernel(|| unsafe { libc::syscall(SYS_LISTMOUNT, here, at, nr_mnt_ids, flags.0) })?;
        found.truncate(usize::try_from(count).unwrap_or(0));
        Ok(found)
    }
    const LISTMOUNT: "listmount(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        ENOENT: "there is no such mount, or no such mount namespace",
        EPERM: "the mount cannot be reached from the caller's root, or the namespace is not the caller's, without CAP_SYS_ADMIN where it counts",
        EINVAL: "a number of the old kind, as mountinfo has them; unknown flags; on some kernels, a request with fields that they do not know",
        ENOSYS: "a kernel before 6.8",
    };
    example: "needs kernel >= 6.8
a: before = listmount({LSMT_ROOT})
a: mkdir(\"here\", 0o755)
a: mount(\"none\", \"here\", \"tmpfs\")
a: after = listmount({LSMT_ROOT})
expect len(after) == len(before) + 1";
}

call! {
    /// Gives what the kernel knows of a mount; `param` of the request says what is asked for.
    fn statmount(req: MntIdReq, flags: Nothing = 0) -> Statmount {
        let mut answer = vec![0u8; ROOM];
        let (request, at) = (request(&req), answer.as_mut_ptr());
        let here = &raw const request;
        // SAFETY: statmount(2) reads a request whose size stands in it, and fills at most as many bytes as it is told.
        kernel(|| unsafe { libc::syscall(SYS_STATMOUNT, here, at, ROOM, flags.0) })?;
        Ok(read(&answer))
    }
    const STATMOUNT: "statmount(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        ENOENT: "there is no such mount, or no such mount namespace",
        EPERM: "the mount cannot be reached from the caller's root, or the namespace is not the caller's, without CAP_SYS_ADMIN where it counts",
        EINVAL: "a number of the old kind, as mountinfo has them; flags other than 0; on some kernels, a request with fields that they do not know",
        EOVERFLOW: "what is asked for has more than 64 KiB",
        ENOSYS: "a kernel before 6.8",
    };
    example: "needs kernel >= 6.8
a: chdir(\"/tmp\")
a: mkdir(\"here\", 0o755)
a: mount(\"none\", \"here\", \"tmpfs\", MS_NODEV)
a: there = statx(AT_FDCWD, \"here\", 0, STATX_MNT_ID_UNIQUE)
a: statmount({there.stx_mnt_id, STATMOUNT_MNT_BASIC | STATMOUNT_MNT_POINT | STATMOUNT_FS_TYPE})
    -> {mnt_point: \"/tmp/here\", fs_type: \"tmpfs\", mnt_attr: MOUNT_ATTR_NODEV, mnt_propagation: MS_PRIVATE}
a: statmount({12345, STATMOUNT_FS_TYPE}) -> EINVAL";
}

number! {
    /// Flags of a call that has none yet.
    Nothing(u64): Type::Int;
}

fn request(req: &MntIdReq) -> Request {
    // A kernel that knows no namespaces here takes the shorter, first version only.
    let size = if req.mnt_ns_id == 0 { 24 } else { 32 };
    Request { size, spare: 0, mnt_id: req.mnt_id, param: req.param, mnt_ns_id: req.mnt_ns_id }
}

/// Reads the answer, whose strings are offsets from byte 512 on.
fn read(answer: &[u8]) -> Statmount {
    let long = |at: usize| answer.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_ne_bytes);
    let word = |at: usize| answer.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_ne_bytes);
    let mask = long(8);
    let strings = |flag: u64, at: usize, count: usize| {
        let start = STRINGS + usize::try_from(word(at)).unwrap_or(0);
        let count = if mask & flag == 0 { 0 } else { count };
        let text = answer.get(start..).unwrap_or_default();
        text.split(|&byte| byte == 0).take(count).map(|text| Bytes(text.to_vec())).collect::<Vec<_>>()
    };
    let string = |flag: u64, at: usize| strings(flag, at, 1).pop().unwrap_or(Bytes(Vec::new()));
    let counted = |flag: u64, at: usize| strings(flag, at + 4, usize::try_from(word(at)).unwrap_or(0));
    Statmount {
        mask: StatmountMask(mask),
        sb_dev_major: word(16),
        sb_dev_minor: word(20),
        sb_magic: long(24),
        sb_flags: word(32),
        fs_type: string(0x20, 36),
        mnt_id: long(40),
        mnt_parent_id: long(48),
        mnt_id_old: word(56),
        mnt_parent_id_old: word(60),
        mnt_attr: MountAttributes(long(64)),
        mnt_propagation: Propagation(long(72)),
        mnt_peer_group: long(80),
        mnt_master: long(88),
        propagate_from: long(96),
        mnt_root: string(0x08, 104),
        mnt_point: string(0x10, 108),
        mnt_ns_id: long(112),
        mnt_opts: string(0x80, 4),
        fs_subtype: string(0x100, 120),
        sb_source: string(0x200, 124),
        opt_array: counted(0x400, 128),
        opt_sec_array: counted(0x800, 136),
        supported_mask: StatmountMask(long(144)),
        mnt_uidmap: counted(0x2000, 152),
        mnt_gidmap: counted(0x4000, 160),
    }
}
