//! What the kernel itself refuses to the processes of a world: resource limits, the number of namespaces, and system calls for which
//! Linux has no namespace.
//!
//! All of it is put in force by processes of the outer layer or by the coordinator, before a script has a say, and cannot be
//! undone from inside: hard limits need CAP_SYS_RESOURCE in the initial user namespace, the counts of a user namespace belong to
//! the one around it, and a seccomp filter is never taken away.

use super::limits::Limits;
use crate::operation;
use crate::scenario::{Call, Expr, Scenario};
use crate::value::Value;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// How the C library calls the number of a limit.
#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

/// RLIMIT_CORE, which has another type in each C library.
const CORE: u32 = 4;

/// Open files of one process: what it may have, and what it may ask for. The kernel's table of open files is one for the whole machine.
pub const FILES: (u64, u64) = (1024, 4096);
/// Namespaces of each kind in a world and in those below it, the inner layers of a worker among them, some of which the kernel still
/// takes apart.
const NAMESPACES: u32 = 2048;
/// What inotify and fanotify may watch.
const WATCHES: u32 = 8192;
/// Inotify instances and fanotify groups. In the world of an ordinary user they are out of the few that the user has, 128 as a rule.
const WATCHERS: u32 = 64;

/// Sets the limits that all processes of the world inherit. The next user namespace takes RLIMIT_NPROC and its like as limits for
/// all its users together, and of every namespace below; see user_namespaces(7) and getrlimit(2).
pub fn resources(limits: &Limits) {
    // A margin over what the worker ends: it must be able to see the limit being passed.
    let processes = limits.processes + limits.processes / 8 + 4;
    lower(libc::RLIMIT_NPROC, processes, processes);
    lower(libc::RLIMIT_NOFILE, FILES.0, FILES.1);
    lower(libc::RLIMIT_SIGPENDING, 16_384, 16_384);
    lower(libc::RLIMIT_MSGQUEUE, 819_200, 819_200);
    lower(libc::RLIMIT_MEMLOCK, 8 << 20, 8 << 20);
    // The machine may let its users take real-time priorities; nobody in a world gets one by themselves.
    lower(libc::RLIMIT_RTPRIO, 0, 0);
    lower(libc::RLIMIT_NICE, 0, 0);
}

/// Lowers a limit; one that is lower already stays.
fn lower(resource: Resource, soft: u64, hard: u64) {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit(2) fills a local variable.
    unsafe { libc::getrlimit(resource, &raw mut limit) };
    let limit = libc::rlimit { rlim_cur: limit.rlim_cur.min(soft), rlim_max: limit.rlim_max.min(hard) };
    // SAFETY: setrlimit(2) reads a local variable; lowering is always allowed.
    unsafe { libc::setrlimit(resource, &raw const limit) };
}

/// Bounds the namespaces and watches of the calling process's user namespace and of those below. `proc` is a /proc of its.
pub fn namespaces(proc: &OwnedFd) {
    for kind in ["user", "pid", "uts", "ipc", "net", "mnt", "cgroup", "time"] {
        lower_count(proc, &format!("max_{kind}_namespaces"), NAMESPACES);
    }
    lower_count(proc, "max_inotify_watches", WATCHES);
    lower_count(proc, "max_fanotify_marks", WATCHES);
    lower_count(proc, "max_inotify_instances", WATCHERS);
    lower_count(proc, "max_fanotify_groups", WATCHERS);
}

/// Kernels without a kind of namespace have no count for it, and a failure leaves the machine's own, which holds as well.
fn lower_count(proc: &OwnedFd, name: &str, most: u32) {
    let path = CString::new(format!("sys/user/{name}")).unwrap_or_default();
    // SAFETY: openat(2) reads a string that outlives the call.
    let fd = unsafe { libc::openat(proc.as_raw_fd(), path.as_ptr(), libc::O_RDWR | libc::O_CLOEXEC) };
    if fd >= 0 {
        // SAFETY: the kernel has just given this descriptor, and nobody else has it.
        let mut file = std::fs::File::from(unsafe { OwnedFd::from_raw_fd(fd) });
        // What is refused is not lowered.
        let _ = io::Write::write_all(&mut file, most.to_string().as_bytes());
    }
}

