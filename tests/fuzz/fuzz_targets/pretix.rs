//! Tickets of pretix, as texts and as payloads in the right frame: a reason, never a panic; and no list of revoked texts
//! can break the reading of it.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use libfuzzer_sys::fuzz_target;
use munjigi::pass::format::{Form, Format, pretix::Pretix};

const EVENTS: &str = r#"
[[event]]
name = "a/b"
keys = ["LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUNvd0JRWURLMlZ3QXlFQW1JQW1sbGNrQjc1aWh0R3dGZE5JdDAxNlhkSGtRaUJONnpwTHpzQ1ZlRWs9Ci0tLS0tRU5EIFBVQkxJQyBLRVktLS0tLQo="]
all_items = true
from = "2026-01-01T00:00:00Z"
until = "2026-12-31T00:00:00Z"
"#;
/// SHA-256("event").
static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let seed = [
        0xb8, 0xe1, 0xf8, 0x0b, 0xd7, 0x0a, 0xe0, 0x78, 0x4c, 0x78, 0x55, 0xa4, 0x51, 0x73, 0x1b,
        0x74, 0x5f, 0xdd, 0xb6, 0x77, 0x49, 0xd2, 0x3f, 0x63, 0x7b, 0xe9, 0x08, 0x2b, 0x75, 0xe9,
        0x57, 0x5b,
    ];
    SigningKey::from_bytes(&seed)
});

fuzz_target!(|bytes: &[u8]| {
    let revoked = String::from_utf8_lossy(bytes);
    let pretix = Pretix::new(EVENTS, &revoked, true).expect("these events are right");
    let _ = pretix.knows(bytes);
    let _ = pretix.read(bytes).is_ok();
    let payload = &bytes[..bytes.len().min(600)];
    let signature = KEY.sign(payload).to_bytes();
    let length = u16::try_from(payload.len()).expect("short").to_be_bytes();
    let framed = [&[1, length[0], length[1], 0, 64], payload, &signature].concat();
    let text: String = STANDARD.encode(framed).chars().rev().collect();
    if let Ok(Form::Foreign(pass)) = pretix.read(text.as_bytes()) {
        assert!(pass.vouch(0).is_ok(), "signed by the event's key");
    }
});
