use ed25519_dalek::{Signer, SigningKey};
use miniz_oxide::{deflate::compress_to_vec_zlib, inflate::decompress_to_vec_zlib_with_limit};

use super::*;
use crate::pass::compose::thumbprint;

const IAT: u64 = 1_795_449_600;

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn issuer_key() -> IssuerKey {
    let public_key = signing_key().verifying_key();
    let thumbprint = thumbprint(public_key.as_bytes());
    IssuerKey {
        kid: thumbprint[..4].try_into().unwrap(),
        thumbprint,
        public_key,
        issuer: "hanbit".into(),
        kinds: Vec::new(),
        signs_status: true,
        services: Vec::new(),
        first_issue_day: 0,
        last_issue_day: 0,
        verify_until: 0,
        status_uris: vec!["k:3.12".into()],
        distrusted_at: None,
    }
}

fn announced() -> Announced {
    Announced {
        uri: "k:3.12".into(),
        bits: 1,
        entries: 64,
    }
}

/// A token from its parts, signed by the key of these tests.
fn token(protected: &[u8], unprotected: &[u8], claims: &[u8]) -> Vec<u8> {
    let signature = signing_key().sign(&sig_structure(protected, claims));
    let mut out = vec![0xd2, 0x84];
    push_bytes(&mut out, protected);
    out.extend(unprotected);
    push_bytes(&mut out, claims);
    push_bytes(&mut out, &signature.to_bytes());
    out
}

fn header_bytes() -> Vec<u8> {
    let mut out = vec![0xa3, 0x01, 0x32, 0x04, 0x44];
    out.extend(issuer_key().kid);
    out.push(0x10);
    push_text(&mut out, TYP);
    out
}

/// `members` of the claims map, each as hexadecimal text.
fn claims_bytes(members: &[String]) -> Vec<u8> {
    let mut out = Vec::new();
    push_head(&mut out, 5, members.len() as u64);
    out.extend(hex::decode(members.concat()).unwrap());
    out
}

fn list_member(bytes: &[u8]) -> String {
    let mut out = vec![0x19, 0xff, 0xfd, 0xa2];
    push_text(&mut out, "bits");
    push_head(&mut out, 0, 1);
    push_text(&mut out, "lst");
    push_bytes(&mut out, &compress_to_vec_zlib(bytes, 9));
    hex::encode(out)
}

const SUB: &str = "02666b3a332e3132";
const IAT_MEMBER: &str = "061a6b046300";

fn verify_claims(members: &[String]) -> Result<StatusList, TrustError> {
    let token = token(&header_bytes(), &[0xa0], &claims_bytes(members));
    StatusList::verify(&token, &announced(), &[issuer_key()])
}

