//! What the issuer signed.

use ciborium::Value;

use super::{
    Reason,
    cbor::{self, Fields, Tag},
    cose::{self, Sign1},
    service::{Kind, Service},
};

/// `typ` of a credential that is presented (SD-CWT draft).
pub(super) const TYP_LIVE: u64 = 293;
/// `typ` of a credential that stands alone (a plain CWT).
pub(super) const TYP_PRINTED: u64 = 61;
/// The claim of the status list reference.
pub(super) const STATUS: i128 = 65535;
/// The claim of the services.
pub(super) const SERVICES: i128 = -65537;
/// The member of it that says for how many visits a pass is good. Profile MJ1 lets others ignore it.
pub(super) const VISITS: i128 = 86;

/// A credential as it was read: every rule of form holds, no signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// First 4 bytes of the RFC 9679 SHA-256 thumbprint of the issuer's key.
    pub kid: [u8; 4],
    /// Live or printed, by `typ`.
    pub kind: Kind,
    /// `sub`: the random pass number, 7 or 8 Crockford base32 characters.
    pub number: String,
    /// `exp`, seconds since 1970.
    pub exp: u64,
    /// `nbf`, seconds since 1970; always there when printed.
    pub nbf: Option<u64>,
    /// `cnf`: the holder's key; there when live, absent when printed.
    pub holder: Option<HolderKey>,
    /// Where its status stands.
    pub status: StatusRef,
    /// What it opens.
    pub services: Services,
    /// The RFC 9052 `Sig_structure` over the bytes as received.
    pub(super) signed: Vec<u8>,
    /// The issuer's signature.
    pub(super) signature: [u8; 64],
}

/// A holder's public key in `cnf` (RFC 8747).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKey {
    /// OKP, Ed25519, raw.
    Ed25519([u8; 32]),
    /// EC2, P-256, compressed: x, and whether y is odd.
    P256([u8; 32], bool),
}

/// A place in a status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRef {
    /// The list, at most 7 characters.
    pub uri: String,
    /// The index in it.
    pub idx: u64,
}

/// The opaque payment reference, for whoever collects the money. It shows itself in no message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reference(pub [u8; 8]);

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reference(..)")
    }
}

/// The claim -65537: what the credential opens. Days are civil dates in Seoul, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Services {
    /// "14 or older" holds from this day.
    pub entry: Option<i64>,
    /// "Adult" holds from this day.
    pub adult: Option<i64>,
    /// The opaque payment reference.
    pub store: Option<[u8; 8]>,
    /// Good for so many visits, 1 to 255; none is without limit. An extension of the profile under number 86.
    pub visits: Option<u8>,
}

impl Services {
    /// Whether the credential carries this service's number.
    #[must_use]
    pub const fn carries(&self, service: Service) -> bool {
        match service {
            Service::Entry => self.entry.is_some(),
            Service::Adult => self.adult.is_some(),
            Service::Store => self.store.is_some(),
        }
    }

    /// Whether it carries none of the three.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entry.is_none() && self.adult.is_none() && self.store.is_none()
    }
}

impl Credential {
    /// Reads a credential: the form of its header and claims.
    pub(super) fn read(message: Sign1) -> Result<Self, Reason> {
        let Sign1 {
            mut header,
            payload,
            signed,
            signature,
        } = message;
        if cbor::int(&header.need(1)?)? != cose::ED25519 {
            return Err(Reason::Malformed);
        }
        let kid = cbor::sized(header.need(4)?)?;
        let kind = match cbor::uint(&header.need(16)?)? {
            TYP_LIVE => Kind::Live,
            TYP_PRINTED => Kind::Printed,
            _ => return Err(Reason::Malformed),
        };
        header.close()?;

        let mut claims = Fields::new(cbor::decode(&payload, Tag::Nowhere)?)?;
        let credential = Self {
            kid,
            kind,
            number: number(cbor::text(claims.need(2)?)?)?,
            exp: cbor::uint(&claims.need(4)?)?,
            nbf: claims.take(5).map(|nbf| cbor::uint(&nbf)).transpose()?,
            holder: claims.take(8).map(confirmation).transpose()?,
            status: status(claims.need(STATUS)?)?,
            services: services(claims.need(SERVICES)?)?,
            signed,
            signature,
        };
        let whole = match kind {
            Kind::Live => credential.holder.is_some(),
            Kind::Printed => credential.holder.is_none() && credential.nbf.is_some(),
        };
        if whole {
            Ok(credential)
        } else {
            Err(Reason::Malformed)
        }
    }
}

/// Crockford's base32, upper case: no I, L, O, U.
pub const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Whether it is a digit of [`CROCKFORD`].
pub(super) fn is_crockford(byte: u8) -> bool {
    CROCKFORD.contains(&byte)
}

/// Whether this can be a pass number: 7 or 8 Crockford base32 characters, upper case.
#[must_use]
pub fn is_number(text: &str) -> bool {
    (7..=8).contains(&text.len()) && text.bytes().all(is_crockford)
}

fn number(text: String) -> Result<String, Reason> {
    if is_number(&text) {
        Ok(text)
    } else {
        Err(Reason::Malformed)
    }
}

fn confirmation(value: Value) -> Result<HolderKey, Reason> {
    let mut cnf = Fields::new(value)?;
    let mut key = Fields::new(cnf.need(1)?)?;
    cnf.close()?;
    let kind = cbor::int(&key.need(1)?)?;
    let curve = cbor::int(&key.need(-1)?)?;
    let x = cbor::sized(key.need(-2)?)?;
    let holder = match (kind, curve) {
        (1, 6) => HolderKey::Ed25519(x),
        (2, 1) => HolderKey::P256(x, key.need(-3)?.as_bool().ok_or(Reason::Malformed)?),
        _ => return Err(Reason::Malformed),
    };
    key.close()?;
    Ok(holder)
}

fn status(value: Value) -> Result<StatusRef, Reason> {
    let Value::Map(outer) = value else {
        return Err(Reason::Malformed);
    };
    let [(Value::Text(name), Value::Map(inner))] = &outer[..] else {
        return Err(Reason::Malformed);
    };
    let [
        (Value::Text(first), idx),
        (Value::Text(second), Value::Text(uri)),
    ] = &inner[..]
    else {
        return Err(Reason::Malformed);
    };
    if name != "status_list" || first != "idx" || second != "uri" || uri.chars().count() > 7 {
        return Err(Reason::Malformed);
    }
    Ok(StatusRef {
        uri: uri.clone(),
        idx: cbor::uint(idx)?,
    })
}

fn services(value: Value) -> Result<Services, Reason> {
    let mut members = Fields::new(value)?;
    let services = Services {
        entry: members.take(1).map(|day| cbor::int(&day)).transpose()?,
        adult: members.take(2).map(|day| cbor::int(&day)).transpose()?,
        store: members.take(3).map(cbor::sized).transpose()?,
        // What is no such number is ignored, as every number from 32 on that is not known.
        visits: members
            .take(VISITS)
            .and_then(|visits| u8::try_from(cbor::uint(&visits).ok()?).ok())
            .filter(|visits| *visits > 0),
    };
    // Numbers below 32 are the profile's own: one that is not known here changes what the pass means.
    if members.keys().any(|number| number < 32) {
        Err(Reason::Malformed)
    } else {
        Ok(services)
    }
}
