//! Timers read from a descriptor; see timerfd_create(2).

use super::argument::{Argument, Fd, Limit, Refusal, Returned, Timeout};
use super::entry::{call, constants, structure};
use super::time::{ClockId, Timespec};
use super::{Family, kernel};
use crate::value::{Type, Value};

/// Timers read from a descriptor.
pub static FAMILY: Family = Family {
    name: "timerfd",
    title: "Timers read from a descriptor",
    summary: "A timerfd counts how often its timer ran out; `read(fd, u64)` gives the number and sets it to 0, and waits while it is 0. \
        Whoever waits for an armed timer `sleeps`, for it ends by itself; whoever waits for one that is not armed `blocks`. Times are durations, also \
        those of an absolute timer: now is added.",
    calls: &[&TIMERFD_CREATE, &TIMERFD_SETTIME, &TIMERFD_GETTIME],
    constants: &[&TimerfdFlags::GROUP, &SettimeFlags::GROUP, &ClockId::GROUP],
    structs: &[&Itimerspec::STRUCTURE, &Timespec::STRUCTURE],
};

constants! {
    /// flags of timerfd_create
    flags TimerfdFlags(i32) {
        TFD_CLOEXEC, "execve closes the descriptor";
        TFD_NONBLOCK, "reading does not wait";
    }
    /// flags of timerfd_settime
    flags SettimeFlags(i32) {
        TFD_TIMER_ABSTIME, "until a point in time; in a script now is added to the duration";
        TFD_TIMER_CANCEL_ON_SET, "reading fails with ECANCELED when somebody sets the clock";
    }
}

/// A time: written as a duration or as seconds, given as a timespec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time(pub libc::timespec);

structure! {
    /// When a timer runs out for the first time, and how often after that; 0 for never.
    Itimerspec = "itimerspec" { it_interval: Time, it_value: Time }
}

