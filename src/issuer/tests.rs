use std::os::unix::fs::PermissionsExt;

use ed25519_dalek::SigningKey;
use jiff::civil::date;

use super::*;
use crate::{
    gate::{Clock, Now, Policy, judge},
    pass::{Audience, Reason, compose::HolderSigner},
    trust::{TrustError, repository},
};

mod guests;

const NOW: u64 = 1_795_449_600;

struct Shop {
    folder: tempfile::TempDir,
    issuer: Issuer,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = IssuerSettings {
            name_en: Some("Hanbit".into()),
            entries: 4096,
            ..IssuerSettings::default()
        };
        let issuer = Issuer::create(&folder.path().join("issuer"), settings, NOW).unwrap();
        Self { folder, issuer }
    }

    fn issue(
        &mut self,
        service: Service,
        subject: Subject,
        eligibility: Eligibility,
        days: i64,
    ) -> Result<Issued, IssuerError> {
        self.issuer.issue(
            IssueRequest {
                service,
                subject,
                eligibility,
                exp: midnight_after(NOW, days),
                visits: None,
                note: String::new(),
                attested: crate::issuer::OWN_EYES.into(),
            },
            NOW,
        )
    }

    fn repo(&self) -> PathBuf {
        self.folder.path().join("repo")
    }
}

fn holder() -> HolderSigner {
    HolderSigner::Ed25519(SigningKey::from_bytes(&[7; 32]))
}

#[test]
fn what_is_issued_published_and_pinned_opens_a_door() {
    let mut shop = Shop::new();
    let key = holder();
    let live = shop
        .issue(
            Service::Adult,
            Subject::Holder(key.public()),
            Eligibility::Born(date(2000, 3, 1)),
            30,
        )
        .unwrap();
    let printed = shop
        .issue(Service::Entry, Subject::Printed, Eligibility::Over14, 30)
        .unwrap();
    let suspended = shop
        .issue(Service::Entry, Subject::Printed, Eligibility::Over14, 30)
        .unwrap();
    let revoked = shop
        .issue(Service::Entry, Subject::Printed, Eligibility::Over14, 30)
        .unwrap();
    shop.issuer.suspend(&suspended.number, true, NOW).unwrap();
    shop.issuer
        .revoke(&revoked.number.to_lowercase(), NOW)
        .unwrap();
    shop.issuer.publish(&shop.repo(), NOW).unwrap();
    let root = std::fs::read(shop.issuer.root_file()).unwrap();
    let (snapshot, trust) = repository::pin(&root, &shop.repo(), NOW).unwrap();

    let now = Now {
        unix: NOW + 100,
        clock: Clock::Synced,
    };
    let audience = Audience {
        service: Service::Adult,
        venue: None,
    };
    let token = compose::presentation(&live.credential, &audience, NOW + 98, None, &key);
    assert!(token.len() <= 309);
    let text = compose::text(&token);
    let judgement = judge(
        text.as_bytes(),
        &trust,
        &Policy::new(Service::Adult),
        now,
        None,
    );
    assert_eq!(
        (judgement.reason, judgement.issuer.as_deref()),
        (Reason::Granted, Some("shop"))
    );
    let entry = Policy::new(Service::Entry);
    for (pass, reason) in [
        (&printed, Reason::Granted),
        (&suspended, Reason::Suspended),
        (&revoked, Reason::Revoked),
    ] {
        let judgement = judge(
            compose::text(&pass.credential).as_bytes(),
            &trust,
            &entry,
            now,
            None,
        );
        assert_eq!(judgement.reason, reason, "{}", pass.number);
    }

    // Opened again: the versions go on, also when this machine's clock went back.
    let mut again = Issuer::open(&shop.folder.path().join("issuer")).unwrap();
    again.suspend(&suspended.number, false, NOW).unwrap();
    again.publish(&shop.repo(), NOW - 1000).unwrap();
    let (_, trust) = repository::update(&snapshot, &shop.repo(), NOW).unwrap();
    let judgement = judge(
        compose::text(&suspended.credential).as_bytes(),
        &trust,
        &entry,
        now,
        None,
    );
    assert_eq!(judgement.reason, Reason::Granted);
}

