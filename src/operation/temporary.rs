//! Files and directories under names that nobody else has, and the one name of a file; see mkstemp(3), realpath(3).

use super::argument::Fd;
use super::entry::{call, structure};
use super::file::OpenFlags;
use super::{Failure, Family, kernel};
use std::ffi::CString;

/// Temporary files.
pub static FAMILY: Family = Family {
    name: "temporary",
    title: "Temporary files",
    summary: "A name in /tmp that is looked up first and opened afterwards may be somebody else's by then: a link to another file, for instance. These calls \
        try names with O_EXCL until one is new. The template ends in XXXXXX.",
    calls: &[&MKSTEMP, &MKOSTEMP, &MKDTEMP, &TMPFILE, &REALPATH],
    constants: &[&OpenFlags::GROUP],
    structs: &[&Made::STRUCTURE],
};

structure! {
    /// A file that was made: its descriptor, and the name that C writes into the template.
    Made = "mkstemp" { fd: Fd, template: CString }
}

call! {
    /// Makes a file of mode 0600 under a new name and opens it: gives `{fd, template}`.
    fn mkstemp(template: CString) -> Made {
        mkostemp(template, OpenFlags(0))
    }
    const MKSTEMP: "mkstemp(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EINVAL: "the template does not end in XXXXXX",
        EEXIST: "every name that was tried is taken",
        ENOENT: "there is no such directory",
        EACCES: "the directory may not be written",
    };
    example: "a: t = mkstemp(\"/tmp/mine-XXXXXX\")
a: fstat(t.fd)              -> {st_mode: S_IFREG | 0o600}
a: ls(\"/tmp\")               -> [matches \"^mine-......$\"]
a: unlink(t.template)
a: mkstemp(\"/tmp/mine\")     -> EINVAL";
}

call! {
    /// Like `mkstemp`, with further flags of open, such as O_CLOEXEC.
    fn mkostemp(template: CString, flags: OpenFlags = 0) -> Made {
        let mut name = template.into_bytes_with_nul();
        let at = name.as_mut_ptr().cast();
        // SAFETY: mkostemp(3) writes over the last characters of the template, which outlives the call.
        let fd = kernel(|| unsafe { libc::mkostemp(at, flags.0) }).map(Fd)?;
        Ok(Made { fd, template: CString::from_vec_with_nul(name).unwrap_or_default() })
    }
    const MKOSTEMP: "mkostemp(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EINVAL: "the template does not end in XXXXXX",
        EEXIST: "every name that was tried is taken",
        ENOENT: "there is no such directory",
        EACCES: "the directory may not be written",
    };
    example: "a: t = mkostemp(\"mine-XXXXXX\", O_CLOEXEC)
a: fcntl(t.fd, F_GETFD)     -> FD_CLOEXEC";
}

call! {
    /// Makes a directory of mode 0700 under a new name, and gives the name.
    fn mkdtemp(template: CString) -> CString {
        let mut name = template.into_bytes_with_nul();
        let at = name.as_mut_ptr().cast();
        // SAFETY: mkdtemp(3) writes over the last characters of the template, which outlives the call.
        kernel(|| if unsafe { libc::mkdtemp(at) }.is_null() { -1 } else { 0 })?;
        Ok(CString::from_vec_with_nul(name).unwrap_or_default())
    }
    const MKDTEMP: "mkdtemp(3)";
    traits: [Wakes];
    touches: [writes files];
    blocks: "never";
    errors: {
        EINVAL: "the template does not end in XXXXXX",
        ENOENT: "there is no such directory",
        EACCES: "the directory may not be written",
    };
    example: "a: d = mkdtemp(\"/tmp/box-XXXXXX\")
a: stat(d)          -> {st_mode: S_IFDIR | 0o700}";
}

call! {
    /// Opens a file without a name, in /tmp: it goes with its last descriptor. C gives a stream, a script gets the descriptor.
    fn tmpfile() -> Fd {
        let flags = libc::O_RDWR | libc::O_TMPFILE | libc::O_EXCL;
        // SAFETY: open(2) reads a constant string.
        Ok(kernel(|| unsafe { libc::open(c"/tmp".as_ptr(), flags, 0o600) }).map(Fd)?)
    }
    const TMPFILE: "tmpfile(3)";
    traits: [Local];
    touches: [writes files];
    blocks: "never";
    errors: {
        ENOENT: "there is no /tmp: the root is another one now",
        EACCES: "/tmp may not be written",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
    };
    example: "a: f = tmpfile()
a: write(f, \"gone with me\")
a: ls(\"/tmp\")       -> []
a: fstat(f)         -> {st_nlink: 0, st_size: 12}";
}

call! {
    /// Gives the path of a file from the root on, without links, `.` and `..`.
    fn realpath(path: CString) -> CString {
        let mut room = vec![0u8; PATH];
        let at = room.as_mut_ptr().cast();
        // SAFETY: realpath(3) reads the path, and fills at most PATH_MAX bytes; both outlive the call.
        kernel(|| if unsafe { libc::realpath(path.as_ptr(), at) }.is_null() { -1 } else { 0 })?;
        let found = room.split(|&byte| byte == 0).next().unwrap_or_default();
        CString::new(found).map_err(|_| Failure::Refused("a path cannot hold a NUL byte".into()))
    }
    const REALPATH: "realpath(3)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "it does not exist, or the path is empty",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ELOOP: "too many symbolic links on the way",
        ENOTDIR: "a part of the path is no directory",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: chdir(\"/tmp\")
a: mkdir(\"box\", 0o755)
a: symlink(\"box\", \"way\")
a: realpath(\"way/../box/.\") -> \"/tmp/box\"
a: realpath(\"missing\")      -> ENOENT";
}

/// PATH_MAX, with room for the NUL.
const PATH: usize = libc::PATH_MAX as usize + 1;
