//! `issuers.json`, format 1.

/// A status list that the kiosk shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// `sub` of the list.
    pub uri: String,
    /// 1 or 2.
    pub bits: u8,
    /// Number of passes, a multiple of 8.
    pub entries: u32,
}

impl Announced {
    /// Bytes of the inflated list.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.entries as usize / 8 * self.bits as usize
    }

    /// The name of its TUF target.
    #[must_use]
    pub fn target(&self) -> String {
        format!("status/{}.cwt", self.uri.replace(':', "_"))
    }
}
