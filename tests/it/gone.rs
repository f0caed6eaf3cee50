//! The issuer is gone: its folder, its server and its repository are deleted. Doors go on for as long as the owner's grace
//! says, and then say why not.

use std::{path::Path, time::Duration};

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use munjigi::{
    issuer::{
        Eligibility, IssueRequest, Issued, Issuer, IssuerSettings, OWN_EYES, Subject,
        midnight_after,
    },
    pass::{Audience, Service, compose},
    store::Store,
    trust::repository,
};
use serde_json::{Value, json};

use crate::{
    command::munjigi_in,
    relay::Relay,
    shop::{DAY, Kiosk, now},
};

const DAYS: u64 = 120;

struct Left {
    folder: tempfile::TempDir,
    at: u64,
    printed: Issued,
    live: [Issued; 3],
    phone: compose::HolderSigner,
}

const SEED: [u8; 32] = [9; 32];

/// Passes of 120 days, and a kiosk that took the trust before everything was deleted.
fn left() -> Left {
    let folder = tempfile::tempdir().unwrap();
    let (at, home, repo) = (
        now(),
        folder.path().join("issuer"),
        folder.path().join("repo"),
    );
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        entries: 4096,
        ..IssuerSettings::default()
    };
    let mut issuer = Issuer::create(&home, settings, at).unwrap();
    let phone = compose::HolderSigner::Ed25519(SigningKey::from_bytes(&SEED));
    let mut issue = |service, eligibility, subject| {
        let request = IssueRequest {
            visits: None,
            note: String::new(),
            service,
            subject,
            eligibility,
            exp: midnight_after(at, DAYS as i64),
            attested: OWN_EYES.into(),
        };
        issuer.issue(request, at).unwrap()
    };
    let holder = || Subject::Holder(phone.public());
    let printed = issue(Service::Entry, Eligibility::Over14, Subject::Printed);
    let live = [
        issue(Service::Entry, Eligibility::Over14, holder()),
        issue(Service::Adult, Eligibility::Adult, holder()),
        issue(Service::Store, Eligibility::Reference([7; 8]), holder()),
    ];
    issuer.publish(&repo, at).unwrap();
    let root = std::fs::read(issuer.root_file()).unwrap();
    let (snapshot, _) = repository::pin(&root, &repo, at).unwrap();
    let store = Store::open_shared(&folder.path().join("data")).unwrap();
    store.save_trust(&snapshot, None).unwrap();
    drop((issuer, store));
    std::fs::remove_dir_all(home).unwrap();
    std::fs::remove_dir_all(repo).unwrap();
    Left {
        folder,
        at,
        printed,
        live,
        phone,
    }
}

impl Left {
    /// What is said of a text at a door at a moment.
    fn said(&self, service: Service, text: &str, at: u64) -> String {
        let moment = Timestamp::from_second(at as i64).unwrap().to_string();
        let arguments = [
            "check",
            "--json",
            "--data",
            "data",
            "--service",
            service.name(),
            "--at",
            &moment,
        ];
        let output = munjigi_in(self.folder.path(), &arguments, text);
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        said["reason"].as_str().unwrap().into()
    }

    fn live_at(&self, service: Service, at: u64) -> String {
        let pass = self
            .live
            .iter()
            .find(|pass| pass.service == service)
            .unwrap();
        let audience = Audience {
            service,
            venue: None,
        };
        let token = compose::presentation(&pass.credential, &audience, at, None, &self.phone);
        self.said(service, &compose::text(&token), at)
    }
}

#[test]
fn passes_of_a_dead_issuer_open_for_as_long_as_the_grace_says_and_then_say_why_not() {
    let left = left();
    let end = midnight_after(left.at, DAYS as i64);
    let printed = compose::text(&left.printed.credential);
    let entry = Service::Entry;
    assert!(end - left.at >= DAYS * DAY);
    for at in [
        left.at + 60,
        left.at + 8 * DAY,
        left.at + 60 * DAY,
        left.at + DAYS * DAY,
        end - 1,
    ] {
        assert_eq!(left.live_at(entry, at), "granted", "{at}");
        assert_eq!(left.said(entry, &printed, at), "granted", "{at}");
    }
    assert_eq!(left.live_at(entry, end), "expired");
    assert_eq!(left.said(entry, &printed, end), "expired");
    // The grace counts from the list's last word.
    for (service, grace) in [(Service::Adult, 7 * DAY), (Service::Store, 3 * DAY)] {
        assert_eq!(left.live_at(service, left.at + grace), "granted");
        for at in [left.at + grace + 1, left.at + 60 * DAY, end - 1] {
            assert_eq!(left.live_at(service, at), "status_unknown", "{at}");
        }
        // After its own end, the pass itself is the reason.
        assert_eq!(left.live_at(service, end), "expired");
    }
}

/// A kiosk on a machine whose clock is so many days ahead, and a phone beside it.
fn kiosk(left: &Left, service: &str, pass: &Issued, days: u64, wanted: &str) {
    let folder = left.folder.path();
    let key = folder.join("phone.key");
    let credential = folder.join("phone.cwt");
    std::fs::write(&key, hex::encode(SEED)).unwrap();
    std::fs::write(&credential, &pass.credential).unwrap();
    let aud = service[..1].to_uppercase();
    let acts = [
        json!({"show": "nothing", "seconds": 1.0}),
        json!({"show": "live", "wallet_key": key, "credential": credential, "aud": aud, "seconds": 20.0, "grade": "easy"}),
    ];
    let script = json!({"acts": acts, "fps": 10, "seed": 7, "loop": false});
    std::fs::write(folder.join("script.json"), script.to_string()).unwrap();
    let relay = Relay::new(|_| {});
    let config = format!(
        "data = \"data\"\n[camera]\nsource = \"phone\"\npath = \"script.json\"\n\
         [door]\nservice = \"{service}\"\ndriver = \"serial-lcus\"\nport = \"{}\"\nunlock_seconds = 1\n",
        relay.port.display()
    );
    std::fs::write(folder.join("kiosk.toml"), config).unwrap();
    // What the command faketime does, but without a process of its own between this one and the kiosk.
    let ahead = format!("FAKETIME=+{days}d");
    let moved = [
        "env",
        "LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1",
        &ahead,
    ];
    let kiosk = Kiosk::start_by(&moved, &folder.join("kiosk.toml"));
    let events = kiosk.until(Duration::from_secs(180), |event| event["event"] == "entry");
    assert_eq!(
        events.last().unwrap()["reason"],
        wanted,
        "{service} after {days} days"
    );
    assert_eq!(kiosk.stop(), 0);
}

#[test]
fn a_kiosk_a_hundred_days_later_opens_for_entry_and_not_for_adults() {
    let left = left();
    assert!(!Path::new(&left.folder.path().join("repo")).exists());
    let [entry, adult, _] = &left.live;
    kiosk(&left, "adult", adult, 5, "granted");
    kiosk(&left, "adult", adult, 100, "status_unknown");
    kiosk(&left, "entry", entry, 100, "granted");
}
