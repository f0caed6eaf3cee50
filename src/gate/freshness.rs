//! Whether a presentation was signed just now.

use super::{Clock, Now, Policy};
use crate::pass::{Presentation, Reason, Service};

/// Whether it is fresh. A nonce that the kiosk asked for takes the place of the window.
///
/// # Errors
/// [`Reason::Stale`], [`Reason::FromFuture`] or [`Reason::ClockUnknown`].
pub fn check(
    presentation: &Presentation,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Result<(), Reason> {
    if let Some(nonce) = nonce {
        return match (
            presentation.cnonce == Some(nonce),
            now.clock,
            policy.service,
        ) {
            (false, ..) => Err(Reason::Stale),
            // Adults wait for the clock: whether the floor is recent cannot be told without one.
            (true, Clock::Unknown, Service::Adult) => Err(Reason::ClockUnknown),
            (true, ..) => Ok(()),
        };
    }
    let skew = match now.clock {
        Clock::Synced => 0,
        Clock::Coasting { skew } => skew.min(60),
        Clock::Unknown => return Err(Reason::ClockUnknown),
    };
    if presentation
        .iat
        .saturating_add(policy.window)
        .saturating_add(skew)
        < now.unix
    {
        Err(Reason::Stale)
    } else if presentation.iat > now.unix.saturating_add(policy.skew).saturating_add(skew) {
        Err(Reason::FromFuture)
    } else {
        Ok(())
    }
}
