//! Several issuers in one repository: one of them keeps its own lists, in a role that was delegated to it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::pass::compose::thumbprint;

const NOW: u64 = 1_795_449_600;
/// Signs root, targets, snapshot and timestamp.
const OWNER: u8 = 1;
/// Signs the delegated role.
const MIRAE: u8 = 2;
/// Sign passes and lists.
const HANBIT_LISTS: u8 = 3;
const MIRAE_LISTS: u8 = 4;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn tuf_key(seed: u8) -> Value {
    let public = hex::encode(key(seed).verifying_key().as_bytes());
    json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public}})
}

fn key_id(seed: u8) -> String {
    hex::encode(Sha256::digest(tuf_key(seed).to_string()))
}

/// A file of metadata: JSON with sorted members and plain texts is canonical JSON.
fn role(kind: &str, version: u64, members: Value, seed: u8) -> Vec<u8> {
    let mut signed = json!({"_type": kind, "spec_version": "1.0.0", "version": version,
        "expires": "2036-11-24T00:00:00Z"});
    for (name, value) in members.as_object().unwrap() {
        signed[name] = value.clone();
    }
    let signature = key(seed).sign(signed.to_string().as_bytes());
    let sig = hex::encode(signature.to_bytes());
    json!({"signed": signed, "signatures": [{"keyid": key_id(seed), "sig": sig}]})
        .to_string()
        .into_bytes()
}

fn described(bytes: &[u8]) -> Value {
    json!({"length": bytes.len(), "hashes": {"sha256": hex::encode(Sha256::digest(bytes))}})
}

fn list(uri: &str, iat: u64, seed: u8) -> Vec<u8> {
    StatusList::compose(uri, 1, &[0b1], iat, None, &key(seed))
}

/// What is published; tests change some of it.
struct Plan {
    version: u64,
    top: BTreeMap<String, Vec<u8>>,
    /// The delegated role: its targets, what was delegated to it, its version, who signed it.
    mirae: BTreeMap<String, Vec<u8>>,
    paths: Vec<&'static str>,
    mirae_version: u64,
    mirae_signer: u8,
}

impl Plan {
    fn new() -> Self {
        let one = |seed: u8, issuer: &str, uri: &str| {
            let public = *key(seed).verifying_key().as_bytes();
            json!({"kid": hex::encode(&thumbprint(&public)[..4]), "public_key": hex::encode(public),
                "issuer": issuer, "kinds": ["live", "status"], "services": ["entry", "adult"],
                "first_issue_day": 20_454, "last_issue_day": 21_183, "verify_until": 1_861_887_600,
                "status_uris": [uri]})
        };
        let issuers = json!({"format": 1,
            "issuers": {"hanbit": {"name": {"en": "Hanbit"}}, "mirae": {"name": {"en": "Mirae"}}},
            "keys": [one(HANBIT_LISTS, "hanbit", "k:1"), one(MIRAE_LISTS, "mirae", "m:1")],
            "lists": [{"uri": "k:1", "bits": 1, "entries": 8}, {"uri": "m:1", "bits": 1, "entries": 8}]});
        Self {
            version: 1,
            top: [
                ("issuers.json".to_string(), issuers.to_string().into_bytes()),
                ("status/k_1.cwt".to_string(), list("k:1", NOW, HANBIT_LISTS)),
            ]
            .into(),
            mirae: [("status/m_1.cwt".to_string(), list("m:1", NOW, MIRAE_LISTS))].into(),
            paths: vec!["status/m_*.cwt"],
            mirae_version: 1,
            mirae_signer: MIRAE,
        }
    }

    /// Writes the repository; gives its folder.
    fn publish(&self, into: &Path) -> PathBuf {
        let folder = into.join("repo");
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        let targets = |files: &BTreeMap<String, Vec<u8>>| {
            let mut described_all = json!({});
            for (name, bytes) in files {
                write(&format!("targets/{name}"), bytes);
                described_all[name] = described(bytes);
            }
            described_all
        };
        write("metadata/root.json", &root());
        let delegations = json!({"keys": {key_id(MIRAE): tuf_key(MIRAE)}, "roles": [
            {"name": "mirae", "keyids": [key_id(MIRAE)], "threshold": 1, "terminating": false, "paths": self.paths}]});
        let members = json!({"targets": targets(&self.mirae)});
        let mirae = role("targets", self.mirae_version, members, self.mirae_signer);
        // Last: of two files with one name this one is on the disk.
        let members = json!({"targets": targets(&self.top), "delegations": delegations});
        let top = role("targets", self.version, members, OWNER);
        write("metadata/targets.json", &top);
        write("metadata/mirae.json", &mirae);
        let meta = |version: u64, bytes: &[u8]| {
            let mut meta = described(bytes);
            meta["version"] = version.into();
            meta
        };
        let members = json!({"meta": {"targets.json": meta(self.version, &top),
            "mirae.json": meta(self.mirae_version, &mirae)}});
        let snapshot = role("snapshot", self.version, members, OWNER);
        write("metadata/snapshot.json", &snapshot);
        let members = json!({"meta": {"snapshot.json": meta(self.version, &snapshot)}});
        let timestamp = role("timestamp", self.version, members, OWNER);
        write("metadata/timestamp.json", &timestamp);
        folder
    }

    fn pin(&self) -> Result<(TrustSnapshot, Trust), TrustError> {
        let folder = tempfile::tempdir().unwrap();
        pin(&root(), &self.publish(folder.path()), NOW)
    }

    fn refusal(&self) -> String {
        self.pin().unwrap_err().to_string()
    }
}

