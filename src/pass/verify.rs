//! Signatures: [`Parsed`] to [`Verified`].

use ed25519_dalek::{Signature, VerifyingKey};
use p256::ecdsa::signature::Verifier;

use super::{Credential, HolderKey, Parsed, Presentation};
use crate::trust::IssuerKey;

/// A pass whose issuer's signature holds. There is no other way to get one.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'a> {
    parsed: &'a Parsed,
    key: &'a IssuerKey,
}

impl<'a> Verified<'a> {
    /// Checks the issuer's signature by each of these keys, which may share a kid; one good signature is enough.
    pub fn new(parsed: &'a Parsed, mut keys: impl Iterator<Item = &'a IssuerKey>) -> Option<Self> {
        let Credential {
            signed, signature, ..
        } = &parsed.credential;
        let signature = Signature::from_bytes(signature);
        keys.find(|key| key.public_key.verify_strict(signed, &signature).is_ok())
            .map(|key| Self { parsed, key })
    }

    /// The key that signed it.
    #[must_use]
    pub const fn key(&self) -> &'a IssuerKey {
        self.key
    }

    /// What the issuer signed.
    #[must_use]
    pub const fn credential(&self) -> &'a Credential {
        &self.parsed.credential
    }

    /// What the holder presented; [`Verified::holder_signed`] tells whether it holds.
    #[must_use]
    pub const fn presentation(&self) -> Option<&'a Presentation> {
        self.parsed.presentation.as_ref()
    }

    /// Whether the presentation, if there is one, is signed by the key in `cnf`.
    #[must_use]
    pub fn holder_signed(&self) -> bool {
        match (&self.parsed.presentation, self.parsed.credential.holder) {
            (None, None) => true,
            (Some(presentation), Some(key)) => {
                key.signed(&presentation.signed, &presentation.signature)
            }
            _ => false,
        }
    }
}

impl HolderKey {
    /// Whether this key signed a message: 64 bytes, for P-256 `r` and `s` (RFC 9053 sections 2.1 and 2.2).
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match self {
            Self::Ed25519(x) => VerifyingKey::from_bytes(x).is_ok_and(|key| {
                key.verify_strict(message, &Signature::from_bytes(signature))
                    .is_ok()
            }),
            Self::P256(x, odd) => {
                let mut point = [if *odd { 3 } else { 2 }; 33];
                point[1..].copy_from_slice(x);
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point);
                let signature = p256::ecdsa::Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
            }
        }
    }
}
