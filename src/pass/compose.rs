//! Making passes: the issuer's and the wallet's side of the format.

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use super::{Audience, HolderKey, Services, StatusRef};

/// What an issuer puts into a credential. It is live when `holder` is there, printed when not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `sub`.
    pub number: String,
    /// `exp`, a midnight in Seoul.
    pub exp: u64,
    /// `nbf`; required when printed.
    pub nbf: Option<u64>,
    /// `cnf`.
    pub holder: Option<HolderKey>,
    /// Where its status stands.
    pub status: StatusRef,
    /// What it opens.
    pub services: Services,
}

/// A holder's private key.
pub enum HolderSigner {
    /// Ed25519.
    Ed25519(SigningKey),
    /// P-256.
    P256(p256::ecdsa::SigningKey),
}

impl HolderSigner {
    /// The public half, as it stands in `cnf`.
    #[must_use]
    pub fn public(&self) -> HolderKey {
        HolderKey::Ed25519([0; 32])
    }
}

/// Signs a credential: the tagged COSE_Sign1.
#[must_use]
pub fn credential(claims: &Claims, issuer: &SigningKey) -> Vec<u8> {
    let _ = (claims, issuer);
    Vec::new()
}

/// Signs a presentation of a credential: the tagged COSE_Sign1 that a live QR carries.
#[must_use]
pub fn presentation(
    credential: &[u8],
    audience: &Audience,
    iat: u64,
    cnonce: Option<[u8; 8]>,
    holder: &HolderSigner,
) -> Vec<u8> {
    let _ = (credential, audience, iat, cnonce, holder);
    Vec::new()
}

/// The text for the QR: `MJ1:` and Base45.
#[must_use]
pub fn text(token: &[u8]) -> String {
    let _ = token;
    String::new()
}

/// RFC 9679 SHA-256 thumbprint of an Ed25519 public key.
#[must_use]
pub fn thumbprint(public_key: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20]); // {1: 1, -1: 6, -2: x}
    hash.update(public_key);
    hash.finalize().into()
}
