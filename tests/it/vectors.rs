//! `assets/spec/vectors.json`: made by the program, and compared with it. A missing file is written; look at it then.

use std::path::Path;

use ed25519_dalek::SigningKey;
use munjigi::{
    gate::{Clock, Now, Policy, judge},
    pass::{
        Audience, Challenge, HolderKey, Service, Services, StatusRef,
        compose::{self, Claims, HolderSigner},
    },
    trust::{StatusList, Trust, issuers},
    webhook::Secret,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// 2026-11-24, 01:00 in Seoul.
const NOW: u64 = 1_795_449_600;
const TODAY: i64 = 20_781;
const EXP: u64 = 1_798_038_000;
const DAY: u64 = 86_400;
const ONE: &str = "k:1.0";
const TWO: &str = "k:1.1";

fn seed(name: &str) -> [u8; 32] {
    Sha256::digest(name).into()
}

fn ed25519(name: &str) -> SigningKey {
    SigningKey::from_bytes(&seed(name))
}

fn phone() -> HolderSigner {
    HolderSigner::Ed25519(ed25519("holder"))
}

fn browser() -> HolderSigner {
    HolderSigner::P256(p256::ecdsa::SigningKey::from_slice(&seed("holder")).unwrap())
}

fn described(key: &HolderSigner) -> Value {
    match key.public() {
        HolderKey::Ed25519(x) => json!({"seed": hex::encode(seed("holder")), "x": hex::encode(x)}),
        HolderKey::P256(x, odd) => {
            json!({"d": hex::encode(seed("holder")), "x": hex::encode(x), "y_is_odd": odd})
        }
    }
}

/// Everything that is trusted: the objects as they are published, and as a door holds them.
fn trusted() -> (Value, Vec<(String, Vec<u8>)>, Trust) {
    let entry = |name: &str, more: Value| {
        let public = ed25519(name).verifying_key().to_bytes();
        let mut entry = json!({
            "kid": hex::encode(&compose::thumbprint(&public)[..4]),
            "public_key": hex::encode(public),
            "issuer": "hanbit",
            "kinds": ["live", "printed", "status"],
            "services": ["entry", "adult", "store"],
            "first_issue_day": TODAY - 30,
            "last_issue_day": TODAY + 700,
            "verify_until": NOW + 1000 * DAY,
            "status_uris": [ONE, TWO],
        });
        let members = more.as_object().unwrap().clone();
        entry.as_object_mut().unwrap().extend(members);
        entry
    };
    let file = json!({
        "format": 1,
        "issuers": {"hanbit": {"name": {"ko": "한빛", "en": "Hanbit"}}},
        "keys": [
            entry("issuer", json!({})),
            entry("retired", json!({"last_issue_day": TODAY - 1})),
            entry("stolen", json!({"distrusted_at": NOW - 9})),
        ],
        "lists": [{"uri": ONE, "bits": 1, "entries": 64}, {"uri": TWO, "bits": 2, "entries": 64}],
    });
    let read = issuers::parse(file.to_string().as_bytes()).unwrap();
    // Index 7 is revoked in both, index 9 is suspended and index 10 has no meaning in the second.
    let mut statuses = [vec![0; 8], vec![0; 16]];
    statuses[0][0] = 0b1000_0000;
    statuses[1][1] = 0b0100_0000;
    statuses[1][2] = 0b0011_1000;
    let mut trust = Trust {
        issuers: read.issuers.clone(),
        keys: read.keys.clone(),
        ..Trust::default()
    };
    let mut lists = Vec::new();
    for (announced, bytes) in read.lists.iter().zip(&statuses) {
        let key = ed25519("issuer");
        let (uri, bits) = (&announced.uri, announced.bits);
        let token = StatusList::compose(uri, bits, bytes, NOW - 1800, Some(43_200), &key);
        let list = StatusList::verify(&token, announced, &read.keys).unwrap();
        trust.lists.insert(uri.clone(), list.into());
        lists.push((uri.clone(), token));
    }
    (file, lists, trust)
}

/// The parts of a pass and of its presentation; what a case changes of them makes it another one.
#[derive(Clone)]
struct Parts {
    service: Service,
    printed: bool,
    signer: &'static str,
    holder: fn() -> HolderSigner,
    presenter: fn() -> HolderSigner,
    exp: u64,
    nbf: Option<u64>,
    status: (&'static str, u64),
    services: Services,
    aud: &'static str,
    iat: u64,
}

impl Parts {
    fn live(service: Service) -> Self {
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

fn passes(trust: Trust) -> Vec<Value> {
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

fn challenges() -> Value {
    let challenge = |aud: &str| {
        let challenge = Challenge {
            audience: aud.parse().unwrap(),
            nonce: [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7],
        };
        assert_eq!(Challenge::parse(&challenge.text()).unwrap(), challenge);
        json!({"text": challenge.text(), "aud": aud, "nonce": hex::encode(challenge.nonce)})
    };
    let asked = Challenge::parse(challenge("E:SH0P1")["text"].as_str().unwrap()).unwrap();
    let credential = {
        let parts = Parts::live(Service::Entry);
        let claims = Claims {
            number: "7KQ2MC1".into(),
            exp: EXP,
            nbf: None,
            holder: Some(phone().public()),
            status: StatusRef {
                uri: ONE.into(),
                idx: 5,
            },
            services: parts.services,
        };
        compose::credential(&claims, &ed25519("issuer"))
    };
    // The phone's clock is a day late.
    let answer = compose::presentation(
        &credential,
        &asked.audience,
        NOW - DAY,
        Some(asked.nonce),
        &phone(),
    );
    json!({"asked": [challenge("E:SH0P1"), challenge("A")], "answer": {
        "to": asked.text(), "iat": NOW - DAY, "text": compose::text(&answer), "token": hex::encode(answer)}})
}

fn webhook() -> Value {
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let (id, body) = (
        "msg_7kq2m9f",
        r#"{"type":"store.entry","timestamp":"2026-11-23T16:00:00Z","data":{"reference":"0001020304050607","entry":7}}"#,
    );
    let read = Secret::parse(secret).unwrap();
    let signature = read.sign(id, NOW, body);
    assert!(read.signed(&signature, id, NOW, body, NOW));
    json!({"secret": secret, "id": id, "timestamp": NOW, "body": body, "signature": signature})
}

#[test]
fn the_vectors_for_other_implementations_are_the_programs() {
    let (issuers, lists, trust) = trusted();
    let issuer = ed25519("issuer");
    let public = issuer.verifying_key().to_bytes();
    let lists = lists
        .into_iter()
        .map(|(uri, token)| (uri, hex::encode(token).into()));
    let vectors = json!({
        "profile": "MJ1",
        "keys": {
            "issuer": {
                "seed": hex::encode(issuer.to_bytes()),
                "x": hex::encode(public),
                "thumbprint": hex::encode(compose::thumbprint(&public)),
            },
            "holder_ed25519": described(&phone()),
            "holder_p256": described(&browser()),
        },
        "issuers": issuers,
        "lists": Value::Object(lists.collect()),
        "passes": passes(trust),
        "challenges": challenges(),
        "webhook": webhook(),
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/spec/vectors.json");
    let text = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
    if !path.exists() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept == text,
        "{} is not what the program makes",
        path.display()
    );
}

#[test]
fn another_implementation_says_what_the_vectors_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/spec/vectors.json");
    let judged = |path: &Path| {
        let output = crate::check::python("judge.py")
            .arg("vectors")
            .arg(path)
            .output();
        output.expect("python3 is needed")
    };
    let output = judged(&path);
    assert!(output.status.success(), "{}", crate::command::text(&output));
    // It would say so: one reason is exchanged.
    let wrong = tempfile::NamedTempFile::new().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replacen("\"reason\": \"stale\"", "\"reason\": \"granted\"", 1);
    std::fs::write(wrong.path(), text).unwrap();
    assert_eq!(judged(wrong.path()).status.code(), Some(1));
}
