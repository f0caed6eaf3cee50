//! A TUF repository (theupdateframework.io), `metadata/` and `targets/` in a folder or under a URL, read with the crate
//! `tough`: the same bytes by either way.
//!
//! An update is verified whole before anything of it counts; what is returned then goes into the store in one
//! transaction. Expired metadata does not shut the door (staff are warned, and a service's grace counts from the `iat` of
//! its list), so expiry is not enforced here; versions that go back are refused.

mod budget;
mod client;
mod equivocation;
mod fault;
mod fits;
mod folder;
mod held;
mod merge;
mod portal;
mod source;
mod versions;
mod web;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{
    StatusList, Trust, TrustError,
    issuers::{self, IssuersFile},
    pin::Pin,
    place::Place,
    status_list::stated_iat,
};
use crate::store::TrustSnapshot;
use web::Known;

pub use fits::fits;
pub use held::Held;
pub use source::{Progress, Source};
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
pub fn pin(
    root: &[u8],
    from: impl Into<Source>,
    now: u64,
) -> Result<(TrustSnapshot, Trust), TrustError> {
    let anchor = anchor(root);
    let source = from.into();
    let carrier = source.open(Known::new(), now)?;
    let loaded = client::load(root, &TrustSnapshot::default(), carrier)?;
    let snapshot = TrustSnapshot {
        anchor,
        location: location(&source.place),
        tags: loaded.tags,
        metadata: loaded.metadata,
        targets: loaded.targets,
        accepted_at: now,
    };
    Ok((snapshot, merge::merge(vec![loaded.content])))
}

/// Loads a repository for the first time, by a code that the owner vouches for: the root that it names is fetched too.
/// `now` is in seconds since 1970.
///
/// # Errors
/// As [`pin`], and where the root is not the one that the code names.
pub fn pin_by_code(
    code: &Pin,
    from: impl Into<Source>,
    now: u64,
) -> Result<(TrustSnapshot, Trust), TrustError> {
    let source = from.into();
    let carrier = source.open(Known::new(), now)?;
    let root = carrier.file(&code.root_file(), client::LIMITS.max_root_size)?;
    if Sha256::digest(&root)[..] != code.anchor {
        return Err(TrustError::Repository(format!(
            "its {} is not the one that the code names",
            code.root_file()
        )));
    }
    pin(&root, source, now)
}

/// What a snapshot says of where it came from.
#[must_use]
pub fn location(place: &Place) -> String {
    match place {
        Place::Folder(folder) => {
            let whole = std::fs::canonicalize(folder);
            let whole = whole.unwrap_or_else(|_| folder.clone());
            whole.to_string_lossy().into_owned()
        }
        Place::Url(url) => url.to_string(),
    }
}

/// The anchor of a root file: its SHA-256, hexadecimal.
#[must_use]
pub fn anchor(root: &[u8]) -> String {
    hex::encode(Sha256::digest(root))
}

/// Loads the repository again, from its place or a copy of it (a USB stick); `location` stays, and what is in force is not
/// read again. `now` is in seconds since 1970.
///
/// # Errors
/// [`TrustError`] when anything in it does not hold or is older than what is in force, which then stays.
pub fn update(
    old: &TrustSnapshot,
    from: impl Into<Source>,
    now: u64,
) -> Result<(TrustSnapshot, Trust), TrustError> {
    let root = stored(&old.metadata, "root.json")
        .ok_or_else(|| TrustError::Repository("the stored state has no root.json".into()))?;
    let source = from.into();
    // Tags are the server's own: of a copy elsewhere they say nothing.
    let known = if location(&source.place) == old.location {
        known(old)
    } else {
        Known::new()
    };
    let loaded = client::load(root, old, source.open(known, now)?)?;
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
        tags: loaded.tags,
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

/// What the server is asked about by its tags.
fn known(old: &TrustSnapshot) -> Known {
    let file = |(name, tag): &(String, String)| {
        let bytes = stored(&old.metadata, name)?;
        Some((format!("metadata/{name}"), (bytes.to_vec(), tag.clone())))
    };
    old.tags.iter().filter_map(file).collect()
}

fn stored<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> Option<&'a [u8]> {
    files
        .iter()
        .find(|(stored, _)| stored == name)
        .map(|(_, bytes)| bytes.as_slice())
}

#[cfg(test)]
mod tests;
