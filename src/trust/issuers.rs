//! `issuers.json`, format 1: issuers, their keys and the status lists to hold. A target of the TUF repository.

mod unique;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use serde::de::DeserializeOwned;

use super::{Issuer, IssuerKey, TrustError};
use crate::pass::{Kind, compose::thumbprint};

/// Bytes of `issuers.json` at most.
pub const MAX_BYTES: usize = 1 << 20;

/// Inflated bytes of all lists of one file at most: 2^29 passes with one bit each. A kiosk holds them all in memory.
pub const MAX_LIST_BYTES: u64 = 64 << 20;

/// `issuers.json`, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssuersFile {
    /// Issuers by id.
    pub issuers: BTreeMap<String, Issuer>,
    /// Keys, in the order of the file.
    pub keys: Vec<IssuerKey>,
    /// Lists, in the order of the file.
    pub lists: Vec<Announced>,
}

/// A status list that the kiosk shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// `sub` of the list.
    pub uri: String,
    /// 1 or 2.
    pub bits: u8,
    /// Number of passes, a multiple of 8.
    pub entries: u32,
}

impl Announced {
    /// Bytes of the inflated list.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.entries as usize / 8 * self.bits as usize
    }

    /// Bytes of its token at most: statuses that do not compress at all, and the frame around them.
    #[must_use]
    pub const fn max_token(&self) -> usize {
        self.size() + self.size() / 64 + 4096
    }

    /// The name of its TUF target.
    #[must_use]
    pub fn target(&self) -> String {
        target(&self.uri)
    }
}

/// The name of a list's TUF target: a colon cannot be in a FAT or NTFS file name.
#[must_use]
pub fn target(uri: &str) -> String {
    format!("status/{}.cwt", uri.replace(':', "_"))
}

/// Reads the file and checks every rule.
///
/// # Errors
/// [`TrustError::Issuers`] with the first rule that is broken.
pub fn parse(bytes: &[u8]) -> Result<IssuersFile, TrustError> {
    check(bytes).map_err(TrustError::Issuers)
}

