//! Whether a presentation was signed just now.

use super::{Clock, Now, Policy};
use crate::pass::{Presentation, Reason, Service};

/// Why a presentation is fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fresh {
    /// Its `iat` lies in the window.
    InWindow,
    /// It answers the challenge of this kiosk; its `iat` says nothing.
    ByChallenge,
}

/// Whether it is fresh. A nonce that the kiosk asked for takes the place of the window; who does not answer is judged by
/// the window, as if nothing had been asked: others are not held up by a challenge.
///
/// # Errors
/// [`Reason::Stale`], [`Reason::FromFuture`] or [`Reason::ClockUnknown`].
pub fn check(
    presentation: &Presentation,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Result<Fresh, Reason> {
    if let (Some(asked), Some(answer)) = (nonce, presentation.cnonce) {
        return match (answer == asked, now.clock, policy.service) {
            (false, ..) => Err(Reason::Stale),
            // Adults wait for the clock: whether the floor is recent cannot be told without one.
            (true, Clock::Unknown, Service::Adult) => Err(Reason::ClockUnknown),
            (true, ..) => Ok(Fresh::ByChallenge),
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
        Ok(Fresh::InWindow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::{
        self, Audience, Services, StatusRef,
        compose::{self, Claims, HolderSigner},
    };
    use ed25519_dalek::SigningKey;

    const NOW: u64 = 1_795_449_600;
    const ASKED: [u8; 8] = [7; 8];

    fn presented(iat: u64, cnonce: Option<[u8; 8]>) -> Presentation {
        let holder = HolderSigner::Ed25519(SigningKey::from_bytes(&[2; 32]));
        let claims = Claims {
            number: "7KQ2M9F".into(),
            exp: NOW,
            nbf: None,
            holder: Some(holder.public()),
            status: StatusRef {
                uri: "k:1".into(),
                idx: 7,
            },
            services: Services::default(),
        };
        let credential = compose::credential(&claims, &SigningKey::from_bytes(&[1; 32]));
        let audience: Audience = "E".parse().unwrap();
        let token = compose::presentation(&credential, &audience, iat, cnonce, &holder);
        pass::parse(&token).unwrap().presentation.unwrap()
    }

    #[test]
    fn the_nonce_takes_the_place_of_the_window_for_who_answers() {
        let (synced, coasting) = (Clock::Synced, Clock::Coasting { skew: 100 });
        let (fresh, asked, other) = (Ok(Fresh::InWindow), Some(ASKED), Some([8; 8]));
        let answered = Ok(Fresh::ByChallenge);
        use Clock::Unknown;
        use Reason::{ClockUnknown, FromFuture, Stale};
        use Service::{Adult, Entry};
        for (iat, cnonce, nonce, clock, service, expected) in [
            (NOW - 25, None, None, synced, Entry, fresh),
            (NOW - 26, None, None, synced, Entry, Err(Stale)),
            (NOW + 10, None, None, synced, Entry, fresh),
            (NOW + 11, None, None, synced, Entry, Err(FromFuture)),
            (NOW - 85, None, None, coasting, Entry, fresh),
            (NOW - 86, None, None, coasting, Entry, Err(Stale)),
            (NOW, None, None, Unknown, Entry, Err(ClockUnknown)),
            // Not asked for: ignored.
            (NOW, other, None, synced, Entry, fresh),
            (0, other, None, synced, Entry, Err(Stale)),
            (NOW, other, None, Unknown, Entry, Err(ClockUnknown)),
            // Answered, whatever the clocks say.
            (0, asked, asked, synced, Entry, answered),
            (NOW * 2, asked, asked, synced, Entry, answered),
            (0, asked, asked, Unknown, Entry, answered),
            (0, asked, asked, synced, Adult, answered),
            (NOW, asked, asked, Unknown, Adult, Err(ClockUnknown)),
            // Another answer.
            (NOW, other, asked, synced, Entry, Err(Stale)),
            (NOW, other, asked, Unknown, Entry, Err(Stale)),
            // Somebody else.
            (NOW, None, asked, synced, Entry, fresh),
            (0, None, asked, synced, Entry, Err(Stale)),
            (NOW, None, asked, Unknown, Entry, Err(ClockUnknown)),
        ] {
            let now = Now { unix: NOW, clock };
            let found = check(&presented(iat, cnonce), &Policy::new(service), now, nonce);
            assert_eq!(
                found, expected,
                "{iat} {cnonce:?} {nonce:?} {clock:?} {service}"
            );
        }
    }
}
