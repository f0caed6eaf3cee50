//! The store: the only room of the kiosk that speaks SQL. One SQLite file in the data folder, one writer thread,
//! readers beside it (WAL).

pub mod entry;
pub mod error;

use std::{path::Path, time::Duration};

pub use entry::{DayStats, Entry, EntryFilter, NewEntry, Outcome, Recorded};
pub use error::StoreError;

use crate::gate::Policy;

/// A role behind a staff code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sees today and the entries, opens the door.
    Helper,
    /// Everything.
    Owner,
}

/// One TUF repository as it was accepted: the bytes that were verified, to be loaded again at the next start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustSnapshot {
    /// The anchor: SHA-256 of the first pinned root, hexadecimal.
    pub anchor: String,
    /// Where updates come from: a folder.
    pub location: String,
    /// Metadata files by name (`root.json`, `timestamp.json`, ...): the trusted state of the TUF client.
    pub metadata: Vec<(String, Vec<u8>)>,
    /// Targets by name (`issuers.json`, `status/k_3.12.cwt`).
    pub targets: Vec<(String, Vec<u8>)>,
    /// When it was accepted, seconds since 1970.
    pub accepted_at: u64,
}

/// A handle to the data folder. Cheap to clone; the folder is released when the last clone is dropped.
#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Opens the data folder for a kiosk or command that writes entries, making it when it is missing: locks it,
    /// migrates, checks (`quick_check`).
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another kiosk holds it, [`StoreError::Newer`], or what SQLite said.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let _ = folder;
        Err(StoreError::Late(0))
    }

    /// Opens the data folder beside a running kiosk: everything but recording entries.
    ///
    /// # Errors
    /// As [`Store::open`], but never `InUse`.
    pub fn open_shared(folder: &Path) -> Result<Self, StoreError> {
        let _ = folder;
        Err(StoreError::Late(0))
    }

    /// Records a decision: replay admission and entry row in one transaction, on disk when it returns. Blocks the
    /// calling thread for at most `patience`; a row that comes later than that is recorded as `log_failed`.
    ///
    /// # Errors
    /// When the row is not on disk: the door must stay shut.
    pub fn record(
        &self,
        entry: NewEntry,
        policy: &Policy,
        patience: Duration,
    ) -> Result<Recorded, StoreError> {
        let _ = (entry, policy, patience);
        Err(StoreError::Late(0))
    }

    /// Remembers a presentation of a phone that stays in view as used, without an entry.
    pub fn remember(&self, admission: crate::gate::Admission) {
        let _ = admission;
    }

    /// Records what the door did about an entry. Returns at once.
    pub fn outcome(&self, seq: u64, outcome: Outcome, at_ms: u64) {
        let _ = (seq, outcome, at_ms);
    }

    /// Rows, newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn entries(&self, filter: &EntryFilter) -> Result<Vec<Entry>, StoreError> {
        let _ = filter;
        Ok(Vec::new())
    }

    /// How many rows a filter has, offset and limit apart.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn count(&self, filter: &EntryFilter) -> Result<u64, StoreError> {
        let _ = filter;
        Ok(0)
    }

    /// Counts of one Seoul day.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn day_stats(&self, day: i64) -> Result<DayStats, StoreError> {
        let _ = day;
        Ok(DayStats::default())
    }

    /// Replaces the state of one repository (same `anchor`), whole or not at all.
    ///
    /// # Errors
    /// What SQLite said; the old state is then still there.
    pub fn save_trust(&self, snapshot: &TrustSnapshot) -> Result<(), StoreError> {
        let _ = snapshot;
        Ok(())
    }

    /// Every accepted repository.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn load_trust(&self) -> Result<Vec<TrustSnapshot>, StoreError> {
        Ok(Vec::new())
    }

    /// The clock's floor, seconds since 1970: newest time that was recorded while synced or signed into trust files.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn time_floor(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// Raises the floor; never lowers it.
    pub fn raise_time_floor(&self, to: u64) {
        let _ = to;
    }

    /// Whether any staff code is set.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn has_staff(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Blocks or unblocks a pass number at this kiosk.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn set_blocked(
        &self,
        number: &str,
        blocked: bool,
        who: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        let _ = (number, blocked, who, now);
        Ok(())
    }
}
