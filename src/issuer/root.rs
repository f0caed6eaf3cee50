//! The root of the trust repository: which keys may sign it, how many of them must, and which key publishes. Each new root is
//! signed by enough keys of the one before it and by enough of its own, so that a kiosk that pinned any of them follows
//! (TUF 1.0.33, 5.3). Root keys may be on USB sticks that are plugged in one after the other.
//!
//! ```text
//! root.json        the newest
//! roots/N.root.json  each of them; older programs made only root.json, which is version 1
//! roots/next.json  one that lacks signatures yet
//! ```

use std::{
    collections::HashMap,
    num::NonZeroU64,
    path::{Path, PathBuf},
};

use age::secrecy::SecretString;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;
use tough::schema::{Role, RoleKeys, RoleType, Root, Signature, Signed, key::Key};

use super::{
    Issuer, IssuerError, ROOT,
    keys::{self, Use, file},
    lock::{Lock, Passphrase},
    publish::{after, said},
};

/// Kiosks are warned when the root is older; their doors go on.
const ROOT_DAYS: i64 = 3653;
/// Root keys at most.
const MOST_KEYS: usize = 16;

/// How the root shall change.
#[derive(Debug, Clone, Default)]
pub struct RootChange {
    /// How many keys must sign; none: as before.
    pub threshold: Option<u64>,
    /// The keys that may sign it from now on; empty: as before.
    pub keys: Vec<[u8; 32]>,
    /// A new key signs the rest of the repository.
    pub new_publish_key: bool,
}

/// How far a root is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootState {
    /// Its version.
    pub version: u64,
    /// How many keys must sign.
    pub threshold: u64,
    /// The keys that may.
    pub keys: Vec<[u8; 32]>,
    /// Those that signed it, of this root and of the one before.
    pub signed_by: Vec<[u8; 32]>,
    /// Whether it is in force: enough keys of both signed it.
    pub complete: bool,
}

/// Makes and signs version 1.
pub(super) fn make(
    folder: &Path,
    root_key: &SigningKey,
    publish_key: &SigningKey,
    now: u64,
) -> Result<(), IssuerError> {
    let root = compose(
        1,
        1,
        &[root_key.verifying_key().to_bytes()],
        &publish_key.verifying_key().to_bytes(),
        now,
    )?;
    let mut signed = Signed {
        signed: root,
        signatures: Vec::new(),
    };
    sign(&mut signed, root_key)?;
    keep(folder, &signed)
}

/// The root key of a folder of offline keys; made where there is none.
pub(super) fn key_at(folder: &Path, passphrase: &SecretString) -> Result<SigningKey, IssuerError> {
    keys::make_folder(folder)?;
    if !Lock::is_at(folder) {
        let _ = Lock::make(folder, passphrase)?;
    }
    let (mut there, lock) = keys::elsewhere(folder, Some(passphrase))?;
    if let Some(key) = there.of(Use::Root).next() {
        return Ok(key.clone());
    }
    there.make(Use::Root, folder, lock.as_ref())
}

impl Issuer {
    /// The root in force, and the one that lacks signatures.
    ///
    /// # Errors
    /// [`IssuerError`] when a file cannot be read.
    pub fn root_state(&self) -> Result<(RootState, Option<RootState>), IssuerError> {
        let old = read(&self.root_file())?;
        let next = self.next_file();
        let next = next.exists().then(|| read(&next)).transpose()?;
        let waiting = next.map(|next| state(&next, Some(&old.signed)));
        Ok((state(&old, None), waiting))
    }

