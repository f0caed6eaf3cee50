//! Whether a pass that holds may be admitted now, given what was admitted before. Pure: [`crate::store`] brings the
//! memory and runs this inside the transaction that writes the entry.

use crate::pass::{Kind, Reason, credential::CROCKFORD, format::Vouched};

/// What the issuer signed, as an identity: never the scanned text, never the 4-byte kid alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassId {
    /// Full thumbprint of the issuer's key.
    pub thumbprint: [u8; 32],
    /// Status list; for foreign passes the format and a hash of what was signed, which is longer than any list's name.
    pub uri: String,
    /// Index in it.
    pub idx: u64,
    /// `sub`: the pass number that staff read.
    pub number: String,
}

impl PassId {
    /// The identity of a foreign pass. Its number, 8 Crockford base32 characters of the hash, tells nothing of what is in
    /// it, and is good for blocking the pass at this kiosk.
    #[must_use]
    pub fn of_content(vouched: &Vouched) -> Self {
        let [a, b, c, d, e, ..] = vouched.content;
        let bits = u64::from_be_bytes([0, 0, 0, a, b, c, d, e]);
        let letter = |at: u32| char::from(CROCKFORD[usize::from((bits >> (5 * at)) as u8 & 31)]);
        Self {
            thumbprint: vouched.key,
            uri: format!("{}:{}", vouched.format, hex::encode(vouched.content)),
            idx: 0,
            number: (0..8).rev().map(letter).collect(),
        }
    }
}

/// A pass that is good for some visits only. Each kiosk counts for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// So many.
    pub visits: u8,
    /// `exp` of the pass, seconds since 1970: until then its visits must not be forgotten.
    pub exp: u64,
}

/// An admission that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Whose.
    pub pass: PassId,
    /// Live or printed.
    pub kind: Kind,
    /// The presentation's replay id; none when printed.
    pub replay_id: Option<[u8; 16]>,
    /// The presentation's `iat`; none when printed.
    pub iat: Option<u64>,
    /// Whether the kiosk's own nonce stood in for the window: such an admission does not raise the last `iat`.
    pub by_challenge: bool,
    /// For how many visits the pass is good, if there is a limit.
    pub limit: Option<Limit>,
    /// Seconds since 1970.
    pub now: u64,
}

impl Admission {
    /// The admission that a granted judgement asks for, at `now` in seconds since 1970.
    #[must_use]
    pub fn of(judgement: &super::Judgement, now: u64) -> Option<Self> {
        if judgement.reason != Reason::Granted {
            return None;
        }
        Some(Self {
            pass: judgement.pass.clone()?,
            kind: judgement.kind?,
            replay_id: judgement.replay_id,
            iat: judgement.iat,
            by_challenge: judgement.by_challenge,
            limit: judgement.limit,
            now,
        })
    }
}

/// What the store remembers of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Memory {
    /// Whether this replay id was used.
    pub seen: bool,
    /// The last admitted `iat` of the pass.
    pub last_iat: Option<u64>,
    /// When the pass was last admitted here, seconds since 1970.
    pub last_admitted: Option<u64>,
    /// How often it was admitted on this Seoul day.
    pub admitted_today: u32,
    /// How often it was ever admitted here.
    pub admitted: u64,
    /// Whether the owner blocked it here.
    pub blocked: bool,
}

