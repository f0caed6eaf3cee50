//! `kiosk.toml`: what the owner sets. Every key has a default but the data folder; a wrong one is named with file, line,
//! key and what is allowed.

pub mod camera;
pub mod contact;
pub mod door;
pub mod formats;
mod place;
pub mod room;
pub mod screen;
pub mod till;
pub mod trust;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use camera::{Camera, CameraSource, Exposure};
pub use contact::{Bias, Input, InputDriver};
pub use door::{Door, DoorDriver, DoorKind};
pub use formats::Formats;
pub use room::Room;
use screen::MOST_ENROL;
pub use screen::{Language, Screen};
pub use till::Till;
pub use trust::Trust;

use crate::{
    gate::{Access, Grace, Policy, room::Watched},
    pass::presentation::is_venue,
};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the database; relative to the file.
    pub data: PathBuf,
    /// The shop, as visitors see it.
    #[serde(default)]
    pub shop: Shop,
    /// Where the pictures come from.
    #[serde(default)]
    pub camera: Camera,
    /// The lock.
    #[serde(default)]
    pub door: Door,
    /// The room behind it.
    #[serde(default)]
    pub room: Room,
    /// Who may enter.
    #[serde(default)]
    pub policy: PolicyConfig,
    /// Which passes are taken beside those of this project.
    #[serde(default)]
    pub formats: Formats,
    /// How often whom to trust is looked for.
    #[serde(default)]
    pub trust: Trust,
    /// Who is told of the entries of a store.
    #[serde(default)]
    pub till: Till,
    /// What is kept and for how long.
    #[serde(default)]
    pub log: Log,
    /// The entrance screen.
    #[serde(default)]
    pub screen: Screen,
}

/// The shop, as visitors see it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shop {
    /// Name on the idle screen.
    pub name: String,
    /// What the call button shows: a telephone number.
    pub phone: String,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            name: "문지기".into(),
            phone: String::new(),
        }
    }
}

/// Who may enter. Days count from the status list's own date.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyConfig {
    /// Take printed passes: `true` or `false`; unset is true for the entry service only.
    pub printed: Option<bool>,
    /// Seconds for which a printed pass is not taken again.
    pub printed_passback_seconds: u64,
    /// Admissions of one printed pass a day; 0 is no limit.
    pub printed_daily: u32,
    /// Days the entry service goes on with old status lists; 0 is without limit.
    pub grace_entry_days: u64,
    /// The same for the adult service.
    pub grace_adult_days: u64,
    /// The same for the store service.
    pub grace_store_days: u64,
}

impl Default for PolicyConfig {
    fn default() -> Self {
        Self {
            printed: None,
            printed_passback_seconds: 60,
            printed_daily: 0,
            grace_entry_days: 0,
            grace_adult_days: 7,
            grace_store_days: 3,
        }
    }
}

/// What is kept and for how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Days an entry is kept, 1 to 366.
    pub keep_days: u32,
}

impl Default for Log {
    fn default() -> Self {
        Self { keep_days: 28 }
    }
}

/// Why a configuration is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: {error}")]
    Read {
        /// Which file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A key is unknown, of the wrong type or out of range.
    #[error("{file}, line {line}: {problem}")]
    Value {
        /// Which file.
        file: PathBuf,
        /// Where, counted from 1.
        line: usize,
        /// The key, and what is allowed.
        problem: String,
    },
}

