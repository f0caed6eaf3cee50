//! What a kiosk asks of a phone whose clock, or its own, is wrong: sign this nonce.
//!
//! ```text
//! challenge = "MJQ1:" base45({3: aud, 39: bstr .size 8})
//! ```

use ciborium::Value;

use super::{
    Audience, Reason,
    cbor::{self, Fields, Tag},
    parse::strict_base45,
};

/// What a text must begin with.
pub const PREFIX: &str = "MJQ1:";
/// Longest text, prefix included: 22 bytes with a venue of 6 characters.
const LONGEST: usize = PREFIX.len() + 33;

/// A challenge: the wallet answers with a presentation for this audience that carries this `cnonce`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The door that asks.
    pub audience: Audience,
    /// What it has never asked before.
    pub nonce: [u8; 8],
}

impl Challenge {
    /// The text for the QR: deterministic CBOR (RFC 8949 section 4.2.1) in Base45 (RFC 9285).
    #[must_use]
    pub fn text(&self) -> String {
        let members = vec![
            (Value::from(3), Value::from(self.audience.to_string())),
            (Value::from(39), Value::Bytes(self.nonce.to_vec())),
        ];
        let encoded = base45::encode(cbor::encode(&Value::Map(members)));
        format!("{PREFIX}{encoded}")
    }

    /// Reads a text as scanned.
    ///
    /// # Errors
    /// [`Reason::NotAPass`] when it is no challenge at all, [`Reason::Malformed`] when it is a broken one.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let encoded = text.strip_prefix(PREFIX).ok_or(Reason::NotAPass)?;
        if text.len() > LONGEST {
            return Err(Reason::Malformed);
        }
        let bytes = strict_base45(encoded)?;
        let mut members = Fields::new(cbor::decode(&bytes, Tag::Nowhere)?)?;
        let audience = cbor::text(members.need(3)?)?;
        let challenge = Self {
            audience: audience.parse().map_err(|_| Reason::Malformed)?,
            nonce: cbor::sized(members.need(39)?)?,
        };
        members.close()?;
        Ok(challenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(hex: &str) -> String {
        format!("{PREFIX}{}", base45::encode(hex::decode(hex).unwrap()))
    }

    #[test]
    fn what_is_made_is_read() {
        for (audience, hex) in [
            ("E", "a203614518274801020304050607f8"),
            ("A", "a203614118274801020304050607f8"),
            ("S:SH0P1", "a20367533a53483050311827480102030405 0607f8"),
            ("E:ABCDEF", "a20368453a4142434445461827480102030405 0607f8"),
        ] {
            let challenge = Challenge {
                audience: audience.parse().unwrap(),
                nonce: [1, 2, 3, 4, 5, 6, 7, 0xF8],
            };
            let text = challenge.text();
            assert_eq!(text, of(&hex.replace(' ', "")), "{audience}");
            assert!(text.len() <= LONGEST, "{audience}");
            assert_eq!(Challenge::parse(&text), Ok(challenge));
        }
    }

    #[test]
    fn what_nobody_makes_is_not_read() {
        let good = of("a203614518274801020304050607f8");
        let lower = good.to_lowercase();
        for (text, reason) in [
            ("", Reason::NotAPass),
            ("MJ1:ABC", Reason::NotAPass),
            ("https://example.org/menu", Reason::NotAPass),
            (&lower, Reason::NotAPass),
            (&format!(" {good}"), Reason::NotAPass),
            (PREFIX, Reason::Malformed),
            (&format!("{good}\n"), Reason::Malformed),
            (&good[..good.len() - 1], Reason::Malformed),
            ("MJQ1:::", Reason::Malformed),
            ("MJQ1:V5", Reason::Malformed),
            ("MJQ1:가나다", Reason::Malformed),
            (
                &format!("{PREFIX}{}", "0".repeat(100_000)),
                Reason::Malformed,
            ),
        ] {
            assert_eq!(Challenge::parse(text), Err(reason), "{text:.60}");
        }
        for (hex, why) in [
            ("a2036145182747010203040506 07", "7 bytes"),
            ("a203614518274901020304050607f8f9", "9 bytes"),
            ("a2036145182768 6162636465666768", "a text for the nonce"),
            ("a103 6145", "no nonce"),
            ("a118274801020304050607f8", "no audience"),
            ("a303614506001827 4801020304050607f8", "one member too many"),
            ("a21827480102030405 0607f8036145", "out of order"),
            ("a20361581827480102030405 0607f8", "no such service"),
            ("a203624545182748010203040506 07f8", "two services"),
            (
                "a2036345 3a61182748010203040506 07f8",
                "a venue in lower case",
            ),
            ("a203614518274801020304050607f800", "a byte behind it"),
            ("bf03614518274801020304050607f8ff", "of no definite length"),
            ("a2036145190027 4801020304050607f8", "a longer integer"),
            ("d2a203614518274801020304050607f8", "a tag"),
            ("80", "no map"),
        ] {
            let text = of(&hex.replace(' ', ""));
            assert_eq!(Challenge::parse(&text), Err(Reason::Malformed), "{why}");
        }
    }
}
