//! The gate: judges a parsed pass by trust, policy and time. Pure.

pub mod access;
pub mod age;
mod foreign;
pub mod freshness;
pub mod judge;
pub mod policy;
pub mod presence;
pub mod replay;
pub mod room;
pub mod standing;

pub use access::Access;
pub use judge::{Judgement, judge, judge_among};
pub use policy::{Grace, Policy};
pub use replay::{Admission, Limit, PassId};
pub use room::Room;
pub use standing::{Standing, standing};

/// What the kiosk knows of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Seconds since 1970, the best the kiosk knows (with [`Clock::Unknown`]: the floor).
    pub unix: u64,
    /// How far it can be trusted.
    pub clock: Clock,
}

/// How far the clock can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Set by the network or a battery clock.
    Synced,
    /// Synced once; off by at most this many seconds (60 at most) by now.
    Coasting {
        /// The skew to add to both sides of the window.
        skew: u64,
    },
    /// Not to be trusted: only the floor is known.
    Unknown,
}
