//! How long to wait after a failure: twice as long each time, up to a longest. Each time is moved by up to a quarter, so that
//! many kiosks do not come back at once.

use std::time::Duration;

/// The times of one row of failures.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    base: Duration,
    longest: Duration,
}

impl Backoff {
    pub(crate) const fn new(first: Duration, longest: Duration) -> Self {
        Self {
            base: first,
            longest,
        }
    }

    /// The next time to wait.
    pub(crate) fn next(&mut self) -> Duration {
        let time = jittered(self.base.min(self.longest));
        self.base = (self.base * 2).min(self.longest);
        time
    }
}

/// A time that is moved by up to a quarter.
pub(crate) fn jittered(time: Duration) -> Duration {
    let mut byte = [128];
    // Without randomness it is the time itself.
    let _ = getrandom::fill(&mut byte);
    time.mul_f32(0.75 + f32::from(byte[0]) / 512.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_as_long_each_time_and_a_longest() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(300));
        for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let time = backoff.next().as_secs_f32() / expected as f32;
            assert!((0.74..1.26).contains(&time), "{expected} s: {time}");
        }
    }
}
