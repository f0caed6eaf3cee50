//! What the till is still to be told: queued in the transaction that writes the entry, gone when the till has it.

use rusqlite::{Connection, OptionalExtension};

use super::{Store, StoreError, keys, keys::Key, signed, unsigned};
use crate::pass::Reference;

/// Rows of one way at most. A till that never comes back must not fill the disk.
const MOST: i64 = 1_000_000;
/// What the sealed reference is bound to.
const LABEL: &str = "reference";

/// How the till is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A webhook.
    Url,
    /// A Unix socket of this machine.
    Socket,
}

impl Way {
    /// The name in the database and in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Socket => "socket",
        }
    }
}

/// What is to be told of an entry, when it is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Who pays.
    pub reference: Reference,
    /// Each way is told by itself.
    pub ways: Vec<Way>,
}

/// An entry that a till was not told of yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    n: i64,
    /// The same however often it is told: by this the till counts it once.
    pub id: String,
    /// The entry's row number.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Who pays.
    pub reference: Reference,
}

/// How much waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Entries.
    pub waiting: u64,
    /// When the oldest of them was written, milliseconds since 1970.
    pub oldest_ms: Option<u64>,
}

impl Store {
    /// The entry that a way has to tell next.
    ///
    /// # Errors
    /// What SQLite said, or [`StoreError::Damaged`].
    pub fn outbox_first(&self, way: Way) -> Result<Option<Waiting>, StoreError> {
        let row = self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT n, id, seq, at_ms, reference FROM outbox WHERE way = ?1 ORDER BY n LIMIT 1",
                )?
                .query_row([way.name()], |row| {
                    let sealed: Vec<u8> = row.get(4)?;
                    let n: i64 = row.get(0)?;
                    Ok((n, row.get(1)?, unsigned(row.get(2)?), unsigned(row.get(3)?), sealed))
                })
                .optional()?)
        })?;
        let Some((n, id, seq, at_ms, sealed)) = row else {
            return Ok(None);
        };
        let reference = self.inner.keys.open(&sealed, LABEL);
        let reference = reference
            .and_then(|plain| plain.try_into().ok())
            .map(Reference)
            .ok_or_else(|| StoreError::Damaged {
                seq,
                problem: "its payment reference cannot be read".into(),
            })?;
        Ok(Some(Waiting {
            n,
            id,
            seq,
            at_ms,
            reference,
        }))
    }

    /// The till has it.
    ///
    /// # Errors
    /// What SQLite said: it will be told again.
    pub fn outbox_told(&self, way: Way, told: &Waiting) -> Result<(), StoreError> {
        let n = told.n;
        self.inner.writer.run(move |db| {
            db.prepare_cached("DELETE FROM outbox WHERE way = ?1 AND n = ?2")?
                .execute((way.name(), n))?;
            Ok(())
        })
    }

    /// How much waits, the longer one of the queues.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn outbox_backlog(&self) -> Result<Backlog, StoreError> {
        self.read(|db| {
            let mut longest = Backlog::default();
            for way in [Way::Url, Way::Socket] {
                let waiting = length(db, way)?;
                let oldest = "SELECT at_ms FROM outbox WHERE way = ?1 ORDER BY n LIMIT 1";
                let oldest: Option<i64> = db
                    .prepare_cached(oldest)?
                    .query_row([way.name()], |row| row.get(0))
                    .optional()?;
                if unsigned(waiting) > longest.waiting {
                    longest = Backlog {
                        waiting: unsigned(waiting),
                        oldest_ms: oldest.map(unsigned),
                    };
                }
            }
            Ok(longest)
        })
    }
}

/// Rows of a queue: counted by its ends, since a million of them are not looked at while somebody waits at the door.
fn length(db: &Connection, way: Way) -> Result<i64, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT ifnull((SELECT max(n) FROM outbox WHERE way = ?1)
                         - (SELECT min(n) FROM outbox WHERE way = ?1) + 1, 0)",
        )?
        .query_row([way.name()], |row| row.get(0))?)
}

/// Queues an entry, in the transaction that writes it. A full queue keeps what it has, and the door opens all the same.
pub(super) fn queue(
    db: &Connection,
    keys: &Key,
    seq: u64,
    at_ms: u64,
    notice: &Notice,
) -> Result<(), StoreError> {
    let id = format!("msg_{}", hex::encode(keys::random::<16>()?));
    for way in &notice.ways {
        if length(db, *way)? >= MOST {
            tracing::error!(
                seq,
                way = way.name(),
                "{MOST} entries wait for the till; it is never told of this one"
            );
            continue;
        }
        let sealed = keys.seal(&notice.reference.0, LABEL)?;
        db.prepare_cached(
            "INSERT INTO outbox (way, n, id, seq, at_ms, reference)
             VALUES (?1, ifnull((SELECT max(n) FROM outbox WHERE way = ?1), 0) + 1, ?2, ?3, ?4, ?5)",
        )?
        .execute((way.name(), &id, signed(seq), signed(at_ms), sealed))?;
    }
    Ok(())
}
