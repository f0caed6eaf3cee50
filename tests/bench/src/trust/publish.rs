//! An issuer of ten million passes: a TUF repository with ten lists, signed anew as often as it is asked for.

use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey};
use munjigi::{pass::compose::thumbprint, trust::StatusList};
use serde_json::{Value, json};

/// Passes of one list.
pub const SHARD: usize = 1 << 20;
/// Lists of an issuer.
pub const SHARDS: usize = 10;

/// xorshift64: the same passes are revoked in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

pub struct Publisher {
    pub folder: PathBuf,
    number: u8,
    version: u64,
    /// Statuses, and the token that was made of them.
    shards: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    dice: Dice,
}

impl Publisher {
    pub fn new(folder: &Path, number: u8) -> Self {
        let mut dice = Dice(u64::from(number) + 1);
        let shards = (0..SHARDS)
            .map(|_| {
                let mut bytes = vec![0_u8; SHARD / 8];
                for idx in 0..SHARD {
                    if dice.next() % 20 == 0 {
                        bytes[idx / 8] |= 1 << (idx % 8);
                    }
                }
                (bytes, None)
            })
            .collect();
        Self {
            folder: folder.into(),
            number,
            version: 0,
            shards,
            dice,
        }
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&[self.number + 100; 32])
    }

    fn uri(&self, shard: usize) -> String {
        format!("{}:{shard}", char::from(b'a' + self.number))
    }

    /// A few more passes of one shard.
    pub fn revoke(&mut self, shard: usize) {
        let (bytes, token) = &mut self.shards[shard];
        for _ in 0..20 {
            let idx = self.dice.next() as usize % SHARD;
            bytes[idx / 8] |= 1 << (idx % 8);
        }
        *token = None;
    }

    pub fn root(&self) -> Vec<u8> {
        let one = json!({"keyids": [self.key_id()], "threshold": 1});
        let members = json!({"consistent_snapshot": false, "keys": {self.key_id(): self.tuf_key()},
            "roles": {"root": one, "targets": one, "snapshot": one, "timestamp": one}});
        self.role("root", 1, members)
    }

    /// Writes what changed; gives the bytes of the changed files.
    pub fn publish(&mut self, iat: u64) -> usize {
        self.version += 1;
        let key = self.key();
        let mut changed = 0;
        let mut targets = json!({});
        let uris: Vec<String> = (0..SHARDS).map(|shard| self.uri(shard)).collect();
        let issuers = self.issuers(&uris);
        if self.version == 1 {
            changed += self.write("targets/issuers.json", &issuers);
            changed += self.write("metadata/root.json", &self.root());
        }
        targets["issuers.json"] = described(&issuers);
        for (shard, uri) in uris.iter().enumerate() {
            let name = format!("status/{}.cwt", uri.replace(':', "_"));
            if self.shards[shard].1.is_none() {
                let token = StatusList::compose(uri, 1, &self.shards[shard].0, iat, None, &key);
                changed += self.write(&format!("targets/{name}"), &token);
                self.shards[shard].1 = Some(token);
            }
            targets[&name] = described(self.shards[shard].1.as_ref().unwrap());
        }
        let mut below = self.role("targets", self.version, json!({"targets": targets}));
        changed += self.write("metadata/targets.json", &below);
        for (kind, file) in [("snapshot", "targets.json"), ("timestamp", "snapshot.json")] {
            let mut meta = described(&below);
            meta["version"] = self.version.into();
            below = self.role(kind, self.version, json!({"meta": {file: meta}}));
            changed += self.write(&format!("metadata/{kind}.json"), &below);
        }
        changed
    }

    fn issuers(&self, uris: &[String]) -> Vec<u8> {
        let public = *self.key().verifying_key().as_bytes();
        let id = format!("issuer-{}", self.number);
        let lists: Vec<Value> = uris
            .iter()
            .map(|uri| json!({"uri": uri, "bits": 1, "entries": SHARD}))
            .collect();
        json!({"format": 1, "issuers": {&id: {"name": {"en": id}}}, "lists": lists,
            "keys": [{"kid": hex(&thumbprint(&public)[..4]), "public_key": hex(&public), "issuer": id,
                "kinds": ["live", "status"], "services": ["entry"], "first_issue_day": 20_454,
                "last_issue_day": 40_000, "verify_until": 4_000_000_000_u64, "status_uris": uris}]})
        .to_string()
        .into_bytes()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> usize {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        bytes.len()
    }

    fn tuf_key(&self) -> Value {
        let public = hex(self.key().verifying_key().as_bytes());
        json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public}})
    }

    fn key_id(&self) -> String {
        sha256(self.tuf_key().to_string().as_bytes())
    }

    fn role(&self, kind: &str, version: u64, members: Value) -> Vec<u8> {
        let mut signed = json!({"_type": kind, "spec_version": "1.0.0", "version": version,
            "expires": "2036-11-24T00:00:00Z"});
        for (name, value) in members.as_object().unwrap() {
            signed[name] = value.clone();
        }
        let signature = self.key().sign(signed.to_string().as_bytes());
        json!({"signed": signed, "signatures": [{"keyid": self.key_id(), "sig": hex(&signature.to_bytes())}]})
            .to_string()
            .into_bytes()
    }
}

fn described(bytes: &[u8]) -> Value {
    json!({"length": bytes.len(), "hashes": {"sha256": sha256(bytes)}})
}

/// The anchor of a file is its SHA-256.
fn sha256(bytes: &[u8]) -> String {
    munjigi::trust::repository::anchor(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
