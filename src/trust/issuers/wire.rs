//! The members of `issuers.json` as they are written. Unknown members are ignored.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::pass::Service;

#[derive(Deserialize)]
pub(super) struct Format {
    pub(super) format: serde_json::Number,
}

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) issuers: BTreeMap<String, Issuer>,
    pub(super) keys: Vec<Key>,
    pub(super) lists: Vec<List>,
}

#[derive(Deserialize)]
pub(super) struct Issuer {
    pub(super) name: Name,
}

#[derive(Deserialize)]
pub(super) struct Name {
    #[serde(default, deserialize_with = "present")]
    pub(super) ko: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) en: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) public_key: String,
    pub(super) issuer: String,
    pub(super) kinds: Vec<Use>,
    pub(super) services: Vec<Service>,
    pub(super) first_issue_day: i64,
    pub(super) last_issue_day: i64,
    pub(super) verify_until: u64,
    pub(super) status_uris: Vec<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) distrusted_at: Option<u64>,
}

/// What a key may sign.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(super) enum Use {
    Live,
    Printed,
    Status,
}

#[derive(Deserialize)]
pub(super) struct List {
    pub(super) uri: String,
    pub(super) bits: u8,
    pub(super) entries: u32,
}

/// A member that may be left out, but is not `null`.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
