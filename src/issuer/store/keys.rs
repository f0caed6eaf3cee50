//! The keys of passes and lists: their public halves, and when they sign. The private halves are files.

use super::{Store, signed, unsigned};
use crate::{issuer::IssuerError, pass::compose::thumbprint};

/// A key of the issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Ed25519.
    pub public: [u8; 32],
    /// First Seoul day on which it signs passes, in days since 1970-01-01.
    pub first: i64,
    /// Last such day.
    pub last: i64,
    /// From this second on none of its passes is accepted.
    pub verify_until: u64,
    /// Doors know it, and it does not sign yet.
    pub standby: bool,
    /// Since when nothing that it signed counts.
    pub distrusted: Option<u64>,
}

impl KeyInfo {
    /// By which people and passes name it: the first 4 bytes of the thumbprint, hexadecimal.
    #[must_use]
    pub fn kid(&self) -> String {
        hex::encode(&thumbprint(&self.public)[..4])
    }

    /// Whether it signs on a Seoul day.
    #[must_use]
    pub fn signs_on(&self, day: i64) -> bool {
        !self.standby && self.distrusted.is_none() && (self.first..=self.last).contains(&day)
    }
}

impl Store {
    /// Every key, the newest first.
    pub(in crate::issuer) fn keys(&self) -> Result<Vec<KeyInfo>, IssuerError> {
        let mut query = self.db.prepare_cached(
            "SELECT public, first, last, verify_until, standby, distrusted FROM key ORDER BY first DESC, public",
        )?;
        let keys = query.query_map([], |row| {
            Ok(KeyInfo {
                public: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
                verify_until: unsigned(row.get(3)?),
                standby: row.get(4)?,
                distrusted: row.get::<_, Option<i64>>(5)?.map(unsigned),
            })
        })?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// Adds a key, or changes what is known of it.
    pub(in crate::issuer) fn keep_key(&self, key: &KeyInfo) -> Result<(), IssuerError> {
        let _ = self.db.execute(
            "INSERT OR REPLACE INTO key (public, first, last, verify_until, standby, distrusted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![
                key.public,
                key.first,
                key.last,
                signed(key.verify_until),
                key.standby,
                key.distrusted.map(signed),
            ],
        )?;
        Ok(())
    }
}
