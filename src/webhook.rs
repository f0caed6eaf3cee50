//! Webhooks by the Standard Webhooks specification (standardwebhooks.com, 1.0.0): the id stays the same however often it
//! is sent, the signature is HMAC-SHA256 over `id.timestamp.body`.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::http;

/// How long the whole of a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read, so that the connection can be used again.
const MOST_ANSWER: u64 = 16 << 10;
/// Seconds that the clocks of both sides may differ, by the specification's recommendation.
const TOLERANCE: u64 = 300;
/// Length of a secret in bytes, by the specification.
const SECRET: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret that kiosk and till share.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Reads `whsec_` and Base64.
    ///
    /// # Errors
    /// What is wrong with it, without a word of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = text
            .trim()
            .strip_prefix("whsec_")
            .and_then(|encoded| BASE64.decode(encoded).ok())
            .map(Zeroizing::new)
            .filter(|bytes| SECRET.contains(&bytes.len()));
        bytes
            .map(Self)
            .ok_or_else(|| "is no secret: whsec_ and Base64 of 24 to 64 bytes".into())
    }

    /// Reads a file of it.
    ///
    /// # Errors
    /// What is wrong with it, with the file's name.
    pub fn read(path: &std::path::Path) -> Result<Self, String> {
        let name = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        Self::parse(&Zeroizing::new(text)).map_err(|problem| format!("{name} {problem}"))
    }

    /// The header `webhook-signature`.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: u64, body: &str) -> String {
        // An HMAC takes a key of any length.
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).map(|mut mac| {
            mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
            BASE64.encode(mac.finalize().into_bytes())
        });
        format!("v1,{}", mac.unwrap_or_default())
    }

    /// Whether one of the signatures of a header is this secret's. Messages older or newer than five minutes are not taken.
    #[must_use]
    pub fn signed(&self, signatures: &str, id: &str, timestamp: u64, body: &str, now: u64) -> bool {
        let recent = timestamp.abs_diff(now) <= TOLERANCE;
        let given = signatures
            .split(' ')
            .filter_map(|one| one.strip_prefix("v1,"));
        let mut given = given.filter_map(|one| BASE64.decode(one).ok());
        recent
            && given.any(|code| {
                Hmac::<Sha256>::new_from_slice(&self.0).is_ok_and(|mut mac| {
                    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
                    mac.verify_slice(&code).is_ok()
                })
            })
    }
}

/// Sends a message; the answer's status and its first bytes.
///
/// # Errors
/// What became of the connection.
pub fn post(
    agent: &ureq::Agent,
    url: &str,
    secret: &Secret,
    id: &str,
    now: u64,
    body: &str,
) -> Result<(u16, Vec<u8>), String> {
    let mut answer = agent
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", secret.sign(id, now, body))
        .send(body)
        .map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    // Read, also where nobody needs it: so that the connection can be used again.
    let read = answer
        .body_mut()
        .with_config()
        .limit(MOST_ANSWER)
        .read_to_vec();
    Ok((status, read.unwrap_or_default()))
}

/// What sends messages: no redirects, an end to every wait.
#[must_use]
pub fn agent() -> ureq::Agent {
    http::agent(PATIENCE, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_specifications() {
        // The example of the specification's own libraries.
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let known = |signatures: &str, body, now| {
            secret.signed(
                signatures,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                body,
                now,
            )
        };
        let body = r#"{"test": 2432232314}"#;
        assert!(known(
            &format!("v1,AAAA {signature}"),
            body,
            1_614_265_330 + 300
        ));
        assert!(
            !known(&signature, body, 1_614_265_330 + 301),
            "an old message"
        );
        assert!(!known(&signature, r#"{"test": 1}"#, 1_614_265_330));
        assert!(!known("v1,AAAA", body, 1_614_265_330) && !known("", body, 1_614_265_330));
    }

    #[test]
    fn what_is_no_secret_is_not_taken() {
        for text in [
            "",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
        ] {
            let problem = Secret::parse(text).err().unwrap();
            assert!(problem.starts_with("is no secret"), "{problem}");
        }
    }
}
