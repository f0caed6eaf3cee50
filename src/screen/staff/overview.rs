//! What the issuers page shows, put together from the store.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Issuer, KeyLine, ListLine, Repository, Stand};
use crate::{
    gate::{Grace, standing},
    pass::Service,
    store::{Forbidden, Road, Store, StoreError, TrustSnapshot},
    trust::{Trust, repository},
};

/// Digits of an anchor that tell it from the others.
const ANCHOR: usize = 8;

/// Every issuer, by id. `now` is in seconds since 1970.
pub(super) fn issuers(store: &Store, grace: &Grace, now: u64) -> Result<Vec<Issuer>, StoreError> {
    let snapshots = store.load_trust()?;
    // By the issuers' own word: what the owner forbids is shown beside it.
    let trust = repository::restore(&snapshots)?;
    let forbidden = store.forbidden()?;
    let roads = store.trust_roads()?;
    // The first that was pinned answers for an id.
    let mut from: BTreeMap<String, &TrustSnapshot> = BTreeMap::new();
    for snapshot in &snapshots {
        for id in repository::issuers(snapshot)? {
            from.entry(id).or_insert(snapshot);
        }
    }
    Ok(trust
        .issuers
        .iter()
        .filter_map(|(id, names)| {
            let snapshot = from.get(id)?;
            Some(Issuer {
                id: id.clone(),
                ko: names.ko.clone(),
                en: names.en.clone(),
                services: Service::ALL.map(|service| Stand {
                    service,
                    standing: standing(&trust, id, service, grace, now),
                    forbidden: who_forbids(&forbidden, id, service),
                }),
                keys: keys(&trust, id),
                lists: lists(&trust, id),
                repository: repository(snapshot, &roads),
            })
        })
        .collect())
}

fn who_forbids(forbidden: &[Forbidden], issuer: &str, service: Service) -> Option<String> {
    forbidden
        .iter()
        .find(|one| one.issuer == issuer && one.service == service)
        .map(|one| one.who.clone())
}

fn keys(trust: &Trust, issuer: &str) -> Vec<KeyLine> {
    let keys = trust.keys.iter().filter(|key| key.issuer == issuer);
    keys.map(|key| KeyLine {
        kid: hex::encode(key.kid),
        services: key.services.clone(),
        verify_until: key.verify_until,
        distrusted: key.distrusted_at.is_some(),
    })
    .collect()
}

fn lists(trust: &Trust, issuer: &str) -> Vec<ListLine> {
    let keys = trust.keys.iter().filter(|key| key.issuer == issuer);
    let uris: BTreeSet<&String> = keys.flat_map(|key| &key.status_uris).collect();
    uris.into_iter()
        .map(|uri| {
            let list = trust.lists.get(uri);
            ListLine {
                uri: uri.clone(),
                passes: list.map_or(0, |list| list.passes()),
                iat: list.map(|list| list.iat),
            }
        })
        .collect()
}

fn repository(snapshot: &TrustSnapshot, roads: &[Road]) -> Repository {
    let road = roads.iter().find(|road| road.anchor == snapshot.anchor);
    let failed = road.and_then(|road| Some((road.tried_at?, road.problem.as_ref()?.to_string())));
    let anchor = snapshot.anchor.get(..ANCHOR).unwrap_or(&snapshot.anchor);
    Repository {
        anchor: anchor.into(),
        from: snapshot.location.clone(),
        updated: snapshot.accepted_at,
        expires: repository::versions(snapshot).expires,
        failed,
    }
}
