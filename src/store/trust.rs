//! Accepted trust, byte by byte.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{Store, StoreError, signed, unsigned};
use crate::trust::{Trust, repository};

/// One TUF repository as it was accepted: the bytes that were verified, to be loaded again at the next start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustSnapshot {
    /// The anchor: SHA-256 of the first pinned root, hexadecimal.
    pub anchor: String,
    /// Where updates come from: a folder or a URL.
    pub location: String,
    /// What the server calls metadata files, by their names: entity tags (RFC 9110 section 8.8.3).
    pub tags: Vec<(String, String)>,
    /// Metadata files by name (`root.json`, `timestamp.json`, ...): the trusted state of the TUF client.
    pub metadata: Vec<(String, Vec<u8>)>,
    /// Targets by name (`issuers.json`, `status/k_3.12.cwt`).
    pub targets: Vec<(String, Vec<u8>)>,
    /// When it was accepted, seconds since 1970.
    pub accepted_at: u64,
}

/// The metadata file that stands for the whole state: every change of a repository changes it.
const TIMESTAMP: &str = "timestamp.json";

impl TrustSnapshot {
    fn timestamp(&self) -> Option<&[u8]> {
        let file = self.metadata.iter().find(|(name, _)| name == TIMESTAMP);
        file.map(|(_, bytes)| bytes.as_slice())
    }
}

impl Store {
    /// Whom to trust, from the accepted repositories, as far as the owner lets their issuers open this door.
    ///
    /// # Errors
    /// What SQLite said, or [`StoreError::Trust`] when stored bytes do not hold.
    pub fn trusted(&self) -> Result<Trust, StoreError> {
        let mut trust = repository::restore(&self.load_trust()?)?;
        self.narrow(&mut trust)?;
        Ok(trust)
    }

    /// Replaces the state of one repository (same `anchor`), whole or not at all. `old` is the state that `new` was
    /// verified against, `None` for a new anchor.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when another process replaced it meanwhile, or what SQLite said; the state that is
    /// there then stays.
    pub fn save_trust(
        &self,
        new: &TrustSnapshot,
        old: Option<&TrustSnapshot>,
    ) -> Result<(), StoreError> {
        let new = new.clone();
        let expected = old.and_then(|old| old.timestamp().map(<[u8]>::to_vec));
        self.inner.writer.run(move |db| {
            let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let there: Option<Vec<u8>> = step
                .query_row(
                    "SELECT bytes FROM trust_file WHERE anchor = ?1 AND kind = 'metadata' AND name = ?2",
                    [&new.anchor, TIMESTAMP],
                    |row| row.get(0),
                )
                .optional()?;
            if there != expected {
                return Err(StoreError::Overtaken);
            }
            let pinned: Option<i64> = step
                .query_row(
                    "SELECT pinned FROM trust WHERE anchor = ?1",
                    [&new.anchor],
                    |row| row.get(0),
                )
                .optional()?;
            let pinned = match pinned {
                Some(pinned) => pinned,
                None => {
                    step.query_row("SELECT ifnull(max(pinned), 0) + 1 FROM trust", [], |row| {
                        row.get(0)
                    })?
                }
            };
            step.execute("DELETE FROM trust WHERE anchor = ?1", [&new.anchor])?;
            step.execute(
                "INSERT INTO trust (anchor, location, accepted_at, pinned) VALUES (?1, ?2, ?3, ?4)",
                (&new.anchor, &new.location, signed(new.accepted_at), pinned),
            )?;
            let files = new.metadata.iter().map(|file| ("metadata", file));
            for (kind, (name, bytes)) in
                files.chain(new.targets.iter().map(|file| ("target", file)))
            {
                step.prepare_cached(
                    "INSERT INTO trust_file (anchor, kind, name, bytes) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((&new.anchor, kind, name, bytes))?;
            }
            write_tags(&step, &new)?;
            step.commit()?;
            Ok(())
        })
    }

    /// Writes what the server calls the files of a repository that did not change themselves.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn save_tags(&self, snapshot: &TrustSnapshot) -> Result<(), StoreError> {
        let snapshot = snapshot.clone();
        self.inner.writer.run(move |db| {
            let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            write_tags(&step, &snapshot)?;
            step.commit()?;
            Ok(())
        })
    }

    /// Forgets a repository; `false` when it is not there.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn remove_trust(&self, anchor: &str) -> Result<bool, StoreError> {
        let anchor = anchor.to_string();
        self.inner.writer.run(move |db| {
            let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let removed = step.execute("DELETE FROM trust WHERE anchor = ?1", [&anchor])?;
            step.execute("DELETE FROM trust_road WHERE anchor = ?1", [&anchor])?;
            step.commit()?;
            Ok(removed > 0)
        })
    }

    /// Every accepted repository, in the order of pinning.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn load_trust(&self) -> Result<Vec<TrustSnapshot>, StoreError> {
        self.read(|db| {
            // One transaction: an update between two queries must not be seen by half.
            let step = db.unchecked_transaction()?;
            let mut query = step.prepare("SELECT anchor, location, accepted_at FROM trust ORDER BY pinned")?;
            let mut snapshots = query
                .query_map([], |row| {
                    Ok(TrustSnapshot {
                        anchor: row.get(0)?,
                        location: row.get(1)?,
                        accepted_at: unsigned(row.get(2)?),
                        ..TrustSnapshot::default()
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            for snapshot in &mut snapshots {
                let files = |kind: &str| {
                    step.prepare_cached("SELECT name, bytes FROM trust_file WHERE anchor = ?1 AND kind = ?2 ORDER BY name")?
                        .query_map((&snapshot.anchor, kind), |row| Ok((row.get(0)?, row.get(1)?)))?
                        .collect::<Result<Vec<_>, _>>()
                };
                let (metadata, targets) = (files("metadata")?, files("target")?);
                snapshot.tags = step
                    .prepare_cached("SELECT name, tag FROM trust_tag WHERE anchor = ?1 ORDER BY name")?
                    .query_map([&snapshot.anchor], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect::<Result<Vec<_>, _>>()?;
                snapshot.metadata = metadata;
                snapshot.targets = targets;
            }
            Ok(snapshots)
        })
    }

    /// Which repositories are in force and since when, and what the owner forbids: what changes when trust changes,
    /// without its bytes.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn trust_stamp(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT anchor || (SELECT ifnull(max(hex(bytes)), '') FROM trust_file
                                   WHERE trust_file.anchor = trust.anchor AND kind = 'metadata' AND name = 'timestamp.json'),
                        accepted_at
                 FROM trust ORDER BY pinned",
            )?;
            let mut forbidden = db.prepare_cached(
                "SELECT 'forbidden ' || issuer || ' ' || service, at FROM forbidden",
            )?;
            let stamp = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, unsigned(row.get(1)?)));
            let stamps = query.query_map([], stamp)?;
            Ok(stamps
                .chain(forbidden.query_map([], stamp)?)
                .collect::<Result<Vec<_>, _>>()?)
        })
    }
}

fn write_tags(db: &Connection, snapshot: &TrustSnapshot) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM trust_tag WHERE anchor = ?1")?
        .execute([&snapshot.anchor])?;
    let mut insert =
        db.prepare_cached("INSERT INTO trust_tag (anchor, name, tag) VALUES (?1, ?2, ?3)")?;
    for (name, tag) in &snapshot.tags {
        insert.execute((&snapshot.anchor, name, tag))?;
    }
    Ok(())
}
