//! The table `[room]`: a room behind the door for one visit at a time.

use serde::Deserialize;

use super::{Door, DoorKind};
use crate::gate::room::{Rules, Watched};

/// The longest stay that can be set, in minutes.
const LONGEST: u64 = 1_440;
/// How long after the lock has fallen an opening may still be told, in milliseconds.
const OPENING: u64 = 2_000;
/// How long after the lock has fallen the bolt may still be locked, in milliseconds.
const LOCKING: u64 = 20_000;

/// The room behind the door.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Room {
    /// One visit at a time.
    pub single: bool,
    /// Which contact tells that it is in use.
    pub contact: Watched,
    /// Minutes a visit may be, at most a day; 0 is no limit.
    pub stay_minutes: u64,
}

impl Room {
    /// How the room is kept; `None` where visits are not counted.
    #[must_use]
    pub fn rules(&self, door: &Door) -> Option<Rules> {
        let later = match self.contact {
            Watched::Door => OPENING,
            Watched::Bolt => LOCKING,
        };
        self.single.then(|| Rules {
            watched: self.contact,
            stay_ms: (self.stay_minutes > 0).then(|| self.stay_minutes.saturating_mul(60_000)),
            entering_ms: door.unlock().saturating_mul(1_000).saturating_add(later),
        })
    }

    /// What must hold: key, whether it does, what is allowed.
    pub(super) fn checks(&self, door: &Door) -> [(&'static str, bool, &'static str); 4] {
        let has = match self.contact {
            Watched::Door => door.contact.is_some(),
            Watched::Bolt => door.bolt.is_some(),
        };
        [
            (
                "single",
                !self.single || door.kind == DoorKind::Door,
                "false, where door.kind is vend",
            ),
            (
                "contact",
                !self.single || has,
                "door with a table [door.contact], bolt with a table [door.bolt]",
            ),
            ("stay_minutes", self.stay_minutes <= LONGEST, "0 to 1440"),
            (
                "stay_minutes",
                self.stay_minutes == 0 || self.single,
                "0, unless room.single is true",
            ),
        ]
    }
}
