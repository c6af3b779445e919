//! Programs that are started in one call, without a fork that a script could see; see posix_spawn(3).

use super::argument::{Argument, Fd, Pid, Refusal, Signals};
use super::entry::{call, constants, structure};
use super::handler::bits;
use super::prepared::Later;
use super::program::{environment, pointers};
use super::schedule::Policy;
use super::{Failure, Family, at, kernel};
use crate::value::{Errno, Prepared};
use std::ffi::CString;

/// Starting programs in one call.
pub static FAMILY: Family = Family {
    name: "spawn",
    title: "Starting programs in one call",
    summary: "`posix_spawn` starts a program in a new process, as `fork` and `execve` would together, and returns when it has begun. What the \
        child does between the two is said beforehand: a block of calls about its descriptors, and a record of its attributes. The child is \
        no actor; its pid is the result, and `waitpid` waits for it.",
    calls: &[&POSIX_SPAWN, &POSIX_SPAWNP],
    constants: &[&SpawnFlags::GROUP, &Policy::GROUP],
    structs: &[&SpawnAttr::STRUCTURE],
};

constants! {
    /// flags of a posix_spawnattr_t
    flags SpawnFlags(i32) {
        POSIX_SPAWN_RESETIDS, "effective ids become the real ones";
        POSIX_SPAWN_SETPGROUP, "the child joins the process group `pgroup`, or leads a new one where that is 0";
        POSIX_SPAWN_SETSIGDEF, "the signals of `sigdefault` get their default action";
        POSIX_SPAWN_SETSIGMASK, "the signals of `sigmask` and no others are held back";
        POSIX_SPAWN_SETSCHEDPARAM, "the child gets the priority `schedpriority`";
        POSIX_SPAWN_SETSCHEDULER, "the child gets the policy `schedpolicy` and the priority";
        POSIX_SPAWN_SETSID = 0x80, "the child leads a new session";
    }
}

structure! {
    /// What a spawned child begins with; each field counts only with its flag. In C, functions set them one by one.
    SpawnAttr = "posix_spawnattr_t" {
        flags: SpawnFlags, pgroup: Pid, sigdefault: Signals, sigmask: Signals, schedpolicy: Policy, schedpriority: i32
    }
}

