//! A TUF repository (theupdateframework.io) as a folder: `metadata/` and `targets/`, read with the crate `tough`.
//!
//! An update is verified whole before anything of it counts; what is returned then goes into the store in one
//! transaction. Expired metadata does not shut the door (staff are warned, and a service's grace counts from the `iat` of
//! its list), so expiry is not enforced here; versions that go back are refused.

mod client;
mod fits;
mod folder;
mod held;
mod merge;
mod versions;

use std::{path::Path, sync::Arc};

use sha2::{Digest, Sha256};

use super::{
    StatusList, Trust, TrustError,
    issuers::{self, IssuersFile},
    status_list::stated_iat,
};
use crate::store::TrustSnapshot;

pub use fits::fits;
pub use held::Held;
pub use versions::{Versions, versions};

/// The target that names issuers, keys and lists.
const ISSUERS: &str = "issuers.json";

/// What one repository brings.
struct Content {
    file: IssuersFile,
    lists: Vec<Arc<StatusList>>,
}

/// Loads a repository for the first time, from a root file that the owner vouches for. `now` is in seconds since 1970.
///
/// # Errors
/// [`TrustError`] when anything in it does not hold.
pub fn pin(root: &[u8], folder: &Path, now: u64) -> Result<(TrustSnapshot, Trust), TrustError> {
    let anchor = anchor(root);
    let loaded = client::load(root, &[], folder)?;
    let location = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.into());
    let snapshot = TrustSnapshot {
        anchor,
        location: location.to_string_lossy().into_owned(),
        metadata: loaded.metadata,
        targets: loaded.targets,
        accepted_at: now,
    };
    Ok((snapshot, merge::merge(vec![loaded.content])))
}

/// The anchor of a root file: its SHA-256, hexadecimal.
#[must_use]
pub fn anchor(root: &[u8]) -> String {
    hex::encode(Sha256::digest(root))
}

/// Loads the repository again, from its folder or a copy of it (a USB stick); `location` stays. `now` is in seconds since
/// 1970.
///
/// # Errors
/// [`TrustError`] when anything in it does not hold or is older than what is in force, which then stays.
pub fn update(
    old: &TrustSnapshot,
    folder: &Path,
    now: u64,
) -> Result<(TrustSnapshot, Trust), TrustError> {
    let root = stored(&old.metadata, "root.json")
        .ok_or_else(|| TrustError::Repository("the stored state has no root.json".into()))?;
    let loaded = client::load(root, &old.metadata, folder)?;
    for list in &loaded.content.lists {
        let target = issuers::target(&list.uri);
        let in_force = stored(&old.targets, &target).and_then(stated_iat);
        if let Some(iat) = in_force.filter(|iat| *iat > list.iat) {
            return Err(TrustError::List {
                uri: list.uri.clone(),
                problem: format!("its iat {} is before {iat}, the one in force", list.iat),
            });
        }
    }
    let snapshot = TrustSnapshot {
        anchor: old.anchor.clone(),
        location: old.location.clone(),
        metadata: loaded.metadata,
        targets: loaded.targets,
        accepted_at: now,
    };
    Ok((snapshot, merge::merge(vec![loaded.content])))
}

/// What the kiosk trusts, from the stored repositories in the order in which they were pinned. Neither network nor files
/// are needed: the metadata were verified when they were accepted; form and signatures of what counts are checked again.
///
/// # Errors
/// [`TrustError`] when stored bytes do not hold.
pub fn restore(snapshots: &[TrustSnapshot]) -> Result<Trust, TrustError> {
    restore_beside(snapshots, &mut Held::default())
}

/// The same where much of it is in memory already: a list whose bytes did not change is taken from there.
///
/// # Errors
/// As [`restore`].
pub fn restore_beside(snapshots: &[TrustSnapshot], held: &mut Held) -> Result<Trust, TrustError> {
    let contents: Result<Vec<_>, _> = snapshots
        .iter()
        .map(|snapshot| reread(snapshot, held))
        .collect();
    let trust = merge::merge(contents?);
    held.turn();
    Ok(trust)
}

/// The ids of the issuers that a stored repository names.
///
/// # Errors
/// [`TrustError`] when stored bytes do not hold.
pub fn issuers(snapshot: &TrustSnapshot) -> Result<Vec<String>, TrustError> {
    let bytes = stored(&snapshot.targets, ISSUERS)
        .ok_or_else(|| TrustError::Repository(format!("the stored state has no {ISSUERS}")))?;
    Ok(issuers::parse(bytes)?.issuers.into_keys().collect())
}

fn reread(snapshot: &TrustSnapshot, held: &mut Held) -> Result<Content, TrustError> {
    let target = |name: &str| {
        stored(&snapshot.targets, name)
            .ok_or_else(|| TrustError::Repository(format!("the stored state has no {name}")))
    };
    let file = issuers::parse(target(ISSUERS)?)?;
    let lists: Result<Vec<_>, _> = file
        .lists
        .iter()
        .map(|list| held.list(target(&list.target())?, list, &file.keys))
        .collect();
    Ok(Content {
        lists: lists?,
        file,
    })
}

fn stored<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> Option<&'a [u8]> {
    files
        .iter()
        .find(|(stored, _)| stored == name)
        .map(|(_, bytes)| bytes.as_slice())
}

#[cfg(test)]
mod tests;
