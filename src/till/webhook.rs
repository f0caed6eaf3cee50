//! Webhooks by the Standard Webhooks specification (standardwebhooks.com, 1.0.0): the id stays the same however often it
//! is sent, the signature is HMAC-SHA256 over `id.timestamp.body`.

use std::{path::PathBuf, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use ureq::tls::{RootCerts, TlsConfig};
use zeroize::Zeroizing;

use super::{Carrier, notice::Notice};
use crate::{clock, config, store::Waiting};

/// How long the whole of a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read, so that the connection can be used again.
const MOST_ANSWER: u64 = 16 << 10;
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
    fn sign(&self, id: &str, timestamp: u64, body: &str) -> String {
        // An HMAC takes a key of any length.
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).map(|mut mac| {
            mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
            BASE64.encode(mac.finalize().into_bytes())
        });
        format!("v1,{}", mac.unwrap_or_default())
    }
}

pub(super) struct Webhook {
    agent: ureq::Agent,
    url: String,
    secret: PathBuf,
    kiosk: String,
}

impl Webhook {
    pub(super) fn new(till: &config::Till) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        // The machine's own certificates: an owner's till may have one that the owner made.
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // A redirect could lead out of this machine in the clear.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("munjigi/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Self {
            agent: agent.into(),
            url: till.url.clone(),
            secret: till.secret.clone(),
            kiosk: till.kiosk.clone(),
        }
    }
}

impl Carrier for Webhook {
    fn deliver(&mut self, entry: &Waiting) -> Result<(), String> {
        // Read each time: a wrong secret is mended without a restart.
        let secret = Secret::read(&self.secret)?;
        let notice = Notice::of(entry, &self.kiosk);
        let body = serde_json::to_string(&notice).map_err(|error| error.to_string())?;
        let timestamp = clock::unix_ms() / 1000;
        let mut answer = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("webhook-id", &entry.id)
            .header("webhook-timestamp", timestamp.to_string())
            .header(
                "webhook-signature",
                secret.sign(&entry.id, timestamp, &body),
            )
            .send(body.as_str())
            .map_err(|error| error.to_string())?;
        let status = answer.status();
        let _ = answer
            .body_mut()
            .with_config()
            .limit(MOST_ANSWER)
            .read_to_vec();
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("it answered {status}"))
        }
    }
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
