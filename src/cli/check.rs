//! `munjigi check`.

use super::Failure;

/// Arguments of `munjigi check`.
#[derive(Debug, clap::Args)]
pub struct Check {}

impl Check {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}
