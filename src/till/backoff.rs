//! How long to wait after a failure: a second, twice as long each time, five minutes at most. Each time is moved by up
//! to a quarter, so that many kiosks do not come back at once.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);

pub(super) struct Backoff {
    base: Duration,
}

impl Backoff {
    pub(super) const fn new() -> Self {
        Self { base: FIRST }
    }

    /// The next time to wait.
    pub(super) fn next(&mut self) -> Duration {
        let mut byte = [128];
        // Without randomness it is the time itself.
        let _ = getrandom::fill(&mut byte);
        let share = 0.75 + f32::from(byte[0]) / 512.0;
        let time = self.base.mul_f32(share);
        self.base = (self.base * 2).min(LONGEST);
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_first_and_five_minutes_at_most() {
        let mut backoff = Backoff::new();
        for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let time = backoff.next().as_secs_f32() / expected as f32;
            assert!((0.74..1.26).contains(&time), "{expected} s: {time}");
        }
    }
}