    /// The public half of the root key in a folder, such as a USB stick; made where there is none.
    ///
    /// # Errors
    /// [`IssuerError`] when the folder cannot be read or written.
    pub fn root_key_at(
        &self,
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<[u8; 32], IssuerError> {
        let passphrase = passphrase.find_or_make(&self.folder)?;
        key_at(folder, &passphrase).map(|key| key.verifying_key().to_bytes())
    }

    /// Writes down how the root shall change, in place of what was written down before. It counts when enough keys signed it:
    /// [`Issuer::sign_root`].
    ///
    /// # Errors
    /// [`IssuerError`] when nobody could ever sign it, or nothing could be written.
    pub fn change_root(&mut self, change: &RootChange, now: u64) -> Result<RootState, IssuerError> {
        let old = read(&self.root_file())?;
        let (old_keys, old_threshold) = role(&old.signed, RoleType::Root);
        let mut keys = change.keys.clone();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            keys = old_keys;
        }
        let threshold = change.threshold.unwrap_or(old_threshold);
        if keys.len() > MOST_KEYS || !(1..=keys.len() as u64).contains(&threshold) {
            return Err(IssuerError::Rule(format!(
                "{threshold} of {} keys: 1 to as many as there are, {MOST_KEYS} at most",
                keys.len()
            )));
        }
        let publish = if change.new_publish_key {
            let new = self
                .keys
                .make(Use::Publish, &self.folder, self.lock.as_ref())?;
            new.verifying_key().to_bytes()
        } else {
            let (publish, _) = role(&old.signed, RoleType::Timestamp);
            let first = publish.first().copied();
            first.ok_or_else(|| said("the root names no key that publishes"))?
        };
        let next = Signed {
            signed: compose(
                old.signed.version.get() + 1,
                threshold,
                &keys,
                &publish,
                now,
            )?,
            signatures: Vec::new(),
        };
        write(&self.next_file(), &next)?;
        Ok(state(&next, Some(&old.signed)))
    }

    /// Signs the root that waits with every root key in these folders and in the issuer's own. With enough signatures it comes
    /// into force; doors follow after the next [`Issuer::publish`].
    ///
    /// # Errors
    /// [`IssuerError`] when none waits, or a folder cannot be read or written.
    pub fn sign_root(
        &mut self,
        folders: &[PathBuf],
        passphrase: &Passphrase,
    ) -> Result<RootState, IssuerError> {
        let waiting = self.next_file();
        if !waiting.exists() {
            return Err(IssuerError::Rule(
                "no root waits for signatures: munjigi issuer root change".into(),
            ));
        }
        let old = read(&self.root_file())?;
        let mut next = read(&waiting)?;
        let mut signers: Vec<SigningKey> = self.keys.of(Use::Root).cloned().collect();
        let passphrase = passphrase.find(&self.folder)?;
        for folder in folders {
            let (there, _) = keys::elsewhere(folder, passphrase.as_ref())?;
            signers.extend(there.of(Use::Root).cloned());
        }
        let may: Vec<[u8; 32]> = [&old.signed, &next.signed]
            .into_iter()
            .flat_map(|root| role(root, RoleType::Root).0)
            .collect();
        for key in &signers {
            if may.contains(key.verifying_key().as_bytes()) {
                sign(&mut next, key)?;
            }
        }
        let state = state(&next, Some(&old.signed));
        write(&waiting, &next)?;
        if state.complete {
            // An older program kept version 1 in one place only.
            write(&self.root_version(old.signed.version.get()), &old)?;
            keep(&self.folder, &next)?;
            std::fs::remove_file(&waiting).map_err(|error| file(&waiting, &error))?;
            self.forget_publish_keys(&next.signed)?;
        }
        Ok(state)
    }

    /// The key that publishes: the one that the root names.
    pub(super) fn publish_key(&self) -> Result<&SigningKey, IssuerError> {
        let root = read(&self.root_file())?;
        let (named, _) = role(&root.signed, RoleType::Timestamp);
        let found = named
            .iter()
            .find_map(|public| self.keys.find(Use::Publish, public));
        found.ok_or_else(|| IssuerError::NoKey("that publishes".into()))
    }

    /// Every root by the name that it has in the repository, the newest also as `root.json`.
    pub(super) fn root_chain(&self) -> Result<Vec<(String, Vec<u8>)>, IssuerError> {
        let newest = read(&self.root_file())?.signed.version.get();
        let mut chain = Vec::new();
        for version in 1..=newest {
            let path = self.root_version(version);
            let path = if path.exists() {
                path
            } else {
                self.root_file()
            };
            chain.push((format!("{version}.root.json"), bytes(&path)?));
        }
        chain.push((ROOT.into(), bytes(&self.root_file())?));
        Ok(chain)
    }

    /// Removes publishing keys that the root does not name: they are of no use but to a thief.
    fn forget_publish_keys(&mut self, root: &Root) -> Result<(), IssuerError> {
        let (named, _) = role(root, RoleType::Timestamp);
        for (path, key) in self.keys.paths(Use::Publish) {
            if !named.contains(key.verifying_key().as_bytes()) {
                std::fs::remove_file(path).map_err(|error| file(path, &error))?;
            }
        }
        self.read_keys()
    }

    fn next_file(&self) -> PathBuf {
        self.folder.join("roots/next.json")
    }

    fn root_version(&self, version: u64) -> PathBuf {
        version_file(&self.folder, version)
    }
}

