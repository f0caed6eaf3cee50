//! Whose repository a folder holds. Only a guess, by the keys that its files name: it decides what somebody is told, never
//! what is trusted.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::Path,
};

use serde::{Deserialize, de::IgnoredAny};

use super::stored;
use crate::store::TrustSnapshot;

/// Bytes of a file that are looked at.
const MOST: u64 = 1 << 20;

#[derive(Deserialize)]
struct Root {
    signed: RootPart,
}

#[derive(Deserialize)]
struct RootPart {
    version: u64,
    keys: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct Signed {
    signatures: Vec<Signature>,
}

#[derive(Deserialize)]
struct Signature {
    keyid: String,
}

/// Whether a folder seems to hold a newer copy of a pinned repository: its timestamp, or the root after the one in force,
/// names a key of that root.
#[must_use]
pub fn fits(old: &TrustSnapshot, folder: &Path) -> bool {
    let root = stored(&old.metadata, "root.json");
    let Some(Root { signed: root }) = root.and_then(|bytes| serde_json::from_slice(bytes).ok())
    else {
        return false;
    };
    let next = format!("{}.root.json", root.version.saturating_add(1));
    ["timestamp.json", &next].into_iter().any(|name| {
        let signed = read(&folder.join("metadata"), name)
            .and_then(|bytes| serde_json::from_slice::<Signed>(&bytes).ok());
        signed.is_some_and(|signed| {
            let mut names = signed.signatures.iter();
            names.any(|one| root.keys.contains_key(&one.keyid))
        })
    })
}

/// A plain file of a plain folder; links and pipes are none.
fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let path = folder.join(name);
    if !fs::symlink_metadata(folder).ok()?.is_dir() || !fs::symlink_metadata(&path).ok()?.is_file()
    {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    let read = file.take(MOST + 1).read_to_end(&mut bytes).ok()?;
    (read as u64 <= MOST).then_some(bytes)
}
