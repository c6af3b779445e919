//! reboot(2), which inside a pid namespace ends that namespace and nothing else.

use super::entry::{call, constants};
use super::kernel::gate;
use super::{Argument, Failure, Family, Operation, kernel};
use crate::value::{Signal, Value};
use std::sync::atomic::{AtomicBool, Ordering};

/// Restart and power off.
pub static FAMILY: Family = Family {
    name: "reboot",
    title: "Restart and power off",
    summary: "In a pid namespace that a process has made, `reboot` ends the namespace: its init is killed, and all in it with it. Init's parent \
        learns from the signal which kind it was, and can start the container anew: SIGHUP stands for a restart, SIGINT for a halt. In a world this \
        is all that it can do.",
    calls: &[&REBOOT],
    constants: &[&RebootCommand::GROUP],
    structs: &[],
};

constants! {
    /// commands of reboot
    choice RebootCommand(u32) {
        RB_AUTOBOOT = 0x0123_4567_u32, "restart: init dies of SIGHUP";
        RB_HALT_SYSTEM = 0xcdef_0123_u32, "halt: init dies of SIGINT";
        RB_POWER_OFF = 0x4321_fedc_u32, "power off: init dies of SIGINT";
        RB_ENABLE_CAD = 0x89ab_cdef_u32, "let Ctrl-Alt-Delete restart the machine; EINVAL in a pid namespace";
        RB_DISABLE_CAD = 0_u32, "let Ctrl-Alt-Delete send SIGINT to init; EINVAL in a pid namespace";
        RB_KEXEC = 0x4558_4543_u32, "start the kernel that kexec_load has loaded; EINVAL in a pid namespace";
        RB_SW_SUSPEND = 0xd000_fce2_u32, "suspend to disk; EINVAL in a pid namespace";
        LINUX_REBOOT_CMD_RESTART = 0x0123_4567_u32, "the kernel's name of RB_AUTOBOOT";
        LINUX_REBOOT_CMD_RESTART2 = 0xa1b2_c3d4_u32, "restart with a string for the firmware, which a pid namespace ignores: init dies of SIGHUP";
        LINUX_REBOOT_CMD_HALT = 0xcdef_0123_u32, "the kernel's name of RB_HALT_SYSTEM";
        LINUX_REBOOT_CMD_POWER_OFF = 0x4321_fedc_u32, "the kernel's name of RB_POWER_OFF";
        LINUX_REBOOT_CMD_CAD_ON = 0x89ab_cdef_u32, "the kernel's name of RB_ENABLE_CAD";
        LINUX_REBOOT_CMD_CAD_OFF = 0_u32, "the kernel's name of RB_DISABLE_CAD";
        LINUX_REBOOT_CMD_KEXEC = 0x4558_4543_u32, "the kernel's name of RB_KEXEC";
        LINUX_REBOOT_CMD_SW_SUSPEND = 0xd000_fce2_u32, "the kernel's name of RB_SW_SUSPEND";
    }
}

/// Whether this process comes of the first process of a world.
static IN_A_WORLD: AtomicBool = AtomicBool::new(false);
/// Whether the coordinator has seen it in a pid namespace below that of its world.
static BELOW_THE_WORLD: AtomicBool = AtomicBool::new(false);

/// Says that this process has just been born by clone(2) with CLONE_NEWPID as the first of a world. Its pid then is 1, which is looked at, for what is
/// decided here keeps scripts from the machine: nobody can enter a pid namespace above their own (setns(2) gives EINVAL), so whatever this
/// process will ever fork is in the world's or further down.
pub fn born_in_a_pid_namespace() {
    IN_A_WORLD.store(gate(libc::SYS_getpid, [0; 6]) == 1, Ordering::Relaxed);
}

/// Says in how many pid namespaces the coordinator's own /proc has seen this process, its world's counted; 0 for not seen. A process cannot tell by
/// itself: the /proc that it finds may be a script's, and a pidfd knows its namespace only since Linux 6.11.
pub fn seen_in_pid_namespaces(depth: u32) {
    // Said at every step, and nearly always the same: what is written to is a page that a forked process must copy first.
    if BELOW_THE_WORLD.load(Ordering::Relaxed) != (depth > 1) {
        BELOW_THE_WORLD.store(depth > 1, Ordering::Relaxed);
    }
}

/// The signal of which init will have died, as its parent is told, if `operation` succeeds with `args`; `None` for what ends no pid namespace.
pub fn ends_init_by(operation: &Operation, args: &[Value]) -> Option<Signal> {
    if operation.name != REBOOT.name {
        return None;
    }
    match i32::from_ne_bytes(RebootCommand::take(args.first()?).ok()?.0.to_ne_bytes()) {
        libc::LINUX_REBOOT_CMD_RESTART | libc::LINUX_REBOOT_CMD_RESTART2 => Some(Signal(libc::SIGHUP)),
        libc::LINUX_REBOOT_CMD_HALT | libc::LINUX_REBOOT_CMD_POWER_OFF => Some(Signal(libc::SIGINT)),
        _ => None,
    }
}

call! {
    /// Restarts or powers off: in a pid namespace, kills its init.
    ///
    /// The call does not return: the caller ends, init itself or any other process that has CAP_SYS_BOOT. It cannot reach the machine.
    fn reboot(howto: RebootCommand) -> () {
        if !IN_A_WORLD.load(Ordering::Relaxed) {
            return Err(refused("here it would reach the machine"));
        }
        if !BELOW_THE_WORLD.load(Ordering::Relaxed) {
            return Err(refused("here it would end the world, and with it the scenario; make one by `init = clone(CLONE_NEWPID)`"));
        }
        // SAFETY: reboot(2) takes an integer here; in a pid namespace it can do no more than end that namespace.
        kernel(|| unsafe { libc::reboot(howto.0.cast_signed()) })?;
        Ok(())
    }
    const REBOOT: "reboot(2)";
    traits: [];
    blocks: "never";
    errors: {
        EINVAL: "a command that means nothing in a pid namespace: those for Ctrl-Alt-Delete, suspend and kexec; or an unknown one",
        EPERM: "no CAP_SYS_BOOT in the user namespace that owns the pid namespace",
    };
    example: "a: init = clone(CLONE_NEWPID)
init: reboot(RB_ENABLE_CAD) -> EINVAL
init: reboot(RB_AUTOBOOT)   -> dies SIGHUP
a: waitpid(init)            -> killed(SIGHUP)";
}

fn refused(why: &str) -> Failure {
    Failure::Refused(format!("`reboot` is for pid namespaces that a script has made: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    /// The command is one that no kernel knows, so that nothing comes of a mistake here.
    #[test]
    fn outside_of_a_world_the_call_is_refused() {
        assert!(matches!((REBOOT.run)(&[Value::from(7)]), Err(Failure::Refused(_))));
        born_in_a_pid_namespace();
        seen_in_pid_namespaces(2);
        assert!(matches!((REBOOT.run)(&[Value::from(7)]), Err(Failure::Refused(_))), "a test is not pid 1");
    }
}
