//! A shop to measure in: an issuer, holders, a data folder that trusts it.

use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use ed25519_dalek::SigningKey;
use munjigi::{
    issuer::{Eligibility, IssueRequest, Issuer, IssuerSettings, Subject, midnight_after},
    pass::{Service, compose::HolderSigner},
    store::Store,
    trust::{Trust, repository},
};

pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

pub struct Shop {
    pub folder: tempfile::TempDir,
    issuer: Issuer,
}

impl Shop {
    pub fn new() -> Self {
        // Beside the program, on the disk: /tmp may be memory.
        let folder = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
        let settings = IssuerSettings {
            name_en: Some("Bench".into()),
            ..IssuerSettings::default()
        };
        let issuer =
            Issuer::create(&folder.path().join("issuer"), settings, now() - 86_400).unwrap();
        Self { folder, issuer }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn issue(&mut self, seed: [u8; 32]) -> (HolderSigner, Vec<u8>) {
        let key = HolderSigner::Ed25519(SigningKey::from_bytes(&seed));
        let request = IssueRequest {
            service: Service::Entry,
            subject: Subject::Holder(key.public()),
            eligibility: Eligibility::Over14,
            exp: midnight_after(now(), 30),
            visits: None,
            note: String::new(),
            attested: munjigi::issuer::OWN_EYES.into(),
        };
        let issued = self.issuer.issue(request, now() - 3600).unwrap();
        (key, issued.credential)
    }

    pub fn trust(&mut self) -> (Store, Trust) {
        let repo = self.folder.path().join("repo");
        self.issuer.publish(&repo, now()).unwrap();
        let root = std::fs::read(self.issuer.root_file()).unwrap();
        let (snapshot, trust) = repository::pin(&root, &repo, now()).unwrap();
        let store = Store::open(&self.data()).unwrap();
        store.save_trust(&snapshot, None).unwrap();
        (store, trust)
    }
}
