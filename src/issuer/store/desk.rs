//! What belongs to the owner's pages: notices and sessions.

use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};

use super::{Store, signed, unsigned};
use crate::issuer::IssuerError;

/// Notices that are kept.
const NOTICES: u32 = 200;

/// Something that the owner should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// When, seconds since 1970.
    pub at: u64,
    /// Which kind: `link-used-again`, `link-expired`, `guessing`, `login-locked`.
    pub kind: String,
    /// More of it, such as a pass number.
    pub detail: String,
}

impl Store {
    pub(in crate::issuer) fn notice(
        &self,
        kind: &str,
        detail: &str,
        now: u64,
    ) -> Result<(), IssuerError> {
        let _ = self
            .db
            .prepare_cached("INSERT INTO notice (at, kind, detail) VALUES (?1, ?2, ?3)")?
            .execute((signed(now), kind, detail))?;
        let _ = self.db.execute(
            "DELETE FROM notice WHERE id <= (SELECT max(id) FROM notice) - ?1",
            [NOTICES],
        )?;
        Ok(())
    }

    /// The newest first.
    pub(in crate::issuer) fn notices(&self, most: u32) -> Result<Vec<Notice>, IssuerError> {
        let mut query = self
            .db
            .prepare_cached("SELECT at, kind, detail FROM notice ORDER BY id DESC LIMIT ?1")?;
        let notices = query.query_map([most], |row| {
            Ok(Notice {
                at: unsigned(row.get(0)?),
                kind: row.get(1)?,
                detail: row.get(2)?,
            })
        })?;
        Ok(notices.collect::<Result<_, _>>()?)
    }

    /// Begins a session; those that ended are forgotten.
    pub(in crate::issuer) fn begin_session(
        &self,
        token: &str,
        csrf: &str,
        until: u64,
        now: u64,
    ) -> Result<(), IssuerError> {
        let _ = self
            .db
            .execute("DELETE FROM session WHERE until <= ?1", [signed(now)])?;
        let _ = self.db.execute(
            "INSERT INTO session (token, csrf, until) VALUES (?1, ?2, ?3)",
            (Sha256::digest(token).to_vec(), csrf, signed(until)),
        )?;
        Ok(())
    }

    /// The CSRF token of a session that goes on.
    pub(in crate::issuer) fn session(
        &self,
        token: &str,
        now: u64,
    ) -> Result<Option<String>, IssuerError> {
        let csrf = self
            .db
            .prepare_cached("SELECT csrf FROM session WHERE token = ?1 AND until > ?2")?
            .query_row((Sha256::digest(token).to_vec(), signed(now)), |row| {
                row.get(0)
            });
        Ok(csrf.optional()?)
    }

    /// Ends one session, or all of them.
    pub(in crate::issuer) fn end_session(&self, token: Option<&str>) -> Result<(), IssuerError> {
        let token = token.map(|token| Sha256::digest(token).to_vec());
        let _ = self.db.execute(
            "DELETE FROM session WHERE ?1 IS NULL OR token = ?1",
            [token],
        )?;
        Ok(())
    }
}
