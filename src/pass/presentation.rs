//! What the holder signed a moment ago.

use super::service::Service;

/// A presentation as it was read (SD-KBT with the credential in `kcwt`): every rule of form holds, no signature has been
/// checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// Which service, and perhaps which venue, it was made for.
    pub audience: Audience,
    /// `iat`, seconds since 1970.
    pub iat: u64,
    /// The kiosk's nonce, when it asked for one.
    pub cnonce: Option<[u8; 8]>,
    /// First 16 bytes of SHA-256 over the presentation's `Sig_structure`.
    pub replay_id: [u8; 16],
    /// The RFC 9052 `Sig_structure` over the bytes as received.
    pub(super) signed: Vec<u8>,
    /// The holder's signature.
    pub(super) signature: [u8; 64],
}

/// `aud`: a service, or a service at one venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The service.
    pub service: Service,
    /// 1 to 6 Crockford base32 characters; none is good everywhere.
    pub venue: Option<String>,
}
