//! Where one run reads from, and what it needs to know on the way.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use tough::{Transport, TransportError, TransportStream};
use url::Url;

use super::{
    budget::{Budget, Seen},
    folder::Folder,
    web::{Known, Web},
};
use crate::trust::{TrustError, place::Place, problem::Problem};

/// Files and bytes that came so far.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A place to read from.
#[derive(Clone)]
pub struct Source {
    /// Where.
    pub place: Place,
    /// The clock's floor, seconds since 1970: a clock below it is wrong, whatever a certificate says.
    pub floor: u64,
    /// The port at which a sign-in page would answer in the server's place: 80.
    pub portal_port: u16,
    /// Is told of every piece that comes over the network.
    pub progress: Option<Progress>,
}

impl Source {
    /// This place.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self {
            place,
            floor: 0,
            portal_port: 80,
            progress: None,
        }
    }

    /// With this floor of the clock, seconds since 1970.
    #[must_use]
    pub fn floor(mut self, floor: u64) -> Self {
        self.floor = floor;
        self
    }

    pub(super) fn open(&self, known: Known, now: u64) -> Result<Carrier, TrustError> {
        let budget = Budget::default();
        Ok(match &self.place {
            Place::Folder(path) => Carrier::Folder(Folder::open(path, budget)?),
            Place::Url(url) => Carrier::Web(Web::open(url, self, known, budget, now)),
        })
    }
}

impl From<Place> for Source {
    fn from(place: Place) -> Self {
        Self::new(place)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::new(path.into())
    }
}

impl From<&PathBuf> for Source {
    fn from(path: &PathBuf) -> Self {
        path.as_path().into()
    }
}

impl From<&Source> for Source {
    fn from(source: &Source) -> Self {
        source.clone()
    }
}

/// The transport that `tough` reads through.
#[derive(Debug, Clone)]
pub(super) enum Carrier {
    Folder(Folder),
    Web(Web),
}

impl Carrier {
    /// A file of the repository.
    pub(super) fn url(&self, path: &str) -> Result<Url, url::ParseError> {
        match self {
            Self::Folder(_) => Url::parse(&format!("{}{path}", Folder::BASE)),
            Self::Web(web) => web.url(path),
        }
    }

    /// One file whole, of at most so many bytes.
    pub(super) fn file(&self, path: &str, most: u64) -> Result<Vec<u8>, TrustError> {
        match self {
            Self::Folder(folder) => folder.file(path).map_err(|error| TrustError::File {
                path: path.to_owned(),
                problem: error.to_string(),
            }),
            Self::Web(web) => web.file(path, most).map_err(TrustError::Road),
        }
    }

    /// What was read.
    pub(super) fn into_seen(self) -> Vec<Seen> {
        match self {
            Self::Folder(folder) => folder.budget,
            Self::Web(web) => web.budget,
        }
        .into_seen()
    }

    /// What went wrong on the way, which is no fault of the repository.
    pub(super) fn problem(&self) -> Option<Problem> {
        match self {
            Self::Folder(_) => None,
            Self::Web(web) => web.problem(),
        }
    }
}

#[async_trait]
impl Transport for Carrier {
    async fn fetch(&self, url: Url) -> Result<TransportStream, TransportError> {
        match self {
            Self::Folder(folder) => folder.fetch(url).await,
            Self::Web(web) => web.fetch(url).await,
        }
    }
}