impl Config {
    /// Reads and checks a file. Relative paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`ConfigError`], with the line and what is allowed.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Read {
            file: file.into(),
            error,
        })?;
        let mut config = Self::parse(&text, file)?;
        let folder = file.parent().unwrap_or(Path::new("."));
        config.data = folder.join(&config.data);
        if !config.camera.path.as_os_str().is_empty() {
            config.camera.path = folder.join(&config.camera.path);
        }
        config.till.within(folder);
        let door = &mut config.door;
        for input in door.contact.iter_mut().chain(&mut door.bolt) {
            input.within(folder);
        }
        config.formats.within(folder);
        Ok(config)
    }

    /// Checks a text; `file` is named in errors.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = place::line_of(text, at);
            let key = place::key_at(text, line).map_or_else(String::new, |key| format!("{key}: "));
            ConfigError::Value {
                file: file.into(),
                line,
                problem: format!("{key}{}", error.message()),
            }
        })?;
        match config.problem() {
            None => Ok(config),
            Some((table, key, allowed)) => Err(ConfigError::Value {
                file: file.into(),
                line: place::line_of_key(text, table, key),
                problem: format!("{table}.{key}: {allowed}"),
            }),
        }
    }

    /// The first value that is out of range: its table, its key and what is allowed.
    fn problem(&self) -> Option<(&'static str, &'static str, String)> {
        let Door {
            venue,
            channel,
            line,
            max_seconds,
            ..
        } = &self.door;
        let checks = [
            (
                "camera",
                "fps",
                (1..=60).contains(&self.camera.fps),
                "1 to 60",
            ),
            (
                "camera",
                "rotate",
                [0, 90, 180, 270].contains(&self.camera.rotate),
                "0, 90, 180 or 270",
            ),
            (
                "door",
                "access",
                self.door.access != Access::Free || self.door.may_be_free(),
                "pass or closed, unless door.service is entry and door.kind is door: nobody would be checked",
            ),
            (
                "door",
                "venue",
                venue.is_empty() || is_venue(venue),
                "at most 6 characters of 0-9 and A-Z without I, L, O and U",
            ),
            ("door", "channel", (1..=8).contains(channel), "1 to 8"),
            ("door", "line", *line < 512, "0 to 511"),
            (
                "door",
                "max_seconds",
                (1..=60).contains(max_seconds),
                "1 to 60",
            ),
            (
                "door",
                "unlock_seconds",
                (1..=*max_seconds).contains(&self.door.unlock()),
                "1 to door.max_seconds",
            ),
            (
                "log",
                "keep_days",
                (1..=366).contains(&self.log.keep_days),
                "1 to 366",
            ),
            (
                "screen",
                "diagonal_inches",
                (5.0..=32.0).contains(&self.screen.diagonal_inches),
                "5 to 32",
            ),
            (
                "screen",
                "enrol",
                self.screen.enrol.is_empty()
                    || (self.screen.enrol.starts_with("https://")
                        && self.screen.enrol.len() <= MOST_ENROL),
                "https:// and at most 120 letters, or nothing",
            ),
        ];
        let till = self.till.checks(self.door.service);
        let till = till.map(|(key, holds, allowed)| ("till", key, holds, allowed));
        let contacts = self.door.contacts().flat_map(|(which, input)| {
            let table = match which {
                Watched::Door => "door.contact",
                Watched::Bolt => "door.bolt",
            };
            input
                .checks()
                .map(|(key, holds, allowed)| (table, key, holds, allowed))
        });
        let (key, holds, allowed) = self.trust.check();
        let room = self.room.checks(&self.door);
        let room = room.map(|(key, holds, allowed)| ("room", key, holds, allowed));
        checks
            .into_iter()
            .chain(till)
            .chain(contacts)
            .chain(room)
            .chain(self.formats.checks(self.door.service))
            .chain([("trust", key, holds, allowed)])
            .find(|(_, _, holds, _)| !holds)
            .map(|(table, key, _, allowed)| (table, key, format!("allowed is {allowed}")))
    }

    /// The rules of the door.
    #[must_use]
    pub fn policy(&self) -> Policy {
        const DAY: u64 = 86_400;
        let days = |days: u64| (days > 0).then(|| days.saturating_mul(DAY));
        let mut policy = Policy::new(self.door.service);
        policy.access = self.door.access;
        policy.venue = (!self.door.venue.is_empty()).then(|| self.door.venue.clone());
        policy.printed = self.policy.printed.unwrap_or(policy.printed);
        policy.printed_passback = self.policy.printed_passback_seconds;
        policy.printed_daily = self.policy.printed_daily;
        policy.grace = Grace {
            entry: days(self.policy.grace_entry_days),
            adult: days(self.policy.grace_adult_days),
            store: days(self.policy.grace_store_days),
        };
        policy
    }
}

#[cfg(test)]
mod tests;