/// Whether a scenario asks for strict mode, which the kernel refuses to who has a filter already; see seccomp(2). The filter is worth more
/// where anything else could happen: one call that starts a program, opens a socket or writes to memory, from where an actor
/// can be made to run any code, and strict mode is EINVAL.
pub fn forbids_filters(scenario: &Scenario) -> bool {
    let strict = scenario.calls().any(|call| {
        let first = call.args.first();
        let is = |number: i32| matches!(first, Some(Expr::Literal(Value::Int(first))) if *first == i128::from(number));
        let computed = !matches!(first, Some(Expr::Literal(_)));
        match operation::at(call.operation).map(|operation| operation.name) {
            Some("seccomp") => computed || is(libc::SECCOMP_SET_MODE_STRICT.cast_signed()),
            Some("prctl") => computed || is(libc::PR_SET_SECCOMP),
            _ => false,
        }
    });
    strict && scenario.calls().all(is_harmless)
}

/// The calls that a scenario with strict mode and without a filter is made of: none on which the filter has a word, and none by which
/// an actor's memory is written where the script says. What the list lacks costs a scenario strict mode, and nothing else.
const HARMLESS: [&str; 22] = [
    "pipe",
    "fork",
    "thread",
    "read",
    "write",
    "close",
    "seccomp",
    "prctl",
    "cat",
    "getpid",
    "getppid",
    "gettid",
    "getuid",
    "pause",
    "kill",
    "wait",
    "waitpid",
    "waitid",
    "exit",
    "_exit",
    "exit_group",
    "sched_yield",
];

/// Whether a call is one of those; a raw system call by its number, a file only when it is opened to be read.
fn is_harmless(call: &Call) -> bool {
    // What runs later, in a handler or a thread, is judged by nobody here.
    if call.args.iter().any(|argument| matches!(argument, Expr::Do(_))) {
        return false;
    }
    const NUMBERS: [libc::c_long; 5] =
        [libc::SYS_exit, libc::SYS_exit_group, libc::SYS_getpid, libc::SYS_getppid, libc::SYS_gettid];
    let literal = |index: usize| match call.args.get(index) {
        Some(Expr::Literal(Value::Int(number))) => Some(*number),
        _ => None,
    };
    match operation::at(call.operation).map(|operation| operation.name) {
        Some("syscall") => literal(0).is_some_and(|number| NUMBERS.iter().any(|&known| number == i128::from(known))),
        Some("open") => literal(1).is_some_and(|flags| flags & i128::from(libc::O_ACCMODE) == i128::from(libc::O_RDONLY)),
        Some(name) => HARMLESS.contains(&name),
        None => false,
    }
}

/// Which network a world has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// One of its own.
    Own,
    /// None that it may touch.
    None,
}

/// What the filter of a world lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Its sockets.
    pub network: Network,
    /// Its file systems.
    pub mounts: Mounts,
}

/// Whether the processes of a world may mount file systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mounts {
    /// As their privileges allow.
    Own,
    /// None: one of cgroups would show, and give away, the cgroup of who runs this.
    None,
}

/// Makes the kernel refuse, for the calling process and all that come of it, the system calls that no namespace contains.
///
/// # Errors
///
/// As seccomp(2).
pub fn system_calls(allowed: Allowed) -> io::Result<()> {
    let mut filter = program(allowed);
    let len = u16::try_from(filter.len()).unwrap_or(u16::MAX);
    let program = libc::sock_fprog { len, filter: filter.as_mut_ptr() };
    // SAFETY: seccomp(2) reads a program that outlives the call.
    let done = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// System calls that a world does not have: keys of the host's users, work that a kernel thread does unseen, code in the kernel, counters
/// of the whole machine, faults handled by others. They fail as on a kernel that was built without them.
const ABSENT: [libc::c_long; 10] = [
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_setup,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
];
/// Kinds of sockets that a network namespace contains; of the others (vsock, Bluetooth, the crypto of the kernel) not all know of it.
const CONTAINED: [i32; 5] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK, libc::AF_PACKET];
/// Input that another reader of the same terminal would take for typed; see ioctl_tty(2).
const TERMINAL: [u32; 2] = [0x5412, 0x541c];

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;
/// Numbers from here on belong to another way of calling, x32, with the same architecture.
const OTHER_NUMBERS: u32 = 0x4000_0000;

