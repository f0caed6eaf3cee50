//! Guests and couriers: windows, visits, notes.

use super::*;
use crate::issuer::link::{Length, LinkRequest};

fn request(length: Length, visits: Option<u8>) -> LinkRequest {
    LinkRequest {
        service: Service::Entry,
        eligibility: Eligibility::Over14,
        length,
        visits,
        note: String::new(),
        valid: DAY,
        attested: OWN_EYES.into(),
    }
}

fn keys() -> [HolderSigner; 2] {
    let p256 = p256::ecdsa::SigningKey::from_bytes(&[7; 32].into()).unwrap();
    [holder(), HolderSigner::P256(p256)]
}

#[test]
fn whatever_a_guest_gets_fits_his_phone() {
    let mut shop = Shop::new();
    let later = Length::Window(NOW + 3600, NOW + 7200);
    let begun = Length::Window(NOW - 60, NOW + 7200);
    let reference = Eligibility::Reference([9; 8]);
    let cases = [
        (Service::Entry, Eligibility::Over14, later, true),
        (Service::Entry, Eligibility::Over14, begun, false),
        (Service::Adult, Eligibility::Adult, later, true),
        (Service::Store, reference.clone(), begun, false),
        (Service::Store, reference, Length::Days(30), false),
    ];
    for (service, eligibility, length, nbf) in cases {
        for key in keys() {
            let link = LinkRequest {
                service,
                eligibility: eligibility.clone(),
                ..request(length, Some(23))
            };
            let code = shop.issuer.make_link(link, NOW).unwrap().code;
            assert_eq!(shop.issuer.offer(&code, NOW).unwrap().visits, Some(23));
            let issued = shop
                .issuer
                .enrol(&code, key.public(), true, NOW)
                .unwrap_or_else(|error| panic!("{service} {length:?}: {error}"));
            let audience = format!("{}:GATE12", service.letter()).parse().unwrap();
            let live =
                compose::presentation(&issued.credential, &audience, NOW, Some([9; 8]), &key);
            assert!(
                live.len() <= 309,
                "{service} {length:?}: {} bytes",
                live.len()
            );
            let parsed = crate::pass::parse(&live).unwrap().credential;
            assert_eq!(parsed.services.visits, Some(23));
            assert_eq!(parsed.nbf.is_some(), nbf, "{service} {length:?}");
            // The answer may be lost, but the pass never gets longer.
            let again = shop.issuer.enrol(&code, key.public(), true, NOW + 60);
            assert_eq!(again.unwrap().credential, issued.credential);
            assert_eq!(shop.issuer.renew_after(&issued.number).unwrap(), None);
            let renewed = shop
                .issuer
                .renew(&issued.number, |_| true, NOW + 20 * super::DAY);
            assert!(matches!(renewed, Err(IssuerError::Ended(_))), "{renewed:?}");
        }
    }
}

#[test]
fn what_cannot_be_is_said_before_the_link_is_sent() {
    let mut shop = Shop::new();
    let later = Length::Window(NOW + 3600, NOW + 7200);
    let store = LinkRequest {
        service: Service::Store,
        eligibility: Eligibility::Reference([9; 8]),
        ..request(later, None)
    };
    let long = LinkRequest {
        note: "ㄱ".repeat(41),
        ..request(Length::Days(1), None)
    };
    let lines = LinkRequest {
        note: "a\nb".into(),
        ..request(Length::Days(1), None)
    };
    for (link, said) in [
        (store, "a store pass begins now"),
        (request(Length::Days(1), Some(0)), "1 to 255 visits"),
        (request(Length::Days(1), Some(24)), "1 to 23 visits"),
        (long, "40 letters"),
        (lines, "one line"),
    ] {
        let error = shop.issuer.make_link(link, NOW).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_pass_that_does_not_fit_leaves_its_link_as_it_was() {
    let mut shop = Shop::new();
    // An issuer of an earlier version, whose lists have longer names.
    shop.issuer
        .store
        .batch("UPDATE list SET uri = 'i:abcde'")
        .unwrap();
    let later = Length::Window(NOW + 3600, NOW + 7200);
    let link = shop.issuer.make_link(request(later, Some(1)), NOW).unwrap();
    let [ed25519, p256] = keys();
    let refused = shop.issuer.enrol(&link.code, p256.public(), true, NOW);
    assert!(matches!(refused, Err(IssuerError::TooLarge)), "{refused:?}");
    assert!(shop.issuer.passes("", 9).unwrap().is_empty());
    let given = shop.issuer.enrol(&link.code, ed25519.public(), true, NOW);
    assert!(given.is_ok(), "{given:?}");
}

#[test]
fn a_note_finds_its_pass_and_is_erased_with_it() {
    let mut shop = Shop::new();
    let mut make = |note: &str| {
        let link = LinkRequest {
            note: note.into(),
            ..request(Length::Days(30), None)
        };
        let code = shop.issuer.make_link(link, NOW).unwrap().code;
        let open = shop.issuer.open_links(9, NOW).unwrap();
        assert_eq!(open[0].note, note.trim());
        shop.issuer
            .enrol(&code, holder().public(), true, NOW)
            .unwrap()
            .number
    };
    let (blue, red) = (make(" 파란 모자, Tuesdays "), make("red bag"));
    let found = |shop: &Shop, search: &str| -> Vec<String> {
        let passes = shop.issuer.passes(search, 9).unwrap();
        passes.into_iter().map(|pass| pass.number).collect()
    };
    for search in [
        "파란",
        "tuesday",
        " 모자, t",
        &blue,
        &blue[..5].to_lowercase(),
    ] {
        assert_eq!(found(&shop, search).join(" "), blue, "{search}");
    }
    assert_eq!(found(&shop, "").len(), 2);
    assert!(found(&shop, "초록").is_empty() && found(&shop, "%").is_empty());
    shop.issuer.set_note(&red, "파란 가방").unwrap();
    assert_eq!(found(&shop, "파란").len(), 2);
    assert!(shop.issuer.set_note(&red, &"x".repeat(41)).is_err());
    assert!(matches!(
        shop.issuer.set_note("0000000", "x"),
        Err(IssuerError::NoPass(_))
    ));

    // A year after its end it is there, a day later it is not.
    let end = shop.issuer.passes(&red, 1).unwrap()[0].exp;
    for (at, left) in [(end + 366 * super::DAY, 2), (end + 367 * super::DAY, 0)] {
        shop.issuer.publish(&shop.repo(), at).unwrap();
        assert_eq!(found(&shop, "").len(), left);
    }
    shop.issuer
        .store
        .batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let bytes = std::fs::read(shop.folder.path().join("issuer/issuer.db")).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    // The link, which is forgotten when the next one is made, says no more than which pass it gave.
    assert!(!holds("파란 가방"));
}

#[test]
fn a_database_of_an_earlier_version_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        ..IssuerSettings::default()
    };
    let path = folder.path().join("issuer");
    drop(Issuer::create(&path, settings, NOW).unwrap());
    let db = rusqlite::Connection::open(path.join("issuer.db")).unwrap();
    db.execute_batch(
        "DROP INDEX pass_note;
         ALTER TABLE pass DROP COLUMN visits; ALTER TABLE pass DROP COLUMN note;
         ALTER TABLE link DROP COLUMN visits; ALTER TABLE link DROP COLUMN note;
         PRAGMA user_version = 3;",
    )
    .unwrap();
    drop(db);
    for _ in 0..2 {
        let mut issuer = Issuer::open(&path).unwrap();
        issuer
            .make_link(request(Length::Days(1), Some(1)), NOW)
            .unwrap();
    }
}
