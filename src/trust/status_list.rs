//! Token Status List, CWT form (draft-ietf-oauth-status-list-20): one bit or two for every pass.
//!
//! ```text
//! list      = #6.18([bstr .cbor protected, {}, bstr .cbor claims, bstr .size 64])
//! protected = {1: -19, 4: kid, 16: "application/statuslist+cwt"}
//! claims    = {2: uri, 6: iat, ? 4: exp, 65533: {"bits": 1 / 2, "lst": zlib}, ? 65534: ttl, * int => any}
//! ```

mod compose;
mod read;

pub(super) use read::stated_iat;

/// What a list says of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0.
    Valid,
    /// 1.
    Revoked,
    /// 2, of a 2-bit list.
    Suspended,
    /// 3, of a 2-bit list, or an index out of range.
    Unknown,
}

/// A list that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// `sub`, equal to the URI.
    pub uri: String,
    /// 1 or 2.
    pub bits: u8,
    /// `iat`, seconds since 1970.
    pub iat: u64,
    /// `exp`, where given.
    pub exp: Option<u64>,
    /// `ttl`, a hint to refresh.
    pub ttl: Option<u64>,
    /// The statuses, lowest index in the lowest bits.
    pub bytes: Vec<u8>,
}

impl StatusList {
    /// Number of passes that the list speaks of.
    #[must_use]
    pub fn passes(&self) -> usize {
        self.bytes.len() * 8 / usize::from(self.bits.max(1))
    }

    /// The status of an index (section 4.1 of the draft).
    #[must_use]
    pub fn get(&self, idx: u64) -> Status {
        let (per_byte, mask) = match self.bits {
            1 => (8, 0b1),
            2 => (4, 0b11),
            _ => return Status::Unknown,
        };
        let byte = usize::try_from(idx / per_byte)
            .ok()
            .and_then(|at| self.bytes.get(at));
        match byte.map(|byte| (byte >> ((idx % per_byte) * u64::from(self.bits))) & mask) {
            Some(0) => Status::Valid,
            Some(1) => Status::Revoked,
            Some(2) => Status::Suspended,
            _ => Status::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(bits: u8, bytes: &[u8]) -> StatusList {
        StatusList {
            uri: "k:1".into(),
            bits,
            iat: 0,
            exp: None,
            ttl: None,
            bytes: bytes.into(),
        }
    }

    #[test]
    fn the_examples_of_the_draft() {
        // Section 4.1: {1,0,0,1,1,1,0,1, 1,1,0,0,0,1,0,1} and {1,2,0,3, 0,1,0,1, 1,2,3,3}.
        let one = list(1, &[0xb9, 0xa3]);
        let expected = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
        for (idx, bit) in expected.into_iter().enumerate() {
            let status = [Status::Valid, Status::Revoked][bit];
            assert_eq!(one.get(idx as u64), status, "{idx}");
        }
        let two = list(2, &[0xc9, 0x44, 0xf9]);
        for (idx, value) in [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].into_iter().enumerate() {
            let all = [
                Status::Valid,
                Status::Revoked,
                Status::Suspended,
                Status::Unknown,
            ];
            assert_eq!(two.get(idx as u64), all[value], "{idx}");
        }
    }

    #[test]
    fn an_index_out_of_range_is_unknown() {
        for (bits, first_out) in [(1, 16), (2, 8)] {
            let list = list(bits, &[0, 0]);
            assert_eq!(list.get(first_out - 1), Status::Valid);
            for idx in [first_out, 1 << 32, (1 << 32) * 8, u64::MAX] {
                assert_eq!(list.get(idx), Status::Unknown, "{bits} bits, {idx}");
            }
        }
    }
}
