//! What the kiosk says while it runs: to the screens, to `--headless`, to the watchdog.

use serde::Serialize;

use crate::{
    camera::exposure::Light,
    gate::{
        Access,
        room::{State, Watched},
    },
    pass::{Reason, Service, Verdict},
    scan::Hint,
    store::EntryKind,
    trust::problem::Class,
};

/// Milliseconds since 1970 as RFC 3339 in UTC.
#[must_use]
pub fn at(unix_ms: u64) -> String {
    let ms = i64::try_from(unix_ms).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms)
        .unwrap_or(jiff::Timestamp::MAX)
        .to_string()
}

/// Microseconds are all that these times mean.
fn rounded<S: serde::Serializer>(ms: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((ms * 1000.0).round() / 1000.0)
}

/// Milliseconds that each step of a visit took.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Millis {
    /// Frame handed over to text read.
    #[serde(serialize_with = "rounded")]
    pub scan: f64,
    /// Parsing, signatures and look-ups.
    #[serde(serialize_with = "rounded")]
    pub verify: f64,
    /// Replay admission and entry row, on disk.
    #[serde(serialize_with = "rounded")]
    pub commit: f64,
    /// Order to the relay until it was taken.
    #[serde(serialize_with = "rounded")]
    pub door: f64,
    /// Frame handed over to relay.
    #[serde(serialize_with = "rounded")]
    pub total: f64,
}

/// A part of the kiosk that can fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The camera.
    Camera,
    /// The relay.
    Door,
    /// A contact of the door.
    Contact,
    /// The data folder and database.
    Storage,
    /// Issuers, keys and lists.
    Trust,
    /// The trust lists of foreign passes.
    Formats,
    /// The clock.
    Clock,
}

/// How far a stick is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StickState {
    /// It is being read: leave it in.
    Reading,
    /// Something new is in force.
    Updated,
    /// It holds what is in force already.
    Unchanged,
    /// It holds nothing of an issuer that is trusted here.
    Foreign,
    /// It cannot be read.
    Unreadable,
    /// What it holds does not hold.
    Refused,
    /// What it holds could not be stored here.
    Unstored,
}

impl StickState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Reading,
        Self::Updated,
        Self::Unchanged,
        Self::Foreign,
        Self::Unreadable,
        Self::Refused,
        Self::Unstored,
    ];

    /// The name in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Foreign => "foreign",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::Unstored => "unstored",
        }
    }
}

/// One event, as `--headless` prints it: a JSON object a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Event {
    /// A decision was recorded and, when granted, the door was told to open.
    Entry {
        /// Row number in the log; `None` when it could not be recorded.
        seq: Option<u64>,
        /// What the door did.
        verdict: Verdict,
        /// Why, exactly.
        reason: Reason,
        /// The pass number.
        pass: Option<String>,
        /// The issuer's id.
        issuer: Option<String>,
        /// The service of the door.
        service: Service,
        /// How they asked: live, printed or free.
        kind: Option<EntryKind>,
        /// When, RFC 3339 in UTC.
        at: String,
        /// How long each step took.
        ms: Millis,
        /// How long the door stays open, in seconds; 0 when it does not.
        open_seconds: u64,
    },
    /// A code is in view: where (in pixels of the frame), before it is judged.
    Reading {
        /// Corners of the code in the frame.
        corners: [[f32; 2]; 4],
        /// Size of the frame.
        frame: (u32, u32),
    },
    /// A code is in view and does not open: what the visitor is told, until the next such event. `None` ends it.
    Hint {
        /// What would help.
        hint: Option<Hint>,
    },
    /// Everything held but the time: a wallet that signs this within so many seconds is let in. `None` ends it.
    Challenge {
        /// The text of the code to show.
        text: Option<String>,
        /// For how long.
        seconds: u64,
    },
    /// Entries that the till was not told of yet: when that changes between none and some, or when it could not be told.
    Outbox {
        /// How many.
        waiting: u64,
    },
    /// The relay did something: `ready`, `opened`, `closed`, `failed`, `lost`.
    Door {
        /// What.
        state: &'static str,
        /// The entry it belongs to.
        seq: Option<u64>,
        /// Which board, or what went wrong.
        detail: String,
        /// When, RFC 3339 in UTC.
        at: String,
    },
    /// A contact of the door: `open`, `closed`, `lost`.
    Contact {
        /// Which.
        contact: Watched,
        /// How it is.
        state: &'static str,
        /// Which line, or what went wrong.
        detail: String,
        /// When, RFC 3339 in UTC.
        at: String,
    },
    /// The room behind the door, where it is for one visit at a time.
    Room {
        /// How it is.
        state: State,
        /// Since when somebody is in it or awaited, RFC 3339 in UTC.
        since: Option<String>,
        /// How many seconds of the stay are left, where it has a limit.
        left_seconds: Option<u64>,
        /// The entry that let them in.
        seq: Option<u64>,
        /// When, RFC 3339 in UTC.
        at: String,
    },
    /// Who may come in from now on.
    Access {
        /// What the door asks for.
        access: Access,
    },
    /// The camera did something: `open`, `lost`, `stuck`, `ended`.
    Camera {
        /// What.
        state: &'static str,
        /// Which device, or what went wrong.
        detail: String,
        /// When, RFC 3339 in UTC.
        at: String,
    },
    /// The light before the camera has changed.
    Light {
        /// The screen should light the scene.
        lamp: bool,
        /// Whether codes can be seen: `good`, `too-dark`, `too-bright`.
        light: Light,
    },
    /// Trust was loaded or found missing: `loaded`, `stale`, `missing`, `failed`. A repository came by a road of its own:
    /// `updated`, `unchanged`, `failed`.
    Trust {
        /// What.
        state: &'static str,
        /// Issuers, keys and lists in force, where a repository is, or what went wrong.
        detail: String,
        /// Of an update that failed: what kind of failure.
        #[serde(skip_serializing_if = "Option::is_none")]
        class: Option<Class>,
        /// By which road an update came: `network`, `stick`.
        #[serde(skip_serializing_if = "Option::is_none")]
        road: Option<&'static str>,
        /// When, RFC 3339 in UTC.
        at: String,
    },
    /// A stick with trust files is in: what whoever plugged it in is told.
    Stick {
        /// What.
        state: StickState,
    },
    /// A part failed, or works again (`detail` is empty).
    Fault {
        /// Which.
        part: Part,
        /// What went wrong and what to do; empty when it works again.
        detail: String,
    },
    /// Running: everything was opened once.
    Ready,
    /// The kiosk stops in good order.
    Stopped,
}
