//! Landlock: a process narrows what it may do with files, ports and other processes, without any privilege; see landlock(7).

use super::argument::Fd;
use super::entry::{call, constants, structure};
use super::{Argument, Family, kernel};
use crate::value::Value;
use std::ptr::{from_ref, null};

/// Landlock.
pub static FAMILY: Family = Family {
    name: "landlock",
    title: "Landlock",
    summary: "A ruleset names kinds of access that it handles, and rules say where they are allowed nevertheless: below a directory, at a TCP \
        port. A process that restricts itself by it has lost all other access of these kinds, for good and for all its children; a later \
        ruleset can only take more away. What is open already stays open. Scopes cut the process off from abstract Unix sockets and from \
        signals to processes outside. No capability is needed, but no_new_privs or CAP_SYS_ADMIN; what a kernel knows tells its ABI version.",
    calls: &[&LANDLOCK_CREATE_RULESET, &LANDLOCK_ADD_RULE, &LANDLOCK_RESTRICT_SELF],
    constants: &[
        &CreateFlags::GROUP,
        &FileAccess::GROUP,
        &NetAccess::GROUP,
        &Scope::GROUP,
        &RuleType::GROUP,
        &RestrictFlags::GROUP,
    ],
    structs: &[&Ruleset::STRUCTURE, &PathBeneath::STRUCTURE, &NetPort::STRUCTURE],
};

// The headers of this library end at the second version; the kernel's numbers are the same everywhere.
constants! {
    /// flags of landlock_create_ruleset
    flags CreateFlags(u32) {
        LANDLOCK_CREATE_RULESET_VERSION = 1, "no ruleset: gives the version of the ABI";
        LANDLOCK_CREATE_RULESET_ERRATA = 2, "no ruleset: gives the bits of the mistakes that this kernel has mended";
    }
    /// accesses to files
    flags FileAccess(u64) {
        LANDLOCK_ACCESS_FS_EXECUTE = 1, "execute a file";
        LANDLOCK_ACCESS_FS_WRITE_FILE = 1 << 1, "open a file for writing";
        LANDLOCK_ACCESS_FS_READ_FILE = 1 << 2, "open a file for reading";
        LANDLOCK_ACCESS_FS_READ_DIR = 1 << 3, "open a directory or list it";
        LANDLOCK_ACCESS_FS_REMOVE_DIR = 1 << 4, "remove or rename a directory";
        LANDLOCK_ACCESS_FS_REMOVE_FILE = 1 << 5, "unlink or rename a file";
        LANDLOCK_ACCESS_FS_MAKE_CHAR = 1 << 6, "make or link a character device";
        LANDLOCK_ACCESS_FS_MAKE_DIR = 1 << 7, "make a directory";
        LANDLOCK_ACCESS_FS_MAKE_REG = 1 << 8, "make or link a regular file";
        LANDLOCK_ACCESS_FS_MAKE_SOCK = 1 << 9, "make or link a Unix socket";
        LANDLOCK_ACCESS_FS_MAKE_FIFO = 1 << 10, "make or link a FIFO";
        LANDLOCK_ACCESS_FS_MAKE_BLOCK = 1 << 11, "make or link a block device";
        LANDLOCK_ACCESS_FS_MAKE_SYM = 1 << 12, "make or link a symbolic link";
        LANDLOCK_ACCESS_FS_REFER = 1 << 13, "link or rename from one directory to another; ABI 2";
        LANDLOCK_ACCESS_FS_TRUNCATE = 1 << 14, "truncate a file; ABI 3";
        LANDLOCK_ACCESS_FS_IOCTL_DEV = 1 << 15, "ioctl on a device that is opened; ABI 5";
    }
    /// accesses to the network
    flags NetAccess(u64) {
        LANDLOCK_ACCESS_NET_BIND_TCP = 1, "bind a TCP socket to a port; ABI 4";
        LANDLOCK_ACCESS_NET_CONNECT_TCP = 2, "connect a TCP socket to a port; ABI 4";
    }
    /// what a process is cut off from outside of its domain
    flags Scope(u64) {
        LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET = 1, "connecting to abstract Unix sockets made outside; ABI 6";
        LANDLOCK_SCOPE_SIGNAL = 2, "sending signals to processes outside; ABI 6";
    }
    /// kinds of rules
    choice RuleType(u32) {
        LANDLOCK_RULE_PATH_BENEATH = 1, "what is allowed with files at and below a path";
        LANDLOCK_RULE_NET_PORT = 2, "what is allowed with a port; ABI 4";
    }
    /// flags of landlock_restrict_self
    flags RestrictFlags(u32) {
        LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF = 1, "do not audit what this program is denied; ABI 7";
        LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON = 2, "audit what programs executed later are denied; ABI 7";
        LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF = 4, "do not audit what later rulesets deny; ABI 7";
    }
}

structure! {
    /// What a ruleset handles: all of it is denied but for what its rules allow.
    Ruleset = "landlock_ruleset_attr" { handled_access_fs: FileAccess, handled_access_net: NetAccess, scoped: Scope }
    /// What is allowed at and below an open directory or file.
    PathBeneath = "landlock_path_beneath_attr" { allowed_access: FileAccess, parent_fd: Fd }
    /// What is allowed with a TCP port; port 0 stands for one that the kernel chooses.
    NetPort = "landlock_net_port_attr" { allowed_access: NetAccess, port: u64 }
}

