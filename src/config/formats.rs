//! The table `[formats]`: which passes this door takes beside its own, each with a trust list of its own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use serde::Deserialize;

use crate::pass::{
    Format, Service, format,
    format::dcc::{Days, Rules},
};

/// Most bytes of a trust list: all signers of the European Union are some 5 MB.
const MOST: u64 = 32 << 20;

/// Which formats the door takes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Formats {
    /// The passes of this project.
    pub mj1: bool,
    /// Event tickets of pretix, where the table is there.
    pub pretix: Option<Pretix>,
    /// EU Digital COVID Certificates, where the table is there.
    pub dcc: Option<Dcc>,
}

impl Default for Formats {
    fn default() -> Self {
        Self {
            mj1: true,
            pretix: None,
            dcc: None,
        }
    }
}

/// Event tickets of pretix, signature scheme 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pretix {
    /// The events that open the door: a TOML file; relative to the configuration.
    pub trust: PathBuf,
    /// Revoked tickets, a text a line; relative to the configuration.
    #[serde(default)]
    pub revoked: PathBuf,
    /// A ticket admits once; else as often as a printed pass.
    #[serde(default = "yes")]
    pub once: bool,
}

/// EU Digital COVID Certificates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dcc {
    /// The signers: certificates or public keys in PEM; relative to the configuration.
    pub trust: PathBuf,
    /// Take complete vaccinations.
    #[serde(default = "yes")]
    pub vaccination: bool,
    /// Days after the last dose from which a vaccination counts.
    #[serde(default = "two_weeks")]
    pub vaccination_first_day: u32,
    /// Days after the last dose to which it counts; 0 is without limit.
    #[serde(default = "nine_months")]
    pub vaccination_last_day: u32,
    /// Take recoveries, for the days that they name.
    #[serde(default = "yes")]
    pub recovery: bool,
    /// Hours for which a negative test that amplifies nucleic acid counts; 0 is not taken.
    #[serde(default = "three_days")]
    pub naat_hours: u32,
    /// The same for antigen tests.
    #[serde(default = "one_day")]
    pub antigen_hours: u32,
}

const fn yes() -> bool {
    true
}

const fn two_weeks() -> u32 {
    14
}

/// What Regulation (EU) 2021/953 has for travel: 270 days.
const fn nine_months() -> u32 {
    270
}

const fn three_days() -> u32 {
    72
}

const fn one_day() -> u32 {
    24
}

