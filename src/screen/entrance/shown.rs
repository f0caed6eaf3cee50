//! What is to be seen at the entrance, and why.

use std::time::Instant;

use super::State;
use crate::{
    kiosk::event::Part,
    pass::{Reason, Service},
    scan::Hint,
    screen::outline::Corners,
};

/// What became of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Come in: checked for this service, or by an open door.
    Granted(Option<Service>),
    /// The pass does not open this door, which asks for this service.
    Refused(Reason, Service),
    /// It could not be decided.
    Undecided(Reason),
    /// The visitor may come in, but the door did not open.
    DoorFailed,
}

/// What the page is busy with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    Idle,
    Reading {
        corners: Corners,
        seen: Instant,
    },
    Result {
        outcome: Outcome,
        since: Instant,
        until: Instant,
    },
    Call {
        until: Instant,
    },
}

/// What is to be seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// The preview and the sentence.
    Idle,
    /// The preview with the code in it: shares of the frame's width and height.
    Reading,
    /// A result; which share of its time is left, and how many seconds that is.
    Result {
        /// Which.
        outcome: Outcome,
        /// From 1 to 0.
        left: f32,
        /// Rounded up.
        seconds: u64,
    },
    /// A code for the visitor's wallet; which share of its time is left, and how many seconds that is.
    Challenge {
        /// From 1 to 0.
        left: f32,
        /// Rounded up.
        seconds: u64,
    },
    /// The telephone number.
    Call,
    /// This part failed and nobody can come in.
    Fault(Part),
}

impl State {
    /// What is to be seen now.
    #[must_use]
    pub fn shown(&self) -> Shown {
        match &self.phase {
            Phase::Result {
                outcome,
                since,
                until,
            } => {
                let left = until.saturating_duration_since(self.now);
                let whole = until.saturating_duration_since(*since);
                Shown::Result {
                    outcome: *outcome,
                    left: left.as_secs_f32() / whole.as_secs_f32().max(f32::EPSILON),
                    seconds: u64::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u64::MAX),
                }
            }
            Phase::Call { .. } => Shown::Call,
            Phase::Idle | Phase::Reading { .. } => match (self.stopped(), &self.asked) {
                (Some(part), _) => Shown::Fault(part),
                (None, Some(asked)) => {
                    let (left, seconds) = asked.left(self.now);
                    Shown::Challenge { left, seconds }
                }
                (None, None) if self.phase == Phase::Idle => Shown::Idle,
                (None, None) => Shown::Reading,
            },
        }
    }

    /// The part without which nobody comes in, when it failed.
    fn stopped(&self) -> Option<Part> {
        let failed = [Part::Camera, Part::Door, Part::Storage]
            .into_iter()
            .find(|part| self.faults.contains(part));
        failed.or(self.trust_missing.then_some(Part::Trust))
    }

    /// What is said instead of the sentence of [`Shown::Idle`] and [`Shown::Reading`].
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        self.hint
    }

    /// Whether the camera's pictures are drawn.
    #[must_use]
    pub fn wants_preview(&self) -> bool {
        matches!(
            self.shown(),
            Shown::Idle | Shown::Reading | Shown::Challenge { .. }
        )
    }
}
