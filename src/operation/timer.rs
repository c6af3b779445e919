//! Timers that send a signal when they run out; see setitimer(2), timer_create(2).

use super::argument::{Argument, Refusal, Returned, number};
use super::entry::{call, constants, structure};
use super::posix_mq::{NotifyKind, Sigevent, event};
use super::time::{ClockId, TimerFlags, Timespec, Timeval};
use super::{Family, kernel};
use crate::value::{Type, Value};
use std::ptr::{from_ref, null};
use std::sync::{Mutex, PoisonError};

/// Timers.
pub static FAMILY: Family = Family {
    name: "timer",
    title: "Timers that send signals",
    summary: "An interval timer of `setitimer` counts real time, or the processor time of its process, and sends SIGALRM, SIGVTALRM or SIGPROF; \
        `alarm` sets the one of real time. A POSIX timer counts any clock and sends any signal, with a value. None is inherited at fork; those \
        of `setitimer` survive execve. When a call waits while a timer of its process runs, it has a time limit of its own: its step awaits the \
        end, unless it says `-> sleeps`. Times are durations, or records of C.",
    calls: &[&ALARM, &SETITIMER, &GETITIMER, &TIMER_CREATE, &TIMER_SETTIME, &TIMER_GETTIME, &TIMER_GETOVERRUN, &TIMER_DELETE],
    constants: &[&IntervalTimer::GROUP, &ClockId::GROUP, &TimerFlags::GROUP, &NotifyKind::GROUP],
    structs: &[&Itimerval::STRUCTURE, &Itimerspec::STRUCTURE, &Sigevent::STRUCTURE, &Timeval::STRUCTURE, &Timespec::STRUCTURE],
};

constants! {
    /// interval timers
    choice IntervalTimer(i32) {
        ITIMER_REAL, "real time; SIGALRM";
        ITIMER_VIRTUAL, "the processor time that the process spends in its own code; SIGVTALRM";
        ITIMER_PROF, "all processor time of the process; SIGPROF";
    }
}

number! {
    /// A POSIX timer.
    Timer(i32): Type::Handle("timer");
}

/// A time in a struct: `20ms`, or seconds and a part of a second as C has them, which the kernel judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<const PARTS: i64> {
    seconds: i64,
    part: i64,
}

/// With microseconds, as in a struct timeval.
type Micro = Span<1_000_000>;
/// With nanoseconds, as in a struct timespec.
type Nano = Span<1_000_000_000>;

structure! {
    /// When an interval timer runs out next, and how long it runs after that; 0 for never again.
    Itimerval = "itimerval" { it_interval: Micro, it_value: Micro }
    /// When a POSIX timer runs out next, and how long it runs after that; 0 for never again.
    Itimerspec = "itimerspec" { it_interval: Nano, it_value: Nano }
}

call! {
    /// Has SIGALRM sent to the caller after some seconds; 0 calls it off. Gives how many seconds were left of the last one.
    fn alarm(seconds: u32) -> i64 {
        // SAFETY: alarm(2) takes an integer.
        Ok(kernel(|| i64::from(unsafe { libc::alarm(seconds) }))?)
    }
    const ALARM: "alarm(2)";
    traits: [Local, Alarms];
    touches: [writes beyond];
    blocks: "never";
    errors: {};
    example: "a: alarm(100) -> 0
a: alarm(0)   -> 90..100";
}

