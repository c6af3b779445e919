//! Mounts: what stands where in a mount namespace; see mount(2), mount_namespaces(7).

use super::entry::{call, constants};
use super::{Family, kernel};
use std::ffi::{CString, c_char};
use std::ptr::null;

/// Mounts.
pub static FAMILY: Family = Family {
    name: "mount",
    title: "Mounts",
    summary: "A mount puts a filesystem, or a part of one (`MS_BIND`), at a place in the tree of files. Each mount namespace has its own \
        tree. Between namespaces, a mount passes on what is mounted below it when it is shared (`MS_SHARED`), takes only (`MS_SLAVE`), or \
        does neither (`MS_PRIVATE`). The mounts that the world was built of cannot be undone from inside.",
    calls: &[&MOUNT, &UMOUNT, &UMOUNT2],
    constants: &[&MountFlags::GROUP, &UmountFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of mount
    flags MountFlags(u64) {
        MS_RDONLY, "nothing can be written";
        MS_NOSUID, "set-user-ID bits and file capabilities have no effect";
        MS_NODEV, "device files cannot be opened";
        MS_NOEXEC, "programs cannot be executed";
        MS_SYNCHRONOUS, "writes reach the disk before they return";
        MS_REMOUNT, "change the flags of a mount that exists; with MS_BIND those of the mount point alone";
        MS_MANDLOCK, "mandatory locks; no effect since 5.15";
        MS_DIRSYNC, "changes of directories reach the disk before they return";
        MS_NOSYMFOLLOW, "symbolic links are not followed";
        MS_NOATIME, "reading changes no access times";
        MS_NODIRATIME, "reading changes no access times of directories";
        MS_BIND, "make a part of the tree appear at a second place";
        MS_MOVE, "move a mount to another place";
        MS_REC, "with MS_BIND, or a kind of propagation: the mounts below, too";
        MS_SILENT, "no warnings in the kernel's log";
        MS_UNBINDABLE, "a kind of propagation: private, and cannot be bound";
        MS_PRIVATE, "a kind of propagation: nothing comes and nothing goes";
        MS_SLAVE, "a kind of propagation: mounts come from the group, none go to it";
        MS_SHARED, "a kind of propagation: mounts come from the group and go to it";
        MS_RELATIME, "access times are kept roughly";
        MS_STRICTATIME, "access times are kept exactly";
        MS_LAZYTIME, "times are written to the disk late";
        MS_POSIXACL, "access control lists; a flag of the kernel's own";
        MS_I_VERSION, "count changes of inodes";
        MS_KERNMOUNT, "a mount of the kernel's own; has no effect here";
        MS_ACTIVE, "a flag of the kernel's own; has no effect here";
        MS_NOUSER, "a flag of the kernel's own: never mounted by a user; EINVAL";
        MS_RMT_MASK, "the flags that MS_REMOUNT can change";
        MS_MGC_VAL, "what was added to the flags before Linux 2.4; is taken off and ignored";
        MS_MGC_MSK, "the part of the flags that holds MS_MGC_VAL";
    }
    /// flags of umount2
    flags UmountFlags(i32) {
        MNT_FORCE, "abort requests that are pending; for network filesystems";
        MNT_DETACH, "take it out of the tree now, and end it when nobody uses it any more";
        MNT_EXPIRE, "mark it as expired, or unmount it if it was marked and not used since";
        UMOUNT_NOFOLLOW, "do not follow a symbolic link";
    }
}

call! {
    /// Mounts a filesystem, binds a part of the tree to a second place, moves or changes a mount, or changes how it propagates.
    ///
    /// With MS_BIND, MS_MOVE, MS_REMOUNT or a kind of propagation some arguments are ignored; `""` and NULL both will do for them.
    fn mount(
        source: Option<CString>,
        target: CString,
        filesystemtype: Option<CString> = 0,
        mountflags: MountFlags = 0,
        data: Option<CString> = 0
    ) -> () {
        let (source, kind, data) = (pointer(source.as_ref()), pointer(filesystemtype.as_ref()), pointer(data.as_ref()));
        // SAFETY: mount(2) reads strings that outlive the call, or NULL.
        kernel(|| unsafe { libc::mount(source, target.as_ptr(), kind, mountflags.0, data.cast()) })?;
        Ok(())
    }
    const MOUNT: "mount(2)";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace; or flags that a more privileged namespace has locked",
        EACCES: "a part of the path cannot be searched, or the device cannot be used so",
        EBUSY: "the source is mounted there already, or a remount to read-only while files are open for writing",
        EINVAL: "MS_REMOUNT of what is no mount point; MS_MOVE of a mount under a shared one; a bind of an unbindable mount, or of one that \
            hides locked mounts below it; options that the filesystem does not know",
        ENODEV: "the kernel knows no such filesystem",
        ENOENT: "a path does not exist",
        ENOTDIR: "the target is no directory, and the source is one",
        ENOTBLK: "the filesystem needs a block device, and the source is none",
        ELOOP: "a mount would be moved below itself, or too many symbolic links",
        ENOSPC: "the namespace has as many mounts as fs.mount-max allows",
        EROFS: "the device is read-only, and MS_RDONLY is not set",
        ENAMETOOLONG: "a path is too long",
    };
    example: "actor b
a: mkdir(\"here\", 0o755)
a: unshare(CLONE_NEWNS)
a: mount(\"none\", \"here\", \"tmpfs\", MS_NODEV, \"mode=700\")
a: write_file(\"here/file\", \"text\")
b: ls(\"here\")                  -> []
a: mount(\"none\", \"here\", \"nosuchfs\") -> ENODEV
a: umount(\"here\")
a: ls(\"here\")                  -> []";
}

call! {
    /// Takes the topmost mount off a place in the tree.
    fn umount(target: CString) -> () {
        umount2(target, UmountFlags(0))
    }
    const UMOUNT: "umount(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EBUSY: "it is in use: a file is open there, or somebody's working directory is there",
        EINVAL: "no mount point, or one that came with the mount namespace from a more privileged one",
        ENOENT: "the path does not exist",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace",
    };
    example: "a: mkdir(\"here\", 0o755)
a: umount(\"here\")               -> EINVAL
a: mount(\"none\", \"here\", \"tmpfs\")
a: f = open(\"here/file\", O_CREAT | O_WRONLY, 0o600)
a: umount(\"here\")               -> EBUSY
a: close(f)
a: umount(\"here\")";
}

call! {
    /// Like `umount`, with flags.
    fn umount2(target: CString, flags: UmountFlags) -> () {
        // SAFETY: umount2(2) reads a string that outlives the call.
        kernel(|| unsafe { libc::umount2(target.as_ptr(), flags.0) })?;
        Ok(())
    }
    const UMOUNT2: "umount2(2)";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EAGAIN: "MNT_EXPIRE has marked the mount now; nobody has used it so far",
        EBUSY: "it is in use",
        EINVAL: "no mount point; or MNT_EXPIRE together with MNT_DETACH or MNT_FORCE; or a mount that came with the mount namespace from \
            a more privileged one",
        ENOENT: "the path does not exist",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace",
    };
    example: "a: mkdir(\"here\", 0o755)
a: mount(\"none\", \"here\", \"tmpfs\")
a: umount2(\"here\", MNT_EXPIRE) -> EAGAIN
a: umount2(\"here\", MNT_EXPIRE)
a: mount(\"none\", \"here\", \"tmpfs\")
a: f = open(\"here/file\", O_CREAT | O_RDWR, 0o600)
a: umount2(\"here\", MNT_DETACH)
a: write(f, \"still here\")      -> 10";
}

/// The address of a string, or NULL.
fn pointer(string: Option<&CString>) -> *const c_char {
    string.map_or(null(), |string| string.as_ptr())
}
