//! Erasing what is older than the owner allows.

use rusqlite::TransactionBehavior;

use super::{Store, StoreError, admit, signed, unsigned};

/// Views of the log are kept for a year.
const ACCESS_SECONDS: i64 = 366 * 86_400;

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Days before this one (days since 1970-01-01, Seoul).
    pub before: i64,
    /// Entries that were erased.
    pub entries: u64,
    /// When, seconds since 1970.
    pub at: u64,
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
            step.commit()?;
            if entries > 0 {
                db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            }
            Ok(Receipt {
                before,
                entries: unsigned(entries),
                at: now,
            })
        })
    }
}
