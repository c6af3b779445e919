//! Who may do what with a file: mode, owner, umask; see chmod(2), chown(2), access(2).

use super::argument::{Fd, Id, Mode, Refusal};
use super::entry::{call, constants};
use super::{Family, kernel};
use std::ffi::CString;

/// Modes and owners of files.
pub static FAMILY: Family = Family {
    name: "permission",
    title: "Modes and owners of files",
    summary: "A file has an owner, a group and a mode of nine permissions; the first class that fits the caller decides alone. \
        A process with CAP_DAC_OVERRIDE passes them all, as uid 0 of the world does. The umask is taken out of the mode of whatever the process creates.",
    calls: &[&ACCESS, &FACCESSAT, &CHMOD, &FCHMOD, &FCHMODAT, &CHOWN, &LCHOWN, &FCHOWN, &FCHOWNAT, &UMASK],
    constants: &[&AccessMode::GROUP, &AccessFlags::GROUP, &OwnerFlags::GROUP, &Permissions::GROUP],
    structs: &[],
};

constants! {
    /// what access asks for
    flags AccessMode(i32) {
        F_OK, "does it exist?";
        R_OK, "may I read it?";
        W_OK, "may I write it?";
        X_OK, "may I execute it, or pass the directory?";
    }
    /// flags of faccessat
    flags AccessFlags(i32) {
        AT_EACCESS, "with the effective ids, which open goes by, and not with the real ones";
        AT_SYMLINK_NOFOLLOW, "of a symbolic link itself";
        AT_EMPTY_PATH, "an empty path is the descriptor itself";
    }
    /// flags of fchmodat and fchownat
    flags OwnerFlags(i32) {
        AT_SYMLINK_NOFOLLOW, "of a symbolic link itself";
        AT_EMPTY_PATH, "an empty path is the descriptor itself";
    }
    /// permissions, as part of a mode
    flags Permissions(u32) {
        S_IRWXU, "owner: all three";
        S_IRUSR, "owner: read";
        S_IREAD = libc::S_IRUSR, "another name of S_IRUSR";
        S_IWRITE = libc::S_IWUSR, "another name of S_IWUSR";
        S_IEXEC = libc::S_IXUSR, "another name of S_IXUSR";
        S_IWUSR, "owner: write";
        S_IXUSR, "owner: execute, or pass the directory";
        S_IRWXG, "group: all three";
        S_IRGRP, "group: read";
        S_IWGRP, "group: write";
        S_IXGRP, "group: execute, or pass the directory";
        S_IRWXO, "others: all three";
        S_IROTH, "others: read";
        S_IWOTH, "others: write";
        S_IXOTH, "others: execute, or pass the directory";
        S_ISUID, "a program runs with the owner as effective user";
        S_ISGID, "a program runs with the file's group; what is created in the directory gets its group";
        S_ISVTX, "sticky: in the directory only the owner of a file removes it";
    }
}

