//! Why a relay did not do what it was told, or an input tells nothing.

/// A failure of an output or an input.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DoorError {
    /// The port or line cannot be opened.
    #[error("{port} cannot be opened: {problem}")]
    Open {
        /// Which.
        port: String,
        /// Why.
        problem: String,
    },
    /// The board did not take the order.
    #[error("{port} did not take the order: {problem}")]
    Order {
        /// Which.
        port: String,
        /// Why.
        problem: String,
    },
    /// The input tells nothing.
    #[error("{port} cannot be read: {problem}")]
    Read {
        /// Which.
        port: String,
        /// Why.
        problem: String,
    },
    /// The pulse thread is gone or busy.
    #[error("the door did not answer")]
    Gone,
}
