use base64::engine::general_purpose::STANDARD as BASE64_STRICT;
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;

use super::*;
use crate::pass::Formats;

/// Made by another implementation (Python, cryptography): the key from the seed SHA-256("event"), the product 12, the date
/// 7, from 1795489200 to 1795510799; and the product 12, variation 3.
const KEY: &str = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUNvd0JRWURLMlZ3QXlFQW1JQW1sbGNrQjc1aWh0R3dGZE5JdDAxNlhkSGtRaUJONnpwTHpzQ1ZlRWs9Ci0tLS0tRU5EIFBVQkxJQyBLRVktLS0tLQo=";
const WINDOWED: &str = "As242hTwoMshbXrkhk2fqjbjH1KcKL/Uhy1Gm9/UH1buYR5AsmHSXWiHMexsyKikkUPYsqdgHhyZGj6zUmz9xYA2VS6jwYA2TuPsocAIMAheQtWM4QmVzEXCKAEAbAQA";
const PLAIN: &str = "==QC2tf9YswrqAslqW6ebFL0rfAc/lujHpYoW3lu8EE7lYTDyf8N2TuSo4z3wG8TvDx4me7WPB5BuJYINNxyECvpDgBDQoneQtWM4QmVzEnCKAEAQAQA";
/// The event: 2026-11-24, 12:00 to 24:00 in Seoul.
const FROM: u64 = 1_795_489_200;
const UNTIL: u64 = FROM + 12 * 3600;

fn key() -> SigningKey {
    SigningKey::from_bytes(&Sha256::digest(b"event").into())
}

fn events(rest: &str) -> String {
    format!(
        "[[event]]\nname = \"hanbit/opening\"\nkeys = [\"{KEY}\"]\n\
         from = \"2026-11-24T12:00:00+09:00\"\nuntil = \"2026-11-25T00:00:00+09:00\"\n{rest}\n"
    )
}

fn pretix(revoked: &str) -> Pretix {
    Pretix::new(&events("items = [12]"), revoked, true).unwrap()
}

fn vouch(pretix: &Pretix, text: &str) -> Result<Vouched, Reason> {
    match pretix.read(text.as_bytes())? {
        Form::Foreign(pass) => pass.vouch(FROM),
        Form::Mj1(_) => unreachable!(),
    }
}

