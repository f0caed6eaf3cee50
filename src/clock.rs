//! The edge to the system's clock. Everything else gets the time as an argument.
//!
//! A kiosk may have no battery clock: after a power cut its clock stands in the past until the network sets it. So there
//! is a floor that only rises (newest log time, newest signed `iat`, the day the program was built), and a clock below it
//! is not to be trusted. Phones never set the clock.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::gate;

/// The day this program was written, seconds since 1970: no clock is right that stands before it.
const BUILT: u64 = 1_793_491_200; // 2026-11-01
/// How far below the floor a clock may stand and still count: the floor is made of this clock's own times.
const TOLERANCE: u64 = 120;
/// A step backward that is told.
const STEP: u64 = 5;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Seconds since 1970 and how far they can be trusted.
    fn now(&self) -> gate::Now;

    /// Milliseconds since 1970, for the log.
    fn unix_ms(&self) -> u64;

    /// The floor, seconds since 1970.
    fn floor(&self) -> u64;

    /// Raises the floor, seconds since 1970; never lowers it.
    fn raise_floor(&self, to: u64);
}

/// The system's clock, with a floor.
#[derive(Debug)]
pub struct SystemClock {
    floor: AtomicU64,
    newest: AtomicU64,
}

impl SystemClock {
    /// The floor is the program's own age.
    #[must_use]
    pub fn new() -> Self {
        let now = unix_ms() / 1000;
        Self {
            floor: AtomicU64::new(BUILT),
            newest: AtomicU64::new(now),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> gate::Now {
        let unix = unix_ms() / 1000;
        let newest = self.newest.fetch_max(unix, Ordering::Relaxed);
        if unix + STEP < newest {
            // Told once for each step: from here on the new time is the newest.
            self.newest.store(unix, Ordering::Relaxed);
            tracing::warn!(seconds = newest - unix, "the clock ran backward");
        }
        trusted(unix, self.floor.load(Ordering::Relaxed))
    }

    fn unix_ms(&self) -> u64 {
        unix_ms()
    }

    fn floor(&self) -> u64 {
        self.floor.load(Ordering::Relaxed)
    }

    fn raise_floor(&self, to: u64) {
        let _ = self.floor.fetch_max(to, Ordering::Relaxed);
    }
}

/// How far a time can be trusted over this floor.
fn trusted(unix: u64, floor: u64) -> gate::Now {
    if unix + TOLERANCE < floor {
        gate::Now {
            unix: floor,
            clock: gate::Clock::Unknown,
        }
    } else {
        gate::Now {
            unix,
            clock: gate::Clock::Synced,
        }
    }
}

/// Whether the network has set the clock since the start of this machine (systemd-timesyncd(8)).
#[must_use]
pub fn set_by_network() -> bool {
    Path::new("/run/systemd/timesync/synchronized").exists()
}

/// Milliseconds since 1970 by the system's clock.
#[must_use]
pub fn unix_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_below_its_floor_is_unknown_and_the_floor_only_rises() {
        assert_eq!(trusted(1000, 1000 + TOLERANCE).clock, gate::Clock::Synced);
        let below = trusted(1000, 1001 + TOLERANCE);
        assert_eq!(
            (below.clock, below.unix),
            (gate::Clock::Unknown, 1001 + TOLERANCE)
        );

        let clock = SystemClock::new();
        let future = unix_ms() / 1000 + 1_000_000;
        clock.raise_floor(future);
        clock.raise_floor(1);
        assert_eq!(
            clock.now(),
            gate::Now {
                unix: future,
                clock: gate::Clock::Unknown
            }
        );
    }
}
