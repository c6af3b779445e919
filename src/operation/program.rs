//! Programs that a script starts, and what they and the actors print; see execve(2), system(3).

use super::argument::Fd;
use super::entry::{call, constants};
use super::namespace::ActorPid;
use super::{Bytes, Failure, Family, kernel, wait};
use crate::value::{Errno, Status};
use std::ffi::{CString, c_char};
use std::os::unix::ffi::OsStringExt;
use std::ptr::null;

/// Programs.
pub static FAMILY: Family = Family {
    name: "program",
    title: "Programs",
    summary: "The world holds the host's programs, read-only. `execve` and its siblings turn the actor into one of them: it keeps its pid, descriptors \
        without FD_CLOEXEC, namespaces, ignored signals and the mask, and loses handlers and mappings. `system` and `popen` \
        run a command line in a shell of its own.",
    calls: &[&EXECVE, &EXECV, &EXECVP, &EXECVPE, &EXECL, &EXECLP, &EXECVEAT, &FEXECVE, &SYSTEM, &POPEN, &OUTPUT],
    constants: &[&ExecFlags::GROUP],
    structs: &[],
};

constants! {
    /// flags of execveat
    flags ExecFlags(i32) {
        AT_EMPTY_PATH, "with an empty path, dirfd is the file itself";
        AT_SYMLINK_NOFOLLOW, "a symbolic link is not followed but refused";
        AT_EXECVE_CHECK = 0x10000, "only ask whether it could be executed; Linux 6.14";
    }
}

call! {
    /// The caller becomes the program at `path`; the step's outcome is its errno, `blocks`, or `exits n`.
    ///
    /// By convention, `argv` begins with the name of the program. An `envp` of NULL stands for the environment of the world.
    fn execve(path: CString, argv: Vec<CString>, envp: Option<Vec<CString>> = 0) -> () {
        let envp = envp.unwrap_or_else(environment);
        let arguments = pointers(&argv);
        let variables = pointers(&envp);
        // SAFETY: execve(2) reads strings and two arrays that end in NULL; all of them outlive the call.
        kernel(|| unsafe { libc::execve(path.as_ptr(), arguments.as_ptr(), variables.as_ptr()) })?;
        Ok(())
    }
    const EXECVE: "execve(2)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        ENOENT: "no such file, or its interpreter does not exist",
        EACCES: "no execute permission on the file or search permission on the way, no regular file, or a mount with MS_NOEXEC",
        ENOEXEC: "no format that the kernel knows: a script without #! is one",
        ETXTBSY: "the file is open for writing",
        E2BIG: "arguments and environment are too long together",
        ELOOP: "too many symbolic links, or interpreters",
        ENOTDIR: "a part of the path is no directory",
        EPERM: "a set-user-ID program under a tracer, or a filesystem without such programs",
        ENAMETOOLONG: "the path is too long",
    };
    example: "a: execve(\"/nowhere\", [\"nowhere\"])              -> ENOENT
a: execve(\"/bin/sh\", [\"sh\", \"-c\", \"exit 3\"]) -> exits 3";
}

call! {
    /// Like `execve`, with the environment of the world.
    fn execv(path: CString, argv: Vec<CString>) -> () {
        execve(path, argv, None)
    }
    const EXECV: "execv(3)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        ENOENT: "no such file, or its interpreter does not exist",
        EACCES: "no execute permission on the file or search permission on the way",
        ENOEXEC: "no format that the kernel knows",
    };
    example: "a: execv(\"/bin/true\", [\"true\"])";
}

call! {
    /// Like `execve` with the environment of the world; a `file` without a slash is looked for in the folders of PATH.
    ///
    /// A file that the kernel cannot execute is given to /bin/sh.
    fn execvp(file: CString, argv: Vec<CString>) -> () {
        execvpe(file, argv, None)
    }
    const EXECVP: "execvp(3)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        ENOENT: "no folder of PATH has the file",
        EACCES: "no execute permission on the file, and no other folder of PATH has it",
    };
    example: "a: execvp(\"nowhere\", [\"nowhere\"])          -> ENOENT
a: execvp(\"sh\", [\"sh\", \"-c\", \"exit 3\"]) -> exits 3";
}

