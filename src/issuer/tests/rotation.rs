//! One key after another.

use super::*;

const ENTRY: Service = Service::Entry;

impl Shop {
    /// A printed pass that is issued at a moment.
    fn printed(&mut self, at: u64) -> Issued {
        let request = IssueRequest {
            visits: None,
            note: String::new(),
            service: ENTRY,
            subject: Subject::Printed,
            eligibility: Eligibility::Over14,
            exp: midnight_after(at, 30),
            attested: OWN_EYES.into(),
        };
        self.issuer.issue(request, at).unwrap()
    }

    fn pin(&mut self, at: u64) -> (crate::store::TrustSnapshot, crate::trust::Trust) {
        self.issuer.publish(&self.repo(), at).unwrap();
        let root = std::fs::read(self.issuer.root_file()).unwrap();
        repository::pin(&root, &self.repo(), at).unwrap()
    }
}

fn judged(pass: &Issued, trust: &crate::trust::Trust, at: u64) -> Reason {
    let now = Now {
        unix: at,
        clock: Clock::Synced,
    };
    let text = compose::text(&pass.credential);
    judge(text.as_bytes(), trust, &Policy::new(ENTRY), now, None).reason
}

/// As it stands in the header of the credential, `{1: -19, 4: kid, 16: typ}`.
fn kid(pass: &Issued) -> String {
    hex::encode(&pass.credential[8..12])
}

#[test]
fn a_new_key_is_announced_takes_over_and_the_old_one_is_verified_on() {
    let mut shop = Shop::new();
    let [old] = &shop.issuer.keys().unwrap()[..] else {
        panic!()
    };
    let old = old.clone();
    let new = shop.issuer.rotate(None, NOW).unwrap();
    let day = |days: u64| NOW + days * DAY;
    assert_eq!(new.first, age::seoul_day(NOW) + 30);
    let again = shop.issuer.rotate(None, day(3));
    assert!(matches!(again, Err(IssuerError::Rule(_))), "{again:?}");

    // This kiosk hears of it on the first day, and never again.
    let (_, trust) = shop.pin(NOW);
    assert_eq!(trust.keys.len(), 2);
    let before = shop.printed(day(29));
    let after = shop.printed(day(30));
    assert_eq!((kid(&before), kid(&after)), (old.kid(), new.kid()));
    for at in [day(30), day(45)] {
        assert_eq!(judged(&before, &trust, at), Reason::Granted);
        assert_eq!(judged(&after, &trust, at), Reason::Granted);
    }

    // The old key is good for what it signed in its time, to the last day of the longest such pass, and for nothing else.
    let [_, kept] = &shop.issuer.keys().unwrap()[..] else {
        panic!()
    };
    assert_eq!(kept.last, new.first - 1);
    assert!(kept.verify_until >= day(29) + LONGEST_DAYS * DAY);
    assert!(kept.verify_until < day(29) + (LONGEST_DAYS + 3) * DAY);
    let stolen = shop.issuer.keys.find(Use::Pass, &old.public).unwrap();
    let parsed = crate::pass::parse(compose::text(&after.credential).as_bytes()).unwrap();
    let claims = Claims {
        number: "7KQ2M9F".into(),
        exp: parsed.credential.exp,
        nbf: Some(day(31)),
        holder: None,
        status: parsed.credential.status,
        services: Services {
            entry: Some(0),
            ..Services::default()
        },
    };
    let forged = Issued {
        credential: compose::credential(&claims, stolen),
        ..after
    };
    assert_eq!(judged(&forged, &trust, day(32)), Reason::KeyNotAllowed);

    // When every key is too old, the next one begins at once.
    let late = day(30 + 800);
    assert!(matches!(
        shop.issuer.signer(late),
        Err(IssuerError::Rule(_))
    ));
    shop.issuer.publish(&shop.repo(), late).unwrap();
    assert_eq!(
        shop.issuer.rotate(None, late).unwrap().first,
        age::seoul_day(late)
    );
    assert_eq!(shop.printed(late).service, ENTRY);
}

