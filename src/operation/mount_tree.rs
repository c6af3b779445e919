//! Mounts as descriptors: taken out of the tree or copied, changed, and put in; see open_tree(2), move_mount(2), mount_setattr(2).

use super::argument::Fd;
use super::entry::{call, constants, structure};
use super::{Family, kernel};
use std::ffi::CString;

/// Mounts as descriptors.
pub static FAMILY: Family = Family {
    name: "mount_tree",
    title: "Mounts as descriptors",
    summary: "A descriptor can stand for a mount: `open_tree` gives one of a mount in the tree, or of a copy that stands nowhere; `mount_setattr` changes \
        it, with everything below it if wanted; `move_mount` puts it at a place. So a mount can be made ready before anybody sees it. A mount that \
        stands nowhere ends with its last descriptor.",
    calls: &[&OPEN_TREE, &MOVE_MOUNT, &MOUNT_SETATTR],
    constants: &[
        &OpenTreeFlags::GROUP,
        &MoveMountFlags::GROUP,
        &SetattrFlags::GROUP,
        &MountAttributes::GROUP,
        &Propagation::GROUP,
    ],
    structs: &[&MountAttr::STRUCTURE],
};

constants! {
    /// flags of open_tree
    flags OpenTreeFlags(u32) {
        OPEN_TREE_CLONE = 1, "a copy of the mount that stands nowhere, as MS_BIND makes one";
        OPEN_TREE_CLOEXEC, "execve closes the descriptor";
        AT_EMPTY_PATH, "an empty path stands for the descriptor itself";
        AT_NO_AUTOMOUNT, "do not trigger an automount there";
        AT_SYMLINK_NOFOLLOW, "do not follow a symbolic link at the end of the path";
        AT_RECURSIVE, "with OPEN_TREE_CLONE: copy the mounts below, too";
    }
    /// flags of move_mount
    flags MoveMountFlags(u32) {
        MOVE_MOUNT_F_SYMLINKS = 0x001, "follow a symbolic link at the end of the first path";
        MOVE_MOUNT_F_AUTOMOUNTS = 0x002, "trigger an automount there";
        MOVE_MOUNT_F_EMPTY_PATH = 0x004, "an empty first path stands for its descriptor itself";
        MOVE_MOUNT_T_SYMLINKS = 0x010, "follow a symbolic link at the end of the second path";
        MOVE_MOUNT_T_AUTOMOUNTS = 0x020, "trigger an automount there";
        MOVE_MOUNT_T_EMPTY_PATH = 0x040, "an empty second path stands for its descriptor itself";
        MOVE_MOUNT_SET_GROUP = 0x100, "move nothing, but let the second mount propagate with the group of the first; Linux 5.15";
        MOVE_MOUNT_BENEATH = 0x200, "put it below the topmost mount that is there; Linux 6.5";
    }
    /// flags of mount_setattr
    flags SetattrFlags(u32) {
        AT_EMPTY_PATH, "an empty path stands for the descriptor itself";
        AT_NO_AUTOMOUNT, "do not trigger an automount there";
        AT_SYMLINK_NOFOLLOW, "do not follow a symbolic link at the end of the path";
        AT_RECURSIVE, "change the mounts below, too: all or, on failure, none";
    }
    /// attributes of a mount
    flags MountAttributes(u64) {
        MOUNT_ATTR_RDONLY = 0x01, "nothing can be written";
        MOUNT_ATTR_NOSUID = 0x02, "set-user-ID bits and file capabilities have no effect";
        MOUNT_ATTR_NODEV = 0x04, "device files cannot be opened";
        MOUNT_ATTR_NOEXEC = 0x08, "programs cannot be executed";
        MOUNT_ATTR__ATIME = 0x70, "the part of the attributes that tells about access times; to be cleared when one of them is set";
        MOUNT_ATTR_RELATIME = 0x00, "access times are kept roughly";
        MOUNT_ATTR_NOATIME = 0x10, "reading changes no access times";
        MOUNT_ATTR_STRICTATIME = 0x20, "access times are kept exactly";
        MOUNT_ATTR_NODIRATIME = 0x80, "reading changes no access times of directories";
        MOUNT_ATTR_IDMAP = 0x0010_0000, "owners are shown, and taken, as the user namespace userns_fd maps them; Linux 5.12";
        MOUNT_ATTR_NOSYMFOLLOW = 0x0020_0000, "symbolic links are not followed; Linux 5.14";
    }
    /// kinds of propagation
    choice Propagation(u64) {
        MS_UNBINDABLE, "private, and cannot be bound";
        MS_PRIVATE, "nothing comes and nothing goes";
        MS_SLAVE, "mounts come from the group, none go to it";
        MS_SHARED, "mounts come from the group and go to it";
    }
}

structure! {
    /// What mount_setattr changes: attributes set, attributes cleared, the kind of propagation or 0, and the user namespace for MOUNT_ATTR_IDMAP.
    MountAttr = "mount_attr" { attr_set: MountAttributes, attr_clr: MountAttributes, propagation: Propagation, userns_fd: Fd }
}

