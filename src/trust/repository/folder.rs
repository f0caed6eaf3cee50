//! The transport: files of one folder. `tough`'s own follows symbolic links anywhere, and reads devices and pipes.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Component, Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use tough::{Transport, TransportError, TransportErrorKind, TransportStream};
use url::Url;

use crate::trust::TrustError;

/// Bytes of one file at most.
pub(super) const MAX_FILE: u64 = 5 << 20;

/// Metadata files at most, roots among them, and their bytes in all: delegations go no deeper, and every target name is
/// matched against every delegation.
const MAX_METADATA_FILES: u64 = 320;
const MAX_METADATA: u64 = 32 << 20;

/// A repository's folder. Nothing outside it is read.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
    files: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
}

impl Folder {
    /// Where the two halves of the repository are. The scheme is this transport's own.
    pub(super) const METADATA: &'static str = "folder:/metadata/";
    pub(super) const TARGETS: &'static str = "folder:/targets/";

    pub(super) fn open(path: &Path) -> Result<Self, TrustError> {
        let file_error = |problem: String| TrustError::File {
            path: path.display().to_string(),
            problem,
        };
        let root = fs::canonicalize(path).map_err(|error| file_error(error.to_string()))?;
        if !root.join("metadata").is_dir() {
            return Err(file_error("has no folder metadata".into()));
        }
        Ok(Self {
            root,
            files: Arc::default(),
            bytes: Arc::default(),
        })
    }

    fn read(&self, url: &Url) -> io::Result<Vec<u8>> {
        let refuse = |problem: &str| Err(io::Error::other(problem));
        // Percent-encoding stays: tough encodes a role's name on the disk too.
        let relative = Path::new(url.path().trim_start_matches('/'));
        let normal = |component| matches!(component, Component::Normal(_));
        if url.scheme() != "folder" || url.has_host() || !relative.components().all(normal) {
            return refuse("the name leads out of the repository");
        }
        let path = fs::canonicalize(self.root.join(relative))?;
        if !path.starts_with(&self.root) {
            return refuse("a symbolic link leads out of the repository");
        }
        // Before it is opened: opening a pipe blocks.
        if !fs::metadata(&path)?.is_file() {
            return refuse("is no file");
        }
        let mut bytes = Vec::new();
        let length = File::open(&path)?
            .take(MAX_FILE + 1)
            .read_to_end(&mut bytes)? as u64;
        if length > MAX_FILE {
            return refuse("is longer than 5 MiB");
        }
        if relative.starts_with("metadata")
            && (self.files.fetch_add(1, Ordering::Relaxed) >= MAX_METADATA_FILES
                || self.bytes.fetch_add(length, Ordering::Relaxed) + length > MAX_METADATA)
        {
            return refuse("the repository has too much metadata");
        }
        Ok(bytes)
    }
}

#[async_trait]
impl Transport for Folder {
    async fn fetch(&self, url: Url) -> Result<TransportStream, TransportError> {
        match self.read(&url) {
            Ok(bytes) => Ok(Box::pin(stream::iter([Ok(Bytes::from(bytes))]))),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(
                TransportError::new_with_cause(TransportErrorKind::FileNotFound, url, error),
            ),
            // In the stream: of an error before it, tough thinks that there is no newer root.
            Err(error) => {
                let error = TransportError::new_with_cause(TransportErrorKind::Other, url, error);
                Ok(Box::pin(stream::iter([Err(error)])))
            }
        }
    }
}
