//! Time: clocks and sleeping; see time(7).

use super::argument::{Pid, Timeout};
use super::entry::{call, constants, structure};
use super::{Failure, Family, Limit, Refusal, kernel};
use crate::value::Errno;
use std::ptr::null_mut;

/// Time.
pub static FAMILY: Family = Family {
    name: "time",
    title: "Time",
    summary: "A call that sleeps ends by itself: its step awaits the end, unless it says `-> sleeps`. Scenarios seldom need it, for that \
        somebody waits is an outcome of its own.",
    calls: &[
        &CLOCK_GETTIME,
        &CLOCK_SETTIME,
        &CLOCK_GETRES,
        &CLOCK_GETCPUCLOCKID,
        &GETTIMEOFDAY,
        &TIME,
        &NANOSLEEP,
        &CLOCK_NANOSLEEP,
        &SLEEP,
        &USLEEP,
    ],
    constants: &[&ClockId::GROUP, &TimerFlags::GROUP],
    structs: &[&Timespec::STRUCTURE, &Timeval::STRUCTURE],
};

constants! {
    /// clocks
    choice ClockId(i32) {
        CLOCK_REALTIME, "the time of day, since 1970; can be set";
        CLOCK_MONOTONIC, "since some point in the past, without the time that the machine was suspended";
        CLOCK_PROCESS_CPUTIME_ID, "the processor time that the process has used";
        CLOCK_THREAD_CPUTIME_ID, "the processor time that the thread has used";
        CLOCK_MONOTONIC_RAW, "like CLOCK_MONOTONIC, without corrections";
        CLOCK_REALTIME_COARSE, "like CLOCK_REALTIME, as of the last tick";
        CLOCK_MONOTONIC_COARSE, "like CLOCK_MONOTONIC, as of the last tick";
        CLOCK_BOOTTIME, "like CLOCK_MONOTONIC, with the time that the machine was suspended";
        CLOCK_REALTIME_ALARM, "like CLOCK_REALTIME; a timer wakes the machine";
        CLOCK_BOOTTIME_ALARM, "like CLOCK_BOOTTIME; a timer wakes the machine";
        CLOCK_TAI, "international atomic time";
    }
    /// flags of clock_nanosleep
    flags TimerFlags(i32) {
        TIMER_ABSTIME, "until a point in time; in a script now is added to the duration";
    }
}

structure! {
    /// Seconds and nanoseconds.
    Timespec = "timespec" { tv_sec: i64, tv_nsec: i64 }
    /// Seconds and microseconds.
    Timeval = "timeval" { tv_sec: i64, tv_usec: i64 }
}

impl Timespec {
    /// As the kernel filled it.
    pub fn read(raw: libc::timespec) -> Self {
        Self { tv_sec: raw.tv_sec, tv_nsec: raw.tv_nsec }
    }
}

impl Timeval {
    /// As the kernel filled it.
    pub fn read(raw: libc::timeval) -> Self {
        Self { tv_sec: raw.tv_sec, tv_usec: raw.tv_usec }
    }
}

call! {
    /// Gives what a clock shows.
    fn clock_gettime(clockid: ClockId) -> Timespec {
        let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: clock_gettime(2) fills `now`, which outlives the call.
        kernel(|| unsafe { libc::clock_gettime(clockid.0, &raw mut now) })?;
        Ok(Timespec::read(now))
    }
    const CLOCK_GETTIME: "clock_gettime(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "no such clock" };
    example: "a: t1 = clock_gettime(CLOCK_MONOTONIC)
a: nanosleep(10ms)
a: t2 = clock_gettime(CLOCK_MONOTONIC)
expect (t2.tv_sec - t1.tv_sec) * 1000000000 + t2.tv_nsec - t1.tv_nsec -> > 9999999";
}

