//! Which events are trusted: a TOML file of the owner's, made from what pretix tells of an event.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use rustls::pki_types::pem::{PemObject, SectionKind};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use x509_cert::{
    der::{Decode, asn1::ObjectIdentifier},
    spki::SubjectPublicKeyInfoOwned,
};

use super::{Event, Pretix, content, take_apart};

/// Ed25519 (RFC 8410).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// Days of the longest event: less than used tickets are remembered for, so that none is admitted a second time.
const LONGEST_DAYS: i64 = 366;
/// Keys of all events together: each is tried on whatever a stranger holds up.
const MOST_KEYS: usize = 32;
/// Letters of an event's name: with the format's name before it, it is as long as any other issuer's.
const LONGEST_NAME: usize = 25;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    event: Vec<Table>,
}

/// A table `[[event]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// As the log names it: 1 to 25 of a-z, 0-9, `-`, `_`, `.` and `/`; in pretix the organizer's and the event's slug.
    name: String,
    /// `valid_keys.pretix_sig1` of the event in pretix's API: PEM in Base64.
    keys: Vec<String>,
    /// Numbers of the products that admit.
    #[serde(default)]
    items: Vec<i64>,
    /// Every product admits.
    #[serde(default)]
    all_items: bool,
    /// Numbers of the dates of a series that admit; without one, all.
    #[serde(default)]
    subevents: Vec<i64>,
    /// When the door begins to open.
    from: Timestamp,
    /// When it ends.
    until: Timestamp,
}

impl Pretix {
    /// The format, with the owner's file of events, and the texts of revoked tickets, one a line, as pretix lists them.
    /// Where `once`, a ticket admits once.
    ///
    /// # Errors
    /// What is wrong with the file of events, with the line or the name of the event.
    pub fn new(events: &str, revoked: &str, once: bool) -> Result<Self, String> {
        let file: File = toml::from_str(events).map_err(|error| {
            let before = events.get(..error.span().map_or(0, |span| span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            format!("line {line}: {}", error.message())
        })?;
        if file.event.is_empty() {
            return Err("it has no [[event]]".into());
        }
        if file
            .event
            .iter()
            .map(|event| event.keys.len())
            .sum::<usize>()
            > MOST_KEYS
        {
            return Err(format!("it has more than {MOST_KEYS} keys"));
        }
        let events = file.event.into_iter().map(Table::event);
        Ok(Self {
            events: events.collect::<Result<_, _>>()?,
            // What is no ticket of this scheme is refused for its form anyway.
            revoked: revoked
                .lines()
                .filter_map(|text| take_apart(text.trim().as_bytes()))
                .map(|(payload, _)| content(&payload))
                .collect(),
            once,
        })
    }

    /// How many events are trusted, and how many tickets are revoked.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.events.len(), self.revoked.len())
    }
}

impl Table {
    fn event(self) -> Result<Event, String> {
        let fails = |problem: &str| Err(format!("event {:?}: {problem}", self.name));
        let letter = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_./".contains(&byte)
        };
        if !(1..=LONGEST_NAME).contains(&self.name.len()) || !self.name.bytes().all(letter) {
            return fails("name: allowed are 1 to 25 of a-z, 0-9, - _ . and /");
        }
        if self.keys.is_empty() {
            return fails("keys: at least one is needed");
        }
        if self.items.is_empty() != self.all_items {
            return fails("items: say which products admit, or all_items = true");
        }
        let (from, until) = (self.from.as_second(), self.until.as_second());
        if from < 0 || until <= from || until - from > LONGEST_DAYS * 86_400 {
            return fails("until: allowed is after from, by 366 days at most");
        }
        let keys = self.keys.iter().map(|text| key(text));
        match keys.collect() {
            Ok(keys) => Ok(Event {
                issuer: format!("pretix:{}", self.name),
                keys,
                items: (!self.all_items).then_some(self.items),
                subevents: self.subevents,
                window: u64::try_from(from).unwrap_or(0)..u64::try_from(until).unwrap_or(0),
            }),
            Err(problem) => fails(&format!("keys: {problem}")),
        }
    }
}

/// A key as pretix tells it: SubjectPublicKeyInfo in PEM, that in Base64 once more; PEM alone is taken too.
fn key(text: &str) -> Result<(VerifyingKey, [u8; 32]), &'static str> {
    let text = text.trim();
    let pem = if text.starts_with("-----") {
        text.into()
    } else {
        STANDARD.decode(text).map_err(|_| "not Base64 of a PEM")?
    };
    let (kind, der) = <(SectionKind, Vec<u8>)>::from_pem_slice(&pem).map_err(|_| "no PEM")?;
    let info = (kind == SectionKind::PublicKey)
        .then(|| SubjectPublicKeyInfoOwned::from_der(&der).ok())
        .flatten()
        .filter(|info| info.algorithm.oid == ED25519)
        .ok_or("no public key of Ed25519")?;
    let raw = info.subject_public_key.raw_bytes().try_into();
    let key = raw.ok().and_then(|raw| VerifyingKey::from_bytes(raw).ok());
    match key {
        Some(key) if !key.is_weak() => Ok((key, Sha256::digest(&der).into())),
        _ => Err("a weak key, or none"),
    }
}
