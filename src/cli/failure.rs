//! Why a command could not be carried out: what went wrong, what to do.

use std::{io::Write, process::ExitCode};

/// A failed command. Printed as two lines on standard error.
#[derive(Debug)]
pub struct Failure {
    /// Exit status: 2 wrong use or configuration, 3 device or storage failed.
    pub status: u8,
    /// What went wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl Failure {
    /// Wrong use or configuration.
    pub fn usage(what: impl ToString, hint: impl Into<String>) -> Self {
        Self {
            status: 2,
            what: what.to_string(),
            hint: hint.into(),
        }
    }

    /// A device or the storage failed.
    pub fn device(what: impl ToString, hint: impl Into<String>) -> Self {
        Self {
            status: 3,
            what: what.to_string(),
            hint: hint.into(),
        }
    }

    /// Prints both lines and gives the exit status.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        let _ = writeln!(std::io::stderr(), "munjigi: {}\n{}", self.what, self.hint);
        ExitCode::from(self.status)
    }
}
