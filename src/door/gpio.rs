//! A relay board on a GPIO line, through the character device (`/dev/gpiochipN`), never sysfs.
//!
//! The line is requested once with its inactive value and a consumer name, and kept. It may revert when the process ends,
//! so an external pull resistor decides then: see the wiring in the README.

use std::path::{Path, PathBuf};

use gpiocdev::{
    Request,
    chip::{Chip, chips},
    line::Value,
};

use super::{Door, DoorError};

/// One line of a chip.
#[derive(Debug)]
pub struct Line {
    request: Request,
    line: u32,
    path: String,
}

impl Line {
    /// Takes the line as an output that is off. `chip` is a path or a label (`pinctrl-rp1`); `active_low`: the board
    /// takes a low level as on.
    ///
    /// # Errors
    /// [`DoorError::Open`] when chip or line is missing, busy, or may not be used by this user.
    pub fn open(chip: &Path, line: u32, active_low: bool) -> Result<Self, DoorError> {
        let path = format!("{} line {line}", chip.display());
        let mut builder = Request::builder();
        let _ = builder
            .on_chip(find(chip))
            .with_consumer("munjigi door")
            .with_line(line)
            .as_output(Value::Inactive);
        if active_low {
            let _ = builder.as_active_low();
        }
        let request = builder.request().map_err(|error| DoorError::Open {
            port: path.clone(),
            problem: error.to_string(),
        })?;
        Ok(Self {
            request,
            line,
            path,
        })
    }

    fn set(&mut self, value: Value) -> Result<(), DoorError> {
        let set = self
            .request
            .set_value(self.line, value)
            .and_then(|_| self.request.value(self.line));
        let problem = match set {
            Ok(read) if read == value => return Ok(()),
            Ok(_) => "the line does not follow".to_string(),
            Err(error) => error.to_string(),
        };
        Err(DoorError::Order {
            port: self.path.clone(),
            problem,
        })
    }
}

/// The path of a chip. A label is looked for at every open: numbers move between kernels, and when a chip goes and comes.
pub(crate) fn find(chip: &Path) -> PathBuf {
    if chip.is_absolute() {
        return chip.into();
    }
    let labelled = |path: &PathBuf| {
        let info = Chip::from_path(path).and_then(|chip| chip.info());
        info.is_ok_and(|info| Path::new(&info.label) == chip)
    };
    let there = chips().unwrap_or_default();
    there
        .into_iter()
        .find(labelled)
        .unwrap_or_else(|| chip.into())
}

impl Door for Line {
    fn name(&self) -> String {
        format!("GPIO {}", self.path)
    }

    fn on(&mut self) -> Result<(), DoorError> {
        self.set(Value::Active)
    }

    fn off(&mut self) -> Result<(), DoorError> {
        self.set(Value::Inactive)
    }

    fn alive(&mut self) -> Result<(), DoorError> {
        self.request
            .value(self.line)
            .map(|_| ())
            .map_err(|error| DoorError::Order {
                port: self.path.clone(),
                problem: error.to_string(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_chip_is_named() {
        for chip in ["/dev/no-such-chip", "no-such-label"] {
            let error = Line::open(Path::new(chip), 17, false)
                .err()
                .unwrap()
                .to_string();
            let said = format!("{chip} line 17 cannot be opened: ");
            assert!(error.starts_with(&said), "{error}");
        }
    }
}
