//! Why a camera gives no picture.

/// A failure of a source.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CameraError {
    /// There is no such device or folder.
    #[error("no camera '{0}'")]
    Missing(String),
    /// It is there and cannot be opened.
    #[error("camera '{name}' cannot be opened: {problem}")]
    Open {
        /// Which.
        name: String,
        /// Why.
        problem: String,
    },
    /// A picture could not be taken or read.
    #[error("camera '{name}' gives no picture: {problem}")]
    Picture {
        /// Which.
        name: String,
        /// Why.
        problem: String,
    },
}