fn varint(field: u8, mut value: u64) -> Vec<u8> {
    let mut bytes = vec![field << 3];
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A text around a payload, signed.
fn text(payload: &[u8], key: &SigningKey) -> String {
    let signature = key.sign(payload).to_bytes();
    text_of(1, payload, &signature)
}

fn text_of(version: u8, payload: &[u8], signature: &[u8]) -> String {
    let mut bytes = vec![version];
    for part in [payload, signature] {
        bytes.extend(u16::try_from(part.len()).unwrap().to_be_bytes());
    }
    bytes.extend([payload, signature].concat());
    BASE64_STRICT.encode(bytes).chars().rev().collect()
}

#[test]
fn tickets_of_another_implementation_are_read() {
    let windowed = vouch(&pretix(""), WINDOWED).unwrap();
    assert_eq!(windowed.issuer, "pretix:hanbit/opening");
    // The last second of a ticket is in it.
    let window = (windowed.from, windowed.until);
    assert_eq!(window, (Some(FROM), Some(1_795_510_800)));
    assert!(windowed.opens && windowed.once && !windowed.revoked);
    let plain = vouch(&pretix(""), &format!("{PLAIN}\r\n")).unwrap();
    assert_eq!((plain.from, plain.until), (Some(FROM), Some(UNTIL)));
    assert_eq!(plain.key, windowed.key);
    assert_ne!(plain.content, windowed.content);
}

#[test]
fn every_spelling_of_a_ticket_is_one_ticket() {
    // The unused bits of the last character, the padding, and a signature is what it is: pretix reads all of these.
    let (_, rest) = PLAIN.split_at(3);
    let spellings = [
        PLAIN.to_string(),
        format!("==R{rest}"),
        format!("==f{rest}"),
        format!("=Q{rest}"),
        format!("Q{rest}"),
    ];
    let content = vouch(&pretix(""), PLAIN).unwrap().content;
    for revoked in &spellings {
        let pretix = pretix(&format!("\nno ticket\n{revoked}\r\n"));
        assert_eq!(pretix.size(), (1, 1));
        for spelling in &spellings {
            let vouched = vouch(&pretix, spelling).unwrap();
            assert!(vouched.revoked, "{spelling} though {revoked}");
            assert_eq!(vouched.content, content);
        }
        assert!(!vouch(&pretix, WINDOWED).unwrap().revoked);
    }
    // Whereas this is another signature, of nothing.
    let forged = format!("==A{rest}");
    assert_eq!(vouch(&pretix(""), &forged), Err(Reason::UnknownIssuer));
}

#[test]
fn only_the_keys_of_the_events_count() {
    let payload = varint(2, 12);
    let signed = text(&payload, &key());
    assert!(vouch(&pretix(""), &signed).is_ok());
    let other = text(&payload, &SigningKey::from_bytes(&[7; 32]));
    assert_eq!(vouch(&pretix(""), &other), Err(Reason::UnknownIssuer));
    let signature = key().sign(&payload).to_bytes();
    let altered = text_of(1, &varint(2, 13), &signature);
    assert_eq!(vouch(&pretix(""), &altered), Err(Reason::UnknownIssuer));
}

#[test]
fn products_and_dates_that_the_owner_names_open() {
    let payload = |item, subevent| [varint(2, item), varint(4, subevent)].concat();
    for (table, item, subevent, opens) in [
        ("items = [12, 13]", 13, 0, true),
        ("items = [12, 13]", 14, 0, false),
        ("items = [12, 13]", 0, 0, false),
        ("all_items = true", 14, 9, true),
        ("all_items = true\nsubevents = [9]", 14, 9, true),
        ("all_items = true\nsubevents = [9]", 14, 8, false),
        ("items = [12]\nsubevents = [9]", 12, 0, false),
    ] {
        let pretix = Pretix::new(&events(table), "", false).unwrap();
        let vouched = vouch(&pretix, &text(&payload(item, subevent), &key())).unwrap();
        assert_eq!(vouched.opens, opens, "{table}: {item}, {subevent}");
        assert!(!vouched.once);
    }
    // Two days of a series, one key: the day that the ticket is for counts.
    let two = [
        events("all_items = true\nsubevents = [1]"),
        events("all_items = true\nsubevents = [2]").replace("opening", "closing"),
    ];
    let pretix = Pretix::new(&two.concat(), "", true).unwrap();
    let closing = vouch(&pretix, &text(&payload(12, 2), &key())).unwrap();
    assert_eq!(closing.issuer, "pretix:hanbit/closing");
    assert!(closing.opens);
}

#[test]
fn fields_that_nobody_knows_are_passed_over() {
    let payload = [
        varint(15, 1),
        varint(2, 99),
        vec![0x7A, 2, 0xFF, 0xFE],
        varint(2, 12),
    ]
    .concat();
    // The last of two counts, as in every implementation of protobuf.
    assert!(vouch(&pretix(""), &text(&payload, &key())).unwrap().opens);
    // A time before 1970 is none.
    let early = [varint(2, 12), varint(5, u64::MAX), varint(6, u64::MAX)].concat();
    let vouched = vouch(&pretix(""), &text(&early, &key())).unwrap();
    assert_eq!((vouched.from, vouched.until), (Some(FROM), Some(UNTIL)));
}

#[test]
fn other_texts_are_not_known_and_broken_tickets_are_malformed() {
    let formats = Formats::new(true, vec![std::sync::Arc::new(pretix(""))]);
    let read = |text: &str| formats.read(text.as_bytes()).err();
    let signature = [0; 64];
    let payload = varint(2, 12);
    let good = text_of(1, &payload, &signature);
    assert_eq!(read(&good), None);
    let bare = |bytes: &[u8]| -> String { BASE64_STRICT.encode(bytes).chars().rev().collect() };
    let long = text_of(1, &[0x7A; 700], &signature);
    for (text, reason) in [
        ("", Reason::NotAPass),
        ("QA", Reason::NotAPass),
        ("https://example.org/QA", Reason::NotAPass),
        ("WIFI:S:CAFE;QA", Reason::NotAPass),
        ("MJ1:QA", Reason::Malformed),
        (&format!(" {good}"), Reason::NotAPass),
        (&format!("{good}\n\n"), Reason::NotAPass),
        (&good.to_lowercase(), Reason::NotAPass),
        (&text_of(2, &payload, &signature), Reason::NotAPass),
        (&long, Reason::NotAPass),
        (&text_of(1, &[], &signature), Reason::Malformed),
        (&text_of(1, &payload, &signature[1..]), Reason::Malformed),
        (&text_of(1, &payload, &[0; 65]), Reason::Malformed),
        (&text_of(1, &[0x10], &signature), Reason::Malformed),
        (
            &text_of(1, &[0x12, 0x01, 0x00], &signature),
            Reason::Malformed,
        ),
        (&good[4..], Reason::Malformed),
        (&format!("AAAA{good}"), Reason::Malformed),
        (&bare(&[1, 0, 255, 0, 64, 1, 2, 3, 4]), Reason::Malformed),
        ("AAAAAAAAAAQA", Reason::Malformed),
        ("A=AAAAAAAAAQA", Reason::Malformed),
    ] {
        assert_eq!(read(text), Some(reason), "{text}");
    }
}

#[test]
fn what_is_wrong_with_the_events_is_named() {
    let event = events("items = [12]");
    let weak = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUNvd0JRWURLMlZ3QXlFQUFRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE9Ci0tLS0tRU5EIFBVQkxJQyBLRVktLS0tLQo=";
    for (text, said) in [
        (String::new(), "it has no [[event]]"),
        (events("item = 1"), "line 6: unknown field `item`"),
        (events(""), "items: say which"),
        (events("items = [1]\nall_items = true"), "items: say which"),
        (event.replace("hanbit/opening", "Hanbit"), "name: allowed"),
        (
            event.replace("hanbit/opening", &"a".repeat(26)),
            "name: allowed",
        ),
        (event.replace(KEY, ""), "keys: no PEM"),
        (event.repeat(33), "it has more than 32 keys"),
        (event.replace(KEY, "*"), "keys: not Base64"),
        (event.replace(KEY, weak), "keys: a weak key"),
        (
            event.replace("2026-11-25T00", "2026-11-24T12"),
            "until: allowed",
        ),
        (
            event.replace("2026-11-25T00", "2027-11-26T12"),
            "until: allowed",
        ),
        (event.replace("2026-11-25T00", "when it is over"), "line 5:"),
    ] {
        let error = Pretix::new(&text, "", true).unwrap_err();
        assert!(error.contains(said), "{error}\nnot\n{said}");
    }
    let pem = String::from_utf8(BASE64_STRICT.decode(KEY).unwrap()).unwrap();
    let plain = event.replace(&format!("\"{KEY}\""), &format!("\"\"\"{pem}\"\"\""));
    assert_eq!(Pretix::new(&plain, "", true).unwrap().size(), (1, 0));
}

proptest! {
    #[test]
    fn nothing_panics(text in "[A-Za-z0-9+/=]{0,200}QA", bytes: Vec<u8>) {
        let pretix = pretix(&text);
        let _ = vouch(&pretix, &text);
        let _ = vouch(&pretix, &text_of(1, &bytes, &[1; 64]));
        let _ = pretix.read(&bytes).err();
    }

    #[test]
    fn one_changed_character_is_the_same_ticket_or_none(at in 0..PLAIN.len(), to in "[A-Za-z0-9+/]") {
        let mut text = PLAIN.to_string();
        text.replace_range(at..=at, &to);
        let pretix = pretix(PLAIN);
        if let Ok(vouched) = vouch(&pretix, &text) {
            prop_assert!(vouched.revoked);
        }
    }
}
