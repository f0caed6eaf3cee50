//! `munjigi doctor`: what is wrong at this kiosk, and what to do.

mod devices;
mod inputs;
mod keeping;

use std::{io::Write, path::PathBuf};

use serde_json::json;

use super::Failure;
use crate::{config::Config, store::Store};

/// Arguments of `munjigi doctor`.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "/etc/munjigi/kiosk.toml")]
    pub config: PathBuf,
    /// Moves the relay once: the door opens for a second
    #[arg(long)]
    pub click: bool,
    /// A JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Good,
    /// Doors open all the same.
    Warning,
    /// Something does not hold: exit status 1.
    Wrong,
    /// A device or the storage failed: exit status 3.
    Failed,
}

/// What was found out about one part.
#[derive(Debug)]
struct Finding {
    part: &'static str,
    state: State,
    what: String,
    /// What to do; empty when nothing.
    hint: String,
}

impl Finding {
    fn good(part: &'static str, what: impl ToString) -> Self {
        Self::new(part, State::Good, what, "")
    }

    fn warning(part: &'static str, what: impl ToString, hint: impl Into<String>) -> Self {
        Self::new(part, State::Warning, what, hint)
    }

    fn wrong(part: &'static str, what: impl ToString, hint: impl Into<String>) -> Self {
        Self::new(part, State::Wrong, what, hint)
    }

    fn failed(part: &'static str, what: impl ToString, hint: impl Into<String>) -> Self {
        Self::new(part, State::Failed, what, hint)
    }

    fn new(part: &'static str, state: State, what: impl ToString, hint: impl Into<String>) -> Self {
        Self {
            part,
            state,
            what: what.to_string(),
            hint: hint.into(),
        }
    }

    fn say(&self, json: bool) {
        let state = match self.state {
            State::Good => "ok",
            State::Warning => "warning",
            State::Wrong | State::Failed => "WRONG",
        };
        let mut out = std::io::stdout().lock();
        let Self {
            part, what, hint, ..
        } = self;
        let _ = if json {
            let line =
                json!({"part": part, "state": state.to_lowercase(), "what": what, "hint": hint});
            writeln!(out, "{line}")
        } else if hint.is_empty() {
            writeln!(out, "{state:<8} {part:<8} {what}")
        } else {
            writeln!(out, "{state:<8} {part:<8} {what}\n{:18}{hint}", "")
        };
        let _ = out.flush();
    }
}

impl Doctor {
    /// Runs every check, and tells each as soon as it is known; `false` means that something does not hold.
    ///
    /// # Errors
    /// [`Failure`] when the configuration cannot be read, or a device or the storage failed.
    pub fn run(self) -> Result<bool, Failure> {
        let config = Config::read(&self.config).map_err(|error| {
            Failure::usage(error, "Mend the file, or give another one with --config.")
        })?;
        let mut worst = State::Good;
        let mut tell = |finding: Finding| {
            worst = worst.max(finding.state);
            finding.say(self.json);
        };
        tell(Finding::good("config", self.config.display()));

        let running = Store::in_use(&config.data);
        let (store, findings) = keeping::storage(&config.data, running);
        findings.into_iter().for_each(&mut tell);
        tell(keeping::space(&config.data));
        tell(keeping::clock(store.as_ref()));
        keeping::trust(store.as_ref(), &config)
            .into_iter()
            .for_each(&mut tell);
        keeping::formats(&config.formats)
            .into_iter()
            .for_each(&mut tell);
        if let Some(store) = &store {
            tell(keeping::staff(store));
        }
        keeping::till(store.as_ref(), &config.till)
            .into_iter()
            .for_each(&mut tell);
        devices::camera(&config.camera, running)
            .into_iter()
            .for_each(&mut tell);
        let click = self.click.then_some(store.as_ref());
        tell(devices::relay(&config.door, click, running));
        inputs::contacts(&config.door, running)
            .into_iter()
            .for_each(&mut tell);
        tell(devices::sound(config.screen.sound));

        match worst {
            State::Good | State::Warning => Ok(true),
            State::Wrong => Ok(false),
            State::Failed => Err(Failure::device(
                "a device or the storage failed",
                "Do what stands beside WRONG above, then run munjigi doctor again.",
            )),
        }
    }
}
