//! Why an issuer does not do what it was asked.

use std::path::PathBuf;

/// A failure of the issuer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// There is an issuer in the folder already.
    #[error("{0} has an issuer already")]
    There(PathBuf),
    /// There is none.
    #[error("{0} has no issuer")]
    Missing(PathBuf),
    /// The request breaks a rule.
    #[error("{0}")]
    Rule(String),
    /// No pass has this number.
    #[error("no pass has the number '{0}'")]
    NoPass(String),
    /// No link has this code.
    #[error("no link has this code")]
    LinkUnknown,
    /// A link gave its pass already.
    #[error("this link gave a pass already")]
    LinkUsed,
    /// A link's time is over.
    #[error("this link's time is over")]
    LinkExpired,
    /// A pass was revoked.
    #[error("pass {0} is revoked")]
    Revoked(String),
    /// A pass is suspended.
    #[error("pass {0} is suspended")]
    Suspended(String),
    /// A pass is not renewed, or ended too long ago.
    #[error("pass {0} is not renewed")]
    Ended(String),
    /// A pass is renewed later.
    #[error("pass {0} is renewed later")]
    NotYet(String),
    /// A pass would not fit the code of a wallet.
    #[error("this pass does not fit the code of a phone")]
    TooLarge,
    /// A signature is not the holder's.
    #[error("the signature is not the holder's")]
    BadProof,
    /// Every place in the status list is taken.
    #[error("the status list is full")]
    Full,
    /// A file cannot be read or written.
    #[error("{path}: {problem}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// SQLite failed.
    #[error("the issuer's database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The repository could not be signed.
    #[error("the repository could not be made: {0}")]
    Repository(String),
    /// The system gave no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}