fn check(bytes: &[u8]) -> Result<IssuersFile, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("longer than {MAX_BYTES} bytes"));
    }
    // The format first: whatever else a newer one changed must not hide behind another message.
    let wire::Format { format } = read(bytes)?;
    if format.as_u64() != Some(1) {
        return Err(format!("has format {format}: newer program needed"));
    }
    let unique::Unique = read(bytes)?;
    let file: wire::File = read(bytes)?;
    let issuers = file
        .issuers
        .into_iter()
        .map(|(id, issuer)| Ok((check_id(id)?, check_name(issuer.name)?)))
        .collect::<Result<BTreeMap<_, _>, String>>()?;
    let keys = file
        .keys
        .into_iter()
        .map(|key| {
            let kid = key.kid.clone();
            check_key(key, &issuers).map_err(|problem| format!("key {kid:?}: {problem}"))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let mut seen = BTreeSet::new();
    if let Some(key) = keys.iter().find(|key| !seen.insert(key.thumbprint)) {
        let public_key = hex::encode(key.public_key.as_bytes());
        return Err(format!("public_key {public_key} is there twice"));
    }
    Ok(IssuersFile {
        issuers,
        keys,
        lists: check_lists(file.lists)?,
    })
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn check_id(id: String) -> Result<String, String> {
    let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if (1..=32).contains(&id.len()) && id.bytes().all(good) {
        Ok(id)
    } else {
        Err(format!("issuer {id:?} is not 1 to 32 of a-z, 0-9 and -"))
    }
}

fn check_name(name: wire::Name) -> Result<Issuer, String> {
    match (name.ko, name.en) {
        (None, None) => Err("an issuer has no name".into()),
        (ko, en) => Ok(Issuer { ko, en }),
    }
}

fn check_key(key: wire::Key, issuers: &BTreeMap<String, Issuer>) -> Result<IssuerKey, String> {
    let public_key = public_key(&unhex(&key.public_key)?)?;
    let thumbprint = thumbprint(public_key.as_bytes());
    let kid: [u8; 4] = unhex(&key.kid)?;
    if thumbprint[..4] != kid {
        let begin = hex::encode(&thumbprint[..4]);
        return Err(format!("the thumbprint of its public_key begins {begin}"));
    }
    if !issuers.contains_key(&key.issuer) {
        return Err(format!("its issuer {:?} is not in issuers", key.issuer));
    }
    for uri in &key.status_uris {
        check_uri(uri)?;
    }
    if has_duplicates(&key.kinds)
        || has_duplicates(&key.services)
        || has_duplicates(&key.status_uris)
    {
        return Err("kinds, services or status_uris name something twice".into());
    }
    let kinds = [
        (wire::Use::Live, Kind::Live),
        (wire::Use::Printed, Kind::Printed),
    ];
    Ok(IssuerKey {
        kid,
        thumbprint,
        public_key,
        issuer: key.issuer,
        kinds: kinds
            .into_iter()
            .filter(|(written, _)| key.kinds.contains(written))
            .map(|(_, kind)| kind)
            .collect(),
        signs_status: key.kinds.contains(&wire::Use::Status),
        services: key.services,
        first_issue_day: key.first_issue_day,
        last_issue_day: key.last_issue_day,
        verify_until: key.verify_until,
        status_uris: key.status_uris,
        distrusted_at: key.distrusted_at,
    })
}

fn check_lists(lists: Vec<wire::List>) -> Result<Vec<Announced>, String> {
    let mut seen = BTreeSet::new();
    let mut total = 0;
    let mut announced = Vec::new();
    for wire::List { uri, bits, entries } in lists {
        check_uri(&uri)?;
        if !seen.insert(uri.clone()) {
            return Err(format!("list {uri} is there twice"));
        }
        if !(1..=2).contains(&bits) {
            return Err(format!("list {uri} has {bits} bits, not 1 or 2"));
        }
        if !(8..=1 << 24).contains(&entries) || entries % 8 != 0 {
            return Err(format!(
                "list {uri} has {entries} entries, not a multiple of 8 from 8 to 16777216"
            ));
        }
        let list = Announced { uri, bits, entries };
        total += list.size() as u64;
        if total > MAX_LIST_BYTES {
            return Err(format!("the lists take more than {MAX_LIST_BYTES} bytes"));
        }
        announced.push(list);
    }
    Ok(announced)
}

/// `[a-z][0-9a-z]*:[0-9a-z.]+`, at most 7 bytes.
fn check_uri(uri: &str) -> Result<(), String> {
    let alphanumeric = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = uri.split_once(':').is_some_and(|(scheme, path)| {
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(alphanumeric)
            && !path.is_empty()
            && path.bytes().all(|c| alphanumeric(c) || c == b'.')
    });
    if good && uri.len() <= 7 {
        Ok(())
    } else {
        Err(format!(
            "uri {uri:?} is not like k:3.12, in at most 7 bytes"
        ))
    }
}

/// `N` bytes as `2N` lower-case digits.
fn unhex<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    let lower = !text.bytes().any(|c| c.is_ascii_uppercase());
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) if lower => Ok(bytes),
        _ => Err(format!(
            "{text:?} is not {} lower-case hexadecimal digits",
            2 * N
        )),
    }
}

/// An Ed25519 public key by RFC 8032, 5.1.3. `VerifyingKey::from_bytes` also takes y coordinates beyond the field.
fn public_key(bytes: &[u8; 32]) -> Result<VerifyingKey, String> {
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| "its public_key is no point")?;
    if key.to_edwards().compress().as_bytes() != bytes {
        return Err("its public_key is no point in canonical form".into());
    }
    if key.is_weak() {
        return Err("its public_key is a point of small order".into());
    }
    Ok(key)
}

fn has_duplicates<T: Ord>(items: &[T]) -> bool {
    let mut seen = BTreeSet::new();
    items.iter().any(|item| !seen.insert(item))
}

#[cfg(test)]
mod tests;
