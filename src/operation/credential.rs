//! Who a process is: user and group ids; see credentials(7), user_namespaces(7).

use super::argument::Id;
use super::entry::call;
use super::kernel::{Raw, gate};
use super::{Failure, Family, Refusal, kernel};
use crate::value::Errno;

/// User and group ids.
pub static FAMILY: Family = Family {
    name: "credential",
    title: "User and group ids",
    summary: "A process has a real, an effective and a saved user id, and the same of groups; the kernel judges by the effective ones. All \
        are as the caller's user namespace maps them: an id without a mapping cannot be set (EINVAL) and reads as 65534. In the world \
        0 is mapped, and what `needs uid` names. A process that gives up uid 0 loses its capabilities.",
    calls: &[
        &GETUID, &GETEUID, &GETGID, &GETEGID, &GETRESUID, &GETRESGID, &SETUID, &SETEUID, &SETREUID, &SETRESUID, &SETGID,
        &SETEGID, &SETREGID, &SETRESGID, &SETFSUID, &SETFSGID, &GETGROUPS, &SETGROUPS,
    ],
    constants: &[],
    structs: &[],
};

/// Getters of one id. The system call is made directly: the C library takes it for one that cannot fail, and loses what a seccomp
/// filter answers.
macro_rules! get_call {
    ($entry:ident $name:ident $call:ident $man:literal $summary:literal $example:literal) => {
        call! {
            #[doc = $summary]
            fn $name() -> Id {
                // SAFETY: the call takes nothing.
                Ok(kernel(|| unsafe { libc::syscall(libc::$call) }).map(Id)?)
            }
            const $entry: $man;
            traits: [Local, ReadOnly];
            touches: [];
            blocks: "never";
            errors: {};
            example: $example;
        }
    };
}

get_call!(GETUID getuid SYS_getuid "getuid(2)" " Gives the real user id." "a: getuid() -> 0");
get_call!(GETEUID geteuid SYS_geteuid "geteuid(2)" " Gives the effective user id." "a: geteuid() -> 0");
get_call!(GETGID getgid SYS_getgid "getgid(2)" " Gives the real group id." "a: getgid() -> 0");
get_call!(GETEGID getegid SYS_getegid "getegid(2)" " Gives the effective group id." "a: getegid() -> 0");

call! {
    /// Gives real, effective and saved user id, as a list.
    fn getresuid() -> Vec<Id> {
        let [mut real, mut effective, mut saved] = [0; 3];
        // SAFETY: getresuid(2) fills three integers, which outlive the call.
        kernel(|| unsafe { libc::getresuid(&raw mut real, &raw mut effective, &raw mut saved) })?;
        Ok([real, effective, saved].map(|id| Id(i64::from(id))).to_vec())
    }
    const GETRESUID: "getresuid(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: getresuid() -> [0, 0, 0]";
}

call! {
    /// Gives real, effective and saved group id, as a list.
    fn getresgid() -> Vec<Id> {
        let [mut real, mut effective, mut saved] = [0; 3];
        // SAFETY: getresgid(2) fills three integers, which outlive the call.
        kernel(|| unsafe { libc::getresgid(&raw mut real, &raw mut effective, &raw mut saved) })?;
        Ok([real, effective, saved].map(|id| Id(i64::from(id))).to_vec())
    }
    const GETRESGID: "getresgid(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: getresgid() -> [0, 0, 0]";
}

/// Setters, which differ in name, in number of ids and in what they are about.
macro_rules! set_call {
    ($entry:ident $name:ident $man:literal $summary:literal ($($id:ident),+) $what:literal $permission:literal $example:literal) => {
        call! {
            #[doc = $summary]
            fn $name($($id: Id),+) -> () {
                $(let $id = raw($id)?;)+
                // SAFETY: the call takes integers only.
                still_dumpable(|| unsafe { libc::$name($($id),+) })?;
                Ok(())
            }
            const $entry: $man;
            traits: [Local];
            blocks: "never";
            errors: {
                EINVAL: $what,
                EPERM: $permission,
                EAGAIN: "the new real user has as many processes as RLIMIT_NPROC allows, on kernels before 3.1",
            };
            example: $example;
        }
    };
}

