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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        config::{Config, tests::error},
        gate::Access,
    };

    #[test]
    fn a_room_needs_the_contact_that_tells_of_it() {
        let data = "data = \"d\"\n";
        for (text, said) in [
            (
                "[room]\nsingle = true\n",
                "line 2: room.contact: allowed is door with a table [door.contact]",
            ),
            (
                "[door.contact]\n[room]\nsingle = true\ncontact = \"bolt\"\n",
                "line 5: room.contact: allowed is door with a table",
            ),
            (
                "[room]\nstay_minutes = 5\n",
                "line 3: room.stay_minutes: allowed is 0, unless",
            ),
            (
                "[door.contact]\n[room]\nsingle = true\nstay_minutes = 1441\n",
                "line 5: room.stay_minutes: allowed is 0 to 1440",
            ),
            (
                "[door]\nkind = \"vend\"\n[door.contact]\n[room]\nsingle = true\n",
                "line 6: room.single",
            ),
            (
                "[door.contact]\nline = 512\n",
                "line 3: door.contact.line: allowed is 0 to 511",
            ),
            (
                "[door.bolt]\ndebounce_ms = 51\n",
                "line 3: door.bolt.debounce_ms: allowed is 20 to 50",
            ),
            (
                "[door.bolt]\ndriver = \"simulated\"\n",
                "line 2: door.bolt.path: allowed is a file",
            ),
            (
                "[door.contact]\nbias = \"up\"\n",
                "line 3: door.contact.bias: unknown variant",
            ),
            (
                "[door]\naccess = \"open\"\n",
                "line 3: door.access: unknown variant `open`",
            ),
        ] {
            let error = error(&format!("{data}{text}"));
            assert!(error.contains(said), "{error}");
        }
        let text = format!(
            "{data}[door.bolt]\n[room]\nsingle = true\ncontact = \"bolt\"\nstay_minutes = 10\n"
        );
        let config = Config::parse(&text, Path::new("kiosk.toml")).unwrap();
        let rules = config.room.rules(&config.door).unwrap();
        assert_eq!(
            (rules.watched, rules.stay_ms, rules.entering_ms),
            (Watched::Bolt, Some(600_000), 25_000)
        );
    }

    #[test]
    fn only_where_nobody_must_be_checked_may_anybody_come_in() {
        for (door, allowed) in [
            ("", true),
            ("service = \"adult\"\n", false),
            ("service = \"store\"\n", false),
            ("kind = \"vend\"\n", false),
        ] {
            let text = format!("data = \"d\"\n[door]\naccess = \"free\"\n{door}");
            let config = Config::parse(&text, Path::new("kiosk.toml"));
            assert_eq!(config.is_ok(), allowed, "{door}");
            if let Err(error) = config {
                assert!(
                    error
                        .to_string()
                        .contains("line 3: door.access: allowed is pass or closed")
                );
            }
            let closed = text.replace("free", "closed");
            let config = Config::parse(&closed, Path::new("kiosk.toml")).unwrap();
            assert_eq!(config.policy().access, Access::Closed);
        }
    }
}
