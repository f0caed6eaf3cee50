//! Whom the kiosk trusts: issuers, their keys and their status lists.
//!
//! [`Trust`] is what decisions are made with: plain data in memory. It is read from TUF repositories ([`repository`],
//! with the crate `tough`), checked whole before anything of it counts, and kept in SQLite by [`crate::store`].

mod cbor;
pub mod error;
pub mod issuers;
pub mod key;
pub mod pin;
pub mod place;
pub mod problem;
pub mod repository;
pub mod road;
pub mod status_list;

use std::{collections::BTreeMap, sync::Arc};

use crate::pass::Service;

pub use error::TrustError;
pub use key::IssuerKey;
pub use status_list::{Status, StatusList};

/// An issuer as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Issuer {
    /// Korean name, where given.
    pub ko: Option<String>,
    /// English name, where given.
    pub en: Option<String>,
}

/// Everything the kiosk trusts, ready for look-ups.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Issuers by id.
    pub issuers: BTreeMap<String, Issuer>,
    /// Keys of every issuer. Several may have one kid.
    pub keys: Vec<IssuerKey>,
    /// Status lists by URI.
    pub lists: BTreeMap<String, Arc<StatusList>>,
}

impl Trust {
    /// Every key with this kid, in the order of the file.
    pub fn keys_with(&self, kid: [u8; 4]) -> impl Iterator<Item = &IssuerKey> {
        self.keys.iter().filter(move |key| key.kid == kid)
    }

    /// From now on no key of this issuer opens this service: a pass of it is `key_not_allowed`.
    pub fn forbid(&mut self, issuer: &str, service: Service) {
        for key in self.keys.iter_mut().filter(|key| key.issuer == issuer) {
            key.services.retain(|allowed| *allowed != service);
        }
    }

    /// The newest `iat` among the status lists, seconds since 1970: a floor for the clock.
    #[must_use]
    pub fn newest_iat(&self) -> Option<u64> {
        self.lists.values().map(|list| list.iat).max()
    }
}
