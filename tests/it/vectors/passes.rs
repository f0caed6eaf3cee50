//! The passes among the vectors, each with the reason that has to come out.

use munjigi::{
    gate::{Clock, Now, Policy, judge},
    pass::{
        Audience, Service, Services, StatusRef,
        compose::{self, Claims, HolderSigner},
    },
    trust::Trust,
};
use serde_json::{Value, json};

use super::{DAY, EXP, NOW, ONE, TODAY, TWO, browser, ed25519, phone};

/// The parts of a pass and of its presentation; what a case changes of them makes it another one.
#[derive(Clone)]
pub struct Parts {
    service: Service,
    printed: bool,
    signer: &'static str,
    holder: fn() -> HolderSigner,
    presenter: fn() -> HolderSigner,
    exp: u64,
    nbf: Option<u64>,
    status: (&'static str, u64),
    pub services: Services,
    aud: &'static str,
    iat: u64,
}

impl Parts {
    pub fn live(service: Service) -> Self {
        let services = match service {
            Service::Entry => Services {
                entry: Some(TODAY),
                ..Services::default()
            },
            Service::Adult => Services {
                adult: Some(TODAY),
                ..Services::default()
            },
            Service::Store => Services {
                store: Some([0, 1, 2, 3, 4, 5, 6, 7]),
                ..Services::default()
            },
        };
        Self {
            service,
            printed: false,
            signer: "issuer",
            holder: phone,
            presenter: phone,
            exp: EXP,
            nbf: None,
            status: (ONE, 5),
            services,
            aud: match service {
                Service::Entry => "E",
                Service::Adult => "A",
                Service::Store => "S",
            },
            iat: NOW,
        }
    }

    fn printed() -> Self {
        Self {
            printed: true,
            nbf: Some(NOW - 3600),
            ..Self::live(Service::Entry)
        }
    }

    fn token(&self, number: &str) -> Vec<u8> {
        let claims = Claims {
            number: number.into(),
            exp: self.exp,
            nbf: self.nbf,
            holder: (!self.printed).then(|| (self.holder)().public()),
            status: StatusRef {
                uri: self.status.0.into(),
                idx: self.status.1,
            },
            services: self.services,
        };
        let credential = compose::credential(&claims, &ed25519(self.signer));
        if self.printed {
            return credential;
        }
        let audience: Audience = self.aud.parse().unwrap();
        compose::presentation(&credential, &audience, self.iat, None, &(self.presenter)())
    }
}

struct Cases {
    trust: Trust,
    written: Vec<Value>,
}

impl Cases {
    fn add(&mut self, name: &str, parts: &Parts, reason: &str) {
        let number = format!("7KQ2M{:02}", self.written.len());
        self.add_text(
            name,
            parts.service,
            None,
            &compose::text(&parts.token(&number)),
            reason,
        );
    }

    fn add_bytes(&mut self, name: &str, token: &[u8], reason: &str) {
        self.add_text(name, Service::Entry, None, &compose::text(token), reason);
    }

