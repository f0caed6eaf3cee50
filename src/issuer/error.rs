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
    /// The keys of a folder are encrypted, and no passphrase is kept for it.
    #[error("the keys in {0} are locked")]
    Locked(PathBuf),
    /// Another passphrase closed the keys of a folder.
    #[error("this passphrase does not open the keys in {0}")]
    Passphrase(PathBuf),
    /// A passphrase lies open.
    #[error("others can read {0}")]
    Exposed(PathBuf),
    /// A private key is not there.
    #[error("the private key {0} is not there")]
    NoKey(String),
    /// No key has this kid.
    #[error("no key of this issuer is '{0}'")]
    UnknownKey(String),
    /// Every place in every status list that kiosks can hold is taken.
    #[error("the status lists are full")]
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
