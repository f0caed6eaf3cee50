//! The till's URL: a webhook ([`crate::webhook`]) for each entry.

use std::path::PathBuf;

use super::{Carrier, notice::Notice};
use crate::{
    clock, config,
    store::Waiting,
    webhook::{self, Secret},
};

pub(super) struct Webhook {
    agent: ureq::Agent,
    url: String,
    secret: PathBuf,
    kiosk: String,
}

impl Webhook {
    pub(super) fn new(till: &config::Till) -> Self {
        Self {
            agent: webhook::agent(),
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
        let now = clock::unix_ms() / 1000;
        let (status, _) = webhook::post(&self.agent, &self.url, &secret, &entry.id, now, &body)?;
        if (200..300).contains(&status) {
            Ok(())
        } else {
            Err(format!("it answered {status}"))
        }
    }
}