call! {
    /// Makes a ruleset, and gives a descriptor of it; or tells which version of Landlock the kernel has.
    fn landlock_create_ruleset(attr: Option<Ruleset>, flags: CreateFlags = 0) -> Fd {
        let attr = attr.map(|attr| [attr.handled_access_fs.0, attr.handled_access_net.0, attr.scoped.0]);
        // A kernel that knows fewer words takes more of them as long as they are 0.
        let (at, size) = attr.as_ref().map_or((null(), 0), |words| (from_ref(words), size_of_val(words)));
        // SAFETY: landlock_create_ruleset(2) reads `size` bytes, which outlive the call.
        let made = kernel(|| unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, at, size, flags.0) })?;
        Ok(Fd(i32::try_from(made).unwrap_or(i32::MAX)))
    }
    const LANDLOCK_CREATE_RULESET: "landlock_create_ruleset(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        ENOSYS: "the kernel was built without Landlock",
        EOPNOTSUPP: "Landlock was switched off when the kernel was booted",
        EINVAL: "an access, scope or flag that this kernel does not know",
        E2BIG: "something behind what this kernel knows of the struct",
        ENOMSG: "a ruleset that handles nothing",
        EFAULT: "no struct, and no flag that does without",
    };
    by: flags {
        LANDLOCK_CREATE_RULESET_VERSION LANDLOCK_CREATE_RULESET_ERRATA => i32,
    };
    example: "needs config SECURITY_LANDLOCK
a: landlock_create_ruleset(NULL, LANDLOCK_CREATE_RULESET_VERSION) -> >= 1
a: landlock_create_ruleset({handled_access_fs: LANDLOCK_ACCESS_FS_MAKE_DIR}) -> 3
a: landlock_create_ruleset({})                                    -> ENOMSG
a: landlock_create_ruleset({handled_access_fs: 1 << 60})          -> EINVAL";
}

call! {
    /// Adds a rule to a ruleset: what is allowed at and below a path, or with a port.
    fn landlock_add_rule(ruleset_fd: Fd, rule_type: RuleType, rule_attr: Value, flags: u32 = 0) -> () {
        let mut bytes = Vec::new();
        if rule_type.0 == 2 {
            let rule = NetPort::take(&rule_attr)?;
            bytes.extend(rule.allowed_access.0.to_ne_bytes());
            bytes.extend(rule.port.to_ne_bytes());
        } else {
            // The kernel's struct is packed: nothing stands behind the descriptor.
            let rule = PathBeneath::take(&rule_attr)?;
            bytes.extend(rule.allowed_access.0.to_ne_bytes());
            bytes.extend(rule.parent_fd.0.to_ne_bytes());
        }
        // SAFETY: landlock_add_rule(2) reads the struct of this type, which is what `bytes` holds.
        kernel(|| unsafe { libc::syscall(libc::SYS_landlock_add_rule, ruleset_fd.0, rule_type.0, bytes.as_ptr(), flags) })?;
        Ok(())
    }
    const LANDLOCK_ADD_RULE: "landlock_add_rule(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor, or parent_fd is none",
        EBADFD: "a descriptor of something else than a ruleset, or parent_fd is of a kind without a path",
        EPERM: "the ruleset was opened without the right to change it",
        EINVAL: "an unknown kind of rule, an access that the ruleset does not handle, or one for directories at a file; a port above 65535",
        ENOMSG: "a rule that allows nothing",
        EAFNOSUPPORT: "a rule for ports on a kernel without TCP",
    };
    by: rule_type {
        LANDLOCK_RULE_PATH_BENEATH(rule_attr: PathBeneath) => (),
        LANDLOCK_RULE_NET_PORT(rule_attr: NetPort) => (),
    };
    example: "needs config SECURITY_LANDLOCK
a: rules = landlock_create_ruleset({handled_access_fs: LANDLOCK_ACCESS_FS_MAKE_DIR})
a: tmp = open(\"/tmp\", O_PATH)
a: landlock_add_rule(rules, LANDLOCK_RULE_PATH_BENEATH, {LANDLOCK_ACCESS_FS_MAKE_DIR, tmp})
a: landlock_add_rule(rules, LANDLOCK_RULE_PATH_BENEATH, {LANDLOCK_ACCESS_FS_EXECUTE, tmp})  -> EINVAL
a: landlock_add_rule(rules, LANDLOCK_RULE_PATH_BENEATH, {0, tmp})                           -> ENOMSG
a: landlock_add_rule(tmp, LANDLOCK_RULE_PATH_BENEATH, {LANDLOCK_ACCESS_FS_MAKE_DIR, tmp})   -> EBADF or EBADFD";
}

call! {
    /// Binds the calling thread, and its children to come, to a ruleset.
    fn landlock_restrict_self(ruleset_fd: Fd, flags: RestrictFlags = 0) -> () {
        // SAFETY: landlock_restrict_self(2) takes integers only.
        kernel(|| unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset_fd.0, flags.0) })?;
        Ok(())
    }
    const LANDLOCK_RESTRICT_SELF: "landlock_restrict_self(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EPERM: "neither no_new_privs nor CAP_SYS_ADMIN in the user namespace",
        EBADF: "not a descriptor of this process",
        EBADFD: "a descriptor of something else than a ruleset",
        EINVAL: "flags that are another call's, or that this kernel does not know",
        E2BIG: "16 rulesets bind the thread already",
    };
    example: "needs config SECURITY_LANDLOCK
a: rules = landlock_create_ruleset({handled_access_fs: LANDLOCK_ACCESS_FS_MAKE_DIR})
a: tmp = open(\"/tmp\", O_PATH)
a: landlock_add_rule(rules, LANDLOCK_RULE_PATH_BENEATH, {LANDLOCK_ACCESS_FS_MAKE_DIR, tmp})
a: landlock_restrict_self(rules)
a: mkdir(\"here\", 0o755)      -> EACCES
a: mkdir(\"/tmp/there\", 0o755)
a: write_file(\"note\", \"files are not handled\")";
}
