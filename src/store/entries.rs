//! Reading the log.

use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::{
    DayStats, Entry, EntryFilter, EntryKind, Store, StoreError,
    admit::{EntryRow, outcome_leaf},
    keys::Key,
    signed, unsigned,
};
use crate::pass::{Reason, Service};

/// The key of a day; made where `make` is set, else `None` when there is none.
pub(super) fn day_key(
    db: &Connection,
    folder: &Key,
    day: i64,
    make: bool,
) -> Result<Option<Key>, StoreError> {
    let label = format!("day {day}");
    let wrapped: Option<Vec<u8>> = db
        .prepare_cached("SELECT wrapped FROM day_key WHERE day = ?1")?
        .query_row([day], |row| row.get(0))
        .optional()?;
    match wrapped {
        Some(wrapped) => match folder.unwrap_child(&wrapped, &label) {
            Some(key) => Ok(Some(key)),
            // Reading goes on without pass numbers; writing must not go on with a key that nobody has.
            None if make => Err(StoreError::Database(
                "the key of the data folder is not the one it was made with".into(),
            )),
            None => Ok(None),
        },
        None if make => {
            let (key, wrapped) = folder.child(&label)?;
            db.execute(
                "INSERT INTO day_key (day, wrapped) VALUES (?1, ?2)",
                (day, wrapped),
            )?;
            Ok(Some(key))
        }
        None => Ok(None),
    }
}

/// One leaf of the log, checked against its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Position, from 1.
    pub n: u64,
    /// The hash as it is stored.
    pub hash: [u8; 32],
    /// What is wrong with its row, if anything.
    pub problem: Option<String>,
}

impl Store {
    /// Rows, newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn entries(&self, filter: &EntryFilter) -> Result<Vec<Entry>, StoreError> {
        self.read(|db| {
            let (wanted, mut values) = self.wanted(db, filter)?;
            values.push(Box::new(signed(filter.limit)));
            values.push(Box::new(signed(filter.offset)));
            let mut query = db.prepare_cached(&format!(
                "SELECT seq, at_ms, reason, service, kind, issuer, day, pass,
                        (SELECT state FROM outcome WHERE outcome.seq = entry.seq ORDER BY id DESC LIMIT 1)
                 FROM entry WHERE {wanted} ORDER BY entry.seq DESC LIMIT ? OFFSET ?"
            ))?;
            let mut rows = query.query(rusqlite::params_from_iter(values))?;
            let mut entries = Vec::new();
            let mut day: Option<(i64, Option<Key>)> = None;
            while let Some(row) = rows.next()? {
                let of_row: i64 = row.get(6)?;
                if day.as_ref().is_none_or(|(day, _)| *day != of_row) {
                    day = Some((of_row, day_key(db, &self.inner.keys, of_row, false)?));
                }
                entries.push(entry(row, day.as_ref().and_then(|(_, key)| key.as_ref()))?);
            }
            Ok(entries)
        })
    }

    /// How many rows a filter has, offset and limit apart.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn count(&self, filter: &EntryFilter) -> Result<u64, StoreError> {
        self.read(|db| {
            let (wanted, values) = self.wanted(db, filter)?;
            let count = db
                .prepare_cached(&format!("SELECT count(*) FROM entry WHERE {wanted}"))?
                .query_row(rusqlite::params_from_iter(values), |row| row.get(0))?;
            Ok(unsigned(count))
        })
    }

    /// Counts of one Seoul day.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn day_stats(&self, day: i64) -> Result<DayStats, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT verdict, count(*) FROM entry WHERE day = ?1 GROUP BY verdict",
            )?;
            let mut rows = query.query([day])?;
            let mut stats = DayStats::default();
            while let Some(row) = rows.next()? {
                let count = unsigned(row.get(1)?);
                match row.get_ref(0)?.as_str().unwrap_or("") {
                    "granted" => stats.granted = count,
                    "refused" => stats.refused = count,
                    _ => stats.undecided += count,
                }
            }
            Ok(stats)
        })
    }

    /// Goes through every leaf in order and compares it with its row; `see` gets each.
    ///
    /// # Errors
    /// What SQLite said. A row that does not hold is no error: `see` is told.
    pub fn verify(&self, mut see: impl FnMut(Leaf)) -> Result<(), StoreError> {
        self.read(|db| {
            let erased: i64 =
                db.query_row("SELECT ifnull(max(last_seq), 0) FROM erasure", [], |row| {
                    row.get(0)
                })?;
            let mut query = db.prepare("SELECT n, kind, row, hash FROM leaf ORDER BY n")?;
            let mut rows = query.query([])?;
            let mut expected = 1;
            let mut seq = 0;
            while let Some(row) = rows.next()? {
                let n: i64 = row.get(0)?;
                let (kind, of): (String, i64) = (row.get(1)?, row.get(2)?);
                let hash: [u8; 32] = row.get(3)?;
                let mut problem =
                    (n != expected).then(|| format!("leaves {expected} to {} are missing", n - 1));
                if kind == "entry" {
                    if of != seq + 1 {
                        problem =
                            problem.or_else(|| Some(format!("entry {of} follows entry {seq}")));
                    }
                    seq = of;
                }
                problem = problem.or(leaf_problem(db, &kind, of, &hash, erased)?);
                see(Leaf {
                    n: unsigned(n),
                    hash,
                    problem,
                });
                expected = n + 1;
            }
            let rows: i64 =
                db.query_row("SELECT count(*) FROM entry WHERE seq > ?1", [seq], |row| {
                    row.get(0)
                })?;
            if rows > 0 {
                let problem = Some(format!("{rows} entries have no leaf"));
                see(Leaf {
                    n: unsigned(expected),
                    hash: [0; 32],
                    problem,
                });
            }
            Ok(())
        })
    }

    /// Records that somebody looked at the log, or took a copy.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn record_access(&self, who: &str, what: &str, now: u64) -> Result<(), StoreError> {
        let (who, what) = (who.to_string(), what.to_string());
        self.inner
            .writer
            .run(move |db| note_access(db, &who, &what, now))
    }

    /// The condition of a filter, and its values.
    #[allow(clippy::type_complexity)]
    fn wanted(
        &self,
        db: &Connection,
        filter: &EntryFilter,
    ) -> Result<(String, Vec<Box<dyn ToSql>>), StoreError> {
        let mut wanted = vec!["1".to_string()];
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        if let Some(day) = filter.day {
            wanted.push("day = ?".into());
            values.push(Box::new(day));
        }
        if let Some(before) = filter.before {
            wanted.push("seq < ?".into());
            values.push(Box::new(signed(before)));
        }
        if let Some(verdict) = filter.verdict {
            wanted.push("verdict = ?".into());
            values.push(Box::new(verdict.name()));
        }
        if let Some(reason) = filter.reason {
            wanted.push("reason = ?".into());
            values.push(Box::new(reason.code()));
        }
        if let Some(number) = &filter.pass {
            // Every day has a key of its own: one hash a day that is kept.
            let mut query =
                db.prepare_cached("SELECT day FROM day_key WHERE ?1 IS NULL OR day = ?1")?;
            let days = query
                .query_map([filter.day], |row| row.get(0))?
                .collect::<Result<Vec<i64>, _>>()?;
            let mut macs = Vec::new();
            for day in days {
                if let Some(key) = day_key(db, &self.inner.keys, day, false)? {
                    macs.push("?");
                    values.push(Box::new(key.mac("number", &[number.as_bytes()])));
                }
            }
            wanted.push(format!("pass_mac IN ({})", macs.join(", ")));
        }
        Ok((wanted.join(" AND "), values))
    }
}

