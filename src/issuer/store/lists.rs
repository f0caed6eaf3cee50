//! The status lists: each has room for `entries` passes, and a new one is begun when no place is left.

use rusqlite::OptionalExtension;

use super::{Store, random_below, random_text, signed, unsigned};
use crate::{issuer::IssuerError, trust::issuers::MAX_LIST_BYTES};

/// So many places in a row that are taken, and the next list is announced: kiosks hold it before the first pass points to it.
pub(super) const ANNOUNCE: u32 = 4;
/// So many, and the next list is begun: nine of ten places are taken then.
pub(super) const BEGIN: u32 = 100;

/// A status list as it was published last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::issuer) struct Shard {
    /// Its place among the lists.
    pub(in crate::issuer) n: u64,
    pub(in crate::issuer) uri: String,
    /// A status changed since it was signed.
    pub(in crate::issuer) changed: bool,
    pub(in crate::issuer) iat: u64,
    pub(in crate::issuer) signer: Option<[u8; 32]>,
}

impl Store {
    /// Adds a list where it is missing. Its name is random, so that no two issuers of one kiosk answer for each other's passes.
    pub(in crate::issuer) fn announce(&self, n: u64) -> Result<(), IssuerError> {
        let bytes = u64::from(self.entries()? / 8) * u64::from(self.bits()?);
        if (n + 1).saturating_mul(bytes) > MAX_LIST_BYTES {
            return Err(IssuerError::Full);
        }
        let there = "SELECT EXISTS (SELECT 1 FROM list WHERE n = ?1)";
        while !self
            .db
            .query_row(there, [signed(n)], |row| row.get::<_, bool>(0))?
        {
            let letter = char::from(b'a' + u8::try_from(random_below(26)?).unwrap_or(0));
            let uri = format!("{letter}:{}", random_text(4)?.to_lowercase());
            let _ = self.db.execute(
                "INSERT OR IGNORE INTO list (n, uri) VALUES (?1, ?2)",
                (signed(n), uri),
            )?;
        }
        Ok(())
    }

    /// A random place among the first `places` of the list that is filled, taken or not.
    pub(super) fn random_place(&self, places: u32) -> Result<u64, IssuerError> {
        let open: u64 = self.number("open_list")?;
        Ok(open * u64::from(self.entries()?) + u64::from(random_below(places)?))
    }

    /// What follows from so many taken places in a row.
    pub(super) fn grow(&self, taken: u32) -> Result<(), IssuerError> {
        let open: u64 = self.number("open_list")?;
        match taken {
            // The last list of all can still be filled.
            ANNOUNCE => match self.announce(open + 1) {
                Err(IssuerError::Full) => Ok(()),
                announced => announced,
            },
            BEGIN => {
                self.announce(open + 1)?;
                self.set("open_list", &(open + 1).to_string())
            }
            _ => Ok(()),
        }
    }

    /// The list of a place, and the index in it.
    pub(in crate::issuer) fn status_ref(&self, place: u64) -> Result<(String, u64), IssuerError> {
        let entries = u64::from(self.entries()?.max(8));
        let uri = self
            .db
            .prepare_cached("SELECT uri FROM list WHERE n = ?1")?
            .query_row([signed(place / entries)], |row| row.get(0))?;
        Ok((uri, place % entries))
    }

    pub(in crate::issuer) fn lists(&self) -> Result<Vec<Shard>, IssuerError> {
        let mut query = self
            .db
            .prepare_cached("SELECT n, uri, changed, iat, signer FROM list ORDER BY n")?;
        let lists = query.query_map([], |row| {
            Ok(Shard {
                n: unsigned(row.get(0)?),
                uri: row.get(1)?,
                changed: row.get(2)?,
                iat: unsigned(row.get(3)?),
                signer: row.get(4)?,
            })
        })?;
        Ok(lists.collect::<Result<_, _>>()?)
    }

    /// A list as it was published last.
    pub(in crate::issuer) fn token(&self, n: u64) -> Result<Vec<u8>, IssuerError> {
        let token = self
            .db
            .query_row("SELECT token FROM list WHERE n = ?1", [signed(n)], |row| {
                row.get::<_, Option<Vec<u8>>>(0)
            })
            .optional()?;
        Ok(token.flatten().unwrap_or_default())
    }

    /// A list was signed anew.
    pub(in crate::issuer) fn signed_list(
        &self,
        n: u64,
        iat: u64,
        signer: &[u8; 32],
        token: &[u8],
    ) -> Result<(), IssuerError> {
        let _ = self.db.execute(
            "UPDATE list SET changed = 0, iat = ?2, signer = ?3, token = ?4 WHERE n = ?1",
            (signed(n), signed(iat), signer, token),
        )?;
        Ok(())
    }

    /// The statuses of a list, lowest index in the lowest bits.
    pub(in crate::issuer) fn statuses(&self, n: u64) -> Result<Vec<u8>, IssuerError> {
        let bits = usize::from(self.bits()?);
        let entries = self.entries()?;
        let first = n * u64::from(entries);
        let mut bytes = vec![0; entries as usize / 8 * bits];
        let mut query = self.db.prepare_cached(
            "SELECT idx - ?1, state FROM pass INDEXED BY pass_state WHERE state <> 0 AND idx >= ?1 AND idx < ?2",
        )?;
        let mut rows = query.query([signed(first), signed(first + u64::from(entries))])?;
        while let Some(row) = rows.next()? {
            let (idx, state): (u32, u8) = (row.get(0)?, row.get(1)?);
            let at = idx as usize * bits;
            if let Some(byte) = bytes.get_mut(at / 8) {
                *byte |= state << (at % 8);
            }
        }
        Ok(bytes)
    }
}
