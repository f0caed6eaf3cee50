//! The tables `[door.contact]` and `[door.bolt]`: contacts that tell what the door and its bolt do.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Which kind of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputDriver {
    /// A GPIO line.
    Gpio,
    /// A file that says `open` or `closed`: a stand-in for tests and demonstrations.
    Simulated,
}

/// What holds a GPIO line while the circuit is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bias {
    /// The chip's resistor to its supply.
    PullUp,
    /// The chip's resistor to ground.
    PullDown,
    /// Nothing in the chip: a resistor on the board does it.
    None,
}

/// One contact. The circuit is closed while the door is closed (the bolt locked), so that a cut wire reads as open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// Which kind.
    pub driver: InputDriver,
    /// GPIO: the chip, a path such as `/dev/gpiochip0` or a label such as `pinctrl-rp1`.
    pub chip: PathBuf,
    /// GPIO: the line, 0 to 511.
    pub line: u32,
    /// GPIO: a low level is a closed circuit, as with a contact between the line and ground.
    pub active_low: bool,
    /// GPIO: what holds the line while the circuit is open.
    pub bias: Bias,
    /// GPIO: milliseconds for which a level must hold to count, 20 to 50.
    pub debounce_ms: u64,
    /// Simulated: the file.
    pub path: PathBuf,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            driver: InputDriver::Gpio,
            chip: "/dev/gpiochip0".into(),
            line: 27,
            active_low: true,
            bias: Bias::PullUp,
            debounce_ms: 30,
            path: PathBuf::new(),
        }
    }
}

impl Input {
    /// The same with its path relative to the configuration's folder.
    pub(super) fn within(&mut self, folder: &Path) {
        if !self.path.as_os_str().is_empty() {
            self.path = folder.join(&self.path);
        }
    }

    /// What must hold: key, whether it does, what is allowed.
    pub(super) fn checks(&self) -> [(&'static str, bool, &'static str); 3] {
        let simulated = self.driver == InputDriver::Simulated;
        [
            ("line", self.line < 512, "0 to 511"),
            (
                "debounce_ms",
                (20..=50).contains(&self.debounce_ms),
                "20 to 50",
            ),
            (
                "path",
                !simulated || !self.path.as_os_str().is_empty(),
                "a file, where driver is simulated",
            ),
        ]
    }
}