/// What staff did, in a transaction of its own or of what they did.
pub(super) fn note_access(
    db: &Connection,
    who: &str,
    what: &str,
    now: u64,
) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO access (at, who, what) VALUES (?1, ?2, ?3)")?
        .execute((signed(now), who, what))?;
    Ok(())
}

fn entry(row: &Row<'_>, key: Option<&Key>) -> Result<Entry, StoreError> {
    let seq = unsigned(row.get(0)?);
    let damaged = |problem: String| StoreError::Damaged { seq, problem };
    let reason: String = row.get(2)?;
    let service: String = row.get(3)?;
    let kind: Option<String> = row.get(4)?;
    let pass: Option<Vec<u8>> = row.get(7)?;
    Ok(Entry {
        seq,
        at_ms: unsigned(row.get(1)?),
        reason: Reason::from_code(&reason)
            .ok_or_else(|| damaged(format!("unknown reason '{reason}'")))?,
        pass: pass
            .and_then(|sealed| key?.open(&sealed, "pass"))
            .and_then(|number| String::from_utf8(number).ok()),
        issuer: row.get(5)?,
        service: service.parse::<Service>().map_err(damaged)?,
        kind: kind
            .map(|kind| kind.parse::<EntryKind>().map_err(damaged))
            .transpose()?,
        outcome: row.get(8)?,
    })
}

/// What is wrong with a row, compared with its leaf.
fn leaf_problem(
    db: &Connection,
    kind: &str,
    of: i64,
    hash: &[u8; 32],
    erased: i64,
) -> Result<Option<String>, StoreError> {
    let found = match kind {
        "entry" => db
            .prepare_cached(
                "SELECT at_ms, day, verdict, reason, service, kind, issuer, pass, pass_mac, salt FROM entry WHERE seq = ?1",
            )?
            .query_row([of], |row| {
                let entry = EntryRow {
                    seq: of,
                    at_ms: row.get(0)?,
                    day: row.get(1)?,
                    verdict: row.get(2)?,
                    reason: row.get(3)?,
                    service: row.get(4)?,
                    kind: row.get(5)?,
                    issuer: row.get(6)?,
                    pass: row.get(7)?,
                    mac: row.get(8)?,
                };
                Ok(entry.leaf(&row.get::<_, Vec<u8>>(9)?))
            })
            .optional()?,
        "outcome" => db
            .prepare_cached("SELECT seq, at_ms, state, detail, salt FROM outcome WHERE id = ?1")?
            .query_row([of], |row| {
                let (state, detail): (String, String) = (row.get(2)?, row.get(3)?);
                let salt: Vec<u8> = row.get(4)?;
                Ok(outcome_leaf(&salt, of, row.get(0)?, row.get(1)?, &state, &detail))
            })
            .optional()?,
        _ => return Ok(Some(format!("unknown table '{kind}'"))),
    };
    Ok(match found {
        Some(found) if found == *hash => None,
        Some(_) => Some(format!("{kind} {of} was changed")),
        // Outcomes go with their entries; which entry it was went with the row.
        None if erased > 0 && (kind == "outcome" || of <= erased) => None,
        None => Some(format!("{kind} {of} is missing")),
    })
}
