//! Signals at those who get them: caught, ignored, held back, waited for; see signal(7).

use super::argument::{Argument, Returned, Signals, Timeout};
use super::entry::{call, constants, structure};
use super::handler::{self, Disposition, bits, signals};
use super::kernel::{mask, set_mask};
use super::prepared::Later;
use super::siginfo::{SiCode, Siginfo};
use super::signal_stack::{SIGALTSTACK, Stack, StackFlags, StackSize};
use super::{Failure, Family, Refusal, kernel};
use crate::value::{Errno, Signal, Type, Value};

/// Signals.
pub static FAMILY: Family = Family {
    name: "signal",
    title: "Signals",
    summary: "A signal has an effect the moment it is let in: its default action, nothing (`SIG_IGN`), or a handler, in a script a \
        `do { … }` block, which the process runs by itself. While the mask holds it back it is pending; of several standard \
        signals of one kind one is kept, of real-time signals each. A handler that runs while a call blocks ends that call with EINTR, \
        unless it was installed with SA_RESTART and the call is one of those that go on by themselves.",
    calls: &[
        &SIGNAL,
        &SIGACTION,
        &SIGINTERRUPT,
        &SIGALTSTACK,
        &CAUGHT,
        &CAUGHT_CAUSES,
        &SIGPROCMASK,
        &PTHREAD_SIGMASK,
        &SIGPENDING,
        &SIGSUSPEND,
        &PAUSE,
        &SIGWAIT,
        &SIGWAITINFO,
        &SIGTIMEDWAIT,
    ],
    constants: &[&SpecialHandler::GROUP, &SaFlags::GROUP, &MaskHow::GROUP, &SiCode::GROUP, &StackFlags::GROUP, &StackSize::GROUP],
    structs: &[&Sigaction::STRUCTURE, &Siginfo::STRUCTURE, &Stack::STRUCTURE],
};

constants! {
    /// handlers that are none
    choice SpecialHandler(i64) {
        SIG_DFL, "the default action of the signal";
        SIG_IGN, "the signal has no effect";
    }
    /// flags of sigaction
    flags SaFlags(u32) {
        SA_NOCLDSTOP, "SIGCHLD: only for children that end, not for those that stop";
        SA_NOCLDWAIT, "SIGCHLD: children leave no zombies";
        SA_SIGINFO, "the handler gets a siginfo";
        SA_ONSTACK, "the handler runs on the alternate stack";
        SA_RESTART, "calls that can go on by themselves do so after the handler";
        SA_NODEFER, "the signal is not held back while its handler runs";
        SA_RESETHAND = 0x8000_0000_u32, "the handler is for one time; then the default action is back";
        SA_ONESHOT = 0x8000_0000_u32, "another name of SA_RESETHAND";
        SA_NOMASK = 0x4000_0000_u32, "another name of SA_NODEFER";
        SA_STACK = 0x0800_0000_u32, "another name of SA_ONSTACK";
        SA_INTERRUPT = 0x2000_0000_u32, "nothing any more: calls are interrupted where SA_RESTART is not set";
        SA_EXPOSE_TAGBITS = 0x800, "the siginfo keeps the tag bits of an address";
        SA_UNSUPPORTED = 0x400, "a flag that no kernel knows, to ask which it does";
    }
    /// ways to change the mask
    choice MaskHow(i32) {
        SIG_BLOCK, "hold these back as well";
        SIG_UNBLOCK, "let these in";
        SIG_SETMASK, "hold back these and no others";
    }
}

structure! {
    /// What a signal brings about. `sa_mask` is held back while the handler runs, besides the signal itself.
    Sigaction = "sigaction" { sa_handler: Disposition, sa_mask: Signals, sa_flags: SaFlags }
}

impl Argument for Disposition {
    const TYPE: Type = Type::Either(&[Type::Do, Type::Constants(&SpecialHandler::GROUP)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Null | Value::Int(0) => Ok(Self::Default),
            Value::Int(1) => Ok(Self::Ignore),
            Value::Do(_) => Later::take(value).map(Self::Calls),
            other => Err(Refusal::wanted("a block such as do { write(1, \"caught\") }, SIG_IGN or SIG_DFL", other)),
        }
    }
}

impl Returned for Disposition {
    const TYPE: Type = <Self as Argument>::TYPE;
    fn give(self) -> Value {
        match self {
            Self::Default => Value::Int(0),
            Self::Ignore => Value::Int(1),
            Self::Calls(calls) => calls.give(),
        }
    }
}

