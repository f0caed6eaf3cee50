//! EU Digital COVID Certificates: `HC1:`, Base45 (RFC 9285), zlib (RFC 1950), COSE_Sign1 (RFC 9052) with ES256 or PS256,
//! CWT claims (RFC 8392), the certificate under the claim -260, by the Electronic Health Certificate Specification of the
//! eHealth Network.
//!
//! Name and birth date never leave this room: they are passed over as the claims are read, the bytes that hold them are
//! wiped, and what comes out is a hash of what was signed.

mod claims;
mod cose;
mod keys;
mod rules;

use aws_lc_rs::signature::ParsedPublicKey;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use rules::{Days, Rules};

use super::{Foreign, Form, Format, Reason, Vouched};
use crate::pass::parse::{strict_base45, without_line_end};
use claims::Claims;
use cose::Message;
use keys::Key;

/// What a text begins with.
const PREFIX: &[u8] = b"HC1:";
/// Longest text: certificates have some 400 to 1200 characters, a QR code holds 4296 at most.
const LONGEST_TEXT: usize = 4000;
/// Most bytes that come out of zlib. 4000 characters are 2664 bytes, of which a certificate makes twice as many.
const MOST_INFLATED: usize = 16 * 1024;

/// The format, with the signers that the owner trusts and the rules of the door.
#[derive(Debug)]
pub struct Dcc {
    keys: Vec<Key>,
    rules: Rules,
}

impl Dcc {
    /// The format, with the owner's list of signers: PEM with certificates (CERTIFICATE) and keys (PUBLIC KEY), one after
    /// another. Gives what is wrong with those that cannot be used beside it: the others go on.
    ///
    /// # Errors
    /// When the list is no PEM, holds something else, or nothing that can be used.
    pub fn new(pem: &[u8], rules: Rules) -> Result<(Self, Vec<String>), String> {
        let (keys, problems) = keys::read(pem)?;
        Ok((Self { keys, rules }, problems))
    }

    /// How many signers are trusted.
    #[must_use]
    pub fn size(&self) -> usize {
        self.keys.len()
    }
}

impl Format for Dcc {
    fn name(&self) -> &'static str {
        "dcc"
    }

    fn knows(&self, scanned: &[u8]) -> bool {
        scanned.starts_with(PREFIX)
    }

    fn read(&self, scanned: &[u8]) -> Result<Form<'_>, Reason> {
        let text = without_line_end(scanned);
        let encoded = text.strip_prefix(PREFIX).ok_or(Reason::Malformed)?;
        if text.len() > LONGEST_TEXT {
            return Err(Reason::Malformed);
        }
        let encoded = std::str::from_utf8(encoded).map_err(|_| Reason::Malformed)?;
        let packed = strict_base45(encoded)?;
        let inflated = decompress_to_vec_zlib_with_limit(&packed, MOST_INFLATED);
        let token = Zeroizing::new(inflated.map_err(|_| Reason::Malformed)?);
        let message = cose::read(&token)?;
        Ok(Form::Foreign(Box::new(Read {
            format: self,
            claims: claims::read(&message.payload)?,
            message,
        })))
    }
}

/// A certificate that was read.
struct Read<'a> {
    format: &'a Dcc,
    claims: Claims,
    message: Message,
}

impl Foreign for Read<'_> {
    fn vouch(&self, now: u64) -> Result<Vouched, Reason> {
        let Self {
            format,
            claims,
            message,
        } = self;
        let mut known = format
            .keys
            .iter()
            .filter(|key| key.kid == message.kid[..])
            .peekable();
        if known.peek().is_none() {
            return Err(Reason::UnknownIssuer);
        }
        let mut allowed = known
            .filter(|key| key.may_sign(message.algorithm, &claims.entry, now))
            .peekable();
        if allowed.peek().is_none() {
            return Err(Reason::KeyNotAllowed);
        }
        let signed = |key: &ParsedPublicKey| key.verify_sig(&message.signed, &message.signature);
        let key = allowed
            .find(|key| signed(&key.public).is_ok())
            .ok_or(Reason::BadSignature)?;
        let window = format.rules.window(&claims.entry);
        Ok(Vouched {
            format: "dcc",
            issuer: key.issuer.clone(),
            key: key.thumbprint,
            content: Sha256::digest(&message.signed).into(),
            from: claims.issued.max(window.from),
            until: Some(
                window
                    .until
                    .map_or(claims.expires, |until| until.min(claims.expires)),
            ),
            first_day: window.first_day,
            last_day: window.last_day,
            opens: window.opens,
            revoked: false,
            once: false,
        })
    }
}

#[cfg(test)]
mod tests;
