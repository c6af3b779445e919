//! Extended attributes: names and values that a file carries; see xattr(7).

use super::argument::{Bytes, Fd};
use super::entry::{call, constants};
use super::{Failure, Family, kernel};
use crate::value::Errno;
use std::ffi::{CString, c_char};

/// Extended attributes.
pub static FAMILY: Family = Family {
    name: "xattr",
    title: "Extended attributes",
    summary: "A file may carry attributes, each a name and a value. The name begins with its class: `user.` for anybody who may write the file, \
        `security.` and `system.` for the kernel (capabilities of a program, access lists), `trusted.` for CAP_SYS_ADMIN of the initial user namespace. \
        Linux 6.6 and later know `user.` on a tmpfs. Calls with an `l` take a symbolic link itself, those with an `f` a descriptor.",
    calls: &[
        &SETXATTR,
        &LSETXATTR,
        &FSETXATTR,
        &GETXATTR,
        &LGETXATTR,
        &FGETXATTR,
        &LISTXATTR,
        &LLISTXATTR,
        &FLISTXATTR,
        &REMOVEXATTR,
        &LREMOVEXATTR,
        &FREMOVEXATTR,
    ],
    constants: &[&AttributeFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of setxattr
    flags AttributeFlags(i32) {
        XATTR_CREATE, "fail with EEXIST where the attribute exists";
        XATTR_REPLACE, "fail with ENODATA where it does not";
    }
}

call! {
    /// Sets an attribute of a file.
    fn setxattr(path: CString, name: CString, value: Bytes, flags: AttributeFlags = 0) -> () {
        let (name, at, length) = (name.as_ptr(), value.0.as_ptr().cast(), value.0.len());
        // SAFETY: setxattr(2) reads the strings and the length given of the value; all outlive the call.
        kernel(|| unsafe { libc::setxattr(path.as_ptr(), name, at, length, flags.0) })?;
        Ok(())
    }
    const SETXATTR: "setxattr(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "XATTR_CREATE, and the attribute exists",
        ENODATA: "XATTR_REPLACE, and it does not",
        EINVAL: "an unknown flag, or a value that this attribute does not take",
        ENOSPC: "no room for it",
        E2BIG: "the value is longer than 64 KiB",
        ERANGE: "the name is empty or longer than 255 bytes",
        EPERM: "the class is for others: trusted, or user on what is neither a regular file nor a directory; or the file is immutable",
        EROFS: "the mount is read-only",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
    };
    example: "needs kernel >= 6.6
a: write_file(\"note\", \"\")
a: setxattr(\"note\", \"user.colour\", \"blue\")
a: setxattr(\"note\", \"user.colour\", \"red\", XATTR_CREATE) -> EEXIST
a: setxattr(\"note\", \"user.shape\", \"round\", XATTR_REPLACE) -> ENODATA
a: getxattr(\"note\", \"user.colour\")                       -> \"blue\"";
}

call! {
    /// Sets an attribute of a symbolic link itself.
    fn lsetxattr(path: CString, name: CString, value: Bytes, flags: AttributeFlags = 0) -> () {
        let (name, at, length) = (name.as_ptr(), value.0.as_ptr().cast(), value.0.len());
        // SAFETY: lsetxattr(2) reads the strings and the length given of the value; all outlive the call.
        kernel(|| unsafe { libc::lsetxattr(path.as_ptr(), name, at, length, flags.0) })?;
        Ok(())
    }
    const LSETXATTR: "lsetxattr(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "XATTR_CREATE, and the attribute exists",
        ENODATA: "XATTR_REPLACE, and it does not",
        EINVAL: "an unknown flag, or a value that this attribute does not take",
        ENOSPC: "no room for it",
        E2BIG: "the value is longer than 64 KiB",
        ERANGE: "the name is empty or longer than 255 bytes",
        EPERM: "the class is for others: trusted, or user on what is neither a regular file nor a directory; or the file is immutable",
        EROFS: "the mount is read-only",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
    };
    example: "needs kernel >= 6.6
a: symlink(\"nowhere\", \"link\")
a: lsetxattr(\"link\", \"user.colour\", \"blue\") -> EPERM
a: setxattr(\"link\", \"user.colour\", \"blue\")  -> ENOENT";
}

call! {
    /// Sets an attribute of an open file.
    fn fsetxattr(fd: Fd, name: CString, value: Bytes, flags: AttributeFlags = 0) -> () {
        let (name, at, length) = (name.as_ptr(), value.0.as_ptr().cast(), value.0.len());
        // SAFETY: fsetxattr(2) reads the strings and the length given of the value; all outlive the call.
        kernel(|| unsafe { libc::fsetxattr(fd.0, name, at, length, flags.0) })?;
        Ok(())
    }
    const FSETXATTR: "fsetxattr(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EEXIST: "XATTR_CREATE, and the attribute exists",
        ENODATA: "XATTR_REPLACE, and it does not",
        EINVAL: "an unknown flag, or a value that this attribute does not take",
        ENOSPC: "no room for it",
        E2BIG: "the value is longer than 64 KiB",
        ERANGE: "the name is empty or longer than 255 bytes",
        EPERM: "the class is for others: trusted, or user on what is neither a regular file nor a directory; or the file is immutable",
        EROFS: "the mount is read-only",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        EBADF: "not a descriptor of this process, or one of O_PATH",
    };
    example: "needs kernel >= 6.6
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fsetxattr(f, \"user.colour\", \"blue\")
a: fgetxattr(f, \"user.colour\") -> \"blue\"";
}

call! {
    /// Gives the value of an attribute of a file.
    fn getxattr(path: CString, name: CString) -> Bytes {
        let name = name.as_ptr();
        // SAFETY: getxattr(2) reads the strings and fills at most the length that it is told; all outlive the call.
        filled(|at, length| kernel(|| unsafe { libc::getxattr(path.as_ptr(), name, at.cast(), length) }))
    }
    const GETXATTR: "getxattr(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENODATA: "there is no such attribute, or the caller may not see it",
        EPERM: "the class user on what is neither a regular file nor a directory, on some kernels",
        ERANGE: "the name is empty or longer than 255 bytes",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
    };
    example: "needs kernel >= 6.6
a: write_file(\"note\", \"\")
a: setxattr(\"note\", \"user.colour\", \"blue\")
a: getxattr(\"note\", \"user.colour\") -> \"blue\"
a: getxattr(\"note\", \"user.shape\")  -> ENODATA";
}

call! {
    /// Gives the value of an attribute of a symbolic link itself.
    fn lgetxattr(path: CString, name: CString) -> Bytes {
        let name = name.as_ptr();
        // SAFETY: lgetxattr(2) reads the strings and fills at most the length that it is told; all outlive the call.
        filled(|at, length| kernel(|| unsafe { libc::lgetxattr(path.as_ptr(), name, at.cast(), length) }))
    }
    const LGETXATTR: "lgetxattr(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENODATA: "there is no such attribute, or the caller may not see it",
        EPERM: "the class user on what is neither a regular file nor a directory, on some kernels",
        ERANGE: "the name is empty or longer than 255 bytes",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
    };
    example: "needs kernel >= 6.6
a: symlink(\"nowhere\", \"link\")
a: lgetxattr(\"link\", \"user.colour\") -> ENODATA or EPERM";
}

call! {
    /// Gives the value of an attribute of an open file.
    fn fgetxattr(fd: Fd, name: CString) -> Bytes {
        let name = name.as_ptr();
        // SAFETY: fgetxattr(2) reads the strings and fills at most the length that it is told; all outlive the call.
        filled(|at, length| kernel(|| unsafe { libc::fgetxattr(fd.0, name, at.cast(), length) }))
    }
    const FGETXATTR: "fgetxattr(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENODATA: "there is no such attribute, or the caller may not see it",
        EPERM: "the class user on what is neither a regular file nor a directory, on some kernels",
        ERANGE: "the name is empty or longer than 255 bytes",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        EBADF: "not a descriptor of this process, or one of O_PATH",
    };
    example: "needs kernel >= 6.6
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fgetxattr(f, \"user.colour\") -> ENODATA";
}

call! {
    /// Gives the names of the attributes of a file, sorted.
    fn listxattr(path: CString) -> Vec<Bytes> {
        // SAFETY: listxattr(2) reads the path and fills at most the length that it is told; both outlive the call.
        filled(|at, length| kernel(|| unsafe { libc::listxattr(path.as_ptr(), at, length) })).map(names)
    }
    const LISTXATTR: "listxattr(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        E2BIG: "the names are longer than 64 KiB together",
        EOPNOTSUPP: "the file system has no attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
    };
    example: "needs kernel >= 6.6
a: write_file(\"note\", \"\")
a: setxattr(\"note\", \"user.colour\", \"blue\")
a: setxattr(\"note\", \"user.shape\", \"round\")
a: names = listxattr(\"note\")
expect len(names) -> >= 2";
}

call! {
    /// Gives the names of the attributes of a symbolic link itself, sorted.
    fn llistxattr(path: CString) -> Vec<Bytes> {
        // SAFETY: llistxattr(2) reads the path and fills at most the length that it is told; both outlive the call.
        filled(|at, length| kernel(|| unsafe { libc::llistxattr(path.as_ptr(), at, length) })).map(names)
    }
    const LLISTXATTR: "llistxattr(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        E2BIG: "the names are longer than 64 KiB together",
        EOPNOTSUPP: "the file system has no attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
    };
    example: "needs kernel >= 6.6
a: symlink(\"nowhere\", \"link\")
a: llistxattr(\"link\")
a: listxattr(\"link\")  -> ENOENT";
}

call! {
    /// Gives the names of the attributes of an open file, sorted.
    fn flistxattr(fd: Fd) -> Vec<Bytes> {
        // SAFETY: flistxattr(2) reads the path and fills at most the length that it is told; both outlive the call.
        filled(|at, length| kernel(|| unsafe { libc::flistxattr(fd.0, at, length) })).map(names)
    }
    const FLISTXATTR: "flistxattr(2)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        E2BIG: "the names are longer than 64 KiB together",
        EOPNOTSUPP: "the file system has no attributes",
        EBADF: "not a descriptor of this process, or one of O_PATH",
    };
    example: "needs kernel >= 6.6
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fsetxattr(f, \"user.colour\", \"blue\")
a: names = flistxattr(f)
expect names - [\"user.colour\"] != names";
}

call! {
    /// Removes an attribute of a file.
    fn removexattr(path: CString, name: CString) -> () {
        let name = name.as_ptr();
        // SAFETY: removexattr(2) reads strings that outlive the call.
        kernel(|| unsafe { libc::removexattr(path.as_ptr(), name) })?;
        Ok(())
    }
    const REMOVEXATTR: "removexattr(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENODATA: "there is no such attribute",
        EPERM: "the class is for others: trusted, or user on what is neither a regular file nor a directory; or the file is immutable",
        ERANGE: "the name is empty or longer than 255 bytes",
        EROFS: "the mount is read-only",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
    };
    example: "needs kernel >= 6.6
a: write_file(\"note\", \"\")
a: setxattr(\"note\", \"user.colour\", \"blue\")
a: removexattr(\"note\", \"user.colour\")
a: removexattr(\"note\", \"user.colour\") -> ENODATA";
}

call! {
    /// Removes an attribute of a symbolic link itself.
    fn lremovexattr(path: CString, name: CString) -> () {
        let name = name.as_ptr();
        // SAFETY: lremovexattr(2) reads strings that outlive the call.
        kernel(|| unsafe { libc::lremovexattr(path.as_ptr(), name) })?;
        Ok(())
    }
    const LREMOVEXATTR: "lremovexattr(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENODATA: "there is no such attribute",
        EPERM: "the class is for others: trusted, or user on what is neither a regular file nor a directory; or the file is immutable",
        ERANGE: "the name is empty or longer than 255 bytes",
        EROFS: "the mount is read-only",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        ENOENT: "the file does not exist",
        EACCES: "the mode of the file does not allow it, or that of a directory on the way to pass",
        ENOTDIR: "a part of the path is no directory",
    };
    example: "needs kernel >= 6.6
a: symlink(\"nowhere\", \"link\")
a: lremovexattr(\"link\", \"user.colour\") -> EPERM or ENODATA";
}

call! {
    /// Removes an attribute of an open file.
    fn fremovexattr(fd: Fd, name: CString) -> () {
        let name = name.as_ptr();
        // SAFETY: fremovexattr(2) reads strings that outlive the call.
        kernel(|| unsafe { libc::fremovexattr(fd.0, name) })?;
        Ok(())
    }
    const FREMOVEXATTR: "fremovexattr(2)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENODATA: "there is no such attribute",
        EPERM: "the class is for others: trusted, or user on what is neither a regular file nor a directory; or the file is immutable",
        ERANGE: "the name is empty or longer than 255 bytes",
        EROFS: "the mount is read-only",
        EOPNOTSUPP: "the file system, or this kind of file, has no such attributes",
        EBADF: "not a descriptor of this process, or one of O_PATH",
    };
    example: "needs kernel >= 6.6
a: f = open(\"note\", O_RDWR | O_CREAT, 0o600)
a: fremovexattr(f, \"user.colour\") -> ENODATA";
}

/// The longest value, and the longest list of names; see xattr(7).
const LONGEST: usize = 64 << 10;

fn filled(call: impl FnOnce(*mut c_char, usize) -> Result<isize, Errno>) -> Result<Bytes, Failure> {
    let mut buffer = vec![0u8; LONGEST];
    let length = call(buffer.as_mut_ptr().cast(), buffer.len())?;
    buffer.truncate(length.unsigned_abs());
    Ok(Bytes(buffer))
}

/// Names that each end in NUL.
fn names(list: Bytes) -> Vec<Bytes> {
    let mut names: Vec<Vec<u8>> = list.0.split(|&byte| byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect();
    names.sort();
    names.into_iter().map(Bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_in_nul_and_come_sorted() {
        let list = Bytes(b"user.b\0user.a\0".to_vec());
        assert_eq!(names(list), [Bytes(b"user.a".to_vec()), Bytes(b"user.b".to_vec())]);
        assert_eq!(names(Bytes(Vec::new())), []);
    }
}
