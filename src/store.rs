//! The store: the only room of the kiosk that speaks SQL. One SQLite file in the data folder, one writer thread,
//! readers beside it (WAL).

mod admit;
mod blocked;
mod entries;
pub mod entry;
pub mod error;
mod forbidden;
mod keys;
mod leaf;
mod migrate;
mod outbox;
mod retention;
mod roads;
mod room;
mod staff;
mod trust;
mod writer;

use std::{
    fs::{DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

pub use blocked::{Blocked, WHY};
pub use entry::{DayStats, Entry, EntryFilter, EntryKind, NewEntry, Outcome, Recorded, Vacancy};
pub use error::StoreError;
pub use forbidden::Forbidden;
pub use outbox::{Backlog, Notice, Waiting, Way};
pub use retention::Receipt;
pub use roads::Road;
pub use room::KeptRoom;
pub use staff::{Role, Staff, StaffCheck, weakness};
pub use trust::TrustSnapshot;

use keys::Key;
use writer::Writer;

/// The database in the data folder.
const FILE: &str = "munjigi.db";
/// Held by the kiosk as long as it runs.
const LOCK: &str = "lock";
/// How long SQLite waits for another process's write.
const BUSY: Duration = Duration::from_secs(5);
/// Reading connections that are kept open.
const READERS: usize = 4;

/// A handle to the data folder. Cheap to clone; the folder is released when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    // Dropped first: the writer finishes what is queued while the folder is still locked.
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    path: PathBuf,
    keys: Arc<Key>,
    /// The last decision could not be recorded.
    unwritten: AtomicBool,
    _lock: Option<File>,
}

impl Store {
    /// Opens the data folder for a kiosk, making it when it is missing: locks it, migrates, checks (`quick_check`).
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another kiosk holds it, [`StoreError::Newer`], or what SQLite said.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let path = folder.join(LOCK);
        let failed = |error: std::io::Error| StoreError::File {
            path: path.clone(),
            problem: error.to_string(),
        };
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(StoreError::InUse(folder.into())),
            Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
        }
        let store = Self::with(folder, Some(lock))?;
        let sound: String =
            store.read(|db| Ok(db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?))?;
        if sound == "ok" {
            Ok(store)
        } else {
            Err(StoreError::Database(format!("quick_check: {sound}")))
        }
    }

    /// Whether there is a data folder here.
    #[must_use]
    pub fn is_at(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Whether a kiosk runs on this folder now.
    #[must_use]
    pub fn in_use(folder: &Path) -> bool {
        let lock = OpenOptions::new().write(true).open(folder.join(LOCK));
        lock.is_ok_and(|lock| {
            matches!(
                lock.try_lock_shared(),
                Err(std::fs::TryLockError::WouldBlock)
            )
        })
    }

    /// Opens the data folder beside a running kiosk: everything but being the kiosk.
    ///
    /// # Errors
    /// As [`Store::open`], but never `InUse`.
    pub fn open_shared(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        Self::with(folder, None)
    }

    fn with(folder: &Path, lock: Option<File>) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        private_file(&path).map_err(|error| StoreError::File {
            path: path.clone(),
            problem: error.to_string(),
        })?;
        let mut db = Connection::open(&path)?;
        prepare(&db)?;
        // The log must survive a power cut at any moment, and what is deleted must not stay in the file.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;",
        )?;
        migrate::migrate(&mut db)?;
        let keys = Arc::new(Key::of_folder(folder, is_unused(&db)?)?);
        let writer = Writer::start(db)?;
        Ok(Self {
            inner: Arc::new(Inner {
                writer,
                readers: Mutex::default(),
                path,
                keys,
                unwritten: AtomicBool::new(false),
                _lock: lock,
            }),
        })
    }

    /// Runs a query on a connection of its own, beside the writer.
    fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = || {
            self.inner
                .readers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let kept = idle().pop();
        let db = match kept {
            Some(db) => db,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let db = Connection::open_with_flags(&self.inner.path, flags)?;
                prepare(&db)?;
                db
            }
        };
        let answer = query(&db)?;
        let mut idle = idle();
        if idle.len() < READERS {
            idle.push(db);
        }
        Ok(answer)
    }

    /// The clock's floor, seconds since 1970: newest time that was recorded while synced or signed into trust files.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn time_floor(&self) -> Result<u64, StoreError> {
        self.read(|db| Ok(u64::try_from(setting(db, "time_floor")?.unwrap_or(0)).unwrap_or(0)))
    }

    /// Whether the last decision could not be recorded.
    #[must_use]
    pub fn is_unwritten(&self) -> bool {
        self.inner.unwritten.load(Ordering::Relaxed)
    }

    /// Writes one value, to see whether the store can write again.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn probe(&self, now: u64) -> Result<(), StoreError> {
        self.inner
            .writer
            .run(move |db| set(db, "probe", signed(now)))?;
        self.inner.unwritten.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Raises the floor; never lowers it.
    pub fn raise_time_floor(&self, to: u64) {
        let to = i64::try_from(to).unwrap_or(i64::MAX);
        let queued = self.inner.writer.later(move |db| {
            let raised = db.execute(
                "INSERT INTO setting (name, value) VALUES ('time_floor', ?1)
                 ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)",
                [to],
            );
            if let Err(error) = raised {
                tracing::warn!(%error, "the time floor could not be raised");
            }
        });
        if let Err(error) = queued {
            tracing::warn!(%error, "the time floor could not be raised");
        }
    }

    /// Runs SQLite's whole `integrity_check`; `ok` is all there is to say of a sound file.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn integrity(&self) -> Result<String, StoreError> {
        self.read(|db| Ok(db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?))
    }
}

/// Makes the folder, for this user only.
fn make_folder(folder: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| StoreError::File {
            path: folder.into(),
            problem: error.to_string(),
        })
}

/// Makes a file, where there is none, that only this user can read, whatever the folder allows.
pub(crate) fn private_file(path: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new();
    let file = file.create(true).truncate(false).write(true).mode(0o600);
    file.open(path).map(|_| ())
}

/// Whether nothing in the database was made with a key yet.
fn is_unused(db: &Connection) -> Result<bool, StoreError> {
    let used = "SELECT EXISTS (SELECT 1 FROM day_key) OR EXISTS (SELECT 1 FROM memory) OR EXISTS (SELECT 1 FROM blocked)";
    Ok(!db.query_row(used, [], |row| row.get::<_, bool>(0))?)
}

/// What every connection needs.
fn prepare(db: &Connection) -> Result<(), StoreError> {
    db.busy_timeout(BUSY)?;
    db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// A single value.
fn setting(db: &Connection, name: &str) -> Result<Option<i64>, StoreError> {
    let value = db
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(value)
}

/// Sets a single value.
fn set(db: &Connection, name: &str, value: i64) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?
        .execute((name, value))?;
    Ok(())
}

/// SQLite's integers are signed.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// And back.
fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
