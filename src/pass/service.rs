//! What a pass is for, and how it is carried.

use std::{fmt, str::FromStr};

/// The service that a door offers and a credential opens.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// 14 or older.
    Entry,
    /// Adult by the year rule of the Youth Protection Act.
    Adult,
    /// Smart store, tied to an opaque payment reference.
    Store,
}

impl Service {
    /// Every service, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Entry, Self::Adult, Self::Store];

    /// The letter in `aud`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Entry => 'E',
            Self::Adult => 'A',
            Self::Store => 'S',
        }
    }

    /// The number in the claim -65537.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Entry => 1,
            Self::Adult => 2,
            Self::Store => 3,
        }
    }

    /// The name on the command line, in configuration, trust files and events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Adult => "adult",
            Self::Store => "store",
        }
    }

    /// The service with this letter in `aud`.
    #[must_use]
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|service| service.letter() == letter)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Service {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|service| service.name() == text)
            .ok_or_else(|| format!("'{text}' is no service: entry, adult or store"))
    }
}

/// How a credential reaches the door.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Shown by a wallet and signed anew by the holder every few seconds.
    Live,
    /// Paper or card: the credential alone. Foreign passes too, wherever they are shown: a copy is as good as the pass.
    Printed,
}

impl Kind {
    /// The name in events, trust files and verdicts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Printed => "printed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
