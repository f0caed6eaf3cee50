//! Why the store could not do something.

use std::path::PathBuf;

/// A failure of the store.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another kiosk holds the data folder.
    #[error("the data folder {0} is in use by another munjigi")]
    InUse(PathBuf),
    /// The folder or file cannot be made, read or written.
    #[error("{path}: {problem}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// SQLite said no.
    #[error("database: {0}")]
    Database(String),
    /// A newer program wrote this database.
    #[error("the database has format {0}, this program knows less: a newer munjigi wrote it")]
    Newer(i64),
    /// A row does not hold what it should.
    #[error("row {seq} of the log: {problem}")]
    Damaged {
        /// Which row.
        seq: u64,
        /// What is wrong.
        problem: String,
    },
    /// Somebody else has this staff code.
    #[error("somebody has this code already")]
    CodeTaken,
    /// Another process changed what was to be changed.
    #[error("another update was faster")]
    Overtaken,
    /// The accepted trust files do not hold any more.
    #[error("the stored trust: {0}")]
    Trust(String),
    /// The writer did not answer in time, or is gone.
    #[error("the log writer did not answer within {0} ms")]
    Late(u64),
}

impl From<crate::trust::TrustError> for StoreError {
    fn from(error: crate::trust::TrustError) -> Self {
        Self::Trust(error.to_string())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}
