//! One run of the TUF client.

use std::{fs, io, sync::Arc, thread};

use sha2::{Digest, Sha256};
use tough::{
    ExpirationEnforcement, IntoVec, Limits, Repository, RepositoryLoader, TargetName,
    schema::Target,
};

use super::{Content, ISSUERS, budget::Seen, equivocation, source::Carrier, stored};
use crate::{
    store::TrustSnapshot,
    trust::{StatusList, TrustError, issuers},
};

pub(super) const LIMITS: Limits = Limits {
    max_root_size: 1 << 20,
    max_targets_size: super::budget::MAX_FILE,
    max_timestamp_size: 1 << 20,
    max_snapshot_size: 1 << 20,
    max_root_updates: 256,
};

/// Room for the deepest delegations that the folder lets through: tough recurses.
const STACK: usize = 32 << 20;

/// A repository that holds.
pub(super) struct Loaded {
    /// Version of its newest root.
    root: u64,
    /// The client's trusted state, by file name.
    pub(super) metadata: Vec<(String, Vec<u8>)>,
    /// What the server calls these files, by file name.
    pub(super) tags: Vec<(String, String)>,
    /// The targets that were read, by name.
    pub(super) targets: Vec<(String, Vec<u8>)>,
    /// What they say.
    pub(super) content: Content,
}

/// Runs the client from a trusted root and what is in force, which is empty the first time.
pub(super) fn load(
    root: &[u8],
    old: &TrustSnapshot,
    carrier: Carrier,
) -> Result<Loaded, TrustError> {
    // A thread of its own: the caller may stand in a runtime already, and tough asserts a few things about what it reads.
    thread::scope(|scope| {
        thread::Builder::new()
            .name("tuf".into())
            .stack_size(STACK)
            .spawn_scoped(scope, || run(root, old, carrier))
            .map_err(refused)?
            .join()
            .unwrap_or_else(|_| Err(refused("the client panicked")))
    })
}

fn run(root: &[u8], old: &TrustSnapshot, carrier: Carrier) -> Result<Loaded, TrustError> {
    let scratch = scratch(&old.metadata).map_err(|error| TrustError::File {
        path: std::env::temp_dir().display().to_string(),
        problem: error.to_string(),
    })?;
    let url = |path| carrier.url(path).map_err(refused);
    let loader = RepositoryLoader::new(&root, url("metadata/")?, url("targets/")?)
        .transport(carrier.clone())
        .limits(LIMITS)
        .datastore(scratch.path())
        .expiration_enforcement(ExpirationEnforcement::Unsafe);
    let loaded = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(refused)?
        .block_on(async { read(loader.load().await.map_err(refused)?, &old.targets).await });
    // What went wrong on the way is the reason, whatever the client made of it.
    if let Some(problem) = carrier.problem() {
        return Err(TrustError::Road(problem));
    }
    let mut loaded = loaded?;
    // As they came: the client writes them anew in any order.
    let newest = format!("{}.root.json", loaded.root);
    let mut seen = carrier.into_seen();
    let newest = seen.iter().find(|file| file.name == newest);
    let newest = newest.map_or_else(|| root.to_vec(), |file| file.bytes.clone());
    loaded.metadata = vec![("root.json".into(), newest)];
    seen.retain(|file| !file.name.ends_with(".root.json"));
    for Seen { name, bytes, tag } in seen {
        if stored(&loaded.metadata, &name).is_none() {
            loaded.tags.extend(tag.map(|tag| (name.clone(), tag)));
            loaded.metadata.push((name, bytes));
        }
    }
    loaded.metadata.sort();
    loaded.targets.sort();
    loaded.tags.sort();
    equivocation::check(&old.metadata, &loaded.metadata)?;
    Ok(loaded)
}

/// tough writes its trusted state before the targets are read, and notes the time, so that a clock that was set back would
/// stop every update. It gets a copy without that note, which is thrown away.
fn scratch(state: &[(String, Vec<u8>)]) -> io::Result<tempfile::TempDir> {
    let scratch = tempfile::tempdir()?;
    for (name, bytes) in state {
        if ["timestamp.json", "snapshot.json", "targets.json"].contains(&name.as_str()) {
            fs::write(scratch.path().join(name), bytes)?;
        }
    }
    Ok(scratch)
}

async fn read(repository: Repository, old: &[(String, Vec<u8>)]) -> Result<Loaded, TrustError> {
    if repository.root().signed.consistent_snapshot {
        return Err(refused("consistent_snapshot is not supported"));
    }
    let top_level = &repository.targets().signed;
    let name = target_name(ISSUERS)?;
    // Only from the top-level role, which `read_target` asks first.
    let target = top_level
        .targets
        .get(&name)
        .ok_or_else(|| TrustError::Issuers("is no target of the top-level role".into()))?;
    let bytes = fetch(&repository, &name, target, issuers::MAX_BYTES, old)
        .await
        .map_err(TrustError::Issuers)?;
    let file = issuers::parse(&bytes)?;
    let mut targets = vec![(ISSUERS.to_owned(), bytes)];
    let mut lists = Vec::new();
    for announced in &file.lists {
        let problem = |problem| TrustError::List {
            uri: announced.uri.clone(),
            problem,
        };
        let name = target_name(&announced.target())?;
        let target = top_level
            .find_target(&name, false)
            .map_err(|_| problem(format!("{} is no target", name.raw())))?;
        let bytes = fetch(&repository, &name, target, announced.max_token(), old)
            .await
            .map_err(problem)?;
        lists.push(Arc::new(StatusList::verify(&bytes, announced, &file.keys)?));
        targets.push((announced.target(), bytes));
    }
    Ok(Loaded {
        root: repository.root().signed.version.get(),
        metadata: Vec::new(),
        tags: Vec::new(),
        targets,
        content: Content { file, lists },
    })
}

async fn fetch(
    repository: &Repository,
    name: &TargetName,
    target: &Target,
    limit: usize,
    old: &[(String, Vec<u8>)],
) -> Result<Vec<u8>, String> {
    if target.length > limit as u64 {
        return Err(format!("{} is longer than {limit} bytes", name.raw()));
    }
    // Only what changed travels.
    if let Some(bytes) = stored(old, name.raw())
        && bytes.len() as u64 == target.length
        && Sha256::digest(bytes)[..] == *target.hashes.sha256
    {
        return Ok(bytes.to_vec());
    }
    let stream = repository.read_target(name).await;
    let stream = stream.map_err(|error| error.to_string())?;
    let stream = stream.ok_or_else(|| format!("{} is no target", name.raw()))?;
    stream.into_vec().await.map_err(|error| error.to_string())
}

fn target_name(name: &str) -> Result<TargetName, TrustError> {
    TargetName::new(name).map_err(refused)
}

fn refused(problem: impl ToString) -> TrustError {
    TrustError::Repository(problem.to_string())
}