#[test]
fn what_was_composed_is_read_back() {
    for (bits, entries) in [
        (1_u8, 8_u32),
        (1, 64),
        (2, 8),
        (2, 1 << 20),
        (1, 1 << 24),
        (2, 1 << 24),
    ] {
        let announced = Announced {
            bits,
            entries,
            ..announced()
        };
        // Half of them hard to compress: the inflater's limit is met from below by both kinds.
        for noise in [false, true] {
            let bytes: Vec<u8> = (0..announced.size() as u64)
                .map(|at| {
                    let word = (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    if noise {
                        (word >> 40) as u8
                    } else {
                        u8::from(word >> 60 == 0)
                    }
                })
                .collect();
            let token = StatusList::compose("k:3.12", bits, &bytes, IAT, Some(60), &signing_key());
            let list = StatusList::verify(&token, &announced, &[issuer_key()]).unwrap();
            assert_eq!((list.iat, list.ttl, list.exp), (IAT, Some(60), None));
            assert!(list.bytes == bytes, "{bits} bits, {entries} entries");
        }
    }
}

#[test]
fn other_libraries_encode_otherwise() {
    let list = list_member(&[0; 8]);
    for (name, members) in [
        (
            "not sorted",
            vec![list.clone(), IAT_MEMBER.into(), SUB.into()],
        ),
        (
            "not shortest",
            vec![SUB.into(), "061b000000006b046300".into(), list.clone()],
        ),
        (
            "exp, and claims of no concern",
            vec![
                SUB.into(),
                IAT_MEMBER.into(),
                "041a6b2be1f0".into(),
                "0163616263".into(),
                "6161f93c00".into(),
                list.clone(),
            ],
        ),
    ] {
        let verified = verify_claims(&members);
        assert!(verified.is_ok(), "{name}: {verified:?}");
    }
}

#[test]
fn wrong_claims_are_refused() {
    let list = list_member(&[0; 8]);
    let (sub, iat) = (SUB.to_owned(), IAT_MEMBER.to_owned());
    for (name, members) in [
        ("no sub", vec![iat.clone(), list.clone()]),
        ("no iat", vec![sub.clone(), list.clone()]),
        ("no list", vec![sub.clone(), iat.clone()]),
        (
            "another sub",
            vec!["02666b3a332e3133".into(), iat.clone(), list.clone()],
        ),
        (
            "sub is bytes",
            vec!["02466b3a332e3132".into(), iat.clone(), list.clone()],
        ),
        (
            "iat is a float",
            vec![sub.clone(), "06fb41dac118c0000000".into(), list.clone()],
        ),
        (
            "iat is negative",
            vec![sub.clone(), "0620".into(), list.clone()],
        ),
        (
            "iat is too large",
            vec![sub.clone(), "061b0020000000000000".into(), list.clone()],
        ),
        (
            "sub twice",
            vec![sub.clone(), iat.clone(), list.clone(), sub.clone()],
        ),
        (
            "iat twice, once longer",
            vec![
                sub.clone(),
                iat.clone(),
                list.clone(),
                "18061a6b046300".into(),
            ],
        ),
        (
            "too few passes",
            vec![sub.clone(), iat.clone(), list_member(&[0; 7])],
        ),
        (
            "too many passes",
            vec![sub.clone(), iat.clone(), list_member(&[0; 9])],
        ),
        (
            "a bomb",
            vec![sub.clone(), iat.clone(), list_member(&vec![0; 8 << 20])],
        ),
        (
            "2 bits",
            vec![
                sub.clone(),
                iat.clone(),
                list.replace("646269747301", "646269747302"),
            ],
        ),
        (
            "bits twice",
            vec![
                sub.clone(),
                iat.clone(),
                list.replace("fffda2646269747301", "fffda3646269747301646269747301"),
            ],
        ),
        (
            "indefinite list",
            vec![
                sub.clone(),
                iat.clone(),
                format!("{}ff", list.replace("fffda2", "fffdbf")),
            ],
        ),
    ] {
        assert!(verify_claims(&members).is_err(), "{name}");
    }
    assert!(verify_claims(&[sub, iat, list]).is_ok());
}

#[test]
fn wrong_envelopes_are_refused() {
    let claims = claims_bytes(&[SUB.into(), IAT_MEMBER.into(), list_member(&[0; 8])]);
    let good = token(&header_bytes(), &[0xa0], &claims);
    let swap = |from: &[u8], to: &[u8]| {
        let text = hex::encode(header_bytes()).replacen(&hex::encode(from), &hex::encode(to), 1);
        token(&hex::decode(text).unwrap(), &[0xa0], &claims)
    };
    let mut longer = good.clone();
    longer.push(0);
    let mut tag = good.clone();
    tag[0] = 0xd1;
    let mut indefinite = good.clone();
    indefinite[1] = 0x9f;
    indefinite.push(0xff);
    for (name, token) in [
        ("trailing byte", longer),
        ("tag 17", tag),
        ("no tag", good[1..].to_vec()),
        ("indefinite array", indefinite),
        ("alg EdDSA", swap(&[0x01, 0x32], &[0x01, 0x27])),
        ("another typ", swap(b"statuslist", b"statusLIST")),
        ("crit", swap(&[0xa3], &[0xa4, 0x02, 0x81, 0x04])),
        ("no alg", swap(&[0xa3, 0x01, 0x32], &[0xa2])),
        ("alg twice", swap(&[0xa3], &[0xa4, 0x01, 0x32])),
        (
            "kid of 3 bytes",
            swap(&[0x44, issuer_key().kid[0]], &[0x43]),
        ),
        ("another kid", swap(&issuer_key().kid, &[1, 2, 3, 4])),
        (
            "unprotected header",
            token(&header_bytes(), &[0xa1, 0x04, 0x41, 0x00], &claims),
        ),
        ("empty", Vec::new()),
        ("megabytes", vec![0xd2; 8 << 20]),
    ] {
        let verified = StatusList::verify(&token, &announced(), &[issuer_key()]);
        assert!(verified.is_err(), "{name}");
    }
    assert!(StatusList::verify(&good, &announced(), &[issuer_key()]).is_ok());
    for at in 0..good.len() {
        let cut = StatusList::verify(&good[..at], &announced(), &[issuer_key()]);
        assert!(cut.is_err(), "cut at {at}");
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        let flipped = StatusList::verify(&flipped, &announced(), &[issuer_key()]);
        assert!(flipped.is_err(), "flipped at {at}");
    }
}

#[test]
fn only_a_key_that_speaks_for_the_list_signs_it() {
    let token = StatusList::compose("k:3.12", 1, &[0; 8], IAT, None, &signing_key());
    let verify = |change: &dyn Fn(&mut IssuerKey)| {
        let mut key = issuer_key();
        change(&mut key);
        StatusList::verify(&token, &announced(), &[key])
    };
    assert!(verify(&|_| ()).is_ok());
    assert!(verify(&|key| key.signs_status = false).is_err());
    assert!(verify(&|key| key.status_uris = vec!["k:3.13".into()]).is_err());
    assert!(verify(&|key| key.distrusted_at = Some(u64::MAX)).is_err());
    assert!(
        verify(&|key| key.public_key = SigningKey::from_bytes(&[8; 32]).verifying_key()).is_err()
    );

    // Another key with the same kid stands first: every key is tried.
    let mut other = issuer_key();
    other.public_key = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert!(StatusList::verify(&token, &announced(), &[other, issuer_key()]).is_ok());
}

#[test]
fn the_compressed_examples_of_the_draft_are_read() {
    // Section 4.2 of draft-ietf-oauth-status-list: the arrays of its section 4.1, compressed.
    for (bits, lst, expected) in [
        (1, "78dadbb918000217015d", &[0xb9, 0xa3][..]),
        (2, "78da3be9f2130003df0207", &[0xc9, 0x44, 0xf9]),
    ] {
        let lst = hex::decode(lst).unwrap();
        let mut member = vec![0x19, 0xff, 0xfd, 0xa2];
        push_text(&mut member, "bits");
        push_head(&mut member, 0, bits);
        push_text(&mut member, "lst");
        push_bytes(&mut member, &lst);
        let claims = claims_bytes(&[SUB.into(), IAT_MEMBER.into(), hex::encode(member)]);
        let found = super::claims(&claims).unwrap();
        // Twelve values of two bits are no multiple of eight entries, which an announcement would have.
        let inflated = decompress_to_vec_zlib_with_limit(found.lst.unwrap(), 8).unwrap();
        assert_eq!((found.bits, &*inflated), (Some(bits), expected));
    }
}
