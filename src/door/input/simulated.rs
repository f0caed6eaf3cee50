//! A contact that is a file: whoever writes `open` or `closed` into it moves the door. A stand-in for tests and
//! demonstrations, to be written by whoever may write the file; no kiosk at a real door has one.

use std::{
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{Circuit, Input};
use crate::door::DoorError;

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(40);
/// Bytes that are read of it.
const MOST: u64 = 16;

/// The file, and what it said last.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    last: Circuit,
}

impl File {
    /// Looks at the file for the first time.
    ///
    /// # Errors
    /// [`DoorError::Read`] when it is missing, or says something else.
    pub fn open(path: &Path) -> Result<Self, DoorError> {
        let last = read(path)?.ok_or_else(|| failed(path, "it is empty"))?;
        Ok(Self {
            path: path.into(),
            last,
        })
    }
}

/// What the file says; `None` while it is empty: somebody is just writing it.
fn read(path: &Path) -> Result<Option<Circuit>, DoorError> {
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST).read_to_string(&mut text))
        .map_err(|error| failed(path, &error.to_string()))?;
    match text.trim() {
        "open" => Ok(Some(Circuit::Open)),
        "closed" => Ok(Some(Circuit::Closed)),
        "" => Ok(None),
        _ => Err(failed(path, "it says neither open nor closed")),
    }
}

fn failed(path: &Path, problem: &str) -> DoorError {
    DoorError::Read {
        port: path.display().to_string(),
        problem: problem.into(),
    }
}

impl Input for File {
    fn name(&self) -> String {
        format!("simulated contact {}", self.path.display())
    }

    fn circuit(&mut self) -> Result<Circuit, DoorError> {
        if let Some(circuit) = read(&self.path)? {
            self.last = circuit;
        }
        Ok(self.last)
    }

    fn change(&mut self, patience: Duration) -> Result<Option<Circuit>, DoorError> {
        let end = Instant::now() + patience;
        while Instant::now() < end {
            let before = self.last;
            if self.circuit()? != before {
                return Ok(Some(self.last));
            }
            std::thread::sleep(LOOK);
        }
        Ok(None)
    }
}
