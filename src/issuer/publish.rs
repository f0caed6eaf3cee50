//! The trust repository (TUF, theupdateframework.io), made with the editor of `tough`.

use std::{
    collections::HashMap,
    num::NonZeroU64,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use aws_lc_rs::{rand::SystemRandom, signature::Ed25519KeyPair};
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tough::{
    editor::{RepositoryEditor, signed::SignedRole},
    key_source::KeySource,
    schema::{KeyHolder, RoleKeys, RoleType, Root, Target},
    sign::Sign,
};

use super::{
    IssuerError,
    keys::{Keys, file},
    store::Store,
};
use crate::{
    pass::compose::thumbprint,
    trust::{StatusList, issuers},
};

/// Kiosks are warned when metadata is older; their doors go on.
const ROOT_DAYS: i64 = 3653;
const ONLINE_DAYS: i64 = 366;
/// A hint to kiosks when to look again, in seconds.
const TTL: u64 = 43_200;

/// Makes and signs version 1 of the root.
pub(super) fn make_root(path: &Path, keys: &Keys, now: u64) -> Result<(), IssuerError> {
    let Some(root_key) = keys.root() else {
        return Err(IssuerError::Repository("the root key is not there".into()));
    };
    let (root_key, publish_key) = (Seed::of(root_key), Seed::of(keys.publish()));
    let signed = run(async move {
        let one = NonZeroU64::MIN;
        let mut root = Root {
            spec_version: "1.0.0".into(),
            consistent_snapshot: false,
            version: one,
            expires: after(now, ROOT_DAYS),
            keys: HashMap::new(),
            roles: HashMap::new(),
            _extra: HashMap::new(),
        };
        for (role, seed) in [
            (RoleType::Root, &root_key),
            (RoleType::Targets, &publish_key),
            (RoleType::Snapshot, &publish_key),
            (RoleType::Timestamp, &publish_key),
        ] {
            let key = seed.as_sign().await.map_err(said)?.tuf_key();
            let id = key.key_id().map_err(said)?;
            let _ = root.keys.insert(id.clone(), key);
            let _ = root.roles.insert(
                role,
                RoleKeys {
                    keyids: vec![id],
                    threshold: one,
                    _extra: HashMap::new(),
                },
            );
        }
        let holder = KeyHolder::Root(root.clone());
        let keys: [Box<dyn KeySource>; 1] = [Box::new(root_key)];
        let signed = SignedRole::new(root, &holder, &keys, &SystemRandom::new())
            .await
            .map_err(said)?;
        Ok(signed.buffer().clone())
    })?;
    std::fs::write(path, signed).map_err(|error| file(path, &error))
}

/// Signs everything anew and puts it into `repository`.
pub(super) fn publish(
    store: &Store,
    keys: &Keys,
    root: &Path,
    repository: &Path,
    now: u64,
) -> Result<(), IssuerError> {
    // A list never goes back, also when this machine's clock did.
    let iat = now.max(store.number("list_iat")?);
    let version = store.number::<u64>("version")? + 1;
    let uri = store.uri()?;
    let list = StatusList::compose(
        &uri,
        store.bits()?,
        &store.statuses()?,
        iat,
        Some(TTL),
        keys.pass(),
    );

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
    let targets = [
        ("issuers.json".to_string(), issuers_file(store, keys)?),
        (issuers::target(&uri), list),
    ];
    let mut written = Vec::new();
    for (name, bytes) in &targets {
        let path = scratch.path().join(name.replace('/', "_"));
        std::fs::write(&path, bytes).map_err(|error| file(&path, &error))?;
        written.push((name.clone(), path));
    }
    let root_bytes = std::fs::read(root).map_err(|error| file(root, &error))?;

    // First the number: a version that was perhaps seen must not be used twice.
    store.set("list_iat", &iat.to_string())?;
    store.set("version", &version.to_string())?;
    sign(
        root,
        Seed::of(keys.publish()),
        written.clone(),
        scratch.path().join("metadata"),
        version,
        now,
    )?;

    let put = |from: &Path, to: &Path| std::fs::rename(from, to).map_err(|error| file(to, &error));
    for (name, path) in written {
        put(&path, &repository.join("targets").join(name))?;
    }
    for name in ["1.root.json", "root.json"] {
        let path = scratch.path().join(name);
        std::fs::write(&path, &root_bytes).map_err(|error| file(&path, &error))?;
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

/// `issuers.json`, format 1.
fn issuers_file(store: &Store, keys: &Keys) -> Result<Vec<u8>, IssuerError> {
    let id = store.text("id")?;
    let mut name = serde_json::Map::new();
    for (language, setting) in [("ko", "name_ko"), ("en", "name_en")] {
        let text = store.text(setting)?;
        if !text.is_empty() {
            let _ = name.insert(language.into(), text.into());
        }
    }
    let public_key = keys.pass().verifying_key().to_bytes();
    let (first, last) = store.window()?;
    let uri = store.uri()?;
    let file = json!({
        "format": 1,
        "issuers": {&id: {"name": name}},
        "keys": [{
            "kid": hex::encode(&thumbprint(&public_key)[..4]),
            "public_key": hex::encode(public_key),
            "issuer": id,
            "kinds": ["live", "printed", "status"],
            "services": ["entry", "adult", "store"],
            "first_issue_day": first,
            "last_issue_day": last,
            "verify_until": store.verify_until()?,
            "status_uris": [&uri],
        }],
        "lists": [{"uri": uri, "bits": store.bits()?, "entries": store.number::<u32>("entries")?}],
    });
    serde_json::to_vec_pretty(&file).map_err(said)
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

fn after(now: u64, days: i64) -> Timestamp {
    let now = i64::try_from(now)
        .ok()
        .and_then(|now| Timestamp::from_second(now).ok())
        .unwrap_or(Timestamp::MAX);
    now.saturating_add(SignedDuration::from_hours(24 * days))
        .unwrap_or(Timestamp::MAX)
}

fn said(problem: impl ToString) -> IssuerError {
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
