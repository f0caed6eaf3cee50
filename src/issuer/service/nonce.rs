//! Nonces that need no memory: a time and a code over it by a key of this run. They make proofs fresh without the phone's clock.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Seconds for which a nonce is good.
const GOOD: u64 = 120;

/// Makes and knows nonces.
pub(super) struct Nonces(Zeroizing<[u8; 32]>);

impl Nonces {
    /// With a new key; `None` when the system gives no random numbers.
    pub(super) fn new() -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut()).ok()?;
        Some(Self(key))
    }

    /// A nonce of this second.
    pub(super) fn make(&self, now: u64) -> String {
        let mut bytes = now.to_be_bytes().to_vec();
        bytes.extend(&self.code(now).finalize().into_bytes()[..16]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether a nonce was made here and is good still.
    pub(super) fn good(&self, nonce: &str, now: u64) -> bool {
        let bytes = URL_SAFE_NO_PAD.decode(nonce).unwrap_or_default();
        let Some((time, code)) = bytes.split_first_chunk::<8>() else {
            return false;
        };
        let made = u64::from_be_bytes(*time);
        code.len() == 16
            && made <= now
            && now - made < GOOD
            && self.code(made).verify_truncated_left(code).is_ok()
    }

    fn code(&self, time: u64) -> Hmac<Sha256> {
        #[allow(clippy::expect_used)] // HMAC takes keys of any length
        let mut code = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_slice()).expect("a key");
        code.update(b"munjigi nonce");
        code.update(&time.to_be_bytes());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_for_a_while_and_only_where_it_was_made() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.make(1000);
        assert!(nonces.good(&nonce, 1000) && nonces.good(&nonce, 1119));
        assert!(!nonces.good(&nonce, 1120) && !nonces.good(&nonce, 999));
        assert!(!Nonces::new().unwrap().good(&nonce, 1000));
        let mut other = nonce.clone().into_bytes();
        other[12] ^= 1;
        for wrong in ["", "A", &nonce[..20], &String::from_utf8(other).unwrap()] {
            assert!(!nonces.good(wrong, 1000), "{wrong}");
        }
    }
}
