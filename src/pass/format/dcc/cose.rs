//! COSE_Sign1 as issuers of certificates write it: any order of keys, any length of integers, with or without its tag.

use ciborium::Value;
use zeroize::Zeroizing;

use crate::pass::{Reason, cose};

/// Arrays, maps and tags within each other.
const NESTING: usize = 16;
/// The tags of COSE_Sign1 and, around it, of a CWT.
const TAGS: [u64; 2] = [18, 61];

/// The two algorithms of the specification (RFC 9053).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// ECDSA, P-256, SHA-256.
    Es256,
    /// RSASSA-PSS, SHA-256.
    Ps256,
}

/// A message taken apart. Nothing is verified.
pub(super) struct Message {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Vec<u8>,
    pub(super) payload: Zeroizing<Vec<u8>>,
    /// The `Sig_structure` over the bytes as received.
    pub(super) signed: Zeroizing<Vec<u8>>,
    pub(super) signature: Vec<u8>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Message, Reason> {
    let mut value = decode(bytes)?;
    for _ in TAGS {
        value = match value {
            Value::Tag(tag, inner) if TAGS.contains(&tag) => *inner,
            value => value,
        };
    }
    let Value::Array(parts) = value else {
        return Err(Reason::Malformed);
    };
    let [
        Value::Bytes(protected),
        unprotected @ Value::Map(_),
        Value::Bytes(payload),
        Value::Bytes(signature),
    ] = <[Value; 4]>::try_from(parts).map_err(|_| Reason::Malformed)?
    else {
        return Err(Reason::Malformed);
    };
    let payload = Zeroizing::new(payload);
    let header = decode(&protected)?;
    // `crit`: something must be understood that is not.
    if get(&header, 2).is_some() {
        return Err(Reason::Malformed);
    }
    let algorithm = match get(&header, 1).and_then(Value::as_integer).map(i128::from) {
        Some(-7) => Algorithm::Es256,
        Some(-37) => Algorithm::Ps256,
        _ => return Err(Reason::Malformed),
    };
    // The protected key id goes first; the other one counts where there is none.
    let kid = get(&header, 4)
        .or_else(|| get(&unprotected, 4))
        .and_then(Value::as_bytes)
        .ok_or(Reason::Malformed)?;
    Ok(Message {
        algorithm,
        kid: kid.clone(),
        signed: Zeroizing::new(cose::to_be_signed(&protected, &payload)),
        payload,
        signature,
    })
}

/// One item that fills `bytes`.
fn decode(bytes: &[u8]) -> Result<Value, Reason> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, NESTING);
    match value {
        Ok(value) if rest.is_empty() => Ok(value),
        _ => Err(Reason::Malformed),
    }
}

/// A member of a header.
fn get(header: &Value, label: i64) -> Option<&Value> {
    let mut members = header.as_map()?.iter();
    members
        .find(|(key, _)| key.as_integer() == Some(label.into()))
        .map(|(_, value)| value)
}