#[test]
fn every_pass_of_a_distrusted_key_dies_and_renewal_gives_one_of_another_key() {
    let mut shop = Shop::new();
    let link = link::LinkRequest {
        visits: None,
        note: String::new(),
        service: ENTRY,
        eligibility: Eligibility::Over14,
        length: link::Length::Days(30),
        valid: 3600,
        attested: OWN_EYES.into(),
    };
    let code = shop.issuer.make_link(link, NOW).unwrap().code;
    let wallet = holder();
    let live = shop
        .issuer
        .enrol(&code, wallet.public(), true, NOW)
        .unwrap();
    let printed = shop.printed(NOW);
    let (snapshot, trust) = shop.pin(NOW);
    let present = |pass: &Issued, trust: &crate::trust::Trust, at: u64| {
        let audience = Audience {
            service: ENTRY,
            venue: None,
        };
        let token = compose::presentation(&pass.credential, &audience, at, None, &wallet);
        let shown = Issued {
            credential: token,
            ..pass.clone()
        };
        judged(&shown, trust, at)
    };
    assert_eq!(judged(&printed, &trust, NOW + 9), Reason::Granted);
    assert_eq!(present(&live, &trust, NOW + 9), Reason::Granted);

    let stolen = kid(&printed);
    assert!(matches!(
        shop.issuer.distrust("00000000", None, NOW),
        Err(IssuerError::UnknownKey(_))
    ));
    let next = shop.issuer.distrust(&stolen, None, NOW + 60).unwrap();
    shop.issuer.publish(&shop.repo(), NOW + 60).unwrap();
    let (_, trust) = repository::update(&snapshot, &shop.repo(), NOW + 60).unwrap();
    assert_eq!(judged(&printed, &trust, NOW + 99), Reason::KeyNotAllowed);
    assert_eq!(present(&live, &trust, NOW + 99), Reason::KeyNotAllowed);
    let renewed = shop.issuer.renew(&live.number, |_| true, NOW + 99).unwrap();
    assert_eq!((kid(&renewed), renewed.exp), (next.kid(), live.exp));
    assert_eq!(present(&renewed, &trust, NOW + 100), Reason::Granted);
    let anew = shop.printed(NOW + 99);
    assert_eq!(judged(&anew, &trust, NOW + 100), Reason::Granted);

    // Twice is as once, also after the folder was opened again.
    let mut again = Issuer::open(&shop.folder.path().join("issuer")).unwrap();
    let same = again.distrust(&stolen, None, NOW + 200).unwrap();
    assert_eq!(same.kid(), next.kid());
}

#[test]
fn a_standby_key_is_known_at_doors_and_comes_back_from_its_stick() {
    let mut shop = Shop::new();
    let stick = shop.folder.path().join("stick");
    let kept = Passphrase::Kept;
    let inside = shop.issuer.folder.clone();
    assert!(shop.issuer.standby(&inside, &kept, NOW).is_err());
    let standby = shop.issuer.standby(&stick, &kept, NOW).unwrap();
    let (_, trust) = shop.pin(NOW);
    let old = kid(&shop.printed(NOW));
    assert_ne!(old, standby.kid(), "it does not sign yet");
    assert!(
        shop.issuer.keys.find(Use::Pass, &standby.public).is_none(),
        "and is not in the issuer's folder"
    );

    // The folder's key is lost: a kiosk that has no news takes the standby key's passes.
    let empty = shop.folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let nothing = shop.issuer.distrust(&old, Some((&empty, &kept)), NOW + 9);
    assert!(matches!(nothing, Err(IssuerError::Rule(_))), "{nothing:?}");
    let next = shop
        .issuer
        .distrust(&old, Some((&stick, &kept)), NOW + 9)
        .unwrap();
    assert_eq!(next.kid(), standby.kid());
    let again = Issuer::open(&shop.folder.path().join("issuer")).unwrap();
    again.signer(NOW + 9).unwrap();
    let pass = shop.printed(NOW + 10);
    assert_eq!(kid(&pass), standby.kid());
    assert_eq!(judged(&pass, &trust, NOW + 11), Reason::Granted);
}

#[test]
fn a_service_that_runs_finds_the_keys_that_the_command_line_makes() {
    let mut shop = Shop::new();
    let folder = shop.folder.path().join("issuer");
    let old = kid(&shop.printed(NOW));
    let mut beside = Issuer::open(&folder).unwrap();
    let next = beside.distrust(&old, None, NOW).unwrap();
    assert_eq!(kid(&shop.printed(NOW + 1)), next.kid());
    let change = root::RootChange {
        new_publish_key: true,
        ..root::RootChange::default()
    };
    beside.change_root(&change, NOW).unwrap();
    assert!(beside.sign_root(&[], &Passphrase::Kept).unwrap().complete);
    let (_, trust) = shop.pin(NOW + 2);
    let pass = shop.printed(NOW + 3);
    assert_eq!(judged(&pass, &trust, NOW + 4), Reason::Granted);
}