call! {
    /// Like `execvp`, with an environment.
    fn execvpe(file: CString, argv: Vec<CString>, envp: Option<Vec<CString>> = 0) -> () {
        let envp = envp.unwrap_or_else(environment);
        let arguments = pointers(&argv);
        let variables = pointers(&envp);
        // SAFETY: execvpe(3) reads a string and two arrays that end in NULL; all of them outlive the call.
        kernel(|| unsafe { libc::execvpe(file.as_ptr(), arguments.as_ptr(), variables.as_ptr()) })?;
        Ok(())
    }
    const EXECVPE: "execvpe(3)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        ENOENT: "no folder of PATH has the file",
        EACCES: "no execute permission on the file, and no other folder of PATH has it",
        E2BIG: "arguments and environment are too long together",
    };
    example: "a: execvpe(\"sh\", [\"sh\", \"-c\", \"echo $WHO\"], [\"WHO=a child\"])
expect output(a) == \"a child\\n\"";
}

call! {
    /// Like `execv`, with the arguments one by one; what C ends with NULL may end without. More than six are for `execv`.
    fn execl(path: CString, arg: CString, arg1: Option<CString> = 0, arg2: Option<CString> = 0, arg3: Option<CString> = 0, arg4: Option<CString> = 0, arg5: Option<CString> = 0) -> () {
        execve(path, listed(arg, [arg1, arg2, arg3, arg4, arg5]), None)
    }
    const EXECL: "execl(3)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        ENOENT: "no such file, or its interpreter does not exist",
        EACCES: "no execute permission on the file or search permission on the way",
        ENOEXEC: "no format that the kernel knows",
    };
    example: "a: execl(\"/bin/sh\", \"sh\", \"-c\", \"exit 3\", NULL) -> exits 3";
}

call! {
    /// Like `execvp`, with the arguments one by one.
    fn execlp(file: CString, arg: CString, arg1: Option<CString> = 0, arg2: Option<CString> = 0, arg3: Option<CString> = 0, arg4: Option<CString> = 0, arg5: Option<CString> = 0) -> () {
        execvpe(file, listed(arg, [arg1, arg2, arg3, arg4, arg5]), None)
    }
    const EXECLP: "execlp(3)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        ENOENT: "no folder of PATH has the file",
        EACCES: "no execute permission on the file, and no other folder of PATH has it",
    };
    example: "a: execlp(\"sh\", \"sh\", \"-c\", \"exit 3\") -> exits 3";
}

call! {
    /// Like `execve`; the path begins at the folder behind `dirfd`. With AT_EMPTY_PATH and an empty path, `dirfd` is the file itself.
    fn execveat(dirfd: Fd, path: CString, argv: Vec<CString>, envp: Option<Vec<CString>> = 0, flags: ExecFlags = 0) -> () {
        let envp = envp.unwrap_or_else(environment);
        let arguments = pointers(&argv);
        let variables = pointers(&envp);
        // SAFETY: execveat(2) reads a string and two arrays that end in NULL; all of them outlive the call.
        kernel(|| unsafe {
            libc::syscall(libc::SYS_execveat, dirfd.0, path.as_ptr(), arguments.as_ptr(), variables.as_ptr(), flags.0)
        })?;
        Ok(())
    }
    const EXECVEAT: "execveat(2)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        EBADF: "dirfd is not open",
        EINVAL: "flags that are another call's, or that this kernel does not know",
        ELOOP: "AT_SYMLINK_NOFOLLOW, and the path is a symbolic link",
        ENOENT: "no such file; or a script with #! behind a descriptor that execution closes, which its interpreter could not open",
        ENOTDIR: "dirfd is no folder",
        EACCES: "no execute permission on the file or search permission on the way",
        ENOEXEC: "no format that the kernel knows",
    };
    example: "a: bin = open(\"/bin\", O_PATH)
