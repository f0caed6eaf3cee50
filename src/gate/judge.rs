//! Every stateless check, in the order of the profile.

use super::{Now, Policy, replay::PassId};
use crate::{
    pass::{Kind, Reason},
    trust::Trust,
};

/// What the gate found out about one text. Fields are `None` where not established: pass and issuer are named only after
/// a good issuer signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The first check that failed, or [`Reason::Granted`].
    pub reason: Reason,
    /// Live or printed, once the form was read.
    pub kind: Option<Kind>,
    /// The pass, after a good issuer signature.
    pub pass: Option<PassId>,
    /// The issuer's id, after a good issuer signature.
    pub issuer: Option<String>,
    /// The presentation's replay id, after a good holder signature.
    pub replay_id: Option<[u8; 16]>,
    /// The presentation's `iat`, after a good holder signature.
    pub iat: Option<u64>,
}

/// Judges one text as scanned. `nonce` is the one the kiosk asked for, if it did.
#[must_use]
pub fn judge(
    text: &[u8],
    trust: &Trust,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Judgement {
    let _ = (text, trust, policy, now, nonce);
    Judgement {
        reason: Reason::NotAPass,
        kind: None,
        pass: None,
        issuer: None,
        replay_id: None,
        iat: None,
    }
}
