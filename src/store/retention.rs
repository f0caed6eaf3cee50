//! Erasing what is older than the owner allows.

use rusqlite::{Connection, TransactionBehavior};

use super::{BUSY, Store, StoreError, admit, set, setting, signed, unsigned};

/// Views of the log are kept for a year.
const ACCESS_SECONDS: i64 = 366 * 86_400;

/// The setting that remembers that the write-ahead log is to be emptied.
const WIPE_DUE: &str = "wipe_due";

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Days before this one (days since 1970-01-01, Seoul).
    pub before: i64,
    /// Entries that were erased.
    pub entries: u64,
    /// When, seconds since 1970.
    pub at: u64,
    /// Whether no copy is left in the write-ahead log either; else the next call tries again.
    pub wiped: bool,
}

impl Store {
    /// Erases every entry before a Seoul day, its outcome and the key of its day; their leaves stay. The write-ahead log
    /// is emptied, so that no copy stays in it.
    ///
    /// # Errors
    /// What SQLite said; nothing was erased then.
    pub fn erase_older_than(&self, before: i64, now: u64) -> Result<Receipt, StoreError> {
        self.inner.writer.run(move |db| {
            let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let (entries, last_seq): (i64, i64) = step.query_row(
                "SELECT count(*), ifnull(max(seq), 0) FROM entry WHERE day < ?1",
                [before],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            step.execute(
                "DELETE FROM outcome WHERE seq IN (SELECT seq FROM entry WHERE day < ?1)",
                [before],
            )?;
            step.execute("DELETE FROM entry WHERE day < ?1", [before])?;
            step.execute("DELETE FROM day_key WHERE day < ?1", [before])?;
            step.execute(
                "DELETE FROM access WHERE at < ?1",
                [signed(now) - ACCESS_SECONDS],
            )?;
            admit::forget(&step, now)?;
            if entries > 0 {
                step.execute(
                    "INSERT INTO erasure (at, before, entries, last_seq) VALUES (?1, ?2, ?3, ?4)",
                    (signed(now), before, entries, last_seq),
                )?;
            }
            if entries > 0 {
                set(&step, WIPE_DUE, 1)?;
            }
            step.commit()?;
            let wiped = wipe(db)?;
            Ok(Receipt {
                before,
                entries: unsigned(entries),
                at: now,
                wiped,
            })
        })
    }
}

/// Empties the write-ahead log where that is due; `false` when somebody reads it just now: visitors do not wait for that.
fn wipe(db: &Connection) -> Result<bool, StoreError> {
    if setting(db, WIPE_DUE)?.unwrap_or(0) == 0 {
        return Ok(true);
    }
    db.busy_timeout(std::time::Duration::ZERO)?;
    let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, i64>(0)
    });
    db.busy_timeout(BUSY)?;
    let wiped = busy.is_ok_and(|busy| busy == 0);
    if wiped {
        set(db, WIPE_DUE, 0)?;
    }
    Ok(wiped)
}
