//! What the system and the C library tell of themselves: limits, sizes, load; see sysconf(3), sysinfo(2), personality(2).

use super::argument::Fd;
use super::entry::{call, constants, structure};
use super::{Bytes, Family, kernel};
use std::ffi::CString;

/// The system.
pub static FAMILY: Family = Family {
    name: "system",
    title: "What the system tells of itself",
    summary: "A program that asks for a limit runs everywhere; one that knows it runs here. `sysconf` is about the system, `pathconf` and \
        `fpathconf` about a file and where it lies, `confstr` about strings. -1 stands for no limit.",
    calls: &[
        &SYSCONF,
        &PATHCONF,
        &FPATHCONF,
        &CONFSTR,
        &GETPAGESIZE,
        &GET_NPROCS,
        &GET_NPROCS_CONF,
        &GETCPU,
        &SYSINFO,
        &PERSONALITY,
    ],
    constants: &[&SystemName::GROUP, &PathName::GROUP, &StringName::GROUP, &Personality::GROUP],
    structs: &[&Sysinfo::STRUCTURE],
};

constants! {
    /// what sysconf is asked for
    choice SystemName(i32) {
        _SC_ARG_MAX, "how many bytes arguments and environment of execve may have";
        _SC_CHILD_MAX, "how many processes a user may have: RLIMIT_NPROC";
        _SC_HOST_NAME_MAX, "how long a host name may be";
        _SC_LOGIN_NAME_MAX, "how long a user's name may be, with its NUL";
        _SC_NGROUPS_MAX, "how many supplementary groups a process may have";
        _SC_CLK_TCK, "how many ticks of times(2) a second has";
        _SC_OPEN_MAX, "how many descriptors a process may have: RLIMIT_NOFILE";
        _SC_PAGESIZE, "how many bytes a page has";
        _SC_PAGE_SIZE = libc::_SC_PAGESIZE, "another name of _SC_PAGESIZE";
        _SC_PHYS_PAGES, "how many pages of memory there are";
        _SC_AVPHYS_PAGES, "how many pages of memory are free";
        _SC_NPROCESSORS_CONF, "how many processors there are";
        _SC_NPROCESSORS_ONLN, "how many processors are in use";
        _SC_IOV_MAX, "how many parts readv and writev take";
        _SC_SYMLOOP_MAX, "how many symbolic links a path may lead through; -1 for not said";
        _SC_STREAM_MAX, "how many streams a process may have";
        _SC_TTY_NAME_MAX, "how long the path of a terminal may be, with its NUL";
        _SC_TZNAME_MAX, "how long the name of a time zone may be; -1 for any length";
        _SC_VERSION, "the year and month of POSIX that the system follows";
        _SC_ATEXIT_MAX, "how many functions atexit takes";
        _SC_JOB_CONTROL, "is there job control?";
        _SC_SAVED_IDS, "has a process saved ids?";
        _SC_REALTIME_SIGNALS, "the year and month of the POSIX that brought real-time signals, or -1";
        _SC_RTSIG_MAX, "how many real-time signals there are";
        _SC_SIGQUEUE_MAX, "how many signals may wait for a process: RLIMIT_SIGPENDING";
        _SC_TIMERS, "POSIX timers: the year and month, or -1";
        _SC_TIMER_MAX, "how many timers a process may have; -1 for no limit of its own";
        _SC_DELAYTIMER_MAX, "how many overruns a timer counts";
        _SC_MONOTONIC_CLOCK, "CLOCK_MONOTONIC: the year and month, or -1";
        _SC_CPUTIME, "CLOCK_PROCESS_CPUTIME_ID: the year and month, or -1";
        _SC_THREAD_CPUTIME, "CLOCK_THREAD_CPUTIME_ID: the year and month, or -1";
        _SC_MAPPED_FILES, "mmap: the year and month, or -1";
        _SC_MEMLOCK, "mlockall: the year and month, or -1";
        _SC_MEMLOCK_RANGE, "mlock: the year and month, or -1";
        _SC_MEMORY_PROTECTION, "mprotect: the year and month, or -1";
        _SC_FSYNC, "fsync: the year and month, or -1";
        _SC_PRIORITY_SCHEDULING, "sched_setscheduler: the year and month, or -1";
        _SC_MESSAGE_PASSING, "POSIX message queues: the year and month, or -1";
        _SC_MQ_OPEN_MAX, "how many message queues a process may have open; -1 for no limit of its own";
        _SC_MQ_PRIO_MAX, "how many priorities messages have";
        _SC_SEMAPHORES, "POSIX semaphores: the year and month, or -1";
        _SC_SEM_NSEMS_MAX, "how many POSIX semaphores a process may have; -1 for no limit";
        _SC_SEM_VALUE_MAX, "the largest value of a POSIX semaphore";
        _SC_SHARED_MEMORY_OBJECTS, "shm_open: the year and month, or -1";
        _SC_BARRIERS, "barriers: the year and month, or -1";
        _SC_READER_WRITER_LOCKS, "read-write locks: the year and month, or -1";
        _SC_SPIN_LOCKS, "spin locks: the year and month, or -1";
        _SC_SPAWN, "posix_spawn: the year and month, or -1";
        _SC_THREADS, "threads: the year and month, or -1";
        _SC_THREAD_PROCESS_SHARED, "mutexes between processes: the year and month, or -1";
        _SC_THREAD_PRIO_INHERIT, "mutexes that lend priority: the year and month, or -1";
        _SC_THREAD_PRIO_PROTECT, "mutexes with a ceiling: the year and month, or -1";
        _SC_THREAD_ROBUST_PRIO_INHERIT, "robust mutexes that lend priority; -1 for not said";
        _SC_THREAD_KEYS_MAX, "how many keys pthread_key_create gives";
        _SC_THREAD_DESTRUCTOR_ITERATIONS, "how often destructors of keys are tried at the end of a thread";
        _SC_THREAD_STACK_MIN, "the smallest stack of a thread";
        _SC_THREAD_THREADS_MAX, "how many threads a process may have; -1 for no limit of its own";
    }
    /// what pathconf is asked for
    choice PathName(i32) {
        _PC_LINK_MAX, "how many names a file may have";
        _PC_MAX_CANON, "how long a line of a terminal may be";
        _PC_MAX_INPUT, "how much typed input a terminal keeps";
        _PC_NAME_MAX, "how long a name in the directory may be";
        _PC_PATH_MAX, "how long a path that begins there may be";
        _PC_PIPE_BUF, "how many bytes a write to a pipe may have that none of others may be mixed with";
        _PC_CHOWN_RESTRICTED, "is chown for who has CAP_CHOWN alone?";
        _PC_NO_TRUNC, "is a name that is too long an error?";
        _PC_VDISABLE, "the character that stands for none in c_cc";
        _PC_SYNC_IO, "synchronous input and output; -1 for not said";
        _PC_ASYNC_IO, "asynchronous input and output";
        _PC_PRIO_IO, "input and output by priority; -1 for not said";
        _PC_SOCK_MAXBUF, "the largest buffer of a socket; -1 for not said";
        _PC_FILESIZEBITS, "how many bits the length of a file has";
        _PC_REC_INCR_XFER_SIZE, "in which steps reads and writes are best made";
        _PC_REC_MAX_XFER_SIZE, "how long reads and writes are best at most";
        _PC_REC_MIN_XFER_SIZE, "how long reads and writes are best at least";
        _PC_REC_XFER_ALIGN, "at which addresses buffers are best";
        _PC_ALLOC_SIZE_MIN, "how much room a file takes at least";
        _PC_SYMLINK_MAX, "how long what a symbolic link holds may be; -1 for any length";
        _PC_2_SYMLINKS, "can there be symbolic links?";
    }
    /// what confstr is asked for
    choice StringName(i32) {
        _CS_PATH, "a PATH by which all programs of POSIX are found";
        _CS_GNU_LIBC_VERSION = 2, "name and version of the C library that this program was built with";
        _CS_GNU_LIBPTHREAD_VERSION = 3, "name and version of its threads";
    }
    /// how a process is executed
    flags Personality(u64) {
        PER_LINUX = 0, "as Linux does";
        PER_LINUX32 = 0x8, "uname tells of a machine of 32 bits";
        UNAME26 = 0x002_0000, "uname tells of a Linux 2.6";
        ADDR_NO_RANDOMIZE = 0x004_0000, "after execve, addresses are the same each time";
        FDPIC_FUNCPTRS = 0x008_0000, "pointers to functions point to descriptors";
        MMAP_PAGE_ZERO = 0x010_0000, "execve maps page 0";
        ADDR_COMPAT_LAYOUT = 0x020_0000, "the old layout of memory";
        READ_IMPLIES_EXEC = 0x040_0000, "what is mapped for reading may be executed";
        ADDR_LIMIT_32BIT = 0x080_0000, "addresses of 32 bits";
        SHORT_INODE = 0x100_0000, "nothing on Linux";
        WHOLE_SECONDS = 0x200_0000, "nothing on Linux";
        STICKY_TIMEOUTS = 0x400_0000, "select and its like leave the time limit as it was given";
        ADDR_LIMIT_3GB = 0x800_0000, "addresses below 3 GiB";
    }
}

