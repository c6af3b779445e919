//! Making a mount step by step: a context that collects options, a superblock, a mount; see fsopen(2), fsconfig(2), fsmount(2), fspick(2).

use super::argument::Fd;
use super::entry::{call, constants};
use super::mount_tree::MountAttributes;
use super::{Failure, Family, Refusal, kernel};
use crate::value::Value;
use std::ffi::{CString, c_int};
use std::ptr::null;

/// Making a mount step by step.
pub static FAMILY: Family = Family {
    name: "mount_context",
    title: "Making a mount step by step",
    summary: "`mount` does everything at once and answers EINVAL when anything is wrong. The newer calls take its steps apart: `fsopen` gives a \
        descriptor of a context, `fsconfig` sets one option of it at a time and has the file system made, `fsmount` makes a mount of it that stands \
        nowhere yet, and `move_mount` puts that into the tree. What went wrong stands in the context's log: `read(fs, 256)` gives one message \
        a call, `\"e tmpfs: Unknown parameter 'x'\"`, and ENODATA when there is none left.",
    calls: &[&FSOPEN, &FSCONFIG, &FSMOUNT, &FSPICK],
    constants: &[
        &FsopenFlags::GROUP,
        &FsconfigCommand::GROUP,
        &FsmountFlags::GROUP,
        &FspickFlags::GROUP,
        &MountAttributes::GROUP,
    ],
    structs: &[],
};

constants! {
    /// flags of fsopen
    flags FsopenFlags(u32) {
        FSOPEN_CLOEXEC = 1, "execve closes the descriptor";
    }
    /// commands of fsconfig
    choice FsconfigCommand(u32) {
        FSCONFIG_SET_FLAG = 0, "sets an option that takes no value: \"ro\"";
        FSCONFIG_SET_STRING = 1, "sets an option to a string: \"size\", \"1m\"";
        FSCONFIG_SET_BINARY = 2, "sets an option to bytes, `aux` of them";
        FSCONFIG_SET_PATH = 3, "sets an option to what is at a path, below the directory `aux` or AT_FDCWD";
        FSCONFIG_SET_PATH_EMPTY = 4, "the same, and an empty path stands for `aux` itself";
        FSCONFIG_SET_FD = 5, "sets an option to the descriptor `aux`";
        FSCONFIG_CMD_CREATE = 6, "makes the file system, or takes one that exists with these options";
        FSCONFIG_CMD_RECONFIGURE = 7, "changes the file system that `fspick` has taken";
        FSCONFIG_CMD_CREATE_EXCL = 8, "makes the file system, and fails with EBUSY rather than take one that exists; Linux 6.6";
    }
    /// flags of fsmount
    flags FsmountFlags(u32) {
        FSMOUNT_CLOEXEC = 1, "execve closes the descriptor";
    }
    /// flags of fspick
    flags FspickFlags(u32) {
        FSPICK_CLOEXEC = 1, "execve closes the descriptor";
        FSPICK_SYMLINK_NOFOLLOW = 2, "do not follow a symbolic link at the end of the path";
        FSPICK_NO_AUTOMOUNT = 4, "do not trigger an automount there";
        FSPICK_EMPTY_PATH = 8, "an empty path stands for the descriptor itself";
    }
}