call! {
    /// Sets an interval timer, and gives what it was before; a time of 0 calls it off.
    fn setitimer(which: IntervalTimer, new_value: Itimerval) -> Itimerval {
        let new = libc::itimerval { it_interval: new_value.it_interval.micro(), it_value: new_value.it_value.micro() };
        let mut old = libc::itimerval { it_interval: Micro::ZERO.micro(), it_value: Micro::ZERO.micro() };
        // SAFETY: setitimer(2) reads `new` and fills `old`; both outlive the call.
        kernel(|| unsafe { libc::setitimer(which.0.cast_unsigned() as _, &raw const new, &raw mut old) })?;
        Ok(Itimerval { it_interval: Micro::of(old.it_interval), it_value: Micro::of(old.it_value) })
    }
    const SETITIMER: "setitimer(2)";
    traits: [Local, Alarms];
    touches: [writes beyond];
    blocks: "never";
    errors: { EINVAL: "no such timer, or microseconds that are none" };
    example: "a: sigprocmask(SIG_BLOCK, [SIGALRM])
a: setitimer(ITIMER_REAL, {it_value: 10ms})
a: sigwaitinfo([SIGALRM])                   -> {si_signo: SIGALRM, si_code: SI_KERNEL}
a: getitimer(ITIMER_REAL)                   -> {it_value: {tv_sec: 0, tv_usec: 0}}
a: setitimer(ITIMER_REAL, {{0, 0}, {0, 1000000}}) -> EINVAL";
}

call! {
    /// Gives how long an interval timer still runs, and its interval.
    fn getitimer(which: IntervalTimer) -> Itimerval {
        let mut now = libc::itimerval { it_interval: Micro::ZERO.micro(), it_value: Micro::ZERO.micro() };
        // SAFETY: getitimer(2) fills `now`, which outlives the call.
        kernel(|| unsafe { libc::getitimer(which.0.cast_unsigned() as _, &raw mut now) })?;
        Ok(Itimerval { it_interval: Micro::of(now.it_interval), it_value: Micro::of(now.it_value) })
    }
    const GETITIMER: "getitimer(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "the process has no such timer: it was deleted, or the parent has made it, whose timers a child does not inherit" };
    example: "a: setitimer(ITIMER_VIRTUAL, {100s, 1000s})
a: getitimer(ITIMER_VIRTUAL)                -> {it_interval: {tv_sec: 100}, it_value: {tv_sec: 900..1000}}
a: child = fork()
child: getitimer(ITIMER_VIRTUAL)            -> {it_value: {tv_sec: 0, tv_usec: 0}}";
}

call! {
    /// Makes a timer that counts a clock; it does not run yet.
    ///
    /// Without a sigevent it sends SIGALRM, with the timer's own number as the value.
    fn timer_create(clockid: ClockId, sevp: Option<Sigevent> = 0) -> Timer {
        let event = sevp.map(event).transpose()?;
        let event = event.as_ref().map_or(null(), from_ref);
        let mut timer = 0i32;
        // The kernel's own number, which is also what the signal carries; the C library would hide it behind a pointer.
        // SAFETY: timer_create(2) reads a sigevent, or none, and fills an int; all outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_timer_create, clockid.0, event, &raw mut timer) })?;
        clocks().push((timer, clockid.0));
        Ok(Timer(timer))
    }
    const TIMER_CREATE: "timer_create(2)";
    traits: [Local];
    blocks: "never";
    errors: {
        EINVAL: "no such clock, no such signal, or an unknown sigev_notify",
        EAGAIN: "no memory for it, or RLIMIT_SIGPENDING is reached: each timer has its signal reserved",
        ENOMEM: "no memory for it",
        EOPNOTSUPP: "the clock has no timers",
        EPERM: "CLOCK_REALTIME_ALARM or CLOCK_BOOTTIME_ALARM without CAP_WAKE_ALARM",
    };
    example: "a: sigprocmask(SIG_BLOCK, [SIGRTMIN])
a: t = timer_create(CLOCK_MONOTONIC, {SIGEV_SIGNAL, SIGRTMIN, 7})
a: timer_settime(t, 0, {it_value: 10ms})
a: sigwaitinfo([SIGRTMIN])                  -> {si_code: SI_TIMER, si_value: 7, si_overrun: 0}
a: timer_create(CLOCK_MONOTONIC_RAW)        -> EOPNOTSUPP";
}

