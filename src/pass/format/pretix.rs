//! Event tickets of pretix, "signature scheme 1" (the ticket secret generator `pretix_sig1`).
//!
//! The text is Base64, reversed, of: the version 1 (1 byte), the lengths of payload and signature (2 bytes each, big
//! endian), the payload (the protobuf message `Ticket`) and an Ed25519 signature of it. No key id: the keys of every event
//! that the owner trusts are tried.
//!
//! pretix and its scanners look a revoked ticket up by its text. Base64 has several spellings of the same bytes, so one
//! edited character makes such a ticket new. Here whatever identifies a ticket is taken from the signed payload, and the
//! list of revoked texts is converted as it is read.

mod trust;

use std::collections::HashSet;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ed25519_dalek::{Signature, VerifyingKey};
use prost::Message;
use sha2::{Digest, Sha256};

use super::{Foreign, Form, Format, Reason, Vouched};
use crate::pass::parse::without_line_end;

/// Longest text that is looked at: a payload of some 700 bytes; pretix makes them of 20 to 50.
const LONGEST_TEXT: usize = 1024;
/// The version byte and the first byte of the length, in Base64, reversed.
const ENDING: &[u8] = b"QA";
/// The version of the scheme.
const VERSION: u8 = 1;
/// Version and both lengths.
const HEAD: usize = 5;
/// Every spelling of the same bytes is read, as pretix does: it is not the spelling that identifies a ticket.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The format, with the events that the owner trusts.
#[derive(Debug, Clone)]
pub struct Pretix {
    events: Vec<Event>,
    /// SHA-256 of the payloads of revoked tickets.
    revoked: HashSet<[u8; 32]>,
    once: bool,
}

/// One event that opens the door.
#[derive(Debug, Clone)]
struct Event {
    /// As the log names it.
    issuer: String,
    /// Its keys, with the SHA-256 of their SubjectPublicKeyInfo.
    keys: Vec<(VerifyingKey, [u8; 32])>,
    /// The products that admit; `None` is all.
    items: Option<Vec<i64>>,
    /// The dates of a series that admit; empty is all.
    subevents: Vec<i64>,
    /// The time for which the door opens, seconds since 1970, the end not included.
    window: std::ops::Range<u64>,
}

/// The fields of the payload that count; others, also such as are not known yet, are passed over.
#[derive(Clone, PartialEq, Message)]
struct Ticket {
    /// The product.
    #[prost(int64, tag = "2")]
    item: i64,
    /// The date of a series; 0 is none.
    #[prost(int64, tag = "4")]
    subevent: i64,
    /// First second of validity; 0 is none.
    #[prost(int64, tag = "5")]
    valid_from: i64,
    /// Last second of validity; 0 is none.
    #[prost(int64, tag = "6")]
    valid_until: i64,
}

/// A ticket that was read.
struct Read<'a> {
    format: &'a Pretix,
    ticket: Ticket,
    payload: Vec<u8>,
    signature: Signature,
}

impl Format for Pretix {
    fn name(&self) -> &'static str {
        "pretix"
    }

    fn knows(&self, scanned: &[u8]) -> bool {
        let text = without_line_end(scanned);
        let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        text.len() > 2 * HEAD
            && text.len() <= LONGEST_TEXT
            && text.ends_with(ENDING)
            && text.iter().all(base64)
    }

    fn read(&self, scanned: &[u8]) -> Result<Form<'_>, Reason> {
        let (payload, signature) =
            take_apart(without_line_end(scanned)).ok_or(Reason::Malformed)?;
        Ok(Form::Foreign(Box::new(Read {
            format: self,
            ticket: Ticket::decode(&payload[..]).map_err(|_| Reason::Malformed)?,
            payload,
            signature,
        })))
    }
}

/// Payload and signature of a text.
fn take_apart(text: &[u8]) -> Option<(Vec<u8>, Signature)> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let reversed: Vec<u8> = text.iter().rev().copied().collect();
    let bytes = BASE64.decode(reversed).ok()?;
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let [version, lengths @ ..] = *head;
    let payload = usize::from(u16::from_be_bytes([lengths[0], lengths[1]]));
    let signature = usize::from(u16::from_be_bytes([lengths[2], lengths[3]]));
    if version != VERSION || payload == 0 || rest.len() != payload + signature {
        return None;
    }
    let (payload, signature) = rest.split_at_checked(payload)?;
    Some((payload.to_vec(), Signature::from_slice(signature).ok()?))
}

/// What a ticket is known by.
fn content(payload: &[u8]) -> [u8; 32] {
    Sha256::digest(payload).into()
}

impl Event {
    /// The key that signed a ticket.
    fn signed(&self, read: &Read<'_>) -> Option<[u8; 32]> {
        let mut keys = self.keys.iter();
        keys.find(|(key, _)| key.verify_strict(&read.payload, &read.signature).is_ok())
            .map(|(_, thumbprint)| *thumbprint)
    }

    /// Whether a ticket is for what this door asks for.
    fn wants(&self, ticket: &Ticket) -> bool {
        let item = self.items.as_ref();
        item.is_none_or(|items| items.contains(&ticket.item))
            && (self.subevents.is_empty() || self.subevents.contains(&ticket.subevent))
    }
}

impl Foreign for Read<'_> {
    /// Without a key id nobody can tell a forged ticket from one of an event that is not trusted: both are
    /// [`Reason::UnknownIssuer`].
    fn vouch(&self, _: u64) -> Result<Vouched, Reason> {
        let events = self.format.events.iter();
        let signed: Vec<(&Event, [u8; 32])> = events
            .filter_map(|event| Some((event, event.signed(self)?)))
            .collect();
        // The parts of a series have one key and several tables.
        let wanted = signed.iter().find(|(event, _)| event.wants(&self.ticket));
        let (event, key) = *wanted.or(signed.first()).ok_or(Reason::UnknownIssuer)?;
        let second = |second: i64| u64::try_from(second).unwrap_or(0);
        let mut window = event.window.clone();
        window.start = window.start.max(second(self.ticket.valid_from));
        if self.ticket.valid_until > 0 {
            // pretix takes the last second in.
            let end = second(self.ticket.valid_until).saturating_add(1);
            window.end = window.end.min(end);
        }
        let content = content(&self.payload);
        Ok(Vouched {
            format: "pretix",
            issuer: event.issuer.clone(),
            key,
            content,
            from: Some(window.start),
            until: Some(window.end),
            first_day: None,
            last_day: None,
            opens: event.wants(&self.ticket),
            revoked: self.format.revoked.contains(&content),
            once: self.format.once,
        })
    }
}

#[cfg(test)]
mod tests;
