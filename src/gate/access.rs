//! Who may come in at this moment, and how often without a pass. Pure: whoever sets it (the owner, later a schedule) has
//! decided what the time means.

use serde::{Deserialize, Serialize};

use crate::pass::Reason;

/// What a door asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// A pass.
    #[default]
    Pass,
    /// Nothing: whoever asks comes in, with a pass or without.
    Free,
    /// Nobody comes in.
    Closed,
}

impl Access {
    /// What somebody with a pass that holds is told.
    #[must_use]
    pub const fn with_pass(self) -> Reason {
        match self {
            Self::Pass | Self::Free => Reason::Granted,
            Self::Closed => Reason::Closed,
        }
    }

    /// What somebody without a pass is told; `None` where the door is not asked without one.
    #[must_use]
    pub const fn without_pass(self) -> Option<Reason> {
        match self {
            Self::Pass => None,
            Self::Free => Some(Reason::Granted),
            Self::Closed => Some(Reason::Closed),
        }
    }
}

/// At most one opening without a pass in this time: anybody can press a button, and every opening is a row.
///
/// Times are milliseconds of a clock that never goes back; where it starts does not matter.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    least_ms: u64,
    last: Option<u64>,
}

impl Pace {
    /// Nobody has asked yet.
    #[must_use]
    pub const fn new(least_ms: u64) -> Self {
        Self {
            least_ms,
            last: None,
        }
    }

    /// Whether somebody who asks now is listened to.
    pub fn take(&mut self, now: u64) -> bool {
        let soon = self
            .last
            .is_some_and(|last| now.saturating_sub(last) < self.least_ms);
        if !soon {
            self.last = Some(now);
        }
        !soon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_free_door_opens_without_a_pass_and_a_closed_one_never() {
        for (access, with, without) in [
            (Access::Pass, Reason::Granted, None),
            (Access::Free, Reason::Granted, Some(Reason::Granted)),
            (Access::Closed, Reason::Closed, Some(Reason::Closed)),
        ] {
            assert_eq!((access.with_pass(), access.without_pass()), (with, without));
        }
    }

    #[test]
    fn a_finger_that_stays_on_the_button_is_heard_now_and_then() {
        let mut pace = Pace::new(3_000);
        let heard: Vec<u64> = (0..100)
            .map(|at| at * 100)
            .filter(|at| pace.take(*at))
            .collect();
        assert_eq!(heard, [0, 3_000, 6_000, 9_000]);
    }
}
