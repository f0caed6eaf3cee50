//! Token Status List, CWT form (draft-ietf-oauth-status-list-20): one bit or two for every pass.

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
    /// The status of an index.
    #[must_use]
    pub fn get(&self, idx: u64) -> Status {
        let _ = idx;
        Status::Unknown
    }
}