call! {
    /// Opens a context in which a file system of a kind is prepared, and gives its descriptor.
    fn fsopen(fsname: CString, flags: FsopenFlags = 0) -> Fd {
        // SAFETY: fsopen(2) reads a string that outlives the call.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_fsopen, fsname.as_ptr(), flags.0) })?;
        Ok(descriptor(fd))
    }
    const FSOPEN: "fsopen(2)";
    since: "5.2";
    traits: [Local];
    blocks: "never";
    errors: {
        ENODEV: "the kernel knows no such file system",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace; when the file system is made: it is not for user namespaces",
        EINVAL: "flags that are another call's, or that this kernel does not know",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: fs = fsopen(\"tmpfs\", FSOPEN_CLOEXEC)
a: read(fs, 256)                 -> ENODATA
a: fsopen(\"nosuchfs\")            -> ENODEV";
}

call! {
    /// Sets an option of a context, or has its file system made or changed.
    ///
    /// `aux` is what C passes beside the value: a descriptor, AT_FDCWD, or how many bytes a binary value has; of those it is left out here.
    fn fsconfig(fd: Fd, cmd: FsconfigCommand, key: Option<CString> = 0, value: Value = 0, aux: Fd = 0) -> () {
        let bytes = match value {
            Value::Bytes(bytes) => Some(bytes),
            Value::Null | Value::Int(0) => None,
            other => return Err(Refusal(format!("`value` of `fsconfig`: {}", Refusal::wanted("a string or NULL", &other).0)).into()),
        };
        let binary = cmd.0 == FSCONFIG_SET_BINARY;
        let aux = match &bytes {
            Some(bytes) if binary && aux.0 == 0 => c_int::try_from(bytes.len()).unwrap_or(c_int::MAX),
            Some(bytes) if binary && usize::try_from(aux.0).is_ok_and(|length| length > bytes.len()) => {
                return Err(Failure::Refused("`aux` of `fsconfig`: the value does not have that many bytes".into()));
            }
            _ => aux.0,
        };
        // All but binary values are strings to the kernel.
        let bytes = bytes.map(|bytes| [bytes, vec![0]].concat());
        let key = key.as_ref().map_or(null(), |key| key.as_ptr());
        let value = bytes.as_ref().map_or(null(), |bytes| bytes.as_ptr());
        // SAFETY: fsconfig(2) reads strings, or as many bytes as it is told; they outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_fsconfig, fd.0, cmd.0, key, value, aux) })?;
        Ok(())
    }
    const FSCONFIG: "fsconfig(2)";
    since: "5.2";
    traits: [Wakes];
    blocks: "never";
    errors: {
        EINVAL: "an option or a value that the file system does not take: the log of the context says which; or arguments that do not go with the \
            command; or no context",
        EBUSY: "the context is past that step: options after FSCONFIG_CMD_CREATE, a second FSCONFIG_CMD_CREATE; with FSCONFIG_CMD_CREATE_EXCL: \
            the file system exists",
        EPERM: "no CAP_SYS_ADMIN where the file system needs it",
        EBADF: "not a descriptor of this process, or `aux` is none",
        ENOENT: "a path does not exist",
        EOPNOTSUPP: "an unknown command, or one that the file system does not know",
        ENOTBLK: "the file system needs a block device, and the source is none",
        ENODEV: "after a command that failed, the context is of no use any more",
        ENAMETOOLONG: "a string that is too long",
    };
    example: "a: fs = fsopen(\"tmpfs\")
a: fsconfig(fs, FSCONFIG_SET_STRING, \"colour\", \"red\")     -> EINVAL
a: read(fs, 256)                                          -> contains \"colour\"
a: fsconfig(fs, FSCONFIG_SET_STRING, \"size\", \"1m\")
a: fsconfig(fs, FSCONFIG_CMD_CREATE)
a: fsconfig(fs, FSCONFIG_CMD_CREATE)                      -> EBUSY";
}

call! {
    /// Makes a mount of the file system that a context holds, and gives its descriptor; it stands nowhere in the tree yet.
    ///
    /// Until `move_mount` puts it there, the mount lives by the descriptor: it can be used through it, and ends with it.
    fn fsmount(fsfd: Fd, flags: FsmountFlags = 0, attr_flags: MountAttributes = 0) -> Fd {
        // SAFETY: fsmount(2) takes integers only.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_fsmount, fsfd.0, flags.0, attr_flags.0) })?;
        Ok(descriptor(fd))
    }
    const FSMOUNT: "fsmount(2)";
    since: "5.2";
    traits: [Local];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "no context, or one whose file system has not been made; or unknown flags or attributes",
        EBUSY: "the context has been used for a mount already",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace; or a /proc or /sys that would show more than the ones mounted",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: fs = fsopen(\"tmpfs\")
a: fsmount(fs)                                      -> EINVAL
a: fsconfig(fs, FSCONFIG_CMD_CREATE)
a: m = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV)
a: f = openat(m, \"note\", O_CREAT | O_RDWR, 0o600)
a: write(f, \"nowhere\")                              -> 7";
}

call! {
    /// Opens a context for the file system that is mounted at a path, to change it with FSCONFIG_CMD_RECONFIGURE.
    fn fspick(dirfd: Fd, path: CString, flags: FspickFlags = 0) -> Fd {
        // SAFETY: fspick(2) reads a path that outlives the call.
        let fd = kernel(|| unsafe { libc::syscall(libc::SYS_fspick, dirfd.0, path.as_ptr(), flags.0) })?;
        Ok(descriptor(fd))
    }
    const FSPICK: "fspick(2)";
    since: "5.2";
    traits: [Local];
    blocks: "never";
    errors: {
        EINVAL: "nothing is mounted exactly there, or unknown flags",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace; when it is reconfigured: in the one that mounted the file system",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        ENOENT: "the path does not exist",
        ENOTDIR: "a part of the path is no directory",
        EACCES: "a part of the path cannot be searched",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: mkdir(\"here\", 0o755)
a: fspick(AT_FDCWD, \"here\")                 -> EINVAL
a: mount(\"none\", \"here\", \"tmpfs\")
a: fs = fspick(AT_FDCWD, \"here\")
a: fsconfig(fs, FSCONFIG_SET_FLAG, \"ro\")
a: fsconfig(fs, FSCONFIG_CMD_RECONFIGURE)
a: mkdir(\"here/new\", 0o755)                 -> EROFS";
}

const FSCONFIG_SET_BINARY: u32 = 2;

fn descriptor(number: libc::c_long) -> Fd {
    Fd(i32::try_from(number).unwrap_or(i32::MAX))
}
