//! The root directory of a process: chroot(2) moves it, pivot_root(2) changes the mount below it.

use super::entry::call;
use super::{Family, kernel};
use std::ffi::CString;

/// The root directory.
pub static FAMILY: Family = Family {
    name: "root",
    title: "The root directory",
    summary: "Where `/` is, each process has for itself. `chroot` moves it: a path lookup then stops there, but what is outside stays mounted, and a \
        descriptor of it stays good. `pivot_root` changes the root of the mount namespace: once the old root is unmounted, there is no outside.",
    calls: &[&CHROOT, &PIVOT_ROOT],
    constants: &[],
    structs: &[],
};

call! {
    /// Makes a directory the root of the caller's paths, for itself and its later children.
    ///
    /// The working directory stays where it is, outside maybe, and so do open descriptors: `chroot` is not for keeping anybody in.
    fn chroot(path: CString) -> () {
        // SAFETY: chroot(2) reads a path that outlives the call.
        kernel(|| unsafe { libc::chroot(path.as_ptr()) })?;
        Ok(())
    }
    const CHROOT: "chroot(2)";
    traits: [Local];
    touches: [reads files];
    blocks: "never";
    errors: {
        EPERM: "no CAP_SYS_CHROOT in the caller's user namespace",
        EACCES: "a part of the path cannot be searched",
        ENOENT: "it does not exist",
        ENOTDIR: "it, or a part of the path, is no directory",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: mkdir(\"jail\", 0o755)
a: write_file(\"jail/inside\", \"\")
a: chroot(\"jail\")
a: ls(\"/\") -> [\"inside\"]";
}

call! {
    /// Makes the mount at `new_root` the root of the mount namespace, and puts the old root at `put_old`, below it.
    ///
    /// All processes of the mount namespace whose root or working directory was the old root move along. With \".\" for both, after a `chdir`
    /// to the new root, the old root lies on top of the new one until `umount2(\".\", MNT_DETACH)`.
    fn pivot_root(new_root: CString, put_old: CString) -> () {
        // SAFETY: pivot_root(2) reads two paths that outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_pivot_root, new_root.as_ptr(), put_old.as_ptr()) })?;
        Ok(())
    }
    const PIVOT_ROOT: "pivot_root(2)";
    traits: [Wakes];
    touches: [writes beyond];
    blocks: "never";
    errors: {
        EINVAL: "new_root is no mount point, or put_old is not at or below it; or the root is no mount point, or was made by `chroot`; or one of \
            the mounts concerned is shared, or locked by a more privileged namespace",
        EBUSY: "new_root or put_old is on the mount that is the root now",
        ENOTDIR: "new_root or put_old is no directory",
        ENOENT: "a path does not exist",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the mount namespace",
    };
    example: "a: unshare(CLONE_NEWNS)
a: mkdir(\"new\", 0o755)
a: pivot_root(\"new\", \"new\") -> EINVAL
a: mount(\"root\", \"new\", \"tmpfs\")
a: pivot_root(\"new\", \"/\")   -> EBUSY
a: chdir(\"new\")
a: write_file(\"inside\", \"\")
a: pivot_root(\".\", \".\")
a: umount2(\".\", MNT_DETACH)
a: ls(\"/\")                  -> [\"inside\"]";
}
