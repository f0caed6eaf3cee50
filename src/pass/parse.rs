//! Text to [`Parsed`]: every rule of form, in every layer, before any key is looked up.

use super::{Credential, Kind, Presentation, Reason, cose};

/// What a text must begin with.
pub const PREFIX: &[u8] = b"MJ1:";
/// Longest text, prefix included.
pub const LONGEST_TEXT: usize = 484;
/// Longest token in bytes.
pub const LONGEST_TOKEN: usize = 320;
/// How raw bytes begin: tag 18, array of 4.
const RAW: &[u8] = &[0xD2, 0x84];

/// A pass of right form. Nothing in it has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What the issuer signed.
    pub credential: Credential,
    /// What the holder signed; there when live.
    pub presentation: Option<Presentation>,
}

/// Whether these bytes are meant to be a pass of this profile.
pub(super) fn knows(scanned: &[u8]) -> bool {
    scanned.starts_with(RAW) || scanned.starts_with(PREFIX)
}

/// Reads one text as scanned, or the raw CBOR bytes of a scanner that delivers bytes.
///
/// # Errors
/// [`Reason::NotAPass`] or [`Reason::Malformed`].
pub fn parse(scanned: &[u8]) -> Result<Parsed, Reason> {
    if scanned.starts_with(RAW) {
        return token(scanned);
    }
    let text = without_line_end(scanned);
    let Some(encoded) = text.strip_prefix(PREFIX) else {
        return Err(Reason::NotAPass);
    };
    if text.len() > LONGEST_TEXT {
        return Err(Reason::Malformed);
    }
    let encoded = std::str::from_utf8(encoded).map_err(|_| Reason::Malformed)?;
    token(&strict_base45(encoded)?)
}

/// Decodes Base45 (RFC 9285), and nothing but what an encoder makes: the library takes some texts that none does.
pub(super) fn strict_base45(encoded: &str) -> Result<Vec<u8>, Reason> {
    let bytes = base45::decode(encoded).map_err(|_| Reason::Malformed)?;
    if base45::encode(&bytes) == encoded {
        Ok(bytes)
    } else {
        Err(Reason::Malformed)
    }
}

fn token(bytes: &[u8]) -> Result<Parsed, Reason> {
    if bytes.len() > LONGEST_TOKEN {
        return Err(Reason::Malformed);
    }
    let message = cose::read(bytes)?;
    if message
        .header
        .keys()
        .any(|label| label == super::presentation::KCWT)
    {
        let (credential, presentation) = Presentation::read(message)?;
        return Ok(Parsed {
            credential,
            presentation: Some(presentation),
        });
    }
    let credential = Credential::read(message)?;
    // A credential that is made for presentations opens nothing by itself.
    match credential.kind {
        Kind::Printed => Ok(Parsed {
            credential,
            presentation: None,
        }),
        Kind::Live => Err(Reason::Malformed),
    }
}

/// Nothing is trimmed but one line end.
pub(super) fn without_line_end(text: &[u8]) -> &[u8] {
    match text.strip_suffix(b"\n") {
        Some(text) => text.strip_suffix(b"\r").unwrap_or(text),
        None => text,
    }
}
