//! The door: a pulse out, an outcome back, and what its contacts tell. Software only ever grants entry; it is never in the way out.

pub mod error;
pub mod gpio;
pub mod input;
pub mod pulse;
pub mod serial_lcus;
pub mod simulated;

pub use error::DoorError;
pub use input::{Circuit, InputEvent, Watch};
pub use pulse::{DoorEvent, Pulse};

use crate::config::{self, DoorDriver};

/// One output that releases a lock. Lives on the pulse thread.
pub trait Door: Send {
    /// What staff read: the board and its port.
    fn name(&self) -> String;

    /// Releases the lock; returns when the board has taken the order.
    ///
    /// # Errors
    /// When the board is gone or gives a wrong answer.
    fn on(&mut self) -> Result<(), DoorError>;

    /// Lets the lock fall.
    ///
    /// # Errors
    /// When the board is gone or gives a wrong answer.
    fn off(&mut self) -> Result<(), DoorError>;

    /// Whether the board is still there; asked while nothing happens.
    ///
    /// # Errors
    /// When it is gone.
    fn alive(&mut self) -> Result<(), DoorError> {
        Ok(())
    }
}

/// How the configured output is opened, at the start and after it was lost.
#[must_use]
pub fn opener(config: &config::Door) -> pulse::Opener {
    let config = config.clone();
    Box::new(move || {
        Ok(match config.driver {
            DoorDriver::SerialLcus => {
                Box::new(serial_lcus::Lcus::open(&config.port, config.channel)?)
            }
            DoorDriver::Gpio => Box::new(gpio::Line::open(
                &config.chip,
                config.line,
                config.active_low,
            )?),
            DoorDriver::Simulated => Box::new(simulated::Simulated),
        })
    })
}
