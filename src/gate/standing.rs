//! How old what an issuer says may be, and how old it is: what staff are shown. A pass is judged by its own list
//! ([`super::judge`]); this is the oldest list that passes of the issuer may point to.

use super::Grace;
use crate::{pass::Service, trust::Trust};

/// From this age on staff are warned, also where the door goes on for longer, in seconds.
pub const OLD: u64 = 7 * 86_400;

/// How an issuer's passes for one service stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No key of the issuer that still counts is for this service.
    NotOffered,
    /// Its keys name no list that is here: no pass can be checked.
    NoList,
    /// The oldest list is so many seconds old.
    Aged {
        /// Seconds since the list's `iat`.
        age: u64,
        /// How many seconds the owner allows; `None` is without limit.
        grace: Option<u64>,
    },
}

impl Standing {
    /// Whether passes stay out for it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            Self::NotOffered => false,
            Self::NoList => true,
            Self::Aged { age, grace } => matches!(grace, Some(grace) if age > grace),
        }
    }

    /// Whether somebody should do something about it.
    #[must_use]
    pub const fn is_old(self) -> bool {
        self.is_over() || matches!(self, Self::Aged { age, .. } if age > OLD)
    }
}

/// How passes of an issuer stand for a service. `now` is in seconds since 1970.
#[must_use]
pub fn standing(
    trust: &Trust,
    issuer: &str,
    service: Service,
    grace: &Grace,
    now: u64,
) -> Standing {
    let mut offered = trust
        .keys
        .iter()
        .filter(|key| key.issuer == issuer && key.services.contains(&service))
        .filter(|key| key.distrusted_at.is_none() && now < key.verify_until)
        .peekable();
    if offered.peek().is_none() {
        return Standing::NotOffered;
    }
    let ages = offered
        .flat_map(|key| &key.status_uris)
        .filter_map(|uri| trust.lists.get(uri))
        // Past its own end a list says nothing.
        .filter(|list| list.exp.is_none_or(|exp| now < exp))
        .map(|list| now.saturating_sub(list.iat));
    match ages.max() {
        None => Standing::NoList,
        Some(age) => Standing::Aged {
            age,
            grace: grace.of(service),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::trust::{IssuerKey, StatusList};

    const DAY: u64 = 86_400;
    const NOW: u64 = 1_795_449_600;

    fn trust() -> Trust {
        let key = IssuerKey {
            kid: [0; 4],
            thumbprint: [0; 32],
            public_key: SigningKey::from_bytes(&[1; 32]).verifying_key(),
            issuer: "hanbit".into(),
            kinds: Vec::new(),
            signs_status: true,
            services: vec![Service::Entry, Service::Adult, Service::Store],
            first_issue_day: 0,
            last_issue_day: 0,
            verify_until: NOW + DAY,
            status_uris: vec!["k:1".into(), "k:2".into(), "k:9".into()],
            distrusted_at: None,
        };
        let list = |uri: &str, days: u64| {
            let list = StatusList {
                uri: uri.into(),
                bits: 1,
                iat: NOW - days * DAY,
                exp: None,
                ttl: None,
                bytes: vec![0],
            };
            (uri.to_string(), Arc::new(list))
        };
        Trust {
            keys: vec![key],
            lists: [list("k:1", 0), list("k:2", 4), list("x:1", 99)].into(),
            ..Trust::default()
        }
    }

    fn of(trust: &Trust, service: Service, now: u64) -> Standing {
        standing(trust, "hanbit", service, &Grace::default(), now)
    }

    #[test]
    fn the_oldest_list_of_the_issuer_counts_against_the_services_grace() {
        let trust = trust();
        for (service, grace, over) in [
            (Service::Entry, None, false),
            (Service::Adult, Some(7 * DAY), false),
            (Service::Store, Some(3 * DAY), true),
        ] {
            let standing = of(&trust, service, NOW);
            let age = 4 * DAY;
            assert_eq!(standing, Standing::Aged { age, grace }, "{service}");
            assert_eq!(standing.is_over(), over, "{service}");
            assert_eq!(standing.is_old(), over, "{service}");
        }
        // Without limit is not without a word.
        let later = Standing::Aged {
            age: OLD + 1,
            grace: None,
        };
        assert!(later.is_old() && !later.is_over());
    }

    #[test]
    fn a_key_that_does_not_count_offers_nothing() {
        let mut trust = trust();
        assert_eq!(of(&trust, Service::Entry, NOW + DAY), Standing::NotOffered);
        trust.forbid("hanbit", Service::Entry);
        assert_eq!(of(&trust, Service::Entry, NOW), Standing::NotOffered);
        trust.lists.clear();
        assert_eq!(of(&trust, Service::Adult, NOW), Standing::NoList);
        trust.keys[0].distrusted_at = Some(1);
        assert_eq!(of(&trust, Service::Adult, NOW), Standing::NotOffered);
        assert_eq!(
            standing(&trust, "mirae", Service::Adult, &Grace::default(), NOW),
            Standing::NotOffered
        );
    }
}
