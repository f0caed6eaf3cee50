//! An output that moves nothing: for demonstrations, and for a kiosk that only keeps the log.

use super::{Door, DoorError};

/// Moves nothing.
#[derive(Debug)]
pub struct Simulated;

impl Door for Simulated {
    fn name(&self) -> String {
        "simulated door".into()
    }

    fn on(&mut self) -> Result<(), DoorError> {
        Ok(())
    }

    fn off(&mut self) -> Result<(), DoorError> {
        Ok(())
    }
}