#[test]
fn an_older_repository_is_refused_and_a_strange_one_too() {
    let mut shop = Shop::new();
    shop.issuer.publish(&shop.repo(), NOW).unwrap();
    let old = shop.folder.path().join("old");
    copy(&shop.repo(), &old);
    shop.issuer.publish(&shop.repo(), NOW + 10).unwrap();
    let root = std::fs::read(shop.issuer.root_file()).unwrap();
    let (snapshot, _) = repository::pin(&root, &shop.repo(), NOW + 10).unwrap();
    let back = repository::update(&snapshot, &old, NOW + 20);
    assert!(matches!(back, Err(TrustError::Repository(_))), "{back:?}");

    let mut other = Shop::new();
    other.issuer.publish(&other.repo(), NOW).unwrap();
    assert!(matches!(
        repository::update(&snapshot, &other.repo(), NOW),
        Err(TrustError::Repository(_))
    ));
    assert!(matches!(
        repository::pin(&root, &other.repo(), NOW),
        Err(TrustError::Repository(_))
    ));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target)
        } else {
            std::fs::copy(&path, &target).map(|_| ()).unwrap()
        }
    }
}

#[test]
fn requests_that_break_a_rule_are_refused() {
    let mut shop = Shop::new();
    use Eligibility::{Adult, Born, From, Over14, Reference};
    let today = age::seoul_day(NOW);
    for (service, eligibility, days, said) in [
        (Service::Adult, Over14, 30, "14 or older is not adult"),
        (Service::Store, Adult, 30, "needs a payment reference"),
        (
            Service::Entry,
            Reference([1; 8]),
            30,
            "only the store service",
        ),
        (Service::Adult, Born(date(2010, 1, 1)), 30, "not old enough"),
        (
            Service::Entry,
            From(today + 40),
            30,
            "ends before it may be used",
        ),
        (Service::Entry, Over14, 400, "within 366 days"),
        (Service::Entry, Over14, -2, "ends after now"),
    ] {
        let error = shop
            .issue(service, Subject::Printed, eligibility, days)
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
    let request = IssueRequest {
        service: Service::Entry,
        subject: Subject::Printed,
        eligibility: Over14,
        exp: NOW + 5000,
        visits: None,
        note: String::new(),
        attested: crate::issuer::OWN_EYES.into(),
    };
    assert!(
        shop.issuer
            .issue(request, NOW)
            .unwrap_err()
            .to_string()
            .contains("midnight")
    );
    assert!(matches!(
        shop.issuer.revoke("0000000", NOW),
        Err(IssuerError::NoPass(_))
    ));
    let pass = shop
        .issue(Service::Entry, Subject::Printed, Over14, 1)
        .unwrap();
    shop.issuer.revoke(&pass.number, NOW).unwrap();
    assert!(
        shop.issuer
            .suspend(&pass.number, false, NOW)
            .unwrap_err()
            .to_string()
            .contains("for good")
    );
}

#[test]
fn keys_are_for_their_owner_alone_and_nobody_is_made_twice() {
    let shop = Shop::new();
    let folder = shop.folder.path().join("issuer");
    for name in ["pass.key", "publish.key", "root.key"] {
        let mode = std::fs::metadata(folder.join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let settings = IssuerSettings {
        name_en: Some("Again".into()),
        ..IssuerSettings::default()
    };
    assert!(matches!(
        Issuer::create(&folder, settings.clone(), NOW),
        Err(IssuerError::There(_))
    ));
    assert!(matches!(
        Issuer::open(&shop.folder.path().join("no")),
        Err(IssuerError::Missing(_))
    ));
    for wrong in [
        IssuerSettings {
            id: "Has Space".into(),
            ..settings.clone()
        },
        IssuerSettings {
            entries: 7,
            ..settings.clone()
        },
        IssuerSettings {
            bits: 3,
            ..settings.clone()
        },
        IssuerSettings {
            name_en: None,
            ..settings
        },
    ] {
        let made = Issuer::create(&shop.folder.path().join("wrong"), wrong, NOW);
        assert!(matches!(made, Err(IssuerError::Rule(_))));
    }
}

mod leaving;
mod locked;
mod roots;
mod rotation;
mod shards;
