//! A second implementation of EU Digital COVID Certificates, which only writes: signers with certificates, and texts, right
//! and wrong ones.
#![allow(dead_code, missing_docs)]

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{self, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PSS_SHA256},
};
use base64::Engine;
use ciborium::Value;
use sha2::{Digest, Sha256};

/// The names and the birth date that every certificate has.
pub const PERSONAL: [&str; 4] = ["Gößinger", "GOESSINGER", "Gabriele", "1998-02-26"];
/// And its identifier.
pub const IDENTIFIER: &str = "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B";
pub const ES256: i64 = -7;
pub const PS256: i64 = -37;

enum Secret {
    P256(EcdsaKeyPair),
    Rsa(rsa::KeyPair),
}

/// Somebody who signs certificates.
pub struct Signer {
    secret: Secret,
    pub info: Vec<u8>,
    pub certificate: Vec<u8>,
}

/// DER: tag, length, value.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = u16::try_from(value.len()).unwrap();
    let mut bytes = vec![tag];
    match length {
        0..128 => bytes.push(length as u8),
        128..256 => bytes.extend([0x81, length as u8]),
        _ => {
            bytes.push(0x82);
            bytes.extend(length.to_be_bytes());
        }
    }
    [bytes, value].concat()
}

fn oid(arcs: &str) -> Vec<u8> {
    let arcs: Vec<u32> = arcs.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut bytes = vec![(arcs[0] * 40 + arcs[1]) as u8];
    for arc in &arcs[2..] {
        let groups: Vec<u8> = (0..5)
            .rev()
            .map(|at| (arc >> (7 * at)) as u8 & 127)
            .collect();
        let first = groups.iter().position(|group| *group > 0).unwrap_or(4);
        for (at, group) in groups.iter().enumerate().skip(first) {
            bytes.push(if at < 4 { group | 128 } else { *group });
        }
    }
    der(6, &[&bytes])
}

/// A certificate whose own signature is nothing: whom to trust is the owner's word.
fn certificate(info: &[u8], country: &str, usages: &[&str], until: &str) -> Vec<u8> {
    let algorithm = der(0x30, &[&oid("1.2.840.10045.4.3.2")]);
    let country = der(0x30, &[&oid("2.5.4.6"), &der(0x13, &[country.as_bytes()])]);
    let name = der(0x30, &[&der(0x31, &[&country])]);
    let time = |text: &str| der(0x17, &[text.as_bytes()]);
    let validity = der(0x30, &[&time("210101000000Z"), &time(until)]);
    let usages: Vec<Vec<u8>> = usages.iter().map(|usage| oid(usage)).collect();
    let usages = der(0x30, &[&usages.concat()]);
    let extension = der(0x30, &[&oid("2.5.29.37"), &der(4, &[&usages])]);
    let extensions = der(0xA3, &[&der(0x30, &[&extension])]);
    let to_be_signed = der(
        0x30,
        &[
            &der(0xA0, &[&der(2, &[&[2]])]),
            &der(2, &[&[1]]),
            &algorithm,
            &name,
            &validity,
            &name,
            info,
            if usages.len() > 2 { &extensions } else { &[] },
        ],
    );
    der(0x30, &[&to_be_signed, &algorithm, &der(3, &[&[0, 0]])])
}

pub fn pem(label: &str, der: &[u8]) -> String {
    let lines = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}

