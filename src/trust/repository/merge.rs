//! Several repositories, one trust.

use std::collections::{BTreeMap, BTreeSet};

use super::Content;
use crate::trust::Trust;

/// Joins repositories in the order in which they were pinned. Of an issuer's id, a public key or a list's URI that several
/// bring, the first keeps it; a key may point only to lists of its own repository, so that nobody answers for another's
/// passes.
pub(super) fn merge(contents: Vec<Content>) -> Trust {
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for (repository, content) in contents.iter().enumerate() {
        for list in &content.lists {
            owners.entry(list.uri.clone()).or_insert(repository);
        }
    }
    let mut trust = Trust::default();
    let mut seen = BTreeSet::new();
    for (repository, content) in contents.into_iter().enumerate() {
        for (id, issuer) in content.file.issuers {
            trust.issuers.entry(id).or_insert(issuer);
        }
        for mut key in content.file.keys {
            let mine = |uri: &String| owners.get(uri).is_none_or(|owner| *owner == repository);
            key.status_uris.retain(mine);
            if seen.insert(key.thumbprint) {
                trust.keys.push(key);
            }
        }
        for list in content.lists {
            trust.lists.entry(list.uri.clone()).or_insert(list);
        }
    }
    trust
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::{
        pass::compose::thumbprint,
        trust::{Issuer, IssuerKey, StatusList, issuers::IssuersFile},
    };

    fn key(seed: u8, issuer: &str, uris: &[&str]) -> IssuerKey {
        let public_key = SigningKey::from_bytes(&[seed; 32]).verifying_key();
        let thumbprint = thumbprint(public_key.as_bytes());
        IssuerKey {
            kid: thumbprint[..4].try_into().unwrap(),
            thumbprint,
            public_key,
            issuer: issuer.into(),
            kinds: Vec::new(),
            signs_status: true,
            services: Vec::new(),
            first_issue_day: 0,
            last_issue_day: 0,
            verify_until: 0,
            status_uris: uris.iter().map(|uri| (*uri).into()).collect(),
            distrusted_at: None,
        }
    }

    fn content(name: &str, keys: Vec<IssuerKey>, uris: &[&str]) -> Content {
        let issuer = Issuer {
            ko: None,
            en: Some(name.into()),
        };
        let list = |uri: &&str| StatusList {
            uri: (*uri).into(),
            bits: 1,
            iat: name.len() as u64,
            exp: None,
            ttl: None,
            bytes: vec![0],
        };
        Content {
            file: IssuersFile {
                issuers: [("shop".to_owned(), issuer)].into(),
                keys,
                lists: Vec::new(),
            },
            lists: uris.iter().map(list).map(Arc::new).collect(),
        }
    }

    #[test]
    fn the_first_keeps_what_another_repeats() {
        let trust = merge(vec![
            content(
                "first",
                vec![key(1, "shop", &["a:1", "a:2", "a:9"])],
                &["a:1"],
            ),
            content(
                "second",
                vec![key(1, "other", &["a:1"]), key(2, "shop", &["a:1", "a:2"])],
                &["a:1", "a:2"],
            ),
        ]);
        assert_eq!(trust.issuers["shop"].en.as_deref(), Some("first"));
        assert_eq!(trust.keys.len(), 2);
        assert_eq!(trust.keys[0].issuer, "shop");
        assert_eq!(trust.lists["a:1"].iat, "first".len() as u64);
        assert_eq!(trust.lists["a:2"].iat, "second".len() as u64);
        // a:2 is the second's, though the first's key names it; a:9 is nobody's.
        assert_eq!(trust.keys[0].status_uris, ["a:1", "a:9"]);
        assert_eq!(trust.keys[1].status_uris, ["a:2"]);
    }
}