/// The program. What it never looks into, the kernel remembers by number, so that most calls do not run it at all.
fn program(Allowed { network, mounts }: Allowed) -> Vec<libc::sock_filter> {
    let mut program =
        vec![load(ARCH), unless(libc::BPF_JEQ, ARCHITECTURE, 2), load(NUMBER), unless(libc::BPF_JGE, OTHER_NUMBERS, 1)];
    program.push(fail(libc::ENOSYS));
    for number in ABSENT {
        program.extend([unless(libc::BPF_JEQ, number as u32, 1), fail(libc::ENOSYS)]);
    }
    // The kernel's log is the machine's.
    program.extend([unless(libc::BPF_JEQ, libc::SYS_syslog as u32, 1), fail(libc::EPERM)]);
    if mounts == Mounts::None {
        // The two ways to a new file system; which one it is, a filter cannot read.
        for number in [libc::SYS_mount, libc::SYS_fsopen] {
            program.extend([unless(libc::BPF_JEQ, number as u32, 1), fail(libc::EPERM)]);
        }
    }
    let limit = CORE;
    // A limit of 1 alone keeps a crash from starting the host's handler of core dumps; see core(5). And nobody sets limits for the
    // coordinator, which would be killed at some.
    rule(&mut program, libc::SYS_setrlimit, &[load(argument(0)), unless(libc::BPF_JEQ, limit, 1), fail(libc::EPERM)]);
    rule(
        &mut program,
        libc::SYS_prlimit64,
        &[
            load(argument(2)),
            unless(libc::BPF_JEQ, 0, 2),
            load(argument(2) + 4),
            unless(libc::BPF_JGT, 0, 6),
            load(argument(1)),
            unless(libc::BPF_JEQ, limit, 1),
            fail(libc::EPERM),
            load(argument(0)),
            unless(libc::BPF_JEQ, 1, 1),
            fail(libc::EPERM),
        ],
    );
    let mut terminal = vec![load(argument(1))];
    terminal.extend(TERMINAL.into_iter().flat_map(|request| [unless(libc::BPF_JEQ, request, 1), fail(libc::EPERM)]));
    rule(&mut program, libc::SYS_ioctl, &terminal);
    let families = if network == Network::Own { &CONTAINED[..] } else { &[libc::AF_NETLINK][..] };
    for call in [libc::SYS_socket, libc::SYS_socketpair] {
        let mut sockets = vec![load(argument(0))];
        sockets.extend(families.iter().flat_map(|&family| [unless(libc::BPF_JEQ, family.cast_unsigned(), 1), allow()]));
        sockets.push(fail(libc::EAFNOSUPPORT));
        rule(&mut program, call, &sockets);
    }
    program.push(allow());
    program
}

/// Adds what is to be done for one system call; afterwards the number is not at hand any more, so it ends with leave.
fn rule(program: &mut Vec<libc::sock_filter>, call: libc::c_long, body: &[libc::sock_filter]) {
    let over = u8::try_from(body.len() + 1).unwrap_or(u8::MAX);
    program.push(unless(libc::BPF_JEQ, call as u32, over));
    program.extend(body);
    program.push(allow());
}

// Where the kernel keeps what a filter judges; see struct seccomp_data in seccomp(2).
const NUMBER: u32 = 0;
const ARCH: u32 = 4;

/// The lower half of an argument.
fn argument(index: u32) -> u32 {
    16 + 8 * index
}

fn load(offset: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16, jt: 0, jf: 0, k: offset }
}

/// Goes on when the comparison holds, and jumps over so many instructions when not.
fn unless(comparison: u32, value: u32, over: u8) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_JMP | comparison | libc::BPF_K) as u16, jt: 0, jf: over, k: value }
}

fn allow() -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: libc::SECCOMP_RET_ALLOW }
}

