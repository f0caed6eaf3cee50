//! Making a status list: the issuer's side.

use ed25519_dalek::{Signer, SigningKey};
use miniz_oxide::deflate::compress_to_vec_zlib;

use super::{
    StatusList,
    read::{TYP, sig_structure},
};
use crate::{
    pass::compose::thumbprint,
    trust::cbor::{push_bytes, push_head, push_text},
};

/// zlib's own default: higher levels gain next to nothing on statuses.
const LEVEL: u8 = 6;

impl StatusList {
    /// Signs a list: the tagged COSE_Sign1 that goes into the repository as the target of `uri`. `bits` is 1 or 2,
    /// `bytes` are the statuses with the lowest index in the lowest bits, `iat` and `ttl` are seconds.
    #[must_use]
    pub fn compose(
        uri: &str,
        bits: u8,
        bytes: &[u8],
        iat: u64,
        ttl: Option<u64>,
        key: &SigningKey,
    ) -> Vec<u8> {
        let protected = protected(key.verifying_key().as_bytes());
        let claims = claims(uri, bits, bytes, iat, ttl);
        let signature = key.sign(&sig_structure(&protected, &claims));
        let mut token = Vec::with_capacity(claims.len() + 128);
        push_head(&mut token, 6, 18);
        push_head(&mut token, 4, 4);
        push_bytes(&mut token, &protected);
        push_head(&mut token, 5, 0);
        push_bytes(&mut token, &claims);
        push_bytes(&mut token, &signature.to_bytes());
        token
    }
}

fn protected(public_key: &[u8; 32]) -> Vec<u8> {
    let mut out = Vec::new();
    push_head(&mut out, 5, 3);
    push_head(&mut out, 0, 1);
    push_head(&mut out, 1, 18); // -19
    push_head(&mut out, 0, 4);
    push_bytes(&mut out, &thumbprint(public_key)[..4]);
    push_head(&mut out, 0, 16);
    push_text(&mut out, TYP);
    out
}

fn claims(uri: &str, bits: u8, bytes: &[u8], iat: u64, ttl: Option<u64>) -> Vec<u8> {
    let mut out = Vec::new();
    push_head(&mut out, 5, if ttl.is_some() { 4 } else { 3 });
    push_head(&mut out, 0, 2);
    push_text(&mut out, uri);
    push_head(&mut out, 0, 6);
    push_head(&mut out, 0, iat);
    push_head(&mut out, 0, 65533);
    push_head(&mut out, 5, 2);
    push_text(&mut out, "lst"); // sorted as encoded: the shorter key first
    push_bytes(&mut out, &compress_to_vec_zlib(bytes, LEVEL));
    push_text(&mut out, "bits");
    push_head(&mut out, 0, u64::from(bits));
    if let Some(ttl) = ttl {
        push_head(&mut out, 0, 65534);
        push_head(&mut out, 0, ttl);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_deterministic() {
        let claims = claims("k:1", 2, &[0; 2], 1_795_449_600, Some(3600));
        let value: ciborium::Value = ciborium::from_reader(claims.as_slice()).unwrap();
        let mut again = Vec::new();
        ciborium::into_writer(&value, &mut again).unwrap();
        assert_eq!(hex::encode(again), hex::encode(&claims));
        assert!(hex::encode(&claims).starts_with("a402636b3a31061a6b04630019fffda2636c7374"));
        assert!(hex::encode(&claims).ends_with("64626974730219fffe190e10"));
        assert!(hex::encode(protected(&[7; 32])).starts_with("a301320444"));
    }
}
