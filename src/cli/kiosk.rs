//! `munjigi kiosk`.

use super::Failure;

/// Arguments of `munjigi kiosk`.
#[derive(Debug, clap::Args)]
pub struct Kiosk {}

impl Kiosk {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}
