//! Why trust files are not taken. The old state then stays in force.

/// A refused update.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// The TUF repository does not verify, or is older than what is in force.
    #[error("the repository does not verify: {0}")]
    Repository(String),
    /// `issuers.json` breaks a rule.
    #[error("issuers.json: {0}")]
    Issuers(String),
    /// A status list breaks a rule.
    #[error("status list {uri}: {problem}")]
    List {
        /// Which.
        uri: String,
        /// What is wrong.
        problem: String,
    },
    /// It did not come.
    #[error("{0}")]
    Road(super::problem::Problem),
    /// A file cannot be read.
    #[error("{path}: {problem}")]
    File {
        /// Which.
        path: String,
        /// Why.
        problem: String,
    },
}