set_call!(SETUID setuid "setuid(2)"
    " Sets the effective user id; with CAP_SETUID, the real and the saved one as well, and there is no way back."
    (uid) "the user namespace maps no such user id"
    "without CAP_SETUID, and the id is neither the real nor the saved one"
    "a: setuid(0)
a: setuid(54321) -> EINVAL");
set_call!(SETEUID seteuid "seteuid(2)"
    " Sets the effective user id."
    (euid) "the user namespace maps no such user id"
    "without CAP_SETUID, and the id is none of the real, the effective and the saved one"
    "a: seteuid(0)
a: seteuid(54321) -> EINVAL");
set_call!(SETREUID setreuid "setreuid(2)"
    " Sets real and effective user id; -1 leaves one as it is."
    (ruid, euid) "the user namespace maps no such user id"
    "without CAP_SETUID, and an id is none that the call may choose from"
    "a: setreuid(-1, 0)
a: getresuid() -> [0, 0, 0]");
set_call!(SETRESUID setresuid "setresuid(2)"
    " Sets real, effective and saved user id; -1 leaves one as it is."
    (ruid, euid, suid) "the user namespace maps no such user id"
    "without CAP_SETUID, and an id is none of the real, the effective and the saved one"
    "a: setresuid(0, -1, -1)
a: setresuid(0, 54321, 0) -> EINVAL");
set_call!(SETGID setgid "setgid(2)"
    " Sets the effective group id; with CAP_SETGID, the real and the saved one as well."
    (gid) "the user namespace maps no such group id"
    "without CAP_SETGID, and the id is neither the real nor the saved one"
    "a: setgid(0)
a: setgid(54321) -> EINVAL");
set_call!(SETEGID setegid "setegid(2)"
    " Sets the effective group id."
    (egid) "the user namespace maps no such group id"
    "without CAP_SETGID, and the id is none of the real, the effective and the saved one"
    "a: setegid(0)
a: setegid(54321) -> EINVAL");
set_call!(SETREGID setregid "setregid(2)"
    " Sets real and effective group id; -1 leaves one as it is."
    (rgid, egid) "the user namespace maps no such group id"
    "without CAP_SETGID, and an id is none that the call may choose from"
    "a: setregid(-1, 0)
a: getresgid() -> [0, 0, 0]");
set_call!(SETRESGID setresgid "setresgid(2)"
    " Sets real, effective and saved group id; -1 leaves one as it is."
    (rgid, egid, sgid) "the user namespace maps no such group id"
    "without CAP_SETGID, and an id is none of the real, the effective and the saved one"
    "a: setresgid(0, -1, -1)
a: setresgid(0, 54321, 0) -> EINVAL");

/// Setters of the ids for files, which never fail: they give the former id, and whether they changed anything only the next call tells.
macro_rules! set_file_id {
    ($entry:ident $name:ident $man:literal $summary:literal $id:ident $example:literal) => {
        call! {
            #[doc = $summary]
            ///
            /// Whether it was set can only be seen by asking again, with -1. Every change of the effective id changes it, too.
            fn $name($id: Id) -> Id {
                let $id = raw($id)?;
                // SAFETY: the call takes an integer only.
                Ok(still_dumpable(|| i64::from(unsafe { libc::$name($id) }.cast_unsigned())).map(Id)?)
            }
            const $entry: $man;
            traits: [Local];
            blocks: "never";
            errors: {};
            example: $example;
        }
    };
}

set_file_id!(SETFSUID setfsuid "setfsuid(2)"
    " Sets the user id that counts for files, and gives the one before: as another user, but not open to that user's signals."
    fsuid
    "a: setfsuid(54321) -> 0       # no id of this user namespace
a: setfsuid(-1)    -> 0");
set_file_id!(SETFSGID setfsgid "setfsgid(2)"
    " Sets the group id that counts for files, and gives the one before."
    fsgid
    "a: setfsgid(54321) -> 0       # no id of this user namespace
a: setfsgid(-1)    -> 0");

call! {
    /// Gives the supplementary groups, as a list.
    fn getgroups() -> Vec<Id> {
        // The kernel keeps no more than this many; see NGROUPS_MAX.
        let mut groups = vec![0; 65536];
        // SAFETY: getgroups(2) fills `groups`, and gets its length.
        let count = kernel(|| unsafe { libc::getgroups(65536, groups.as_mut_ptr()) })?;
        groups.truncate(usize::try_from(count).unwrap_or(0));
        Ok(groups.into_iter().map(|id| Id(i64::from(id))).collect())
    }
    const GETGROUPS: "getgroups(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: getgroups() -> _";
}

call! {
    /// Sets the supplementary groups.
    fn setgroups(list: Vec<Id>) -> () {
        let list = list.into_iter().map(raw).collect::<Result<Vec<_>, _>>()?;
        // SAFETY: setgroups(2) reads `list`, and gets its length.
        kernel(|| unsafe { libc::setgroups(list.len(), list.as_ptr()) })?;
        Ok(())
    }
    const SETGROUPS: "setgroups(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EPERM: "no CAP_SETGID, or /proc/PID/setgroups says deny in this user namespace: with a mapping made without privileges it must",
        EINVAL: "more groups than NGROUPS_MAX, or one that the user namespace does not map",
    };
    example: "a: setgroups([54321]) -> EPERM or EINVAL";
}

/// The id as C has it.
fn raw(id: Id) -> Result<u32, Failure> {
    match id.0 {
        -1 => Ok(u32::MAX),
        id => Ok(u32::try_from(id).map_err(|_| Refusal(format!("{id} does not fit the type that C has there")))?),
    }
}

/// Makes a call that may change the effective ids, and leaves the process as dumpable as it was.
///
/// The kernel makes a process non-dumpable when its effective ids change. The engine tells whether an actor is blocked from
/// /proc/PID/syscall, which a non-dumpable process refuses; so it is set again, through the gate, where no filter of the
/// script's is in the way.
fn still_dumpable<T: Raw>(call: impl FnOnce() -> T) -> Result<T, Errno> {
    let before = gate(libc::SYS_prctl, [libc::PR_GET_DUMPABLE as usize, 0, 0, 0, 0, 0]);
    let result = kernel(call);
    if before == 1 {
        gate(libc::SYS_prctl, [libc::PR_SET_DUMPABLE as usize, 1, 0, 0, 0, 0]);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minus_one_is_the_id_that_leaves_things_as_they_are() {
        assert_eq!(raw(Id(-1)), Ok(u32::MAX));
        assert_eq!(raw(Id(1000)), Ok(1000));
        assert!(raw(Id(-2)).is_err());
        assert!(raw(Id(1 << 32)).is_err());
    }
}
