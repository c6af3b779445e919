//! What prctl(2) knows: its options, and what goes with them.

use super::entry::constants;

constants! {
    /// options of prctl
    choice PrctlOption(i32) {
        PR_SET_PDEATHSIG, "sets the signal that the caller gets when its parent ends, 0 for none; not handed down";
        PR_GET_PDEATHSIG, "gives it";
        PR_SET_DUMPABLE, "sets whether the process may dump core and be looked into; 0 makes /proc/PID belong to root";
        PR_GET_DUMPABLE, "gives it";
        PR_SET_KEEPCAPS, "keep the permitted capabilities when the last uid 0 is given up";
        PR_GET_KEEPCAPS, "gives it";
        PR_SET_TIMING, "how time is accounted; only PR_TIMING_STATISTICAL";
        PR_GET_TIMING, "gives it";
        PR_SET_NAME, "sets the name of the thread, 15 bytes at most";
        PR_GET_NAME, "gives the name of the thread, a string";
        PR_GET_SECCOMP, "gives whether a seccomp filter is in force: 2";
        PR_CAPBSET_READ, "gives whether a capability is in the bounding set";
        PR_CAPBSET_DROP, "takes a capability out of the bounding set, for good";
        PR_SET_TSC, "whether the time stamp counter can be read";
        PR_GET_TSC, "gives it";
        PR_SET_SECUREBITS, "sets how uid 0 and capabilities belong together";
        PR_GET_SECUREBITS, "gives it";
        PR_SET_TIMERSLACK, "sets by how many nanoseconds timers may be late";
        PR_GET_TIMERSLACK, "gives it";
        PR_TASK_PERF_EVENTS_DISABLE, "stops the performance counters of the process";
        PR_TASK_PERF_EVENTS_ENABLE, "starts them";
        PR_MCE_KILL, "sets what a memory error does to the process";
        PR_MCE_KILL_GET, "gives it";
        PR_SET_CHILD_SUBREAPER, "makes the caller the new parent of its orphaned descendants";
        PR_GET_CHILD_SUBREAPER, "gives whether it is";
        PR_SET_NO_NEW_PRIVS, "no program that is executed gains privileges; cannot be taken back";
        PR_GET_NO_NEW_PRIVS, "gives it";
        PR_SET_THP_DISABLE, "no huge pages for the process";
        PR_GET_THP_DISABLE, "gives it";
        PR_CAP_AMBIENT, "reads or changes the ambient capabilities, which survive the execution of a program";
        PR_GET_SPECULATION_CTRL, "gives how a kind of speculation is handled";
        PR_SET_SPECULATION_CTRL, "sets it";
        PR_SET_IO_FLUSHER = 57, "the process writes back memory; needs CAP_SYS_RESOURCE";
        PR_GET_IO_FLUSHER = 58, "gives it";
        PR_SET_PTRACER, "names the process that may trace the caller, for the Yama module";
        PR_SET_MDWE, "no memory may be written and executed";
        PR_GET_MDWE, "gives it";
        PR_SET_MEMORY_MERGE, "equal pages of the process may be merged";
        PR_GET_MEMORY_MERGE, "gives it";
        PR_SET_SECCOMP, "installs a seccomp filter, as seccomp(SECCOMP_SET_MODE_FILTER, 0, …)";
        PR_GET_TID_ADDRESS, "gives the address where the C library wants a 0 when the thread ends";
        PR_SET_MM, "changes what the kernel knows of the memory's layout; needs CAP_SYS_RESOURCE in the initial user namespace";
        PR_SET_VMA, "gives a name to anonymous memory, which /proc/PID/maps shows as [anon:name]; needs CONFIG_ANON_VMA_NAME";
        PR_GET_AUXV = 0x4155_5856, "gives the auxiliary vector, a string of bytes";
        PR_SCHED_CORE, "whom the process shares the threads of a core with; needs CONFIG_SCHED_CORE";
        PR_SET_SYSCALL_USER_DISPATCH = 59, "system calls become SIGSYS, but for those from one range of addresses; not in a script";
        PR_GET_UNALIGN, "gives what an access that is not aligned does, on some architectures";
        PR_SET_UNALIGN, "sets it";
        PR_GET_FPEMU, "gives how floating point is emulated, on IA-64";
        PR_SET_FPEMU, "sets it";
        PR_GET_FPEXC, "gives the mode of floating point exceptions, on PowerPC";
        PR_SET_FPEXC, "sets it";
        PR_GET_ENDIAN, "gives the byte order of the process, on PowerPC";
        PR_SET_ENDIAN, "sets it";
        PR_GET_FP_MODE, "gives the mode of floating point registers, on MIPS";
        PR_SET_FP_MODE, "sets it";
        PR_MPX_ENABLE_MANAGEMENT, "was for the bounds of MPX; gone since Linux 5.4";
        PR_MPX_DISABLE_MANAGEMENT, "was for the bounds of MPX; gone since Linux 5.4";
        PR_SVE_SET_VL = 50, "sets the length of vectors, on arm64";
        PR_SVE_GET_VL = 51, "gives it";
        PR_SME_SET_VL = 63, "sets the length of vectors in streaming mode, on arm64";
        PR_SME_GET_VL = 64, "gives it";
        PR_PAC_RESET_KEYS = 54, "makes new keys for the authentication of pointers, on arm64";
        PR_PAC_SET_ENABLED_KEYS = 60, "sets which of them are used";
        PR_PAC_GET_ENABLED_KEYS = 61, "gives it";
        PR_SET_TAGGED_ADDR_CTRL = 55, "whether addresses may carry tags, on arm64";
        PR_GET_TAGGED_ADDR_CTRL = 56, "gives it";
    }
    /// what PR_CAP_AMBIENT does
    choice Ambient(i32) {
        PR_CAP_AMBIENT_IS_SET, "gives whether a capability is in the set";
        PR_CAP_AMBIENT_RAISE, "adds a capability that is permitted and inheritable";
        PR_CAP_AMBIENT_LOWER, "takes a capability out";
        PR_CAP_AMBIENT_CLEAR_ALL, "takes all out";
    }
    /// values of PR_SET_DUMPABLE
    choice Dumpable(i32) {
        SUID_DUMP_DISABLE = 0, "no core dump, and nobody else looks into the process";
        SUID_DUMP_USER = 1, "as usual";
    }
    /// values of PR_SET_TIMING
    choice Timing(i32) {
        PR_TIMING_STATISTICAL, "by samples";
        PR_TIMING_TIMESTAMP, "exactly; not supported";
    }
    /// values of PR_SET_TSC
    choice Tsc(i32) {
        PR_TSC_ENABLE, "the time stamp counter can be read";
        PR_TSC_SIGSEGV, "reading it gives SIGSEGV";
    }
    /// what PR_MCE_KILL does
    choice MceKill(i32) {
        PR_MCE_KILL_CLEAR, "as the system says";
        PR_MCE_KILL_SET, "as the next argument says";
    }
    /// when a memory error kills
    choice MceWhen(i32) {
        PR_MCE_KILL_LATE, "when the memory is used";
        PR_MCE_KILL_EARLY, "at once";
        PR_MCE_KILL_DEFAULT, "as the system says";
    }
    /// kinds of speculation
    choice Speculation(i32) {
        PR_SPEC_STORE_BYPASS, "speculative store bypass";
        PR_SPEC_INDIRECT_BRANCH, "indirect branches";
        PR_SPEC_L1D_FLUSH = 2, "flush the data cache when the process is switched out";
    }
    /// states of speculation
    flags SpeculationState(u64) {
        PR_SPEC_NOT_AFFECTED = 0, "the processor does not have the weakness";
        PR_SPEC_PRCTL = 1, "it can be set for each process";
        PR_SPEC_ENABLE = 2, "speculation is on";
        PR_SPEC_DISABLE = 4, "speculation is off";
        PR_SPEC_FORCE_DISABLE = 8, "off, for good";
        PR_SPEC_DISABLE_NOEXEC = 16, "off until a program is executed";
    }
    /// whom PR_SET_PTRACER lets trace, but for a pid
    choice Tracer(u64) {
        PR_SET_PTRACER_ANY, "any process";
    }
    /// bits of PR_SET_MDWE
    flags Mdwe(u64) {
        PR_MDWE_REFUSE_EXEC_GAIN, "memory cannot become executable: neither writable and executable at once, nor executable later";
        PR_MDWE_NO_INHERIT, "children are free of it";
    }
    /// modes of PR_SET_SECCOMP and PR_GET_SECCOMP
    choice SeccompMode(i32) {
        SECCOMP_MODE_DISABLED = 0, "no filter";
        SECCOMP_MODE_STRICT = 1, "read, write, _exit and the return from handlers, and nothing else";
        SECCOMP_MODE_FILTER = 2, "as a filter says";
    }
    /// what PR_SET_VMA sets
    choice VmaAttribute(i32) {
        PR_SET_VMA_ANON_NAME, "the name of anonymous memory";
    }
    /// what PR_SCHED_CORE does
    choice SchedCore(i32) {
        PR_SCHED_CORE_GET, "gives the cookie of a process: those with the same share a core";
        PR_SCHED_CORE_CREATE, "gives a process a new cookie";
        PR_SCHED_CORE_SHARE_TO, "gives a process the caller's cookie";
        PR_SCHED_CORE_SHARE_FROM, "takes the cookie of a process";
    }
    /// whom PR_SCHED_CORE is about
    choice SchedCoreScope(i32) {
        PR_SCHED_CORE_SCOPE_THREAD, "one thread";
        PR_SCHED_CORE_SCOPE_THREAD_GROUP, "a process with all threads";
        PR_SCHED_CORE_SCOPE_PROCESS_GROUP, "a process group";
    }
    /// what PR_SET_MM sets
    choice MemoryPlace(i32) {
        PR_SET_MM_START_CODE, "where the code begins";
        PR_SET_MM_END_CODE, "where the code ends";
        PR_SET_MM_START_DATA, "where the data begins";
        PR_SET_MM_END_DATA, "where the data ends";
        PR_SET_MM_START_STACK, "where the stack begins";
        PR_SET_MM_START_BRK, "where the heap begins";
        PR_SET_MM_BRK, "where the heap ends";
        PR_SET_MM_ARG_START, "where the arguments begin, which /proc/PID/cmdline shows";
        PR_SET_MM_ARG_END, "where the arguments end";
        PR_SET_MM_ENV_START, "where the environment begins";
        PR_SET_MM_ENV_END, "where the environment ends";
        PR_SET_MM_AUXV, "the auxiliary vector";
        PR_SET_MM_EXE_FILE, "the file behind /proc/PID/exe, by descriptor";
        PR_SET_MM_MAP, "all at once, by a struct prctl_mm_map";
        PR_SET_MM_MAP_SIZE, "gives the size of that struct";
    }
    /// bits of PR_SET_SECUREBITS
    flags SecureBits(u64) {
        SECBIT_NOROOT = 1, "uid 0 gets no capabilities when it executes a program";
        SECBIT_NOROOT_LOCKED = 2, "and this stays so";
        SECBIT_NO_SETUID_FIXUP = 4, "capabilities stay as they are when user ids change";
        SECBIT_NO_SETUID_FIXUP_LOCKED = 8, "and this stays so";
        SECBIT_KEEP_CAPS = 16, "as PR_SET_KEEPCAPS";
        SECBIT_KEEP_CAPS_LOCKED = 32, "and this stays so";
        SECBIT_NO_CAP_AMBIENT_RAISE = 64, "no ambient capabilities can be added";
        SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED = 128, "and this stays so";
        SECURE_ALL_BITS = 0x55, "all that do not lock";
        SECURE_ALL_LOCKS = 0xaa, "all that lock";
    }
}