call! {
    /// Says what a signal brings about: calls, nothing (`SIG_IGN`), or its default action (`SIG_DFL`).
    ///
    /// As the C library has it: calls go on after the handler (SA_RESTART), and the signal is held back while its handler runs.
    ///
    /// Gives what it brought about before.
    fn signal(signum: Signal, handler: Disposition) -> Disposition {
        let old = handler::installed(signum)?.disposition;
        handler::install(signum, handler, bits(&[signum])?, libc::SA_RESTART.cast_unsigned())?;
        Ok(old)
    }
    const SIGNAL: "signal(2)";
    traits: [Local];
    blocks: "never";
    errors: { EINVAL: "no such signal, or SIGKILL or SIGSTOP, which nobody can catch or ignore" };
    example: "a: signal(SIGTERM, SIG_IGN) -> SIG_DFL
a: signal(SIGTERM, SIG_IGN) -> SIG_IGN
a: raise(SIGTERM)
a: signal(SIGKILL, SIG_IGN) -> EINVAL";
}

call! {
    /// Says what a signal brings about, with the signals to hold back meanwhile and with flags, and gives what it was before.
    ///
    /// With `act` NULL it only asks. The calls of a handler have their arguments already; what SA_SIGINFO tells a handler of C,
    /// `caught_causes` gives.
    fn sigaction(signum: Signal, act: Option<Sigaction> = 0) -> Sigaction {
        let old = handler::installed(signum)?;
        if let Some(act) = act {
            handler::install(signum, act.sa_handler, bits(&act.sa_mask.0)?, act.sa_flags.0)?;
        }
        Ok(Sigaction { sa_handler: old.disposition, sa_mask: Signals(signals(old.mask)), sa_flags: SaFlags(old.flags) })
    }
    const SIGACTION: "sigaction(2)";
    traits: [Local];
    blocks: "never";
    errors: { EINVAL: "no such signal, or SIGKILL or SIGSTOP, which nobody can catch or ignore" };
    example: "a: sigaction(SIGUSR1, {sa_handler: do { }, sa_flags: SA_RESETHAND})
a: raise(SIGUSR1)
a: caught()       -> [SIGUSR1]
a: sigaction(SIGUSR1, {SIG_IGN, [SIGTERM], SA_RESTART})
a: sigaction(SIGUSR1) -> {sa_handler: SIG_IGN, sa_mask: [SIGTERM], sa_flags: SA_RESTART}
a: sigaction(SIGUSR1, {sa_handler: do { }, sa_flags: SA_RESETHAND})
a: raise(SIGUSR1)
a: raise(SIGUSR1) -> dies SIGUSR1";
}

call! {
    /// Gives the signals that handlers of this actor took since it was last asked, in the order in which the handlers began.
    ///
    /// This is a word of the scripts, no call of the C library.
    fn caught() -> Signals {
        Ok(Signals(handler::take_caught()))
    }
    const CAUGHT: "";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: signal(SIGUSR1, do { })
a: signal(SIGUSR2, do { })
a: raise(SIGUSR2)
a: raise(SIGUSR1)
a: caught() -> [SIGUSR2, SIGUSR1]
a: caught() -> []";
}

call! {
    /// Gives what `caught` gives, with what the kernel told each handler: `{si_signo, si_code, si_pid, …}`.
    ///
    /// This is a word of the scripts for what a handler under SA_SIGINFO gets in C. Of more than 64 signals, the last 64 are known.
    fn caught_causes() -> Vec<Siginfo> {
        Ok(handler::take_causes())
    }
    const CAUGHT_CAUSES: "";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: {};
    example: "actor b
a: sigaction(SIGUSR1, {sa_handler: do { }, sa_flags: SA_SIGINFO})
b: kill(a, SIGUSR1)
b: sigqueue(a, SIGUSR1, 7)
a: caught_causes() -> [{si_code: SI_USER, si_pid: b}, {si_code: SI_QUEUE, si_pid: b, si_value: 7}]
a: caught_causes() -> []";
}