    /// Every reason was written by hand; the program has to say the same.
    fn add_text(
        &mut self,
        name: &str,
        service: Service,
        venue: Option<&str>,
        text: &str,
        reason: &str,
    ) {
        let policy = Policy {
            venue: venue.map(Into::into),
            ..Policy::new(service)
        };
        let now = Now {
            unix: NOW,
            clock: Clock::Synced,
        };
        let judgement = judge(text.as_bytes(), &self.trust, &policy, now, None);
        assert_eq!(judgement.reason.code(), reason, "{name}");
        let token = text
            .strip_prefix("MJ1:")
            .and_then(|text| base45::decode(text).ok());
        self.written.push(json!({
            "name": name,
            "service": service.name(),
            "venue": venue,
            "at": NOW,
            "text": text,
            "token": token.map(hex::encode),
            "reason": reason,
            "number": judgement.pass.map(|pass| pass.number),
            "issuer": judgement.issuer,
        }));
    }
}

pub fn passes(trust: Trust) -> Vec<Value> {
    let mut cases = Cases {
        trust,
        written: Vec::new(),
    };
    let entry = || Parts::live(Service::Entry);
    for service in [Service::Entry, Service::Adult, Service::Store] {
        cases.add(
            &format!("live, {}", service.name()),
            &Parts::live(service),
            "granted",
        );
    }
    cases.add(
        "live, P-256",
        &Parts {
            holder: browser,
            presenter: browser,
            ..entry()
        },
        "granted",
    );
    cases.add("printed", &Parts::printed(), "granted");
    cases.add(
        "the last second of the window",
        &Parts {
            iat: NOW - 25,
            ..entry()
        },
        "granted",
    );
    cases.add(
        "a key that is verified only",
        &Parts {
            signer: "retired",
            nbf: Some(NOW - 2 * DAY),
            ..Parts::printed()
        },
        "granted",
    );
    let at_venue = Parts {
        aud: "E:SH0P1",
        ..entry()
    };
    let text = compose::text(&at_venue.token("7KQ2MV1"));
    cases.add_text(
        "a venue, at that venue",
        Service::Entry,
        Some("SH0P1"),
        &text,
        "granted",
    );

    cases.add_text(
        "somebody's web address",
        Service::Entry,
        None,
        "https://example.org/",
        "not_a_pass",
    );
    let good = entry().token("7KQ2MX1");
    let text = compose::text(&good);
    cases.add_text(
        "another case",
        Service::Entry,
        None,
        &text.replace("MJ1:", "mj1:"),
        "not_a_pass",
    );
    cases.add_text(
        "a letter that Base45 has not",
        Service::Entry,
        None,
        &format!("{text}a"),
        "malformed",
    );
    cases.add_text(
        "Base45 that no encoder makes",
        Service::Entry,
        None,
        "MJ1:::",
        "malformed",
    );
    cases.add_bytes("a byte behind it", &[&good[..], &[0]].concat(), "malformed");
    cases.add_bytes("cut short", &good[..good.len() - 1], "malformed");
    let mut longer = good.clone();
    // The outer array's head in two bytes instead of one.
    longer.splice(1..2, [0x98, 4]);
    cases.add_bytes("a head longer than needed", &longer, "malformed");
    let mut untagged = good.clone();
    untagged.remove(0);
    cases.add_bytes("without its tag", &untagged, "malformed");
    let mut indefinite = good.clone();
    indefinite[1] = 0x9f;
    indefinite.push(0xff);
    cases.add_bytes("an array of indefinite length", &indefinite, "malformed");
    cases.add(
        "an alg that does not fit the key in cnf",
        &Parts {
            presenter: browser,
            ..entry()
        },
        "malformed",
    );

    cases.add(
        "an unknown issuer",
        &Parts {
            signer: "stranger",
            ..entry()
        },
        "unknown_issuer",
    );
    cases.add(
        "a distrusted key",
        &Parts {
            signer: "stolen",
            ..entry()
        },
        "key_not_allowed",
    );
    cases.add(
        "issued after the key's last day",
        &Parts {
            signer: "retired",
            ..Parts::printed()
        },
        "key_not_allowed",
    );
    let mut forged = good.clone();
    // The last byte of the issuer's signature stands before typ and the payload.
    let issuer_end = good
        .windows(5)
        .position(|part| part == [0x10, 0x19, 0x01, 0x26, 0xa0]);
    forged[issuer_end.unwrap() - 1] ^= 1;
    cases.add_bytes("a bit of the issuer's signature", &forged, "bad_signature");
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    cases.add_bytes("a bit of the holder's signature", &forged, "bad_signature");
    fn thief() -> HolderSigner {
        HolderSigner::Ed25519(ed25519("thief"))
    }
    cases.add(
        "another phone",
        &Parts {
            presenter: thief,
            ..entry()
        },
        "bad_signature",
    );
    cases.add(
        "not yet",
        &Parts {
            nbf: Some(NOW + 1),
            ..entry()
        },
        "not_yet_valid",
    );
    cases.add(
        "this second is the end",
        &Parts {
            exp: NOW,
            ..entry()
        },
        "expired",
    );
    cases.add(
        "another service's audience",
        &Parts {
            aud: "A",
            ..entry()
        },
        "wrong_service",
    );
    cases.add(
        "another service's number",
        &Parts {
            services: Parts::live(Service::Store).services,
            ..entry()
        },
        "wrong_service",
    );
    let elsewhere = compose::text(
        &Parts {
            aud: "E:SH0P2",
            ..entry()
        }
        .token("7KQ2MV2"),
    );
    cases.add_text(
        "another venue",
        Service::Entry,
        Some("SH0P1"),
        &elsewhere,
        "wrong_service",
    );
    let tomorrow = Services {
        adult: Some(TODAY + 1),
        ..Services::default()
    };
    cases.add(
        "adult from tomorrow on",
        &Parts {
            services: tomorrow,
            ..Parts::live(Service::Adult)
        },
        "too_young",
    );
    cases.add(
        "no number at all",
        &Parts {
            services: Services::default(),
            ..entry()
        },
        "too_young",
    );
    for (name, status, reason) in [
        ("revoked", (ONE, 7), "revoked"),
        ("revoked, of two bits", (TWO, 7), "revoked"),
        ("suspended", (TWO, 9), "suspended"),
        ("a value without meaning", (TWO, 10), "status_unknown"),
        ("the next one is valid", (TWO, 11), "granted"),
        ("the last of the list", (ONE, 63), "granted"),
        ("beyond the list", (ONE, 64), "status_unknown"),
        ("no such list", ("k:9", 5), "status_unknown"),
    ] {
        cases.add(name, &Parts { status, ..entry() }, reason);
    }
    cases.add(
        "older than the window",
        &Parts {
            iat: NOW - 26,
            ..entry()
        },
        "stale",
    );
    cases.add(
        "from the future",
        &Parts {
            iat: NOW + 11,
            ..entry()
        },
        "from_future",
    );
    cases.add(
        "printed, for adults",
        &Parts {
            services: Parts::live(Service::Adult).services,
            service: Service::Adult,
            ..Parts::printed()
        },
        "printed_not_allowed",
    );
    cases.written
}
