//! Status lists that are in memory already: most of them are the same after an update.

use std::{collections::BTreeMap, sync::Arc};

use sha2::{Digest, Sha256};

use crate::trust::{IssuerKey, StatusList, TrustError, issuers::Announced};

/// Lists by the SHA-256 of their token. A list that one round does not ask for is forgotten after it.
#[derive(Debug, Default)]
pub struct Held {
    known: BTreeMap<[u8; 32], Arc<StatusList>>,
    asked: BTreeMap<[u8; 32], Arc<StatusList>>,
}

impl Held {
    /// The list of a token. Whether it may count is checked each time, for keys are distrusted meanwhile; inflated it is
    /// only when it is new.
    pub(super) fn list(
        &mut self,
        token: &[u8],
        announced: &Announced,
        keys: &[IssuerKey],
    ) -> Result<Arc<StatusList>, TrustError> {
        let digest = Sha256::digest(token).into();
        let known = self.known.get(&digest).filter(|list| {
            (list.uri.as_str(), list.bits, list.bytes.len())
                == (announced.uri.as_str(), announced.bits, announced.size())
        });
        let list = match known {
            Some(list) => {
                StatusList::verify_signature(token, announced, keys)?;
                list.clone()
            }
            None => Arc::new(StatusList::verify(token, announced, keys)?),
        };
        self.asked.insert(digest, list.clone());
        Ok(list)
    }

    /// The round is over.
    pub(super) fn turn(&mut self) {
        self.known = std::mem::take(&mut self.asked);
    }
}
