//! Keys in their files.

use std::fs;

use super::*;

/// A passphrase that somebody typed.
fn typed(text: &str) -> Passphrase {
    Passphrase::Typed(text.into())
}

fn settings() -> IssuerSettings {
    IssuerSettings {
        name_en: Some("Hanbit".into()),
        entries: 4096,
        ..IssuerSettings::default()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_copy_of_the_folder_opens_nothing_without_the_passphrase_beside_it() {
    let shop = Shop::new();
    let folder = shop.folder.path().join("issuer");
    let seeds = [Use::Pass, Use::Publish, Use::Root].map(|what| {
        let key = shop.issuer.keys.of(what).next().unwrap();
        (key.to_bytes(), hex::encode(key.to_bytes()))
    });
    let beside = lock::beside(&folder);
    assert_eq!(beside, shop.folder.path().join("issuer.passphrase"));
    assert_eq!(mode(&beside), 0o600);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for (seed, digits) in &seeds {
            let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            assert!(!has(seed) && !has(digits.as_bytes()), "{path:?}");
        }
    }

    let copied = shop.folder.path().join("copied");
    copy(&folder, &copied);
    assert!(matches!(
        Issuer::open(&copied),
        Err(IssuerError::Locked(there)) if there == copied
    ));
    assert!(matches!(
        Issuer::open_with(&copied, &typed("not this one at all")),
        Err(IssuerError::Passphrase(_))
    ));
    // Without keys it still shows and revokes.
    assert!(Issuer::open_records(&copied).is_ok());
    let text = fs::read_to_string(&beside).unwrap();
    let opened = Issuer::open_with(&copied, &typed(text.trim())).unwrap();
    assert!(!opened.has_plain_keys());
    let file = Passphrase::File(beside.clone());
    drop(Issuer::open_with(&copied, &file).unwrap());

    fs::set_permissions(&beside, fs::Permissions::from_mode(0o640)).unwrap();
    for refused in [Issuer::open_with(&copied, &file), Issuer::open(&folder)] {
        assert!(matches!(refused, Err(IssuerError::Exposed(there)) if there == beside));
    }
}

#[test]
fn a_new_passphrase_opens_and_the_old_one_does_not() {
    let shop = Shop::new();
    let folder = shop.folder.path().join("issuer");
    let beside = lock::beside(&folder);
    let old = fs::read_to_string(&beside).unwrap();
    let short = Issuer::change_passphrase(&folder, &Passphrase::Kept, &typed("short"));
    assert!(matches!(short, Err(IssuerError::Rule(_))));
    let new = typed("umbrella seven quiet");
    Issuer::change_passphrase(&folder, &Passphrase::Kept, &new).unwrap();
    assert!(!beside.exists(), "what opens nothing does not lie about");
    assert!(matches!(
        Issuer::open_with(&folder, &typed(old.trim())),
        Err(IssuerError::Passphrase(_))
    ));
    let mut issuer = Issuer::open_with(&folder, &new).unwrap();

    // A stick keeps the passphrase with which it was made, until it is given another.
    let stick = shop.folder.path().join("stick");
    let public = issuer.root_key_at(&stick, &new).unwrap();
    let newer = typed("nine green umbrellas");
    Issuer::change_passphrase(&stick, &new, &newer).unwrap();
    assert!(matches!(
        issuer.root_key_at(&stick, &new),
        Err(IssuerError::Passphrase(there)) if there == stick
    ));
    assert_eq!(issuer.root_key_at(&stick, &newer).unwrap(), public);
    let change = root::RootChange {
        keys: vec![public],
        ..root::RootChange::default()
    };
    issuer.change_root(&change, NOW).unwrap();
    assert!(issuer.sign_root(&[stick], &newer).unwrap().complete);
}

#[test]
fn a_passphrase_file_is_made_where_it_is_named_and_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (
        folder.path().join("issuer"),
        folder.path().join("elsewhere"),
    );
    let passphrase = Passphrase::File(file.clone());
    drop(Issuer::create_with(&data, settings(), &passphrase, None, NOW).unwrap());
    assert_eq!(mode(&file), 0o600);
    assert!(!lock::beside(&data).exists());
    assert!(matches!(Issuer::open(&data), Err(IssuerError::Locked(_))));
    drop(Issuer::open_with(&data, &passphrase).unwrap());
    fs::remove_file(&file).unwrap();
    assert!(matches!(
        Issuer::open_with(&data, &passphrase),
        Err(IssuerError::File { .. })
    ));
}

#[test]
fn an_issuer_of_an_older_program_is_read_and_can_be_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("issuer");
    fs::create_dir(&data).unwrap();
    let keys = [1, 2, 3].map(|seed| SigningKey::from_bytes(&[seed; 32]));
    for (name, key) in ["pass.key", "publish.key", "root.key"].iter().zip(&keys) {
        fs::write(data.join(name), hex::encode(key.to_bytes()) + "\n").unwrap();
    }
    root::make(&data, &keys[2], &keys[1], NOW).unwrap();
    fs::remove_dir_all(data.join("roots")).unwrap();
    store::tests::older(&data, "i:abcde", 4096, age::seoul_day(NOW) - 9);

    let mut issuer = Issuer::open(&data).unwrap();
    assert!(issuer.has_plain_keys());
    let repository = folder.path().join("repo");
    issuer.publish(&repository, NOW).unwrap();
    let root = fs::read(data.join("root.json")).unwrap();
    let (snapshot, trust) = repository::pin(&root, &repository, NOW).unwrap();
    let [key] = &trust.keys[..] else {
        panic!("{:?}", trust.keys)
    };
    assert_eq!(key.public_key, keys[0].verifying_key());
    assert_eq!(key.first_issue_day, age::seoul_day(NOW) - 9);
    assert_eq!(
        trust.lists["i:abcde"].get(17),
        crate::trust::Status::Revoked
    );
    assert_eq!(trust.lists["i:abcde"].get(18), crate::trust::Status::Valid);

    assert_eq!(Issuer::encrypt_keys(&data, &Passphrase::Kept).unwrap(), 3);
    assert_eq!(Issuer::encrypt_keys(&data, &Passphrase::Kept).unwrap(), 0);
    for name in ["pass.key", "publish.key", "root.key"] {
        let bytes = fs::read(data.join(name)).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"), "{name}");
        assert_eq!(mode(&data.join(name)), 0o600);
    }
    let mut issuer = Issuer::open(&data).unwrap();
    assert!(!issuer.has_plain_keys());
    issuer.publish(&repository, NOW + 9).unwrap();
    repository::update(&snapshot, &repository, NOW + 9).unwrap();
}
