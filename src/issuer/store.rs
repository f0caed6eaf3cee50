//! What was issued, in SQLite. No name, no birth date, no credential.

mod desk;
mod export;
mod keys;
mod links;
mod lists;
mod passes;

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::{IssuerError, IssuerSettings, keys::file};
use crate::{gate::age, pass::credential::CROCKFORD};

pub use desk::Notice;
pub(super) use export::EXPORTED;
pub use keys::KeyInfo;
pub use links::OpenLink;
pub(super) use links::StoredLink;
pub use passes::{Counts, Pass, State};
pub(super) use passes::{Holding, NewPass};

/// The database in the issuer's folder.
pub(super) const FILE: &str = "issuer.db";

const SCHEMA: &str = "
    -- One value a name: id, name_ko, name_en, entries, bits, made, version, open_list.
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE pass (
        idx     INTEGER PRIMARY KEY,             -- place in the status lists, one behind the other
        number  TEXT NOT NULL UNIQUE,            -- sub
        service TEXT NOT NULL,
        kind    TEXT NOT NULL,
        exp     INTEGER NOT NULL,                -- seconds since 1970
        at      INTEGER NOT NULL,                -- when it was issued
        state   INTEGER NOT NULL DEFAULT 0,      -- 0 valid, 1 revoked, 2 suspended: as in the list
        changed INTEGER                          -- when that changed
    ) STRICT;
    PRAGMA user_version = 1;
";

/// The steps to newer versions: links, renewals and the owner's pages; keys and lists that follow one another;
/// passes for some visits, and notes.
const STEPS: [&str; 3] = [
    include_str!("store/schema.sql"),
    include_str!("store/shards.sql"),
    include_str!("store/guests.sql"),
];

/// Letters of a pass number.
pub(super) const NUMBER: usize = 7;

/// The open database.
pub(super) struct Store {
    db: Connection,
}

impl Store {
    pub(super) fn create(
        folder: &Path,
        settings: &IssuerSettings,
        now: u64,
    ) -> Result<Self, IssuerError> {
        let db = connect(folder)?;
        db.execute_batch(SCHEMA)?;
        migrate(&db)?;
        let store = Self { db };
        let values = [
            ("id", settings.id.clone()),
            ("name_ko", settings.name_ko.clone().unwrap_or_default()),
            ("name_en", settings.name_en.clone().unwrap_or_default()),
            ("entries", settings.entries.to_string()),
            ("bits", settings.bits.to_string()),
            ("made", age::seoul_day(now).to_string()),
        ];
        for (name, value) in values {
            store.set(name, &value)?;
        }
        store.announce(0)?;
        Ok(store)
    }

    pub(super) fn open(folder: &Path) -> Result<Self, IssuerError> {
        let db = connect(folder)?;
        migrate(&db)?;
        Ok(Self { db })
    }

    /// Runs a statement that gives nothing.
    pub(super) fn batch(&self, sql: &str) -> Result<(), IssuerError> {
        Ok(self.db.execute_batch(sql)?)
    }

    /// A number that changes when another connection has written.
    pub(super) fn data_version(&self) -> Result<i64, IssuerError> {
        Ok(self
            .db
            .pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Passes that a list has room for.
    pub(super) fn entries(&self) -> Result<u32, IssuerError> {
        self.number("entries")
    }

    pub(super) fn bits(&self) -> Result<u8, IssuerError> {
        self.number("bits")
    }

    pub(super) fn text(&self, name: &str) -> Result<String, IssuerError> {
        let value = self
            .db
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(value.unwrap_or_default())
    }

    /// 0 where it was never set.
    pub(super) fn number<T: std::str::FromStr + Default>(
        &self,
        name: &str,
    ) -> Result<T, IssuerError> {
        Ok(self.text(name)?.parse().unwrap_or_default())
    }

    pub(super) fn set(&self, name: &str, value: &str) -> Result<(), IssuerError> {
        let _ = self.db.execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            (name, value),
        )?;
        Ok(())
    }
}

/// Brings a database to the newest version, each step whole or not at all.
fn migrate(db: &Connection) -> Result<(), IssuerError> {
    let version: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = (version as usize).checked_sub(1);
    let steps = done.and_then(|done| STEPS.get(done..));
    let steps = steps.ok_or_else(|| {
        IssuerError::Rule(format!(
            "issuer.db has version {version}: a newer program is needed"
        ))
    })?;
    for (step, next) in steps.iter().zip(version + 1..) {
        db.execute_batch(&format!(
            "BEGIN IMMEDIATE; {step} PRAGMA user_version = {next}; COMMIT;"
        ))?;
    }
    Ok(())
}

fn connect(folder: &Path) -> Result<Connection, IssuerError> {
    let path = folder.join(FILE);
    crate::store::private_file(&path).map_err(|error| file(&path, &error))?;
    let db = Connection::open(path)?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    // Checkpoints are small, so that no renewal waits long for one.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 100;",
    )?;
    Ok(db)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn random_text(length: usize) -> Result<String, IssuerError> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|_| IssuerError::Random)?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(CROCKFORD[usize::from(byte % 32)]))
        .collect())
}

fn random_below(limit: u32) -> Result<u32, IssuerError> {
    let random = getrandom::u64().map_err(|_| IssuerError::Random)?;
    // The upper half of a product is even over the range to one part in 2^40.
    Ok(u32::try_from((u128::from(random) * u128::from(limit)) >> 64).unwrap_or(0))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A database as version 2 of it left it, with one revoked pass at place 17.
    pub(in crate::issuer) fn older(folder: &Path, uri: &str, entries: u32, made: i64) {
        let db = connect(folder).unwrap();
        db.execute_batch(SCHEMA).unwrap();
        db.execute_batch(STEPS[0]).unwrap();
        db.pragma_update(None, "user_version", 2).unwrap();
        let store = Store { db };
        for (name, value) in [
            ("id", "shop"),
            ("name_en", "Hanbit"),
            ("uri", uri),
            ("entries", &entries.to_string()),
            ("bits", "1"),
            ("made", &made.to_string()),
            ("version", "7"),
            ("list_iat", "1795449000"),
        ] {
            store.set(name, value).unwrap();
        }
        store
            .batch("INSERT INTO pass (idx, number, service, kind, exp, at, state) VALUES (17, '7KQ2M9F', 'entry', 'printed', 1900000000, 1, 1)")
            .unwrap();
    }
}