fn fail(errno: i32) -> libc::sock_filter {
    let answer = libc::SECCOMP_RET_ERRNO | errno.cast_unsigned();
    libc::sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: answer }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Allowed = Allowed { network: Network::Own, mounts: Mounts::Own };

    /// What the program answers to a call; the instructions that it uses.
    fn judge(program: &[libc::sock_filter], arch: u32, number: u32, arguments: [u64; 3]) -> u32 {
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            let holds = match u32::from(step.code) {
                0x20 => {
                    let words: Vec<u32> = arguments.iter().flat_map(|&value| [value as u32, (value >> 32) as u32]).collect();
                    accumulator = match step.k {
                        0 => number,
                        4 => arch,
                        offset => words[(offset as usize - 16) / 4],
                    };
                    continue;
                }
                0x06 => return step.k,
                0x15 => accumulator == step.k,
                0x25 => accumulator > step.k,
                0x35 => accumulator >= step.k,
                code => panic!("unknown instruction {code:#x}"),
            };
            at += usize::from(if holds { step.jt } else { step.jf });
        }
    }

    #[test]
    fn what_no_namespace_contains_is_refused() {
        let program = program(USUAL);
        let ask = |number: i64, arguments| match judge(&program, ARCHITECTURE, number as u32, arguments) {
            libc::SECCOMP_RET_ALLOW => 0,
            answer => (answer & 0xffff).cast_signed(),
        };
        assert_eq!(ask(libc::SYS_keyctl, [0; 3]), libc::ENOSYS);
        assert_eq!(ask(libc::SYS_userfaultfd, [0; 3]), libc::ENOSYS);
        assert_eq!(ask(libc::SYS_syslog, [3, 0, 0]), libc::EPERM);
        assert_eq!(ask(libc::SYS_getpid, [0; 3]), 0);
        assert_eq!(ask(libc::SYS_mount, [1; 3]), 0);
        assert_eq!(ask(libc::SYS_ioctl, [0, 0x5412, 0]), libc::EPERM);
        assert_eq!(ask(libc::SYS_ioctl, [0, 0x1_0000_541c, 0]), libc::EPERM);
        assert_eq!(ask(libc::SYS_ioctl, [0, 0x5413, 0]), 0);
        assert_eq!(ask(0x4000_0000, [0; 3]), libc::ENOSYS);
        assert_eq!(judge(&program, 0x4000_0003, libc::SYS_getpid as u32, [0; 3]), libc::SECCOMP_RET_ERRNO | 38);
    }

    #[test]
    fn limits_are_read_by_all_and_set_by_their_owners() {
        let program = program(USUAL);
        let ask = |number: i64, arguments| judge(&program, ARCHITECTURE, number as u32, arguments) == libc::SECCOMP_RET_ALLOW;
        let (core, files) = (u64::from(libc::RLIMIT_CORE), u64::from(libc::RLIMIT_NOFILE));
        assert!(ask(libc::SYS_prlimit64, [0, core, 0]) && ask(libc::SYS_prlimit64, [1, files, 0]));
        assert!(ask(libc::SYS_prlimit64, [0, files, 0x1000]) && ask(libc::SYS_prlimit64, [7, files, 1 << 32]));
        assert!(!ask(libc::SYS_prlimit64, [0, core, 0x1000]) && !ask(libc::SYS_prlimit64, [0, core, 1 << 32]));
        assert!(!ask(libc::SYS_prlimit64, [1, files, 0x1000]));
        assert!(!ask(libc::SYS_setrlimit, [core, 0x1000, 0]) && ask(libc::SYS_setrlimit, [files, 0x1000, 0]));
    }

    #[test]
    fn sockets_stay_in_the_network_of_the_world() {
        let ask = |network, number: i64, family: i32| {
            let family = u64::from(family.cast_unsigned());
            judge(&program(Allowed { network, ..USUAL }), ARCHITECTURE, number as u32, [family, 0, 0]) == libc::SECCOMP_RET_ALLOW
        };
        assert!(ask(Network::Own, libc::SYS_socket, libc::AF_INET) && ask(Network::Own, libc::SYS_socketpair, libc::AF_UNIX));
        assert!(!ask(Network::Own, libc::SYS_socket, libc::AF_VSOCK) && !ask(Network::Own, libc::SYS_socket, libc::AF_ALG));
        assert!(!ask(Network::None, libc::SYS_socket, libc::AF_INET) && !ask(Network::None, libc::SYS_socket, libc::AF_UNIX));
        assert!(ask(Network::None, libc::SYS_socket, libc::AF_NETLINK));
    }

    #[test]
    fn where_cgroups_are_in_danger_nothing_is_mounted() {
        let ask = |mounts, number: i64| {
            judge(&program(Allowed { mounts, ..USUAL }), ARCHITECTURE, number as u32, [0; 3]) == libc::SECCOMP_RET_ALLOW
        };
        assert!(ask(Mounts::Own, libc::SYS_mount) && ask(Mounts::Own, libc::SYS_fsopen) && ask(Mounts::None, libc::SYS_umount2));
        assert!(!ask(Mounts::None, libc::SYS_mount) && !ask(Mounts::None, libc::SYS_fsopen));
    }
}