fn root() -> Vec<u8> {
    let one = json!({"keyids": [key_id(OWNER)], "threshold": 1});
    let members = json!({"consistent_snapshot": false, "keys": {key_id(OWNER): tuf_key(OWNER)},
        "roles": {"root": one, "targets": one, "snapshot": one, "timestamp": one}});
    role("root", 1, members, OWNER)
}

#[test]
fn an_issuers_own_lists_are_read_from_the_role_that_is_delegated_to_it() {
    let (snapshot, trust) = Plan::new().pin().unwrap();
    assert_eq!(trust.lists.keys().collect::<Vec<_>>(), ["k:1", "m:1"]);
    assert_eq!(issuers(&snapshot).unwrap(), ["hanbit", "mirae"]);
    // Neither network nor files are needed afterwards.
    let again = restore(&[snapshot]).unwrap();
    assert_eq!(again.lists, trust.lists);
    assert_eq!(again.keys, trust.keys);
}

#[test]
fn a_role_that_lists_what_was_not_delegated_to_it_is_refused() {
    let mut plan = Plan::new();
    let lists = list("x:1", NOW, MIRAE_LISTS);
    plan.mirae.insert("status/x_1.cwt".into(), lists);
    let refusal = plan.refusal();
    assert!(refusal.contains("does not verify"), "{refusal}");

    // Its own list, where another name was delegated to it.
    let mut plan = Plan::new();
    plan.paths = vec!["status/x_*.cwt"];
    assert!(plan.refusal().contains("does not verify"));

    // A list of the top-level role stays that role's, whoever says something of it too.
    let mut plan = Plan::new();
    let newer = list("k:1", NOW + 1, HANBIT_LISTS);
    plan.mirae.insert("status/k_1.cwt".into(), newer);
    let (_, trust) = plan.pin().unwrap();
    assert_eq!(trust.lists["k:1"].iat, NOW);
}

#[test]
fn nobody_but_the_top_level_role_names_the_issuers() {
    let mut plan = Plan::new();
    plan.paths = vec!["status/m_*.cwt", "issuers.json"];
    let issuers = plan.top["issuers.json"].clone();
    plan.mirae.insert("issuers.json".into(), issuers);
    // There it is ignored.
    assert_eq!(plan.pin().unwrap().1.keys.len(), 2);
    plan.top.remove("issuers.json");
    let refusal = plan.refusal();
    assert!(
        refusal.contains("is no target of the top-level role"),
        "{refusal}"
    );
}

#[test]
fn a_delegated_role_is_signed_by_its_own_key_and_its_lists_by_their_issuers() {
    let mut plan = Plan::new();
    plan.mirae_signer = OWNER;
    assert!(plan.refusal().contains("does not verify"));

    let mut plan = Plan::new();
    let lists = list("m:1", NOW, HANBIT_LISTS);
    plan.mirae.insert("status/m_1.cwt".into(), lists);
    assert!(plan.refusal().contains("which may not sign it"));
}

#[test]
fn an_older_delegated_role_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = Plan::new();
    plan.mirae_version = 2;
    let (old, _) = pin(&root(), &plan.publish(folder.path()), NOW).unwrap();

    plan.version = 2;
    let published = plan.publish(folder.path());
    update(&old, &published, NOW).unwrap();
    plan.mirae_version = 1;
    plan.mirae
        .insert("status/m_1.cwt".into(), list("m:1", NOW - 1, MIRAE_LISTS));
    let published = plan.publish(folder.path());
    assert!(update(&old, &published, NOW).is_err());
}

#[test]
fn a_list_that_did_not_change_is_not_inflated_again_and_its_key_is_looked_at_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = Plan::new();
    let (first, _) = pin(&root(), &plan.publish(folder.path()), NOW).unwrap();
    let mut held = Held::default();
    let before = restore_beside(std::slice::from_ref(&first), &mut held).unwrap();
    plan.version = 2;
    let newer = list("k:1", NOW + 1, HANBIT_LISTS);
    plan.top.insert("status/k_1.cwt".into(), newer);
    let (mut second, _) = update(&first, &plan.publish(folder.path()), NOW).unwrap();
    let after = restore_beside(std::slice::from_ref(&second), &mut held).unwrap();
    assert!(Arc::ptr_eq(&before.lists["m:1"], &after.lists["m:1"]));
    assert!(!Arc::ptr_eq(&before.lists["k:1"], &after.lists["k:1"]));
    assert_eq!(after.lists["k:1"].iat, NOW + 1);
    // What is no longer asked for is not kept for ever.
    drop((before, after));
    let again = restore_beside(std::slice::from_ref(&second), &mut held).unwrap();
    assert_eq!(Arc::strong_count(&again.lists["k:1"]), 2);

    // The same bytes, and meanwhile nobody trusts their key.
    let issuers = second
        .targets
        .iter_mut()
        .find(|(name, _)| name == "issuers.json");
    let (_, bytes) = issuers.unwrap();
    let mut file: Value = serde_json::from_slice(bytes).unwrap();
    file["keys"][1]["distrusted_at"] = NOW.into();
    *bytes = file.to_string().into_bytes();
    let refusal = restore_beside(&[second], &mut held)
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("m:1") && refusal.contains("may not sign"),
        "{refusal}"
    );
}

#[test]
fn what_the_owner_forbids_does_not_open_and_lists_go_on() {
    let (_, mut trust) = Plan::new().pin().unwrap();
    trust.forbid("mirae", crate::pass::Service::Adult);
    let services: Vec<usize> = trust.keys.iter().map(|key| key.services.len()).collect();
    assert_eq!(services, [2, 1]);
    assert!(trust.keys[1].signs_status && trust.lists.contains_key("m:1"));
}
