//! COSE_Sign1 (RFC 9052 section 4.2) as the profile allows it: tag 18, empty unprotected header, signature of 64 bytes.

use ciborium::Value;

use super::{
    Reason,
    cbor::{self, Fields, Tag},
};

/// Algorithm Ed25519 (RFC 9864).
pub(super) const ED25519: i64 = -19;
/// Algorithm ESP256: ECDSA, P-256, SHA-256 (RFC 9864).
pub(super) const ESP256: i64 = -9;
/// The tag of COSE_Sign1.
const TAG: u64 = 18;

/// A message taken apart. The header has been read; nothing is verified.
pub(super) struct Sign1 {
    /// Members of the protected header.
    pub(super) header: Fields,
    /// The payload's bytes.
    pub(super) payload: Vec<u8>,
    /// The `Sig_structure` over the bytes as received.
    pub(super) signed: Vec<u8>,
    /// The signature.
    pub(super) signature: [u8; 64],
}

/// Takes a message apart that fills `bytes`. Its header may carry a credential in `kcwt`.
pub(super) fn read(bytes: &[u8]) -> Result<Sign1, Reason> {
    take_apart(cbor::decode(bytes, Tag::Outermost)?)
}

/// Takes a message apart that was an item within another one.
pub(super) fn take_apart(value: Value) -> Result<Sign1, Reason> {
    let Value::Tag(TAG, inner) = value else {
        return Err(Reason::Malformed);
    };
    let Value::Array(parts) = *inner else {
        return Err(Reason::Malformed);
    };
    let [protected, unprotected, payload, signature] =
        <[Value; 4]>::try_from(parts).map_err(|_| Reason::Malformed)?;
    if !matches!(unprotected, Value::Map(pairs) if pairs.is_empty()) {
        return Err(Reason::Malformed);
    }
    let protected = cbor::bytes(protected)?;
    let payload = cbor::bytes(payload)?;
    Ok(Sign1 {
        header: Fields::new(cbor::decode(&protected, Tag::Kcwt)?)?,
        signed: to_be_signed(&protected, &payload),
        signature: cbor::sized(signature)?,
        payload,
    })
}

/// The `Sig_structure` of RFC 9052 section 4.4, with no external data.
pub(super) fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        Value::Text("Signature1".into()),
        Value::Bytes(protected.to_vec()),
        Value::Bytes(Vec::new()),
        Value::Bytes(payload.to_vec()),
    ]))
}

/// Puts a message together.
pub(super) fn write(protected: Vec<u8>, payload: Vec<u8>, signature: &[u8; 64]) -> Vec<u8> {
    cbor::encode(&Value::Tag(
        TAG,
        Box::new(Value::Array(vec![
            Value::Bytes(protected),
            Value::Map(Vec::new()),
            Value::Bytes(payload),
            Value::Bytes(signature.to_vec()),
        ])),
    ))
}
