//! Whether a pass that holds may be admitted now, given what was admitted before. Pure: [`crate::store`] brings the
//! memory and runs this inside the transaction that writes the entry.

use crate::pass::{Kind, Reason};

/// What the issuer signed, as an identity: never the scanned text, never the 4-byte kid alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassId {
    /// Full thumbprint of the issuer's key.
    pub thumbprint: [u8; 32],
    /// Status list.
    pub uri: String,
    /// Index in it.
    pub idx: u64,
    /// `sub`: the pass number that staff read.
    pub number: String,
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
    /// Seconds since 1970.
    pub now: u64,
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
    /// Whether the owner blocked it here.
    pub blocked: bool,
}

/// Decides an admission: [`Reason::Granted`], or why not.
#[must_use]
pub fn admit(admission: &Admission, memory: &Memory, policy: &super::Policy) -> Reason {
    let _ = (admission, memory, policy);
    Reason::Replayed
}
