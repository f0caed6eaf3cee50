#[path = "../../../../tests/it/hcert.rs"]
mod hcert;

use ciborium::Value;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::{
    gate::{Clock, Now, Policy, judge_among},
    pass::{Formats, Service},
    trust::Trust,
};
use hcert::{Hcert, IDENTIFIER, PERSONAL, Signer};

/// 2021-06-01 12:00 in Seoul.
const NOW: u64 = 1_622_516_400;
const YEAR: u64 = 366 * 86_400;
const NAAT: &str = "LP6464-4";
const ANTIGEN: &str = "LP217198-3";
const NEGATIVE: &str = "260415000";
const RULES: Rules = Rules {
    vaccination: Some(Days {
        first: 14,
        last: Some(270),
    }),
    recovery: true,
    naat_hours: 72,
    antigen_hours: 24,
};

fn dcc(signers: &[&Signer]) -> Dcc {
    let list: String = signers.iter().map(|signer| signer.pem()).collect();
    let (dcc, problems) = Dcc::new(list.as_bytes(), RULES).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    dcc
}

fn vouch(dcc: &Dcc, text: &str) -> Result<Vouched, Reason> {
    match dcc.read(text.as_bytes())? {
        Form::Foreign(pass) => pass.vouch(NOW),
        Form::Mj1(_) => unreachable!(),
    }
}

fn vaccination() -> Hcert {
    Hcert::vaccination(2, 2, "2021-05-01", NOW - 1000, NOW + YEAR)
}

