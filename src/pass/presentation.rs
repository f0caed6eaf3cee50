//! What the holder signed a moment ago.

use sha2::{Digest, Sha256};

use super::{
    Credential, HolderKey, Reason,
    cbor::{self, Fields, Tag},
    cose::{self, Sign1},
    credential::is_crockford,
    service::{Kind, Service},
};

/// `typ` application/kb+cwt.
pub(super) const TYP: u64 = 294;
/// The header label of the credential.
pub(super) const KCWT: i128 = 13;

/// A presentation as it was read (SD-KBT with the credential in `kcwt`): every rule of form holds, no signature has been
/// checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// Which service, and perhaps which venue, it was made for.
    pub audience: Audience,
    /// `iat`, seconds since 1970.
    pub iat: u64,
    /// The kiosk's nonce, when it asked for one.
    pub cnonce: Option<[u8; 8]>,
    /// First 16 bytes of SHA-256 over the presentation's `Sig_structure`.
    pub replay_id: [u8; 16],
    /// The RFC 9052 `Sig_structure` over the bytes as received.
    pub(super) signed: Vec<u8>,
    /// The holder's signature.
    pub(super) signature: [u8; 64],
}

/// `aud`: a service, or a service at one venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The service.
    pub service: Service,
    /// 1 to 6 Crockford base32 characters; none is good everywhere.
    pub venue: Option<String>,
}

impl Presentation {
    /// Reads a presentation and the credential in its header.
    pub(super) fn read(message: Sign1) -> Result<(Credential, Self), Reason> {
        let Sign1 {
            mut header,
            payload,
            signed,
            signature,
        } = message;
        let algorithm = cbor::int(&header.need(1)?)?;
        let typ = cbor::uint(&header.need(16)?)?;
        let credential = Credential::read(cose::take_apart(header.need(KCWT)?)?)?;
        header.close()?;
        // The key decides on the algorithm; the token only has to agree.
        let fits = match credential.holder {
            Some(HolderKey::Ed25519(_)) => algorithm == cose::ED25519,
            Some(HolderKey::P256(..)) => algorithm == cose::ESP256,
            None => false,
        };
        if !fits || typ != TYP || credential.kind != Kind::Live {
            return Err(Reason::Malformed);
        }

        let mut claims = Fields::new(cbor::decode(&payload, Tag::Nowhere)?)?;
        let presentation = Self {
            audience: Audience::read(&cbor::text(claims.need(3)?)?)?,
            iat: cbor::uint(&claims.need(6)?)?,
            cnonce: claims.take(39).map(cbor::sized).transpose()?,
            replay_id: replay_id(&signed),
            signed,
            signature,
        };
        Ok((credential, presentation))
    }
}

/// First 16 bytes of SHA-256.
fn replay_id(signed: &[u8]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(signed)[..16]);
    id
}

impl Audience {
    /// Reads `aud`: `E`, or `E:VENUE`.
    fn read(text: &str) -> Result<Self, Reason> {
        let (service, venue) = match text.split_once(':') {
            Some((service, venue)) => (service, Some(venue)),
            None => (text, None),
        };
        let mut letters = service.chars();
        let service = letters
            .next()
            .and_then(Service::from_letter)
            .ok_or(Reason::Malformed)?;
        if letters.next().is_some() || !venue.is_none_or(is_venue) {
            return Err(Reason::Malformed);
        }
        Ok(Self {
            service,
            venue: venue.map(Into::into),
        })
    }
}

/// Whether a venue may have this name: 1 to 6 Crockford base32 characters.
#[must_use]
pub fn is_venue(name: &str) -> bool {
    (1..=6).contains(&name.len()) && name.bytes().all(is_crockford)
}

impl std::str::FromStr for Audience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|_| {
            format!("'{text}' is no audience: E, A or S, and perhaps a venue of 1 to 6 Crockford base32 characters as in E:SH0P1")
        })
    }
}

impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.service.letter())?;
        match &self.venue {
            Some(venue) => write!(f, ":{venue}"),
            None => Ok(()),
        }
    }
}
