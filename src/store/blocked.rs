//! Passes that staff block at this kiosk. It works offline and is kept apart from the issuers' lists.

use rusqlite::{Connection, OptionalExtension, Row};

use super::{Store, StoreError, entries::note_access, keys::Key, signed, unsigned};

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The pass number.
    pub number: String,
    /// Who blocked it.
    pub who: String,
    /// Why: one of [`WHY`], or what was given at the command line.
    pub why: String,
    /// When, seconds since 1970.
    pub at: u64,
}

/// The reasons that the staff pages offer. A free text would soon hold somebody's name.
pub const WHY: [&str; 3] = ["lost", "misuse", "other"];

impl Store {
    /// Blocks a pass number; `false` when it was blocked already. Who did it is noted beside who looked at the log.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn block(&self, number: &str, who: &str, why: &str, now: u64) -> Result<bool, StoreError> {
        let (number, who, why) = (number.to_string(), who.to_string(), why.to_string());
        let keys = self.inner.keys.clone();
        self.inner.writer.run(move |db| {
            let step = db.transaction()?;
            let sealed = keys.seal(number.as_bytes(), "blocked")?;
            let added = step.execute(
                "INSERT OR IGNORE INTO blocked (pass_mac, pass, who, why, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                (mac(&keys, &number), sealed, &who, why, signed(now)),
            )?;
            if added > 0 {
                note_access(&step, &who, "block a pass", now)?;
            }
            step.commit()?;
            Ok(added > 0)
        })
    }

    /// Takes a block back; `false` when there is none.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn unblock(&self, number: &str, who: &str, now: u64) -> Result<bool, StoreError> {
        let (number, who, keys) = (number.to_string(), who.to_string(), self.inner.keys.clone());
        self.inner.writer.run(move |db| {
            let step = db.transaction()?;
            let mac = mac(&keys, &number);
            let removed = step.execute("DELETE FROM blocked WHERE pass_mac = ?1", [mac])?;
            if removed > 0 {
                note_access(&step, &who, "unblock a pass", now)?;
            }
            step.commit()?;
            Ok(removed > 0)
        })
    }

    /// Every block, newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn blocked(&self) -> Result<Vec<Blocked>, StoreError> {
        self.read(|db| {
            let mut query =
                db.prepare("SELECT pass, who, why, at FROM blocked ORDER BY at DESC")?;
            let rows = query
                .query_map([], sealed)?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(rows
                .into_iter()
                .filter_map(|row| self.opened(row))
                .collect())
        })
    }

    /// The block of one pass.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn block_of(&self, number: &str) -> Result<Option<Blocked>, StoreError> {
        self.read(|db| {
            let row = db
                .prepare_cached("SELECT pass, who, why, at FROM blocked WHERE pass_mac = ?1")?
                .query_row([mac(&self.inner.keys, number)], sealed)
                .optional()?;
            Ok(row.and_then(|row| self.opened(row)))
        })
    }

    fn opened(&self, (pass, mut block): (Vec<u8>, Blocked)) -> Option<Blocked> {
        block.number = String::from_utf8(self.inner.keys.open(&pass, "blocked")?).ok()?;
        Some(block)
    }
}

/// A row, with the number still sealed.
fn sealed(row: &Row<'_>) -> rusqlite::Result<(Vec<u8>, Blocked)> {
    let block = Blocked {
        number: String::new(),
        who: row.get(1)?,
        why: row.get(2)?,
        at: unsigned(row.get(3)?),
    };
    Ok((row.get(0)?, block))
}

pub(super) fn is_blocked(db: &Connection, keys: &Key, number: &str) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM blocked WHERE pass_mac = ?1")?
        .exists([mac(keys, number)])?)
}

fn mac(keys: &Key, number: &str) -> [u8; 16] {
    keys.mac("blocked", &[number.as_bytes()])
}