fn word(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn both_algorithms_vouch_for_a_certificate() {
    for signer in [Signer::p256(), Signer::rsa()] {
        let dcc = dcc(&[&Signer::p256(), &signer]);
        let vouched = vouch(&dcc, &format!("{}\r\n", vaccination().text(&signer))).unwrap();
        assert_eq!(vouched.issuer, "dcc:AT");
        assert_eq!(
            (vouched.from, vouched.until),
            (Some(NOW - 1000), Some(NOW + YEAR))
        );
        let days = (vouched.first_day, vouched.last_day);
        assert_eq!(days, (Some(date(2021, 5, 15)), Some(date(2022, 1, 26))));
        assert!(vouched.opens && !vouched.once && !vouched.revoked);
        assert_eq!(vouched.key[..], Sha256::digest(&signer.info)[..]);
    }
}

#[test]
fn keys_then_what_they_may_sign_then_the_signature() {
    let (p256, rsa, stranger) = (Signer::p256(), Signer::rsa(), Signer::p256());
    let dcc = dcc(&[&p256, &rsa]);
    let altered = |signer: &Signer, at: fn(&[u8]) -> usize| {
        let mut token = vaccination().token(signer);
        let at = at(&token);
        token[at] ^= 1;
        hcert::text(&token)
    };
    let last = |token: &[u8]| token.len() - 1;
    let letter = |token: &[u8]| token.windows(8).position(|it| it == b"Ministry").unwrap();
    let by = |algorithm, signer: &Signer| {
        let hcert = Hcert {
            algorithm: Some(algorithm),
            ..vaccination()
        };
        hcert.text(signer)
    };
    for (text, reason) in [
        (vaccination().text(&stranger), Reason::UnknownIssuer),
        // The token does not choose how a key is used.
        (by(hcert::PS256, &p256), Reason::KeyNotAllowed),
        (by(hcert::ES256, &rsa), Reason::KeyNotAllowed),
        (altered(&p256, last), Reason::BadSignature),
        (altered(&rsa, last), Reason::BadSignature),
        (altered(&p256, letter), Reason::BadSignature),
        (altered(&rsa, letter), Reason::BadSignature),
    ] {
        assert_eq!(vouch(&dcc, &text).err(), Some(reason), "{text}");
    }
}

#[test]
fn a_signer_is_held_to_its_certificate() {
    let recovery = Hcert::recovery("2021-05-01", "2021-10-01", NOW, NOW + YEAR);
    let test = Hcert::test(NAAT, NEGATIVE, "2021-06-01T10:00:00+09:00", NOW, NOW + YEAR);
    let arcs = ["1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1"];
    for arc in arcs {
        let kinds = [&test, &vaccination(), &recovery];
        for (usage, _) in kinds.iter().enumerate() {
            let usage = format!("{arc}.{}", usage + 1);
            let signer = Signer::p256().bound(&[&usage, "1.3.6.1.5.5.7.3.1"], "301231235959Z");
            let dcc = dcc(&[&signer]);
            for (kind, hcert) in kinds.iter().enumerate() {
                let allowed = usage.ends_with(&(kind + 1).to_string());
                let vouched = vouch(&dcc, &hcert.text(&signer));
                match allowed {
                    true => assert!(vouched.is_ok(), "{usage} {kind} {vouched:?}"),
                    false => assert_eq!(vouched, Err(Reason::KeyNotAllowed), "{usage} {kind}"),
                }
            }
        }
    }
    // Over since a second, and in its last one.
    for (until, expected) in [
        ("210601025959Z", Some(Reason::KeyNotAllowed)),
        ("210601030000Z", None),
    ] {
        let signer = Signer::p256().bound(&[], until);
        let vouched = vouch(&dcc(&[&signer]), &vaccination().text(&signer));
        assert_eq!(vouched.err(), expected, "{until}");
    }
}

#[test]
fn every_key_with_the_id_is_tried_and_a_key_alone_is_taken() {
    let (first, second) = (Signer::p256(), Signer::p256());
    let mut dcc = dcc(&[&first, &second]);
    dcc.keys[0].kid = dcc.keys[1].kid;
    assert!(vouch(&dcc, &vaccination().text(&second)).is_ok());
    let list = hcert::pem("PUBLIC KEY", &first.info);
    let (dcc, _) = Dcc::new(list.as_bytes(), RULES).unwrap();
    let by_key = Hcert {
        protected_kid: Some(Sha256::digest(&first.info)[..8].to_vec()),
        ..vaccination()
    };
    assert_eq!(vouch(&dcc, &by_key.text(&first)).unwrap().issuer, "dcc");
}

#[test]
fn the_protected_key_id_goes_first() {
    let signer = Signer::p256();
    let dcc = dcc(&[&signer]);
    let (good, bad) = (Some(signer.kid()), Some(vec![1; 8]));
    for (protected, unprotected, expected) in [
        (&good, &None, None),
        (&None, &good, None),
        (&good, &bad, None),
        (&bad, &good, Some(Reason::UnknownIssuer)),
        (&None, &bad, Some(Reason::UnknownIssuer)),
        (&None, &Some(Vec::new()), Some(Reason::UnknownIssuer)),
    ] {
        let hcert = Hcert {
            protected_kid: protected.clone(),
            unprotected_kid: unprotected.clone(),
            ..vaccination()
        };
        let vouched = vouch(&dcc, &hcert.text(&signer));
        assert_eq!(vouched.err(), expected, "{protected:?} {unprotected:?}");
    }
}

#[test]
fn what_issuers_write_differently_is_read_alike() {
    let signer = Signer::p256();
    let dcc = dcc(&[&signer]);
    let tag = |number, value| Value::Tag(number, Box::new(value));
    let expires = Some(Value::Float((NOW + YEAR) as f64 + 0.5));
    for hcert in [
        Hcert {
            tagged: false,
            ..vaccination()
        },
        Hcert {
            expires,
            ..vaccination()
        },
        vaccination().with("dt", tag(1004, word("2021-05-01"))),
        vaccination().with("dt", word("2021-05-01T00:00:00Z")),
    ] {
        let vouched = vouch(&dcc, &hcert.text(&signer)).unwrap();
        assert_eq!(vouched.until, Some(NOW + YEAR));
        assert_eq!(vouched.first_day, Some(date(2021, 5, 15)));
    }
    let token = tag(
        61,
        ciborium::from_reader(&vaccination().token(&signer)[..]).unwrap(),
    );
    let mut wrapped = Vec::new();
    ciborium::into_writer(&token, &mut wrapped).unwrap();
    assert!(vouch(&dcc, &hcert::text(&wrapped)).is_ok());
}

#[test]
fn wrong_forms_are_malformed() {
    let signer = Signer::p256();
    let dcc = dcc(&[&signer]);
    let good = vaccination().text(&signer);
    let token = vaccination().token(&signer);
    let of = |hcert: Hcert| hcert.text(&signer);
    let twice = Hcert {
        entries: [vaccination().entries, vaccination().entries].concat(),
        ..vaccination()
    };
    let two = {
        let mut entries = vaccination().entries;
        let Value::Array(list) = &mut entries[0].1 else {
            unreachable!()
        };
        list.push(list[0].clone());
        entries
    };
    let both = [
        vaccination().entries,
        Hcert::recovery("2021-05-01", "2021-10-01", NOW, NOW).entries,
    ];
    let with = |entries| Hcert {
        entries,
        ..vaccination()
    };
    let around = |payload: &[u8]| hcert::text(&vaccination().token_around(payload, &signer));
    let payload = vaccination().payload();
    let deep = [vec![0x81; 40], vec![0]].concat();
    for (what, text) in [
        ("no characters", "HC1:".to_string()),
        ("small letters", good.to_lowercase().replace("hc1", "HC1")),
        ("a space more", format!("{good} ")),
        ("no Base45", "HC1:::::".to_string()),
        ("too long", format!("HC1:{}", "0".repeat(4000))),
        ("not compressed", hcert::text_of(&token)),
        ("half of it", good[..good.len() / 2].to_string()),
        (
            "a byte behind it",
            hcert::text(&[&token[..], &[0]].concat()),
        ),
        (
            "a byte behind the claims",
            around(&[&payload[..], &[0]].concat()),
        ),
        ("no claims", around(&[])),
        ("another thing", around(&[0x01])),
        ("deep claims", around(&deep)),
        ("a deep message", hcert::text(&deep)),
        (
            "announces 4 G items",
            hcert::text(&[0x9A, 255, 255, 255, 255]),
        ),
        (
            "claims that announce 4 G",
            around(&[0xBA, 255, 255, 255, 255]),
        ),
        (
            "crit",
            of(Hcert {
                critical: true,
                ..vaccination()
            }),
        ),
        (
            "EdDSA",
            of(Hcert {
                algorithm: Some(-8),
                ..vaccination()
            }),
        ),
        (
            "no exp",
            of(Hcert {
                expires: None,
                ..vaccination()
            }),
        ),
        (
            "exp before 1970",
            of(Hcert {
                expires: Some(Value::Integer((-1).into())),
                ..vaccination()
            }),
        ),
        (
            "exp is a word",
            of(Hcert {
                expires: Some(word("never")),
                ..vaccination()
            }),
        ),
        ("no entry", of(with(Vec::new()))),
        (
            "an empty list",
            of(with(vec![("v", Value::Array(Vec::new()))])),
        ),
        (
            "an entry that is a word",
            of(with(vec![("v", Value::Array(vec![word("v")]))])),
        ),
        ("two entries", of(with(two))),
        ("an entry twice", of(twice)),
        ("two kinds", of(with(both.concat()))),
        (
            "no such day",
            of(vaccination().with("dt", word("2021-02-30"))),
        ),
        ("no day", of(vaccination().with("dt", word("2021")))),
        ("dn is a word", of(vaccination().with("dn", word("2")))),
        (
            "a negative dose",
            of(vaccination().with("dn", Value::Integer((-2).into()))),
        ),
        (
            "no time",
            of(Hcert::test(NAAT, NEGATIVE, "2021-06-01", NOW, NOW)),
        ),
    ] {
        assert_eq!(
            dcc.read(text.as_bytes()).err(),
            Some(Reason::Malformed),
            "{what}"
        );
    }
    // Whereas other prefixes belong to nobody.
    let formats = Formats::new(true, vec![std::sync::Arc::new(dcc)]);
    for text in ["HC2:", "hc1:", "HL1:", " HC1:", "", &good[4..]] {
        assert_eq!(
            formats.read(text.as_bytes()).err(),
            Some(Reason::NotAPass),
            "{text}"
        );
    }
}

#[test]
fn a_bomb_is_cut_off() {
    let signer = Signer::p256();
    let dcc = dcc(&[&signer]);
    let bomb = hcert::text(&vec![0; 1 << 20]);
    assert!(bomb.len() < LONGEST_TEXT, "{}", bomb.len());
    assert_eq!(dcc.read(bomb.as_bytes()).err(), Some(Reason::Malformed));
    // A genuine certificate that is longer than any is cut off too.
    let padded = |more: usize| {
        let text = vaccination()
            .with("is", word(&"x".repeat(more)))
            .text(&signer);
        assert!(text.len() < LONGEST_TEXT, "{}", text.len());
        vouch(&dcc, &text)
    };
    assert!(padded(15_000).is_ok());
    assert_eq!(padded(17_000).err(), Some(Reason::Malformed));
}

#[test]
fn what_was_signed_is_the_identity() {
    let signer = Signer::p256();
    let dcc = dcc(&[&signer]);
    let first = vouch(&dcc, &vaccination().text(&signer)).unwrap();
    // Another signature of the same, another compression, an unprotected header that nobody signed.
    let token = vaccination().token(&signer);
    let stored = hcert::text_of(&miniz_oxide::deflate::compress_to_vec_zlib(&token, 0));
    let again = vouch(&dcc, &vaccination().text(&signer)).unwrap();
    assert_eq!(vouch(&dcc, &stored).unwrap(), first);
    assert_eq!(again, first);
    let noted = Hcert {
        protected_kid: Some(signer.kid()),
        unprotected_kid: Some(vec![9]),
        ..vaccination()
    };
    assert_eq!(vouch(&dcc, &noted.text(&signer)).unwrap(), first);
    let other = Hcert::vaccination(2, 2, "2021-05-02", NOW - 1000, NOW + YEAR);
    assert_ne!(
        vouch(&dcc, &other.text(&signer)).unwrap().content,
        first.content
    );
}

#[test]
fn the_rules_of_the_owner_decide() {
    let signer = Signer::p256();
    let formats = |rules| {
        let (dcc, _) = Dcc::new(signer.pem().as_bytes(), rules).unwrap();
        Formats::new(false, vec![std::sync::Arc::new(dcc)])
    };
    let strict = formats(RULES);
    let other = formats(Rules {
        vaccination: None,
        recovery: false,
        naat_hours: 0,
        antigen_hours: 0,
    });
    let dose = |dose, of, day| Hcert::vaccination(dose, of, day, NOW, NOW + YEAR);
    let test = |kind, result, taken| Hcert::test(kind, result, taken, NOW, NOW + YEAR);
    let recovery = |from, until| Hcert::recovery(from, until, NOW, NOW + YEAR);
    use Reason::{Expired, Granted, NotYetValid, WrongService};
    for (hcert, expected) in [
        (dose(2, 2, "2021-05-18"), Granted),
        (dose(2, 2, "2021-05-19"), NotYetValid),
        (dose(1, 1, "2020-09-04"), Granted),
        (dose(1, 1, "2020-09-03"), Expired),
        (dose(3, 2, "2021-05-01"), Granted),
        (dose(1, 2, "2021-05-01"), WrongService),
        (dose(0, 0, "2021-05-01"), WrongService),
        (dose(2, 2, "2021-05-01").with("tg", word("1")), WrongService),
        (test(NAAT, NEGATIVE, "2021-05-29T12:00:01+09:00"), Granted),
        (test(NAAT, NEGATIVE, "2021-05-29T03:00:00Z"), Expired),
        (
            test(NAAT, NEGATIVE, "2021-06-01T12:00:01+09:00"),
            NotYetValid,
        ),
        (
            test(ANTIGEN, NEGATIVE, "2021-05-31T12:00:01+09:00"),
            Granted,
        ),
        (
            test(ANTIGEN, NEGATIVE, "2021-05-31T12:00:00+09:00"),
            Expired,
        ),
        (test("LP1", NEGATIVE, "2021-06-01T11:00:00+09:00"), Expired),
        (
            test(NAAT, "260373001", "2021-06-01T11:00:00+09:00"),
            WrongService,
        ),
        (recovery("2021-06-01", "2021-06-01"), Granted),
        (recovery("2021-06-02", "2021-10-01"), NotYetValid),
        (recovery("2021-01-01", "2021-05-31"), Expired),
        (
            Hcert {
                expires: Some(Value::Integer(NOW.into())),
                ..vaccination()
            },
            Expired,
        ),
        (
            Hcert {
                issued: Value::Integer((NOW + 1).into()),
                ..vaccination()
            },
            NotYetValid,
        ),
    ] {
        let now = Now {
            unix: NOW,
            clock: Clock::Synced,
        };
        let text = hcert.text(&signer);
        let policy = Policy::new(Service::Entry);
        let judge = |formats| {
            judge_among(
                formats,
                text.as_bytes(),
                &Trust::default(),
                &policy,
                now,
                None,
            )
        };
        assert_eq!(judge(&strict).reason, expected, "{:?}", hcert.entries);
        assert_ne!(judge(&other).reason, Granted);
    }
}

#[test]
fn nothing_personal_comes_out() {
    let signer = Signer::p256();
    let dcc = dcc(&[&signer]);
    let text = vaccination().text(&signer);
    let vouched = vouch(&dcc, &text).unwrap();
    let shown = format!("{vouched:?} {dcc:?}");
    let payload = vaccination().payload();
    let holds =
        |bytes: &[u8], part: &str| bytes.windows(part.len()).any(|it| it == part.as_bytes());
    for part in PERSONAL.iter().chain([&IDENTIFIER]) {
        assert!(holds(&payload, part), "the test itself: {part}");
        assert!(!holds(shown.as_bytes(), part), "{part} in {shown}");
    }
}

#[test]
fn what_is_wrong_with_a_list_is_named() {
    let good = Signer::p256();
    let small = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDdlatRjRjogo3WojgGHFHYLugdUWAY9iR3fy4arWNA1KoS8kVw33cJibXr8bvwUAUparCwlvdbH6dvEOfou0/gCFQsHUfQrSDv+MuSUMAe8jzKE4qW+jK+xQU9a03GUnKHkkle+Q0pX/g6jXZ7r1/xAK5Do2kQ+X5xK9cipRgEKwIDAQAB";
    let section = |label: &str, base64: &str| {
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    };
    for (list, said) in [
        (String::new(), "it has no PEM section"),
        ("no list".to_string(), "it has no PEM section"),
        (section("PRIVATE KEY", "AAAA"), "section 1 is a PrivateKey"),
        (section("CERTIFICATE", "AAAA"), "section 1: "),
        (
            section("PUBLIC KEY", small),
            "section 1: an RSA key of 1024 bits",
        ),
        (
            format!("{}{}", good.pem(), section("X509 CRL", "AAAA")),
            "section 2 is a Crl",
        ),
    ] {
        let error = Dcc::new(list.as_bytes(), RULES).unwrap_err();
        assert!(error.starts_with(said), "{error}\nnot\n{said}");
    }
    // One that cannot be used does not keep the others out.
    let mixed = format!("{}{}", section("CERTIFICATE", "AAAA"), good.pem());
    let (dcc, problems) = Dcc::new(mixed.as_bytes(), RULES).unwrap();
    assert_eq!((dcc.size(), problems.len()), (1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics(text in "[0-9A-Z $%*+./:-]{0,300}", bytes: Vec<u8>, at: prop::sample::Index, to: u8) {
        let signer = Signer::p256();
        let dcc = dcc(&[&signer]);
        let _ = dcc.read(format!("HC1:{text}").as_bytes()).err();
        let _ = dcc.read(&[b"HC1:", &bytes[..]].concat()).err();
        let _ = dcc.read(hcert::text(&bytes).as_bytes()).err();
        let mut token = vaccination().token(&signer);
        let at = at.index(token.len());
        let changed = token[at] != to;
        token[at] = to;
        let vouched = vouch(&dcc, &hcert::text(&token));
        // The tag (a CWT without it is one too) and the empty unprotected header are not signed.
        prop_assert_eq!(vouched.is_ok(), !changed, "{} {}", at, to);
    }
}