call! {
    /// Sets a timer, and gives what it was before; a time of 0 calls it off.
    ///
    /// Under TIMER_ABSTIME C takes a point in time: to a duration, now is added, as the timer's clock shows it.
    fn timer_settime(timerid: Timer, flags: TimerFlags, new_value: Itimerspec) -> Itimerspec {
        let mut value = new_value.it_value;
        if flags.0 & libc::TIMER_ABSTIME != 0 && new_value.it_value != Nano::ZERO {
            let clock = clocks().iter().find(|(timer, _)| *timer == timerid.0).map_or(libc::CLOCK_MONOTONIC, |(_, clock)| *clock);
            value = value.counted_from_now(clock);
        }
        let new = libc::itimerspec { it_interval: new_value.it_interval.nano(), it_value: value.nano() };
        let mut old = libc::itimerspec { it_interval: Nano::ZERO.nano(), it_value: Nano::ZERO.nano() };
        // SAFETY: timer_settime(2) reads `new` and fills `old`; both outlive the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_timer_settime, timerid.0, flags.0, &raw const new, &raw mut old) })?;
        Ok(Itimerspec { it_interval: Nano::of(old.it_interval), it_value: Nano::of(old.it_value) })
    }
    const TIMER_SETTIME: "timer_settime(2)";
    traits: [Local, Alarms];
    touches: [writes beyond];
    blocks: "never";
    errors: { EINVAL: "no such timer of this process, unknown flags, or nanoseconds that are none" };
    example: "a: sigprocmask(SIG_BLOCK, [SIGALRM])
a: t = timer_create(CLOCK_REALTIME)
a: timer_settime(t, TIMER_ABSTIME, {it_value: 10ms}) -> {it_value: {0, 0}}
a: sigwaitinfo([SIGALRM])                            -> {si_code: SI_TIMER}
a: timer_settime(t, 0, {{0, 0}, {0, -1}})            -> EINVAL";
}

call! {
    /// Gives how long a timer still runs, and its interval.
    fn timer_gettime(timerid: Timer) -> Itimerspec {
        let mut now = libc::itimerspec { it_interval: Nano::ZERO.nano(), it_value: Nano::ZERO.nano() };
        // SAFETY: timer_gettime(2) fills `now`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_timer_gettime, timerid.0, &raw mut now) })?;
        Ok(Itimerspec { it_interval: Nano::of(now.it_interval), it_value: Nano::of(now.it_value) })
    }
    const TIMER_GETTIME: "timer_gettime(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "no such timer of this process" };
    example: "a: t = timer_create(CLOCK_MONOTONIC, {SIGEV_NONE})
a: timer_settime(t, 0, {100s, 1000s})
a: timer_gettime(t)                         -> {it_interval: {tv_sec: 100}, it_value: {tv_sec: 900..1000}}
a: child = fork()
child: timer_gettime(t)                     -> EINVAL";
}

call! {
    /// Gives how often the timer ran out again while its last signal was still pending.
    ///
    /// Of one timer at most one signal is pending; what it missed is counted, and `sigwaitinfo` gives it as `si_overrun`, too.
    fn timer_getoverrun(timerid: Timer) -> i64 {
        // SAFETY: timer_getoverrun(2) takes an integer.
        Ok(kernel(|| unsafe { libc::syscall(libc::SYS_timer_getoverrun, timerid.0) })?)
    }
    const TIMER_GETOVERRUN: "timer_getoverrun(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "no such timer of this process" };
    example: "a: sigprocmask(SIG_BLOCK, [SIGALRM])
a: t = timer_create(CLOCK_MONOTONIC)
a: timer_settime(t, 0, {1ms, 1ms})
a: nanosleep(20ms)
a: sigwaitinfo([SIGALRM])  -> {si_overrun: > 9}
a: timer_getoverrun(t)     -> > 9";
}

call! {
    /// Removes a timer; a signal of it that is pending is gone, too.
    fn timer_delete(timerid: Timer) -> () {
        // SAFETY: timer_delete(2) takes an integer.
        kernel(|| unsafe { libc::syscall(libc::SYS_timer_delete, timerid.0) })?;
        clocks().retain(|(timer, _)| *timer != timerid.0);
        Ok(())
    }
    const TIMER_DELETE: "timer_delete(2)";
    traits: [Local];
    blocks: "never";
    errors: { EINVAL: "no such timer of this process" };
    example: "a: t = timer_create(CLOCK_MONOTONIC)
a: timer_delete(t)
a: timer_delete(t)  -> EINVAL";
}