structure! {
    /// Load and memory: loads in 65536ths, sizes in units of `mem_unit` bytes.
    ///
    /// They are those of the whole machine: no namespace and no cgroup changes them, but `uptime`, which the time namespace moves.
    Sysinfo = "sysinfo" {
        uptime: i64, loads: Vec<u64>, totalram: u64, freeram: u64, sharedram: u64, bufferram: u64, totalswap: u64, freeswap: u64,
        procs: u16, totalhigh: u64, freehigh: u64, mem_unit: u32,
    }
}

call! {
    /// Gives a limit or an option of the system; -1 where there is none.
    fn sysconf(name: SystemName) -> i64 {
        // SAFETY: sysconf(3) takes an integer.
        Ok(limit(|| unsafe { libc::sysconf(name.0) })?)
    }
    const SYSCONF: "sysconf(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: { EINVAL: "nothing of this name" };
    example: "a: sysconf(_SC_PAGESIZE)        -> 4096 or 16384 or 65536
a: sysconf(_SC_MQ_PRIO_MAX)     -> 32768
a: setrlimit(RLIMIT_NOFILE, {50, 100})
a: sysconf(_SC_OPEN_MAX)        -> 50
a: sysconf(9999)                -> EINVAL";
}

call! {
    /// Gives a limit or an option of a file, or of the directory; -1 where there is none.
    fn pathconf(path: CString, name: PathName) -> i64 {
        // SAFETY: pathconf(3) reads the path, which outlives the call.
        Ok(limit(|| unsafe { libc::pathconf(path.as_ptr(), name.0) })?)
    }
    const PATHCONF: "pathconf(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {
        EINVAL: "nothing of this name",
        ENOENT: "_PC_LINK_MAX and others that depend on the file system: the path does not exist",
        EACCES: "the same: a directory on the way may not be passed",
        ENOTDIR: "the same: a part of the path is no directory",
    };
    example: "a: pathconf(\"/tmp\", _PC_NAME_MAX)   -> 255
