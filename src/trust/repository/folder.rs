//! The transport: files of one folder. `tough`'s own follows symbolic links anywhere, and reads devices and pipes.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Component, Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use tough::{Transport, TransportError, TransportErrorKind, TransportStream};
use url::Url;

use super::budget::{Budget, MAX_FILE};
use crate::trust::TrustError;

/// A repository's folder. Nothing outside it is read.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
    pub(super) budget: Budget,
}

impl Folder {
    /// Where the repository is. The scheme is this transport's own.
    pub(super) const BASE: &'static str = "folder:/";

    pub(super) fn open(path: &Path, budget: Budget) -> Result<Self, TrustError> {
        let file_error = |problem: String| TrustError::File {
            path: path.display().to_string(),
            problem,
        };
        let root = fs::canonicalize(path).map_err(|error| file_error(error.to_string()))?;
        if !root.join("metadata").is_dir() {
            return Err(file_error("has no folder metadata".into()));
        }
        Ok(Self { root, budget })
    }

    /// One file.
    pub(super) fn file(&self, path: &str) -> io::Result<Vec<u8>> {
        let url = Url::parse(&format!("{}{path}", Self::BASE)).map_err(io::Error::other)?;
        self.read(&url)
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
        let _ = File::open(&path)?
            .take(MAX_FILE + 1)
            .read_to_end(&mut bytes)?;
        let name = url.path().trim_start_matches('/');
        self.budget
            .take(name, &bytes, None)
            .map_err(io::Error::other)?;
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
