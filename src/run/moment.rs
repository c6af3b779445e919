//! A moment on the coordinator's clocks: before it, a time limit cannot have run out.

/// A moment, in nanoseconds on two clocks.
///
/// Some calls count CLOCK_MONOTONIC, some CLOCK_REALTIME, which somebody may set meanwhile: what is before a moment is so on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    monotonic: u64,
    realtime: u64,
}

impl Moment {
    /// So many nanoseconds from now; `None` when no clock counts so far.
    pub fn from_now(nanoseconds: u64) -> Option<Self> {
        let on = |clock| read(clock).checked_add(nanoseconds);
        Some(Self { monotonic: on(libc::CLOCK_MONOTONIC)?, realtime: on(libc::CLOCK_REALTIME)? })
    }

    /// Whether it comes before `other`, whichever clock counts.
    pub fn is_before(self, other: Self) -> bool {
        self.monotonic < other.monotonic && self.realtime < other.realtime
    }

    /// Nanoseconds until `other`; 0 when that is over.
    pub fn until(self, other: Self) -> u64 {
        other.monotonic.saturating_sub(self.monotonic)
    }

    /// Whether it is now or has been, as CLOCK_MONOTONIC counts.
    pub fn is_over(self) -> bool {
        read(libc::CLOCK_MONOTONIC) >= self.monotonic
    }
}

fn read(clock: libc::clockid_t) -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime(2) fills a local variable.
    unsafe { libc::clock_gettime(clock, &raw mut now) };
    now.tv_sec.cast_unsigned().saturating_mul(1_000_000_000).saturating_add(now.tv_nsec.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_order() {
        let now = Moment { monotonic: 10, realtime: 100 };
        assert!(now.is_before(Moment { monotonic: 11, realtime: 101 }));
        assert!(!now.is_before(now));
        // Somebody has set the time of day back: nothing is certain.
        assert!(!now.is_before(Moment { monotonic: 11, realtime: 99 }));
        assert_eq!(now.until(Moment { monotonic: 15, realtime: 0 }), 5);
        assert_eq!(now.until(Moment { monotonic: 5, realtime: 0 }), 0);
    }
}