impl Formats {
    /// The same with paths relative to the configuration's folder.
    pub(super) fn within(&mut self, folder: &Path) {
        let pretix = self.pretix.iter_mut();
        let pretix = pretix.flat_map(|pretix| [&mut pretix.trust, &mut pretix.revoked]);
        let dcc = self.dcc.iter_mut().map(|dcc| &mut dcc.trust);
        for path in pretix.chain(dcc) {
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
    }

    /// What must hold: table, key, whether it does, what is allowed.
    pub(super) fn checks(
        &self,
        service: Service,
    ) -> impl Iterator<Item = (&'static str, &'static str, bool, &'static str)> {
        const PRETIX: &str = "formats.pretix";
        const DCC: &str = "formats.dcc";
        const FILE: &str = "a file";
        const ENTRY: &str = "only with door.service = \"entry\"";
        let entry = service == Service::Entry;
        let alone = self.pretix.is_none() && self.dcc.is_none();
        let given = |path: &PathBuf| !path.as_os_str().is_empty();
        let mj1 = [(
            "formats",
            "mj1",
            self.mj1 || !alone,
            "false only with another format",
        )];
        let pretix = self.pretix.as_ref().map(|pretix| {
            [
                (PRETIX, "trust", given(&pretix.trust), FILE),
                (PRETIX, "trust", entry, ENTRY),
            ]
        });
        let dcc = self.dcc.as_ref().map(|dcc| {
            let last = dcc.vaccination_last_day;
            let any =
                dcc.vaccination || dcc.recovery || dcc.naat_hours > 0 || dcc.antigen_hours > 0;
            [
                (DCC, "trust", given(&dcc.trust), FILE),
                (DCC, "trust", entry, ENTRY),
                (
                    DCC,
                    "vaccination_first_day",
                    dcc.vaccination_first_day <= 3660,
                    "0 to 3660",
                ),
                (
                    DCC,
                    "vaccination_last_day",
                    last == 0 || (dcc.vaccination_first_day..=3660).contains(&last),
                    "vaccination_first_day to 3660, or 0",
                ),
                (DCC, "naat_hours", dcc.naat_hours <= 8784, "0 to 8784"),
                (DCC, "antigen_hours", dcc.antigen_hours <= 8784, "0 to 8784"),
                (DCC, "vaccination", any, "true, where nothing else is taken"),
            ]
        });
        mj1.into_iter()
            .chain(pretix.into_iter().flatten())
            .chain(dcc.into_iter().flatten())
    }

    /// The files that this is made from.
    fn files(&self) -> impl Iterator<Item = &PathBuf> {
        let pretix = self.pretix.iter();
        let pretix = pretix.flat_map(|pretix| [&pretix.trust, &pretix.revoked]);
        pretix
            .chain(self.dcc.iter().map(|dcc| &dcc.trust))
            .filter(|path| !path.as_os_str().is_empty())
    }

    /// When the files were changed and how long they are: another stamp, and they are worth another [`Formats::load`].
    #[must_use]
    pub fn stamp(&self) -> Vec<Option<(SystemTime, u64)>> {
        self.files()
            .map(|path| {
                let file = std::fs::metadata(path).ok()?;
                Some((file.modified().ok()?, file.len()))
            })
            .collect()
    }

    /// Reads the trust lists.
    ///
    /// # Errors
    /// The file, and what is wrong with it.
    pub fn load(&self) -> Result<format::Formats, String> {
        let mut foreign: Vec<Arc<dyn Format>> = Vec::new();
        if let Some(pretix) = &self.pretix {
            let revoked = match pretix.revoked.as_os_str().is_empty() {
                true => String::new(),
                false => text(&pretix.revoked)?,
            };
            let of = |problem| format!("{}: {problem}", pretix.trust.display());
            let format = format::pretix::Pretix::new(&text(&pretix.trust)?, &revoked, pretix.once);
            foreign.push(Arc::new(format.map_err(of)?));
        }
        if let Some(dcc) = &self.dcc {
            let file = dcc.trust.display();
            let read = format::dcc::Dcc::new(&bytes(&dcc.trust)?, dcc.rules());
            let (format, problems) = read.map_err(|problem| format!("{file}: {problem}"))?;
            for problem in problems {
                tracing::warn!("{file}: {problem}");
            }
            foreign.push(Arc::new(format));
        }
        Ok(format::Formats::new(self.mj1, foreign))
    }
}

impl Dcc {
    fn rules(&self) -> Rules {
        Rules {
            vaccination: self.vaccination.then_some(Days {
                first: self.vaccination_first_day,
                last: Some(self.vaccination_last_day).filter(|last| *last > 0),
            }),
            recovery: self.recovery,
            naat_hours: self.naat_hours,
            antigen_hours: self.antigen_hours,
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    String::from_utf8(bytes(path)?).map_err(|_| format!("{}: it is no text", path.display()))
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let of = |problem: String| format!("{}: {problem}", path.display());
    let long = std::fs::metadata(path)
        .map_err(|error| of(error.to_string()))?
        .len();
    if long > MOST {
        return Err(of(format!("longer than {} MB", MOST >> 20)));
    }
    std::fs::read(path).map_err(|error| of(error.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use std::path::Path;

    fn error(formats: &str) -> String {
        let text = format!("data = \"d\"\n{formats}");
        Config::parse(&text, Path::new("kiosk.toml"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn errors_name_line_key_and_what_is_allowed() {
        for (formats, said) in [
            (
                "[formats]\nmj1 = false\n",
                "line 3: formats.mj1: allowed is false only with another format",
            ),
            ("[formats.pretix]\n", "line 2: missing field `trust`"),
            (
                "[formats.pretix]\ntrust = \"\"\n",
                "line 3: formats.pretix.trust: allowed is a file",
            ),
            (
                "[door]\nservice = \"adult\"\n[formats.pretix]\ntrust = \"t\"\n",
                "line 5: formats.pretix.trust: allowed is only with door.service = \"entry\"",
            ),
            (
                "[formats.dcc]\ntrust = \"t\"\nvaccination_first_day = 15\nvaccination_last_day = 14\n",
                "line 5: formats.dcc.vaccination_last_day: allowed is vaccination_first_day to 3660, or 0",
            ),
            (
                "[formats.dcc]\ntrust = \"t\"\nnaat_hours = 9000\n",
                "line 4: formats.dcc.naat_hours: allowed is 0 to 8784",
            ),
            (
                "[formats.dcc]\ntrust = \"t\"\nvaccination = false\nrecovery = false\nnaat_hours = 0\nantigen_hours = 0\n",
                "line 4: formats.dcc.vaccination: allowed is true, where nothing else is taken",
            ),
            (
                "[formats.dcc]\ntrust = \"t\"\nboosters = 1\n",
                "line 4: formats.dcc.boosters: unknown field",
            ),
        ] {
            let error = error(formats);
            assert!(error.contains(said), "{error}\nnot\n{said}");
        }
    }

    #[test]
    fn presets_are_configurations() {
        let read = |text| Config::parse(text, Path::new("kiosk.toml")).unwrap();
        let event = read(include_str!("../../packaging/presets/event-day.toml"));
        assert!(event.formats.pretix.unwrap().once && !event.formats.mj1);
        let check = include_str!("../../packaging/presets/vaccination-check.toml");
        let dcc = read(check).formats.dcc.unwrap();
        // What is written there is what is meant where nothing is written.
        let bare = "data = \"d\"\n[formats.dcc]\ntrust = \"/etc/munjigi/signers.pem\"\n";
        assert_eq!(Some(dcc), read(bare).formats.dcc);
    }

    #[test]
    fn a_list_that_is_missing_or_broken_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiosk.toml");
        let text = "data = \"d\"\n[formats.dcc]\ntrust = \"signers.pem\"\n";
        std::fs::write(&file, text).unwrap();
        let config = Config::read(&file).unwrap();
        let error = config.formats.load().unwrap_err();
        let list = folder.path().join("signers.pem");
        assert!(error.starts_with(&list.display().to_string()), "{error}");
        let stamp = config.formats.stamp();
        std::fs::write(&list, "no list").unwrap();
        assert_ne!(config.formats.stamp(), stamp);
        let error = config.formats.load().unwrap_err();
        assert!(error.ends_with("it has no PEM section"), "{error}");
    }
}