call! {
    /// Sets a clock: only CLOCK_REALTIME can be, and only with CAP_SYS_TIME in the initial user namespace.
    fn clock_settime(clockid: ClockId, tp: Timespec) -> () {
        let time = libc::timespec { tv_sec: tp.tv_sec, tv_nsec: tp.tv_nsec };
        // SAFETY: clock_settime(2) reads `time`, which outlives the call.
        kernel(|| unsafe { libc::clock_settime(clockid.0, &raw const time) })?;
        Ok(())
    }
    const CLOCK_SETTIME: "clock_settime(2)";
    traits: [];
    blocks: "never";
    errors: {
        EPERM: "no CAP_SYS_TIME in the initial user namespace, which no namespace of a world gives",
        EINVAL: "no such clock, one that cannot be set, nanoseconds that are none, or a negative time",
        EFAULT: "an address that is none",
    };
    example: "a: clock_settime(CLOCK_REALTIME, {0, 0})  -> EPERM
a: clock_settime(CLOCK_MONOTONIC, {0, 0}) -> EINVAL";
}

call! {
    /// Gives how fine a clock is.
    fn clock_getres(clockid: ClockId) -> Timespec {
        let mut step = ZERO;
        // SAFETY: clock_getres(2) fills `step`, which outlives the call.
        kernel(|| unsafe { libc::clock_getres(clockid.0, &raw mut step) })?;
        Ok(Timespec::read(step))
    }
    const CLOCK_GETRES: "clock_getres(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: { EINVAL: "no such clock" };
    example: "a: clock_getres(CLOCK_MONOTONIC) -> {tv_sec: 0, tv_nsec: > 0}
a: clock_getres(99)              -> EINVAL";
}

call! {
    /// Gives the clock of the processor time of a process, for `clock_gettime`; 0 stands for the caller.
    fn clock_getcpuclockid(pid: Pid) -> i32 {
        let mut clock = 0;
        // The C library gives the error as the result.
        // SAFETY: clock_getcpuclockid(3) fills `clock`, which outlives the call.
        match kernel(|| unsafe { libc::clock_getcpuclockid(pid.0, &raw mut clock) })? {
            0 => Ok(clock),
            error => Err(Failure::Errno(Errno(error))),
        }
    }
    const CLOCK_GETCPUCLOCKID: "clock_getcpuclockid(3)";
    traits: [Local, ReadOnly];
    touches: [reads process(pid)];
    blocks: "never";
    errors: {
        ESRCH: "the caller's pid namespace has no such process: it never had, or the parent has waited for it",
        EPERM: "the caller may not read the clock of that process",
        ENOSYS: "the kernel does not keep such clocks",
    };
    example: "a: child = fork()
a: clock = clock_getcpuclockid(child)
a: clock_gettime(clock)             -> {tv_sec: 0}
a: clock_getcpuclockid(4000000)     -> ESRCH";
}

call! {
    /// Gives the time of day in seconds since 1970, and microseconds.
    fn gettimeofday() -> Timeval {
        let mut now = libc::timeval { tv_sec: 0, tv_usec: 0 };
        // SAFETY: gettimeofday(2) fills `now`, which outlives the call; the time zone is not asked for.
        kernel(|| unsafe { libc::gettimeofday(&raw mut now, null_mut()) })?;
        Ok(Timeval::read(now))
    }
    const GETTIMEOFDAY: "gettimeofday(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: gettimeofday() -> {tv_sec: > 1000000000, tv_usec: 0..999999}";
}

call! {
    /// Gives the seconds since the beginning of 1970.
    fn time() -> i64 {
        // SAFETY: time(2) takes a pointer that may be NULL.
        Ok(kernel(|| unsafe { libc::time(null_mut()) })?)
    }
    const TIME: "time(2)";
    traits: [Local, ReadOnly];
    touches: [];
    blocks: "never";
    errors: {};
    example: "a: before = time()
a: t = clock_gettime(CLOCK_REALTIME)
expect t.tv_sec - before -> 0..10";
}