call! {
    /// Says whether calls go on after the handler of a signal: 0 sets SA_RESTART, and any other flag takes it away.
    fn siginterrupt(sig: Signal, flag: i32) -> () {
        let old = handler::installed(sig)?;
        let restart = libc::SA_RESTART.cast_unsigned();
        let flags = if flag == 0 { old.flags | restart } else { old.flags & !restart };
        handler::install(sig, old.disposition, old.mask, flags)
    }
    const SIGINTERRUPT: "siginterrupt(3)";
    traits: [Local];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "no signal has this number: below 0, or above 64" };
    example: "a: signal(SIGUSR1, do { })
a: siginterrupt(SIGUSR1, 1)
a: sigaction(SIGUSR1)        -> {sa_mask: [SIGUSR1], sa_flags: 0}";
}

call! {
    /// Changes which signals are held back, and gives the set that was held back before.
    ///
    /// A set of NULL changes nothing. SIGKILL and SIGSTOP cannot be held back, and are left out without an error.
    fn sigprocmask(how: MaskHow, set: Option<Signals> = 0) -> Signals {
        let change = set.map(|set| bits(&set.0)).transpose()?;
        let given = change.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        let mut old = 0u64;
        // What is let in by it takes effect before the call returns, so the real call is made even though the guard sets the mask anew.
        // SAFETY: rt_sigprocmask(2) reads and fills eight bytes each, which outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_rt_sigprocmask, how.0, given, &raw mut old, size_of::<u64>()) })?;
        if let Some(change) = change {
            set_mask(changed(mask(), how.0, change));
        }
        Ok(Signals(signals(old)))
    }
    const SIGPROCMASK: "sigprocmask(2)";
    traits: [];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "how is none of SIG_BLOCK, SIG_UNBLOCK and SIG_SETMASK, or the set names no signal" };
    example: "a: sigprocmask(SIG_BLOCK, [SIGUSR1, SIGKILL]) -> []
a: raise(SIGUSR1)
a: sigprocmask(SIG_SETMASK)                   -> [SIGUSR1]
a: signal(SIGUSR1, do { })
a: sigprocmask(SIG_UNBLOCK, [SIGUSR1])        -> [SIGUSR1]
a: caught()                                   -> [SIGUSR1]";
}

call! {
    /// Changes the mask of the calling thread, and gives what it was; the same as `sigprocmask`, which POSIX leaves open for threads.
    fn pthread_sigmask(how: MaskHow, set: Option<Signals> = 0) -> Signals {
        sigprocmask(how, set)
    }
    const PTHREAD_SIGMASK: "pthread_sigmask(3)";
    traits: [];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "how is none of SIG_BLOCK, SIG_UNBLOCK and SIG_SETMASK, or the set names no signal" };
    example: "a: signal(SIGUSR1, do { })
a: t = thread()
a: pthread_sigmask(SIG_BLOCK, [SIGUSR1])
a: kill(a, SIGUSR1)
t: caught()                 -> [SIGUSR1]     # the one whose mask lets it in";
}

call! {
    /// Gives the signals that were sent to the caller and are held back.
    fn sigpending() -> Signals {
        let mut set = 0u64;
        // SAFETY: rt_sigpending(2) fills eight bytes, which outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_rt_sigpending, &raw mut set, size_of::<u64>()) })?;
        Ok(Signals(signals(set)))
    }
    const SIGPENDING: "sigpending(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: raise(SIGUSR1)
a: sigpending() -> [SIGUSR1]";
}

call! {
    /// Puts another mask in place and waits for a signal, both at once; afterwards the old mask is back.
    fn sigsuspend(mask: Signals) -> () {
        let mask = bits(&mask.0)?;
        // SAFETY: rt_sigsuspend(2) reads eight bytes, which outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_rt_sigsuspend, &raw const mask, size_of::<u64>()) })?;
        Ok(())
    }
    const SIGSUSPEND: "sigsuspend(2)";
    traits: [];
    touches: [];
    blocks: "until a handler has run, or a signal ends the caller";
    errors: { EINTR: "a handler has run; the call never returns without an error" };
    example: "actor b
a: signal(SIGUSR1, do { })
a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: raise(SIGUSR1)
a: sigsuspend([])   -> EINTR
a: caught()         -> [SIGUSR1]
a: sigsuspend([])   -> blocks
b: kill(a, SIGUSR1)
a: resumes          -> EINTR";
}

