//! Deterministic CBOR (RFC 8949 section 4.2.1) with the profile's limits. Anything else is `malformed`.

use ciborium::Value;

use super::Reason;

/// Arrays, maps and tags within each other; the outermost counts 1.
const NESTING: usize = 8;
/// Integers stay below 2^53, so that every language reads them alike.
const INTEGERS: i128 = 1 << 53;

/// Where tag 18 may stand in an item. No other tag is allowed anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// Nowhere.
    Nowhere,
    /// Around the whole item.
    Outermost,
    /// Around the value of the key 13 (`kcwt`) of a map.
    Kcwt,
}

/// Reads one item that fills `bytes`.
///
/// Sound by construction: the library decodes, encodes again, and the bytes must be the same. That leaves no room for
/// longer integers, indefinite lengths or trailing bytes; what the round trip keeps (order of keys, floats, tags) is
/// looked at here.
pub(super) fn decode(bytes: &[u8], tag: Tag) -> Result<Value, Reason> {
    let mut rest = bytes;
    let value: Value = ciborium::de::from_reader_with_recursion_limit(&mut rest, NESTING * 4)
        .map_err(|_| Reason::Malformed)?;
    if !rest.is_empty() || encode(&value) != bytes {
        return Err(Reason::Malformed);
    }
    match (&value, tag) {
        (Value::Tag(18, inner), Tag::Outermost) => inspect(inner, 2)?,
        (Value::Map(pairs), Tag::Kcwt) => {
            keys_in_order(pairs)?;
            for (key, value) in pairs {
                inspect(key, 2)?;
                match value {
                    Value::Tag(18, inner) if key.as_integer() == Some(13.into()) => {
                        inspect(inner, 3)?
                    }
                    value => inspect(value, 2)?,
                }
            }
        }
        _ => inspect(&value, 1)?,
    }
    Ok(value)
}

/// Writes one item. Keys of maps are the caller's to sort.
pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory does not fail; if it did, the bytes would be short and verify nowhere.
    let _ = ciborium::into_writer(value, &mut bytes);
    bytes
}

/// Tags, simple values, floats, integers, depth, and the order of keys.
fn inspect(value: &Value, depth: usize) -> Result<(), Reason> {
    let bounded = |holds: bool| {
        if holds {
            Ok(())
        } else {
            Err(Reason::Malformed)
        }
    };
    match value {
        Value::Integer(number) => bounded(i128::from(*number).abs() < INTEGERS),
        Value::Bytes(_) | Value::Text(_) | Value::Bool(_) => Ok(()),
        Value::Array(items) => {
            bounded(depth <= NESTING)?;
            items.iter().try_for_each(|item| inspect(item, depth + 1))
        }
        Value::Map(pairs) => {
            bounded(depth <= NESTING)?;
            keys_in_order(pairs)?;
            pairs.iter().try_for_each(|(key, value)| {
                inspect(key, depth + 1)?;
                inspect(value, depth + 1)
            })
        }
        // The one tag, in its two places, was taken off before; any other is malformed.
        _ => Err(Reason::Malformed),
    }
}

/// Keys in bytewise order of their encodings, each once.
fn keys_in_order(pairs: &[(Value, Value)]) -> Result<(), Reason> {
    let keys: Vec<Vec<u8>> = pairs.iter().map(|(key, _)| encode(key)).collect();
    if keys.windows(2).all(|pair| pair[0] < pair[1]) {
        Ok(())
    } else {
        Err(Reason::Malformed)
    }
}

/// A closed or open map with integer keys, taken apart key by key.
pub(super) struct Fields(Vec<(i128, Value)>);

impl Fields {
    /// A map whose keys are all integers.
    pub(super) fn new(value: Value) -> Result<Self, Reason> {
        let Value::Map(pairs) = value else {
            return Err(Reason::Malformed);
        };
        pairs
            .into_iter()
            .map(|(key, value)| match key {
                Value::Integer(key) => Ok((i128::from(key), value)),
                _ => Err(Reason::Malformed),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Takes a member out, if it is there.
    pub(super) fn take(&mut self, key: i128) -> Option<Value> {
        let at = self.0.iter().position(|(name, _)| *name == key)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Takes a member out that must be there.
    pub(super) fn need(&mut self, key: i128) -> Result<Value, Reason> {
        self.take(key).ok_or(Reason::Malformed)
    }

    /// Nothing may be left over.
    pub(super) fn close(self) -> Result<(), Reason> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Reason::Malformed)
        }
    }

    /// The keys that are left.
    pub(super) fn keys(&self) -> impl Iterator<Item = i128> {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// An unsigned integer.
pub(super) fn uint(value: &Value) -> Result<u64, Reason> {
    value
        .as_integer()
        .and_then(|number| u64::try_from(number).ok())
        .ok_or(Reason::Malformed)
}

/// A signed integer.
pub(super) fn int(value: &Value) -> Result<i64, Reason> {
    value
        .as_integer()
        .and_then(|number| i64::try_from(number).ok())
        .ok_or(Reason::Malformed)
}

/// A byte string.
pub(super) fn bytes(value: Value) -> Result<Vec<u8>, Reason> {
    value.into_bytes().map_err(|_| Reason::Malformed)
}

/// A byte string of one size.
pub(super) fn sized<const N: usize>(value: Value) -> Result<[u8; N], Reason> {
    bytes(value)?.try_into().map_err(|_| Reason::Malformed)
}

/// A text string.
pub(super) fn text(value: Value) -> Result<String, Reason> {
    value.into_text().map_err(|_| Reason::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deterministic_items_are_read_and_others_are_not() {
        let cases = [
            ("00", true),
            ("1800", false),       // longer than needed
            ("a201000200", true),  // two keys in order
            ("a202000100", false), // out of order
            ("a201000100", false), // twice
            ("9f00ff", false),     // indefinite array
            ("5f4100ff", false),   // indefinite bytes
            ("bf0100ff", false),   // indefinite map
            ("f90000", false),     // float
            ("f6", false),         // null
            ("f7", false),         // undefined
            ("f5", true),          // true
            ("0000", false),       // trailing byte
            ("c100", false),       // another tag
            ("d28100", true),      // 18 outside
            ("81d28100", false),   // 18 inside
            ("c24101", false),     // bignum
            ("c249010000000000000000", false),
            ("1b0020000000000000", false), // 2^53
            ("1b001fffffffffffff", true),
            ("3b001fffffffffffff", false), // -2^53
            ("3b001ffffffffffffe", true),
            ("8181818181818100", true),   // 7 deep
            ("818181818181818100", true), // 8 deep
            ("81818181818181818100", false),
            ("9affffffff", false), // 4 G items announced
            ("5bffffffffffffffff", false),
            ("", false),
        ];
        for (hex, reads) in cases {
            assert_eq!(
                decode(&hex::decode(hex).unwrap(), Tag::Outermost).is_ok(),
                reads,
                "{hex}"
            );
        }
        assert!(decode(&[0xD2, 0x81, 0], Tag::Nowhere).is_err());
        assert!(decode(&[0xA1, 0x0D, 0xD2, 0x80], Tag::Kcwt).is_ok());
        assert!(decode(&[0xA1, 0x0C, 0xD2, 0x80], Tag::Kcwt).is_err());
        assert!(decode(&[0xA1, 0x0D, 0xD2, 0x80], Tag::Outermost).is_err());
    }
}
