//! `munjigi wallet`.

use super::Failure;

/// Arguments of `munjigi wallet`.
#[derive(Debug, clap::Args)]
pub struct Wallet {}

impl Wallet {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}
