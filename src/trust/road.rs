//! One update of one repository, by whichever road: read, verified, stored, and noted for staff.

use super::{
    problem::{Class, Problem},
    repository::{self, Source},
};
use crate::store::{Store, StoreError, TrustSnapshot};

/// What an update that worked brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something new is in force.
    Updated,
    /// It is what is in force already, or another process was faster.
    Unchanged,
}

impl Outcome {
    /// The name in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Updates a repository from a place and notes how that went; `now` in seconds since 1970.
///
/// # Errors
/// [`Problem`]; what was in force stays, whole.
pub fn update(
    store: &Store,
    old: &TrustSnapshot,
    from: impl Into<Source>,
    now: u64,
) -> Result<Outcome, Problem> {
    let result = carry(store, old, from, now);
    note(store, &old.anchor, now, result.as_ref().err());
    result
}

/// The same without a note: a place that somebody names may belong to another anchor.
///
/// # Errors
/// As [`update`].
pub fn carry(
    store: &Store,
    old: &TrustSnapshot,
    from: impl Into<Source>,
    now: u64,
) -> Result<Outcome, Problem> {
    keep(store, old, &fetch(old, from, now)?)
}

/// Reads and verifies, without the store: a server may take its time.
///
/// # Errors
/// As [`update`].
pub fn fetch(
    old: &TrustSnapshot,
    from: impl Into<Source>,
    now: u64,
) -> Result<TrustSnapshot, Problem> {
    let (new, _) = repository::update(old, from, now)?;
    Ok(new)
}

/// Stores what [`fetch`] read, whole or not at all.
///
/// # Errors
/// [`Class::Storage`].
pub fn keep(store: &Store, old: &TrustSnapshot, new: &TrustSnapshot) -> Result<Outcome, Problem> {
    let saved = if (&new.metadata, &new.targets) != (&old.metadata, &old.targets) {
        store.save_trust(new, Some(old)).map(|()| Outcome::Updated)
    } else if new.tags != old.tags {
        store.save_tags(new).map(|()| Outcome::Unchanged)
    } else {
        Ok(Outcome::Unchanged)
    };
    match saved {
        Err(StoreError::Overtaken) => Ok(Outcome::Unchanged),
        saved => saved.map_err(|error| Problem::new(Class::Storage, error)),
    }
}

/// Notes how a try went. Where even that cannot be written, the log says so.
pub fn note(store: &Store, anchor: &str, now: u64, problem: Option<&Problem>) {
    if let Err(error) = store.note_road(anchor, now, problem) {
        tracing::warn!(%error, "how an update went could not be noted");
    }
}