call! {
    /// Waits for a signal that has a handler or ends the caller.
    fn pause() -> () {
        // SAFETY: pause(2) takes nothing.
        kernel(|| unsafe { libc::pause() })?;
        Ok(())
    }
    const PAUSE: "pause(2)";
    traits: [];
    touches: [];
    blocks: "until a handler has run, or a signal ends the caller";
    errors: { EINTR: "a handler has run; the call never returns without an error" };
    example: "actor b
a: signal(SIGUSR1, do { })
a: pause()          -> blocks
b: kill(a, SIGUSR1)
a: resumes          -> EINTR
a: caught()         -> [SIGUSR1]";
}

call! {
    /// Takes a pending signal of the set, or waits for one, and gives it; no handler runs for it.
    ///
    /// The signals should be held back beforehand.
    fn sigwait(set: Signals) -> Signal {
        let set = bits(&set.0)?;
        loop {
            match take_one(set, None) {
                // Other than its siblings, sigwait goes on waiting after a handler.
                Err(Failure::Errno(Errno::EINTR)) => {}
                other => return other.map(|info| info.si_signo),
            }
        }
    }
    const SIGWAIT: "sigwait(3)";
    traits: [Local];
    touches: [];
    blocks: "until a signal of the set is sent";
    errors: { EINVAL: "the set names no signal" };
    example: "a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: raise(SIGUSR1)
a: sigwait([SIGUSR1, SIGUSR2]) -> SIGUSR1
a: sigpending()                -> []";
}

call! {
    /// Takes a pending signal of the set, or waits for one, and gives it with its cause.
    fn sigwaitinfo(set: Signals) -> Siginfo {
        take_one(bits(&set.0)?, None)
    }
    const SIGWAITINFO: "sigwaitinfo(2)";
    traits: [Local];
    touches: [];
    blocks: "until a signal of the set is sent";
    errors: {
        EINTR: "a handler for another signal ran while the caller waited",
        EINVAL: "the set names no signal",
    };
    example: "actor b
a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: sigwaitinfo([SIGUSR1]) -> blocks
b: kill(a, SIGUSR1)
a: resumes                -> {si_signo: SIGUSR1, si_code: SI_USER, si_pid: b}";
}

call! {
    /// Like `sigwaitinfo`, and waits no longer than `timeout`; `0s` only looks.
    fn sigtimedwait(set: Signals, timeout: Timeout) -> Siginfo {
        take_one(bits(&set.0)?, timeout.timespec())
    }
    const SIGTIMEDWAIT: "sigtimedwait(2)";
    traits: [Local];
    touches: [];
    blocks: "until a signal of the set is sent, or the time is over";
    errors: {
        EAGAIN: "the time is over and no signal of the set was sent",
        EINTR: "a handler for another signal ran while the caller waited",
        EINVAL: "the set names no signal",
    };
    example: "a: sigprocmask(SIG_BLOCK, [SIGUSR1])
a: sigtimedwait([SIGUSR1], 10ms) -> EAGAIN
a: raise(SIGUSR1)
a: sigtimedwait([SIGUSR1], 0s)   -> {si_signo: SIGUSR1, si_code: SI_TKILL}";
}

fn take_one(set: u64, limit: Option<libc::timespec>) -> Result<Siginfo, Failure> {
    let mut info = Siginfo::blank();
    let limit = limit.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: rt_sigtimedwait(2) reads the set and the limit and fills `info`; all outlive the call.
    kernel(|| unsafe { libc::syscall(libc::SYS_rt_sigtimedwait, &raw const set, &raw mut info, limit, size_of::<u64>()) })?;
    Ok(Siginfo::read(&info))
}

/// The mask after sigprocmask(2), as the kernel computes it.
fn changed(mask: u64, how: i32, set: u64) -> u64 {
    let never = 1 << (libc::SIGKILL - 1) | 1 << (libc::SIGSTOP - 1);
    let mask = match how {
        libc::SIG_BLOCK => mask | set,
        libc::SIG_UNBLOCK => mask & !set,
        _ => set,
    };
    mask & !never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_changes_as_in_the_kernel() {
        assert_eq!(changed(0b0110, libc::SIG_BLOCK, 0b1010), 0b1110);
        assert_eq!(changed(0b0110, libc::SIG_UNBLOCK, 0b0010), 0b0100);
        assert_eq!(changed(0b0110, libc::SIG_SETMASK, 0b1000), 0b1000);
        assert_eq!(changed(0, libc::SIG_SETMASK, u64::MAX) >> (libc::SIGKILL - 1) & 1, 0);
        assert_eq!(changed(0, libc::SIG_BLOCK, 1 << (libc::SIGSTOP - 1)), 0);
    }
}