impl Argument for Time {
    const TYPE: Type = Type::Either(&[Type::Timeout, Type::Struct(&Timespec::STRUCTURE)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        if let Value::Record(_) = value {
            let Timespec { tv_sec, tv_nsec } = Timespec::take(value)?;
            return Ok(Self(libc::timespec { tv_sec, tv_nsec }));
        }
        Ok(Self(match Timeout::take(value)?.0 {
            None => libc::timespec { tv_sec: 0, tv_nsec: 0 },
            Some(Limit::Units(tv_sec)) => libc::timespec { tv_sec, tv_nsec: 0 },
            some => Timeout(some).timespec().unwrap_or(libc::timespec { tv_sec: 0, tv_nsec: 0 }),
        }))
    }
}

impl Returned for Time {
    const TYPE: Type = Type::Struct(&Timespec::STRUCTURE);
    fn give(self) -> Value {
        Timespec { tv_sec: self.0.tv_sec, tv_nsec: self.0.tv_nsec }.give()
    }
}

call! {
    /// Makes a timer that is not armed, and gives its descriptor.
    fn timerfd_create(clockid: ClockId, flags: TimerfdFlags = 0) -> Fd {
        // SAFETY: timerfd_create(2) takes integers only.
        Ok(kernel(|| unsafe { libc::timerfd_create(clockid.0, flags.0) }).map(Fd)?)
    }
    const TIMERFD_CREATE: "timerfd_create(2)";
    traits: [Local];
    touches: [];
    blocks: "never; reading it does until the timer runs out";
    errors: {
        EINVAL: "a clock that timers do not know, or an unknown flag",
        EPERM: "CLOCK_REALTIME_ALARM or CLOCK_BOOTTIME_ALARM without CAP_WAKE_ALARM",
        EMFILE: "the process has as many descriptors as RLIMIT_NOFILE allows",
        ENFILE: "the machine has as many open files as it can hold",
        ENODEV: "the kernel could not mount its anonymous file system",
        ENOMEM: "no memory for another timer",
    };
    example: "a: t = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)
a: read(t, u64)                          -> EAGAIN
a: timerfd_create(CLOCK_MONOTONIC_COARSE) -> EINVAL";
}

call! {
    /// Arms a timer, or with `it_value` 0 calls it off; gives what was left, as `timerfd_gettime` would have.
    fn timerfd_settime(fd: Fd, flags: SettimeFlags, new_value: Itimerspec) -> Itimerspec {
        let absolute = flags.0 & libc::TFD_TIMER_ABSTIME != 0;
        let value = if absolute { from_now(fd, new_value.it_value.0) } else { new_value.it_value.0 };
        let new = libc::itimerspec { it_interval: new_value.it_interval.0, it_value: value };
        let mut old = blank();
        // SAFETY: timerfd_settime(2) reads one struct itimerspec and fills another; both outlive the call.
        kernel(|| unsafe { libc::timerfd_settime(fd.0, flags.0, &raw const new, &raw mut old) })?;
        Ok(Itimerspec { it_interval: Time(old.it_interval), it_value: Time(old.it_value) })
    }
    const TIMERFD_SETTIME: "timerfd_settime(2)";
    traits: [Wakes, Arms];
    touches: [writes descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "no timer, an unknown flag, a negative time, or a billion nanoseconds and more",
        ECANCELED: "TFD_TIMER_CANCEL_ON_SET, and the clock was set since",
    };
    example: "a: t = timerfd_create(CLOCK_MONOTONIC)
a: timerfd_settime(t, 0, {it_value: 300ms})
a: read(t, u64)                             -> sleeps
a: resumes                                  -> 1
a: timerfd_settime(t, TFD_TIMER_ABSTIME, {it_interval: 10ms, it_value: 10ms})
a: read(t, u64)                             -> >= 1
a: timerfd_settime(t, 0, {it_value: 0})     -> {it_interval: {tv_nsec: 10000000}}
a: timerfd_gettime(t)                       -> {it_value: {tv_sec: 0, tv_nsec: 0}}";
}

call! {
    /// Gives how long it is until a timer runs out, and how often it does after that.
    fn timerfd_gettime(fd: Fd) -> Itimerspec {
        let mut value = blank();
        // SAFETY: timerfd_gettime(2) fills a struct itimerspec, which outlives the call.
        kernel(|| unsafe { libc::timerfd_gettime(fd.0, &raw mut value) })?;
        Ok(Itimerspec { it_interval: Time(value.it_interval), it_value: Time(value.it_value) })
    }
    const TIMERFD_GETTIME: "timerfd_gettime(2)";
    traits: [Local, ReadOnly];
    touches: [reads descriptor(fd)];
    blocks: "never";
    errors: {
        EBADF: "not a descriptor of this process",
        EINVAL: "the descriptor is of something else than a timer",
    };
    example: "a: t = timerfd_create(CLOCK_BOOTTIME)
a: timerfd_gettime(t) -> {it_value: {tv_sec: 0, tv_nsec: 0}}
a: timerfd_settime(t, 0, {it_value: 1000s})
a: timerfd_gettime(t) -> {it_value: {tv_sec: 900..1000}}";
}

fn blank() -> libc::itimerspec {
    let zero = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    libc::itimerspec { it_interval: zero, it_value: zero }
}

/// The time on the timer's own clock, which its line in /proc tells; 0 stays 0, which calls a timer off.
fn from_now(fd: Fd, time: libc::timespec) -> libc::timespec {
    if time.tv_sec == 0 && time.tv_nsec == 0 {
        return time;
    }
    let info = std::fs::read_to_string(format!("/proc/thread-self/fdinfo/{}", fd.0)).unwrap_or_default();
    let clock = info.lines().find_map(|line| line.strip_prefix("clockid:")).and_then(|clock| clock.trim().parse().ok());
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime(2) fills a local variable.
    unsafe { libc::clock_gettime(clock.unwrap_or(libc::CLOCK_MONOTONIC), &raw mut now) };
    let nanoseconds = now.tv_nsec.saturating_add(time.tv_nsec);
    libc::timespec {
        tv_sec: now.tv_sec.saturating_add(time.tv_sec).saturating_add(nanoseconds / 1_000_000_000),
        tv_nsec: nanoseconds % 1_000_000_000,
    }
}
