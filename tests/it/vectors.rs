//! `assets/spec/vectors.json`: made by the program, and compared with it. A missing file is written; look at it then.

mod passes;

use std::path::Path;

use ed25519_dalek::SigningKey;
use munjigi::{
    pass::{
        Challenge, HolderKey, Service, StatusRef,
        compose::{self, Claims, HolderSigner},
    },
    trust::{StatusList, Trust, issuers},
    webhook::Secret,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use passes::{Parts, passes};

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
