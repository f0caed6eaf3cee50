//! When to look for trust again. A shop wants what is revoked to reach its door soon after the network is back, and asking
//! for a network that is not there costs nobody anything; a server that is in trouble is left alone for longer and longer.

use std::time::Duration;

use crate::{
    backoff::{Backoff, jittered},
    trust::problem::Class,
};

/// After the first failure on this side of the server.
const SOON: Duration = Duration::from_secs(15);
/// And at last, whatever the owner's time is.
const LATER: Duration = Duration::from_secs(900);
/// After the first failure of the server.
const PATIENT: Duration = Duration::from_secs(60);
/// And at last.
const LONGEST: Duration = Duration::from_secs(6 * 3600);

/// The times of one repository.
#[derive(Debug)]
pub(super) struct Rhythm {
    every: Duration,
    /// Of a row of failures: on which side, and how long to wait.
    failing: Option<(Side, Backoff)>,
}

/// Where a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The kiosk or its network.
    Here,
    /// The server or what it holds.
    There,
}

impl Side {
    const fn of(class: Class) -> Self {
        match class {
            Class::Network | Class::Portal | Class::Clock | Class::Folder | Class::Storage => {
                Self::Here
            }
            Class::Certificate | Class::Server | Class::Refused => Self::There,
        }
    }
}

impl Rhythm {
    pub(super) const fn new(every: Duration) -> Self {
        Self {
            every,
            failing: None,
        }
    }

    /// How long to wait after this look.
    pub(super) fn next(&mut self, failed: Option<Class>) -> Duration {
        let Some(class) = failed else {
            self.failing = None;
            return jittered(self.every);
        };
        let side = Side::of(class);
        if !matches!(&self.failing, Some((was, _)) if *was == side) {
            let backoff = match side {
                Side::Here => Backoff::new(SOON, LATER.min(self.every)),
                Side::There => Backoff::new(PATIENT, LONGEST),
            };
            self.failing = Some((side, backoff));
        }
        match &mut self.failing {
            Some((_, backoff)) => backoff.next(),
            None => self.every,
        }
    }

    /// Whether the last look failed for what a new network may mend.
    pub(super) fn waits_for_network(&self) -> bool {
        matches!(self.failing, Some((Side::Here, _)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// Within the quarter that every time is moved by.
    fn near(time: Duration, seconds: u64) -> bool {
        let share = time.as_secs_f32() / seconds as f32;
        (0.74..1.26).contains(&share)
    }

    #[test]
    fn a_network_that_is_away_is_asked_for_often_and_a_server_seldom() {
        let mut rhythm = Rhythm::new(15 * MINUTE);
        assert!(near(rhythm.next(None), 900));
        for seconds in [15, 30, 60, 120, 240, 480, 900, 900] {
            assert!(
                near(rhythm.next(Some(Class::Network)), seconds),
                "{seconds}"
            );
        }
        assert!(rhythm.waits_for_network());
        // The network is back, the server is not: a new row.
        for seconds in [
            60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 21_600, 21_600,
        ] {
            assert!(near(rhythm.next(Some(Class::Server)), seconds), "{seconds}");
        }
        assert!(!rhythm.waits_for_network());
        assert!(near(rhythm.next(None), 900));
        assert!(near(rhythm.next(Some(Class::Refused)), 60));
    }

    #[test]
    fn a_rare_look_is_no_reason_to_be_late_after_an_outage() {
        let mut rhythm = Rhythm::new(7 * 24 * 60 * MINUTE);
        let times = (0..12).map(|_| rhythm.next(Some(Class::Portal)));
        assert!(near(times.last().unwrap(), 900));
        let mut often = Rhythm::new(MINUTE);
        let times = (0..12).map(|_| often.next(Some(Class::Network)));
        assert!(near(times.last().unwrap(), 60));
    }
}