call! {
    /// Asks whether the caller's real user and group may do something with a file.
    fn access(path: CString, mode: AccessMode) -> () {
        // SAFETY: access(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::access(path.as_ptr(), mode.0) })?;
        Ok(())
    }
    const ACCESS: "access(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        EACCES: "the mode of the file does not allow it, or that of a directory on the way",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        EROFS: "writing is asked for, and the mount is read-only",
        ETXTBSY: "writing is asked for, and it is a program that is being executed",
        EINVAL: "a mode that is none of the four",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: write_file(\"note\", \"\")
a: access(\"note\", R_OK | W_OK)
a: access(\"note\", X_OK)    -> EACCES
a: access(\"missing\", F_OK) -> ENOENT";
}

call! {
    /// Like `access`, from the directory `dirfd` on, and by the effective ids if AT_EACCESS is set.
    fn faccessat(dirfd: Fd, path: CString, mode: AccessMode, flags: AccessFlags = 0) -> () {
        // SAFETY: faccessat(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::faccessat(dirfd.0, path.as_ptr(), mode.0, flags.0) })?;
        Ok(())
    }
    const FACCESSAT: "faccessat(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        EACCES: "the mode of the file does not allow it, or that of a directory on the way",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        EROFS: "writing is asked for, and the mount is read-only",
        EINVAL: "an unknown mode or flag",
    };
    example: "a: write_file(\"note\", \"\")
a: faccessat(AT_FDCWD, \"note\", R_OK, AT_EACCESS)
a: faccessat(99, \"note\", R_OK) -> EBADF";
}

call! {
    /// Changes the mode of a file; the umask does not count.
    fn chmod(path: CString, mode: Mode) -> () {
        // SAFETY: chmod(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::chmod(path.as_ptr(), mode.0) })?;
        Ok(())
    }
    const CHMOD: "chmod(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EPERM: "the caller neither owns it nor has CAP_FOWNER where the owner is mapped; or it is immutable",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        EROFS: "the mount is read-only",
    };
    example: "a: write_file(\"note\", \"\")
a: chmod(\"note\", 0o666)
a: stat(\"note\") -> {st_mode: 0o100666}
a: chmod(\"/usr\", 0o777) -> EROFS or EPERM";
}

call! {
    /// Changes the mode of an open file.
    fn fchmod(fd: Fd, mode: Mode) -> () {
        // SAFETY: fchmod(2) takes integers only.
        kernel(|| unsafe { libc::fchmod(fd.0, mode.0) })?;
        Ok(())
    }
    const FCHMOD: "fchmod(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process, or one of O_PATH",
        EPERM: "the caller neither owns it nor has CAP_FOWNER where the owner is mapped; or it is immutable, or a seal forbids it",
        EROFS: "the mount is read-only",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o666)
a: fstat(f) -> {st_mode: 0o100644}
a: fchmod(f, 0o666)
a: fstat(f) -> {st_mode: 0o100666}";
}

call! {
    /// Like `chmod`, from the directory `dirfd` on; a symbolic link itself has no mode that could be changed.
    fn fchmodat(dirfd: Fd, path: CString, mode: Mode, flags: OwnerFlags = 0) -> () {
        // SAFETY: fchmodat(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::fchmodat(dirfd.0, path.as_ptr(), mode.0, flags.0) })?;
        Ok(())
    }
    const FCHMODAT: "fchmodat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EPERM: "the caller neither owns it nor has CAP_FOWNER where the owner is mapped; or it is immutable",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EINVAL: "a flag that is another call's, or that this kernel does not know",
        EOPNOTSUPP: "AT_SYMLINK_NOFOLLOW, and it is a symbolic link",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        EROFS: "the mount is read-only",
    };
    example: "a: write_file(\"note\", \"\")
a: fchmodat(AT_FDCWD, \"note\", 0o600)
a: stat(\"note\") -> {st_mode: 0o100600}
a: symlink(\"note\", \"link\")
a: fchmodat(AT_FDCWD, \"link\", 0o644, AT_SYMLINK_NOFOLLOW) -> EOPNOTSUPP";
}

call! {
    /// Gives a file another owner and group, symbolic links followed; -1 leaves one as it is.
    fn chown(path: CString, owner: Id, group: Id) -> () {
        let (owner, group) = (number(owner)?, number(group)?);
        // SAFETY: chown(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::chown(path.as_ptr(), owner, group) })?;
        Ok(())
    }
    const CHOWN: "chown(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EPERM: "the caller has no CAP_CHOWN where the file's owner is mapped, and asks for more than giving its own file to a group of its own",
        EINVAL: "the user namespace maps no such id",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        EROFS: "the mount is read-only",
    };
    example: "a: write_file(\"note\", \"\")
a: chown(\"note\", -1, -1)
a: chown(\"note\", 0, 0)
a: stat(\"note\") -> {st_uid: 0, st_gid: 0}";
}

call! {
    /// Like `chown`, but of a symbolic link itself.
    fn lchown(path: CString, owner: Id, group: Id) -> () {
        let (owner, group) = (number(owner)?, number(group)?);
        // SAFETY: lchown(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::lchown(path.as_ptr(), owner, group) })?;
        Ok(())
    }
    const LCHOWN: "lchown(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EPERM: "the caller has no CAP_CHOWN where the link's owner is mapped, and asks for more than giving its own link to a group of its own",
        EINVAL: "the user namespace maps no such id",
        ENOENT: "it does not exist",
        EROFS: "the mount is read-only",
    };
    example: "a: symlink(\"nowhere\", \"link\")
a: lchown(\"link\", 0, 0)
a: chown(\"link\", 0, 0) -> ENOENT";
}

call! {
    /// Gives an open file another owner and group; -1 leaves one as it is.
    fn fchown(fd: Fd, owner: Id, group: Id) -> () {
        let (owner, group) = (number(owner)?, number(group)?);
        // SAFETY: fchown(2) takes integers only.
        kernel(|| unsafe { libc::fchown(fd.0, owner, group) })?;
        Ok(())
    }
    const FCHOWN: "fchown(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process, or one of O_PATH",
        EPERM: "the caller has no CAP_CHOWN where the file's owner is mapped, and asks for more than giving its own file to a group of its own",
        EINVAL: "the user namespace maps no such id",
        EROFS: "the mount is read-only",
    };
    example: "a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fchown(f, 0, -1)";
}

call! {
    /// Like `chown`, from the directory `dirfd` on, and with flags; -1 leaves one as it is.
    fn fchownat(dirfd: Fd, path: CString, owner: Id, group: Id, flags: OwnerFlags = 0) -> () {
        let (owner, group) = (number(owner)?, number(group)?);
        // SAFETY: fchownat(2) reads the path, which outlives the call.
        kernel(|| unsafe { libc::fchownat(dirfd.0, path.as_ptr(), owner, group, flags.0) })?;
        Ok(())
    }
    const FCHOWNAT: "fchownat(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EPERM: "the caller has no CAP_CHOWN where the file's owner is mapped, and asks for more than giving its own file to a group of its own",
        EINVAL: "the user namespace maps no such id, or an unknown flag",
        EBADF: "the path is relative, and dirfd is neither a descriptor nor AT_FDCWD",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOENT: "it does not exist",
        ENOTDIR: "a part of the path, or dirfd, is no directory",
        EROFS: "the mount is read-only",
    };
    example: "a: symlink(\"nowhere\", \"link\")
a: fchownat(AT_FDCWD, \"link\", 0, 0, AT_SYMLINK_NOFOLLOW)
a: fchownat(AT_FDCWD, \"link\", 0, 0)                      -> ENOENT";
}

call! {
    /// Sets the permissions that are taken out of the mode of whatever the process creates, and gives the former ones.
    fn umask(mask: Mode) -> Mode {
        // SAFETY: umask(2) takes an integer; it cannot fail.
        let former = kernel(|| unsafe { libc::umask(mask.0) }.cast_signed())?;
        Ok(Mode(former.cast_unsigned()))
    }
    const UMASK: "umask(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: umask(0o077) -> 0o022
a: write_file(\"note\", \"\")
a: stat(\"note\") -> {st_mode: 0o100600}";
}

/// The id as C has it, where -1 is the largest number.
fn number(id: Id) -> Result<u32, Refusal> {
    match id.0 {
        -1 => Ok(u32::MAX),
        id => u32::try_from(id).map_err(|_| Refusal(format!("{id} is no user or group id"))),
    }
}