/// The timers of this process with their clocks: only who made a timer knows what it counts.
fn clocks() -> std::sync::MutexGuard<'static, Vec<(i32, i32)>> {
    static CLOCKS: Mutex<Vec<(i32, i32)>> = Mutex::new(Vec::new());
    CLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<const PARTS: i64> Span<PARTS> {
    const ZERO: Self = Self { seconds: 0, part: 0 };
    const FIELDS: [&str; 2] = ["tv_sec", if PARTS == 1_000_000 { "tv_usec" } else { "tv_nsec" }];
    const STRUCTURE: &crate::value::Structure = if PARTS == 1_000_000 { &Timeval::STRUCTURE } else { &Timespec::STRUCTURE };
}

impl Micro {
    fn of(raw: libc::timeval) -> Self {
        Self { seconds: raw.tv_sec, part: raw.tv_usec }
    }

    fn micro(self) -> libc::timeval {
        libc::timeval { tv_sec: self.seconds, tv_usec: self.part }
    }
}

impl Nano {
    fn of(raw: libc::timespec) -> Self {
        Self { seconds: raw.tv_sec, part: raw.tv_nsec }
    }

    fn nano(self) -> libc::timespec {
        libc::timespec { tv_sec: self.seconds, tv_nsec: self.part }
    }

    /// So long from now on, as `clock` shows it.
    fn counted_from_now(self, clock: libc::clockid_t) -> Self {
        let mut now = Self::ZERO.nano();
        // SAFETY: clock_gettime(2) fills a local variable.
        unsafe { libc::clock_gettime(clock, &raw mut now) };
        let part = now.tv_nsec.saturating_add(self.part);
        Self { seconds: now.tv_sec.saturating_add(self.seconds).saturating_add(part / 1_000_000_000), part: part % 1_000_000_000 }
    }
}

impl<const PARTS: i64> Argument for Span<PARTS> {
    const TYPE: Type = Type::Either(&[Type::Timeout, Type::Struct(Self::STRUCTURE)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            // Rounded up: a short time is not to become none.
            Value::Duration(nanoseconds) => {
                let parts = i64::try_from(nanoseconds.div_ceil((1_000_000_000 / PARTS).cast_unsigned())).unwrap_or(i64::MAX);
                Ok(Self { seconds: parts / PARTS, part: parts % PARTS })
            }
            Value::Null => Ok(Self::ZERO),
            Value::Int(_) => Ok(Self { seconds: super::argument::integer(value)?, part: 0 }),
            Value::Record(_) => {
                let fields = super::argument::fields(Self::STRUCTURE, value)?;
                match fields.as_slice() {
                    [seconds, part] => {
                        Ok(Self { seconds: super::argument::integer(seconds)?, part: super::argument::integer(part)? })
                    }
                    _ => Ok(Self::ZERO),
                }
            }
            other => Err(Refusal::wanted("a duration such as 20ms", other)),
        }
    }
}

impl<const PARTS: i64> Returned for Span<PARTS> {
    const TYPE: Type = Type::Struct(Self::STRUCTURE);
    fn give(self) -> Value {
        let [seconds, part] = Self::FIELDS;
        Value::record([(seconds, Value::from(self.seconds)), (part, Value::from(self.part))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_becomes_the_parts_of_c() {
        let micro = Micro::take(&Value::Duration(1_500_000_001)).expect("a duration");
        assert_eq!((micro.seconds, micro.part), (1, 500_001));
        let nano = Nano::take(&Value::Duration(1_500_000_001)).expect("a duration");
        assert_eq!((nano.seconds, nano.part), (1, 500_000_001));
    }

    #[test]
    fn a_record_is_handed_on_as_it_is() {
        let written = Value::Record(vec![(String::new(), Value::Int(0)), (String::new(), Value::Int(-1))]);
        let nano = Nano::take(&written).expect("two numbers");
        assert_eq!((nano.seconds, nano.part), (0, -1));
    }
}
