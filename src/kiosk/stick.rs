//! A USB stick with trust files: plugged in, taken, let go, without a touch of the screen. [`udisks`] mounts it; here it is
//! read: folders of fixed names only, and in them only what the metadata names. Nothing is pinned from a stick.

mod udisks;

#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::sync::{broadcast, watch};

use super::event::{Event, StickState, at};
use crate::{
    clock::Clock,
    store::Store,
    trust::{problem::Class, repository, road},
};
use udisks::{Stick, Sticks};

/// Where a repository may be on a stick; the last one is the stick itself.
const FOLDERS: [&str; 3] = ["munjigi", "trust", ""];
/// How long a stick may take to be read.
const READING: Duration = Duration::from_secs(120);
/// How long after a failure of the system's bus it is tried again.
const AGAIN: Duration = Duration::from_secs(60);
/// Digits of an anchor that tell it from the others.
const ANCHOR: usize = 16;

/// How one repository on a stick went.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Taken {
    state: StickState,
    /// The anchor, or what went wrong.
    detail: String,
}

impl Taken {
    fn new(state: StickState, detail: impl ToString) -> Self {
        Self {
            state,
            detail: detail.to_string(),
        }
    }
}

/// Takes what comes in on sticks, for as long as it is polled. Where there is no udisks it goes on trying, quietly.
pub async fn watch(
    store: watch::Receiver<Option<Store>>,
    clock: Arc<dyn Clock>,
    events: broadcast::Sender<Event>,
) {
    loop {
        if let Err(error) = listen(&store, &clock, &events).await {
            tracing::debug!(%error, "sticks are not seen");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen(
    store: &watch::Receiver<Option<Store>>,
    clock: &Arc<dyn Clock>,
    events: &broadcast::Sender<Event>,
) -> zbus::Result<()> {
    let mut sticks = Sticks::connect().await?;
    loop {
        let stick = sticks.next().await?;
        let store = store.borrow().clone();
        let now = clock.unix_ms() / 1000;
        for taken in visit(stick, store, now, events).await {
            let state = taken.state;
            let _ = events.send(Event::Trust {
                state: match state {
                    StickState::Updated | StickState::Unchanged => state.name(),
                    _ => "failed",
                },
                detail: taken.detail,
                class: None,
                road: Some("stick"),
                at: at(clock.unix_ms()),
            });
            let _ = events.send(Event::Stick { state });
        }
    }
}

/// Mounts, reads, lets go: whoever is told that a stick may be pulled out may pull it out.
async fn visit(
    stick: Stick,
    store: Option<Store>,
    now: u64,
    events: &broadcast::Sender<Event>,
) -> Vec<Taken> {
    let mounted = match stick.mount().await {
        Ok(mounted) => mounted,
        Err(problem) => return vec![Taken::new(StickState::Unreadable, problem)],
    };
    let (folder, told) = (mounted.folder.clone(), events.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let folders = repositories(&folder);
        if folders.is_empty() {
            // Somebody's stick for something else.
            return Vec::new();
        }
        let _ = told.send(Event::Stick {
            state: StickState::Reading,
        });
        match store {
            Some(store) => take(&folders, &store, now),
            None => vec![Taken::new(
                StickState::Unstored,
                "the data folder is not open",
            )],
        }
    });
    let taken = match tokio::time::timeout(READING, reading).await {
        Ok(Ok(taken)) => taken,
        Ok(Err(_)) => vec![Taken::new(StickState::Unreadable, "reading it failed")],
        Err(_) => vec![Taken::new(StickState::Unreadable, "it is too slow")],
    };
    if let Err(problem) = mounted.release().await {
        tracing::warn!(problem, "a stick could not be unmounted");
    }
    taken
}

/// The folders of a stick that may hold a repository. Nothing is listed: a stick may hold any number of files.
fn repositories(stick: &Path) -> Vec<PathBuf> {
    let is_folder = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    FOLDERS
        .iter()
        .map(|name| stick.join(name))
        .filter(|folder| is_folder(folder) && is_folder(&folder.join("metadata")))
        .collect()
}

/// Updates every pinned repository that is in one of the folders.
fn take(folders: &[PathBuf], store: &Store, now: u64) -> Vec<Taken> {
    let pinned = match store.load_trust() {
        Ok(pinned) => pinned,
        Err(error) => return vec![Taken::new(StickState::Unstored, error)],
    };
    let mut all = Vec::new();
    for old in &pinned {
        // The first folder that fits: two copies of one repository on a stick are one too many.
        let Some(folder) = folders.iter().find(|folder| repository::fits(old, folder)) else {
            continue;
        };
        let anchor = old.anchor.get(..ANCHOR).unwrap_or(&old.anchor);
        let taken = match road::update(store, old, folder.as_path(), now) {
            Ok(road::Outcome::Updated) => Taken::new(StickState::Updated, anchor),
            Ok(road::Outcome::Unchanged) => Taken::new(StickState::Unchanged, anchor),
            Err(problem) => Taken::new(state_of(problem.class), problem),
        };
        all.push(taken);
    }
    if all.is_empty() {
        let detail = "no repository on the stick is of an issuer that is trusted here";
        all.push(Taken::new(StickState::Foreign, detail));
    }
    // What went wrong is told last: it stays on the screen.
    all.sort_by_key(|taken| match taken.state {
        StickState::Unchanged => 0,
        StickState::Updated => 1,
        _ => 2,
    });
    all
}

const fn state_of(class: Class) -> StickState {
    match class {
        Class::Folder => StickState::Unreadable,
        Class::Storage => StickState::Unstored,
        _ => StickState::Refused,
    }
}
