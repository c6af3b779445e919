//! Capabilities: the privileges of root, one by one; see capabilities(7).

use super::argument::Pid;
use super::entry::{call, constants, structure};
use super::{Failure, Family, Refusal, kernel};

/// Capabilities.
pub static FAMILY: Family = Family {
    name: "capability",
    title: "Capabilities",
    summary: "What root may do is split into capabilities, each valid in the user namespace of the process and those below it. A process may \
        use those of its effective set, put into it what is in the permitted set, and never get back what it has dropped from there. In \
        the world an actor starts with all of them, over the world alone.",
    calls: &[&CAPGET, &CAPSET],
    constants: &[&Capability::GROUP],
    structs: &[&Capabilities::STRUCTURE],
};

constants! {
    /// capabilities
    choice Capability(u32) {
        CAP_CHOWN = 0, "change owner and group of files";
        CAP_DAC_OVERRIDE = 1, "pass the permission checks of files";
        CAP_DAC_READ_SEARCH = 2, "pass the checks for reading files and searching directories";
        CAP_FOWNER = 3, "act as the owner of any file";
        CAP_FSETID = 4, "keep set-user-ID and set-group-ID bits when a file changes";
        CAP_KILL = 5, "signal any process";
        CAP_SETGID = 6, "set group ids, and map them";
        CAP_SETUID = 7, "set user ids, and map them";
        CAP_SETPCAP = 8, "add to the inheritable set, drop from the bounding set";
        CAP_LINUX_IMMUTABLE = 9, "set the immutable and append-only flags of files";
        CAP_NET_BIND_SERVICE = 10, "bind ports below 1024";
        CAP_NET_BROADCAST = 11, "send broadcasts; not used";
        CAP_NET_ADMIN = 12, "configure networks";
        CAP_NET_RAW = 13, "use raw sockets";
        CAP_IPC_LOCK = 14, "lock memory";
        CAP_IPC_OWNER = 15, "pass the permission checks of System V objects";
        CAP_SYS_MODULE = 16, "load kernel modules";
        CAP_SYS_RAWIO = 17, "access ports and raw memory";
        CAP_SYS_CHROOT = 18, "change the root directory";
        CAP_SYS_PTRACE = 19, "trace any process, and look into it";
        CAP_SYS_PACCT = 20, "switch process accounting";
        CAP_SYS_ADMIN = 21, "mount, make namespaces, set the host name, and much else";
        CAP_SYS_BOOT = 22, "reboot";
        CAP_SYS_NICE = 23, "raise priorities, use real-time scheduling";
        CAP_SYS_RESOURCE = 24, "pass limits";
        CAP_SYS_TIME = 25, "set the clock";
        CAP_SYS_TTY_CONFIG = 26, "configure terminals";
        CAP_MKNOD = 27, "make device files";
        CAP_LEASE = 28, "take leases on any file";
        CAP_AUDIT_WRITE = 29, "write to the audit log";
        CAP_AUDIT_CONTROL = 30, "configure auditing";
        CAP_SETFCAP = 31, "give capabilities to files";
        CAP_MAC_OVERRIDE = 32, "pass mandatory access control";
        CAP_MAC_ADMIN = 33, "configure mandatory access control";
        CAP_SYSLOG = 34, "read the kernel's log, see its addresses";
        CAP_WAKE_ALARM = 35, "set timers that wake the machine";
        CAP_BLOCK_SUSPEND = 36, "keep the machine awake";
        CAP_AUDIT_READ = 37, "read the audit log";
        CAP_PERFMON = 38, "observe performance";
        CAP_BPF = 39, "load BPF programs";
        CAP_CHECKPOINT_RESTORE = 40, "restore processes with chosen ids";
    }
}

structure! {
    /// The sets of a process. What is left out is empty.
    Capabilities = "__user_cap_data_struct" { effective: Vec<Capability>, permitted: Vec<Capability>, inheritable: Vec<Capability> }
}

call! {
    /// Gives the sets of a process; 0 stands for the caller.
    fn capget(pid: Pid = 0) -> Capabilities {
        let mut header = Header { version: VERSION, pid: pid.0 };
        let mut sets = [Sets::default(); 2];
        // SAFETY: capget(2) reads the header and fills two sets of this version; both outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_capget, &raw mut header, sets.as_mut_ptr()) })?;
        let [low, high] = sets;
        let list = |low: u32, high: u32| list(u64::from(high) << 32 | u64::from(low));
        Ok(Capabilities {
            effective: list(low.effective, high.effective),
            permitted: list(low.permitted, high.permitted),
            inheritable: list(low.inheritable, high.inheritable),
        })
    }
    const CAPGET: "capget(2)";
    traits: [Local, ReadOnly];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        EINVAL: "the pid is negative",
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
    };
    example: "a: capset({effective: [CAP_KILL], permitted: [CAP_KILL, CAP_CHOWN], inheritable: []})
a: capget() -> {effective: [CAP_KILL], permitted: [CAP_CHOWN, CAP_KILL], inheritable: []}";
}

call! {
    /// Sets the caller's sets.
    fn capset(data: Capabilities) -> () {
        let header = Header { version: VERSION, pid: 0 };
        let (effective, permitted, inheritable) = (bits(&data.effective)?, bits(&data.permitted)?, bits(&data.inheritable)?);
        // The kernel takes the sets in halves, the low one first.
        let half = |shift: u32| Sets {
            effective: (effective >> shift) as u32,
            permitted: (permitted >> shift) as u32,
            inheritable: (inheritable >> shift) as u32,
        };
        let sets = [half(0), half(32)];
        // SAFETY: capset(2) reads the header and two sets of this version; both outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_capset, &raw const header, sets.as_ptr()) })?;
        Ok(())
    }
    const CAPSET: "capset(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EPERM: "a capability is added to the permitted set, or to the effective one without being permitted, or to the inheritable one \
            without being permitted or, with CAP_SETPCAP, in the bounding set",
    };
    example: "a: sethostname(\"inside\")
a: capset({effective: [], permitted: [], inheritable: []})
a: sethostname(\"again\")                                     -> EPERM
a: capset({effective: [CAP_SYS_ADMIN], permitted: [CAP_SYS_ADMIN]}) -> EPERM";
}

/// The version of the structures that has room for 64 capabilities.
const VERSION: u32 = 0x2008_0522;

/// `struct __user_cap_header_struct`
#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

/// `struct __user_cap_data_struct`
#[repr(C)]
#[derive(Default, Clone, Copy)]
struct Sets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

fn bits(list: &[Capability]) -> Result<u64, Failure> {
    list.iter().try_fold(0, |set, capability| match capability.0 {
        number @ 0..64 => Ok(set | 1 << number),
        number => Err(Refusal(format!("{number} is no capability")).into()),
    })
}

fn list(bits: u64) -> Vec<Capability> {
    (0..64).filter(|number| bits >> number & 1 == 1).map(Capability).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_capabilities_becomes_bits_and_a_list_again() {
        let some = [Capability(0), Capability(21), Capability(40)];
        let set = bits(&some).expect("these fit");
        assert_eq!(set, 1 | 1 << 21 | 1 << 40);
        assert_eq!(list(set), some);
        assert!(bits(&[Capability(64)]).is_err());
    }
}
