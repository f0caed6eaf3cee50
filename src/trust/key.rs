//! An issuer's key and what it may sign.

use ed25519_dalek::VerifyingKey;

use crate::pass::{Kind, Service};

/// One key of `issuers.json`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKey {
    /// First 4 bytes of `thumbprint`.
    pub kid: [u8; 4],
    /// RFC 9679 SHA-256 thumbprint: what identifies the key from the issuer's signature on.
    pub thumbprint: [u8; 32],
    /// Ed25519, not of small order.
    pub public_key: VerifyingKey,
    /// The issuer's id.
    pub issuer: String,
    /// Passes of these kinds it may sign.
    pub kinds: Vec<Kind>,
    /// Whether it may sign status lists.
    pub signs_status: bool,
    /// The services that its passes may open.
    pub services: Vec<Service>,
    /// First Seoul day of issue, inclusive, as days since 1970-01-01.
    pub first_issue_day: i64,
    /// Last Seoul day of issue, inclusive.
    pub last_issue_day: i64,
    /// From this second on no pass of this key is accepted.
    pub verify_until: u64,
    /// The lists that its passes may point to and that it may sign.
    pub status_uris: Vec<String>,
    /// Present: nothing signed by this key counts any more.
    pub distrusted_at: Option<u64>,
}
