//! `[door]`: the lock, what releases it, and who may ask.

use std::path::PathBuf;

use serde::Deserialize;

use super::Input;
use crate::{
    gate::{Access, room::Watched},
    pass::Service,
};

/// Which kind of output releases the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoorDriver {
    /// LCUS relay board on a serial port.
    SerialLcus,
    /// A GPIO line.
    Gpio,
    /// Nothing moves.
    Simulated,
}

/// What a granted visit releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DoorKind {
    /// A lock: the visitor goes in.
    #[default]
    Door,
    /// A vending machine: it takes a pulse, and the visitor stays where they are.
    Vend,
}

impl DoorKind {
    /// Seconds of a pulse where none are set.
    const fn pulse(self) -> u64 {
        match self {
            Self::Door => 5,
            Self::Vend => 1,
        }
    }
}

/// The lock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Door {
    /// What it releases.
    pub kind: DoorKind,
    /// The one service that this door asks for.
    pub service: Service,
    /// Who comes in: with a pass, anybody, nobody.
    pub access: Access,
    /// This venue's name, 1 to 6 Crockford base32 characters; empty is none.
    pub venue: String,
    /// Which kind.
    pub driver: DoorDriver,
    /// Serial: the port.
    pub port: PathBuf,
    /// Serial: the channel of the board, 1 to 8.
    pub channel: u8,
    /// GPIO: the chip, a path such as `/dev/gpiochip0` or a label such as `pinctrl-rp1`.
    pub chip: PathBuf,
    /// GPIO: the line, 0 to 511.
    pub line: u32,
    /// GPIO: the relay board takes a low level as on.
    pub active_low: bool,
    /// Seconds the lock stays released, 1 to `max_seconds`; unset is by `kind` (see [`Door::unlock`]).
    pub unlock_seconds: Option<u64>,
    /// The longest pulse that the program will ever make, 1 to 60.
    pub max_seconds: u64,
    /// A contact on the door: its circuit is closed while the door is.
    pub contact: Option<Input>,
    /// A contact in the bolt: its circuit is closed while it is locked from inside.
    pub bolt: Option<Input>,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            kind: DoorKind::Door,
            service: Service::Entry,
            access: Access::Pass,
            venue: String::new(),
            driver: DoorDriver::Simulated,
            port: "/dev/ttyUSB0".into(),
            channel: 1,
            chip: "/dev/gpiochip0".into(),
            line: 17,
            active_low: false,
            unlock_seconds: None,
            max_seconds: 10,
            contact: None,
            bolt: None,
        }
    }
}

impl Door {
    /// The contacts that are there.
    pub fn contacts(&self) -> impl Iterator<Item = (Watched, &Input)> {
        let (door, bolt) = (&self.contact, &self.bolt);
        let all = [(Watched::Door, door), (Watched::Bolt, bolt)];
        all.into_iter()
            .filter_map(|(which, input)| Some((which, input.as_ref()?)))
    }

    /// Whether it may let in whoever asks.
    pub(super) fn may_be_free(&self) -> bool {
        self.service == Service::Entry && self.kind == DoorKind::Door
    }

    /// Seconds the lock stays released.
    #[must_use]
    pub fn unlock(&self) -> u64 {
        let default = self.kind.pulse().min(self.max_seconds);
        self.unlock_seconds.unwrap_or(default)
    }
}
