//! POSIX semaphores: counters in memory that processes share, found by address or by name; see sem_overview(7).

use super::argument::{Address, Mode, Timeout};
use super::entry::{call, constants};
use super::kernel::Raw;
use super::posix_name::IpcOpenFlags;
use super::time::ClockId;
use super::{Family, kernel};
use std::ffi::CString;
use std::ptr::{from_ref, null, with_exposed_provenance_mut};

/// POSIX semaphores.
pub static FAMILY: Family = Family {
    name: "posix_sem",
    title: "POSIX semaphores",
    summary: "A semaphore is 32 bytes of memory with a counter. `sem_wait` takes one and waits while there is none; `sem_post` gives one, and \
        wakes one waiter. In shared memory (`sem_init` with `pshared` 1) or under a name (`sem_open`, a file `/dev/shm/sem.NAME`) it works \
        between processes, wherever their namespaces: no IPC namespace knows of it, and only a mount namespace with another `/dev/shm` \
        keeps a name apart. Nothing is undone when a process ends: what it took stays taken.",
    calls: &[
        &SEM_INIT,
        &SEM_DESTROY,
        &SEM_OPEN,
        &SEM_CLOSE,
        &SEM_UNLINK,
        &SEM_WAIT,
        &SEM_TRYWAIT,
        &SEM_TIMEDWAIT,
        &SEM_CLOCKWAIT,
        &SEM_POST,
        &SEM_GETVALUE,
    ],
    constants: &[&IpcOpenFlags::GROUP, &SemLimit::GROUP, &ClockId::GROUP],
    structs: &[],
};

constants! {
    /// limits of POSIX semaphores
    choice SemLimit(u32) {
        SEM_VALUE_MAX = 0x7fff_ffff, "the largest value of a POSIX semaphore";
    }
}

/// What `sem_open` gives: a pointer that is `NULL` (`SEM_FAILED`) on failure.
#[derive(Debug, Clone, Copy)]
struct Opened(*mut libc::sem_t);

impl Raw for Opened {
    fn failed(self) -> bool {
        self.0.is_null()
    }
}

call! {
    /// Makes a semaphore of the 32 bytes at an address.
    ///
    /// `pshared` 1 for a semaphore that processes share; the memory must be shared, too. Afterwards every process uses the address
    /// at which it sees that memory.
    fn sem_init(sem: Address, pshared: i32, value: u32) -> () {
        let at = semaphore(sem);
        // SAFETY: sem_init(3) writes to the address that the script names; a bad one ends the actor, as it would a C program.
        kernel(|| unsafe { libc::sem_init(at, pshared, value) })?;
        Ok(())
    }
    const SEM_INIT: "sem_init(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: {
        EINVAL: "value is above SEM_VALUE_MAX",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 1)
a: sem_init(p + 64, 1, SEM_VALUE_MAX)
a: sem_post(p + 64)          -> EOVERFLOW
a: sem_init(p, 1, SEM_VALUE_MAX + 1) -> EINVAL";
}

call! {
    /// Ends a semaphore that `sem_init` made; the GNU C library has nothing to do for it.
    fn sem_destroy(sem: Address) -> () {
        let at = semaphore(sem);
        // SAFETY: sem_destroy(3) touches at most the semaphore that the script names.
        kernel(|| unsafe { libc::sem_destroy(at) })?;
        Ok(())
    }
    const SEM_DESTROY: "sem_destroy(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 0)
a: sem_destroy(p)";
}

