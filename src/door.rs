//! The door: a pulse out, an outcome back. Software only ever grants entry; it is never in the way out.

pub mod error;
pub mod gpio;
pub mod pulse;
pub mod serial_lcus;
pub mod simulated;

pub use error::DoorError;
pub use pulse::{DoorEvent, Pulse};

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
}
