//! What the issuer signed.

use super::service::{Kind, Service};

/// A credential as it was read: every rule of form holds, no signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// First 4 bytes of the RFC 9679 SHA-256 thumbprint of the issuer's key.
    pub kid: [u8; 4],
    /// Live or printed, by `typ`.
    pub kind: Kind,
    /// `sub`: the random pass number, 7 or 8 Crockford base32 characters.
    pub number: String,
    /// `exp`, seconds since 1970.
    pub exp: u64,
    /// `nbf`, seconds since 1970; always there when printed.
    pub nbf: Option<u64>,
    /// `cnf`: the holder's key; there when live, absent when printed.
    pub holder: Option<HolderKey>,
    /// Where its status stands.
    pub status: StatusRef,
    /// What it opens.
    pub services: Services,
    /// The RFC 9052 `Sig_structure` over the bytes as received.
    pub(super) signed: Vec<u8>,
    /// The issuer's signature.
    pub(super) signature: [u8; 64],
}

/// A holder's public key in `cnf` (RFC 8747).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKey {
    /// OKP, Ed25519, raw.
    Ed25519([u8; 32]),
    /// EC2, P-256, compressed: x, and whether y is odd.
    P256([u8; 32], bool),
}

/// A place in a status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRef {
    /// The list, at most 7 characters.
    pub uri: String,
    /// The index in it.
    pub idx: u64,
}

/// The claim -65537: what the credential opens. Days are civil dates in Seoul, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Services {
    /// "14 or older" holds from this day.
    pub entry: Option<i64>,
    /// "Adult" holds from this day.
    pub adult: Option<i64>,
    /// The opaque payment reference.
    pub store: Option<[u8; 8]>,
}

impl Services {
    /// Whether the credential carries this service's number.
    #[must_use]
    pub const fn carries(&self, service: Service) -> bool {
        match service {
            Service::Entry => self.entry.is_some(),
            Service::Adult => self.adult.is_some(),
            Service::Store => self.store.is_some(),
        }
    }

    /// Whether it carries none of the three.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entry.is_none() && self.adult.is_none() && self.store.is_none()
    }
}