call! {
    /// Opens the semaphore with this name, or creates it, and gives its address in the caller's memory.
    ///
    /// `mode` and `value` count only for a new one. It is the file `/dev/shm/sem.NAME`, mapped; a process that opens a name twice
    /// gets the same address.
    fn sem_open(name: CString, oflag: IpcOpenFlags, mode: Mode = 0, value: u32 = 0) -> Address {
        // SAFETY: sem_open(3) reads the name, which outlives the call; without O_CREAT it ignores the last two.
        let opened = kernel(|| Opened(unsafe { libc::sem_open(name.as_ptr(), oflag.0, mode.0, value) }))?;
        Ok(Address(opened.0.expose_provenance()))
    }
    const SEM_OPEN: "sem_open(3)";
    traits: [];
    touches: [writes names, writes memory];
    blocks: "never";
    errors: {
        ENOENT: "no semaphore has this name and O_CREAT is not set, or there is no /dev/shm",
        EEXIST: "the name exists, and both O_CREAT and O_EXCL are set",
        EINVAL: "value is above SEM_VALUE_MAX, or the name is empty, too long, or holds a slash after the first character",
        EACCES: "the mode of the semaphore does not allow to read and write it",
        EMFILE: "no descriptor is left to the process for the time of the call",
        ENFILE: "the system has no room for another open file",
        ENOMEM: "the kernel has no memory left for what it keeps of this",
    };
    example: "a: s = sem_open(\"/turn\", O_CREAT | O_EXCL, 0o600, 1)
a: sem_open(\"/turn\", O_CREAT | O_EXCL, 0o600, 1) -> EEXIST
a: sem_open(\"/none\", 0)                          -> ENOENT
actor b
b: t = sem_open(\"/turn\", 0)
a: sem_wait(s)
b: sem_wait(t)                                   -> blocks
a: sem_post(s)
b: resumes";
}

call! {
    /// Closes a semaphore that `sem_open` gave: its address is good no more.
    fn sem_close(sem: Address) -> () {
        let at = semaphore(sem);
        // SAFETY: sem_close(3) looks the address up among the open semaphores, and reads nothing there.
        kernel(|| unsafe { libc::sem_close(at) })?;
        Ok(())
    }
    const SEM_CLOSE: "sem_close(3)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "no semaphore is open at this address",
    };
    example: "a: s = sem_open(\"/turn\", O_CREAT, 0o600, 1)
a: sem_close(s)
a: sem_close(s) -> EINVAL";
}

call! {
    /// Removes a name at once; the semaphore stays for those who have it open.
    fn sem_unlink(name: CString) -> () {
        // SAFETY: sem_unlink(3) reads the name, which outlives the call.
        kernel(|| unsafe { libc::sem_unlink(name.as_ptr()) })?;
        Ok(())
    }
    const SEM_UNLINK: "sem_unlink(3)";
    traits: [];
    touches: [writes names];
    blocks: "never";
    errors: {
        ENOENT: "no semaphore has this name, or none could have it",
        EACCES: "the caller does not own the semaphore, and /dev/shm is sticky",
    };
    example: "a: s = sem_open(\"/turn\", O_CREAT, 0o600, 1)
a: sem_unlink(\"/turn\")
a: sem_unlink(\"/turn\") -> ENOENT
a: sem_wait(s)";
}

call! {
    /// Takes one from a semaphore.
    fn sem_wait(sem: Address) -> () {
        let at = semaphore(sem);
        // SAFETY: sem_wait(3) works on the semaphore that the script names; a bad address ends the actor, as it would a C program.
        kernel(|| unsafe { libc::sem_wait(at) })?;
        Ok(())
    }
    const SEM_WAIT: "sem_wait(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "while the value is 0, until others post";
    errors: {
        EINTR: "a handler without SA_RESTART ran while the caller waited",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 1)
a: child = fork()
child: sem_wait(p)
a: sem_wait(p)      -> blocks
child: sem_post(p)
a: resumes";
}

call! {
    /// Takes one from a semaphore, or fails where `sem_wait` would wait.
    fn sem_trywait(sem: Address) -> () {
        let at = semaphore(sem);
        // SAFETY: sem_trywait(3) works on the semaphore that the script names; a bad address ends the actor, as it would a C program.
        kernel(|| unsafe { libc::sem_trywait(at) })?;
        Ok(())
    }
    const SEM_TRYWAIT: "sem_trywait(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "never";
    errors: {
        EAGAIN: "the value is 0",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 1)
a: sem_trywait(p)
a: sem_trywait(p) -> EAGAIN";
}

call! {
    /// Like `sem_wait`, and waits no longer than `abs_timeout`.
    ///
    /// C takes the time of day here; write how long from now.
    fn sem_timedwait(sem: Address, abs_timeout: Timeout) -> () {
        let at = semaphore(sem);
        let deadline = abs_timeout.deadline(libc::CLOCK_REALTIME);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        // SAFETY: sem_timedwait(3) reads the deadline and works on the semaphore that the script names; a bad address or no
        // deadline at all ends the actor, as it would a C program.
        kernel(|| unsafe { libc::sem_timedwait(at, deadline) })?;
        Ok(())
    }
    const SEM_TIMEDWAIT: "sem_timedwait(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "like sem_wait, until the time is over";
    errors: {
        ETIMEDOUT: "the time was over before others posted",
        EINTR: "a handler ran while the caller waited",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 0)
a: sem_timedwait(p, 10ms) -> ETIMEDOUT";
}

call! {
    /// Like `sem_timedwait`, with a limit that is counted on another clock: nobody who sets the time of day changes how long it lasts.
    ///
    /// C takes a time of that clock here; write how long from now.
    fn sem_clockwait(sem: Address, clockid: ClockId, abs_timeout: Timeout) -> () {
        let at = semaphore(sem);
        let deadline = abs_timeout.deadline(clockid.0);
        let deadline = deadline.as_ref().map_or(null(), from_ref);
        // SAFETY: sem_clockwait(3) reads the deadline and works on the semaphore that the script names; a bad address or no
        // deadline at all ends the actor, as it would a C program.
        kernel(|| unsafe { library_sem_clockwait(at, clockid.0, deadline) })?;
        Ok(())
    }
    const SEM_CLOCKWAIT: "sem_clockwait(3)";
    traits: [Local];
    touches: [writes memory];
    blocks: "like sem_wait, until the time is over";
    errors: {
        ETIMEDOUT: "the time was over before others posted",
        EINTR: "a handler ran while the caller waited",
        EINVAL: "a clock that is neither CLOCK_REALTIME nor CLOCK_MONOTONIC",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 0)
a: sem_clockwait(p, CLOCK_MONOTONIC, 10ms)       -> ETIMEDOUT
a: sem_clockwait(p, CLOCK_BOOTTIME, 10ms)        -> EINVAL";
}

unsafe extern "C" {
    // In the GNU C library since 2.30; the libc crate does not declare it.
    #[link_name = "sem_clockwait"]
    fn library_sem_clockwait(sem: *mut libc::sem_t, clock: libc::clockid_t, deadline: *const libc::timespec) -> libc::c_int;
}

call! {
    /// Gives one to a semaphore, and wakes one of those who wait for it.
    fn sem_post(sem: Address) -> () {
        let at = semaphore(sem);
        // SAFETY: sem_post(3) works on the semaphore that the script names; a bad address ends the actor, as it would a C program.
        kernel(|| unsafe { libc::sem_post(at) })?;
        Ok(())
    }
    const SEM_POST: "sem_post(3)";
    traits: [Wakes];
    touches: [writes memory];
    blocks: "never";
    errors: {
        EOVERFLOW: "the value is SEM_VALUE_MAX already",
    };
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 0)
a: sem_post(p)
a: sem_getvalue(p) -> 1";
}

call! {
    /// Gives the value of a semaphore; it is 0 on Linux while others wait, never less.
    fn sem_getvalue(sem: Address) -> i32 {
        let at = semaphore(sem);
        let mut value = 0;
        // SAFETY: sem_getvalue(3) reads the semaphore that the script names, and fills a local variable.
        kernel(|| unsafe { libc::sem_getvalue(at, &raw mut value) })?;
        Ok(value)
    }
    const SEM_GETVALUE: "sem_getvalue(3)";
    traits: [Local, ReadOnly];
    touches: [reads memory];
    blocks: "never";
    errors: {};
    example: "a: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
a: sem_init(p, 1, 3)
a: sem_wait(p)
a: sem_getvalue(p) -> 2";
}

fn semaphore(at: Address) -> *mut libc::sem_t {
    with_exposed_provenance_mut(at.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Argument, Failure};
    use crate::value::{Errno, Value};

    #[test]
    fn a_semaphore_counts_and_tells_when_there_is_none() {
        let mut memory = Box::new([0u64; 4]);
        let at = Address((&raw mut *memory).expose_provenance());
        sem_init(at, 0, 1).expect("initialised");
        sem_wait(at).expect("taken");
        assert_eq!(sem_trywait(at), Err(Failure::Errno(Errno::EAGAIN)));
        let soon = Timeout::take(&Value::Duration(1_000_000)).expect("a duration");
        assert_eq!(sem_timedwait(at, soon), Err(Failure::Errno(Errno::ETIMEDOUT)));
        sem_post(at).expect("given");
        sem_post(at).expect("given");
        assert_eq!(sem_getvalue(at), Ok(2));
        assert_eq!(sem_init(at, 0, 0x8000_0000), Err(Failure::Errno(Errno::EINVAL)));
        sem_destroy(at).expect("destroyed");
        assert_eq!(sem_close(at), Err(Failure::Errno(Errno::EINVAL)));
    }

    #[test]
    fn a_name_is_one_semaphore_until_it_is_unlinked() {
        let name = CString::new(format!("/ipcscript-{}", std::process::id())).expect("no NUL");
        let create = IpcOpenFlags(libc::O_CREAT | libc::O_EXCL);
        let first = sem_open(name.clone(), create, Mode(0o600), 5).expect("created");
        assert_eq!(sem_open(name.clone(), create, Mode(0o600), 5), Err(Failure::Errno(Errno::EEXIST)));
        assert_eq!(sem_open(name.clone(), IpcOpenFlags(0), Mode(0), 0), Ok(first));
        sem_unlink(name.clone()).expect("unlinked");
        assert_eq!(sem_open(name, IpcOpenFlags(0), Mode(0), 0), Err(Failure::Errno(Errno::ENOENT)));
        assert_eq!(sem_getvalue(first), Ok(5));
        sem_close(first).expect("closed once");
        sem_close(first).expect("closed twice");
        assert_eq!(sem_close(first), Err(Failure::Errno(Errno::EINVAL)));
    }
}
