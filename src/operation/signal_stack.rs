//! The alternate stack, on which handlers run when the ordinary one cannot be trusted; see sigaltstack(2).

use super::argument::Address;
use super::entry::{call, constants, structure};
use super::kernel;
use std::ptr::{from_ref, null, with_exposed_provenance_mut};

constants! {
    /// flags of an alternate stack
    flags StackFlags(u32) {
        SS_ONSTACK, "given: the caller runs on it just now";
        SS_DISABLE, "there is none, or is to be none";
        SS_AUTODISARM = 1 << 31, "it is given up while a handler runs on it, and comes back afterwards";
    }
    /// sizes of an alternate stack
    choice StackSize(usize) {
        MINSIGSTKSZ, "less is refused; a handler needs more";
        SIGSTKSZ, "once the usual size; the handlers of a script need 64K";
    }
}

structure! {
    /// A stack: where its memory begins, its flags, and its size.
    Stack = "stack_t" { ss_sp: Address, ss_flags: StackFlags, ss_size: usize }
}

call! {
    /// Says on which memory handlers installed with SA_ONSTACK run, and gives what it was before.
    ///
    /// With `ss` NULL it only asks. A child inherits it at fork; execve does away with it.
    fn sigaltstack(ss: Option<Stack> = 0) -> Stack {
        let new = ss.map(|ss| libc::stack_t {
            ss_sp: with_exposed_provenance_mut(ss.ss_sp.0),
            ss_flags: ss.ss_flags.0.cast_signed(),
            ss_size: ss.ss_size,
        });
        let new = new.as_ref().map_or(null(), from_ref);
        let mut old = libc::stack_t { ss_sp: std::ptr::null_mut(), ss_flags: 0, ss_size: 0 };
        // SAFETY: sigaltstack(2) reads one stack_t, or none, and fills another; the memory between is used only when a handler runs.
        kernel(|| unsafe { libc::sigaltstack(new, &raw mut old) })?;
        Ok(Stack { ss_sp: Address(old.ss_sp.expose_provenance()), ss_flags: StackFlags(old.ss_flags.cast_unsigned()), ss_size: old.ss_size })
    }
    const SIGALTSTACK: "sigaltstack(2)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {
        EINVAL: "flags that are another call's, or that this kernel does not know",
        ENOMEM: "it is smaller than MINSIGSTKSZ, or than this processor's registers need",
        EPERM: "the caller runs on the alternate stack",
    };
    example: "a: sigaltstack()      -> {ss_flags: SS_DISABLE}
a: p = mmap(NULL, 64K, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
a: sigaltstack({ss_sp: p, ss_size: 64K})
a: sigaltstack()      -> {ss_sp: p, ss_flags: 0, ss_size: 64K}
a: sigaction(SIGUSR1, {sa_handler: do { }, sa_flags: SA_ONSTACK})
a: raise(SIGUSR1)
a: load(p + 60K, 1K)  -> != \"\\x00\" * 1K
a: sigaltstack({p, 0, 100}) -> ENOMEM";
}