a: pathconf(\"/tmp\", _PC_PIPE_BUF)   -> 4096
a: write_file(\"x\" * 255, \"\")
a: write_file(\"x\" * 256, \"\")        -> ENAMETOOLONG";
}

call! {
    /// Like `pathconf`, for what is open.
    fn fpathconf(fd: Fd, name: PathName) -> i64 {
        // SAFETY: fpathconf(3) takes integers.
        Ok(limit(|| unsafe { libc::fpathconf(fd.0, name.0) })?)
    }
    const FPATHCONF: "fpathconf(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: { EBADF: "not a descriptor of this process", EINVAL: "nothing of this name" };
    example: "a: [r, w] = pipe()
a: fpathconf(w, _PC_PIPE_BUF)   -> 4096
a: pty = openpty()
a: fpathconf(pty.aslave, _PC_MAX_CANON) -> 255";
}

call! {
    /// Gives a string that the C library was configured with.
    fn confstr(name: StringName) -> Bytes {
        let mut room = [0u8; 256];
        let mut length = 0;
        kernel(|| {
            // SAFETY: confstr(3) fills at most the length given.
            length = unsafe { libc::confstr(name.0, room.as_mut_ptr().cast(), room.len()) };
            if length == 0 { -1 } else { 0 }
        })?;
        Ok(Bytes(room.get(..length.saturating_sub(1)).unwrap_or(&room).to_vec()))
    }
    const CONFSTR: "confstr(3)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "nothing of this name" };
    example: "a: confstr(_CS_PATH)    -> contains \"/bin\"";
}

call! {
    /// Gives how many bytes a page of memory has.
    fn getpagesize() -> i64 {
        sysconf(SystemName(libc::_SC_PAGESIZE))
    }
    const GETPAGESIZE: "getpagesize(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: page = getpagesize()
a: p = mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS)    # a whole page all the same
a: mprotect(p + 1, 1, PROT_NONE)    -> EINVAL
a: mprotect(p + page, 1, PROT_READ) -> ok or ENOMEM";
}

call! {
    /// Gives how many processors are in use.
    fn get_nprocs() -> i64 {
        sysconf(SystemName(libc::_SC_NPROCESSORS_ONLN))
    }
    const GET_NPROCS: "get_nprocs(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {};
    example: "a: n = get_nprocs()
a: get_nprocs_conf()    -> >= n";
}

call! {
    /// Gives how many processors there are, in use or not.
    fn get_nprocs_conf() -> i64 {
        sysconf(SystemName(libc::_SC_NPROCESSORS_CONF))
    }
    const GET_NPROCS_CONF: "get_nprocs_conf(3)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: {};
    example: "a: get_nprocs_conf()    -> >= 1";
}

call! {
    /// Gives the processor that the caller runs on, and its node of memory: `[cpu, node]`. It may be another one a moment later.
    fn getcpu() -> Vec<u32> {
        let (mut cpu, mut node) = (0u32, 0u32);
        let (at, node_at) = (&raw mut cpu, &raw mut node);
        // SAFETY: getcpu(2) fills two integers, which outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_getcpu, at, node_at, 0usize) })?;
        Ok(vec![cpu, node])
    }
    const GETCPU: "getcpu(2)";
    traits: [Local, ReadOnly, Schedules];
    blocks: "never";
    errors: { EFAULT: "an address outside of memory, which scripts cannot give" };
    example: "a: sched_setaffinity(0, [0])
a: getcpu()     -> [0, _]";
}

call! {
    /// Gives load and memory of the machine.
    fn sysinfo() -> Sysinfo {
        // SAFETY: sysinfo is plain integers, for which zero is a value.
        let mut raw: libc::sysinfo = unsafe { std::mem::zeroed() };
        // SAFETY: sysinfo(2) fills `raw`, which outlives the call.
        kernel(|| unsafe { libc::sysinfo(&raw mut raw) })?;
        Ok(Sysinfo {
            uptime: raw.uptime,
            loads: raw.loads.to_vec(),
            totalram: raw.totalram,
            freeram: raw.freeram,
            sharedram: raw.sharedram,
            bufferram: raw.bufferram,
            totalswap: raw.totalswap,
            freeswap: raw.freeswap,
            procs: raw.procs,
            totalhigh: raw.totalhigh,
            freehigh: raw.freehigh,
            mem_unit: raw.mem_unit,
        })
    }
    const SYSINFO: "sysinfo(2)";
    traits: [Local, ReadOnly];
    blocks: "never";
    errors: { EFAULT: "an address outside of memory, which scripts cannot give" };
    example: "a: s = sysinfo()
expect s.freeram < s.totalram
expect len(s.loads) == 3
expect s.procs > 1";
}

call! {
    /// Sets how the caller is executed from now on, what it executes too, and gives how it was; 0xffffffff only asks.
    fn personality(persona: Personality) -> Personality {
        // SAFETY: personality(2) takes an integer.
        let old = kernel(|| unsafe { libc::personality(persona.0) })?;
        Ok(Personality(u64::from(old.cast_unsigned())))
    }
    const PERSONALITY: "personality(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: { EPERM: "a seccomp filter, as containers have, that lets some of them pass" };
    example: "a: personality(UNAME26)          -> PER_LINUX
a: uname()                       -> {release: matches \"^2[.]6[.]\"}
a: personality(0xffffffff)       -> UNAME26";
}

/// -1 is an answer as well as the sign of an error.
fn limit(ask: impl FnOnce() -> i64) -> Result<i64, crate::value::Errno> {
    let mut answer = 0;
    kernel(|| {
        // SAFETY: the address of the calling thread's errno is always good.
        let errno = unsafe { libc::__errno_location() };
        // SAFETY: as above.
        unsafe { errno.write(0) };
        answer = ask();
        // SAFETY: as above.
        if answer == -1 && unsafe { errno.read() } != 0 { -1 } else { 0 }
    })?;
    Ok(answer)
}
