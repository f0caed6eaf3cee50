//! One run of the TUF client.

use std::{fs, io, path::Path, sync::Arc, thread};

use serde::Serialize;
use tough::{
    ExpirationEnforcement, IntoVec, Limits, Repository, RepositoryLoader, TargetName,
    schema::Target,
};
use url::Url;

use super::{Content, ISSUERS, folder::Folder};
use crate::trust::{StatusList, TrustError, issuers};

const LIMITS: Limits = Limits {
    max_root_size: 1 << 20,
    max_targets_size: super::folder::MAX_FILE,
    max_timestamp_size: 1 << 20,
    max_snapshot_size: 1 << 20,
    max_root_updates: 256,
};

/// Room for the deepest delegations that the folder lets through: tough recurses.
const STACK: usize = 32 << 20;

/// A repository that holds.
pub(super) struct Loaded {
    /// The client's trusted state, by file name.
    pub(super) metadata: Vec<(String, Vec<u8>)>,
    /// The targets that were read, by name.
    pub(super) targets: Vec<(String, Vec<u8>)>,
    /// What they say.
    pub(super) content: Content,
}

/// Runs the client from a trusted root and the trusted state of its last run.
pub(super) fn load(
    root: &[u8],
    state: &[(String, Vec<u8>)],
    folder: &Path,
) -> Result<Loaded, TrustError> {
    let folder = Folder::open(folder)?;
    // A thread of its own: the caller may stand in a runtime already, and tough asserts a few things about what it reads.
    thread::scope(|scope| {
        thread::Builder::new()
            .name("tuf".into())
            .stack_size(STACK)
            .spawn_scoped(scope, || run(root, state, folder))
            .map_err(refused)?
            .join()
            .unwrap_or_else(|_| Err(refused("the client panicked")))
    })
}

fn run(root: &[u8], state: &[(String, Vec<u8>)], folder: Folder) -> Result<Loaded, TrustError> {
    let scratch = scratch(state).map_err(|error| TrustError::File {
        path: std::env::temp_dir().display().to_string(),
        problem: error.to_string(),
    })?;
    let url = |base| Url::parse(base).map_err(refused);
    let loader = RepositoryLoader::new(&root, url(Folder::METADATA)?, url(Folder::TARGETS)?)
        .transport(folder)
        .limits(LIMITS)
        .datastore(scratch.path())
        .expiration_enforcement(ExpirationEnforcement::Unsafe);
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(refused)?
        .block_on(async { read(loader.load().await.map_err(refused)?).await })
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

async fn read(repository: Repository) -> Result<Loaded, TrustError> {
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
    let bytes = fetch(&repository, &name, target, issuers::MAX_BYTES)
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
        let bytes = fetch(&repository, &name, target, announced.max_token())
            .await
            .map_err(problem)?;
        lists.push(Arc::new(StatusList::verify(&bytes, announced, &file.keys)?));
        targets.push((announced.target(), bytes));
    }
    Ok(Loaded {
        metadata: vec![
            state("root.json", repository.root())?,
            state("timestamp.json", repository.timestamp())?,
            state("snapshot.json", repository.snapshot())?,
            state("targets.json", repository.targets())?,
        ],
        targets,
        content: Content { file, lists },
    })
}

async fn fetch(
    repository: &Repository,
    name: &TargetName,
    target: &Target,
    limit: usize,
) -> Result<Vec<u8>, String> {
    if target.length > limit as u64 {
        return Err(format!("{} is longer than {limit} bytes", name.raw()));
    }
    let stream = repository.read_target(name).await;
    let stream = stream.map_err(|error| error.to_string())?;
    let stream = stream.ok_or_else(|| format!("{} is no target", name.raw()))?;
    stream.into_vec().await.map_err(|error| error.to_string())
}

fn target_name(name: &str) -> Result<TargetName, TrustError> {
    TargetName::new(name).map_err(refused)
}

/// As tough itself keeps it: parsed and written again.
fn state(name: &str, role: &impl Serialize) -> Result<(String, Vec<u8>), TrustError> {
    let bytes = serde_json::to_vec(role).map_err(refused)?;
    Ok((name.to_owned(), bytes))
}

fn refused(problem: impl ToString) -> TrustError {
    TrustError::Repository(problem.to_string())
}