fn version_file(folder: &Path, version: u64) -> PathBuf {
    folder.join(format!("roots/{version}.root.json"))
}

/// First among the others, then as the newest: a power cut between them leaves the old one in force.
fn keep(folder: &Path, root: &Signed<Root>) -> Result<(), IssuerError> {
    write(&version_file(folder, root.signed.version.get()), root)?;
    write(&folder.join(ROOT), root)
}

fn write(path: &Path, root: &Signed<Root>) -> Result<(), IssuerError> {
    if let Some(folder) = path.parent() {
        keys::make_folder(folder)?;
    }
    let text = serde_json::to_vec_pretty(root).map_err(said)?;
    keys::write_private(path, &text)
}

fn read(path: &Path) -> Result<Signed<Root>, IssuerError> {
    serde_json::from_slice(&bytes(path)?).map_err(|error| IssuerError::File {
        path: path.into(),
        problem: error.to_string(),
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, IssuerError> {
    std::fs::read(path).map_err(|error| file(path, &error))
}

fn compose(
    version: u64,
    threshold: u64,
    root_keys: &[[u8; 32]],
    publish_key: &[u8; 32],
    now: u64,
) -> Result<Root, IssuerError> {
    let number = |number| NonZeroU64::new(number).unwrap_or(NonZeroU64::MIN);
    let mut root = Root {
        spec_version: "1.0.0".into(),
        consistent_snapshot: false,
        version: number(version),
        expires: after(now, ROOT_DAYS),
        keys: HashMap::new(),
        roles: HashMap::new(),
        _extra: HashMap::new(),
    };
    for (role, keys, threshold) in [
        (RoleType::Root, root_keys, threshold),
        (RoleType::Targets, &[*publish_key][..], 1),
        (RoleType::Snapshot, &[*publish_key], 1),
        (RoleType::Timestamp, &[*publish_key], 1),
    ] {
        let mut keyids = Vec::new();
        for public in keys {
            let key = tuf_key(public)?;
            let id = key.key_id().map_err(said)?;
            keyids.push(id.clone());
            let _ = root.keys.insert(id, key);
        }
        let _ = root.roles.insert(
            role,
            RoleKeys {
                keyids,
                threshold: number(threshold),
                _extra: HashMap::new(),
            },
        );
    }
    Ok(root)
}

fn tuf_key(public: &[u8; 32]) -> Result<Key, IssuerError> {
    let key = json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": hex::encode(public)}});
    serde_json::from_value(key).map_err(said)
}

/// Adds a signature, if this key did not sign yet.
fn sign(root: &mut Signed<Root>, key: &SigningKey) -> Result<(), IssuerError> {
    let keyid = tuf_key(key.verifying_key().as_bytes())?
        .key_id()
        .map_err(said)?;
    let message = root.signed.canonical_form().map_err(said)?;
    root.signatures.retain(|there| there.keyid != keyid);
    root.signatures.push(Signature {
        keyid,
        sig: key.sign(&message).to_bytes().to_vec().into(),
    });
    Ok(())
}

/// The keys of a role, and how many of them must sign.
fn role(root: &Root, role: RoleType) -> (Vec<[u8; 32]>, u64) {
    let mut keys: Vec<[u8; 32]> = root.keys(role).filter_map(public).collect();
    keys.sort_unstable();
    let threshold = root.roles.get(&role).map_or(1, |keys| keys.threshold.get());
    (keys, threshold)
}

fn public(key: &Key) -> Option<[u8; 32]> {
    match key {
        Key::Ed25519 { keyval, .. } => keyval.public.to_vec().try_into().ok(),
        _ => None,
    }
}

fn state(root: &Signed<Root>, before: Option<&Root>) -> RootState {
    let (keys, threshold) = role(&root.signed, RoleType::Root);
    let may = before.map(|before| role(before, RoleType::Root).0);
    let known = keys.iter().chain(may.iter().flatten());
    let mut signed_by: Vec<[u8; 32]> = known
        .filter(|public| {
            let id = tuf_key(public).ok().and_then(|key| key.key_id().ok());
            root.signatures
                .iter()
                .any(|signature| Some(&signature.keyid) == id.as_ref())
        })
        .copied()
        .collect();
    signed_by.sort_unstable();
    signed_by.dedup();
    RootState {
        version: root.signed.version.get(),
        threshold,
        keys,
        signed_by,
        complete: root.signed.verify_role(root).is_ok()
            && before.is_none_or(|before| before.verify_role(root).is_ok()),
    }
}
