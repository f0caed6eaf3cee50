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
        let per_byte = u64::from(8 / self.bits.clamp(1, 2));
        let byte = usize::try_from(idx / per_byte).ok().and_then(|at| self.bytes.get(at));
        let Some(byte) = byte else { return Status::Unknown };
        let shift = (idx % per_byte) * u64::from(self.bits.clamp(1, 2));
        match (self.bits, (byte >> shift) & 0b11) {
            (1, value) if value & 1 == 0 => Status::Valid,
            (1, _) => Status::Revoked,
            (_, 0) => Status::Valid,
            (_, 1) => Status::Revoked,
            (_, 2) => Status::Suspended,
            _ => Status::Unknown,
        }
    }
}
