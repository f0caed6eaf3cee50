//! Passes that staff block at this kiosk. It works offline and is kept apart from the issuers' lists.

use rusqlite::Connection;

use super::{Store, StoreError, keys::Key, signed, unsigned};

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The pass number.
    pub number: String,
    /// Who blocked it.
    pub who: String,
    /// When, seconds since 1970.
    pub at: u64,
}

impl Store {
    /// Blocks or unblocks a pass number; `false` when it was so already.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn set_blocked(
        &self,
        number: &str,
        blocked: bool,
        who: &str,
        now: u64,
    ) -> Result<bool, StoreError> {
        let (number, who, keys) = (number.to_string(), who.to_string(), self.inner.keys.clone());
        self.inner.writer.run(move |db| {
            let mac = mac(&keys, &number);
            let changed = if blocked {
                let sealed = keys.seal(number.as_bytes(), "blocked")?;
                db.execute(
                    "INSERT OR IGNORE INTO blocked (pass_mac, pass, who, at) VALUES (?1, ?2, ?3, ?4)",
                    (mac, sealed, who, signed(now)),
                )?
            } else {
                db.execute("DELETE FROM blocked WHERE pass_mac = ?1", [mac])?
            };
            Ok(changed > 0)
        })
    }

    /// Every block, newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn blocked(&self) -> Result<Vec<Blocked>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare("SELECT pass, who, at FROM blocked ORDER BY at DESC")?;
            let rows = query
                .query_map([], |row| {
                    Ok((
                        row.get::<_, Vec<u8>>(0)?,
                        row.get(1)?,
                        unsigned(row.get(2)?),
                    ))
                })?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(rows
                .into_iter()
                .filter_map(|(sealed, who, at)| {
                    let number =
                        String::from_utf8(self.inner.keys.open(&sealed, "blocked")?).ok()?;
                    Some(Blocked { number, who, at })
                })
                .collect())
        })
    }
}

pub(super) fn is_blocked(db: &Connection, keys: &Key, number: &str) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM blocked WHERE pass_mac = ?1")?
        .exists([mac(keys, number)])?)
}

fn mac(keys: &Key, number: &str) -> [u8; 16] {
    keys.mac("blocked", &[number.as_bytes()])
}
