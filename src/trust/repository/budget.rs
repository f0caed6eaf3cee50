//! How much metadata one run may read, from wherever it comes.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Bytes of one file at most.
pub(super) const MAX_FILE: u64 = 5 << 20;

/// Metadata files at most, roots among them, and their bytes in all: delegations go no deeper, and every target name is
/// matched against every delegation.
const MAX_METADATA_FILES: u64 = 320;
const MAX_METADATA: u64 = 32 << 20;

/// The folder of metadata in a repository.
const METADATA: &str = "metadata/";

/// A metadata file as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its name without the folder.
    pub(super) name: String,
    /// Byte by byte: its hash is in the file that names it.
    pub(super) bytes: Vec<u8>,
    /// What the server calls it.
    pub(super) tag: Option<String>,
}

/// What was read in one run. Clones share it: `tough` clones its transport.
#[derive(Debug, Clone, Default)]
pub(super) struct Budget {
    files: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Budget {
    /// Counts a file and keeps it where it is metadata; `path` is within the repository.
    pub(super) fn take(
        &self,
        path: &str,
        bytes: &[u8],
        tag: Option<String>,
    ) -> Result<(), &'static str> {
        let length = bytes.len() as u64;
        if length > MAX_FILE {
            return Err("is longer than 5 MiB");
        }
        let Some(name) = path.strip_prefix(METADATA) else {
            return Ok(());
        };
        if self.files.fetch_add(1, Ordering::Relaxed) >= MAX_METADATA_FILES
            || self.bytes.fetch_add(length, Ordering::Relaxed) + length > MAX_METADATA
        {
            return Err("the repository has too much metadata");
        }
        self.seen().push(Seen {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
            tag,
        });
        Ok(())
    }

    /// Everything that was kept, which is then no longer here.
    pub(super) fn into_seen(self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
