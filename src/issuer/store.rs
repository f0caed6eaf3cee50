//! What was issued, in SQLite. No name, no birth date, no credential.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{IssuerError, IssuerSettings, KEY_DAYS, VERIFY_DAYS, keys::file};
use crate::{
    gate::age,
    pass::{Kind, Service},
};

/// The database in the issuer's folder.
pub(super) const FILE: &str = "issuer.db";

const SCHEMA: &str = "
    -- One value a name: id, name_ko, name_en, uri, entries, bits, made, version, list_iat.
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE pass (
        idx     INTEGER PRIMARY KEY,             -- place in the status list
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

/// Crockford's base32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Tries for a random place before the list counts as full.
const TRIES: u32 = 200;

/// What the status list says of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 0.
    Valid,
    /// 1, for good.
    Revoked,
    /// 2.
    Suspended,
}

impl State {
    /// The name in lists for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
        }
    }

    const fn of(number: i64) -> Self {
        match number {
            1 => Self::Revoked,
            2 => Self::Suspended,
            _ => Self::Valid,
        }
    }
}

/// A pass that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Its number.
    pub number: String,
    /// The service that it opens.
    pub service: String,
    /// `live` or `printed`.
    pub kind: String,
    /// Until when, seconds since 1970.
    pub exp: u64,
    /// When it was issued, seconds since 1970.
    pub at: u64,
    /// What the list says of it.
    pub state: State,
}

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
        let store = Self { db };
        // Random, so that no two issuers of one kiosk answer for each other's passes.
        let uri = format!("i:{}", random_text(5)?.to_lowercase());
        let values = [
            ("id", settings.id.clone()),
            ("name_ko", settings.name_ko.clone().unwrap_or_default()),
            ("name_en", settings.name_en.clone().unwrap_or_default()),
            ("uri", uri),
            ("entries", settings.entries.to_string()),
            ("bits", settings.bits.to_string()),
            ("made", age::seoul_day(now).to_string()),
        ];
        for (name, value) in values {
            store.set(name, &value)?;
        }
        Ok(store)
    }

    pub(super) fn open(folder: &Path) -> Result<Self, IssuerError> {
        let db = connect(folder)?;
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version != 1 {
            return Err(IssuerError::Rule(format!(
                "issuer.db has version {version}: a newer program is needed"
            )));
        }
        Ok(Self { db })
    }

    /// Takes a random number and a random free place.
    pub(super) fn add(
        &mut self,
        service: Service,
        kind: Kind,
        exp: u64,
        now: u64,
    ) -> Result<(String, u32), IssuerError> {
        let entries: u32 = self.number("entries")?;
        let step = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for _ in 0..TRIES {
            let number = random_text(7)?;
            let idx = random_below(entries)?;
            let added = step
                .prepare_cached("INSERT OR IGNORE INTO pass (idx, number, service, kind, exp, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute((idx, &number, service.name(), kind.name(), signed(exp), signed(now)))?;
            if added == 1 {
                step.commit()?;
                return Ok((number, idx));
            }
        }
        Err(IssuerError::Full)
    }

    pub(super) fn set_state(
        &self,
        number: &str,
        state: State,
        now: u64,
    ) -> Result<(), IssuerError> {
        if state == State::Suspended && self.bits()? < 2 {
            return Err(IssuerError::Rule(
                "this issuer's list has one bit a pass: it can revoke, not suspend".into(),
            ));
        }
        let number = number.to_uppercase();
        let old: Option<i64> = self
            .db
            .query_row(
                "SELECT state FROM pass WHERE number = ?1",
                [&number],
                |row| row.get(0),
            )
            .optional()?;
        match old.map(State::of) {
            None => Err(IssuerError::NoPass(number)),
            Some(State::Revoked) if state != State::Revoked => Err(IssuerError::Rule(format!(
                "pass {number} is revoked for good: issue a new one"
            ))),
            Some(_) => {
                let state: i64 = match state {
                    State::Valid => 0,
                    State::Revoked => 1,
                    State::Suspended => 2,
                };
                let _ = self.db.execute(
                    "UPDATE pass SET state = ?2, changed = ?3 WHERE number = ?1",
                    (&number, state, signed(now)),
                )?;
                Ok(())
            }
        }
    }

    pub(super) fn passes(&self) -> Result<Vec<Pass>, IssuerError> {
        let mut query = self.db.prepare(
            "SELECT number, service, kind, exp, at, state FROM pass ORDER BY at DESC, number",
        )?;
        let passes = query.query_map([], |row| {
            Ok(Pass {
                number: row.get(0)?,
                service: row.get(1)?,
                kind: row.get(2)?,
                exp: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                at: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
                state: State::of(row.get(5)?),
            })
        })?;
        Ok(passes.collect::<Result<_, _>>()?)
    }

    /// The list's statuses, lowest index in the lowest bits.
    pub(super) fn statuses(&self) -> Result<Vec<u8>, IssuerError> {
        let bits = usize::from(self.bits()?);
        let entries: u32 = self.number("entries")?;
        let mut bytes = vec![0; entries as usize / 8 * bits];
        let mut query = self
            .db
            .prepare("SELECT idx, state FROM pass WHERE state <> 0")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (idx, state): (u32, u8) = (row.get(0)?, row.get(1)?);
            let at = idx as usize * bits;
            if let Some(byte) = bytes.get_mut(at / 8) {
                *byte |= state << (at % 8);
            }
        }
        Ok(bytes)
    }

    /// First and last day on which the key signs passes.
    pub(super) fn window(&self) -> Result<(i64, i64), IssuerError> {
        let made: i64 = self.number("made")?;
        Ok((made, made + KEY_DAYS))
    }

    /// From this second on no pass of the key is accepted.
    pub(super) fn verify_until(&self) -> Result<u64, IssuerError> {
        Ok(age::midnight(self.window()?.1 + VERIFY_DAYS + 1))
    }

    pub(super) fn uri(&self) -> Result<String, IssuerError> {
        self.text("uri")
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

fn connect(folder: &Path) -> Result<Connection, IssuerError> {
    let path = folder.join(FILE);
    crate::store::private_file(&path).map_err(|error| file(&path, &error))?;
    let db = Connection::open(path)?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;",
    )?;
    Ok(db)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn random_text(length: usize) -> Result<String, IssuerError> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|_| IssuerError::Random)?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect())
}

fn random_below(limit: u32) -> Result<u32, IssuerError> {
    let random = getrandom::u64().map_err(|_| IssuerError::Random)?;
    // The upper half of a product is even over the range to one part in 2^40.
    Ok(u32::try_from((u128::from(random) * u128::from(limit)) >> 64).unwrap_or(0))
}
