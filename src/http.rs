//! The HTTP client that everything here asks with.

use std::{sync::Arc, time::Duration};

use ureq::tls::{RootCerts, TlsConfig};

/// A client with this machine's certificates, no redirects and no proxy. A request takes `whole` at most, and neither side
/// may be silent for longer than `idle`.
#[must_use]
pub fn agent(whole: Duration, idle: Option<Duration>) -> ureq::Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    // The machine's own certificates: an owner's till may have one that the owner made.
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(whole))
        .timeout_resolve(idle)
        .timeout_connect(idle)
        .timeout_recv_response(idle)
        .timeout_per_read(idle)
        .timeout_per_write(idle)
        .http_status_as_error(false)
        // A redirect could lead out of this machine in the clear.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("munjigi/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build();
    agent.into()
}
