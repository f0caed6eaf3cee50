//! A holder's key as text: what `munjigi wallet` keeps in a file, and what it gives to an issuer.
//!
//! Private: `ed25519:` or `p256:` and 64 hexadecimal digits (the seed, or the scalar). Public: `ed25519:` and 64 digits (the
//! raw key), or `p256:` and 66 digits (the compressed point, SEC 1 section 2.3.3). A file with nothing but 64 digits is an
//! Ed25519 seed.

use ed25519_dalek::SigningKey;

use crate::pass::{HolderKey, compose::HolderSigner};

/// Reads a private key.
///
/// # Errors
/// What is allowed, in words.
pub fn parse_key(text: &str) -> Result<HolderSigner, String> {
    let text = text.trim();
    let (kind, digits) = text.split_once(':').unwrap_or(("ed25519", text));
    let mut bytes = [0; 32];
    let sound = hex::decode_to_slice(digits, &mut bytes).is_ok();
    match kind {
        "ed25519" if sound => Ok(HolderSigner::Ed25519(SigningKey::from_bytes(&bytes))),
        "p256" if sound => p256::ecdsa::SigningKey::from_slice(&bytes)
            .map(HolderSigner::P256)
            .map_err(|_| "is no key: the number is out of the range of P-256".into()),
        // Never the text itself: it may be most of a key.
        _ => Err("is no key: ed25519: or p256: and 64 hexadecimal digits".into()),
    }
}

/// Writes a private key, a line.
#[must_use]
pub fn key_text(key: &HolderSigner) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(match key {
        HolderSigner::Ed25519(key) => format!("ed25519:{}\n", hex::encode(key.to_bytes())),
        HolderSigner::P256(key) => format!("p256:{}\n", hex::encode(key.to_bytes())),
    })
}

/// Reads a public key.
///
/// # Errors
/// What is allowed, in words.
pub fn parse_holder(text: &str) -> Result<HolderKey, String> {
    let allowed = || {
        format!("'{text}' is no holder's key: ed25519: and 64, or p256: and 66 hexadecimal digits")
    };
    let (kind, digits) = text.trim().split_once(':').ok_or_else(allowed)?;
    let bytes = hex::decode(digits).map_err(|_| allowed())?;
    match (kind, bytes.split_first()) {
        ("ed25519", _) => {
            let bytes: [u8; 32] = bytes.try_into().map_err(|_| allowed())?;
            let weak =
                ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_or(true, |key| key.is_weak());
            if weak {
                Err(format!(
                    "'{text}' is no point of the curve, or one of small order"
                ))
            } else {
                Ok(HolderKey::Ed25519(bytes))
            }
        }
        ("p256", Some((sign @ (2 | 3), x))) => {
            let _ = p256::ecdsa::VerifyingKey::from_sec1_bytes(&bytes)
                .map_err(|_| format!("'{text}' is no point of the curve"))?;
            Ok(HolderKey::P256(
                x.try_into().map_err(|_| allowed())?,
                *sign == 3,
            ))
        }
        _ => Err(allowed()),
    }
}

/// Writes a public key.
#[must_use]
pub fn holder_text(key: &HolderKey) -> String {
    match key {
        HolderKey::Ed25519(x) => format!("ed25519:{}", hex::encode(x)),
        HolderKey::P256(x, odd) => {
            format!("p256:{}{}", if *odd { "03" } else { "02" }, hex::encode(x))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_were() {
        for text in [
            format!("ed25519:{}", "07".repeat(32)),
            format!("p256:{}", "09".repeat(32)),
        ] {
            let key = parse_key(&text).unwrap();
            assert_eq!(key_text(&key).trim(), text);
            let public = holder_text(&key.public());
            assert_eq!(parse_holder(&public), Ok(key.public()));
        }
        assert!(parse_key(&format!("{}\n", "07".repeat(32))).is_ok());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "ed25519:07",
            &format!("rsa:{}", "07".repeat(32)),
            &format!("p256:{}", "ff".repeat(32)),
        ] {
            let problem = parse_key(text).err().unwrap();
            assert!(problem.starts_with("is no key"), "{problem}");
        }
        let small_order = format!("ed25519:01{}", "00".repeat(31));
        for text in [
            "",
            "ed25519:07",
            &small_order,
            &format!("p256:02{}", "ff".repeat(32)),
            &format!("p256:04{}", "07".repeat(32)),
        ] {
            assert!(parse_holder(text).is_err(), "{text}");
        }
    }
}