/// Decides an admission: [`Reason::Granted`], or why not.
#[must_use]
pub fn admit(admission: &Admission, memory: &Memory, policy: &super::Policy) -> Reason {
    if memory.seen {
        return Reason::Replayed;
    }
    // A phone with a wrong clock is admitted by the kiosk's nonce; its `iat` says nothing then.
    let older = matches!((admission.iat, memory.last_iat), (Some(iat), Some(last)) if iat <= last);
    if older && !admission.by_challenge {
        return Reason::Replayed;
    }
    let used_up = |limit: Limit| memory.admitted >= u64::from(limit.visits);
    if admission.limit.is_some_and(used_up) {
        return Reason::UsedUp;
    }
    if admission.kind == Kind::Printed {
        let again = memory
            .last_admitted
            .is_some_and(|last| admission.now.saturating_sub(last) < policy.printed_passback);
        let often = policy.printed_daily > 0 && memory.admitted_today >= policy.printed_daily;
        if again || often {
            return Reason::Passback;
        }
    }
    if memory.blocked {
        Reason::LockedOut
    } else {
        Reason::Granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gate::Policy, pass::Service};

    fn live(iat: u64) -> Admission {
        let pass = PassId {
            thumbprint: [1; 32],
            uri: "k:1".into(),
            idx: 7,
            number: "7KQ2M9F".into(),
        };
        Admission {
            pass,
            kind: Kind::Live,
            replay_id: Some([2; 16]),
            iat: Some(iat),
            by_challenge: false,
            limit: None,
            now: 1000,
        }
    }

    #[test]
    fn the_table_of_admissions() {
        let printed = Admission {
            kind: Kind::Printed,
            replay_id: None,
            iat: None,
            ..live(0)
        };
        // An event ticket.
        let ticket = Admission {
            limit: Some(Limit {
                visits: 1,
                exp: 5000,
            }),
            ..printed.clone()
        };
        let nonce = Admission {
            by_challenge: true,
            ..live(5)
        };
        let twice = Admission {
            limit: Some(Limit {
                visits: 2,
                exp: 5000,
            }),
            ..live(10)
        };
        let visited = |admitted| Memory {
            admitted,
            last_admitted: Some(999),
            ..Memory::default()
        };
        let none = Memory::default();
        let cases = [
            (twice.clone(), none, Reason::Granted),
            (twice.clone(), visited(1), Reason::Granted),
            (twice.clone(), visited(2), Reason::UsedUp),
            (twice.clone(), visited(u64::MAX), Reason::UsedUp),
            (
                Admission {
                    by_challenge: true,
                    ..twice.clone()
                },
                visited(2),
                Reason::UsedUp,
            ),
            // A code that was seen is one visit, and not the reason for the next refusal.
            (
                twice.clone(),
                Memory {
                    seen: true,
                    ..visited(2)
                },
                Reason::Replayed,
            ),
            // Paper whose visits are over is not told to come back in a moment.
            (
                Admission {
                    kind: Kind::Printed,
                    ..twice
                },
                visited(2),
                Reason::UsedUp,
            ),
            (live(10), visited(9), Reason::Granted),
            (live(10), none, Reason::Granted),
            (live(10), Memory { seen: true, ..none }, Reason::Replayed),
            (
                live(10),
                Memory {
                    last_iat: Some(9),
                    ..none
                },
                Reason::Granted,
            ),
            (
                live(10),
                Memory {
                    last_iat: Some(10),
                    ..none
                },
                Reason::Replayed,
            ),
            (
                nonce.clone(),
                Memory {
                    last_iat: Some(10),
                    ..none
                },
                Reason::Granted,
            ),
            (nonce, Memory { seen: true, ..none }, Reason::Replayed),
            (
                live(10),
                Memory {
                    last_admitted: Some(999),
                    ..none
                },
                Reason::Granted,
            ),
            (
                live(10),
                Memory {
                    blocked: true,
                    ..none
                },
                Reason::LockedOut,
            ),
            (printed.clone(), none, Reason::Granted),
            (
                printed.clone(),
                Memory {
                    last_admitted: Some(941),
                    ..none
                },
                Reason::Passback,
            ),
            (
                printed.clone(),
                Memory {
                    last_admitted: Some(940),
                    ..none
                },
                Reason::Granted,
            ),
            (
                printed.clone(),
                Memory {
                    admitted_today: 2,
                    ..none
                },
                Reason::Passback,
            ),
            (
                printed,
                Memory {
                    admitted_today: 1,
                    ..none
                },
                Reason::Granted,
            ),
            (ticket.clone(), none, Reason::Granted),
            (
                ticket,
                Memory {
                    last_admitted: Some(1),
                    admitted: 1,
                    ..none
                },
                Reason::UsedUp,
            ),
        ];
        let policy = Policy {
            printed_daily: 2,
            ..Policy::new(Service::Entry)
        };
        for (admission, memory, reason) in cases {
            assert_eq!(
                admit(&admission, &memory, &policy),
                reason,
                "{admission:?} {memory:?}"
            );
        }
    }
}
