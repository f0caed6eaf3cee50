//! The table `[till]`: who is told of the entries of a store.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::{Host, Url};

use crate::{pass::Service, store::Way};

/// The owner's till. Nothing is told where neither `url` nor `socket` is set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Till {
    /// Where signed webhooks go: `https://...`, on this machine `http://...` too.
    pub url: String,
    /// File with the webhooks' secret, `whsec_...`; relative to the configuration.
    pub secret: PathBuf,
    /// The Unix socket on which programs of this machine listen.
    pub socket: PathBuf,
    /// Name of this kiosk in what is told; empty is none.
    pub kiosk: String,
}

impl Till {
    /// The ways that are set.
    #[must_use]
    pub fn ways(&self) -> Vec<Way> {
        let url = (!self.url.is_empty()).then_some(Way::Url);
        let socket = (!self.socket.as_os_str().is_empty()).then_some(Way::Socket);
        url.into_iter().chain(socket).collect()
    }

    /// The same with paths relative to the configuration's folder.
    pub(super) fn within(&mut self, folder: &Path) {
        for path in [&mut self.secret, &mut self.socket] {
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
    }

    /// What must hold: key, whether it does, what is allowed.
    pub(super) fn checks(&self, service: Service) -> [(&'static str, bool, &'static str); 4] {
        let store = service == Service::Store;
        [
            (
                "url",
                self.url.is_empty() || is_allowed(&self.url),
                "https://..., or http:// with localhost, 127.0.0.1 or [::1]",
            ),
            (
                "url",
                self.url.is_empty() || store,
                "only with door.service = \"store\"",
            ),
            (
                "socket",
                self.socket.as_os_str().is_empty() || store,
                "only with door.service = \"store\"",
            ),
            (
                "secret",
                self.url.is_empty() || !self.secret.as_os_str().is_empty(),
                "a file with whsec_..., where there is a url",
            ),
        ]
    }
}

/// Payment references go over no foreign network in the clear.
fn is_allowed(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_go_in_the_clear_on_this_machine_only() {
        for (url, allowed) in [
            ("https://till.example/entries", true),
            ("http://localhost:8080/", true),
            ("http://127.0.0.1:8080/a?b=c", true),
            ("http://[::1]/", true),
            ("http://till.example/", false),
            ("http://192.168.0.2/", false),
            ("http://localhost.example/", false),
            ("ftp://localhost/", false),
            ("till.example", false),
        ] {
            assert_eq!(is_allowed(url), allowed, "{url}");
        }
    }
}
