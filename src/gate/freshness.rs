//! Whether a presentation was signed just now.

use super::{Clock, Now, Policy};
use crate::pass::{Presentation, Reason, Service};

/// [`Reason::Granted`] when it is fresh. A nonce that the kiosk asked for takes the place of the window.
#[must_use]
pub fn check(
    presentation: &Presentation,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Reason {
    if let Some(nonce) = nonce {
        return match (
            presentation.cnonce == Some(nonce),
            now.clock,
            policy.service,
        ) {
            (false, ..) => Reason::Stale,
            // Adults wait for the clock: whether the floor is recent cannot be told without one.
            (true, Clock::Unknown, Service::Adult) => Reason::ClockUnknown,
            (true, ..) => Reason::Granted,
        };
    }
    let skew = match now.clock {
        Clock::Synced => 0,
        Clock::Coasting { skew } => skew.min(60),
        Clock::Unknown => return Reason::ClockUnknown,
    };
    if presentation
        .iat
        .saturating_add(policy.window)
        .saturating_add(skew)
        < now.unix
    {
        Reason::Stale
    } else if presentation.iat > now.unix.saturating_add(policy.skew).saturating_add(skew) {
        Reason::FromFuture
    } else {
        Reason::Granted
    }
}
