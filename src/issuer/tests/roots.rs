//! One root after another.

use super::*;
use root::RootChange;

fn sticks(shop: &Shop) -> [PathBuf; 3] {
    ["a", "b", "c"].map(|name| shop.folder.path().join(name))
}

const KEPT: Passphrase = Passphrase::Kept;

#[test]
fn an_old_kiosk_follows_from_one_root_to_two_of_three_and_to_another_publishing_key() {
    let mut shop = Shop::new();
    shop.issuer.publish(&shop.repo(), NOW).unwrap();
    let first = std::fs::read(shop.issuer.root_file()).unwrap();
    let (old_kiosk, _) = repository::pin(&first, &shop.repo(), NOW).unwrap();
    let before = shop.folder.path().join("before");
    copy(&shop.repo(), &before);

    // Version 2: the owner's one key hands over to three sticks, two of which must sign; they come one by one.
    let sticks = sticks(&shop);
    let keys = sticks
        .each_ref()
        .map(|stick| shop.issuer.root_key_at(stick, &KEPT).unwrap());
    let change = RootChange {
        threshold: Some(2),
        keys: keys.to_vec(),
        new_publish_key: false,
    };
    let state = shop.issuer.change_root(&change, NOW).unwrap();
    assert_eq!((state.version, state.complete), (2, false));
    let state = shop.issuer.sign_root(&sticks[..1], &KEPT).unwrap();
    assert!(!state.complete, "one of two");
    assert_eq!(state.signed_by.len(), 2, "the old key and one of the new");
    shop.issuer.publish(&shop.repo(), NOW + 1).unwrap();
    assert_eq!(
        version(&shop.repo()),
        1,
        "what lacks signatures is not published"
    );
    let state = shop.issuer.sign_root(&sticks[2..], &KEPT).unwrap();
    assert!(state.complete);
    shop.issuer.publish(&shop.repo(), NOW + 2).unwrap();
    assert_eq!(version(&shop.repo()), 2);

    // Version 3: another key publishes, and the threshold stays.
    let old_publish = shop.issuer.publish_key().unwrap().clone();
    let change = RootChange {
        new_publish_key: true,
        ..RootChange::default()
    };
    shop.issuer.change_root(&change, NOW + 3).unwrap();
    // Until the root says so, the old key publishes.
    shop.issuer.publish(&shop.repo(), NOW + 3).unwrap();
    let state = shop.issuer.sign_root(&sticks[1..], &KEPT).unwrap();
    assert_eq!(
        (state.version, state.threshold, state.complete),
        (3, 2, true)
    );
    shop.issuer.publish(&shop.repo(), NOW + 4).unwrap();
    let new_publish = shop.issuer.publish_key().unwrap().clone();
    assert_ne!(new_publish.to_bytes(), old_publish.to_bytes());
    let folder = shop.folder.path().join("issuer");
    let left = Issuer::open(&folder).unwrap();
    assert_eq!(left.keys.of(Use::Publish).count(), 1, "the old one is gone");

    // A kiosk that slept through all of it follows; one that pins the newest root begins there.
    let (kiosk, _) = repository::update(&old_kiosk, &shop.repo(), NOW + 5).unwrap();
    assert_eq!(repository::versions(&kiosk).root, 3);
    assert_eq!(kiosk.anchor, old_kiosk.anchor);
    let newest = std::fs::read(shop.issuer.root_file()).unwrap();
    let (_, trust) = repository::pin(&newest, &shop.repo(), NOW + 5).unwrap();
    assert_eq!(trust.keys.len(), 1);

    // And does not go back to what the old key published.
    let back = repository::update(&kiosk, &before, NOW + 6);
    assert!(matches!(back, Err(TrustError::Repository(_))), "{back:?}");
    // With the chain broken, it stays where it is.
    std::fs::remove_file(shop.repo().join("metadata/2.root.json")).unwrap();
    let broken = repository::update(&old_kiosk, &shop.repo(), NOW + 6);
    assert!(
        matches!(broken, Err(TrustError::Repository(_))),
        "{broken:?}"
    );
}

fn version(repo: &Path) -> u64 {
    let root = std::fs::read(repo.join("metadata/root.json")).unwrap();
    let root: serde_json::Value = serde_json::from_slice(&root).unwrap();
    root["signed"]["version"].as_u64().unwrap()
}

#[test]
fn a_root_that_the_old_keys_did_not_sign_moves_nobody() {
    let mut shop = Shop::new();
    let sticks = sticks(&shop);
    let keys = sticks
        .each_ref()
        .map(|stick| shop.issuer.root_key_at(stick, &KEPT).unwrap());
    assert_eq!(
        keys[0],
        shop.issuer.root_key_at(&sticks[0], &KEPT).unwrap(),
        "a stick with a key keeps it"
    );
    for (threshold, keys) in [(0, &keys[..]), (4, &keys[..]), (2, &keys[..1])] {
        let change = RootChange {
            threshold: Some(threshold),
            keys: keys.to_vec(),
            new_publish_key: false,
        };
        let refused = shop.issuer.change_root(&change, NOW);
        assert!(matches!(refused, Err(IssuerError::Rule(_))), "{refused:?}");
    }
    assert!(matches!(
        shop.issuer.sign_root(&sticks, &KEPT),
        Err(IssuerError::Rule(_))
    ));

    // A thief of the folder without root.key: three keys of his own are not enough.
    let folder = shop.folder.path().join("issuer");
    std::fs::remove_file(folder.join("root.key")).unwrap();
    let mut thief = Issuer::open(&folder).unwrap();
    let change = RootChange {
        threshold: Some(2),
        keys: keys.to_vec(),
        new_publish_key: true,
    };
    thief.change_root(&change, NOW).unwrap();
    let state = thief.sign_root(&sticks, &KEPT).unwrap();
    assert_eq!((state.signed_by.len(), state.complete), (3, false));
    assert_eq!(thief.root_state().unwrap().0.version, 1);
    thief.publish(&shop.repo(), NOW).unwrap();
    assert_eq!(version(&shop.repo()), 1);
}

#[test]
fn the_root_key_may_be_on_a_stick_from_the_first_day() {
    let folder = tempfile::tempdir().unwrap();
    let (data, stick) = (folder.path().join("issuer"), folder.path().join("stick"));
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        ..IssuerSettings::default()
    };
    let mut issuer = Issuer::create_with(&data, settings, &KEPT, Some(&stick), NOW).unwrap();
    assert!(!data.join("root.key").exists() && stick.join("root.key").exists());
    // It works every day without that stick.
    let repo = folder.path().join("repo");
    issuer.publish(&repo, NOW).unwrap();
    let root = std::fs::read(issuer.root_file()).unwrap();
    repository::pin(&root, &repo, NOW).unwrap();
    // The stick opens with the same passphrase, and is good for the next root.
    let change = RootChange {
        new_publish_key: true,
        ..RootChange::default()
    };
    issuer.change_root(&change, NOW).unwrap();
    assert!(issuer.sign_root(&[stick], &KEPT).unwrap().complete);
}
