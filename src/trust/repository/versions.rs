//! What staff see of an accepted repository.

use serde::Deserialize;

use super::stored;
use crate::store::TrustSnapshot;

/// Versions of the metadata in force. 0 where the stored bytes cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Versions {
    /// Of root.
    pub root: u64,
    /// Of timestamp.
    pub timestamp: u64,
    /// Of snapshot.
    pub snapshot: u64,
    /// Of the top-level targets.
    pub targets: u64,
    /// When the first of them expires, seconds since 1970: from then on staff are warned.
    pub expires: Option<i64>,
}

#[derive(Deserialize)]
struct Role {
    signed: Signed,
}

#[derive(Deserialize)]
struct Signed {
    version: u64,
    expires: jiff::Timestamp,
}

/// Versions and expiry of an accepted repository.
#[must_use]
pub fn versions(snapshot: &TrustSnapshot) -> Versions {
    let mut expires = None;
    let mut version = |name| {
        let role = stored(&snapshot.metadata, name)
            .and_then(|bytes| serde_json::from_slice::<Role>(bytes).ok());
        let Some(Role { signed }) = role else {
            return 0;
        };
        let second = signed.expires.as_second();
        expires = Some(expires.map_or(second, |first: i64| first.min(second)));
        signed.version
    };
    Versions {
        root: version("root.json"),
        timestamp: version("timestamp.json"),
        snapshot: version("snapshot.json"),
        targets: version("targets.json"),
        expires,
    }
}