call! {
    /// Gives a descriptor of the mount at a path; under OPEN_TREE_CLONE, of a copy that stands nowhere.
    ///
    /// Without OPEN_TREE_CLONE it is like `open` with O_PATH. A copy begins at the path, which need not be a mount point.
    fn open_tree(dirfd: Fd, path: CString, flags: OpenTreeFlags = 0) -> Fd {
        // SAFETY: open_tree(2) reads a path that outlives the call.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_open_tree, dirfd.0, path.as_ptr(), flags.0) })?;
        Ok(Fd(i32::try_from(fd).unwrap_or(i32::MAX)))
    }
    const OPEN_TREE: "open_tree(2)";
    since: "5.2";
    traits: [Local];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EINVAL: "unknown flags, AT_RECURSIVE without OPEN_TREE_CLONE; a copy of what is unbindable, or without AT_RECURSIVE of a mount that hides \
            locked mounts below it",
        EPERM: "OPEN_TREE_CLONE without CAP_SYS_ADMIN in the user namespace that owns the mount namespace",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        ENOENT: "the path does not exist, or is empty without AT_EMPTY_PATH",
        ENOTDIR: "a part of the path is no directory",
        EACCES: "a part of the path cannot be searched",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: mkdir(\"here\", 0o755)
a: write_file(\"here/note\", \"copied\")
a: copy = open_tree(AT_FDCWD, \"here\", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)
a: f = openat(copy, \"note\", O_RDONLY)
a: read(f, 10)                                        -> \"copied\"
a: open_tree(AT_FDCWD, \"here\", AT_RECURSIVE)          -> EINVAL";
}

call! {
    /// Puts a mount at a place in the tree: one that a descriptor stands for, or one that stands elsewhere.
    fn move_mount(from_dirfd: Fd, from_path: CString, to_dirfd: Fd, to_path: CString, flags: MoveMountFlags = 0) -> () {
        let (from, to) = (from_path.as_ptr(), to_path.as_ptr());
        // SAFETY: move_mount(2) reads two paths that outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_move_mount, from_dirfd.0, from, to_dirfd.0, to, flags.0) })?;
        Ok(())
    }
    const MOVE_MOUNT: "move_mount(2)";
    since: "5.2";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EINVAL: "the first path is no mount point, or a mount below a shared one; or a directory and a file; or a mount locked by a more privileged \
            namespace; or unknown flags; with MOVE_MOUNT_BENEATH: nothing is mounted at the place, or the root is",
        ELOOP: "the mount would be moved below itself",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace",
        EBADF: "a path is relative, and its directory is neither a descriptor nor AT_FDCWD",
        ENOENT: "a path does not exist, or is empty without the flag that allows it",
        ENOTDIR: "a part of a path is no directory",
        EACCES: "a part of a path cannot be searched",
    };
    example: "a: mkdir(\"here\", 0o755)
a: mkdir(\"there\", 0o755)
a: mount(\"none\", \"here\", \"tmpfs\")
a: write_file(\"here/note\", \"\")
a: move_mount(AT_FDCWD, \"here\", AT_FDCWD, \"there\")
a: ls(\"here\")                                       -> []
a: ls(\"there\")                                      -> [\"note\"]
a: move_mount(AT_FDCWD, \"here\", AT_FDCWD, \"there\")  -> EINVAL";
}

call! {
    /// Changes attributes, the propagation or the id map of a mount, and under AT_RECURSIVE of all mounts below it.
    ///
    /// What `mount` with MS_REMOUNT | MS_BIND does for one mount, and needs all flags for, this does for a tree, one flag at a time. An id map can be
    /// given only to a mount that stands nowhere yet.
    fn mount_setattr(dirfd: Fd, path: CString, flags: SetattrFlags, attr: MountAttr) -> () {
        let userns = u64::try_from(attr.userns_fd.0).unwrap_or(u64::MAX);
        let words = [attr.attr_set.0, attr.attr_clr.0, attr.propagation.0, userns];
        let (path, at, size) = (path.as_ptr(), words.as_ptr(), size_of_val(&words));
        // SAFETY: mount_setattr(2) reads a path, and a structure of four words whose size it is told; they outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_mount_setattr, dirfd.0, path, flags.0, at, size) })?;
        Ok(())
    }
    const MOUNT_SETATTR: "mount_setattr(2)";
    since: "5.12";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EINVAL: "the path is no mount point; or attributes that exclude each other, unknown ones, an access time set without clearing MOUNT_ATTR__ATIME; \
            or an id map for a mount that has been in a tree, whose file system knows none, or of the user namespace that mounted it",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace, in that of userns_fd or in that of the file system; or an attribute \
            that a more privileged namespace has locked; or the mount has an id map already",
        EBUSY: "MOUNT_ATTR_RDONLY, and a file is open for writing",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD; or userns_fd is none",
        ENOENT: "the path does not exist, or is empty without AT_EMPTY_PATH",
        ENOTDIR: "a part of the path is no directory",
        EACCES: "a part of the path cannot be searched",
    };
    example: "a: mkdir(\"here\", 0o755)
a: mount_setattr(AT_FDCWD, \"here\", 0, {attr_set: MOUNT_ATTR_RDONLY})             -> EINVAL
a: mount(\"none\", \"here\", \"tmpfs\")
a: mkdir(\"here/below\", 0o755)
a: mount(\"none\", \"here/below\", \"tmpfs\")
a: mount_setattr(AT_FDCWD, \"here\", AT_RECURSIVE, {attr_set: MOUNT_ATTR_RDONLY})
a: mkdir(\"here/below/new\", 0o755)                                              -> EROFS
a: mount_setattr(AT_FDCWD, \"here\", 0, {attr_clr: MOUNT_ATTR_RDONLY})
a: mkdir(\"here/new\", 0o755)
a: mkdir(\"here/below/new\", 0o755)                                              -> EROFS";
}