impl Signer {
    pub fn p256() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let info: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let info = info.as_ref().to_vec();
        Self::of(Secret::P256(key), info)
    }

    pub fn rsa() -> Self {
        let key = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
        let info: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let info = info.as_ref().to_vec();
        Self::of(Secret::Rsa(key), info)
    }

    fn of(secret: Secret, info: Vec<u8>) -> Self {
        let certificate = certificate(&info, "AT", &[], "301231235959Z");
        Self {
            secret,
            info,
            certificate,
        }
    }

    /// The same with a certificate for these usages, to this time (UTCTime).
    pub fn bound(mut self, usages: &[&str], until: &str) -> Self {
        self.certificate = certificate(&self.info, "AT", usages, until);
        self
    }

    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    pub fn kid(&self) -> Vec<u8> {
        Sha256::digest(&self.certificate)[..8].to_vec()
    }

    pub fn algorithm(&self) -> i64 {
        match self.secret {
            Secret::P256(_) => ES256,
            Secret::Rsa(_) => PS256,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.secret {
            Secret::P256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Secret::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PSS_SHA256, &random, message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }
}

fn int(value: i64) -> Value {
    Value::Integer(value.into())
}

fn words(pairs: &[(&str, &str)]) -> Vec<(Value, Value)> {
    let value = |text: &&str| Value::Text((*text).into());
    pairs
        .iter()
        .map(|(name, text)| (value(name), value(text)))
        .collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// A certificate that is to be signed; every part can be made wrong.
#[derive(Clone)]
pub struct Hcert {
    pub entries: Vec<(&'static str, Value)>,
    pub issued: Value,
    pub expires: Option<Value>,
    pub algorithm: Option<i64>,
    pub protected_kid: Option<Vec<u8>>,
    pub unprotected_kid: Option<Vec<u8>>,
    pub critical: bool,
    pub tagged: bool,
}

const COMMON: [(&str, &str); 4] = [
    ("tg", "840539006"),
    ("co", "AT"),
    ("is", "Ministry of Health, Austria"),
    ("ci", IDENTIFIER),
];

impl Hcert {
    fn of(kind: &'static str, entry: Vec<(Value, Value)>, issued: u64, expires: u64) -> Self {
        let seconds = |seconds: u64| Value::Integer(seconds.into());
        Self {
            entries: vec![(kind, Value::Array(vec![Value::Map(entry)]))],
            issued: seconds(issued),
            expires: Some(seconds(expires)),
            algorithm: None,
            protected_kid: None,
            unprotected_kid: None,
            critical: false,
            tagged: true,
        }
    }

    pub fn vaccination(dose: i64, of: i64, day: &str, issued: u64, expires: u64) -> Self {
        let mut entry = words(&COMMON);
        entry.extend(words(&[("dt", day), ("mp", "EU/1/20/1528")]));
        entry.push((Value::Text("dn".into()), int(dose)));
        entry.push((Value::Text("sd".into()), int(of)));
        Self::of("v", entry, issued, expires)
    }

    pub fn test(kind: &str, result: &str, taken: &str, issued: u64, expires: u64) -> Self {
        let mut entry = words(&COMMON);
        entry.extend(words(&[("tt", kind), ("tr", result), ("sc", taken)]));
        Self::of("t", entry, issued, expires)
    }

    pub fn recovery(from: &str, until: &str, issued: u64, expires: u64) -> Self {
        let mut entry = words(&COMMON);
        entry.extend(words(&[("fr", from), ("df", from), ("du", until)]));
        Self::of("r", entry, issued, expires)
    }

    /// Another value in the one entry.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        let Value::Array(list) = &mut self.entries[0].1 else {
            unreachable!()
        };
        let Value::Map(entry) = &mut list[0] else {
            unreachable!()
        };
        entry.retain(|(key, _)| key.as_text() != Some(name));
        entry.push((Value::Text(name.into()), value));
        self
    }

    pub fn payload(&self) -> Vec<u8> {
        let [name, standard, given, birth] = PERSONAL;
        let names = words(&[
            ("fn", name),
            ("fnt", standard),
            ("gn", given),
            ("gnt", "GABRIELE"),
        ]);
        let mut certificate = words(&[("dob", birth), ("ver", "1.3.0")]);
        certificate.push((Value::Text("nam".into()), Value::Map(names)));
        let entries = self.entries.iter();
        certificate.extend(entries.map(|(kind, list)| (Value::Text((*kind).into()), list.clone())));
        let hcert = Value::Map(vec![(int(1), Value::Map(certificate))]);
        let mut claims = vec![
            (int(1), Value::Text("AT".into())),
            (int(6), self.issued.clone()),
            (int(-260), hcert),
        ];
        claims.extend(self.expires.clone().map(|expires| (int(4), expires)));
        bytes(&Value::Map(claims))
    }

    /// The COSE message.
    pub fn token(&self, signer: &Signer) -> Vec<u8> {
        self.token_around(&self.payload(), signer)
    }

    pub fn token_around(&self, payload: &[u8], signer: &Signer) -> Vec<u8> {
        let kid = |kid: Vec<u8>| (int(4), Value::Bytes(kid));
        let own = self.unprotected_kid.is_none().then(|| signer.kid());
        // The key id goes first, as many issuers write it.
        let mut header: Vec<_> = self
            .protected_kid
            .clone()
            .or(own)
            .map(kid)
            .into_iter()
            .collect();
        header.push((int(1), int(self.algorithm.unwrap_or(signer.algorithm()))));
        if self.critical {
            header.push((int(2), Value::Array(vec![int(99)])));
        }
        let header = bytes(&Value::Map(header));
        let message = bytes(&Value::Array(vec![
            Value::Text("Signature1".into()),
            Value::Bytes(header.clone()),
            Value::Bytes(Vec::new()),
            Value::Bytes(payload.to_vec()),
        ]));
        let message = Value::Array(vec![
            Value::Bytes(header),
            Value::Map(self.unprotected_kid.clone().map(kid).into_iter().collect()),
            Value::Bytes(payload.to_vec()),
            Value::Bytes(signer.sign(&message)),
        ]);
        bytes(&match self.tagged {
            true => Value::Tag(18, Box::new(message)),
            false => message,
        })
    }

    pub fn text(&self, signer: &Signer) -> String {
        text(&self.token(signer))
    }
}

/// The text around a token.
pub fn text(token: &[u8]) -> String {
    text_of(&miniz_oxide::deflate::compress_to_vec_zlib(token, 9))
}

/// The text around compressed bytes.
pub fn text_of(packed: &[u8]) -> String {
    const LETTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut text = String::from("HC1:");
    for pair in packed.chunks(2) {
        let mut value = pair
            .iter()
            .fold(0, |value, byte| value * 256 + usize::from(*byte));
        for _ in 0..=pair.len() {
            text.push(char::from(LETTERS[value % 45]));
            value /= 45;
        }
    }
    text
}