call! {
    /// Sleeps for a while.
    fn nanosleep(duration: Timeout) -> () {
        let duration = duration.timespec().unwrap_or(ZERO);
        // SAFETY: nanosleep(2) reads `duration`, which outlives the call.
        kernel(|| unsafe { libc::nanosleep(&raw const duration, null_mut()) })?;
        Ok(())
    }
    const NANOSLEEP: "nanosleep(2)";
    traits: [Local];
    touches: [];
    blocks: "until the time is over";
    errors: {
        EINTR: "a handler ran; SA_RESTART makes no difference",
        EINVAL: "a negative time",
    };
    example: "actor b
a: signal(SIGUSR1, do { })
a: nanosleep(1000s)  -> sleeps
b: kill(a, SIGUSR1)
a: resumes           -> EINTR";
}

call! {
    /// Sleeps for a while, or until a point in time, as a clock shows it.
    fn clock_nanosleep(clockid: ClockId, flags: TimerFlags, duration: Timeout) -> () {
        let until = if flags.0 & libc::TIMER_ABSTIME == 0 { duration.timespec() } else { duration.deadline(clockid.0) };
        let until = until.unwrap_or(ZERO);
        // The C library gives the error as the result, the system call in errno.
        // SAFETY: clock_nanosleep(2) reads `until`, which outlives the call.
        kernel(|| unsafe { libc::syscall(libc::SYS_clock_nanosleep, clockid.0, flags.0, &raw const until, 0usize) })?;
        Ok(())
    }
    const CLOCK_NANOSLEEP: "clock_nanosleep(2)";
    traits: [Local];
    touches: [];
    blocks: "until the time is over";
    errors: {
        EINTR: "a handler ran; SA_RESTART makes no difference",
        EINVAL: "no such clock, or one that cannot be slept on",
        EOPNOTSUPP: "the clock cannot be slept on",
    };
    example: "a: clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, 10ms)";
}

call! {
    /// Sleeps for some seconds, and gives how many were left when a handler ended it.
    fn sleep(seconds: Timeout) -> i64 {
        let seconds = match seconds.0 {
            None => 0,
            Some(Limit::Units(seconds)) => seconds,
            Some(Limit::Nanoseconds(nanoseconds)) if nanoseconds % 1_000_000_000 == 0 => (nanoseconds / 1_000_000_000).cast_signed(),
            Some(Limit::Nanoseconds(_)) => return Err(Refusal("`sleep` takes whole seconds; `nanosleep(20ms)` takes less".into()).into()),
        };
        let seconds = u32::try_from(seconds).map_err(|_| Refusal("the seconds do not fit the type that C has there".into()))?;
        // SAFETY: sleep(3) takes an integer.
        Ok(kernel(|| i64::from(unsafe { libc::sleep(seconds) }))?)
    }
    const SLEEP: "sleep(3)";
    traits: [Local];
    touches: [];
    blocks: "until the time is over, or a handler has run";
    errors: {};
    example: "actor b
a: signal(SIGUSR1, do { })
a: sleep(1000s)      -> sleeps
b: kill(a, SIGUSR1)
a: resumes           -> 900..1000";
}

call! {
    /// Sleeps for some microseconds; a duration will do.
    fn usleep(usec: Timeout) -> () {
        let microseconds = match usec.0 {
            None => 0,
            Some(Limit::Units(microseconds)) => microseconds,
            Some(Limit::Nanoseconds(nanoseconds)) => nanoseconds.div_ceil(1000).cast_signed(),
        };
        let microseconds =
            u32::try_from(microseconds).map_err(|_| Refusal("the microseconds do not fit the type that C has there".into()))?;
        // SAFETY: usleep(3) takes an integer.
        kernel(|| unsafe { libc::usleep(microseconds) })?;
        Ok(())
    }
    const USLEEP: "usleep(3)";
    traits: [Local];
    touches: [];
    blocks: "until the time is over";
    errors: { EINTR: "a handler ran; SA_RESTART makes no difference" };
    example: "a: usleep(1000)
a: usleep(2ms)";
}

const ZERO: libc::timespec = libc::timespec { tv_sec: 0, tv_nsec: 0 };
