//! The trust repository (TUF, theupdateframework.io), made with the editor of `tough`.

use std::{
    num::NonZeroU64,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use aws_lc_rs::signature::Ed25519KeyPair;
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tough::{editor::RepositoryEditor, key_source::KeySource, schema::Target, sign::Sign};

use super::{Issuer, IssuerError, keys::file};
use crate::trust::{StatusList, issuers};

/// Kiosks are warned when metadata is older; their doors go on.
const ONLINE_DAYS: i64 = 366;
/// A hint to kiosks when to look again, in seconds.
const TTL: u64 = 43_200;
/// A list in which nothing changed is signed anew when it is as old as this, in seconds: the grace of a service counts from a
/// list's `iat`. Younger ones stay as they are, so that only what changed travels.
const REFRESH: u64 = 21_600;

impl Issuer {
    /// Signs what changed, and puts it into `repository`.
    pub(super) fn publish_to(&mut self, repository: &Path, now: u64) -> Result<(), IssuerError> {
        self.look_for_keys(now)?;
        if let Err(IssuerError::NoKey(_)) = self.publish_key() {
            self.read_keys()?;
        }
        self.sign_lists(now)?;
        let parent = repository
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        for folder in [
            parent.to_path_buf(),
            repository.join("metadata"),
            repository.join("targets/status"),
        ] {
            std::fs::create_dir_all(&folder).map_err(|error| file(&folder, &error))?;
        }
        // Beside the repository, so that each file can be moved into it whole.
        let scratch = tempfile::Builder::new()
            .prefix(".munjigi-publish-")
            .tempdir_in(repository)
            .map_err(|error| file(repository, &error))?;
        let mut targets = vec![("issuers.json".to_string(), self.issuers_file()?)];
        for list in self.store.lists()? {
            targets.push((issuers::target(&list.uri), self.store.token(list.n)?));
        }
        let mut written = Vec::new();
        for (name, bytes) in &targets {
            let path = scratch.path().join(name.replace('/', "_"));
            std::fs::write(&path, bytes).map_err(|error| file(&path, &error))?;
            written.push((name.clone(), path));
        }

        // First the number: a version that was perhaps seen must not be used twice.
        let version = self.store.number::<u64>("version")? + 1;
        self.store.set("version", &version.to_string())?;
        sign(
            &self.root_file(),
            Seed::of(self.publish_key()?),
            written.clone(),
            scratch.path().join("metadata"),
            version,
            now,
        )?;

        let put =
            |from: &Path, to: &Path| std::fs::rename(from, to).map_err(|error| file(to, &error));
        for ((name, path), (_, bytes)) in written.into_iter().zip(&targets) {
            let to = repository.join("targets").join(name);
            // What did not change keeps its time, by which web servers and copying programs tell.
            if std::fs::read(&to).is_ok_and(|there| there == *bytes) {
                continue;
            }
            put(&path, &to)?;
        }
        for (name, bytes) in self.root_chain()? {
            let path = scratch.path().join(&name);
            std::fs::write(&path, bytes).map_err(|error| file(&path, &error))?;
            put(&path, &repository.join("metadata").join(name))?;
        }
        // Each names the one before it: a reader between two of them sees the old state, or fails and keeps it.
        for name in ["targets.json", "snapshot.json", "timestamp.json"] {
            put(
                &scratch.path().join("metadata").join(name),
                &repository.join("metadata").join(name),
            )?;
        }
        Ok(())
    }

    /// Signs every list that changed, is old, or was signed by a key that is not trusted any more.
    fn sign_lists(&mut self, now: u64) -> Result<(), IssuerError> {
        self.begin()?;
        match self.sign_changed(now) {
            Ok(()) => self.commit(),
            Err(error) => self.store.batch("ROLLBACK").and(Err(error)),
        }
    }

    fn sign_changed(&self, now: u64) -> Result<(), IssuerError> {
        let keys = self.store.keys()?;
        let trusted = |signer: &[u8; 32]| {
            let known = keys.iter().find(|key| key.public == *signer);
            known.is_some_and(|key| key.distrusted.is_none())
        };
        for list in self.store.lists()? {
            let holds = list.signer.as_ref().is_some_and(trusted);
            // A clock that went back is no reason: what was signed is not older than that.
            if holds && !list.changed && now < list.iat + REFRESH {
                continue;
            }
            let key = self.list_signer(now)?;
            // A list never goes back, also when this machine's clock did.
            let iat = now.max(list.iat);
            let statuses = self.store.statuses(list.n)?;
            let token = StatusList::compose(
                &list.uri,
                self.store.bits()?,
                &statuses,
                iat,
                Some(TTL),
                key,
            );
            let signer = key.verifying_key().to_bytes();
            self.store.signed_list(list.n, iat, &signer, &token)?;
        }
        Ok(())
    }

    /// `issuers.json`, format 1.
    fn issuers_file(&self) -> Result<Vec<u8>, IssuerError> {
        let store = &self.store;
        let id = store.text("id")?;
        let mut name = serde_json::Map::new();
        for (language, setting) in [("ko", "name_ko"), ("en", "name_en")] {
            let text = store.text(setting)?;
            if !text.is_empty() {
                let _ = name.insert(language.into(), text.into());
            }
        }
        let lists = store.lists()?;
        let uris: Vec<&String> = lists.iter().map(|list| &list.uri).collect();
        let keys = store.keys()?;
        let keys = keys.iter().map(|key| {
            let mut entry = json!({
                "kid": key.kid(),
                "public_key": hex::encode(key.public),
                "issuer": id,
                "kinds": ["live", "printed", "status"],
                "services": ["entry", "adult", "store"],
                "first_issue_day": key.first,
                "last_issue_day": key.last,
                "verify_until": key.verify_until,
                "status_uris": uris,
            });
            if let Some(at) = key.distrusted {
                entry["distrusted_at"] = at.into();
            }
            entry
        });
        let (bits, entries) = (store.bits()?, store.entries()?);
        let announced = uris
            .iter()
            .map(|uri| json!({"uri": uri, "bits": bits, "entries": entries}));
        let file = json!({
            "format": 1,
            "issuers": {&id: {"name": name}},
            "keys": keys.collect::<Vec<_>>(),
            "lists": announced.collect::<Vec<_>>(),
        });
        serde_json::to_vec_pretty(&file).map_err(said)
    }
}

fn sign(
    root: &Path,
    key: Seed,
    targets: Vec<(String, PathBuf)>,
    metadata: PathBuf,
    version: u64,
    now: u64,
) -> Result<(), IssuerError> {
    let version = NonZeroU64::new(version).unwrap_or(NonZeroU64::MIN);
    let expires = after(now, ONLINE_DAYS);
    let root = root.to_path_buf();
    run(async move {
        let mut editor = RepositoryEditor::new(&root).await.map_err(said)?;
        let _ = editor
            .targets_version(version)
            .map_err(said)?
            .targets_expires(expires)
            .map_err(said)?;
        let _ = editor.snapshot_version(version).snapshot_expires(expires);
        let _ = editor.timestamp_version(version).timestamp_expires(expires);
        for (name, path) in targets {
            let target = Target::from_path(&path).await.map_err(said)?;
            let _ = editor.add_target(name.as_str(), target).map_err(said)?;
        }
        let keys: [Box<dyn KeySource>; 1] = [Box::new(key)];
        editor
            .sign(&keys)
            .await
            .map_err(said)?
            .write(&metadata)
            .await
            .map_err(said)
    })
}

/// `tough` is asynchronous, and the caller may stand in a runtime already: a thread of its own.
fn run<T: Send + 'static>(
    work: impl Future<Output = Result<T, IssuerError>> + Send + 'static,
) -> Result<T, IssuerError> {
    std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(said)?
            .block_on(work)
    })
    .join()
    .unwrap_or_else(|_| Err(said("the editor failed")))
}

pub(super) fn after(now: u64, days: i64) -> Timestamp {
    let now = i64::try_from(now)
        .ok()
        .and_then(|now| Timestamp::from_second(now).ok())
        .unwrap_or(Timestamp::MAX);
    now.saturating_add(SignedDuration::from_hours(24 * days))
        .unwrap_or(Timestamp::MAX)
}

pub(super) fn said(problem: impl ToString) -> IssuerError {
    IssuerError::Repository(problem.to_string())
}

/// A key in memory.
struct Seed(zeroize::Zeroizing<[u8; 32]>);

impl Seed {
    fn of(key: &SigningKey) -> Self {
        Self(zeroize::Zeroizing::new(key.to_bytes()))
    }
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

type Problem = Box<dyn std::error::Error + Send + Sync>;

#[async_trait]
impl KeySource for Seed {
    async fn as_sign(&self) -> Result<Box<dyn Sign>, Problem> {
        Ok(Box::new(Ed25519KeyPair::from_seed_unchecked(&*self.0)?))
    }

    async fn write(&self, _value: &str, _key_id_hex: &str) -> Result<(), Problem> {
        Err("keys are not written through the editor".into())
    }
}
