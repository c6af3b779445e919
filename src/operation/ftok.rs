//! Keys of System V objects made of paths; see ftok(3).

use super::argument::Key;
use super::entry::call;
use super::{Family, kernel};
use std::ffi::CString;

/// Keys of System V objects.
pub static FAMILY: Family = Family {
    name: "ftok",
    title: "Keys of System V objects",
    summary: "Two programs agree on a key by agreeing on a file and a letter: `ftok` mixes the letter with the file's inode number and device. The file's \
        content does not matter; a file that is made anew is another file, and gives another key.",
    calls: &[&FTOK],
    constants: &[],
    structs: &[],
};

call! {
    /// Makes a key of a file that exists and of the lowest eight bits of a number.
    fn ftok(pathname: CString, proj_id: i32) -> Key {
        // SAFETY: ftok(3) reads the path, which outlives the call.
        Ok(kernel(|| unsafe { libc::ftok(pathname.as_ptr(), proj_id) }).map(Key)?)
    }
    const FTOK: "ftok(3)";
    traits: [Local, ReadOnly];
    touches: [reads files];
    blocks: "never";
    errors: {
        ENOENT: "the file does not exist",
        EACCES: "the mode of a directory on the way does not allow to pass",
        ENOTDIR: "a part of the path is no directory",
        ELOOP: "too many symbolic links on the way",
        ENAMETOOLONG: "the path, or a part of it, is too long",
    };
    example: "a: write_file(\"note\", \"\")
a: key = ftok(\"note\", 65)
a: ftok(\"note\", 65)    -> key
a: ftok(\"note\", 66)    -> != key
a: ftok(\"missing\", 65) -> ENOENT
a: q = msgget(key, IPC_CREAT | 0o600)";
}