a: execveat(bin, \"nowhere\", [\"nowhere\"]) -> ENOENT
a: execveat(bin, \"sh\", [\"sh\", \"-c\", \"exit 3\"]) -> exits 3";
}

call! {
    /// The caller becomes the program behind a descriptor, wherever its file is now.
    fn fexecve(fd: Fd, argv: Vec<CString>, envp: Option<Vec<CString>> = 0) -> () {
        let envp = envp.unwrap_or_else(environment);
        let arguments = pointers(&argv);
        let variables = pointers(&envp);
        // SAFETY: fexecve(3) reads two arrays that end in NULL; both outlive the call.
        kernel(|| unsafe { libc::fexecve(fd.0, arguments.as_ptr(), variables.as_ptr()) })?;
        Ok(())
    }
    const FEXECVE: "fexecve(3)";
    traits: [Becomes, Programs, Network];
    blocks: "as the program does";
    errors: {
        EBADF: "the descriptor is not open",
        EACCES: "no execute permission on the file",
        ENOENT: "a script with #! behind a descriptor with FD_CLOEXEC, which its interpreter could not open",
        ENOEXEC: "no format that the kernel knows",
    };
    example: "a: sh = open(\"/bin/sh\", O_RDONLY | O_CLOEXEC)
a: fexecve(sh, [\"sh\", \"-c\", \"exit 3\"]) -> exits 3";
}

call! {
    /// Runs a command line with /bin/sh and waits for it: gives its status.
    ///
    /// Meanwhile the caller ignores SIGINT and SIGQUIT, and holds back SIGCHLD. A shell that cannot be started counts as `exited(127)`.
    fn system(command: CString) -> Status {
        // SAFETY: system(3) reads a string that outlives the call.
        Ok(kernel(|| unsafe { libc::system(command.as_ptr()) }).map(wait::decode)?)
    }
    const SYSTEM: "system(3)";
    traits: [Programs, Network];
    blocks: "until the command has ended";
    errors: {
        ECHILD: "SIGCHLD is ignored, so that the status was lost",
        EAGAIN: "no further process is allowed",
        ENOMEM: "no memory for a further process",
    };
    example: "a: system(\"exit 3\")         -> exited(3)
a: system(\"kill -TERM $$\")  -> killed(SIGTERM)";
}

call! {
    /// Runs a command line with /bin/sh, and gives what it printed on its standard output.
    ///
    /// C gives a stream to read from; here all of it is read, and the command waited for.
    fn popen(command: CString) -> Bytes {
        let mut stream = std::ptr::null_mut();
        kernel(|| {
            // SAFETY: popen(3) reads two strings that outlive the call.
            stream = unsafe { libc::popen(command.as_ptr(), c"r".as_ptr()) };
            if stream.is_null() { -1 } else { 0 }
        })?;
        // SAFETY: the stream is open.
        let fd = unsafe { libc::fileno(stream) };
        let printed = read_all(fd);
        // SAFETY: the stream is open, and nobody uses it afterwards.
        kernel(|| unsafe { libc::pclose(stream) })?;
        Ok(Bytes(printed?))
    }
    const POPEN: "popen(3)";
    traits: [Programs, Network];
    blocks: "until the command has ended";
    errors: {
        EINTR: "a handler without SA_RESTART ran while the caller read",
        ECHILD: "SIGCHLD is ignored, so that the status was lost",
        EMFILE: "the process has no room for a pipe",
        EAGAIN: "no further process is allowed",
    };
    example: "a: popen(\"echo one; echo two\") -> \"one\\ntwo\\n\"";
}

call! {
    /// Gives what an actor, and the children that share its standard output, have written there: `expect output(a) == \"done\\n\"`.
    ///
    /// This is a word of the scripts, for `expect` only: the script knows what was written, the actors do not.
    fn output(actor: ActorPid) -> Bytes {
        let _ = actor;
        Err(Failure::Refused("`output` stands in `expect` only: `expect output(a) == \"text\"`".into()))
    }
    const OUTPUT: "";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {};
    example: "a: write(1, \"done\\n\")
expect output(a) == \"done\\n\"";
}

/// The environment that the world gives.
pub fn environment() -> Vec<CString> {
    let variable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        CString::new([name.into_vec(), value.into_vec()].join(&b'=')).ok()
    };
    std::env::vars_os().filter_map(variable).collect()
}

/// Arguments up to the first NULL, as C reads them.
fn listed(first: CString, rest: [Option<CString>; 5]) -> Vec<CString> {
    std::iter::once(first).chain(rest.into_iter().map_while(|arg| arg)).collect()
}

/// The array of C for `strings`, with the NULL at its end.
pub fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([null()]).collect()
}

/// What can be read from `fd` until its end.
fn read_all(fd: i32) -> Result<Vec<u8>, Errno> {
    let mut all = Vec::new();
    let mut part = [0u8; 4096];
    loop {
        // SAFETY: read(2) fills `part`, which outlives the call.
        let count = kernel(|| unsafe { libc::read(fd, part.as_mut_ptr().cast(), part.len()) })?;
        match part.get(..usize::try_from(count).unwrap_or(0)) {
            Some([]) | None => return Ok(all),
            Some(bytes) => all.extend_from_slice(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_of_strings_ends_in_null() {
        let strings = [c"sh".to_owned(), c"-c".to_owned()];
        let pointers = pointers(&strings);
        assert_eq!(pointers.len(), 3);
        assert_eq!(pointers.last(), Some(&null()));
    }
}
