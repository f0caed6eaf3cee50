//! The leaf of a row: a salted hash over its fields, stored from the first row on.
//!
//! `SHA-256(0x00 || salt || CBOR)`, 0x00 as in RFC 9162 section 2.1.1. The CBOR is a deterministic array of the row's columns in the
//! order of the schema, without the salt, behind the name of the table; what is null in the row is null there. The pass
//! number goes in as it lies on disk, encrypted: a log is verified without any key.

use ciborium::Value;
use sha2::{Digest, Sha256};

/// Hash of one row.
pub(super) fn hash(table: &str, salt: &[u8], columns: Vec<Value>) -> [u8; 32] {
    let mut fields = vec![Value::from(table)];
    fields.extend(columns);
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    let _ = ciborium::into_writer(&Value::Array(fields), &mut bytes);
    Sha256::new()
        .chain_update([0])
        .chain_update(salt)
        .chain_update(bytes)
        .finalize()
        .into()
}

/// A column that may be null.
pub(super) fn optional<T: Into<Value>>(column: Option<T>) -> Value {
    column.map_or(Value::Null, Into::into)
}
