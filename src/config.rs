//! `kiosk.toml`: what the owner sets. Every key has a default but the data folder; a wrong one is named with file, line,
//! key and what is allowed.

pub mod contact;
pub mod formats;
mod place;
pub mod room;
pub mod till;
pub mod trust;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use contact::{Bias, Input, InputDriver};
pub use formats::Formats;
pub use room::Room;
pub use till::Till;
pub use trust::Trust;

use crate::{
    gate::{Access, Grace, Policy, room::Watched},
    pass::{Service, presentation::is_venue},
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

/// Which kind of camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CameraSource {
    /// A webcam through V4L2.
    Webcam,
    /// A folder of pictures.
    Replay,
    /// A drawn phone with a live pass (demonstration and tests).
    Phone,
}

/// Who exposes the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// The camera by itself, for the whole scene.
    Auto,
    /// The kiosk, for the code, while one is in view.
    Managed,
}

/// Where the pictures come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Camera {
    /// Which kind.
    pub source: CameraSource,
    /// Webcam: `/dev/v4l/by-id/...`, a part of the name, or empty for the first one.
    pub device: String,
    /// Replay: the folder of pictures. Phone: the script, a JSON file.
    pub path: PathBuf,
    /// Replay: start again at the end.
    pub repeat: bool,
    /// Pictures a second that are asked for.
    pub fps: u32,
    /// Clockwise turn that makes the picture upright: 0, 90, 180 or 270.
    pub rotate: u32,
    /// Mirror the preview, as people expect of a screen that shows them.
    pub mirror: bool,
    /// Webcam: who exposes the pictures.
    pub exposure: Exposure,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            source: CameraSource::Webcam,
            device: String::new(),
            path: PathBuf::new(),
            repeat: true,
            fps: 15,
            rotate: 0,
            mirror: true,
            exposure: Exposure::Managed,
        }
    }
}

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
    fn may_be_free(&self) -> bool {
        self.service == Service::Entry && self.kind == DoorKind::Door
    }

    /// Seconds the lock stays released.
    #[must_use]
    pub fn unlock(&self) -> u64 {
        let default = self.kind.pulse().min(self.max_seconds);
        self.unlock_seconds.unwrap_or(default)
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

/// Language of the entrance screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// The entrance screen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// The language it starts in and goes back to.
    pub language: Language,
    /// Cover the whole screen.
    pub full_screen: bool,
    /// Diagonal of the panel in inches, 5 to 32: texts are made large enough for it.
    pub diagonal_inches: f32,
    /// Sounds.
    pub sound: bool,
    /// Where somebody without a pass gets one by phone, shown as a code on the idle page; empty is nowhere.
    pub enrol: String,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            language: Language::Ko,
            full_screen: true,
            diagonal_inches: 10.1,
            sound: true,
            enrol: String::new(),
        }
    }
}

/// Letters of an address that make a code of few modules.
const MOST_ENROL: usize = 120;

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
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Config::parse(text, Path::new("kiosk.toml"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_data_folder_is_enough() {
        let config = Config::parse("data = \"d\"", Path::new("kiosk.toml")).unwrap();
        assert_eq!(config.policy(), Policy::new(Service::Entry));
    }

    #[test]
    fn a_machine_gets_a_short_pulse_unless_the_owner_says_otherwise() {
        for (door, seconds) in [
            ("", 5),
            ("kind = \"door\"", 5),
            ("kind = \"vend\"", 1),
            ("kind = \"vend\"\nunlock_seconds = 3", 3),
            ("max_seconds = 2", 2),
        ] {
            let text = format!("data = \"d\"\n[door]\n{door}\n");
            let config = Config::parse(&text, Path::new("kiosk.toml")).unwrap();
            assert_eq!(config.door.unlock(), seconds, "{door}");
        }
    }

    #[test]
    fn a_till_is_told_by_a_store_alone() {
        let store = "data = \"d\"\n[door]\nservice = \"store\"\n[till]\n";
        for (text, said) in [
            (
                "data = \"d\"\n[till]\nsocket = \"s\"\n".to_string(),
                "line 3: till.socket: allowed is only with door.service",
            ),
            (
                format!("{store}url = \"http://till.example/\"\n"),
                "line 5: till.url: allowed is https://",
            ),
            (
                format!("{store}url = \"https://till.example/\"\n"),
                "till.secret: allowed is a file",
            ),
        ] {
            let error = error(&text);
            assert!(error.contains(said), "{error}");
        }
    }

    /// Its comments are what an owner reads: every key is one, and what stands there is taken.
    #[test]
    fn the_file_of_the_package_says_what_is_true() {
        let packaged = include_str!("../packaging/kiosk.toml");
        let parse = |text: &str| Config::parse(text, Path::new("kiosk.toml")).unwrap();
        let mut table = "";
        let mut spoken = Vec::new();
        for line in packaged.lines() {
            let key = line.strip_prefix('#').filter(|key| !key.starts_with(' '));
            let line = key.unwrap_or(line);
            if line.starts_with('[') {
                table = line;
            }
            // A till is for stores, and has no defaults.
            if table != "[till]" || line.starts_with('[') {
                spoken.push(line);
            }
        }
        let (quiet, mut spoken) = (parse(packaged), parse(&spoken.join("\n")));
        assert!(spoken.formats.pretix.take().is_some() && spoken.formats.dcc.take().is_some());
        let (contact, bolt) = (spoken.door.contact.take(), spoken.door.bolt.take());
        assert_eq!(contact, Some(Input::default()));
        assert!(bolt.is_some());
        // What depends on something else: five seconds for a door, and for printed passes the service.
        assert_eq!(spoken.door.unlock(), quiet.door.unlock());
        (spoken.door.unlock_seconds, spoken.policy.printed) = (None, None);
        assert_eq!(format!("{spoken:?}"), format!("{quiet:?}"));
    }

    #[test]
    fn errors_name_file_line_key_and_what_is_allowed() {
        let unknown = error("data = \"d\"\n\n[door]\nopen = 3\n");
        assert!(
            unknown.starts_with(
                "kiosk.toml, line 4: door.open: unknown field `open`, expected one of `kind`"
            ),
            "{unknown}"
        );
        let range = error("data = \"d\"\n[door]\n# long\nunlock_seconds = 11\n");
        assert_eq!(
            range,
            "kiosk.toml, line 4: door.unlock_seconds: allowed is 1 to door.max_seconds"
        );
        let variant = error("data = \"d\"\n[camera]\nsource = \"film\"\n");
        assert!(
            variant.starts_with(
                "kiosk.toml, line 3: camera.source: unknown variant `film`, expected one of `webcam`"
            ),
            "{variant}"
        );
        let kind = error("data = \"d\"\n[door]\nunlock_seconds = \"5\"\n");
        assert!(
            kind.starts_with("kiosk.toml, line 3: door.unlock_seconds: invalid type"),
            "{kind}"
        );
        assert!(error("[door]\n").contains("missing field `data`"));
    }
}
