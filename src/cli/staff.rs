//! `munjigi staff`, `munjigi block` and `munjigi unblock`.

use super::Failure;

/// Arguments of `munjigi staff`.
#[derive(Debug, clap::Args)]
pub struct Staff {}

impl Staff {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}

/// Arguments of `munjigi block`.
#[derive(Debug, clap::Args)]
pub struct Block {}

impl Block {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}

/// Arguments of `munjigi unblock`.
#[derive(Debug, clap::Args)]
pub struct Unblock {}

impl Unblock {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        Err(Failure::usage("not written yet", "wait"))
    }
}