call! {
    /// Starts the program at `path` in a new process, and gives its pid.
    ///
    /// `file_actions` is a block of `dup2`, `close`, `chdir` and `fchdir` calls, made by the child in their order:
    /// `do { dup2(w, 1) }`. An `envp` of NULL stands for the environment of the world.
    fn posix_spawn(
        path: CString, file_actions: Option<Later>, attrp: Option<SpawnAttr>, argv: Vec<CString>, envp: Option<Vec<CString>> = 0
    ) -> Pid {
        spawn(libc::posix_spawn, &path, file_actions, attrp, &argv, envp)
    }
    const POSIX_SPAWN: "posix_spawn(3)";
    traits: [Programs, Network];
    blocks: "until the program has begun";
    errors: {
        ENOENT: "no such file",
        EACCES: "no execute permission on the file or search permission on the way",
        EBADF: "a descriptor of the file actions is not open",
        EPERM: "an attribute that the child may not set: a process group of another session",
        EINVAL: "an unknown flag, or an attribute without meaning",
        EAGAIN: "no further process is allowed",
        ENOEXEC: "no format that the kernel knows",
    };
    example: "a: [r, w] = pipe()
a: pid = posix_spawn(\"/bin/sh\", do { dup2(w, 1) }, NULL, [\"sh\", \"-c\", \"echo hello; exit 3\"])
a: waitpid(pid)  -> exited(3)
a: read(r, 64)   -> \"hello\\n\"
a: posix_spawn(\"/nowhere\", NULL, NULL, [\"nowhere\"]) -> ENOENT";
}

call! {
    /// Like `posix_spawn`; a `file` without a slash is looked for in the folders of PATH.
    fn posix_spawnp(
        file: CString, file_actions: Option<Later>, attrp: Option<SpawnAttr>, argv: Vec<CString>, envp: Option<Vec<CString>> = 0
    ) -> Pid {
        spawn(libc::posix_spawnp, &file, file_actions, attrp, &argv, envp)
    }
    const POSIX_SPAWNP: "posix_spawnp(3)";
    traits: [Programs, Network];
    blocks: "until the program has begun";
    errors: {
        ENOENT: "no folder of PATH has the file",
        EACCES: "no execute permission on the file",
        EBADF: "a descriptor of the file actions is not open",
        EPERM: "an attribute that the child may not set",
        EINVAL: "an unknown flag, or an attribute without meaning",
        EAGAIN: "no further process is allowed",
    };
    example: "a: pid = posix_spawnp(\"sh\", NULL, {flags: POSIX_SPAWN_SETPGROUP}, [\"sh\", \"-c\", \"kill -TERM 0\"])
a: waitpid(pid)  -> killed(SIGTERM)";
}

type Start = unsafe extern "C" fn(
    *mut libc::pid_t,
    *const libc::c_char,
    *const libc::posix_spawn_file_actions_t,
    *const libc::posix_spawnattr_t,
    *const *mut libc::c_char,
    *const *mut libc::c_char,
) -> i32;

fn spawn(
    start: Start,
    path: &CString,
    file_actions: Option<Later>,
    attributes: Option<SpawnAttr>,
    argv: &[CString],
    envp: Option<Vec<CString>>,
) -> Result<Pid, Failure> {
    let envp = envp.unwrap_or_else(environment);
    let arguments = pointers(argv);
    let variables = pointers(&envp);
    let actions = actions(&file_actions.unwrap_or(Later(Vec::new())).0)?;
    let attributes = attributes.map(|written| raw(&written)).transpose()?;
    let attributes = attributes.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    let mut pid = 0;
    // The C library gives the error as the result.
    // SAFETY: posix_spawn(3) reads a string, two arrays that end in NULL, and two structures; all of them outlive the call.
    let error = kernel(|| unsafe {
        start(&raw mut pid, path.as_ptr(), &raw const actions.0, attributes, arguments.as_ptr().cast(), variables.as_ptr().cast())
    })?;
    if error == 0 { Ok(Pid(pid)) } else { Err(Failure::Errno(Errno(error))) }
}

/// The C library's list of what the child does first.
struct Actions(libc::posix_spawn_file_actions_t);

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: the list was initialised, and nobody uses it afterwards.
        unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

fn actions(calls: &[Prepared]) -> Result<Actions, Failure> {
    // SAFETY: the structure is plain integers and pointers, for which zero is a value.
    let mut actions = Actions(unsafe { std::mem::zeroed() });
    let list = &raw mut actions.0;
    // SAFETY: posix_spawn_file_actions_init(3) fills the structure.
    unsafe { libc::posix_spawn_file_actions_init(list) };
    for call in calls {
        let name = at(call.operation).map_or("", |operation| operation.name);
        let fd = |place: usize| call.args.get(place).map_or(Ok(Fd(-1)), Fd::take);
        let path = || call.args.first().map_or(Ok(CString::default()), CString::take);
        let error = match name {
            // SAFETY: the list takes integers only.
            "dup2" => unsafe { libc::posix_spawn_file_actions_adddup2(list, fd(0)?.0, fd(1)?.0) },
            // SAFETY: as above.
            "close" => unsafe { libc::posix_spawn_file_actions_addclose(list, fd(0)?.0) },
            // SAFETY: as above.
            "fchdir" => unsafe { libc::posix_spawn_file_actions_addfchdir_np(list, fd(0)?.0) },
            // SAFETY: the list copies the string.
            "chdir" => unsafe { libc::posix_spawn_file_actions_addchdir_np(list, path()?.as_ptr()) },
            other => {
                return Err(Refusal(format!(
                    "`{other}` cannot stand among file actions: `dup2`, `close`, `chdir` and `fchdir` can; open a file beforehand, and `dup2` it"
                ))
                .into());
            }
        };
        if error != 0 {
            return Err(Failure::Errno(Errno(error)));
        }
    }
    Ok(actions)
}

fn raw(written: &SpawnAttr) -> Result<libc::posix_spawnattr_t, Failure> {
    let set = |signals: &Signals| -> Result<libc::sigset_t, Failure> {
        // SAFETY: sigset_t is plain bits, for which zero is a value.
        let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
        let bits = bits(&signals.0)?;
        // SAFETY: sigset_t is longer than eight bytes and aligned for them.
        unsafe { (&raw mut set).cast::<u64>().write(bits) };
        Ok(set)
    };
    let (default, mask) = (set(&written.sigdefault)?, set(&written.sigmask)?);
    let param = libc::sched_param { sched_priority: written.schedpriority };
    let flags = i16::try_from(written.flags.0).map_err(|_| Refusal("`flags` does not fit the type that C has there".into()))?;
    // SAFETY: the structure is plain integers, for which zero is a value.
    let mut attributes: libc::posix_spawnattr_t = unsafe { std::mem::zeroed() };
    let place = &raw mut attributes;
    // SAFETY: posix_spawnattr_init(3) fills the structure.
    unsafe { libc::posix_spawnattr_init(place) };
    // SAFETY: the structure is initialised, as for those that follow.
    let error = unsafe { libc::posix_spawnattr_setflags(place, flags) };
    if error != 0 {
        return Err(Failure::Errno(Errno(error)));
    }
    // SAFETY: it takes an integer.
    unsafe { libc::posix_spawnattr_setpgroup(place, written.pgroup.0) };
    // SAFETY: it copies the set.
    unsafe { libc::posix_spawnattr_setsigdefault(place, &raw const default) };
    // SAFETY: it copies the set.
    unsafe { libc::posix_spawnattr_setsigmask(place, &raw const mask) };
    // SAFETY: it takes an integer.
    unsafe { libc::posix_spawnattr_setschedpolicy(place, written.schedpolicy.0) };
    // SAFETY: it copies the structure.
    unsafe { libc::posix_spawnattr_setschedparam(place, &raw const param) };
    Ok(attributes)
}
