//! Rows of the entry log, as the other rooms see them. No visitor's name, no scanned text; the pass number is encrypted
//! on disk and readable only through [`super::Store`].

use std::str::FromStr;

use serde::Serialize;

use super::Notice;
use crate::{
    gate::Admission,
    pass::{Kind, Reason, Service},
};

/// How somebody asked to come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// With a live pass.
    Live,
    /// With a printed one.
    Printed,
    /// With nothing, at a door that is free to everybody: the row has no pass and no issuer.
    Free,
}

impl EntryKind {
    const ALL: [Self; 3] = [Self::Live, Self::Printed, Self::Free];

    /// The name in events and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => Kind::Live.name(),
            Self::Printed => Kind::Printed.name(),
            Self::Free => "free",
        }
    }
}

impl From<Kind> for EntryKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Live => Self::Live,
            Kind::Printed => Self::Printed,
        }
    }
}

impl FromStr for EntryKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| format!("unknown kind '{text}'"))
    }
}

/// A room for one visit at a time, as it is when somebody asks to come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vacancy {
    /// They may: the room is kept as awaiting them, in the same transaction.
    Vacant,
    /// Somebody is in it: `occupied`, and nothing of the pass is used up.
    Taken,
}

/// A decision that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What the stateless checks said. When it is [`Reason::Granted`] and `admission` is there, the store runs
    /// [`crate::gate::replay::admit`] in the same transaction, and its answer is recorded instead.
    pub reason: Reason,
    /// The admission to decide; `None` for refusals and where replay memory does not apply.
    pub admission: Option<Admission>,
    /// The pass number, after a good issuer signature.
    pub pass: Option<String>,
    /// The issuer's id, after a good issuer signature.
    pub issuer: Option<String>,
    /// The service of the door.
    pub service: Service,
    /// How they asked, once the form was read.
    pub kind: Option<EntryKind>,
    /// The room behind the door, where it is for one visit at a time.
    pub room: Option<Vacancy>,
    /// What the till is to be told, if it is granted; queued in the same transaction, and no part of the log.
    pub notice: Option<Notice>,
    /// Milliseconds since 1970.
    pub at_ms: u64,
}

/// What became of a [`NewEntry`]: it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Row number, from 1.
    pub seq: u64,
    /// The final reason.
    pub reason: Reason,
}

/// What became of an entry: what the door did, and later the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took the order to open.
    Opened,
    /// The relay did not answer or is gone: `door_failed`.
    Failed(String),
    /// The visitor is in the room for longer than the owner allows: `overstayed`.
    Overstayed,
}

/// One row, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Row number.
    pub seq: u64,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// Why, exactly.
    pub reason: Reason,
    /// The pass number, decrypted; `None` where not established or after its day's key is gone.
    pub pass: Option<String>,
    /// The issuer's id.
    pub issuer: Option<String>,
    /// The service of the door.
    pub service: Service,
    /// How they asked.
    pub kind: Option<EntryKind>,
    /// What became of it last: `opened`, `door_failed`, `overstayed`, or `None` while unknown or not asked to.
    pub outcome: Option<String>,
}

/// Which rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Only this Seoul day (days since 1970-01-01).
    pub day: Option<i64>,
    /// Only this verdict.
    pub verdict: Option<crate::pass::Verdict>,
    /// Only this exact reason.
    pub reason: Option<Reason>,
    /// Only this pass number (searched by the day-keyed HMAC).
    pub pass: Option<String>,
    /// Only rows before this one.
    pub before: Option<u64>,
    /// Rows to skip, newest first.
    pub offset: u64,
    /// Rows at most.
    pub limit: u64,
}

/// Counts of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayStats {
    /// Admissions.
    pub granted: u64,
    /// Refusals.
    pub refused: u64,
    /// Rows without a decision.
    pub undecided: u64,
}
