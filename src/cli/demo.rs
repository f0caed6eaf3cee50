//! `munjigi demo`.

use super::Failure;

/// Arguments of `munjigi demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {}

impl Demo {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}
